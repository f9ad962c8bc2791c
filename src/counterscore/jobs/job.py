"""One job: what was asked, how far it has got, how it ended."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

#: "lost": it was running and its process is gone without having said how it ended.
State = Literal["queued", "running", "done", "stopped", "failed", "cancelled", "lost"]
ENDED: frozenset[State] = frozenset(["done", "stopped", "failed", "cancelled", "lost"])
#: Exit codes that follow a wish to stop: the command line's (see ``errors``), and that of a process which was told
#: before it could listen: the system ended it.
_STOPPED = frozenset([6, 130, -signal.SIGINT])
_TAIL = 64 * 1024  #: bytes of a log that are looked at


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job has got. ``seconds_left`` is None until something was measured; ``run`` is its run folder."""

    done: int = 0
    of: int = 0
    share: float = 0.0
    seconds_left: float | None = None
    so_far: dict[str, Any] = field(default_factory=dict)
    run: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """One job as its file tells it. Times are seconds since 1970; ``code`` is the exit code, None while unknown.

    ``place`` is the folder in which its command is typed; empty for that of whoever works the queue off.
    """

    id: str
    title: str
    command: tuple[str, ...]
    asked: float
    folder: Path
    written: State = "queued"
    began: float | None = None
    ended: float | None = None
    pid: int | None = None
    code: int | None = None
    place: str = ""

    @classmethod
    def read(cls, file: Path) -> Job | None:
        """The job in a file, or None where it cannot be read."""
        try:
            kept = json.loads(file.read_text(encoding="utf-8"))
            return cls(**(kept | {"folder": file.parent, "command": tuple(kept["command"])}))
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def write(self) -> None:
        """Keep the job. Raises ``OSError`` where the disk refuses."""
        kept = asdict(self) | {"command": list(self.command)}
        del kept["folder"]
        part = self.path("part")
        part.write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")
        part.replace(self.path("json"))

    def path(self, ending: str) -> Path:
        """A file of this job: json, log (its messages), out (its result), alive (its lock), stop (that it should)."""
        return self.folder / f"{self.id}.{ending}"

    @property
    def state(self) -> State:
        """What is going on with it now."""
        if self.written == "queued" and self.path("stop").exists():
            return "cancelled"
        if self.written == "running" and not self.alive:
            return "lost"
        return self.written

    @property
    def alive(self) -> bool:
        """Whether its process, or the runner that waits for it, is there."""
        return not Lock(self.path("alive")).free()

    def messages(self) -> Iterator[dict[str, Any] | str]:
        """The last lines of the log: progress as data, everything else as text."""
        try:
            with self.path("log").open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(0, size - _TAIL))
                text = file.read().decode("utf-8", errors="replace")
        except OSError:
            return
        for line in text.splitlines():
            if line.startswith("{"):
                try:
                    yield json.loads(line)
                    continue
                except ValueError:
                    pass
            yield line

    def progress(self) -> Progress:
        """How far it has got, from its log."""
        found = Progress()
        for line in self.messages():
            if isinstance(line, dict) and line.get("t") == "progress":
                found = replace(
                    found,
                    done=line["replays_done"],
                    of=line["replays"],
                    share=line["share"],
                    seconds_left=line["seconds_left"],
                    so_far=line["so_far"],
                    run=line.get("run") or found.run,
                )
        return found

    def said(self) -> tuple[str, ...]:
        """What it said, without its progress."""
        return tuple(line.rstrip() for line in self.messages() if isinstance(line, str) and line.strip())

    def result(self) -> dict[str, Any]:
        """What it printed as JSON; empty where it printed none that can be read."""
        try:
            found = json.loads(self.path("out").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def stop(self) -> None:
        """Ask it to stop and keep what is finished; a queued one is cancelled."""
        self.path("stop").touch()
        if self.written == "running" and self.pid and not _runner_lives(self.folder) and self.alive:
            os.kill(self.pid, signal.SIGINT)  # its runner is gone; the lock says that the number is still its own

    def ended_with(self, code: int) -> Job:
        """The job as it is after its process returned ``code``."""
        state: State = "done" if code == 0 else "stopped" if code in _STOPPED else "failed"
        return replace(self, written=state, code=code, ended=time.time())


class Lock:
    """An operating-system lock on a file: it is gone when the last process that holds it is."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: Any = None

    def take(self) -> bool:
        """Take it; False where somebody else holds it."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = self.path.open("a+b")
        try:
            _lock(file)
        except OSError:
            file.close()
            return False
        self._file = file
        return True

    def fileno(self) -> int:
        """The descriptor that a child inherits to hold the lock too."""
        number: int = self._file.fileno()
        return number

    def release(self) -> None:
        """Let go of it."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def free(self) -> bool:
        """Whether nobody holds it."""
        if not self.path.exists():
            return True
        took = self.take()
        self.release()
        return took


def _runner_lives(folder: Path) -> bool:
    return not Lock(folder / "runner.lock").free()


if os.name == "nt":  # pragma: no cover

    def _lock(file: Any) -> None:
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]

else:

    def _lock(file: Any) -> None:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
