"""The rows of a chart as a person reads them: ranges beside their number, what all rows share said once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from counterscore import wording
from counterscore.charts._chart import Column, Row

_ENDS = ("low", "high", "low_half", "high_half")  #: printed beside the number, or only in the files of rows
_PLAIN = frozenset(["replay", "months", "services", "border", "score_from", "score_to", "quantile_level"])


@dataclass(frozen=True, slots=True)
class Table:
    """Headings and cells as text; ``numbers`` are the columns of numbers, ``same`` what all rows have in common."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]
    same: tuple[str, ...]

    def only(self, names: Sequence[str]) -> Table:
        """The columns whose headings begin with one of ``names``; all of them where none is named."""
        if not names:
            return self
        return self._columns([k for k, heading in enumerate(self.headings) if heading.split(" (")[0] in names])

    def without_long(self, letters: int) -> Table:
        """The columns without any cell of more letters, and the first."""
        kept = [k for k in range(len(self.headings)) if k == 0 or all(len(row[k]) <= letters for row in self.rows)]
        return self._columns(kept)

    def _columns(self, kept: Sequence[int]) -> Table:
        rows = tuple(tuple(row[k] for k in kept) for row in self.rows)
        numbers = tuple(n for n, k in enumerate(kept) if k in self.numbers)
        return Table(tuple(self.headings[k] for k in kept), rows, numbers, self.same)

    def thinned(self, most: int) -> Table:
        """At most so many of the rows, evenly spaced, the first and the last among them."""
        count = len(self.rows)
        if count <= most:
            return self
        chosen = sorted({round(k * (count - 1) / (most - 1)) for k in range(most)})
        return Table(self.headings, tuple(self.rows[k] for k in chosen), self.numbers, self.same)


def printed(rows: Sequence[Row], columns: Sequence[Column]) -> Table:
    """The table of a chart for reading. Columns that are empty are left out; those that never change are in ``same``."""
    shown: list[Column] = []
    same: list[str] = []
    for column in columns:
        values = {row.get(column.name) for row in rows}
        if (column.name in _ENDS and any(one.name == "value" for one in columns)) or values <= {None, ""}:
            continue
        if len(rows) > 1 and len(values) == 1 and column.name != "value":
            same.append(f"{column.name.replace('_', ' ')}: {_cell(column, rows[0])}")
        else:
            shown.append(column)
    ranged = any(row.get("low") is not None for row in rows)
    headings = tuple(_heading(column, ranged) for column in shown)
    cells = tuple(tuple(_cell(column, row) for column in shown) for row in rows)
    numbers = tuple(
        k for k, column in enumerate(shown) if any(isinstance(row.get(column.name), int | float) for row in rows)
    )
    return Table(headings, cells, numbers, tuple(same))


def _heading(column: Column, ranged: bool) -> str:
    name = "replicates" if column.name == "n_replays" else column.name.replace("_", " ")
    if column.name == "value" and ranged:
        return f"value (range{', ' + column.unit if column.unit else ''})"
    return f"{name} ({column.unit})" if column.unit and column.unit != name else name


def _cell(column: Column, row: Row) -> str:
    value: Any = row.get(column.name)
    if value is None:
        return ""
    if column.name == "value":
        if "paired" in str(row.get("range_kind")):
            return _signed(value, row.get("low"), row.get("high"))
        return wording.amount(value, row.get("low"), row.get("high"))
    if column.name in _PLAIN and float(value).is_integer():
        return f"{value:.0f}"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return f"{value:,}" if isinstance(value, int) else wording.number(value)


def _signed(value: float, low: float | None, high: float | None) -> str:
    """A difference with its interval."""
    if low is None or high is None:
        return wording.signed(value)
    like = value or max(abs(low), abs(high))
    return f"{wording.signed(value)} ({wording.signed(low, like)} to {wording.signed(high, like)})"
