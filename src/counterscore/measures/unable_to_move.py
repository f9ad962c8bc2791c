"""How many adults are unable to move a step?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, share


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return share(life, mask, life.outcome("years_unable") > 0)


MEASURE = Measure(
    id="unable_to_move",
    subject="residents",
    topic="doors",
    question="How many adults are unable to move a step?",
    unit="of 100 adults",
    definition="adults with a year in which they tried at least doors.needed times to get a service, and a rule refused at least the share doors.missed of it",
    limits="attempts at services of the model, at assumed needs; who tries fewer times is never counted, and what is tried is not weighed by how badly it is "
    "needed; a year begins in January, and the last may be cut short",
    reads=("years_unable",),
    compute=_compute,
    headline=True,
)
