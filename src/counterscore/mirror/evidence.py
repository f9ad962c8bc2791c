"""The two smaller inputs: promises with dated evidence (M12), and the notices bodies publish of how they pay (M13).

Both are CSV files of organisations only. A column that is not known is refused, so that none about a person can come
in; a body that looks like a person is refused too.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from counterscore.errors import Findings, InputError, Position, Problem, did_you_mean, quoted
from counterscore.mirror.bodies import looks_like_a_person
from counterscore.mirror.dates import Instant, read_instant
from counterscore.mirror.source import Source
from counterscore.mirror.whitelist import normal

PROMISES, NOTICES = "promises.json", "notices.json"
_PROMISE_COLUMNS = {"body": True, "promise": True, "due": True, "evidence": False, "outcome": False, "source": False}
_NOTICE_COLUMNS = {
    "body": True,
    "from": True,
    "to": True,
    "n": True,
    "share_30": True,
    "mean_days": False,
    "source": False,
}
_OUTCOMES = ("kept", "broken", "")
_MOST_ROWS = 100_000
_MOST_BYTES = 2**26
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Promise:
    """A dated promise of a body. ``evidence`` is the day it was fulfilled, None where there is no evidence."""

    body: str
    promise: str
    due: int
    evidence: int | None
    broken: bool

    def outcome(self, cut_off: int) -> str:
        """kept, late, broken, not due, or no evidence (which is not broken)."""
        if self.broken:
            return "broken"
        if self.evidence is not None:
            return "kept" if self.evidence <= self.due else "late"
        return "not due" if self.due > cut_off else "no evidence"


@dataclass(frozen=True, slots=True)
class Notice:
    """One payments compliance notice: how many invoices of a period were paid within 30 days (a share from 0 to 1)."""

    body: str
    start: int
    end: int
    n: int
    share_30: float
    mean_days: float | None


def read_promises(file: Path, source: Source | None = None) -> list[Promise]:
    """The promises in a CSV file. Raises ``InputError`` with every mistake and its line."""

    def row(cells: dict[str, str], cell: _Cells) -> Promise | None:
        due = cell.day("due")
        evidence = cell.day("evidence") if cells["evidence"] else None
        outcome = cells["outcome"].casefold()
        if outcome not in _OUTCOMES:
            cell.problem("outcome", "an outcome is kept, broken or empty", "Late is worked out from the dates.")
        if outcome == "kept" and evidence is None:
            cell.problem(
                "outcome", "a promise that was kept needs the day of the evidence", "Fill in evidence, as 2018-03-31."
            )
        if outcome == "broken" and evidence is not None:
            cell.problem(
                "outcome", "a promise with evidence that it was fulfilled is not broken", "Leave one of the two out."
            )
        if due is None:
            return None
        return Promise(
            cell.body(source), cells["promise"], due.at, evidence.at if evidence else None, outcome == "broken"
        )

    found: list[Promise] = _read(file, _PROMISE_COLUMNS, row)
    return sorted(set(found), key=lambda one: (one.body, one.due, one.promise, one.evidence or 0))


def read_notices(file: Path, source: Source | None = None) -> list[Notice]:
    """The notices in a CSV file. Raises ``InputError`` with every mistake and its line."""

    def row(cells: dict[str, str], cell: _Cells) -> Notice | None:
        start, end = cell.day("from"), cell.day("to")
        many, share = cell.number("n", whole=True), cell.number("share_30", most=1.0)
        days = cell.number("mean_days") if cells["mean_days"] else None
        if start and end and start.at > end.at:
            cell.problem("to", "the period ends before it starts", "Exchange from and to.")
        if start is None or end is None or many is None or share is None:
            return None
        return Notice(cell.body(source), start.at, end.at, int(many), share, days)

    found: list[Notice] = _read(file, _NOTICE_COLUMNS, row)
    return sorted(set(found), key=lambda one: (one.body, one.start, one.end, one.n))


class _Cells:
    """One row being read, and where its mistakes go."""

    def __init__(self, file: str, line: int, cells: dict[str, str], findings: Findings) -> None:
        self._at = Position(file, line, 1)
        self._cells, self._findings = cells, findings

    def problem(self, column: str, message: str, suggestion: str = "") -> None:
        self._findings.problem(
            Position(self._at.file, self._at.line, 1 + list(self._cells).index(column)), message, suggestion
        )

    def day(self, column: str) -> Instant | None:
        found = read_instant(self._cells[column])
        if found is None:
            self.problem(column, f"{column} must be a date", "Write 2018-03-31.")
        return found

    def number(self, column: str, *, whole: bool = False, most: float = math.inf) -> float | None:
        text = self._cells[column]
        try:
            value = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or not 0 <= value <= most or (whole and value != int(value)):
            kind = (
                "a whole number" if whole else "a share from 0 to 1 (or 93 %)" if most == 1.0 else "a number from 0 on"
            )
            self.problem(column, f"{column} must be {kind}", "Digits and a point, without separators.")
            return None
        return value

    def body(self, source: Source | None) -> str:
        name = self._cells["body"]
        known = source.by_name.get(normal(name)) or source.by_id.get(name) if source else None
        if known is not None:
            return known.name
        if looks_like_a_person(name):
            self.problem(
                "body",
                "this body looks like a person, and is not shown",
                "Put it into the register of the source if it is one.",
            )
        return name


def _read(file: Path, columns: dict[str, bool], row: Callable[[dict[str, str], _Cells], Any]) -> list[Any]:
    text = _text(file)
    lines = text.splitlines()
    name = str(file)
    # The line is shown only for the heading: rows may hold what must not be shown.
    findings = Findings(lambda at: lines[0] if at.line == 1 and lines else "")
    reader = csv.reader(io.StringIO(text), strict=False)
    out: list[Any] = []
    try:
        heading = [one.strip().casefold() for one in next(reader, [])]
        _check_heading(heading, columns, name, findings)
        findings.raise_problems()
        for cells in reader:
            if not any(one.strip() for one in cells):
                continue
            line = reader.line_num
            if len(cells) != len(heading):
                findings.problem(
                    Position(name, line, 1),
                    f"{len(cells)} cells under {len(heading)} headings",
                    "Quote cells with commas.",
                )
                continue
            named = dict.fromkeys(columns, "") | {
                key: one.strip()[:_LONGEST] for key, one in zip(heading, cells, strict=True)
            }
            for key, needed in columns.items():
                if needed and not named[key]:
                    findings.problem(Position(name, line, 1), f"{key} is empty", "Leave the row out, or fill it in.")
            made = row(named, _Cells(name, line, named, findings))
            if made is not None:
                out.append(made)
            if len(out) > _MOST_ROWS:
                findings.problem(Position(name, line, 1), f"more than {_MOST_ROWS:,} rows", "Split the file.")
                break
    except csv.Error:
        raise InputError([Problem(Position(name, reader.line_num, 1), "this line is not CSV")]) from None
    findings.raise_problems()
    return out


def _text(file: Path) -> str:
    """The file as text. Raises ``InputError`` where it is too large, or not in UTF-8."""
    raw = file.read_bytes() if file.stat().st_size <= _MOST_BYTES else None
    if raw is None:
        raise InputError([Problem(Position(str(file), 1, 1), "this file is larger than 64 MiB", "Split it.")])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(
            [Problem(Position(str(file), 1, 1), "this file is not in UTF-8", "Convert it: iconv -t UTF-8.")]
        ) from None


def _check_heading(heading: list[str], columns: dict[str, bool], name: str, findings: Findings) -> None:
    at = Position(name, 1, 1)
    for key in heading:
        if key not in columns:
            close = did_you_mean(key, columns)
            findings.problem(
                at, f"there is no column {quoted(key)}", (f"Did you mean {close}?  " if close else "") + "Nothing about persons is read. "
                f"Columns: {', '.join(columns)}."
            )  # fmt: skip
    for key, needed in columns.items():
        if needed and key not in heading:
            findings.problem(at, f"the column {key} is missing", f"Columns: {', '.join(columns)}.")
    if len(set(heading)) != len(heading):
        findings.problem(at, "a column is there twice", "Leave one out.")


def put(folder: Path, name: str, rows: list[Any]) -> None:
    """Keep promises or notices in a folder of facts, in the place of those that were there."""
    data = [{key: getattr(one, key) for key in one.__dataclass_fields__} for one in rows]
    (folder / name).write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")


def kept(folder: Path, name: str, kind: type[Any]) -> list[Any]:
    """The promises or notices of a folder; none where none were given."""
    file = folder / name
    if not file.is_file():
        return []
    return [kind(**one) for one in json.loads(file.read_text(encoding="utf-8"))]
