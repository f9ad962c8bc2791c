"""How many ties are dropped?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, mean


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return mean(mask, life.outcome("ties_lost") * 1000.0)


MEASURE = Measure(
    id="ties_lost",
    subject="residents",
    topic="ties",
    question="How many ties are dropped?",
    unit="of 1,000 adults",
    definition="ties of adults dropped because one end was published on a list",
    limits="a tie has two ends and counts at both; the share is an assumption (response.tie)",
    reads=("ties_lost",),
    compute=_compute,
    echo_of="response.tie",
)
