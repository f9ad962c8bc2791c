"""Cases: made-up lists of records for reading a rule, with what should come out.

A case is a fiction. A file holds at most a hundred, and no field for a name, a number or a date of birth
exists; such keys are refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from counterscore.errors import Findings, Position, did_you_mean
from counterscore.quantity import Document
from counterscore.regime.ledger import SCALE, YEAR, Exit, Ledger, PaperRecord, Step, points_text
from counterscore.regime.model import Regime
from counterscore.regime.read import read_document, validate
from counterscore.regime.vocabulary import ACTS, SERVICES

MOST_CASES = 100
_ACTS = frozenset(act.id for act in ACTS)
_SERVICES = frozenset(service.id for service in SERVICES)
_DATE = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")


def _read_month(found: Any) -> int:
    """``2010-02`` or ``2010-02-10`` as months since year 0."""
    match = _DATE.fullmatch(str(found))
    if not match or not 1 <= int(match[2]) <= YEAR or (match[3] and not 1 <= int(match[3]) <= 31):
        raise PydanticCustomError(
            "counterscore",
            "{message}",
            {
                "message": f'not a date: "{found}"',
                "suggestion": "Write a year and month, such as 2018-05, or a day, 2018-05-17.",
                "start": 0,
                "end": 0,
            },
        )
    return int(match[1]) * YEAR + int(match[2]) - 1


Month = Annotated[int, BeforeValidator(_read_month)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Line(_Frozen):
    """One line of a case: a record (``act``), or a way out (``exit``)."""

    on: Month
    act: str | None = None
    of: Literal["self", "kin"] = "self"
    cycles: Annotated[int, Field(ge=1, le=1200)] = 1
    amount: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    points: int | None = None
    exit: Literal["performed", "repaired", "corrected"] | None = None
    list_id: Annotated[str | None, Field(alias="list")] = None
    of_record: int | None = None


class Expectation(_Frozen):
    """A state at the end of a month; only what is named is compared.

    ``services`` are closed to the resident, ``services_open`` are not.
    """

    on: Month | None = None
    score: float | None = None
    grade: str | None = None
    lists: tuple[str, ...] | None = None
    doors: tuple[str, ...] | None = None
    services: tuple[str, ...] | None = None
    services_open: tuple[str, ...] | None = None


def _one_or_more(found: Any) -> Any:
    return [found] if isinstance(found, dict) else found


class Case(_Frozen):
    """Dated records, and what should come of them."""

    name: str
    why: str = ""
    records: tuple[Line, ...]
    expect: Annotated[tuple[Expectation, ...], BeforeValidator(_one_or_more)] = ()
    until: Month | None = None


class Cases(_Frozen):
    """A file of cases for one regime."""

    format: Literal[1]
    regime: str
    reader: str
    read: str = ""
    cases: Annotated[tuple[Case, ...], Field(max_length=MOST_CASES)]
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mismatch:
    """An expectation that did not come out."""

    month: str
    what: str
    expected: str
    found: str
    at: Position


@dataclass(frozen=True, slots=True)
class Paper:
    """A case carried through: the steps, the last state, and what differed from the expectation."""

    name: str
    steps: tuple[Step, ...]
    score: int | None
    grade: str | None
    lists: tuple[str, ...]
    doors: tuple[str, ...]
    mismatches: tuple[Mismatch, ...]

    @property
    def ok(self) -> bool:
        return not self.mismatches

    def as_json(self) -> dict[str, Any]:
        """The shape ``counterscore case --json`` prints for one case."""
        return {
            "name": self.name,
            "steps": [
                {
                    "month": month_text(step.month),
                    "what": step.what,
                    "rule": step.rule,
                    "file": step.at.file,
                    "line": step.at.line,
                    "score": _plain(step.score),
                    "grade": step.grade,
                    "lists": list(step.lists),
                    "doors": list(step.doors),
                }
                for step in self.steps
            ],
            "final": {
                "score": _plain(self.score),
                "grade": self.grade,
                "lists": list(self.lists),
                "doors": list(self.doors),
            },
            "ok": self.ok,
            "mismatches": [
                {
                    "month": miss.month,
                    "what": miss.what,
                    "expected": miss.expected,
                    "found": miss.found,
                    "file": miss.at.file,
                    "line": miss.at.line,
                }
                for miss in self.mismatches
            ],
        }


def _plain(points60: int | None) -> int | float | None:
    if points60 is None:
        return None
    return points60 // SCALE if points60 % SCALE == 0 else round(points60 / SCALE, 4)


def month_text(month: int) -> str:
    """Months since year 0 as ``2018-05``."""
    return f"{month // YEAR:04d}-{month % YEAR + 1:02d}"


def read_cases(path: Path, *, name: str | None = None) -> tuple[Cases, Document]:
    """The cases of a file, and the document that knows their positions.

    Raises ``InputError`` with every mistake: unknown keys, acts, dates, exits, numbers of records.
    """
    document = read_document(path, kind="cases", name=name)
    cases = validate(document, Cases)
    findings = Findings(document.line)
    for c, case in enumerate(cases.cases):
        for n, line in enumerate(case.records):
            here = ("cases", c, "records", n)
            if (line.act is None) == (line.exit is None):
                findings.problem(
                    document.at(here), "a line is a record or a way out", "Write act: … or exit: …, one of them."
                )
            if line.act is not None and line.act not in _ACTS:
                close = did_you_mean(line.act, _ACTS)
                hint = f"Did you mean {close}?  " if close else ""
                findings.problem(
                    document.at((*here, "act")),
                    f'no act is called "{line.act}"',
                    f"{hint}All acts: counterscore list acts",
                )
            if line.exit == "corrected" and not 1 <= (line.of_record or 0) <= n:
                findings.problem(
                    document.at((*here, "exit")),
                    "which record is taken back?",
                    f"Write of_record: 1 to {n}, the number of an earlier line." if n else "No record stands before.",
                )
        for n, wanted in enumerate(case.expect):
            for key in ("services", "services_open"):
                for service in getattr(wanted, key) or ():
                    if service not in _SERVICES:
                        findings.problem(
                            document.at(("cases", c, "expect")),
                            f'no service is called "{service}"',
                            "All services: counterscore list services",
                        )
    findings.raise_problems()
    return cases, document


def apply_on_paper(regime: Regime, case: Case, document: Document | None = None, index: int = 0) -> Paper:
    """Carry one case through the ledger and compare it with what it expects.

    ``document`` and ``index`` give mismatches their place in the case file.
    """
    # Lines in order of their month; a spell of a duty act begins where the month before had none.
    start = min(line.on for line in case.records) if case.records else 0
    ends = [line.on for line in case.records] + [want.on for want in case.expect if want.on is not None]
    end = case.until if case.until is not None else max(ends, default=start)
    due: dict[int, list[tuple[int, PaperRecord]]] = {}
    active: dict[tuple[str, str], set[int]] = {}
    for line in case.records:
        if line.act:
            active.setdefault((line.act, line.of), set()).update(range(line.on, line.on + line.cycles))
    exits: dict[int, list[Exit]] = {}
    back: dict[int, set[int]] = {}
    numbers: dict[int, set[int]] = {}
    for n, line in enumerate(case.records, start=1):
        if line.act:
            for month in range(line.on, line.on + line.cycles):
                first = line.cycles == 1 or month == line.on and month - 1 not in active[line.act, line.of]
                due.setdefault(month, []).append(
                    (
                        n,
                        PaperRecord(
                            line.act,
                            line.of,
                            line.amount,
                            None if line.points is None else line.points * SCALE,
                            first,
                            f"record {n}",
                        ),
                    )
                )
        elif line.exit == "corrected":
            back.setdefault(line.on, set()).add(line.of_record or 0)
        elif line.exit:
            exits.setdefault(line.on, []).append(Exit(line.exit, line.list_id))
    ledger = Ledger(regime)
    misses: list[Mismatch] = []
    # The calendar year matters for yearly accounts, so the ledger's month 0 is a January.
    zero = start - start % YEAR
    for month in range(zero, max(end, start) + 1):
        records = due.get(month, [])
        for number, (line_number, _) in enumerate(records, start=ledger.number_of_records() + 1):
            numbers.setdefault(line_number, set()).add(number)
        taken = set().union(*(numbers.get(n, set()) for n in back.get(month, ())))
        ledger.live(month - zero, [record for _, record in records], exits.get(month, ()), taken)
        for n, wanted in enumerate(case.expect):
            if (wanted.on if wanted.on is not None else end) == month:
                misses += _compare(ledger, regime, wanted, month, _at(document, index, n, len(case.expect)))
    steps = tuple(
        Step(s.month + zero, s.what, s.rule, s.at, s.score, s.grade, s.lists, s.doors) for s in ledger.steps
    )
    return Paper(case.name, steps, ledger.score60(), ledger.grade(), ledger.lists(), ledger.doors(), tuple(misses))


def _at(document: Document | None, case: int, n: int, of: int) -> Position:
    if document is None:
        return Position("", 1, 1)
    path: tuple[str | int, ...] = ("cases", case, "expect")
    return document.at((*path, n) if of > 1 else path)


def _compare(ledger: Ledger, regime: Regime, wanted: Expectation, month: int, at: Position) -> list[Mismatch]:
    score = ledger.score60()
    closed = {
        door.service
        for part in regime.stacked()
        for door in part.doors
        if door.effect == "closed" and door.id in ledger.doors()
    }
    checks: list[tuple[str, bool, object, object]] = []
    if wanted.score is not None:
        right = score is not None and round(wanted.score * SCALE) == score
        checks.append(("score", right, wanted.score, "none" if score is None else points_text(score)))
    if wanted.grade is not None:
        checks.append(("grade", wanted.grade == ledger.grade(), wanted.grade, ledger.grade()))
    for name, want, found in (("lists", wanted.lists, ledger.lists()), ("doors", wanted.doors, ledger.doors())):
        if want is not None:
            checks.append((name, set(want) == set(found), ", ".join(want) or "none", ", ".join(found) or "none"))
    if wanted.services is not None:
        missing = set(wanted.services) - closed
        checks.append(("closed services", not missing, ", ".join(wanted.services), ", ".join(sorted(closed))))
    if wanted.services_open is not None:
        wrong = set(wanted.services_open) & closed
        checks.append(("open services", not wrong, ", ".join(wanted.services_open), "closed: " + ", ".join(sorted(wrong))))
    return [
        Mismatch(month_text(month), what, str(expected), str(found), at) for what, right, expected, found in checks if not right
    ]
