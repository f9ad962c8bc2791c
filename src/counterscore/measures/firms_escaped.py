"""How many reopened firms escape their record?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return ratio(float(life.firm_count("escaped")), float(life.firm_count("reopened")), 100)


MEASURE = Measure(
    id="firms_escaped",
    subject="firms",
    topic="firms",
    question="How many reopened firms escape their record?",
    unit="of 100 reopened",
    definition="firms opened again that left a record that counted, or an adverse list, with the old name",
    limits="none where the rule book follows the representative: the answer then repeats the rule",
    reads=(
        "escaped",
        "reopened",
    ),
    compute=_compute,
    needs="firms",
    grouped=False,
    echo_of="follows of the rule book, where it is representative",
)
