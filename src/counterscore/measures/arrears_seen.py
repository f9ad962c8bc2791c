"""How much of what public bodies owe is in their record?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    happened = life.body_count("overdue") + life.body_count("promises_due") - life.body_count("promises_kept")
    return ratio(life.body_count("overdue_recorded"), happened, 100)


MEASURE = Measure(
    id="arrears_seen",
    subject="bodies",
    topic="bodies",
    question="How much of what public bodies owe is in their record?",
    unit="per cent of months of arrears and late promises",
    definition="months of arrears and late promises that were recorded, of all that happened; the rest was not seen, or the figures were massaged",
    limits="detection is an assumption; the difference between worlds shows gaming",
    reads=("overdue_recorded", "overdue", "promises_late"),
    compute=_compute,
    needs="bodies",
    grouped=False,
    headline=True,
    echo_of="acts.arrears-to-firm.detection",
)
