"""The jobs of a folder: ask for one, see them all, start the runner."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from counterscore.errors import RunError, UsageError
from counterscore.jobs.job import ENDED, Job, Lock

_RUNNER = "counterscore.jobs.runner"
_started: list[
    subprocess.Popen[bytes]
] = []  #: runners of this process, asked for their end so that none stays a zombie


class Jobs:
    """The jobs in ``folder``, which is made when the first is asked for. ``environment`` is added to that of each."""

    def __init__(self, folder: Path, environment: dict[str, str] | None = None) -> None:
        self.folder = folder
        self.environment = environment or {}

    def __iter__(self) -> Iterator[Job]:
        """All jobs, in the order in which they were asked for."""
        found = (Job.read(file) for file in sorted(self.folder.glob("*.json")))
        return iter(sorted((job for job in found if job), key=lambda job: (job.asked, job.id)))

    def find(self, id_: str) -> Job:
        """The job called ``id_``; raises ``UsageError`` where there is none."""
        job = Job.read(self.folder / f"{id_}.json") if id_.replace("-", "").isalnum() else None
        if job is None:
            raise UsageError(f'nothing was asked for under the name "{id_}"', suggestion="All: counterscore list runs")
        return job

    def ask(self, command: Sequence[str], title: str) -> Job:
        """Put ``counterscore COMMAND`` into the queue and see to it that it is worked off."""
        self.folder.mkdir(parents=True, exist_ok=True)
        now = time.time()
        name = f"{time.strftime('%Y%m%d-%H%M%S', time.localtime(now))}-{secrets.token_hex(3)}"
        job = Job(id=name, title=title, command=tuple(command), asked=now, folder=self.folder, place=str(Path.cwd()))
        job.write()
        self.work()
        return job

    def answer(self, command: Sequence[str]) -> dict[str, Any]:
        """What ``counterscore COMMAND --json`` prints, where that takes seconds and not minutes.

        Raises ``RunError`` where it prints nothing that can be read.
        """
        made = subprocess.run(
            [sys.executable, "-m", "counterscore", *command, "--json"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env={**os.environ, **self.environment},
            check=False,
        )
        try:
            found: dict[str, Any] = json.loads(made.stdout)
        except ValueError:
            said = made.stderr.decode("utf-8", errors="replace").strip()
            raise RunError(said.splitlines()[-1] if said else "the command ended without a word") from None
        return found

    def waiting(self) -> list[Job]:
        """Those that have not begun, in order."""
        return [job for job in self if job.state == "queued"]

    def running(self) -> list[Job]:
        """Those that are going on."""
        return [job for job in self if job.state == "running"]

    def ahead_of(self, job: Job) -> list[Job]:
        """What runs or waits before a job that is queued."""
        return [one for one in [*self.running(), *self.waiting()] if (one.asked, one.id) < (job.asked, job.id)]

    def forget(self, job: Job) -> None:
        """Remove what is kept of a job that has ended. Its run is left alone."""
        if job.state not in ENDED:
            raise UsageError("this is still going on", suggestion="Stop it first.")
        for file in self.folder.glob(f"{job.id}.*"):
            file.unlink(missing_ok=True)

    def work(self) -> None:
        """Start the runner where there is something to do and none is at it."""
        _started[:] = [one for one in _started if one.poll() is None]
        if not self.waiting() or not Lock(self.folder / "runner.lock").free():
            return
        flags: dict[str, Any] = (
            {"creationflags": 0x00000208} if os.name == "nt" else {"start_new_session": True}
        )  # detached, new group
        with (self.folder / "runner.log").open("ab") as log:
            _started.append(
                subprocess.Popen(
                    [sys.executable, "-m", _RUNNER, str(self.folder)],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env={**os.environ, **self.environment},
                    **flags,
                )
            )
