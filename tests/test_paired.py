"""Intervals of paired differences, worked out by hand."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import pytest

from counterscore import paired
from counterscore.paired import interval

GAPS = [0.3, -0.1, 0.4, 0.2, 0.0, 0.5, -0.2, 0.3, 0.1, 0.5]
T_9 = 1.8331129326536335  #: the 95 % point of Student's t with 9 degrees of freedom, from a table


def test_the_interval_has_one_degree_of_freedom_less_than_replays() -> None:
    mean = sum(GAPS) / 10
    error = math.sqrt(sum((gap - mean) ** 2 for gap in GAPS) / 9 / 10)
    middle, low, high, sure, note = interval(GAPS)
    assert middle == pytest.approx(mean)
    assert (low, high) == pytest.approx((mean - T_9 * error, mean + T_9 * error), rel=1e-9)
    assert sure
    assert note == ""


def test_nine_replays_are_too_few_and_ten_are_enough() -> None:
    assert interval(GAPS[:9])[1:4] == (None, None, None)
    assert "9 replicates, at least 10 are needed" in interval(GAPS[:9])[4]
    assert interval(GAPS)[1] is not None


@pytest.mark.parametrize("times", [1, 4])
def test_differences_that_cancel_are_nothing_on_average(times: int) -> None:
    """1/3 + 1/5 - 1/3 - 1/5 leaves 5e-17 in binary fractions, but replays do differ."""
    gaps = [1 / 3, 1 / 5, -1 / 3, -1 / 5, 0.1 + 0.2, -0.3] * times
    middle, *_, note = interval(gaps)
    assert middle == 0.0
    assert not note.startswith("exactly")


def test_what_is_nowhere_different_is_exactly_so() -> None:
    assert interval([0.0] * 12) == (0.0, 0.0, 0.0, False, "exactly no difference")
    assert interval([0.0] * 3)[4].startswith("exactly no difference")
    assert interval([])[0] is None


def test_replicates_without_a_value_are_left_out_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody tries a fraud in some replicates of one world: their difference is not 0, and the others do not speak for them."""
    values: dict[tuple[str, int], float | None] = {("a", k): 3.0 + k % 2 for k in range(12)}
    values |= {("none", k): None if k < 3 else 1.0 for k in range(12)}
    run: Any = SimpleNamespace(replays=lambda: range(12), baseline="none", echo=lambda *_: "", worlds=["a", "none"])
    monkeypatch.setattr(paired, "Life", lambda _, world, replay: SimpleNamespace(world=world, replay=replay))
    monkeypatch.setattr(paired, "inapplicable", lambda *_: "")
    monkeypatch.setattr(paired, "value_of", lambda _, life, base: (values[life.world, life.replay], 1.0))
    found = paired.compare(run, "frauds_stopped")
    assert (found.n_replays, found.undefined) == (9, 3)
    assert found.text.endswith("; not defined in 3 of 12 replicates")
    assert found.as_json()["undefined"] == 3
    for replay in range(12):
        values["none", replay] = None
    never = paired.compare(run, "frauds_stopped")
    assert (never.value, never.text, never.undefined) == (None, "", 0)
    assert never.note == "not defined, because one world has no value"
