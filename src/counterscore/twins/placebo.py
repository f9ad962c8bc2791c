"""The placebo twin: a regime against a copy of itself with other labels must differ by exactly nothing."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pydantic import BaseModel

from counterscore import wording
from counterscore.regime.model import Regime
from counterscore.reliving import MOST_AGAIN, History, Stage, evenly
from counterscore.results import Run, as_arrow
from counterscore.results.run import first_cell
from counterscore.results.tables import TABLES, schema
from counterscore.simulation import Progress, execute
from counterscore.specification import distinct_worlds

_WORDS = frozenset({"title", "label", "about", "purpose", "note", "place", "address"})


@dataclass(frozen=True, slots=True)
class Placebo:
    """What came of living a world once more under other labels. ``difference`` is None where nothing differs.

    ``residents`` and ``tables`` were compared, in so many ``subdistricts`` of so many.
    """

    world: str
    n_replays: int
    residents: int
    tables: int
    difference: str | None
    subdistricts: int = 1
    of_subdistricts: int = 1

    @property
    def holds(self) -> bool:
        """Whether every cell of every table is the same."""
        return self.difference is None

    def __str__(self) -> str:
        what = f"{self.world} against itself with other labels"
        if self.difference:
            return f"Placebo twin: {what} differs: {self.difference}"
        some, many = self.subdistricts, self.of_subdistricts
        whom = f"all {self.residents:,} residents"
        if some < many:
            whom = f"the {self.residents:,} residents of {some:,} of {many:,} subdistricts, evenly spread,"
        return (
            f"Placebo twin: {what} differs by exactly 0 for {whom} in {wording.replicates(self.n_replays)} "
            f"({self.tables} tables)"
        )


def placebo(
    run: Run,
    world: str,
    *,
    replays: int | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    most: int | None = MOST_AGAIN,
) -> Placebo:
    """Live ``world`` again under a copy of its regime with other labels, and compare every cell.

    ``replays`` bounds how many are lived; all that are finished from the first on, unless given. In a city of more than
    ``most`` subdistricts so many are lived, evenly spread, with the figures that the run tells them of the others, and what
    its tables hold of each subject there is compared; None for all.
    """
    record, stage = run.record, Stage(run)
    wanted = [r for r in run.replays(world) if replays is None or r < replays]
    of = len(stage.city.subdistricts)
    if most is not None and of > most:
        return _in_some(run, stage, world, wanted, evenly(of, most), of)
    with tempfile.TemporaryDirectory(prefix="counterscore-placebo-") as folder:
        worlds, _ = distinct_worlds(relabelled(stage.regime(world)), base=_with_the_others(run, stage, world))
        spec = replace(stage.spec, worlds=worlds, baseline=None, replays=max(wanted, default=-1) + 1)
        other = execute(spec, Path(folder) / "run", threads=threads, progress=progress)
        difference = next((found for r in wanted if (found := run.unit_difference(other, world, r))), None)
        tables = sum(len(run.tables(world, r)) for r in wanted)
    return Placebo(world, len(wanted), int(record["city"]["residents"]), tables, difference, of, of)


def _in_some(run: Run, stage: Stage, world: str, replays: list[int], places: tuple[int, ...], of: int) -> Placebo:
    """The same in some subdistricts, one at a time in memory, nothing on disk."""
    twin = stage.under(world, relabelled(stage.regime(world)))
    tables, difference = set(), None
    for replay in replays:
        for k in places:
            lived = twin.living(k, world=world, replay=replay, room=1)  # the events are not asked for
            lived.live(int(run.record["months"]))
            for name, found in _rows(lived.history(), run.tables(world, replay)).items():
                tables.add((replay, name))
                apart = first_cell([run.subdistrict(k, name, world, replay)], [found])
                if apart and difference is None:
                    difference = f"world {world}, replicate {replay}, table {name}, subdistrict {k}, {apart}"
    sizes = run.subdistrict_sizes()
    return Placebo(world, len(replays), sum(sizes[k] for k in places), len(tables), difference, len(places), of)


def _rows(lived: History, tables: tuple[str, ...]) -> dict[str, pa.Table]:
    """What a run keeps of each resident, firm, body and official who lived, as it keeps it, by table."""
    found: dict[str, Any] = {"outcomes": lived.columns, "private": lived.columns}
    for subject, table in (("firms", "firm_outcomes"), ("bodies", "body_outcomes")):
        if subject in lived.organisations:
            found[table] = lived.organisations[subject].columns  # type: ignore[index]
    if "bodies" in lived.organisations:
        found["official_outcomes"] = lived.organisations["bodies"].officials
    return {
        name: pa.Table.from_arrays(
            [as_arrow(np.asarray(columns[one.name]), one.type) for one in TABLES[name]], schema=schema(TABLES[name])
        )
        for name, columns in found.items()
        if name in tables
    }


def _with_the_others(run: Run, stage: Stage, world: str) -> Regime | None:
    """A world that brings firms or bodies along which the run has and ``world`` alone would not have."""
    worlds = {one["name"]: {part["subjects"] for part in one["parts"]} for one in run.record["worlds"]}
    lacking = set(run.subjects) - worlds[world] - {"residents"}
    name = next((name for name, subjects in worlds.items() if lacking and lacking <= subjects), None)
    return stage.regime(name) if name else None


def placebo_here(run: Run, world: str, *, replay: int = 0, subdistrict: int = 0) -> tuple[int, int]:
    """The same check of one subdistrict in one replicate, lived twice: residents who end otherwise, and all of them."""
    stage = Stage(run)
    own = stage.relive(subdistrict, world=world, replay=replay).columns
    twin = stage.under(world, relabelled(stage.regime(world))).relive(subdistrict, world=world, replay=replay).columns
    differ = np.zeros(len(own["records"]), np.bool_)
    for name, column in own.items():
        differ |= column != twin[name]
    return int(differ.sum()), len(differ)


def relabelled(regime: Regime) -> Regime:
    """The same rules under other words: labels, titles and notes are changed, in what is stacked too."""
    copy: Regime = _reworded(regime)
    copy._stacked = tuple(_reworded(one) for one in regime.stacked()[1:])
    return copy


def _reworded(item: Any) -> Any:
    if isinstance(item, BaseModel):
        changed = {
            name: f"other {value}" if name in _WORDS and isinstance(value, str) and value else _reworded(value)
            for name, value in ((name, getattr(item, name)) for name in type(item).model_fields)
        }
        return item.model_copy(update={k: v for k, v in changed.items() if v is not getattr(item, k)})
    if isinstance(item, dict):
        return {key: _reworded(value) for key, value in item.items()}
    if isinstance(item, tuple) and all(isinstance(one, BaseModel) for one in item):
        return tuple(_reworded(one) for one in item)
    return item
