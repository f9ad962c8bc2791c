"""How unequally are refusals by rules distributed?"""

from __future__ import annotations

import numpy as np

from counterscore.measures._measure import Life, Mask, Measure, Value


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    refused = np.sort(life.outcome("refused") if mask is None else life.outcome("refused")[mask]).astype(np.float64)
    total = refused.sum()
    if not total:
        return None, float(len(refused))
    rank = np.arange(1, len(refused) + 1)
    return float((2 * rank - len(refused) - 1) @ refused / (len(refused) * total)), float(len(refused))


MEASURE = Measure(
    id="access_inequality",
    subject="residents",
    topic="doors",
    question="How unequally are refusals by rules distributed?",
    unit="Gini, 0 to 1",
    definition="Gini coefficient of refusals by doors among adults",
    limits="near 1 where few residents bear all refusals; it says nothing of how many refusals there are",
    reads=("refused",),
    compute=_compute,
)
