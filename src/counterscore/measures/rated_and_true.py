"""Do the ratings of public bodies and what they truly kept rank them alike?"""

from __future__ import annotations

import numpy as np

from counterscore.measures._measure import Life, Mask, Measure, Value, mean_ranks

_FEWEST = 5


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    due = life.body("contracts_due").astype(np.float64) + life.body("promises_due")
    kept = life.body("contracts_kept").astype(np.float64) + life.body("promises_kept")
    seen = due > 0
    if seen.sum() < _FEWEST or not life.body_grades:
        return None, float(seen.sum())
    rated, true = mean_ranks(life.body("score")[seen]), mean_ranks(kept[seen] / due[seen])
    if np.ptp(rated) == 0 or np.ptp(true) == 0:
        return None, float(seen.sum())
    return float(np.corrcoef(rated, true)[0, 1]), float(seen.sum())


MEASURE = Measure(
    id="rated_and_true",
    subject="bodies",
    topic="bodies",
    question="Do the ratings of public bodies and what they truly kept rank them alike?",
    unit="rank correlation",
    definition="Spearman correlation over bodies of the score at the end and the true share of contracts and promises kept in time",
    limits="the score looks back as far as its records count, the share over the whole run; small cities have few bodies",
    reads=("score", "contracts_kept", "promises_kept"),
    compute=_compute,
    needs="bodies",
    grouped=False,
)
