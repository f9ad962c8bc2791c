"""Charts in a report: the drawing, its words, and its table for screen and paper."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from counterscore.charts import Drawing, Table, View, all_charts, draw, find_chart
from counterscore.claims import Found
from counterscore.errors import RunError, UsageError, quoted
from counterscore.measures import GROUPS
from counterscore.results import Run

_MOST_ROWS = 120  #: rows of a table on the screen; all are in the CSV
_ON_PAPER = {"research": 12}  #: rows of a table in print …
_ON_OTHER_PAPER = 8  #: … in other templates
_LONG_CELL = 44  #: letters of a cell from which its column is left out in print
_PAPER_COLUMNS = {"life": ("world", "date", "until", "lane", "event", "score after", "rule")}  #: where all are too many
_SMALLEST = 0.9  #: of its natural size, to which a drawing shrinks on a narrow screen before it scrolls
#: How the residents are picked whose files are shown.
_PICKS = {"research": ("median", "p10", "p90"), "assessment": ("median", "p90"), "brief": ("median",)}
_LIFE, _GAPS = "life", "group-gaps"


@dataclass(frozen=True, slots=True)
class Figure:
    """One chart in the report. ``width`` and ``height`` are its natural size in pixels; ``about`` what sets it apart
    from others of the same chart.
    """

    id: str
    chart: str
    question: str
    about: str
    finding: str
    caption: str
    alt: str
    svg: str
    width: float
    height: float
    table: Table
    paper: Table
    rows: int

    @property
    def heading(self) -> str:
        """The question, with what sets the figure apart."""
        return f"{self.question.rstrip('?')}{', ' + self.about if self.about else ''}?"

    @property
    def least(self) -> int:
        """Pixels of width below which the drawing scrolls instead of shrinking."""
        return round(self.width * _SMALLEST)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A chart of a run that somebody chose for a report, with the view in which it is to be seen."""

    run: Run
    chart: str
    view: View

    @classmethod
    def read(cls, text: str, runs: Sequence[Run]) -> Chosen:
        """``[RUN:]CHART[?KEY=VALUE&…]``, of the first run where none is named. Raises ``UsageError`` for anything else."""
        name, _, query = text.partition("?")
        run_name, _, chart = name.rpartition(":")
        run = next((run for run in runs if run.path.name == run_name), None) if run_name else runs[0]
        if run is None:
            raise UsageError(f"the report is about no run {quoted(run_name)}")
        given = dict(parse_qsl(query))
        if unknown := sorted(given.keys() - set(View.__dataclass_fields__)):
            raise UsageError(
                f"a chart has no {quoted(unknown[0])}",
                suggestion=f"It may have: {', '.join(View.__dataclass_fields__)}.",
            )
        try:
            numbers = {key: kind(given[key]) for key, kind in (("replay", int), ("tolerance", float)) if key in given}
        except ValueError:
            raise UsageError(f"a number is missing in {quoted(text)}") from None
        return cls(run, find_chart(chart).id, View(**(given | numbers)))  # type: ignore[arg-type]

    def figure(self, id_: str, template: str) -> Figure:
        """The figure. Raises ``UsageError`` where the run has nothing for it."""
        about = ", ".join(
            f"{name.replace('among', 'of')} {value}"
            for name in View.__dataclass_fields__
            if (value := getattr(self.view, name)) is not None
        )
        return _figure(draw(self.run, self.chart, self.view), about, id_, _ON_PAPER.get(template, _ON_OTHER_PAPER))


def figures_of(found: Run | Found, chart: str, template: str, prefix: str = "") -> list[Figure]:
    """The figures of one chart in a template; none where there is nothing to draw."""
    out: list[Figure] = []
    for view, about in _views(chart, template):
        try:
            drawing = draw(found, chart, view)
        except (UsageError, RunError):
            continue  # not applicable to this run, or this version cannot live it again: the chart says so itself
        rows = _ON_PAPER.get(template, _ON_OTHER_PAPER)
        out.append(_figure(drawing, about, f"{prefix}chart-{chart}-{len(out) + 1}", rows))
    return out


def _views(chart: str, template: str) -> Iterator[tuple[View, str]]:
    if chart == _LIFE:
        for name in _PICKS.get(template, ("median",)):
            yield (
                View(pick=name),
                {"median": "the median", "p10": "the 10th percentile", "p90": "the 90th percentile"}[name],
            )
    elif chart == _GAPS and template == "research":
        for name in GROUPS:
            yield View(by=name), f"by {name.replace('_', ' ')}"
    elif chart in {_GAPS, "definitions"}:
        yield View(by="registration"), "by registration"
    else:
        yield View(), ""


def widest_gaps(run: Run) -> list[tuple[str, str]]:
    """What chart C10 finds for each grouping of residents: the grouping and the sentence."""
    found = []
    for name in GROUPS:
        try:
            found.append((name.replace("_", " "), draw(run, _GAPS, View(by=name)).finding))
        except (UsageError, RunError):
            continue
    return found


def _figure(drawing: Drawing, about: str, id_: str, on_paper: int) -> Figure:
    svg, width, height = _inline(drawing.svg(words=False), id_)
    table = drawing.table()
    return Figure(
        id=id_,
        chart=drawing.chart.id,
        question=drawing.chart.question,
        about=about,
        finding=drawing.finding,
        caption=drawing.caption,
        alt=drawing.alt,
        svg=svg,
        width=width,
        height=height,
        table=table.thinned(_MOST_ROWS),
        paper=table.only(_PAPER_COLUMNS.get(drawing.chart.id, ())).without_long(_LONG_CELL).thinned(on_paper),
        rows=len(drawing.rows),
    )


_SIZE = re.compile(r'<svg([^>]*?) width="([0-9.]+)" height="([0-9.]+)"')
_SPOKEN = re.compile(r' (?:role|aria-[a-z]+|data-[a-z-]+)="[^"]*"')
_EMPTY = re.compile(r"<g></g>")


def _inline(svg: str, id_: str) -> tuple[str, float, float]:
    """An SVG within a page: it scales, its parts have names of their own, and what it says is said beside it.

    The page gives the drawing its words and the table its rows, so that the marks are silent here.
    """
    found = _SIZE.search(svg)
    width, height = (float(found[2]), float(found[3])) if found else (0.0, 0.0)
    text = _EMPTY.sub("", _SPOKEN.sub("", svg))
    text = re.sub(r"\b(id=\"|url\(#)", rf"\g<1>{id_}-", text)
    return (
        _SIZE.sub(rf'<svg\1 style="min-width:{round(width * _SMALLEST)}px;--width:{round(width)}px"', text, count=1),
        width,
        height,
    )


def chart_ids() -> Sequence[str]:
    """The charts of runs, in order."""
    return tuple(chart.id for chart in all_charts() if chart.source == "run")
