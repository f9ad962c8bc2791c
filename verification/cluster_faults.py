"""Everything that breaks in a cluster is broken, and the run is the one that a single thread makes.

    python verification/cluster_faults.py [--kills 20] [--residents 150000] [--seed 1] [--only kills ...]

Starts schedulers and worker processes on this machine and has runs lived by them, while, at moments drawn by lot,

- kills: a worker that holds errands of the run is killed (SIGKILL), and another one started; in half of the runs workers
  share a disk, as on one machine, in the others each has its own, as on several. Only kills that struck open errands count;
  which these were is printed;
- scheduler: the scheduler is killed when some units are finished and others are not; the run goes on in one copy here and in
  another with other workers, and finished units stay the files they were;
- disk: workers whose folder for subdistricts cannot be made, one of two and both;
- slow: a worker that holds errands is stopped (SIGSTOP) until the run is over;
- added: a third worker joins.

Ends with 1 where a digest differs or a fault did not strike. Some minutes.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from distributed import Client

from counterscore.catalog import load_city_spec, load_regime
from counterscore.city import synthesize
from counterscore.errors import RunError
from counterscore.results import Run
from counterscore.simulation import again, execute
from counterscore.simulation.worker import SCRATCH
from counterscore.specification import RunSpec

_TOOK = ("workers", "errands", "given_out_again", "years_lived_again", "seconds")


def errands_of_workers(dask_scheduler: Any) -> dict[str, list[str]]:
    """The errands that each worker, by name, has and has not answered."""
    return {
        str(one.name): sorted(
            "-".join(task.key.split("-")[1:-1]) for task in one.processing if str(task.key).startswith("counterscore-")
        )
        for one in dask_scheduler.workers.values()
    }


class Cluster:
    """A scheduler and workers, each a process of its own as somebody would start it in a terminal."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.workers, self._started = folder, {}, 0  # type: Path, dict[str, subprocess.Popen[bytes]], int
        folder.mkdir(parents=True)
        told = folder / "scheduler.txt"
        self.scheduler = self._start(told, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        found = None
        while found is None and self.scheduler.poll() is None:
            time.sleep(0.1)
            found = re.search(r"Scheduler at:\s+tcp://(\S+)", told.read_text())
        assert found is not None, told.read_text()
        self.address = found[1]

    def _start(self, told: Path, *words: str, **environment: str) -> subprocess.Popen[bytes]:
        with told.open("wb") as file:
            return subprocess.Popen(
                [sys.executable, "-m", "dask", *words], stdout=file, stderr=file, env={**os.environ, **environment}
            )

    def add(self, *, scratch: Path | None = None) -> str:
        """Start one more worker, which keeps subdistricts in ``scratch``; its name."""
        name = f"worker-{self._started}"
        self._started += 1
        words = ("worker", f"tcp://{self.address}", "--nthreads", "1", "--no-nanny", "--no-dashboard", "--name", name)
        where = str(scratch or self.folder / "disk")
        self.workers[name] = self._start(self.folder / f"{name}.txt", *words, **{SCRATCH: where})
        return name

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        for one in (*self.workers.values(), self.scheduler):
            with suppress(ProcessLookupError):
                one.send_signal(signal.SIGCONT)
                one.kill()
            one.wait()


class Striker(threading.Thread):
    """Strikes workers that hold errands, at so many moments of the run's course drawn by lot, until it is told to stop."""

    def __init__(self, cluster: Cluster, lots: random.Random, many: int, what: Callable[[str], None]) -> None:
        super().__init__(daemon=True)
        self._cluster, self._lots, self._what = cluster, lots, what
        self._moments = sorted(lots.uniform(0.0, 0.97) for _ in range(many))
        self._share = 0.0
        self.seen: list[str] = []
        self.over = threading.Event()
        self.start()

    def at(self, done: int, of: int, _left: float, _means: dict[str, float]) -> None:
        """How far the run is."""
        self._share = done / of

    def run(self) -> None:
        with Client(f"tcp://{self._cluster.address}", set_as_default=False) as client:
            for moment in self._moments:
                while self._share < moment and not self.over.wait(0.01):
                    pass
                self.over.wait(self._lots.uniform(0.0, 0.5))  # so that not only what has just begun is struck
                busy: dict[str, list[str]] = {}
                while not busy and not self.over.wait(0.02):
                    with suppress(Exception):  # in between two
                        found = client.run_on_scheduler(errands_of_workers)
                        busy = {name: keys for name, keys in found.items() if keys and name in self._cluster.workers}
                if not busy or self.over.is_set():
                    return
                name = self._lots.choice(sorted(busy))
                self._what(name)
                self.seen.append(f"{self._share:.0%} of the run, {name} with {', '.join(busy[name])}")

    def stop(self) -> list[str]:
        """What was struck, with the errands that were open there."""
        self.over.set()
        self.join()
        return self.seen


class Trial:
    """The run that is lived again and again, and what differed."""

    def __init__(self, spec: RunSpec, folder: Path, lots: random.Random) -> None:
        self.spec, self.folder, self.lots, self._runs, self.wrong = spec, folder, lots, 0, 0
        self.alone = execute(spec, folder / "alone", threads=1).digest()

    def out(self) -> Path:
        """A folder for one more run."""
        self._runs += 1
        return self.folder / f"run-{self._runs}"

    def check(self, what: str, run: Run, struck: bool = True) -> None:
        """Print what was seen of a run."""
        same = run.digest() == self.alone
        self.wrong += not (same and struck)
        took = ", ".join(f"{name} {run.resources[name]}" for name in _TOOK if name in run.resources)
        digest = "the digest of one thread" if same else "ANOTHER DIGEST"
        print(f"{what}: {digest}{'' if struck else ', BUT THE FAULT DID NOT STRIKE'}; {took}", flush=True)
        shutil.rmtree(run.path)

    def kills(self, wanted: int) -> None:
        """Kill workers until so many had errands, half of them in one run."""
        struck, runs = 0, 0
        while struck < wanted:
            with Cluster(self.folder / f"kills-{runs}") as cluster:
                own = runs % 2 == 1

                def add(cluster: Cluster = cluster, own: bool = own) -> None:
                    cluster.add(scratch=cluster.folder / f"disk-{len(list(cluster.folder.iterdir()))}" if own else None)

                def kill(name: str, cluster: Cluster = cluster, add: Callable[[], None] = add) -> None:
                    cluster.workers.pop(name).kill()
                    add()

                add()
                add()
                striker = Striker(cluster, self.lots, min(-(-wanted // 2), wanted - struck), kill)
                run = execute(self.spec, self.out(), on=f"dask://{cluster.address}", progress=striker.at)
                seen = striker.stop()
                runs += 1
            for one in seen:
                struck += 1
                print(f"  kill {struck} after {one}", flush=True)
            self.check(f"{len(seen)} kills of workers {'with own disks' if own else 'that share a disk'}", run)

    def scheduler(self) -> None:
        """Kill the scheduler after a unit drawn by lot, go on here and elsewhere."""
        out, units = self.out(), len(self.spec.worlds) * self.spec.replays
        with Cluster(self.folder / "scheduler") as cluster:
            cluster.add()
            cluster.add()
            done, wait = self.lots.randrange(1, units - 1), self.lots.uniform(0.0, 2.0)

            def at(_done: int, _of: int, _left: float, _means: dict[str, float]) -> None:
                if len(list(out.glob("*/*/unit.json"))) >= done and cluster.scheduler.poll() is None:
                    time.sleep(wait)
                    cluster.scheduler.kill()
                    cluster.scheduler.wait()

            try:
                execute(self.spec, out, on=f"dask://{cluster.address}", progress=at)
                print("the run was over before its scheduler was killed")
                said = ""
            except RunError as error:
                said = str(error)
        finished = {path: path.read_bytes() for path in out.glob("*/*/*") if path.is_file()}
        kept = len(list(out.glob("*/*/unit.json")))
        print(f"  {said}", flush=True)
        copy = self.out()
        shutil.copytree(out, copy)
        here = again(Run(out), out, resume=True, threads=1)
        with Cluster(self.folder / "another") as cluster:
            cluster.add()
            there = again(Run(copy), copy, resume=True, on=f"dask://{cluster.address}")
        untouched = all(path.read_bytes() == raw for path, raw in finished.items())
        struck = bool(said) and 0 < kept < units and untouched
        self.check(f"scheduler lost with {kept} of {units} units kept, gone on with here", here, struck)
        self.check("the same, gone on with by another scheduler's worker", there, struck)

    def disk(self) -> None:
        """Workers that cannot keep anything on a disk."""
        (self.folder / "a file").write_text("in the way")
        nowhere = self.folder / "a file" / "disk"
        for without in (1, 2):
            with Cluster(self.folder / f"disk-{without}") as cluster:
                for k in range(2):
                    cluster.add(scratch=nowhere if k < without else None)
                run = execute(self.spec, self.out(), on=f"dask://{cluster.address}")
                struck = (cluster.folder / "disk").exists() == (without < 2)
            self.check(f"{without} of two workers without a disk", run, struck)

    def slow(self) -> None:
        """A worker that hangs."""
        with Cluster(self.folder / "slow") as cluster:
            cluster.add()
            cluster.add()
            striker = Striker(cluster, self.lots, 1, lambda name: cluster.workers[name].send_signal(signal.SIGSTOP))
            run = execute(self.spec, self.out(), on=f"dask://{cluster.address}", progress=striker.at)
            seen = striker.stop()
        print(*(f"  stopped after {one}" for one in seen), sep="\n", flush=True)
        self.check("a worker that hangs", run, bool(seen) and run.resources["given_out_again"] > 0)

    def added(self) -> None:
        """A worker that joins in mid-run."""
        with Cluster(self.folder / "added") as cluster:
            cluster.add()
            joined: list[str] = []

            def at(done: int, of: int, _left: float, _means: dict[str, float]) -> None:
                if done > of // 8 and not joined:
                    joined.append(cluster.add())

            run = execute(self.spec, self.out(), on=f"dask://{cluster.address}", progress=at)
        self.check("a worker that joins", run, bool(joined) and run.resources["workers"] == 2)


def main() -> int:
    """Break and compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("kills", 20), ("residents", 150_000), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    faults = ["kills", "scheduler", "disk", "slow", "added"]
    parser.add_argument("--only", nargs="*", choices=faults, default=faults)
    asked = parser.parse_args()
    city = synthesize(load_city_spec("beijing"), residents=asked.residents, seed=asked.seed)
    spec = RunSpec.of(
        load_regime("court-defaulters"), city, base=load_regime("none"), months=40, replays=2, seed=asked.seed
    )
    with tempfile.TemporaryDirectory(prefix="counterscore-faults-") as folder:
        trial = Trial(spec, Path(folder), random.Random(asked.seed))
        for name in asked.only:
            getattr(trial, name)(*((asked.kills,) if name == "kills" else ()))
    print(f"{trial.wrong} of the runs differ from that of one thread, or were not struck")
    return 1 if trial.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
