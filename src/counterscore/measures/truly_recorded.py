"""How many adults have a bad record that is true?"""

from __future__ import annotations

import numpy as np

from counterscore.measures._measure import Life, Mask, Measure, Value, share


def _counts(life: Life) -> Mask:
    bad = life.outcome("records").astype(np.int64) - life.outcome("good_records")
    found: Mask = bad > life.outcome("untrue_records")
    return found


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return share(life, mask, _counts(life))


MEASURE = Measure(
    id="truly_recorded",
    subject="residents",
    topic="records",
    question="How many adults have a bad record that is true?",
    unit="of 100 adults",
    definition="adults with more bad records than records of what did not happen or was someone else's",
    limits="what is seen and recorded of true conduct, not the conduct; an untrue record of a good deed hides a true bad one",
    reads=("records", "good_records", "untrue_records"),
    compute=_compute,
    counts=_counts,
)
