"""A measure worked out from parts of a run is that of the whole."""

from __future__ import annotations

import math

import pytest

from counterscore import measures
from counterscore.catalog import load_regime
from counterscore.measures import ALLEGIANCE, FIRST_RECORD, Life, all_measures, inapplicable, measure, value_of
from counterscore.measures._measure import Averaged
from counterscore.measures._parts import all_in_parts, in_parts
from counterscore.results import Run
from counterscore.results import run as run_
from counterscore.simulation import execute
from counterscore.specification import RunSpec
from tests import worlds


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Sixteen subdistricts with all kinds of rule books."""
    regime, base = load_regime("beijing-points"), load_regime("none")
    spec = RunSpec.of(regime, worlds.city(66_000, seed=2), base=base, assumptions=worlds.busy(), months=14, seed=2)
    return execute(spec, tmp_path_factory.mktemp("large") / "run", threads=2)


def test_no_measure_reads_the_rows_of_a_world_without_records_at_once(large: Run) -> None:
    whole = []
    for one in all_measures():
        life = Life(large, "none", 0)
        if one.subject == "residents" and not inapplicable(one, life, None) and in_parts(one, life, None) is None:
            one.compute(life, None, None)
            whole += [one.id] if life._columns else []
    assert not whole


def test_every_measure_is_the_same_in_parts(large: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_, "_PIECE", 6_000)
    life, base = Life(large, "beijing-points", 0), Life(large, "none", 0)
    in_pieces, apart, whole = [], [], []
    for one in all_measures():
        if inapplicable(one, life, base):
            continue
        life, base = Life(large, "beijing-points", 0), Life(large, "none", 0)
        value, basis = one.compute(life, None, base)
        found = in_parts(one, life, base)
        if found is None:
            columns = [*life._columns, *base._columns]
            whole += [one.id] if any(not name.startswith("firm") for name in columns) else []
            continue
        in_pieces.append(one.id)
        same = (value is None) == (found[0] is None) and math.isclose(basis, found[1], rel_tol=1e-9)
        if not same or (value is not None and not math.isclose(value, float(found[0] or 0), rel_tol=1e-9)):
            apart.append((one.id, (value, basis), found))
    assert not apart
    assert not whole, "these read rows of residents, and all at once"
    assert {"listed_ever", "wrongly_listed_factual", "refusals", "refusal_inequality", "scrutiny"} <= set(in_pieces)


@pytest.mark.parametrize("by", ["age", "district", "occupation", FIRST_RECORD, ALLEGIANCE])
def test_every_measure_by_group_is_the_same_in_parts(large: Run, by: str, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = [one for one in all_measures() if one.grouped and one.subject == "residents"]
    whole = {one.id: _by_group(large, one.id, by) for one in chosen}
    monkeypatch.setattr(run_, "_PIECE", 6_000)
    monkeypatch.setattr(measures, "_NATION", 10_000)
    again = Run(large.path)
    monkeypatch.setattr(again, "residents", None)  # of all at once
    for one in chosen:
        for group, (value, basis, note) in _by_group(again, one.id, by).items():
            told, rests_on, why = whole[one.id].pop(group)
            assert note == why, (one.id, group)
            assert value == (None if told is None else pytest.approx(told, rel=1e-9)), (one.id, group)
            assert basis == pytest.approx(rests_on, rel=1e-9)
        assert not whole[one.id]


def _by_group(run: Run, name: str, by: str) -> dict[str, tuple[float | None, float, str]]:
    return {one.group: (one.value, one.rests_on, one.note) for one in measure(run, name, world="beijing-points", by=by)}


def test_all_at_once_read_each_part_once(large: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_, "_PIECE", 6_000)
    monkeypatch.setattr(measures, "_NATION", 10_000)
    alone, together = Run(large.path), Run(large.path)
    read: list[tuple[object, ...]] = []
    piece = Run.piece

    def counted(run: Run, at: int, *which: object, **more: object) -> object:
        if not more:  # by name it is asked for years of adults, which are those of the whole city
            read.append((at, *which))
        return piece(run, at, *which, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Run, "piece", counted)
    life, base = Life(together, "beijing-points", 0), Life(together, "none", 0)
    found = all_in_parts([one for one in all_measures() if not inapplicable(one, life, base)], life, base)
    assert len(found) > 40
    assert len(read) == len(set(map(str, read)))
    monkeypatch.undo()
    monkeypatch.setattr(run_, "_PIECE", 6_000)
    life, base = Life(alone, "beijing-points", 0), Life(alone, "none", 0)
    for one in all_measures():
        if one.id in found:
            assert in_parts(one, life, base) == found[one.id], one.id


def test_a_nation_is_measured_in_parts(large: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = measure(large, "listed_ever", world="beijing-points")[0].value
    monkeypatch.setattr(measures, "_NATION", 10_000)
    monkeypatch.setattr(run_, "_PIECE", 6_000)
    again = Run(large.path)
    life = Life(again, "beijing-points", 0)
    found = value_of(next(one for one in all_measures() if one.id == "listed_ever"), life, None)
    assert isinstance(found, Averaged)
    assert not life._columns
    assert found[0] == pytest.approx(whole, rel=1e-12)
