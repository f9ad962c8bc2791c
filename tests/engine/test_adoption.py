"""A rule book that is adopted in the middle of a run: until then the world is the baseline's, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest

from counterscore.catalog import adopted_from, load_regime
from counterscore.engine.layout import COUNTER
from counterscore.engine.plan import compile_plan, earlier_plans
from counterscore.engine.world import WorldResult, live_world
from counterscore.errors import InputError, UsageError
from counterscore.regime.model import Regime
from tests import worlds

MONTHS, START, ADOPTED, AT = 20, "2018-01", "2018-11", 10
#: What a run keeps of residents that depends on the numbering of a rule book, or on there being one.
_NUMBERED = {"score", "grade", "lists"}


def _live(regime: Regime, months: int = MONTHS) -> tuple[object, WorldResult]:
    settings = {"seed": 1, "responses": True, "errors": True}
    stack, chosen = regime.stacked(), worlds.busy()
    plan = compile_plan(stack, chosen, **settings)  # type: ignore[arg-type]
    earlier = earlier_plans(stack, chosen, start=START, **settings)  # type: ignore[arg-type]
    return plan, live_world(plan, worlds.city(900), months=months, seed=1, replay=0, earlier=earlier)


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("test-town", "none"),
        ("town-with-courts", "court-defaulters"),
        ("weihai-2018", "none"),
        ("suining-2010", "none"),
    ],
)
def test_identical_until_that_month_and_different_after(name: str, base: str) -> None:
    before = load_regime(base)
    towns = {"test-town": worlds.town, "town-with-courts": worlds.town_with_courts}
    regime = adopted_from(towns[name]() if name in towns else load_regime(name), ADOPTED, base=before)
    _, later = _live(regime)
    _, baseline = _live(before)
    counts = [world.totals["counts"] for world in (later, baseline)]
    assert (counts[0][:AT] == counts[1][:AT]).all()
    records = [table[AT:, COUNTER["records"]].sum() for table in counts]
    assert records[0] > records[1]
    stopped = [_live(one, AT) for one in (regime, before)]
    columns = [worlds.columns(plan, world) for plan, world in stopped]
    for column in set(columns[0]) - _NUMBERED:
        assert (columns[0][column] == columns[1][column]).all(), column


def test_from_then_on_its_scores_and_doors_are_there_for_everybody() -> None:
    regime = adopted_from(load_regime("suining-2010"), ADOPTED)
    _, before = _live(regime, AT)
    _, after = _live(regime, AT + 1)
    assert after.totals["counts"][AT, COUNTER["green_attempts"]] > 0
    assert before.totals["counts"][:, COUNTER["green_attempts"]].sum() == 0
    assert after.totals["counts"][AT, COUNTER["records"]] > 0


def test_in_force_from_the_first_month_is_the_regime_itself() -> None:
    regime = adopted_from(load_regime("suining-2010"), START)
    assert earlier_plans(regime.stacked(), worlds.busy(), start=START, seed=1) == ()
    _, one = _live(regime, 6)
    _, other = _live(load_regime("suining-2010"), 6)
    assert (one.totals["counts"] == other.totals["counts"]).all()


def test_what_the_baseline_had_goes_on() -> None:
    regime = adopted_from(worlds.town_with_courts(), ADOPTED, base=load_regime("court-defaulters"))
    adopted = {one.id: one.adopted for one in regime.stacked()}
    assert adopted == {"test-town": ADOPTED, "court-defaulters": None}
    _, world = _live(regime)
    assert world.totals["counts"][:AT, COUNTER["listed"]].sum() > 0
    assert np.diff(world.totals["counts"][AT - 1 : AT + 1, COUNTER["records"]])[0] > 0


def test_a_baseline_that_would_be_lost_is_told() -> None:
    with pytest.raises(UsageError, match="does not go on with rongcheng-2013"):
        adopted_from(load_regime("weihai-2018"), ADOPTED, base=load_regime("rongcheng-2013"))


def test_what_cannot_come_later_is_told() -> None:
    regime = adopted_from(load_regime("sesame-credit"), ADOPTED)
    with pytest.raises(InputError, match="cannot be adopted in the middle of a run"):
        earlier_plans(regime.stacked(), worlds.busy(), start=START, seed=1)
