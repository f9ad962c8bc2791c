"""Sixty years of an untouched city: births, partners, schooling and work beside ranges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

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


@dataclass
class _Lived:
    """What one run is asked for: shares of residents by year, the cohort, singles and births, and sums of counts by year."""

    residents: int
    years: int
    share: dict[str, list[float]]
    cohort: _Cohort
    single: npt.NDArray[np.float64]
    women: npt.NDArray[np.float64]  #: by age, and the children they had
    births: npt.NDArray[np.float64]
    counts: dict[str, npt.NDArray[np.int64]]
    schooled: float

    def yearly(self, name: str) -> float:
        """Of 1,000 residents a year."""
        return float(1000 * self.counts[name].sum() / (self.residents * (self.years - 1)))

    def found(self, part: slice) -> float:
        """Singles who found a partner in such years, of 1,000 a year."""
        return float(2000 * self.counts["matches"][part].sum() / max(1.0, self.single[part].sum()))

    def mother_age(self) -> float:
        """Mean age of mothers at a birth."""
        return float((self.births * np.arange(len(self.births))).sum() / max(1.0, self.births.sum()))


class _Row(NamedTuple):
    """What is compared, least, most, where the range is from and what the value repeats, and the value."""

    what: str
    low: float
    high: float
    source: str
    value: Callable[[_Lived], float]


def _at_work(ages: str, low: float, high: float, source: str = _ASSUMED) -> _Row:
    what = f"in work at {ages}, per cent of who came of age here"
    return _Row(what, low, high, source, lambda of: of.cohort.per_cent(ages))


ROWS = (
    _Row("minors of 0 to 14 at the start, per cent of residents", 10.5, 12.5,
         f"{_CENSUS}: 11.9 (recalled), 10.5 in 2019", lambda of: of.share["0 to 14"][0]),
    _Row("of 60 and over at the start, per cent of residents", 19.0, 20.5,
         f"{_CENSUS}: 19.6; the city file was fitted to it", lambda of: of.share["older"][0]),
    _Row("of 60 and over after 32 years, per cent of residents", 25.0, 42.0, _ASSUMED, lambda of: of.share["older"][32]),
    _Row("minors after 32 years, per cent of residents", 6.0, 18.0, _ASSUMED, lambda of: of.share["minors"][32]),
    _Row("births of 1,000 residents a year", 3.0, 9.0,
         f"{_ASSUMED}; said to have been about 7 in Beijing in 2020 (recalled)", lambda of: of.yearly("born")),
    _Row("deaths of 1,000 residents a year", 4.0, 20.0,
         f"{_ASSUMED}, of a city that grows old; echo of lives.death_*", lambda of: of.yearly("died")),
    _Row("children of a woman, by age-specific rates", 0.5, 1.4,
         f"{_ASSUMED}; echo of lives.children where places are free",
         lambda of: float((of.births / np.maximum(1, of.women)).sum())),
    _Row("years between a mother and her child", 26.0, 32.0, f"{_ASSUMED}; echo of lives.mothers_age", _Lived.mother_age),
    _Row("found a partner by 45, per cent of who came of age here", 70.0, 98.0, _ASSUMED,
         lambda of: of.cohort.per_cent("partner")),
    _Row("singles who find a partner, of 1,000 a year, years 1 to 3", 60.0, 180.0, _ASSUMED,
         lambda of: of.found(slice(0, 3))),
    _Row("the same, years 58 to 60", 40.0, 180.0, f"{_ASSUMED}; the market must not run dry",
         lambda of: of.found(slice(of.years - 3, of.years))),
    _Row("separations of 1,000 residents a year", 1.5, 6.0,
         f"{_ASSUMED}; said to be near 3 in the country (recalled); echo of lives.separate",
         lambda of: of.yearly("separations")),
    _Row("college, per cent of who came of age here", 42.0, 85.0,
         f"{_CENSUS}: 42 of all ages (recalled), the young more", lambda of: of.schooled),
    _at_work("30 to 44", 75.0, 97.0),
    _at_work("50 to 54", 45.0, 90.0),
    _at_work("65", 0.0, 10.0, f"{_ASSUMED}; echo of circumstances.retirement_age"),
)  # fmt: skip


def _run() -> list[Check]:
    city = synthesize(load_city_spec("beijing"), residents=RESIDENTS, seed=SEED)
    found = lived(load_assumptions(), city)
    return [
        Check(row.what, (row.low + row.high) / 2, found[row.what], (row.high - row.low) / 2, row.source) for row in ROWS
    ]


def lived(assumptions: Assumptions, city: City, years: int = YEARS) -> dict[str, float]:
    """The figures of ``ROWS`` in one run of so many years, 36 or more, without a rule book, where singles meet."""
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
    of = _Lived(city.residents, years, share, cohort, single, women, births, counts, _schooling(plan, city, months))
    return {row.what: float(row.value(of)) for row in ROWS}


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
