"""The placebo twin: a regime against a copy of itself with other labels must differ by exactly nothing."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel

from counterscore.regime.model import Regime
from counterscore.reliving import Stage
from counterscore.results import Run
from counterscore.simulation import Progress, execute
from counterscore.specification import distinct_worlds

_WORDS = frozenset({"title", "label", "about", "purpose", "note", "place", "address"})


@dataclass(frozen=True, slots=True)
class Placebo:
    """What came of living a world once more under other labels. ``difference`` is None where nothing differs."""

    world: str
    n_replays: int
    residents: int
    tables: int
    difference: str | None

    @property
    def holds(self) -> bool:
        """Whether every cell of every table is the same."""
        return self.difference is None

    def __str__(self) -> str:
        what = f"{self.world} against itself with other labels"
        if self.difference:
            return f"Placebo twin: {what} differs: {self.difference}"
        return (
            f"Placebo twin: {what} differs by exactly 0 for all {self.residents:,} residents in {self.n_replays} "
            f"replicates ({self.tables} tables)"
        )


def placebo(
    run: Run, world: str, *, replays: int | None = None, threads: int | None = None, progress: Progress | None = None
) -> Placebo:
    """Live ``world`` again under a copy of its regime with other labels, and compare every cell.

    ``replays`` bounds how many are lived; all that are finished from the first on, unless given.
    """
    record, stage = run.record, Stage(run)
    wanted = [r for r in run.replays(world) if replays is None or r < replays]
    with tempfile.TemporaryDirectory(prefix="counterscore-placebo-") as folder:
        worlds, _ = distinct_worlds(relabelled(stage.regime(world)), base=_with_the_others(run, stage, world))
        spec = replace(stage.spec, worlds=worlds, baseline=None, replays=max(wanted, default=-1) + 1)
        other = execute(spec, Path(folder) / "run", threads=threads, progress=progress)
        difference = next((found for r in wanted if (found := run.unit_difference(other, world, r))), None)
        tables = sum(len(run.tables(world, r)) for r in wanted)
    return Placebo(world, len(wanted), int(record["city"]["residents"]), tables, difference)


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
