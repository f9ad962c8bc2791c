"""Scores and grades of residents month by month, which no table keeps: a part of the run is lived again for them.

One subdistrict, or as many as hold so many residents, evenly spaced; some replays. What comes out is what the run
would have kept had it ended in that month, so the last month equals the run's own table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from counterscore import wording
from counterscore.charts._chart import View
from counterscore.errors import RunError
from counterscore.measures import SMALLEST_GROUP, groups
from counterscore.measures import Life as Outcomes
from counterscore.reliving import Stage
from counterscore.results import Run, as_numpy
from counterscore.results.run import SUBDISTRICT
from counterscore.results.tables import NO_GRADE

_RESIDENTS = SUBDISTRICT  #: as many subdistricts are lived again as hold so many, at least one
_REPLAYS = 12
_POINTS = 24  #: months looked at, beside the start


@dataclass(frozen=True, eq=False)
class Lived:
    """Some adults of a run over time. Arrays are (months, adults) for each replay; ``seen`` is who has a score then.

    ``months`` counts months lived; ``who`` are places among the adults of the run's tables.
    """

    months: tuple[int, ...]
    who: npt.NDArray[np.intp]
    replays: tuple[int, ...]
    score: tuple[npt.NDArray[np.int32], ...]
    grade: tuple[npt.NDArray[np.uint8], ...]
    seen: tuple[npt.NDArray[np.bool_], ...]


@dataclass(frozen=True)
class Sample:
    """Which part of a run is lived again."""

    subdistricts: tuple[int, ...]
    of: int
    replays: tuple[int, ...]

    def __str__(self) -> str:
        where = (
            "everybody"
            if len(self.subdistricts) == self.of
            else f"subdistrict {', '.join(map(str, self.subdistricts))} of 0 to {self.of - 1}"
        )
        return f"Lived again from the record, month by month: {where}, {wording.replicates(len(self.replays))}."


def sample(run: Run, world: str) -> Sample:
    """The part of a run that is lived again: evenly spaced subdistricts, the first replays."""
    sizes = run.subdistrict_sizes()
    wanted = max(1, _RESIDENTS * len(sizes) // max(1, sum(sizes)))
    step = max(1, len(sizes) // wanted)
    chosen = tuple(range(step // 2, len(sizes), step))[:wanted]
    return Sample(chosen, len(sizes), run.replays(world)[:_REPLAYS])


def basis(run: Run, view: View) -> str:
    """What a chart of lives lived again rests on, for its caption."""
    return str(sample(run, view.of(run)))


@lru_cache(maxsize=1)
def lived(run: Run, world: str) -> Lived | None:
    """Live a part of ``world`` again; None where the world has no score that can be worked out, or nobody."""
    part = sample(run, world)
    if not part.replays or not Outcomes(run, world, part.replays[0]).has_score:
        return None
    last = int(run.record["months"])
    months = tuple(dict.fromkeys([*range(0, last, -(-last // _POINTS)), last]))
    stage = Stage(run)
    people = run.residents(["resident", "generation", "since", "until", "age", "adult"])
    kept = [as_numpy(run.table("outcomes", world, replay, ["score"])["score"]) for replay in part.replays]
    numbers, adult = as_numpy(people["resident"]), as_numpy(people["adult"]) == 1
    among = np.cumsum(adult) - 1
    parts: list[list[tuple[Any, ...]]] = [[] for _ in part.replays]
    who: list[npt.NDArray[Any]] = []
    for k in part.subdistricts:
        rows = np.flatnonzero((numbers // SUBDISTRICT == k) & adult)
        mine = people.take(rows)
        place = (numbers[rows] % SUBDISTRICT).astype(np.intp)
        generation = as_numpy(mine["generation"])
        grown = as_numpy(mine["since"]) + 12 * np.maximum(0, 18 - as_numpy(mine["age"]).astype(np.int64))
        who.append(among[rows])
        for n, replay in enumerate(part.replays):
            score, grade, seen = _watch(stage, world, replay, k, months, place, generation, grown)
            same_as_kept(run, score[-1][seen[-1]], kept[n][rows][seen[-1]])
            parts[n].append((score, grade, seen))
    joined = [[np.concatenate(arrays, axis=1) for arrays in zip(*one, strict=True)] for one in parts]
    score, grade, seen = (tuple(one[at] for one in joined) for at in range(3))
    return Lived(months, np.concatenate(who), part.replays, score, grade, seen)


def same_as_kept(run: Run, lived_again: npt.NDArray[Any], kept: npt.NDArray[Any]) -> None:
    """Raise ``RunError`` where what was lived again is not what the run holds."""
    if (lived_again != kept).any():
        made = run.record["software"]["counterscore"]
        raise RunError(
            f"{run.path.name} was made by another engine, under which it went otherwise",
            suggestion=f"Make it again with this one, or use the counterscore {made} that made it.",
        )


def _watch(
    stage: Stage, world: str, replay: int, k: int, months: tuple[int, ...], place: Any, generation: Any, grown: Any
) -> tuple[Any, ...]:
    """Score, grade and presence of the adults of one subdistrict in one replay, at each of ``months``."""
    living = stage.living(k, world=world, replay=replay, room=1)  # the events are not asked for
    asks = bool(living.plan.scheme_asks[0])
    shape = (len(months), len(place))
    score, grade = np.zeros(shape, np.int32), np.full(shape, NO_GRADE, np.uint8)
    seen = np.zeros(shape, np.bool_)
    for at, month in enumerate(months):
        living.live(month)
        now = living.now()
        here = (now["generation"][place] == generation) & (grown <= month)
        score[at], grade[at] = now["score"][place], now["grade"][place]
        seen[at] = here & ((score[at] != 0) | (grade[at] != NO_GRADE)) if asks else here
    return score, grade, seen


def group_masks(run: Run, view: View, found: Lived) -> Iterator[tuple[str, list[npt.NDArray[np.bool_]], bool]]:
    """Each group with its mask over ``found.who`` in each replay, and whether it is too small to be told of."""
    world = view.of(run)
    if view.by is None:
        yield "everybody", [np.ones(len(found.who), np.bool_) for _ in found.replays], False
        return
    by_group: dict[str, list[npt.NDArray[np.bool_]]] = {}
    for replay in found.replays:
        for group, mask in groups(Outcomes(run, world, replay), view.by):
            by_group.setdefault(group, []).append(mask[found.who])
    for group, masks in by_group.items():
        yield group, masks, min(int(mask.sum()) for mask in masks) < SMALLEST_GROUP


def date_after(run: Run, months: int) -> str:
    """The month that begins when so many have been lived: ``2018-01`` after none."""
    year, first = (int(part) for part in run.record["start"].split("-"))
    at = year * 12 + first - 1 + months
    return f"{at // 12:04d}-{at % 12 + 1:02d}"
