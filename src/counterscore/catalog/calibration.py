"""Calibrations: which assumptions were searched for, against which published figures, with which hits and misses.

A calibration without assumptions is a comparison: nothing was searched for, and the misses are the point of it.

The files in ``catalog/calibrations`` are written by the scripts in ``verification`` and never by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

_FOLDER = Path(__file__).parent / "calibrations"


@dataclass(frozen=True, slots=True)
class Target:
    """A published figure with the range it leaves open, and what the calibrated run has, in the same unit.

    ``searched`` tells whether the search looked at it; the others are only compared. ``why`` is the reason of a
    miss; ``echo_of`` names the inputs where the figure follows from them alone.
    """

    target: str
    published: float
    low: float
    high: float
    achieved: float
    unit: str
    hit: bool
    searched: bool
    source: str
    why: str = ""
    echo_of: str = ""


@dataclass(frozen=True, slots=True)
class Calibration:
    """One calibration: the run it was made with, the values found (by assumption), and its targets.

    ``starts`` are numbers of the rule book that were searched for too, by the dimension of its score that starts with
    them; ``beside`` are figures of the same run that nobody published, so that they can be read and not compared.
    """

    id: str
    title: str
    regime: str
    city: str
    residents: int
    years: float
    seed: int
    search: str
    assumptions: Mapping[str, float]
    targets: tuple[Target, ...]
    starts: Mapping[str, int] = field(default_factory=dict)
    beside: Mapping[str, float] = field(default_factory=dict)

    def describe(self) -> str:
        """What was matched and what was not, in a few sentences."""
        chosen = [one for one in self.targets if (one.searched if self.assumptions else one.hit)]
        missed = [one for one in self.targets if not one.hit]
        met = [one for one in self.targets if one.hit and one not in chosen]
        lived = f"with {self.residents:,} residents of {self.city} under {self.regime} over {self.years:g} years"
        told = "; ".join(
            f"{one.target}: {one.achieved:.3g} {one.unit} (published {one.published:.3g}, {one.low:g} to {one.high:g}"
            + (f"; follows from {one.echo_of} alone" if one.echo_of else "")
            + ")"
            for one in chosen
        )
        if self.assumptions:
            one = len(self.assumptions) == 1
            text = f"{len(self.assumptions)} assumption{'' if one else 's'} calibrated ({', '.join(self.assumptions)})"
            if self.starts:
                told_starts = ", ".join(f"{name} {value}" for name, value in self.starts.items())
                text += f" and {len(self.starts)} assumed starts of the rule book ({told_starts})"
            text += f" {lived}; "
            text += f"{sum(one.hit for one in chosen)} of {len(chosen)} targets are met"
        else:
            text = f"compared {lived}, nothing was searched for; "
            text += f"{len(chosen)} of {len(self.targets)} published figures are met"
        text = f"{self.title}: {text}." + (f" {told}." if told else "")
        if met:
            text += " Met without being searched for: " + "; ".join(
                f"{one.target}, {one.achieved:.3g} {one.unit} ({one.published:.3g})" for one in met
            )
            text += "."
        if missed:
            text += " Not matched: " + "; ".join(
                f"{one.target}, {one.achieved:.3g} against {one.published:.3g} {one.unit} ({one.why})" for one in missed
            )
            text += "."
        if self.beside:
            figures = "; ".join(f"{name}, {value:.3g}" for name, value in self.beside.items())
            text += f" Neither fitted nor published, as it came out: {figures}."
        if self.assumptions:
            text += " What was searched for repeats an input and is no evidence."
        return text


@cache
def load_calibrations() -> tuple[Calibration, ...]:
    """The calibrations that come with the package."""
    found = []
    for file in sorted(_FOLDER.glob("*.yaml")):
        data = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
        data.pop("format")
        targets = tuple(Target(**row) for row in data.pop("targets"))
        found.append(Calibration(targets=targets, **data))
    return tuple(found)
