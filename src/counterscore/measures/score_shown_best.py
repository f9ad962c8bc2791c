"""Do those in the best grade show their private score?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, share


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    among = life.still_there(mask) & (life.private("taking_part") == 1) & (life.private("private_grade") == 0)
    return share(life, among, life.private("shows") == 1)


MEASURE = Measure(
    id="score_shown_best",
    subject="residents",
    topic="ties",
    question="How many of those in the best grade show their private score to friends at the end?",
    unit="of 100 in the best grade who take part",
    definition="adults in the best grade of the private score at the end who show it to friends",
    limits="the grade is that of the end; the rate of showing is an assumption (partners.show)",
    reads=("shows", "taking_part", "private_grade"),
    compute=_compute,
    needs="private",
    grouped=False,
    echo_of="partners.show",
)
