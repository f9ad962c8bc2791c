"""``report``: one HTML file that can be handed over."""

from __future__ import annotations

import shlex
import time
from pathlib import Path
from typing import Annotated

import typer

from counterscore.cli.app import command
from counterscore.cli.places import LATEST, find_run, split_ids
from counterscore.cli.screen import Json, NoColor, Quiet, Screen, mib_in_words


@command("report")
def report(
    runs: Annotated[
        list[str] | None, typer.Argument(metavar="[RUN]...", help="Run folders, names in runs/, or latest.")
    ] = None,
    template: Annotated[
        str, typer.Option("--template", metavar="NAME", help="research, assessment, brief or classroom.")
    ] = "research",
    claim: Annotated[
        list[Path] | None,
        typer.Option("--claim", metavar="FILE", help="Claim answers to put in; may be repeated."),
    ] = None,
    under: Annotated[
        str, typer.Option("--under", metavar="eu,uk,...", help="Law to read it by; of its place and the EU.")
    ] = "",
    facts: Annotated[
        Path | None, typer.Option("--facts", metavar="FILE", help="Answers, see counterscore law --ask.")
    ] = None,
    chart: Annotated[
        list[str] | None,
        typer.Option("--chart", metavar="NAME?KEY=VALUE", help="One more chart or life file; may be repeated."),
    ] = None,
    notes: Annotated[
        Path | None, typer.Option("--notes", metavar="FILE", help="Answers of the laboratory's questionnaire.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="The file; beside the run by default.")
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Write one HTML file about a run: limits first, figures with tables, method.

      counterscore report latest
      counterscore report runs/demo --template assessment --out annex.html
      counterscore report latest --template brief
      counterscore report latest --claim answers.json
      counterscore report latest --chart 'life?pick=median&among=listed'

    The file needs no network and no scripts, and prints to A4. Figures come from
    the run; what no table holds is lived again for a part of it, to the same bits.
    Answers are saved by counterscore claim check CLAIM --out answers.json.
    """
    from counterscore.assessment import notes_of
    from counterscore.claims import read_answers
    from counterscore.report import check_place, check_template, write
    from counterscore.report.law import Asked
    from counterscore.results import Run

    screen = Screen(json, quiet, no_color)
    folders = [find_run(name) for name in runs or (LATEST,)]
    target = out or folders[0].parent / f"{folders[0].name}.{template}.html"
    words = ["counterscore", "report", *map(str, folders), "--template", template]
    for path in claim or ():
        words += ["--claim", str(path)]
    if under:
        words += ["--under", under]
    if facts:
        words += ["--facts", str(facts)]
    for text in chart or ():
        words += ["--chart", text]
    if notes:
        words += ["--notes", str(notes)]
    made = shlex.join([*words, "--out", str(target)])
    check_template(template)
    check_place(target)
    said = notes_of(notes) if notes else {}
    claims = [found for path in claim or () for found in read_answers(path).found]
    began = time.monotonic()

    def progress(section: str, done: int, of: int) -> None:
        screen.note(f"report  {100 * done // of:>3} %   {section}   {time.monotonic() - began:.0f} s")

    file = write(
        [Run(folder) for folder in folders],
        template,
        target,
        claims=claims,
        command=made,
        progress=progress,
        asked=Asked(split_ids([under]), facts),
        notes=said,
        collected=chart or (),
    )
    size = file.stat().st_size / 2**20
    if json:
        return screen.data({"file": str(file), "template": template, "bytes": file.stat().st_size})
    screen.line(f"Saved  {file}   ({mib_in_words(size)})")
    return screen.next(f"open {file} in a browser")
