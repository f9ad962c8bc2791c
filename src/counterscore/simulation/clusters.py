"""Who does a run's errands: a Dask cluster, or anything that takes calls as ``concurrent.futures.Executor`` does.

Deployments are Dask's affair (SSH, batch queues, Kubernetes): what is asked for here is the address of a scheduler. Dask is
imported only where it is asked for.
"""

from __future__ import annotations

import logging
import re
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, CancelledError
from contextlib import contextmanager, suppress
from typing import Any, Protocol

from counterscore.errors import RunError, UsageError
from counterscore.simulation.estimate import usable_threads
from counterscore.simulation.worker import Answer, Errand, answer

LOCAL = "dask"  #: ``--on`` for workers of this machine
_ADDRESS = re.compile(r"dask(?P<tls>\+tls)?://(?P<at>(\[[0-9A-Fa-f:.]+\]|[\w.-]+):(?P<port>[0-9]{1,5}))/?")
_PATIENCE = 15.0  #: seconds in which a scheduler has to answer
_FIRST_WORKER = 120.0  #: seconds in which a cluster without workers must have one
_NO_WORKER = 600.0  #: and one that has lost them all, in mid-run
_UNKNOWN = 16  #: calls at once of an executor that does not say how many it takes
_TLS = "dask+tls://"


class Workers(Protocol):
    """Those who do errands. ``name`` is as people wrote it."""

    name: str

    def slots(self) -> int:
        """How many errands are done at once, at least 1. Raises ``LostError`` where nobody is left to say."""

    def submit(self, errand: Errand, job: bytes | None, near: str, rank: int) -> Any:
        """Have an errand done, if possible by the worker at ``near``, lower ranks first; a future of its answer."""

    def shun(self, future: Any) -> None:
        """Ask whoever has this errand for nothing more while there are others, until ``trust``."""

    def trust(self, address: str) -> None:
        """The worker at an address has answered."""

    def has_gone(self, near: str) -> bool:
        """Whether the worker at an address was not there any more when ``slots`` was asked last."""

    def is_lost(self, error: BaseException) -> bool:
        """Whether an error means that no errand will be done any more, rather than that one worker has gone."""

    def say_goodbye(self, errand: Errand) -> None:
        """Let every worker give back what it keeps."""


class LostError(Exception):
    """There is nobody any more who does errands; the message says who has gone."""


class _Executor:
    """Processes or threads behind ``submit``."""

    def __init__(self, executor: Any) -> None:
        self._executor = executor
        self.name = type(executor).__name__

    def slots(self) -> int:
        return int(getattr(self._executor, "_max_workers", 0) or _UNKNOWN)

    def submit(self, errand: Errand, job: bytes | None, near: str, rank: int) -> Any:
        del near, rank  # an executor says nothing of who does what
        try:
            return self._executor.submit(answer, errand, job)
        except RuntimeError as error:  # shut down, or broken
            raise LostError(f"{self.name} takes no more calls ({error})") from None

    def shun(self, future: Any) -> None:
        """Nobody can be chosen."""

    def trust(self, address: str) -> None:
        """Nobody was shunned."""

    def has_gone(self, near: str) -> bool:
        return bool(near)  # it has no addresses

    def is_lost(self, error: BaseException) -> bool:
        return isinstance(error, BrokenExecutor)

    def say_goodbye(self, errand: Errand) -> None:
        with suppress(Exception):  # who cannot say goodbye keeps nothing that would be missed
            for future in [self.submit(errand, None, "", 0) for _ in range(self.slots())]:
                future.result(_PATIENCE)


class _Dask:
    """A scheduler of Dask and whoever has joined it."""

    def __init__(self, client: Any, name: str) -> None:
        self._client, self.name = client, name
        self._asked = threading.Lock()
        self._without = 0.0
        self._there: frozenset[str] = frozenset()
        self._shunned: set[str] = set()

    def slots(self) -> int:
        try:
            with self._asked:
                threads = self._client.sync(self._client.scheduler.ncores, callback_timeout=_PATIENCE)
        except (OSError, TimeoutError, AttributeError, RuntimeError, CancelledError) as error:
            raise LostError(f"the scheduler at {self.name} does not answer any more") from error
        self._there = frozenset(threads)
        many: int = sum(threads.values())
        if many:
            self._without = 0.0
        elif not self._without:
            self._without = time.monotonic()
        elif time.monotonic() - self._without > _NO_WORKER:
            raise LostError(f"no worker is left at {self.name}")
        return max(1, many)

    def submit(self, errand: Errand, job: bytes | None, near: str, rank: int) -> Any:
        key = f"counterscore-{errand.kind}-{errand.world}-{errand.replay}-{errand.year}-{uuid.uuid4().hex}"
        wanted = sorted(({near} & self._there or (self._there if self._shunned else set())) - self._shunned)
        where = {"workers": wanted, "allow_other_workers": True} if wanted else {}
        try:
            return self._client.submit(answer, errand, job, key=key, pure=False, priority=-rank, **where)
        except (OSError, RuntimeError, ValueError) as error:
            if near:  # that worker has gone
                return self.submit(errand, job, "", rank)
            raise LostError(f"the scheduler at {self.name} does not answer any more") from error

    def shun(self, future: Any) -> None:
        found: dict[str, Any] = {}
        with suppress(Exception):  # it is only about time
            found = self._client.sync(self._client.scheduler.processing, workers=None, callback_timeout=_PATIENCE)
        self._shunned |= {address for address, keys in found.items() if future.key in keys}

    def trust(self, address: str) -> None:
        self._shunned.discard(address)

    def has_gone(self, near: str) -> bool:
        return near not in self._there

    def is_lost(self, error: BaseException) -> bool:
        if not isinstance(error, CancelledError) and type(error).__name__ not in (
            "FutureCancelledError",
            "FuturesCancelledError",
        ):
            return False
        return str(self._client.status) != "running"

    def say_goodbye(self, errand: Errand) -> None:
        with suppress(Exception):  # whoever has gone keeps nothing, or it is removed by the next who comes
            self._client.sync(self._client._run, answer, errand, callback_timeout=_PATIENCE)


@contextmanager
def workers_at(on: Any, *, threads: int) -> Iterator[Workers]:
    """Those whom ``on`` names: ``"dask"`` for ``threads`` workers of this machine, ``"dask://HOST:PORT"`` for a scheduler,
    a client of Dask, or something with ``submit`` as ``concurrent.futures.Executor`` has it.

    Raises ``UsageError`` where it names nobody, where nobody answers there, and where Dask is not installed.
    """
    if not isinstance(on, str):
        if not callable(getattr(on, "submit", None)):
            raise UsageError(
                f"on must be an address or an executor, found {type(on).__name__}",
                suggestion='Write "dask://HOST:PORT", a distributed.Client or a concurrent.futures.Executor.',
            )
        is_client = hasattr(on, "scheduler") and hasattr(on, "sync")
        yield _there(_Dask(on, _shown(on)) if is_client else _Executor(on))
        return
    address = address_of(on)
    distributed = _distributed()
    with _quiet(), _opened(distributed, address, on, threads) as client:
        try:
            client.wait_for_workers(1, timeout=_FIRST_WORKER)
        except TimeoutError:
            raise UsageError(
                f"the scheduler at {on} has no workers: none joined it within {_FIRST_WORKER:.0f} seconds",
                suggestion=f"Start some: dask worker {address} --nthreads 1",
            ) from None
        yield _there(_Dask(client, on))


def _there(workers: Workers) -> Workers:
    try:
        workers.slots()
    except LostError as lost:
        raise UsageError(str(lost), suggestion="Connect to it anew.") from None
    return workers


def slots_at(on: Any, *, threads: int | None = None) -> int | None:
    """How many errands are done at once by those whom ``on`` names; ``threads`` where it names nobody, or says so itself."""
    if on is None or threads is not None:
        return threads
    if on == LOCAL:
        return usable_threads()
    with workers_at(on, threads=1) as workers:
        return workers.slots()


def address_of(on: str) -> str:
    """The address that Dask knows a scheduler by; empty for workers of this machine. Raises ``UsageError``."""
    if on == LOCAL:
        return ""
    found = _ADDRESS.fullmatch(on)
    if found is None or not 0 < int(found["port"]) < 65536:
        raise UsageError(
            f'nobody can be found at "{on}"',
            suggestion=f"Write --on dask://HOST:PORT, the address of a scheduler ({_TLS} for one with certificates), or --on dask.",
        )
    return f"{'tls' if found['tls'] else 'tcp'}://{found['at']}"


def _distributed() -> Any:
    try:
        import distributed
    except ImportError:
        raise UsageError(
            "--on needs Dask, which is not installed here",
            suggestion='Install it with: pip install "counterscore[cluster]"',
        ) from None
    return distributed


@contextmanager
def _opened(distributed: Any, address: str, on: str, threads: int) -> Iterator[Any]:
    own = None
    try:
        if not address:
            own = distributed.LocalCluster(
                n_workers=threads,
                threads_per_worker=1,
                processes=True,
                dashboard_address=None,
                silence_logs=logging.CRITICAL,
            )
        client = distributed.Client(
            own or address, timeout=_PATIENCE, direct_to_workers=True, set_as_default=False, name="counterscore"
        )
    except (OSError, TimeoutError, ValueError) as error:
        if own is not None:
            own.close()
        why = "within 15 seconds" if isinstance(error, TimeoutError) or "Timed out" in str(error) else f"({error})"
        raise UsageError(
            f"no scheduler answers at {on} {why}",
            suggestion="Is it running, and is its port open from here? Start one with: dask scheduler --port 8786",
        ) from None
    try:
        yield client
    finally:
        for one in (client, own):
            with suppress(Exception):  # nothing hangs on how it is closed
                if one is not None:
                    one.close(timeout=_PATIENCE)


@contextmanager
def _quiet() -> Iterator[None]:
    """What Dask logs while workers come and go is said in our words, where it matters."""
    loggers = [logging.getLogger(name) for name in ("distributed", "tornado.application")]
    before = [one.level for one in loggers]
    for one in loggers:
        one.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for one, level in zip(loggers, before, strict=True):
            one.setLevel(level)


def _shown(client: Any) -> str:
    address = str(getattr(client.scheduler, "address", "") or "a scheduler of Dask")
    return re.sub(r"^tcp://", "dask://", re.sub(r"^tls://", _TLS, address))


def told_of(error: BaseException) -> str:
    """An error of a worker in a few words."""
    return f"{type(error).__name__}: {error}"[:200]


def refused(found: Answer, code: str) -> RunError:
    """What to say of a worker that runs other code."""
    return RunError(
        f"worker {found.worker} runs another version; this run needs {code[:12]}: the same inputs could give other numbers there",
        suggestion="Install the version on every worker that is installed here.",
    )
