"""At equal conduct, how much more often are small firms inspected than large ones?"""

from __future__ import annotations

from counterscore.measures._firms import at_equal_conduct
from counterscore.measures._measure import Life, Mask, Measure, Value

_SMALL = 2  # sizes below it are micro and small


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    visits, size = life.firm_outcome("inspections"), life.firm("size")
    return at_equal_conduct(life, visits.astype(float), size < _SMALL, size >= _SMALL)


MEASURE = Measure(
    id="inspections_by_size",
    subject="firms",
    topic="firms",
    question="At equal conduct, how much more often are small firms inspected than large ones?",
    unit="times",
    definition="inspections of micro and small firms by those of medium and large ones, among firms with as many acts of misconduct (0, 1, 2, 3 and more), weighted by all firms",
    limits="large firms are few: small cities give no value; no rule book here looks at size, so what differs comes through records",
    reads=(
        "inspections",
        "misconduct",
        "size",
    ),
    compute=_compute,
    needs="firms",
    grouped=False,
)
