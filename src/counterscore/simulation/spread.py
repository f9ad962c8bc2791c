"""A run that is lived elsewhere: errands to workers, a year at a time, and what comes back put together.

The unit of work is a part of the subdistricts of one world and replicate, for a year; between years passes the small table of
city figures. Every answer counts once, whoever gives it and however often, so a worker that is killed costs the errands it had
and what was kept there, never the run. Where nobody answers any more, units that are finished are kept.
"""

from __future__ import annotations

import hashlib
import pickle
import queue
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from counterscore.engine import layout
from counterscore.engine.plan import Plans
from counterscore.engine.succession import YEAR
from counterscore.engine.world import add_totals, empty_figures, empty_totals, tell_next_year
from counterscore.errors import CounterscoreError, RunError
from counterscore.results import RunWriter
from counterscore.simulation.clusters import LostError, Workers, refused, told_of
from counterscore.simulation.course import Course
from counterscore.simulation.tables import Columns
from counterscore.simulation.worker import (
    Answer,
    Errand,
    Kind,
    code_digest,
    pack_job,
    unpack_integers,
    unpack_tables,
)
from counterscore.specification import RunSpec

_MOST_SUBDISTRICTS = 32  #: of one errand: some 16 MiB of outcomes
_PARTS_PER_SLOT = (
    4  #: parts of a city for each errand that is done at once, so that nobody waits long at the end of a year
)
_AHEAD = 2  #: errands that wait for each that is being done
_TRIES = 20  #: of one errand, before the run gives up
_TICK = 1.0  #: seconds between two looks at how the workers are
_SLOW, _SLOW_AT_LEAST = (
    4.0,
    20.0,
)  #: an errand that takes so many times as long as others, and so many seconds, is given out again


@dataclass(frozen=True)
class Sent:
    """What spreading a run took: for ``resources.json``."""

    workers: int
    errands: int
    given_out_again: int
    years_lived_again: int
    bytes_to_workers: int
    bytes_from_workers: int
    peak_memory_of_a_worker_mib: float


@dataclass(eq=False)
class _Unit:
    """One world and replicate on its way, or the roster of the city."""

    kind: Kind
    world: str
    replay: int
    rank: int
    figures: npt.NDArray[np.int64]
    totals: dict[str, Any]
    adults: npt.NDArray[np.int64]
    year: int = 0
    waiting: set[int] = field(default_factory=set)  #: parts whose answer has not come
    near: dict[int, str] = field(default_factory=dict)  #: who lived a part last
    kept: dict[int, dict[str, Path]] = field(default_factory=dict)  #: tables of each part


@dataclass(eq=False)
class _Flight:
    unit: _Unit
    part: int
    errand: Errand
    began: float
    near: str = ""  #: who is to do it, if possible
    future: Any = None
    tries: int = 1
    slow: bool = False  #: others were asked as well; whoever has it is trusted again when it answers


class Elsewhere:
    """One world of one replicate that was lived elsewhere, as the tables want it (``tables.Lived``)."""

    def __init__(self, unit: _Unit) -> None:
        self.totals, self.figures, self._kept = unit.totals, unit.figures, unit.kept

    def outcomes(self, _plan: Any, /) -> Iterator[Columns]:
        """Outcome columns of each subdistrict in order."""
        return self.pieces("outcomes")

    def firm_outcomes(self) -> Iterator[Columns]:
        """Those of the firms of each subdistrict in order."""
        return self.pieces("firm_outcomes")

    def body_outcomes(self) -> Iterator[Columns]:
        """Those of the public bodies of each subdistrict in order."""
        return self.pieces("body_outcomes")

    def official_outcomes(self) -> Iterator[Columns]:
        """Those of the officials of each subdistrict in order."""
        return self.pieces("official_outcomes")

    def pieces(self, table: str) -> Iterator[Columns]:
        """A table subdistrict by subdistrict; one of them is in memory at a time."""
        for _, tables in sorted(self._kept.items()):
            if table in tables:
                with tables[table].open("rb") as file:
                    yield from unpack_tables(file)

    def close(self) -> None:
        """Give back the disk."""
        for tables in self._kept.values():
            for path in tables.values():
                path.unlink(missing_ok=True)


def live_elsewhere(spec: RunSpec, plans: dict[str, Plans], course: Course, writer: RunWriter, workers: Workers) -> Sent:
    """Have the units that ``course`` waits for, and the roster, lived by ``workers``.

    Raises ``RunError`` where there is nobody any more to do that, where a worker runs another version and where an errand
    fails again and again; ``InputError`` as ``plans_of`` does.
    """
    spread = _Spread(spec, plans, course, writer, workers)
    try:
        spread.go()
    except LostError as lost:
        spread.write_what_is_there()
        raise _stopped(spec, writer, str(lost)) from None
    finally:
        spread.end()
    return spread.sent()


def _stopped(spec: RunSpec, writer: RunWriter, why: str) -> RunError:
    total = len(spec.worlds) * int(writer.record["replays"])
    return RunError(
        f"run stopped: {why}; {len(writer.finished())} of {total} units are kept",
        suggestion=f"Go on here with: counterscore run --resume {writer.out}; or elsewhere, with --on ADDRESS.",
    )


class _Spread:
    def __init__(
        self, spec: RunSpec, plans: dict[str, Plans], course: Course, writer: RunWriter, workers: Workers
    ) -> None:
        self._spec, self._plans, self._course, self._writer, self._workers = spec, plans, course, writer, workers
        self._raw = pack_job(spec)
        self._job = hashlib.sha256(self._raw).hexdigest()
        self._slots = workers.slots()
        self._parts = _parts(len(spec.city.subdistricts), self._slots)
        self._years = -(-spec.months // YEAR)
        self._aside = writer.aside()
        self._files = 0
        self._answers: queue.Queue[tuple[_Flight, Any]] = queue.Queue()
        self._flights: set[_Flight] = set()
        self._slow: set[_Flight] = set()
        self._answered = time.monotonic()
        self._to_start = self._units()
        self._over: list[tuple[str, int]] = []
        self._writing: list[Future[None]] = []
        self._writer_thread = ThreadPoolExecutor(1, "counterscore-write")
        self._fetchers = ThreadPoolExecutor(2, "counterscore-fetch")
        self._took: list[float] = []
        self._seen: dict[str, float] = {}
        self._taught: set[str] = set()
        self._errands = self._again = self._lived_again = self._bytes_to = self._bytes_from = 0

    def _units(self) -> Iterator[_Unit]:
        months = self._spec.months

        def unit(kind: Kind, world: str, replay: int, rank: int) -> _Unit:
            adults = np.zeros(layout.N_DISTRICTS, np.int64)
            return _Unit(kind, world, replay, rank, empty_figures(months), empty_totals(months), adults)

        about = [name for name in ("residents", "firms") if name == "residents" or name in self._spec.subjects]
        if any(self._writer.lacks(name) for name in about):
            yield unit("roster", "", 0, 0)
        for rank, (world, replay) in enumerate(self._course.todo):
            yield unit("months", world, replay, 1 + rank)

    # ---- giving out -------------------------------------------------------------------------------------------------

    def go(self) -> None:
        """Live everything."""
        self._aside.mkdir(exist_ok=True)
        looked = time.monotonic()
        while True:
            self._start_more()
            if not self._flights:
                break
            try:
                flight, outcome = self._answers.get(timeout=_TICK)
                self._take(flight, outcome)
            except queue.Empty:
                pass
            if time.monotonic() - looked > _TICK:
                looked = time.monotonic()
                self._look_after()
            self._raise_what_writing_raised(wait=False)
        self.write_what_is_there()

    def write_what_is_there(self) -> None:
        """Finish writing the units that are lived."""
        self._raise_what_writing_raised(wait=True)

    def _start_more(self) -> None:
        """Begin units until enough errands wait for everybody."""
        while len(self._flights) < _AHEAD * self._slots:
            unit = next(self._to_start, None)
            if unit is None:
                return
            self._start_year(unit)

    def _start_year(self, unit: _Unit) -> None:
        unit.waiting = set(range(len(self._parts)))
        unit.adults = np.zeros(layout.N_DISTRICTS, np.int64)
        for part in range(len(self._parts)):
            told = unit.figures[: unit.year + 1].tobytes()
            errand = Errand(
                unit.kind,
                self._job,
                code_digest(),
                unit.world,
                unit.replay,
                self._parts[part],
                unit.year,
                told,
                tuple(self._over[-100:]),
            )
            self._give_out(_Flight(unit, part, errand, time.monotonic()), unit.near.get(part, ""))

    def _give_out(self, flight: _Flight, near: str = "", job: bytes | None = None) -> None:
        self._errands += 1
        self._bytes_to += len(pickle.dumps(flight.errand)) + len(job or b"")
        flight.began = time.monotonic()
        flight.near = near
        self._flights.add(flight)
        flight.future = self._workers.submit(flight.errand, job, near, flight.unit.rank)
        flight.future.add_done_callback(lambda done: self._fetch(flight, done))

    def _fetch(self, flight: _Flight, future: Any) -> None:
        def fetched() -> None:
            try:
                self._answers.put((flight, future.result()))
            except BaseException as error:
                self._answers.put((flight, error))

        try:
            self._fetchers.submit(fetched)
        except RuntimeError:  # it is over
            return

    def _look_after(self) -> None:
        """See who is there, and give an errand out once more that takes far longer than others do while somebody is idle, or
        while nobody answers at all: who hangs may hold as many as there are workers.
        """
        self._slots = self._workers.slots()
        # Dask gives what was meant for a worker that has gone to others, but not if all had gone for a moment.
        for flight in [one for one in self._flights if one.near and self._workers.has_gone(one.near)]:
            self._flights.discard(flight)
            flight.future.cancel()
            self._again += 1
            self._give_out(_Flight(flight.unit, flight.part, flight.errand, 0.0, tries=flight.tries))
        if not self._took:
            return
        now, slow = time.monotonic(), max(_SLOW_AT_LEAST, _SLOW * statistics.median(self._took[-100:]))
        if len(self._flights) >= self._slots and now - self._answered < slow:
            return
        late = [one for one in self._flights if not one.slow and now - one.began > slow]
        for flight in sorted(late, key=lambda one: one.began)[: self._slots]:
            flight.slow = True
            self._workers.shun(flight.future)
            self._again += 1
            self._give_out(_Flight(flight.unit, flight.part, flight.errand, 0.0, tries=flight.tries))

    # ---- taking in --------------------------------------------------------------------------------------------------

    def _take(self, flight: _Flight, outcome: Any) -> None:
        self._flights.discard(flight)
        self._slow.discard(flight)
        unit, part = flight.unit, flight.part
        if isinstance(outcome, Answer):
            self._workers.trust(outcome.address)
            self._answered = time.monotonic()
        if flight.errand.year != unit.year or part not in unit.waiting:
            return None  # somebody else was quicker
        if isinstance(outcome, BaseException):
            return self._try_again(flight, outcome)
        found: Answer = outcome
        if found.lacks == "code":
            raise refused(found, code_digest())
        if found.lacks == "job":  # it is told once, unless nobody can say who will do the errand
            told = found.address and found.worker in self._taught
            self._taught.add(found.worker)
            again = _Flight(unit, part, flight.errand, 0.0, tries=flight.tries)
            return self._give_out(again, found.address, None if told else self._raw)
        for other in [one for one in self._flights if one.unit is unit and one.part == part]:
            self._flights.discard(other)  # nobody waits for who is slower
            if other.slow:
                self._slow.add(other)
            else:
                other.future.cancel()
        self._took.append(found.seconds)
        self._seen[found.worker] = max(found.peak_mib, self._seen.get(found.worker, 0.0))
        self._lived_again += found.again
        self._bytes_from += found.size
        unit.waiting.discard(part)
        unit.near[part] = found.address
        if found.tables:
            unit.kept[part] = self._put_aside(found.tables)
        if unit.kind == "months":
            totals, figures, adults = unpack_integers(found.integers)
            add_totals(unit.totals, totals)
            unit.adults += adults
            if len(self._spec.city.subdistricts) == 1:  # it lived through all years
                unit.figures, unit.year = figures, self._years - 1
        if not unit.waiting:
            return self._end_year(unit)
        self._course.year_is_over(len(self._parts[part]) if unit.kind == "months" else 0)

    def _try_again(self, flight: _Flight, error: BaseException) -> None:
        """An errand that came to nothing is done again, unless that is its own fault or nobody is left."""
        if isinstance(error, CounterscoreError):
            raise error
        if self._workers.is_lost(error):
            raise LostError(f"{self._workers.name} does not answer any more ({type(error).__name__})") from None
        if isinstance(error, ImportError | AttributeError | pickle.UnpicklingError):
            raise RunError(
                f"a worker cannot run counterscore ({told_of(error)})",
                suggestion="Install the version on every worker that is installed here.",
            ) from None
        gone = type(error).__name__ in ("KilledWorker", "FutureCancelledError", "FuturesCancelledError")
        if not gone and not isinstance(error, OSError | MemoryError | CancelledError | EOFError):
            raise error
        if flight.tries >= _TRIES:
            raise _stopped(self._spec, self._writer, f"an errand failed {_TRIES} times ({told_of(error)})") from None
        self._again += 1
        self._give_out(_Flight(flight.unit, flight.part, flight.errand, 0.0, tries=flight.tries + 1))

    def _put_aside(self, tables: dict[str, bytes]) -> dict[str, Path]:
        kept = {}
        for name, raw in tables.items():
            kept[name] = self._aside / f"{self._files}.arrow"
            self._files += 1
            kept[name].write_bytes(raw)
        return kept

    def _end_year(self, unit: _Unit) -> None:
        if unit.kind == "roster":
            return self._write(lambda: self._write_roster(Elsewhere(unit)))
        if len(self._spec.city.subdistricts) > 1:
            tell_next_year(unit.figures, unit.year, unit.totals, unit.adults)
        if unit.year + 1 < self._years:
            unit.year += 1
            self._start_year(unit)
            return self._course.year_is_over(len(self._parts[-1]))
        self._over.append((unit.world, unit.replay))
        return self._write(lambda: self._course.finish(unit.world, unit.replay, Elsewhere(unit)))

    def _write(self, what: Callable[[], None]) -> None:
        self._writing.append(self._writer_thread.submit(what))

    def _write_roster(self, roster: Elsewhere) -> None:
        self._writer.write_residents(roster.pieces("residents"))
        if "firms" in self._spec.subjects:
            self._writer.write_firms(roster.pieces("firms"))
        roster.close()

    def _raise_what_writing_raised(self, *, wait: bool) -> None:
        for future in [one for one in self._writing if wait or one.done()]:
            self._writing.remove(future)
            future.result()

    # ---- the end ----------------------------------------------------------------------------------------------------

    def end(self) -> None:
        """Let go of what was asked for and of what workers keep."""
        self._fetchers.shutdown(wait=False, cancel_futures=True)
        self._writer_thread.shutdown(wait=True, cancel_futures=True)
        for flight in self._flights | self._slow:
            if flight.future is not None:
                with suppress(Exception):  # of a scheduler that is not there any more
                    flight.future.cancel()
        self._workers.say_goodbye(Errand("end", self._job, code_digest()))

    def sent(self) -> Sent:
        """What it took."""
        return Sent(
            workers=len(self._seen),
            errands=self._errands,
            given_out_again=self._again,
            years_lived_again=self._lived_again,
            bytes_to_workers=self._bytes_to,
            bytes_from_workers=self._bytes_from,
            peak_memory_of_a_worker_mib=round(max(self._seen.values(), default=0.0), 1),
        )


def _parts(subdistricts: int, slots: int) -> tuple[tuple[int, ...], ...]:
    """A city in parts of as many subdistricts each, one after another."""
    size = min(_MOST_SUBDISTRICTS, max(1, subdistricts // (_PARTS_PER_SLOT * slots)))
    return tuple(tuple(range(first, min(subdistricts, first + size))) for first in range(0, subdistricts, size))
