"""A run in words: what is asked for, what it would take, and what came out."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterscore.cli.named import last_month
from counterscore.cli.orders import Order, cost_of, out_folder
from counterscore.cli.screen import Screen, mib_in_words, plural, seconds_in_words, thousands
from counterscore.regime import words

if TYPE_CHECKING:
    from counterscore.results import Run
    from counterscore.specification import RunSpec


def say_first(spec: RunSpec, twice: tuple[str, ...], screen: Screen) -> None:
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
            if said := words.outside_time_in_force(one, first, last_month(spec.start, spec.months)):
                screen.note(said)
    for row in spec.assumptions.outside():
        low, high = (f"{end:g}" if end is not None else "?" for end in (row.low, row.high))
        screen.note(f"Warning: {row.path} = {row.value:g} lies outside its stated range, {low} to {high} ({row.unit}).")


def announce(spec: RunSpec, screen: Screen) -> None:
    """What is run, where, when, and compared with what."""
    for world in (spec.regime, *spec.also):
        numbers = [number for one in world.stacked() for number in one.numbers()]
        with_ = f" with {', '.join(world.reforms)}" if world.reforms else ""
        screen.line(f"{world.title}{with_}   ({words.contents(world)}; {words.tally_in_words(numbers)})")
    baseline = f"Compared with: {spec.base.title}." if spec.base else "Nothing is compared: this is the baseline."
    screen.line(
        f"{spec.city.title}: {thousands(spec.city.residents)} synthetic residents, "
        f"{spec.start} to {last_month(spec.start, spec.months)}, {plural(spec.replays, 'replicate')}.  {baseline}"
    )
    given = [f"{row.path} = {row.value:g}" for row in spec.assumptions.rows if row.given]
    given += [f"{name} off" for name, on in (("responses", spec.responses), ("errors", spec.errors)) if not on]
    if given:
        screen.line(f"Changed assumptions: {'; '.join(given)}.")


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


def say_plan(orders: list[Order], screen: Screen) -> None:
    """What would be run, where it would go and what it would take; for JSON a list where there are several."""
    plans = [(order, cost_of(order), out_folder(order, screen)) for order in orders]
    if screen.json:
        told = [_plan_as_data(order.spec, cost, out) for order, cost, out in plans]
        return screen.data(told[0] if len(told) == 1 else told)
    for order, cost, out in plans:
        announce(order.spec, screen)
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


def say_result(found: Run, out: Path, screen: Screen) -> None:
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
