"""What a row, list or door names: that it exists, and that no list leads back to itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import PydanticCustomError

from counterscore.errors import Position
from counterscore.quantity import Path as DataPath
from counterscore.regime.checks._case import Case, strings, undefined
from counterscore.regime.grammar import Entry, read_enter, read_when
from counterscore.regime.model import PUBLIC, Regime


def check_references(case: Case) -> None:
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
        for index, word in strings(judged.get("refused_on")):
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
        for index, word in strings(extend.get("on") if isinstance(extend, dict) else None):
            need(case.at(*path, "extend", "on", index), "row of the catalogue", word, rows)
        for index, word in strings(rule.get("replaces")):
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


def _inside(case: Case, path: DataPath, offset: int, word: str) -> Position:
    """The place of ``word`` inside the text at ``path``."""
    whole = (*path, "value") if (*path, "value") in case.document.positions else path
    return case.document.within(whole, offset, offset + len(word))


#: A step of a circle: "list", "row" or "score", the number of its regime in the stack, and its id.
_Step = tuple[str, int, str]


def check_circles(case: Case) -> None:
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
