"""At equal conduct, how many times as many bad records do the professions under scrutiny have?"""

from __future__ import annotations

import numpy as np

from counterscore.measures._measure import Life, Mask, Measure, Value
from counterscore.measures._scrutiny import rate_ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    bad = life.outcome("records").astype(np.int64) - life.outcome("good_records")
    return rate_ratio(life, bad, life.conduct)


MEASURE = Measure(
    id="scrutiny",
    subject="residents",
    topic="records",
    question="At equal conduct, how many times as many bad records do the professions under scrutiny have?",
    unit="times",
    definition=(
        "bad records, untrue ones included, of the occupations that a rule book names, by those of all others in work; "
        "compared among residents with equally many true acts of misconduct and duties not met (0 to 5, 6 and more) by Mantel-Haenszel"
    ),
    limits="the multiple of the rule book is an input; acts are counted, not their kind",
    reads=("records", "good_records", "misconduct", "duties", "occupation"),
    compute=_compute,
    needs="scrutiny",
    grouped=False,
    echo_of="times of the scrutiny rules",
)
