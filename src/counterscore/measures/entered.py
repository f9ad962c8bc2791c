"""How many listing spells begin in a year?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return ratio(life.count("entered"), life.adult_years, 10_000)


MEASURE = Measure(
    id="entered",
    subject="residents",
    topic="lists",
    question="How many listing spells begin in a year?",
    unit="of 10,000 adults a year",
    definition="listing spells that began, divided by adult-years",
    limits="a resident may enter more than once",
    reads=("entered",),
    compute=_compute,
    needs="list",
    grouped=False,
)
