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

    @property
    def whole(self) -> bool:
        """Whether the value counts something, so that only whole numbers are possible."""
        return self.unit.startswith(_COUNTED) or self.path.endswith((".amount.least", ".amount.most"))

    @property
    def possible(self) -> tuple[float, float]:
        """The least and the most that the value can be, wherever its range lies: a chance, for example, 0 and 1."""
        if self.path in _POSSIBLE:
            return _POSSIBLE[self.path]
        if ".amount." in self.path:
            return 0, _MOST_GIVEN
        if self.whole:
            return 0, _MOST_COUNTED
        return (0, _MOST_TIMES) if self.unit.startswith(_TIMES) else (0, 1)

    @property
    def outside(self) -> bool:
        """Whether the value lies outside its stated range."""
        low, high = self.low, self.high
        return (low is not None and self.value < low) or (high is not None and self.value > high)

    def refusal(self, value: float) -> str:
        """Why ``value`` is impossible, in words that follow the path; empty where it is possible."""
        low, high = self.possible
        if math.isfinite(value) and low <= value <= high and (not self.whole or value == int(value)):
            return ""
        number = "a whole number" if self.whole else "a chance or share" if (low, high) == (0, 1) else "a number"
        return f"must be {number} from {low:,g} to {high:,g}, found {value:,g}"


#: Units of what is counted, units of what multiplies something, and the most of either that anything is built for.
_COUNTED = (
    "half-months of spending",
    "months of arrears",
    "months of unpaid bills",
    "months from signing",
    "months overdue",
    "months until",
    "month of the run",
    "years,",
    "thousand yuan",
    "residents of a group",
    "residents for each body",
    "points below",
    "place of the component",
    "staff minutes",
    "essential services",
    "attempts at services",
    "profiles",
    "days",
    "whole months",
)
_TIMES = (
    "times",
    "share by which",
    "chance a year",
    "most that strain",
    "of full gaming",
    "by how much",
    "months of turnover",
    "months of the firm's turnover",
    "years of age",
    "yuan a year",
)
_MOST_COUNTED, _MOST_TIMES, _MOST_GIVEN = 60_000, 1_000, 1_000_000
_MONTHS = 1_200  #: the longest run
#: Where the model itself sets other limits: who could not be divided by nothing, what a place in a table is kept for.
_POSSIBLE: Mapping[str, tuple[float, float]] = {
    "recording.group": (1, _MOST_COUNTED),
    "bodies.residents": (1, _MOST_COUNTED),
    "bodies.contracts": (0, 24),
    "bodies.due_least": (1, 18),
    "bodies.due_most": (1, 18),
    "doors.unable_at": (1, 10),
    "partners.views": (0, 1_000),
    "firms.repay_months": (1, _MONTHS),
    "errors.glitch_month": (-1, _MONTHS),
    "errors.glitch_component": (-1, 31),
    "circumstances.retirement_age": (18, 120),
    "lives.death_doubling": (0.1, 1_000),
    "lives.children": (0, 20),
    "lives.mothers_age": (22, 45),
    "lives.move_in_oldest": (18, 100),
    "adoption.perk_whole": (1, 1_000_000),
    "partners.prominence": (1, _MOST_TIMES),
}
#: Pairs of which the first cannot be more than the second; those of acts beside them.
_ORDERED = {"bodies.due_least": "bodies.due_most", "bodies.amount_least": "bodies.amount_most"}


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
        """A copy with ``path=value`` set.

        Raises ``UsageError`` for an unknown path, for what is no number, and for a value that cannot be: a chance above
        1, a count that is not whole, nan. A value outside the stated range is possible; see ``outside``.
        """
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
        refused = old.refusal(value)
        if refused:
            low, high = old.low, old.high
            likely = f"Its range is {low:g} to {high:g}; {old.value:g} is in force." if None not in (low, high) else ""
            raise UsageError(f"{path} {refused}", suggestion=likely or f"{old.value:g} is in force ({old.unit}).")
        changed = replace(self, table={**self.table, path: replace(old, value=value, given=True)})
        changed._refuse_disorder(path)
        return changed

    def with_value(self, path: str, value: float) -> Assumptions:
        """A copy with the possible value nearest below ``value`` set at ``path``, as a search over a range asks for."""
        row = self.table[path]
        low, high = row.possible
        nearest = min(high, max(low, float(int(value)) if row.whole else value))
        return replace(self, table={**self.table, path: replace(row, value=nearest, given=True)})

    def outside(self) -> tuple[Assumption, ...]:
        """What the user set to a possible value outside its stated range."""
        return tuple(row for row in self.rows if row.given and row.outside)

    def _refuse_disorder(self, path: str) -> None:
        """Raise where ``path`` is one end of a span whose least would be more than its most."""
        least, most = path, _ORDERED.get(path, "")
        if path.endswith(".amount.least"):
            most = path.removesuffix("least") + "most"
        elif path.endswith(".amount.most"):
            least, most = path.removesuffix("most") + "least", path
        elif path in _ORDERED.values():
            least, most = next(low for low, high in _ORDERED.items() if high == path), path
        if most in self.table and self[least] > self[most]:
            raise UsageError(
                f"{least} ({self[least]:g}) would be more than {most} ({self[most]:g})",
                suggestion=f"Set {most if path == least else least} first, or choose another value.",
            )

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
            if refused := old.refusal(float(value)):
                findings.problem(document.at(("values", path)), f"{path} {refused}", f"{old.value:g} is in force.")
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
        changed = replace(self, table=table, text={**self.text, file.name: document.text})
        for path in values:
            changed._refuse_disorder(str(path))
        return changed

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
                **({"outside_range": True} if row.given and row.outside else {}),
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
    "none": "of attempts",
    "thin": "of attempts",
    "full": "of attempts",
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
    table: dict[str, Assumption] = {}
    text: dict[str, str] = {}
    for file in sorted(_FOLDER.glob("*.yaml")):
        text[file.name] = file.read_text(encoding="utf-8")
        data = read_document(text[file.name], kind="assumptions", name=file.name).data
        for section, node in data.items():
            if isinstance(node, Mapping) and section != "sources":
                for row in _leaves(node, (section,), {}):
                    table[row.path] = row
    return Assumptions(table, text)
