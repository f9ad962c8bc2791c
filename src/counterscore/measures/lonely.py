"""Who has few friends left?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, share

FEW = 3  #: friends at most


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return share(life, life.still_there(mask), life.private("ties") <= FEW, 1000.0)


MEASURE = Measure(
    id="lonely",
    subject="residents",
    topic="ties",
    question="How many have at most three friends left at the end?",
    unit="of 1,000 adults",
    definition="adults alive at the end with at most three ties, old or sought",
    limits="some have as few from the start, by the assumed network (friends.near, friends.far): compare with a world in which "
    "no score is shown; ties end only over lists and scores here, and three is a border of this measure, not of loneliness",
    reads=("ties",),
    compute=_compute,
    needs="private",
)
