"""Tables read some subdistricts at a time say what they say as a whole, and memory has a bound."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterscore.catalog import load_regime
from counterscore.measures import Life, _measure
from counterscore.results import Run, as_arrow
from counterscore.results import run as run_
from counterscore.simulation import execute
from counterscore.specification import RunSpec
from counterscore.twins import compare_people, part
from tests import worlds


@pytest.fixture(scope="module")
def spec() -> RunSpec:
    base = load_regime("none")
    return RunSpec.of(
        load_regime("court-defaulters"),
        worlds.city(66_000, seed=2),
        base=base,
        assumptions=worlds.busy(),
        months=4,
        seed=2,
    )


@pytest.fixture(scope="module")
def large(spec: RunSpec, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Sixteen subdistricts, which are as many row groups."""
    return execute(spec, tmp_path_factory.mktemp("large") / "run", threads=2)


@pytest.mark.parametrize("rows", [1, 10_000, 1 << 20])
def test_pieces_make_up_the_table(large: Run, monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    monkeypatch.setattr(run_, "_PIECE", rows)
    pieces = list(large.pieces("outcomes", "court-defaulters", 0))
    assert len(pieces) == 16 if rows == 1 else len(pieces) < 16
    assert all(piece.num_rows >= rows for piece in pieces[:-1])
    assert pa.concat_tables(pieces).equals(large.table("outcomes", "court-defaulters", 0))
    assert large.rows_of("outcomes", "court-defaulters", 0) == large.table("outcomes", "court-defaulters", 0).num_rows
    columns = list(large.pieces("outcomes", "none", 0, ["debt"]))
    assert columns[0].column_names == ["debt"]


def test_people_are_compared_alike_in_pieces_and_as_a_whole(large: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for rows in (1, 1 << 30):
        monkeypatch.setattr(run_, "_PIECE", rows)
        found.append(compare_people(large, "court-defaulters", "none"))
    assert found[0] == found[1]
    assert found[0].changed[0] > 0
    assert found[0].residents == large.rows_of("outcomes", "none", 0)


def test_runs_part_at_the_same_place_in_pieces(
    spec: RunSpec, large: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = execute(
        replace(spec, assumptions=spec.assumptions.with_set("errors.untrue=0.5")), tmp_path / "other", threads=2
    )
    found = []
    for rows in (1, 1 << 30):
        monkeypatch.setattr(run_, "_PIECE", rows)
        parting = part(large, other)
        assert parting is not None
        found.append((parting.cell, parting.resident, parting.month, large.first_difference(other)))
    assert found[0] == found[1]
    assert found[0][3] is not None


@given(
    st.lists(st.integers(0, 3), min_size=1, max_size=12),
    st.lists(st.tuples(st.integers(0, 11), st.sampled_from("ab")), max_size=3),
    st.integers(1, 12),
)
def test_the_first_difference_does_not_depend_on_the_cut(
    values: list[int], moved: list[tuple[int, str]], size: int
) -> None:
    columns = {name: np.array(values) for name in "ab"}
    there = {name: column.copy() for name, column in columns.items()}
    for at, name in moved:
        there[name][at % len(values)] += 1
    one, two = pa.table(columns), pa.table(there)

    def cut(table: pa.Table) -> list[pa.Table]:
        return [table.slice(at, size) for at in range(0, table.num_rows, size)]

    told = run_.first_cell(cut(one), cut(two))
    assert told == run_.first_cell([one], [two])
    assert (told is None) == one.equals(two)
    assert run_.first_cell(cut(one), cut(one.slice(1))) == f"{len(values):,} rows here, {len(values) - 1:,} there"


def test_columns_asked_for_longest_ago_are_forgotten(large: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    life = Life(large, "court-defaulters", 0)
    whole = {name: life.outcome(name).copy() for name in ("misconduct", "records", "debt", "attempts")}
    size = whole["debt"].nbytes
    monkeypatch.setattr(_measure, "_KEPT", 2 * size)
    lean = Life(large, "court-defaulters", 0)
    for name, column in whole.items():
        assert np.array_equal(lean.outcome(name), column)
        assert sum(one.nbytes for one in lean._columns.values()) <= 2 * size
    lean.outcome("debt")
    lean.outcome("records")
    assert list(lean._columns) == ["debt", "records"]
    monkeypatch.setattr(_measure, "_KEPT", 1)
    assert np.array_equal(lean.outcome("score"), life.outcome("score"))
    assert list(lean._columns) == ["score"]


def test_results_and_engine_mean_the_same_by_their_codes() -> None:
    """The tables of a run and the engine that fills them each say it once, on either side of the compiler."""
    from counterscore.city import generations
    from counterscore.engine import layout
    from counterscore.results import tables

    assert (tables.NEVER, tables.NO_GRADE) == (layout.NEVER, layout.NO_GRADE)
    assert generations.NEVER == tables.NEVER


@settings(deadline=None)
@given(
    st.sampled_from(["u1", "u2", "u4", "u8", "i4", "i8", "f8"]),
    st.lists(st.integers(0, 255), max_size=9),
    st.sampled_from([None, pa.uint8(), pa.int64(), pa.uint16()]),
)
def test_arrays_become_columns(kind: str, values: list[int], type_: pa.DataType | None) -> None:
    array = np.array([*values, *values], kind)[:: 2 if len(values) > 3 else 1]
    column = as_arrow(array, type_)
    assert column.to_pylist() == array.tolist()
    assert type_ is None or column.type == type_
    assert as_arrow(np.array(["a", "é"], object)).to_pylist() == ["a", "é"]


def test_what_does_not_fit_is_no_column() -> None:
    with pytest.raises(pa.ArrowInvalid):
        as_arrow(np.array([256]), pa.uint8())


def test_no_command_that_makes_a_run_waits_for_pandas(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom counterscore.catalog import load_regime, synthesize\nfrom counterscore.simulation import simulate\n"
        f"run = simulate(load_regime('none'), synthesize('demo', residents=50), months=1, out={str(tmp_path / 'r')!r})\n"
        "run.measure('listed_ever')\nsys.exit('pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=tmp_path).returncode == 0
