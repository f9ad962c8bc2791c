"""The statistics against formulas written out by hand, and what they do where there is nothing to compare."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from counterscore import statistics
from counterscore.statistics import Shares, Stays

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
    assert statistics.adjusted(share * of, of, group, (acts,)).gaps == pytest.approx([0.05, -0.02])


def test_cells_without_residents_are_left_out() -> None:
    group, acts = (at.ravel() for at in np.indices((2, 2)))
    of = np.array([100.0, 0.0, 100.0, 0.0])
    yes = np.array([10.0, 0.0, 30.0, 0.0])
    assert statistics.adjusted(yes, of, group, (acts,)).gaps == pytest.approx([0.2])


def test_one_more_who_is_met_moves_the_difference_as_the_pull_says() -> None:
    group, acts = (at.ravel() for at in np.indices((2, 2)))
    of = np.array([1000.0, 900.0, 600.0, 700.0])
    yes = np.array([100.0, 300.0, 90.0, 260.0])
    before = statistics.adjusted(yes, of, group, (acts,))
    for cell in range(4):
        yes_2, of_2 = yes.copy(), of.copy()
        yes_2[cell] += 1
        of_2[cell] += 1
        moved = statistics.adjusted(yes_2, of_2, group, (acts,)).gaps[0] - before.gaps[0]
        assert before.pull[0, cell] * (1 - before.fitted[cell]) == pytest.approx(moved, rel=0.01)


@pytest.mark.parametrize(("count", "of"), [(1.0, 30.0), (7.0, 40.0), (29.0, 30.0), (2.5, 31.5)])
@pytest.mark.parametrize("tail", [0.05, 0.001])
def test_mid_p_gives_half_of_what_was_seen_to_each_tail(count: float, of: float, tail: float) -> None:
    low, high = (float(end) for end in statistics.mid_p_limits(np.array(count), np.array(of), np.array(tail)))

    def at_least(share: float) -> float:  # of a whole count: stats.binom.sf(count - 1, of, share)
        return float(stats.beta.cdf(share, count, of - count + 1) + stats.beta.cdf(share, count + 1, of - count)) / 2

    if count == 7.0:
        whole = stats.binom.sf(7, 40, low) + stats.binom.pmf(7, 40, low) / 2
        assert at_least(low) == pytest.approx(whole)
    assert at_least(low) == pytest.approx(tail, abs=1e-6)
    assert at_least(high) == pytest.approx(1 - tail, abs=1e-6)


def test_mid_p_of_nobody_and_of_all() -> None:
    low, high = statistics.mid_p_limits(np.array([0.0, 20.0]), np.array([20.0, 20.0]), np.array(0.05))
    edge = (2 * 0.05) ** (1 / 20)  # half of (1 - share)^20 is 0.05
    assert low == pytest.approx([0.0, edge], abs=1e-6)
    assert high == pytest.approx([1 - edge, 1.0], abs=1e-6)


def test_two_shares_intervals_and_p_values_agree() -> None:
    lots = np.random.default_rng(1)
    of, of_2 = lots.integers(30, 400, 60).astype(float), lots.integers(30, 4000, 60).astype(float)
    one, two = lots.binomial(of.astype(int), 0.1) / of, lots.binomial(of_2.astype(int), 0.13) / of_2
    pairs = statistics.Shares(one, of, two, of_2, np.full(60, 12.0))
    low, high = pairs.difference()
    least, most = pairs.ratio()
    outside, apart = (low > 0) | (high < 0), (least > 1) | (most < 1)
    p_values = pairs.p_values()
    assert (outside == (p_values < 0.1)).all()
    assert (outside == apart)[two > 0].all()
    assert 0 < outside.sum() < 60
    assert ((low <= one - two) & (one - two <= high)).all()


def test_two_large_shares_are_compared_as_by_a_normal_law() -> None:
    pairs = statistics.Shares(*(np.array([x]) for x in (0.5, 40_000.0, 0.49, 50_000.0)), np.array([np.inf]))
    error = math.sqrt(0.25 / 40_000 + 0.49 * 0.51 / 50_000)
    assert pairs.difference()[0][0] == pytest.approx(0.01 - Z * error, abs=1e-5)
    assert pairs.p_values()[0] == pytest.approx(2 * stats.norm.sf(0.01 / error), rel=1e-2)


def test_t_interval_and_what_is_detectable() -> None:
    low, high, p_value = statistics.t_interval(3.0, 4.0, 7.0)
    half = stats.t.ppf(0.95, 7) * 2
    assert (low, high) == pytest.approx((3 - half, 3 + half))
    assert p_value == pytest.approx(2 * stats.t.sf(1.5, 7))
    assert statistics.detectable(4.0) == pytest.approx(2 * (Z + stats.norm.ppf(0.8)))


def test_the_median_is_reached_at_one_half() -> None:
    """A curve that stops at exactly one half has its median there, and one that stays above has none."""
    assert statistics.median(np.arange(4), np.array([1.0, 0.6, 0.5, 0.2])) == 2
    assert statistics.median(np.arange(3), np.array([1.0, 0.6, 0.5])) == 2
    assert statistics.median(np.arange(3), np.array([1.0, 0.6, 0.500001])) is None


def test_stays_of_several_lists_together(stays: Stays) -> None:
    both = statistics.together([stays, stays])
    assert both.total == 2 * stays.total
    assert both.still_on(AT) == pytest.approx(stays.still_on(AT))


def _none(many: int) -> list[statistics.Steps | None]:
    return [None] * many


def test_looked_at_together_independent_differences_are_corrected_like_sidak_and_holm() -> None:
    """Step-down minima of independent p values have a closed form, just below Holm's (statsmodels)."""
    from statsmodels.stats.multitest import multipletests

    for seed in range(5):
        p_values = np.random.default_rng(seed).random(7) / 4
        found = statistics.step_down(list(p_values), np.eye(7), _none(7))
        assert found == pytest.approx(list(multipletests(p_values, method="holm-sidak")[1]), abs=0.015)
        assert all(found >= p_values)


def test_what_says_the_same_counts_once() -> None:
    same = statistics.step_down([0.06] * 5, np.ones((5, 5)), _none(5))
    assert same == pytest.approx([0.06] * 5, abs=0.008)
    assert statistics.step_down([], np.zeros((0, 0)), []) == []
    mirrored = np.array([[1.0, -1.0], [-1.0, 1.0]])
    assert statistics.step_down([0.06, 0.06], mirrored, _none(2)) == pytest.approx([0.06] * 2, abs=0.008)


def test_a_difference_that_cannot_be_told_takes_nothing_from_the_others() -> None:
    """One resident is met: on either side that is no surprise, so the other difference is as good as alone."""
    lone = statistics.Steps(np.array([0.6, 1.0]), np.array([0.8, 0.5]))
    found = statistics.step_down([0.06, 0.5], np.eye(2), [None, lone])
    assert found[0] == pytest.approx(0.06, abs=0.008)
    assert statistics.step_down([0.06, 0.5], np.eye(2), _none(2))[0] == pytest.approx(1 - 0.94**2, abs=0.01)


@pytest.mark.parametrize("met", [1, 3, 9])
def test_the_sizes_of_a_comparison_of_few_are_those_of_each_way_they_can_fall(met: int) -> None:
    """So many of 40 and 60 residents, met or (mirrored) not met; probabilities are binomial, sizes those of p values."""
    one, two = np.array([40.0, 40.0]), np.array([60.0, 60.0])
    share = np.array([met / 40, 1 - met / 40])
    pairs = Shares(share, one, np.array([0.0, 1.0]), two, np.full(2, np.inf))
    few, mirrored = pairs.steps()
    assert few is not None
    assert mirrored is not None
    assert few.upto == pytest.approx(stats.binom.cdf(np.arange(met + 1), met, 0.4))
    assert few.size[-1] == pytest.approx(stats.norm.isf(pairs.p_values()[0] / 2), abs=1e-6)
    assert mirrored.size == pytest.approx(few.size[::-1], abs=1e-6)
    assert mirrored.upto[-1] == pytest.approx(1.0)
    many = Shares(np.array([0.5]), np.array([200.0]), np.array([0.5]), np.array([200.0]), np.array([np.inf]))
    assert many.steps() == [None]


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
