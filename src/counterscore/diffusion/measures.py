"""Measures of several cities at once, by replicate: how far a rule book spread, and what was gained by it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from counterscore.diffusion.nation import History, Spread
from counterscore.discovery import by_id


@dataclass(frozen=True, slots=True)
class NationMeasure:
    """One measure. ``one`` gives its value in a replicate, None where it is not defined there, ``within`` the least and the most
    that it can be; an empty ``unit`` is that of the reported figure.
    """

    id: str
    question: str
    unit: str
    definition: str
    limits: str
    echo_of: str
    one: Callable[[Spread, int], float | None]
    within: tuple[float, float] = (-math.inf, math.inf)

    def results(self, spread: Spread) -> list[float | None]:
        """Its value in each replicate."""
        return [self.one(spread, replay) for replay in range(len(spread.histories))]


def _adopters(spread: Spread, histories: list[History], replay: int) -> float:
    return 100 * histories[replay].share(spread.nation.years - 1, len(spread.nation.places))


def _gained(spread: Spread, replay: int) -> float | None:
    """The mean over all cities but the first of what the rule book did to the figure in the last year; 0 where there is none."""
    gains = []
    for place in range(1, len(spread.nation.places)):
        year = spread.histories[replay].year_of(place)
        if year is None:
            gains.append(0.0)
            continue
        with_, without = (spread.life(place, adopts, replay).true[-1] for adopts in (year, None))
        gains.append(spread.nation.figure.better * float(with_ - without))
    told = [one for one in gains if math.isfinite(one)]
    return float(np.mean(told)) if told else None


def _overstated(spread: Spread, replay: int) -> float | None:
    """Of those who took it over because of figures, how many did so on a gain more than twice what the rule book really did there."""
    counted = [one for one in spread.histories[replay].adoptions if one.why == "figures"]
    if not counted:
        return None
    misled = 0
    for one in counted:
        assert one.source is not None
        assert one.seen is not None
        year = spread.histories[replay].year_of(one.source)
        assert year is not None
        before = spread.life(one.source, None, replay).reported[year - 1]
        real = spread.gains(one.source, year, replay)[2]
        misled += not real > 0.5 * one.seen * abs(before)
    return 100 * misled / len(counted)


NATION_MEASURES = by_id(
    NationMeasure(
        "cities_adopting",
        "How many of the other cities have the rule book in the end?",
        "of 100 cities",
        "cities but the first that have adopted the rule book by the last year",
        "whether and why cities follow each other is assumed",
        "spread.look, spread.threshold and spread.follow",
        lambda spread, replay: _adopters(spread, spread.histories, replay),
        (0, 100),
    ),
    NationMeasure(
        "adopting_on_massaged_figures",
        "How many more cities have it than if reports had been true?",
        "of 100 cities",
        "cities but the first that have adopted the rule book by the last year, less those that would have had every report been true",
        "figures are massaged only by officials who are rated by them, at assumed rates",
        "bodies.gaming and bodies.massage",
        lambda spread, replay: _adopters(spread, spread.histories, replay) - _adopters(spread, spread.honest, replay),
    ),
    NationMeasure(
        "gained_elsewhere",
        "What did the other cities really gain?",
        "",
        "the reported figure, as it truly is, in the last year, above 0 for better, less that of the same city with the same luck without the rule book, mean over all cities but the first; 0 for those without it",
        "one figure is not all that a rule book does",
        "",
        _gained,
    ),
    NationMeasure(
        "adopted_on_overstated_gains",
        "How many took it over on a gain that was mostly not the rule book's doing?",
        "of 100 adoptions over figures",
        "adoptions over a reported gain of which the rule book had done less than half in the reporting city, over its years (from the twin)",
        "the rest is chance, the trend, or massaged figures",
        "",
        _overstated,
        (0, 100),
    ),
)
