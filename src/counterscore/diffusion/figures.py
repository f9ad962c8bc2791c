"""What a city reports of a year: a figure as it truly is, and as those who are rated by it put it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from counterscore.discovery import by_id
from counterscore.engine.layout import BODY_COUNTER, COUNTER
from counterscore.errors import UsageError, did_you_mean
from counterscore.regime.vocabulary import Subject

YEAR = 12
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of one year: ``times`` the sum of some monthly counters over that of others.

    ``better`` is 1 where more is better and -1 where less is. ``claimed`` are counters that are reported as if they belonged
    to ``above`` though they do not. ``living`` says who must live in the cities for it.
    """

    id: str
    label: str
    unit: str
    better: int
    times: float
    above: tuple[str, ...]
    below: tuple[str, ...]
    claimed: tuple[str, ...] = ()
    living: Subject = "residents"
    limits: str = ""

    def of(self, totals: Mapping[str, Any], *, reported: bool) -> Floats:
        """The figure of each full year of one world, NaN where there was nothing to count; ``totals`` are the engine's."""
        parts = (*self.above, *(self.claimed if reported else ()))
        above, below = (sum(self._by_year(totals, name) for name in names) for names in (parts, self.below))
        with np.errstate(divide="ignore", invalid="ignore"):
            found: Floats = np.where(np.asarray(below) > 0, self.times * np.asarray(above) / below, np.nan)
        return found

    def _by_year(self, totals: Mapping[str, Any], name: str) -> npt.NDArray[np.int64]:
        body = self.living == "bodies"
        table = totals["body_tally"][:, BODY_COUNTER[name]] if body else totals["counts"][:, COUNTER[name]]
        years = len(table) // YEAR
        return np.asarray(table[: years * YEAR].reshape(years, YEAR).sum(axis=1))


#: What cities may report, the first where nothing else is asked for.
FIGURES = by_id(
    Figure(
        "kept",
        "contracts and promises of public bodies kept in time",
        "of 100 due",
        1,
        100.0,
        ("contracts_kept", "promises_kept"),
        ("contracts_due", "promises_due"),
        claimed=("claimed",),
        living="bodies",
        limits="bodies account for it themselves: officials who play for their rating report as kept what was not",
    ),
    Figure(
        "paid",
        "judgments for debt that residents pay",
        "a year, of 100 residents with an unpaid judgment",
        1,
        1200.0,
        ("performed",),
        ("judged",),
        limits="courts count it; in the model nobody who is rated by it can change it",
    ),
    Figure(
        "victims",
        "residents defrauded",
        "a year, of 100,000 adults",
        -1,
        1_200_000.0,
        ("victims",),
        ("adults",),
        limits="every fraud is taken to be reported; in the model nobody who is rated by it can change it",
    ),
)


def find_figure(name: str) -> Figure:
    """The figure called ``name``. Raises ``UsageError`` where there is none."""
    if name not in FIGURES:
        close = did_you_mean(name, FIGURES)
        told = ", ".join(f"{one.id} ({one.label})" for one in FIGURES.values())
        raise UsageError(
            f'no figure is called "{name}"',
            suggestion=(f"Did you mean {close}?  " if close else "") + f"There are: {told}.",
        )
    return FIGURES[name]
