"""Long frames of a run for those who want their own model: words instead of codes, one number a cell.

One row is one resident in one replicate of one world, or one month of one replicate of one world. Frames are Arrow
tables: pandas, polars, DuckDB and R read them as they are. Units and meanings are in the metadata of each column.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from counterscore.city.columns import COLUMNS
from counterscore.errors import UsageError, did_you_mean
from counterscore.results.tables import NEVER, OR_NEVER, OUTCOMES, RESIDENTS

if TYPE_CHECKING:
    from counterscore.results.run import Run

_SIXTIETHS = 60.0
_KEYS = ("world", "replicate", "resident", "generation")
_YES = ("no", "yes")


def residents_frame(
    run: Run,
    columns: Sequence[str] | None = None,
    *,
    worlds: Sequence[str] | None = None,
    replays: Sequence[int] | None = None,
    adults: bool = True,
) -> pa.Table:
    """One row for each resident, replicate and world: who it is, and what happened to it.

    ``columns`` chooses among ``residents`` and ``outcomes`` (all by default), ``worlds`` and ``replays`` what is read (all
    that are finished), ``adults`` leaves out who is a minor throughout. Categories are words, scores are points, incomes
    yuan a month, and what never happened is null. Raises ``UsageError`` for names that do not exist.
    """
    known = [field.name for field in (*RESIDENTS, *OUTCOMES)]
    wanted = [name for name in known if name not in _KEYS] if columns is None else list(columns)
    for name in wanted:
        if name not in known:
            close = did_you_mean(name, known)
            hint = f"Did you mean {close}?  " if close else ""
            raise UsageError(f'residents have no column "{name}"', suggestion=f"{hint}Columns: {', '.join(known)}.")
    wanted = [name for name in wanted if name not in _KEYS]
    people = run.residents()
    chosen = people["adult"].to_numpy() == 1 if adults else np.ones(len(people), bool)
    of_people = {field.name for field in RESIDENTS}
    mine = {name: people[name].to_numpy()[chosen] for name in (*wanted, "resident", "generation") if name in of_people}
    said = {name: _in_words(run, name, codes, None) for name, codes in mine.items()}
    parts = []
    for world, replay in _units(run, worlds, replays):
        outcomes = [name for name in wanted if name not in of_people]
        table = run.table("outcomes", world, replay, outcomes) if outcomes else None
        arrays = [_repeated(world, len(mine["resident"])), pa.array(np.full(len(mine["resident"]), replay, np.int32))]
        arrays += [said["resident"], said["generation"]]
        for name in wanted:
            codes = None if table is None or name in of_people else table[name].to_numpy()[chosen]
            arrays.append(said[name] if codes is None else _in_words(run, name, codes, world))
        parts.append(pa.Table.from_arrays(arrays, schema=_schema([*_KEYS, *wanted], arrays)))
    if not parts:
        raise UsageError("no finished replicate of these worlds is in the run")
    return pa.concat_tables(parts).unify_dictionaries()


def months_frame(run: Run, *, worlds: Sequence[str] | None = None, replays: Sequence[int] | None = None) -> pa.Table:
    """One row for each month, replicate and world, with a column for each counter of the city."""
    parts = []
    for world, replay in _units(run, worlds, replays):
        table = run.table("counts", world, replay)
        many = len(table)
        at = table.column_names.index("month") if "month" in table.column_names else None
        months = table["month"].cast(pa.int32()) if at is not None else pa.array(np.arange(many, dtype=np.int32))
        rest = [name for name in table.column_names if name != "month"]
        arrays = [
            _repeated(world, many),
            pa.array(np.full(many, replay, np.int32)),
            months,
            *(table[name] for name in rest),
        ]
        fields = [pa.field("world", arrays[0].type), pa.field("replicate", pa.int32()), pa.field("month", pa.int32())]
        parts.append(
            pa.Table.from_arrays(arrays, schema=pa.schema([*fields, *(table.schema.field(name) for name in rest)]))
        )
    if not parts:
        raise UsageError("no finished replicate of these worlds is in the run")
    return pa.concat_tables(parts).unify_dictionaries()


def to_xarray(run: Run) -> Any:
    """The monthly counters as an ``xarray.Dataset`` with dims world, replicate and month, of replicates finished everywhere.

    Raises ``UsageError`` without the xarray package.
    """
    try:
        import xarray
    except ImportError:
        raise UsageError(
            "to_xarray() needs the xarray package",
            suggestion='pip install "counterscore[xarray]".  The same numbers: run.months()',
        ) from None
    replays = run.replays()
    tables = [[run.table("counts", world, replay) for replay in replays] for world in run.worlds]
    first = tables[0][0]
    names = [name for name in first.column_names if name != "month"]
    data = {
        name: (
            ("world", "replicate", "month"),
            np.stack([np.stack([one[name].to_numpy() for one in row]) for row in tables]),
            {"long_name": name.replace("_", " ")},
        )
        for name in names
    }
    return xarray.Dataset(
        data,
        coords={"world": list(run.worlds), "replicate": list(replays), "month": np.arange(len(first))},
        attrs={"run": run.path.name, "start": run.record["start"], "baseline": run.baseline or ""},
    )


def _units(run: Run, worlds: Sequence[str] | None, replays: Sequence[int] | None) -> Iterator[tuple[str, int]]:
    for world in run.worlds if worlds is None else worlds:
        if world not in run.worlds:
            raise UsageError(f'the run has no world "{world}"', suggestion=f"It has: {', '.join(run.worlds)}.")
        for replay in run.replays(world):
            if replays is None or replay in replays:
                yield world, replay


def _repeated(word: str, many: int) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(many, np.int32)), pa.array([word]))


def _in_words(run: Run, name: str, codes: npt.NDArray[Any], world: str | None) -> pa.Array:
    """A stored column as people read it."""
    categories = _CATEGORIES.get(name, ())
    if name == "district":
        categories = tuple(run.record["city"]["districts"])
    if name == "grade":
        return _grades(run, codes, world)
    if categories:
        return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(list(categories)))
    if name == "score":
        return pa.array(codes / _SIXTIETHS)
    if name == "income":
        return pa.array(codes.astype(np.int64) * 10)
    if name in OR_NEVER:  # null in a frame
        return pa.array(codes.astype(np.int32), mask=codes == NEVER)
    return pa.array(codes)


def _grades(run: Run, codes: npt.NDArray[Any], world: str | None) -> pa.Array:
    """Grades by name; null for who has none."""
    parts: list[dict[str, Any]] = next((one["parts"] for one in run.record["worlds"] if one["name"] == world), [])
    mine = [part for part in parts if part.get("subjects", "residents") == "residents" and part["grades"] is not None]
    part = next((one for one in mine if one.get("score_known", True)), mine[0] if mine else None)
    names = list(part["grades"]) if part else []
    known = codes < len(names)
    places = np.where(known, codes, 0).astype(np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(places, mask=~known), pa.array(names, pa.string()))


_CATEGORIES: dict[str, tuple[str, ...]] = {
    column.name: column.categories for column in COLUMNS if column.categories
} | {
    "adult": _YES,
    "aware": _YES,
    "allegiance": _YES,
}
_UNIT_IN_FRAME = {"score": "points", "income": "yuan a month"}
_FIELDS = {field.name: field for field in (*RESIDENTS, *OUTCOMES)}


def _schema(names: Sequence[str], arrays: Sequence[pa.Array]) -> pa.Schema:
    fields = []
    for name, array in zip(names, arrays, strict=True):
        field = _FIELDS.get(name)
        told = None if field is None else {"unit": _UNIT_IN_FRAME.get(name, field.unit), "meaning": field.meaning}
        if told and pa.types.is_dictionary(array.type):
            told["unit"] = "name"
        fields.append(pa.field(name, array.type, metadata=told))
    return pa.schema(fields)
