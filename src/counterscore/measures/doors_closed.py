"""How many services are closed or narrowed at once, at worst?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, mean


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return mean(mask, life.outcome("doors_most"))


MEASURE = Measure(
    id="doors_closed",
    subject="residents",
    topic="doors",
    question="How many services are closed or narrowed at once, at worst?",
    unit="services",
    definition="mean over adults of the most services closed or narrowed in one month",
    limits="narrowed counts like closed",
    reads=("doors_most",),
    compute=_compute,
)
