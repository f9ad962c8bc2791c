"""Changing a rule book as a text: one value at a time, everything else to the letter; what was changed, and back.

The file is the truth. A value is replaced where it stands, so that comments, order and spelling of all the rest stay.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from counterscore.errors import CounterscoreError, UsageError, quoted
from counterscore.quantity import Document
from counterscore.quantity import Path as DataPath
from counterscore.regime.difference import Change, difference
from counterscore.regime.model import Regime, type_at
from counterscore.regime.read import read_document
from counterscore.regime.vocabulary import ACTS, Act

#: Parts of a rule book in the order in which one reads it, and what they are called.
PARTS: dict[str, str] = {
    "catalogue": "Recorded behaviour",
    "score": "Score and grades",
    "lists": "Lists",
    "doors": "Doors",
    "sharing": "Sharing of records",
    "lending": "Loans",
    "scrutiny": "Scrutiny",
    "partners": "Matchmaking",
    "shown": "Shown to others",
    "assessment": "Assessment of officials",
    "rights": "Rights",
    "general": "In general",
}
_GENERAL = (
    "level",
    "subjects",
    "follows",
    "adopted",
    "owner",
    "participation",
    "without_consent",
    "youngest",
    "decided",
)
#: What names or explains something is changed in the file, where one sees what refers to it.
_NOT_VALUES = frozenset({"id", "label", "note", "source", "mark", "borrowed", "title", "address", "read", "fields"})
_PLAIN = re.compile(r"[A-Za-z0-9+-][\w .%<>=()+/-]*")
_BLANK_LINE = re.compile(r"\s*(#.*)?")


@dataclass(frozen=True, slots=True)
class Field:
    """A value of the file that can be changed: the ``text`` that stands on ``line`` from ``column`` on (both from 1).

    ``name`` is its path as an address has it, ``item`` the rule it belongs to and ``label`` what it is of it;
    ``choices`` are the words that may stand there, empty where anything may.
    """

    name: str
    path: DataPath
    part: str
    item: str
    title: str
    label: str
    text: str
    line: int
    column: int
    raw: str
    source: str
    mark: str
    choices: tuple[str, ...] = ()


def fields(document: Document) -> tuple[Field, ...]:
    """The values of a rule book that can be changed one by one, in the order of ``PARTS``.

    Texts that are folded over several lines are left out: they are changed in the file.
    """
    found = [one for path, value in _leaves(document.data, ()) if (one := _field(document, path, value)) is not None]
    order = list(PARTS)
    return tuple(sorted(found, key=lambda one: order.index(one.part)))


def _leaves(data: Any, path: DataPath) -> Iterator[tuple[DataPath, Any]]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _leaves(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _leaves(value, (*path, index))
    else:
        yield path, data


def _field(document: Document, path: DataPath, value: Any) -> Field | None:
    part = "general" if path[0] in _GENERAL else str(path[0])
    if part not in PARTS or any(step in _NOT_VALUES for step in path):
        return None
    at = document.at(path)
    raw = document.line(at)[at.column - 1 : at.column - 1 + at.width]
    if not _stands_for(raw, value):
        return None
    depth = 1 if part in {"catalogue", "lists", "doors", "sharing", "lending", "scrutiny"} else 0
    item, title = _item(document.data, path[: depth + 1] if depth else path[:1])
    label = " ".join(str(step) if isinstance(step, str) else f"{step + 1}." for step in path[depth + 1 :])
    source, mark = _provenance(document.data, path)
    return Field(
        "/".join(map(str, path)), path, part, item, title, label.removesuffix(" value") or str(path[-1]),
        str(value).lower() if isinstance(value, bool) else str(value), at.line, at.column, raw, source, mark, _choices(path),
    )  # fmt: skip


def _stands_for(raw: str, value: Any) -> bool:
    """Whether a text on one line is all of a value, so that replacing it replaces the value."""
    if isinstance(value, bool):
        return raw == str(value).lower()
    if isinstance(value, str):
        return raw == value or (len(raw) > 1 and raw[0] in "\"'" and raw[0] == raw[-1] and raw[1:-1] == value)
    return value is not None and bool(re.fullmatch(r"[-+]?[0-9][0-9._eE+-]*", raw))


def _item(data: Any, path: DataPath) -> tuple[str, str]:
    """The id and label of what stands at ``path``: a row, list, door or entry."""
    found = data
    for step in path:
        found = found[step]
    if not isinstance(found, dict):
        return str(path[-1]), ""
    named = next((str(found[key]) for key in ("id", "file", "occupation") if key in found), "")
    if not named and "of" in found and "to" in found:
        named = f"{found['of']} to {found['to']}"
    return named or str(path[-1]), str(found.get("label", ""))


def _provenance(data: Any, path: DataPath) -> tuple[str, str]:
    """Source and mark of a value, from itself or the nearest parent."""
    source = mark = ""
    found = data
    for step in path:
        if isinstance(found, dict):
            source, mark = str(found.get("source", source)), str(found.get("mark", mark))
        found = found[step]
    return source, mark


def _choices(path: DataPath) -> tuple[str, ...]:
    kind = type_at(Regime, path)
    if kind is bool:
        return ("true", "false")
    return tuple(map(str, get_args(kind))) if get_origin(kind) is Literal else ()


def with_values(text: str, changes: dict[str, str], *, name: str) -> str:
    """The file with values replaced, by the names of their fields; unknown names and values that are the same are left.

    Raises ``InputError`` where the file cannot be read, ``UsageError`` where a value cannot stand there.
    """
    document = read_document(text, name=name)
    known = {one.name: one for one in fields(document)}
    wanted = [(known[key], new.strip()) for key, new in changes.items() if key in known]
    lines = text.splitlines(keepends=True)
    for one, new in sorted(wanted, key=lambda pair: (pair[0].line, pair[0].column), reverse=True):
        if new == one.text:
            continue
        if not new:
            raise UsageError(
                f"{one.item} {one.label} has no value", suggestion="Write a value, or remove the line in the file."
            )
        line, start = lines[one.line - 1], one.column - 1
        lines[one.line - 1] = line[:start] + _scalar(new, one.raw) + line[start + len(one.raw) :]
    changed = "".join(lines)
    _refuse_more_than(document, changed, {one.path for one, _ in wanted}, name)
    return changed


def with_instead(text: str, line: int, column: int, found: str, instead: str) -> str:
    """The file with ``instead`` in the place of ``found``, which stands on ``line`` from ``column`` on (both from 1).

    Raises ``UsageError`` where something else stands there by now.
    """
    lines = text.splitlines(keepends=True)
    start = column - 1
    if not 0 < line <= len(lines) or start < 0 or not found or not lines[line - 1].startswith(found, start):
        raise UsageError(f"{quoted(found)} is not there any more", suggestion="Look again: the file was changed since.")
    lines[line - 1] = lines[line - 1][:start] + instead + lines[line - 1][start + len(found) :]
    return "".join(lines)


def _scalar(new: str, raw: str) -> str:
    """``new`` as it stands in a file in the place of ``raw``: in quotes where those were or where they are needed."""
    if "\n" in new or "\r" in new:
        raise UsageError("a value is one line", suggestion="Write longer texts in the file.")
    if raw[:1] not in "\"'" and _PLAIN.fullmatch(new) and " #" not in new:
        return new
    return json.dumps(new, ensure_ascii=False)


def _refuse_more_than(before: Document, changed: str, paths: set[DataPath], name: str) -> None:
    """Make sure that a change of values changed those values only."""
    after = dict(_leaves(read_document(changed, name=name).data, ()))
    same = {path: value for path, value in _leaves(before.data, ()) if path not in paths}
    if (
        any(path not in after or after[path] != value for path, value in same.items())
        or after.keys() - same.keys() - paths
    ):
        raise UsageError("this value would change more than its own place", suggestion="Write it in the file itself.")


#: Parts of which there are as many rules as one likes.
_REPEATED = ("catalogue", "lists", "doors")


def rules_of(text: str, part: str, *, name: str) -> tuple[str, ...]:
    """The ids of the rules in a part of the file that can be copied or taken out; none where it cannot be read."""
    try:
        document = read_document(text, name=name)
    except CounterscoreError:
        return ()
    return tuple(_rules(document, part))


def unused_acts(text: str, *, name: str) -> tuple[Act, ...]:
    """The acts that the catalogue of the file does not record yet, of those it is about; all where it cannot be read."""
    try:
        data = read_document(text, name=name).data
    except CounterscoreError:
        data = {}
    rows = data.get("catalogue") if isinstance(data, dict) else None
    used: set[str] = set()
    for row in rows if isinstance(rows, list) else ():
        acts = row.get("act", ()) if isinstance(row, dict) else ()
        used |= {acts} if isinstance(acts, str) else set(map(str, acts))
    subjects = data.get("subjects", "residents") if isinstance(data, dict) else "residents"
    about = {subjects} if isinstance(subjects, str) else set(map(str, subjects))
    return tuple(one for one in ACTS if one.id not in used and one.subject in about)


def _rules(document: Document, part: str) -> dict[str, DataPath]:
    """The rules of a part by id: rows with an id of their own, or what stands under a name."""
    found = document.data.get(part) if isinstance(document.data, dict) and part in _REPEATED else None
    if isinstance(found, dict):
        return {str(key): (part, key) for key, value in found.items() if isinstance(value, dict)}
    rows = found if isinstance(found, list) else ()
    return {str(row["id"]): (part, k) for k, row in enumerate(rows) if isinstance(row, dict) and "id" in row}


def with_rule(text: str, part: str, like: str, id_: str, label: str = "", act: str = "", *, name: str) -> str:
    """The file with one more rule, after the rule ``like`` and with its values, called ``id_`` and ``label``.

    Of the catalogue it records ``act``, where one is named: two rows that record the same would count it twice.
    Raises ``InputError`` where the file cannot be read, ``UsageError`` where no such rule can be added.
    """
    document = read_document(text, name=name)
    known = _rules(document, part)
    if not _ID.fullmatch(id_):
        raise UsageError(
            f"{quoted(id_)} cannot be the id of a rule",
            suggestion="Use small letters, digits and dashes, such as late-fee.",
        )
    if id_ in known:
        raise UsageError(f"there is a rule {quoted(id_)} already", suggestion="Choose another id.")
    path, lines = _known(known, like), text.splitlines(keepends=True)
    first, last = _extent(document, path)
    named = document.at(path, key=True) if isinstance(path[1], str) else document.at((*path, "id"))
    before = _at(document.data, path)
    wanted, edits = dict(before), [(named, id_)]
    if "id" in before:
        wanted["id"] = id_
    if label and "label" in before:
        wanted["label"] = label
        edits.append((document.at((*path, "label")), json.dumps(label, ensure_ascii=False)))
    if act and "act" in before:
        wanted["act"] = act if isinstance(before["act"], str) else [act]
        edits.append((document.at((*path, "act")), act if isinstance(before["act"], str) else f"[{act}]"))
    copy = lines[first - 1 : last]
    for at, new in sorted(edits, key=lambda pair: (pair[0].line, pair[0].column), reverse=True):
        line, start = copy[at.line - first], at.column - 1
        copy[at.line - first] = line[:start] + new + line[start + at.width :]
    if not lines[last - 1].endswith("\n"):
        lines[last - 1] += "\n"
    changed = "".join([*lines[:last], *copy, *lines[last:]])
    if _read_rules(changed, part, name) != _rules_by_id(document, part) | {id_: wanted}:
        raise UsageError(f"{like} cannot be copied here", suggestion="Write the new rule in the file itself.")
    return changed


def without_rule(text: str, part: str, id_: str, *, name: str) -> str:
    """The file without one rule. Raises as ``with_rule``."""
    document = read_document(text, name=name)
    first, last = _extent(document, _known(_rules(document, part), id_))
    lines = text.splitlines(keepends=True)
    changed = "".join([*lines[: first - 1], *lines[last:]])
    before = _rules_by_id(document, part)
    del before[id_]
    if not before or _read_rules(changed, part, name) != before:
        raise UsageError(f"{id_} cannot be taken out here", suggestion="Remove it in the file itself.")
    return changed


_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def _known(known: dict[str, DataPath], id_: str) -> DataPath:
    if id_ not in known:
        raise UsageError(f"there is no rule {quoted(id_)}", suggestion="Look again: the file was changed since.")
    return known[id_]


def _at(data: Any, path: DataPath) -> dict[str, Any]:
    for step in path:
        data = data[step]
    return dict(data)


def _read_rules(text: str, part: str, name: str) -> dict[str, dict[str, Any]] | None:
    """The rules in a text by id, None where it cannot be read."""
    try:
        return _rules_by_id(read_document(text, name=name), part)
    except CounterscoreError:
        return None


def _rules_by_id(document: Document, part: str) -> dict[str, dict[str, Any]]:
    return {id_: _at(document.data, path) for id_, path in _rules(document, part).items()}


def _extent(document: Document, path: DataPath) -> tuple[int, int]:
    """First and last line (from 1) of a rule: to the next line that is indented no deeper, comments after it left out."""
    first = document.at(path, key=isinstance(path[1], str)).line
    depth = _indent(document.lines[first - 1])
    last = first
    for number, line in enumerate(document.lines[first:], start=first + 1):
        if _BLANK_LINE.fullmatch(line.rstrip("\r\n")):
            continue
        if _indent(line) <= depth:
            break
        last = number
    return first, last


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


@dataclass(frozen=True, slots=True)
class Piece:
    """Some lines that were changed: ``was`` became ``now``, from ``line`` on (from 1); ``words`` say what it means.

    ``key`` names the piece, and is another one as soon as the text is.
    """

    key: str
    line: int
    was: tuple[str, ...]
    now: tuple[str, ...]
    words: tuple[str, ...] = ()


def pieces(before: str, now: str, changes: Sequence[Change] = ()) -> tuple[Piece, ...]:
    """What was changed from ``before`` to ``now``, piece by piece, with the words of ``changes`` that lie in each.

    ``changes`` are those of ``told``. A piece without words changes comments, blank lines or what cannot be read.
    """
    old, new = before.splitlines(keepends=True), now.splitlines(keepends=True)
    out = []
    for n, (what, i1, i2, j1, j2) in enumerate(_matched(old, new)):
        if what == "equal":
            continue
        words = [
            in_plain_words(one)
            for one in changes
            if (j1 < one.at.line <= j2 if one.at.file != BEFORE else i1 < one.at.line <= i2)
        ]
        only = all(_BLANK_LINE.fullmatch(line.rstrip("\r\n")) for line in (*old[i1:i2], *new[j1:j2]))
        out.append(
            Piece(
                f"{n}.{_digest(before, now)}",
                j1 + 1,
                tuple(line.rstrip("\r\n") for line in old[i1:i2]),
                tuple(line.rstrip("\r\n") for line in new[j1:j2]),
                tuple(words) or (("a comment or blank line",) if only else ()),
            )
        )
    return tuple(out)


def without(before: str, now: str, key: str) -> str:
    """``now`` with one piece taken back; raises ``UsageError`` where it is no longer there."""
    old, new = before.splitlines(keepends=True), now.splitlines(keepends=True)
    for n, (what, i1, i2, j1, j2) in enumerate(_matched(old, new)):
        if what != "equal" and f"{n}.{_digest(before, now)}" == key:
            return "".join([*new[:j1], *old[i1:i2], *new[j2:]])
    raise UsageError("this change is not there any more", suggestion="Look again: the file was changed since.")


def _matched(old: list[str], new: list[str]) -> list[tuple[str, int, int, int, int]]:
    """Matching lines; lines replaced by as many others are pieces of their own, so that each is undone alone."""
    out: list[tuple[str, int, int, int, int]] = []
    for what, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "replace" and i2 - i1 == j2 - j1:
            out += [("replace", i1 + k, i1 + k + 1, j1 + k, j1 + k + 1) for k in range(i2 - i1)]
        else:
            out.append((what, i1, i2, j1, j2))
    return out


def _digest(before: str, now: str) -> str:
    return hashlib.sha256(f"{len(before)}\0{before}{now}".encode()).hexdigest()[:12]


BEFORE = "as it was"  #: what positions in the earlier text are called


def told(before: Regime, now: Regime) -> tuple[Change, ...]:
    """The differences of two rule books that were read from texts, the earlier under the name ``BEFORE``."""
    return difference(before, now)


def in_plain_words(change: Change) -> str:
    """``late-bill points: 20 → 5``."""
    what = f"{change.id} {change.field}".strip() or change.part
    if change.kind != "changed":
        return f"{what}: {change.kind}"
    return f"{what}: {change.old} → {change.new}" + ("" if change.affects else " (words only: no result changes)")


def readable(text: str, name: str) -> tuple[Field, ...]:
    """The fields of a text, none where it cannot be read."""
    try:
        return fields(read_document(text, name=name))
    except CounterscoreError:
        return ()


def found_by(some: Sequence[Field], words: str) -> tuple[Field, ...]:
    """The fields of rules in which ``words`` occur: in an id, label or value."""
    wanted = words.lower().split()
    kept = {
        (one.part, one.item)
        for one in some
        if all(word in f"{one.item} {one.title} {one.label} {one.text}".lower() for word in wanted)
    }
    return tuple(one for one in some if (one.part, one.item) in kept)


def unknown_field(name: str) -> UsageError:
    """What to say of a field that the file does not have."""
    return UsageError(f"the file has no value at {quoted(name)}", suggestion="It may have been changed since.")
