"""How much more similar are friends' scores because ties were dropped and sought?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value
from counterscore.measures.assortativity import newman, ties_of


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    ties = ties_of(life)
    before, now = (newman(sums) for sums in ties)
    return (None if before is None or now is None else now - before), ties[1]["ends"] / 2


MEASURE = Measure(
    id="assortativity_of_ties",
    subject="residents",
    topic="ties",
    question="How much more similar are friends' scores because ties were dropped and sought?",
    unit="difference of correlations",
    definition="assortativity over the ties at the end less that over the ties of the start, both with the scores of the end",
    limits="rates of dropping and seeking are assumptions (partners.drop, partners.seek, response.tie)",
    reads=("ties",),
    compute=_compute,
    needs="score",
    grouped=False,
    echo_of="partners.drop, partners.seek",
)
