"""Do those below the best grade show their private score?"""

from __future__ import annotations

from counterscore.measures._measure import NO_GRADE, Life, Mask, Measure, Value, share


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    grade = life.private("private_grade")
    among = life.still_there(mask) & (life.private("taking_part") == 1) & (grade != 0) & (grade != NO_GRADE)
    return share(life, among, life.private("shows") == 1)


MEASURE = Measure(
    id="score_shown_other",
    subject="residents",
    topic="ties",
    question="How many of those below the best grade show their private score to friends at the end?",
    unit="of 100 below the best grade who take part",
    definition="adults with a private score below the best grade at the end who show it to friends",
    limits="the grade is that of the end; the rate of showing, and that it falls with the grade, are assumptions (partners.show)",
    reads=("shows", "taking_part", "private_grade"),
    compute=_compute,
    needs="private",
    grouped=False,
    echo_of="partners.show",
)
