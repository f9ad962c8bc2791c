"""How many of the residents listed are still on the list after five years?"""

from __future__ import annotations

import numpy as np

from counterscore.measures._measure import Life, Mask, Measure, Value
from counterscore.statistics import together

_MONTHS = 60


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    parts = life.listings("residents")
    total = float(sum(one.total for one in parts))
    if not parts or max(int(one.months.max()) for one in parts) < _MONTHS:
        return None, total
    return 100 * float(together(parts).still_on(np.array([_MONTHS - 1]))[0]), total


MEASURE = Measure(
    id="still_listed_5y",
    subject="residents",
    topic="lists",
    question="What share of residents' listing spells last at least five years?",
    unit="per cent of spells",
    definition=(
        "Kaplan-Meier share of spells of residents on lists that last at least 60 months; lists of honour, orders without a list, "
        "firms and public bodies left out; spells cut off by the end of the run or by death are censored"
    ),
    limits="none where no spell is followed for five years; all lists of residents together, each apart: counterscore spells",
    reads=("stays",),
    compute=_compute,
    needs="list",
    grouped=False,
)
