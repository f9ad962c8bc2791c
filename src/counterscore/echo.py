"""Which results only repeat an input? Elasticities, measured by living a small sample city with each input moved.

One input at a time (or one family, such as the detection of all acts) is set a fifth lower and a quarter higher;
the sample city lives through both with the same luck, under the run's own rule books. The elasticity is the change
of a result in per cent for one per cent of the input. Between 0.8 and 1.2, up or down, the result is an *echo*.
"""

from __future__ import annotations

import fnmatch
import math
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

from counterscore.catalog import Assumptions, load_city_spec
from counterscore.city import City, synthesize
from counterscore.errors import UsageError
from counterscore.measures import Life, all_measures, inapplicable
from counterscore.reliving import Stage
from counterscore.results import Run, keep_echoes
from counterscore.simulation import estimate, execute
from counterscore.specification import RunSpec

ECHO = (0.8, 1.2)  #: elasticities, of either sign, that make an echo
LOWER, HIGHER = 0.8, 1.25  #: times the input
RESIDENTS, REPLAYS = 4000, 4  #: of the sample city
_SURE = 0.3  #: half of the interval of an elasticity; wider ones are told by nobody
_LEAST = 0.05  #: smaller elasticities are not kept
_CONFIDENCE = 0.9
#: Inputs that are many of a kind, moved together; all others are moved alone.
FAMILIES = ("acts.*.rate", "acts.*.detection", "services.*.need", "services.*.refused.*", "services.*.wait")
_FAMILY_SECTIONS = ("acts", "services", "age_factors", "adoption")
#: Sections about subjects that not every run has; what cities make of each other's reports no run has.
_OF_OTHERS = {"firms": "firms", "bodies": "bodies", "spread": "cities"}
Progress = Callable[[int, int], None]
_Results = dict[tuple[str, str], npt.NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Elasticity:
    """How a result answers to an input. ``what`` is its value, or its difference from the baseline.

    ``low`` and ``high`` are a 90 % interval over the replicates of the sample city (jackknife).
    """

    measure: str
    what: str
    input: str
    elasticity: float
    low: float
    high: float

    @property
    def echo(self) -> bool:
        """Whether the result repeats the input, as far as the sample city can tell."""
        return ECHO[0] <= abs(self.elasticity) <= ECHO[1] and (self.high - self.low) / 2 <= _SURE


def measure_echoes(
    run: Run,
    *,
    inputs: Sequence[str] = (),
    residents: int = RESIDENTS,
    replays: int = REPLAYS,
    threads: int | None = None,
    progress: Progress | None = None,
) -> list[Elasticity]:
    """Measure elasticities of every measure of the run's first world and keep them in the run folder.

    ``inputs`` are patterns of assumptions (``errors.*``), each path of which is moved alone; without any, all
    inputs of ``default_inputs``. Open the run again to see them beside its numbers. Inputs that are 0 cannot be moved by a share of themselves and are left out, as
    are results that are not positive at both ends. Raises ``UsageError`` for a pattern that fits nothing.
    """
    stage = Stage(run)
    moved = _inputs(stage.assumptions, inputs, run.subjects)
    city = _sample_city(run, residents)
    found: list[Elasticity] = []
    undefined: dict[str, dict[str, str]] = {}
    for done, (name, paths) in enumerate(moved.items()):
        low, high, apart = _moved(stage.assumptions, paths)
        at_ends = [_live(stage, city, chosen, replays, threads) for chosen in (low, high)]
        for key, why in _not_defined(at_ends, replays).items():
            undefined.setdefault(key, {})[name] = why
        low_end, high_end = ({k: v for k, v in end.items() if len(v) == replays} for end in at_ends)
        found += _elasticities(name, low_end, high_end, apart)
        if progress:
            progress(done + 1, len(moved))
    _keep(run, found, undefined, tuple(moved), city.residents, replays)
    return found


def planned(
    run: Run, *, inputs: Sequence[str] = (), residents: int = RESIDENTS, replays: int = REPLAYS
) -> tuple[int, float]:
    """How many inputs ``measure_echoes`` would move, and about how many seconds that takes; nothing is lived.

    Raises ``UsageError`` for a pattern that fits nothing.
    """
    stage = Stage(run)
    moved = _inputs(stage.assumptions, inputs, run.subjects)
    spec = _sampled(stage, _sample_city(run, residents), stage.assumptions, replays)
    one, two = (estimate(replace(spec, replays=times * replays)).seconds for times in (1, 2))
    return len(moved), 2 * len(moved) * max(0.0, two - one)  # the difference leaves out what a process does once


def _sample_city(run: Run, residents: int) -> City:
    told = run.record["city"]
    return synthesize(
        load_city_spec(told["id"]),
        residents=min(residents, told["residents"]),
        seed=told.get("seed", run.record["seed"]),
    )


def default_inputs(assumptions: Assumptions, subjects: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Inputs by name, each with the assumptions it moves: families together, and every other one alone."""
    out = {one: tuple(p for p in assumptions.table if fnmatch.fnmatchcase(p, one)) for one in FAMILIES}
    for path in assumptions.table:
        section = path.split(".")[0]
        if section not in _FAMILY_SECTIONS and _OF_OTHERS.get(section, "residents") in subjects:
            out[path] = (path,)
    return out


def _inputs(assumptions: Assumptions, patterns: Sequence[str], subjects: Sequence[str]) -> dict[str, tuple[str, ...]]:
    if not patterns:
        found = default_inputs(assumptions, subjects)
    else:
        found = {}
        for pattern in patterns:
            fits = [path for path in assumptions.table if fnmatch.fnmatchcase(path, pattern)]
            if not fits:
                raise UsageError(f'no assumption fits "{pattern}"', suggestion="All: counterscore list assumptions")
            found |= {pattern: tuple(fits)} if pattern in FAMILIES else {path: (path,) for path in fits}
    return {name: paths for name, paths in found.items() if any(assumptions[path] != 0 for path in paths)}


def _moved(assumptions: Assumptions, paths: Sequence[str]) -> tuple[Assumptions, Assumptions, float]:
    """The assumptions with ``paths`` lower and higher, and how far apart they then are in logarithms, on average."""
    low = high = assumptions
    apart = []
    for path in paths:
        if assumptions[path] != 0:
            down, up = _ends(assumptions, path)
            low, high = low.with_value(path, down), high.with_value(path, up)
            apart.append(math.log(up / down))
    return low, high, float(np.mean(apart))


def _ends(assumptions: Assumptions, path: str) -> tuple[float, float]:
    """The lower and the higher value of an input: shares stop at 1, whole numbers stay whole and above 0."""
    row = assumptions.table[path]
    known = [row.value, *(end for end in (row.low, row.high) if end is not None)]
    if len(known) == 3 and all(float(end).is_integer() for end in known) and row.value > 0:
        down = max(1.0, round(LOWER * row.value))
        return down, max(down + 1, round(HIGHER * row.value))
    up = row.value * HIGHER
    return row.value * LOWER, min(up, 1.0) if 0 < row.value <= 1 else up


def _live(stage: Stage, city: City, assumptions: Assumptions, replays: int, threads: int | None) -> _Results:
    """Every measure of the run's first world in the sample city: one value for each replicate, by measure and what."""
    with tempfile.TemporaryDirectory(prefix="counterscore-echo-") as folder:
        run = execute(_sampled(stage, city, assumptions, replays), Path(folder) / "run", threads=threads)
        return _results(run)


def _sampled(stage: Stage, city: City, assumptions: Assumptions, replays: int) -> RunSpec:
    """The run's first world and its baseline in a sample of its city."""
    spec, first = stage.spec, stage.run.worlds[0]
    worlds = {name: spec.worlds[name] for name in dict.fromkeys((first, spec.baseline or first))}
    baseline = spec.baseline if spec.baseline != first else None
    return replace(spec, worlds=worlds, baseline=baseline, city=city, assumptions=assumptions, replays=replays)


def _results(run: Run) -> _Results:
    world, base = run.worlds[0], run.baseline
    values: dict[tuple[str, str], list[float]] = {}
    for replay in run.replays():
        life = Life(run, world, replay)
        other = Life(run, base, replay) if base and base != world else None
        for one in all_measures():
            if inapplicable(one, life, other):
                continue
            mine = one.compute(life, None, other)[0]
            if mine is not None:
                values.setdefault((one.id, "value"), []).append(mine)
            if other is not None and not one.needs and mine is not None:
                theirs = one.compute(other, None, None)[0]
                if theirs is not None:
                    values.setdefault((one.id, "difference"), []).append(mine - theirs)
    return {key: np.array(seen, np.float64) for key, seen in values.items()}


def _not_defined(at_ends: Sequence[_Results], replays: int) -> dict[str, str]:
    """Measures that have no elasticity, with the reason: what is not defined in some replay is not 0 and not left out."""
    out = {}
    for one, what in {key for end in at_ends for key in end}:
        seen = [len(end.get((one, what), ())) for end in at_ends]
        if what == "value" and min(seen) < replays:
            out[one] = (
                f"not defined in {replays - min(seen)} of {replays} replays of the sample city at one end of the input"
            )
    return out


def _elasticities(name: str, low: _Results, high: _Results, step: float) -> list[Elasticity]:
    out = []
    for key in low.keys() & high.keys():
        found = elasticity(low[key], high[key], step)
        if found is not None and abs(found[0]) >= _LEAST:
            out.append(Elasticity(key[0], key[1], name, *found))
    return sorted(out, key=lambda one: (one.measure, one.what))


def elasticity(
    low: npt.NDArray[np.float64], high: npt.NDArray[np.float64], step: float
) -> tuple[float, float, float] | None:
    """Elasticity and its ends, from results of paired replicates at two inputs whose logarithms are ``step`` apart.

    That of the means, with the interval of a jackknife over replicates. None where some mean has no logarithm, with
    one replicate left out or not.
    """
    many = len(low)
    if many < 2:
        return None
    means = np.array([low.mean(), high.mean()])
    without = np.array([(low.sum() - low) / (many - 1), (high.sum() - high) / (many - 1)])
    if (np.sign(means) != np.sign(means[0])).any() or (np.sign(without) != np.sign(means[0])).any() or means[0] == 0:
        return None
    middle = float(np.log(means[1] / means[0]) / step)
    each = np.log(without[1] / without[0]) / step
    error = math.sqrt((many - 1) / many * float(((each - each.mean()) ** 2).sum()))
    half = float(stats.t.ppf((1 + _CONFIDENCE) / 2, many - 1)) * error
    return middle, middle - half, middle + half


def _keep(
    run: Run,
    found: Sequence[Elasticity],
    undefined: Mapping[str, Mapping[str, str]],
    inputs: Sequence[str],
    residents: int,
    replays: int,
) -> None:
    """Write the run's echoes, and leave what was measured of other inputs before."""
    before = run.echoes
    rows: list[Mapping[str, Any]] = [row for row in before.get("rows", ()) if row["input"] not in inputs]
    rows += [asdict(one) | {"echo": one.echo} for one in found]
    told = {
        "format": 1,
        "world": run.worlds[0],
        "city": {"residents": residents, "replays": replays},
        "inputs_times": [LOWER, HIGHER],
        "least_elasticity": _LEAST,
        "echo": list(ECHO),
        "inputs": sorted({*before.get("inputs", ()), *inputs}),
        "rows": rows,
        "not_defined": dict(sorted(undefined.items())),
    }
    keep_echoes(run, told)
