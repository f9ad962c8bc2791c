"""Rights belong to the rule book that gives them; consent is asked where no score is known; firms fare alike in any sample."""

from __future__ import annotations

import numpy as np
import pytest

from counterscore.catalog import load_assumptions, load_regime
from counterscore.engine.layout import BODY_COUNTER, COUNTER, FIRM_COUNTER
from counterscore.engine.plan import asking_of, compile_plan, compile_plans
from counterscore.engine.world import live_world
from counterscore.regime.model import Regime
from tests import worlds

SILENT = worlds.TOWN.replace("  notice: {given: true, source: a, mark: assumed}\n", "")
assert SILENT != worlds.TOWN


def _beside(one: Regime, *others: Regime) -> Regime:
    found = one.model_copy()
    found._document, found._stacked = one.document, others
    return found


def test_notice_does_not_leak_between_stacked_books() -> None:
    silent = worlds.regime_of(SILENT.replace("id: test-town", "id: silent"))
    telling = load_regime("court-defaulters")
    assert telling.rights.notice.given
    assert not silent.rights.notice.given
    alone = compile_plan([silent], load_assumptions(), seed=1)
    beside = compile_plan([silent, telling], load_assumptions(), seed=1)
    rows = len(silent.catalogue)
    for field in ("row_notice", "row_informs", "row_won_wrong"):
        assert (np.asarray(alone[field])[:rows] == np.asarray(beside[field])[:rows]).all(), field
    assert (np.asarray(beside["row_informs"])[rows : rows + len(telling.catalogue)] == 1).all()
    assert (
        np.asarray(beside["row_won_wrong"])[rows : rows + len(telling.catalogue)] > beside["row_won_wrong"][0]
    ).all()


def test_the_reform_notice_reaches_somebody_in_a_stack() -> None:
    counts = {}
    for name, text in (("silent", SILENT), ("telling", worlds.TOWN)):
        regime = _beside(worlds.regime_of(text), load_regime("court-defaulters"))
        _, result = worlds.live(regime, months=14, residents=1500)
        counts[name] = {one: int(result.totals["counts"][:, COUNTER[one]].sum()) for one in ("noticed", "aware")}
    assert counts["telling"]["noticed"] > 2 * counts["silent"]["noticed"] > 0
    assert counts["telling"]["aware"] > counts["silent"]["aware"]


def test_who_finds_a_record_without_notice_does_not_learn_of_the_book() -> None:
    """With nobody listed, told or talking, awareness moves only where notice is given."""
    for text, moves in ((SILENT, False), (worlds.TOWN, True)):
        quiet = text[: text.index("lists:")] + text[text.index("rights:") :]
        regime = worlds.regime_of("\n".join(line for line in quiet.splitlines() if "on_list" not in line))
        calm = worlds.busy(rights__notice_without=0.5, response__told=0, response__talk=0)
        _, result = worlds.live(regime, months=12, residents=1500, assumptions=calm)
        aware = result.totals["counts"][:, COUNTER["aware"]]
        assert bool(aware[-1] > aware[0]) is moves


@pytest.mark.parametrize("name", ["xiamen-egret", "hangzhou-qianjiang"])
def test_consent_is_asked_where_the_score_is_unknown(name: str) -> None:
    regime = load_regime(name)
    assert regime.participation != "mandatory"
    assert name in [one.id for one in asking_of(regime.stacked())]
    own = len(regime.catalogue)
    never = worlds.busy(
        adoption__public__begin=0, adoption__public__join=0, adoption__consent__begin=0, adoption__consent__join=0
    )
    plan = compile_plan([regime], never, seed=1)
    assert own
    assert (np.asarray(plan["row_consent"])[:own] != 0).all()
    alone = _beside(regime)
    _, none_join = worlds.live(alone, months=8, residents=1500, assumptions=never)
    assert none_join.totals["counts"][:, COUNTER["records"]].sum() == 0
    often = worlds.busy(adoption__public__join=0.01, adoption__consent__join=0.05, acts__volunteering__rate=0.09)
    _, some_join = worlds.live(alone, months=8, residents=1500, assumptions=often)
    assert some_join.totals["counts"][:, COUNTER["joined"]].sum() > 0
    assert some_join.totals["counts"][:, COUNTER["records"]].sum() > 0


def test_contracts_are_as_many_for_each_firm_in_any_sample() -> None:
    """The same firms sign as often in a small city as in a large one, and what they front is a share of their turnover."""
    regime, shares = load_regime("government-integrity"), []
    chosen = load_assumptions().with_set("bodies.contracts=0.4")
    for residents in (1_500, 6_000):
        stack = regime.stacked()
        plans = compile_plans(stack, chosen, seed=1, living=("residents", "firms", "bodies"))
        result = live_world(plans, worlds.city(residents), months=36, seed=1, replay=0)
        signed = result.totals["body_tally"][:, BODY_COUNTER["contracts"]].sum()
        firm_months = result.totals["firm_tally"][:, FIRM_COUNTER["open"]].sum()
        shares.append(signed / firm_months)
        for place in result.places:
            assert place.bodies is not None
            assert place.firms is not None
            deals = place.bodies.contracts
            kept = deals[(deals["amount"] > 0) & (deals["firm"] >= 0)]
            turnover = place.firms.own["turnover"][kept["firm"]].astype(float)
            assert (kept["amount"] <= np.maximum(1, 0.6 * turnover)).all()
    assert abs(shares[0] / shares[1] - 1) < 0.35
