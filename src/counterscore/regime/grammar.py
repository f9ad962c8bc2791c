"""The small phrases of a regime file: lengths of time, entry grounds, terms, door triggers.

Each ``read_*`` function takes what stood in the file and returns a typed value, or raises
``PydanticCustomError`` with a sentence, the offset of the wrong part (``start``, ``end``) and a suggestion.
Nothing here is evaluated as code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal, get_args

from pydantic_core import PydanticCustomError

from counterscore.errors import did_you_mean, quoted
from counterscore.regime.vocabulary import PRIVATE, Level

DAYS_PER_MONTH = 30
UNKNOWN = "unknown"
LARGEST = 1_000_000  #: the largest number of a rule book, by size
LONGEST_MONTHS = 1200
_LONGEST_PHRASE = 1000
MOST_STEPS = 7  #: points of further records that a row may give one by one


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time as written, and in whole months of the model's clock (days are rounded up)."""

    amount: int
    unit: Literal["days", "months", "years"]

    @property
    def months(self) -> int:
        match self.unit:
            case "days":
                return -(-self.amount // DAYS_PER_MONTH)
            case "months":
                return self.amount
            case "years":
                return 12 * self.amount

    def __str__(self) -> str:
        return f"{self.amount} {self.unit[:-1] if self.amount == 1 else self.unit}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One ground for entering a list.

    ``kind``: ``score`` (below ``border``), ``grade`` (``grade`` or worse), ``record`` (a record of row
    ``row``), ``records`` (at least ``at_least`` records of ``row`` within ``within`` months), ``stay`` (on list
    ``list`` for ``within`` months).
    """

    kind: Literal["score", "grade", "record", "records", "stay"]
    border: int = 0
    grade: str = ""
    row: str = ""
    list: str = ""
    at_least: int = 1
    within: int = 0
    offset: int = 0  #: where the named thing starts in the text, for messages


@dataclass(frozen=True, slots=True)
class Term:
    """How long a stay lasts: ``fixed`` (``months``), ``performed``, ``holds`` (while the score or grade
    ground holds) or ``endless``.
    """

    kind: Literal["fixed", "performed", "holds", "endless"]
    months: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class DoorWhen:
    """What triggers a door: ``grade`` (exactly, ``or worse``, ``or better``), ``list`` or ``record``."""

    kind: Literal["grade", "list", "record"]
    name: str
    reach: Literal["exactly", "worse", "better"] = "exactly"
    offset: int = 0

    def __str__(self) -> str:
        return f"{self.kind} {self.name}" + ("" if self.reach == "exactly" else f" or {self.reach}")


def _problem(message: str, suggestion: str, *, start: int = 0, end: int = 0) -> PydanticCustomError:
    return PydanticCustomError(
        "counterscore",
        "{message}",
        {"message": message, "suggestion": suggestion, "start": start, "end": end},
    )


def _value(found: Any) -> Any:
    """The bare value of ``{value: …, source: …, mark: …}``, or the thing itself."""
    if isinstance(found, dict) and "value" in found:
        return found["value"]
    return found


def _phrase(found: Any, example: str) -> str:
    """``found`` as a short text. Longer ones are refused here, before any pattern is tried on them."""
    if not isinstance(found, str):
        raise _problem(f"must be a text, found {shown(found)}", f"Write for example: {example}.")
    if len(found) > _LONGEST_PHRASE:
        raise _problem(f"is too long ({len(found):,} characters)", f"The limit is {_LONGEST_PHRASE}.")
    return found


def shown(found: Any) -> str:
    """What was found, in the words of the file: quoted text, bare numbers, "a list", "a mapping"."""
    match found:
        case None:
            return "nothing"
        case bool():
            return str(found).lower()
        case int() | float():
            return str(found)
        case list() | tuple():
            return "a list"
        case dict():
            return "a mapping"
    return quoted(found)


def plain_number(found: Any) -> Any:
    """A number, or None for the word "unknown"; refuses what is not a number or too large to hold."""
    return _number(found, whole=False)


def whole_number(found: Any) -> Any:
    """A whole number, or None for the word "unknown"."""
    return _number(found, whole=True)


def known_number(found: Any) -> Any:
    """A whole number; "unknown" is refused, because nothing can be computed without it."""
    if _value(found) == UNKNOWN:
        raise _problem("must be known", "Write a whole number with mark: assumed where nobody published it.")
    return _number(found, whole=True)


def _number(found: Any, *, whole: bool) -> Any:
    found = _value(found)
    if found is None or found == UNKNOWN:
        return None
    kind = "a whole number" if whole else "a number"
    if isinstance(found, float) and not abs(found) <= LARGEST:
        raise _problem(f"is too large ({shown(found)})", f"The model holds numbers up to {LARGEST:,}.")
    if isinstance(found, bool) or not isinstance(found, int if whole else int | float):
        guess, why = _guess_number(found)
        note = f" ({why})" if why else ""
        raise _problem(
            f"must be {kind}, found {shown(found)}{note}",
            f"Write {guess}." if guess is not None else "Write digits, or unknown.",
        )
    if abs(found) > LARGEST:
        raise _problem(f"is too large ({shown(found)})", f"The model holds numbers up to {LARGEST:,}.")
    return found


def _guess_number(found: Any) -> tuple[str | None, str]:
    """The number that was probably meant, and what was odd about how it was written."""
    if isinstance(found, float):
        return (str(int(found)) if found.is_integer() else str(round(found))), ""
    if not isinstance(found, str) or len(found) > _LONGEST_PHRASE:
        return None, ""
    text = re.sub(r"^(minus|less)\s+", "-", found.strip().lower()).replace("\N{MINUS SIGN}", "-")
    text = re.sub(r"^plus\s+", "", text).replace(",", "").replace("_", "")
    text = re.sub(r"\s*(points?|percent|%)$", "", text)
    digits = text.replace("o", "0").replace("l", "1").replace("i", "1")
    why = "letter O" if "o" in text else "letter l or I" if digits != text else ""
    return (digits, why) if re.fullmatch(r"[-+]?[0-9]{1,9}", digits) else (None, "")


def read_steps(found: Any) -> tuple[int, ...]:
    """``-18`` or ``[-18, -9]`` → the points of each further record."""
    found = _value(found)
    if found is None:
        return ()
    if found == UNKNOWN:
        raise _problem("must be known", "Write the points of a further record, such as -18.")
    parts = found if isinstance(found, list | tuple) else [found]
    if not 1 <= len(parts) <= MOST_STEPS:
        raise _problem(f"must hold 1 to {MOST_STEPS} numbers, found {len(parts)}", "The last of them repeats.")
    return tuple(known_number(part) for part in parts)


def read_level(found: Any) -> str | None:
    """``national``, ``provincial`` or ``city``, alone or as ``{value: national, source: …, mark: …}``."""
    found = _value(found)
    levels = get_args(Level)
    if found is None or found in levels:
        return found  # type: ignore[no-any-return]
    if found == PRIVATE:
        raise _problem("level cannot be private", "Write owner: private, and take the level out.")
    close = did_you_mean(found, levels) if isinstance(found, str) else None
    hint = f"Did you mean {close}?  " if close else ""
    raise _problem(f"level cannot be {shown(found)}", f"{hint}Allowed: {', '.join(levels)}; or leave the line out.")


_DURATION = re.compile(r"([0-9]{1,6})\s+(day|month|year)s?")


def read_duration(found: Any) -> Duration | None:
    """``"24 months"`` → 24 months; ``"unknown"`` and None → None."""
    found = _value(found)
    if found is None or found == UNKNOWN or isinstance(found, Duration):
        return found if isinstance(found, Duration) else None
    if isinstance(found, int | float) and not isinstance(found, bool):
        raise _problem(
            f"a length of time needs a unit, found {found}",
            f'Write "{found} days", "{found} months" or "{found} years".',
        )
    text = _phrase(found, "24 months").strip()
    match = _DURATION.fullmatch(text)
    if not match:
        raise _problem(f"not a length of time: {quoted(text)}", _guess_duration(text))
    length = Duration(int(match[1]), f"{match[2]}s")  # type: ignore[arg-type]
    if length.months > LONGEST_MONTHS:
        raise _problem(f"{length} is longer than the model's clock", "Leave the line out for no end.")
    return length


def _guess_duration(text: str) -> str:
    if re.fullmatch(r"[0-9]{1,6}", text):
        return f'Write "{text} days", "{text} months" or "{text} years".'
    near = re.match(r"([0-9]{1,6})\s*(d|m|y|w)", text.lower())
    if near and near[2] == "w":
        return f'Write "{7 * int(near[1])} days".'
    if near:
        unit = {"d": "days", "m": "months", "y": "years"}[near[2]]
        return f'Write "{near[1]} {unit}".'
    return 'Write a whole number and a unit, such as "24 months".'


_GROUNDS = {
    "score": re.compile(r"score\s*<\s*(-?[0-9]{1,9})"),
    "grade": re.compile(r"grade\s+(\S+)(\s+or\s+worse)?"),
    "record": re.compile(r"record\(\s*([^(),\s]+)\s*\)"),
    "records": re.compile(r"records\(\s*([^(),\s]+)\s*,\s*([0-9]{1,6})\s+in\s+([0-9]{1,6})\s+months?\s*\)"),
    "stay": re.compile(r"stay\(\s*([^(),\s]+)\s*,\s*([0-9]{1,6})\s+months?\s*\)"),
}


_OR = re.compile(r"\s+or\s+(?!worse\b)")


def read_enter(found: Any) -> tuple[Entry, ...]:
    """``"score < 600 or record(x) or records(y, 5 in 12 months) or grade D"`` → its grounds."""
    found = _value(found)
    if isinstance(found, tuple):
        return found
    text = _phrase(found, "score < 600 or record(row-id)")
    grounds: list[Entry] = []
    start = 0
    for joint in [*_OR.finditer(text), None]:
        end = joint.start() if joint else len(text)
        piece = text[start:end]
        if piece.strip():
            grounds.append(_ground(piece.strip(), start + len(piece) - len(piece.lstrip())))
        start = joint.end() if joint else end
    if not grounds:
        raise _problem("no ground for entry", "Write for example: score < 600 or record(row-id).")
    return tuple(grounds)


def _ground(piece: str, start: int) -> Entry:
    if match := _GROUNDS["score"].fullmatch(piece):
        return Entry("score", border=int(match[1]), offset=start + match.start(1))
    if match := _GROUNDS["grade"].fullmatch(piece):
        return Entry("grade", grade=match[1], offset=start + match.start(1))
    if match := _GROUNDS["record"].fullmatch(piece):
        return Entry("record", row=match[1], offset=start + match.start(1))
    if match := _GROUNDS["records"].fullmatch(piece):
        return Entry(
            "records",
            row=match[1],
            at_least=int(match[2]),
            within=int(match[3]),
            offset=start + match.start(1),
        )
    if match := _GROUNDS["stay"].fullmatch(piece):
        return Entry("stay", list=match[1], within=int(match[2]), offset=start + match.start(1))
    if near := re.fullmatch(r"score\s*<=\s*(-?[0-9]{1,9})", piece):
        meant = f"score < {int(near[1]) + 1}"
        raise _problem(
            f"not a ground for entry: {quoted(piece)}", f"Write {meant}.", start=start, end=start + len(piece)
        )
    raise _problem(
        f"not a ground for entry: {quoted(piece)}",
        "Write score < 600, grade D, record(row-id), records(row-id, 5 in 12 months) or "
        "stay(list-id, 36 months), joined by or.",
        start=start,
        end=start + len(piece),
    )


def ground_text(ground: Entry) -> str:
    """A ground as a rule book writes it."""
    match ground.kind:
        case "score":
            return f"score < {ground.border}"
        case "grade":
            return f"grade {ground.grade} or worse"
        case "record":
            return f"record({ground.row})"
        case "stay":
            return f"stay({ground.list}, {ground.within} months)"
    return f"records({ground.row}, {ground.at_least} in {ground.within} months)"


def read_term(found: Any) -> Term:
    """``"24 months"``, ``"until performed"``, ``"while the ground holds"``, ``"never ends"``, ``"unknown"``."""
    found = _value(found)
    if isinstance(found, Term):
        return found
    text = found.strip() if isinstance(found, str) else ""
    match text:
        case "until performed":
            return Term("performed", text="until performed")
        case "while the ground holds":
            return Term("holds", text="while the ground holds")
        case "never ends" | "unknown":
            return Term("endless", text=text)
    length = read_duration(found)
    if length is None:
        raise _problem("a list needs a term", "Write for example: term: 24 months.")
    return Term("fixed", months=length.months, text=str(length))


_WHEN = re.compile(r"(grade|list|order|record)\s+(\S+)(?:\s+or\s+(worse|better))?")


def read_when(found: Any) -> DoorWhen:
    """``"grade C or worse"``, ``"list court-defaulters"``, ``"record judgment-unpaid"``."""
    found = _value(found)
    if isinstance(found, DoorWhen):
        return found
    text = _phrase(found, "list list-id")
    match = _WHEN.fullmatch(text)
    if not match or (match[3] and match[1] != "grade"):
        raise _problem(
            f"not a trigger for a door: {quoted(text)}",
            'Write "grade C or worse", "grade A or better", "list list-id" or "record row-id".',
        )
    kind: Literal["grade", "list", "record"] = "list" if match[1] == "order" else match[1]  # type: ignore[assignment]
    return DoorWhen(kind, match[2], match[3] or "exactly", match.start(2))  # type: ignore[arg-type]
