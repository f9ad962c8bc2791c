"""How often do firms owe wages?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return ratio(float(life.firm_count("owing_wages")), float(life.firm_count("open")), 1000)


MEASURE = Measure(
    id="firms_owing_wages",
    subject="firms",
    topic="firms",
    question="How often do firms owe wages?",
    unit="of 1,000 firm-months",
    definition="months in which an open firm owes wages, by months of open firms",
    limits="turnover, margins and the order in which bills are put off are assumed",
    reads=(
        "owing_wages",
        "open",
    ),
    compute=_compute,
    needs="firms",
    grouped=False,
)
