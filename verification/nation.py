"""A large run lived by two workers of Dask on this machine, and by one process: what it takes of everything.

    python verification/nation.py [--residents 1400000] [--months 12] [--folder FOLDER] [--without-one-process]

Starts a scheduler and two workers as the guide says, asks them for `court-defaulters` beside `none` by the command line, has
`numbers` and `twins` read the result, and lives the same run once more in one process of one thread. Prints for each
process the largest memory and the processor time, the disk that was taken at most, bytes sent and wall times. Ends with 1 where the digests differ. 1.4 million residents take a minute, 140 million an hour and
13 GB of disk.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from counterscore.results import Run
from counterscore.simulation.worker import SCRATCH

_MIB = 2**20


class Process:
    """A command that was started; ``over`` waits for it and says what it took."""

    def __init__(self, name: str, words: Sequence[str], folder: Path, **environment: str) -> None:
        self.name, self._began = name, time.monotonic()
        self.said = folder / f"{name.replace(' ', '-')}.txt"
        self._file = self.said.open("w")
        self.process = subprocess.Popen(
            [sys.executable, "-m", *words],
            stdout=self._file,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env={**os.environ, **environment},
        )

    def over(self, *, end: bool = False) -> dict[str, Any]:
        """MiB and seconds of the process; ``end`` ends it first."""
        if end:
            self.process.terminate()
        _, status, used = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        self._file.close()
        if self.process.returncode > 0:
            raise SystemExit(f"{self.name}: {self.said.read_text()[-2000:]}")
        return {
            "peak_mib": round(used.ru_maxrss / 1024),
            "cpu_seconds": round(used.ru_utime + used.ru_stime, 1),
            "of_that_system": round(used.ru_stime, 1),
            "wall_seconds": round(time.monotonic() - self._began, 1),
        }


class Disk(threading.Thread):
    """The most bytes that a folder's files took, seen every second."""

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True)
        self._folder, self._over, self.most = folder, threading.Event(), 0
        self.start()

    def run(self) -> None:
        while not self._over.wait(1.0):
            self.most = max(self.most, size(self._folder))

    def stop(self) -> int:
        """MiB at most."""
        self._over.set()
        self.join()
        return round(self.most / _MIB)


def size(folder: Path) -> int:
    """Bytes of all files below a folder."""
    found = 0
    for path, _, names in os.walk(folder):
        for name in names:
            try:
                found += Path(path, name).lstat().st_blocks * 512
            except FileNotFoundError:
                continue
    return found


def _address(scheduler: Process) -> str:
    for _ in range(300):
        if found := re.search(r"Scheduler at:\s+tcp://(\S+)", scheduler.said.read_text()):
            return found[1]
        time.sleep(0.1)
    raise SystemExit("no scheduler came up")


def told(name: str, **figures: Any) -> None:
    """A line of what was seen."""
    print(f"{name:28s}", ", ".join(f"{key} {value}" for key, value in figures.items()), flush=True)


def main() -> int:
    """Live, read and compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--residents", type=int, default=1_400_000)
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--folder", type=Path, help="where runs are put; a temporary folder that is removed by default")
    parser.add_argument("--read", nargs="*", default=["numbers", "twins"], help="the commands that read the run")
    parser.add_argument("--without-one-process", action="store_true")
    asked = parser.parse_args()
    folder = asked.folder or Path(tempfile.mkdtemp(prefix="counterscore-nation-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        return _lived(asked, folder.resolve())
    finally:
        if asked.folder is None:
            shutil.rmtree(folder)


def _lived(asked: argparse.Namespace, folder: Path) -> int:
    words = ["counterscore", "run", "court-defaulters", "--city", "china-2020", "--residents", str(asked.residents)]
    words += ["--months", str(asked.months), "--replicates", "1", "--progress", "none", "--yes"]
    there, here = folder / "there", folder / "here"
    scheduler = Process(
        "scheduler", ["dask", "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"], folder
    )
    address = _address(scheduler)
    start = ["dask", "worker", f"tcp://{address}", "--nthreads", "1", "--no-dashboard", "--no-nanny"]
    workers = [Process(f"worker {k}", start, folder, **{SCRATCH: str(folder / "scratch")}) for k in (1, 2)]
    disk = Disk(folder)
    on = ["--on", f"dask://{address}"]
    shown = Process("planned", [*words, "--dry-run", *on, "--out", str(there)], folder)
    told("the estimate", **shown.over())
    print(*[line for line in shown.said.read_text().splitlines() if "stimate" in line or "orker" in line], sep="\n")
    told("who asks", **Process("asks", [*words, *on, "--out", str(there)], folder).over())
    for one in (*workers, scheduler):
        told(one.name, **one.over(end=True))
    told("disk", most_mib=disk.stop(), kept_mib=round(size(there) / _MIB))
    run = Run(there)
    told("resources.json", **run.resources)
    for name in asked.read:
        told(name, **Process(name, ["counterscore", name, str(there), "--json"], folder).over())
    if asked.without_one_process:
        return 0
    told("one process, one thread", **Process("here", [*words, "--threads", "1", "--out", str(here)], folder).over())
    told("resources.json", **Run(here).resources)
    same = Run(here).digest() == run.digest()
    print("the digests are the same" if same else "THE DIGESTS DIFFER", json.dumps(run.digest()))
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
