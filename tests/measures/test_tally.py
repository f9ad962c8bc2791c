"""What follows from counts of values is what follows from the rows themselves."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from counterscore.measures._tally import Spread, Tallied, Tally

COLUMNS = st.integers(0, 60).flatmap(lambda n: arrays(np.int64, (2, n), elements=st.integers(0, 9)))


@given(COLUMNS, st.integers(0, 60))
def test_counts_of_parts_add_up_to_those_of_the_whole(columns: npt.NDArray[Any], cut: int) -> None:
    whole, parts = Spread.of(*columns), Spread.of(*columns[:, :cut]) + Spread.of(*columns[:, cut:])
    assert parts.values.tolist() == whole.values.tolist()
    assert parts.many.tolist() == whole.many.tolist()
    assert whole.total == columns.shape[1]


@given(COLUMNS)
def test_medians_ranks_and_inequality(columns: npt.NDArray[Any]) -> None:
    one, two = columns
    spread = Spread.of(one, two)
    assert spread.median() == (float(np.median(one)) if len(one) else None)
    if len(one) < 3 or len(set(one)) < 2 or len(set(two)) < 2:
        assert spread.rank_correlation() is None
    else:
        assert spread.rank_correlation() == pytest.approx(stats.spearmanr(one, two).statistic)
    if not one.sum():
        assert spread.gini() is None
    else:  # half the mean distance between two residents, by the mean
        distance = np.abs(one[:, None] - one[None, :]).mean()
        assert spread.gini() == pytest.approx(distance / 2 / one.mean())


def test_a_value_of_both_is_worked_out_anew() -> None:
    def mean(tally: Tally) -> tuple[float | None, float]:
        return tally["sum"] / tally["n"], float(tally["n"])

    both = Tallied.of(mean, sum=10, n=2).plus(Tallied.of(mean, sum=2, n=4))
    assert both == (2.0, 6.0)
