"""How many of the promises that fell due did public bodies keep in time?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return ratio(life.body_count("promises_kept"), life.body_count("promises_due"), 100)


MEASURE = Measure(
    id="promises_kept",
    subject="bodies",
    topic="bodies",
    question="How many of the promises that fell due did public bodies keep in time?",
    unit="per cent of promises due",
    definition="written promises kept in the month they were due, of all that fell due",
    limits="promises are dated and alike; what is promised is not modelled",
    reads=("promises_kept", "promises_due"),
    compute=_compute,
    needs="bodies",
    grouped=False,
    headline=True,
    echo_of="bodies.keep and bodies.stress, in its level",
)
