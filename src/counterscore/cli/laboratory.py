"""``app``: the laboratory in a browser, on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from counterscore.cli import settings
from counterscore.cli.app import command
from counterscore.cli.screen import NoColor, Quiet, Screen, plural


@command("app")
def app(
    port: Annotated[
        int, typer.Option("--port", metavar="N", min=0, max=65535, help="Where it listens; 0 takes a free one.")
    ] = settings.PORT,
    runs: Annotated[
        Path, typer.Option("--runs", metavar="DIR", help="The folder of runs it shows and adds to.")
    ] = Path(settings.RUNS),
    start: Annotated[str, typer.Option("--start", metavar="PAGE", help="The page it opens, such as assess.")] = "",
    lesson: Annotated[str, typer.Option("--lesson", metavar="ID", help="Open a lesson.")] = "",
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Open no browser; print the address.")] = False,
    lan: Annotated[bool, typer.Option("--lan", help="Let others in your network in, with a key.")] = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Open the laboratory in a browser: everything the command line does, as pages.

      counterscore app
      counterscore app --port 8766 --runs elsewhere/runs
      counterscore app --start assess
      counterscore app --lesson who-gets-listed
      counterscore app --lan

    Pages are served to this machine alone, without an account, and ask no other
    for anything. Runs go on in processes of their own when the laboratory or the
    browser is closed, and are found again. With --lan whoever has the key that is
    printed can use it from the same network.
    """
    from counterscore.lessons import load_lesson
    from counterscore.web.serve import serve

    screen = Screen(quiet=quiet, no_color=no_color)
    if lesson:
        load_lesson(lesson)  # a name that is none is told here, not by a page
    page = f"/learn/{lesson}/1" if lesson else f"/{start.strip('/')}"
    found = serve(runs, port=port, lan=lan, browser=not no_browser, page=page, say=screen.warn)
    going = [*found.jobs.running(), *found.jobs.waiting()]
    if going:
        screen.warn(f"Stopped. {plural(len(going), 'run')} go on by themselves: counterscore app shows them again.")
    else:
        screen.warn("Stopped. Nothing is running.")
