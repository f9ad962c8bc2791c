"""How many records are not true?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return ratio(life.count("untrue_records"), life.count("records"), 1000)


MEASURE = Measure(
    id="untrue_records",
    subject="residents",
    topic="errors",
    question="How many records are not true?",
    unit="of 1,000 records",
    definition="records of what did not happen or was someone else's",
    limits="follows from the assumed error rates",
    reads=("untrue_records",),
    compute=_compute,
    grouped=False,
    echo_of="errors.untrue, errors.mix_up",
)
