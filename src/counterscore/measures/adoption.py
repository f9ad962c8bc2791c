"""Who takes part in the private score?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, share


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return share(life, life.still_there(mask), life.private("taking_part") == 1)


MEASURE = Measure(
    id="adoption",
    subject="residents",
    topic="ties",
    question="How many take part in the private score at the end?",
    unit="of 100 adults",
    definition="adults alive at the end who have consented to the first private rule book with a score",
    limits="rates of joining and leaving are assumptions; that of private scores was fitted to one city in 2018 (76 of 100 residents)",
    reads=("taking_part",),
    compute=_compute,
    headline=True,
    needs="private",
    echo_of="adoption",
)
