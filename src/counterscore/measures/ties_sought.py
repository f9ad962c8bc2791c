"""How many ties are sought because of a high score?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, mean


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return mean(mask, life.private("ties_new") * 1000.0)


MEASURE = Measure(
    id="ties_sought",
    subject="residents",
    topic="ties",
    question="How many ties are sought because of a high score?",
    unit="of 1,000 adults",
    definition="ties begun because one end shows a score higher by the gap, counted at both ends",
    limits="the rate is an assumption (partners.seek); nothing was published but a scenario range",
    reads=("ties_new",),
    compute=_compute,
    needs="private",
    echo_of="partners.seek",
)
