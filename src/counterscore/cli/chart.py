"""``chart``: one chart of a run, as a picture, a table, or words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counterscore.cli.app import command
from counterscore.cli.places import LATEST, find_run
from counterscore.cli.screen import Json, NoColor, Quiet, Screen
from counterscore.errors import UsageError

if TYPE_CHECKING:
    from counterscore.claims import Found

_MOST_ROWS = 40


@command("chart")
def chart(
    name: Annotated[str, typer.Argument(metavar="CHART", help="Its name or number: counterscore list charts.")] = "",
    run: Annotated[
        str,
        typer.Argument(metavar="RUN", help="A run folder, its name in runs/, or latest; or a file of claim answers."),
    ] = LATEST,
    by: Annotated[str, typer.Option("--by", metavar="GROUP", help="Split by a group of residents.")] = "",
    world: Annotated[str, typer.Option("--world", metavar="WORLD", help="Which world; the first by default.")] = "",
    against: Annotated[str, typer.Option("--against", metavar="WORLD", help="The world differences are from.")] = "",
    tolerance: Annotated[
        float | None,
        typer.Option("--tolerance", metavar="X", help="For definitions: a difference you call small.", min=0),
    ] = None,
    resident: Annotated[str, typer.Option("--resident", metavar="ID", help="For life: whose, such as R-04187.")] = "",
    pick: Annotated[
        str, typer.Option("--pick", metavar="median|p10|p90", help="For life: choose by a rule instead.")
    ] = "",
    of: Annotated[str, typer.Option("--of", metavar="GROUP", help="For life: the group to pick from.")] = "",
    replay: Annotated[
        int | None, typer.Option("--replicate", metavar="N", min=0, help="For life: which replicate.")
    ] = None,
    claim: Annotated[str, typer.Option("--claim", metavar="ID", help="Which of the answers in a file.")] = "",
    out: Annotated[
        list[Path] | None,
        typer.Option("--out", metavar="FILE", help="Write .svg, .png, .csv or .alt.txt; may be repeated."),
    ] = None,
    dark: Annotated[bool, typer.Option("--dark", help="Draw it for a dark ground.")] = False,
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Draw one chart of a run; without --out, print its finding and its table.

      counterscore chart doors latest
      counterscore chart group-gaps latest --by registration --out gaps.svg
      counterscore chart time-to-exit runs/demo --out exit.png --out exit.csv
      counterscore chart life latest --pick p90 --of wrongly-listed --out life.svg
      counterscore chart what-moves-it answers.json

    The table holds the same rows as the drawing. Alt text goes beside a picture.
    Answers are saved by counterscore claim check CLAIM --out answers.json.
    """
    from counterscore.charts import View, draw
    from counterscore.results import Run

    screen = Screen(json, quiet, no_color)
    if not name:
        raise UsageError(
            "say which chart", suggestion="All: counterscore list charts.  For example: counterscore chart doors latest"
        )
    view = View(
        world=world or None,
        by=by or None,
        against=against or None,
        tolerance=tolerance,
        resident=resident or None,
        pick=pick or None,
        among=of or None,
        replay=replay,
    )
    drawing = draw(_answer(Path(run), claim) if run.endswith(".json") else Run(find_run(run)), name, view)
    saved = [file for path in out or () for file in drawing.save(path, dark=dark)]
    if json:
        return screen.data(
            {
                "chart": drawing.chart.id,
                "question": drawing.chart.question,
                "finding": drawing.finding,
                "caption": drawing.caption,
                "columns": [{"name": one.name, "unit": one.unit, "meaning": one.meaning} for one in drawing.columns],
                "rows": list(drawing.rows),
                "saved": [str(file) for file in saved],
            }
        )
    screen.heading(drawing.chart.question)
    screen.paragraph(drawing.finding)
    screen.paragraph(drawing.caption)
    if saved:
        return screen.line(f"Saved  {'  '.join(str(file) for file in saved)}")
    table = drawing.table()
    screen.line()
    screen.table(table.headings, table.rows[:_MOST_ROWS], right=table.numbers)
    if table.same:
        screen.paragraph(f"In all rows: {'; '.join(table.same)}.")
    if len(drawing.rows) > _MOST_ROWS:
        screen.line(f"… {len(drawing.rows) - _MOST_ROWS:,} more rows: --out {drawing.chart.id}.csv")
    return None


def _answer(file: Path, claim: str) -> Found:
    """The answer about ``claim`` in a file of answers; the only one where none is named."""
    from counterscore.claims import read_answers

    found = {one.claim.id: one for one in read_answers(file).found}
    if claim in found:
        return found[claim]
    if claim or len(found) != 1:
        raise UsageError(
            f'{file} holds no answer about "{claim}"' if claim else f"which claim of {file}?",
            suggestion=f"Write --claim with one of: {', '.join(found)}.",
        )
    return next(iter(found.values()))
