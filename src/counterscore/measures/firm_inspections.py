"""How often is a firm inspected?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return ratio(float(life.firm_count("inspections")), life.firm_count("open") / 12)


MEASURE = Measure(
    id="firm_inspections",
    subject="firms",
    topic="firms",
    question="How often is a firm inspected?",
    unit="inspections per firm-year",
    definition="inspections divided by open firm-years",
    limits="the plain rate is assumed",
    reads=("inspections",),
    compute=_compute,
    needs="firms",
    grouped=False,
)
