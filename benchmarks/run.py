"""Ratios measured side by side in one run: ``./dev bench``; ``--full`` for large cities; ``--against REV`` beside
another revision.

Figures of one core are CPU time of this process, best of several, the things compared in turn (A B A B), so that
other programs disturb them as little as can be. Wall time is used where threads, processes or the disk are meant.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import columns, mini
from benchmarks.against import compare
from counterscore.catalog import load_assumptions, load_city_spec, load_regime
from counterscore.city import City, synthesize
from counterscore.engine import layout, warm_up
from counterscore.engine.draws import purpose_keys
from counterscore.engine.plan import Plans, compile_plan, compile_plans
from counterscore.engine.world import empty_figures, empty_totals, live_until, live_world, settle_in
from counterscore.simulation import estimate, simulate
from counterscore.specification import RunSpec, subjects_needed

PARTS = ["others", "engine", "memory", "start", "streaming", "mirror"]
ONE_CORE = "ns a resident-month, one core"


def city(residents: int) -> City:
    return synthesize(load_city_spec("beijing"), residents=residents, seed=1)


def world(regime: Any, town: City, months: int, threads: int = 1) -> Callable[[], Any]:
    """A function that lives one world of one replay, with firms and public bodies where the rule books need them."""
    stack = regime.stacked()
    plans = compile_plans(stack, load_assumptions(), seed=1, living=subjects_needed(stack))

    def live() -> Any:
        with ThreadPoolExecutor(threads) as pool:
            return live_world(
                plans,
                town,
                months=months,
                seed=1,
                replay=0,
                pool=pool,
            )

    return live


def best(jobs: dict[str, Callable[[], Any]], rounds: int, clock: Callable[[], float]) -> dict[str, float]:
    """The least time of each job, the jobs taken in turn."""
    least = dict.fromkeys(jobs, float("inf"))
    for _ in range(rounds):
        for name, job in jobs.items():
            began = clock()
            job()
            least[name] = min(least[name], clock() - began)
    return least


class Report:
    """What was measured, printed as it comes."""

    def __init__(self) -> None:
        self.figures: dict[str, float] = {}

    def tell(self, name: str, value: float, unit: str, target: str = "") -> None:
        self.figures[name] = value
        print(f"{name:58s} {value:12,.4g} {unit:32s} {target}", flush=True)

    def skip(self, name: str, why: str) -> None:
        print(f"{name:58s} {'-':>12s} {why}", flush=True)


def against_others(report: Report, rounds: int) -> None:
    """The mini-model with the engine's kernels, in NumPy and in Mesa, and the whole engine beside it."""
    residents, months = 131_072, 24
    rates = mini.Rates()
    if mini.kernel_months(residents, months, rates) != mini.numpy_months(residents, months, rates):
        raise SystemExit("the mini-model comes to other numbers in NumPy than in the kernel")
    jobs = {
        "mini-model, engine's kernels and draws": lambda: mini.kernel_months(residents, months, rates),
        "mini-model, NumPy columns, same draws": lambda: mini.numpy_months(residents, months, rates),
        "the engine with all nine steps under the mini rule book": world(mini.regime(), city(residents), months),
    }
    took = best(jobs, rounds + 1, time.process_time)
    each = {name: seconds / residents / months * 1e9 for name, seconds in took.items()}
    for name, ns in each.items():
        report.tell(name, ns, ONE_CORE)
    ours, columns, whole = each.values()
    report.tell("NumPy / kernel, mini-model in both", columns / ours, "times")
    try:
        import mesa
    except ImportError:
        report.skip("Mesa", "not installed: pip install --group bench")
        return
    few, short = 2_000, 12
    took = best({"mesa": lambda: mini.mesa_months(few, short, rates)}, 2, time.process_time)
    ns = took["mesa"] / few / short * 1e9
    report.tell(f"mini-model, Mesa {mesa.__version__} agents", ns, ONE_CORE)
    report.tell("Mesa / kernel, mini-model in both", ns / ours, "times")
    report.tell("Mesa mini-model / the engine with all nine steps", ns / whole, "times")


def against_columns(report: Report, rounds: int) -> None:
    """A year under `court-defaulters` in NumPy columns and in the engine, by the same rules: the months alone, without settling."""
    town, plans = city(131_072), Plans(columns.plan())
    least, counts, totals = {"columns": float("inf"), "engine": float("inf")}, {}, None
    for turn in range(rounds + 1):
        places = [settle_in(plans, town, k, seed=1, replay=turn) for k in range(len(town.subdistricts))]
        start, watch = (np.concatenate([getattr(one, name) for one in places]) for name in ("residents", "watch"))
        peer = columns.Town(plans.residents, start, watch, seed=turn)
        began = time.process_time()
        for _ in range(columns.MONTHS):
            peer.live()
        least["columns"] = min(least["columns"], time.process_time() - began)
        sums, keys = empty_totals(columns.MONTHS), purpose_keys(1, turn)
        began = time.process_time()
        for place in places:
            live_until(plans.residents, place, sums, keys, empty_figures(columns.MONTHS)[0], columns.MONTHS)
        least["engine"] = min(least["engine"], time.process_time() - began)
        counts = {name: counts.get(name, 0) + found for name, found in peer.counts.items()}
        totals = sums["counts"] if totals is None else totals + sums["counts"]
    if apart := columns.agree(counts, totals):
        raise SystemExit("the month in NumPy columns has other rates than the engine: " + "; ".join(apart))
    for name, seconds in least.items():
        what = "a month of court-defaulters, " + ("NumPy columns" if name == "columns" else "engine, same rules")
        report.tell(what, seconds / town.residents / columns.MONTHS * 1e9, ONE_CORE)
    report.tell(
        "NumPy columns / the engine, a month of court-defaulters", least["columns"] / least["engine"], "times", ">= 20"
    )


def against_objects(report: Report, rounds: int) -> None:
    """The whole month, under the rule book of Beijing: compiled, and in plain Python with an object a resident.

    The plain month is the reference that the tests compare bit for bit, so both do the same work.
    """
    name = "the whole month in plain Python objects / the engine"
    try:
        from tests.engine.test_reference import town_of
    except ImportError as missing:
        report.skip(name, f"{missing.name} is not installed")
        return
    residents, months = 2_000, 6
    plan = compile_plan(load_regime("beijing-points").stacked(), load_assumptions(), seed=1)
    town = town_of(plan, settle_in(Plans(plan), city(residents), 0, seed=1, replay=0), 1, 0)
    began = time.process_time()
    for _ in range(months):
        town.counts = {}
        town.live([0] * layout.N_FIGURES)
    objects = (time.process_time() - began) / residents / months * 1e9
    report.tell("the whole month in plain Python objects", objects, ONE_CORE)
    live = world(load_regime("beijing-points"), city(131_072), months)
    engine = best({"engine": live}, rounds, time.process_time)["engine"] / 131_072 / months * 1e9
    report.tell(name, objects / engine, "times", ">= 300")


def of_the_engine(report: Report, rounds: int, full: bool) -> None:
    """How the engine's time grows with rules, residents, months and threads."""
    small = city(131_072)
    names = (
        "none",
        "court-defaulters",
        "rongcheng-2013",
        "sesame-credit",
        "baihe-match",
        "zhejiang-firms",
        "beijing-points",
    )
    jobs = {name: world(load_regime(name), small, 36) for name in names}
    for name, seconds in best(jobs, rounds, time.process_time).items():
        report.tell(f"{name}, 131,072 residents, 36 months", seconds / 131_072 / 36 * 1e9, ONE_CORE)
    jobs = {str(rows): world(mini.regime(rows), small, 24) for rows in (10, 39)}
    took = best(jobs, rounds + 1, time.process_time)
    report.tell("39 catalogue rows / 10", took["39"] / took["10"], "times", "<= 1.3")
    points = load_regime("beijing-points")
    few = 1_000_000 if full else 100_000
    jobs = {"1x": world(points, city(few), 12), "10x": world(points, city(10 * few), 12)}
    took = best(jobs, 2, time.process_time)
    report.tell(f"{10 * few:,} residents / {few:,}", took["10x"] / took["1x"], "times", "<= 11")
    whole = 120 if full else 48
    jobs = {"half": world(points, small, whole // 2), "whole": world(points, small, whole)}
    took = best(jobs, 2, time.process_time)
    report.tell(f"{whole} months / {whole // 2}", took["whole"] / took["half"], "times", "2 + what files grow by")
    million, months = city(1_000_000), 120 if full else 24
    jobs = {str(threads): world(points, million, months, threads) for threads in (1, 2)}
    jobs |= {name: world(load_regime(name), million, months, 2) for name in ("none", "rongcheng-2013")}
    took = best(jobs, 2, time.perf_counter)
    report.tell("1 thread / 2", took["1"] / took["2"], "times, wall", "2 on two quiet cores")
    for name, seconds in {
        "none": took["none"],
        "rongcheng-2013": took["rongcheng-2013"],
        "beijing-points": took["2"],
    }.items():
        pace = 1_000_000 * months / seconds / 1e6
        report.tell(f"{name}, 1 million, {months} months, 2 threads", pace, "million resident-months a second", ">= 40")


def memory(report: Report) -> None:
    for name in ("none", "beijing-points"):
        places = world(load_regime(name), city(65_536), 60)().places
        report.tell(f"{name} after 60 months", places[0].bytes_per_resident(), "bytes a resident")


_FIRST_MONTH = """
import time; began = time.time()
from counterscore.catalog import load_assumptions, load_city_spec, load_regime
from counterscore.city import synthesize
from counterscore.engine.plan import Plans, compile_plan
from counterscore.engine.world import live_world
plan = compile_plan(load_regime("beijing-points").stacked(), load_assumptions(), seed=1)
live_world(Plans(plan), synthesize(load_city_spec("beijing"), residents=10_000, seed=1), months=1, seed=1, replay=0)
print(time.time() - began, time.process_time())
"""


def start(report: Report) -> None:
    """Import, read, compile the plan, load or compile the kernels, live a month with 10,000 residents."""
    warm = [_times(_python(_FIRST_MONTH)) for _ in range(3)]
    report.tell("warm start to the end of the first month", min(wall for wall, _ in warm), "seconds, wall", "< 2")
    report.tell("warm start, CPU time", min(cpu for _, cpu in warm), "seconds of a core")
    with tempfile.TemporaryDirectory() as cache:
        wall, cpu = _times(_python(_FIRST_MONTH, NUMBA_CACHE_DIR=cache))
    report.tell("cold compile and first month", wall, "seconds, wall", "< 45")
    report.tell("cold compile, CPU time", cpu, "seconds of a core")


def _times(line: str) -> tuple[float, float]:
    wall, cpu = line.split()
    return float(wall), float(cpu)


_LARGE = """
import json, sys, tempfile
sys.path.insert(0, {root!r})
from benchmarks.run import larger_than_memory
print(json.dumps(larger_than_memory({residents}, {months}, {memory})))
"""


def larger_than_memory(residents: int, months: int, memory_mib: float | None) -> dict[str, float]:
    """A run's seconds, peak memory and estimate; in a process of its own, for the peak's sake."""
    warm_up()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    town, points = city(residents), load_regime("beijing-points")
    guess = estimate(RunSpec.of(points, town, months=months))
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        began = time.perf_counter()
        run = simulate(points, town, months=months, out=Path(folder) / "run", memory_mib=memory_mib)
        seconds = time.perf_counter() - began
        unit = json.loads((run.path / "beijing-points" / "0000" / "unit.json").read_text())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "guess": guess.seconds, "before": before, "peak": peak} | {
        "sha": unit["columns_sha256"]
    }


def streaming(report: Report, full: bool) -> None:
    residents, months = (20_000_000, 12) if full else (1_000_000, 13)
    found = {}
    for name, most in (("in memory", None), ("on disk", 1)):
        if full and most is None:
            continue
        text = _LARGE.format(root=str(Path(__file__).parents[1]), residents=residents, months=months, memory=most)
        found[name] = json.loads(_python(text))
        what = f"{residents:,} residents, {months} months, {name}"
        report.tell(f"{what}: time", found[name]["seconds"], "seconds, wall")
        report.tell(f"{what}: took / estimated", found[name]["seconds"] / found[name]["guess"], "times", "0.67 to 1.5")
        report.tell(f"{what}: peak memory", found[name]["peak"], "MiB", "< 1,024" if most else "")
    if len(found) == 2 and found["in memory"]["sha"] != found["on disk"]["sha"]:
        raise SystemExit("the two ways of living a large city differ")


def _python(text: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", text], env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )
    return done.stdout.strip().splitlines()[-1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true", help="cities of up to 20 million, decades; half an hour")
    parser.add_argument("--only", choices=PARTS, action="append")
    parser.add_argument(
        "--against", metavar="REV", help="this checkout beside another revision of it, and nothing else"
    )
    parser.add_argument("--rounds", type=int, default=3, help="counted turns of each with --against")
    asked = parser.parse_args()
    if asked.against:
        return compare(asked.against, asked.full, asked.rounds)
    report, rounds = Report(), 4 if asked.full else 2
    wanted = asked.only or PARTS
    warm_up()
    print(
        f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; above 1 it disturbs what wall time measures"
    )
    if "others" in wanted:
        against_others(report, rounds)
        against_columns(report, rounds)
        against_objects(report, rounds)
    if "engine" in wanted:
        of_the_engine(report, rounds, asked.full)
    if "memory" in wanted:
        memory(report)
    if "start" in wanted:
        start(report)
    if "streaming" in wanted:
        streaming(report, asked.full)
    if "mirror" in wanted:  # a process of its own, since its peak of memory is asked for
        script = [sys.executable, str(Path(__file__).with_name("mirror.py")), "--mib", "2048" if asked.full else "20"]
        subprocess.run(script, check=True)
    print(json.dumps(report.figures))


if __name__ == "__main__":
    main()
