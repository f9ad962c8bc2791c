"""How many adults are listed at the end?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, share


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return share(life, life.still_there(mask), life.outcome("lists") != 0)


MEASURE = Measure(
    id="listed_now",
    subject="residents",
    topic="lists",
    question="How many adults are listed at the end?",
    unit="of 100 adults",
    definition="adults on at least one list or order in the last month",
    limits="a stock: it still grows in a run that is shorter than the spells",
    reads=("lists",),
    compute=_compute,
    needs="list",
    headline=True,
)
