"""Intervals of the mirror: 95 %, from SciPy and statsmodels; resampling by process or contract, always with one seed."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

CONFIDENCE = 0.95
RESAMPLES = 2_000
_FEWEST_RESAMPLES = 200
_WORK = 4e7  #: values drawn at most, from which there are fewer resamples
_SEED = 20_180_331

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Ends = tuple[float, float]


def wilson(count: int, of: int) -> Ends:
    """Ends of the Wilson interval of ``count / of``; ``of`` is at least 1."""
    from scipy import stats

    found = stats.binomtest(count, of).proportion_ci(CONFIDENCE, method="wilson")
    return float(found.low), float(found.high)


def newcombe(count: int, of: int, count_2: int, of_2: int) -> Ends:
    """Ends of Newcombe's interval of ``count / of - count_2 / of_2``."""
    from statsmodels.stats.proportion import confint_proportions_2indep

    low, high = confint_proportions_2indep(
        count, of, count_2, of_2, compare="diff", method="newcomb", alpha=1 - CONFIDENCE
    )
    return float(low), float(high)


def holm(p_values: list[float]) -> list[float]:
    """The p values made fit for being looked at together (Holm)."""
    from statsmodels.stats.multitest import multipletests

    return [float(one) for one in multipletests(p_values, method="holm")[1]] if p_values else []


def two_shares(count: int, of: int, count_2: int, of_2: int) -> float:
    """The p value of two shares being one (Fisher's exact test)."""
    from scipy import stats

    return float(stats.fisher_exact([[count, of - count], [count_2, of_2 - count_2]]).pvalue)


def two_samples(one: Floats, other: Floats) -> float:
    """The p value of neither sample tending to larger values (Mann-Whitney)."""
    from scipy import stats

    if np.ptp(np.concatenate([one, other])) == 0:
        return 1.0
    return float(stats.mannwhitneyu(one, other).pvalue)


def late_after(delays: Floats, unpaid: npt.NDArray[np.bool_], days: float) -> float:
    """1 - S(days) turned round: the share paid later than ``days`` after it was due, Kaplan-Meier where unpaid."""
    from scipy import stats

    shifted = np.maximum(delays, 0.0)
    if not unpaid.any():
        return float(np.mean(shifted > days))
    if unpaid.all():
        return 1.0
    fitted = stats.ecdf(stats.CensoredData(uncensored=shifted[~unpaid], right=shifted[unpaid]))
    return float(fitted.sf.evaluate([days])[0])


def resampled(clusters: Ints, statistic: Callable[[Ints], Any]) -> Floats | None:
    """The distribution of ``statistic(weights of rows)`` when clusters are drawn again with replacement.

    ``clusters`` numbers the cluster of each row from 0. The result has one row for each number that ``statistic``
    gives; None where there is only one cluster, of which nothing can be said.
    """
    from scipy import stats

    many = int(clusters.max()) + 1 if len(clusters) else 0
    if many < 2:
        return None

    def of(drawn: Ints) -> Any:
        return statistic(np.bincount(drawn, minlength=many)[clusters])

    times = int(np.clip(_WORK / max(1, len(clusters)), _FEWEST_RESAMPLES, RESAMPLES))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of degenerate distributions: then both ends are the estimate
        found = stats.bootstrap(
            (np.arange(many),), of, n_resamples=times, vectorized=False, method="percentile",
            confidence_level=CONFIDENCE, rng=np.random.default_rng(_SEED),
        )  # fmt: skip
    return np.atleast_2d(np.asarray(found.bootstrap_distribution, np.float64))


def ends(distribution: Floats | None) -> list[Ends | None]:
    """The percentile interval of each number of a distribution."""
    if distribution is None:
        return []
    tail = (1 - CONFIDENCE) / 2
    return [
        None if np.isnan(row).all() else (float(np.nanquantile(row, tail)), float(np.nanquantile(row, 1 - tail)))
        for row in distribution
    ]


def weighted_median(ordered: Floats, weights: Ints) -> float:
    """The median of values in rising order, each there ``weights`` times."""
    upto = np.cumsum(weights)
    if not len(upto) or upto[-1] == 0:
        return float("nan")
    half = upto[-1] / 2
    at = int(np.searchsorted(upto, half))
    if upto[at] == half:
        after = int(np.searchsorted(upto, half, side="right"))
        return float((ordered[at] + ordered[min(after, len(ordered) - 1)]) / 2)
    return float(ordered[at])


def events_per_year(events: Floats, years: Floats, clusters: Ints) -> tuple[float, float, float]:
    """A Poisson rate with an interval that allows for processes whose contracts change together."""
    from statsmodels.genmod.families import Poisson
    from statsmodels.genmod.generalized_linear_model import GLM

    rate = float(events.sum() / years.sum())
    if events.sum() == 0 or len(np.unique(clusters)) < 2:
        return rate, float("nan"), float("nan")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = GLM(events, np.ones(len(events)), family=Poisson(), offset=np.log(years)).fit(
            cov_type="cluster", cov_kwds={"groups": clusters}
        )
        low, high = np.exp(np.asarray(fitted.conf_int(1 - CONFIDENCE))[0])
    return rate, float(low), float(high)


def shrunk(counts: Ints, of: Ints) -> Floats:
    """Shares of bodies drawn towards their common mean (beta-binomial, moments): what small numbers can carry."""
    share = counts / of
    mean = float(counts.sum() / of.sum())
    spread = float(np.average((share - mean) ** 2, weights=of))
    noise = mean * (1 - mean) * float(np.average(1 / of, weights=of))
    between = max(spread - noise, 1e-9)
    prior = max(mean * (1 - mean) / between - 1, 1e-9)
    return np.asarray((counts + prior * mean) / (of + prior), np.float64)
