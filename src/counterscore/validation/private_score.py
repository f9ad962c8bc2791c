"""The private score of an untouched city beside what was published of Hangzhou and of the company."""

from __future__ import annotations

import numpy as np

from counterscore.catalog import load_assumptions, load_city_spec, load_regime
from counterscore.catalog.assume import Assumptions
from counterscore.catalog.calibration import load_calibrations
from counterscore.city import City, synthesize
from counterscore.engine import layout
from counterscore.engine.draws import purpose_keys
from counterscore.engine.partners.outcome import private_columns
from counterscore.engine.plan import Plans, compile_plan
from counterscore.engine.world import empty_totals, live_until, settle_in
from counterscore.regime.model import Regime
from counterscore.validation._validation import Check, Validation

MONTHS = 41  #: January 2015, when the score began, to the end of May 2018: the figures are of 10 June
_WAIVED = 30  #: to the end of June 2017: the sum of all deposits was told in July
_FILES = ("no", "a thin", "a full")


def _run() -> list[Check]:
    told = next(one for one in load_calibrations() if one.id == "sesame")
    city = synthesize(load_city_spec(told.city), residents=told.residents, seed=told.seed)
    found, _ = lived(load_regime(told.regime), load_assumptions(), city, told.seed)
    out = []
    for one in told.targets:
        source = f"{one.source}; published {one.published:.3g} {one.unit}, {'calibrated to it' if one.searched else 'only compared'}"
        middle, half = (one.low + one.high) / 2, (one.high - one.low) / 2
        out.append(Check(one.target, middle, found[one.target], half, source, missed=one.why))
    return out


def lived(regime: Regime, assumptions: Assumptions, city: City, seed: int) -> tuple[dict[str, float], dict[str, float]]:
    """The figures of the calibration in one run of ``MONTHS`` months, and others that nobody published."""
    plan = compile_plan(regime.stacked(), assumptions, seed=seed)
    keys = purpose_keys(seed, 0)
    places = [settle_in(Plans(plan), city, k, seed=seed, replay=0) for k in range(len(city.subdistricts))]
    figures = np.zeros(layout.N_FIGURES, np.int64)
    totals = empty_totals(MONTHS)
    waived = 0.0
    for month in sorted({*range(12, MONTHS, 12), _WAIVED, MONTHS}):
        for place in places:
            live_until(plan, place, totals, keys, figures, month)
        if month % 12 == 0:
            adults = sum(
                np.bincount(place.residents["district"][place.residents["age"] >= 18], minlength=layout.N_DISTRICTS)
                for place in places
            )
            figures = (totals["listed"][month // 12 - 1] << 16) // np.maximum(
                1, np.tile(adults, layout.N_FIGURES // layout.N_DISTRICTS)
            )
        sides = [private_columns(plan, place.residents, place.watch, place.private, month) for place in places]
        column = {name: np.concatenate([side[name] for side in sides]) for name in sides[0]}
        part = column["taking_part"] == 1
        if month == _WAIVED:
            waived = float(column["perks"].sum()) / max(1, int(part.sum()))
    grade, score = column["private_grade"][part], column["private_score"][part] / layout.SCALE
    file = np.concatenate([place.residents["file"] for place in places])[part]
    age = np.concatenate([place.residents["age"] for place in places])
    rated = grade != layout.NO_GRADE  # who joined this month has no score yet
    found = {
        "at 600 or more, of those who take part": 100 * float((rated & (score >= 600)).mean()),
        "taking part, of all residents": 100 * float(part.mean()),
        "at 650 or more, of those who take part": 100 * float((rated & (score >= 650)).mean()),
        "taking part, beside users in the whole country": 100 * float(part.mean()),
        "deposits waived by June 2017, for each who takes part": waived,
    }
    grades = next(one.score.grades for one in regime.stacked() if one.score and one.owner == "private")
    beside = {f"mean score with {name} credit file": score[rated & (file == k)].mean() for k, name in enumerate(_FILES)}
    beside |= {f"per cent graded {one.label or one.id}": 100 * (grade == k).mean() for k, one in enumerate(grades)}
    beside["per cent taking part, of those of 60 or older"] = 100 * part[age >= 60].mean()
    return found, {name: float(value) for name, value in beside.items()}


VALIDATION = Validation(
    id="private-score",
    title="The private score of an untouched city",
    kind="published range",
    about="What was published of who takes part in Hangzhou and may go without a deposit, of all users and of all deposits waived, and what "
    "200,000 residents of Beijing come to in 41 months. Expected is the middle of the range, the tolerance half of it. Two of the figures "
    "were searched for (see the calibration) and so repeat an input; the others are only compared, and missed with their reasons.",
    run=_run,
)
