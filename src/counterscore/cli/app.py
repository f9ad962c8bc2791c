"""The root of the command line: version and front page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, TypeVar

import typer

from counterscore.cli.page import FRONT, FrontPage, Page

Function = TypeVar("Function", bound=Callable[..., None])

app = typer.Typer(
    cls=FrontPage,
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def command(name: str) -> Callable[[Function], Function]:
    """Register a function as a command; its docstring is its help page."""
    return app.command(name, cls=Page)


def _version(asked: bool) -> None:
    if asked:
        from counterscore.machine import version

        typer.echo(f"counterscore {version()}")
        raise typer.Exit


@app.callback()
def root(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Measure what a social-scoring regime does, on synthetic cities."""
    if context.invoked_subcommand is None:
        typer.echo(FRONT)
