"""Doors lead somewhere: what follows from a refusal by a rule, and that nothing follows where no rule refuses."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from counterscore.catalog.assume import load_assumptions
from counterscore.engine import layout
from counterscore.engine.draws import purpose_keys
from counterscore.engine.layout import COUNTER, EMPLOYED, MISSED_SCHOOL, OWN_BUSINESS
from counterscore.engine.plan import Plans, compile_plan
from counterscore.engine.world import empty_totals, live_until, settle_in
from tests import worlds

_WORK = ("services__business-licence__need", "services__market-stall__need", "services__public-post__need")
QUICK: dict[str, Any] = {"months": 16, "residents": 700}


@cache
def _live(effect: str = "", responses: bool = True, **settings: float) -> tuple[dict[str, int], dict[str, Any], Any]:
    chosen = worlds.busy(**(worlds.MANY_NEEDS | settings))
    plan, result = worlds.live(worlds.behind_doors(effect), assumptions=chosen, responses=responses, **QUICK)
    counted = {name: int(result.totals["counts"][:, at].sum()) for name, at in COUNTER.items()}
    return counted, worlds.columns(plan, result), result.places[0]


def test_where_no_rule_refuses_nothing_is_taken_away() -> None:
    """What a refusal costs makes no difference to anybody as long as no rule refuses: bit for bit."""
    costly = {"aftermath__welfare": 6, "aftermath__hospital": 6, "aftermath__hospital_job": 1, "aftermath__rental": 3}
    hard = costly | {
        "aftermath__business_closes": 1,
        "aftermath__school": 1,
        "aftermath__flight": 1,
        "aftermath__rail": 1,
    }
    hard |= {"circumstances__uninsured": 4}
    cheap = dict.fromkeys(hard, 0)
    for regime in (worlds.none(), worlds.without("effect: closed", "effect: narrowed", "kin-school")):
        one, two = (
            worlds.columns(*worlds.live(regime, assumptions=worlds.busy(**(worlds.MANY_NEEDS | how)), **QUICK))
            for how in (cheap, hard)
        )
        for name, column in one.items():
            assert (column == two[name]).all(), name
        assert one["own_business"].sum() > 0
        assert one["years_unable"].sum() == one["door_job_losses"].sum() == 0


@pytest.mark.parametrize(
    ("counter", "path"),
    [
        ("refusal_costs", "aftermath__welfare"),
        ("refusal_costs", "aftermath__hospital"),
        ("refusal_costs", "aftermath__rental"),
        ("refusal_costs", "aftermath__flight"),
        ("refusal_costs", "aftermath__rail"),
        ("refusal_costs", "circumstances__uninsured"),
        ("health_job_losses", "aftermath__hospital_job"),
        ("businesses_refused", "aftermath__business_closes"),
    ],
)
def test_a_refusal_matters_by_as_much_as_is_assumed(counter: str, path: str) -> None:
    costs = ("welfare", "hospital", "rental", "hospital_job", "business_closes", "flight", "rail")
    nothing = {f"aftermath__{name}": 0.0 for name in costs} | {"circumstances__uninsured": 0.0}
    high = load_assumptions().table[path.replace("__", ".", 1)].high
    assert high is not None
    without, with_ = (_live(**(nothing | {path: value}))[0][counter] for value in (0.0, float(high)))
    assert without == 0 < with_


def test_a_refused_licence_keeps_people_from_a_business_and_a_slow_one_from_waiting_for_it() -> None:
    closed, _, _ = _live("effect: closed")
    open_, _, _ = _live("effect: priced, times: 2")
    slow, _, _ = _live("effect: slowed, times: 12")
    fast, _, _ = _live("effect: opened, times: 0.1")
    assert closed["businesses_founded"] < slow["businesses_founded"] < fast["businesses_founded"]
    assert fast["businesses_given_up"] < open_["businesses_given_up"] < slow["businesses_given_up"]


def test_own_businesses_are_entered_run_and_end() -> None:
    counted, columns, place = _live()
    people = place.residents
    own = people["traits"] & OWN_BUSINESS != 0
    left = counted["businesses_founded"] - counted["businesses_closed"] - int(own.sum())
    assert 0 <= left <= len(people) // 50  # ended with a life, or with working life
    assert (people["work"][own] == EMPLOYED).all()
    assert counted["hired"] > 0 < counted["businesses_given_up"]
    assert columns["own_business"].sum() >= own.sum()  # the dead too, as they were


def test_a_child_refused_the_school_is_offered_less_work_when_grown() -> None:
    counted, _, place = _live()
    held = place.residents["traits"] & MISSED_SCHOOL != 0
    assert 0 < held.sum() <= counted["children_refused"]
    assert set(place.residents["age"][held]) <= set(range(20))
    out_of_work = []
    for share in (0.0, 1.0):
        plan = compile_plan(
            worlds.none().stacked(),
            worlds.busy(**dict.fromkeys(_WORK, 0.0), aftermath__school=share, lives__death_other=0),
            seed=1,
        )
        settled = settle_in(Plans(plan), worlds.city(700), 0, seed=1, replay=0)
        settled.residents["traits"] |= MISSED_SCHOOL
        totals = empty_totals(11)
        live_until(plan, settled, totals, purpose_keys(1, 0), np.zeros(layout.N_FIGURES, np.int64), 11)
        out_of_work.append(totals["counts"][:, COUNTER["unemployed"]])
    assert (np.diff(out_of_work[1]) >= 0).all()  # nobody is offered anything
    assert out_of_work[1][-1] > 1.5 * out_of_work[0][-1]


def test_every_child_whose_next_of_kin_asks_in_vain_counts() -> None:
    """Also where nothing is known of a child at home: whom a minor lives with as the next of kin asks for a school."""
    everywhere = {"services__school-place__need": 0.5}
    plan = compile_plan(worlds.behind_doors("effect: closed").stacked(), worlds.busy(**everywhere), seed=1)
    settled = settle_in(Plans(plan), worlds.city(700), 0, seed=1, replay=0)
    people = settled.residents
    people["traits"] &= 65535 ^ layout.HAS_CHILD
    child = people["age"] < layout.ADULT
    asked = child & ~child[::-1]  # the next of kin lives at the mirrored place
    live_until(plan, settled, empty_totals(11), purpose_keys(1, 0), np.zeros(layout.N_FIGURES, np.int64), 11)
    missed = settled.residents["traits"] & MISSED_SCHOOL != 0
    assert not missed[~asked].any()
    assert missed[asked].mean() > 0.9


def test_insurance_that_is_given_ends_what_the_refusal_did() -> None:
    _, _, place = _live()
    assert (place.residents["traits"] & layout.UNINSURED).any()
    _, _, place = _live("effect: priced, times: 2")
    assert not (place.residents["traits"] & layout.UNINSURED).any()
    plan = compile_plan(worlds.none().stacked(), worlds.busy(services__insurance__need=0.5), seed=1)
    settled = settle_in(Plans(plan), worlds.city(700), 0, seed=1, replay=0)
    settled.residents["traits"] |= layout.UNINSURED
    live_until(plan, settled, empty_totals(11), purpose_keys(1, 0), np.zeros(layout.N_FIGURES, np.int64), 11)
    adults = settled.residents[settled.residents["age"] >= layout.ADULT]
    assert (adults["traits"] & layout.UNINSURED != 0).mean() < 0.2


def test_unable_to_move_is_what_was_tried_and_refused() -> None:
    """Not membership of a list: who tries less, or is refused less, is counted less; who is refused nothing, never."""
    counted, columns, _ = _live(responses=False)
    unable = columns["years_unable"]
    assert counted["refused"] > 0 < unable.sum()
    assert (unable[columns["refused"] == 0] == 0).all()
    assert (unable <= 2).all()
    # Half of at least two attempts in one of two years: never more than the whole life's refusals allow.
    assert (columns["refused"][unable > 0] >= 1).all()
    for needed, missed in ((4, 0.5), (2, 1.0)):
        _, fewer, _ = _live(responses=False, doors__needed=needed, doors__missed=missed)
        assert (fewer["years_unable"] <= unable).all()
        assert fewer["years_unable"].sum() < unable.sum()
    _, none, _ = _live("effect: priced, times: 2", responses=False, services__flight__need=0, services__loan__need=0)
    assert none["years_unable"].sum() < unable.sum()


def test_with_responses_off_nothing_follows() -> None:
    counted, columns, _ = _live(responses=False)
    for name in ("businesses_founded", "hired", "refusal_costs", "children_refused", "health_job_losses"):
        assert counted[name] == 0, name
    assert columns["own_business"].sum() == 0
