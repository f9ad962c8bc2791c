"""The statistics against formulas written out by hand, and what they do where there is nothing to compare."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from counterscore import statistics
from counterscore.statistics import Stays

Z = float(stats.norm.ppf(0.95))
AT = np.arange(10)


def _wilson(count: int, of: int) -> tuple[float, float]:
    p, z2 = count / of, Z**2
    middle, half = (p + z2 / (2 * of)), Z * math.sqrt(p * (1 - p) / of + z2 / (4 * of**2))
    return (middle - half) / (1 + z2 / of), (middle + half) / (1 + z2 / of)


@pytest.mark.parametrize(("count", "of"), [(10, 100), (0, 30), (30, 30), (1, 7)])
def test_wilson(count: int, of: int) -> None:
    assert statistics.wilson(count, of) == pytest.approx(_wilson(count, of), abs=1e-12)


def test_newcombe_squares_and_adds_wilson() -> None:
    (a, b), (c, d) = (56, 70), (48, 80)
    (low, high), (low_2, high_2) = _wilson(a, b), _wilson(c, d)
    p, q = a / b, c / d
    expected = (
        p - q - math.sqrt((p - low) ** 2 + (high_2 - q) ** 2),
        p - q + math.sqrt((high - p) ** 2 + (q - low_2) ** 2),
    )
    assert statistics.newcombe(a, b, c, d) == pytest.approx(expected, abs=1e-12)


def test_mantel_haenszel_by_hand() -> None:
    yes, of = np.array([10.0, 20.0]), np.array([100.0, 50.0])
    yes_2, of_2 = np.array([5.0, 30.0]), np.array([100.0, 60.0])
    above = 10 * 100 / 200 + 20 * 60 / 110
    below = 5 * 100 / 200 + 30 * 50 / 110
    assert statistics.mantel_haenszel(yes, of, yes_2, of_2) == pytest.approx(above / below)


def test_mantel_haenszel_is_one_where_strata_explain_everything() -> None:
    """All alike within a stratum; the groups only have different strata."""
    of, of_2 = np.array([100.0, 900.0]), np.array([900.0, 100.0])
    assert (0.5 * 100 + 0.1 * 900) / 1000 != (0.5 * 900 + 0.1 * 100) / 1000
    rates = np.array([0.5, 0.1])
    assert statistics.mantel_haenszel(rates * of, of, rates * of_2, of_2) == pytest.approx(1.0)


def test_mantel_haenszel_with_nothing_to_compare() -> None:
    one, none = np.array([5.0]), np.array([0.0])
    assert statistics.mantel_haenszel(one, np.array([10.0]), none, np.array([10.0])) is None
    assert statistics.mantel_haenszel(none, none, one, np.array([10.0])) is None


def test_adjusted_finds_what_was_added() -> None:
    """Shares of 0.1 + 0.2 by conduct + 0.05 for group 1 - 0.02 for group 2, with unequal conduct."""
    group, acts = (at.ravel() for at in np.indices((3, 2)))
    of = np.array([100.0, 900.0, 500.0, 500.0, 900.0, 100.0])
    share = 0.1 + 0.2 * acts + np.array([0.0, 0.05, -0.02])[group]
    assert statistics.adjusted(share * of, of, group, (acts,)) == pytest.approx([0.05, -0.02])


def test_cells_without_residents_are_left_out() -> None:
    group, acts = (at.ravel() for at in np.indices((2, 2)))
    of = np.array([100.0, 0.0, 100.0, 0.0])
    yes = np.array([10.0, 0.0, 30.0, 0.0])
    assert statistics.adjusted(yes, of, group, (acts,)) == pytest.approx([0.2])


def test_holm() -> None:
    assert statistics.holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert statistics.holm([]) == []


def test_paired_p() -> None:
    assert statistics.paired_p([0.0] * 5) == 1.0
    assert statistics.paired_p([2.0] * 5) == 0.0
    assert statistics.paired_p([1.0, -1.0, 1.0, -1.0]) == pytest.approx(1.0)


@pytest.fixture
def stays() -> Stays:
    how = np.array(["expired", "performed", "cut off", "expired", "died"])
    return Stays(np.array([0, 3, 3, 5, 8]), how, np.array([2, 3, 4, 1, 5]))


def test_kaplan_meier_by_hand(stays: Stays) -> None:
    """15 stays: 2 end at 0, 3 of 13 at 3, 1 of 6 at 5; 4 go out of sight at 3 and 5 at 8."""
    one, two, three = 13 / 15, 13 / 15 * 10 / 13, 13 / 15 * 10 / 13 * 5 / 6
    assert stays.still_on(AT) == pytest.approx([one] * 3 + [two] * 2 + [three] * 5)


def test_ways_of_leaving_and_staying_add_up(stays: Stays) -> None:
    left = stays.left_by(AT)
    assert set(left) == {"expired", "performed"}
    assert left["performed"][-1] == pytest.approx(13 / 15 * 3 / 13)
    assert sum(left.values()) + stays.still_on(AT) == pytest.approx(np.ones(len(AT)))


def test_the_extended_risk_table_adds_up(stays: Stays) -> None:
    ended = sum(stays.seen(AT, how) for how in np.unique(stays.how))
    assert (ended + stays.seen(AT) == stays.total).all()
    assert stays.seen(AT, "died")[[7, 8]].tolist() == [0, 5]


def test_who_never_leaves() -> None:
    never = Stays(np.array([4, 9]), np.array(["cut off", "died"]), np.array([3, 1]))
    assert never.still_on(AT) == pytest.approx(np.ones(len(AT)))
    assert never.left_by(AT) == {}
    assert statistics.median(AT, never.still_on(AT)) is None


def test_who_always_leaves() -> None:
    all_left = Stays(np.array([4]), np.array(["expired"]), np.array([3]))
    assert statistics.median(AT, all_left.still_on(AT)) == 4
    assert all_left.left_by(AT)["expired"].tolist() == [0.0] * 4 + [1.0] * 6
