"""Who shows a private score?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, share


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    among = life.still_there(mask) & (life.private("taking_part") == 1)
    return share(life, among, life.private("shows") == 1)


MEASURE = Measure(
    id="score_shown",
    subject="residents",
    topic="ties",
    question="How many of those who take part show their score to friends at the end?",
    unit="of 100 who take part",
    definition="adults who take part and show the private score to friends",
    limits="the rate of showing is an assumption (partners.show), unless a rule book forbids it or has everybody shown",
    reads=("shows", "taking_part"),
    compute=_compute,
    needs="private",
    echo_of="partners.show",
)
