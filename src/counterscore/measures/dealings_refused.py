"""How many honest residents are refused a dealing because of a record?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, share


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return share(life, mask, life.outcome("dealings_refused") > 0, 1000)


MEASURE = Measure(
    id="dealings_refused",
    subject="residents",
    topic="dealings",
    question="How many honest residents are refused a dealing because of a record?",
    unit="of 1,000 adults",
    definition="adults, no repeat offenders, refused at least one one-shot dealing because of a record or published list",
    limits="how often residents deal with strangers is an assumption (dealings.need, dealings.one_shot)",
    reads=("dealings_refused",),
    compute=_compute,
    echo_of="dealings.need, in proportion",
)
