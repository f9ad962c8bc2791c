"""How often is a single liked whose private score is not seen?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    views = float(life.count("views") - life.count("views_told"))
    return ratio(1000.0 * (life.count("likes") - life.count("likes_told")), views)[0], views


MEASURE = Measure(
    id="liked_untold",
    subject="residents",
    topic="ties",
    question="How often do two like each other where the one who is looked at shows no private score?",
    unit="of 1,000 singles shown without a score",
    definition="times that both like each other, of times that a single was shown to a single without a private score",
    limits="whoever shows none is taken to stand low by an assumed share (partners.withheld times partners.appeal)",
    reads=("views", "views_told", "likes", "likes_told"),
    compute=_compute,
    needs="partners",
    grouped=False,
    echo_of="partners.appeal, partners.withheld",
)
