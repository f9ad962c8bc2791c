"""How much more often is a single in the best grade shown?"""

from __future__ import annotations

import numpy as np

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio, single
from counterscore.measures._tally import Tallied, Tally


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    alone = single(life)
    best = life.private("private_grade") == 0
    seen = life.private("seen")
    if mask is not None:
        alone = alone & mask
    top, rest = seen[alone & best], seen[alone & ~best]
    return Tallied.of(
        _times,
        top=int(top.sum(dtype=np.int64)),
        of_top=len(top),
        rest=int(rest.sum(dtype=np.int64)),
        of_rest=len(rest),
    )


def _times(tally: Tally) -> Value:
    if not tally["of_top"] or not tally["of_rest"]:
        return None, float(tally["of_top"])
    return ratio(tally["top"] / tally["of_top"], tally["rest"] / tally["of_rest"])[0], float(tally["of_top"])


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
