"""At equal conduct, how much likelier is a bad record for the non-local than for the local?"""

from __future__ import annotations

import numpy as np

from counterscore.measures._measure import Life, Mask, Measure, Value


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    bad = (life.outcome("records").astype(int) - life.outcome("good_records")) > 0
    acts = np.minimum(life.conduct, 3)
    group = life.resident("registration")
    rates = []
    for code in (0, 1):
        parts = [
            (float((acts == k).mean()), bad[(acts == k) & (group == code)]) for k in range(1, 4) if (acts == k).any()
        ]
        if any(len(seen) == 0 for _, seen in parts) or not parts:
            return None, float(len(acts))
        rates.append(sum(weight * float(seen.mean()) for weight, seen in parts))
    return (rates[1] / rates[0] if rates[0] else None), float((acts > 0).sum())


MEASURE = Measure(
    id="recording_gap_local",
    subject="residents",
    topic="records",
    question="At equal conduct, how much likelier is a bad record for the non-local than for the local?",
    unit="times",
    definition="bad records by true acts of misconduct and duties not met, 1, 2 and 3 or more; rates standardised to the conduct of all adults, non-local by local",
    limits="base rates differ in other ways (files, kinds of acts); strata hold the number of acts, not their kind",
    reads=("records", "good_records", "misconduct", "duties", "registration"),
    compute=_compute,
    grouped=False,
)
