"""Intervals, strata and survival: the one place where the statistics libraries are called.

SciPy where it has the method, statsmodels where it has not (Newcombe, Mantel-Haenszel, weighted regression,
competing risks); both are loaded when asked for, since that takes up to a second. All intervals are of 90 %.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

CONFIDENCE = 0.9
ERROR = 1 - CONFIDENCE  #: how often a statement, or a family of them, finds a difference where there is none
POWER = 0.8
#: What an interval covers: the luck of replicates alone, for the residents that live in the run, or the draw of residents too.
CHANCE_ONLY = "chance only: these residents"
RESIDENTS_AND_CHANCE = "residents and chance"
Ends = tuple[float, float]
Floats = npt.NDArray[np.float64]
_STEPS, _CLOSE = 30, 1e-6  #: steps in the search for a root, and when it is found
_LEAST = 1e-9
_FAR = 12.0  #: standard errors beyond which probabilities are no longer told apart
_FEW = 20  #: residents met (or not met) below which the values that a p value can have are looked at one by one
_DRAWS = 10_000  #: of all differences of a family together


def wilson(count: int, of: int) -> Ends:
    """Ends of the Wilson interval of the share ``count / of``; ``of`` is at least 1."""
    from scipy import stats

    found = stats.binomtest(count, of).proportion_ci(CONFIDENCE, method="wilson")
    return float(found.low), float(found.high)


def newcombe(count: int, of: int, count_2: int, of_2: int) -> Ends:
    """Ends of Newcombe's interval of the difference ``count / of - count_2 / of_2`` of two independent shares."""
    from statsmodels.stats.proportion import confint_proportions_2indep

    low, high = confint_proportions_2indep(
        count, of, count_2, of_2, compare="diff", method="newcomb", alpha=1 - CONFIDENCE
    )
    return float(low), float(high)


def mid_p_limits(count: Floats, of: Floats, tail: Floats) -> tuple[Floats, Floats]:
    """Ends of the mid-p interval of the shares ``count / of``, each missed with the probability ``tail`` below 0.5.

    Counts may be fractions (effective counts of residents who are met again in each replicate, Korn and Graubard 1998).
    The mid-p interval inverts the binomial tail with half of the probability of what was seen (Lancaster 1961): near
    0 and 1, where Wilson's falls short, it still misses about as often as it says.
    """
    count, of, tail = np.broadcast_arrays(count, of, tail)
    # So many who are met at most are as likely as so many who are not at least.
    return _mid_p_low(count, of, tail), 1 - _mid_p_low(of - count, of, tail)


def _mid_p_low(count: Floats, of: Floats, tail: Floats) -> Floats:
    """The shares at which ``count`` or more, ``count`` itself counting half, have the probability ``tail``."""
    from scipy.special import betainc, betaincinv, betaln

    some, others = np.maximum(count, _LEAST), np.maximum(of - count, _LEAST)
    none, all_ = count <= 0, count >= of
    base, base_more = betaln(some, others + 1), betaln(some + 1, others)
    # The exact (Clopper-Pearson) limit, and that of one count more, lie on either side; Newton's steps between them.
    low, high = betaincinv(some, others + 1, tail), np.where(all_, 1.0, betaincinv(some + 1, others, tail))
    at = (low + high) / 2
    for _ in range(_STEPS):
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            more = np.where(all_, 0.0, betainc(some + 1, others, at))
            off = (more + betainc(some, others + 1, at)) / 2 - tail
            odds = (some - 1) * np.log(at) + (others - 1) * np.log1p(-at)
            rise = np.exp(odds + np.log1p(-at) - base) + np.where(all_, 0.0, np.exp(odds + np.log(at) - base_more))
            low, high = np.where(off < 0, at, low), np.where(off < 0, high, at)
            step = at - 2 * off / rise
        if np.all(none | (np.abs(off) <= _CLOSE * tail)):
            break
        at = np.where((step > low) & (step < high), step, (low + high) / 2)
    return np.where(none, 0.0, at)


@dataclass(frozen=True, slots=True)
class Shares:
    """Two independent shares, each with the number of subjects that it is worth, many pairs at once.

    ``df`` are the degrees of freedom with which the sizes are known; ``inf`` where they are counted.
    """

    share: Floats
    of: Floats
    share_2: Floats
    of_2: Floats
    df: Floats

    def difference(self) -> tuple[Floats, Floats]:
        """Ends of the interval of ``share - share_2`` (Newcombe's square-and-add of mid-p limits)."""
        return self._ends(self._sure())

    def ratio(self) -> tuple[Floats, Floats]:
        """Ends of the interval of ``share / share_2`` (Donner and Zou 2012), the upper ``inf`` where there is none."""
        (low, high), (low_2, high_2) = self._limits(self._sure())
        one, two = self.share, self.share_2
        with np.errstate(divide="ignore", invalid="ignore"):
            under = (one * two) ** 2 - low * high_2 * (2 * one - low) * (2 * two - high_2)
            above = np.maximum(0.0, (one * two) ** 2 - high * low_2 * (2 * one - high) * (2 * two - low_2))
            least = low * (2 * one - low) / (one * two + np.sqrt(np.maximum(0.0, under)))
            most = (one * two + np.sqrt(above)) / (low_2 * (2 * two - low_2))
        return np.where(low > 0, least, 0.0), np.where(low_2 > 0, most, np.inf)

    def p_values(self) -> Floats:
        """The p value of both shares being the same: the interval of ``1 - p`` just reaches 0."""
        from scipy import stats

        gap = np.abs(self.share - self.share_2)
        errors = np.ones(self.share.shape)
        open_ = np.flatnonzero(gap > 0)
        for _ in range(_STEPS):  # the interval grows nearly in proportion to the errors, so this settles soon
            if not len(open_):
                break
            some, before = self._some(open_), errors[open_]
            low, high = some._ends(before)
            half = np.where(
                some.share > some.share_2, some.share - some.share_2 - low, high + some.share_2 - some.share
            )
            with np.errstate(divide="ignore", invalid="ignore"):
                found = np.clip(np.where(half > 0, before * gap[open_] / half, _FAR), _LEAST, _FAR)
            errors[open_] = found
            open_ = open_[np.abs(found - before) > _CLOSE * before]
        return np.where(gap == 0, 1.0, np.minimum(1.0, 2 * stats.t.sf(errors, self.df)))

    def _some(self, at: npt.NDArray[np.intp]) -> Shares:
        return Shares(self.share[at], self.of[at], self.share_2[at], self.of_2[at], self.df[at])

    def steps(self) -> list[Steps | None]:
        """The sizes that each comparison can come out at if both shares are the same; None where many are met.

        So many as are met (or not, if these are fewer) fall on either side like balls (binomial).
        """
        from scipy import stats

        found: list[Steps | None] = [None] * self.share.size
        met = self.share * self.of + self.share_2 * self.of_2
        others = self.of + self.of_2 - met
        rare = np.rint(np.minimum(met, others)).astype(np.int64)
        few = np.flatnonzero(rare < _FEW)
        if not len(few):
            return found
        at = np.repeat(few, rare[few] + 1)
        count = np.concatenate([np.arange(many + 1) for many in rare[few]]).astype(np.float64)
        of, of_2 = self.of[at], self.of_2[at]
        here, there = np.minimum(1.0, count / of), np.minimum(1.0, (rare[at] - count) / of_2)
        size = stats.norm.isf(Shares(here, of, there, of_2, self.df[at]).p_values() / 2)
        law = stats.binom(rare[at], of / (of + of_2))
        upto, down = law.cdf(count), law.sf(count - 1)
        for k in few:
            mine = at == k
            grows = met[k] <= others[k]
            found[k] = Steps(upto[mine], size[mine]) if grows else Steps(down[mine][::-1], size[mine][::-1])
        return found

    def _sure(self) -> Floats:
        from scipy import stats

        return np.asarray(stats.t.ppf((1 + CONFIDENCE) / 2, self.df), np.float64)

    def _limits(self, errors: Floats) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
        """Limits of both shares that are so many standard errors away."""
        from scipy import stats

        tail = stats.norm.sf(errors)
        return (
            mid_p_limits(self.share * self.of, self.of, tail),
            mid_p_limits(self.share_2 * self.of_2, self.of_2, tail),
        )

    def _ends(self, errors: Floats) -> tuple[Floats, Floats]:
        (low, high), (low_2, high_2) = self._limits(errors)
        gap = self.share - self.share_2
        return (
            gap - np.hypot(self.share - low, high_2 - self.share_2),
            gap + np.hypot(high - self.share, self.share_2 - low_2),
        )


def t_interval(middle: float, variance: float, df: float) -> tuple[float, float, float]:
    """Ends of the t interval of ``middle``, and the p value of its being 0; ``variance`` is above 0."""
    from scipy import stats

    error = float(np.sqrt(variance))
    half = float(stats.t.ppf((1 + CONFIDENCE) / 2, df)) * error
    return middle - half, middle + half, float(2 * stats.t.sf(abs(middle) / error, df))


def detectable(variance: float) -> float:
    """The smallest true difference that is found with a probability of 80 %, where it has this variance."""
    from scipy import stats

    return float((stats.norm.ppf((1 + CONFIDENCE) / 2) + stats.norm.ppf(POWER)) * np.sqrt(variance))


def mantel_haenszel(yes: Floats, of: Floats, yes_2: Floats, of_2: Floats) -> float | None:
    """The ratio of the share ``yes / of`` to ``yes_2 / of_2``, pooled over strata; None where nothing can be compared.

    The arguments have one entry for each stratum. Strata in which one side is empty say nothing and are left out.
    """
    from statsmodels.stats.contingency_tables import StratifiedTable

    both = (of > 0) & (of_2 > 0)
    if not (yes_2[both] > 0).any():
        return None
    rows = np.array([[yes, of - yes], [yes_2, of_2 - yes_2]])[:, :, both]
    return float(StratifiedTable(rows).riskratio_pooled)


@dataclass(frozen=True, slots=True)
class Adjusted:
    """Differences of a share from group 0 at equal values of other attributes, and what each cell adds to them.

    ``gaps`` has an entry for each of the groups 1, 2, …; ``pull`` a row for each of them and a column for each cell:
    a resident of the cell who is met moves the difference by ``pull * (1 - fitted)``, one who is not by
    ``-pull * fitted``, both to first order and corrected for the resident's own part in the fit (HC2).
    """

    gaps: Floats
    pull: Floats
    fitted: Floats


def adjusted(yes: Floats, of: Floats, group: npt.NDArray[np.int64], also: Sequence[npt.NDArray[np.int64]]) -> Adjusted:
    """Differences of the share ``yes / of`` from group 0, for the groups 1, 2, … at equal values of ``also``.

    Weighted least squares over cells of residents (one entry of the arguments for each): a term for each group and
    for each value of each attribute of ``also``. Shares are compared, so groups in which nobody is met do no harm.
    """
    from statsmodels.regression.linear_model import WLS

    used = of > 0
    codes = [column[used] for column in (group, *also)]
    many = int(group.max()) + 1
    terms = [np.ones(int(used.sum()))]
    terms += [(codes[0] == k).astype(np.float64) for k in range(1, many)]
    for column in codes[1:]:
        terms += [(column == value).astype(np.float64) for value in np.unique(column)[1:]]
    design = np.column_stack(terms)
    model = WLS(yes[used] / of[used], design, weights=of[used]).fit()
    spread = np.asarray(model.normalized_cov_params, np.float64)
    own = np.einsum("ij,jk,ik->i", design, spread, design)
    pull, fitted = np.zeros((many - 1, len(of))), np.zeros(len(of))
    pull[:, used] = (design @ spread).T[1:many] / np.sqrt(np.maximum(1 - own, 0.5))
    fitted[used] = model.fittedvalues
    return Adjusted(np.asarray(model.params[1:many], np.float64), pull, fitted)


@dataclass(frozen=True, slots=True)
class Steps:
    """What a statistic can come out at where there is no difference: few are met, so it takes few values.

    ``size`` are standard normal deviates as unlikely as each outcome, ``upto`` the probabilities of the outcomes up to
    each, in the order in which the difference grows.
    """

    upto: Floats
    size: Floats


def step_down(p_values: Sequence[float], correlation: Floats, steps: Sequence[Steps | None]) -> list[float]:
    """The p values made fit for being looked at together (Westfall and Young 1993, step-down minima of p values).

    Each is the probability that the smallest of those not yet told gets as small where there is no difference at all.
    ``correlation`` is that of the differences (n by n): what says the same of the same residents is found or missed
    together and counts once. Where ``steps`` are given the draws take those sizes alone, so that a statement which can
    hardly be told takes nothing from the others. ``_DRAWS`` draws, always the same.
    """
    from scipy.special import ndtr, ndtri

    many = len(p_values)
    if not many:
        return []
    values, vectors = np.linalg.eigh(correlation)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    drawn = np.random.default_rng(many).standard_normal((_DRAWS, many)) @ root.T
    for k, one in enumerate(steps):
        if one is None:
            drawn[:, k] = np.abs(drawn[:, k])
        else:
            drawn[:, k] = one.size[np.minimum(np.searchsorted(one.upto, ndtr(drawn[:, k])), len(one.size) - 1)]
    order = np.argsort(p_values, kind="stable")
    worst = np.maximum.accumulate(drawn[:, order[::-1]], axis=1)[:, ::-1]
    raw = np.asarray(p_values, np.float64)[order]
    found = (worst >= -ndtri(np.maximum(raw, _LEAST) / 2) - _LEAST).mean(axis=0)
    out = np.empty(many)
    out[order] = np.maximum.accumulate(np.maximum(found, raw))
    return [float(p) for p in out]


def paired_p(gaps: Sequence[float]) -> float:
    """The p value of paired differences having mean 0 (t test); those that are all the same are 0 or they are not."""
    if np.ptp(gaps) == 0:
        return 0.0 if gaps[0] else 1.0
    from scipy import stats

    return float(stats.ttest_1samp(gaps, 0.0).pvalue)


@dataclass(frozen=True, slots=True)
class Stays:
    """Stays on a list: after how many months each ended, how, and how many there are of it.

    ``how`` names the reason; stays whose reason is in ``CENSORED`` had not ended when they were last seen.
    """

    months: npt.NDArray[np.int64]
    how: npt.NDArray[np.str_]
    many: npt.NDArray[np.int64]

    @property
    def total(self) -> int:
        """How many stays."""
        return int(self.many.sum())

    @property
    def ended(self) -> npt.NDArray[np.bool_]:
        """Which rows ended, rather than went out of sight."""
        return ~np.isin(self.how, CENSORED)

    def still_on(self, at: npt.NDArray[np.int64]) -> Floats:
        """Kaplan-Meier: the share that would still be on the list after the months ``at``, were none cut off."""
        lasted, ended = np.repeat(self.months, self.many), np.repeat(self.ended, self.many)
        from scipy import stats

        fitted = stats.ecdf(stats.CensoredData(uncensored=lasted[ended], right=lasted[~ended]))
        return np.asarray(fitted.sf.evaluate(at), np.float64)

    def left_by(self, at: npt.NDArray[np.int64]) -> Mapping[str, Floats]:
        """Aalen-Johansen: the share that has left after the months ``at``, by reason, were none cut off.

        With ``still_on`` the shares add up to 1.
        """
        from statsmodels.duration.survfunc import CumIncidenceRight

        names = [str(name) for name in np.unique(self.how[self.ended])]
        if not names:
            return {}
        codes = np.array([names.index(how) + 1 if how in names else 0 for how in self.how])
        # A stay that ends in the month of its entry lasted 0 months, and the library's clock starts after 0.
        lasted = np.repeat(self.months + 1, self.many).astype(np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):  # of its standard errors, which are not used
            fitted = CumIncidenceRight(lasted, np.repeat(codes, self.many))
        times = np.asarray(fitted.times) - 1
        upto = np.searchsorted(times, at, side="right")
        return {name: np.concatenate([[0.0], fitted.cinc[k]])[upto] for k, name in enumerate(names)}

    def seen(self, at: npt.NDArray[np.int64], how: str | None = None) -> npt.NDArray[np.int64]:
        """How many stays had ended for the reason ``how`` by the months ``at``; without one, were still going on."""
        if how is None:
            return np.array([self.many[self.months > month].sum() for month in at], np.int64)
        mine = self.how == how
        return np.array([self.many[mine & (self.months <= month)].sum() for month in at], np.int64)


def together(parts: Sequence[Stays]) -> Stays:
    """All stays of several lists as if on one; there is at least one list."""
    return Stays(*(np.concatenate(of) for of in zip(*((one.months, one.how, one.many) for one in parts), strict=True)))


CENSORED = ("cut off", "died")  #: the end of the run, or of a life, ends the watching and not the stay


def median(at: npt.NDArray[np.int64], share: Floats) -> int | None:
    """The first of the months ``at`` by which no more than half is left; None where more than half is."""
    below = np.flatnonzero(share <= 0.5)
    return int(at[below[0]]) if len(below) else None
