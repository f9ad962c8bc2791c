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
from counterscore.engine.friends import ALL
from counterscore.engine.layout import COUNTER
from counterscore.engine.plan import Plans, compile_plan, compile_plans
from counterscore.engine.succession import demography_of, outcomes_of, turn_year
from counterscore.engine.world import WorldResult, empty_totals, live_until, settle_in
from counterscore.results.tables import OR_NEVER
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
        people = everyone(worlds.city(), 0, demography_of(plan), 40)
        spans.add(
            b"".join(people[name].tobytes() for name in ("until", "conscientiousness", "mother", "family_name", "age"))
        )
        columns = worlds.columns(plan, result)
        assert len(columns["records"]) == len(people["until"])
        now = place.lives.generation
        assert (now == [people["generation"][people["resident"] == i].max() for i in range(len(now))]).all()
        counts = result.totals["counts"]
        assert counts[:, COUNTER["died"]].sum() == (people["generation"] > 0).sum() == (people["until"] < NEVER).sum()
        follow = people["generation"] > 0
        for name, of in (("born", people["age"] == 0), ("moved_in", people["age"] >= 18)):
            assert counts[:, COUNTER[name]].sum() == (follow & of).sum() > 20
        assert (place.residents["age"] == place.lives.age).all()
        assert (place.residents["district"] == place.lives.people["district"]).all()
    assert len(spans) == 1


def test_a_successor_starts_afresh() -> None:
    plan = compile_plan(worlds.town().stacked(), worlds.busy(), seed=1)
    place = settle_in(Plans(plan), worlds.city(), 0, seed=1, replay=0)
    totals = empty_totals(25)
    keys = purpose_keys(1, 0)
    live_until(plan, place, totals, keys, np.zeros(layout.N_FIGURES, np.int64), 24)
    before = place.residents.copy()
    room, waiting = int(place.space.room), int(place.space.inbox_now)
    kept = place.papers.copy()
    gone = np.flatnonzero(place.lives.until == 24)
    assert len(gone) > 20
    assert (before["head"][gone] >= 0).any()
    place.inbox[0]["to"][:waiting] = gone[0]
    unable = (
        outcomes_of(plan, before, place.watch, place.private, 24)["years_unable"] - before["years_unable"]
    )  # of last year
    turn_year(plan, place, totals, keys, None)
    now = place.residents[gone]
    for name in layout.OUTCOME_TYPES:
        start = NEVER if name in OR_NEVER else 0
        assert (now[name] == start).all(), name
        left = before[name][gone] + (unable[gone] if name == "years_unable" else 0)
        assert (place.departed[-1][2][name] == left).all(), name
    assert (now["head"] == -1).all()
    for name in ("lists", "loan", "arrears", "judged", "absorbed"):
        assert (now[name] == 0).all(), name
    minors = place.lives.age[gone] < layout.ADULT
    assert 0 < minors.sum() < len(gone)
    assert (place.watch["due"][gone] == np.where(minors, NEVER, 24)).all()
    assert (place.watch["aware"][gone[minors]] == NEVER).all()
    assert (now["score"][:, 0] == plan.scheme_start[0]).all()
    assert (now["ties"] == ALL).all()
    assert place.space.inbox_now == 0
    freed = int(place.space.room) - room
    assert freed == sum(_papers_of(before, kept, i) for i in gone)
    assert (place.residents["savings"][gone] == place.residents["means"][gone]).all()


def _papers_of(residents: Any, papers: Any, i: int) -> int:
    count, p = 0, int(residents["head"][i])
    while p >= 0:
        count, p = count + 1, int(papers["next"][p])
    return count


def _heirs(**settings: float) -> tuple[Any, Any, Any, Any, dict[str, Any]]:
    """A place before and after a January, with its lives of before."""
    plan = compile_plan(worlds.none().stacked(), worlds.busy(lives__death_other=0.05, **settings), seed=1)
    place = settle_in(Plans(plan), worlds.city(1200), 0, seed=1, replay=0)
    totals = empty_totals(13)
    live_until(plan, place, totals, purpose_keys(1, 0), np.zeros(layout.N_FIGURES, np.int64), 12)
    rng = np.random.default_rng(4)
    adult = place.residents["age"] >= layout.ADULT
    owing = adult & (rng.random(len(adult)) < 0.5)
    place.residents["loan"] = np.where(owing, rng.integers(1, 900, len(adult)), 0)
    place.residents["judged"] = np.where(owing & (rng.random(len(adult)) < 0.8), 2, 0)
    before = place.residents.copy()
    mothers = {"mother": place.lives.mother.copy(), "age": place.lives.age.copy(), "until": place.lives.until.copy()}
    turn_year(plan, place, totals, purpose_keys(1, 0), None)
    return plan, before, place, totals, mothers


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_debts_are_conserved_when_inherited(share: float) -> None:
    """What the dead owed under judgment is what heirs answer for and what ended; an heir's share is that of the debt."""
    _, before, place, totals, _ = _heirs(lives__heir_share=share)
    gone = np.flatnonzero(place.lives.since == 12)
    judged = before["judged"][gone] != 0
    owed = int(before["loan"][gone][judged].sum())
    counts = totals["counts"][12]
    inherited, ended = (int(counts[COUNTER[name]]) for name in ("debt_inherited", "debt_ended"))
    assert inherited + ended == owed > 0
    stays = np.flatnonzero(place.lives.since < 12)
    more = place.residents["loan"][stays].astype(int) - before["loan"][stays]
    assert (more >= 0).all()
    assert more.sum() == inherited
    assert (inherited > 0) == (share > 0)
    heirs = stays[more > 0]
    assert (before["loan"][heirs] == 0).all()
    assert (before["judged"][heirs] == 0).all()
    assert (place.residents["judged"][heirs] == 1).all()
    assert (place.watch["flag"][heirs] & layout.FLAG_TROUBLE != 0).all()
    assert (place.lives.age[heirs] > layout.ADULT).all()
    assert inherited <= share * owed


def test_who_inherits_is_a_matter_of_kin() -> None:
    """The oldest adult child of a mother, else the mirrored place; an heir who owes renounces, and nobody else is asked."""
    _, before, place, _, of = _heirs(lives__heir_share=1.0)
    n = len(before)
    dead = np.flatnonzero(of["until"] == 12)
    expected = {}
    by_child = 0
    for i in dead.tolist():
        if not before["judged"][i]:
            continue
        children = [
            c
            for c in np.flatnonzero(of["mother"] == i).tolist()
            if of["until"][c] != 12 and of["age"][c] >= layout.ADULT
        ]
        heir = max(children, key=lambda c: (of["age"][c], -c)) if children else n - 1 - i
        by_child += bool(children)
        fit = of["until"][heir] != 12 and of["age"][heir] >= layout.ADULT
        if fit and not before["loan"][heir] and not before["judged"][heir]:
            expected[heir] = int(before["loan"][i])
    more = place.residents["loan"].astype(int) - before["loan"]
    found = {int(i): int(more[i]) for i in np.flatnonzero((place.lives.since < 12) & (more > 0))}
    assert found == expected
    assert len(found) > 5


def test_an_heir_is_listed_for_what_was_inherited() -> None:
    """A share of nought ends debts with the debtor; with a whole one more are under judgment, and listed for it."""
    found = []
    for share in (0.0, 1.0):
        assumed = worlds.busy(lives__heir_share=share, lives__death_other=0.05)
        _, result = worlds.live(load_regime("court-defaulters"), months=40, residents=3_000, assumptions=assumed)
        counts = result.totals["counts"].sum(axis=0)
        found.append([int(counts[COUNTER[name]]) for name in ("debt_inherited", "judged", "entered")])
    assert found[0][0] == 0 < found[1][0]
    assert found[0][1] < found[1][1]
    assert found[0][2] < found[1][2]


def test_firms_and_bodies_are_led_by_adults() -> None:
    """Where a child is born at the place of a head, the next adult takes over; nobody else does."""
    plans = compile_plans(
        load_regime("government-integrity").stacked(),
        worlds.busy(lives__death_other=0.2, lives__children=3),
        seed=1,
        living=("residents", "firms", "bodies"),
    )
    place = settle_in(plans, worlds.city(), 0, seed=1, replay=0)
    assert place.firms is not None
    assert place.bodies is not None
    passed = 0
    for month in range(12, 72, 12):
        place.month = month
        before = [own["head"].copy() for own in (place.firms.own, place.bodies.own)]
        turn_year(plans.residents, place, empty_totals(73), purpose_keys(1, 0), None)
        age = place.lives.age
        for was, own in zip(before, (place.firms.own, place.bodies.own), strict=True):
            assert (age[own["head"]] >= layout.ADULT).all()
            assert (own["head"] == was)[age[was] >= layout.ADULT].all()
            for old, new in zip(was[own["head"] != was], own["head"][own["head"] != was], strict=True):
                between = np.arange(old, new if new > old else new + len(age)) % len(age)
                assert (age[between] < layout.ADULT).all()
                passed += 1
    assert passed > 5


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
    assert result.totals["counts"][:, COUNTER["born"]].sum() == 0  # no place is free
    assert result.totals["counts"][:, COUNTER["died"]].sum() == 0
    assert result.totals["counts"][:, COUNTER["came_of_age"]].sum() > 0


#: Stocks by adults in each of the years 5 … 60: counter, least, most. Assumed to be what "sensible" means.
STOCKS = {
    "unemployed": (0.02, 0.07),
    "in_arrears": (0.001, 0.015),
    "judged": (0.004, 0.03),
    "listed": (0.002, 0.02),
    "older": (0.2, 0.5),
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
    people = everyone(worlds.city(12_000), 0, demography_of(plan), 12 * YEARS)
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
        if name not in OR_NEVER:
            assert columns[name].max() < np.iinfo(kind).max, name
