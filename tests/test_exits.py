"""How long stays last: over replays, by way of leaving, and who went out of sight."""

from __future__ import annotations

import numpy as np
import pytest

from counterscore.charts import draw
from counterscore.errors import UsageError
from counterscore.exits import exits
from counterscore.measures import find_measure
from counterscore.measures._measure import Life
from counterscore.results import Run, RunWriter
from counterscore.results.tables import OUTCOMES, RESIDENTS

REPLAYS = 12


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Each replay has ten stays on one list: 4 expire after 2 months, 2 are performed after 6, 1 dies at 3, 3 cut off at 9.

    In two replays somebody is on another list too.
    """
    out = tmp_path_factory.mktemp("exits") / "run"
    record = {
        "worlds": [
            {"name": "a", "title": "A", "parts": [{"id": "a", "subjects": "residents", "lists": {"l": "L", "m": "M"}}]}
        ],
        "baseline": None,
        "city": {"id": "x", "title": "X", "residents": 10, "districts": ["d"]},
        "months": 12,
        "replays": REPLAYS,
        "seed": 0,
        "assumptions": {},
    }
    columns = {f.name: np.zeros(10, f.type.to_pandas_dtype()) for f in RESIDENTS}
    with RunWriter(out, record) as writer:
        writer.write_residents([columns])
        for replay in range(REPLAYS):
            rows = [("l", 2, "expired", 4), ("l", 6, "performed", 2), ("l", 3, "died", 1), ("l", 9, "cut off", 3)]
            rows += [("m", 1, "cut off", 1)] if replay < 2 else []
            lists, months, left, many = zip(*rows, strict=True)
            stays = {
                "list_id": np.array(lists, object),
                "months": np.array(months, np.uint16),
                "left": np.array(left, object),
                "stays": np.array(many, np.int64),
            }
            lived = {f.name: np.zeros(10, f.type.to_pandas_dtype()) for f in OUTCOMES}
            writer.write_unit("a", replay, {"outcomes": lived, "stays": stays})
    return Run(out)


def test_shares_and_counts_by_hand(run: Run) -> None:
    one = exits(run, every=3)[0]
    assert (one.list_id, one.stays, one.n_replays) == ("l", 10.0, REPLAYS)
    at_6 = next(row for row in one.rows if row.months == 6)
    assert at_6.still_on == pytest.approx(100 * 6 / 10 * 3 / 5)
    assert at_6.left == {"expired": pytest.approx(40.0), "performed": pytest.approx(24.0)}
    assert at_6.ended == {"expired": 4.0, "performed": 2.0, "cut off": 0.0, "died": 1.0}
    assert at_6.going_on == 3.0
    for row in one.rows:
        assert row.still_on + sum(row.left.values()) == pytest.approx(100)
        assert row.going_on + sum(row.ended.values()) == pytest.approx(10)


def test_the_median_is_the_measures(run: Run) -> None:
    assert exits(run, on="l")[0].median == 6
    every = find_measure("months_to_exit").compute(Life(run, "a", 5), None, None)
    assert every == (6.0, 10.0)


def test_a_list_of_few_replays_counts_in_all_of_them(run: Run) -> None:
    few = exits(run, on="m")[0]
    assert few.stays == pytest.approx(2 / REPLAYS)
    assert few.n_replays == 2
    assert (few.median, few.rows[0].low) == (None, None)


def test_the_chart_has_the_same_shares(run: Run) -> None:
    rows = [row for row in draw(run, "time-to-exit").rows if row["list_id"] == "l"]
    for row in exits(run, on="l", every=1)[0].rows:
        drawn = rows[row.months]
        assert drawn["value"] == pytest.approx(row.still_on)
        assert drawn["cut_off"] == pytest.approx(row.ended["cut off"] + row.ended["died"])
        assert drawn["left"] == pytest.approx(row.ended["expired"] + row.ended["performed"])


def test_a_list_nobody_was_on(run: Run) -> None:
    with pytest.raises(UsageError, match='called "n"'):
        exits(run, on="n")
    with pytest.raises(UsageError, match='no world "b"'):
        exits(run, world="b")
