"""Records that flow between rule books of a stack, lived: who finds them when, and what becomes of those taken back."""

from __future__ import annotations

from typing import Any

import numpy as np

from counterscore.catalog import load_regime
from counterscore.engine import draws, layout
from counterscore.engine.layout import COUNTER
from counterscore.engine.plan import Plans, compile_plan
from counterscore.engine.world import WorldResult, empty_totals, live_until, settle_in
from counterscore.regime.model import Regime
from tests import copied, worlds

SETTINGS = {
    "rights__appeal_wrong": 0.9,
    "rights__won_wrong": 1.0,
    "rights__appeal_right": 0.2,
    "rights__won_right": 0.5,
}
CARD, TICKET, TAX = "card", "ticket", "tax"


def _lived(regime: Regime, **options: Any) -> tuple[Any, np.ndarray]:
    """The plan and every event of a small town under ``regime`` in eighteen months, without responses."""
    plan = compile_plan(regime.stacked(), worlds.busy(**SETTINGS), seed=4, responses=False, **options)
    place = settle_in(Plans(plan), worlds.city(800), 0, seed=4, replay=0)
    trace = np.zeros((200_000, 8), np.int64)
    figures = np.zeros(layout.N_FIGURES, np.int64)
    live_until(plan, place, empty_totals(18), draws.purpose_keys(4, 0), figures, 18, trace)
    return plan, trace[: int(place.space.trace_used)]


def _rows(regime: Regime) -> dict[str, int]:
    return {row.id: n for n, row in enumerate(row for book in regime.stacked() for row in book.catalogue)}


def _records(regime: Regime, **options: Any) -> dict[str, set[tuple[int, int]]]:
    """Month and place of the records of each row."""
    _, events = _lived(regime, **options)
    made = events[events[:, 2] == layout.EVENT_RECORD]
    return {name: {(int(e[0]), int(e[1])) for e in made if e[3] == n} for name, n in _rows(regime).items()}


def test_a_copy_is_made_where_the_source_made_a_record_and_nowhere_else() -> None:
    town = copied.copied_town()
    found = _records(town, errors=False)
    assert found["ticket"] == found["fine"]
    assert found["card"] == found["late"]
    assert found["arrears"] == found["owed"]  # of each spell of arrears the source records the first month
    assert found["tax"] == found["dodged"]
    alone = _records(_alone(), errors=False)
    assert len(alone["tax"]) > len(found["tax"]) > 0  # the source asks for three thousand yuan
    assert len(alone["arrears"]) > len(found["arrears"]) > 0


def _alone() -> Regime:
    """The reader without entries of sharing from elsewhere."""
    town = copied.copied_town()
    return town.model_copy(update={"sharing": None})


def test_the_source_does_not_notice_who_reads_it() -> None:
    offices = worlds.regime_of(copied.OFFICES)
    alone, read = _records(offices), _records(copied.copied_town())
    assert all(alone[row] == read[row] for row in ("fine", "late", "owed", "dodged"))


def test_rights_stay_with_the_rule_book_that_gives_them() -> None:
    """The town gives no right to object: whoever objects does so to a record of the offices."""
    town = copied.copied_town()
    _, events = _lived(town)
    theirs = {n for name, n in _rows(town).items() if name in ("fine", "late", "owed", "dodged")}
    objections = events[events[:, 2] == layout.EVENT_APPEAL]
    assert len(objections) > 20
    assert set(objections[:, 3].tolist()) <= theirs


def test_what_is_taken_back_ends_where_it_is_corrected_and_goes_on_where_not() -> None:
    town = copied.copied_town()
    rows = _rows(town)
    _, events = _lived(town)
    won = events[(events[:, 2] == layout.EVENT_DECISION) & (events[:, 5] == 1)]
    ended = {(int(e[1]), int(e[3]), int(e[7])) for e in events if e[2] == layout.EVENT_END and e[5] == 1}
    told = {"fine": "ticket", "dodged": "tax"}, {"late": "card", "owed": "arrears"}
    for corrected, pairs in zip((True, False), told, strict=True):
        back = {(int(e[1]), rows[copy]) for e in won for row, copy in pairs.items() if e[3] == rows[row] and e[0] < 16}
        gone = {(place, row) for place, row, _ in ended}
        assert back
        assert (back <= gone) if corrected else not (back & gone)


def test_a_listing_told_of_is_taken_back_with_it_or_stays() -> None:
    """One hop further: the record taken back ends a listing, that what was told of it, and that a listing here."""
    town = copied.copied_town()
    rows = _rows(town)
    lists = {name: n for n, name in enumerate(name for book in town.stacked() for name in book.lists)}
    _, events = _lived(town)
    left = [e for e in events.tolist() if e[2] == layout.EVENT_LEAVE and e[4] == layout.EXIT_CORRECTED]
    struck = {name: {(e[0], e[1]) for e in left if e[3] == n} for name, n in lists.items()}
    ended = {(e[0], e[1], e[3]) for e in events.tolist() if e[2] == layout.EVENT_END and e[5] == 1}
    assert min(len(struck[name]) for name in ("fines-out", "cards-out")) > 5 < len(struck["debts-out"]) + 5
    for name in ("debts", "fines"):  # of fines one is told two months later
        assert {(*at, rows[f"{name}-out-told"]) for at in struck[f"{name}-out"]} <= ended
        assert struck[f"told-{name}"] <= struck[f"{name}-out"]  # all in one month
    assert len(struck["told-fines"]) > 3
    assert not any(row == rows["cards-out-told"] for _, _, row in ended)
    assert not struck["told-cards"]


def test_a_stay_on_a_border_is_looked_at_again_when_a_record_from_before_falls() -> None:
    """On a list of those below a border: whom the other records would not have taken there leaves, and no other."""
    town = copied.copied_town()
    lists = {name: n for n, name in enumerate(name for book in town.stacked() for name in book.lists)}
    _, events = _lived(town)
    mine = [e for e in events.tolist() if e[2] == layout.EVENT_LEAVE and e[3] == lists["lowest"]]
    struck = [e for e in mine if e[4] == layout.EXIT_CORRECTED]
    assert len(struck) > 3 < len(mine) - len(struck)
    back = {(e[0], e[1]) for e in events.tolist() if e[2] == layout.EVENT_END and e[5] == 1}
    assert {(e[0], e[1]) for e in struck} <= back
    scores = {(e[1], e[0]): e[5] for e in events.tolist() if e[2] == layout.EVENT_SCORE}
    assert all(scores[e[1], e[0]] >= 950 * 60 for e in struck)


def _run(*reforms: str) -> WorldResult:
    return worlds.live(load_regime("beijing-points", with_=reforms), residents=3000, months=30)[1]


def test_only_copies_that_are_not_corrected_go_stale() -> None:
    stale = {
        name: _run(*([name] if name else [])).totals["counts"][:, COUNTER["stale_copies"]].sum()
        for name in ("", "copies-stay")
    }
    assert stale[""] == 0 < stale["copies-stay"]


def test_less_sharing_lists_fewer() -> None:
    listed = {
        name: int(_run(*([name] if name else [])).totals["counts"][:, COUNTER["listed"]].sum())
        for name in ("", "records-a-year-late", "records-of-related-fields", "records-kept-apart")
    }
    whole = listed.pop("")
    assert all(found < whole for found in listed.values()), listed
    assert listed["records-kept-apart"] < listed["records-of-related-fields"]
