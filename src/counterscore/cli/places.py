"""What an argument means: a regime by id or file, a reform, a run by name, folder or the word latest."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from counterscore.amounts import count_of, months_of
from counterscore.cli.settings import MOST_MONTHS, RUNS
from counterscore.errors import RunError, UsageError, did_you_mean
from counterscore.run_folder import RECORD, holds_run, runs_in

if TYPE_CHECKING:
    from counterscore.regime.model import Regime

LATEST = "latest"


def is_file(text: str) -> bool:
    """True where an argument is meant as a file, whether or not it exists."""
    return text.endswith((".yaml", ".yml")) or "/" in text or "\\" in text or Path(text).is_file()


def find_regime(text: str, reforms: tuple[str, ...] = ()) -> Regime:
    """The regime an argument names, with reforms applied to it and to what it stacks."""
    from counterscore.catalog import load_regime, read_regime

    return read_regime(Path(text), with_=reforms) if is_file(text) else load_regime(text, with_=reforms)


def parse_months(text: int | str) -> int:
    """A length of time on the command line: ``36``, ``36m`` or ``3y``, from 1 month to a hundred years."""
    found = months_of(text)
    if not 1 <= found <= MOST_MONTHS:
        raise UsageError(
            f"a run has 1 to {MOST_MONTHS:,} months, found {text}", suggestion="Write for example 36 or 3y."
        )
    return found


def parse_residents(text: int | str) -> int:
    """A number of residents on the command line: ``20000``, ``20,000`` or ``20k``."""
    found = count_of(text)
    if found < 1:
        raise UsageError(f"a city has at least 1 resident, found {text}", suggestion="Write for example 20000 or 20k.")
    return found


Months = Annotated[int, typer.Option("--months", metavar="LENGTH", parser=parse_months, help="Length: 36, or 3y.")]
Residents = Annotated[
    int | None,
    typer.Option("--residents", metavar="N", parser=parse_residents, help="Residents, in proportion to the city."),
]
With = Annotated[list[str] | None, typer.Option("--with", metavar="REFORM,...", help="Reforms applied to the regime.")]
Seed = Annotated[int, typer.Option("--seed", metavar="N", min=0, help="Random seed.")]
Replicates = Annotated[int, typer.Option("--replicates", metavar="N", min=1, max=9999, help="Number of replicates.")]
Threads = Annotated[
    int | None,
    typer.Option("--threads", metavar="N", min=1, help="Processors; all by default. Never changes a result."),
]
Override = Annotated[
    list[str] | None, typer.Option("--set", metavar="PATH=VALUE", help="Override an assumption; may be repeated.")
]
Start = Annotated[str, typer.Option("--start", metavar="YYYY-MM", help="The first month.")]
Yes = Annotated[bool, typer.Option("--yes", help="Skip confirmation.")]
World = Annotated[str, typer.Option("--world", metavar="WORLD", help="A world of the run; the first by default.")]


def is_reform(text: str) -> bool:
    """True where an argument names a reform: an id of the catalogue, or a file that says so."""
    from counterscore.catalog import reform_ids

    if text in reform_ids():
        return True
    try:
        return (
            is_file(text)
            and re.search(r"^kind:\s*reform\b", Path(text).read_text(encoding="utf-8"), re.MULTILINE) is not None
        )
    except (OSError, ValueError):
        return False


def split_ids(texts: list[str] | None) -> tuple[str, ...]:
    """``["a,b", "c"]`` → ``("a", "b", "c")``: an option may be repeated or hold a list."""
    return tuple(part.strip() for text in texts or () for part in text.split(",") if part.strip())


def run_folders() -> list[Path]:
    """The runs kept in the runs folder, newest first."""
    return runs_in(Path(RUNS))


def find_run(text: str) -> Path:
    """The folder of a run: a path, a name within ``runs/``, or ``latest``."""
    if holds_run(Path(text)):
        return Path(text)
    kept = run_folders()
    name = text.removeprefix(f"{RUNS}/").rstrip("/")
    if name == LATEST and kept:
        return kept[0]
    for folder in kept:
        if folder.name == name:
            return folder
    if Path(text).is_dir():
        raise RunError(
            f"{text} holds no run: there is no {RECORD} in it",
            suggestion=f"A run that was stopped before it had one is begun again: counterscore run REGIME --out {shlex.quote(text)}",
        )
    if not kept:
        raise UsageError(f'no run is called "{text}"', suggestion="There is none yet: counterscore run")
    close = did_you_mean(name, [LATEST, *(folder.name for folder in kept)])
    if close == LATEST:
        close = f"{LATEST} ({kept[0].name})"
    hint = f"Did you mean {close}?  " if close else ""
    raise UsageError(f'no run is called "{text}"', suggestion=f"{hint}All: counterscore list runs")


def is_run(text: str) -> bool:
    """True where an argument names a run that exists: a folder, a name within ``runs/``, or ``latest``."""
    name = text.removeprefix(f"{RUNS}/").rstrip("/")
    return text == LATEST or holds_run(Path(text)) or name in {folder.name for folder in run_folders()}


def find_city(text: str) -> str:
    """The id of a city that exists."""
    from counterscore.catalog import city_ids

    known = city_ids()
    if text in known:
        return text
    close = did_you_mean(text, known)
    hint = f"Did you mean {close}?  " if close else ""
    raise UsageError(f'no city is called "{text}"', suggestion=f"{hint}All: counterscore list cities")
