"""How many residents does a repeat offender defraud?"""

from __future__ import annotations

import numpy as np

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    offender = life.resident("offender") == 1
    if mask is not None:
        offender = offender & mask
    return ratio(float(life.outcome("victims")[offender].sum(dtype=np.int64)), float(offender.sum()))


MEASURE = Measure(
    id="victims_per_offender",
    subject="residents",
    topic="dealings",
    question="How many residents does a repeat offender defraud?",
    unit="victims of an offender, over the run",
    definition="frauds that went ahead, by repeat offenders; one-shot dealings go ahead unless a record or published list warns",
    limits=(
        "offenders, dealings and moves are assumptions (conduct.fraud, dealings.one_shot, conduct.move_on); partners "
        "who deal again know of an earlier fraud in the same place whatever is recorded"
    ),
    reads=("victims", "offender"),
    compute=_compute,
    headline=True,
)
