"""``schema``: what a file may hold, as a JSON Schema that editors and other programs read."""

from __future__ import annotations

import json as json_module
from pathlib import Path
from typing import Annotated

import typer

from counterscore.cli.app import command
from counterscore.cli.screen import Json, NoColor, Quiet, Screen
from counterscore.files import begins_like, refuse_to_replace, write_whole


@command("schema")
def schema(
    kind: Annotated[str, typer.Argument(help="Which file: regime, city, claim, law.", metavar="KIND")],
    out: Annotated[Path | None, typer.Option("--out", help="Write it to a file.", metavar="FILE")] = None,
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Print the JSON Schema of a kind of file, for editors and other programs.

      counterscore schema regime --out regime.schema.json
      counterscore schema claim

    A schema knows form alone: names that must exist, borders that must meet and
    sources that must be given are the business of counterscore check.
    """
    from counterscore.cli.schemas import schema_of  # pydantic takes its time

    screen = Screen(json, quiet, no_color)
    found = schema_of(kind)
    if out is None:
        screen.data(found)
        return
    refuse_to_replace(out, begins_like('{\n  "$schema"'))
    write_whole(out, json_module.dumps(found, ensure_ascii=False, indent=2) + "\n")
    screen.line(f"Wrote {out}.")
