"""How many adults end in the worst grade?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, share


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return share(life, life.still_there(mask) & life.rated, life.outcome("grade") == len(life.grades) - 1)


MEASURE = Measure(
    id="worst_grade",
    subject="residents",
    topic="scores",
    question="How many adults end in the worst grade?",
    unit="of 100 adults",
    definition="adults in the last grade of the rule book at the end",
    limits="of the first rule book with a score",
    reads=("grade",),
    compute=_compute,
    needs="grade",
)
