"""At equal conduct, how many times as many untrue records do the professions under scrutiny have?"""

from __future__ import annotations

import numpy as np

from counterscore.measures._measure import Life, Mask, Measure, Value
from counterscore.measures._scrutiny import rate_ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return rate_ratio(life, life.outcome("untrue_records").astype(np.int64), life.conduct)


MEASURE = Measure(
    id="scrutiny_untrue",
    subject="residents",
    topic="records",
    question="At equal conduct, how many times as many untrue records do the professions under scrutiny have?",
    unit="times",
    definition="as scrutiny, of records of what did not happen or was someone else's",
    limits="a closer look finds true acts here and adds no untrue ones; mix-ups land on others; untrue records are few",
    reads=("untrue_records", "misconduct", "duties", "occupation"),
    compute=_compute,
    needs="scrutiny",
    grouped=False,
)
