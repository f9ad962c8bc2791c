"""Small pieces of the comparison of two worlds: who is explained by whom, and what is summed up."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from counterscore.twins import people
from counterscore.twins.parting import _differing_row
from counterscore.twins.reach import Node, _follow, _talk

A, B, C = (Node("residents", place) for place in range(3))


def follow(changed: dict[Node, int], links: dict[Node, list[Node]]) -> set[Node]:
    """Who is explained, where A was met directly."""
    how = {A: "directly"}
    found: Any = SimpleNamespace(of=lambda node, month: [("kin", other) for other in links.get(node, [])])
    _follow(found, changed, how)
    return set(how)


def test_nobody_is_explained_by_who_changed_later() -> None:
    assert follow({A: 3, B: 2}, {B: [A]}) == {A}
    assert follow({A: 3, B: 3}, {B: [A]}) == {A, B}
    assert follow({A: 3, B: 4}, {B: [A]}) == {A, B}


def test_an_explanation_goes_on_to_others_and_not_to_oneself() -> None:
    assert follow({A: 1, B: 2, C: 3}, {C: [B], B: [A]}) == {A, B, C}
    assert follow({A: 1, B: 2, C: 2}, {C: [B], B: [C]}) == {A}
    assert follow({A: 1, B: 2}, {B: [B]}) == {A}


@pytest.mark.parametrize(
    ("month", "differ", "told"),
    [(12, True, True), (24, True, True), (0, True, False), (13, True, False), (12, False, False)],
)
def test_people_learn_from_figures_in_january_alone(month: int, differ: bool, told: bool) -> None:
    def side(figure: int) -> Any:
        return SimpleNamespace(figures=[[0, figure]] * 3)

    lived_in = np.ones((36, 1), np.uint8)  # districts by month and place
    pair: Any = SimpleNamespace(sides=(side(5), side(6 if differ else 5)), districts=lived_in)
    assert _talk(pair, 0, month) is told


@pytest.mark.parametrize(
    ("name", "coded"), [("grade", True), ("lists", True), ("first_listed", True), ("refused", False), ("own", False)]
)
def test_codes_bits_and_months_are_counted_and_not_added_up(
    monkeypatch: pytest.MonkeyPatch, name: str, coded: bool
) -> None:
    monkeypatch.setattr(people, "_columns", lambda *_: [(name, np.array([1, 2, 3]), np.array([1, 1, 9]), "")])
    run: Any = SimpleNamespace(
        replays=lambda _: [0, 1], finished={("b", 0), ("b", 1)}, pieces=lambda *_: iter([pa.table({"any": [0, 0, 0]})])
    )
    row = people.compare_people(run, "a", "b").columns[0]
    assert (row.more, row.less, row.same) == (1, 1, 1)
    assert (row.mean is None) is coded
    assert (row.note == "counted, not added up") is coded


def test_the_first_person_who_differs_is_found_in_whichever_column() -> None:
    def side(**columns: list[int]) -> Any:
        who = pa.table({"resident": [10, 11, 12], "generation": [0, 0, 0]})
        whole = pa.table(columns)
        return SimpleNamespace(
            rows_of=lambda *_: len(whole),
            pieces=lambda *_: iter([whole.slice(0, 2), whole.slice(2)]),
            residents=lambda _: who,
        )

    one = side(records=[1, 1, 1], score=[5, 5, 5])
    assert _differing_row(one, side(records=[1, 1, 2], score=[5, 6, 6]), ("a", "a"), 0) == (
        11,
        "table outcomes, row 1, column score: 5 here, 6 there",
    )
    assert _differing_row(one, side(records=[2, 1, 1], score=[6, 5, 5]), ("a", "a"), 0) == (
        10,
        "table outcomes, row 0, column records: 1 here, 2 there",
    )
    assert _differing_row(one, one, ("a", "a"), 0) is None
