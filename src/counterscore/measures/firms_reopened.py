"""How many closed firms open again under a new name?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return ratio(float(life.firm_count("reopened")), float(life.firm_count("closed")), 100)


MEASURE = Measure(
    id="firms_reopened",
    subject="firms",
    topic="firms",
    question="How many closed firms open again under a new name?",
    unit="of 100 that closed",
    definition="new names of the same representative, by firms that closed",
    limits="how many try is assumed; what a rule book adds is the refused licence",
    reads=(
        "reopened",
        "closed",
    ),
    compute=_compute,
    needs="firms",
    grouped=False,
)
