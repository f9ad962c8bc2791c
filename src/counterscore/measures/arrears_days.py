"""How long do firms wait for overdue money from public bodies?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return ratio(30 * life.body_count("overdue"), life.body_count("contracts_due"))


MEASURE = Measure(
    id="arrears_days",
    subject="bodies",
    topic="bodies",
    question="How long do firms wait for overdue money from public bodies?",
    unit="days a contract due",
    definition="days of arrears, months counted as 30 days, for each contract that fell due",
    limits="contracts still open at the end count with the days so far",
    reads=("overdue", "contracts_due"),
    compute=_compute,
    needs="bodies",
    grouped=False,
    headline=True,
    echo_of="",
)
