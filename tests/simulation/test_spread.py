"""A run lived by others is the run of one thread, bit for bit, whoever answers, how often and in which order."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterscore.engine import layout
from counterscore.errors import RunError, UsageError
from counterscore.results import Run
from counterscore.simulation import again, clusters, execute, spread, worker
from counterscore.simulation.worker import SCRATCH, Answer, Errand
from counterscore.specification import RunSpec
from tests import worlds


@pytest.fixture(autouse=True)
def _own_scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv(SCRATCH, str(tmp_path / "scratch"))
    worker._jobs.clear()
    yield
    worker._jobs.clear()


def _left(folder: Path) -> list[Path]:
    return [path for path in (folder / "scratch").rglob("*") if path.is_file()]


def test_threads_behind_an_executor_make_the_same_run(spec: RunSpec, alone: Run, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    with ThreadPoolExecutor(3) as pool:
        run = execute(spec, tmp_path / "run", on=pool, progress=lambda done, of, left, means: told.append((done, of)))
    assert run.digest() == alone.digest()
    assert run.first_difference(alone) is None
    assert run.residents().equals(alone.residents())
    assert run.firms().equals(alone.firms())
    assert run.resources["on"] == "ThreadPoolExecutor"
    assert run.resources["years_lived_again"] == 0
    assert run.resources["bytes_from_workers"] > 10_000
    assert told[-1] == (96, 96)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert not _left(tmp_path)


class Unruly:
    """An executor as bad as a network: answers come in any order, twice, not at all; what was kept is lost or damaged."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.lots, self.folder, self.lost = random.Random(seed), folder, 0
        self._max_workers = 3
        self._pool = ThreadPoolExecutor(3)
        self._lock = threading.Lock()

    def submit(self, function: Any, errand: Errand, job: bytes | None) -> Future[Answer]:
        with self._lock:
            fails, twice, spoilt = (self.lots.random() < chance for chance in (0.15, 0.2, 0.15))
            kept = [path for path in _left(self.folder) if path.suffix == ".place"]
            gone = self.lots.choice(kept) if spoilt and kept else None
        if errand.kind == "end":
            return self._pool.submit(function, errand, job)
        if gone is not None:
            self.lost += 1
            raw = gone.read_bytes() if gone.exists() else b""
            gone.unlink(missing_ok=True)
            if self.lots.random() < 0.5:
                gone.write_bytes(raw[: len(raw) // 2])

        def done() -> Answer:
            if twice:
                function(errand, job)
            found: Answer = function(errand, job)
            if fails:
                raise ConnectionResetError("the worker has gone")
            return found

        return self._pool.submit(done)


@settings(deadline=None, max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 2**32))
def test_whatever_goes_wrong_on_the_way_the_bits_are_the_same(
    spec: RunSpec, alone: Run, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    folder = tmp_path_factory.mktemp("unruly")
    monkeypatch.setenv(SCRATCH, str(folder / "scratch"))
    worker._jobs.clear()
    run = execute(spec, folder / "run", on=Unruly(seed, folder))
    assert run.digest() == alone.digest()
    assert run.resources["given_out_again"] > 0
    assert not _left(folder)


@pytest.mark.parametrize("room", [0.5, 0.0])
def test_a_worker_without_a_disk(
    spec: RunSpec, alone: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: float
) -> None:
    (tmp_path / "a file").write_text("in the way")
    monkeypatch.setenv(SCRATCH, str(tmp_path / "a file" / "scratch"))
    monkeypatch.setattr(worker, "_HELD_AT_MOST", room)  # of the memory; without any, everything is lived again
    with ThreadPoolExecutor(2) as pool:
        run = execute(spec, tmp_path / "run", on=pool)
    assert run.digest() == alone.digest()
    assert run.resources["years_lived_again"] == (0 if room else 2 * 16 * (1 + 2))


def test_small_cities_are_lived_replicate_by_replicate(tmp_path: Path) -> None:
    city = worlds.city(700)
    spec = RunSpec.of(worlds.town(), city, base=worlds.none(), assumptions=worlds.busy(), months=30, replays=4)
    with ThreadPoolExecutor(2) as pool:
        run = execute(spec, tmp_path / "run", on=pool)
        errands = run.resources["errands"]
        more = again(run, tmp_path / "run", replays=6, resume=True, on=pool)
    whole = execute(replace(spec, replays=6), tmp_path / "alone", threads=1)
    assert errands <= 2 * 4 + 1 + 8  # one for each world and replicate, the roster, and telling of the job
    assert more.digest() == whole.digest()


def test_nothing_that_is_sent_can_be_written_to_and_nothing_has_to_be(spec: RunSpec) -> None:
    """An errand brings bytes: no array that somebody else holds too, through whose read-only flag a kernel could write."""
    raw = worker.pack_job(spec)
    errand = Errand("months", "job", worker.code_digest(), "none", 0, (3,), 0, bytes(8 * layout.N_FIGURES))
    assert all(isinstance(getattr(errand, name), str | int | bytes | tuple) for name in Errand.__dataclass_fields__)
    first, second = (worker.answer(errand, raw) for _ in range(2))
    assert first.integers == second.integers
    assert worker.unpack_job(raw).digest() == spec.digest()
    totals, _, adults = worker.unpack_integers(first.integers)
    assert totals["counts"][:12].any()
    assert not totals["counts"][12:].any()
    assert adults.sum() > 1000


def test_tables_come_back_as_they_went() -> None:
    parts = [
        {"a": np.arange(5, dtype=np.uint8), "b": np.array([-1, 2**40, 3, 4, 5])},
        {"a": np.zeros(0, np.uint8), "b": np.zeros(0, np.int64)},
        {"a": np.full(2, 255, np.uint8), "b": np.array([7, 8])},
    ]
    found = list(worker.unpack_tables(worker.pack_tables(parts)))
    assert [{name: (column.dtype, column.tolist()) for name, column in part.items()} for part in found] == [
        {name: (column.dtype, column.tolist()) for name, column in part.items()} for part in parts
    ]


def test_a_worker_of_another_version_is_refused(spec: RunSpec, tmp_path: Path) -> None:
    class Other(ThreadPoolExecutor):
        def submit(self, function: Any, errand: Errand, job: Any) -> Future[Any]:  # type: ignore[override]
            return super().submit(function, replace(errand, code="0" * 64), job)

    with Other(2) as pool, pytest.raises(RunError, match="runs another version; this run needs") as told:
        execute(spec, tmp_path / "run", on=pool)
    assert "Install the version on every worker" in told.value.suggestion


def test_a_worker_that_lacks_counterscore_is_told_in_words(spec: RunSpec, tmp_path: Path) -> None:
    class Bare(ThreadPoolExecutor):
        def submit(self, function: Any, errand: Errand, job: Any) -> Future[Any]:  # type: ignore[override]
            def fails() -> None:
                raise ModuleNotFoundError("No module named 'counterscore'")

            return super().submit(fails)

    with Bare(2) as pool, pytest.raises(RunError, match=r"a worker cannot run counterscore .ModuleNotFoundError"):
        execute(spec, tmp_path / "run", on=pool)


def test_what_always_fails_ends_the_run_and_keeps_what_is_finished(spec: RunSpec, alone: Run, tmp_path: Path) -> None:
    class Refusing(ThreadPoolExecutor):
        def submit(self, function: Any, errand: Errand, job: Any) -> Future[Any]:  # type: ignore[override]
            def done() -> Any:
                if errand.world == "none":
                    raise OSError("no room on the disk")
                return function(errand, job)

            return super().submit(done)

    out = tmp_path / "run"
    with (
        Refusing(2) as pool,
        pytest.raises(RunError, match=r"an errand failed 20 times .OSError: no room on the disk") as told,
    ):
        execute(spec, out, on=pool)
    assert f"counterscore run --resume {out}" in told.value.suggestion
    assert again(Run(out), out, resume=True, threads=1).digest() == alone.digest()


def test_a_broken_pool_keeps_finished_units_and_the_run_goes_on_here(spec: RunSpec, alone: Run, tmp_path: Path) -> None:
    class Breaks(ThreadPoolExecutor):
        def submit(self, function: Any, errand: Errand, job: Any) -> Future[Any]:  # type: ignore[override]
            def done() -> Any:
                if errand.world == "none" and errand.year == 1:
                    raise BrokenExecutor("a process in the pool was terminated abruptly")
                return function(errand, job)

            return super().submit(done)

    out = tmp_path / "run"
    with Breaks(1) as pool, pytest.raises(RunError, match="run stopped: Breaks does not answer any more") as told:
        execute(spec, out, on=pool)
    assert "go on here" in told.value.suggestion.lower()
    assert again(Run(out), out, resume=True, threads=1).digest() == alone.digest()


def test_a_slow_worker_is_not_waited_for(
    spec: RunSpec, alone: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spread, "_SLOW_AT_LEAST", 0.5)
    monkeypatch.setattr(spread, "_TICK", 0.1)
    over, stuck = threading.Event(), threading.Lock()

    class Slow(ThreadPoolExecutor):
        def submit(self, function: Any, errand: Errand, job: Any) -> Future[Any]:  # type: ignore[override]
            def done() -> Any:
                if errand.year == 1 and errand.world == "none" and stuck.acquire(blocking=False):
                    over.wait(120)  # this one is stuck until the run is over
                return function(errand, job)

            return super().submit(done)

    with Slow(3) as pool:
        run = execute(spec, tmp_path / "run", on=pool)
        waited = not over.is_set()
        over.set()
    assert waited
    assert run.digest() == alone.digest()
    assert run.resources["given_out_again"] >= 1


def test_who_hangs_may_hold_as_many_errands_as_there_are_workers(
    spec: RunSpec, alone: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker of Dask has the next errand at hand while it does one, so one that hangs holds two."""
    monkeypatch.setattr(spread, "_SLOW_AT_LEAST", 0.5)
    monkeypatch.setattr(spread, "_TICK", 0.1)
    over, stuck = threading.Event(), threading.Semaphore(2)

    class Hanging:
        _max_workers = 2

        def __init__(self, pool: ThreadPoolExecutor) -> None:
            self._pool = pool

        def submit(self, function: Any, errand: Errand, job: Any) -> Future[Any]:
            def done() -> Any:
                if errand.year == 1 and errand.world == "none" and stuck.acquire(blocking=False):
                    over.wait(120)
                return function(errand, job)

            return self._pool.submit(done)

    with ThreadPoolExecutor(4) as pool:
        run = execute(spec, tmp_path / "run", on=Hanging(pool))
        waited = not over.is_set()
        over.set()
    assert waited
    assert run.digest() == alone.digest()
    assert run.resources["given_out_again"] >= 2


@pytest.mark.parametrize(
    ("on", "said"),
    [
        ("ray://host:1", "nobody can be found at"),
        ("dask://", "nobody can be found at"),
        ("dask://host", "nobody can be found at"),
        ("dask://host:0", "nobody can be found at"),
        ("dask://host:99999", "nobody can be found at"),
        ("tcp://host:8786", "nobody can be found at"),
        ("", "nobody can be found at"),
        (7, "on must be an address or an executor, found int"),
    ],
)
def test_an_address_that_is_none(spec: RunSpec, tmp_path: Path, on: Any, said: str) -> None:
    with pytest.raises(UsageError, match=said) as told:
        execute(spec, tmp_path / "run", on=on)
    assert "dask://HOST:PORT" in told.value.suggestion
    assert not (tmp_path / "run").exists()


def test_addresses() -> None:
    assert clusters.address_of("dask") == ""
    assert clusters.address_of("dask://node-7.cluster:8786") == "tcp://node-7.cluster:8786"
    assert clusters.address_of("dask+tls://[fe80::1]:8786/") == "tls://[fe80::1]:8786"


def test_without_dask_the_extra_is_named(spec: RunSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(UsageError, match="needs Dask, which is not installed here") as told:
        execute(spec, tmp_path / "run", on="dask")
    assert 'pip install "counterscore[cluster]"' in told.value.suggestion
    assert not (tmp_path / "run").exists()


def test_a_client_that_is_closed_is_told_before_anything_is_written(spec: RunSpec, tmp_path: Path) -> None:
    class Closed:
        status = "closed"

        class scheduler:  # noqa: N801
            address = "tcp://127.0.0.1:8786"
            ncores = None

        def sync(self, *_: object, **__: object) -> None:
            raise TimeoutError

        def submit(self, *_: object, **__: object) -> None:
            raise AssertionError

    with pytest.raises(UsageError, match=r"the scheduler at dask://127.0.0.1:8786 does not answer any more"):
        execute(spec, tmp_path / "run", on=Closed())
    assert not (tmp_path / "run").exists()
