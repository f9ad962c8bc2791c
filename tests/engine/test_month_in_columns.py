"""The peer of the benchmark, a month in NumPy columns, lives by the rules of the engine: a third reading of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from benchmarks import columns
from counterscore.engine.draws import purpose_keys
from counterscore.engine.plan import Plans
from counterscore.engine.world import empty_figures, empty_totals, live_until, settle_in
from tests import worlds

#: Enough of every kind of event in a year of 40,000 residents.
_OFTEN = {
    "circumstances.judged_at_start": 0.2,
    "circumstances.evasion": 0.1,
    "circumstances.ban_breach": 0.1,
    "circumstances.default": 0.01,
    "rights.appeal_right": 0.3,
    "rights.won_right": 0.4,
    "conduct.fraud": 0.0,
}


@pytest.fixture(scope="module")
def both() -> tuple[Any, Any, Any, Any]:
    assumptions = columns.assumed()
    for path, value in _OFTEN.items():
        assumptions = assumptions.with_value(path, value)
    plans, city = Plans(columns.plan(assumptions)), worlds.city(40_000, seed=2)
    places = [settle_in(plans, city, k, seed=2, replay=0) for k in range(len(city.subdistricts))]
    start, watch = (np.concatenate([getattr(one, name) for one in places]) for name in ("residents", "watch"))
    sums = empty_totals(columns.MONTHS)
    for place in places:
        keys, figures = purpose_keys(2, 0), empty_figures(columns.MONTHS)[0]
        live_until(plans.residents, place, sums, keys, figures, columns.MONTHS)
    return plans.residents, start, watch, sums["counts"]


def year(plan: Any, start: Any, watch: Any, **changed: Any) -> Any:
    town = columns.Town(plan, start, watch, seed=5)
    for name, value in changed.items():
        setattr(town, name, value)
    for _ in range(columns.MONTHS):
        town.live()
    return town


def test_the_month_in_columns_has_the_rates_of_the_engine(both: tuple[Any, Any, Any, Any]) -> None:
    plan, start, watch, totals = both
    town = year(plan, start, watch)
    assert columns.agree(town.counts, totals) == []
    seen = {name for name in columns.COMPARED if town.counts[name].sum() >= 20}
    assert set(columns.COMPARED) - seen <= {"unable"}
    assert town.out["attempts"].sum() == town.counts["attempts"].sum() == town.services[:, 0].sum()
    assert town.acts.sum() > town.counts["misconduct"].sum()


def test_another_rate_would_be_seen(both: tuple[Any, Any, Any, Any]) -> None:
    plan, start, watch, totals = both
    town = columns.Town(plan, start, watch, seed=5)
    for name in ("refuses", "refuses_else", "detected", "need"):
        apart = columns.agree(year(plan, start, watch, **{name: getattr(town, name) * 0.7}).counts, totals)
        assert apart, name
