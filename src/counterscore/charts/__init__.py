"""Charts: one file each, found by the ``CHART`` it offers. A chart is its table, drawn."""

from __future__ import annotations

import csv
import html
import io
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from counterscore import discovery, wording
from counterscore.charts._chart import OPTIONS, Chart, Column, Row, View
from counterscore.charts._scale import on_one_scale
from counterscore.charts._style import CONFIG, DARK, WIDTH, dark_rules, in_row_order, themed
from counterscore.charts._table import Table, printed
from counterscore.claims import Found
from counterscore.errors import UsageError, did_you_mean
from counterscore.files import begins_like, cells, refuse_to_replace, write_whole
from counterscore.results import Run

__all__ = [
    "Chart",
    "Drawing",
    "Table",
    "View",
    "all_charts",
    "dark_rules",
    "draw",
    "find_chart",
    "in_words",
    "palette",
]

_LINE = 92  #: characters of a line of text above a chart
_ALT = 300
_CELL = 0.1  #: what is less is not written out in the cells of a matrix
_ALT_BEGINS = "Chart: "


@cache
def all_charts() -> tuple[Chart, ...]:
    """All charts, by number."""
    return tuple(sorted(discovery.offered("counterscore.charts", "CHART"), key=lambda one: _order(one.number)))


def _order(number: str) -> tuple[int, str]:
    digits = "".join(letter for letter in number if letter.isdigit())
    return int(digits), number


def palette() -> dict[str, str]:
    """Every colour of the drawings, and what it is on a dark ground."""
    return dict(DARK)


def find_chart(name: str) -> Chart:
    """The chart called ``name``, such as ``doors`` or ``C6``; raises ``UsageError`` where there is none."""
    for one in all_charts():
        if name in {one.id, one.number, one.number.lower()}:
            return one
    close = did_you_mean(name, [one.id for one in all_charts()])
    hint = f"Did you mean {close}?  " if close else ""
    raise UsageError(f'no chart is called "{name}"', suggestion=f"{hint}All: counterscore list charts")


@dataclass(frozen=True, slots=True)
class Drawing:
    """One chart of one run (or claim): its rows, its words, and the files made of them."""

    chart: Chart
    rows: Sequence[Row]
    finding: str
    source: str

    def __repr__(self) -> str:
        return f"<Drawing {self.chart.id}: {self.finding} ({len(self.rows)} rows)>"

    @property
    def caption(self) -> str:
        """How to read it, what its ranges cover, and what it was made from."""
        return f"{self.chart.caption} {self.source}"

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the table, in order."""
        return self.chart.columns

    @property
    def alt(self) -> str:
        """The drawing in words: at most 300 characters, and whole sentences or clauses."""
        text = f"{_ALT_BEGINS}{self.chart.question} {self.finding}"
        return text if len(text) <= _ALT else _whole(f"{_ALT_BEGINS}{self.finding}", _ALT)

    def table(self) -> Table:
        """The rows as drawn, as a person reads them."""
        return printed(self.rows, self.columns)

    def csv(self) -> str:
        """The rows as drawn, as comma-separated values."""
        out = io.StringIO()
        names = [column.name for column in self.columns]
        writer = csv.DictWriter(out, names, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(map(cells, self.rows))
        return out.getvalue()

    def spec(self, *, words: bool = True, dark: bool = False) -> dict[str, Any]:
        """A Vega-Lite specification that holds its data; ``words`` puts question, finding and caption above it.

        ``dark`` is for a dark ground: the same drawing in the colours measured for it.
        """
        rows = [row | _written(row) | {"_row": f"#{k} {text}"} for k, (row, text) in enumerate(self._in_words())]
        spec = in_row_order(self.chart.draw(rows), rows)
        spec.setdefault("data", {"values": rows})
        told = [*textwrap.wrap(self.finding, _LINE), "", *textwrap.wrap(self.caption, _LINE)]
        plain = "hconcat" in spec or "vconcat" in spec or "facet" in spec or "columns" in spec
        if not plain:
            spec.setdefault("width", WIDTH)
        whole: dict[str, Any] = themed(
            {
                "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
                "description": self.alt,
                **({"title": {"text": textwrap.wrap(self.chart.question, 62), "subtitle": told}} if words else {}),
                "config": CONFIG,
                "padding": 14,
                **spec,
            },
            dark,
        )
        return whole

    def _in_words(self) -> list[tuple[Row, str]]:
        return [(row, in_words(row, self.columns)) for row in self.rows]

    def svg(self, *, words: bool = True, dark: bool = False, beside: Sequence[Drawing] = ()) -> str:
        """The drawing as SVG, without links to anything outside it; ``words`` and ``dark`` as in ``spec``.

        ``beside`` are drawings of the same chart of other runs, with which it shares its scales.

        Each mark of a row has the row in words (``aria-label``) and its cells as attributes (``data-value`` and so
        on, ``data-row`` its number from 0); rows without a mark, such as those withheld, are empty groups at the end.
        """
        import vl_convert

        spec = self.spec(words=words, dark=dark)
        on_one_scale(spec, [one.spec(words=words, dark=dark) for one in beside])
        return _with_rows(vl_convert.vegalite_to_svg(spec), self._in_words(), self.columns)

    def png(self, scale: float = 2.0, *, dark: bool = False) -> bytes:
        """The drawing as PNG."""
        import vl_convert

        data: bytes = vl_convert.vegalite_to_png(self.spec(dark=dark), scale=scale)
        return data

    def save(self, file: Path, *, dark: bool = False) -> tuple[Path, ...]:
        """Write the drawing (``.svg``, ``.png``), its table (``.csv``) or its words (``.alt.txt``); ``dark`` as in ``spec``.

        A picture is never written alone: its alt text goes beside it, and tells that an earlier picture of that name may
        be replaced. Raises ``UsageError`` for another ending and where a file of somebody else is in the way, ``RunError``
        where the disk refuses.
        """
        words = file.with_name(file.name.removesuffix(file.suffix) + ".alt.txt")
        picture: str | bytes
        match file.suffix:
            case ".svg":
                picture = self.svg(dark=dark)
            case ".png":
                picture = self.png(dark=dark)
            case ".csv":
                table = self.csv()
                refuse_to_replace(file, begins_like(table))
                write_whole(file, table)
                return (file,)
            case ".txt":
                refuse_to_replace(file, _is_alt)
                write_whole(file, self.alt + "\n")
                return (file,)
            case _:
                raise UsageError(
                    f"a chart cannot be written as {file.name}", suggestion="Use .svg, .png, .csv or .alt.txt."
                )
        refuse_to_replace(words, _is_alt)
        if not words.exists():
            refuse_to_replace(file, lambda _: False)
        write_whole(words, self.alt + "\n")
        write_whole(file, picture)
        return (file, words)


def _is_alt(found: bytes) -> bool:
    """Whether a file begins as the words of a chart do."""
    return found.startswith(_ALT_BEGINS.encode())


def draw(found: Run | Found, name: str, view: View | None = None) -> Drawing:
    """Chart ``name`` of a run, or of the check of a claim.

    Raises ``UsageError`` where there is nothing to draw, with the reason, and for a view the chart does not take.
    """
    chart = find_chart(name)
    seen = view or View()
    _refuse(chart, found, seen)
    rows = chart.rows(found, seen)
    if not rows:
        raise UsageError(
            f"{chart.id} is not applicable here: {chart.missing}", suggestion="Others: counterscore list charts"
        )
    basis = f"{chart.basis(found, seen)} " if chart.basis else ""
    source = _source(found, seen) if isinstance(found, Run) else _source_of_claim(found)
    return Drawing(chart, rows, chart.finding(rows), basis + source)


def _refuse(chart: Chart, found: Run | Found, view: View) -> None:
    """What a chart cannot be asked, told before anything is worked out."""
    if isinstance(found, Run) != (chart.source == "run"):
        here, hint = (
            ("a run, not of a claim", f"Write: counterscore chart {chart.id} latest")
            if chart.source == "run"
            else (
                "the check of a claim over its assumptions, not of a run",
                f"Write: counterscore claim check CLAIM --out answers.json, then counterscore chart {chart.id} answers.json",
            )
        )
        raise UsageError(f"{chart.id} is a chart of {here}", suggestion=hint)
    for option in OPTIONS:
        if getattr(view, option) is not None and option not in chart.takes:
            others = ", ".join(one.id for one in all_charts() if option in one.takes)
            told = "of" if option == "among" else option
            raise UsageError(f"{chart.id} takes no --{told}", suggestion=f"Leave it out. Charts that do: {others}.")
    if isinstance(found, Run):
        for world in (view.of(found), view.against):
            if world is not None and world not in found.worlds:
                raise UsageError(f'the run has no world "{world}"', suggestion=f"It has: {', '.join(found.worlds)}.")


def _source(run: Run, view: View) -> str:
    record = run.record
    world = view.of(run)
    base = f", compared with {view.base(run)}" if view.base(run) else ""
    partial = " This run is partial." if run.partial else ""
    return (
        f"{world}{base}; {record['city']['residents']:,} synthetic residents of {record['city']['title']}, "
        f"{record['months']} months, {wording.replicates(len(run.replays()))}; run {run.path.name}.{partial}"
    )


def _source_of_claim(found: Found) -> str:
    claim = found.claim
    base = f", compared with {claim.against}" if claim.against else ""
    return (
        f"Claim {claim.id}: {claim.world}{base}; {claim.setting.residents:,} synthetic residents of {claim.setting.city}, "
        f"{claim.setting.months} months, {len(found.points)} settings of {wording.replicates(found.replays)} each."
        + (f" Stopped before all {found.planned} settings were lived." if found.partial else "")
    )


def in_words(row: Row, columns: Sequence[Column]) -> str:
    """A row as a screen reader says it: ``month 2018-01; what entered; value 12.5``."""
    return "; ".join(f"{column.name} {_value(row.get(column.name))}" for column in columns)


def _value(value: Any) -> str:
    return "none" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)


def _written(row: Row) -> Row:
    """The value of a row as it is printed: whole, without its range, the range alone; empty where there is none."""
    value, low, high = (row.get(key) for key in ("value", "low", "high"))
    if value is None:
        return {"_text": "none", "_number": "", "_cell": "", "_range": ""}
    return {
        "_text": wording.amount(value, low, high),
        "_number": wording.number(value),
        "_cell": "<0.1" if 0 < value < _CELL else wording.number(value),
        "_range": wording.spread(value, low, high),
    }


_MARKED = re.compile(r'aria-label="#(\d+) ([^"]*)"')


def _with_rows(svg: str, rows: Sequence[tuple[Row, str]], columns: Sequence[Column]) -> str:
    """An SVG whose marks of rows carry the rows' cells; ``spec`` numbered the rows in the marks' words."""
    drawn: set[int] = set()

    def attributes(k: int) -> str:
        cells = ((column.name, rows[k][0].get(column.name)) for column in columns)
        names = "".join(
            f' data-{name.replace("_", "-")}="{html.escape(str(cell))}"' for name, cell in cells if cell is not None
        )
        return f' data-row="{k}"{names}'

    def marked(found: re.Match[str]) -> str:
        k = int(found[1])
        drawn.add(k)
        return f'aria-label="{found[2]}"{attributes(k)}'

    text = _MARKED.sub(marked, svg)
    rest = "".join(f"<g{attributes(k)}></g>" for k in range(len(rows)) if k not in drawn)
    end = text.rindex("</svg>")
    return text[:end] + rest + text[end:]


def _whole(text: str, most: int) -> str:
    """The longest beginning of ``text`` that ends with a sentence or a clause, with a full stop, within ``most`` characters."""
    if len(text) <= most:
        return text
    ends = [found.start() for found in re.finditer(r"[.;,?] ", text[:most])]
    for signs in (".?", ";", ","):
        good = [at for at in ends if text[at] in signs]
        if good and good[-1] > most // 3:
            at = good[-1]
            return text[: at + 1] if text[at] in ".?" else f"{text[:at]}."
    return f"{text[: text.rindex(' ', 0, most - 1)]}."
