"""Measures that claims rest on, worked out by hand from a few residents and stays."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from counterscore.measures import Life, find_measure, summed_up
from counterscore.statistics import Stays


def value(name: str, **columns: Any) -> float | None:
    """The measure of a life with these columns, and stays of residents on one list where there are some."""
    arrays = {key: np.array(column) for key, column in columns.items() if key not in {"stays", "mask"}}
    life = SimpleNamespace(outcome=arrays.get, resident=arrays.get, listings=lambda _: [columns["stays"]])
    mask = columns.get("mask")
    return find_measure(name).compute(life, None if mask is None else np.array(mask), None)[0]  # type: ignore[arg-type]


def stays(*rows: tuple[int, str, int]) -> Stays:
    months, left, count = zip(*rows, strict=True)
    return Stays(np.array(months), np.array(left), np.array(count))


def test_still_listed_after_five_years() -> None:
    # Of 10 two leave after 12 months, two are cut off after 24, and of the 6 that remain three leave after 36 months.
    found = stays((12, "expired", 2), (24, "cut off", 2), (36, "performed", 3), (70, "cut off", 3))
    assert value("still_listed_5y", stays=found) == pytest.approx(100 * 0.8 * 0.5)
    # Who leaves after exactly 60 months was there for five years.
    assert value("still_listed_5y", stays=stays((60, "expired", 5), (12, "expired", 5))) == pytest.approx(50)
    assert value("still_listed_5y", stays=stays((12, "died", 5), (70, "cut off", 5))) == pytest.approx(100)
    assert value("still_listed_5y", stays=stays((59, "cut off", 5))) is None
    # Death ends the watching and not the stay: of the five who are left, one leaves.
    dying = stays((12, "died", 5), (24, "expired", 1), (70, "cut off", 4))
    assert value("still_listed_5y", stays=dying) == pytest.approx(80)
    assert value("still_listed_5y", stays=stays((12, "expired", 5), (24, "died", 2), (70, "died", 3))) == pytest.approx(
        50
    )


def test_victims_of_the_offenders_of_a_group() -> None:
    lived = {"victims": [4, 2, 9, 1], "offender": [1, 1, 0, 1]}
    assert value("victims_per_offender", **lived) == pytest.approx(7 / 3)
    assert value("victims_per_offender", **lived, mask=[True, False, True, False]) == pytest.approx(4)
    assert value("victims_per_offender", **lived, mask=[False, False, True, False]) is None


def test_refusing_that_tells_nothing_is_one() -> None:
    loans = {"file": [0, 1, 1, 2], "loans_asked": [40, 40, 20, 9], "loans_refused": [20, 20, 10, 9]}
    # Thin: 50 of 100 refused, of them 40 good; 50 granted, of them 10 bad.
    lots = value("lending_sorts_thin", **loans, loans_good_refused=[16, 16, 8, 0], loans_bad=[5, 5, 0, 0])
    assert lots == pytest.approx(1.0)
    sorts = value("lending_sorts_thin", **loans, loans_good_refused=[10, 10, 5, 0], loans_bad=[5, 5, 0, 0])
    assert sorts == pytest.approx((25 / 50) / (10 / 50))
    assert value("lending_sorts_thin", **loans, loans_good_refused=[0, 0, 0, 0], loans_bad=[0, 0, 0, 0]) is None


def test_inequality_of_refusals_of_any_kind() -> None:
    # Two of four residents share all refusals, a door's and others alike: a Gini coefficient of a half.
    assert value("refusal_inequality", refused=[0, 0, 3, 0], refused_else=[0, 0, 0, 3]) == pytest.approx(0.5)
    assert value("refusal_inequality", refused=[1, 0, 2, 2], refused_else=[1, 2, 0, 0]) == pytest.approx(0)
    assert value("refusal_inequality", refused=[0, 0], refused_else=[0, 0]) is None


def test_a_measure_that_is_not_defined_says_so_and_is_not_zero() -> None:
    """Nobody tries a fraud in some replicates: they have no share that is stopped, and are no zeros in the mean."""
    one = find_measure("frauds_stopped")

    def life(tried: int, stopped: int) -> Any:
        counts = {"frauds_tried": tried, "frauds_warned": stopped}
        return SimpleNamespace(count=counts.get, record={"parts": []})

    some = summed_up(one, "a", [one.compute(life(*seen), None, None) for seen in ((4, 2), (0, 0), (4, 4))], "all", None)
    assert some.value == pytest.approx(75)
    assert (some.n_replays, "not defined in 1 of 3 replicates" in some.note) == (2, True)
    never = summed_up(one, "a", [one.compute(life(0, 0), None, None)] * 3, "all", None)
    assert never.value is None
    assert never.note == "not defined, because there is nothing to measure in any replicate"


def test_waits_and_times_on_lists_are_those_of_residents() -> None:
    """Firms' services, firms' lists, honours and orders without a list change nothing."""
    part = {
        "id": "a",
        "subjects": "residents",
        "lists": {"l": "L", "h": "H", "o": "O"},
        "honours": ["h"],
        "orders": ["o"],
    }
    firms = {"id": "b", "subjects": "firms", "lists": {"f": "F"}}
    rows = [
        ("l", 24, "expired", 5),
        ("h", 1, "expired", 90),
        ("o", 2, "expired", 90),
        ("f", 3, "expired", 90),
    ]
    names, months, left, many = (list(column) for column in zip(*rows, strict=True))
    services = {
        "service": ["permit", "permit", "firm-licence", "firm-licence"],
        "standing": ["plain", "green channel", "plain", "green channel"],
        "attempts": [10, 10, 999, 999],
        "refused": [0] * 4,
        "refused_else": [0] * 4,
        "waited_days": [100, 50, 999 * 9, 999],
    }
    tables = {
        "stays": pa.table({"list_id": names, "months": months, "left": left, "stays": many}),
        "services": pa.table(services),
    }
    run: Any = SimpleNamespace(
        record={"worlds": [{"name": "a", "parts": [part, firms]}]}, table=lambda name, *_: tables[name]
    )
    life = Life(run, "a", 0)
    assert find_measure("months_to_exit").compute(life, None, None) == (24.0, 5.0)
    assert find_measure("green_channel").compute(life, None, None) == (2.0, 10.0)
