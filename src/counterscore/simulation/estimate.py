"""What a run will take, before it starts: seconds, memory and disk."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from counterscore.city import City
from counterscore.engine import is_compiled, layout, warm_up
from counterscore.engine.draws import purpose_keys
from counterscore.engine.plan import Plans, plans_of
from counterscore.engine.settle import settle_in
from counterscore.engine.succession import YEAR, settle_lives
from counterscore.engine.world import empty_totals, live_until
from counterscore.machine import memory_available_mib
from counterscore.specification import RunSpec

# Measured with benchmarks/run.py on one core of a two-core machine; docs/concepts/speed.md has the table.
_START, _UNIT = 1.0, 0.12  #: seconds before the first month, and of one world and replay however small
_ROSTER, _SETTLE, _WRITE = 1.2e-6, 0.5e-6, 0.9e-6  #: seconds a resident: roster of a run, settling and writing a unit
_THERE, _BACK = 0.8e-6, 0.5e-6  #: seconds a resident: of a worker, and of who asked, for the roster and for a unit
_MONTH, _MONTH_WITH_RULES = 32e-9, 65e-9  #: seconds a resident-month without and with a catalogue
_MEMORY, _MEMORY_OF_THREAD = 240.0, 45.0  #: MiB of a run whose residents are elsewhere
_MEMORY_OF_DASK = 140.0  #: and of a process that is a worker of Dask, or asks for some: answers on their way too
_ROSTER_ON_DISK, _UNIT_ON_DISK = 12.0, 8.0  #: bytes a resident
_ROSTER_ASIDE, _UNIT_ASIDE = 9.0, 3.0  #: the same, while what others have lived is put together
_LIFE = 16.0  #: bytes a resident that tell who lives where
_PAPERS_IN_USE, _PAPERS = 60, 1.1  #: months after which papers end as fast as they are made; bytes a month
_WORTH_MEASURING = 5.0  #: seconds of a run from which a part of it is lived to see how long it takes


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run will take: seconds of wall time, memory and disk in MiB (2**20 bytes).

    ``threads`` are lived on at once. Where others live the run, memory and disk are those of the machine that asks for
    it, and ``worker_memory_mib`` is that of each errand, ``workers_disk_mib`` what all workers keep between two years.
    """

    seconds: float
    memory_mib: float
    disk_mib: float
    threads: int = 1
    worker_memory_mib: float = 0.0
    workers_disk_mib: float = 0.0


def estimate(spec: RunSpec, *, threads: int | None = None, elsewhere: bool = False) -> Estimate:
    """What a run will take, on ``threads`` processors of this machine or ``elsewhere``: from measured rates, and for a run of more than some seconds
    from living one subdistrict of it for two years where the engine is compiled already.
    """
    threads = threads or usable_threads()
    city, months, replays = spec.city, spec.months, spec.replays
    plans = [plans_of(spec, world) for world in spec.worlds]
    of_world = [_SETTLE + months * (_MONTH_WITH_RULES if one.residents.act_covered.any() else _MONTH) for one in plans]
    cost = _seconds(of_world, city, replays, threads, elsewhere)
    if cost > _WORTH_MEASURING and is_compiled():
        warm_up()  # loading the kernels is no part of what a resident takes
        settle_lives(plans[0].residents, city, 0)  # nor is fitting the city's tables
        cost = _seconds([_measured(one, city, months) for one in plans], city, replays, threads, elsewhere)
    held = max(state_bytes(one, city, months) for one in plans)
    state = city.residents * held / 2**20
    units, disk = len(plans) * replays, _ROSTER_ON_DISK + len(plans) * replays * _UNIT_ON_DISK
    if elsewhere:
        kept = 2 * len(plans) * replays * held if months > YEAR else 0.0  # of this year, and of the one before
        return Estimate(
            seconds=cost,
            memory_mib=_MEMORY + _MEMORY_OF_THREAD + _MEMORY_OF_DASK,
            disk_mib=city.residents * (disk + _ROSTER_ASIDE + _UNIT_ASIDE) / 2**20,
            threads=threads,
            worker_memory_mib=_MEMORY + _MEMORY_OF_THREAD + _MEMORY_OF_DASK,
            workers_disk_mib=city.residents * kept / 2**20,
        )
    memory = _MEMORY + threads * _MEMORY_OF_THREAD
    if is_larger_than_memory(plans, city, months, None):
        disk += held
    else:
        memory += state * (min(threads, units) if len(city.subdistricts) == 1 else 1)
    return Estimate(seconds=cost, memory_mib=memory, disk_mib=city.residents * disk / 2**20, threads=threads)


def _seconds(of_world: Sequence[float], city: City, replays: int, threads: int, elsewhere: bool) -> float:
    """Wall time of a run, from the seconds that one resident takes in each world on one core."""
    tables = 1 + len(of_world) * replays  # with a row for each resident
    at_once = min(threads, len(of_world) * replays if len(city.subdistricts) == 1 else len(city.subdistricts))
    lived = replays * sum(_UNIT + city.residents * seconds for seconds in of_world) / at_once
    if elsewhere:
        return _START + lived + city.residents * tables * (_THERE / at_once + _BACK)
    return _START + lived + city.residents * (_ROSTER + len(of_world) * replays * _WRITE)


def _measured(plans: Plans, city: City, months: int) -> float:
    """Seconds that one resident takes on one core in a world of ``months``, from two years of one subdistrict."""
    keys, figures = purpose_keys(0, 0), np.zeros(layout.N_FIGURES, np.int64)
    began = time.perf_counter()
    place = settle_in(plans, city, 0, seed=0, replay=0)
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


def is_larger_than_memory(plans: Iterable[Plans], city: City, months: int, memory_mib: float | None) -> bool:
    """Whether those who live in one world take more memory than they may."""
    if len(city.subdistricts) == 1:
        return False
    free = memory_available_mib()
    most = memory_mib if memory_mib is not None else free / 2 if free is not None else float("inf")
    return city.residents * max(state_bytes(one, city, months) for one in plans) / 2**20 > most


def state_bytes(plans: Plans, city: City, months: int) -> float:
    """Bytes for each resident between two years, after ``months`` in which much is recorded, firms and bodies included."""
    papers = min(months, _PAPERS_IN_USE) * _PAPERS
    file = layout.RESIDENT.itemsize + layout.WATCH.itemsize + papers
    held = file + _LIFE
    if plans.residents.private or plans.residents.meeting:
        held += layout.PRIVATE.itemsize + layout.KNOWN.itemsize * int(plans.residents.dimensions)
    if plans.firms is not None:
        held += (file + layout.FIRM.itemsize) * city.firms / city.residents + layout.STAFF.itemsize
    return held
