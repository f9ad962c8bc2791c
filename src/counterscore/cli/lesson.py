"""``lesson``: a lesson as sheets to print."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from counterscore.cli.app import command
from counterscore.cli.screen import Json, NoColor, Quiet, Screen
from counterscore.errors import UsageError
from counterscore.files import is_own_page, refuse_to_replace, write_whole
from counterscore.machine import version


@command("lesson")
def lesson(
    action: Annotated[str, typer.Argument(metavar="ACTION", help="print.")] = "",
    what: Annotated[str, typer.Argument(metavar="LESSON", help="Its id: counterscore list lessons.")] = "",
    key: Annotated[bool, typer.Option("--key", help="With the results, for whoever teaches.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="The file; LESSON.handout.html by default.")
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Write a lesson as a handout to print, or its key.

      counterscore lesson print who-gets-listed
      counterscore lesson print who-gets-listed --key
      counterscore app --lesson who-gets-listed

    One HTML file, black on white, for A4. The handout has room for guesses and no
    result; the key works the results out anew, which takes some seconds.
    """
    from counterscore.lessons import lesson_ids, load_lesson
    from counterscore.lessons.sheet import answers, sheet

    screen = Screen(json, quiet, no_color)
    if action != "print":
        raise UsageError(
            f'"{action}" is nothing that lesson does' if action else "say what to do with a lesson",
            suggestion="Write: counterscore lesson print who-gets-listed",
        )
    if not what:
        raise UsageError("which lesson?", suggestion=f"All: {', '.join(lesson_ids())}.")
    found = load_lesson(what)
    file = out or Path(f"{found.id}.{'key' if key else 'handout'}.html")
    if file.is_dir() or not file.parent.is_dir():
        raise UsageError(f"{file} cannot be written", suggestion="Name a file in a folder that exists.")
    refuse_to_replace(file, is_own_page)
    text = sheet(found, answers(found) if key else None, version=version())
    write_whole(file, text)
    if json:
        return screen.data({"file": str(file), "lesson": found.id, "key": key, "bytes": len(text.encode())})
    screen.line(f"Saved  {file}")
    return screen.next(f"open {file} in a browser and print it")
