"""How long after the first record are people first listed?"""

from __future__ import annotations

import numpy as np

from counterscore.measures._measure import NEVER, Life, Mask, Measure, Value, mean


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    recorded, listed = (life.outcome(name).astype(np.int64) for name in ("first_record", "first_listed"))
    both = (recorded != NEVER) & (listed != NEVER) & (listed >= recorded)
    return mean(both if mask is None else both & mask, listed - recorded)


MEASURE = Measure(
    id="months_to_listing",
    subject="residents",
    topic="lists",
    question="How long after the first record are people first listed?",
    unit="months",
    definition="months from the first record of any kind to the first entry on a list, mean of those who have both in this order",
    limits="the first record need not be the one they are listed for; a rule book with many rows has long times without any delay",
    reads=("first_record", "first_listed"),
    compute=_compute,
    needs="list",
)
