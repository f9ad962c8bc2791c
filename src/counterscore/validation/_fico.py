"""The TransRisk tables of 2003: score distribution and repayment by group (see data/fico_transrisk_2003/README.md)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

_FOLDER = Path(__file__).parent / "data" / "fico_transrisk_2003"
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Group:
    """One group: people, and at each of 198 points of the score the share of it and how many of these repay."""

    people: float
    score: Floats  # 0 to 100, percentile scale
    share: Floats  # adds up to 1
    repaid: Floats  # 0 to 1

    def from_the_top(self, of: Floats) -> Floats:
        """Sums of ``share * of`` over the 0, 1, 2, … highest scores."""
        return np.concatenate([[0.0], np.cumsum((self.share * of)[::-1])])

    def selected(self) -> Floats:
        """Share of the group selected with the 0, 1, 2, … highest scores."""
        return self.from_the_top(np.ones_like(self.share))

    def true_positives(self) -> Floats:
        """Share of those who repay that is selected with the 0, 1, 2, … highest scores."""
        return self.from_the_top(self.repaid) / float((self.share * self.repaid).sum())


@cache
def fico_groups() -> dict[str, Group]:
    """White, Black, Hispanic, Asian: the four groups of the tables."""
    below, bad = _table("transrisk_cdf_by_race_ssa.csv"), _table("transrisk_performance_by_race_ssa.csv")
    with (_FOLDER / "totals.csv").open(encoding="utf-8") as file:
        people = [float(value) for value in list(csv.reader(file))[1][1:]]
    return {
        name: Group(
            people=people[k],
            score=below[:, 0],
            share=np.diff(below[:, k + 1] / 100, prepend=0.0),
            repaid=1 - bad[:, k + 1] / 100,
        )
        for k, name in enumerate(("White", "Black", "Hispanic", "Asian"))
    }


def _table(name: str) -> npt.NDArray[Any]:
    with (_FOLDER / name).open(encoding="utf-8") as file:
        return np.array([[float(value) for value in row] for row in list(csv.reader(file))[1:]])
