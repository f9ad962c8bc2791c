"""How many months of work go unpaid?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    if not life.has_firms:
        return None, 0.0
    return ratio(float(life.firm_count("unpaid_workers")), life.adult_years, 1000)


MEASURE = Measure(
    id="unpaid_workers",
    subject="residents",
    topic="firms",
    question="How many months of work go unpaid?",
    unit="a year and 1,000 adults",
    definition="months of work without pay because a firm did not pay, by adult years",
    limits="wages that are paid later count as unpaid in the month they were due",
    reads=("unpaid_workers",),
    compute=_compute,
    needs="firms",
    grouped=False,
)
