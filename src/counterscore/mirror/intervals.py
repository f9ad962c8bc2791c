"""Intervals of the mirror: 95 %, from SciPy and statsmodels; resampling by process or contract, always with one seed."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

CONFIDENCE = 0.95
RESAMPLES = 2_000
_FEWEST_RESAMPLES = 200
_WORK = 4e7  #: values drawn at most, from which there are fewer resamples
_BATCH = 4e6  #: values drawn at once
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


def resampled(clusters: Ints, statistic: Callable[[Ints], Floats]) -> Floats | None:
    """The distribution of a statistic when clusters are drawn again with replacement.

    ``clusters`` numbers the cluster of each row from 0. ``statistic`` gets how often each row was drawn, one line of
    a matrix for each resample, and gives one number a line. None where there is only one cluster, of which nothing
    can be said.
    """
    from scipy import stats

    many = int(clusters.max()) + 1 if len(clusters) else 0
    if many < 2:
        return None

    def of(drawn: Ints, axis: int = -1) -> Floats:
        lines = np.moveaxis(np.atleast_2d(drawn), axis, -1).astype(np.int64)
        places = lines + np.arange(len(lines))[:, None] * many
        weights = np.bincount(places.ravel(), minlength=len(lines) * many).reshape(len(lines), many)[:, clusters]
        return statistic(weights)

    times = int(np.clip(_WORK / max(1, len(clusters)), _FEWEST_RESAMPLES, RESAMPLES))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of degenerate distributions: then both ends are the estimate
        found = stats.bootstrap(
            (np.arange(many),),
            of,
            n_resamples=times,
            vectorized=True,
            axis=0,
            batch=max(1, int(_BATCH / max(1, len(clusters)))),
            method="percentile",
            confidence_level=CONFIDENCE,
            rng=np.random.default_rng(_SEED),
        )
    return np.asarray(found.bootstrap_distribution, np.float64)


def interval(distribution: Floats | None) -> tuple[float, float] | tuple[None, None]:
    """The percentile interval of a distribution."""
    if distribution is None or np.isnan(distribution).all():
        return None, None
    tail = (1 - CONFIDENCE) / 2
    return float(np.nanquantile(distribution, tail)), float(np.nanquantile(distribution, 1 - tail))


def means(values: Floats, weights: Ints) -> Floats:
    """The mean of ``values`` for each line of weights."""
    with np.errstate(invalid="ignore"):
        return np.asarray(weights @ values / weights.sum(axis=1), np.float64)


def medians(ordered: Floats, weights: Ints) -> Floats:
    """The median of values in rising order for each line of weights: how often each value is there."""
    upto = np.cumsum(weights, axis=1)
    half = upto[:, -1:] / 2
    at = np.argmax(upto >= half, axis=1)
    after = np.argmax(upto > half, axis=1)
    return np.asarray((ordered[at] + ordered[after]) / 2, np.float64)


def shares_late(delays: Floats, unpaid: npt.NDArray[np.bool_], days: float, weights: Ints) -> Floats:
    """``late_after`` for each line of weights, all lines at once (SciPy would fit one after another)."""
    if not unpaid.any():
        return means((delays > days).astype(np.float64), weights)
    shifted = np.maximum(delays, 0.0)
    order = np.lexsort((unpaid, shifted))  # who is paid on a day is still at risk before who is not
    drawn = weights[:, order].astype(np.float64)
    at_risk = np.cumsum(drawn[:, ::-1], axis=1)[:, ::-1]
    paid = ~unpaid[order] & (shifted[order] <= days)
    left = 1 - np.divide(drawn, at_risk, out=np.zeros_like(drawn), where=at_risk > 0)
    return np.asarray(np.where(paid, left, 1.0).prod(axis=1), np.float64)


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
