"""How many firms are in the worst grade at the end?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    if not life.firm_grades:
        return None, 0.0
    grade = life.firm_outcome("grade")[life.firm_outcome("closed") == 0]
    return ratio(float((grade == len(life.firm_grades) - 1).sum()), float(len(grade)), 100)


MEASURE = Measure(
    id="firm_worst_grade",
    subject="firms",
    topic="firms",
    question="How many firms are in the worst grade at the end?",
    unit="of 100 firms",
    definition="open firms in the last grade of the first rule book with grades",
    limits="rates of misconduct are assumed; published shares of grades are not matched on purpose",
    reads=(
        "grade",
        "closed",
    ),
    compute=_compute,
    needs="firm score",
    grouped=False,
    headline=True,
)
