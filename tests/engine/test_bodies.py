"""Public bodies: the compiled month against plain Python, twins, and what the assessment changes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from counterscore.catalog import load_assumptions, load_regime
from counterscore.catalog.assume import Assumptions
from counterscore.engine import draws, layout
from counterscore.engine.plan import Plans, compile_plan
from counterscore.engine.world import empty_totals, live_until, settle_in
from counterscore.regime.model import Regime
from tests import worlds
from tests.reference.bodies import Body, Offices, Official

MONTHS = 40
SEED, REPLAY = 5, 1


def settings(**given: float) -> Assumptions:
    chosen = load_assumptions()
    defaults = {
        "bodies.suit": 0.3,
        "bodies.suit_after": 2,
        "bodies.complaint": 0.2,
        "bodies.break": 0.03,
        "bodies.residents": 60,  # as many bodies as if there were more residents
        "bodies.contracts": 4,  # and as many contracts as if there were more firms
        "bodies.rotation": 0.25,
        "bodies.stuck": 0.3,
        "acts.body-judgment-unpaid.detection": 0.9,
        "acts.arrears-to-firm.detection": 0.3,
        "errors.twice": 0.05,
        "errors.after_expiry": 0.1,
        "errors.late_removal": 0.3,
    }
    for path, value in (defaults | {_path(name): value for name, value in given.items()}).items():
        chosen = chosen.with_set(f"{path}={value}")
    return chosen


def _path(name: str) -> str:
    """``acts__promise_late__detection`` as ``acts.promise-late.detection``."""
    first, middle, *rest = name.split("__")
    return ".".join([first, middle.replace("_", "-") if first in {"acts", "services"} else middle, *rest])


def weighty(weight: float, *, own: bool = False) -> Regime:
    """Government integrity with this weight in the assessment; ``own`` with the scenario of officials on record."""
    text = next(iter(load_regime("government-integrity").files.values()))
    assert "assessment: {weight: {value: 0.2" in text
    text = text.replace("assessment: {weight: {value: 0.2", f"assessment: {{weight: {{value: {weight}")
    rows = """  - {id: kept, label: Paid by the day, act: [public-contract-kept], authority: audit, points: 1, source: assumed, mark: assumed}
  - {id: leader, label: Led by who has a bad record, act: [official-on-record], authority: audit, points: -5, source: assumed, mark: assumed}
"""
    if own:
        text = text.replace("score:\n", f"{rows}score:\n", 1).replace("assessment: {", "assessment: {of: official, ")
        text = text.replace("contexts: [contract, statistics]", "contexts: [contract, statistics, administration]")
    return worlds.regime_of(text)


def live(
    regime: Regime,
    months: int = MONTHS,
    *,
    responses: bool = True,
    errors: bool = True,
    residents: int = 500,
    **given: float,
) -> tuple[Any, Any, dict[str, Any]]:
    """The plan of bodies, the subdistrict they live in, and the totals."""
    chosen = settings(**given)
    plans = [
        compile_plan(regime.stacked(), chosen, seed=SEED, responses=responses, errors=errors, subject=subject)
        for subject in ("residents", "firms", "bodies")
    ]
    place = settle_in(Plans(*plans), worlds.city(residents), 0, seed=SEED, replay=REPLAY)
    totals = empty_totals(months)
    live_until(plans[0], place, totals, draws.purpose_keys(SEED, REPLAY), np.zeros(layout.N_FIGURES, np.int64), months)
    assert place.bodies is not None
    assert len(place.bodies.in_office()) <= len(place.bodies.officials)  # however many Januaries are lived at once
    return plans[2], place, totals


@pytest.mark.parametrize(
    ("responses", "errors", "weight", "own"),
    [(True, True, 0.8, False), (False, False, 0.8, False), (True, True, 0.0, False), (True, True, 0.9, True)],
)
def test_engine_equals_plain_python(responses: bool, errors: bool, weight: float, own: bool) -> None:
    regime = weighty(weight, own=own)
    chosen = settings(circumstances__retirement_age=45, services__official_promotion__refused__full=0.4)
    plans = [
        compile_plan(regime.stacked(), chosen, seed=SEED, responses=responses, errors=errors, subject=subject)
        for subject in ("residents", "firms", "bodies")
    ]
    place = settle_in(Plans(*plans), worlds.city(500), 0, seed=SEED, replay=REPLAY)
    files = place.bodies.files
    turnover = place.firms.own["turnover"].tolist()
    bodies = [_body(files, at) for at in range(len(files.residents))]
    pool = place.bodies.pool["resident"].tolist()
    offices = Offices(plans[2], bodies, SEED, REPLAY, turnover, place.residents, pool)
    offices.retires = int(plans[0].circumstances_retirement_age)
    many = len(bodies)
    offices.officials = [Official(int(row["resident"]), at % many) for at, row in enumerate(place.bodies.in_office())]
    for at, who in enumerate(bodies):
        who.leader, who.deputy = at, many + at
    totals = empty_totals(MONTHS)
    for month in range(MONTHS):
        live_until(
            plans[0], place, totals, draws.purpose_keys(SEED, REPLAY), np.zeros(layout.N_FIGURES, np.int64), month + 1
        )
        offices.counts, offices.tally = {}, {}
        offices.homes = place.residents
        offices.dead = set(np.flatnonzero(place.lives.since == month).tolist()) if month else set()
        offices.month_of_bodies()
        for name, at in layout.BODY_COUNTER.items():
            assert totals["body_tally"][month, at] == offices.tally.get(name, 0), (month, name)
        for name in layout.BODY_SHARED:
            if not name.startswith("listed_wrong"):
                assert totals["body_counts"][month, layout.COUNTER[name]] == offices.counts.get(name, 0), (month, name)
    bodies_now = place.bodies.own
    plain = {"arrears", "stress", "effort", "gaming", "head", "kind", "leader", "deputy", "led_since"}
    for at, who in enumerate(bodies):
        for name in set(layout.BODY.names or ()) - plain:
            assert bodies_now[name][at] == who.numbers.get(name, 0), (at, name)
        assert [int(bodies_now[name][at]) for name in sorted(plain - {"kind"})] == [
            who.owed,
            who.deputy,
            who.effort,
            who.gaming,
            offices.officials[who.leader].resident,
            who.leader,
            who.led_since,
            who.stress,
        ]
        assert files.residents["score"][at, 0] == who.score[0]
        assert files.residents["lists"][at] == sum(1 << stay.what for stay in who.stays())
        assert files.residents["doors"][at] == who.doors
        assert files.residents["conscientiousness"][at] == who.conscientiousness
    kept = place.bodies.in_office()
    assert len(kept) == len(offices.officials)
    for row, official in zip(kept, offices.officials, strict=True):
        left = -1 if official.left is None else official.left
        assert [int(row[name]) for name in ("resident", "body", "own", "year", "left", "came", "since", "gone")] == [
            official.resident,
            official.body,
            official.own,
            official.year,
            left,
            official.came,
            official.since,
            official.gone,
        ]
        assert (bool(row["leads"]), bool(row["up"])) == (official.leads, official.up)
        for name in ("months_led", "months_restricted", "moves", "assessed", "asked", "held", "rises"):
            assert row[name] == official.numbers.get(name, 0), name
    tally = totals["body_tally"].sum(axis=0)
    assert tally[layout.BODY_COUNTER["overdue"]] > 50
    assert all(tally[layout.BODY_COUNTER[name]] > 0 for name in ("moves", "promotions", "retired", "inherited_due"))


def _body(files: Any, at: int) -> Body:
    row = files.residents[at]
    names = ("age", "district", "group", "file", "conscientiousness", "outspokenness", "sociability", "means", "traits")
    return Body(
        at=at,
        number=int(files.space.first) + at,
        loan=0,
        work=int(row["work"]),
        aware=0,
        score=[int(v) for v in row["score"]],
        grade=[int(v) for v in row["grade"]],
        doors=int(row["doors"]),
        base=[0] * layout.MAX_SCHEMES,
        part={s for s in range(layout.MAX_SCHEMES) if int(row["part"]) >> s & 1},
        **{name: int(row[name]) for name in names},
    )


def test_what_bodies_do_not_pay_is_missing_from_firms() -> None:
    """With nothing left open by any budget, and always kept, firms hold more than where nothing is ever paid."""
    held = []
    for keep, stress in ((1.0, 0.0), (0.0, 0.9)):
        given = {"bodies__keep": keep, "bodies__stress": stress, "bodies__year_spread": 0, "bodies__district_spread": 0}
        given |= {"bodies__stuck": 0, "bodies__disown": 0}
        _, place, totals = live(load_regime("government-integrity"), 24, responses=False, **given)
        own = place.firms.own
        held.append(int(own["cash"].astype(np.int64).sum() - own["owed"].astype(np.int64).sum()))
        tally = totals["body_tally"].sum(axis=0)
        kept, due = (tally[layout.BODY_COUNTER[name]] for name in ("contracts_kept", "contracts_due"))
        assert kept == (due if keep else 0)
    assert held[0] > held[1]


def test_without_responses_the_rating_changes_nobody() -> None:
    """Twins: where nothing follows from assessment and doors, bodies live as under no rule book about them."""
    _, rated, _ = live(weighty(1.0), responses=False)
    _, free, _ = live(load_regime("none"), responses=False)
    for name in ("contracts_kept", "contracts_late", "promises_kept", "promises_broken", "overdue_months"):
        assert (rated.bodies.own[name] == free.bodies.own[name]).all(), name
    assert (rated.bodies.own["contracts"] == free.bodies.own["contracts"]).all()


def test_what_is_signed_does_not_depend_on_the_rules() -> None:
    _, heavy, _ = live(weighty(1.0))
    _, free, _ = live(load_regime("none"))
    for name in ("contracts", "promises", "contracts_due", "promises_due"):
        assert (heavy.bodies.own[name] == free.bodies.own[name]).all(), name


def test_effort_keeps_more_dates_and_gaming_hides_more() -> None:
    assessed = {"bodies__effort": 1.0, "bodies__gaming": 0.0}
    _, honest, _ = live(weighty(1.0), 60, **assessed)
    _, free, _ = live(weighty(0.0), 60, **assessed)
    assert honest.bodies.own["contracts_kept"].sum() > free.bodies.own["contracts_kept"].sum()
    _, gaming, totals = live(weighty(1.0), 60, bodies__effort=0.0, bodies__gaming=2.0)
    assert gaming.bodies.own["massaged"].sum() > 0
    assert totals["body_tally"][:, layout.BODY_COUNTER["pressed"]].sum() > 0
    seen = [one.bodies.own["overdue_recorded"].sum() / one.bodies.own["overdue_months"].sum() for one in (gaming, free)]
    assert seen[0] < seen[1]


def test_a_listed_body_closes_its_official_the_flights() -> None:
    _, place, totals = live(load_regime("government-integrity"))
    restricted = totals["body_tally"][:, layout.BODY_COUNTER["officials_restricted"]]
    assert restricted.sum() > 0
    listed = place.bodies.files.residents["lists"] != 0
    for at in np.flatnonzero(listed):
        assert place.residents["doors"][place.bodies.own["head"][at]] != 0


def test_doors_of_a_list_refuse_what_the_body_asks_for() -> None:
    _, _, totals = live(load_regime("government-integrity"))
    counts = totals["body_counts"].sum(axis=0)
    assert counts[layout.COUNTER["listed"]] > 0
    assert counts[layout.COUNTER["refused"]] > 0


def test_what_is_awarded_by_a_court_is_not_given_up() -> None:
    """A list ends when the judgment is carried out, not because the body gives up paying."""
    given = {"bodies__break": 0.5, "bodies__suit_after": 0, "bodies__suit": 0.5, "bodies__keep": 0.3}
    _, place, _ = live(load_regime("government-integrity"), **given)
    contracts = place.bodies.contracts
    assert (contracts["state"] == layout.BROKEN).any()
    assert (contracts["judged"] > 0).any()
    assert not ((contracts["state"] == layout.BROKEN) & (contracts["judged"] > 0)).any()


def test_who_moves_leaves_the_rating_behind_and_takes_the_own_record_along() -> None:
    given = {"bodies__rotation": 1.0, "acts__arrears_to_firm__detection": 1.0}
    _, place, totals = live(weighty(1.0, own=True), **given)
    officials = place.bodies.in_office()
    moved = officials[(officials["moves"] > 0) & (officials["leads"] > 0)]
    assert len(moved) > 0
    assert (moved["own"] + moved["year"] < 0).any()  # no body that they lead now has had arrears under them alone
    assert totals["body_tally"][:, layout.BODY_COUNTER["left_behind"]].sum() > 0


def test_doors_go_along_only_where_officials_answer_for_their_own_record() -> None:
    pursued = [
        live(weighty(0.2, own=own), bodies__rotation=1.0)[2]["body_tally"][
            :, layout.BODY_COUNTER["officials_pursued"]
        ].sum()
        for own in (False, True)
    ]
    assert pursued[0] == 0
    assert pursued[1] > 0


def test_a_low_rating_costs_promotions() -> None:
    given = {"bodies__stress": 0.9, "services__official_promotion__refused__full": 0.0}
    _, rated, _ = live(weighty(1.0), 60, **given)
    _, free, _ = live(weighty(0.0), 60, **given)
    promoted = [(one.bodies.in_office()["how"] == layout.PROMOTED).sum() for one in (rated, free)]
    assert promoted[0] < promoted[1]


def test_what_a_predecessor_signed_is_paid_less_readily() -> None:
    _, place, _ = live(load_regime("none"), 60, bodies__rotation=0.5, bodies__disown=0.8)
    own = place.bodies.own
    mine = (own["contracts_kept"] - own["inherited_kept"]).sum() / (own["contracts_due"] - own["inherited_due"]).sum()
    assert own["inherited_kept"].sum() / own["inherited_due"].sum() < 0.6 * mine


def test_numbers_follow_the_city() -> None:
    """For each resident and each firm there is as much in a small city as in a large one, but for chance."""
    chosen = load_assumptions()
    rates = {}
    for residents in (3_000, 12_000, 48_000):
        plans = [
            compile_plan(load_regime("none").stacked(), chosen, seed=SEED, subject=subject)
            for subject in ("residents", "firms", "bodies")
        ]
        cities = 1 if residents > 5_000 else 8  # small ones are lived more often, so that chance is no larger
        found = np.zeros(5)
        for seed in range(cities):
            place = settle_in(Plans(*plans), worlds.city(residents, seed=seed), 0, seed=seed, replay=REPLAY)
            totals = empty_totals(24)
            live_until(
                plans[0], place, totals, draws.purpose_keys(seed, REPLAY), np.zeros(layout.N_FIGURES, np.int64), 24
            )
            tally = totals["body_tally"].sum(axis=0)
            contracts, promises = (tally[layout.BODY_COUNTER[name]] for name in ("contracts", "promises"))
            owing = totals["firm_tally"][:, layout.FIRM_COUNTER["owing_wages"]].sum()
            found += [len(place.bodies.own), contracts, promises, owing, len(place.firms.own)]
        firms = found[4]
        rates[residents] = np.array(
            [found[0] / cities / residents, found[1] / firms, found[2] / cities / residents, found[3] / firms / 24]
        )
        expected = [1 / 1000, 2 * chosen["bodies.contracts"], 24 * chosen["bodies.promise"] / 1000]
        spread = 4 / np.sqrt(np.maximum(1, found[:3]))  # four standard errors of a count
        assert np.all(np.abs(rates[residents][:3] / expected - 1) <= spread), (residents, rates[residents])
    assert rates[3_000][3] == pytest.approx(rates[48_000][3], abs=0.012), rates  # firms owing wages, of one
