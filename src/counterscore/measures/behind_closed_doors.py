"""How many adults have many doors closed at once, whether they try them or not?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, share


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return share(life, mask, life.outcome("months_unable") > 0)


MEASURE = Measure(
    id="behind_closed_doors",
    subject="residents",
    topic="doors",
    question="How many adults have at least k essential services closed to them at once?",
    unit="of 100 adults",
    definition="adults with at least k essential services closed in at least one month; k is doors.unable_at",
    limits="whether they need any of these is not asked, so that it counts members of lists; only services of the model; "
    "k is an assumption and shown",
    reads=("months_unable",),
    compute=_compute,
)
