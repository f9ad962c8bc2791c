"""How many more singles outside the best grade find a partner than without the rule book?"""

from __future__ import annotations

from counterscore.measures._measure import NEVER, Life, Mask, Measure, Value, ratio, single
from counterscore.measures._tally import Tallied, Tally


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    assert base is not None
    who = single(life) & (life.private("private_grade") != 0)
    if mask is not None:
        who = who & mask
    here, there = (int((one.private("matched")[who] != NEVER).sum()) for one in (life, base))
    return Tallied.of(_times, here=here, there=there, singles=int(who.sum()))


def _times(tally: Tally) -> Value:
    return ratio(float(tally["here"]), float(tally["there"]))[0], float(tally["singles"])


MEASURE = Measure(
    id="matches_other_grades",
    subject="residents",
    topic="ties",
    question="How many more singles outside the best grade find a partner than without the rule book?",
    unit="times",
    definition="singles outside the best grade at the end who found a partner, by the same residents in the baseline",
    limits="the grade is that of the end; few matches in small cities; prominence is an input",
    reads=("matched", "private_grade", "family"),
    compute=_compute,
    needs="partners baseline",
    grouped=False,
    echo_of="prominence, partners.prominence",
)
