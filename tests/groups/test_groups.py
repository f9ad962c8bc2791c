"""Groups compared on a run written by hand, where every share can be counted on paper."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from counterscore.errors import UsageError
from counterscore.groups import DEFINITIONS, Audit, Row, audit
from counterscore.results import Run, RunWriter
from counterscore.results.tables import OUTCOMES, RESIDENTS
from counterscore.statistics import newcombe, wilson

REPLAYS = 12
LOCAL, OTHER = 300, 200
ADULTS = LOCAL + OTHER
Change = Callable[[dict[str, np.ndarray], int], None]


def _run(out: Path, change: Change, replays: int = REPLAYS) -> Run:
    """300 local and 200 other adults; 20 of the first have the lowest schooling. ``change`` says what befalls them."""
    people = {f.name: np.zeros(ADULTS, f.type.to_pandas_dtype()) for f in RESIDENTS}
    people["resident"] = np.arange(ADULTS, dtype=np.uint64)
    people["adult"][:] = 1
    people["age"][:] = 40
    people["until"][:] = 65535
    people["registration"][LOCAL:] = 1
    people["education"][20:] = 4
    part = {"id": "a", "title": "A", "files": {}, "lists": {"l": "L"}, "grades": None, "doors": 1}
    record = {
        "worlds": [{"name": "a", "title": "A", "parts": [part]}],
        "baseline": None,
        "city": {"id": "x", "title": "X", "residents": ADULTS, "districts": ["d"]},
        "months": 12,
        "replays": replays,
        "seed": 0,
        "assumptions": {},
    }
    with RunWriter(out, record) as writer:
        writer.write_residents([people])
        for replay in range(replays):
            lived = {f.name: np.zeros(ADULTS, f.type.to_pandas_dtype()) for f in OUTCOMES}
            lived["first_record"][:] = lived["first_listed"][:] = 65535
            change(lived, replay)
            writer.write_unit("a", replay, {"outcomes": lived})
    return Run(out)


def _listed(lived: dict[str, np.ndarray], local: slice, other: slice) -> None:
    lived["first_listed"][local] = 3
    lived["first_listed"][other] = 3


def _unequal(lived: dict[str, np.ndarray], replay: int) -> None:
    """Of 300 local 100 did it, 60 of these and 40 others are listed; of 200 others 120 did it, 90 and 50 listed."""
    lived["misconduct"][:100] = 2
    lived["misconduct"][300:420] = 2
    lived["first_listed"][:60] = lived["first_listed"][100:140] = 3
    lived["first_listed"][300:390] = lived["first_listed"][420:470] = 3
    lived["first_listed"][299] = 3 if replay % 2 else 65535  # so that differences vary a little
    lived["wrong_factual"][100:103] = 1
    lived["wrong_spread"][300:306] = 1


@pytest.fixture(scope="module")
def unequal(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return _run(tmp_path_factory.mktemp("groups") / "unequal", _unequal)


def _row(seen: Audit, id_: str, group: str) -> Row:
    return next(row for row in seen.rows if row.id == id_ and row.group == group)


@pytest.mark.parametrize(
    ("id_", "local", "other"),
    [
        ("base-rate", 100 / 300, 120 / 200),
        ("same-share", 100.5 / 300, 140 / 200),
        ("same-reach", 60 / 100, 90 / 120),
        ("same-error", 40.5 / 200, 50 / 80),
        ("same-meaning", (60 / 100 + 60 / 101) / 2, 90 / 140),
        ("same-mistakes", (40 / 80 + 41 / 81) / 2, 50 / 80),
    ],
)
def test_each_definition_by_hand(unequal: Run, id_: str, local: float, other: float) -> None:
    seen = audit(unequal, "registration")
    assert seen.reference == "local"
    mine, base = _row(seen, id_, "non-local"), _row(seen, id_, "local")
    assert mine.value == pytest.approx(100 * other)
    assert base.value == pytest.approx(100 * local)
    assert mine.difference == pytest.approx(100 * (other - local))
    assert mine.distinguishable
    assert mine.n_replays == REPLAYS
    assert base.difference is None
    assert base.distinguishable is None


def test_there_are_five_definitions_each_named_as_in_the_literature() -> None:
    assert len(DEFINITIONS) == 5
    fields = " ".join(one.field for one in DEFINITIONS)
    for name in (
        "demographic parity",
        "equal opportunity",
        "equalised odds",
        "predictive parity",
        "treatment equality",
    ):
        assert name in fields


def test_the_conduct_that_counts_can_be_chosen(unequal: Run) -> None:
    assert _row(audit(unequal, "registration", conduct=3), "base-rate", "local").value == 0
    assert _row(audit(unequal, "registration", conduct=2), "base-rate", "local").value == pytest.approx(100 / 3)
    with pytest.raises(UsageError, match="1 to 6"):
        audit(unequal, "registration", conduct=7)


def test_the_three_definitions_of_wrongly_listed_stand_side_by_side(unequal: Run) -> None:
    seen = audit(unequal, "registration")
    wrong = {row.field: row for row in seen.of("wrongly listed") if row.group == "local"}
    assert list(wrong) == ["factual", "rule", "spread"]
    assert [round(float(row.value or 0)) for row in wrong.values()] == [100, 0, 0]
    assert _row(seen, "wrongly_listed_spread", "non-local").value == pytest.approx(300)


def test_the_base_rate_of_true_records_stands_beside(tmp_path: Path) -> None:
    def change(lived: dict[str, np.ndarray], replay: int) -> None:
        lived["records"][:90] = 2
        lived["good_records"][:60] = 1  # one bad record each
        lived["untrue_records"][:30] = 1  # of which for thirty none is true
        lived["records"][300:320] = 1

    seen = audit(_run(tmp_path / "r", change), "registration")
    assert [row.value for row in seen.of("true records")] == [pytest.approx(20.0), pytest.approx(10.0)]


def test_groups_too_small_are_withheld_and_not_dropped(unequal: Run) -> None:
    seen = audit(unequal, "education")
    small = [row for row in seen.rows if row.group == "none or before school"]
    assert len(small) == len({row.id for row in seen.rows})
    assert all(row.value is None and row.difference is None and "withheld: 20 residents" in row.note for row in small)
    assert seen.sizes["none or before school"] == 20
    assert sum(seen.sizes.values()) == ADULTS


def test_a_share_that_rests_on_too_few_is_withheld(tmp_path: Path) -> None:
    def change(lived: dict[str, np.ndarray], replay: int) -> None:
        lived["misconduct"][:] = 1
        lived["misconduct"][:29] = 0
        _listed(lived, slice(40), slice(300, 350))

    seen = audit(_run(tmp_path / "r", change), "registration")
    assert "withheld: rests on 29 residents" in _row(seen, "same-error", "local").note
    assert _row(seen, "same-error", "local").value is None
    assert _row(seen, "same-reach", "local").value == pytest.approx(100 * 11 / 271)


def test_the_same_treatment_at_other_conduct_is_no_gap_at_equal_conduct(tmp_path: Path) -> None:
    """Half of those with an act are listed and a tenth of the others, in both groups; but more locals have one."""

    def change(lived: dict[str, np.ndarray], replay: int) -> None:
        lived["misconduct"][:200] = 1
        lived["misconduct"][300:340] = 1
        _listed(lived, slice(100), slice(300, 320))
        _listed(lived, slice(200, 210), slice(340, 356))

    seen = audit(_run(tmp_path / "r", change), "registration")
    assert _row(seen, "same-share", "non-local").difference == pytest.approx(100 * (36 / 200 - 110 / 300))
    assert _row(seen, "same-share", "non-local").distinguishable
    ratio, left = _row(seen, "ratio", "non-local"), _row(seen, "adjusted", "non-local")
    assert ratio.value == pytest.approx(1.0)
    assert left.difference == pytest.approx(0.0, abs=1e-9)


def test_another_treatment_at_the_same_conduct_is_one(tmp_path: Path) -> None:
    def change(lived: dict[str, np.ndarray], replay: int) -> None:
        lived["misconduct"][::2] = 1
        _listed(lived, slice(30 + replay % 2), slice(300, 360))

    seen = audit(_run(tmp_path / "r", change), "registration")
    assert _row(seen, "ratio", "non-local").value == pytest.approx(3.0, rel=0.03)
    assert _row(seen, "ratio", "non-local").distinguishable
    assert _row(seen, "adjusted", "non-local").difference == pytest.approx(20, abs=0.5)


def test_groups_with_the_same_luck_are_never_told_apart(tmp_path: Path) -> None:
    """Chance alone: over many runs of it, no more than a few audits may tell anything apart (Holm at 10 %)."""
    told = 0
    for seed in range(8):
        luck = np.random.default_rng(seed)

        def change(lived: dict[str, np.ndarray], replay: int, luck: np.random.Generator = luck) -> None:
            lived["misconduct"][:] = luck.random(ADULTS) < 0.5
            lived["first_listed"][luck.random(ADULTS) < 0.2] = 1

        seen = audit(_run(tmp_path / str(seed), change), "registration")
        found = [row for row in seen.of("definitions") if row.distinguishable]
        told += bool(found)
        notes = [row.note for row in seen.rows if row.distinguishable is False]
        assert all("not distinguishable" in note or note == "exactly no difference" for note in notes)
    assert told <= 3


def test_exactly_the_same_is_said_to_be(tmp_path: Path) -> None:
    seen = audit(_run(tmp_path / "r", lambda lived, replay: _listed(lived, slice(30), slice(300, 320))), "registration")
    row = _row(seen, "same-share", "non-local")
    assert (row.difference, row.distinguishable, row.note) == (0.0, False, "exactly no difference")


def test_how_many_more_replays(tmp_path: Path) -> None:
    def change(lived: dict[str, np.ndarray], replay: int) -> None:
        _listed(lived, slice(30), slice(300, 320 + (3 if replay % 2 else -2)))

    row = _row(audit(_run(tmp_path / "r", change), "registration"), "same-share", "non-local")
    assert row.distinguishable is False
    assert "more replays needed" in row.note


def test_one_replay_has_intervals_of_residents(unequal: Run) -> None:
    seen = audit(unequal, "registration", replay=0)
    row = _row(seen, "same-reach", "non-local")
    assert (row.low, row.high) == pytest.approx([100 * end for end in wilson(90, 120)])
    assert (row.difference_low, row.difference_high) == pytest.approx([100 * e for e in newcombe(90, 120, 60, 100)])
    assert "Wilson" in row.range_kind
    assert "Newcombe" in row.difference_kind
    spread = _row(seen, "wrongly_listed_spread", "non-local")
    assert (spread.low, spread.high) == pytest.approx([10_000 * end for end in wilson(6, 200)])


def test_few_replays_have_no_intervals(tmp_path: Path) -> None:
    seen = audit(_run(tmp_path / "r", _unequal, replays=3), "registration")
    row = _row(seen, "same-share", "non-local")
    assert row.value is not None
    assert (row.low, row.difference_low, row.distinguishable) == (None, None, None)
    assert "at least 10" in row.note


def test_the_reference_can_be_named_and_must_exist(unequal: Run) -> None:
    seen = audit(unequal, "registration", reference="non-local")
    assert _row(seen, "same-share", "local").difference == pytest.approx(100 * (100.5 / 300 - 140 / 200))
    with pytest.raises(UsageError) as told:
        audit(unequal, "registration", reference="lcal")
    assert "Did you mean local" in told.value.suggestion
    with pytest.raises(UsageError, match="too few to compare"):
        audit(unequal, "education", reference="none or before school")


@pytest.mark.parametrize(
    "asked", [{"of": "worst-grade"}, {"of": "lsted"}, {"world": "b"}, {"replay": 99}, {"by": "height"}]
)
def test_what_is_not_there_is_said(unequal: Run, asked: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        audit(unequal, **({"by": "registration"} | asked))  # type: ignore[arg-type]
