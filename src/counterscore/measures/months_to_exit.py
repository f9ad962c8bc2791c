"""After how many months has half of the residents listed left the list?"""

from __future__ import annotations

import numpy as np

from counterscore.measures._measure import Life, Mask, Measure, Value
from counterscore.statistics import median, together


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    parts = life.listings("residents")
    if not parts:
        return None, 0.0
    every = together(parts)
    at = np.arange(int(every.months.max()) + 1)
    half = median(at, every.still_on(at))
    return (None if half is None else float(half)), float(every.total)


MEASURE = Measure(
    id="months_to_exit",
    subject="residents",
    topic="lists",
    question="What is the median time of residents on a list?",
    unit="months",
    definition=(
        "median of the Kaplan-Meier curve over spells of residents on lists; lists of honour, orders without a list, firms and "
        "public bodies left out; spells cut off by the end of the run or by death are censored"
    ),
    limits="none where fewer than half have left by the end of the run; all lists of residents together, each apart: counterscore spells",
    reads=("stays",),
    compute=_compute,
    needs="list",
    grouped=False,
)
