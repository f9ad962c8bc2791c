"""The export for auditors: what can be seen tells no truth, and the truth fits what can be seen."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from counterscore.bundle import audit
from counterscore.catalog import load_regime
from counterscore.city import COLUMNS
from counterscore.errors import UsageError
from counterscore.results import Run
from counterscore.simulation import simulate
from tests import worlds


@pytest.fixture(scope="module")
def exported(saved: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("audits") / "one"
    rows = audit(saved, out, replay=1)
    assert rows["records"] == rows["records_truth"] > 100
    return out


def table(out: Path, folder: str, name: str) -> pa.Table:
    return pq.read_table(out / folder / f"{name}.parquet")


def test_what_is_seen_tells_no_truth(exported: Path) -> None:
    hidden = {column.name for column in COLUMNS if not column.observable}
    words = {"truth", "wrong", "untrue", "did not happen", "someone else's", "misjudged"}
    for file in (exported / "seen").glob("*.parquet"):
        found = pq.read_table(file)
        assert not hidden & set(found.column_names), file
        for column in found.columns:
            if pa.types.is_string(column.type):
                assert not words & set(column.to_pylist()), file
        for field in pq.read_schema(file):
            assert field.metadata[b"unit"], (file, field)
            assert field.metadata[b"meaning"], (file, field)
    assert (exported / "seen" / "rule-books" / "test-town" / "test.yaml").is_file()
    assert "do not open it" in (exported / "seen" / "README.txt").read_text()


def test_records_fit_the_outcomes_of_the_run(exported: Path, saved: Run) -> None:
    records, truth = table(exported, "seen", "records"), table(exported, "hidden", "records_truth")
    outcomes = table(exported, "hidden", "outcomes")
    assert records["record_id"].to_pylist() == truth["record_id"].to_pylist()
    who = {int(one): n for n, one in enumerate(outcomes["resident"].to_numpy())}
    made = np.zeros(len(who), int)
    untrue = np.zeros(len(who), int)
    for resident, true in zip(records["resident"].to_pylist(), truth["truth"].to_pylist(), strict=True):
        made[who[resident]] += 1
        untrue[who[resident]] += true in {"did not happen", "someone else's"}
    assert (made == outcomes["records"].to_numpy()).all()
    assert (untrue == outcomes["untrue_records"].to_numpy()).all()
    kept = saved.table("outcomes", "test-town", 1)
    for name in kept.column_names:
        values, there = kept[name].to_numpy(), outcomes[name].is_valid().to_numpy()
        assert (values[~there] == 65_535).all()
        assert (outcomes[name].drop_null().to_numpy() == values[there]).all()


def test_listings_scores_doors_and_attempts_fit(exported: Path) -> None:
    outcomes = table(exported, "hidden", "outcomes").to_pydict()
    at = {who: n for n, who in enumerate(outcomes["resident"])}
    listings = table(exported, "seen", "listings").to_pylist()
    assert {one["exit"] for one in listings} >= {"expired", "performed", "still going on"}
    first: dict[int, int] = {}
    for one in listings:
        assert one["left"] is None or one["entered"] <= one["left"]
        assert (one["left"] is None) == (one["exit"] == "still going on")
        assert one["kind"] == "listing"
        first[one["resident"]] = min(first.get(one["resident"], 65535), one["entered"])
    assert {n for n, month in enumerate(outcomes["first_listed"]) if month is not None} == {at[who] for who in first}
    assert all(outcomes["first_listed"][at[who]] == month for who, month in first.items())
    last: dict[int, float] = {}
    for one in table(exported, "seen", "scores").to_pylist():
        last[one["resident"]] = one["score"]
    assert all(outcomes["score"][at[who]] == round(score * 60) for who, score in last.items())
    refused = [0] * len(at)
    for one in table(exported, "seen", "attempts").to_pylist():
        refused[at[one["resident"]]] += one["outcome"] == "refused by a door"
    assert refused == outcomes["refused"]
    assert set(table(exported, "seen", "doors")["in_force"].to_pylist()) == {0, 1}
    rights = table(exported, "seen", "rights").to_pylist()
    assert {one["what"] for one in rights} >= {"notice", "appeal", "decision"}
    assert {one["outcome"] for one in rights if one["what"] == "decision"} == {"won", "lost"}


def test_acts_hold_what_nobody_recorded(exported: Path) -> None:
    acts = table(exported, "hidden", "acts").to_pydict()
    assert {"recorded", "not seen", "no rule covers it", "recorded in someone else's name"} <= set(acts["fate"])
    outcomes = table(exported, "hidden", "outcomes").to_pydict()
    at = {who: n for n, who in enumerate(outcomes["resident"])}
    done = [0] * len(at)
    for who, act, context, really in zip(acts["resident"], acts["act"], acts["context"], acts["done"], strict=True):
        done[at[who]] += act == "volunteering" and bool(really)
        assert context
    assert sum(done) > 0
    assert table(exported, "hidden", "other_world").num_rows == len(at)
    assert table(exported, "hidden", "latent").column_names[0] == "resident"


def test_a_folder_with_something_in_it_is_left_alone(exported: Path, saved: Run, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not an empty folder"):
        audit(saved, exported)
    with pytest.raises(UsageError, match="no finished replicate 7"):
        audit(saved, tmp_path / "x", replay=7)
    assert not (tmp_path / "x").exists()


def test_nothing_needs_a_code_to_be_read(exported: Path, saved: Run) -> None:
    people = table(exported, "seen", "residents")
    assert set(people["sex"].to_pylist()) == {"male", "female"}
    assert set(people["district"].to_pylist()) <= set(saved.record["city"]["districts"])
    for folder in ("seen", "hidden"):
        with (exported / folder / "columns.csv").open(newline="") as file:
            told = {(row["table"], row["column"]): row for row in csv.DictReader(file)}
        for path in (exported / folder).glob("*.parquet"):
            for field in pq.read_schema(path):
                row = told.pop((path.stem, field.name))
                assert row["meaning"], field.name
                if row["unit"] == "month":
                    assert 65_535 not in pq.read_table(path, columns=[field.name])[field.name].to_pylist(), field.name
        assert not told
    assert "undefined, neither 0 nor 1" in (exported / "seen" / "README.txt").read_text()


def test_honours_are_no_sanctions(tmp_path: Path) -> None:
    regime = load_regime("nanjing-card")
    run = simulate(regime, worlds.city(900, seed=2), months=14, replays=1, seed=2, out=tmp_path / "r")
    audit(run, tmp_path / "a")
    listings = table(tmp_path / "a", "seen", "listings").to_pylist()
    assert listings
    assert {one["kind"] for one in listings} == {"honour"}
