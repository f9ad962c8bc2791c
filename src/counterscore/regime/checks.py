"""What only the whole file can show: names that do not exist, grades that leave a gap, lists nobody can leave.

``check_regime`` runs every function of this page that is in ``_CHECKS``; each looks at one thing and says
what it finds, with both lines where two lines disagree. References are read from the plain data, so that
they are checked even where the item around them has another mistake; the rest reads the typed regime.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeVar

from pydantic import BaseModel
from pydantic_core import PydanticCustomError

from counterscore.errors import Findings, Position, did_you_mean, quoted
from counterscore.quantity import Document, Mark, Number
from counterscore.quantity import Path as DataPath
from counterscore.regime.found import copied
from counterscore.regime.grammar import Entry, Term, read_enter, read_when
from counterscore.regime.model import (
    PUBLIC,
    SCALE,
    Door,
    Lending,
    ListRule,
    Part,
    Regime,
    Row,
    Score,
    Scrutiny,
    Sharing,
    type_at,
)
from counterscore.regime.vocabulary import (
    ACTS,
    ATTRIBUTES,
    CONTEXTS,
    INSPECTION,
    OCCUPATIONS,
    PRIVATE,
    SERVICES,
    Act,
    Kind,
    Subject,
    act,
    attribute,
    service,
)

_Item = TypeVar("_Item", Row, Door, Lending, Scrutiny)
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_GRADE = re.compile(r"[^\W_][\w .+-]{0,39}")  #: begins with a letter or digit: a spreadsheet computes nothing from it
_DATE = re.compile(r"[12][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?")
_FULL_DATE = len("2016-01-31")
_ACT_IDS = tuple(one.id for one in ACTS)
_SERVICE_IDS = tuple(one.id for one in SERVICES)
_ATTRIBUTE_IDS = tuple(one.id for one in ATTRIBUTES)


def check_regime(
    document: Document,
    regime: Regime,
    stacked: Sequence[Regime],
    findings: Findings,
    *,
    broken: frozenset[str],
) -> None:
    """Add what is wrong with ``regime`` beyond its form to ``findings``.

    ``broken`` names the parts of the file that could not be read whole; nothing is concluded from their
    silence.
    """
    case = _Case(document, regime, tuple(stacked), findings, broken)
    for check in _CHECKS:
        check(case)


@dataclass(frozen=True)
class _Case:
    document: Document
    regime: Regime
    stacked: tuple[Regime, ...]
    findings: Findings
    broken: frozenset[str]

    def items(self, *path: str) -> Iterator[tuple[DataPath, dict[str, Any]]]:
        """The mappings of the list or mapping at ``path``, as they stand in the file."""
        part: Any = self.document.data
        for step in path:
            part = part.get(step) if isinstance(part, dict) else None
        pairs: Any = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
        yield from (((*path, step), item) for step, item in pairs if isinstance(item, dict))

    def ids(self, *path: str) -> dict[str, DataPath]:
        """Id → path of the first item of the list at ``path`` that has it."""
        found: dict[str, DataPath] = {}
        for where, item in self.items(*path):
            if isinstance(item.get("id"), str):
                found.setdefault(item["id"], where)
        return found

    def keys(self, part: str) -> tuple[str, ...]:
        """The ids of a mapping such as ``lists``."""
        found = self.document.data.get(part)
        return tuple(found) if isinstance(found, dict) else ()

    def at(self, *path: str | int) -> Position:
        """The place of a value, or of the bare number inside ``{value: …}``."""
        return self.document.at((*path, "value") if (*path, "value") in self.document.positions else path)

    def key(self, *path: str | int) -> Position:
        return self.document.at(path, key=True)

    def where(self, at: Position) -> str:
        """``12:5`` for a place in this file, with its file for a place in another."""
        return f"{at.line}:{at.column}" if at.file == self.document.file else str(at)

    def lists(self) -> Iterator[tuple[str, ListRule]]:
        yield from self.regime.lists.items()

    def rows(self) -> Iterator[tuple[DataPath, Row]]:
        yield from self._placed("catalogue", self.regime.catalogue, "id")

    def doors(self) -> Iterator[tuple[DataPath, Door]]:
        yield from self._placed("doors", self.regime.doors, "id")

    def scrutiny(self) -> Iterator[tuple[DataPath, Scrutiny]]:
        yield from self._placed("scrutiny", self.regime.scrutiny, "occupation")

    def lending(self) -> Iterator[tuple[DataPath, Lending]]:
        yield from self._placed("lending", self.regime.lending, "file")

    def _placed(self, part: str, readable: Sequence[_Item], key: str) -> Iterator[tuple[DataPath, _Item]]:
        """Each item with its path in the file, where items that cannot be read stand between them."""
        written = self.items(part)
        for item in readable:
            path = next(path for path, raw in written if raw.get(key) == getattr(item, key))
            yield path, item

    def lists_of_stack(self) -> dict[str, Regime]:
        return {id_: one for one in self.stacked for id_ in one.lists}


def unknown(findings: Findings, at: Position, sentence: str, word: str, known: Sequence[str], where: str) -> None:
    """Say that ``word`` is not known, which near word is, and where all of them are listed."""

    def suggestion() -> str:
        close = did_you_mean(word, known)
        return f"Did you mean {close}?  {where}" if close else where

    findings.problem(at, f"{sentence} {quoted(word)}", suggestion)


def undefined(findings: Findings, at: Position, sentence: str, word: str, defined: Mapping[str, Position]) -> None:
    """Say that nothing in the file is called ``word``, and where the nearest thing is defined."""

    def suggestion() -> str:
        close = did_you_mean(word, defined)
        if close:
            there = defined[close]
            place = f"{there.line}:{there.column}" if there.file == at.file else str(there)
            return f"Did you mean {close} (defined at {place})?"
        return f"Defined: {', '.join(list(defined)[:8])}." if defined else "None is defined in this file."

    findings.problem(at, f"{sentence} {quoted(word)}", suggestion)


def _strings(found: Any) -> Iterator[tuple[int, str]]:
    if isinstance(found, list):
        yield from ((index, one) for index, one in enumerate(found) if isinstance(one, str))


# ---------------------------------------------------------------------------------------- ids and names


def _ids(case: _Case) -> None:
    places: list[tuple[str, Position]] = []
    if isinstance(case.document.data.get("id"), str):
        places.append((case.document.data["id"], case.at("id")))
    for part in ("catalogue", "doors"):
        seen: dict[str, Position] = {}
        for path, item in case.items(part):
            if isinstance(item.get("id"), str):
                at = case.at(*path, "id")
                places.append((item["id"], at))
                _once(case, seen, item["id"], at, "id", "Rename one; lists and doors refer to ids.")
    for part in ("sources", "authorities", "lists"):
        places += [(id_, case.key(part, id_)) for id_ in case.keys(part)]
    for id_, at in places:
        if not _ID.fullmatch(id_):
            meant = re.sub(r"[^a-z0-9]+", "-", id_.lower()).strip("-")
            case.findings.problem(
                at, f"the id {quoted(id_)} is not lower case with dashes", f"Write {meant}." if meant else ""
            )
    for id_, path in case.ids("score", "grades").items():
        if not _GRADE.fullmatch(id_):
            case.findings.problem(
                case.at(*path, "id"),
                f"the grade {quoted(id_)} is not a name of letters and digits",
                "Begin with a letter or digit; blanks, dots, + and - may follow, 40 characters in all.",
            )


def _once(case: _Case, seen: dict[str, Position], word: str, at: Position, what: str, suggestion: str) -> None:
    if word in seen:
        first = seen[word]
        case.findings.problem(at, f"{what} {quoted(word)} is used twice (first at {case.where(first)})", suggestion)
    else:
        seen[word] = at


def _named_twice(case: _Case) -> None:
    """Grades, dimensions, occupations under scrutiny and severities of repair, each of which may be named once."""
    for part, key, what in (
        (("score", "grades"), "id", "grade"),
        (("score", "dimensions"), "id", "dimension"),
        (("score", "components"), "id", "component"),
        (("partners", "prominence"), "grade", "grade"),
        (("scrutiny",), "occupation", "occupation"),
        (("lending",), "file", "credit file"),
        (("rights", "repair", "rules"), "severity", "severity"),
    ):
        seen: dict[str, Position] = {}
        for path, item in case.items(*part):
            if isinstance(item.get(key), str):
                _once(case, seen, item[key], case.at(*path, key), what, "Keep one of them.")


def _stack_ids(case: _Case) -> None:
    """List and door ids are shared by a stack, and a rule book may not stack itself."""
    own = case.document.data.get("id")
    for index, name in _strings(case.document.data.get("stack")):
        if name == own:
            case.findings.problem(case.at("stack", index), "a rule book cannot stack itself", "Remove it.")
    for one in case.stacked:
        if one.id == own and own not in case.document.data["stack"]:
            at, file = case.at("stack"), one.document.file
            case.findings.problem(at, f"{quoted(own)} is also the id of {file}, which it stacks", "Rename one.")
        theirs = {door.id: one.at("doors", n, "id") for n, door in enumerate(one.doors)}
        for path, item in case.items("doors"):
            if isinstance(item.get("id"), str) and item["id"] in theirs:
                case.findings.problem(
                    case.at(*path, "id"),
                    f"door {quoted(item['id'])} is also a door of {one.id} ({theirs[item['id']]})",
                    "Rename one; the two are in force together.",
                )
        for id_ in case.keys("lists"):
            if id_ in one.lists:
                case.findings.problem(
                    case.key("lists", id_),
                    f"list {quoted(id_)} is also a list of {one.id} ({one.document.at(('lists', id_), key=True)})",
                    "Rename one; the two are in force together.",
                )


def _vocabulary(case: _Case) -> None:
    """Acts, services, contexts and occupations come from one page."""
    for path, item in case.items("catalogue"):
        for index, word in _strings(item.get("act")):
            if word not in _ACT_IDS:
                unknown(
                    case.findings,
                    case.at(*path, "act", index),
                    "no act is called",
                    word,
                    _ACT_IDS,
                    "All acts: counterscore list acts",
                )
    for path, item in case.items("doors"):
        service = item.get("service")
        if isinstance(service, str) and service not in _SERVICE_IDS:
            where = "All services: counterscore list services"
            unknown(case.findings, case.at(*path, "service"), "no service is called", service, _SERVICE_IDS, where)
    for path, item in case.items("authorities"):
        for index, word in _strings(item.get("contexts")):
            if word not in CONTEXTS:
                where = f"Contexts: {', '.join(CONTEXTS)}."
                unknown(
                    case.findings,
                    case.at(*path, "contexts", index),
                    "no context is called",
                    word,
                    CONTEXTS,
                    where,
                )
    for path, item in case.items("scrutiny"):
        occupation = item.get("occupation")
        if isinstance(occupation, str) and occupation not in OCCUPATIONS:
            where = f"Occupations: {', '.join(OCCUPATIONS)}."
            unknown(
                case.findings,
                case.at(*path, "occupation"),
                "no occupation is called",
                occupation,
                OCCUPATIONS,
                where,
            )


#: Whose service a door may stand before, by whom it affects, in a rule book about each kind of subject.
_REACHES: Mapping[str, Mapping[str, Subject]] = {
    "residents": {"self": "residents", "kin": "residents", "firm": "firms"},
    "firms": {"self": "firms", "firm head": "residents"},
    "bodies": {"self": "bodies", "official": "residents"},
}


def _subjects(case: _Case) -> None:
    """A rule book speaks of the acts and services of its own subjects, and of those tied to them."""
    whom = case.regime.subjects
    for path, item in case.items("catalogue"):
        for index, word in _strings(item.get("act")):
            if word in _ACT_IDS and act(word).subject != whom:
                mine = [one.id for one in ACTS if one.subject == whom]
                _not_of(case, case.at(*path, "act", index), "an act", word, act(word).subject, mine)
        if item.get("actor") == "kin" and whom != "residents":
            case.findings.problem(
                case.at(*path, "actor"), f"{whom} have no next of kin", "Take the line out; only residents have kin."
            )
    for path, item in case.items("doors"):
        affects, reaches = str(item.get("affects", "self")), _REACHES[whom]
        if affects not in reaches and affects in {one for some in _REACHES.values() for one in some}:
            case.findings.problem(
                case.at(*path, "affects"),
                f"a rule book about {whom} has no door that affects {quoted(affects)}",
                f"Write {' or '.join(reaches)}.",
            )
        elif affects in reaches:
            word = str(item.get("service"))
            if word in _SERVICE_IDS and service(word).subject != reaches[affects]:
                mine = [one.id for one in SERVICES if one.subject == reaches[affects]]
                _not_of(case, case.at(*path, "service"), "a service", word, service(word).subject, mine)
        if item.get("service") == INSPECTION and str(item.get("effect")) in ("closed", "narrowed", "priced"):
            case.findings.problem(
                case.at(*path, "effect"),
                "a door before inspections says how often they come",
                "Write effect: slowed and times: 3 for three times as many, or effect: opened and times: 0.2.",
            )
    if case.regime.scrutiny and whom != "residents":
        case.findings.problem(
            case.key("scrutiny"),
            "scrutiny looks at occupations of residents",
            f"Write a door: service: {INSPECTION}, effect: slowed, times: 3, when: grade D.",
        )
    if "follows" in case.document.data and whom != "firms":
        case.findings.problem(case.key("follows"), "only firms open again under a new name", "Take the line out.")
    theirs = {id_: one for id_, one in case.lists_of_stack().items() if one.subjects != whom}
    for path, item in case.items("catalogue"):
        other = theirs.get(str(item.get("on_list")))
        if other is not None:
            case.findings.problem(
                case.at(*path, "on_list"),
                f"{quoted(item['on_list'])} lists {other.subjects}, and this rule book is about {whom}",
                "Name a list of this rule book.",
            )


def _not_of(case: _Case, at: Position, what: str, word: str, whose: str, mine: Sequence[str]) -> None:
    def suggestion() -> str:
        close = f"firm-{word}" if f"firm-{word}" in mine else did_you_mean(word, mine)
        told = f"Did you mean {close}?  " if close else ""
        return f"{told}All: counterscore list {what.split()[1]}s; or write subjects: {whose}."

    message = f"{quoted(word)} is {what} of {whose}, and this rule book is about {case.regime.subjects}"
    case.findings.problem(at, message, suggestion)


def _components(case: _Case) -> None:
    """Parts of the score with a limit, the rows that point at them, and points of further records."""
    score = case.regime.score
    parts = {part.id: part for part in score.components} if score else {}
    known = {id_: case.at(*path, "id") for id_, path in case.ids("score", "components").items()}
    used: set[str] = set()
    for path, row in case.rows():
        if row.component is not None and "score" not in case.broken:
            used.add(row.component)
            if score is None:
                case.findings.problem(
                    case.key(*path, "component"), "a component is part of a score, and there is none", "Add a score."
                )
            elif row.component not in known:
                undefined(case.findings, case.at(*path, "component"), "no component is called", row.component, known)
        steps = [row.points, *row.then, *(step.points for step in row.curve)]
        if row.discretion:
            steps += [row.discretion.least, row.discretion.most]
        part = parts.get(row.component or "")
        wrong = [one for one in steps if one and part and (one > 0) != (part.kind == "earned")]
        if part and wrong:
            there = case.where(case.at(*case.ids("score", "components")[part.id], "kind"))
            case.findings.problem(
                case.at(*path, "component"),
                f"{wrong[0]:+d} points in component {quoted(part.id)}, where points are only {part.kind} (at {there})",
                "Correct the sign, or name another component.",
            )
        if row.then and row.points is None:
            case.findings.problem(
                case.key(*path, "then"),
                "points of further records need the points of the first",
                "Add points: (of the first record that counts).",
            )
    for n, one in enumerate(score.components if score else ()):
        if one.most < 1:
            at = case.at("score", "components", n, "most")
            case.findings.problem(at, f"most must be at least 1, found {one.most}", "Write it without a sign.")
        if one.id not in used and "catalogue" not in case.broken:
            at = case.at("score", "components", n, "id")
            case.findings.warning(at, "no row of the catalogue points at this component", "It changes nothing.")
    if score and score.components and score.dimensions:
        case.findings.problem(
            case.key("score", "components"), "a weighted score has dimensions, not components", "Keep one of them."
        )


def _references(case: _Case) -> None:
    """What a row, list or door names must exist: authorities, rows, lists, grades."""
    authorities = {id_: case.key("authorities", id_) for id_ in case.keys("authorities")}
    own = {id_: case.key("lists", id_) for id_ in case.keys("lists")}
    lists = dict(own)
    lists |= {id_: one.document.at(("lists", id_), key=True) for id_, one in case.lists_of_stack().items()}
    rows = {id_: case.at(*path, "id") for id_, path in case.ids("catalogue").items()}
    grades = {id_: case.at(*path, "id") for id_, path in case.ids("score", "grades").items()}

    def need(at: Position, what: str, word: Any, known: dict[str, Position]) -> None:
        # A list that is not found may be one of a stacked regime that could not be loaded.
        if isinstance(word, str) and word not in known and not (known is lists and "stack" in case.broken):
            undefined(case.findings, at, f"no {what} is called", word, known)

    for path, row in case.items("catalogue"):
        need(case.at(*path, "authority"), "authority", row.get("authority"), authorities)
        need(case.at(*path, "on_list"), "list", row.get("on_list"), lists)
        if isinstance(row.get("cap"), dict):
            need(case.at(*path, "cap", "grade"), "grade", row["cap"].get("grade"), grades)
    for path, item in (*case.items("lists"), *case.items("doors"), (("score",), case.document.data.get("score"))):
        if isinstance(item, dict):
            need(case.at(*path, "authority"), "authority", item.get("authority"), authorities)
    for path, entry_ in case.items("sharing"):
        if "from" not in entry_:  # of another rule book: see ``_from_elsewhere``
            need(case.at(*path, "of"), "authority", entry_.get("of"), authorities)
        need(case.at(*path, "to"), "authority", entry_.get("to"), {**authorities, PUBLIC: case.at(*path, "to")})
    for path, judged in case.items("lending"):
        for index, word in _strings(judged.get("refused_on")):
            need(case.at(*path, "refused_on", index), "row of the catalogue", word, rows)
    for path, rule in case.items("lists"):
        for entry in _entries(rule):
            at = _inside(case, (*path, "enter"), entry.offset, entry.row or entry.grade or entry.list)
            if entry.list:
                need(at, "list", entry.list, lists)
            if entry.row:
                need(at, "row of the catalogue", entry.row, rows)
            if entry.grade:
                need(at, "grade", entry.grade, grades)
        extend = rule.get("extend")
        for index, word in _strings(extend.get("on") if isinstance(extend, dict) else None):
            need(case.at(*path, "extend", "on", index), "row of the catalogue", word, rows)
        for index, word in _strings(rule.get("replaces")):
            need(case.at(*path, "replaces", index), "list", word, own)
    for path, door in case.items("doors"):
        try:
            when = read_when(door.get("when"))
        except PydanticCustomError:
            continue
        known = {"grade": grades, "list": lists, "record": rows}[when.kind]
        what = {"grade": "grade", "list": "list", "record": "row of the catalogue"}[when.kind]
        need(_inside(case, (*path, "when"), when.offset, when.name), what, when.name, known)


def _entries(rule: dict[str, Any]) -> tuple[Entry, ...]:
    try:
        return read_enter(rule.get("enter"))
    except PydanticCustomError:
        return ()  # the model says so


def _inside(case: _Case, path: DataPath, offset: int, word: str) -> Position:
    """The place of ``word`` inside the text at ``path``."""
    whole = (*path, "value") if (*path, "value") in case.document.positions else path
    return case.document.within(whole, offset, offset + len(word))


def _dates(case: _Case) -> None:
    adopted = case.regime.adopted
    if adopted is not None and not re.fullmatch(r"[12][0-9]{3}-(0[1-9]|1[0-2])", adopted):
        case.findings.problem(case.at("adopted"), f"not a month: {quoted(adopted)}", 'Write for example "2019-06".')
    force = case.regime.in_force
    if force is None:
        return
    for key, date in (("from", force.start), ("to", force.end)):
        if date is not None and not _DATE.fullmatch(date):
            case.findings.problem(
                case.at("in_force", key),
                f"not a date: {quoted(date)}",
                'Write "2016", "2016-01" or "2016-01-31".',
            )
            return
        if date is not None and len(date) == _FULL_DATE:
            year, month, day = map(int, date.split("-"))
            last = monthrange(year, month)[1]
            if day > last:
                case.findings.problem(
                    case.at("in_force", key),
                    f"there is no {date}: that month has {last} days",
                    f'Write "{date[:7]}-{last}", its last day.',
                )
                return
    if force.end is not None and force.end < force.start[: len(force.end)]:
        case.findings.problem(
            case.at("in_force", "to"), f"ends before it starts ({force.start})", "Exchange from and to."
        )


# ------------------------------------------------------------------------------------- sources and marks


def check_sources(document: Document, model: type[BaseModel], findings: Findings) -> None:
    """Every number needs a source that exists and a mark that fits it, in a regime and in a reform."""
    listed = document.data.get("sources")
    listed = listed if isinstance(listed, dict) else {}
    sources = {id_: document.at(("sources", id_), key=True) for id_ in listed}
    kinds = {id_: one.get("kind") for id_, one in listed.items() if isinstance(one, dict)}
    for path, node in _mappings(document.data, ()):
        if path[:1] != ("sources",):
            _source_of(document, path, node, sources, findings)
    resting: dict[str, int] = {}
    lacking: dict[tuple[str, DataPath], list[Number]] = {}
    for number in document.numbers():
        if type_at(model, number.path) is None:
            continue  # below a key that is told as unknown
        lacks = "source" if number.source is None else "mark" if number.mark is None else None
        if lacks and not _inherits(document.data, number.path, lacks):
            lacking.setdefault((lacks, _item(number.path)), []).append(number)
        elif number.mark is Mark.VERIFIED and kinds.get(number.source) == "assumption" and number.value is not None:
            findings.problem(
                number.at,
                f"{number.value:g} cannot be verified in {quoted(number.source)}, which is an assumption",
                "Write mark: assumed, or name the source it was read in.",
            )
        if number.source is not None and number.mark not in (Mark.ASSUMED, None):
            resting[number.source] = resting.get(number.source, 0) + 1
    for (lacks, _), numbers in lacking.items():
        first = "unknown" if numbers[0].value is None else f"{numbers[0].value:g}"
        more = len(numbers) - 1
        what = f"{first} has" if not more else f"{first} and {more} more of this item have"
        findings.problem(numbers[0].at, f"{what} no {lacks}", _ADVICE[lacks])
    for id_, count in resting.items():
        if kinds.get(id_) == "news":
            rest = "1 number rests" if count == 1 else f"{count} numbers rest"
            findings.warning(
                sources[id_],
                f"source {quoted(id_)} is a news report, and {rest} on it alone; rule text not found",
                "Name the rule text where it can be read.",
            )


_MARKS_IN_WORDS = ", ".join(Mark)
_ADVICE = {
    "source": "Add source: (an id of sources) and mark: to it or its item; else nobody can check it.",
    "mark": f"Add mark: {_MARKS_IN_WORDS}.",
}
_NUMBER_KEYS = ("value", "unit", "range", "source", "mark", "borrowed", "note")


def _source_of(
    document: Document,
    path: DataPath,
    node: dict[str, Any],
    sources: Mapping[str, Position],
    findings: Findings,
) -> None:
    source, mark = node.get("source"), node.get("mark")
    if isinstance(source, str) and source not in sources:
        undefined(findings, document.at((*path, "source")), "no source is called", source, sources)
    if isinstance(mark, str) and mark not in set(Mark):
        at = document.at((*path, "mark"))
        unknown(findings, at, "no mark is called", mark, [*Mark], f"Marks: {_MARKS_IN_WORDS}.")
    for key in node if "value" in node else ():
        if key not in _NUMBER_KEYS:
            at = document.at((*path, key), key=True)
            unknown(findings, at, "a number has no", key, _NUMBER_KEYS, f"It may have: {', '.join(_NUMBER_KEYS)}.")


def _item(path: DataPath) -> DataPath:
    """The part of a path that names the item a number belongs to."""
    return path[:1] if path[0] == "score" else path[:2]


def _inherits(data: Any, path: DataPath, key: str) -> bool:
    """True where the number or something around it has ``key``, even if what it says is no use."""
    node = data
    for step in path:
        if isinstance(node, dict) and key in node:
            return True
        node = node[step]
    return isinstance(node, dict) and key in node


def _sources(case: _Case) -> None:
    check_sources(case.document, Regime, case.findings)
    for part in ("catalogue", "doors", "lists"):
        for path, item in case.items(part):
            if "source" not in item:
                what = {"catalogue": "row", "doors": "door", "lists": "list"}[part]
                at = case.key(*path) if part == "lists" else case.at(*path)
                case.findings.warning(at, f"this {what} has no source", "Add source: and mark: to it.")


def _mappings(node: Any, path: DataPath) -> Iterator[tuple[DataPath, dict[str, Any]]]:
    if isinstance(node, dict):
        yield path, node
        for key, value in node.items():
            yield from _mappings(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _mappings(value, (*path, index))


# ------------------------------------------------------------------------------------------------- rows


def _rows(case: _Case) -> None:
    for path, row in case.rows():
        raw = case.document.data["catalogue"][path[1]]
        at = case.at(*path, "id")
        if row.act and row.on_list:
            case.findings.problem(
                case.key(*path, "on_list"),
                "a row records an act or an entry on a list, not both",
                "Make two rows.",
            )
        elif not row.act and not row.on_list and set(raw) <= set(Row.model_fields) and "act" not in raw:
            case.findings.problem(
                at,
                f"row {quoted(row.id)} records nothing",
                "Add act: [an act], or on_list: a list.  Acts: counterscore list acts",
            )
        forms = [key for key in ("points", "discretion", "curve") if key in raw]
        if len(forms) > 1:
            case.findings.problem(
                case.key(*path, forms[1]), f"a row has {forms[0]} or {forms[1]}, not both", "Keep one."
            )
        if forms and case.regime.score is None and not case.broken & {"score"}:
            case.findings.warning(
                case.key(*path, forms[0]),
                "these points lead nowhere: there is no score",
                "Add a score, or remove them.",
            )
        if row.cap and case.regime.score is None and not case.broken & {"score"}:
            case.findings.problem(
                case.key(*path, "cap"), "a cap needs a score with grades", "Add a score, or remove it."
            )
        if row.discretion and row.discretion.least is not None and row.discretion.most is not None:
            least, most = row.discretion.least, row.discretion.most
            if least * most < 0 or abs(least) > abs(most):
                case.findings.problem(
                    case.at(*path, "discretion", "most"),
                    f"the least points ({least}) are more than the most ({most})",
                    "Write the smaller change as least and the larger as most, with the same sign.",
                )
        if row.validity and row.validity.months == 0:
            case.findings.problem(case.at(*path, "validity"), "a record that counts for no time has no effect", "")
        _curve(case, path, row)
        _at_least(case, path, row)
        if row.watched is not None and row.watched < 1:
            case.findings.problem(
                case.at(*path, "watched"),
                f"watched must be 1 or more, found {row.watched:g}",
                "It is how many times likelier than usual the act is seen; leave it out where nobody looks for it.",
            )


def _at_least(case: _Case, path: DataPath, row: Row) -> None:
    """A smallest amount needs acts that have one, all in the same unit."""
    if row.at_least is None:
        return
    without = [one for one in row.act if one in _ACT_IDS and act(one).unit is None]
    if without or row.on_list:
        units = ", ".join(f"{one.id} ({one.unit})" for one in ACTS if one.unit and one.subject == case.regime.subjects)
        case.findings.problem(
            case.key(*path, "at_least"),
            f"a smallest amount needs an amount, and {quoted(without[0] if without else row.on_list)} has none",
            f"Leave it out.  Acts with an amount: {units}.",
        )
    elif row.at_least < 1:
        case.findings.problem(case.at(*path, "at_least"), f"at_least must be at least 1, found {row.at_least}", "")


def _adds_up(one: Act) -> bool:
    """Whether amounts of the act add up in a yearly account: hours given, money given; not sums evaded."""
    return one.unit is not None and one.kind is Kind.GOOD


def _curve(case: _Case, path: DataPath, row: Row) -> None:
    if not row.curve:
        return
    without = [one for one in row.act if one in _ACT_IDS and not _adds_up(act(one))]
    if without or row.on_list:
        units = ", ".join(one.id for one in ACTS if _adds_up(one) and one.subject == case.regime.subjects)
        case.findings.problem(
            case.key(*path, "curve"),
            f"a curve needs an amount, and {quoted(without[0] if without else row.on_list)} has none",
            f"Write points: instead.  Acts with an amount: {units}.",
        )
    units_used = {act(one).unit for one in row.act if one in _ACT_IDS} - {None}
    if len(units_used) > 1:
        case.findings.problem(
            case.key(*path, "curve"),
            f"one curve cannot count {' and '.join(sorted(map(str, units_used)))}",
            "Make two rows.",
        )
    before = 0
    for index, step in enumerate(row.curve):
        here = (*path, "curve", index)
        if step.per < 1:
            case.findings.problem(case.at(*here, "per"), f"per must be at least 1, found {step.per}", "")
        if step.up_to is None:
            if index < len(row.curve) - 1:
                case.findings.problem(
                    case.at(*here),
                    "only the last step of a curve may have no end",
                    "Add up_to: to this step.",
                )
            return
        if step.up_to <= before:
            case.findings.problem(
                case.at(*here, "up_to"),
                f"this step ends at {step.up_to}, where the one before ended at {before}",
                "Put the steps in rising order.",
            )
        before = step.up_to


def _counted_twice(case: _Case) -> None:
    first: dict[tuple[str, str], Position] = {}
    for path, row in case.rows():
        raw = case.document.data["catalogue"][path[1]].get("act")
        for index, word in _strings(raw):
            at = case.at(*path, "act", index)
            who = (row.actor, word)
            if who in first:
                other = first[who]
                case.findings.problem(
                    at,
                    f"{quoted(word)} is in two rows (first at {case.where(other)}), so a record of it counts twice",
                    "Keep it in one row.",
                )
            else:
                first[who] = at


def _authorities(case: _Case) -> None:
    for path, row in case.rows():
        authority = case.regime.authorities.get(row.authority)
        if authority is None or not set(authority.contexts) <= set(CONTEXTS):
            continue
        for one in dict.fromkeys(row.act):
            if one in _ACT_IDS and act(one).context not in authority.contexts:
                at = case.key("authorities", row.authority)
                case.findings.warning(
                    case.at(*path, "authority"),
                    f"{quoted(row.authority)} records {quoted(one)}, outside its contexts (at {case.where(at)})",
                    f"Add {act(one).context} to its contexts, or name another authority.",
                )


# ------------------------------------------------------------------------------------------------ grades


def _score(case: _Case) -> None:
    score = case.regime.score
    if score is None:
        return
    if score.update and score.update.months == 0:
        case.findings.problem(case.at("score", "update"), "an update needs some time", "Write for example: 1 month.")
    floor, ceiling = score.floor, score.ceiling
    if floor is not None and ceiling is not None and floor >= ceiling:
        other = case.at("score", "ceiling")
        case.findings.problem(
            case.at("score", "floor"),
            f"floor ({floor}) is not below the ceiling ({ceiling}) at {case.where(other)}",
            "Exchange them, or correct one.",
        )
        return
    if score.dimensions:
        if score.start is not None:
            case.findings.problem(
                case.key("score", "start"),
                "a weighted score has no start of its own: it begins with what its dimensions start with",
                "Remove it, and write start: in the dimensions.",
            )
        _dimensions(case, score)
    elif "start" not in score.model_fields_set:
        if "score" not in case.broken:
            case.findings.problem(
                case.key("score"), 'a score needs "start", or dimensions with weights', "Add start: …"
            )
    if floor is None or ceiling is None:
        return  # what cannot be worked out cannot be out of place
    if score.start is not None and not score.dimensions and not floor <= score.start <= ceiling:
        case.findings.problem(
            case.at("score", "start"),
            f"start ({score.start}) is outside the score, which goes from {floor} to {ceiling}",
            "Choose a start between them.",
        )
    _grades(case, score, floor, ceiling)


def _dimensions(case: _Case, score: Score) -> None:
    """Weights above zero, starts of a hundred, and parts that each say where their hundred comes from."""
    rows = {id_: case.at(*path, "id") for id_, path in case.ids("catalogue").items()}
    counted: dict[str, Position] = {}
    for n, one in enumerate(score.dimensions):
        here = ("score", "dimensions", n)
        if one.weight is not None and one.weight < 0:
            case.findings.problem(case.at(*here, "weight"), f"a weight is not below 0, found {one.weight}", "")
        if not 0 <= one.start <= _WHOLE:
            case.findings.problem(
                case.at(*here, "start"),
                f"a dimension is 0 to {_WHOLE}, found {one.start}",
                "Write a part of a hundred.",
            )
        for m, part in enumerate(one.parts):
            there = (*here, "from", m)
            given = [key for key in ("records", "attribute", "friends") if getattr(part, key)]
            if len(given) != 1:
                case.findings.problem(
                    case.at(*there),
                    f"a part is one of records, attribute, friends; found {' and '.join(given) or 'none'}",
                    "Write for example: records: [row-id]",
                )
                continue
            for k, name in enumerate(part.records):
                at = case.at(*there, "records", k)
                if name not in rows:
                    undefined(case.findings, at, "no row of the catalogue is called", name, rows)
                _once(case, counted, name, at, "row", "A record counts in one dimension.")
            _attribute(case, there, part)
    weights = [one.weight for one in score.dimensions if one.weight is not None]
    if sum(weights) <= 0 and len(weights) == len(score.dimensions):
        case.findings.problem(case.key("score", "dimensions"), "all weights are 0", "Give one of them a weight.")
    for path, row in case.rows():
        raw = case.document.data["catalogue"][path[1]]
        if row.id not in counted and "points" in raw and not case.broken & {"score"}:
            case.findings.warning(
                case.key(*path, "points"), f"these points lead nowhere: {row.id} is in no dimension", "Name it in one."
            )


_WHOLE = 100


def _attribute(case: _Case, there: DataPath, part: Part) -> None:
    if not part.attribute:
        for key in ("values", "bands"):
            if getattr(part, key):
                case.findings.problem(case.key(*there, key), f"{key} need an attribute", "Add attribute: …")
        return
    at = case.at(*there, "attribute")
    if part.attribute not in _ATTRIBUTE_IDS:
        where = f"Attributes: {', '.join(_ATTRIBUTE_IDS)}."
        unknown(case.findings, at, "no attribute is called", part.attribute, _ATTRIBUTE_IDS, where)
        return
    found = attribute(part.attribute)
    wanted, other = ("bands", "values") if found.unit else ("values", "bands")
    if getattr(part, other) or not getattr(part, wanted):
        example = "bands: [{from: 0, gives: 10}]" if found.unit else f'values: {{"{found.categories[0]}": 10}}'
        case.findings.problem(at, f"{quoted(found.id)} needs {wanted}", f"Write for example: {example}.")
    for word in part.values:
        if not found.unit and word not in found.categories:
            where = f"It is one of: {', '.join(found.categories)}."
            unknown(
                case.findings,
                case.key(*there, "values", word),
                f"{found.id} cannot be",
                word,
                found.categories,
                where,
            )
    for k, (lower, upper) in enumerate(pairwise(part.bands)):
        if upper.floor <= lower.floor:
            case.findings.problem(
                case.at(*there, "bands", k + 1, "from"),
                f"this band starts at {upper.floor}, the one before at {lower.floor}",
                "Put the bands in rising order.",
            )


def _partners(case: _Case) -> None:
    """A matchmaker goes by the grades of a rule book that is in force beside it."""
    partners = case.regime.partners
    if partners is None or case.broken & {"stack", "score"}:
        return
    scored = {one.id: one for one in (case.regime, *case.stacked) if one.score is not None and one.score.known}
    if partners.by not in scored:
        known = {id_: case.at("id") if one is case.regime else one.at("id") for id_, one in scored.items()}
        undefined(
            case.findings, case.at("partners", "by"), "no rule book in force here has a score:", partners.by, known
        )
        return
    by = scored[partners.by]
    assert by.score is not None
    grades = {one.id: by.at("score", "grades", n, "id") for n, one in enumerate(by.score.grades)}
    for n, shown in enumerate(partners.prominence):
        here = ("partners", "prominence", n)
        if shown.grade not in grades:
            undefined(case.findings, case.at(*here, "grade"), "no grade is called", shown.grade, grades)
        if shown.times is not None and shown.times <= 0:
            at = case.at(*here, "times")
            case.findings.problem(at, f"times must be above 0, found {shown.times:g}", "Write 1 for no difference.")


def _shown(case: _Case) -> None:
    """What residents show each other is a private score of this very rule book."""
    regime = case.regime
    if regime.shown is None:
        return
    if regime.owner != PRIVATE:
        case.findings.problem(
            case.key("shown"),
            "only a private score is shown to friends and singles; this rule book is public",
            "Take it out, or write owner: private. Who learns of a public list is said by its publicity.",
        )
    if "score" not in case.document.data:
        case.findings.problem(
            case.key("shown"),
            "this rule book has no score that could be shown",
            "Take it out, and write it in the rule book whose score it is.",
        )


def _level(case: _Case) -> None:
    if case.regime.owner == PRIVATE and "level" in case.document.data:
        case.findings.problem(
            case.key("level"),
            "a private rule book is nobody's law and has no level",
            "Take the line out; reforms know it as private.",
        )


def _participation(case: _Case) -> None:
    if case.regime.participation == "mandatory" and "without_consent" in case.document.data:
        case.findings.problem(
            case.key("without_consent"),
            "nobody is asked: participation is mandatory",
            "Remove it, or write participation: opt-in or consent.",
        )


def _grades(case: _Case, score: Score, floor: int, ceiling: int) -> None:
    """The known borders must follow each other; a gap is a mistake only where every border is known."""
    reachable = []
    known = [(grade.floor, grade.top) for grade in score.grades]
    whole = all(None not in borders for borders in known)
    for index, (least, most) in enumerate(known):
        if least is None or most is None:
            continue
        grade = _Borders(score.grades[index].id, least, most)
        here = ("score", "grades", index)
        low, high = case.at(*here, "from"), case.at(*here, "to")
        if grade.floor > grade.top:
            case.findings.problem(
                low,
                f"grade {grade.id} goes from {grade.floor} down to {grade.top}",
                "Write the lower border as from.",
            )
            return
        if grade.top < floor:
            at = case.at("score", "floor")
            case.findings.problem(
                high,
                f"grade {grade.id} ends at {grade.top}, below the floor ({floor}) at {case.where(at)}; "
                "it can never be reached",
                "Lower the floor, or remove the grade.",
            )
        elif grade.floor > ceiling:
            at = case.at("score", "ceiling")
            case.findings.problem(
                low,
                f"grade {grade.id} starts at {grade.floor}, above the ceiling ({ceiling}) at "
                f"{case.where(at)}; it can never be reached",
                "Raise the ceiling, or remove the grade.",
            )
        else:
            reachable.append((index, grade))
    for (n, better), (m, worse) in pairwise(reachable):
        at, other = case.at("score", "grades", m, "to"), case.at("score", "grades", n, "from")
        place = f"{case.where(other)}"
        if better.floor < worse.floor:
            case.findings.problem(
                case.at("score", "grades", m, "id"),
                f"grade {worse.id} is better than {better.id} above it",
                "List the best grade first.",
            )
            return
        if worse.top >= better.floor:
            case.findings.problem(
                at,
                f"grade {worse.id} up to {worse.top} overlaps grade {better.id} from {better.floor} (at {place})",
                f"Write {better.floor - 1}.",
            )
        elif whole and worse.top < better.floor - 1:
            missing = _span(worse.top + 1, better.floor - 1)
            case.findings.problem(
                at,
                f"no grade holds {missing}: grade {worse.id} ends here, grade {better.id} starts at "
                f"{better.floor} (at {place})",
                f"Write {better.floor - 1}.",
            )
    if reachable and whole:
        n, best = reachable[0]
        m, last = reachable[-1]
        if best.top < ceiling:
            at = case.at("score", "ceiling")
            case.findings.problem(
                case.at("score", "grades", n, "to"),
                f"no grade holds {_span(best.top + 1, ceiling)}: the ceiling is {ceiling} (at {case.where(at)})",
                f"Write {ceiling}.",
            )
        if last.floor > floor:
            at = case.at("score", "floor")
            case.findings.problem(
                case.at("score", "grades", m, "from"),
                f"no grade holds {_span(floor, last.floor - 1)}: the floor is {floor} (at {case.where(at)})",
                f"Write {floor}.",
            )


@dataclass(frozen=True, slots=True)
class _Borders:
    """A grade whose borders are known."""

    id: str
    floor: int
    top: int


def _span(low: int, high: int) -> str:
    return f"a score of {low}" if low == high else f"scores from {low} to {high}"


# ------------------------------------------------------------------------------------------------- lists


def _grounds(case: _Case) -> None:
    """Grounds for entry that can never or always hold."""
    score = case.regime.score
    if score is not None and score.known and (score.floor or 0) >= (score.ceiling or 0):
        return
    for id_, rule in case.lists():
        for entry in rule.enter:
            path = ("lists", id_, "enter")
            if entry.kind in {"score", "grade"} and score is None and "score" not in case.broken:
                case.findings.problem(
                    case.at(*path),
                    f"there is no score, so no {entry.kind} to enter by",
                    "Add a score, or use record(row-id).",
                )
            elif entry.kind == "score" and score is not None and score.known and score.floor is not None:
                at = _inside(case, path, entry.offset, str(entry.border))
                if entry.border <= score.floor:
                    case.findings.problem(
                        at,
                        f"the score is never below {entry.border}: its floor is {score.floor}",
                        "Raise the border, or remove this ground.",
                    )
                elif entry.border * SCALE > score.opening60 and "score" not in case.broken:
                    begins = score.opening60 // SCALE
                    case.findings.warning(
                        at,
                        f"everybody is on this list from the start: the score starts at {begins}",
                        "Check the border.",
                    )
            elif entry.kind == "grade" and score is not None and score.grades and entry.grade == score.grades[0].id:
                at = _inside(case, path, entry.offset, entry.grade)
                case.findings.warning(at, f"grade {entry.grade} or worse is everybody", "Check the grade.")
            elif entry.kind == "stay" and (entry.within < 1 or entry.list == id_):
                case.findings.problem(
                    case.at(*path),
                    "a stay of at least one month on another list is needed",
                    "Write for example: stay(list-id, 36 months).",
                )
            elif entry.kind == "records" and (entry.at_least < 1 or entry.within < 1):
                case.findings.problem(
                    case.at(*path),
                    "at least one record within at least one month is needed",
                    "Write for example: records(row-id, 2 in 12 months).",
                )


def _exits(case: _Case) -> None:
    """Terms and exits must agree, and somebody must be able to leave."""
    rights = case.regime.rights
    known = "rights" not in case.broken
    for id_, rule in case.lists():
        path = ("lists", id_)
        leave, term = case.at(*path, "leave"), rule.term
        if not rule.leave or ("never" in rule.leave and len(rule.leave) > 1):
            case.findings.problem(
                leave,
                '"never" cannot stand beside other exits' if rule.leave else "no exit is named",
                "Write leave: [never] if nobody can leave, or name the exits, such as [expired, corrected].",
            )
            continue
        if _contradiction(case, path, rule):
            continue
        if rule.leave == ("never",):
            continue
        repair = next(
            (one for one in (rights.repair.rules if rights.repair else ()) if one.severity == rule.severity),
            None,
        )
        kept = rights.retention.at_most and not rights.retention.while_listed
        bounded = bool((repair and repair.at_most) or (kept and term.kind != "performed"))
        if known and "repaired" in rule.leave and repair is None:
            case.findings.warning(
                leave,
                f"nobody can leave by repair: rights.repair has no rule for a {rule.severity} list",
                "Add one to rights.repair, or take repaired out.",
            )
        if known and "expired" in rule.leave and term.kind in {"performed", "endless"} and not bounded:
            at = case.at(*path, "term")
            case.findings.problem(
                leave,
                f'"expired" cannot happen: the term is {quoted(term.text)} (at {case.where(at)}), '
                "and no right ends it sooner",
                "Write a term such as 24 months, or take expired out.",
            )
            continue
        correction = rights.appeal.available or rights.correction.within is not None
        ways = (
            term.kind in {"fixed", "holds"}
            or "performed" in rule.leave
            or bounded
            or ("repaired" in rule.leave and repair is not None)
            or ("corrected" in rule.leave and correction)
        )
        if known and not ways:
            case.findings.warning(
                case.key(*path),
                "nobody can leave this list: no expiry, no appeal, no repair",
                "If meant, write leave: [never].",
            )
        _extension(case, path, rule, term)


def _grace(case: _Case) -> None:
    """A period of grace runs from a record or a border; a stay on another list has run long enough."""
    for id_, rule in case.lists():
        if rule.grace and any(entry.kind == "stay" for entry in rule.enter):
            case.findings.problem(
                case.at("lists", id_, "grace"),
                "grace does not go with entry by staying on another list",
                "Write the months into stay(list-id, 36 months), or remove grace.",
            )


def _replaced(case: _Case) -> None:
    """A list takes the place of others, not of itself; and of two lists only one takes the place of the other."""
    rules = dict(case.lists())
    for id_, rule in rules.items():
        for index, name in enumerate(rule.replaces):
            at = case.at("lists", id_, "replaces", index)
            other = rules.get(name)
            if name == id_:
                case.findings.problem(at, "a list cannot take its own place", "Name another list, or remove replaces.")
            elif other and id_ in other.replaces:
                case.findings.problem(
                    at,
                    f"{id_} and {name} each take the other's place, so nobody knows who stays where",
                    f"Remove replaces from one of them; the other is at {case.where(case.key('lists', name))}.",
                )
            elif other and other.grace:
                case.findings.problem(
                    at,
                    f"{name} has a period of grace, which goes on whatever else is entered",
                    f"Remove grace from {name}, or {name} from replaces.",
                )


def _contradiction(case: _Case, path: DataPath, rule: ListRule) -> bool:
    """Say where term and exits contradict each other; True if they do."""
    leave, term, at = case.at(*path, "leave"), rule.term, case.at(*path, "term")
    there = f"at {case.where(at)}"
    if rule.leave == ("never",) and term.kind != "endless":
        case.findings.problem(
            leave,
            f"nobody leaves, but the term is {quoted(term.text)} ({there})",
            "Write term: never ends, or name the exits.",
        )
        return True
    if term.kind == "fixed" and "expired" not in rule.leave:
        case.findings.problem(
            leave,
            f'the term is {term.text} ({there}), but "expired" is not an exit, so nobody leaves when it is over',
            "Add expired, or write term: never ends.",
        )
        return True
    if term.kind == "fixed" and term.months == 0:
        case.findings.problem(at, "a term of no time has no effect", "Write for example: 24 months.")
        return True
    if term.kind == "performed" and "performed" not in rule.leave:
        case.findings.problem(
            leave,
            f'the term is "until performed" ({there}), but "performed" is not an exit',
            "Add performed, or write another term.",
        )
        return True
    if term.kind == "holds" and not any(entry.kind in {"score", "grade"} for entry in rule.enter):
        case.findings.problem(
            at,
            "no score or grade is among the grounds, so none can hold or stop to hold",
            "Write a term such as 24 months.",
        )
        return True
    return False


def _extension(case: _Case, path: DataPath, rule: ListRule, term: Term) -> None:
    if rule.extend is None:
        return
    if term.kind != "fixed":
        case.findings.problem(
            case.key(*path, "extend"),
            f"only a fixed term can be extended, and this one is {quoted(term.text)}",
            "Remove extend, or write a fixed term.",
        )
        return
    by, most = rule.extend.by, rule.extend.at_most
    if by and by.months == 0:
        case.findings.problem(case.at(*path, "extend", "by"), "an extension by no time has no effect", "")
    if most and most.months <= term.months:
        at = case.at(*path, "term")
        case.findings.problem(
            case.at(*path, "extend", "at_most"),
            f"at most {most} in all leaves no room beyond the term of {term.text} (at {case.where(at)})",
            "Write a longer at_most, or remove extend.",
        )


def _repair(case: _Case) -> None:
    repair = case.regime.rights.repair
    for index, rule in enumerate(repair.rules if repair else ()):
        if rule.after and rule.at_most and rule.after.months > rule.at_most.months:
            case.findings.problem(
                case.at("rights", "repair", "rules", index, "after"),
                f"repair after {rule.after} comes too late: the stay ends after {rule.at_most}",
                "Exchange after and at_most, or correct one.",
            )


# ------------------------------------------------------------------------------------------------- doors

_EXAMPLE = {"narrowed": "0.5", "slowed": "2", "priced": "2", "opened": "0.5"}
_NEEDED = {"narrowed": "share", "slowed": "times", "priced": "times", "opened": "times", "closed": None}
_SAVING = ("priced", "opened")


def _doors(case: _Case) -> None:
    for path, door in case.doors():
        raw = case.document.data["doors"][path[1]]
        needed = _NEEDED[door.effect]
        if needed and needed not in raw and not (door.effect in _SAVING and "saves" in raw):
            what = "the share of attempts refused" if needed == "share" else "how many times as long or dear"
            case.findings.problem(
                case.at(*path, "effect"),
                f"{_article(door.effect)} {door.effect} door needs {needed}: {what}",
                f"Add {needed}: {_EXAMPLE[door.effect]}, or {needed}: unknown.",
            )
        for key in ("share", "times"):
            if key in raw and key != needed:
                case.findings.problem(
                    case.key(*path, key),
                    f"{key} says nothing about {_article(door.effect)} {door.effect} door",
                    f"Remove {key}.",
                )
        if "saves" in raw and door.effect not in _SAVING:
            case.findings.problem(
                case.key(*path, "saves"),
                f"nothing is saved at {_article(door.effect)} {door.effect} door",
                f"Remove saves, or write effect: {' or effect: '.join(_SAVING)}.",
            )
        elif door.saves is not None and door.saves <= 0:
            case.findings.problem(
                case.at(*path, "saves"),
                f"saves must be above 0 yuan, found {door.saves}",
                "A higher price is times: 2.",
            )
        if door.share is not None and not 0 < door.share <= 1:
            case.findings.problem(
                case.at(*path, "share"),
                f"share must be above 0 and at most 1, found {door.share:g}",
                f"Write {door.share / 100:g}." if 1 < door.share <= 100 else "",
            )
        if door.times is not None and door.times <= 0:
            case.findings.problem(
                case.at(*path, "times"),
                f"times must be above 0, found {door.times:g}",
                "Write 2 for twice, 0.5 for half.",
            )
        elif door.times is not None and needed == "times" and _backwards(door.effect, door.times):
            case.findings.problem(
                case.at(*path, "times"),
                f"times {door.times:g} means {'sooner' if door.times < 1 else 'later'}, but the door is {door.effect}",
                "Write effect: opened." if door.effect == "slowed" else "Write effect: slowed.",
            )
        if door.lasts and door.when.kind != "list":
            case.findings.problem(
                case.key(*path, "lasts"),
                f"a time of its own begins with the entry on a list, and this door waits for a {door.when.kind}",
                "Write when: list list-id, or remove lasts."
                + (" How long a record counts is its validity." if door.when.kind == "record" else ""),
            )
        elif door.lasts and door.lasts.months == 0:
            case.findings.problem(case.at(*path, "lasts"), "a door of no time has no effect", "Write: 3 years.")
        score = case.regime.score
        if door.when.kind == "grade" and score is not None and score.grades:
            everybody = {"worse": score.grades[0].id, "better": score.grades[-1].id}.get(door.when.reach)
            if door.when.name == everybody:
                case.findings.warning(
                    case.at(*path, "when"),
                    f"grade {everybody} or {door.when.reach} is everybody",
                    "Check the grade.",
                )


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"


def _backwards(effect: str, times: float) -> bool:
    return (effect == "slowed" and times < 1) or (effect == "opened" and times > 1)


def _scrutiny(case: _Case) -> None:
    for path, one in case.scrutiny():
        if one.times is not None and one.times <= 0:
            case.findings.problem(
                case.at(*path, "times"),
                f"times must be above 0, found {one.times:g}",
                "Write 1 for no difference.",
            )


# ---------------------------------------------------------------------------------- sharing and lending


def _sharing(case: _Case) -> None:
    """Entries must mean something, and whoever reads records must have a name where they are not all shared."""
    entries = case.regime.sharing
    if PUBLIC in case.regime.authorities:
        case.findings.problem(
            case.key("authorities", PUBLIC), f"no authority can be called {quoted(PUBLIC)}", "Write another id."
        )
    if entries is None or "sharing" in case.broken:
        return
    first: dict[str, Position] = {}
    for index, one in enumerate(entries):
        here = ("sharing", index)
        _once(case, first, one.id, case.at(*here, "of"), "the entry", "Keep one of them.")
        _from_elsewhere(case, here, one)
        if one.coverage is not None and not 0 < one.coverage <= 1:
            case.findings.problem(
                case.at(*here, "coverage"),
                f"coverage must be above 0 and at most 1, found {one.coverage:g}",
                f"Write {one.coverage / 100:g}."
                if 1 < one.coverage <= 100
                else "Remove the entry where nothing is shared.",
            )
        if (
            one.origin is None
            and one.of == one.to
            and one.within == "city"
            and one.after is None
            and one.coverage == 1.0
        ):
            case.findings.warning(
                case.at(*here, "to"),
                "an authority knows its own records; this entry only carries them across the city",
                "If its offices are meant to know each other's records of the nation, write within: nation.",
            )
    reason = "this rule book says what is shared (at {}), so it must say who reads the records here"
    where = case.where(case.key("sharing"))
    for path, named in (
        *((("lists", id_), rule.authority or not any(one.row for one in rule.enter)) for id_, rule in case.lists()),
        *((path, door.authority or door.when.kind != "record") for path, door in case.doors()),
        *([(("score",), case.regime.score.authority)] if case.regime.score else []),
    ):
        if not named:
            at = case.at(*path, "id") if path[0] == "doors" else case.key(*path)
            case.findings.problem(at, reason.format(where), "Add authority: (an id of authorities).")


def _from_elsewhere(case: _Case, here: DataPath, one: Sharing) -> None:
    """What an entry takes from another rule book of the stack must exist there, and be about something here."""
    for index, kind in enumerate(one.kinds):
        if kind not in CONTEXTS:
            where = f"Contexts: {', '.join(CONTEXTS)}."
            unknown(case.findings, case.at(*here, "kinds", index), "no context is called", kind, CONTEXTS, where)
    if one.origin is None:
        for key in ("kinds", "rows", "corrected"):
            if key in one.model_fields_set:
                case.findings.problem(
                    case.key(*here, key),
                    f"{key} is about records of another rule book, and this entry names none",
                    "Add from: (the id of a rule book of the stack), or leave it out.",
                )
        return
    if "stack" in case.broken or "catalogue" in case.broken:
        return
    at = case.at(*here, "from")
    book = next((each for each in case.stacked if each.id == one.origin), None)
    if book is None:
        known = [each.id for each in case.stacked]
        where = f"The stack: {', '.join(known)}." if known else "Add stack: with its id or file."
        unknown(case.findings, at, "no rule book of the stack is called", one.origin, known, where)
        return
    if book.subjects != case.regime.subjects:
        case.findings.problem(
            at,
            f"{one.origin} is about {book.subjects}, and this rule book about {case.regime.subjects}",
            "Records of one are not records of the other; a door with affects: firm or firm head reaches across.",
        )
    elif one.of not in book.authorities:
        where = f"Its authorities: {', '.join(book.authorities)}."
        sentence = f"{one.origin} has no authority called"
        unknown(case.findings, case.at(*here, "of"), sentence, one.of, tuple(book.authorities), where)
    elif one.rows:
        _named_rows(case, here, one)
    elif not any(
        copy.entry is one
        for row in case.regime.catalogue
        if (copy := copied(case.regime, row, (case.regime, *case.stacked)))
    ):
        firsts = [each.channel for each in case.regime.sharing or ()]
        if one.channel in firsts[: int(here[1])]:  # further readers of what an earlier entry brings
            return
        acts = sorted({name for row in book.catalogue if row.authority == one.of for name in row.act})
        case.findings.problem(
            case.at(*here, "of"),
            f"no row here is about what {quoted(one.of)} of {one.origin} records"
            + (f" of {' or '.join(one.kinds)}" if one.kinds else ""),
            f"Add rows on its acts ({', '.join(acts[:4])}) or its lists, or remove the entry.",
        )


def _named_rows(case: _Case, here: DataPath, one: Sharing) -> None:
    """Each row that an entry names must be a copy of what the entry is about."""
    stack = (case.regime, *case.stacked)
    for index, name in enumerate(one.rows):
        at = case.at(*here, "rows", index)
        row = next((each for each in case.regime.catalogue if each.id == name), None)
        if row is None:
            known = [each.id for each in case.regime.catalogue]
            unknown(
                case.findings, at, "no row of the catalogue is called", name, known, f"Rows: {', '.join(known[:8])}."
            )
        elif (copy := copied(case.regime, row, stack)) is None or copy.entry.channel != one.channel:
            case.findings.problem(
                at,
                f"row {quoted(name)} is not about what {quoted(one.of)} of {one.origin} records",
                "Name rows all of whose acts, or whose list, it records.",
            )


def _lending(case: _Case) -> None:
    for path, one in case.lending():
        raw = case.document.data["lending"][path[1]]
        if not any(key in raw for key in ("refused_on", "below", "refused")):
            case.findings.problem(
                case.at(*path, "file"),
                f"nothing is said of those with credit file {quoted(one.file)}",
                "Add refused_on: [row-id], below: a score, or refused: a share.",
            )
        if one.refused is not None and not 0 <= one.refused <= 1:
            case.findings.problem(
                case.at(*path, "refused"),
                f"refused must be from 0 to 1, found {one.refused:g}",
                f"Write {one.refused / 100:g}." if 1 < one.refused <= 100 else "",
            )
        score = case.regime.score
        if one.below is not None and "score" not in case.broken:
            if score is None:
                case.findings.problem(
                    case.at(*path, "below"), "there is no score to judge by", "Add a score, or use refused_on."
                )
            elif score.floor is None or score.ceiling is None:
                pass  # what cannot be worked out cannot be out of place
            elif not score.floor < one.below <= score.ceiling:
                case.findings.problem(
                    case.at(*path, "below"),
                    f"a border at {one.below} refuses nobody or everybody: the score goes from {score.floor} to "
                    f"{score.ceiling}",
                    "Choose a border between them.",
                )


# ----------------------------------------------------------------------------------------------- circles


#: A step of a circle: "list", "row" or "score", the number of its regime in the stack, and its id.
_Step = tuple[str, int, str]


def _circles(case: _Case) -> None:
    """A list must not lead back to itself: list -> row that records its entry -> score or record -> list."""
    if case.broken & {"lists", "catalogue"}:
        return
    regimes = (case.regime, *case.stacked)
    owner = {id_: n for n, one in enumerate(regimes) for id_ in one.lists}
    leads: dict[_Step, set[_Step]] = {}
    for n, one in enumerate(regimes):
        for row in one.catalogue:
            if row.on_list in owner:
                here = ("row", n, row.id)
                leads.setdefault(("list", owner[row.on_list], row.on_list), set()).add(here)
                if row.points or row.discretion or row.cap:
                    leads.setdefault(here, set()).add(("score", n, one.id))
        for id_, rule in one.lists.items():
            for entry in rule.enter:
                cause = ("row", n, entry.row) if entry.row else ("score", n, one.id)
                if entry.list:
                    cause = ("list", owner.get(entry.list, n), entry.list)
                leads.setdefault(cause, set()).add(("list", n, id_))
    told: set[frozenset[_Step]] = set()
    for id_ in case.regime.lists:
        circle = _way_back(leads, ("list", 0, id_))
        if circle and frozenset(circle) not in told:
            told.add(frozenset(circle))
            words = " -> ".join(_step_in_words(regimes, step) for step in (*circle, circle[0]))
            case.findings.problem(
                case.key("lists", id_),
                f"this list leads back to itself: {words}",
                "Take one of these steps out; being listed would be a reason for being listed.",
            )


def _way_back(leads: Mapping[_Step, set[_Step]], start: _Step) -> tuple[_Step, ...] | None:
    """The shortest way from ``start`` back to it, without its end."""
    ways: list[tuple[_Step, ...]] = [(start,)]
    seen: set[_Step] = set()
    for way in ways:
        for step in sorted(leads.get(way[-1], ())):
            if step == start:
                return way
            if step not in seen:
                seen.add(step)
                ways.append((*way, step))
    return None


def _step_in_words(regimes: Sequence[Regime], step: _Step) -> str:
    """``row court-listed (12:5)``; with its file where that is another one."""
    kind, n, id_ = step
    document = regimes[n].document
    match kind:
        case "list":
            at, name = document.at(("lists", id_), key=True), f"list {id_}"
        case "row":
            index = [row.id for row in regimes[n].catalogue].index(id_)
            at, name = document.at(("catalogue", index, "id")), f"row {id_}"
        case _:
            at, name = document.at(("score",), key=True), "score"
    return f"{name} ({at.line}:{at.column})" if n == 0 else f"{name} ({at})"


_CHECKS: tuple[Callable[[_Case], None], ...] = (
    _ids,
    _named_twice,
    _stack_ids,
    _vocabulary,
    _subjects,
    _references,
    _dates,
    _sources,
    _rows,
    _counted_twice,
    _components,
    _authorities,
    _score,
    _grounds,
    _exits,
    _grace,
    _replaced,
    _repair,
    _doors,
    _sharing,
    _lending,
    _scrutiny,
    _partners,
    _shown,
    _level,
    _participation,
    _circles,
)
