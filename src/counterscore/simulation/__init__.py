"""How months become a run. Read ``execute`` first.

specification ──plans──▶ here (threads) or spread (workers elsewhere) ──▶ tables ──▶ run folder
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from counterscore.amounts import months_of
from counterscore.city import City
from counterscore.engine import engine_digest, warm_up
from counterscore.engine.plan import Plans, plans_of
from counterscore.engine.succession import demography_of
from counterscore.errors import StoppedError, UsageError
from counterscore.provenance import run_record
from counterscore.regime.model import Regime
from counterscore.results import Run, RunWriter
from counterscore.simulation.clusters import Workers, slots_at, workers_at
from counterscore.simulation.course import Course, Progress
from counterscore.simulation.estimate import Estimate, estimate, is_larger_than_memory, usable_threads
from counterscore.simulation.here import live_here
from counterscore.simulation.spread import live_elsewhere
from counterscore.simulation.tables import firms_of, residents_of
from counterscore.specification import MOST_MONTHS, RunSpec

__all__ = ["Estimate", "Progress", "again", "estimate", "execute", "simulate", "slots_at"]


def simulate(
    regime: Regime,
    city: City,
    *,
    months: int | str,
    replays: int = 1,
    seed: int = 0,
    also: Sequence[Regime] = (),
    base: Regime | None = None,
    assumptions: Any = None,
    threads: int | None = None,
    out: str | Path,
    responses: bool = True,
    errors: bool = True,
    progress: Progress | None = None,
    resume: bool = False,
    start: str = "2018-01",
    command: str = "",
    memory_mib: float | None = None,
    on: Any = None,
) -> Run:
    """Let ``city`` live under ``regime`` (and ``also``, and ``base``) and leave the run in folder ``out``.

    ``months`` 1 … 1200, also as ``"3y"``, ``replays`` at least 1, ``seed`` any whole number. Every world lives the
    same city with the same luck. ``base`` is the world that differences are taken from. The other arguments are those of
    ``execute``. Raises ``UsageError`` for settings out of range or of another kind and for two rule books with one
    id, and what ``execute`` raises.
    """
    length = months_of(months)
    if not 1 <= length <= MOST_MONTHS:
        raise UsageError(f"months must be 1 to {MOST_MONTHS}, found {months}")
    if isinstance(replays, bool) or not isinstance(replays, int) or replays < 1:
        raise UsageError(f"replays must be a whole number of at least 1, found {replays!r}")
    for name, one in (("regime", regime), *(("also", other) for other in also), *((("base", base),) if base else ())):
        if not isinstance(one, Regime):
            raise UsageError(
                f"{name} must be a Regime, found {type(one).__name__} {one!r}"[:160],
                suggestion='Write load_regime("beijing-points"), or read_regime("mine.yaml").',
            )
    if not isinstance(city, City):
        raise UsageError(
            f"city must be a City, found {type(city).__name__} {city!r}"[:160],
            suggestion='Write synthesize("beijing", residents=20_000, seed=1).',
        )
    spec = RunSpec.of(
        regime,
        city,
        also=also,
        base=base,
        assumptions=assumptions,
        months=length,
        replays=replays,
        seed=seed,
        start=start,
        responses=responses,
        errors=errors,
    )
    return execute(
        spec, out, threads=threads, progress=progress, resume=resume, command=command, memory_mib=memory_mib, on=on
    )


def execute(
    spec: RunSpec,
    out: str | Path,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
    resume: bool = False,
    command: str = "",
    memory_mib: float | None = None,
    on: Any = None,
) -> Run:
    """Carry out a run and leave it in folder ``out``.

    ``resume`` goes on with the units that ``out`` does not hold yet, with identical bits. A city whose residents would
    take more than ``memory_mib`` (by default half of what is free) passes through memory subdistrict by subdistrict and
    stays in ``out`` between years, with identical bits.

    ``on`` has the run lived elsewhere, with identical bits: by workers of a Dask scheduler (``"dask://HOST:PORT"``, or a
    ``distributed.Client``), of this machine (``"dask"``), or by anything that has ``submit`` as
    ``concurrent.futures.Executor`` has it.

    Raises ``InputError`` where the regimes do not fit the engine, ``RunError`` where the folder cannot be written or nobody
    is left who lives the run, ``UsageError`` where ``on`` names nobody, ``StoppedError`` on Ctrl-C when finished replays
    are kept.
    """
    if on is None:
        return _carry_out(spec, Path(out), None, threads or usable_threads(), progress, resume, command, memory_mib)
    with workers_at(on, threads=threads or usable_threads()) as workers:
        return _carry_out(spec, Path(out), workers, workers.slots(), progress, resume, command, memory_mib)


def _carry_out(
    spec: RunSpec,
    out: Path,
    workers: Workers | None,
    threads: int,
    progress: Progress | None,
    resume: bool,
    command: str,
    memory_mib: float | None,
) -> Run:
    plans = {world: plans_of(spec, world) for world in spec.worlds}
    record = run_record(spec, engine=engine_digest(), threads=threads, command=command)
    began = time.monotonic()
    with RunWriter(out, record, resume=resume) as writer:
        course = Course(spec, plans, writer, progress)
        told: dict[str, Any] = {}
        try:
            if workers is not None:
                told = {"on": workers.name, **asdict(live_elsewhere(spec, plans, course, writer, workers))}
            else:
                warm_up()
                large = is_larger_than_memory(plans.values(), spec.city, spec.months, memory_mib)
                _write_roster(spec, next(iter(plans.values())), writer)
                live_here(spec, plans, course, threads, writer.aside() if large else None)
                told = {"larger_than_memory": large}
        except OSError as error:  # those who stay on disk between years found no room there
            raise writer.stopped(error) from None
        except KeyboardInterrupt:
            if not writer.finished():
                raise
            raise StoppedError(
                f"stopped after {len(writer.finished())} of {len(spec.worlds) * int(writer.record['replays'])} units; "
                "these are kept",
                suggestion=f"Go on with: counterscore run --resume {writer.out}",
            ) from None
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        writer.finish(
            {
                "threads": threads,
                "seconds": round(time.monotonic() - began, 3),
                "peak_memory_mib": round(peak / (2**20 if sys.platform == "darwin" else 2**10), 1),
                **told,
                "resident_months": len(course.todo) * spec.city.residents * spec.months,
            }
        )
    return Run(out)


def _write_roster(spec: RunSpec, plans: Plans, writer: RunWriter) -> None:
    """Write who lives in the city: it is the same in every world."""
    places = range(len(spec.city.subdistricts))
    demography = demography_of(plans.residents)
    writer.write_residents(residents_of(spec.city, k, demography, spec.months) for k in places)
    if "firms" in spec.subjects:
        writer.write_firms(firms_of(spec.city, k, plans.residents) for k in places)


def again(run: Run, out: Path, *, replays: int | None = None, **how: Any) -> Run:
    """Make the run once more from its record, in ``out``, or go on with it there (``resume``), with more ``replays``.

    ``how`` are arguments of ``execute``.
    """
    record = {**run.record, "replays": replays or run.record["replays"]}
    return execute(RunSpec.of_record(record), out, command=record["command"], **how)
