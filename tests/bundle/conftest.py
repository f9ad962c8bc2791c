from __future__ import annotations

import pytest

from counterscore.catalog import load_regime
from counterscore.results import Run
from counterscore.simulation import simulate
from tests import worlds


@pytest.fixture(scope="session")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run of a catalogued city, so that its file can be packed too."""
    return simulate(
        worlds.town(),
        worlds.city(600, seed=4),
        months=26,
        replays=2,
        seed=4,
        base=load_regime("none"),
        assumptions=worlds.busy(),
        out=tmp_path_factory.mktemp("runs") / "saved",
        command="counterscore run test-town",
    )
