"""Sixty years of an untouched city: births, partners, schooling and work beside ranges."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from counterscore.catalog import load_assumptions, load_city_spec, load_regime
from counterscore.catalog.assume import Assumptions
from counterscore.city import City, synthesize
from counterscore.city.columns import EDUCATION
from counterscore.city.generations import everyone
from counterscore.engine import layout
from counterscore.engine.draws import purpose_keys
from counterscore.engine.layout import COUNTER
from counterscore.engine.plan import Plans, compile_plan
from counterscore.engine.succession import demography_of
from counterscore.engine.world import empty_totals, live_until, settle_in
from counterscore.validation._validation import Check, Validation

YEARS, RESIDENTS, SEED = 60, 12_000, 1
_COLLEGE = EDUCATION.index("college")
_SETTLED_AT = 45  #: age at which it is asked who ever found a partner
_ASSUMED = "assumed range"
_CENSUS = "Beijing, census of 2020"
#: What is compared, least, most, where the range is from, and what the value repeats.
RANGES: dict[str, tuple[float, float, str]] = {
    "minors of 0 to 14 at the start, per cent of residents": (10.5, 12.5, f"{_CENSUS}: 11.9 (recalled), 10.5 in 2019"),
    "of 60 and over at the start, per cent of residents": (
        19.0,
        20.5,
        f"{_CENSUS}: 19.6; the city file was fitted to it",
    ),
    "of 60 and over after 32 years, per cent of residents": (25.0, 42.0, _ASSUMED),
    "minors after 32 years, per cent of residents": (6.0, 18.0, _ASSUMED),
    "births of 1,000 residents a year": (
        3.0,
        9.0,
        f"{_ASSUMED}; said to have been about 7 in Beijing in 2020 (recalled)",
    ),
    "deaths of 1,000 residents a year": (4.0, 20.0, f"{_ASSUMED}, of a city that grows old; echo of lives.death_*"),
    "children of a woman, by age-specific rates": (
        0.5,
        1.4,
        f"{_ASSUMED}; echo of lives.children where places are free",
    ),
    "years between a mother and her child": (26.0, 32.0, f"{_ASSUMED}; echo of lives.mothers_age"),
    "found a partner by 45, per cent of who came of age here": (70.0, 98.0, _ASSUMED),
    "singles who find a partner, of 1,000 a year, years 1 to 3": (60.0, 180.0, _ASSUMED),
    "the same, years 58 to 60": (40.0, 180.0, f"{_ASSUMED}; the market must not run dry"),
    "separations of 1,000 residents a year": (
        1.5,
        6.0,
        f"{_ASSUMED}; said to be near 3 in the country (recalled); echo of lives.separate",
    ),
    "college, per cent of who came of age here": (42.0, 85.0, f"{_CENSUS}: 42 of all ages (recalled), the young more"),
    "in work at 30 to 44, per cent of who came of age here": (75.0, 97.0, _ASSUMED),
    "in work at 50 to 54, per cent of who came of age here": (45.0, 90.0, _ASSUMED),
    "in work at 65, per cent of who came of age here": (0.0, 10.0, f"{_ASSUMED}; echo of circumstances.retirement_age"),
}


@dataclass
class _Cohort:
    """Those who came of age here: how many were seen at an age, and how many of them were something."""

    seen: dict[str, list[int]] = field(default_factory=dict)

    def add(self, what: str, who: npt.NDArray[np.bool_], so: npt.NDArray[np.bool_]) -> None:
        of = self.seen.setdefault(what, [0, 0])
        of[0] += int(who.sum())
        of[1] += int((who & so).sum())

    def per_cent(self, what: str) -> float:
        many, so = self.seen[what]
        return 100 * so / max(1, many)


def _run() -> list[Check]:
    city = synthesize(load_city_spec("beijing"), residents=RESIDENTS, seed=SEED)
    found = lived(load_assumptions(), city)
    return [
        Check(what, (low + high) / 2, found[what], (high - low) / 2, source)
        for what, (low, high, source) in RANGES.items()
    ]


def lived(assumptions: Assumptions, city: City, years: int = YEARS) -> dict[str, float]:
    """The figures of ``RANGES`` in one run of so many years, 36 or more, without a rule book, where singles meet."""
    plan = compile_plan(load_regime("none").stacked(), assumptions, seed=SEED, meeting=True)
    months = 12 * years
    totals = empty_totals(months)
    nothing = np.zeros(layout.N_FIGURES, np.int64)
    cohort = _Cohort()
    single = np.zeros(years)
    women, births = np.zeros(layout.AGES), np.zeros(layout.AGES)
    share: dict[str, list[float]] = {"minors": [], "older": [], "0 to 14": []}
    places = [settle_in(Plans(plan), city, k, seed=SEED, replay=0) for k in range(len(city.subdistricts))]
    starts = [np.where(place.residents["age"] < layout.ADULT, True, False) for place in places]
    for year in range(years):
        ages = np.concatenate([place.residents["age"] for place in places])
        for name, so in (("minors", ages < 18), ("older", ages >= 60), ("0 to 14", ages < 15)):
            share[name].append(100 * float(so.mean()))
        for place, minors in zip(places, starts, strict=True):
            live_until(plan, place, totals, purpose_keys(SEED, 0), nothing, 12 * (year + 1))
            age, private = place.residents["age"], place.private
            single[year] += float(((age >= layout.ADULT) & (private["partnered"] == 0)).sum())
            raised = np.where(place.lives.generation == 0, minors, _born_here(place))
            for name, low, high in (("30 to 44", 30, 44), ("50 to 54", 50, 54), ("65", 65, 65)):
                cohort.add(name, raised & (age >= low) & (age <= high), place.residents["work"] == layout.EMPLOYED)
            cohort.add("partner", raised & (age == _SETTLED_AT), private["matched"] != layout.NEVER)
            women += np.bincount(age[private["sex"] == 1] if year else age[:0], minlength=layout.AGES)
            if year:
                mothers = place.lives.mother[(place.lives.since == 12 * year) & (place.lives.mother >= 0)]
                births += np.bincount(age[mothers], minlength=layout.AGES)
    counts = {name: totals["counts"][:, at].reshape(years, 12).sum(axis=1) for name, at in COUNTER.items()}
    people = city.residents * (years - 1)
    schooled = _schooling(plan, city, months)

    def found_of(part: slice) -> float:
        return float(2000 * counts["matches"][part].sum() / max(1.0, single[part].sum()))

    mother_age = (births * np.arange(len(births))).sum() / max(1.0, births.sum())
    values = (
        share["0 to 14"][0],
        share["older"][0],
        share["older"][32],
        share["minors"][32],
        1000 * counts["born"].sum() / people,
        1000 * counts["died"].sum() / people,
        float((births / np.maximum(1, women)).sum()),
        float(mother_age),
        cohort.per_cent("partner"),
        found_of(slice(0, 3)),
        found_of(slice(years - 3, years)),
        1000 * counts["separations"].sum() / people,
        schooled,
        cohort.per_cent("30 to 44"),
        cohort.per_cent("50 to 54"),
        cohort.per_cent("65"),
    )
    return {name: float(value) for name, value in zip(RANGES, values, strict=True)}


def _born_here(place: Any) -> npt.NDArray[np.bool_]:
    """Who of those that live here now was born here during the run: nobody moves in younger than 18."""
    since = place.lives.age.astype(np.int64) - (place.month - 12 - place.lives.since.astype(np.int64)) // 12
    born: npt.NDArray[np.bool_] = since == 0
    return born


def _schooling(plan: Any, city: City, months: int) -> float:
    """Per cent with college of those who came of age here."""
    college = many = 0
    for k in range(len(city.subdistricts)):
        who = everyone(city, k, demography_of(plan), months)
        lived_for = (np.minimum(who["until"].astype(np.int64), months) - 1) // 12 - who["since"] // 12
        raised = (who["age"] < layout.ADULT) & (who["age"] + lived_for >= layout.ADULT)
        many += int(raised.sum())
        college += int((who["education"][raised] == _COLLEGE).sum())
    return 100 * college / max(1, many)


VALIDATION = Validation(
    id="whole-life",
    title="Sixty years of an untouched city",
    kind="published range",
    about="Births, partners, schooling and work over sixty years in a Beijing of 12,000 residents without a rule book, where singles meet. Of these only "
    "the ages of the start were published; every other range is this laboratory's own assumption and says so, and some values repeat an input. "
    "So the rows show that lives stay plausible and that the marriage market does not run dry, not that they are Beijing's.",
    run=_run,
)
