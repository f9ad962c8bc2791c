"""How many firms are listed at the end?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    listed = life.firm_outcome("lists") != 0
    return ratio(float(listed.sum()), float(len(listed)), 100)


MEASURE = Measure(
    id="firms_listed_now",
    subject="firms",
    topic="firms",
    question="How many firms are listed at the end?",
    unit="of 100 firms",
    definition="firms on at least one adverse list in the last month",
    limits="a stock: it still grows in a run that is shorter than the spells",
    reads=("lists",),
    compute=_compute,
    needs="firm list",
    grouped=False,
)
