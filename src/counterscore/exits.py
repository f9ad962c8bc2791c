"""How long listing spells last, over replicates: the share still on, ways of leaving, and the extended risk table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from counterscore.errors import UsageError, did_you_mean
from counterscore.measures import FEWEST_REPLAYS, Life
from counterscore.results import Run
from counterscore.statistics import CENSORED, Stays, median

_MIDDLE = (5, 95)


@dataclass(frozen=True, slots=True)
class ExitRow:
    """One list after so many months. Shares are of 100 spells, counts are means over replicates.

    ``left`` and ``ended`` are by way of leaving; ``ended`` also has the stays that went out of sight.
    """

    list_id: str
    months: int
    still_on: float
    low: float | None
    high: float | None
    left: Mapping[str, float]
    going_on: float
    ended: Mapping[str, float]
    n_replays: int
    range_kind: str


@dataclass(frozen=True, slots=True)
class Exits:
    """One list of one world. ``median`` is the middle one of the replicates' medians, None where half of them have none."""

    world: str
    list_id: str
    stays: float
    median: float | None
    ways: tuple[str, ...]
    out_of_sight: tuple[str, ...]
    n_replays: int
    rows: Sequence[ExitRow]


def exits(run: Run, *, world: str | None = None, on: str | None = None, every: int = 6) -> list[Exits]:
    """Every list of a world (or the one called ``on``) that somebody was on, most spells first; rows ``every`` months.

    Replicates in which nobody was on a list count in its numbers of stays and not in its shares. Raises ``UsageError``
    for a world or list the run does not have.
    """
    where = world or run.worlds[0]
    if where not in run.worlds:
        raise UsageError(f'the run has no world "{where}"', suggestion=f"It has: {', '.join(run.worlds)}.")
    units = [Life(run, where, replay).stays() for replay in run.replays(where)]
    names = sorted({name for unit in units for name in unit})
    if on is not None and on not in names:
        close = did_you_mean(on, names)
        hint = f"Did you mean {close}?  " if close else ""
        told = f"{hint}Somebody was on: {', '.join(names) or 'none'}."
        raise UsageError(f'nobody was on a list called "{on}"', suggestion=told)
    at = np.arange(0, int(run.record["months"]) + 1, every)
    found = [
        _one([u[name] for u in units if name in u], len(units), name, where, at) for name in names if on in {None, name}
    ]
    if not found:
        raise UsageError(f"nobody was on a list in {where}", suggestion="Rules of lists: counterscore show REGIME")
    return sorted(found, key=lambda one: (-one.stays, one.list_id))


def _one(units: Sequence[Stays], replays: int, name: str, world: str, at: npt.NDArray[np.int64]) -> Exits:
    shares = np.array([100 * one.still_on(at) for one in units])
    lefts = [one.left_by(at) for one in units]
    ways = tuple(sorted({way for one in lefts for way in one}))
    hidden = tuple(way for way in CENSORED if any((one.how == way).any() for one in units))
    zeros = np.zeros(len(at))
    means = {way: 100 * np.mean([one.get(way, zeros) for one in lefts], axis=0) for way in ways}
    left = {way: np.maximum(0.0, np.round(share, 9)) for way, share in means.items()}  # less what sums leave over
    ended = {way: np.sum([one.seen(at, way) for one in units], axis=0) / replays for way in (*ways, *hidden)}
    going = np.sum([one.seen(at) for one in units], axis=0) / replays
    ranged = len(units) >= FEWEST_REPLAYS
    low, high = np.percentile(shares, _MIDDLE, axis=0) if ranged else (None, None)
    rows = [
        ExitRow(
            list_id=name,
            months=int(month),
            still_on=float(shares[:, k].mean()),
            low=None if low is None else float(low[k]),
            high=None if high is None else float(high[k]),
            left={way: float(left[way][k]) for way in ways},
            going_on=float(going[k]),
            ended={way: float(ended[way][k]) for way in ended},
            n_replays=len(units),
            range_kind="replays",
        )
        for k, month in enumerate(at)
    ]
    every_month = np.arange(int(at[-1]) + 1)
    halves = [median(every_month, one.still_on(every_month)) for one in units]
    half = float(np.median([np.inf if one is None else one for one in halves]))
    total = sum(one.total for one in units) / replays
    return Exits(world, name, total, None if np.isinf(half) else half, ways, hidden, len(units), rows)
