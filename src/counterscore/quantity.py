"""Numbers that know their unit, source, mark and place in a file; documents that know positions."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from counterscore.errors import Position as Position

Path = tuple[str | int, ...]


class Mark(StrEnum):
    """How far a number can be trusted. See ``counterscore help marks``."""

    VERIFIED = "verified"  #: read in the source named
    DERIVED = "derived"  #: computed from verified numbers; the arithmetic is stated
    RECALLED = "recalled"  #: known, not re-read
    ASSUMED = "assumed"  #: nobody published it


@dataclass(frozen=True, slots=True)
class Number:
    """One number of a file. ``value`` is None where the file says "unknown"."""

    path: Path
    value: float | None
    unit: str
    source: str | None
    mark: Mark | None
    borrowed: str | None
    at: Position


@dataclass(frozen=True, slots=True)
class Document:
    """A file as plain data, with the position of every key, item and value.

    ``text`` is the file as it was read, ``lines`` the same in lines. ``others`` holds the text of further
    files that positions point to: the reforms that changed the data.
    """

    file: str
    lines: tuple[str, ...]
    data: Any
    positions: Mapping[Path, Position] = field(default_factory=dict)
    key_positions: Mapping[Path, Position] = field(default_factory=dict)
    text: str = ""
    others: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def empty(cls) -> Document:
        return cls("", (), {}, {}, {})

    @property
    def files(self) -> dict[str, str]:
        """Name → full text of the file and of every reform applied to it, for the run record."""
        return {self.file: self.text, **self.others}

    @property
    def sha256(self) -> str:
        """Digest of the file as it was read, without reforms."""
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()

    def at(self, path: Path, *, key: bool = False) -> Position:
        """The position of the value at ``path`` (or of its key), else of the nearest parent known."""
        table = self.key_positions if key else self.positions
        for end in range(len(path), -1, -1):
            if path[:end] in table:
                return table[path[:end]]
            if path[:end] in self.positions:
                return self.positions[path[:end]]
        return Position(self.file, 1, 1)

    def line(self, at: Position) -> str:
        """The text of the line where ``at`` is; empty where the file is not known."""
        lines = self.lines if at.file == self.file else self.others.get(at.file, "").splitlines()
        return lines[at.line - 1] if 0 < at.line <= len(lines) else ""

    def within(self, path: Path, start: int, end: int) -> Position:
        """The position of ``text[start:end]`` of the text that stands at ``path``.

        The whole of it where the text is folded over several lines or has escapes, so that an offset in
        the value is not an offset in the file.
        """
        whole = self.at(path)
        node: Any = self.data
        for step in path:
            node = node[step]
        line = self.line(whole)
        for quote in (0, 1):
            column = whole.column - 1 + quote
            if isinstance(node, str) and line[column : column + len(node)] == node and end > start:
                return Position(whole.file, whole.line, column + start + 1, end - start)
        return whole

    def numbers(self) -> tuple[Number, ...]:
        """Every number, with source, mark and ``borrowed`` taken from itself or the nearest parent."""
        return tuple(_numbers(self, (), self.data, {}))


_INHERITED = ("source", "mark", "borrowed")
#: Parts of a file whose numbers are not claims about a rule book and need no source.
_UNSOURCED = frozenset({"format", "sources", "in_force"})
#: Keys that hold words: "unknown" or "24 months" there is no number.
_WORDS = frozenset(
    [
        "id",
        "title",
        "label",
        "about",
        "purpose",
        "note",
        "place",
        "status",
        "adopted",
        "owner",
        "participation",
        "version_of",
        "legal_basis",
        "decided",
        "exceptions",
        "relation_basis",
        "act",
        "on_list",
        "authority",
        "contexts",
        "occupation",
        "service",
        "effect",
        "when",
        "leave",
        "fields",
        "reach",
        "conditions",
        "kind",
    ]
)
_ENTRY_NUMBER = re.compile(r"(?<![\w-])-?\d+(?![\w-])")


def _numbers(doc: Document, path: Path, node: Any, inherited: dict[str, Any]) -> Iterator[Number]:
    if isinstance(node, Mapping):
        own = {**inherited, **{key: node[key] for key in _INHERITED if isinstance(node.get(key), str)}}
        if "value" in node and set(node) <= {"value", "unit", "range", "note", *_INHERITED}:
            own["unit"] = node.get("unit", "")
            yield from _numbers(doc, (*path, "value"), node["value"], own)
            return
        for key, value in node.items():
            if key not in _INHERITED and key not in _WORDS and not (not path and key in _UNSOURCED):
                yield from _numbers(doc, (*path, key), value, own)
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _numbers(doc, (*path, index), value, inherited)
    else:
        for value, unit, span in _as_numbers(path, node):
            mark = inherited.get("mark")
            yield Number(
                path=path[:-1] if path and path[-1] == "value" else path,
                value=value,
                unit=unit or str(inherited.get("unit", "")),
                source=inherited.get("source"),
                mark=Mark(mark) if mark in set(Mark) else None,
                borrowed=inherited.get("borrowed"),
                at=doc.within(path, *span) if span else doc.at(path),
            )


def _as_numbers(path: Path, node: Any) -> Iterator[tuple[float | None, str, tuple[int, int] | None]]:
    """``(value, unit, span)`` where a leaf is a number, a length of time or the word unknown.

    The grounds for entry (``score < 600 or records(x, 5 in 12 months)``) hold several; ``span`` is then
    where each stands in the text.
    """
    if isinstance(node, bool):
        return
    if isinstance(node, int | float):
        yield float(node), "", None
    elif isinstance(node, str):
        if node == "unknown":
            yield None, "", None
        elif "enter" in path[-2:]:
            for match in _ENTRY_NUMBER.finditer(node[:1000]):
                yield float(match[0]), "", match.span()
        else:
            amount, _, unit = node.partition(" ")
            if unit in {"day", "days", "month", "months", "year", "years"} and amount.isascii() and amount.isdigit():
                yield float(amount), unit, None
