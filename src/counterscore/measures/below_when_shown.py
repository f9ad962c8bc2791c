"""What do friends think of who shows a private score?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    among = life.still_there(mask) & (life.private("shows") == 1)
    watchers = life.private("watchers")[among].sum(dtype=int)
    return ratio(float(life.private("below")[among].sum(dtype=int)), float(watchers), 100.0)


MEASURE = Measure(
    id="below_when_shown",
    subject="residents",
    topic="ties",
    question="How often does a friend who shows a private score see a lower one?",
    unit="of 100 friends who show theirs",
    definition="friends who show their score, of residents who do, and to whom the resident stands lower by at least the gap",
    limits="of friendships that there are at the end; what such a friend makes of it beyond dropping the tie is not modelled; "
    "the gap is an assumption (partners.gap)",
    reads=("watchers", "below", "shows"),
    compute=_compute,
    needs="private",
    grouped=False,
)
