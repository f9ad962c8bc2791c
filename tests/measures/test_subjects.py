"""A measure is about one kind of subject: what befalls residents, firms or public bodies moves only their own measures.

A city in which all three live under one world. Everything in its tables that is about one kind is then changed, as if
they had lived otherwise, and every measure is asked again: those declared to be about another kind must not move by a bit.
"""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import pyarrow as pa
import pytest

from counterscore.catalog import load_regime
from counterscore.engine.layout import FIRM_COUNTERS
from counterscore.measures import Life, Measure, all_measures, inapplicable
from counterscore.measures._measure import Value
from counterscore.regime.vocabulary import SERVICES, Subject, act
from counterscore.results import Run
from counterscore.simulation import simulate
from tests import worlds

KINDS: tuple[Subject, ...] = get_args(Subject)
_ASKED_BY = {service.id: service.subject for service in SERVICES}
#: Monthly counters of firms that count residents.
_OF_WORKERS = {name for name, unit, _ in FIRM_COUNTERS if unit == "residents"}
_CODES = {
    "list_id",
    "left",
    "service",
    "standing",
    "act",
    "cause",
    "domain",
    "month",
    "year",
    "district",
    "ties",
    "kind",
}


class Otherwise:
    """A run in which everybody of one kind lived otherwise: their numbers are other ones, those of the others as they were."""

    def __init__(self, run: Run, subject: Subject, world: dict[str, Any]) -> None:
        self._run, self._subject = run, subject
        self._lists = {
            name for part in world["parts"] if part.get("subjects", "residents") == subject for name in part["lists"]
        }
        self._lots = np.random.default_rng(KINDS.index(subject))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._run, name)

    def table(self, name: str, world: str, replay: int, columns: list[str] | None = None) -> pa.Table:
        return self._changed(self._run.table(name, world, replay, columns), name)

    def firms(self, columns: list[str] | None = None) -> pa.Table:
        return self._changed(self._run.firms(columns), "firms")

    def residents(self, columns: list[str] | None = None) -> pa.Table:
        found = self._run.residents(columns)  # who is an adult, and when, stays: it says which rows there are
        kept = {"adult", "since", "until", "age"}
        return self._changed(found, "residents") if not kept & set(found.column_names) else found

    def _rows(self, table: pa.Table, name: str) -> np.ndarray:
        """Which rows of a table are about the subject."""
        many = len(table)
        if name == "services":
            return np.array([_ASKED_BY[one] == self._subject for one in table["service"].to_pylist()], bool)
        if name == "stays":
            return np.array([one in self._lists for one in table["list_id"].to_pylist()], bool)
        if name == "acts":
            return np.array([act(one).subject == self._subject for one in table["act"].to_pylist()], bool)
        of = "firms" if name.startswith("firm") else "bodies" if name.startswith(("body", "official")) else "residents"
        return np.full(many, of == self._subject)

    def _changed(self, table: pa.Table, name: str) -> pa.Table:
        codes = _CODES - {"ties"} if name == "private" else _CODES  # there it is how many there are
        rows = self._rows(table, name) if set(table.column_names) - codes else np.zeros(len(table), bool)
        for at, column in enumerate(table.column_names):
            mine = rows
            if name == "firm_counts" and column in _OF_WORKERS:
                mine = np.full(len(table), self._subject == "residents")
            if column in codes or not mine.any() or not pa.types.is_integer(table[column].type):
                continue
            old = table[column].to_numpy()
            new = self._lots.permutation(old + self._lots.integers(0, 3, len(old)).astype(old.dtype))
            table = table.set_column(at, column, pa.array(np.where(mine, new, old).astype(old.dtype)))
        return table


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return simulate(
        load_regime("beijing-points"),
        worlds.city(1500, seed=3),
        months=30,
        replays=1,
        seed=3,
        base=load_regime("none"),
        out=tmp_path_factory.mktemp("runs") / "all-three",
    )


def _value(one: Measure, run: Any) -> Value | None:
    life, base = Life(run, "beijing-points", 0), Life(run, "none", 0)
    return None if inapplicable(one, life, base) else one.compute(life, None, base)


@pytest.fixture(scope="module")
def otherwise(run: Run) -> dict[Subject, dict[str, Value | None]]:
    """What each measure comes out at where one kind of subject lived otherwise."""
    world = next(one for one in run.record["worlds"] if one["name"] == "beijing-points")
    return {kind: {one.id: _value(one, Otherwise(run, kind, world)) for one in all_measures()} for kind in KINDS}


@pytest.mark.parametrize("one", all_measures(), ids=lambda one: one.id)
def test_only_its_own_kind_of_subject_moves_a_measure(
    one: Measure, run: Run, otherwise: dict[Subject, dict[str, Value | None]]
) -> None:
    as_it_was = _value(one, run)
    for kind in KINDS:
        if kind != one.subject:
            assert otherwise[kind][one.id] == as_it_was, f"{one.id} is about {one.subject}, and {kind} move it"


def test_the_change_is_felt(run: Run, otherwise: dict[Subject, dict[str, Value | None]]) -> None:
    """The check above could fail: every measure that is not 0 moves with its own kind of subject."""
    was = {one.id: _value(one, run) for one in all_measures()}
    asked = [one for one in all_measures() if (was[one.id] or (None,))[0]]
    assert len(asked) > 60
    assert {one.subject for one in asked} == set(KINDS)
    assert [one.id for one in asked if otherwise[one.subject][one.id] == was[one.id]] == []
