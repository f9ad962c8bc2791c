"""How many adults are unable to move a step?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, share


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return share(life, mask, life.outcome("months_unable") > 0)


MEASURE = Measure(
    id="unable_to_move",
    subject="residents",
    topic="doors",
    question="How many adults are unable to move a step?",
    unit="of 100 adults",
    definition="adults with at least k essential services closed in at least one month; k is doors.unable_at",
    limits="only services of the model; k is an assumption and shown",
    reads=("months_unable",),
    compute=_compute,
    headline=True,
)
