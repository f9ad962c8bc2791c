"""How people and the points of their lives are called: ``R-04187``, and ``R-04187:7:0013`` within replicate 7.

``R-04187.1`` is who comes of age at the place of R-04187 after the death of the one who lives there at the start.
``F-00012`` is a firm and ``B-00003`` a public body; their points are called in the same way.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from counterscore.errors import UsageError
from counterscore.regime.vocabulary import Subject
from counterscore.results.run import GENERATION, SUBDISTRICT, Run

_FEWEST_DIGITS = 5
_POINT_DIGITS = 4
_LETTERS: dict[Subject, str] = {"residents": "R", "firms": "F", "bodies": "B"}
_CALLED: dict[Subject, str] = {"residents": "resident", "firms": "firm", "bodies": "public body"}


class Who(NamedTuple):
    """A resident, by identity, or a firm or public body, by permanent number."""

    subject: Subject
    number: int


class Point(NamedTuple):
    """An event: whose, in which replicate, and its number."""

    who: Who
    replay: int
    number: int


def digits(run: Run) -> int:
    """How many digits the residents' numbers of a run have: enough for the last one, at least five."""
    return max(_FEWEST_DIGITS, len(str(_last(run))))


def _last(run: Run) -> int:
    """The largest number, from the row counts of the residents' file alone."""
    sizes = run.subdistrict_sizes()
    return (len(sizes) - 1) * SUBDISTRICT + sizes[-1] - 1


def resident_id(run: Run, identity: int) -> str:
    """``R-04187`` for 4187; ``R-04187.1`` for who follows at the same place."""
    generation, number = divmod(identity, GENERATION)
    return f"R-{number:0{digits(run)}d}" + (f".{generation}" if generation else "")


def parse_resident(run: Run, text: str) -> int:
    """The identity of ``R-04187``. Raises ``UsageError`` with the right form, or with those who exist."""
    many = digits(run)
    found = re.fullmatch(r"R-(\d+)(?:\.([1-9]\d?))?", text)
    if found is None or len(found[1]) != many:
        bare = re.fullmatch(r"[Rr]?[-_ ]?(\d+)", text.strip())
        form = f"R-{int(bare[1]):0{many}d}" if bare else f"R-{0:0{many}d}"
        words = {5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine"}.get(many, str(many))
        raise UsageError(f"resident {text} not found", suggestion=f"Ids have {words} digits: {form}")
    number = int(found[1])
    sizes = run.subdistrict_sizes()
    k, place = divmod(number, SUBDISTRICT)
    if k >= len(sizes) or place >= sizes[k]:
        near = min(k, len(sizes) - 1)
        first, last = (f"R-{near * SUBDISTRICT + at:0{many}d}" for at in (0, sizes[near] - 1))
        raise UsageError(
            f"resident {text} not found",
            suggestion=f"Subdistrict {near} holds {first} to {last}; the city has {len(sizes)}.",
        )
    identity = number + int(found[2] or 0) * GENERATION
    try:
        run.person(identity)
    except KeyError:
        raise UsageError(
            f"resident {text} not found",
            suggestion=f"Nobody so far down the line lives there; see {text.split('.')[0]}",
        ) from None
    return identity


def who_id(run: Run, who: Who) -> str:
    """``R-04187``, ``F-00012`` or ``B-00003``."""
    if who.subject == "residents":
        return resident_id(run, who.number)
    return f"{_LETTERS[who.subject]}-{who.number:0{digits(run)}d}"


def parse_who(run: Run, text: str) -> Who:
    """Who is called so. Raises ``UsageError`` with the right form, or with those who exist."""
    letter = text[:1].upper()
    subject: Subject = next((one for one in ("firms", "bodies") if _LETTERS[one] == letter), "residents")
    if subject == "residents":
        return Who("residents", parse_resident(run, text))
    many, what = digits(run), _CALLED[subject]
    found = re.fullmatch(rf"{letter}-(\d{{{many}}})", text)
    if found is None:
        bare = re.fullmatch(r"[A-Za-z][-_ ]?(\d+)", text.strip())
        raise UsageError(
            f"{what} {text} not found",
            suggestion=f"Ids have {many} digits: {letter}-{int(bare[1]) if bare else 0:0{many}d}",
        )
    sizes = run.sizes_of(subject)
    if not any(sizes):
        others = {"firms": "zhejiang-firms", "bodies": "government-integrity"}[subject]
        raise UsageError(
            f"{what} {text} not found: none lives in this run, for no rule book of it is about {subject}",
            suggestion=f"Make one where they do: counterscore run {others}",
        )
    k, place = divmod(int(found[1]), SUBDISTRICT)
    if k >= len(sizes) or place >= sizes[k]:
        near = min(k, len(sizes) - 1)
        first, last = (who_id(run, Who(subject, near * SUBDISTRICT + at)) for at in (0, max(0, sizes[near] - 1)))
        held = f"holds {first} to {last}" if sizes[near] else "has none"
        raise UsageError(
            f"{what} {text} not found", suggestion=f"Subdistrict {near} {held}; the city has {len(sizes)}."
        )
    return Who(subject, int(found[1]))


def point_id(run: Run, who: Who, replay: int, number: int) -> str:
    """``R-04187:7:0013`` for the 13th event of a resident in replicate 7."""
    return f"{who_id(run, who)}:{replay}:{number:0{_POINT_DIGITS}d}"


def parse_point(run: Run, text: str) -> Point:
    """Whose event, in which replicate, and its number. Raises ``UsageError`` with the right form."""
    parts: list[Any] = text.split(":")
    example = f"{resident_id(run, 0)}:0:0001"
    if len(parts) != 3 or not parts[1].isdecimal() or not parts[2].isdecimal():
        raise UsageError(
            f"point {text} not found", suggestion=f"A point is resident:replicate:number, such as {example}"
        )
    return Point(parse_who(run, parts[0]), int(parts[1]), int(parts[2]))
