"""Where two runs part: the first month, step, person; and the tables where only they differ."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from counterscore.engine import layout, month_order
from counterscore.errors import UsageError
from counterscore.results import Run
from counterscore.simulation import simulate
from counterscore.twins import differing_inputs, part
from counterscore.twins.parting import _STEP_OF_COLUMN
from tests import worlds


def make(out: Path, *, seed: int = 4, regime: object = None, **settings: float) -> Run:
    return simulate(
        regime or worlds.town(),  # type: ignore[arg-type]
        worlds.city(800, seed=seed),
        months=18,
        replays=2,
        seed=seed,
        assumptions=worlds.busy(**settings),
        out=out,
    )


def test_every_outcome_has_the_step_that_writes_it() -> None:
    assert set(layout.OUTCOME_TYPES) - set(_STEP_OF_COLUMN) == set()
    assert set(_STEP_OF_COLUMN) - set(layout.RESIDENT.names or ()) == {
        "aware"
    }  # nothing is named that there is no more
    assert set(_STEP_OF_COLUMN.values()) <= {step.number for step in month_order()}


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return make(tmp_path_factory.mktemp("runs") / "one")


def test_the_same_run_twice_does_not_part(one: Run, tmp_path: Path) -> None:
    assert part(one, make(tmp_path / "two")) is None


def test_another_rate_of_being_seen_parts_at_recording(one: Run, tmp_path: Path) -> None:
    two = simulate(
        worlds.town(),
        worlds.city(800, seed=4),
        months=18,
        replays=2,
        seed=4,
        assumptions=worlds.busy().with_set("acts.drunk-driving.detection=0.95"),
        out=tmp_path / "two",
    )
    found = part(one, two)
    assert found is not None
    assert found.step == 3
    assert found.step_title == "Recording"
    assert found.here.startswith("drunk driving: not seen")
    assert found.there.startswith("drunk driving: recorded")
    assert found.resident.startswith("R-")
    assert any("acts.drunk-driving.detection" in text for text in found.inputs)
    swapped = part(two, one)
    assert swapped is not None
    assert (swapped.month, swapped.resident, swapped.here) == (found.month, found.resident, found.there)


def test_another_rule_parts_where_it_first_acts(one: Run, tmp_path: Path) -> None:
    """Half the points for a ticket: the first difference is somebody's first ticket, in the step of recording."""
    regime = worlds.regime_of(worlds.TOWN.replace("points: -5, validity: 18", "points: -4, validity: 18"))
    found = part(one, make(tmp_path / "two", regime=regime))
    assert found is not None
    assert (found.step, found.column) == (3, "record")
    assert (found.here, found.there) == ("Ticket: -5 points", "Ticket: -4 points")


def test_work_that_is_found_or_not_parts_at_the_attempt(tmp_path: Path) -> None:
    """Work changes in three steps; that of the event is told, not one of the column."""
    refused = [
        {f"services__job__refused__{file}": chance for file in ("none", "thin", "full")} for chance in (0.3, 0.9)
    ]
    one, two = (make(tmp_path / f"run{n}", regime=worlds.none(), **settings) for n, settings in enumerate(refused))
    found = part(one, two)
    assert found is not None
    assert (found.step, found.step_title) == (7, "Attempts")
    assert not found.column.startswith("column")


def test_another_city_parts_before_the_first_month(one: Run, tmp_path: Path) -> None:
    found = part(one, make(tmp_path / "two", seed=5))
    assert found is not None
    assert found.month is None
    assert "residents are not the same" in found.words
    assert "seed: 4 here, 5 there" in list(found.inputs)


def test_a_changed_table_is_told_from_a_changed_life(one: Run, tmp_path: Path) -> None:
    shutil.copytree(one.path, tmp_path / "two")
    file = tmp_path / "two" / one.worlds[0] / "0001" / "outcomes.parquet"
    table = pq.read_table(file)
    refused = table["refused"].to_numpy().copy()
    refused[417] += 1
    at = table.column_names.index("refused")
    pq.write_table(table.set_column(at, table.schema.field("refused"), pa.array(refused)), file)
    found = part(one, Run(tmp_path / "two", checked=False))
    assert found is not None
    assert found.month is None
    assert found.replay == 1
    assert "only the tables differ" in found.words
    assert "row 417, column refused" in found.cell


def test_worlds_that_are_not_there(one: Run) -> None:
    with pytest.raises(UsageError, match="It has: test-town"):
        part(one, one, world="other")
    with pytest.raises(UsageError, match="no replicate 9"):
        part(one, one, replay=9)
    assert list(differing_inputs(one, one)) == []


def test_a_private_column_can_be_where_two_runs_part(tmp_path: Path) -> None:
    """The perks of a private club, in yuan, are a state of the resident too."""
    runs = [
        make(tmp_path / name, regime=worlds.club(*changes))
        for name, changes in (("one", ()), ("two", (("saves: 2600", "saves: 2500"),)))
    ]
    found = part(*runs)
    assert found is not None
    assert found.month is not None
    assert found.here != found.there
