"""G4 and G5: a subdistrict lived again gives the same history, and every change names its rule."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from counterscore.catalog import load_regime
from counterscore.engine import layout
from counterscore.errors import RunError, UsageError
from counterscore.reliving import relive
from counterscore.results import Run
from counterscore.simulation import again, simulate
from tests import folders, worlds


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A city of several subdistricts, with reforms, so that figures and stacks matter."""
    return simulate(
        load_regime("beijing-points", with_=["appeals-60d"]),
        worlds.city(70_000, seed=6),
        months=26,
        replays=2,
        seed=6,
        base=load_regime("none"),
        assumptions=worlds.busy(),
        out=tmp_path_factory.mktemp("runs") / "large",
    )


@pytest.mark.parametrize(("world", "replay", "k"), [(0, 0, 0), (0, 1, 3), (1, 1, 15)])
def test_a_subdistrict_alone_gives_the_same_bits(run: Run, world: int, replay: int, k: int) -> None:
    history = relive(run, k, world=run.worlds[world], replay=replay)
    table = run.table("outcomes", run.worlds[world], replay)
    numbers = run.residents(["resident"])["resident"].to_numpy()
    mine = numbers // layout.SUBDISTRICT == k
    assert mine.sum() == len(history.columns["score"])
    others = (
        run.table("private", run.worlds[world], replay) if "private" in run.tables(run.worlds[world], replay) else {}
    )
    for name, column in history.columns.items():
        kept = table if name in table.column_names else others
        assert (kept[name].to_numpy()[mine] == column).all(), name


def test_every_change_names_rule_value_file_line_and_truth(run: Run) -> None:
    history = relive(run, 2)
    records = history.events[history.events[:, 2] == layout.EVENT_RECORD]
    residents = np.unique(records[:, 1])[:60]
    seen = set()
    for position in residents:
        number = 2 * layout.SUBDISTRICT + int(position)
        score = [round(int(start) / layout.SCALE, 1) for start in history.plan.scheme_start]  # as it is told
        for event in history.of(number):
            seen.add(event.what)
            if event.what in {"record", "enter", "leave", "score", "doors"}:
                assert event.rule, event
                first = event.at.split(",")[0].rsplit(":", 2)
                file, line = first[0], int(first[1])
                assert file.endswith(".yaml"), event
                assert line > 0
            if event.what in {"record", "notice", "decision"}:
                assert event.truth, event
            if event.what == "score" and not history.plan.scheme_asks[event.scheme]:  # others begin on joining
                named, _, numbers = event.detail.rpartition(": ")
                assert named.startswith("score of "), event
                before, after = (float(part) for part in numbers.split(" to "))
                assert before == score[event.scheme]
                score[event.scheme] = after
    assert {"act", "record", "score", "doors", "attempt"} <= seen


def test_generations_at_one_place(run: Run) -> None:
    """Deaths and successors are in the history, the same as in the table of residents, and in every world."""
    people = run.residents(["resident", "generation", "since", "until"]).to_pydict()
    lives = {
        (number, generation): (since, until)
        for number, generation, since, until in zip(*people.values(), strict=True)
        if number // layout.SUBDISTRICT == 2
    }
    followed = {number for number, generation in lives if generation > 0}
    assert len(followed) > 20
    told = []
    for world in run.worlds:
        history = relive(run, 2, world=world)
        told.append(
            [(e.month, e.resident, e.generation) for n in sorted(followed) for e in history.of(n) if e.what == "died"]
        )
        first = min(followed)
        later = [event for event in history.of(first) if event.generation == 1]
        assert later[0].what in {"born", "moved in"}
        assert all(event.month >= lives[first, 1][0] for event in later)
        assert all(event.month <= lives[first, 0][1] for event in history.of(first) if event.generation == 0)
    assert told[0] == told[1]
    assert all(lives[number, generation][1] == month for month, number, generation in told[0])


def test_lines_point_at_the_rule(run: Run) -> None:
    history = relive(run, 0)
    record = history.events[history.events[:, 2] == layout.EVENT_RECORD][0]
    event = next(e for e in history.of(int(record[1])) if e.what == "record")
    file, line, _ = event.at.rsplit(":", 2)
    text = next(t for p in run.record["worlds"][0]["parts"] for f, t in p["files"].items() if f == file)
    assert event.rule in text.splitlines()[int(line) - 1]


def test_again_from_the_record_alone(run: Run, tmp_path: Path) -> None:
    assert again(run, tmp_path / "again").digest() == run.digest()


def test_what_cannot_be_relived_says_so(run: Run, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="subdistricts 0 to"):
        relive(run, 999)
    with pytest.raises(UsageError, match="no finished replicate 7"):
        relive(run, 0, replay=7)
    other = folders.recorded_otherwise(run, tmp_path / "run", lambda record: record["city"].update(sha256="0" * 64))
    with pytest.raises(RunError, match="its file has changed"):
        again(other, tmp_path / "out")
