"""``run`` and ``demo``: one or more worlds over one city, from arguments to a run folder and its answer."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from counterscore.cli import settings
from counterscore.cli.app import command
from counterscore.cli.named import (
    adopted_in,
    assumptions_of,
    baseline_of,
    city_of,
    enough_residents,
    other_world,
    sample_of,
)
from counterscore.cli.orders import Order, carry_out, confirm, cost_of, in_shell, out_folder, say_stopped, unused_folder
from counterscore.cli.places import (
    Months,
    Override,
    Replicates,
    Residents,
    Seed,
    Start,
    Threads,
    With,
    Yes,
    find_regime,
    find_run,
    is_file,
    split_ids,
)
from counterscore.cli.progress import Mode, Progress, Shown, preparing
from counterscore.cli.resume import refuse_other_inputs
from counterscore.cli.run_words import announce, cost_in_words, say_first, say_plan, say_result
from counterscore.cli.screen import Json, NoColor, Quiet, Screen
from counterscore.cli.shocks import with_shocks
from counterscore.errors import StoppedError, UsageError
from counterscore.run_folder import holds_run

if TYPE_CHECKING:
    from counterscore.results import Run


OnOff = Literal["on", "off"]


@command("run")
def run(
    context: typer.Context,
    regime: Annotated[
        str,
        typer.Argument(
            metavar="REGIME", help="A regime (id or file); with --resume also a run or latest.", show_default=False
        ),
    ] = "",
    also: Annotated[
        list[str] | None,
        typer.Option("--also", metavar="REGIME|REFORM", help="One more world; may be repeated."),
    ] = None,
    with_: With = None,
    base: Annotated[
        str, typer.Option("--base", metavar="none|REGIME", help="The world that differences are taken from.")
    ] = settings.BASE,
    city: Annotated[
        list[str] | None,
        typer.Option("--city", metavar="CITY", help="A city, beijing by default; several are set side by side."),
    ] = None,
    residents: Residents = None,
    enough_for: Annotated[
        str,
        typer.Option("--enough-for", metavar="ATTRIBUTE[=GROUP,...]", help="Residents enough to compare these groups."),
    ] = "",
    months: Months = settings.MONTHS,
    start: Start = settings.START,
    from_: Annotated[
        str,
        typer.Option("--from", metavar="YYYY-MM", help="The month in which the city adopts the regime."),
    ] = "",
    replays: Replicates = settings.REPLAYS,
    seed: Seed = settings.SEED,
    threads: Threads = None,
    on: Annotated[
        str | None,
        typer.Option(
            "--on",
            metavar="dask[://HOST:PORT]",
            help="Workers of a Dask cluster that live the run, with the same results.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="The run folder; runs/<regime>.<city>.<digest> by default."),
    ] = None,
    set_: Override = None,
    assumptions: Annotated[
        Path | None,
        typer.Option("--assumptions", metavar="FILE", help="A file of assumptions, such as mirror assumptions writes."),
    ] = None,
    shock: Annotated[
        list[str] | None,
        typer.Option("--shock", metavar="glitch=N[:COMPONENT]", help="A platform glitch in month N of the run."),
    ] = None,
    responses: Annotated[OnOff, typer.Option("--responses", help="Whether residents respond to the regime.")] = "on",
    errors: Annotated[OnOff, typer.Option("--errors", help="Whether records can be wrong.")] = "on",
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a run that was stopped, or add replicates.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be run, and stop.")] = False,
    progress: Shown = "auto",
    yes: Yes = False,
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Simulate a city under a regime and compare its outcomes with a baseline.

      counterscore run                              a first answer, half a minute
      counterscore run rongcheng-2013 --city demo --months 24 --seed 7
      counterscore run mine.yaml --also suining-2010 --also expiry-24mo
      counterscore run beijing-points --with appeals-60d,notice --replicates 40
      counterscore run beijing-points --set errors.untrue=0.002 --responses off
      counterscore run weihai-2018 --from 2019-06    adopted in mid-run
      counterscore run beijing-points --residents 1000000 --dry-run
      counterscore run beijing-points --enough-for occupation=journalist,lawyer
      counterscore run rongcheng-2013 --city beijing --city county
      counterscore run --resume latest
      counterscore run --resume latest --replicates 40    adds to those there are
      counterscore run court-defaulters --city china-2020 --on dask://10.0.0.5:8786

    --shock glitch=6 shows one component of every score as empty in month 6 (months
    count from 0), as observed on a firm-rating platform; glitch=6:penalties names
    the component.
    --also takes a regime, or reforms of the regime that is run. All worlds share
    their residents and their random numbers. Every difference names its baseline
    (--base).
    With --from the city lives as the baseline until it adopts the regime.
    """
    from counterscore.specification import RunSpec, distinct_worlds

    screen = Screen(json, quiet, no_color)
    _check_address(on)
    for option, month in (("--start", start), ("--from", from_ or start)):
        if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
            raise UsageError(f'{option} must be a month, found "{month}"', suggestion="Write for example 2018-01.")
        if int(month[:4]) < settings.FIRST_YEAR:
            raise UsageError(f"{option} is from {settings.FIRST_YEAR}-01 on, found {month}")
    if resume and regime and not out and (_names_run(regime) or Path(regime).is_dir()):
        folder = find_run(regime)
        refuse_other_inputs(folder, _given(context))
        wanted = replays if "replays" in _given(context) else None
        preparing(progress, screen, replays)
        return _resume(folder, wanted, threads, on, progress, screen)
    if not dry_run:
        preparing(progress, screen, replays)
    named = regime or settings.QUICK.regime
    places = city or [settings.CITY]
    if enough_for and residents is not None:
        raise UsageError("--enough-for and --residents both say how many live there", suggestion="Give one of them.")
    size = partial(enough_residents, wish=enough_for, seed=seed, screen=screen) if enough_for else sample_of
    cities = [city_of(one, residents if residents is not None else size(one), seed) for one in places]
    reforms = split_ids(with_)
    baseline = baseline_of(base, named, reforms)
    worlds = [find_regime(named, reforms), *(other_world(text, named, reforms) for text in also or ())]
    if from_:
        worlds = [adopted_in(world, from_, baseline, start, months) for world in worlds]
    _, twice = distinct_worlds(worlds[0], worlds[1:], baseline)
    spec = RunSpec.of(
        worlds[0],
        cities[0],
        also=worlds[1:],
        base=baseline,
        assumptions=assumptions_of(set_, assumptions),
        months=months,
        replays=replays,
        seed=seed,
        start=start,
        responses=responses == "on",
        errors=errors == "on",
    )
    if shock:
        spec = replace(spec, assumptions=with_shocks(spec.assumptions, shock, (spec.regime, *spec.also), months))
    say_first(spec, twice, screen)
    order = Order(spec, out, threads, resume, on)
    if len(cities) > 1:
        orders = [replace(order, spec=replace(spec, city=one), out=out / one.id if out else None) for one in cities]
        return _go_to_cities(orders, screen, mode=progress, dry_run=dry_run, yes=yes)
    return _go(order, screen, mode=progress, dry_run=dry_run, yes=yes)


def _check_address(on: str | None) -> None:
    """A wrong address is told before anything is read."""
    if on is not None:
        from counterscore.simulation.clusters import address_of

        address_of(on)


def _given(context: typer.Context) -> dict[str, Any]:
    """The options that were written on the command line, by parameter."""
    return {
        name: value
        for name, value in context.params.items()
        if (source := context.get_parameter_source(name)) is not None and source.name == "COMMANDLINE"
    }


@command("demo")
def demo(
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="The run folder; runs/demo by default.")
    ] = None,
    seed: Seed = settings.SEED,
    progress: Shown = "auto",
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """A small run to see it work: 2,000 residents, two years, ten replicates.

    counterscore demo
    counterscore demo --seed 7 --out runs/second-try
    """
    from counterscore.specification import RunSpec

    preset = settings.DEMO
    preparing(progress, Screen(json, quiet, no_color), preset.replays)
    spec = RunSpec.of(
        find_regime(preset.regime),
        city_of(preset.city, preset.residents, seed),
        base=find_regime(preset.base),
        assumptions=assumptions_of(None),
        months=preset.months,
        replays=preset.replays,
        seed=seed,
    )
    screen = Screen(json, quiet, no_color)
    order = Order(spec, out or unused_folder(Path(settings.RUNS) / "demo"))
    _go(order, screen, mode=progress, dry_run=False, yes=False)


def _names_run(text: str) -> bool:
    """True where the argument of ``run --resume`` is a run and not a regime."""
    from counterscore.catalog import regime_ids

    return (not is_file(text) and text not in regime_ids()) or holds_run(Path(text))


def _go(order: Order, screen: Screen, *, mode: Mode, dry_run: bool, yes: bool) -> None:
    """Announce, estimate, simulate, and say what came out."""
    if dry_run:
        return say_plan([order], screen)
    found = _live(order, screen, mode=mode, yes=yes)
    return say_result(found, found.path, screen)


def _live(order: Order, screen: Screen, *, mode: Mode, yes: bool) -> Run:
    """Announce, estimate and simulate."""
    cost = cost_of(order)
    out = out_folder(order, screen)
    if not screen.json:
        announce(order.spec, screen)
    if cost.seconds > settings.LONG_RUN_SECONDS or cost.memory_mib > settings.LARGE_RUN_MIB:
        screen.note(f"Estimate: {cost_in_words(cost)}.")
    confirm(cost, out, yes, screen)
    if order.spec.replays < settings.FEW_REPLAYS:
        screen.note(
            f"--replicates {order.spec.replays}: averages without ranges.  Ranges need at least {settings.FEW_REPLAYS}."
        )
    return carry_out(order, out, mode, screen)


def _go_to_cities(orders: list[Order], screen: Screen, *, mode: Mode, dry_run: bool, yes: bool) -> None:
    """The same worlds in several cities, a run folder for each, and their numbers side by side."""
    from counterscore.cli.results import show_cities

    if dry_run:
        return say_plan(orders, screen)
    runs = [_live(order, screen, mode=mode, yes=yes) for order in orders]
    if not screen.json:
        screen.line()
    show_cities(runs, screen)
    if not screen.json:
        for run in runs:
            screen.line(f"Saved  {run.path}")
        screen.next(f"counterscore numbers {in_shell(runs[0].path)}")
    return None


def _resume(folder: Path, replays: int | None, threads: int | None, on: str | None, mode: Mode, screen: Screen) -> None:
    """Go on with a run that was stopped, or add replicates to it, from nothing but its record."""
    from counterscore.results import Run
    from counterscore.simulation import again

    stopped = Run(folder, checked=False)  # what is damaged is made again
    many = replays or int(stopped.record["replays"])
    try:
        with Progress(mode, screen, many, folder) as progress:
            found = again(stopped, folder, replays=many, threads=threads, progress=progress, resume=True, on=on)
    except (KeyboardInterrupt, StoppedError):
        return say_stopped(folder, many, screen)
    return say_result(found, folder, screen)
