"""What Python users see: short reprs, examples that run, words instead of codes, errors in their own terms."""

from __future__ import annotations

import doctest
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import counterscore as cs
from counterscore import measures
from counterscore.catalog import load_assumptions, load_city_spec, regime_ids
from counterscore.errors import RunError, UsageError
from counterscore.groups import audit
from counterscore.paired import compare
from counterscore.results import Run
from tests import worlds

LINES, LETTERS = 10, 1500
EXAMPLES = ("", ".wording", ".amounts", ".results.views", ".lifefile.subject", ".measures._measure")


@pytest.fixture(scope="module")
def small_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return cs.simulate(
        worlds.town(),
        cs.synthesize("beijing", residents=300, seed=4),
        months="1y",
        replays=3,
        seed=4,
        base=cs.load_regime("none"),
        assumptions=worlds.busy(),
        out=tmp_path_factory.mktemp("runs") / "small",
    )


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_of_docstrings_are_true(name: str, request: pytest.FixtureRequest, small_run: Run) -> None:
    module = import_module(f"counterscore{name}")
    found = doctest.testmod(module, extraglobs={"getfixture": request.getfixturevalue})
    assert found.attempted > 0
    assert found.failed == 0


def test_everything_one_can_hold_says_itself_in_under_ten_lines(small_run: Run) -> None:
    life = small_run.life(pick="median", of="everybody")
    held: list[Any] = [
        small_run,
        small_run.measure("listed_ever")[0],
        small_run.compare("misconduct"),
        *small_run.headlines(),
        small_run.chart("doors"),
        life,
        life.worlds[0],
        life.worlds[0].history,
        cs.synthesize("demo", residents=200),
        load_assumptions(),
        audit(small_run, "sex"),
        audit(small_run, "occupation"),
        *(cs.load_regime(name) for name in regime_ids()),
    ]
    for one in held:
        text = repr(one)
        assert len(text.splitlines()) < LINES, text
        assert len(text) < LETTERS, f"{type(one).__name__}: {len(text)}"


def test_a_run_shows_its_results(small_run: Run) -> None:
    text = repr(small_run)
    assert "3 replicates" in text
    assert small_run.headlines()[0].found.text in text


def test_a_rule_book_offers_its_own_names_only() -> None:
    names = dir(cs.load_regime("suining-2010"))
    assert {"catalogue", "lists", "doors", "numbers", "stacked"} <= set(names)
    assert not [name for name in names if name.startswith(("model_", "parse_", "construct"))]


def test_a_frame_has_a_row_for_each_resident_and_replicate_in_words(small_run: Run) -> None:
    frame = small_run.frame().to_pandas()
    assert set(frame["world"]) == {"test-town", "none"}
    assert len(frame) == 2 * 3 * int((small_run.residents(["adult"])["adult"].to_numpy() == 1).sum())
    assert set(frame["sex"]) <= {"male", "female"}
    assert set(frame["registration"]) <= {"local", "non-local"}
    assert set(frame["grade"].dropna()) <= {"A", "B", "C", "D"}
    assert frame["grade"][frame["world"] == "none"].isna().all()
    assert frame["score"].max() <= 1300
    assert frame["first_record"].isna().any()
    assert not (frame["first_record"] == 65535).any()
    table = small_run.table("outcomes", "test-town", 1)
    adult = small_run.residents(["adult"])["adult"].to_numpy() == 1
    mine = frame[(frame["world"] == "test-town") & (frame["replicate"] == 1)]
    assert (mine["records"].to_numpy() == table["records"].to_numpy()[adult]).all()
    listed = 100 * (mine["first_listed"].notna()).mean()
    values = [
        100 * frame[(frame.world == "test-town") & (frame.replicate == k)]["first_listed"].notna().mean()
        for k in range(3)
    ]
    assert small_run.measure("listed_ever")[0].value == pytest.approx(sum(values) / 3)
    assert listed == pytest.approx(values[1])


def test_a_frame_of_some_columns_worlds_and_replicates(small_run: Run) -> None:
    frame = small_run.frame(["age", "score"], worlds=["test-town"], replays=[2])
    assert frame.column_names == ["world", "replicate", "resident", "generation", "age", "score"]
    assert set(frame["replicate"].to_pylist()) == {2}
    assert frame.schema.field("score").metadata[b"unit"] == b"points"
    with pytest.raises(UsageError, match="no column") as told:
        small_run.frame(["agee"])
    assert "Did you mean age?" in told.value.suggestion
    with pytest.raises(UsageError, match="no world"):
        small_run.frame(worlds=["elsewhere"])


def test_months_and_xarray(small_run: Run) -> None:
    months = small_run.months()
    assert len(months) == 2 * 3 * 12
    pytest.importorskip("xarray")
    data = small_run.to_xarray()
    assert dict(data.sizes) == {"world": 2, "replicate": 3, "month": 12}


def test_without_xarray_the_way_on_is_told(small_run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "xarray", None)
    with pytest.raises(UsageError, match="needs the xarray package") as told:
        small_run.to_xarray()
    assert "counterscore[xarray]" in told.value.suggestion


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"months": "3 weeks"}, "length of time"),
        ({"months": 0}, "months must be 1 to 1200"),
        ({"replays": 0}, "replays must be a whole number"),
        ({"regime": "beijing-points"}, "regime must be a Regime"),
        ({"city": "demo"}, "city must be a City"),
    ],
)
def test_errors_are_in_the_callers_words(tmp_path: Path, wrong: dict[str, Any], said: str) -> None:
    asked: dict[str, Any] = {"regime": worlds.town(), "city": worlds.city(100), "months": 2, "replays": 1, **wrong}
    with pytest.raises(UsageError, match=said) as told:
        cs.simulate(asked.pop("regime"), asked.pop("city"), out=tmp_path / "out", **asked)
    assert "--" not in str(told.value)


def test_errors_of_the_catalogue_quote_no_options() -> None:
    with pytest.raises(UsageError) as told:
        cs.synthesize("demo", residents=3 * 10**9)
    assert "--" not in str(told.value)
    with pytest.raises(UsageError) as told:
        load_assumptions().with_set("nonsense")
    assert "--" not in str(told.value)


def test_the_version_and_names_at_the_top() -> None:
    assert cs.__version__ == __import__("counterscore.provenance", fromlist=["own_version"]).own_version()
    for name in cs.__all__:
        assert getattr(cs, name).__doc__, name
    assert load_city_spec("demo")["id"] == "demo"


def test_a_run_of_another_version_says_which_column_it_lacks(small_run: Run) -> None:
    with pytest.raises(RunError, match="has no column nothing: the run was made by"):
        small_run.table("outcomes", "test-town", 0, ["nothing"])


def test_what_a_run_of_another_version_lacks_leaves_the_other_numbers(
    small_run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def holds(run: Run, path: str, names: Any, columns: Any) -> None:
        if "refused" in (columns or ()):
            raise run.lacks("outcomes.parquet", "refused")

    run = Run(small_run.path)
    monkeypatch.setattr(Run, "_holds", holds)
    measures.evaluate(run, measures.all_measures())
    refusals, recorded = (measures.measure(run, name, world="test-town")[0] for name in ("refusals", "recorded"))
    assert refusals.value is None
    assert "cannot be said: outcomes.parquet has no column refused" in refusals.note
    assert recorded.value is not None
    assert "has no column refused" in compare(run, "refusals", world="test-town").note


def test_a_group_of_a_measure_that_the_run_lacks_is_told_with_the_reason(
    small_run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By group too: what is lacking is said in each group, and other measures are told; a lacking attribute ends it."""

    def holds(run: Run, path: str, names: Any, columns: Any) -> None:
        for lacking in ("refused", "minority"):
            if lacking in (columns or ()):
                raise run.lacks(f"{path.rpartition('/')[2]}", lacking)

    monkeypatch.setattr(Run, "_holds", holds)
    for nation in (False, True):  # of a nation measures are worked out in parts
        monkeypatch.setattr(measures, "_is_large", lambda run, of=nation: of)
        run = Run(small_run.path)
        refusals, recorded = (
            measures.measure(run, name, world="test-town", by="sex") for name in ("refusals", "recorded")
        )
        assert {one.group for one in refusals} == {one.group for one in recorded}
        for one in refusals:
            assert one.value is None
            assert one.note == f"cannot be said: {run.lacks('outcomes.parquet', 'refused').message}"
        assert all(one.value is not None for one in recorded)
        with pytest.raises(RunError, match="has no column minority"):
            measures.measure(run, "recorded", world="test-town", by="minority")
