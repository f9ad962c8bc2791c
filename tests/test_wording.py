"""One rounding and one wording: the same figure to its last digit, and no difference where there is none."""

from __future__ import annotations

import doctest
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterscore import wording
from counterscore.paired import interval, more_needed

numbers = st.floats(-1e6, 1e6, allow_nan=False)


def test_the_examples_are_true() -> None:
    assert doctest.testmod(wording).failed == 0


@given(numbers)
def test_a_number_is_written_close_to_what_it_is(value: float) -> None:
    text = wording.number(value)
    assert abs(float(text.replace(",", "")) - value) <= max(0.005 * abs(value), 0.05 * min(abs(value), 1), 5e-7) * 1.001
    assert "-0" not in re.split(r"\.", text)[0] or float(text.replace(",", "")) != 0


@given(numbers, numbers, numbers)
def test_a_range_has_the_decimals_of_its_value(value: float, low: float, high: float) -> None:
    text = wording.amount(value, low, high)
    if value:
        places = {len(part.partition(".")[2]) for part in re.findall(r"[\d,]+(?:\.\d+)?", text)}
        assert len(places) == 1


@settings(deadline=None)
@given(
    st.integers(10, 40).flatmap(lambda n: st.lists(st.integers(-50, 50), min_size=n, max_size=n)), st.floats(0.001, 1e3)
)
def test_differences_that_cancel_are_none_on_average(steps: list[int], scale: float) -> None:
    """Field: acts that differ by +1, -1 and 0 were told as 0.000000000000076 fewer."""
    rates = [1000.0 * (300 + step) / (917.3 * scale) - 1000.0 * 300 / (917.3 * scale) for step in steps]
    both = [*rates, *(-rate for rate in rates)]
    value, low, high, sure, note = interval(both)
    assert value == 0
    assert sure is False
    assert note == (wording.EXACTLY_NONE if not any(steps) else wording.NONE_ON_AVERAGE)
    told = wording.difference(value, low, high, n=len(both), same=not any(steps))
    assert told.startswith("exactly no difference" if not any(steps) else "no difference on average")
    assert "e-" not in told


def test_cancelling_floating_point_residue_is_nothing() -> None:
    gaps = [1.0905125408942202, -1.0905125408939928, 0.0]
    assert interval(gaps)[0] == 0
    assert wording.difference(0.0, None, None, n=3) == "no difference on average"


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        ((2.5, 2.0, 3.0), "+2.50 (+2.00 to +3.00)"),
        ((-144.2, -150.2, -138.0), "-144 (-150 to -138)"),
        ((0.2, -0.1, 0.5), "+0.20 (-0.10 to +0.50), not distinguishable: about 7 more replicates would be needed"),
        ((3.0, None, None), "+3.00 (no interval: 12 replicates)"),
        ((0.0, 0.0, 0.0), "no difference on average (0 to 0)"),
        ((None, None, None), ""),
    ],
)
def test_a_difference_says_what_it_does_not_tell(gap: tuple[float | None, ...], said: str) -> None:
    assert wording.difference(*gap, n=12, more=7) == said


def test_more_replicates_are_named_where_they_would_help() -> None:
    assert more_needed([1.0, -0.9] * 6) == 1054
    assert more_needed([0.0] * 12) is None
    assert more_needed([1.0, -1.0] * 6) is None
    assert more_needed([1.0]) is None
