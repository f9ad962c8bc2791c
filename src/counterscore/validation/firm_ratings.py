"""Ratings of firms against their published shares."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from counterscore.catalog import load_regime, synthesize
from counterscore.measures import Life
from counterscore.simulation import simulate
from counterscore.validation._validation import Check, Validation

_RESIDENTS, _YEARS = 60_000, 3
_POINTS = "three indicators stand for nearly a hundred, whose points were never published; a firm not found is a D, and is rarer here"
_LISTED = "the firms counted are listed companies, larger and older than most; their pages reach back further than three years"


def _run() -> list[Check]:
    return [*_tax(), *_zhejiang()]


def _tax() -> list[Check]:
    with tempfile.TemporaryDirectory() as folder:
        life = _lived("tax-abcmd", Path(folder))
        trading = life.firm_outcome("closed") == 0  # nobody rates a firm that has closed
        grade, known = life.firm_outcome("grade")[trading], life.firm_outcome("name")[trading] == 0
        best, worst = (grade == life.firm_grades.index(name) for name in ("A", "D"))
        best = 100 * float(np.mean(best & known))  # under a new name a firm is an M, whatever its points
        worst = 100 * float(np.mean(worst))
    shares = "facts 2.5, 2019 and 2020: 4.89 and 5.9 per cent; 4.5 to 6.5 and two standard errors of 3,000 firms; calibrated to it (firms.tax_a)"
    return [
        Check("tax-abcmd: open firms rated A, per cent", 5.5, best, 1.8, shares),
        Check(
            "tax-abcmd: open firms rated D, per cent", 7.0, worst, 1.0, "facts 2.5, 2019: 7.01 per cent", missed=_POINTS
        ),
    ]


def _zhejiang() -> list[Check]:
    with tempfile.TemporaryDirectory() as folder:
        penalties = _lived("zhejiang-firms", Path(folder)).firm_outcome("penalties")
    found, source = 100 * float(np.mean(penalties > 0)), "facts 2.6: 20.1 per cent of about 530 firms"
    return [Check("zhejiang-firms: firms with a penalty, per cent", 20.1, found, 3.0, source, missed=_LISTED)]


def _lived(regime: str, folder: Path) -> Life:
    """The firms of a city after some years under one rule book."""
    city = synthesize("beijing", residents=_RESIDENTS, seed=1)
    run = simulate(load_regime(regime), city, months=12 * _YEARS, replays=1, seed=1, out=folder / "run")
    return Life(run, run.worlds[0], 0)


VALIDATION = Validation(
    id="firm-ratings",
    title="Ratings of firms",
    kind="published range",
    about="Shares of firms that were published of two ratings, and what firms of Beijing come to in three years. The share rated A was "
    "searched for and so repeats an input; the others are missed, each with its reason: do not read shares of grades of these two rule "
    "books as estimates.",
    run=_run,
)
