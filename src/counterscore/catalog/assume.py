"""Assumptions: files of values with range, unit and source, that ``--set`` can override."""

from __future__ import annotations

import difflib
import hashlib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, TypeGuard

from ruamel.yaml import YAML

from counterscore.errors import Findings, UsageError
from counterscore.regime.read import read_document

_FOLDER = Path(__file__).parent / "assumptions"


@dataclass(frozen=True, slots=True)
class Assumption:
    """One value. ``path`` is the name ``--set`` takes; ``given`` tells that the user set it."""

    path: str
    value: float
    low: float | None
    high: float | None
    unit: str
    source: str
    mark: str
    note: str = ""
    given: bool = False


@dataclass(frozen=True)
class Assumptions:
    """All assumptions of a run, by path. ``text`` is what the files said, for the run record."""

    table: Mapping[str, Assumption]
    text: Mapping[str, str]

    def __repr__(self) -> str:
        given = [row.path for row in self.rows if row.given]
        return f"<Assumptions: {len(self.table)}" + (f", set: {', '.join(given)}"[:200] if given else "") + ">"

    @property
    def rows(self) -> tuple[Assumption, ...]:
        return tuple(self.table.values())

    def __getitem__(self, path: str) -> float:
        return self.table[path].value

    def get(self, path: str, default: float) -> float:
        """The value at ``path``, or ``default`` where no file speaks of it."""
        return self.table[path].value if path in self.table else default

    def with_set(self, setting: str) -> Assumptions:
        """A copy with ``path=value`` set; raises ``UsageError`` for an unknown path or not a number."""
        path, equals, text = setting.partition("=")
        path = path.strip()
        if not equals:
            raise UsageError(
                f'an assumption is set as PATH=VALUE, found "{setting}"',
                suggestion="Write for example: errors.untrue=0.001",
            )
        if path not in self.table:
            close = difflib.get_close_matches(path, self.table, n=1, cutoff=0.5)
            hint = f"Did you mean {close[0]}?  " if close else ""
            raise UsageError(
                f'no assumption is called "{path}"',
                suggestion=f"{hint}All: counterscore list assumptions",
            )
        try:
            value = float(text)
        except ValueError:
            raise UsageError(f'{path} must be a number, found "{text.strip()}"', suggestion="Write digits.") from None
        old = self.table[path]
        return replace(self, table={**self.table, path: replace(old, value=value, given=True)})

    def with_file(self, file: Path) -> Assumptions:
        """A copy with the values of a file of assumptions, its sources and marks; raises ``InputError`` with all mistakes.

        Such a file has ``values``: the path of each assumption → value, low, high, source, mark and note.
        """
        document = read_document(file, kind="assumptions")
        findings = Findings(document.line)
        table = dict(self.table)
        values = document.data.get("values")
        if not isinstance(values, Mapping) or not values:
            findings.problem(
                document.at(()), "a file of assumptions has values", "Write values: {bodies.keep: {value: 0.7}}"
            )
            findings.raise_problems()
        titles = {key: str(one.get("title", key)) for key, one in (document.data.get("sources") or {}).items()}
        for path, leaf in values.items():
            if path not in table:
                close = difflib.get_close_matches(str(path), table, n=1, cutoff=0.5)
                hint = f"Did you mean {close[0]}?  " if close else ""
                at = document.at(("values", path), key=True)
                findings.problem(at, f'no assumption is called "{path}"', f"{hint}All: counterscore list assumptions")
                continue
            one = leaf if isinstance(leaf, Mapping) else {"value": leaf}
            value, low, high = (one.get(key) for key in ("value", "low", "high"))
            if not _is_number(value) or not all(end is None or _is_number(end) for end in (low, high)):
                at = document.at(("values", path))
                findings.problem(at, f"{path} must have a number as its value", "Write {value: 0.7}.")
                continue
            old = table[str(path)]
            low, high = old.low if low is None else float(low), old.high if high is None else float(high)
            if not (-math.inf if low is None else low) <= value <= (math.inf if high is None else high):
                findings.problem(
                    document.at(("values", path)), f"{path} lies outside its range", "low <= value <= high."
                )
                continue
            source = str(one.get("source", file.name))
            table[old.path] = replace(
                old,
                value=float(value),
                low=low,
                high=high,
                source=titles.get(source, source),
                mark=str(one.get("mark", "assumed")),
                note=str(one.get("note", "")),
                given=True,
            )
        findings.raise_problems()
        return replace(self, table=table, text={**self.text, file.name: document.text})

    def as_record(self) -> dict[str, Any]:
        """Everything as plain data, for the run record."""
        return {
            row.path: {
                "value": row.value,
                "low": row.low,
                "high": row.high,
                "unit": row.unit,
                "source": row.source,
                "mark": row.mark,
                "note": row.note,
                "given": row.given,
            }
            for row in self.rows
        }

    def digest(self) -> str:
        """sha256 over paths and values."""
        lines = "\n".join(f"{row.path}={row.value!r}" for row in self.rows)
        return hashlib.sha256(lines.encode()).hexdigest()


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


_UNITS = {
    "rate": "a month, of adults who can",
    "detection": "of acts",
    "need": "a month, of adults",
    "wait": "days",
    "refused": "of attempts",
    "least": "hours, yuan or thousand yuan",
    "most": "hours, yuan or thousand yuan",
    "age_factors": "times",
}


def _leaves(node: Any, path: tuple[str, ...], inherited: Mapping[str, Any]) -> Iterator[Assumption]:
    own = {**inherited, **{key: node[key] for key in ("source", "mark", "of") if key in node}}
    if "value" in node:
        unit = str(node.get("unit") or _UNITS.get(path[-1]) or _UNITS.get(path[0], ""))
        unit = unit.replace("adults", str(own.get("of", "adults")))
        yield Assumption(
            path=".".join(path),
            value=float(node["value"]),
            low=None if node.get("low") is None else float(node["low"]),
            high=None if node.get("high") is None else float(node["high"]),
            unit=unit,
            source=str(own.get("source", "assumed")),
            mark=str(own.get("mark", "assumed")),
            note=str(node.get("note", "")),
        )
        return
    for key, value in node.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, (*path, str(key)), own)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            leaf = {"value": value}
            yield from _leaves(leaf, (*path, str(key)), own)


@cache
def load_assumptions() -> Assumptions:
    """Read the assumption files that come with the package."""
    yaml = YAML(typ="safe", pure=True)
    table: dict[str, Assumption] = {}
    text: dict[str, str] = {}
    for file in sorted(_FOLDER.glob("*.yaml")):
        text[file.name] = file.read_text(encoding="utf-8")
        data = yaml.load(text[file.name])
        for section, node in data.items():
            if isinstance(node, Mapping) and section != "sources":
                for row in _leaves(node, (section,), {}):
                    table[row.path] = row
    return Assumptions(table, text)
