"""``report``: one HTML file that can be handed over."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from counterscore.cli.app import command
from counterscore.cli.places import LATEST, find_run
from counterscore.cli.screen import Json, NoColor, Quiet, Screen, mib_in_words


@command("report")
def report(
    runs: Annotated[
        list[str] | None, typer.Argument(metavar="[RUN]...", help="Run folders, names in runs/, or latest.")
    ] = None,
    template: Annotated[
        str, typer.Option("--template", metavar="NAME", help="research, assessment, brief or classroom.")
    ] = "research",
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

    The file needs no network and no scripts, and prints to A4. Nothing runs again.
    """
    from counterscore.report import write
    from counterscore.results import Run

    screen = Screen(json, quiet, no_color)
    folders = [find_run(name) for name in runs or (LATEST,)]
    target = out or folders[0].parent / f"{folders[0].name}.{template}.html"
    made = f"counterscore report {' '.join(str(folder) for folder in folders)} --template {template} --out {target}"
    file = write([Run(folder) for folder in folders], template, target, command=made)
    size = file.stat().st_size / 2**20
    if json:
        return screen.data({"file": str(file), "template": template, "bytes": file.stat().st_size})
    screen.line(f"Saved  {file}   ({mib_in_words(size)})")
    return screen.next(f"open {file} in a browser")
