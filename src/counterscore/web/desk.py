"""Helpers in other processes, and what they worked out.

The process that serves pages never imports the engine: it stays small, and no simulation can make it slow. What a page
needs is asked of a helper; answers about a run are kept in files, under a name that changes whenever anything of the
run or of this program does. Helpers leave when nobody has asked for a while.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import multiprocessing
import shutil
import signal
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from concurrent.futures import TimeoutError as StillAtIt
from functools import cache
from pathlib import Path
from typing import Any

from counterscore.errors import RunError
from counterscore.run_folder import stamp

_HELPERS = 2
_IDLE = 120.0  #: seconds after which helpers leave
PATIENCE = 1.5  #: seconds a page waits before it says that something is being worked out
FOR_FILES = 120.0  #: seconds a download may take to begin
_REMEMBERED = 64  #: answers held in memory
_LARGEST = 256 * 1024  #: bytes of an answer that is


class Working(Exception):  # noqa: N818  (a state, no error)
    """The answer is being worked out; ``since`` is how many seconds it has taken so far."""

    def __init__(self, since: float) -> None:
        super().__init__(f"being worked out for {since:.0f} s")
        self.since = since


class Desk:
    """Where pages ask. ``folder`` keeps the answers about runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._pool: ProcessPoolExecutor | None = None
        self._lock = threading.Lock()
        self._asked = time.monotonic()
        self._going: dict[str, tuple[float, Future[Any]]] = {}
        self._prepared: set[str] = set()
        self._memory: OrderedDict[str, str] = OrderedDict()

    def ask(self, function: Callable[..., Any], *arguments: Any, patience: float | None = 60.0) -> Any:
        """``function(*arguments)``, worked out by a helper. Raises what it raises, ``Working`` after ``patience``."""
        return self._answer(f"{function.__qualname__}{arguments}", function, arguments, patience)

    def about(self, run: Path, function: Callable[..., Any], *arguments: Any, patience: float = PATIENCE) -> Any:
        """``function(run, *arguments)`` as plain data, kept until the run changes. Raises ``Working`` at first."""
        return self._kept(f"{run.name}/{run_key(run)}", function, (run, *arguments), patience)

    def each_about(
        self, run: Path, function: Callable[..., Any], arguments: Sequence[tuple[Any, ...]], patience: float = PATIENCE
    ) -> list[Any]:
        """Several answers of one function at once; in the place of one that is not there yet its ``Working``."""
        where, until = f"{run.name}/{run_key(run)}", time.monotonic() + patience
        found: list[Any] = []
        for look in (0.0, None):  # all are asked for before any is waited for
            found = []
            for some in arguments:
                left = max(0.0, until - time.monotonic()) if look is None else look
                try:
                    found.append(self._kept(where, function, (run, *some), left))
                except Working as working:
                    found.append(working)
            if not any(isinstance(one, Working) for one in found):
                break
        return found

    def prepare(self, function: Callable[..., Any], *arguments: Any) -> None:
        """Let every helper do ``function(*arguments)`` once, so that what is asked next comes sooner. Nobody waits for it."""
        key = f"{function.__qualname__}{arguments}"
        with self._lock:
            if key not in self._prepared:
                for _ in range(_HELPERS):
                    self._submit(function, arguments)
                self._prepared.add(key)
                self._asked = time.monotonic()

    def known(self, function: Callable[..., Any], *arguments: Any, patience: float = 30.0) -> Any:
        """``function(*arguments)`` about what comes along with this program, kept until the program changes."""
        return self._kept(f".program/{program_key()[:16]}", function, arguments, patience)

    def _kept(self, where: str, function: Callable[..., Any], arguments: tuple[Any, ...], patience: float) -> Any:
        asked = json.dumps([function.__module__, function.__qualname__, arguments], default=str)
        name = hashlib.sha256(asked.encode()).hexdigest()[:20]
        key = f"{where}/{name}"
        text = self._memory.get(key)
        if text is None:
            file = self.folder / f"{key}.json"
            try:
                text = file.read_text(encoding="utf-8")
            except OSError:
                answer = self._answer(key, function, arguments, patience)
                text = json.dumps(answer, ensure_ascii=False, allow_nan=False, default=str)
                self._keep(file, text)
            if len(text) <= _LARGEST:
                with self._lock:
                    self._memory[key] = text
                    while len(self._memory) > _REMEMBERED:
                        self._memory.popitem(last=False)
        return json.loads(text)

    def _answer(
        self, key: str, function: Callable[..., Any], arguments: tuple[Any, ...], patience: float | None
    ) -> Any:
        with self._lock:
            began, future = self._going.get(key) or (time.monotonic(), self._submit(function, arguments))
            self._going[key] = began, future
            self._asked = time.monotonic()
        try:
            found = future.result(patience)
        except StillAtIt:
            raise Working(time.monotonic() - began) from None
        except BrokenExecutor:
            self._close_pool()
            self._going.pop(key, None)
            raise RunError(
                "the helper that worked this out was ended from outside",
                suggestion="Perhaps memory ran out. Try again.",
            ) from None
        except BaseException:
            self._going.pop(key, None)
            raise
        self._going.pop(key, None)
        return found

    def _submit(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Future[Any]:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                _HELPERS, mp_context=multiprocessing.get_context("spawn"), initializer=_ignore_ctrl_c
            )
            threading.Thread(target=self._watch, daemon=True).start()
        return self._pool.submit(function, *arguments)

    def _watch(self) -> None:
        while self._pool is not None:
            time.sleep(5)
            idle = time.monotonic() - self._asked > _IDLE and all(future.done() for _, future in self._going.values())
            if idle:
                self._close_pool()

    def _close_pool(self) -> None:
        with self._lock:
            pool, self._pool = self._pool, None
            self._prepared.clear()
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)

    def _keep(self, file: Path, text: str) -> None:
        """Keep an answer, and nothing of what the run was before. A full disk only means that it is asked again."""
        with contextlib.suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            for old in file.parent.parent.iterdir():
                if old != file.parent:
                    shutil.rmtree(old, ignore_errors=True)
            part = file.with_suffix(f".{threading.get_ident()}.part")
            part.write_text(text, encoding="utf-8")
            part.replace(file)

    def forget(self, run: Path) -> None:
        """Drop what is kept about a run."""
        shutil.rmtree(self.folder / run.name, ignore_errors=True)

    def close(self) -> None:
        """Send the helpers home, whatever they are at."""
        pool = self._pool
        processes = list(getattr(pool, "_processes", None) or {}) if pool else []
        children = [one for one in multiprocessing.active_children() if one.pid in processes]
        self._close_pool()
        for child in children:
            child.terminate()


def _ignore_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is meant for the server, which ends its helpers itself


def run_key(run: Path) -> str:
    """A name that changes when a file of the run changes, a replay is added, or this program is another."""
    return hashlib.sha256(f"{program_key()} {stamp(run)}".encode()).hexdigest()[:16]


@cache
def program_key() -> str:
    """A name that changes when a module of this program does."""
    found = hashlib.sha256()
    home = Path(__file__).parent.parent
    for file in sorted(home.rglob("*.py")):
        stat = file.stat()
        found.update(f"{file.relative_to(home)} {stat.st_mtime_ns} {stat.st_size}\n".encode())
    return found.hexdigest()
