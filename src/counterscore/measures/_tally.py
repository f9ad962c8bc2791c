"""Sums and counts that a measure needs of residents: those of a whole are those of its parts, added up.

A measure that is no plain average (a median, a rank correlation, a ratio of rates) says what it needs as a tally and how its
value follows from that. A run of a nation is then read a few subdistricts at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from counterscore.measures._measure import Value, mean_ranks

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Spread:
    """How often each value occurs: distinct ``values`` (n, columns) in lexical order, and ``many`` (n,) of each."""

    values: Ints
    many: Ints

    @classmethod
    def of(cls, *columns: npt.NDArray[Any]) -> Spread:
        """Of one column of whole numbers, or of the pairs, triples … that several make row by row."""
        rows = np.stack([np.asarray(column, np.int64) for column in columns], axis=1)
        return cls._gathered(rows, np.ones(len(rows), np.int64))

    @classmethod
    def _gathered(cls, rows: Ints, many: Ints) -> Spread:
        order = np.lexsort(rows.T[::-1])
        rows, many = rows[order], many[order]
        first = np.ones(len(rows), bool)
        first[1:] = (rows[1:] != rows[:-1]).any(axis=1)
        starts = np.flatnonzero(first)
        return cls(rows[first], np.add.reduceat(many, starts) if len(starts) else many)

    def __add__(self, other: Spread) -> Spread:
        return self._gathered(
            np.concatenate([self.values, other.values]),
            np.concatenate([self.many, other.many]),
        )

    @property
    def total(self) -> int:
        """How many rows there are."""
        return int(self.many.sum())

    def median(self) -> float | None:
        """Median of the first column; None without a row."""
        if not self.total:
            return None
        ends = np.cumsum(self.many)
        middle = np.searchsorted(ends, [(self.total - 1) // 2, self.total // 2], side="right")
        return float(self.values[middle, 0].mean())

    def gini(self) -> float | None:
        """Gini coefficient of the first column, values of 0 and more; None where all are 0."""
        values, many = self.values[:, 0].astype(np.float64), self.many.astype(np.float64)
        n, whole = float(self.total), float(values @ many)
        if not whole:
            return None
        before = np.cumsum(many) - many
        ranks = many * before + many * (many + 1) / 2  # summed over the rows of each value
        return float((2 * ranks - many * (n + 1)) @ values / (n * whole))

    def rank_correlation(self) -> float | None:
        """Spearman's correlation of the first two columns; None where either has one value, or with fewer than three rows."""
        if self.total < 3 or any(len(np.unique(self.values[:, k])) < 2 for k in (0, 1)):
            return None
        one, two = (mean_ranks(self.values[:, k], self.many) - (self.total + 1) / 2 for k in (0, 1))
        above = float(self.many @ (one * two))
        below = float(self.many @ one**2) * float(self.many @ two**2)
        return above / float(np.sqrt(below))


Tally = Mapping[str, Any]  #: of numbers, arrays and ``Spread``s, all of which are added up


class Tallied(tuple[float | None, float]):
    """A value with the tally that it follows from."""

    tally: Tally
    finish: Callable[[Tally], Value]

    @classmethod
    def of(cls, finish: Callable[[Tally], Value], **tally: Any) -> Tallied:
        """The value that ``finish`` makes of a tally."""
        made = cls(finish(tally))
        made.tally, made.finish = tally, finish
        return made

    def plus(self, other: Tallied) -> Tallied:
        """The value of the rows behind both."""
        return Tallied.of(self.finish, **{name: part + other.tally[name] for name, part in self.tally.items()})
