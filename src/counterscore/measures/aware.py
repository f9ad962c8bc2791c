"""How many adults know of the regime at the end?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, share


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return share(life, life.still_there(mask), life.outcome("aware") > 0)


MEASURE = Measure(
    id="aware",
    subject="residents",
    topic="conduct",
    question="How many adults know of the regime at the end?",
    unit="of 100 adults",
    definition="adults who know of the regime",
    limits="the share at the start is an assumption (response.awareness)",
    reads=("aware",),
    compute=_compute,
    echo_of="response.awareness",
)
