"""How many stays on lists begin in a year?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return ratio(life.count("entered"), life.adult_years, 10_000)


MEASURE = Measure(
    id="entered",
    subject="residents",
    topic="lists",
    question="How many stays on lists begin in a year?",
    unit="of 10,000 adults a year",
    definition="stays that began, by adults and years",
    limits="a resident may enter more than once",
    reads=("entered",),
    compute=_compute,
    needs="list",
    grouped=False,
)
