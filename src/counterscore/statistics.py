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
Ends = tuple[float, float]
Floats = npt.NDArray[np.float64]


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


def adjusted(yes: Floats, of: Floats, group: npt.NDArray[np.int64], also: Sequence[npt.NDArray[np.int64]]) -> Floats:
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
    fitted = WLS(yes[used] / of[used], np.column_stack(terms), weights=of[used]).fit()
    return np.asarray(fitted.params[1:many], np.float64)


def holm(p_values: Sequence[float]) -> list[float]:
    """The p values made fit for being looked at together (Holm)."""
    from statsmodels.stats.multitest import multipletests

    return [float(p) for p in multipletests(p_values, method="holm")[1]] if p_values else []


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


CENSORED = ("cut off", "died")  #: the end of the run, or of a life, ends the watching and not the stay


def median(at: npt.NDArray[np.int64], share: Floats) -> int | None:
    """The first of the months ``at`` by which no more than half is left; None where more than half is."""
    below = np.flatnonzero(share <= 0.5)
    return int(at[below[0]]) if len(below) else None
