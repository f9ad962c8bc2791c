"""Who follows whom: the residents of a subdistrict through the years, place by place.

A subdistrict keeps its number of places. Whoever dies is followed, in the same January, by the next who comes
of age there. All of it is a property of the place and the generation (addressed draws over city seed, place and
generation), so no regime, response or error can change who lives, when, and with which traits.

A person is known by an *identity*: place number + generation x 2**32. Generation 0 are those of the start, so
their identity is their resident number. Lengths of life come from a table by age, the same for everybody
(differences by sex or income are not modelled). Those who come of age keep the place's sex, district and
registration; schooling and occupation are drawn together from the fitted table of those of 25 to 44, all else
from the shares and amounts of the city file. Whether a resident is in work, and has a child at home, is read
again from the city file at the ages where its figures change, always with the same lot of that person: so
people enter work, leave it, and their children come of age, without a memory of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from counterscore import luck
from counterscore.city.columns import ADULT, COLUMNS, EDUCATION, EVERYONE, NOT_IN_WORK
from counterscore.city.spec import age_range
from counterscore.city.synthesize import SUBDISTRICT_MOST, City, Columns, Ints, choose, furnish
from counterscore.regime.vocabulary import OCCUPATIONS

YEAR = 12
NEVER = 65_535
OLDEST_AGE = 120  #: nobody grows older
GENERATION = 1 << 32  #: identities of two generations at one place differ by this
_CAREER = (25, 44)  #: ages whose schooling and occupations those who come of age will have
_SETTLED = 30  #: age whose occupation is told of somebody who comes of age during a run
_ONE = 1 << 31  #: shares and survivors are whole parts of this, so that products with a lot fit 64 bits
_WITH_CHILD = 2  #: families from this code on have a child at home

Places = npt.NDArray[np.intp]


def life_table(at_sixty: float, doubling: float, other: float) -> Ints:
    """How many of 2**31 newborn reach each age 0 … 121.

    The chance of dying within a year of age is ``other`` + ``at_sixty`` x 2 ** ((age - 60) / ``doubling``), the
    law of Gompertz and Makeham; worked out in whole numbers, so that every machine gets the same table.
    ``at_sixty`` and ``other`` are shares, ``doubling`` is in years. With both shares 0 nobody dies before 121.
    """
    step = round(2.0 ** (1.0 / doubling) * _ONE)
    chances = [0] * (OLDEST_AGE + 1)
    chance = round(at_sixty * _ONE)
    for age in range(60, OLDEST_AGE + 1):
        chances[age] = chance
        chance = min(_ONE, chance * step // _ONE)
    chance = round(at_sixty * _ONE)
    for age in range(59, -1, -1):
        chance = chance * _ONE // step
        chances[age] = chance
    left = [_ONE]
    for chance in chances[:-1]:
        left.append(left[-1] - left[-1] * min(_ONE, chance + round(other * _ONE)) // _ONE)
    return np.array([*left, 0], np.int64)


@dataclass(frozen=True)
class January:
    """What a January changes in a subdistrict, before everybody grows a year older.

    Whoever stands in ``gone`` has died. ``grown`` come of age: the children of the start who turn 18, and the
    next at each place in ``gone``; ``columns`` holds what they are at 18 (see ``city.columns``). ``turned`` are
    at an age where the city's figures change: ``in_work``, ``occupation`` and ``child`` hold what is so now.
    """

    gone: Places
    grown: Places
    columns: Columns
    turned: Places
    in_work: npt.NDArray[np.bool_]
    occupation: npt.NDArray[np.uint8]
    child: npt.NDArray[np.bool_]


class Generations:
    """Subdistrict ``k`` of ``city``, January by January, under a table of survivors (see ``life_table``).

    ``people`` are the columns of generation 0. ``age``, ``generation``, ``since`` and ``until`` tell of whoever
    lives at each place now: the month since when, and the January (a month of the run) by which that one has
    died, not cut off at the end of a run.
    """

    def __init__(self, city: City, k: int, survivors: Ints) -> None:
        self.city, self.k, self._survivors = city, k, survivors
        self.people = city.people(k)
        n = len(self.people["age"])
        self.first = k * SUBDISTRICT_MOST
        self.age = self.people["age"].copy()
        self.generation = np.zeros(n, np.uint8)
        self.since = np.zeros(n, np.uint16)
        self._career = _Career(city)
        everywhere = np.arange(n)
        self._trade = self.people["occupation"].copy()
        adult = self.age >= ADULT
        unsettled = np.flatnonzero(~adult | (self._trade == NOT_IN_WORK))
        self._trade[unsettled] = self._drawn_career(unsettled)[1]
        # The lot that keeps somebody out of work is one under which the start is as it is.
        lots = self._lots("out of work", everywhere) >> 1
        border = self._career.out_of_work[self.age]
        out = self.people["occupation"] == NOT_IN_WORK
        scaled = np.where(out, (lots * border) // _ONE, border + lots * (_ONE - border) // _ONE)
        self._idle = np.where(adult, scaled, lots).astype(np.uint32)
        self.until = self._length_of_life(everywhere, self.age, 0)

    def forget_the_start(self) -> None:
        """Keep of ``people`` only what later Januaries ask for."""
        family = next(margin for margin in self.city.spec.margins if margin.over == "family")
        needed = {"district", "registration", "sex", family.by}
        self.people = {name: column for name, column in self.people.items() if name in needed}

    def columns(self) -> Iterator[npt.NDArray[Any]]:
        """Every array that this holds for the places, for counting bytes."""
        yield from (self.age, self.generation, self.since, self.until, self._trade, self._idle)
        yield from self.people.values()

    def identity(self, places: Places) -> npt.NDArray[np.uint64]:
        """Who lives at ``places`` now."""
        return (self.generation[places].astype(np.uint64) << np.uint64(32)) + (self.first + places).astype(np.uint64)

    def january(self, month: int) -> January:
        """Turn to the January that begins ``month`` (12, 24, …): deaths, successors, then a year older."""
        gone = np.flatnonzero(self.until == month)
        self.generation[gone] += 1
        self.since[gone] = month
        self.age[gone] = ADULT - 1
        self.age[:] = np.minimum(self.age, OLDEST_AGE - 1) + 1
        grown = np.flatnonzero(self.age == ADULT)
        columns = self._come_of_age(grown)
        self.until[gone] = self._length_of_life(gone, self.age[gone], month)
        turned = np.flatnonzero(self._career.changes[self.age])
        working = self._idle[turned] >= self._career.out_of_work[self.age[turned]]
        occupation = np.where(working, self._trade[turned], NOT_IN_WORK).astype(np.uint8)
        return January(gone, grown, columns, turned, working, occupation, self._has_child(turned))

    def _lots(self, name: str, places: Places) -> Ints:
        """Draws in 0 … 2**32-1 of those who live at ``places`` now."""
        return luck.draws32(luck.key(f"city/{name}", self.city.seed), self.identity(places)).astype(np.int64)

    def _length_of_life(self, places: Places, age: npt.NDArray[np.uint8], month: int) -> npt.NDArray[np.uint16]:
        """The January by which each has died who is ``age`` in the January ``month``."""
        table = self._survivors
        reached = np.minimum(age, OLDEST_AGE).astype(np.int64)
        left = (self._lots("length of life", places) * table[reached]) >> 32
        last = len(table) - 1 - np.searchsorted(table[::-1], left, side="right")
        last = np.maximum(last, reached)
        until: npt.NDArray[np.uint16] = np.minimum(NEVER, month + YEAR * (last - reached + 1)).astype(np.uint16)
        return until

    def _drawn_career(self, places: Places) -> tuple[Ints, Ints]:
        codes = {name: self.people[name][places] for name in ("district", "registration", "sex")}
        return self._career.draw(codes, self._lots("career", places))

    def _come_of_age(self, places: Places) -> Columns:
        education, trade = self._drawn_career(places)
        self._trade[places] = trade
        self._idle[places] = self._lots("out of work", places) >> 1
        working = self._idle[places] >= self._career.out_of_work[_SETTLED]
        codes: dict[str, Any] = {name: self.people[name][places] for name in ("district", "registration", "sex")}
        codes |= {"age": np.full(len(places), ADULT), "education": education}
        codes["occupation"] = np.where(working, trade, NOT_IN_WORK)
        columns = furnish(self.city.spec, codes, self.identity(places), self.city.seed)
        columns["loan"] = np.zeros_like(columns["loan"])
        return columns

    def _has_child(self, places: Places) -> npt.NDArray[np.bool_]:
        margin = next(m for m in self.city.spec.margins if m.over == "family")
        at = {name: self.people[name][places] for name in ("district", "registration", "sex")}
        at["age"] = np.minimum(self.age[places], 99)
        if margin.by not in (EVERYONE, *at):
            at[margin.by] = self.people[margin.by][places]
        codes = choose(self.city.spec, margin, at, self._lots("family", places).astype(np.uint32))
        return (codes >= _WITH_CHILD) & (self.age[places] >= ADULT)


class _Career:
    """Schooling and occupation of those who come of age, and how many are out of work at each age."""

    def __init__(self, city: City) -> None:
        axes, cells, bands = city.table_of("occupation")
        self.given = tuple(axis for axis in ("district", "registration", "sex") if axis in axes)
        order = [axes.index(axis) for axis in (*self.given, "age", "education", "occupation")]
        rest = tuple(at for at in range(len(axes)) if at not in order)
        table = np.transpose(cells, (*order, *rest)).reshape(*(cells.shape[at] for at in order), -1).sum(axis=-1)
        self.shape = table.shape[: len(self.given)]
        low, high = np.array(bands).T
        ages = table.reshape(-1, len(bands), len(EDUCATION), len(OCCUPATIONS))
        career = ages[:, (low >= _CAREER[0]) & (high <= _CAREER[1])].sum(axis=1)
        career[:, :, NOT_IN_WORK] = 0
        flat = career.reshape(len(career), -1)
        flat = np.where(flat.sum(axis=1, keepdims=True) > 0, flat, flat.sum(axis=0))
        cumulated = np.cumsum(flat, axis=1)
        borders = np.rint(cumulated / cumulated[:, -1:] * _ONE).astype(np.int64)
        self._borders = (borders + _ONE * np.arange(len(borders))[:, None]).ravel()
        self._cells = flat.shape[1]
        by_band = ages.sum(axis=(0, 2))
        shares = by_band[:, NOT_IN_WORK] / np.maximum(by_band.sum(axis=1), 1e-300)
        self.out_of_work = np.full(OLDEST_AGE + 1, _ONE, np.int64)
        for (youngest, oldest), part in zip(bands, shares, strict=True):
            self.out_of_work[youngest : oldest + 1] = round(float(part) * _ONE)
        self.out_of_work[bands[-1][1] + 1 :] = self.out_of_work[bands[-1][1]]
        self.out_of_work[:ADULT] = _ONE
        self.changes = np.zeros(OLDEST_AGE + 1, np.bool_)
        self.changes[1:] = self.out_of_work[1:] != self.out_of_work[:-1]
        for margin in city.spec.margins:
            if margin.over == "family" and margin.by == "age":
                self.changes[[age_range(group)[0] for group in margin.values]] = True
        self.changes[:ADULT] = False
        self.changes[ADULT] = True

    def draw(self, codes: dict[str, npt.NDArray[Any]], lots: Ints) -> tuple[Ints, Ints]:
        """Education and occupation of people with these codes."""
        row = np.zeros(len(lots), np.int64)
        for size, name in zip(self.shape, self.given, strict=True):
            row = row * size + codes[name]
        at = np.searchsorted(self._borders, row * _ONE + (lots >> 1), side="right")
        education, occupation = np.divmod(at - row * self._cells, len(OCCUPATIONS))
        return education, occupation


def everyone(city: City, k: int, survivors: Ints, months: int) -> Columns:
    """Everybody who lives in subdistrict ``k`` within ``months``: generation 0 by place, then generation 1, …

    The columns of ``city.columns``, and ``resident`` (place number), ``generation``, ``since`` (month) and
    ``until`` (January by which the person has died, 65535 where alive at the end). Of those who come of age
    within the run the columns tell what they are then; ``age`` is the age at ``since``.
    """
    lives = Generations(city, k, survivors)
    n = len(lives.age)
    start = {name: column.copy() for name, column in lives.people.items()}
    parts = [{**start, **_where_and_when(lives, np.arange(n))}]
    for month in range(YEAR, months, YEAR):
        new = lives.january(month)
        young = np.flatnonzero(np.isin(new.grown, new.gone, invert=True))
        for entry in COLUMNS:
            if entry.name != "age":
                start[entry.name][new.grown[young]] = new.columns[entry.name][young]
        next_ones = np.flatnonzero(np.isin(new.grown, new.gone))
        here = {name: column[next_ones] for name, column in new.columns.items()}
        parts.append({**here, **_where_and_when(lives, new.grown[next_ones])})
    whole = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    whole["until"] = np.where(whole["until"] < months, whole["until"], NEVER).astype(np.uint16)
    order = np.lexsort((whole["resident"], whole["generation"]))
    return {name: column[order] for name, column in whole.items()}


def _where_and_when(lives: Generations, places: Places) -> Columns:
    return {
        "resident": (lives.first + places).astype(np.uint64),
        "generation": lives.generation[places],
        "since": lives.since[places],
        "until": lives.until[places],
    }
