"""How many adults are ever listed?"""

from __future__ import annotations

from counterscore.measures._measure import NEVER, Life, Mask, Measure, Value, share


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return share(life, mask, life.outcome("first_listed") != NEVER)


MEASURE = Measure(
    id="listed_ever",
    subject="residents",
    topic="lists",
    question="How many adults are ever listed?",
    unit="of 100 adults",
    definition="adults on at least one list or order in at least one month",
    limits="a resident listed twice counts once",
    reads=("first_listed",),
    compute=_compute,
    needs="list",
    headline=True,
)
