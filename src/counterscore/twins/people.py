"""Person by person: every column of the outcomes of two worlds, paired, and those who do not differ at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from counterscore.paired import interval
from counterscore.results import Run
from counterscore.results.run import GENERATION
from counterscore.results.tables import OR_NEVER, OUTCOMES


@dataclass(frozen=True, slots=True)
class ColumnPairs:
    """One column: residents with more of it in ``world`` than in ``baseline``, with less, and with the same, as
    means over replicates; ``mean`` is the mean difference per resident with its paired interval, None for columns
    that are codes.
    """

    column: str
    meaning: str
    unit: str
    more: float
    less: float
    same: float
    mean: float | None
    low: float | None
    high: float | None
    note: str


@dataclass(frozen=True)
class People:
    """All residents of all replicates, paired. ``changed`` and ``unchanged`` count residents in each replicate."""

    world: str
    baseline: str
    residents: int
    replays: tuple[int, ...]
    changed: tuple[int, ...]
    columns: tuple[ColumnPairs, ...]
    left_out: dict[str, str]

    @property
    def unchanged(self) -> tuple[int, ...]:
        """Residents without any difference, in each replicate."""
        return tuple(self.residents - one for one in self.changed)

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        middle, low, high, _, note = interval([float(one) for one in self.unchanged])
        return {
            "world": self.world,
            "baseline": self.baseline,
            "residents": self.residents,
            "replay_numbers": list(self.replays),
            "no_difference": {
                "residents": list(self.unchanged),
                "mean": middle,
                "low": low,
                "high": high,
                "note": "" if low is not None else note.removeprefix("exactly no difference; "),
            },
            "columns": [asdict(one) for one in self.columns],
            "left_out": self.left_out,
        }


def compare_people(run: Run, world: str, baseline: str) -> People:
    """Pair all residents of two worlds of one run, in every replicate that both have."""
    replays = tuple(r for r in run.replays(world) if (baseline, r) in run.finished)
    changed: list[int] = []
    seen: dict[str, list[tuple[int, int, int, float]]] = {}
    left_out: dict[str, str] = {}
    residents = 0
    for replay in replays:
        residents = apart = 0
        counted: dict[str, npt.NDArray[np.int64]] = {}
        for one, two in _pieces(run, world, baseline, replay):
            differs = np.zeros(one.num_rows, np.bool_)
            for name, a, b, why in _columns(run, world, baseline, one, two):
                if why:
                    left_out[name] = why
                    continue
                differs |= a != b
                total = a.sum(dtype=np.int64) - b.sum(dtype=np.int64)
                found = np.array([(a > b).sum(), (a < b).sum(), total], np.int64)
                counted[name] = counted.get(name, 0) + found
            residents += len(differs)
            apart += int(differs.sum())
        for name, (more, less, total) in counted.items():
            pairs = (int(more), int(less), residents - int(more + less), float(total) / max(1, residents))
            seen.setdefault(name, []).append(pairs)
        changed.append(apart)
    about = {field.name: field for field in OUTCOMES}
    rows = []
    for name, rows_of in seen.items():
        more_, less_, same_, means = (list(part) for part in zip(*rows_of, strict=True))
        # Of months or never, who differs is counted: a sum of them says nothing.
        coded = name in OR_NEVER or (name in about and about[name].unit in {"code", "bits", "month"})
        middle, low, high, _, note = interval([float(v) for v in means])
        field = about.get(name)
        rows.append(
            ColumnPairs(
                name,
                field.meaning.replace(" (stops at 255)", "") if field else name.replace("_", " "),
                field.unit if field else "see the table's schema",
                float(np.mean(more_)),
                float(np.mean(less_)),
                float(np.mean(same_)),
                None if coded else middle,
                None if coded else low,
                None if coded else high,
                "counted, not added up" if coded else note,
            )
        )
    return People(world, baseline, residents, replays, tuple(changed), tuple(rows), left_out)


def pairs_of(run: Run, world: str, baseline: str, column: str, replay: int) -> dict[str, npt.NDArray[Any]]:
    """One column person by person: ``resident`` (identity), ``world``, ``baseline`` and ``difference``, for charts."""
    one, two = (run.table("outcomes", name, replay) for name in (world, baseline))
    for name, a, b, why in _columns(run, world, baseline, one, two):
        if name == column and not why:
            people = run.residents(["resident", "generation"])
            who = people["resident"].to_numpy() + people["generation"].to_numpy().astype(np.uint64) * np.uint64(
                GENERATION
            )
            return {"resident": who, "world": a, "baseline": b, "difference": a.astype(np.int64) - b.astype(np.int64)}
    raise KeyError(column)


def _pieces(run: Run, world: str, baseline: str, replay: int) -> Iterator[tuple[Any, Any]]:
    """The outcomes of both worlds, some subdistricts at a time."""
    return zip(*(run.pieces("outcomes", name, replay) for name in (world, baseline)), strict=True)


def _columns(run: Run, world: str, baseline: str, one: Any, two: Any) -> Iterator[tuple[str, Any, Any, str]]:
    """Each column of the outcomes of both worlds as comparable values, or why it cannot be compared."""
    scored = [_scored(run, name) for name in (world, baseline)]
    for name in dict.fromkeys([*one.column_names, *two.column_names]):
        if name not in one.column_names or name not in two.column_names:
            yield name, None, None, "only one world has it"
        elif name in {"score", "grade"} and scored[0] != scored[1]:
            yield name, None, None, "the worlds do not have the same score"
        elif name == "lists":
            every = sorted({list_ for side in (world, baseline) for list_ in _lists(run, side)})
            a, b = (
                _renumbered(table[name].to_numpy(), _lists(run, side), every)
                for table, side in ((one, world), (two, baseline))
            )
            yield name, a, b, ""
        else:
            yield name, one[name].to_numpy(), two[name].to_numpy(), ""


def _scored(run: Run, world: str) -> tuple[str, tuple[str, ...]] | None:
    """The rule book whose score the outcomes hold, with its grades."""
    parts = next(one["parts"] for one in run.record["worlds"] if one["name"] == world)
    return next(((part["id"], tuple(part["grades"])) for part in parts if part["grades"]), None)


def _lists(run: Run, world: str) -> list[str]:
    parts = next(one["parts"] for one in run.record["worlds"] if one["name"] == world)
    return [name for part in parts for name in part["lists"]]


def _renumbered(bits: npt.NDArray[Any], names: list[str], every: list[str]) -> npt.NDArray[np.int64]:
    """List bits of one world in a numbering that both worlds share."""
    out = np.zeros(len(bits), np.int64)
    for at, name in enumerate(names):
        out |= (bits.astype(np.int64) >> at & 1) << every.index(name)
    return out
