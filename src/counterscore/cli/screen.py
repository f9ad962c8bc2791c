"""What a command shows: results on stdout, messages on stderr, and the options every command shares."""

from __future__ import annotations

import json as json_module
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer

from counterscore.errors import UNSEEN, visible

if TYPE_CHECKING:
    from rich.console import Console

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print results only, no messages.")]
NoColor = Annotated[bool, typer.Option("--no-color", help="No colour (NO_COLOR does the same).")]

#: Where output does not go to a terminal every line fits this width, whatever the machine.
PIPE_WIDTH = 80  #: of words where there is no terminal
PIPE_TABLE_WIDTH = 150  #: of tables there: a file and line is not broken in two
_NAME = 40  #: letters of the longest name in a first column that is never broken


@dataclass(frozen=True, slots=True)
class Screen:
    """The two streams of one command and how its reader wants them."""

    json: bool = False
    quiet: bool = False
    no_color: bool = False

    def line(self, text: str = "") -> None:
        """One line of the result."""
        print(visible(text, but="\n"), file=sys.stdout)

    def note(self, text: str = "") -> None:
        """One line about what is going on; not part of the result."""
        if not self.quiet:
            sys.stdout.flush()
            print(visible(text, but="\n"), file=sys.stderr, flush=True)

    def warn(self, text: str) -> None:
        """A caution that is shown even to those who asked for quiet."""
        sys.stdout.flush()
        print(visible(text, but="\n"), file=sys.stderr, flush=True)

    def data(self, document: Any) -> None:
        """The result as one JSON document; what cannot be seen in it is escaped."""
        text = json_module.dumps(document, ensure_ascii=False, indent=2, default=str, allow_nan=False)
        print(_escaped(text), file=sys.stdout)

    def next(self, *commands: str) -> None:
        """What one could do now."""
        if self.json:
            return
        self.note()
        for index, command in enumerate(commands):
            self.note(f"{'Next' if index == 0 else '    '}   {command}")

    def heading(self, text: str) -> None:
        self.console().print(visible(text, but="\n"), style="bold", soft_wrap=True)

    def paragraph(self, text: str, indent: int = 0) -> None:
        """Words, wrapped to the width of the screen."""
        from rich.padding import Padding

        self.console().print(Padding(visible(text, but="\n"), (0, 0, 0, indent)))

    def table(self, headings: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> None:
        """Rows under headings; the columns numbered in ``right`` hold numbers. Long cells wrap."""
        from rich.table import Table

        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim", show_edge=False)
        names = all(len(row[0]) <= _NAME for row in rows)
        for index, heading in enumerate(headings):
            whole = index == 0 and names  # a name can be copied only if it is not broken
            table.add_column(heading, justify="right" if index in right else "left", overflow="fold", no_wrap=whole)
        for row in rows:
            table.add_row(*(visible(cell, but="\n") for cell in row))
        for line in self._lines(table):
            print(line, file=sys.stdout)

    def _lines(self, table: Any) -> list[str]:
        console = self.console()
        if not is_terminal(sys.stdout):
            console.width = PIPE_TABLE_WIDTH
        with console.capture() as capture:
            console.print(table)
        return [line.rstrip() for line in capture.get().splitlines()]

    def console(self, stream: IO[str] | None = None) -> Console:
        """A rich console that neither colours nor measures what is not a terminal."""
        from rich.console import Console

        stream = stream or sys.stdout
        terminal = is_terminal(stream)
        return Console(
            file=stream,
            width=None if terminal else PIPE_WIDTH,
            force_terminal=terminal,
            no_color=self.no_color or bool(os.environ.get("NO_COLOR")) or not terminal,
            markup=False,
            highlight=False,
            emoji=False,
            legacy_windows=False,
        )


def _escaped(text: str) -> str:
    """JSON text in which characters that steer a terminal, or that nobody sees, are written as escapes."""
    return (
        text if text.isascii() and "\x7f" not in text else UNSEEN.sub(lambda one: json_module.dumps(one[0])[1:-1], text)
    )


def is_terminal(stream: IO[str]) -> bool:
    """True for a terminal that can move its cursor."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def thousands(number: float) -> str:
    """``1234567`` → ``1,234,567``."""
    return f"{number:,.0f}"


def plural(number: int, singular: str, many: str = "") -> str:
    """``3, "rule"`` → ``3 rules``."""
    return f"{number:,} {singular if number == 1 else many or singular + 's'}"


def seconds_in_words(seconds: float) -> str:
    """``75`` → ``1 min 15 s``."""
    if seconds < 1:
        return "under 1 s"
    if seconds < 100:
        return f"{seconds:.0f} s"
    if seconds < 6000:
        return f"{seconds // 60:.0f} min {seconds % 60:02.0f} s"
    return f"{seconds // 3600:.0f} h {seconds % 3600 // 60:02.0f} min"


def mib_in_words(mib: float) -> str:
    """``2048`` → ``2.0 GB``. One GB is 1,024 MiB here, as file managers show it."""
    if mib < 1:
        return f"{mib * 1024:.0f} kB"
    return f"{mib:.0f} MB" if mib < 1024 else f"{mib / 1024:.1f} GB"
