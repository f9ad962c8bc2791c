"""How much more often are firms of the lower grades inspected?"""

from __future__ import annotations

from counterscore.measures._measure import NO_GRADE, Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    grade, visits = life.firm_outcome("grade"), life.firm_outcome("inspections")
    known = grade != NO_GRADE
    low = known & (2 * grade.astype(int) >= len(life.firm_grades))
    upper = visits[known & ~low]
    if not low.any() or not len(upper):
        return None, float(low.sum())
    return ratio(float(visits[low].mean()), float(upper.mean()))[0], float(low.sum())


MEASURE = Measure(
    id="inspections_by_grade",
    subject="firms",
    topic="firms",
    question="How much more often are firms of the lower grades inspected?",
    unit="times",
    definition="inspections of firms that end in the lower half of the grades, by those of firms in the upper half",
    limits="grades at the end, not of the month of each inspection; so it falls short of the rule book's multiple",
    reads=(
        "inspections",
        "grade",
    ),
    compute=_compute,
    needs="firm score",
    grouped=False,
    echo_of="times of the doors before inspections",
)
