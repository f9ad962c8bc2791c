"""The process that works the queue off: ``python -m counterscore.jobs.runner FOLDER``. It ends when nothing waits."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from counterscore.jobs.job import Job, Lock
from counterscore.jobs.queue import Jobs

_LOOK = 0.1  #: seconds between two looks at a job
_ASK_AGAIN = 20.0  #: seconds after which a job that was asked to stop is asked once more


def main(folder: Path) -> None:
    """Work off what waits in ``folder``, one after another; at once where another runner is at it."""
    jobs, lock = Jobs(folder), Lock(folder / "runner.lock")
    while jobs.waiting() and lock.take():
        _outlive(jobs)
        while waiting := jobs.waiting():
            _run(waiting[0])
        lock.release()  # and look once more: somebody may have asked between the last look and this


def _outlive(jobs: Jobs) -> None:
    """Wait for a job whose runner was killed while it went on: two never run at once."""
    while jobs.running():
        time.sleep(_LOOK)


def _run(job: Job) -> None:
    alive = Lock(job.path("alive"))
    if not alive.take():
        return
    try:
        with job.path("out").open("wb") as out, job.path("log").open("wb") as log:
            process = _start(job, alive, out, log)
            job = replace(job, written="running", began=time.time(), pid=process.pid)
            job.write()
            job = job.ended_with(_wait(process, job))
    except OSError as error:  # the disk is full, say: what can be kept of the job is that it failed
        job = replace(job, written="failed", ended=time.time(), code=None)
        sys.stderr.write(f"{job.id}: {error}\n")
    with contextlib.suppress(OSError):
        job.write()
    alive.release()


def _start(job: Job, alive: Lock, out: object, log: object) -> subprocess.Popen[bytes]:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # a child inherits "ignored", and could not be stopped
    more = {"creationflags": 0x00000200} if os.name == "nt" else {"pass_fds": (alive.fileno(),)}
    return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
        [sys.executable, "-m", "counterscore", *job.command],
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=log,
        cwd=job.place or None,
        **more,
    )


def _wait(process: subprocess.Popen[bytes], job: Job) -> int:
    asked = 0.0
    while (code := process.poll()) is None:
        if job.path("stop").exists() and time.monotonic() - asked > _ASK_AGAIN:
            asked = time.monotonic()
            process.send_signal(signal.CTRL_BREAK_EVENT if os.name == "nt" else signal.SIGINT)  # type: ignore[attr-defined]
        time.sleep(_LOOK)
    return code


if __name__ == "__main__":
    main(Path(sys.argv[1]))
