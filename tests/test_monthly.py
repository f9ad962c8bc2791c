"""What is told month by month is what the run counted."""

from __future__ import annotations

import pytest

from counterscore.engine import month_order, simulate
from counterscore.monthly import EVENTS_OF, lived
from counterscore.results import Run
from tests import worlds


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return simulate(
        worlds.town(), worlds.city(500, seed=4), months=16, replays=1, seed=4, assumptions=worlds.busy(),
        out=tmp_path_factory.mktemp("runs") / "months",
    )  # fmt: skip


def test_months_agree_with_the_counts_of_the_run(run: Run) -> None:
    found = lived(run)
    counts = run.table("counts", run.worlds[0], 0)
    assert len(found.months) == 16
    for ours, theirs in (("entered", "entered"), ("left", "left"), ("refused", "refused")):
        if theirs in counts.column_names:
            per_month = (
                counts.group_by("month").aggregate([(theirs, "sum")]).sort_by("month")[f"{theirs}_sum"].to_pylist()
            )
            assert [getattr(one, ours) for one in found.months] == per_month, ours
    assert sum(one.entered for one in found.months) == sum(a for pairs in found.lists.values() for a, _ in pairs)
    outcomes = run.table("outcomes", run.worlds[0], 0)
    on = sum(1 for bits in outcomes["lists"].to_pylist() if bits)
    assert found.months[-1].listed == on
    assert sum(one.entered for one in found.months) > 0
    assert any(one.doors_shut for one in found.months)


def test_every_step_of_a_month_is_told(run: Run) -> None:
    assert set(EVENTS_OF) == {one.id for one in month_order()}
    assert set(lived(run).titles) == set(EVENTS_OF)
