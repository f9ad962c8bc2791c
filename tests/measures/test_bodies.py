"""What public bodies keep and owe, from the tables of a run."""

from __future__ import annotations

import numpy as np
import pytest

from counterscore.catalog import load_assumptions, load_regime
from counterscore.headlines import prose
from counterscore.measures import measure
from counterscore.paired import compare
from counterscore.reliving import relive
from counterscore.results import Run
from counterscore.simulation import simulate
from tests import worlds


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return simulate(
        load_regime("government-integrity"),
        worlds.city(900, seed=2),
        months=36,
        replays=10,
        seed=2,
        base=load_regime("none"),
        assumptions=load_assumptions()
        .with_set("bodies.effort=1")
        .with_set("bodies.residents=100")
        .with_set("bodies.contracts=4"),
        out=tmp_path_factory.mktemp("runs") / "bodies",
    )


def test_worked_from_the_tables(run: Run) -> None:
    world = run.worlds[0]
    shares, waits = [], []
    for replay in run.replays():
        table = run.table("body_outcomes", world, replay)
        due, kept = (table[name].to_numpy().sum() for name in ("contracts_due", "contracts_kept"))
        counts = run.table("body_counts", world, replay)
        assert counts["contracts_due"].to_numpy().sum() == due
        shares.append(100 * kept / due)
        waits.append(30 * table["overdue_months"].to_numpy().sum() / due)
    assert measure(run, "contracts_on_time")[0].value == pytest.approx(np.mean(shares))
    assert measure(run, "arrears_days")[0].value == pytest.approx(np.mean(waits))
    assert measure(run, "promises_kept")[0].low is not None


def test_nothing_is_kept_twice(run: Run) -> None:
    for world in run.worlds:
        table = run.table("body_outcomes", world, 0).to_pydict()
        for kind in ("contracts", "promises"):
            done = [
                sum(parts)
                for parts in zip(*(table[f"{kind}_{how}"] for how in ("kept", "late", "broken")), strict=True)
            ]
            assert all(a <= b <= c for a, b, c in zip(done, table[f"{kind}_due"], table[kind], strict=True))


def test_the_baseline_signs_the_same(run: Run) -> None:
    for name in ("contracts", "promises", "contracts_due"):
        one, two = (run.table("body_outcomes", world, 3)[name].to_numpy() for world in run.worlds)
        assert (one == two).all()
    assert compare(run, "contracts_on_time").baseline == "none"


def test_prose_is_about_bodies(run: Run) -> None:
    text = prose(run)
    assert "Public bodies pay" in text
    assert "contracts due are paid on time than under no scheme" in text
    assert "under no scheme (none)" in text


def test_residents_measures_do_not_need_bodies(run: Run) -> None:
    assert measure(run, "unable_to_move")[0].value is not None


def test_a_subdistrict_with_bodies_is_lived_again(run: Run) -> None:
    history = relive(run, 0)
    table = run.table("outcomes", run.worlds[0], 0)
    for name in ("refused", "months_unable", "misconduct"):
        assert (table[name].to_numpy()[: len(history.columns[name])] == history.columns[name]).all(), name
