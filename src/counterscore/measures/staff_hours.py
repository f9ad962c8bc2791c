"""How much staff time do appeals and repairs take?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return ratio(life.count("staff_minutes") / 60, life.adult_years, 10_000)


MEASURE = Measure(
    id="staff_hours",
    subject="residents",
    topic="rights",
    question="How much staff time do appeals and repairs take?",
    unit="hours of 10,000 adults a year",
    definition="staff time for objections, appeals and repairs",
    limits="minutes a case are assumptions (rights.minutes_appeal, rights.minutes_repair)",
    reads=("staff_minutes",),
    compute=_compute,
    grouped=False,
    echo_of="rights.minutes_appeal",
)
