"""How many ties are dropped because a private score is not shown?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, mean


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return mean(mask, life.private("ties_hidden") * 1000.0)


MEASURE = Measure(
    id="ties_hidden",
    subject="residents",
    topic="ties",
    question="How many ties are dropped because one of the two shows no private score?",
    unit="of 1,000 adults",
    definition="ties dropped because one end shows a private score and the other none, having one or not, counted at both ends",
    limits="that showing nothing is taken for a low score is an assumption (partners.withheld), from not at all to wholly",
    reads=("ties_hidden",),
    compute=_compute,
    needs="private",
    echo_of="partners.drop, partners.withheld",
)
