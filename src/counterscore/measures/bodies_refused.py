"""How often do public bodies and their officials meet a closed or narrowed door?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return ratio(life.body_count("refused"), life.body_count("attempts"), 1000)


MEASURE = Measure(
    id="bodies_refused",
    subject="bodies",
    topic="bodies",
    question="How often do public bodies and their officials meet a closed or narrowed door?",
    unit="of 1,000 attempts",
    definition="attempts of bodies at funds, credit and honours, and of their leaders at a promotion, refused by a door",
    limits="each is tried once a year; trips that officials may not make are counted with residents",
    reads=("refused", "attempts"),
    compute=_compute,
    needs="bodies",
    grouped=False,
)
