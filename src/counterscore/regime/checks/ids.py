"""Ids: how they are written, and that none is given twice, in the file or in its stack."""

from __future__ import annotations

import re

from counterscore.errors import Position, quoted
from counterscore.regime.checks._case import Case, once, strings

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_GRADE = re.compile(r"[^\W_][\w .+-]{0,39}")  #: begins with a letter or digit: a spreadsheet computes nothing from it


def check_ids(case: Case) -> None:
    """Ids are lower case with dashes, and each is given once; grades are names."""
    places: list[tuple[str, Position]] = []
    if isinstance(case.document.data.get("id"), str):
        places.append((case.document.data["id"], case.at("id")))
    for part in ("catalogue", "doors"):
        seen: dict[str, Position] = {}
        for path, item in case.items(part):
            if isinstance(item.get("id"), str):
                at = case.at(*path, "id")
                places.append((item["id"], at))
                once(case, seen, item["id"], at, "id", "Rename one; lists and doors refer to ids.")
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


def check_named_twice(case: Case) -> None:
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
                once(case, seen, item[key], case.at(*path, key), what, "Keep one of them.")


def check_stack_ids(case: Case) -> None:
    """List and door ids are shared by a stack, and a rule book may not stack itself."""
    own = case.document.data.get("id")
    for index, name in strings(case.document.data.get("stack")):
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
