"""What every check is handed: one rule book as read and as written, and how to say what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from counterscore.errors import Findings, Position, did_you_mean, quoted
from counterscore.quantity import Document
from counterscore.quantity import Path as DataPath
from counterscore.regime.model import Door, Lending, ListRule, Regime, Row, Scrutiny
from counterscore.regime.vocabulary import ACTS

_Item = TypeVar("_Item", Row, Door, Lending, Scrutiny)
ACT_IDS = tuple(one.id for one in ACTS)


@dataclass(frozen=True)
class Case:
    """A rule book as read and as written, those stacked with it, and the parts of it that could not be read (``broken``)."""

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


def strings(found: Any) -> Iterator[tuple[int, str]]:
    """Place and text of each string of a list; nothing of anything else."""
    if isinstance(found, list):
        yield from ((index, one) for index, one in enumerate(found) if isinstance(one, str))


def once(case: Case, seen: dict[str, Position], word: str, at: Position, what: str, suggestion: str) -> None:
    """Say that ``word`` is used twice, and where first; else note where it stands."""
    if word in seen:
        first = seen[word]
        case.findings.problem(at, f"{what} {quoted(word)} is used twice (first at {case.where(first)})", suggestion)
    else:
        seen[word] = at
