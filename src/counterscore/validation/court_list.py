"""The court list of an untouched city against published stocks, flows and shares."""

from __future__ import annotations

from typing import Any

import numpy as np

from counterscore.catalog import load_assumptions, load_city_spec, load_regime
from counterscore.catalog.assume import Assumptions
from counterscore.catalog.calibration import load_calibrations
from counterscore.city import City, synthesize
from counterscore.engine import layout
from counterscore.engine.draws import purpose_keys
from counterscore.engine.plan import Plans, compile_plan
from counterscore.engine.world import add_totals, empty_totals, live_until, settle_in
from counterscore.validation._validation import Check, Validation

YEARS = 12


def _run() -> list[Check]:
    told = next(one for one in load_calibrations() if one.id == "court-list")
    city = synthesize(load_city_spec(told.city), residents=told.residents, seed=told.seed)
    found = lived(load_assumptions(), city, told.seed, round(told.years))
    out = []
    for one in told.targets:
        source = f"{one.source}; published {one.published:.3g} {one.unit}, calibrated {'to it' if one.searched else 'to others'}"
        echo = f"; echo of {one.echo_of}" if one.echo_of else ""
        middle, half = (one.low + one.high) / 2, (one.high - one.low) / 2
        out.append(Check(one.target, middle, found[one.target], half, source + echo, missed=one.why))
    return out


def lived(assumptions: Assumptions, city: City, seed: int, years: int = YEARS) -> dict[str, float]:
    """The figures of the calibration in one run of ``years`` years, 10 or more; those of later years are left out."""
    regime = load_regime("court-defaulters")
    plan = compile_plan(regime.stacked(), assumptions, seed=seed)
    names = [(name, rule) for part in regime.stacked() for name, rule in part.lists.items()]
    lists = [at for at, (_, rule) in enumerate(names) if rule.kind == "list"]
    bits = sum(1 << at for at in lists)
    months = 12 * years
    keys = purpose_keys(seed, 0)
    places = [settle_in(Plans(plan), city, k, seed=seed, replay=0) for k in range(len(city.subdistricts))]
    totals = empty_totals(months)
    figures = np.zeros(layout.N_FIGURES, np.int64)
    live, left, entered = [0], [0], [0]
    working = 0
    for year in range(years):
        adults = np.zeros(layout.N_DISTRICTS, np.int64)
        for place in places:
            mine = empty_totals(months)
            live_until(plan, place, mine, keys, figures, 12 * (year + 1))
            add_totals(totals, mine)
            adults += np.bincount(
                place.residents["district"][place.residents["age"] >= 18], minlength=layout.N_DISTRICTS
            )
        figures = (totals["listed"][year] << 16) // np.maximum(
            1, np.tile(adults, layout.N_FIGURES // layout.N_DISTRICTS)
        )
        stays = sum(_stays(place, lists) for place in places)
        live.append(sum(int((place.residents["lists"] & bits != 0).sum()) for place in places))
        left.append(int(totals["stays"][lists].sum()))
        entered.append(stays + left[-1])
        if year + 1 == 10:
            ages = np.concatenate([place.residents["age"] for place in places])
            working = int(((ages >= 18) & (ages < 60)).sum())
    people = city.residents
    first, later = (min(1.0, assumptions[f"circumstances.{name}"]) for name in ("pay_first", "pay_able"))
    found = {
        "live share of persons, year 3": 100 * live[3] / people,
        "live share of persons, year 6": 100 * live[6] / people,
        "live share of persons, year 10": 100 * live[10] / people,
        "live by persons of 18 to 59, year 10": 100 * live[10] / max(1, working),
        "exits by live list, year 10": (left[10] - left[9]) / max(1.0, (live[9] + live[10]) / 2),
        "entries by persons, year 10": 100 * (entered[10] - entered[9]) / people,
        "able judgments paid within a year": 1 - (1 - first) * (1 - later) ** 11,
        "entries by persons, year 1": 100 * entered[1] / people,
        "entries by persons, years 1 to 5": 100 * entered[5] / people,
        "exits by entries, years 1 to 5": left[5] / max(1, entered[5]),
    }
    if years >= YEARS:
        found["exits by entries, year 12"] = (left[12] - left[11]) / max(1, entered[12] - entered[11])
    return found


def _stays(place: Any, lists: list[int]) -> int:
    return sum(int((place.residents["lists"] >> at & 1).sum()) for at in lists)


VALIDATION = Validation(
    id="court-list",
    title="The court list of an untouched city",
    kind="published range",
    about="Stocks and flows that were published of the courts' list, as shares of residents or of each other, and what 200,000 residents of "
    "Beijing come to in twelve years. Expected is the middle of the published range, the tolerance half of it. Seven of the figures were "
    "searched for (see the calibration), the others only compared.",
    run=_run,
)
