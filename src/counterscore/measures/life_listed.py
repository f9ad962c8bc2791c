"""What share of adult life is spent on lists?"""

from __future__ import annotations

import numpy as np

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio
from counterscore.measures._tally import Tallied, Tally


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    listed, lived = life.outcome("months_listed"), life.adult_months
    if mask is not None:
        listed, lived = listed[mask], lived[mask]
    return Tallied.of(_share, listed=int(listed.sum(dtype=np.int64)), lived=int(lived.sum()), adults=len(lived))


def _share(tally: Tally) -> Value:
    return ratio(float(tally["listed"]), float(tally["lived"]), 100)[0], float(tally["adults"])


MEASURE = Measure(
    id="life_listed",
    subject="residents",
    topic="lists",
    question="What share of adult life is spent on lists?",
    unit="per cent of adult months",
    definition="months on any list, of the months that adults lived within the run, the dead included",
    limits="only months within the run: in a run shorter than a life nobody's whole life is seen",
    reads=("months_listed", "since", "until"),
    compute=_compute,
    needs="list",
)
