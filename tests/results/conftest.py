from __future__ import annotations

from pathlib import Path

import pytest

from counterscore.catalog import load_regime
from counterscore.results import Run
from counterscore.simulation import simulate
from tests import worlds

SETTINGS = {"months": 14, "replays": 3, "seed": 4}


def make(out: Path, **changes: object) -> Run:
    return simulate(  # type: ignore[arg-type]
        worlds.town(),
        worlds.city(400),
        **{
            **SETTINGS,
            "base": load_regime("none"),
            "assumptions": worlds.busy(),
            "out": out,
            **changes,
        },
    )


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return make(tmp_path_factory.mktemp("runs") / "one")
