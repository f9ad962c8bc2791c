"""Commands that read: list, show, copy and month."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from counterscore.cli.app import command
from counterscore.cli.places import LATEST, find_regime, find_run, is_file, run_folders
from counterscore.cli.screen import Json, NoColor, Quiet, Screen, thousands
from counterscore.cli.shelves import AFTER, SHELVES
from counterscore.errors import UsageError, did_you_mean, shell_word
from counterscore.files import write_for_hand

_TITLES = {"replays": "replicates"}  #: headings of columns that are called otherwise in JSON


@command("list")
def list_(
    what: Annotated[str, typer.Argument(help=" | ".join(SHELVES), metavar="WHAT")] = "",
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """List what there is: regimes, reforms, cities, measures, runs and more.

    counterscore list regimes         the rule books that come with it
    counterscore list assumptions     every assumption with range and source
    counterscore list runs            the runs in ./runs, newest first
    """
    screen = Screen(json, quiet, no_color)
    if not what:
        raise UsageError("say what to list", suggestion=f"Lists: {', '.join(SHELVES)}.")
    if what not in SHELVES:
        close = did_you_mean(what, SHELVES)
        hint = f"Did you mean {close}?  " if close else ""
        raise UsageError(f'there is no list of "{what}"', suggestion=f"{hint}Lists: {', '.join(SHELVES)}")
    rows = SHELVES[what]()
    if json:
        return screen.data({what: rows})
    if not rows:
        return screen.note("There is none yet.  Make one: counterscore run")
    headings = list(dict.fromkeys(key for row in rows for key in row))
    numeric = [i for i, key in enumerate(headings) if any(_is_number(row.get(key)) for row in rows)]
    titles = [_TITLES.get(one, one) for one in headings]
    screen.table(titles, [[_cell(row.get(key)) for key in headings] for row in rows], right=numeric)
    screen.next(AFTER[what])


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else ""
        case int():
            return thousands(value)
        case float():
            return f"{value:g}"
    return str(value)


@command("show")
def show(
    what: Annotated[
        str, typer.Argument(metavar="WHAT", help="A regime or reform (id or file), a city, a run, or assumptions.")
    ] = "",
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Read a regime, a city or a run, with the source of every number.

    counterscore show suining-2010    each rule, its source and kind of source
    counterscore show beijing         published counts and how well they fit
    counterscore show latest          what was run, with what, how long it took
    counterscore show assumptions     what the model assumes, with ranges
    """
    from counterscore.catalog import city_ids, reform_ids, regime_ids
    from counterscore.cli.shown import show_assumptions, show_city, show_reform, show_regime, show_run

    screen = Screen(json, quiet, no_color)
    if not what:
        raise UsageError(
            "say what to show: a regime, a reform, a city, a run, or assumptions",
            suggestion="Write for example: counterscore show suining-2010, or counterscore show latest",
        )
    if what == "assumptions":
        return show_assumptions(screen)
    if what in city_ids():
        return show_city(what, screen)
    if what in reform_ids():
        return show_reform(what, screen)
    if what in regime_ids() or (is_file(what) and Path(what).suffix in {".yaml", ".yml"}):
        return show_regime(what, find_regime(what), screen)
    if what == LATEST or Path(what).is_dir() or what in {folder.name for folder in run_folders()}:
        return show_run(find_run(what), screen)
    known = [*regime_ids(), *reform_ids(), *city_ids(), "assumptions", LATEST]
    close = did_you_mean(what, known)
    hint = f"Did you mean {close}?  " if close else ""
    raise UsageError(
        f'nothing is called "{what}"',
        suggestion=f"{hint}All: counterscore list regimes, reforms, cities or runs",
    )


@command("copy")
def copy(
    preset: Annotated[str, typer.Argument(metavar="PRESET", help="A regime that comes with counterscore.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The new file; an existing one is never replaced.")],
    new_id: Annotated[
        str, typer.Option("--id", metavar="ID", help="The id of your rule book; made from FILE's name by default.")
    ] = "",
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Start your own rule book from one that exists.

    counterscore copy suining-2010 mine.yaml
    counterscore check mine.yaml
    counterscore run mine.yaml --also suining-2010

    The copy has an id of its own, so that both can be run side by side; until it is
    changed, all that they do is the same.
    """
    from counterscore.catalog import load_regime, own_copy

    screen = Screen(json, quiet, no_color)
    load_regime(preset)  # an unknown id is told with a suggestion
    text = own_copy(preset, file, new_id)
    write_for_hand(file, text)
    id_ = next(line.removeprefix("id: ") for line in text.splitlines() if line.startswith("id: "))
    if json:
        return screen.data({"copied": preset, "file": str(file), "id": id_})
    screen.line(f"Copied {preset} to {file}, as {id_}")
    screen.next(f"counterscore check {shell_word(file)}", f"counterscore diff {shell_word(preset)} {shell_word(file)}")


@command("month")
def month(json: Json = False, quiet: Quiet = False, no_color: NoColor = False) -> None:
    """Print the steps of one month in their order, with what each reads and writes.

    counterscore month
    counterscore month --json
    """
    from counterscore.engine import FIRM_STEPS, month_order

    screen = Screen(json, quiet, no_color)
    steps = month_order()
    if json:
        return screen.data({"steps": [asdict(step) for step in steps]})
    screen.line("Every month, every resident, in this order:")
    for step in steps:
        screen.line()
        screen.heading(f"{step.number}. {step.title}")
        screen.paragraph(step.claim, indent=3)
        for name, items in (("reads", step.reads), ("writes", step.writes), ("assumes", step.assumptions)):
            if items:
                screen.paragraph(f"{name:<8} {', '.join(items)}", indent=3)
    screen.line()
    screen.line("Firms, where a rule book is about them, take the same steps between 6 and 7, with these differences:")
    for title, claim in FIRM_STEPS:
        screen.line()
        screen.heading(title)
        screen.paragraph(claim, indent=3)
    screen.next("counterscore list assumptions", "counterscore method latest")
