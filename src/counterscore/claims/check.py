"""Testing a claim over the whole assumption space: a designed sample, the share in which it holds, what flips it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import stats
from scipy.stats import qmc

from counterscore.catalog import Assumptions, load_assumptions, synthesize
from counterscore.city import City
from counterscore.claims.claim import Claim
from counterscore.engine import simulate
from counterscore.measures import Life, Measure, find_measure
from counterscore.results import Run

Answer = Literal[
    "holds in this model", "does not hold in this model", "depends on", "too noisy to tell", "cannot be tested here"
]
_CONFIDENCE = 0.9
_NEARLY_ALL = 0.95  #: share of clear settings from which a claim holds, or does not
_HALF_CLEAR = 0.5  #: with fewer clear settings the answer is "too noisy to tell"
_MANY_TIMES = 10.0  #: ranges this wide are sampled in logarithms
_ECHO = (0.8, 1.2)
_LEAF = 0.1
_DEPTH = 2
_FEWEST_CLEAR = 10

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Point:
    """One setting of the assumptions and what was found there. ``holds`` is None where chance hides it."""

    values: Mapping[str, float]
    estimate: float | None
    low: float | None
    high: float | None
    holds: bool | None


@dataclass(frozen=True, slots=True)
class Mover:
    """What one assumption does to the result, over all points.

    ``rank_correlation`` is Spearman's; ``low`` and ``high`` are mean results in the lowest and highest third
    of its range; ``elasticity`` the change in per cent for one per cent of it (log-log regression on all
    varied assumptions), None where signs do not allow logarithms. ``echo``: the result repeats this input.
    """

    path: str
    rank_correlation: float
    low: float
    high: float
    elasticity: float | None
    echo: bool


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a claim. ``share`` is the share of clear settings in which it holds."""

    claim: Claim
    answer: Answer
    share: float | None
    clear: int
    points: Sequence[Point]
    movers: Sequence[Mover]
    condition: str
    replays: int
    more_replays: int | None

    @property
    def sentence(self) -> str:
        """The answer in one sentence, with what it rests on."""
        if self.answer == "cannot be tested here":
            return f"Cannot be tested here: {self.claim.cannot_show}"
        n = len(self.points)
        clear = f"in {self.clear} of {n} plausible settings chance leaves no doubt"
        if self.answer == "too noisy to tell":
            more = f"; about {self.more_replays:,} more replays a setting would be needed" if self.more_replays else ""
            return f"Too noisy to tell with {self.replays} replays: only {clear}{more}."
        share = f"it holds in {100 * (self.share or 0):.0f} % of those"
        if self.answer == "depends on":
            return f"Depends on {self.condition}: {clear}, and {share}."
        return f"{self.answer.capitalize()}: {clear}, and {share}."


def check_claim(
    claim: Claim,
    *,
    points: int = 48,
    replays: int = 4,
    seed: int = 1,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Found:
    """Run ``claim`` at the assumptions as they are and at ``points`` further settings within their ranges.

    The settings are a Latin hypercube sample (SciPy), the same for the same ``seed``. Each setting is lived
    through ``replays`` times (at least 2); chance within a setting and the range over settings are kept apart.
    """
    if not claim.testable:
        return Found(claim, "cannot be tested here", None, 0, (), (), "", 0, None)
    assert claim.measure is not None
    measure = find_measure(claim.measure)
    known = load_assumptions()
    varied = claim.varied(known)
    city = synthesize(claim.setting.city, residents=claim.setting.residents, seed=seed)
    found: list[Point] = []
    gaps: list[list[float]] = []
    sample = _sample(known, varied, points, seed)
    for done, values in enumerate(sample):
        seen = _live(claim, measure, known, values, city, replays, seed, threads)
        gaps.append(seen)
        found.append(_point(claim, values, seen))
        if progress:
            progress(done + 1, len(sample))
    return _answer(claim, found, gaps, varied, replays)


def _sample(known: Assumptions, varied: Sequence[str], points: int, seed: int) -> list[dict[str, float]]:
    """The assumptions as they are, then a Latin hypercube within their ranges."""
    out = [{path: known[path] for path in varied}]
    if not varied:
        return out
    for lots in qmc.LatinHypercube(len(varied), rng=np.random.default_rng(seed)).random(points):
        out.append({path: _within(known, path, float(lot)) for path, lot in zip(varied, lots, strict=True)})
    return out


def _within(known: Assumptions, path: str, lot: float) -> float:
    row = known.table[path]
    assert row.low is not None
    assert row.high is not None
    if row.low > 0 and row.high / row.low >= _MANY_TIMES:
        return float(row.low * (row.high / row.low) ** lot)
    return row.low + (row.high - row.low) * lot


def _live(
    claim: Claim,
    measure: Measure,
    known: Assumptions,
    values: Mapping[str, float],
    city: City,
    replays: int,
    seed: int,
    threads: int | None,
) -> list[float]:
    """What each replay says in one setting."""
    assert claim.world is not None
    chosen = known
    for path, value in values.items():
        chosen = chosen.with_set(f"{path}={value!r}")
    with tempfile.TemporaryDirectory(prefix="counterscore-claim-") as folder:
        run = simulate(
            claim.world.load(),
            city,
            months=claim.setting.months,
            replays=replays,
            seed=seed,
            base=claim.against.load() if claim.against else None,
            assumptions=chosen,
            threads=threads,
            out=Path(folder) / "run",
        )
        return _values(claim, measure, run)


def _values(claim: Claim, measure: Measure, run: Run) -> list[float]:
    world, base = run.worlds[0], run.baseline
    out = []
    for replay in run.replays():
        life = Life(run, world, replay)
        other = Life(run, base, replay) if base and base != world else None
        mine = measure.compute(life, None, other)[0]
        if mine is None:
            continue
        if claim.what == "difference":
            theirs = measure.compute(other, None, None)[0] if other else mine
            if theirs is not None:
                out.append(mine - theirs)
        else:
            out.append(mine)
    return out


def _point(claim: Claim, values: Mapping[str, float], seen: Sequence[float]) -> Point:
    assert claim.supported_if is not None
    if not seen:
        return Point(values, None, None, None, None)
    middle = float(np.mean(seen))
    if len(seen) < 2:
        return Point(values, middle, None, None, None)
    error = float(stats.sem(seen))
    half = float(stats.t.ppf((1 + _CONFIDENCE) / 2, len(seen) - 1)) * error
    low, high = middle - half, middle + half
    return Point(values, middle, low, high, claim.supported_if.side_of(low, high))


def _answer(
    claim: Claim, found: Sequence[Point], gaps: Sequence[Sequence[float]], varied: Sequence[str], replays: int
) -> Found:
    clear = [point for point in found if point.holds is not None]
    share = float(np.mean([bool(point.holds) for point in clear])) if clear else None
    movers = _movers(found, varied)
    if len(clear) < _HALF_CLEAR * len(found) or share is None:
        return Found(claim, "too noisy to tell", share, len(clear), found, movers, "", replays, _more(claim, gaps))
    if share >= _NEARLY_ALL:
        return Found(claim, "holds in this model", share, len(clear), found, movers, "", replays, None)
    if share <= 1 - _NEARLY_ALL:
        return Found(claim, "does not hold in this model", share, len(clear), found, movers, "", replays, None)
    return Found(claim, "depends on", share, len(clear), found, movers, _condition(clear, varied), replays, None)


def _more(claim: Claim, gaps: Sequence[Sequence[float]]) -> int | None:
    """How many more replays the middle setting would need to be clear of the border."""
    assert claim.supported_if is not None
    needs = []
    for seen in gaps:
        if len(seen) >= 2:
            away, spread = abs(float(np.mean(seen)) - claim.supported_if.value), float(np.std(seen, ddof=1))
            if away > 0:
                needs.append((float(stats.norm.ppf((1 + _CONFIDENCE) / 2)) * spread / away) ** 2)
    if not needs:
        return None
    most = max(len(seen) for seen in gaps)
    return max(1, int(np.ceil(np.median(needs))) - most)


def _movers(found: Sequence[Point], varied: Sequence[str]) -> tuple[Mover, ...]:
    """What moves the result, the strongest first."""
    told = [point for point in found if point.estimate is not None]
    if len(told) < _FEWEST_CLEAR or not varied:
        return ()
    results = np.array([point.estimate for point in told], np.float64)
    table = np.array([[point.values[path] for path in varied] for point in told], np.float64)
    elasticities = _elasticities(table, results)
    out = []
    for k, path in enumerate(varied):
        column = table[:, k]
        if np.ptp(results) == 0 or np.ptp(column) == 0:
            continue
        third = np.quantile(column, (1 / 3, 2 / 3))
        elasticity = None if elasticities is None else float(elasticities[k])
        correlation = float(stats.spearmanr(column, results).statistic)
        out.append(
            Mover(
                path=path,
                rank_correlation=correlation,
                low=float(results[column <= third[0]].mean()),
                high=float(results[column >= third[1]].mean()),
                elasticity=elasticity,
                echo=elasticity is not None and _ECHO[0] <= abs(elasticity) <= _ECHO[1],
            )
        )
    return tuple(sorted(out, key=lambda one: -abs(one.rank_correlation)))


def _elasticities(table: npt.NDArray[np.float64], results: npt.NDArray[np.float64]) -> npt.NDArray[np.float64] | None:
    """Coefficients of log result on log assumptions; None where one of them is not positive."""
    if (results <= 0).any() or (table <= 0).any() or len(results) <= table.shape[1] + 2:
        return None
    design = np.column_stack([np.log(table), np.ones(len(table))])
    fitted, *_ = np.linalg.lstsq(design, np.log(results), rcond=None)
    return np.asarray(fitted[:-1], np.float64)


def _condition(clear: Sequence[Point], varied: Sequence[str]) -> str:
    """Scenario discovery: the borders of assumptions that part the settings best, by a small decision tree."""
    from sklearn.tree import DecisionTreeClassifier

    if len(clear) < _FEWEST_CLEAR or not varied:
        return "the setting"
    table = [[point.values[path] for path in varied] for point in clear]
    holds = [bool(point.holds) for point in clear]
    tree = DecisionTreeClassifier(max_depth=_DEPTH, min_samples_leaf=_LEAF, random_state=0).fit(table, holds).tree_
    if tree.node_count < 3:
        return "assumptions that a simple rule does not single out"
    boxes = []

    def walk(node: int, path: tuple[str, ...]) -> None:
        left, right = int(tree.children_left[node]), int(tree.children_right[node])
        if left < 0:
            share = float(tree.value[node][0][-1] / tree.value[node][0].sum())
            boxes.append((share, int(tree.n_node_samples[node]), path))
            return
        name, border = varied[int(tree.feature[node])], float(tree.threshold[node])
        walk(left, (*path, f"{name} up to {border:.3g}"))
        walk(right, (*path, f"{name} above {border:.3g}"))

    walk(0, ())
    share, size, path = max(boxes, key=lambda box: (box[0], box[1]))
    return f"{' and '.join(path)} (there it holds in {100 * share:.0f} % of {size} settings)"
