"""Deaths and successors in a world: the same in every world, nothing lost, nothing carried over."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from counterscore.catalog import load_assumptions, load_regime
from counterscore.city.generations import NEVER, everyone
from counterscore.engine import layout
from counterscore.engine.draws import purpose_keys
from counterscore.engine.layout import COUNTER
from counterscore.engine.plan import Plans, compile_plan
from counterscore.engine.succession import ALL_TIES, turn_year
from counterscore.engine.world import WorldResult, empty_totals, live_until, settle_in
from tests import worlds

YEARS = 60


@cache
def _long() -> tuple[Any, WorldResult]:
    """Sixty years under the courts' list, as it comes."""
    return worlds.live(
        load_regime("court-defaulters"), months=12 * YEARS, residents=12_000, assumptions=load_assumptions()
    )


def test_the_same_people_in_every_world() -> None:
    """Rule book, responses and errors change nobody's life span and nobody's followers."""
    spans = set()
    for regime, settings in (
        (worlds.town(), {}),
        (worlds.town(), {"responses": False, "errors": False}),
        (worlds.none(), {"replay": 3}),
    ):
        plan, result = worlds.live(regime, months=40, **settings)
        place = result.places[0]
        people = everyone(worlds.city(), 0, plan.survivors, 40)
        spans.add(people["until"].tobytes() + people["conscientiousness"].tobytes())
        columns = worlds.columns(plan, result)
        assert len(columns["records"]) == len(people["until"])
        now = place.lives.generation
        assert (now == [people["generation"][people["resident"] == i].max() for i in range(len(now))]).all()
        counts = result.totals["counts"]
        assert counts[:, COUNTER["died"]].sum() == (people["generation"] > 0).sum() == (people["until"] < NEVER).sum()
    assert len(spans) == 1


def test_a_successor_starts_afresh() -> None:
    plan = compile_plan(worlds.town().stacked(), worlds.busy(), seed=1)
    place = settle_in(Plans(plan), worlds.city(), 0, seed=1, replay=0)
    totals = empty_totals(25)
    keys = purpose_keys(1, 0)
    live_until(plan, place, totals, keys, np.zeros(16, np.int64), 24)
    before = place.residents.copy()
    room, waiting = int(place.space.room), int(place.space.inbox_now)
    kept = place.papers.copy()
    gone = np.flatnonzero(place.lives.until == 24)
    assert len(gone) > 20
    assert (before["head"][gone] >= 0).any()
    place.inbox[0]["to"][:waiting] = gone[0]
    turn_year(plan, place, totals, keys, None)
    now = place.residents[gone]
    for name in layout.OUTCOME_TYPES:
        start = NEVER if name in {"first_record", "first_listed"} else 0
        assert (now[name] == start).all(), name
        assert (place.departed[-1][2][name] == before[name][gone]).all(), name
    assert (now["head"] == -1).all()
    for name in ("lists", "loan", "arrears", "judged", "absorbed"):
        assert (now[name] == 0).all(), name
    assert (now["score"][:, 0] == plan.scheme_start[0]).all()
    assert (now["ties"] == ALL_TIES).all()
    assert place.space.inbox_now == 0
    freed = int(place.space.room) - room
    assert freed == sum(_papers_of(before, kept, i) for i in gone)
    assert (place.residents["savings"][gone] == place.residents["means"][gone]).all()


def _papers_of(residents: Any, papers: Any, i: int) -> int:
    count, p = 0, int(residents["head"][i])
    while p >= 0:
        count, p = count + 1, int(papers["next"][p])
    return count


def test_every_stay_that_began_ends_once() -> None:
    _, result = worlds.live(months=40)
    counts = result.totals["counts"].sum(axis=0)
    left = sum(counts[COUNTER[f"left_{how}"]] for how in ("expired", "performed", "repaired", "corrected", "died"))
    assert counts[COUNTER["left_died"]] > 0
    still = result.totals["stays"][:, :, layout.CUT_OFF].sum()
    assert counts[COUNTER["entered"]] == left + still
    assert result.totals["stays"].sum() == counts[COUNTER["entered"]]


def test_nobody_dies_where_the_table_says_so() -> None:
    never = worlds.busy(lives__death_at_sixty=0, lives__death_other=0)
    _, result = worlds.live(months=40, assumptions=never)
    assert result.totals["counts"][:, COUNTER["died"]].sum() == 0
    assert result.totals["counts"][:, COUNTER["came_of_age"]].sum() > 0


#: Stocks by adults in each of the years 5 … 60: counter, least, most. Assumed to be what "sensible" means.
STOCKS = {
    "unemployed": (0.02, 0.07),
    "in_arrears": (0.001, 0.015),
    "judged": (0.004, 0.03),
    "listed": (0.002, 0.02),
    "older": (0.2, 0.45),
}


@pytest.mark.parametrize("name", STOCKS)
def test_stocks_stay_sensible_for_sixty_years(name: str) -> None:
    _, result = _long()
    counts = result.totals["counts"]
    yearly = counts[59::12, COUNTER[name]] / counts[59::12, COUNTER["adults"]]
    least, most = STOCKS[name]
    assert least < yearly.min() <= yearly.max() < most, yearly.round(4)
    assert yearly[25:].mean() == pytest.approx(yearly[-25:].mean(), rel=0.3)


def test_a_cohort_can_be_followed_for_sixty_years() -> None:
    plan, result = _long()
    people = everyone(worlds.city(12_000), 0, plan.survivors, 12 * YEARS)
    columns = worlds.columns(plan, result)
    cohort = (people["generation"] == 0) & (people["age"] == 20)
    alive = people["until"][cohort] == NEVER
    assert 0.4 < alive.mean() < 0.75  # who was 20 would be 80
    first = columns["first_listed"][cohort]
    assert (first != NEVER).any()
    assert (columns["months_listed"][cohort][first == NEVER] == 0).all()
    place = result.places[0]
    borrowers = (place.residents["loan"] > 0).mean()
    assert 0.12 < borrowers < 0.4
    assert 0.3 < (place.residents["work"] == layout.EMPLOYED).mean() < 0.6
    children = place.residents["traits"] & layout.HAS_CHILD != 0
    age = place.residents["age"]
    assert children[(age >= 30) & (age < 45)].mean() > 4 * children[age >= 60].mean()


def test_counters_do_not_fill_up_in_a_lifetime() -> None:
    plan, result = _long()
    columns = worlds.columns(plan, result)
    for name, kind in layout.OUTCOME_TYPES.items():
        if name not in {"first_record", "first_listed"}:
            assert columns[name].max() < np.iinfo(kind).max, name
