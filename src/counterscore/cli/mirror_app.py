"""``counterscore mirror``: its help page, how its commands are registered, and what they share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from typer.core import TyperGroup

from counterscore.cli.page import Page

if TYPE_CHECKING:
    from counterscore.mirror.evaluate import Evaluation
    from counterscore.mirror.source import Source


Function = TypeVar("Function", bound=Callable[..., None])
_ABOUT = """\
Public bodies through the contract data they publish: coverage first.

  counterscore mirror read data/ --source source.yaml --out seen
  counterscore mirror coverage seen
  counterscore mirror measure seen --body "Ministry of Works"
  counterscore mirror report seen

Three lines that are not crossed:
  1. No data about real persons: only organisations are read, by a whitelist of
     fields; contact points, officials and suppliers' names are dropped unread.
  2. No live service: it reads files that you give it and fetches nothing.
  3. No verdicts: a high value is a question to the body, not a finding against it.
"""


class _MirrorPage(TyperGroup):
    """``counterscore mirror --help``: what it is, what it never does, and its commands."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        ctx.ensure_object(dict)
        formatter.write(_ABOUT)
        with formatter.section("Commands"):
            formatter.write_dl([(str(one.name), one.get_short_help_str(60)) for one in self.commands.values()])
        formatter.write("\nEvery command takes --json and --help; those that print a table take --csv.\n")


mirror = typer.Typer(cls=_MirrorPage, rich_markup_mode=None, invoke_without_command=True, add_completion=False)
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="A folder that mirror read made.", show_default=False)]
Csv = Annotated[bool, typer.Option("--csv", help="Print comma-separated values instead of text.")]
SourceFile = Annotated[
    Path | None,
    typer.Option("--source", metavar="FILE", help="Who published the data; source.yaml beside them by default."),
]
Body = Annotated[str, typer.Option("--body", metavar="NAME", help="One body; all by default.")]


def command(name: str) -> Callable[[Function], Function]:
    """Register a function as a command of the mirror; its docstring is its help page."""
    return mirror.command(name, cls=Page)


@mirror.callback()
def _front(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def definition_of(one: Any) -> dict[str, Any]:
    """What a measure asks and how, as plain data."""
    names = ("id", "title", "question", "unit", "formula", "eligible", "matched", "fields", "limits")
    return {name: getattr(one, name) for name in names}


def evaluation_of(folder: Path, only: str = "") -> Evaluation:
    """The measures of a reading; those named in ``only``, or all."""
    from counterscore.mirror import Facts
    from counterscore.mirror.evaluate import Evaluation
    from counterscore.mirror.measures import find_measure

    wanted = [find_measure(one.strip()) for one in only.split(",") if one.strip()]
    return Evaluation(Facts(folder), wanted or None)


def print_csv(names: Any, rows: Any) -> None:
    """A table as comma-separated values."""
    from counterscore.mirror.present import table_csv

    print(table_csv(names, rows), end="")


def source_of(source: Path | None) -> Source | None:
    """Who published the data; None where nothing is said."""
    from counterscore.mirror import read_source

    return read_source(source) if source else None
