"""How many acts covered by a rule are not recorded?"""

from __future__ import annotations

import numpy as np

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    unseen, seen = life.outcome("unrecorded"), life.outcome("records")
    if mask is not None:
        unseen, seen = unseen[mask], seen[mask]
    missed = float(unseen.sum(dtype=np.int64))
    return ratio(missed, missed + float(seen.sum(dtype=np.int64)), 100)


MEASURE = Measure(
    id="missed",
    subject="residents",
    topic="errors",
    question="How many acts covered by a rule are not recorded?",
    unit="per cent of acts covered",
    definition="acts a rule covers that no authority recorded, of all such acts",
    limits="follows from the assumed detection of each act",
    reads=("unrecorded", "records"),
    compute=_compute,
    echo_of="acts.*.detection",
)
