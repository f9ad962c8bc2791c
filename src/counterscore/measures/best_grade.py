"""How many adults end in the best grade?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, share


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return share(life, life.still_there(mask) & life.rated, life.outcome("grade") == 0)


MEASURE = Measure(
    id="best_grade",
    subject="residents",
    topic="scores",
    question="How many adults end in the best grade?",
    unit="of 100 adults",
    definition="adults in the first grade of the rule book at the end",
    limits="of the first rule book with a score",
    reads=("grade",),
    compute=_compute,
    needs="grade",
)
