"""Case files: dated records made up to read a rule, and what is expected of it.

A case is a fiction. It holds no field for a name, a number or a birth date, and a file no more than a
hundred cases: whoever wants to rate persons with it finds no room to do so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any, Literal, get_args

from counterscore.errors import Findings, Position, did_you_mean, quoted
from counterscore.quantity import Document
from counterscore.quantity import Path as DataPath
from counterscore.regime.model import SCALE
from counterscore.regime.read import read_document
from counterscore.regime.vocabulary import ACTS, ATTRIBUTES, SERVICES, Act

MOST_CASES = 100
MOST_LINES = 200  #: records and exits of one case
MOST_CYCLES = 600
MOST_AMOUNT = 1_000_000
_FIRST_YEAR, _LAST_YEAR = 1900, 2200

Person = Literal["self", "kin", "group"]
ExitKind = Literal["performed", "repaired", "corrected", "reopened", "moved"]
EXITS: tuple[ExitKind, ...] = ("performed", "repaired", "corrected", "reopened", "moved")

_FILE_KEYS = ("format", "regime", "reader", "read", "cases", "doubts")
_CASE_KEYS = ("name", "why", "known", "friends", "records", "expect", "until")
_ACT_KEYS = ("on", "act", "of", "amount", "points", "cycles")
_EXIT_KEYS = ("on", "exit", "list", "of_record", "within")
_CONSENT_KEYS = ("on", "consent")
_EXPECTED_KEYS = (
    *("on", "score", "grade", "lists", "doors", "kin_doors", "tied_doors", "services", "services_open"),
    *("warned", "shown_to", "loans_refused"),
)
_FICTION = "A case is a fiction for reading a rule; it has no field about a person."
_ACTS = {act.id: act for act in ACTS}
_ATTRIBUTES = {attribute.id: attribute for attribute in ATTRIBUTES}
_MOST_FRIENDS = 20
_SERVICES = tuple(service.id for service in SERVICES)
_POINTS = re.compile(r"([-+]?)(?:(\d{1,6}(?:\.\d{1,4})?)|(?:(\d{1,6}) )?(\d{1,2}/[1-9]\d?))")


@dataclass(frozen=True, slots=True)
class RecordLine:
    """A dated record: ``cycles`` monthly records of an act, from ``month`` on.

    ``number`` counts the lines of the case from 1; ``points60`` is the choice of an official in 1/60 point,
    None where none is stated; ``amount`` is in the unit of the act.
    """

    number: int
    on: str
    month: int
    at: Position
    act: str
    of: Person = "self"
    amount: int = 0
    points60: int | None = None
    cycles: int = 1

    @property
    def last(self) -> int:
        """Month of the last cycle."""
        return self.month + self.cycles - 1


@dataclass(frozen=True, slots=True)
class ExitLine:
    """A dated event by which one gets out: of ``list`` (of every list, if None), or of record line
    ``of_record``, which is taken back.
    """

    number: int
    on: str
    month: int
    at: Position
    exit: ExitKind
    list: str | None = None
    of_record: int = 0
    near: bool = False  #: of a move: within the city

    @property
    def last(self) -> int:
        """Month of the event."""
        return self.month


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """Consent to a rule book that asks for it, given or withdrawn. Without such a line it is there all the time;
    where the first one gives it, it was not there before.
    """

    number: int
    on: str
    month: int
    at: Position
    given: bool

    @property
    def last(self) -> int:
        """Month of the event."""
        return self.month


@dataclass(frozen=True, slots=True)
class Expectation:
    """What should be at the end of ``month``; None where nothing is expected. ``at`` has the position of
    each thing expected, by its key.

    A score or grade is "unknown" where the rule book does not say enough to work it out.

    ``services`` are services that some door closes, narrows, slows or prices; ``services_open`` services that
    no door closes or narrows. They let a reader who knows the sources, but not the ids of a regime file,
    state consequences; services not named are not asked about.
    """

    month: int
    at: Mapping[str, Position]
    score60: int | Literal["unknown"] | None = None
    grade: str | None = None
    lists: tuple[str, ...] | None = None
    doors: tuple[str, ...] | None = None
    kin_doors: tuple[str, ...] | None = None
    tied_doors: tuple[str, ...] | None = None
    services: tuple[str, ...] = ()
    services_open: tuple[str, ...] = ()
    warned: bool | None = None
    shown_to: tuple[str, ...] | None = None
    loans_refused: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One case: its lines, the months it covers (both included), and what is expected.

    ``known`` are attributes that a weighted score sees of the resident made up here, ``friends`` the scores of the
    resident's friends in 1/60 point.
    """

    name: str
    why: str
    at: Position
    lines: tuple[RecordLine | ExitLine | ConsentLine, ...]
    first: int
    until: int
    expect: tuple[Expectation, ...] = ()
    known: Mapping[str, str | int] = field(default_factory=dict)
    friends: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Cases:
    """A file of cases. ``reader`` is who wrote them: the author of the regime file or another hand;
    ``doubts`` are what the reader could not settle from the sources.
    """

    file: str
    regime: str
    reader: str
    read: str
    cases: tuple[Case, ...]
    doubts: tuple[str, ...] = ()


def month_name(month: int) -> str:
    """Write a month, such as ``24121``, as ``2010-02``: months count from January of the year 0."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def points_text(points60: int) -> str:
    """Write points in 1/60 as people do: ``60000`` → ``1000``, ``60020`` → ``1000 1/3``."""
    whole, rest = divmod(abs(points60), SCALE)
    sign = "-" if points60 < 0 else ""
    if not rest:
        return f"{sign}{whole}"
    part = Fraction(rest, SCALE)
    return f"{sign}{whole} {part}" if whole else f"{sign}{part}"


def _suggest(word: str, known: tuple[str, ...], otherwise: str) -> str:
    close = did_you_mean(word, known)
    return f"Did you mean {close}?  {otherwise}" if close else otherwise


def read_cases(path: Path) -> Cases:
    """Read the cases of a file. Raises ``InputError`` with all mistakes, each with its place in the file."""
    return parse_cases(read_document(Path(path), kind="cases"))


def parse_cases(document: Document) -> Cases:
    """Read the cases a document describes. Raises ``InputError`` with all mistakes."""
    reader = _Reader(document)
    cases = reader.file()
    reader.findings.raise_problems()
    return cases


class _Reader:
    """Goes through a document once. Each method takes a path, notes what is wrong there, and returns a
    stand-in, so that the rest is read too.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.findings = Findings(document.line)
        self.told: set[Position] = set()

    def wrong(
        self, path: DataPath, message: str, suggestion: str | Callable[[], str] = "", *, key: bool = False
    ) -> None:
        """Note a mistake; a second one at the same place would only be a consequence of the first."""
        at = self.document.at(path, key=key)
        if at not in self.told:
            self.told.add(at)
            self.findings.problem(at, message, suggestion)

    # -- the parts of a file -------------------------------------------------------------------------

    def file(self) -> Cases:
        data = self.mapping((), self.document.data, _FILE_KEYS, "a file of cases")
        if "format" not in data:
            self.wrong((), 'a file of cases needs "format"', "Add format: 1.")
        elif data["format"] != 1:
            self.wrong(("format",), f"format {data['format']} is not known", "This version reads format: 1.")
        found = self.items(("cases",), data, "a file of cases")
        if len(found) > MOST_CASES:
            self.wrong(
                ("cases", MOST_CASES),
                f"{len(found)} cases are too many",
                f"A file holds at most {MOST_CASES}: cases are for reading a rule, not for rating people.",
            )
            found = found[:MOST_CASES]
        cases = [self.case(("cases", index), node) for index, node in enumerate(found)]
        self.names([("cases", index, "name") for index in range(len(cases))], [case.name for case in cases])
        return Cases(
            file=self.document.file,
            regime=self.text(("regime",), data, "a file of cases"),
            reader=self.text(("reader",), data, "a file of cases", default="author"),
            read=self.text(("read",), data, "a file of cases", default=""),
            cases=tuple(cases),
            doubts=self.ids(("doubts",), data) or (),
        )

    def names(self, paths: list[DataPath], names: list[str]) -> None:
        first: dict[str, Position] = {}
        for path, name in zip(paths, names, strict=True):
            if name and name in first:
                at = first[name]
                self.wrong(
                    path,
                    f"two cases are called {quoted(name)} (first at {at.line}:{at.column})",
                    "Rename one.",
                )
            first.setdefault(name, self.document.at(path))

    def case(self, path: DataPath, node: Any) -> Case:
        data = self.mapping(path, node, _CASE_KEYS, "a case")
        rows = self.items((*path, "records"), data, "a case", empty=True)
        if len(rows) > MOST_LINES:
            self.wrong((*path, "records", MOST_LINES), f"{len(rows)} records are too many", f"At most {MOST_LINES}.")
            rows = rows[:MOST_LINES]
        lines = tuple(self.line((*path, "records", index), row, index + 1) for index, row in enumerate(rows))
        self.taken_back(path, lines)
        last = max((line.last for line in lines), default=None)
        until = self.month((*path, "until"), data["until"])[1] if "until" in data else None
        if until is not None and last is not None and until < last:
            self.wrong(
                (*path, "until"),
                f"the records go on until {month_name(last)}",
                f"Write until: {month_name(last)}.",
            )
        expect = tuple(self.expectations((*path, "expect"), data.get("expect"), until or last))
        months = [line.month for line in lines] + [one.month for one in expect]
        if not months and until is None:
            self.wrong(path, "a case needs a record or a month", "Add records, or until: 2020-01.")
        if until is None:
            until = max([*months, *(line.last for line in lines)], default=0)
        for index, one in enumerate(expect):
            if one.month > until:
                at = (*path, "expect", index, "on") if isinstance(data["expect"], list) else (*path, "expect", "on")
                self.wrong(at, f"the case ends in {month_name(until)}", f"Write until: {month_name(one.month)}.")
        return Case(
            name=self.text((*path, "name"), data, "a case"),
            why=self.text((*path, "why"), data, "a case", default=""),
            at=self.document.at(path),
            lines=lines,
            first=min([*months, until]),
            until=until,
            expect=expect,
            known=self.known((*path, "known"), data.get("known")),
            friends=self.friends((*path, "friends"), data.get("friends")),
        )

    def known(self, path: DataPath, node: Any) -> dict[str, str | int]:
        """What a weighted score knows of the resident: categories as words, amounts as whole numbers."""
        found: dict[str, str | int] = {}
        for name, value in self.mapping(path, node or {}, tuple(_ATTRIBUTES), "what is known").items():
            attribute = _ATTRIBUTES[name]
            here = (*path, name)
            if attribute.unit:
                found[name] = self.whole(here, {name: value}, 0, MOST_AMOUNT, default=0)
            elif value not in attribute.categories:
                self.wrong(
                    here, f"{name} cannot be {quoted(value)}", f"It is one of: {', '.join(attribute.categories)}."
                )
            else:
                found[name] = value
        return found

    def friends(self, path: DataPath, node: Any) -> tuple[int, ...]:
        if node is None:
            return ()
        if not isinstance(node, list) or len(node) > _MOST_FRIENDS:
            self.wrong(path, f"friends is a list of at most {_MOST_FRIENDS} scores", "Write for example: [700, 650].")
            return ()
        return tuple(self.points((*path, index), one) for index, one in enumerate(node))

    def line(self, path: DataPath, node: Any, number: int) -> RecordLine | ExitLine | ConsentLine:
        if isinstance(node, dict) and "consent" in node:
            return self.consent(path, node, number)
        leads_out = isinstance(node, dict) and "exit" in node
        data = self.mapping(path, node, _EXIT_KEYS if leads_out else _ACT_KEYS, "an exit" if leads_out else "a record")
        if "on" not in data:
            self.wrong(path, "a record needs a date", "Add on: 2010-02-10 or on: 2010-02.")
        on, month = self.month((*path, "on"), data["on"]) if "on" in data else ("", 0)
        at = self.document.at(path)
        return (
            self.exit(path, data, number, on, month, at) if leads_out else self.act(path, data, number, on, month, at)
        )

    def consent(self, path: DataPath, node: Any, number: int) -> ConsentLine:
        data = self.mapping(path, node, _CONSENT_KEYS, "a line on consent")
        if "on" not in data:
            self.wrong(path, "a line on consent needs a date", "Add on: 2010-02.")
        on, month = self.month((*path, "on"), data["on"]) if "on" in data else ("", 0)
        if data.get("consent") not in ("given", "withdrawn"):
            self.wrong(
                (*path, "consent"), f"consent cannot be {quoted(data.get('consent'))}", "Write given, withdrawn."
            )
        return ConsentLine(number, on, month, self.document.at(path), data.get("consent") == "given")

    def act(self, path: DataPath, data: dict[str, Any], number: int, on: str, month: int, at: Position) -> RecordLine:
        act = self.known_act(path, data)
        if "amount" in data and act and not act.unit:
            units = ", ".join(f"{one.id} ({one.unit})" for one in ACTS if one.unit)
            self.wrong((*path, "amount"), f"{quoted(act.id)} has no amount", f"Acts with one: {units}.", key=True)
        return RecordLine(
            number=number,
            on=on,
            month=month,
            at=at,
            act=act.id if act else "",
            of=self.person(path, data),
            amount=self.whole((*path, "amount"), data, 1, MOST_AMOUNT, default=0),
            points60=self.points((*path, "points"), data["points"]) if "points" in data else None,
            cycles=self.whole((*path, "cycles"), data, 1, MOST_CYCLES, default=1),
        )

    def known_act(self, path: DataPath, data: dict[str, Any]) -> Act | None:
        if "act" not in data:
            self.wrong(path, "a record needs an act", "Add act: loan-arrears, or exit: performed for a way out.")
            return None
        act = _ACTS.get(str(data["act"]))
        if act is None:
            self.wrong(
                (*path, "act"),
                f"no act is called {quoted(data['act'])}",
                partial(_suggest, str(data["act"]), tuple(_ACTS), "All acts: counterscore help acts"),
            )
        return act

    def exit(self, path: DataPath, data: dict[str, Any], number: int, on: str, month: int, at: Position) -> ExitLine:
        kind = next((one for one in EXITS if one == data["exit"]), None)
        if kind is None:
            self.wrong((*path, "exit"), f"exit cannot be {quoted(data['exit'])}", f"Write {', '.join(EXITS)}.")
        if kind == "corrected":
            if "list" in data:
                self.wrong(
                    (*path, "list"),
                    "a correction takes back a record, not a list",
                    "Write of_record: 1.",
                    key=True,
                )
            if "of_record" not in data:
                self.wrong(path, "which record is corrected?", "Add of_record: 1 for the first line of the case.")
        elif kind == "moved" and ("list" in data or "of_record" in data):
            self.wrong(path, "a move is not an exit from one list", "Write exit: moved, with within: city or nation.")
        elif kind == "reopened" and "list" in data:
            self.wrong((*path, "list"), "a new name is not an exit from one list", "Leave list: out.", key=True)
        elif "of_record" in data:
            self.wrong((*path, "of_record"), "only a correction is of a record", "Write list: list-id.", key=True)
        within = data.get("within", "nation")
        if within not in ("city", "nation") or ("within" in data and kind != "moved"):
            self.wrong((*path, "within"), "within is of a move", "Write exit: moved, within: city or nation.", key=True)
        return ExitLine(
            number=number,
            on=on,
            month=month,
            at=at,
            exit=kind or "performed",
            list=self.text((*path, "list"), data, "an exit") if "list" in data else None,
            of_record=self.whole((*path, "of_record"), data, 1, MOST_LINES, default=0),
            near=within == "city",
        )

    def taken_back(self, path: DataPath, lines: tuple[RecordLine | ExitLine | ConsentLine, ...]) -> None:
        """Check that a correction names a line of this case, a record, and none that comes later."""
        for index, line in enumerate(lines):
            if not isinstance(line, ExitLine) or not line.of_record:
                continue
            where = (*path, "records", index, "of_record")
            named = lines[line.of_record - 1] if line.of_record <= len(lines) else None
            if named is None:
                self.wrong(where, f"the case has no line {line.of_record}", f"Its lines are 1 to {len(lines)}.")
            elif not isinstance(named, RecordLine):
                self.wrong(where, f"line {line.of_record} is not a record", "Name the number of a line with act.")
            elif named.month > line.month:
                self.wrong(
                    where,
                    f"line {line.of_record} is of a later month ({named.on})",
                    "A record is corrected after it was made.",
                )

    def expectations(self, path: DataPath, node: Any, end: int | None) -> Iterator[Expectation]:
        if node is None:
            return
        many = isinstance(node, list)
        for index, item in enumerate(node if many else [node]):
            where = (*path, index) if many else path
            data = self.mapping(where, item, _EXPECTED_KEYS, "an expectation")
            if set(data) <= {"on"}:
                self.wrong(where, "nothing is expected here", "Add score, grade, lists or doors.")
            month = self.month((*where, "on"), data["on"])[1] if "on" in data else end
            if month is None:
                self.wrong(where, "an expectation needs a month", "Add on: 2010-02, or until: 2010-02 to the case.")
            yield Expectation(
                month=month or 0,
                at={key: self.document.at((*where, key)) for key in data},
                score60=self.score((*where, "score"), data["score"]) if "score" in data else None,
                grade=self.text((*where, "grade"), data, "an expectation") if "grade" in data else None,
                lists=self.ids((*where, "lists"), data),
                doors=self.ids((*where, "doors"), data),
                kin_doors=self.ids((*where, "kin_doors"), data),
                tied_doors=self.ids((*where, "tied_doors"), data),
                services=self.services((*where, "services"), data),
                services_open=self.services((*where, "services_open"), data),
                warned=self.truth((*where, "warned"), data),
                shown_to=self.ids((*where, "shown_to"), data),
                loans_refused=self.ids((*where, "loans_refused"), data),
            )

    # -- values --------------------------------------------------------------------------------------

    def mapping(self, path: DataPath, node: Any, keys: tuple[str, ...], what: str) -> dict[str, Any]:
        if not isinstance(node, dict):
            self.wrong(path, f"{what} is a mapping, found {quoted(node)}", f"Its keys: {', '.join(keys)}.")
            return {}
        for key in node:
            if key not in keys:
                self.wrong(
                    (*path, key),
                    f"{what} has no {quoted(key)}",
                    partial(_suggest, str(key), keys, f"It may have: {', '.join(keys)}.  {_FICTION}"),
                    key=True,
                )
        return {key: node[key] for key in keys if node.get(key) is not None}

    def items(self, path: DataPath, data: dict[str, Any], what: str, *, empty: bool = False) -> list[Any]:
        name = str(path[-1])
        node = data.get(name)
        if node is None:
            self.wrong(path[:-1], f"{what} needs {quoted(name)}", f"Add {name}: with a list below it.")
        elif not isinstance(node, list):
            self.wrong(path, f"{name} is a list, found {quoted(node)}", "Write one item a line, each after a dash.")
        elif not node and not empty:
            self.wrong(path, f"{name} is empty", "Add one, or remove the file.")
        return node if isinstance(node, list) else []

    def text(self, path: DataPath, data: dict[str, Any], what: str, default: str | None = None) -> str:
        name = str(path[-1])
        if name not in data:
            if default is None:
                self.wrong(path[:-1], f"{what} needs {quoted(name)}", f"Add {name}: …")
            return default or ""
        if not isinstance(data[name], str):
            self.wrong(path, f"{name} is a text, found {quoted(data[name])}", f'Write "{data[name]}" in quotes.')
        return str(data[name])

    def ids(self, path: DataPath, data: dict[str, Any]) -> tuple[str, ...] | None:
        name = str(path[-1])
        if name not in data:
            return None
        node = data[name]
        if not isinstance(node, list) or not all(isinstance(item, str) for item in node):
            self.wrong(path, f"{name} is a list of words, found {quoted(node)}", "Write [id, id], or [] for none.")
            return None
        return tuple(node)

    def truth(self, path: DataPath, data: dict[str, Any]) -> bool | None:
        found = data.get(str(path[-1]))
        if found is not None and not isinstance(found, bool):
            self.wrong(path, f"{path[-1]} is true or false, found {quoted(found)}", "Write true or false.")
            return None
        return found

    def services(self, path: DataPath, data: dict[str, Any]) -> tuple[str, ...]:
        named = self.ids(path, data) or ()
        for index, name in enumerate(named):
            if name not in _SERVICES:
                self.wrong(
                    (*path, index),
                    f"no service is called {quoted(name)}",
                    partial(_suggest, name, _SERVICES, "All services: counterscore list services"),
                )
        return named

    def whole(self, path: DataPath, data: dict[str, Any], least: int, most: int, *, default: int) -> int:
        name = str(path[-1])
        if name not in data:
            return default
        node = data[name]
        if isinstance(node, bool) or not isinstance(node, int) or not least <= node <= most:
            self.wrong(path, f"{name} is a whole number of {least} to {most:,}, found {quoted(node)}")
            return default
        return node

    def points(self, path: DataPath, node: Any) -> int:
        """Read points, a number or such as "1000 1/3", in 1/60."""
        match = _POINTS.fullmatch(str(node).strip())
        found = sum(Fraction(part) for part in match.groups()[1:] if part) * SCALE if match else None
        if found is None or found.denominator != 1:
            self.wrong(path, f"{path[-1]} must be points, found {quoted(node)}", 'Write such as 580, or "1000 1/3".')
            return 0
        return -int(found) if match and match[1] == "-" else int(found)

    def score(self, path: DataPath, node: Any) -> int | Literal["unknown"]:
        """Read an expected score; "unknown" where none can be worked out."""
        return "unknown" if node == "unknown" else self.points(path, node)

    def person(self, path: DataPath, data: dict[str, Any]) -> Person:
        of = data.get("of", "self")
        found = next((person for person in get_args(Person) if person == of), None)
        if found is None:
            hint = "Write self, kin for the next of kin, or group for another member of the group."
            self.wrong((*path, "of"), f"of cannot be {quoted(of)}", hint)
        return found or "self"

    def month(self, path: DataPath, node: Any) -> tuple[str, int]:
        """Read a date: as given, and its month, counted from January of the year 0."""
        match = re.fullmatch(r"(\d{4})-(\d{2})(?:-(\d{2}))?", str(node))
        try:
            found = date(int(match[1]), int(match[2]), int(match[3] or 1)) if match else None
        except ValueError:
            found = None
        if found is None or not _FIRST_YEAR <= found.year <= _LAST_YEAR:
            self.wrong(path, f"not a date: {quoted(node)}", "Write year-month or year-month-day, such as 2010-02-10.")
            return "", _FIRST_YEAR * 12
        return str(node), found.year * 12 + found.month - 1
