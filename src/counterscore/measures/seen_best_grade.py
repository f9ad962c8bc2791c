"""How much more often is a single in the best grade shown?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio, single


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    alone = single(life)
    best = life.private("private_grade") == 0
    seen = life.private("seen")
    if mask is not None:
        alone = alone & mask
    top, rest = seen[alone & best], seen[alone & ~best]
    if len(top) == 0 or len(rest) == 0:
        return None, float(len(top))
    return ratio(float(top.mean()), float(rest.mean()))[0], float(len(top))


MEASURE = Measure(
    id="seen_best_grade",
    subject="residents",
    topic="ties",
    question="How much more often is a single in the best grade shown?",
    unit="times",
    definition="times shown, mean of those single at the start and in the best private grade at the end, by that of other singles",
    limits="age and schooling differ between grades too: compare with a world without prominence; prominence is an input",
    reads=("seen", "private_grade", "family"),
    compute=_compute,
    headline=True,
    needs="partners",
    echo_of="prominence, partners.prominence",
)
