"""How much does debt grow because of being listed?"""

from __future__ import annotations

import numpy as np

from counterscore.measures._measure import NEVER, Life, Mask, Measure, Value, mean


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    if base is None:
        return None, 0.0
    listed = life.outcome("first_listed") != NEVER
    chosen = listed if mask is None else listed & mask
    more = life.outcome("debt").astype(np.int64) - base.outcome("debt").astype(np.int64)
    return mean(chosen, more)


MEASURE = Measure(
    id="spiral",
    subject="residents",
    topic="doors",
    question="How much does debt grow because of being listed?",
    unit="thousand yuan for each adult ever listed",
    definition="debt in arrears or under judgment at the end, of those ever listed in this world, less the debt of the same residents in the baseline",
    limits="the same residents with the same random numbers; includes what listing did through closed doors and pressure to pay",
    reads=("debt", "first_listed"),
    compute=_compute,
    needs="baseline",
)
