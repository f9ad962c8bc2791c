"""Commands that look at a run folder: numbers, verify, digest and method."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from counterscore.cli.app import command
from counterscore.cli.places import LATEST, find_run
from counterscore.cli.screen import Json, NoColor, Quiet, Screen, mib_in_words, plural, seconds_in_words, thousands
from counterscore.errors import UsageError, VerifyError

if TYPE_CHECKING:
    from counterscore.results import Run

RunName = Annotated[str, typer.Argument(help="A run folder, its name in runs/, or latest.", metavar="RUN")]


@command("numbers")
def numbers(
    run: RunName = LATEST,
    prose: Annotated[bool, typer.Option("--prose", help="Sentences with denominators and ranges.")] = False,
    by: Annotated[str, typer.Option("--by", metavar="GROUP", help="Split by a group of residents.")] = "",
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Print what a run found, with ranges, compared with its baseline.

      counterscore numbers latest
      counterscore numbers latest --prose
      counterscore numbers latest --by registration
      counterscore numbers runs/demo --json

    A range is the middle 90 % of the replays (counterscore help ranges).
    """
    from counterscore import measures
    from counterscore.results import Run

    screen = Screen(json, quiet, no_color)
    found = Run(find_run(run))
    raise NotImplementedError
