"""A run that is asked for: where it goes, what it takes, and how it is carried out."""

from __future__ import annotations

import os
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from counterscore import machine
from counterscore.cli import settings
from counterscore.cli.progress import Mode, Progress
from counterscore.cli.screen import Screen, is_terminal, mib_in_words
from counterscore.errors import StoppedError, UsageError
from counterscore.provenance import portable_command
from counterscore.run_folder import holds_run

if TYPE_CHECKING:
    from counterscore.results import Run
    from counterscore.specification import RunSpec


@dataclass(frozen=True)
class Order:
    """A run that is asked for: what it is (``spec``), and how and where it is carried out."""

    spec: RunSpec
    out: Path | None = None
    threads: int | None = None
    resume: bool = False
    on: str | None = None


def unused_folder(folder: Path) -> Path:
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
    kept = unused_folder(folder)
    screen.note(f"The same run is already in {folder}; this one goes to {kept}.")
    return kept


def cost_of(order: Order) -> Any:
    """What a run would take: time, memory and disk."""
    from counterscore.simulation import estimate, slots_at

    return estimate(order.spec, threads=slots_at(order.on, threads=order.threads), elsewhere=order.on is not None)


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
        say_stopped(out, order.spec.replays, screen)
        raise  # unreachable: say_stopped ends the command; kept for the type checker


def say_stopped(out: Path, replays: int, screen: Screen) -> None:
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
    screen.next(f"counterscore run --resume {in_shell(out)}", f"counterscore numbers {in_shell(out)}")
    raise typer.Exit(StoppedError.exit_code)


def in_shell(out: Path) -> str:
    """A folder as one types it in a shell."""
    return shlex.quote(str(out))
