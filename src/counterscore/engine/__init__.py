"""How a month passes, and how months become a run. Read ``simulate`` first.

regimes, city, assumptions ──compile_plan──▶ plan ──live_world──▶ residents and totals ──▶ run folder
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from counterscore.catalog.assume import Assumptions, load_assumptions
from counterscore.city import City
from counterscore.city.generations import everyone
from counterscore.engine import layout
from counterscore.engine.draws import purpose_keys
from counterscore.engine.firms import business, money, names
from counterscore.engine.kernel import engine_digest, is_compiled
from counterscore.engine.partners.outcome import MIXING
from counterscore.engine.plan import Plans, compile_plans, earlier_plans, lives
from counterscore.engine.steps import Step, claims, month_order
from counterscore.engine.succession import YEAR, settle_lives
from counterscore.engine.world import WorldResult, empty_totals, live_until, live_world, settle_in, warm_up
from counterscore.errors import StoppedError, UsageError
from counterscore.machine import memory_available_mib
from counterscore.provenance import run_record
from counterscore.regime.model import Regime
from counterscore.regime.vocabulary import ACTS, DOMAINS, SERVICES, Subject
from counterscore.results import Run, RunWriter

__all__ = [
    "FIRM_STEPS",
    "Estimate",
    "Progress",
    "Step",
    "distinct_worlds",
    "engine_digest",
    "estimate",
    "is_compiled",
    "matchmaking",
    "month_order",
    "simulate",
    "warm_up",
    "world_name",
]

# Measured with benchmarks/run.py on one core of a two-core machine; docs/concepts/speed.md has the table.
_START, _UNIT = 1.0, 0.12  #: seconds before the first month, and of one world and replay however small
_ROSTER, _SETTLE, _WRITE = 1.2e-6, 0.5e-6, 0.9e-6  #: seconds a resident: roster of a run, settling and writing a unit
_MONTH, _MONTH_WITH_RULES = 32e-9, 65e-9  #: seconds a resident-month without and with a catalogue
_MEMORY, _MEMORY_OF_THREAD = 240.0, 45.0  #: MiB of a run whose residents are elsewhere
_ROSTER_ON_DISK, _UNIT_ON_DISK = 12.0, 8.0  #: bytes a resident
_LIFE = 16.0  #: bytes a resident that tell who lives where
_PAPERS_IN_USE, _PAPERS = 60, 1.1  #: months after which papers end as fast as they are made; bytes a month
_WORTH_MEASURING = 5.0  #: seconds of a run from which a part of it is lived to see how long it takes
_MOST_MONTHS = 1200
ESSENTIAL = sum(service.essential for service in SERVICES)  #: services that count for "unable to move a step"

#: What firms do that residents do not, as ``counterscore month`` prints it: title and claim.
FIRM_STEPS = (
    ("Money", claims(money)),
    ("Business", claims(business)),
    ("Names", claims(names)),
)

Progress = Callable[[int, int, float, dict[str, float]], None]


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run will take: seconds of wall time, memory and disk in MiB (2**20 bytes)."""

    seconds: float
    memory_mib: float
    disk_mib: float


def estimate(
    worlds: Sequence[Regime], city: City, *, months: int, replays: int, threads: int | None = None
) -> Estimate:
    """What a run will take, before it starts: from measured rates, and for a run of more than some seconds
    from living one subdistrict of it for two years where the engine is compiled already.
    """
    threads = threads or usable_threads()
    living = lives(part for world in worlds for part in world.stacked())
    plans = [compile_plans(part.stacked(), load_assumptions(), seed=0, living=living) for part in worlds]
    of_world = [_SETTLE + months * (_MONTH_WITH_RULES if one.residents.act_covered.any() else _MONTH) for one in plans]
    cost = _seconds(of_world, city, replays, threads)
    if cost > _WORTH_MEASURING and is_compiled():
        warm_up()  # loading the kernels is no part of what a resident takes
        settle_lives(plans[0].residents, city, 0)  # nor is fitting the city's tables
        cost = _seconds([_measured(one, city, months) for one in plans], city, replays, threads)
    held = max(_state_bytes(one, city, months) for one in plans)
    state = city.residents * held / 2**20
    units, disk = len(worlds) * replays, _ROSTER_ON_DISK + len(worlds) * replays * _UNIT_ON_DISK
    memory = _MEMORY + threads * _MEMORY_OF_THREAD
    if _is_larger_than_memory(plans, city, months, None):
        disk += held
    else:
        memory += state * (min(threads, units) if len(city.subdistricts) == 1 else 1)
    return Estimate(seconds=cost, memory_mib=memory, disk_mib=city.residents * disk / 2**20)


def _seconds(of_world: Sequence[float], city: City, replays: int, threads: int) -> float:
    """Wall time of a run, from the seconds that one resident takes in each world on one core."""
    at_once = min(threads, len(of_world) * replays if len(city.subdistricts) == 1 else len(city.subdistricts))
    lived = replays * sum(_UNIT + city.residents * seconds for seconds in of_world) / at_once
    return _START + lived + city.residents * (_ROSTER + len(of_world) * replays * _WRITE)


def _measured(plans: Plans, city: City, months: int) -> float:
    """Seconds that one resident takes on one core in a world of ``months``, from two years of one subdistrict."""
    keys, figures = purpose_keys(0, 0), np.zeros(layout.N_DISTRICTS, np.int64)
    began = time.perf_counter()
    place = settle_in(plans.residents, city, 0, seed=0, replay=0, firms=plans.firms, bodies=plans.bodies)
    took = [time.perf_counter() - began]
    for year in (1, 2):
        began = time.perf_counter()
        live_until(plans.residents, place, empty_totals(2 * YEAR), keys, figures, year * YEAR)
        took.append((time.perf_counter() - began) / YEAR)
    settled, first, second = took
    # Files grow, and time with them, until as many papers end as are made.
    grown = [first + max(0.0, second - first) * min(month, _PAPERS_IN_USE) / YEAR for month in range(0, months, YEAR)]
    return (settled + sum(grown) * months / len(grown)) / len(place.residents)


def usable_threads() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def simulate(
    regime: Regime,
    city: City,
    *,
    months: int,
    replays: int = 1,
    seed: int = 0,
    also: Sequence[Regime] = (),
    base: Regime | None = None,
    assumptions: Assumptions | None = None,
    threads: int | None = None,
    out: str | Path,
    responses: bool = True,
    errors: bool = True,
    progress: Progress | None = None,
    resume: bool = False,
    start: str = "2018-01",
    command: str = "",
    memory_mib: float | None = None,
) -> Run:
    """Let ``city`` live under ``regime`` (and ``also``, and ``base``) and leave the run in folder ``out``.

    ``months`` 1 … 1200, ``replays`` at least 1, ``seed`` any whole number. Every world lives the same city
    with the same luck. ``base`` is the world that differences are taken from. ``resume`` goes on with the
    units that ``out`` does not hold yet, with identical bits. A city whose residents would take more than
    ``memory_mib`` (by default half of what is free) passes through memory subdistrict by subdistrict and stays
    in ``out`` between years, with identical bits. Raises ``InputError`` where the regimes do not
    fit the engine, ``UsageError`` for settings out of range or two rule books with one id, ``RunError`` where the folder cannot be written,
    ``StoppedError`` on Ctrl-C when finished replays are kept.
    """
    if not 1 <= months <= _MOST_MONTHS:
        raise UsageError(f"--months must be 1 to {_MOST_MONTHS}, found {months}")
    if replays < 1:
        raise UsageError(f"--replays must be at least 1, found {replays}")
    chosen = assumptions or load_assumptions()
    worlds, _ = distinct_worlds(regime, also, base)
    living = lives(part for world in worlds.values() for part in world.stacked())
    if "firms" in living and city.firms == 0:
        raise UsageError(
            f"{city.id} has no firms" + ("" if city.spec.firms else ": its file has no part about them"),
            suggestion="Use --city beijing, or more residents.",
        )
    meeting = matchmaking(worlds.values())
    plans = {
        name: compile_plans(
            part.stacked(), chosen, seed=seed, responses=responses, errors=errors, living=living, meeting=meeting
        )
        for name, part in worlds.items()
    }
    earlier = {
        name: earlier_plans(
            part.stacked(),
            chosen,
            start=start,
            seed=seed,
            responses=responses,
            errors=errors,
            living=living,
            meeting=meeting,
        )
        for name, part in worlds.items()
    }
    threads = threads or usable_threads()
    record = run_record(
        worlds=worlds,
        baseline=world_name(base) if base is not None else None,
        city=city,
        months=months,
        replays=replays,
        seed=seed,
        assumptions=chosen,
        switches={"responses": responses, "errors": errors},
        subjects=living,
        start=start,
        engine=engine_digest(),
        threads=threads,
        command=command,
    )
    warm_up()
    began = time.monotonic()
    with RunWriter(Path(out), record, resume=resume) as writer:
        writer.write_residents(_residents(city, next(iter(plans.values())).residents.survivors, months))
        if "firms" in living:
            writer.write_firms(_firms(city, next(iter(plans.values())).residents))
        todo = [
            (world, replay) for replay in range(replays) for world in worlds if (world, replay) not in writer.finished()
        ]
        aside = writer.aside() if _is_larger_than_memory(plans.values(), city, months, memory_mib) else None
        try:
            _live_all(todo, plans, earlier, city, months, seed, threads, writer, progress, worlds, aside)
        except OSError as error:  # those who stay on disk between years found no room there
            raise writer.stopped(error) from None
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        writer.finish(
            {
                "threads": threads,
                "seconds": round(time.monotonic() - began, 3),
                "peak_memory_mib": round(peak / (2**20 if sys.platform == "darwin" else 2**10), 1),
                "larger_than_memory": aside is not None,
                "resident_months": len(todo) * city.residents * months,
            }
        )
    return Run(Path(out))


def _is_larger_than_memory(plans: Iterable[Plans], city: City, months: int, memory_mib: float | None) -> bool:
    """Whether those who live in one world take more memory than they may."""
    if len(city.subdistricts) == 1:
        return False
    free = memory_available_mib()
    most = memory_mib if memory_mib is not None else free / 2 if free is not None else float("inf")
    return city.residents * max(_state_bytes(one, city, months) for one in plans) / 2**20 > most


def _state_bytes(plans: Plans, city: City, months: int) -> float:
    """Bytes for each resident between two years, after ``months`` in which much is recorded, firms and bodies included."""
    papers = min(months, _PAPERS_IN_USE) * _PAPERS
    file = layout.RESIDENT.itemsize + layout.WATCH.itemsize + papers
    held = file + _LIFE
    if plans.residents.private or plans.residents.meeting:
        held += layout.PRIVATE.itemsize + layout.KNOWN.itemsize * int(plans.residents.dimensions)
    if plans.firms is not None:
        held += (file + layout.FIRM.itemsize) * city.firms / city.residents + layout.STAFF.itemsize
    return held


def distinct_worlds(
    regime: Regime, also: Sequence[Regime] = (), base: Regime | None = None
) -> tuple[dict[str, Regime], tuple[str, ...]]:
    """The worlds of a run by name, and the names of those given more than once with the same rules.

    Raises ``UsageError`` where two rule books, or two reforms, that are not the same have one id: one of them would
    stand for both.
    """
    worlds: dict[str, Regime] = {}
    twice: list[str] = []
    for part in (regime, *also, *([base] if base is not None else [])):
        name = world_name(part)
        if name not in worlds:
            worlds[name] = part
            continue
        first = worlds[name]
        if [one.model_dump() for one in first.stacked()] != [one.model_dump() for one in part.stacked()]:
            files = [" with ".join(one.files) or one.title for one in (first, part)]
            raise UsageError(
                f'two different rule books are called "{name}": {files[0]} and {files[1]}',
                suggestion=f"Give one of them an id of its own, such as id: my-{part.id}; luck does not hang on ids.",
            )
        if name not in twice:
            twice.append(name)
    return worlds, tuple(twice)


def matchmaking(worlds: Iterable[Regime]) -> bool:
    """Whether singles meet in a run: where one of its worlds has a matchmaker they do so in all, to be compared."""
    return any(part.partners is not None for world in worlds for part in world.stacked())


def world_name(regime: Regime) -> str:
    """The regime's id, with the reforms applied to it."""
    return "+".join([regime.id, *regime.reforms])


def _live_all(
    todo: Sequence[tuple[str, int]],
    plans: dict[str, Plans],
    earlier: dict[str, tuple[tuple[int, Plans], ...]],
    city: City,
    months: int,
    seed: int,
    threads: int,
    writer: RunWriter,
    progress: Progress | None,
    worlds: dict[str, Regime],
    aside: Path | None,
) -> None:
    """Units side by side where the city is small, subdistricts side by side where it is large."""
    side_by_side = len(city.subdistricts) == 1
    began = time.monotonic()
    years = -(-months // YEAR)
    steps = len(city.subdistricts) * years  # of one unit: subdistricts' years
    lived = done = 0
    so_far: dict[str, list[float]] = {}

    def tell() -> None:
        if progress:
            left = (time.monotonic() - began) / lived * (len(todo) * steps - lived)
            means = {f"listed at the end, {name}": float(np.mean(seen)) for name, seen in so_far.items()}
            progress(lived, len(todo) * steps, left, means)

    def year_is_over() -> None:
        nonlocal lived
        lived += 1
        if lived % steps:  # the last year of a unit is told of when the unit is written
            tell()

    def finish(world: str, replay: int, result: WorldResult) -> None:
        nonlocal lived, done
        writer.write_unit(world, replay, unit_tables(plans[world], worlds[world], result, months))
        result.places.close()
        done += 1
        lived = done * steps
        last = result.totals["counts"][-1]
        so_far.setdefault(world, []).append(float(last[layout.COUNTER["listed"]]))
        tell()

    def live_one(world: str, replay: int, pool: ThreadPoolExecutor | None = None) -> WorldResult:
        both = plans[world]
        return live_world(
            both.residents,
            city,
            months=months,
            seed=seed,
            replay=replay,
            pool=pool,
            folder=aside if pool else None,
            firms=both.firms,
            bodies=both.bodies,
            earlier=earlier[world],
            after_year=year_is_over if pool else None,
        )

    pool = ThreadPoolExecutor(max_workers=threads)
    try:
        if side_by_side:
            waiting = [(unit, pool.submit(live_one, *unit)) for unit in todo]
            for (world, replay), future in waiting:
                finish(world, replay, future.result())
        else:
            for world, replay in todo:
                finish(world, replay, live_one(world, replay, pool))
    except KeyboardInterrupt:
        pool.shutdown(wait=False, cancel_futures=True)
        if done == 0 and not writer.finished():
            raise
        raise StoppedError(
            f"stopped after {len(writer.finished())} of {len(worlds) * int(writer.record['replays'])} units; "
            "these are kept",
            suggestion=f"Go on with: counterscore run --resume {writer.out}",
        ) from None
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _residents(city: City, survivors: Any, months: int) -> Iterable[dict[str, npt.NDArray[Any]]]:
    """Everybody who lives in the city within ``months``, in the order of the outcomes."""
    for k in range(len(city.subdistricts)):
        people = everyone(city, k, survivors, months)
        last = np.minimum(people["until"].astype(np.int64), months) - 1
        years = last // YEAR - people["since"] // YEAR
        yield {**people, "adult": (people["age"] + years >= layout.ADULT).astype(np.uint8)}


def _by_number_closed(counted: npt.NDArray[Any], adult_months: int) -> npt.NDArray[Any]:
    """Months of adults by number of essential services closed at once; the engine counts those who meet a door."""
    months = counted[: ESSENTIAL + 1].copy()
    months[0] = adult_months - months[1:].sum()
    return months


def _firms(city: City, plan: Any) -> Iterable[dict[str, npt.NDArray[Any]]]:
    """The firms of the city, in the order of their outcomes."""
    for k in range(len(city.subdistricts)):
        told, _ = city.firms_of(k, settle_lives(plan, city, k).people)
        first = k * layout.SUBDISTRICT
        number = np.arange(first, first + len(told["head"]), dtype=np.uint64)
        yield {"firm": number, **told, "head": told["head"] + np.uint64(first)}


def unit_tables(plans: Plans, regime: Regime, result: WorldResult, months: int) -> dict[str, Any]:
    """The tables of one world and replay, by name; outcomes come subdistrict by subdistrict.

    Acts and services are those of all who live, since each belongs to one kind of subject.
    """
    totals, plan = result.totals, plans.residents
    sums = {name: totals["sums"][0][name].copy() for name in layout.TOTALS.names or ()}
    for name in ("services", "acts"):
        sums[name] += totals["firm_sums"][0][name] + totals["body_sums"][0][name]
    counts: dict[str, npt.NDArray[Any]] = {"month": np.arange(months, dtype=np.uint16)}
    counts |= {name: totals["counts"][:, at].copy() for name, at in layout.COUNTER.items()}
    counts |= _door_counts(totals["doors"], "residents")
    about: tuple[tuple[Subject, npt.NDArray[Any]], ...] = (
        ("residents", totals["stays"]),
        ("firms", totals["firm_stays"]),
        ("bodies", totals["body_stays"]),
    )
    stays = [_stays(regime, subject, table) for subject, table in about if getattr(plans, subject) is not None]
    service, standing = np.divmod(np.arange(len(SERVICES) * len(layout.STANDINGS)), len(layout.STANDINGS))
    served = sums["services"].reshape(-1, 4)
    private = {"private": result.outcomes(plan)} if plan.private or plan.meeting else {}
    graded = next((part for part in regime.stacked() if part.partners), None)
    by = next((part for part in regime.stacked() if graded and graded.partners and part.id == graded.partners.by), None)
    grades = [grade.id for grade in by.score.grades] if by and by.score else []
    years, districts = np.divmod(np.arange(result.figures.size), layout.N_DISTRICTS)
    tables = {
        "outcomes": result.outcomes(plan),
        **private,
        **({"meetings": _meetings(totals["meetings"], grades)} if plan.meeting else {}),
        "ties": {
            "ties": np.array(["at the start", "now"], dtype=object),
            **{name: totals["mixing"][:, k].copy() for k, name in enumerate(MIXING)},
        },
        "counts": counts,
        "stays": {name: np.concatenate([one[name] for one in stays]) for name in stays[0]},
        "services": {
            "service": np.array([SERVICES[k].id for k in service], dtype=object),
            "standing": np.array([layout.STANDINGS[k] for k in standing], dtype=object),
            "attempts": served[:, 0].copy(),
            "refused": served[:, 1].copy(),
            "refused_else": served[:, 2].copy(),
            "waited_days": served[:, 3].copy(),
        },
        "acts": {
            "act": np.array([act.id for act in ACTS], dtype=object),
            "done": sums["acts"][:, 0].copy(),
            "recorded": sums["acts"][:, 1].copy(),
            "untrue": sums["acts"][:, 2].copy(),
            "not_recorded": sums["acts"][:, 3].copy(),
            "held_back": sums["acts"][:, 4].copy(),
        },
        "spillover": {
            "cause": np.array([cause for cause in layout.CAUSES for _ in DOMAINS], dtype=object),
            "domain": np.array([*DOMAINS] * len(layout.CAUSES), dtype=object),
            "service_months": sums["spillover"].ravel().copy(),
        },
        "closed": {
            "essential_closed": np.arange(ESSENTIAL + 1, dtype=np.uint8),
            "resident_months": _by_number_closed(sums["closed"], int(counts["adults"].sum())),
        },
        "figures": {
            "year": years.astype(np.uint16),
            "district": districts.astype(np.uint8),
            "listed_share": result.figures.ravel().astype(np.int64),
        },
    }
    if plans.firms is not None:
        firm_counts: dict[str, npt.NDArray[Any]] = {"month": counts["month"]}
        firm_counts |= {name: totals["firm_tally"][:, at].copy() for name, at in layout.FIRM_COUNTER.items()}
        firm_counts |= {name: totals["firm_counts"][:, layout.COUNTER[name]].copy() for name in layout.FIRM_SHARED}
        firm_counts |= _door_counts(totals["firm_doors"], "firms")
        tables |= {"firm_outcomes": result.firm_outcomes(), "firm_counts": firm_counts}
    if plans.bodies is not None:
        body_counts: dict[str, npt.NDArray[Any]] = {"month": counts["month"]}
        body_counts |= {name: totals["body_tally"][:, at].copy() for name, at in layout.BODY_COUNTER.items()}
        body_counts |= {name: totals["body_counts"][:, layout.COUNTER[name]].copy() for name in layout.BODY_SHARED}
        tables |= {"body_outcomes": result.body_outcomes(), "body_counts": body_counts}
    return tables


def _meetings(met: npt.NDArray[np.int64], grades: Sequence[str]) -> dict[str, npt.NDArray[Any]]:
    """By the grade of who looked and of who was shown, those without a grade last."""
    side = layout.MAX_GRADES + 1
    places = [*range(len(grades)), layout.MAX_GRADES]
    names = [*grades, "none"]
    by = met.reshape(side, side, 3)[np.ix_(places, places)].reshape(-1, 3)
    return {
        "grade": np.repeat(np.array(names, dtype=object), len(names)),
        "shown_grade": np.tile(np.array(names, dtype=object), len(names)),
        "shown": by[:, 0].copy(),
        "liked": by[:, 1].copy(),
        "matched": by[:, 2].copy(),
    }


def _door_counts(table: npt.NDArray[Any], subject: Subject) -> dict[str, npt.NDArray[Any]]:
    """Months of closed or narrowed doors by domain, of the domains that ``subject`` has services in."""
    mine = {one.domain for one in SERVICES if one.subject == subject}
    names = [(at, domain.replace(" ", "_")) for at, domain in enumerate(DOMAINS) if domain in mine]
    return {f"door_closed_{name}": table[:, at].copy() for at, name in names}


def _stays(regime: Regime, subject: Subject, table: npt.NDArray[Any]) -> dict[str, npt.NDArray[Any]]:
    lists = [name for part in regime.stacked() if part.subjects == subject for name in part.lists]
    which, lasted, how = np.nonzero(table)
    return {
        "list_id": np.array([lists[k] for k in which], dtype=object),
        "months": lasted.astype(np.uint16),
        "left": np.array([layout.EXITS[k] for k in how], dtype=object),
        "stays": table[which, lasted, how],
    }
