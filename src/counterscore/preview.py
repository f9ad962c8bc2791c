"""A first look at a rule book that is being written: a small city, few replicates, at once. Not for citing.

The town is lived in twice with the same random numbers, under the rules as they were and as they are now.
"""

from __future__ import annotations

import tempfile
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from counterscore import headlines, simulation
from counterscore.catalog import synthesize
from counterscore.city import City
from counterscore.regime.model import Regime
from counterscore.results import Run

CITY, RESIDENTS, REPLICATES, MONTHS, SEED = "beijing", 1_000, 5, 36, 1
_MOST_KEPT = 8
_cities: dict[str, City] = {}
_kept: OrderedDict[str, tuple[Figure, ...]] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure of a preview: its texts as every output prints them, and its ends for comparing."""

    id: str
    label: str
    value: str
    spread: str
    unit: str
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure of the rules as they are ``now``, beside the same as they were; ``words`` says whether they can be told apart."""

    now: Figure
    before: Figure | None
    words: str


def preview(regime: Regime, before: Regime | None = None) -> tuple[Compared, ...]:
    """What will be read first of ``regime``, beside ``before``. About a second once this process has done one."""
    was = {one.id: one for one in _figures(before)} if before is not None else {}
    return tuple(Compared(one, was.get(one.id), _words(one, was.get(one.id))) for one in _figures(regime))


def as_json(found: tuple[Compared, ...]) -> dict[str, Any]:
    """Plain data, with what a preview is."""
    return {
        "preview": True,
        "citable": False,
        "what": f"preview: {RESIDENTS:,} residents, {REPLICATES} replicates, {MONTHS} months, not for citing",
        "rows": [
            {
                "label": one.now.label,
                "unit": one.now.unit,
                "now": one.now.value,
                "spread": one.now.spread,
                "before": one.before.value if one.before else "",
                "before_spread": one.before.spread if one.before else "",
                "words": one.words,
            }
            for one in found
        ],
    }


def _words(now: Figure, before: Figure | None) -> str:
    if before is None:
        return ""
    if (now.value, now.spread) == (before.value, before.spread):
        return "as it was"
    ends = (now.low, now.high, before.low, before.high)
    if None in ends:
        return "other than it was; no range with so few replicates"
    apart = now.low > before.high or now.high < before.low  # type: ignore[operator]
    return (
        "the ranges are apart from those of the rules as they were"
        if apart
        else "the ranges overlap: cannot be told apart here"
    )


def _figures(regime: Regime) -> tuple[Figure, ...]:
    key = repr(sorted((one.id, *one.files.items()) for one in regime.stacked()))
    if key not in _kept:
        _kept[key] = _lived(regime)
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    _kept.move_to_end(key)
    return _kept[key]


def _lived(regime: Regime) -> tuple[Figure, ...]:
    if CITY not in _cities:
        _cities[CITY] = synthesize(CITY, residents=RESIDENTS, seed=SEED)
    with tempfile.TemporaryDirectory(prefix="counterscore-") as folder:
        run: Run = simulation.simulate(
            regime, _cities[CITY], months=MONTHS, replays=REPLICATES, seed=SEED, out=Path(folder) / "preview"
        )
        return tuple(
            Figure(row.of.id, row.label, row.value, row.spread, row.unit, row.found.low, row.found.high)
            for row in headlines.rows(run)
        )
