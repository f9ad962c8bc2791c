"""A small town where everything happens, with its baseline, saved as a run."""

from __future__ import annotations

import pytest

from counterscore.catalog import load_regime
from counterscore.catalog.assume import load_assumptions
from counterscore.results import Run
from counterscore.simulation import simulate
from tests import worlds


@pytest.fixture(scope="session")
def busy_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return simulate(
        worlds.town(),
        worlds.city(700, seed=4),
        months=26,
        replays=2,
        seed=4,
        base=load_regime("none"),
        assumptions=worlds.busy(),
        out=tmp_path_factory.mktemp("runs") / "busy",
    )


@pytest.fixture(scope="session")
def large_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Several subdistricts, a stack of three rule books and a reform."""
    return simulate(
        load_regime("beijing-points", with_=["appeals-60d"]),
        worlds.city(70_000, seed=6),
        months=14,
        replays=1,
        seed=6,
        base=load_regime("none"),
        assumptions=worlds.busy(),
        out=tmp_path_factory.mktemp("runs") / "large",
    )


@pytest.fixture(scope="session")
def firm_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Rules for firms beside those of the test town, each reaching the other's subjects."""
    return simulate(
        worlds.firms_regime(),
        worlds.city(1500, seed=4),
        months=40,
        replays=2,
        seed=4,
        base=load_regime("none"),
        assumptions=worlds.busy(),
        out=tmp_path_factory.mktemp("runs") / "firms",
    )


@pytest.fixture(scope="session")
def body_run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Public bodies that are sued soon and listed often."""
    assumptions = load_assumptions()
    for setting in (
        "bodies.residents=100",
        "bodies.contracts=4",
        "bodies.suit=0.3",
        "bodies.suit_after=2",
        "bodies.keep=0.3",
        "acts.body-judgment-unpaid.detection=0.9",
    ):
        assumptions = assumptions.with_set(setting)
    return simulate(
        load_regime("government-integrity"),
        worlds.city(900, seed=4),
        months=40,
        replays=1,
        seed=4,
        base=load_regime("none"),
        assumptions=assumptions,
        out=tmp_path_factory.mktemp("runs") / "bodies",
    )
