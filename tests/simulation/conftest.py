"""A city that is lived in parts, and the run that one thread makes of it."""

from __future__ import annotations

import pytest

from counterscore.catalog import load_regime
from counterscore.results import Run
from counterscore.simulation import execute
from counterscore.specification import RunSpec
from tests import worlds

MONTHS = 26  #: three years of errands: a first, one between, a last that is cut short


@pytest.fixture(scope="session")
def spec() -> RunSpec:
    """Sixteen subdistricts of a few thousand residents, two worlds, firms: the smallest city that is lived in parts."""
    city = worlds.city(66_000, seed=3)
    assert len(city.subdistricts) == 16
    regime, base = load_regime("zhejiang-firms"), load_regime("none")
    return RunSpec.of(regime, city, base=base, assumptions=worlds.busy(), months=MONTHS, seed=3)


@pytest.fixture(scope="session")
def alone(spec: RunSpec, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return execute(spec, tmp_path_factory.mktemp("alone") / "run", threads=1)
