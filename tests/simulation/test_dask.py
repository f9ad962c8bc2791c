"""The real thing: a scheduler of Dask and worker processes that are killed, added and lost."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from counterscore.cli import main
from counterscore.errors import RunError
from counterscore.results import Run
from counterscore.simulation import again, execute
from counterscore.simulation.worker import SCRATCH
from counterscore.specification import RunSpec

distributed = pytest.importorskip("distributed")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::UserWarning", "ignore::ResourceWarning", "ignore::DeprecationWarning"),
]
STEPS = 2 * 16 * 3


def test_workers_are_killed_and_one_is_added_in_mid_run(spec: RunSpec, alone: Run, tmp_path: Path) -> None:
    lots = random.Random(os.urandom(8))
    seed = lots.randrange(2**32)
    print("moments drawn from", seed)  # noqa: T201  shown where it fails
    lots.seed(seed)
    moments = sorted(lots.randrange(2, STEPS - 20) for _ in range(3))
    with (
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            dashboard_address=None,
            silence_logs=60,
            local_directory=tmp_path / "disk",
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        killed: list[int] = []

        def at(done: int, of: int, left: float, means: dict[str, float]) -> None:
            pids = {one.worker_address: one.pid for one in cluster.workers.values() if one.pid}
            there = list(cluster.scheduler.workers.values())
            busy = sorted(one.address for one in there if one.processing and one.address in pids)
            if moments and done >= moments[0] and busy:  # a kill where no errand is open proves nothing
                moments.pop(0)
                if len(moments) == 1:
                    cluster.scale(3)
                killed.append(pids[lots.choice(busy)])
                os.kill(killed[-1], signal.SIGKILL)

        run = execute(spec, tmp_path / "run", on=client, progress=at)
    assert len(killed) == 3
    assert run.digest() == alone.digest()
    assert run.resources["workers"] >= 2
    assert run.resources["on"].startswith("dask://127.0.0.1:")
    assert not list((tmp_path / "disk").rglob("*.place"))


@pytest.fixture
def started(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[str]]]]:
    """A scheduler and a worker as somebody starts them in two terminals."""

    def start(*words: str) -> subprocess.Popen[str]:
        found = subprocess.Popen(
            [sys.executable, "-m", "dask", *words],
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            cwd=tmp_path,
            env={**os.environ, SCRATCH: str(tmp_path / "scratch")},
        )
        processes.append(found)
        return found

    processes: list[subprocess.Popen[str]] = []
    scheduler = start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    address = ""
    for line in scheduler.stderr or ():
        if told := re.search(r"Scheduler at:\s+tcp://(\S+)", line):
            address = told[1]
            break
    start("worker", f"tcp://{address}", "--nthreads", "1", "--no-dashboard", "--no-nanny")
    yield address, processes
    for one in processes:
        one.kill()
        one.communicate()


def test_the_scheduler_is_lost_and_the_run_goes_on_here(
    spec: RunSpec, alone: Run, tmp_path: Path, started: tuple[str, list[subprocess.Popen[str]]]
) -> None:
    address, (scheduler, _) = started

    def at(done: int, of: int, left: float, means: dict[str, float]) -> None:
        if means:  # one world is written
            scheduler.kill()

    out = tmp_path / "run"
    with pytest.raises(
        RunError, match=f"run stopped: .*dask://{address} does not answer any more.*; 1 of 2 units are kept"
    ) as told:
        execute(spec, out, on=f"dask://{address}", progress=at)
    assert f"Go on here with: counterscore run --resume {out}" in told.value.suggestion
    assert again(Run(out), out, resume=True, threads=1).digest() == alone.digest()


def test_the_command_line_goes_to_a_scheduler(
    tmp_path: Path, capsys: Any, started: tuple[str, list[subprocess.Popen[str]]]
) -> None:
    address, _ = started
    words = ["run", "suining-2010", "--city", "demo", "--residents", "300", "--months", "3", "--replicates", "2"]
    here, there = tmp_path / "here", tmp_path / "there"
    assert main([*words, "--progress", "none", "--out", str(here)]) == 0
    capsys.readouterr()
    assert main([*words, "--progress", "none", "--out", str(there), "--on", f"dask://{address}"]) == 0
    assert f"Lived by 1 worker of dask://{address}: " in capsys.readouterr().out
    assert Run(here).digest() == Run(there).digest()
    assert "--on" not in Run(there).record["command"]
