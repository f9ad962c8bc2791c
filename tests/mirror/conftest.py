"""Intervals in a tenth of the draws, and pictures as their specification: no test but those of these themselves turns on more."""

from __future__ import annotations

import json
from typing import Any

import pytest

from counterscore.mirror import intervals, page

DRAWS = intervals.RESAMPLES


@pytest.fixture(autouse=True)
def _fewer_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intervals, "RESAMPLES", 200)


@pytest.fixture(autouse=True)
def _pictures_in_words(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What would be drawn, as text in the page: half a second a picture less. ``drawn`` asks for the pictures."""

    def in_words(spec: dict[str, Any]) -> str:
        return f"<svg><desc>{json.dumps(spec)}</desc></svg>"

    if "drawn" not in request.fixturenames:
        monkeypatch.setattr(page, "_drawn", in_words)


@pytest.fixture
def drawn() -> None:
    """For tests of the pictures themselves."""
