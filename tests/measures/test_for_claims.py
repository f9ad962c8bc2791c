"""Measures that claims rest on, worked out by hand from a few residents and stays."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from counterscore.measures import find_measure


def value(name: str, **columns: Any) -> float | None:
    """The measure of a life with these columns, and a table of stays where there is one."""
    arrays = {key: np.array(column) for key, column in columns.items() if key != "stays"}
    life = SimpleNamespace(outcome=arrays.get, resident=arrays.get, table=lambda _: pa.table(columns.get("stays", {})))
    return find_measure(name).compute(life, None, None)[0]  # type: ignore[arg-type]


def stays(*rows: tuple[int, str, int]) -> dict[str, list[Any]]:
    months, left, count = zip(*rows, strict=True)
    return {"months": list(months), "left": list(left), "stays": list(count)}


def test_still_listed_after_five_years() -> None:
    # Of 10 two leave after 12 months, two are cut off after 24, and of the 6 that remain three leave after 36 months.
    found = stays((12, "expired", 2), (24, "cut off", 2), (36, "performed", 3), (70, "cut off", 3))
    assert value("still_listed_5y", stays=found) == pytest.approx(100 * 0.8 * 0.5)
    # Who leaves after exactly 60 months was there for five years.
    assert value("still_listed_5y", stays=stays((60, "expired", 5), (12, "expired", 5))) == pytest.approx(50)
    assert value("still_listed_5y", stays=stays((12, "died", 5), (70, "cut off", 5))) == pytest.approx(100)
    assert value("still_listed_5y", stays=stays((59, "cut off", 5))) is None


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
