"""How far a difference between groups may be due to luck: which replicates were lived, and which residents were drawn.

A difference is told by the same residents in every replicate. Its variance has two parts (a two-way layout of
residents and replicates): what the replicates add, seen in how the difference changes between them, and what the draw of
residents adds, seen in how far residents differ once their own changes between replicates are taken out. Every
resident is one draw, whatever the number of replicates (residents are the clusters).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from counterscore import statistics
from counterscore.measures import FEWEST_REPLAYS

Floats = npt.NDArray[np.float64]
REPLAYS, RESIDENTS = 20, 20_000  #: of the run for which is said what it would find
_TRUSTED = 10.0  #: effective counts at which a group's own spread weighs as much as that of all
_FEWEST_MET = 5.0  #: effective counts below which no normal interval is given


@dataclass(frozen=True, slots=True)
class Spread:
    """What the draw of some residents and their own luck do to a number: its variance, if residents are independent.

    ``chance`` is the part of ``variance`` that their own changes between replicates explain; 0 with one replicate.
    ``each`` is how far each resident pulls the number, the mean of replicates.
    """

    variance: float
    chance: float
    each: Floats

    @property
    def people(self) -> int:
        """How many residents."""
        return len(self.each)


def spread(pull: Floats) -> Spread:
    """From how far each resident (column) pulls the number in each replicate (row)."""
    replays, people = pull.shape
    if people < 2:
        return Spread(0.0, 0.0, np.zeros(people))
    each = pull.mean(axis=0)
    variance = float((each**2).sum()) * people / (people - 1)
    chance = float(pull.var(axis=0, ddof=1).sum()) / replays if replays > 1 else 0.0
    return Spread(variance, min(chance, variance), each)


#: Places of residents among all adults, and how far each of them pulls a difference.
Pulls = tuple[tuple[npt.NDArray[np.intp], Floats], ...]


def correlation(pulls: Sequence[Pulls]) -> Floats:
    """How differences go together, by the residents who pull them."""
    from scipy import sparse

    at = [np.concatenate([people for people, _ in one]) for one in pulls]
    each = [np.concatenate([pull for _, pull in one]) for one in pulls]
    rows = np.repeat(np.arange(len(pulls)), [len(one) for one in at])
    columns = np.concatenate(at)
    shape = (len(pulls), int(columns.max()) + 1)
    table = sparse.coo_array((np.concatenate(each), (rows, columns)), shape=shape).tocsr()
    found = np.asarray((table @ table.T).toarray(), np.float64)
    own = np.sqrt(np.diag(found))
    own[own == 0] = 1.0
    found /= np.outer(own, own)
    np.fill_diagonal(found, 1.0)
    return found


@dataclass(frozen=True, slots=True)
class Error:
    """The variance of a difference and its degrees of freedom (Satterthwaite), with the parts that it is made of."""

    variance: float
    df: float
    draw: float
    chance: float
    replays: int
    clustered: float  #: the variance if nothing befell a replicate as a whole

    def elsewhere(self, residents: int) -> float:
        """The variance with ``REPLAYS`` replicates of ``RESIDENTS`` residents, from that of a city of ``residents``."""
        return (self.draw + self.chance * self.replays / REPLAYS) * residents / RESIDENTS

    @property
    def covers(self) -> str:
        """What an interval from it covers, in words."""
        if self.replays >= FEWEST_REPLAYS:
            return statistics.RESIDENTS_AND_CHANCE
        few = "one replicate" if self.replays == 1 else f"{self.replays} replicates"
        return f"{statistics.RESIDENTS_AND_CHANCE}, but not what befalls a whole replicate ({few})"


def error_of(gaps: Sequence[float] | Floats, parts: Sequence[Spread], both: float = 0.0) -> Error:
    """The error of a difference from its value in each replicate and the spreads of those that tell it.

    ``both`` is twice the covariance of residents who are on both sides, in different replicates. With fewer than
    ``FEWEST_REPLAYS`` replicates the residents alone are the clusters: what befalls a whole replicate cannot be seen.
    """
    many = len(gaps)
    clustered = max(0.0, sum(one.variance for one in parts) - both)
    own = max(0.0, sum(one.chance for one in parts))
    known = sum(one.variance**2 / max(1, one.people - 1) for one in parts)
    if many < FEWEST_REPLAYS:
        df = clustered**2 / known if known else np.inf
        return Error(clustered, max(1.0, df), clustered - min(own, clustered), min(own, clustered), many, clustered)
    chance = float(np.var(gaps, ddof=1)) / many
    draw = max(0.0, clustered - own)
    known += chance**2 / (many - 1)
    df = (draw + chance) ** 2 / known if known else np.inf
    return Error(draw + chance, max(1.0, df), draw, chance, many, clustered)


def unit(variance: float, share: float, of: float) -> float | None:
    """A share's variance by the binomial one of ``of`` independent residents; None where all or none are met."""
    binomial = share * (1 - share) / of
    return variance / binomial if binomial > 0 and variance > 0 else None


def worth(share: float, of: float, own: float | None, whole: float | None) -> float:
    """How many independent residents ``of`` residents are worth, who are met again in each replicate.

    ``own`` is the ``unit`` of the group, ``whole`` that of all residents. That of the group counts the more, the more
    is seen in it: a group in which nobody is met does not tell its own spread. Where nobody at all is met, each
    resident is worth one.
    """
    if whole is None:
        return of
    seen = share * (1 - share) * of / whole
    return of * (seen + _TRUSTED) / (seen * (own or whole) + _TRUSTED * whole)


def enough(share: float, of: float, whole: float | None) -> bool:
    """Whether so many of a group would be met that a normal interval is not far off."""
    return whole is not None and min(share, 1 - share) * of >= _FEWEST_MET * whole
