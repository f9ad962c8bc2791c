"""How many attempts are refused because of a rule?"""

from __future__ import annotations

import numpy as np

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    refused, tried = life.outcome("refused"), life.outcome("attempts")
    if mask is not None:
        refused, tried = refused[mask], tried[mask]
    return ratio(float(refused.sum(dtype=np.int64)), float(tried.sum(dtype=np.int64)), 1000)


MEASURE = Measure(
    id="refusals",
    subject="residents",
    topic="doors",
    question="How many attempts are refused because of a rule?",
    unit="of 1,000 attempts",
    definition="attempts at any service refused by a closed or narrowed door",
    limits="refusals for other reasons are not counted; need is assumed not to fall when doors close",
    reads=("attempts", "refused"),
    compute=_compute,
    headline=True,
)
