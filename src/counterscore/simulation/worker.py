"""What a worker does for a run that is lived elsewhere: some subdistricts of one world and replicate, for a year.

An errand says all that its answer depends on, so it may be done twice, by anybody, in any order, and the answer is the same
bits. Between two years subdistricts stay where they were lived: on the worker's disk, in its memory where it has none.
Who is sent on an errand and finds no subdistrict lives it from the first month, with the city figures that the errand brings
along. Nothing that is shared with others is written to: an errand brings bytes, and arrays are made from them here.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pickle
import resource
import socket
import sys
import tempfile
import threading
import time
import uuid
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from counterscore import engine
from counterscore.city import synthesize
from counterscore.engine import engine_digest, layout, warm_up
from counterscore.engine.kernel import kernel_cache
from counterscore.engine.plan import Plans, plans_of
from counterscore.engine.shelf import read_place, write_place
from counterscore.engine.succession import YEAR, demography_of
from counterscore.engine.world import (
    Place,
    add_totals,
    adults_by_district,
    body_columns,
    empty_figures,
    empty_totals,
    firm_columns,
    live_year,
    official_columns,
    outcome_columns,
    settle_in,
    shared_by_places,
    tell_next_year,
)
from counterscore.machine import memory_available_mib
from counterscore.results import as_arrow
from counterscore.simulation.tables import Columns, firms_of, residents_of
from counterscore.specification import RunSpec

Kind = Literal["months", "roster", "end"]
SCRATCH = "COUNTERSCORE_SCRATCH"  #: names a folder for subdistricts between two years, where the usual one will not do
_HELD_AT_MOST = 0.5  #: share of the free memory that subdistricts take on a worker without a disk
_LEFT_BEHIND = 7 * 24 * 3600  #: seconds after which what a run that was killed left on a worker is removed
_MOST_JOBS = 8  #: that a process remembers
_LEVEL = 1  #: of compression: what is sent is sent once


@dataclass(frozen=True, slots=True)
class Errand:
    """What is asked of a worker. ``figures`` are the city's of each year up to this one, as bytes; ``over`` are units
    whose subdistricts nobody will ask for again.
    """

    kind: Kind
    job: str
    code: str
    world: str = ""
    replay: int = 0
    subdistricts: tuple[int, ...] = ()
    year: int = 0
    figures: bytes = b""
    over: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an errand. ``lacks`` tells that nothing did: the worker has not heard of the ``job`` yet, or runs
    other ``code``, which ``worker`` then says.

    ``integers`` are the totals and adults, ``tables`` Arrow streams with a batch for each subdistrict. ``again`` counts
    subdistricts' years that were lived once more, ``seconds`` are of wall time. ``address`` is that of a worker of Dask.
    """

    worker: str
    lacks: Literal["", "job", "code"] = ""
    integers: bytes = b""
    tables: dict[str, bytes] = field(default_factory=dict)
    again: int = 0
    seconds: float = 0.0
    peak_mib: float = 0.0
    address: str = ""

    @property
    def size(self) -> int:
        """Bytes that are sent."""
        return len(self.integers) + sum(map(len, self.tables.values()))


@cache
def code_digest() -> str:
    """sha256 over everything that decides what a subdistrict lives through: the engine, who lives there, what is kept."""
    root = Path(engine.__file__).parent.parent
    digest = hashlib.sha256(engine_digest().encode())
    own = [root / "luck.py", root / "simulation" / "tables.py", root / "simulation" / "worker.py"]
    for path in (*own, *sorted((root / "city").rglob("*.py"))):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def pack_job(spec: RunSpec) -> bytes:
    """All that a worker has to know of a run, once; the city is told by its file and not by its people."""
    told = {name: getattr(spec, name) for name in RunSpec.__dataclass_fields__ if name != "city"}
    told["worlds"] = dict(spec.worlds)
    return zlib.compress(pickle.dumps((told, spec.city.spec, spec.city.residents, spec.city.seed), protocol=5))


def unpack_job(raw: bytes) -> RunSpec:
    """The specification that ``pack_job`` packed."""
    told, city, residents, seed = pickle.loads(zlib.decompress(raw))
    return RunSpec(city=synthesize(city, residents=residents, seed=seed), **told)


def pack_integers(totals: dict[str, Any], figures: Any, adults: Any) -> bytes:
    """Integers of a city's part; most are zero."""
    return zlib.compress(pickle.dumps((totals, figures, adults), protocol=5), _LEVEL)


def unpack_integers(raw: bytes) -> tuple[dict[str, Any], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """What ``pack_integers`` packed: totals, figures, adults by district."""
    found: tuple[dict[str, Any], npt.NDArray[np.int64], npt.NDArray[np.int64]] = pickle.loads(zlib.decompress(raw))
    return found


class Packed:
    """Columns as an Arrow stream, a batch for each part. What is added is packed at once: a part is eight times as large before."""

    def __init__(self) -> None:
        self._sink = pa.BufferOutputStream()
        self._writer: Any = None

    def add(self, part: Columns) -> None:
        """Pack one more part."""
        batch = pa.RecordBatch.from_pydict({name: as_arrow(column) for name, column in part.items()})
        if self._writer is None:
            options = pa.ipc.IpcWriteOptions(compression="zstd", use_threads=False)
            self._writer = pa.ipc.new_stream(self._sink, batch.schema, options=options)
        self._writer.write_batch(batch)

    def bytes(self) -> bytes:
        """The stream; nothing can be added then. Empty where nothing was."""
        if self._writer is not None:
            self._writer.close()
        return bytes(self._sink.getvalue())


def pack_tables(parts: Iterable[Columns]) -> bytes:
    """Columns as an Arrow stream, a batch for each part; one of them is in memory at a time."""
    packed = Packed()
    for part in parts:
        packed.add(part)
    return packed.bytes()


def unpack_tables(raw: Any) -> Iterator[Columns]:
    """What ``pack_tables`` packed, from bytes or from an open file."""
    with pa.ipc.open_stream(raw) as reader:
        for batch in reader:
            yield {name: np.from_dlpack(column) for name, column in zip(batch.schema.names, batch.columns, strict=True)}


def answer(errand: Errand, job: bytes | None = None) -> Answer:
    """Do what is asked; ``job`` is sent where a worker has said that it lacks it. Raises ``InputError`` as ``plans_of`` does."""
    if errand.code != code_digest():
        told = f"{me()} (counterscore in {Path(engine.__file__).parent.parent}, {code_digest()[:12]})"
        return Answer(told, lacks="code")
    if errand.kind == "end":
        _forget(errand.job)
        return Answer(me())
    known = _known(errand.job, job)
    if known is None:
        return Answer(me(), lacks="job", address=_address())
    began = time.monotonic()
    with suppress(OSError):
        for unit in errand.over:
            known.keeping.forget(*unit)
    integers, tables, again = known.roster(errand) if errand.kind == "roster" else known.live(errand)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    return Answer(me(), "", integers, tables, again, time.monotonic() - began, peak, _address())


@cache
def me() -> str:
    """A name for this process that no other has."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:6]}"


class _Job:
    """A run as this worker knows it."""

    def __init__(self, digest: str, raw: bytes) -> None:
        self.spec = unpack_job(raw)
        self.keeping = Keeping(digest)
        self._plans: dict[str, Plans] = {}
        self._lock = threading.Lock()
        warm_up_in_turn()

    @cached_property
    def _worlds(self) -> list[str]:
        return list(self.spec.worlds)

    def plans(self, world: str) -> Plans:
        with self._lock:
            if world not in self._plans:
                self._plans[world] = plans_of(self.spec, world)
            return self._plans[world]

    def roster(self, errand: Errand) -> tuple[bytes, dict[str, bytes], int]:
        """Who lives in these subdistricts."""
        city, months = self.spec.city, self.spec.months
        plan = self.plans(self._worlds[0]).residents
        tables = {
            "residents": pack_tables(residents_of(city, k, demography_of(plan), months) for k in errand.subdistricts)
        }
        if "firms" in self.spec.subjects:
            tables["firms"] = pack_tables(firms_of(city, k, plan) for k in errand.subdistricts)
        return b"", tables, 0

    def live(self, errand: Errand) -> tuple[bytes, dict[str, bytes], int]:
        """Live these subdistricts through the year; through all years where they are the whole city."""
        spec, plans = self.spec, self.plans(errand.world)
        totals, adults, again = empty_totals(spec.months), np.zeros(layout.N_DISTRICTS, np.int64), 0
        figures = empty_figures(spec.months)
        told = np.frombuffer(errand.figures, np.int64).reshape(-1, layout.N_FIGURES)
        figures[: len(told)] = told
        names = ("outcomes", "firm_outcomes", "body_outcomes", "official_outcomes")
        kept = {name: Packed() for name in names}
        last = -(-spec.months // YEAR) - 1
        alone = len(spec.city.subdistricts) == 1
        for k in errand.subdistricts:
            place, lived = self._place(errand, plans, k, figures)
            again += lived
            for year in range(errand.year, (last if alone else errand.year) + 1):
                mine = self._year(plans, place, figures[year], errand.replay)
                add_totals(totals, mine)
                adults = adults_by_district(place) + (0 if alone else adults)
                if alone:
                    tell_next_year(figures, year, totals, adults)
            if place.month == spec.months:
                kept["outcomes"].add(outcome_columns(plans.residents, place))
                if place.firms is not None:
                    kept["firm_outcomes"].add(firm_columns(place.firms))
                if place.bodies is not None:
                    kept["body_outcomes"].add(body_columns(place.bodies))
                    kept["official_outcomes"].add(official_columns(place.bodies))
            else:
                self.keeping.put(errand.world, errand.replay, k, place, shared_by_places(plans, spec.city))
        tables = {name: raw for name, packed in kept.items() if (raw := packed.bytes())}
        return pack_integers(totals, figures, adults), tables, again

    def _year(self, plans: Plans, place: Place, figures: Any, replay: int) -> Any:
        return live_year(plans, place, figures, months=self.spec.months, seed=self.spec.seed, replay=replay)

    def _place(self, errand: Errand, plans: Plans, k: int, figures: Any) -> tuple[Place, int]:
        """A subdistrict on the eve of the errand's year, and how many years it had to live again for that."""
        spec, month = self.spec, errand.year * YEAR
        shared = shared_by_places(plans, spec.city)
        if month:
            found = self.keeping.take(errand.world, errand.replay, k, month, shared)
            if found is not None:
                return found, 0
        place = settle_in(plans, spec.city, k, seed=spec.seed, replay=errand.replay)
        for year in range(errand.year):
            self._year(plans, place, figures[year], errand.replay)
        return place, errand.year


class Keeping:
    """Where a worker keeps the subdistricts of a job between two years: a folder that the worker's processes share.

    The subdistrict of the year before stays until the year after, so that an errand that is done twice finds it. Whatever
    is lost or damaged here costs time and nothing else.
    """

    def __init__(self, job: str) -> None:
        self._job = job
        self._held: dict[tuple[str, int, int, int], tuple[Place, float]] = {}
        self._forgotten: set[tuple[str, int]] = set()
        self._folder = self._made()

    def _made(self) -> Path | None:
        try:
            folder = scratch() / f"counterscore-{os.getuid()}-{self._job[:24]}"
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            found = folder.lstat()
            if folder.is_symlink() or found.st_uid != os.getuid() or found.st_mode & 0o022:
                return None
            _remove_what_was_left_behind(folder)
        except OSError:
            return None
        return folder

    def _path(self, world: str, replay: int, k: int, month: int) -> Path:
        assert self._folder is not None
        return self._folder / f"{_short(world)}.{replay}.{k}.{month}.place"

    def put(self, world: str, replay: int, k: int, place: Place, shared: dict[str, Any]) -> None:
        """Keep a subdistrict as it is now, and forget it as it was two years ago."""
        if self._folder is not None:
            path = self._path(world, replay, k, place.month)
            beside = path.with_name(f"{path.name}.{uuid.uuid4().hex}")
            try:
                write_place(beside, place, shared)
                beside.replace(path)
                with suppress(FileNotFoundError):
                    self._path(world, replay, k, place.month - 2 * YEAR).unlink()
                return
            except OSError:
                with suppress(OSError):
                    beside.unlink()
        self._hold(world, replay, k, place)

    def _hold(self, world: str, replay: int, k: int, place: Place) -> None:
        """Keep it in memory, if there is room for it."""
        free, size = memory_available_mib(), place.bytes_per_resident() * len(place.residents) / 2**20
        if free is None or sum(held for _, held in self._held.values()) + size < _HELD_AT_MOST * free:
            self._held[world, replay, k, place.month] = place, size

    def take(self, world: str, replay: int, k: int, month: int, shared: dict[str, Any]) -> Place | None:
        """The subdistrict as it was at the start of ``month``, None where this worker does not have it."""
        place, _ = self._held.pop((world, replay, k, month), (None, 0.0))  # it will be written to
        if place is None and self._folder is not None:
            with suppress(OSError):
                place = read_place(self._path(world, replay, k, month), shared)
        return place

    def forget(self, world: str, replay: int) -> None:
        """Give back what a unit takes, once."""
        if (world, replay) in self._forgotten:
            return
        self._forgotten.add((world, replay))
        for key in [key for key in list(self._held) if key[:2] == (world, replay)]:
            self._held.pop(key, None)
        if self._folder is not None:
            for path in self._folder.glob(f"{_short(world)}.{replay}.*"):
                path.unlink(missing_ok=True)

    def close(self) -> None:
        """Give back everything."""
        self._held.clear()
        if self._folder is not None:
            with suppress(OSError):
                for path in self._folder.iterdir():
                    path.unlink(missing_ok=True)
                self._folder.rmdir()


def scratch() -> Path:
    """The folder in which this worker keeps subdistricts: the one named by ``COUNTERSCORE_SCRATCH``, that of the Dask
    worker, else the temporary one.
    """
    if chosen := os.environ.get(SCRATCH):
        return Path(chosen)
    worker = _dask_worker()
    return Path(worker.local_directory).parent if worker else Path(tempfile.gettempdir())  # it outlives the worker


def _dask_worker() -> Any:
    """The worker of Dask that this is, if it is one."""
    if "distributed" in sys.modules:
        from distributed import get_worker

        with suppress(ValueError):
            return get_worker()
    return None


def _address() -> str:
    worker = _dask_worker()
    return str(worker.address) if worker else ""


def _short(world: str) -> str:
    """A world's name as part of a file's name."""
    return hashlib.sha256(world.encode()).hexdigest()[:16]


def _remove_what_was_left_behind(own: Path) -> None:
    """Remove what other jobs of this user left here long ago: whoever sent them was killed."""
    for folder in own.parent.glob(f"counterscore-{os.getuid()}-" + "[0-9a-f]" * 24):
        with suppress(OSError):
            if folder != own and time.time() - folder.lstat().st_mtime > _LEFT_BEHIND and not folder.is_symlink():
                for path in folder.glob("*.place*"):
                    path.unlink()
                folder.rmdir()


_jobs: dict[str, _Job] = {}
_learning = threading.Lock()


def _known(job: str, raw: bytes | None) -> _Job | None:
    """What this process knows of a job, learnt from ``raw`` where it is new; by one thread, while the others wait."""
    with _learning:
        if job not in _jobs and raw is not None:
            _jobs[job] = _Job(job, raw)
            for other in list(_jobs)[:-_MOST_JOBS]:  # whoever sent it may have been killed
                del _jobs[other]
        return _jobs.get(job)


def _forget(job: str) -> None:
    with _learning:
        known = _jobs.pop(job, None)
    (known.keeping if known else Keeping(job)).close()


def warm_up_in_turn() -> None:
    """Load the kernels; where they are not compiled yet, one process of this machine does it while the others wait."""
    with _turn():
        warm_up()


@contextmanager
def _turn() -> Iterator[None]:
    folder = kernel_cache()
    try:
        lock = None if folder is None else (folder / ".compiling").open("wb")
    except OSError:
        lock = None
    if lock is None:
        yield
        return
    with lock:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
