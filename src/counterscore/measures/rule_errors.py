"""How many records count against the rule?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    wrong = sum(life.count(name) for name in ("twice_records", "misjudged_records", "overdue_records"))
    return ratio(wrong, life.count("records"), 1000)


MEASURE = Measure(
    id="rule_errors",
    subject="residents",
    topic="errors",
    question="How many records count against the rule?",
    unit="of 1,000 records",
    definition="records counted twice, misjudged, or counted after their end",
    limits="follows from the assumed error rates",
    reads=("twice_records", "misjudged_records", "overdue_records"),
    compute=_compute,
    grouped=False,
    echo_of="errors.twice, errors.misjudged, errors.after_expiry",
)
