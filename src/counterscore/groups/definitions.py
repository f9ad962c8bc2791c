"""Five notions of equal treatment, as shares of a two-by-two table; which of them should hold is not for a program to say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Square = tuple[int, int, int, int]  #: met and did it, met and did not, did it and not met, neither


@dataclass(frozen=True, slots=True)
class Definition:
    """One notion: a share that is the same in all groups where it is met. ``field`` is its name in the literature.

    ``words`` takes the decision (met), the conduct (it) and its absence (not_it). ``share`` gives a count and what it is out of.
    """

    id: str
    field: str
    words: str
    share: Callable[[Square], tuple[int, int]]


BASE_RATE = Definition(
    "base-rate", "base rate", "{it}, met or not", lambda s: (s[0] + s[2], sum(s))
)  #: not a notion of equal treatment: what the groups truly did

DEFINITIONS = (
    Definition(
        "same-share",
        "demographic parity",
        "{met}, of all",
        lambda s: (s[0] + s[1], sum(s)),
    ),
    Definition(
        "same-reach",
        "equal opportunity (true-positive rate)",
        "{met}, of those {it}",
        lambda s: (s[0], s[0] + s[2]),
    ),
    Definition(
        "same-error",
        "false-positive-rate parity; with the one above: equalised odds",
        "{met}, of those {not_it}",
        lambda s: (s[1], s[1] + s[3]),
    ),
    Definition(
        "same-meaning",
        "predictive parity",
        "{it}, of those {met}",
        lambda s: (s[0], s[0] + s[1]),
    ),
    Definition(
        "same-mistakes",
        "treatment equality",
        "{met}, {not_it}, of all mistakes of either kind",
        lambda s: (s[1], s[1] + s[2]),
    ),
)
