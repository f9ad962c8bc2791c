"""The cities that come along, read once."""

from __future__ import annotations

from pathlib import Path

import pytest

import counterscore
from counterscore.city import City, CitySpec, read_city, synthesize

CITIES = Path(counterscore.__file__).parent / "catalog" / "cities"


@pytest.fixture(scope="session")
def beijing() -> CitySpec:
    return read_city(CITIES / "beijing" / "city.yaml")


@pytest.fixture(scope="session")
def demo() -> CitySpec:
    return read_city(CITIES / "demo" / "city.yaml")


@pytest.fixture(scope="session")
def whole_beijing(beijing: CitySpec) -> City:
    return synthesize(beijing, seed=5)


@pytest.fixture(scope="session")
def town(beijing: CitySpec) -> City:
    """Large enough for subdistricts by district, small enough to draw whole."""
    return synthesize(beijing, residents=150_000, seed=5)
