"""``chart``: one chart of a run, as a picture, a table, or words."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from counterscore.cli.app import command
from counterscore.cli.places import LATEST, find_run
from counterscore.cli.screen import Json, NoColor, Quiet, Screen

_MOST_ROWS = 40


@command("chart")
def chart(
    name: Annotated[str, typer.Argument(metavar="CHART", help="Its name or number: counterscore list charts.")],
    run: Annotated[str, typer.Argument(metavar="RUN", help="A run folder, its name in runs/, or latest.")] = LATEST,
    by: Annotated[str, typer.Option("--by", metavar="GROUP", help="Split by a group of residents.")] = "",
    world: Annotated[str, typer.Option("--world", metavar="WORLD", help="Which world; the first by default.")] = "",
    against: Annotated[str, typer.Option("--against", metavar="WORLD", help="The world differences are from.")] = "",
    out: Annotated[
        list[Path] | None,
        typer.Option("--out", metavar="FILE", help="Write .svg, .png, .csv or .alt.txt; may be repeated."),
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Draw one chart of a run; without --out, print its finding and its table.

      counterscore chart doors latest
      counterscore chart group-gaps latest --by registration --out gaps.svg
      counterscore chart time-to-exit runs/demo --out exit.png --out exit.csv

    The table holds the same rows as the drawing. Alt text goes beside a picture.
    """
    from counterscore.charts import View, draw
    from counterscore.results import Run

    screen = Screen(json, quiet, no_color)
    drawing = draw(Run(find_run(run)), name, View(world=world or None, by=by or None, against=against or None))
    saved = [file for path in out or () for file in drawing.save(path)]
    if json:
        return screen.data(
            {
                "chart": drawing.chart.id,
                "question": drawing.chart.question,
                "finding": drawing.finding,
                "caption": f"{drawing.chart.caption} {drawing.source}",
                "columns": [{"name": one.name, "unit": one.unit, "meaning": one.meaning} for one in drawing.columns],
                "rows": list(drawing.rows),
                "saved": [str(file) for file in saved],
            }
        )
    screen.heading(drawing.chart.question)
    screen.paragraph(drawing.finding)
    screen.paragraph(f"{drawing.chart.caption} {drawing.source}")
    if saved:
        return screen.line(f"Saved  {'  '.join(str(file) for file in saved)}")
    names = [column.name for column in drawing.columns]
    screen.line()
    screen.table(names, [[_cell(row.get(name)) for name in names] for row in drawing.rows[:_MOST_ROWS]])
    if len(drawing.rows) > _MOST_ROWS:
        screen.line(f"… {len(drawing.rows) - _MOST_ROWS:,} more rows: --out {drawing.chart.id}.csv")
    return None


def _cell(value: object) -> str:
    return "-" if value is None else f"{value:,.4g}" if isinstance(value, float) else str(value)
