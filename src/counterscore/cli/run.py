"""``run`` and ``demo``: one or more worlds over one city, from arguments to a run folder and its answer."""

from __future__ import annotations

import os
import re
import shlex
import sys
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from counterscore import machine
from counterscore.cli import settings
from counterscore.cli.app import command
from counterscore.cli.places import (
    Months,
    Residents,
    find_city,
    find_regime,
    find_run,
    is_file,
    is_reform,
    split_ids,
)
from counterscore.cli.progress import Mode, Progress, preparing
from counterscore.cli.resume import refuse_other_inputs
from counterscore.cli.screen import (
    Json,
    NoColor,
    Quiet,
    Screen,
    is_terminal,
    mib_in_words,
    plural,
    seconds_in_words,
    thousands,
)
from counterscore.cli.shocks import with_shocks
from counterscore.errors import StoppedError, UsageError, did_you_mean
from counterscore.provenance import portable_command
from counterscore.regime import words
from counterscore.run_folder import holds_run

if TYPE_CHECKING:
    from counterscore.catalog.assume import Assumptions
    from counterscore.city import City
    from counterscore.regime.model import Regime
    from counterscore.results import Run
    from counterscore.specification import RunSpec

OnOff = Literal["on", "off"]


@dataclass(frozen=True)
class Order:
    """A run that is asked for: what it is (``spec``), and how and where it is carried out."""

    spec: RunSpec
    out: Path | None = None
    threads: int | None = None
    resume: bool = False
    on: str | None = None


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
    with_: Annotated[
        list[str] | None, typer.Option("--with", metavar="REFORM,...", help="Reforms applied to the regime.")
    ] = None,
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
    start: Annotated[str, typer.Option("--start", metavar="YYYY-MM", help="The first month.")] = settings.START,
    from_: Annotated[
        str,
        typer.Option("--from", metavar="YYYY-MM", help="The month in which the city adopts the regime."),
    ] = "",
    replays: Annotated[
        int, typer.Option("--replicates", metavar="N", min=1, max=9999, help="Number of replicates.")
    ] = settings.REPLAYS,
    seed: Annotated[int, typer.Option("--seed", metavar="N", min=0, help="Random seed.")] = settings.SEED,
    threads: Annotated[
        int | None,
        typer.Option("--threads", metavar="N", min=1, help="Processors; all by default. Never changes a result."),
    ] = None,
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
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help="Override an assumption; may be repeated."),
    ] = None,
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
    progress: Annotated[Mode, typer.Option("--progress", help="How progress is shown on stderr.")] = "auto",
    yes: Annotated[bool, typer.Option("--yes", help="Skip confirmation.")] = False,
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
    size = partial(_enough, wish=enough_for, seed=seed, screen=screen) if enough_for else _sample_of
    cities = [city_of(one, residents if residents is not None else size(one), seed) for one in places]
    reforms = split_ids(with_)
    baseline = _baseline(base, named, reforms)
    worlds = [find_regime(named, reforms), *(other_world(text, named, reforms) for text in also or ())]
    if from_:
        worlds = [_adopted(world, from_, baseline, start, months) for world in worlds]
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
    _say_first(spec, twice, screen)
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


def _say_first(spec: RunSpec, twice: tuple[str, ...], screen: Screen) -> None:
    """Say what a plan holds that nobody may have meant: a world ``twice``, months before a rule book was in force, an
    assumption outside its range.
    """
    for name in twice:
        screen.note(
            f"{name} is named twice, with the same rules: it is lived once, and differs from itself by nothing."
        )
    for world in (spec.regime, *spec.also):
        for one in world.stacked():
            first = max(spec.start, one.adopted or spec.start)
            if said := words.outside_time_in_force(one, first, _last_month(spec.start, spec.months)):
                screen.note(said)
    for row in spec.assumptions.outside():
        low, high = (f"{end:g}" if end is not None else "?" for end in (row.low, row.high))
        screen.note(f"Warning: {row.path} = {row.value:g} lies outside its stated range, {low} to {high} ({row.unit}).")


def _sample_of(city: str) -> int | None:
    """Residents where none are asked for: a sample of a large place, all of a small one."""
    from counterscore.catalog import load_city_spec

    whole = int(load_city_spec(find_city(city))["residents"]["value"])
    return settings.RESIDENTS if whole > settings.RESIDENTS else None


def _enough(city: str, *, wish: str, seed: int, screen: Screen) -> int:
    """Residents of a city in which each group of ``ATTRIBUTE[=GROUP,...]`` can be compared; says how many of each."""
    from counterscore.catalog import load_city_spec
    from counterscore.city import residents_for

    name, _, values = wish.partition("=")
    found, counts = residents_for(
        load_city_spec(find_city(city)), name, split_ids([values]), at_least=settings.ENOUGH_OF_A_GROUP, seed=seed
    )
    told = ", ".join(f"{value} {count:,}" for value, count in sorted(counts.items(), key=lambda one: one[1])[:6])
    screen.note(f"{found:,} residents, so that groups of {name} can be compared; the smallest, in adults: {told}.")
    return found


@command("demo")
def demo(
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="The run folder; runs/demo by default.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="N", min=0, help="Random seed.")] = settings.SEED,
    progress: Annotated[Mode, typer.Option("--progress", help="How progress is shown on stderr.")] = "auto",
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
    order = Order(spec, out or _unused(Path(settings.RUNS) / "demo"))
    _go(order, screen, mode=progress, dry_run=False, yes=False)


def _names_run(text: str) -> bool:
    """True where the argument of ``run --resume`` is a run and not a regime."""
    from counterscore.catalog import regime_ids

    return (not is_file(text) and text not in regime_ids()) or holds_run(Path(text))


def other_world(text: str, regime: str, reforms: tuple[str, ...]) -> Regime:
    """What ``--also`` names: a regime, or the regime that is run with further reforms."""
    from counterscore.catalog import reform_ids, regime_ids

    names = split_ids([text])
    if names and all(map(is_reform, names)):
        return find_regime(regime, (*reforms, *names))
    if not is_file(text) and text not in regime_ids():
        close = did_you_mean(text.replace("=", "-"), [*reform_ids(), *regime_ids()])
        hint = f"Did you mean {close}?  " if close else ""
        raise UsageError(
            f'no regime or reform is called "{text}"',
            suggestion=f"{hint}All: counterscore list regimes, counterscore list reforms",
        )
    return find_regime(text)


def _baseline(base: str, regime: str, reforms: tuple[str, ...]) -> Regime | None:
    """The baseline, or None where it would be the very regime that is run."""
    return None if base == regime and not reforms and base == settings.BASE else find_regime(base)


def _adopted(world: Regime, month: str, base: Regime | None, start: str, months: int) -> Regime:
    """A world that comes into force in ``month``, which must lie within the run."""
    from counterscore.catalog import adopted_from

    if not start < month <= _last_month(start, months):
        raise UsageError(
            f"--from {month} is not after the first month of the run and within it ({start} to {_last_month(start, months)})",
            suggestion="Choose a month between them, or leave --from out.",
        )
    return adopted_from(world, month, base=base)


def city_of(city: str, residents: int | None, seed: int) -> City:
    """The synthetic residents that --city and --residents name."""
    from counterscore.catalog import load_city_spec
    from counterscore.city import synthesize

    spec = load_city_spec(find_city(city))
    whole = int(spec["residents"]["value"])
    if residents is not None and residents > whole:
        raise UsageError(
            f"--residents {residents:,} is more than {spec['title']} has ({whole:,})",
            suggestion="A proportional city is at most as large as the place.",
        )
    return synthesize(spec, residents=residents, seed=seed)


def assumptions_of(overrides: list[str] | None, file: Path | None = None) -> Assumptions:
    """The model's assumptions, with those of a file and then those of --set in place."""
    from counterscore.catalog import load_assumptions

    found = load_assumptions() if file is None else load_assumptions().with_file(file)
    for text in overrides or ():
        found = found.with_set(text)
    return found


def _unused(folder: Path) -> Path:
    """``folder``, or the first of ``folder-2``, ``folder-3``, … that does not exist: runs are never replaced."""
    free, number = folder, 2
    while os.path.lexists(free):
        free = folder.with_name(f"{folder.name}-{number}")
        number += 1
    return free


def out_folder(order: Order, screen: Screen) -> Path:
    """Where a run goes: --out, or a folder of its own that holds no other run."""
    if order.out is not None:
        return order.out
    spec = order.spec
    folder = Path(settings.RUNS) / f"{spec.regime.id}.{spec.city.id}.{spec.digest()}"
    if order.resume or not os.path.lexists(folder):
        return folder
    kept = _unused(folder)
    screen.note(f"The same run is already in {folder}; this one goes to {kept}.")
    return kept


def _go(order: Order, screen: Screen, *, mode: Mode, dry_run: bool, yes: bool) -> None:
    """Announce, estimate, simulate, and say what came out."""
    if dry_run:
        return _say_plan([order], screen)
    found = _live(order, screen, mode=mode, yes=yes)
    return _say_result(found, found.path, screen)


def _live(order: Order, screen: Screen, *, mode: Mode, yes: bool) -> Run:
    """Announce, estimate and simulate."""
    cost = _cost_of(order)
    out = out_folder(order, screen)
    if not screen.json:
        _announce(order.spec, screen)
    if cost.seconds > settings.LONG_RUN_SECONDS or cost.memory_mib > settings.LARGE_RUN_MIB:
        screen.note(f"Estimate: {cost_in_words(cost)}.")
    confirm(cost, out, yes, screen)
    if order.spec.replays < settings.FEW_REPLAYS:
        screen.note(
            f"--replicates {order.spec.replays}: averages without ranges.  Ranges need at least {settings.FEW_REPLAYS}."
        )
    return carry_out(order, out, mode, screen)


def _cost_of(order: Order) -> Any:
    from counterscore.simulation import estimate, slots_at

    return estimate(order.spec, threads=slots_at(order.on, threads=order.threads), elsewhere=order.on is not None)


def _go_to_cities(orders: list[Order], screen: Screen, *, mode: Mode, dry_run: bool, yes: bool) -> None:
    """The same worlds in several cities, a run folder for each, and their numbers side by side."""
    from counterscore.cli.results import show_cities

    if dry_run:
        return _say_plan(orders, screen)
    runs = [_live(order, screen, mode=mode, yes=yes) for order in orders]
    if not screen.json:
        screen.line()
    show_cities(runs, screen)
    if not screen.json:
        for run in runs:
            screen.line(f"Saved  {run.path}")
        screen.next(f"counterscore numbers {_shown(runs[0].path)}")
    return None


def confirm(cost: Any, out: Path, yes: bool, screen: Screen) -> None:
    """Ask before a run that does not fit into memory or on the disk; refuse where nobody can answer."""
    memory, disk = machine.memory_available_mib(), machine.disk_free_mib(out)
    if memory is not None and cost.memory_mib > memory:
        lacking = f"needs about {mib_in_words(cost.memory_mib)} of memory, {mib_in_words(memory)} are free"
    elif disk is not None and cost.disk_mib > disk:
        lacking = f"needs about {mib_in_words(cost.disk_mib)} of disk, {mib_in_words(disk)} are free"
    else:
        return
    if yes:
        screen.note(f"Going on although this run {lacking}.")
        return
    if sys.stdin.isatty() and is_terminal(sys.stderr):
        if typer.confirm(f"This run {lacking}. Go on?", err=True):
            return
        raise typer.Exit(2)
    raise UsageError(f"this run {lacking}", suggestion="Use fewer --residents or --threads, or add --yes.")


def carry_out(order: Order, out: Path, mode: Mode, screen: Screen) -> Run:
    """Simulate with progress; Ctrl-C keeps what is finished and ends the command."""
    from counterscore.engine import is_compiled, warm_up
    from counterscore.simulation import execute

    if order.on is None and not is_compiled():
        screen.note("Compiling the engine for this machine, once: about half a minute.")
        warm_up()
    try:
        with Progress(mode, screen, order.spec.replays, out) as progress:
            return execute(
                order.spec,
                out,
                threads=order.threads,
                progress=progress,
                resume=order.resume,
                command=portable_command(["counterscore", *sys.argv[1:]]),
                on=order.on,
            )
    except (KeyboardInterrupt, StoppedError):
        _stopped(out, order.spec.replays, screen)
        raise  # unreachable: _stopped ends the command; kept for the type checker


def _stopped(out: Path, replays: int, screen: Screen) -> None:
    """Say what is kept after Ctrl-C and end with 6, or with 130 where nothing is."""
    from counterscore.results import Run

    kept = 0
    if holds_run(out):
        run = Run(out, checked=False)
        kept = sum(all((world, replay) in run.finished for world in run.worlds) for replay in range(replays))
    if not kept:
        screen.warn("Stopped, nothing kept.")
        raise typer.Exit(130)
    if screen.json:
        screen.data({"run": str(out), "stopped": True, "replays_done": kept, "replays": replays})
    screen.warn(f"Stopped.  {kept} of {replays} replicates are kept in {out}")
    screen.next(f"counterscore run --resume {_shown(out)}", f"counterscore numbers {_shown(out)}")
    raise typer.Exit(StoppedError.exit_code)


def _shown(out: Path) -> str:
    return shlex.quote(str(out))


def _announce(spec: RunSpec, screen: Screen) -> None:
    """What is run, where, when, and compared with what."""
    for world in (spec.regime, *spec.also):
        numbers = [number for one in world.stacked() for number in one.numbers()]
        with_ = f" with {', '.join(world.reforms)}" if world.reforms else ""
        screen.line(f"{world.title}{with_}   ({words.contents(world)}; {words.tally_in_words(numbers)})")
    baseline = f"Compared with: {spec.base.title}." if spec.base else "Nothing is compared: this is the baseline."
    screen.line(
        f"{spec.city.title}: {thousands(spec.city.residents)} synthetic residents, "
        f"{spec.start} to {_last_month(spec.start, spec.months)}, {plural(spec.replays, 'replicate')}.  {baseline}"
    )
    given = [f"{row.path} = {row.value:g}" for row in spec.assumptions.rows if row.given]
    given += [f"{name} off" for name, on in (("responses", spec.responses), ("errors", spec.errors)) if not on]
    if given:
        screen.line(f"Changed assumptions: {'; '.join(given)}.")


def _last_month(start: str, months: int) -> str:
    year, month = map(int, start.split("-"))
    last = year * 12 + month - 1 + months - 1
    return f"{last // 12:04d}-{last % 12 + 1:02d}"


def cost_in_words(cost: Any) -> str:
    """An estimate as ``about 40 s, 310 MB of memory, 2 MB on disk``."""
    told = (
        f"about {seconds_in_words(cost.seconds)}, {mib_in_words(cost.memory_mib)} of memory, "
        f"{mib_in_words(cost.disk_mib)} on disk"
    )
    if cost.worker_memory_mib:
        told += f"; elsewhere {plural(cost.threads, 'errand')} at once, {mib_in_words(cost.worker_memory_mib)} of memory each"
        told += f", {mib_in_words(cost.workers_disk_mib)} of disk in all" if cost.workers_disk_mib else ", no disk"
    return told


def _say_plan(orders: list[Order], screen: Screen) -> None:
    """What would be run, where it would go and what it would take; for JSON a list where there are several."""
    plans = [(order, _cost_of(order), out_folder(order, screen)) for order in orders]
    if screen.json:
        told = [_plan_as_data(order.spec, cost, out) for order, cost, out in plans]
        return screen.data(told[0] if len(told) == 1 else told)
    for order, cost, out in plans:
        _announce(order.spec, screen)
        screen.line(f"Would go to {out}")
        screen.line(f"Estimate: {cost_in_words(cost)}.")
    return screen.line("Nothing was run.")


def _plan_as_data(spec: RunSpec, cost: Any, out: Path) -> dict[str, Any]:
    return {
        "dry_run": True,
        "worlds": [world.id for world in (spec.regime, *spec.also)],
        "baseline": spec.base.id if spec.base else None,
        "city": spec.city.id,
        "residents": spec.city.residents,
        "months": spec.months,
        "start": spec.start,
        "replays": spec.replays,
        "seed": spec.seed,
        "out": str(out),
        "estimate": asdict(cost),
    }


def _say_result(found: Run, out: Path, screen: Screen) -> None:
    """Six rows a world, a sentence for each finding, what to read with care, and what to do next."""
    from counterscore import headlines, paired
    from counterscore.cli.results import show_headlines

    if screen.json:
        rows = [row.as_json() for world in headlines.told_worlds(found) for row in headlines.rows(found, world)]
        return screen.data(
            paired.numbers(found) | {"headlines": rows, "prose": headlines.prose(found), "out": str(out)}
        )
    screen.line()
    show_headlines(found, screen, findings=True)
    screen.paragraph(
        "Residents and random numbers are the same in all worlds; ranges cover chance between replicates, not the assumptions."
    )
    for sentence in headlines.cautions(found):
        screen.paragraph(sentence)
    screen.line()
    screen.line(f"Saved  {out}")
    if said := _lived_elsewhere(found):
        screen.paragraph(said)
    screen.next(*headlines.next_steps(found))
    return None


def _lived_elsewhere(run: Run) -> str:
    """Who lived the run, where that was not this process."""
    took = run.resources
    if "workers" not in took:
        return ""
    again = f", {took['given_out_again']} given out again" if took["given_out_again"] else ""
    return (
        f"Lived by {plural(took['workers'], 'worker')} of {took['on']}: {plural(took['errands'], 'errand')}{again}; "
        f"{mib_in_words(took['bytes_from_workers'] / 2**20)} came back."
    )


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
        return _stopped(folder, many, screen)
    return _say_result(found, folder, screen)
