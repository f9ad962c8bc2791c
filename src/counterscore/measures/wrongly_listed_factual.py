"""How many adults are ever listed though the record is not true?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, share


def _counts(life: Life) -> Mask:
    found: Mask = life.outcome("wrong_factual") > 0
    return found


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return share(life, mask, _counts(life), 10_000)


MEASURE = Measure(
    id="wrongly_listed_factual",
    subject="residents",
    topic="errors",
    question="How many adults are ever listed though the record is not true?",
    unit="of 10,000 adults",
    definition="adults with a month on lists only through records of what did not happen or was someone else's",
    limits="follows from the assumed error rates",
    reads=("wrong_factual",),
    compute=_compute,
    counts=_counts,
    needs="list",
    echo_of="errors.untrue, errors.mix_up",
    headline=True,
)
