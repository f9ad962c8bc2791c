"""How many ties are dropped because of a low score?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, mean


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return mean(mask, life.private("ties_low") * 1000.0)


MEASURE = Measure(
    id="ties_low",
    subject="residents",
    topic="ties",
    question="How many ties are dropped because of a low score?",
    unit="of 1,000 adults",
    definition="ties dropped because one end shows a private score lower by at least the gap than the other's, counted at both ends",
    limits="the rate is an assumption (partners.drop); nothing was published but a scenario range",
    reads=("ties_low",),
    compute=_compute,
    headline=True,
    needs="private",
    echo_of="partners.drop",
)
