"""How many singles find a partner?"""

from __future__ import annotations

import numpy as np

from counterscore.measures._measure import YEAR, Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    found, alone = life.private("couples"), life.private("alone")
    if mask is not None:
        found, alone = found[mask], alone[mask]
    return ratio(float(found.sum(dtype=np.int64)), float(alone.sum(dtype=np.int64)) / YEAR, 1000.0)


MEASURE = Measure(
    id="matches",
    subject="residents",
    topic="ties",
    question="How many singles find a partner?",
    unit="of 1,000 singles a year",
    definition="times that a single adult becomes one of a couple, by years lived as a single, those parted or widowed since included",
    limits="who likes whom, how many profiles are seen and how many couples separate are assumptions",
    reads=("couples", "alone"),
    compute=_compute,
    headline=True,
    needs="partners",
)
