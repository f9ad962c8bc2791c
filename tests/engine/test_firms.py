"""Firms: on paper as in the engine (G6), twins (G3), closing and opening again, the tie to the representative."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numpy as np
import pytest

from counterscore.catalog import load_regime
from counterscore.engine import draws, layout
from counterscore.engine.layout import EVENT_ACT, EVENT_FIRM, EVENT_RECORD, FIRM_COUNTER
from counterscore.engine.plan import Plans, compile_plans
from counterscore.engine.world import WorldResult, empty_totals, firm_columns, live_until, live_world, settle_in
from counterscore.regime.ledger import Ledger, PaperExit, PaperRecord
from counterscore.regime.model import Regime
from counterscore.regime.vocabulary import ACTS
from tests import worlds

MONTHS = 30
CALM = {"rights__appeal_right": 0.0, "rights__appeal_wrong": 0.0, "rights__repair": 0.0}


def _plans(regime: Regime, *, responses: bool = True, errors: bool = True, **settings: float) -> Plans:
    return compile_plans(
        regime.stacked(),
        worlds.busy(**settings),
        seed=3,
        responses=responses,
        errors=errors,
        living=("residents", "firms"),
    )


@cache
def _lived(text: str, *, responses: bool = True, errors: bool = True, threads: int = 1) -> WorldResult:
    plans = _plans(worlds.firms_regime(text), responses=responses, errors=errors)
    with ThreadPoolExecutor(threads) as pool:
        return live_world(plans, worlds.city(2500), months=24, seed=3, replay=0, pool=pool)


def _columns(result: WorldResult) -> dict[str, np.ndarray]:
    (only,) = result.firm_outcomes()
    return only


def _tally(result: WorldResult, name: str) -> int:
    return int(result.totals["firm_tally"][:, FIRM_COUNTER[name]].sum())


@pytest.mark.parametrize(
    "name", ["firm", "representative", "zhejiang-firms", "tax-abcmd", "customs-aeo", "market-lists"]
)
def test_engine_equals_ledger(name: str) -> None:
    regime = load_regime(name) if "-" in name else worlds.firms_regime(_following(name))
    plans = _plans(regime, responses=False, errors=False, **CALM)
    place = settle_in(plans, worlds.city(2500), 0, seed=3, replay=0)
    trace, residents = np.zeros((200_000, 8), np.int64), np.zeros((400_000, 8), np.int64)
    keys, figures = draws.purpose_keys(3, 0), np.zeros(layout.N_FIGURES, np.int64)
    live_until(plans.residents, place, empty_totals(MONTHS), keys, figures, MONTHS, residents, trace)
    assert place.firms is not None
    files = place.firms.files
    assert files.space.trace_used < len(trace)
    events = trace[: files.space.trace_used]
    books = [part for part in regime.stacked() if part.subjects == "firms"]
    compared = reopened = 0
    for i in np.unique(events[events[:, 2] == EVENT_RECORD][:, 1]):
        mine = events[events[:, 1] == i]
        final = _on_paper(regime, books, mine)
        firm = files.residents[i]
        for s, part in enumerate(part for part in books if part.score):
            assert int(firm["score"][s]) == final.score60(part.id), (i, mine)
        names = [n for part in books for n in part.lists]
        assert {n for b, n in enumerate(names) if firm["lists"] >> b & 1} == set(final.lists()), (i, mine)
        doors = [door.id for part in books for door in part.doors]
        in_force = {d for b, d in enumerate(doors) if int(firm["doors"]) >> b & 1}
        assert in_force == {*final.doors(), *final.tied_doors()}, i
        compared += 1
        reopened += int(place.firms.own["name"][i]) > 0
    assert compared > (3 if name == "customs-aeo" else 10)  # few firms trade abroad
    assert reopened > 0 or name == "customs-aeo"


def _on_paper(regime: Regime, books: list[Regime], events: np.ndarray) -> Ledger:
    """Hand the firm's own records and exits to the ledger, month by month."""
    ledger = Ledger(regime)
    rows = [row for part in books for row in part.catalogue]
    names = [name for part in books for name in part.lists]
    for month in range(MONTHS):
        now = events[events[:, 0] == month]
        made: Counter[int] = Counter(int(event[3]) for event in now[now[:, 2] == EVENT_RECORD])
        records: list[PaperRecord] = []
        for number, times in made.items():
            row = rows[number]
            if row.on_list:
                continue
            done = [int(one[3]) for one in now[now[:, 2] == EVENT_ACT] if ACTS[one[3]].id in row.act]
            amounts = [int(one[4]) for one in now[now[:, 2] == EVENT_ACT] if ACTS[one[3]].id in row.act]
            act = ACTS[done[0]].id if done else row.act[0]
            records += [PaperRecord(act, amount=amounts[0] if amounts else 0)] * times
        exits = []
        for event in now[now[:, 2] == EVENT_FIRM]:
            if event[3] == layout.FIRM_REOPENED:
                exits.append(PaperExit("reopened"))
            if event[3] == layout.FIRM_PERFORMED:
                exits += [PaperExit("performed", name) for b, name in enumerate(names) if int(event[4]) >> b & 1]
        ledger.month(month, records, exits)
    return ledger


def _following(whom: str) -> str:
    return worlds.FIRMS.replace("follows: firm", f"follows: {whom}")


def test_threads_do_not_change_firms() -> None:
    one, two = _columns(_lived(worlds.FIRMS)), _columns(_lived(worlds.FIRMS, threads=2))
    assert all((one[name] == two[name]).all() for name in one)


def test_a_copy_with_other_labels_differs_by_exactly_zero() -> None:
    other = worlds.FIRMS.replace("label: ", "label: Other ").replace("title: Test firms", "title: Other firms")
    one, two = _columns(_lived(worlds.FIRMS)), _columns(_lived(other))
    assert all((one[name] == two[name]).all() for name in one)


def test_removing_a_rule_changes_only_firms_it_touched() -> None:
    less = "\n".join(line for line in worlds.FIRMS.splitlines() if "id: late" not in line)
    full = _columns(_lived(worlds.FIRMS, responses=False, errors=False))
    part = _columns(_lived(less, responses=False, errors=False))
    touched = (full["records"] != part["records"]) | (full["unrecorded"] != part["unrecorded"])
    changed = np.zeros(len(touched), bool)
    for name in full:
        changed |= full[name] != part[name]
    assert touched.any()
    assert not (changed & ~touched).any()


def test_without_responses_money_does_not_depend_on_the_rules() -> None:
    """What firms earn, owe and close is the same in every world; only names differ, through refused licences."""
    text = worlds.FIRMS.replace(
        "service: business-licence, effect: narrowed, share: 0.5", "service: star-hotel, effect: closed"
    )
    with_rules = _lived(text, responses=False)
    plans = _plans(worlds.none(), responses=False)
    without = live_world(plans, worlds.city(2500), months=24, seed=3, replay=0)
    for name in ("open", "closed", "failed", "reopened", "owing_wages", "unpaid_workers", "cash"):
        assert _tally(with_rules, name) == _tally(without, name), name


def test_what_follows_the_representative_does_not_escape() -> None:
    firm, person = _lived(_following("firm")), _lived(_following("representative"))
    assert _tally(firm, "reopened") > 10
    assert _tally(firm, "escaped") > 3
    assert _tally(person, "escaped") == 0
    assert person.totals["firm_stays"][:, :, layout.LEFT_BEHIND].sum() == 0
    assert firm.totals["firm_stays"][:, :, layout.LEFT_BEHIND].sum() > 0
    assert _tally(firm, "remembered") > 0


def test_representatives_and_firms_carry_each_others_restrictions() -> None:
    both = _lived(worlds.FIRMS)
    assert _tally(both, "heads_restricted") > 0
    assert _tally(both, "restricted_by_head") > 0
    apart = "\n".join(line for line in worlds.FIRMS.splitlines() if "affects: firm head" not in line)
    assert _tally(_lived(apart), "heads_restricted") == 0


def test_a_glitch_lasts_its_month_and_lists_it_causes_are_wrong_by_the_rule() -> None:
    """Without records a firm has 800 points; the emptied component of 72 makes it 728, a D, for one month."""
    quiet = {f"acts.{act.id}.detection": 0.0 for act in ACTS if act.subject == "firms"}
    settings: dict[str, Any] = {path.replace(".", "__"): value for path, value in quiet.items()}
    settings |= {"errors__glitch_month": 5, "errors__glitch_component": 0, "errors__glitch_share": 1.0}
    settings |= {"errors__untrue": 0.0, "errors__late_removal": 0.0, "firms__close": 0.0, "firms__fail": 0.0}
    plans = _plans(worlds.firms_regime(), **settings)
    place = settle_in(plans, worlds.city(2500), 0, seed=3, replay=0)
    totals, keys, figures = empty_totals(9), draws.purpose_keys(3, 0), np.zeros(layout.N_FIGURES, np.int64)
    assert place.firms is not None
    scores = {}
    for month in range(9):
        live_until(plans.residents, place, totals, keys, figures, month + 1)
        scores[month] = set(firm_columns(place.firms)["score"].tolist())
    assert scores[4] == {800 * 60}
    assert scores[5] == {728 * 60}
    assert scores[6] == {800 * 60}
    firms = len(place.firms.own)
    assert totals["firm_tally"][5, FIRM_COUNTER["glitched"]] == firms
    worst = layout.COUNTER["listed_wrong_rule"]
    assert totals["firm_counts"][5, worst] == firms
    assert totals["firm_counts"][6:, layout.COUNTER["listed"]].sum() == 0


def test_one_firm_by_hand() -> None:
    """A firm that owes much, closes, and opens again: what is left behind, and what is not."""
    settings = {
        "firms__margin": 0.0,
        "firms__year_spread": 0.0,
        "firms__sector_spread": 0.0,
        "firms__month_spread": 0.0,
        "firms__reserve": 0.0,
        "firms__withhold": 0.0,
        "firms__close": 0.0,
        "firms__fail": 1.0,
        "firms__fail_after": 0.5,
        "firms__reopen": 1.0,
        "firms__borrow": 0.0,
        "firms__suit": 0.0,
        "services__business-licence__refused__none": 0.0,
        "services__business-licence__refused__thin": 0.0,
        "services__business-licence__refused__full": 0.0,
    }
    plans = _plans(worlds.none(), responses=False, errors=False, **settings)
    place = settle_in(plans, worlds.city(2500), 0, seed=3, replay=0)
    totals, keys, figures = empty_totals(6), draws.purpose_keys(3, 0), np.zeros(layout.N_FIGURES, np.int64)
    live_until(plans.residents, place, totals, keys, figures, 1)
    assert place.firms is not None
    own, f = place.firms.own, int(np.argmax(place.firms.own["turnover"]))
    turnover, wage = int(own["turnover"][f]), int(own["wage"][f])
    assert own["cash"][f] == 0 == own["owed"][f]
    own["cash"][f] = -turnover  # a payment that did not come
    live_until(plans.residents, place, totals, keys, figures, 2)
    suppliers, taxes = (turnover * round(share * 256) >> 8 for share in (0.3, 0.06))
    assert own["owed"][f] == suppliers + taxes + wage
    assert (own["bills"][f], own["taxes"][f], own["unpaid"][f]) == (1, 1, 1)
    assert own["wages_owed"][f] == wage
    assert own["closed_in"][f] == 1  # it owes more than half a month of turnover
    head = int(own["head"][f])
    assert place.residents["work"][head] != layout.EMPLOYED
    live_until(plans.residents, place, totals, keys, figures, 3)
    assert own["closed_in"][f] == layout.NEVER
    assert own["name"][f] == 1
    assert (own["owed"][f], own["unpaid"][f], own["age"][f]) == (0, 0, 0)
    assert totals["firm_tally"][2, FIRM_COUNTER["reopened"]] == 1


def test_a_period_of_grace_is_no_glitch() -> None:
    """The record behind an entry that takes effect after grace is not counted as a platform glitch."""
    graced = worlds.FIRMS.replace("enter: record(wages), term", "enter: record(wages), grace: 2 months, term", 1)
    assert graced != worlds.FIRMS
    result = _lived(graced, errors=False)
    assert result.totals["firm_counts"][:, layout.COUNTER["entered"]].sum() > 0
    assert _tally(result, "glitched") == 0
