"""A rule book that is adopted in the middle of a run: until then the world is the baseline's, bit for bit."""

from __future__ import annotations

import numpy as np
import pytest

from counterscore.catalog import adopted_from, load_regime
from counterscore.engine.layout import COUNTER, FIRM_COUNTER
from counterscore.engine.plan import compile_plans
from counterscore.engine.world import WorldResult, live_world
from counterscore.errors import UsageError
from counterscore.regime.model import Regime
from counterscore.specification import matchmaking, subjects_needed
from tests import worlds

MONTHS, START, ADOPTED, AT = 20, "2018-01", "2018-11", 10
#: What a run keeps of residents that depends on the numbering of a rule book, or on there being one.
_NUMBERED = {"score", "grade", "lists"}


def _live(regime: Regime, months: int = MONTHS, beside: Regime | None = None) -> tuple[object, WorldResult]:
    """``regime`` in a city where everybody lives of whom it or ``beside`` speaks."""
    settings = {"seed": 1, "responses": True, "errors": True}
    stack, chosen = regime.stacked(), worlds.busy()
    books = [regime, *([beside] if beside else [])]
    both = {"living": subjects_needed(one for book in books for one in book.stacked()), "meeting": matchmaking(books)}
    plans = compile_plans(stack, chosen, start=START, **settings, **both)  # type: ignore[arg-type]
    return plans.residents, live_world(plans, worlds.city(900), months=months, seed=1, replay=0)


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("test-town", "none"),
        ("town-with-courts", "court-defaulters"),
        ("weihai-2018", "none"),
        ("suining-2010", "none"),
        ("zhejiang-firms", "none"),
        ("zhejiang-firms", "market-lists"),
        ("government-integrity", "none"),
        ("sesame-credit", "court-defaulters"),
        ("baihe-match", "sesame-credit"),
        ("fraud-register", "none"),
        ("credit-registry", "none"),
        ("hangzhou-qianjiang", "none"),
        ("beijing-points", "none"),
        ("beijing-points", "court-defaulters"),
        ("critics-scenario", "sesame-credit"),
    ],
)
def test_identical_until_that_month_and_different_after(name: str, base: str) -> None:
    before = load_regime(base)
    towns = {"test-town": worlds.town, "town-with-courts": worlds.town_with_courts}
    whole = towns[name]() if name in towns else load_regime(name)
    regime = adopted_from(whole, ADOPTED, base=before)
    _, later = _live(regime, beside=before)
    _, baseline = _live(before, beside=whole)
    for table in ("counts", "firm_counts", "firm_tally", "body_counts", "body_tally"):
        a, b = later.totals[table], baseline.totals[table]
        assert (a[:AT] == b[:AT]).all(), [(table, *at) for at in np.argwhere(a[:AT] != b[:AT])[:5]]
    if name not in {"hangzhou-qianjiang", "baihe-match"}:  # of a score without known numbers, or of matches alone
        records = [
            sum(int(one.totals[f"{whose}counts"][AT:, COUNTER["records"]].sum()) for whose in ("", "firm_", "body_"))
            for one in (later, baseline)
        ]
        assert records[0] > records[1]
    stopped = [_live(one, AT, other) for one, other in ((regime, before), (before, whole))]
    columns = [worlds.columns(plan, world) for plan, world in stopped]
    for column in set(columns[0]) & set(columns[1]) - _NUMBERED:
        assert (columns[0][column] == columns[1][column]).all(), column
    for outcomes in (WorldResult.firm_outcomes, WorldResult.body_outcomes):
        for mine, theirs in zip(*(outcomes(world) for _, world in stopped), strict=True):
            for column in set(mine) - _NUMBERED:
                assert (mine[column] == theirs[column]).all(), column


def test_who_takes_part_joins_from_then_on() -> None:
    before = load_regime("court-defaulters")
    _, world = _live(adopted_from(load_regime("sesame-credit"), ADOPTED, base=before), beside=before)
    part = world.totals["counts"][:, COUNTER["taking_part"]]
    assert part[:AT].sum() == 0
    assert part[AT + 1] > 0
    assert part[-1] > part[AT + 1]


def test_firms_and_their_heads_meet_the_rules_from_then_on() -> None:
    whole = worlds.firms_regime()
    regime = adopted_from(whole, ADOPTED, base=whole.stacked()[1])
    _, world = _live(regime)
    tally = world.totals["firm_tally"][:, FIRM_COUNTER["heads_restricted"]]
    assert tally[:AT].sum() == 0
    assert tally[AT:].sum() > 0


def test_from_then_on_its_scores_and_doors_are_there_for_everybody() -> None:
    regime = adopted_from(load_regime("suining-2010"), ADOPTED)
    _, before = _live(regime, AT)
    _, after = _live(regime, AT + 1)
    assert after.totals["counts"][AT, COUNTER["green_attempts"]] > 0
    assert before.totals["counts"][:, COUNTER["green_attempts"]].sum() == 0
    assert after.totals["counts"][AT, COUNTER["records"]] > 0


def test_in_force_from_the_first_month_is_the_regime_itself() -> None:
    regime = adopted_from(load_regime("suining-2010"), START)
    assert compile_plans(regime.stacked(), worlds.busy(), start=START, seed=1).earlier == ()
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
