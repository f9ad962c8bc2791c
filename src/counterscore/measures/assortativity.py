"""Do friends have similar scores?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value

_NONE = {"ends": 0, "sum": 0, "squares": 0, "products": 0}


def newman(sums: dict[str, int]) -> float | None:
    """Newman's coefficient of scores over ties (2003, eq. 21), from sums over the ends of ties."""
    ends = sums["ends"]
    if ends == 0:
        return None
    mean = sums["sum"] / ends
    spread = sums["squares"] / ends - mean * mean
    return (sums["products"] / ends - mean * mean) / spread if spread > 0 else None


def ties_of(life: Life) -> tuple[dict[str, int], dict[str, int]]:
    """Sums over the ties of the start and over those there are now; of nothing in runs made before they were kept."""
    if not life.has_table("ties"):
        return dict(_NONE), dict(_NONE)
    before, now = life.table("ties").to_pylist()
    return before, now


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    _, now = ties_of(life)
    return newman(now), float(now["ends"]) / 2


MEASURE = Measure(
    id="assortativity",
    subject="residents",
    topic="ties",
    question="Do friends have similar scores?",
    unit="correlation",
    definition="Newman's coefficient over ties at the end between two with a score, private where there is one",
    limits="ties are those of an assumed small world (friends.near, friends.far) and those sought; a relations dimension raises it by itself",
    reads=("ties",),
    compute=_compute,
    needs="score",
    grouped=False,
)
