"""How many of those with a wrong record object at all?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, mean


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    wrong = (life.outcome("untrue_records") > 0) | (life.outcome("rule_wrong_records") > 0)
    return mean(wrong if mask is None else wrong & mask, 100.0 * (life.outcome("appeals") > 0))


MEASURE = Measure(
    id="wrong_and_objected",
    subject="residents",
    topic="rights",
    question="How many of those with a wrong record object at all?",
    unit="of 100 adults with a wrong record",
    definition="adults with a record that is not true or counts against the rule who filed an objection or appeal, to any record",
    limits="the objection may have been to another record; how many object where they can is assumed (rights.appeal_wrong)",
    reads=("untrue_records", "rule_wrong_records", "appeals"),
    compute=_compute,
    echo_of="rights.appeal_wrong",
)
