"""What every test rests on."""

from __future__ import annotations

import signal

import pytest
from hypothesis import settings

# The gate asks the same examples every time, so that what it says can be said again: a failure is of what was changed,
# and no luck of the draw. ``--hypothesis-profile search`` draws others each time.
settings.register_profile("gate", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None)
settings.load_profile("gate")

# Where the tests run in the background of a script, Ctrl-C is ignored, and so it would be in every command they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--whole`` asks the products of which the gate asks a sample."""
    parser.addoption("--whole", action="store_true", help="ask whole products, not a sample of them")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what ``@pytest.mark.sample(of=…)`` does not choose."""
    if config.getoption("--whole"):
        return
    chosen = []
    for item in items:
        marker = item.get_closest_marker("sample")
        if marker is None or marker.kwargs["of"](**item.callspec.params):  # type: ignore[attr-defined]
            chosen.append(item)
    items[:] = chosen
