"""How often is a single liked whose private score is seen?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    views = float(life.count("views_told"))
    return ratio(1000.0 * life.count("likes_told"), views)[0], views


MEASURE = Measure(
    id="liked_told",
    subject="residents",
    topic="ties",
    question="How often do two like each other where the one who is looked at shows a private score?",
    unit="of 1,000 singles shown with their score",
    definition="times that both like each other, of times that a single was shown to a single with a private score",
    limits="who shows a score differs in age and schooling from who does not; what a score does to liking is an assumption (partners.appeal)",
    reads=("views_told", "likes_told"),
    compute=_compute,
    needs="partners",
    grouped=False,
    echo_of="partners.appeal",
)
