"""This checkout beside another revision of it, in one run: ``./dev bench --against REV``.

The other revision is laid into a temporary folder. Every job is a process of its own, started in turn for the two
(A B A B …) after one start that is not counted, so that both have read and compiled what they keep. Times are
processor time of the process and what it starts, as the operating system tells it; memory is its peak.
"""

from __future__ import annotations

import io
import json
import os
import statistics
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]

#: Lives one world of one replay on one core with what each revision offers for it; prints ns a resident-month.
_MONTHS = """
import sys, time
sys.path.insert(0, ".")
from benchmarks.run import city, world
from counterscore.catalog import load_regime
regime, residents, months = {regime}, {residents}, {months}
world(regime, city(2_000), 1)()  # loading the kernels is no part of a month
live = world(regime, city(residents), months)
began = time.process_time()
live()
print((time.process_time() - began) / residents / months * 1e9)
"""
_BYTES = """
import sys
sys.path.insert(0, ".")
from benchmarks.run import city, world
from counterscore.catalog import load_regime
print(world(load_regime("beijing-points"), city(65_536), 60)().places[0].bytes_per_resident())
"""
#: Points, courts and travel lists, without the rule books that ask for consent, of firms and of bodies.
_PUBLIC = """__import__("types").SimpleNamespace(stacked=lambda: tuple(
    part for part in load_regime("beijing-points").stacked()
    if part.id in ("beijing-points", "court-defaulters", "travel-lists-2018")))"""


@dataclass(frozen=True)
class Job:
    """Something that both revisions do. ``of``: what is compared, processor seconds or a figure that it prints."""

    name: str
    target: str
    arguments: tuple[str, ...]
    of: str = "cpu"
    cold: bool = False  #: with an empty cache of compiled kernels


def jobs(full: bool) -> list[Job]:
    residents, decade = (1_000_000, 120) if full else (131_072, 48)

    def months(regime: str, length: int) -> tuple[str, ...]:
        return ("-c", _MONTHS.format(regime=regime, residents=residents, months=length))

    def command(*words: str) -> tuple[str, ...]:
        return ("-m", "counterscore", *words)

    found = [
        Job(
            "months, beijing-points with its nine rule books",
            ">= 2",
            months("load_regime('beijing-points')", 24),
            "printed",
        ),
        Job("months, points, courts and travel", ">= 1.5", months(_PUBLIC, decade), "printed"),
        Job("months, none", ">= 1.5", months("load_regime('none')", decade), "printed"),
        Job("the default command, warm", ">= 2.5", command("run", "--out", "{out}", "--progress", "none")),
        Job(
            "the default command and one reform beside it",
            "",
            command(
                "run",
                "beijing-points",
                "--residents",
                "20000",
                "--also",
                "appeals-60d",
                "--out",
                "{out}",
                "--progress",
                "none",
            ),
        ),
        Job("bytes a resident, nine rule books, five years", ">= 1.5", ("-c", _BYTES), "printed"),
        Job(
            "first run of a fresh install, compilation included",
            ">= 2",
            command("run", "--residents", "2000", "--replays", "2", "--out", "{out}", "--progress", "none"),
            cold=True,
        ),
    ]
    if full:
        sized = ("--residents", "1000000", "--months", "24", "--replays", "1", "--yes")
        found.append(
            Job(
                "1 million residents, 24 months, two worlds, written and summed up",
                ">= 2.5",
                command("run", "beijing-points", *sized, "--out", "{out}", "--progress", "none"),
            )
        )
    return found


@dataclass(frozen=True)
class Took:
    """One process: processor seconds, peak memory in MiB, and the last line it printed."""

    cpu: float
    peak: float
    printed: str


def compare(revision: str, full: bool, rounds: int) -> None:
    """Print a line for each job: here, there, the ratio of the medians and the aim."""
    with tempfile.TemporaryDirectory(prefix="counterscore-bench-") as folder:
        there = Path(folder) / "there"
        _lay_out(revision, there)
        print(
            f"here is this checkout; there is {revision}; medians of {rounds}; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
        )
        print(f"{'':66s} {'here':>10s} {'there':>10s} {'there/here':>11s}  aim     peak MiB here, there")
        for job in jobs(full):
            took = _in_turn(job, {"here": HERE, "there": there}, 1 if job.cold else rounds, Path(folder))
            medians = {name: statistics.median(_figure(job, one) for one in all_) for name, all_ in took.items()}
            peaks = {name: max(one.peak for one in all_) for name, all_ in took.items()}
            print(
                f"{job.name:66s} {medians['here']:10.4g} {medians['there']:10.4g} {medians['there'] / medians['here']:11.2f}  "
                f"{job.target:7s} {peaks['here']:,.0f}, {peaks['there']:,.0f}",
                flush=True,
            )
        print("same numbers: " + _same_numbers(there, Path(folder)))


def _lay_out(revision: str, folder: Path) -> None:
    done = subprocess.run(["git", "archive", "--format=tar", revision], check=False, cwd=HERE, capture_output=True)
    if done.returncode:
        raise SystemExit(f"no revision {revision}: {done.stderr.decode().strip()}")
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as packed:
        packed.extractall(folder, filter="data")


def _in_turn(job: Job, places: dict[str, Path], rounds: int, folder: Path) -> dict[str, list[Took]]:
    took: dict[str, list[Took]] = {name: [] for name in places}
    for turn in range(rounds + (0 if job.cold else 1)):
        for name, place in places.items():
            with tempfile.TemporaryDirectory(dir=folder) as scratch:
                cache = {"NUMBA_CACHE_DIR": scratch} if job.cold else {}
                words = [word.replace("{out}", str(Path(scratch) / "run")) for word in job.arguments]
                one = _run(words, place, cache)
            if turn or job.cold:
                took[name].append(one)
    return took


def _run(words: list[str], place: Path, environment: dict[str, str]) -> Took:
    """Start Python in ``place`` with its sources before any that are installed, and wait for it."""
    # As where it is installed: what was imported once is not translated again.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryFile() as said:
        started = subprocess.Popen(
            [sys.executable, *words],
            cwd=place,
            stdout=said,
            stderr=subprocess.STDOUT,
            env={**inherited, **environment, "PYTHONPATH": str(place / "src")},
        )
        _, status, used = os.wait4(started.pid, 0)
        started.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        lines = said.read().decode(errors="replace").strip().splitlines()
    if started.returncode:
        raise SystemExit(
            f"{place}: {' '.join(words)[:200]} ended with {started.returncode}:\n" + "\n".join(lines[-20:])
        )
    peak = used.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    return Took(used.ru_utime + used.ru_stime, peak, lines[-1] if lines else "")


def _figure(job: Job, took: Took) -> float:
    return took.cpu if job.of == "cpu" else float(took.printed)


def _same_numbers(there: Path, folder: Path) -> str:
    """Whether both revisions come to the same digest of a run, where they count their results as the same."""
    epochs, digests = [], []
    for name, place in (("here", HERE), ("there", there)):
        out = folder / f"digest-{name}"
        _run(
            [
                "-m",
                "counterscore",
                "run",
                "--residents",
                "3000",
                "--replays",
                "2",
                "--out",
                str(out),
                "--progress",
                "none",
            ],
            place,
            {},
        )
        digests.append(_run(["-m", "counterscore", "digest", str(out)], place, {}).printed.split()[0])
        epochs.append(
            _run(["-c", "from counterscore.provenance import RESULTS_EPOCH as e; print(e)"], place, {}).printed
        )
    if epochs[0] != epochs[1]:
        return f"not to be expected, the results epoch moved from {epochs[1]} to {epochs[0]}"
    return (
        "yes, digest " + digests[0] if digests[0] == digests[1] else f"NO: {json.dumps(digests)} in one results epoch"
    )
