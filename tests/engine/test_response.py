"""What people feel of a rule: more points, likelier seen and more met nearby never less; nothing from nothing."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterscore.catalog.assume import load_assumptions
from counterscore.engine import draws, layout
from counterscore.engine.plan import ACT_INDEX, Plans, compile_plan
from counterscore.engine.weights import share_recorded
from counterscore.engine.world import empty_totals, live_until, outcome_columns, settle_in
from counterscore.regime.model import Regime
from tests import worlds

BOOK = """
format: 1
id: felt
title: What is felt
place: Test town
status: scenario
sources: {a: {title: assumption, kind: assumption}}
authorities: {office: {label: Office, contexts: [speech, traffic, blood, finance]}}
catalogue:
  - {id: post, label: Post, act: [critical-post], authority: office, points: -65, source: a, mark: assumed}
  - {id: ticket, label: Ticket, act: [traffic-violation], authority: office, points: -65, source: a, mark: assumed}
  - {id: blood, label: Blood, act: [blood-donation], authority: office, points: 65, source: a, mark: assumed}
score:
  start: 1000
  floor: 0
  ceiling: 1300
  grades: [{id: A, from: 960, to: 1300}, {id: B, from: 0, to: 959}]
  source: a
  mark: assumed
doors:
  - {id: no-honours, service: honours, effect: closed, when: grade B, source: a, mark: assumed}
"""
POST, TICKET, BLOOD, SHOWN = (
    ACT_INDEX[name] for name in ("critical-post", "traffic-violation", "blood-donation", "allegiance-shown")
)
SETTINGS = {
    "response__awareness": 1,
    "response__chilling": 0.3,
    "response__deterrence": 0.3,
    "response__reward": 0.5,
    "response__certain": 0.5,
    "acts__critical-post__rate": 0.1,
    "acts__blood-donation__rate": 0.1,
    "acts__critical-post__detection": 0.5,
    "acts__traffic-violation__detection": 0.5,
    "acts__blood-donation__detection": 0.5,
    "errors__untrue": 0,
    "recording__leniency": 0,
    "recording__favour": 0,
}


def _book(*replaced: tuple[str, str]) -> Regime:
    text = BOOK
    for old, new in replaced:
        assert old in text, old
        text = text.replace(old, new)
    return worlds.regime_of(text)


@cache
def _done(
    *replaced: tuple[str, str],
    near: int = 65536,
    favoured: int | None = None,
    months: int = 8,
    nothing: bool = False,
    **settings: float,
) -> dict[str, np.ndarray]:
    """Acts done by each resident of one kind each, and of all kinds together, where ``near`` others met such things, and
    ``favoured`` what favours (as many, unless given).
    """
    plan = compile_plan(
        (worlds.none() if nothing else _book(*replaced)).stacked(), worlds.busy(**SETTINGS | settings), seed=3
    )
    place = settle_in(Plans(plan), worlds.city(500), 0, seed=3, replay=0)
    totals = empty_totals(months)
    figures = np.full(layout.N_FIGURES, near, np.int64)
    figures[2 * layout.N_DISTRICTS :] = near if favoured is None else favoured
    live_until(plan, place, totals, draws.purpose_keys(3, 0), figures, months)
    kept = {
        name: place.residents[name].astype(np.int64) for name in ("misconduct", "good_deeds", "lawful_acts", "gamed")
    }
    return kept | {"acts": totals["sums"]["acts"][0, :, layout.ACTS_DONE].copy()}


def _points(points: int) -> tuple[tuple[str, str], ...]:
    return (("points: -65", f"points: {-points}"), ("points: 65", f"points: {points}"))


def _in_order(runs: list[dict[str, np.ndarray]]) -> None:
    """From one run to the next everybody holds back at least as much, and is drawn at least as much to what is rewarded."""
    for less, more in pairwise(runs):
        assert (more["misconduct"] <= less["misconduct"]).all()
        assert (more["lawful_acts"] <= less["lawful_acts"]).all()
        assert (more["good_deeds"] >= less["good_deeds"]).all()
    first, last = runs[0]["acts"], runs[-1]["acts"]
    assert last[POST] < first[POST]
    assert last[TICKET] < first[TICKET]
    assert last[BLOOD] > first[BLOOD]


def _same(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> None:
    assert all((one[name] == other[name]).all() for name in one)


def test_more_points_never_hold_back_less_and_saturate() -> None:
    """A twentieth of a span of 1,300 points, 65, is felt in full."""
    _in_order([_done(*_points(points)) for points in (1, 20, 65)])
    _same(_done(*_points(65)), _done(*_points(500)))


def test_who_is_likelier_seen_never_holds_back_less_and_it_saturates() -> None:
    def seen(chance: float) -> dict[str, np.ndarray]:
        acts = ("critical-post", "traffic-violation", "blood-donation")
        return _done(**{f"acts__{act}__detection": chance for act in acts})

    _in_order([seen(chance) for chance in (0, 0.05, 0.25, 0.5)])
    assert seen(0.5)["acts"][POST] < seen(0.05)["acts"][POST] < seen(0)["acts"][POST]
    _same(seen(0.5), seen(1))


def test_what_is_looked_for_is_felt_more() -> None:
    watched = (("authority: office, points", "authority: office, watched: 10, points"),)
    acts = ("critical-post", "traffic-violation", "blood-donation")
    low, certain = ({f"acts__{act}__detection": chance for act in acts} for chance in (0.05, 1.0))
    _in_order([_done(**low), _done(*watched, **low)])
    _same(_done(**certain), _done(*watched, **certain))


def test_what_others_near_met_is_felt() -> None:
    runs = [_done(near=near) for near in (0, 1000, 3277)]  # 3,277 of 65,536 is the twentieth that is felt in full
    for less, more in pairwise(runs):
        assert (more["misconduct"] <= less["misconduct"]).all()
        assert (more["lawful_acts"] <= less["lawful_acts"]).all()
        assert (more["good_deeds"] >= less["good_deeds"]).all()
    assert runs[-1]["acts"][POST] < runs[0]["acts"][POST]
    assert runs[-1]["acts"][BLOOD] > runs[0]["acts"][BLOOD]  # no door opens here: points keep from burdens, which count
    _same(runs[-1], _done(near=65536))


def test_what_favours_others_near_is_felt_of_rewards_alone() -> None:
    """Where a door opens, it is how many others near passed one that counts, and not how many met a burden."""
    opens = (("effect: closed, when: grade B", "effect: opened, times: 0.5, when: grade A"),)
    shares = [(0, 0), (65536, 0), (0, 1000), (0, 3277), (65536, 65536)]  # met, favoured
    none, burdened, some, many, both = (_done(*opens, near=met, favoured=favoured) for met, favoured in shares)
    assert none["acts"][BLOOD] == burdened["acts"][BLOOD] < some["acts"][BLOOD] < many["acts"][BLOOD]
    assert many["acts"][BLOOD] == both["acts"][BLOOD]
    assert (none["good_deeds"] <= many["good_deeds"]).all()
    assert many["acts"][POST] == none["acts"][POST] > burdened["acts"][POST] == both["acts"][POST]


def test_who_is_favoured_is_counted_in_december_by_district() -> None:
    opens = (("effect: closed, when: grade B", "effect: opened, times: 0.5, when: grade A"),)
    counted = {}
    for name, book in (("opens", _book(*opens)), ("closes", _book())):
        plan = compile_plan(book.stacked(), worlds.busy(**SETTINGS), seed=3)
        place = settle_in(Plans(plan), worlds.city(500), 0, seed=3, replay=0)
        totals = empty_totals(12)
        live_until(plan, place, totals, draws.purpose_keys(3, 0), np.zeros(layout.N_FIGURES, np.int64), 12)
        people = place.residents
        best = (people["grade"][:, 0] == 0) & (people["age"] >= layout.ADULT)
        counted[name] = totals["listed"][0, 2 * layout.N_DISTRICTS :].tolist()
        if name == "opens":
            assert counted[name] == np.bincount(people["district"][best], minlength=layout.N_DISTRICTS).tolist()
            assert 0 < best.sum() < (people["age"] >= layout.ADULT).sum()
    assert not any(counted["closes"])


#: Rule books under which nothing follows from a record, or in the eyes of those who act.
NOTHING: dict[str, tuple[tuple[tuple[str, str], ...], dict[str, float]]] = {
    "no points, no list, no door": (_points(0), {}),
    "never seen": (
        (),
        {f"acts__{act}__detection": 0.0 for act in ("critical-post", "traffic-violation", "blood-donation")},
    ),
    "nobody knows": ((), {"response__awareness": 0, "response__talk": 0}),
    "no door and no list": (((BOOK[BOOK.index("doors:") :], ""),), {}),
}


@pytest.mark.parametrize("why", NOTHING)
def test_nothing_follows_from_nothing(why: str) -> None:
    """Bit for bit what the same residents do where nothing is recorded."""
    replaced, settings = NOTHING[why]
    _same(_done(*replaced, **settings), _done(nothing=True, **settings))
    if why != "nobody knows":
        with pytest.raises(AssertionError):
            _same(_done(), _done(nothing=True))


@given(st.lists(st.integers(0, 1300), min_size=2, max_size=2, unique=True))
def test_weights_rise_with_points(points: list[int]) -> None:
    less, more = (compile_plan(_book(*_points(one)).stacked(), load_assumptions(), seed=1) for one in sorted(points))
    for name, act in (("act_chill", POST), ("act_deter", TICKET), ("act_uplift", BLOOD), ("act_game", BLOOD)):
        assert less[name][act] <= more[name][act]
        if max(points) <= 65:
            assert less[name][act] < more[name][act]


@pytest.mark.parametrize(
    ("replaced", "full"),
    [
        ((("catalogue:", "lists: {bad: {label: Bad, enter: record(post), term: 1 year, leave: [expired], source: a, mark: assumed}}\ncatalogue:"),), True),
        ((("when: grade B", "when: record post"),), True),
        ((("points: -65, source", "points: -1, cap: {grade: B, lasts: 1 year}, source"),), True),
        ((("points: -65, source", "points: -1, source"),), False),
    ],
)  # fmt: skip
def test_a_list_a_door_and_a_cap_are_felt_in_full(replaced: tuple[tuple[str, str], ...], full: bool) -> None:
    plan = compile_plan(_book(*replaced).stacked(), load_assumptions(), seed=1)
    assert (plan.act_chill[POST] == round(0.1 * 65536)) == full


def test_acts_too_small_to_record_are_felt_by_the_share_that_is_not() -> None:
    assumptions = load_assumptions()
    row = _book().catalogue[0].model_copy(update={"at_least": 100})
    assert share_recorded(row, "tax-arrears", assumptions) == pytest.approx(
        0.01
    )  # a hundredth exceeds a hundred times the least
    assert share_recorded(row, "donation", assumptions) == pytest.approx((2000 - 99) / (2000 - 49))
    assert share_recorded(row, "critical-post", assumptions) == 1
    assert share_recorded(row.model_copy(update={"at_least": 5000}), "donation", assumptions) == 0


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("severe", 0.01, 0.2), ("generous", 0.01, 0.2), ("certain", 0.05, 1), ("unmet", 0, 1), ("familiar", 0.01, 0.2)],
)
def test_each_assumption_matters(name: str, low: float, high: float) -> None:
    ends = [_done(*_points(20), near=1000, **{f"response__{name}": end}) for end in (low, high)]
    assert (ends[0]["acts"] != ends[1]["acts"]).any()


def test_the_allegiance_is_drawn_by_lot_and_only_its_holders_show_it() -> None:
    shown = (("[critical-post]", "[allegiance-shown]"),)
    settings = {"acts__allegiance-shown__rate": 0.2, "acts__allegiance-shown__detection": 0.5}
    nobody = _done(*shown, **settings, conduct__allegiance=0)
    some, all_ = (_done(*shown, **settings, conduct__allegiance=share) for share in (0.3, 1))
    assert nobody["acts"][SHOWN] == 0
    assert 0.15 < some["acts"][SHOWN] / all_["acts"][SHOWN] < 0.45
    plan = compile_plan(worlds.none().stacked(), worlds.busy(conduct__allegiance=0.3), seed=3)
    place = settle_in(Plans(plan), worlds.city(3000), 0, seed=3, replay=0)
    holds = (place.residents["traits"] & layout.ALLIED) != 0
    adults = place.residents["age"] >= 18
    assert not holds[~adults].any()
    assert 0.26 < holds[adults].mean() < 0.34
    columns = outcome_columns(plan, place)
    assert columns["allegiance"].tolist() == holds.astype(int).tolist()
