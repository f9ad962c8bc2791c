"""How numbers and differences are written: one rounding and one wording for every output.

Commands, reports, charts, the browser laboratory and ``Run`` all print through these functions, so that a figure is the
same to its last digit wherever it is read.

>>> amount(4.3333, 3.66, 5.2449)
'4.33 (3.66 to 5.24)'
>>> difference(-2.4312, -2.551, -2.311, n=20)
'-2.43 (-2.55 to -2.31)'
>>> difference(0.0, 0.0, 0.0, n=20, same=True)
'exactly no difference'
>>> difference(0.21, -0.4, 0.82, n=20, more=147)
'+0.21 (-0.40 to +0.82), not distinguishable: about 147 more replicates would be needed'
"""

from __future__ import annotations

from typing import Literal

Answer = Literal[
    "distinguishable",
    "not distinguishable",
    "exactly no difference",
    "no difference on average",
    "no interval",
    "no value",
]

EXACTLY_NONE: Answer = "exactly no difference"
NONE_ON_AVERAGE: Answer = "no difference on average"
NOT_DISTINGUISHABLE: Answer = "not distinguishable"
#: What intervals cover, said wherever they are printed.
COVERS_VALUE = "chance between replicates, for these residents; not the assumptions"
COVERS_DIFFERENCE = "chance between replicates of the mean difference, for these residents; not the assumptions"
RANGE_IN_WORDS = "middle 90 % of replicates"
_RESIDUE = 1e-9  #: of the largest term: what floating-point sums leave of nothing


def decimals(value: float) -> int:
    """Decimal places a number is written with: three significant digits, none from 100, at least two below 10.

    >>> [decimals(value) for value in (144.2, 99.96, 24.1, 9.5, 0.2, 0.0314, 0.0)]
    [0, 0, 1, 2, 2, 3, 2]
    """
    size = abs(value)
    if size == 0:
        return 2
    places = 0 if size >= 100 else 1 if size >= 10 else 2
    if size < 0.1:  # two digits that say something, down to a millionth
        while places < 6 and round(size * 10**places) < 10:
            places += 1
    elif places and round(size, places) >= (100 if places == 1 else 10):
        places -= 1
    return places


def number(value: float, like: float | None = None) -> str:
    """``1,234``, ``24.1``, ``0.031``; with as many decimals as ``like`` has, where one is given.

    >>> number(1234.4), number(24.06), number(0.0314), number(0.004, like=24.1), number(-0.0)
    ('1,234', '24.1', '0.031', '0.0', '0')
    """
    if value == 0 and like in {None, 0}:
        return "0"
    text = f"{value:,.{decimals(value if like is None else like)}f}"
    return text.removeprefix("-") if not text.strip("-0.") else text


def amount(value: float | None, low: float | None = None, high: float | None = None) -> str:
    """A value with its range, all with the decimals of the value: ``4.33 (3.66 to 5.24)``; ``none`` for None."""
    if value is None:
        return "none"
    return f"{number(value)} ({spread(value, low, high)})" if low is not None and high is not None else number(value)


def spread(value: float | None, low: float | None, high: float | None) -> str:
    """A range on its own, with the decimals of its value: ``3.66 to 5.24``; empty where there is none."""
    if value is None or low is None or high is None:
        return ""
    like = value or max(abs(low), abs(high))
    return f"{number(low, like)} to {number(high, like)}"


def signed(value: float, like: float | None = None) -> str:
    """A number with its sign: ``+2.43``; nothing before 0."""
    text = number(value, like)
    return f"+{text}" if value > 0 and text.strip("0.,") else text


def settled(mean: float, terms: list[float]) -> float:
    """``mean``, or 0 where it is no more than what floating-point addition leaves of terms that cancel."""
    return 0.0 if abs(mean) <= _RESIDUE * max(map(abs, terms), default=0.0) else mean


def answer(value: float | None, low: float | None, high: float | None, *, same: bool = False) -> Answer:
    """What a difference says. ``same``: every replicate had exactly none."""
    if value is None:
        return "no value"
    if same:
        return EXACTLY_NONE
    if value == 0:
        return NONE_ON_AVERAGE
    if low is None or high is None:
        return "no interval"
    return NOT_DISTINGUISHABLE if low <= 0 <= high else "distinguishable"


def difference(
    value: float | None,
    low: float | None,
    high: float | None,
    *,
    n: int,
    same: bool = False,
    more: int | None = None,
) -> str:
    """A difference as it is printed in every table: with its interval, and what it does not tell.

    ``n`` is the number of replicates it rests on, ``more`` how many further ones would tell it from none.
    """
    found = answer(value, low, high, same=same)
    if value is None:
        return ""
    if found == EXACTLY_NONE:
        return found
    if found == "no interval":
        return f"{signed(value)} (no interval: {replicates(n)})"
    if found == NONE_ON_AVERAGE:
        return found if low is None or high is None else f"{found} ({_ends(value, low, high)})"
    text = interval(value, low, high)
    return f"{text}, {found}{needed(more)}" if found == NOT_DISTINGUISHABLE else text


def interval(value: float, low: float | None, high: float | None) -> str:
    """A difference with its interval, all with signs: ``-2.43 (-2.55 to -2.31)``."""
    return signed(value) if low is None or high is None else f"{signed(value)} ({_ends(value, low, high)})"


def _ends(value: float, low: float, high: float) -> str:
    like = value or max(abs(low), abs(high))
    return f"{signed(low, like)} to {signed(high, like)}"


def needed(more: int | None) -> str:
    """``: about 18 more replicates would be needed``, empty where nobody can say."""
    return "" if more is None else f": about {more:,} more {'replicate' if more == 1 else 'replicates'} would be needed"


def replicates(n: int) -> str:
    """``1 replicate``, ``20 replicates``."""
    return f"{n:,} {'replicate' if n == 1 else 'replicates'}"
