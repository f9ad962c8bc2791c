"""What is told month by month is what the run counted."""

from __future__ import annotations

import pytest

from counterscore.catalog import load_regime
from counterscore.engine import month_order
from counterscore.monthly import EVENTS_OF, lived
from counterscore.results import Run
from counterscore.simulation import simulate
from tests import worlds


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return simulate(
        load_regime("beijing-points"), worlds.city(500, seed=4), months=16, replays=1, seed=4, assumptions=worlds.busy(),
        out=tmp_path_factory.mktemp("runs") / "months",
    )  # fmt: skip


def test_months_agree_with_the_counts_of_the_run(run: Run) -> None:
    found = lived(run)
    counts = run.table("counts", run.worlds[0], 0)
    assert len(found.months) == 16
    for name in ("entered", "listed", "refused"):
        assert [getattr(one, name) for one in found.months] == counts[name].to_pylist(), name
    honoured = [label for label in found.lists if label == "List of the trustworthy"]
    assert honoured  # told by list, and counted with no other
    assert sum(one.entered for one in found.months) > 0
    assert any(one.doors_shut for one in found.months)


def test_every_step_of_a_month_is_told(run: Run) -> None:
    assert set(EVENTS_OF) == {one.id for one in month_order()}
    assert set(lived(run).titles) == set(EVENTS_OF)
