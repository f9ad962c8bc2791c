"""Groups compared on a run written by hand, where every share can be counted on paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from counterscore.errors import UsageError
from counterscore.groups import DEFINITIONS, Audit, Row, audit
from counterscore.groups.audit import _against
from counterscore.groups.chance import Spread
from counterscore.groups.row import Stated, empty, together
from counterscore.measures import Life, all_measures
from counterscore.results import Run, RunWriter
from counterscore.results.tables import OUTCOMES, RESIDENTS
from counterscore.statistics import ERROR, newcombe, wilson

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
    ("id_", "local", "other", "told"),
    [
        ("base-rate", 100 / 300, 120 / 200, True),
        ("same-share", 100.5 / 300, 140 / 200, True),
        ("same-reach", 60 / 100, 90 / 120, True),
        ("same-error", 40.5 / 200, 50 / 80, True),
        ("same-meaning", (60 / 100 + 60 / 101) / 2, 90 / 140, False),
        ("same-mistakes", (40 / 80 + 41 / 81) / 2, 50 / 80, False),
    ],
)
def test_each_definition_by_hand(unequal: Run, id_: str, local: float, other: float, told: bool) -> None:
    """The same residents in every replay: 100 and 140 of them do not tell 60 from 64 per cent."""
    seen = audit(unequal, "registration")
    assert seen.reference == "local"
    mine, base = _row(seen, id_, "non-local"), _row(seen, id_, "local")
    assert mine.value == pytest.approx(100 * other)
    assert base.value == pytest.approx(100 * local)
    assert mine.difference == pytest.approx(100 * (other - local))
    assert mine.distinguishable is told
    assert mine.covers == "residents and chance"
    assert mine.range_covers == "chance only: these residents"
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
    """Chance alone: over many runs of it, no more than a few audits may tell anything apart (at 10 %)."""
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
    assert (row.difference, row.distinguishable) == (0.0, False)
    assert row.difference_low is not None
    assert row.difference_low < 0, "30 of 300 and 20 of 200 are no proof that groups are the same"
    assert row.note == "not distinguishable from no difference"


def test_what_a_larger_run_would_find(tmp_path: Path) -> None:
    """Persistent residents: more replays do not help, 40 times as many residents find a difference sqrt(40) smaller."""

    def change(lived: dict[str, np.ndarray], replay: int) -> None:
        _listed(lived, slice(30), slice(300, 321))

    row = _row(audit(_run(tmp_path / "r", change), "registration"), "same-share", "non-local")
    assert row.distinguishable is False
    error = np.sqrt(0.1 * 0.9 / 299 + 0.105 * 0.895 / 199)
    assert row.would_find == pytest.approx(100 * (1.6449 + 0.8416) * error / np.sqrt(20_000 / ADULTS), rel=1e-3)


def test_one_replay_has_intervals_of_residents(unequal: Run) -> None:
    seen = audit(unequal, "registration", replay=0)
    row = _row(seen, "same-reach", "non-local")
    assert (row.low, row.high) == pytest.approx([100 * end for end in wilson(90, 120)])
    by_newcombe = [100 * end for end in newcombe(90, 120, 60, 100)]
    assert (row.difference_low, row.difference_high) == pytest.approx(by_newcombe, abs=0.5)
    assert "Wilson" in row.range_kind
    assert row.covers == "residents and chance, but not what befalls a whole replicate (one replicate)"
    spread = _row(seen, "wrongly_listed_spread", "non-local")
    assert (spread.low, spread.high) == pytest.approx([10_000 * end for end in wilson(6, 200)])


def test_few_replays_are_told_by_residents_alone(tmp_path: Path) -> None:
    seen = audit(_run(tmp_path / "r", _unequal, replays=3), "registration")
    row = _row(seen, "same-share", "non-local")
    assert row.value is not None
    assert (row.low, row.distinguishable) == (None, True)
    assert "(3 replicates)" in row.covers


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


def _by_lot(monkeypatch: pytest.MonkeyPatch, lots: np.random.Generator, share: float) -> None:
    chosen = lots.permutation(ADULTS) < share * ADULTS
    monkeypatch.setattr("counterscore.groups.cells.groups", lambda life, by: [("few", chosen), ("many", ~chosen)])


@pytest.mark.parametrize("replays", [1, REPLAYS])
def test_groups_drawn_by_lot_are_seldom_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, replays: int
) -> None:
    """Residents who do the same in every replay: an interval over replays would tell most lots apart."""
    luck = np.random.default_rng(3)
    bent = luck.random(ADULTS)

    def change(lived: dict[str, np.ndarray], replay: int) -> None:
        lived["misconduct"][:] = bent + 0.1 * luck.random(ADULTS) > 0.5
        lived["first_listed"][bent + 0.3 * luck.random(ADULTS) > 0.9] = 1
        lived["months_listed"][:] = np.where(lived["first_listed"] == 1, luck.integers(1, 12, ADULTS), 0)

    run = _run(tmp_path / "r", change, replays)
    alone: list[bool] = []
    parts: list[bool] = []
    for seed in range(20):
        _by_lot(monkeypatch, np.random.default_rng(seed), 0.4)
        rows = [row for row in audit(run, "sex").rows if row.p_value is not None]
        alone += [float(row.p_value or 0) < 0.1 for row in rows]
        parts += [any(row.distinguishable for row in rows if row.part == part) for part in {row.part for row in rows}]
    assert 0.02 < np.mean(alone) < 0.2
    assert np.mean(parts) < 0.2


@pytest.mark.parametrize("replays", [1, 3, REPLAYS])
@pytest.mark.parametrize("listed", [0, 1, 2, 9])
def test_a_small_group_without_any_event_is_not_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, replays: int, listed: int
) -> None:
    """31 residents of whom nobody is listed, where one or two in a hundred are: that is what chance brings."""

    def change(lived: dict[str, np.ndarray], replay: int) -> None:
        lived["first_listed"][100 : 100 + listed] = 3
        lived["wrong_factual"][100 : 100 + listed] = 1

    run = _run(tmp_path / "r", change, replays)
    few = np.arange(ADULTS) < 31
    monkeypatch.setattr("counterscore.groups.cells.groups", lambda life, by: [("few", few), ("many", ~few)])
    seen = audit(run, "sex")
    assert not any(row.distinguishable for row in seen.rows)
    assert not any(row.p_value is not None and row.p_value < 0.1 for row in seen.rows)
    row = _row(seen, "same-share", "few")
    if listed:
        assert row.difference_high is not None
        assert row.difference_high > 0


def test_a_group_that_nobody_can_be_compared_with_is_told_so(tmp_path: Path) -> None:
    run = _run(tmp_path / "r", lambda lived, replay: _listed(lived, slice(0), slice(300, 340)))
    row = _row(audit(run, "registration"), "ratio", "non-local")
    assert (row.value, row.difference, row.distinguishable) == (None, None, None)
    assert row.note.startswith("not defined: nobody of local")
    other = _row(audit(run, "registration", reference="non-local"), "ratio", "local")
    assert (other.value, other.difference) == (0.0, -1.0)
    assert other.distinguishable


def test_duties_not_met_are_conduct(tmp_path: Path) -> None:
    """Whoever is listed for a judgment did something, though it is no act of misconduct."""

    def change(lived: dict[str, np.ndarray], replay: int) -> None:
        lived["duties"][:60] = 1
        _listed(lived, slice(50), slice(300, 300))

    seen = audit(_run(tmp_path / "r", change), "registration")
    assert _row(seen, "base-rate", "local").value == pytest.approx(20)
    assert _row(seen, "same-error", "local").value == 0
    assert "duty not met" in _row(seen, "base-rate", "local").words


def test_months_on_lists_are_compared(tmp_path: Path) -> None:
    def change(lived: dict[str, np.ndarray], replay: int) -> None:
        _listed(lived, slice(100), slice(300, 380))
        lived["months_listed"][:100] = 4 + np.arange(100) % 3
        lived["months_listed"][300:380] = 8 + np.arange(80) % 3
        lived["lists"][300:340] = 1

    seen = audit(_run(tmp_path / "r", change), "registration")
    row = _row(seen, "months-listed", "non-local")
    assert (row.value, row.difference) == (pytest.approx(8 + 79 / 80), pytest.approx(8 + 79 / 80 - 4.99))
    assert row.distinguishable
    assert row.unit == "months"
    assert _row(seen, "still-listed", "non-local").value == pytest.approx(50)


def test_every_statement_names_what_it_covers_and_its_family(unequal: Run) -> None:
    for row in audit(unequal, "registration").rows:
        if row.p_value is not None:
            assert row.covers == "residents and chance"
            assert row.family_error == 0.1
            assert row.family >= 1
            outside = (row.difference_low or 0) > 0 or (row.difference_high is not None and row.difference_high < 0)
            assert outside == (row.p_value < 0.1), row.id
        elif row.distinguishable is not None:
            assert row.note == "exactly no difference"
            assert row.family_error == 0.1


def _stated(p_value: float, people: slice) -> Stated:
    row = replace(empty("definitions", "a", "", "", "g", "of 100"), p_value=p_value, distinguishable=True)
    return Stated(row, ((np.arange(100)[people], np.ones(100)[people]),))


def test_the_level_of_all_together_decides() -> None:
    """Two differences told alone at 0.07: by the same residents they are one, by others they are two and not told."""
    apart = [_stated(p, part) for p, part in ((0.045, slice(50)), (0.055, slice(50, 100)))]
    assert [row.distinguishable for row in together(apart)] == [True, True]
    apart = [_stated(0.07, part) for part in (slice(50), slice(50, 100))]
    assert [row.distinguishable for row in together(apart)] == [False, False]
    assert all("when 2 differences are looked at together" in row.note for row in together(apart))
    assert [row.distinguishable for row in together([_stated(0.07, slice(50))] * 2)] == [True, True]
    assert [row.distinguishable for row in together([_stated(ERROR, slice(50))] * 2)] == [False, False]


def test_groups_that_change_between_replays_are_compared(tmp_path: Path) -> None:
    luck = np.random.default_rng(5)

    def change(lived: dict[str, np.ndarray], replay: int) -> None:
        recorded = luck.random(ADULTS) < 0.5
        lived["first_record"][recorded] = 2
        lived["first_listed"][luck.random(ADULTS) < 0.1] = 3

    seen = audit(_run(tmp_path / "r", change), "first_record_age")
    row = next(row for row in seen.of("definitions") if row.id == "same-share" and row.p_value is not None)
    assert row.difference_high is not None
    assert row.difference_low is not None
    assert 2 < row.difference_high - row.difference_low < 12


def test_what_is_compared_is_what_the_measure_counts(unequal: Run) -> None:
    life = Life(unequal, "a", 0)
    for one in all_measures():
        if one.counts is not None:
            value = one.compute(life, None, None)[0]
            assert value == pytest.approx((10_000 if "10,000" in one.unit else 100) * one.counts(life).mean())


def test_a_resident_of_both_groups_pulls_their_difference_nowhere() -> None:
    """Who is in the group in one replicate and in the reference in another pulls both numbers, and the difference by neither."""

    class Seen:
        """Three residents, of whom the second is in both groups."""

        def people(self, group: int) -> np.ndarray:
            return np.array([1, 2]) if group else np.array([0, 1])

    spreads = {0: Spread(1.0, 0.5, np.array([0.25, 2.0])), 1: Spread(1.0, 0.5, np.array([2.0, 0.5]))}
    pulled = np.zeros(3)
    for people, pull in _against(Seen(), 1, 0, spreads):  # type: ignore[arg-type]
        pulled[people] += pull
    assert pulled.tolist() == [-0.25, 0.0, 0.5]
