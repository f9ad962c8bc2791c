"""How many adults are recorded at least once?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, share


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return share(life, mask, life.outcome("records") > 0)


MEASURE = Measure(
    id="recorded",
    subject="residents",
    topic="records",
    question="How many adults are recorded at least once?",
    unit="of 100 adults",
    definition="adults with at least one record, true or not, bad or good",
    limits="records of the rule book only; what others write down is not modelled",
    reads=("records",),
    compute=_compute,
)
