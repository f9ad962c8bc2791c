"""What is told of a spread: by city, by year, and of the nation, with ranges of chance over replicates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from counterscore.diffusion.measures import NATION_MEASURES, NationMeasure
from counterscore.diffusion.nation import History, Spread, month_of
from counterscore.engine import engine_digest
from counterscore.provenance import RESULTS_EPOCH, own_version
from counterscore.specification import world_name
from counterscore.statistics import t_interval


@dataclass(frozen=True, slots=True)
class Range:
    """A mean over replicates and its 95 % t interval, whose ends are None with fewer than two; ``n`` replicates had a value."""

    mean: float | None
    low: float | None
    high: float | None
    n: int


@dataclass(frozen=True, slots=True)
class CityTold:
    """One city: in how many replicates it adopted, in which years, why, and what it gained where it did."""

    name: str
    adopted: int
    replays: int
    years: tuple[str, str, str] | None  #: tenth, middle and ninth of ten Januaries of adoption
    over_figures: int
    reported: Range
    measured: Range
    real: Range


def range_of(values: Sequence[float | None], within: tuple[float, float] = (-math.inf, math.inf)) -> Range:
    """The mean of what is defined, with its interval, cut off where no value can be."""
    kept = np.array([one for one in values if one is not None and math.isfinite(one)])
    if len(kept) < 2:
        return Range(float(kept[0]) if len(kept) else None, None, None, len(kept))
    mean, variance = float(kept.mean()), float(kept.var(ddof=1) / len(kept))
    low, high, *_ = t_interval(mean, variance, len(kept) - 1) if variance > 0 else (mean, mean)
    return Range(mean, max(within[0], float(low)), min(within[1], float(high)), len(kept))


def of_city(spread: Spread, place: int) -> CityTold:
    """What happened to one city."""
    found = [
        (replay, one)
        for replay, history in enumerate(spread.histories)
        for one in history.adoptions
        if one.place == place
    ]
    gains = [spread.gains(place, one.year, replay) for replay, one in found]
    years = sorted(one.year for _, one in found)
    at = [years[min(len(years) - 1, int(part * len(years)))] for part in (0.1, 0.5, 0.9)] if years else []
    return CityTold(
        name=spread.nation.places[place].name,
        adopted=len(found),
        replays=len(spread.histories),
        years=(month_of(at[0]), month_of(at[1]), month_of(at[2])) if at else None,
        over_figures=sum(one.why == "figures" for _, one in found),
        reported=range_of([gain[0] for gain in gains]),
        measured=range_of([gain[1] for gain in gains]),
        real=range_of([gain[2] for gain in gains]),
    )


def share_by_year(spread: Spread, *, honest: bool = False) -> list[Range]:
    """The share of the other cities that have the rule book in each year, of 100."""
    many = len(spread.nation.places)
    histories = spread.honest if honest else spread.histories
    shares = ([100 * one.share(year, many) for one in histories] for year in range(spread.nation.years))
    return [range_of(one, (0, 100)) for one in shares]


def of_measure(spread: Spread, measure: NationMeasure) -> Range:
    """A measure over replicates."""
    return range_of(measure.results(spread), measure.within)


def document(spread: Spread, *, command: str = "") -> dict[str, Any]:
    """All of it as plain data: how it was made, every adoption, and what is told of it."""
    nation = spread.nation
    return {
        "format": 1,
        "kind": "spread",
        "version": own_version(),
        "results_epoch": RESULTS_EPOCH,
        "engine": engine_digest(),
        "command": command,
        "regime": world_name(nation.regime),
        "base": world_name(nation.base),
        "figure": asdict(nation.figure),
        "years": nation.years,
        "start": month_of(0),
        "replays": nation.replays,
        "seed": nation.seed,
        "assumptions": {
            row.path: row.value for row in nation.assumptions.rows if row.given or row.path.startswith("spread.")
        },
        "cities": [
            {"name": one.name, "city": one.city.id, "residents": one.city.residents, "seed": one.seed}
            for one in nation.places
        ],
        "by_city": [asdict(of_city(spread, at)) for at in range(len(nation.places))],
        "share_by_year": [asdict(one) for one in share_by_year(spread)],
        "share_by_year_had_reports_been_true": [asdict(one) for one in share_by_year(spread, honest=True)],
        "measures": {
            one.id: asdict(of_measure(spread, one)) | {"unit": one.unit or nation.figure.unit}
            for one in NATION_MEASURES.values()
        },
        "replicates": [
            {"as_reported": _plain(one), "had_reports_been_true": _plain(two)}
            for one, two in zip(spread.histories, spread.honest, strict=True)
        ],
    }


def _plain(history: History) -> list[dict[str, Any]]:
    return [asdict(one) | {"month": month_of(one.year)} for one in history.adoptions]
