"""Intervals in a tenth of the draws, which no test but that of the intervals themselves turns on."""

from __future__ import annotations

import pytest

from counterscore.mirror import intervals

DRAWS = intervals.RESAMPLES


@pytest.fixture(autouse=True)
def _fewer_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intervals, "RESAMPLES", 200)
