"""At equal conduct, how much likelier is a bad record of a small firm than of a large one?"""

from __future__ import annotations

from counterscore.measures._firms import at_equal_conduct
from counterscore.measures._measure import Life, Mask, Measure, Value

_SMALL = 2  # sizes below it are micro and small


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    bad = (life.firm_outcome("records").astype(int) - life.firm_outcome("good_records")) > 0
    size = life.firm("size")
    return at_equal_conduct(life, bad.astype(float), size < _SMALL, size >= _SMALL)


MEASURE = Measure(
    id="firm_size_gap",
    subject="firms",
    topic="firms",
    question="At equal conduct, how much likelier is a bad record of a small firm than of a large one?",
    unit="times",
    definition="share of micro and small firms with a bad record by that of medium and large ones, among firms with as many acts of misconduct, weighted by all firms",
    limits="detection does not depend on size in the model, so a gap comes through money, inspections and names",
    reads=(
        "records",
        "good_records",
        "misconduct",
        "size",
    ),
    compute=_compute,
    needs="firms",
    grouped=False,
)
