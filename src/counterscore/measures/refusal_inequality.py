"""How unequally are all refusals distributed?"""

from __future__ import annotations

import numpy as np

from counterscore.measures._measure import Life, Mask, Measure, Value


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    refused = life.outcome("refused").astype(np.int64) + life.outcome("refused_else")
    ordered = np.sort(refused if mask is None else refused[mask]).astype(np.float64)
    n, total = len(ordered), ordered.sum()
    if not total:
        return None, float(n)
    rank = np.arange(1, n + 1)
    return float((2 * rank - n - 1) @ ordered / (n * total)), float(n)


MEASURE = Measure(
    id="refusal_inequality",
    subject="residents",
    topic="doors",
    question="How unequally are all refusals distributed?",
    unit="Gini, 0 to 1",
    definition="Gini coefficient over adults of attempts refused, by a door or for another reason; so it is there without any rule book too",
    limits="it says nothing of how many refusals there are, nor who deserves what; most refusals have nothing to do with a rule book",
    reads=("refused", "refused_else"),
    compute=_compute,
)
