"""Luck hangs on what a rule is about: the same rules under other names give everybody the same history."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from counterscore import catalog
from counterscore.engine.plan import compile_plans
from counterscore.engine.world import live_world
from counterscore.regime.model import Regime
from counterscore.specification import subjects_needed
from tests import worlds
from tests.renamed import renamed

MONTHS, RESIDENTS = 24, 600
_LISTS = "lists"  #: bits by the place of a list, which a copy keeps


def _history(regime: Regime) -> dict[str, np.ndarray]:
    """Every column of everybody who lives under ``regime``: residents, firms, public bodies."""
    stack = regime.stacked()
    living = subjects_needed(stack)
    busy = worlds.busy(rights__appeal_right=0.2, errors__after_expiry=0.3, rights__repair=0.2)
    plans = compile_plans(stack, busy, seed=3, living=living)
    with ThreadPoolExecutor(1) as pool:
        result = live_world(
            plans,
            worlds.city(RESIDENTS),
            months=MONTHS,
            seed=3,
            replay=1,
            pool=pool,
        )
    found = {f"resident {name}": column for name, column in worlds.columns(plans.residents, result).items()}
    for what, parts in (("firm", result.firm_outcomes()), ("body", result.body_outcomes())):
        for part in parts:
            found |= {f"{what} {name}": column for name, column in part.items()}
    found |= {name: table for name, table in result.totals.items() if name.endswith(("counts", "tally"))}
    return found


@pytest.mark.parametrize("regime_id", catalog.regime_ids())
def test_a_copy_under_other_names_is_an_exact_twin(regime_id: str) -> None:
    one, two = _history(catalog.load_regime(regime_id)), _history(renamed(regime_id))
    assert one.keys() == two.keys()
    different = [name for name in one if not np.array_equal(one[name], two[name])]
    assert not different
