"""What moves a result and what flips an answer, from the settings at hand: a designed sample that is not large.

Nothing is named that chance among so many assumptions would show as well: probabilities are multiplied by the number
of assumptions looked at (Bonferroni), and a border is told only if it sorts settings that it was not drawn from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy import stats

FEWEST = 20  #: settings below which nothing is said to move a result
FEWEST_OF_EACH = 5  #: settings in which a claim holds, and in which it does not, below which no flip is named
_CHANCE = 0.05  #: adjusted probability from which something is told from chance
_ECHO = (0.8, 1.2)
_DEPTH = 2

Table = npt.NDArray[np.float64]


class _Point(Protocol):
    @property
    def values(self) -> Mapping[str, float]: ...

    @property
    def estimate(self) -> float | None: ...

    @property
    def told(self) -> tuple[float, ...]: ...

    @property
    def whole(self) -> bool: ...

    @property
    def holds(self) -> bool | None: ...


@dataclass(frozen=True, slots=True)
class Mover:
    """What one assumption does to the result, over all settings.

    ``rank_correlation`` is Spearman's, ``chance`` the probability of one as large where it moves nothing, adjusted
    for the number of assumptions; ``low`` and ``high`` are mean results in the lowest and highest third of its range.
    ``elasticity`` is the change in per cent for one per cent of it (log-log regression on all assumptions that are
    told from chance), None where it is not told or signs do not allow logarithms. ``echo``: the result repeats it.
    """

    path: str
    rank_correlation: float
    chance: float
    low: float
    high: float
    elasticity: float | None

    @property
    def told(self) -> bool:
        """Whether it is told from chance."""
        return self.chance <= _CHANCE

    @property
    def echo(self) -> bool:
        """Whether the result follows it nearly one for one."""
        return self.elasticity is not None and _ECHO[0] <= abs(self.elasticity) <= _ECHO[1]


@dataclass(frozen=True, slots=True)
class Flip:
    """An assumption whose values differ between settings in which a claim holds and settings in which it does not.

    ``distance`` is that of Kolmogorov and Smirnov, 0 to 1 (Monte Carlo filtering: Hornberger and Spear 1981),
    ``chance`` its adjusted probability; ``where_it_holds`` and ``where_not`` are medians of the assumption.
    """

    path: str
    distance: float
    chance: float
    where_it_holds: float
    where_not: float


@dataclass(frozen=True, slots=True)
class Box:
    """Where a claim holds: borders of assumptions, found by a small decision tree (scenario discovery).

    In ``density`` of the clear settings inside it holds; they are ``coverage`` of all in which it does. ``right`` is
    the share of settings sorted right by a tree that had not seen them, ``guess`` what the commoner answer gets.
    """

    borders: tuple[str, ...]
    settings: int
    density: float
    coverage: float
    right: float
    guess: float

    def __str__(self) -> str:
        names = " and ".join(dict.fromkeys(border.split()[0] for border in self.borders))
        share = f"it holds in {100 * self.density:.0f} % of {self.settings} settings"
        return f"{names} (with {' and '.join(self.borders)} {share})"


def find_movers(points: Sequence[_Point], varied: Sequence[str]) -> tuple[Mover, ...]:
    """What moves the result, the strongest first; nothing from fewer than ``FEWEST`` settings."""
    told = [point for point in points if point.whole]
    if len(told) < FEWEST or not varied:
        return ()
    results = np.array([point.estimate for point in told], np.float64)
    table = _table(told, varied)
    moving = [k for k in range(len(varied)) if np.ptp(table[:, k]) > 0]
    if np.ptp(results) == 0 or not moving:
        return ()
    ranks = [stats.spearmanr(table[:, k], results) for k in moving]
    chances = _adjusted([float(one.pvalue) for one in ranks])
    lived = np.array([point.told for point in told], np.float64)
    chances = [
        chance if chance > _CHANCE else max(chance, _over_replays(table[:, k], lived))
        for k, chance in zip(moving, chances, strict=True)
    ]
    shown = [k for k, chance in zip(moving, chances, strict=True) if chance <= _CHANCE]
    by_path = dict(zip(shown, elasticities(table[:, shown], results), strict=True)) if shown else {}
    out = []
    for k, rank, chance in zip(moving, ranks, chances, strict=True):
        third = np.quantile(table[:, k], (1 / 3, 2 / 3))
        out.append(
            Mover(
                path=varied[k],
                rank_correlation=float(rank.statistic),
                chance=chance,
                low=float(results[table[:, k] <= third[0]].mean()),
                high=float(results[table[:, k] >= third[1]].mean()),
                elasticity=by_path.get(k),
            )
        )
    return tuple(sorted(out, key=lambda one: (-abs(one.rank_correlation), one.path)))


def _over_replays(values: Table, lived: Table) -> float:
    """The probability of rank correlations like those in each replicate (columns) where their mean is 0.

    Settings share the luck of a replicate, so what they agree on may be that luck: the replicates must agree too.
    """
    moving = [k for k in range(lived.shape[1]) if np.ptp(lived[:, k]) > 0]
    if len(moving) < 2:
        return 1.0
    found = np.array([stats.spearmanr(values, lived[:, k]).statistic for k in moving])
    return 0.0 if np.ptp(found) == 0 else float(stats.ttest_1samp(found, 0.0).pvalue)


def elasticities(table: Table, results: Table) -> list[float | None]:
    """Coefficients of log result on log assumptions, a column each; None where one of them changes its sign."""
    none: list[float | None] = [None] * table.shape[1]
    one_sign = (results > 0).all() or (results < 0).all()
    if not one_sign or (table <= 0).any() or len(results) <= table.shape[1] + 2:
        return none
    design = np.column_stack([np.log(table), np.ones(len(table))])
    fitted, *_ = np.linalg.lstsq(design, np.log(np.abs(results)), rcond=None)
    return [float(one) for one in fitted[:-1]]


def find_flips(points: Sequence[_Point], varied: Sequence[str]) -> tuple[tuple[Flip, ...], str]:
    """Assumptions that flip the answer, the strongest first, and where there are none, why none is named."""
    clear = [point for point in points if point.holds is not None]
    holds = np.array([bool(point.holds) for point in clear])
    fewest = int(min(holds.sum(), (~holds).sum())) if len(clear) else 0
    if fewest < FEWEST_OF_EACH or not varied:
        return (), f"assumptions that {len(points)} settings are too few to name"
    table = _table(clear, varied)
    found = [stats.ks_2samp(table[holds, k], table[~holds, k]) for k in range(len(varied))]
    chances = _adjusted([float(one.pvalue) for one in found])
    flips = [
        Flip(
            path=path,
            distance=float(one.statistic),
            chance=chance,
            where_it_holds=float(np.median(table[holds, k])),
            where_not=float(np.median(table[~holds, k])),
        )
        for k, (path, one, chance) in enumerate(zip(varied, found, chances, strict=True))
        if chance <= _CHANCE
    ]
    if not flips:
        return (), f"assumptions that {len(points)} settings do not single out among {len(varied)}"
    return tuple(sorted(flips, key=lambda one: (one.chance, -one.distance, one.path))), ""


def find_box(points: Sequence[_Point], flips: Sequence[Flip]) -> tuple[Box | None, str]:
    """The borders within which a claim holds, and where they sort new settings no better than a guess, that."""
    from sklearn.model_selection import LeaveOneOut, cross_val_score
    from sklearn.tree import DecisionTreeClassifier

    clear = [point for point in points if point.holds is not None]
    paths = [flip.path for flip in flips]
    table, holds = _table(clear, paths), np.array([bool(point.holds) for point in clear])
    tree = DecisionTreeClassifier(max_depth=_DEPTH, min_samples_leaf=FEWEST_OF_EACH, random_state=0)
    right = float(cross_val_score(tree, table, holds, cv=LeaveOneOut()).mean())
    guess = float(max(holds.mean(), 1 - holds.mean()))
    grown = tree.fit(table, holds).tree_
    if right <= guess or grown.node_count < 3:
        return None, "no border of them sorts settings better than a guess"
    leaf = tree.apply(table)
    best = max(set(leaf.tolist()), key=lambda one: (holds[leaf == one].mean(), (leaf == one).sum()))
    inside = leaf == best
    return Box(
        borders=_borders(grown, int(best), paths),
        settings=int(inside.sum()),
        density=float(holds[inside].mean()),
        coverage=float(holds[inside].sum() / holds.sum()),
        right=right,
        guess=guess,
    ), ""


def _adjusted(chances: Sequence[float]) -> list[float]:
    """Probabilities that any of so many looks as strong by chance."""
    return [min(1.0, one * len(chances)) for one in chances]


def _borders(tree: object, leaf: int, paths: Sequence[str]) -> tuple[str, ...]:
    """The way to a leaf, each assumption once: a border that another one implies is left out."""
    left, right = tree.children_left.tolist(), tree.children_right.tolist()  # type: ignore[attr-defined]
    bounds: dict[str, list[float]] = {}
    node = leaf
    while node != 0:
        side = left if node in left else right
        parent = side.index(node)
        path, border = paths[int(tree.feature[parent])], float(tree.threshold[parent])  # type: ignore[attr-defined]
        low_high = bounds.setdefault(path, [-np.inf, np.inf])
        if side is left:
            low_high[1] = min(low_high[1], border)
        else:
            low_high[0] = max(low_high[0], border)
        node = parent
    out = []
    for path, (low, high) in bounds.items():
        if low > -np.inf and high < np.inf:
            out.append(f"{path} between {low:.3g} and {high:.3g}")
        else:
            out.append(f"{path} up to {high:.3g}" if low == -np.inf else f"{path} above {low:.3g}")
    return tuple(reversed(out))


def _table(points: Sequence[_Point], paths: Sequence[str]) -> Table:
    return np.array([[point.values[path] for path in paths] for point in points], np.float64)
