"""One fact out of many statements: its first and its last version, and what may be made of it.

A fact is **known**, **missing**, **impossible** (unreadable, before 1990, thirty years after the cut-off, negative,
a period that ends before it starts), **contradictory** (two values at one instant, two under one release id, against
another fact) or **copied** (this publisher fills it from another field; told after all is read, see ``copied``).
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from counterscore.mirror.dates import Instant, days_between, read_instant

KNOWN, MISSING, IMPOSSIBLE, CONTRADICTORY, COPIED = STATES = (
    "known",
    "missing",
    "impossible",
    "contradictory",
    "copied",
)
FIRST_YEAR = 1990
YEARS_AHEAD = 30  #: no date lies further behind the cut-off (``Source.last_year``)

LARGE = 1e300  #: no amount is so large
MOST_COUNTED = 2**31 - 1  #: bidders; a table holds no more
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
#: Where a release stands among those of one date.
_STAGES = {
    tag.casefold(): number
    for number, tag in enumerate(
        ("planning", "planningUpdate", "tender", "tenderAmendment", "tenderUpdate", "tenderCancellation", "award", "awardUpdate", "awardCancellation", "contract", "contractUpdate", "contractAmendment", "implementation", "implementationUpdate", "contractTermination")
    )
}  # fmt: skip


@lru_cache(maxsize=1024)
def stage_of(tags: tuple[str, ...]) -> int:
    """The stage of a release by its tags, the last of them; -1 where none is known."""
    return max((_STAGES.get(tag.casefold(), -1) for tag in tags), default=-1)


class Stated(NamedTuple):
    """One statement of a fact. ``order`` None where the release has no date; ``bad`` says why it is impossible."""

    order: int | None
    stage: int
    release: str
    value: Any
    bad: str = ""


class Fact(NamedTuple):
    """What may be made of a fact. ``first`` and ``last`` are None unless it is known.

    ``first_on`` and ``last_on`` are the dates of the releases they come from, ``n`` how many dated ones state it.
    """

    state: str
    why: str
    first: Any = None
    last: Any = None
    first_on: int | None = None
    last_on: int | None = None
    n: int = 0


NOTHING = Fact(MISSING, "not stated")


def settle(stated: Sequence[Stated]) -> Fact:
    """The fact that statements make, whatever order they come in."""
    if not stated:
        return NOTHING
    if len(stated) == 1:
        one = stated[0]
        if one.bad:
            return Fact(IMPOSSIBLE, one.bad, n=1)
        return Fact(KNOWN, "", one.value, one.value, one.order, one.order, int(one.order is not None))
    by_id: dict[str, Stated] = {}
    for one in stated if len({one.release for one in stated}) < len(stated) else ():
        if one.release and not _same(by_id.setdefault(one.release, one), one):
            return Fact(CONTRADICTORY, "two values under one release id", n=len(stated))
    dated = sorted((one for one in stated if one.order is not None), key=lambda one: (one.order, one.stage))
    if not dated:
        if all(_same(stated[0], one) for one in stated):
            return settle([min(stated, key=lambda one: repr(one.value))])
        return Fact(CONTRADICTORY, "two values, and no dates to order them", n=0)
    places = 1
    for before, after in itertools.pairwise(dated):
        if (before.order, before.stage) != (after.order, after.stage):
            places += 1
        elif not _same(before, after):
            return Fact(CONTRADICTORY, "two values at one instant", n=places)
    first, last = dated[0], dated[-1]
    if first.bad or last.bad:
        return Fact(IMPOSSIBLE, first.bad or last.bad, None if first.bad else first.value, n=places)
    return Fact(KNOWN, "", first.value, last.value, first.order, last.order, places)


def _same(one: Stated, other: Stated) -> bool:
    if one.bad or other.bad:
        return bool(one.bad) == bool(other.bad)
    a, b = one.value, other.value
    if isinstance(a, Instant) and isinstance(b, Instant):
        return a == b or days_between(a, b) == 0
    return bool(a == b)


def read_date(raw: Any, last_year: int) -> tuple[Instant | None, str]:
    """A published date and why it is impossible, if it is; ``(None, "")`` where there is none."""
    if raw is None or raw == "":
        return _NO_DATE
    return _read_date(raw, last_year) if isinstance(raw, str) else (None, "not a date")


_NO_DATE: tuple[None, str] = (None, "")


@lru_cache(maxsize=1 << 17)
def _read_date(raw: str, last_year: int) -> tuple[Instant | None, str]:
    found = read_instant(raw)
    if found is None:
        return None, "not a date"
    if found.year < FIRST_YEAR:
        return None, f"before {FIRST_YEAR}"
    if found.year > last_year:
        return None, BEYOND
    return found, ""


BEYOND = f"more than {YEARS_AHEAD} years ahead"


def read_amount(raw: Any) -> tuple[float | None, str]:
    """A published amount and why it is impossible. A text that is a plain number is read, any other is not guessed."""
    if (raw.__class__ is float or raw.__class__ is int) and 0 <= raw < LARGE:
        return raw + 0.0, ""  # a minus zero is a zero
    if raw is None or raw == "":
        return None, ""
    if isinstance(raw, bool):
        return None, "not a number"
    if isinstance(raw, str):
        if not _NUMBER.fullmatch(raw.strip()):
            return None, "not a number"
        raw = raw.strip()
    try:
        amount = float(raw)
    except (OverflowError, ValueError):
        return None, "not finite"
    if not math.isfinite(amount):
        return None, "not finite"
    return (None, "negative") if amount < 0 else (amount + 0.0, "")


def read_count(raw: Any) -> tuple[int | None, str]:
    """A published count of bidders."""
    if raw.__class__ is int and 0 <= raw <= MOST_COUNTED:
        return raw, ""
    amount, bad = read_amount(raw)
    if amount is None or bad:
        return None, bad
    if amount > MOST_COUNTED:
        return None, "more than can be"
    return (int(amount), "") if amount == int(amount) else (None, "not a whole number")


def read_period(start: Any, end: Any, last_year: int) -> tuple[tuple[Instant | None, str], tuple[Instant | None, str]]:
    """Both ends of a period; one that ends before it starts makes both impossible."""
    first, last = read_date(start, last_year), read_date(end, last_year)
    if first[0] and last[0] and days_between(first[0], last[0]) < 0:
        return (None, REVERSED), (None, REVERSED)
    return first, last


REVERSED = "the period ends before it starts"
