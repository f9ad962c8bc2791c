"""Workers of a cluster are killed at random moments, and the run is the one that a single thread makes.

    python verification/cluster_faults.py [--kills 20] [--residents 150000] [--seed 1]

Starts a scheduler and two worker processes on this machine, has runs lived by them and kills one of the workers again and
again, at moments drawn by lot; whoever is killed is replaced. Ends with 1 where a digest differs. Some minutes.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

from distributed import Client, LocalCluster

from counterscore.catalog import load_city_spec, load_regime
from counterscore.city import synthesize
from counterscore.simulation import execute
from counterscore.specification import RunSpec


class Killer(threading.Thread):
    """Kills workers until it is told to stop; the waiting times are drawn by lot."""

    def __init__(self, cluster: LocalCluster, lots: random.Random, most: int) -> None:
        super().__init__(daemon=True)
        self.cluster, self.lots, self.most = cluster, lots, most
        self.killed: list[float] = []
        self.over = threading.Event()

    def run(self) -> None:
        began = time.monotonic()
        while len(self.killed) < self.most and not self.over.wait(self.lots.uniform(1.0, 15.0)):
            pids = [one.pid for one in self.cluster.workers.values() if one.pid]
            if pids:
                os.kill(self.lots.choice(pids), signal.SIGKILL)
                self.killed.append(time.monotonic() - began)


def main() -> int:
    """Kill and compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("kills", 20), ("residents", 150_000), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    lots = random.Random(asked.seed)
    city = synthesize(load_city_spec("beijing"), residents=asked.residents, seed=asked.seed)
    spec = RunSpec.of(
        load_regime("court-defaulters"), city, base=load_regime("none"), months=40, replays=2, seed=asked.seed
    )
    killed, rounds, wrong = 0, 0, 0
    with tempfile.TemporaryDirectory(prefix="counterscore-faults-") as folder:
        alone = execute(spec, Path(folder) / "alone", threads=1).digest()
        with (
            LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=60) as cluster,
            Client(cluster) as client,
        ):
            while killed < asked.kills:
                rounds += 1
                killer = Killer(cluster, lots, asked.kills - killed)
                killer.start()
                run = execute(spec, Path(folder) / str(rounds), on=client)
                killer.over.set()
                killer.join()
                killed += len(killer.killed)
                same = run.digest() == alone
                wrong += not same
                took = {
                    name: run.resources[name] for name in ("errands", "given_out_again", "years_lived_again", "seconds")
                }
                print(
                    f"run {rounds}: killed at {[round(at, 1) for at in killer.killed]}, {took}, {'same' if same else 'OTHER'} digest",
                    flush=True,
                )
    print(f"{killed} workers killed in {rounds} runs; {wrong} runs differ from that of one thread")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
