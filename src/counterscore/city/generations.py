"""Who is born, moves in, moves out and dies: the residents of a subdistrict through the years, place by place.

A subdistrict keeps its number of places. Whoever dies is followed, in the same January, by a child that is born to
a resident or, where there are fewer births than deaths, by an adult who moves in. All of it is a property of the
place and the generation (addressed draws over city seed, place and generation), so no regime, response or error can
change who lives, when, and with which traits.

A person is known by an *identity*: place number + generation x 2**32. Generation 0 are those of the start, so
their identity is their resident number. Lengths of life come from a table by age, the same for everybody
(differences by sex or income are not modelled).

Births. In a January each woman with a child at home draws a lot; the chance is that of a woman of her age, divided by
the share of women of her age with a child at home, so that the rates hold of all women. Children in excess of the free
places are not born here. A child has the place's sex, and its mother's district, registration and family name. The
mother is the one parent who is kept, because who lives with whom can depend on a regime. Minors of the start are linked
to the women of their district who have a child at home, oldest to oldest.

Neighbourhoods. A child lives in the district of its mother; whoever has come of age moves out by a yearly lot until 30,
to the district of a resident drawn by lot, and takes the children along. In a subdistrict of one district nobody can.

Those who come of age have schooling and occupation drawn together from the fitted table of those of 25 to 44, all else
from the shares and amounts of the city file; they are single. Whether a resident is in work, and has a child at home,
is read again from the city file at the ages where its figures change, always with the same lot of that person: so
people enter work, leave it, and their children come of age, without a memory of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from counterscore import luck
from counterscore.city.arrays import Columns, Ints
from counterscore.city.columns import ADULT, COLUMNS, EDUCATION, EVERYONE, NOT_IN_WORK, SEX
from counterscore.city.furnish import choose, furnish
from counterscore.city.spec import age_range
from counterscore.city.synthesize import SUBDISTRICT_MOST, City
from counterscore.regime.vocabulary import OCCUPATIONS

YEAR = 12
NEVER = 65_535
OLDEST_AGE = 120  #: nobody grows older
GENERATION = 1 << 32  #: identities of two generations at one place differ by this
_FAMILY = 22  #: age from which somebody who comes of age during a run may have a child at home
_LEAVES_UNTIL = 30  #: age from which nobody moves out any more
_FEMALE = SEX.index("female")
#: Family names, drawn evenly at the start: no share of any is claimed, and no rule sees them.
FAMILY_NAMES = (
    "Bai", "Cao", "Chen", "Deng", "Fang", "Feng", "Gao", "Guo", "He", "Hu", "Huang", "Jiang", "Li", "Lin", "Liu", "Luo",
    "Ma", "Qin", "Song", "Sun", "Tang", "Wang", "Wu", "Xie", "Xu", "Yang", "Ye", "Yuan", "Zhang", "Zhao", "Zheng", "Zhou",
)  # fmt: skip
NOBODY = -1  #: in place of a mother: not known, not here, or dead
_BORNE_UNTIL = 50  #: years between a mother and her child, fewer than this
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


def birth_table(children: float, mothers_age: float) -> Ints:
    """The chance in 2**31 that a woman of age 0 … 121 has a child within a year.

    ``children`` is how many a woman has who lives through all these ages. Their ages at birth lie around
    ``mothers_age`` (years, above 22), which is the most frequent, and fall off evenly to none at 21 and as far above.
    """
    middle = round(mothers_age)
    ages = np.arange(OLDEST_AGE + 2)
    weight = np.maximum(0, middle - (_FAMILY - 1) - np.abs(ages - middle))
    table: Ints = np.minimum(_ONE, np.rint(children * weight / weight.sum() * _ONE).astype(np.int64))
    return table


@dataclass(frozen=True)
class Demography:
    """What decides about the course of lives, the same in every world of a run.

    ``survivors`` of 2**31 newborn reach each age (``life_table``), ``births`` are chances by age in 2**31
    (``birth_table``), ``leave`` is the chance in 2**32 that a young adult moves out within a year, and whoever moves in
    is of an age from 18 to ``arrive`` years.
    """

    survivors: Ints
    births: Ints
    leave: int
    arrive: int


@dataclass(frozen=True)
class January:
    """What a January changes in a subdistrict; everybody else is a year older.

    Whoever stands in ``gone`` has died; ``orphans`` are the children, of any age, of the mothers at ``lost`` among them. In the
    same places ``born`` are born to the residents at ``mothers``, and ``arrived`` move in. ``grown`` are adults since now: the children who turn 18, and who moved in; ``columns`` holds
    what they are then (see ``city.columns``). ``turned`` are at an age where the city's figures change, or moved
    in: ``in_work``, ``occupation`` and ``child`` hold what is so now. ``moved`` have another district, told in ``districts``.
    """

    gone: Places
    orphans: Places
    lost: Places
    born: Places
    mothers: Places
    arrived: Places
    grown: Places
    columns: Columns
    moved: Places
    districts: npt.NDArray[np.uint8]
    turned: Places
    in_work: npt.NDArray[np.bool_]
    occupation: npt.NDArray[np.uint8]
    child: npt.NDArray[np.bool_]


class Generations:
    """Subdistrict ``k`` of ``city``, January by January, under this ``demography``.

    ``people`` are the columns of generation 0; district and registration are kept up to date. ``age``, ``generation``,
    ``since`` and ``until`` tell of whoever lives at each place now: the month since when, and the January (a month of
    the run) by which that one has died, not cut off at the end of a run. So does ``mother``, the place where the mother
    lives, ``NOBODY`` where she is dead or not known.
    """

    def __init__(self, city: City, k: int, demography: Demography) -> None:
        self.city, self.k, self._demography = city, k, demography
        self.people = city.people(k)
        for name in ("district", "registration"):
            self.people[name] = self.people[name].copy()
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
        self._child = self.people["family"] >= _WITH_CHILD
        self.mother = self._mothers_at_start()

    def forget_the_start(self) -> None:
        """Keep of ``people`` only what later Januaries ask for."""
        family = next(margin for margin in self.city.spec.margins if margin.over == "family")
        needed = {"district", "registration", "sex", family.by}
        self.people = {name: column for name, column in self.people.items() if name in needed}

    def columns(self) -> Iterator[npt.NDArray[Any]]:
        """Every array that this holds for the places, for counting bytes."""
        yield from (self.age, self.generation, self.since, self.until, self._trade, self._idle)
        yield from (self.mother, self._child)
        yield from self.people.values()

    def identity(self, places: Places) -> npt.NDArray[np.uint64]:
        """Who lives at ``places`` now."""
        return (self.generation[places].astype(np.uint64) << np.uint64(32)) + (self.first + places).astype(np.uint64)

    def january(self, month: int) -> January:
        """Turn to the January that begins ``month`` (12, 24, …): deaths and a year older, births, arrivals, moves."""
        gone = np.flatnonzero(self.until == month)
        orphans, lost = self._orphaned(gone)
        self.age[:] = np.minimum(self.age, OLDEST_AGE - 1) + 1
        self.age[gone] = 0
        turns = self._career.changes[self.age]
        settled = np.flatnonzero(turns)
        self._child[settled] = self._has_child(settled)
        born, mothers = self._births(gone, month)
        self.generation[gone] += 1
        self.since[gone] = month
        self._child[gone] = False
        self.mother[gone] = NOBODY
        self.mother[born] = mothers
        for name in ("district", "registration"):
            self.people[name][born] = self.people[name][mothers]
        arrived = gone[self.mother[gone] == NOBODY]
        span = self._demography.arrive - ADULT + 1
        self.age[arrived] = ADULT + ((self._lots("age of arrival", arrived) * span) >> 32)
        self.until[gone] = self._length_of_life(gone, self.age[gone], month)
        moved = self._moves(month)
        grows = self.age == ADULT
        grows[arrived] = turns[arrived] = True
        grown, turned = np.flatnonzero(grows), np.flatnonzero(turns)
        columns = self._come_of_age(grown, self.since[grown] == month)
        self._child[grown] = columns["family"] >= _WITH_CHILD
        working = self._idle[turned] >= self._career.out_of_work[self.age[turned]]
        occupation = np.where(working, self._trade[turned], NOT_IN_WORK).astype(np.uint8)
        return January(
            gone=gone,
            orphans=orphans,
            lost=lost,
            born=born,
            mothers=mothers,
            arrived=arrived,
            grown=grown,
            columns=columns,
            moved=moved,
            districts=self.people["district"][moved],
            turned=turned,
            in_work=working,
            occupation=occupation,
            child=self._child[turned],
        )

    def _orphaned(self, gone: Places) -> tuple[Places, Places]:
        """Who has lost the mother and lives, and where she lived."""
        dead = np.zeros(len(self.age) + 1, np.bool_)  # the last for those without a mother
        dead[gone] = True
        orphans = np.flatnonzero(dead[self.mother])
        orphans = orphans[~dead[orphans]]
        lost = self.mother[orphans].astype(np.intp)
        self.mother[orphans] = NOBODY
        return orphans, lost

    def _births(self, gone: Places, month: int) -> tuple[Places, Places]:
        """Which of the free places ``gone`` a child is born to, and the places of the mothers."""
        births = self._demography.births[: OLDEST_AGE + 1]
        fertile = np.flatnonzero(births)
        if not len(fertile):
            return gone[:0], gone[:0]
        women = np.flatnonzero((self.age >= fertile[0]) & (self.age <= fertile[-1]) & (self.people["sex"] == _FEMALE))
        able = women[self._child[women]]
        many, having = (np.bincount(self.age[who], minlength=OLDEST_AGE + 1) for who in (women, able))
        chance = np.minimum(_ONE, births * many // np.maximum(1, having))
        lots = luck.draws64(luck.key("city/birth", self.city.seed, 0, month), self.identity(able))
        has = (lots >> np.uint64(33)).astype(np.int64) < chance[self.age[able]]
        chosen = able[has][np.argsort(lots[has] << np.uint64(33), kind="stable")][: len(gone)]
        order = np.argsort(luck.draws64(luck.key("city/cradle", self.city.seed, 0, month), self.identity(gone)))
        return gone[order[: len(chosen)]], chosen

    def _moves(self, month: int) -> Places:
        """Who lives in another district from now on."""
        if self.city.subdistricts[self.k].district is not None:
            return np.zeros(0, np.intp)  # all of it lies in one
        young = np.flatnonzero((self.age > ADULT) & (self.age < _LEAVES_UNTIL))
        young = young[self.since[young] < month]
        lots = luck.draws64(luck.key("city/move", self.city.seed, 0, month), self.identity(young))
        leaves = (lots >> np.uint64(32)).astype(np.int64) < self._demography.leave
        movers = young[leaves]
        beside = ((lots[leaves] & np.uint64(0xFFFFFFFF)).astype(np.int64) * len(self.age)) >> 32
        district = self.people["district"]
        leaving = np.zeros(len(self.age) + 1, np.bool_)
        leaving[movers] = True
        along = np.flatnonzero((self.age < ADULT) & leaving[self.mother])
        who = np.concatenate([movers, along])
        was = district[who]
        district[movers] = district[beside]
        district[along] = district[self.mother[along]]
        moved: Places = np.sort(who[district[who] != was])
        return moved

    def _mothers_at_start(self) -> npt.NDArray[np.int32]:
        """The places of the mothers of those who are minors at the start, within a district, oldest to oldest."""
        out = np.full(len(self.age), NOBODY, np.int32)
        woman = (
            (self.people["sex"] == _FEMALE) & self._child & (self.age >= _FAMILY) & (self.age < _BORNE_UNTIL + ADULT)
        )
        young, grown = np.flatnonzero(self.age < ADULT), np.flatnonzero(woman)
        lives_in = self.people["district"]
        for district in np.flatnonzero(np.bincount(lives_in[grown])):
            minors, women = (who[lives_in[who] == district] for who in (young, grown))
            minors, women = (who[np.argsort(self.age[who], kind="stable")] for who in (minors, women))
            mothers = women[np.arange(len(minors)) * len(women) // max(1, len(minors))]
            apart = self.age[mothers].astype(np.int64) - self.age[minors]
            out[minors] = np.where((apart >= ADULT) & (apart < _BORNE_UNTIL), mothers, NOBODY)
        return out

    def own_names(self, places: Places) -> npt.NDArray[np.uint8]:
        """Family names of those who live at ``places`` now and are not named after a mother, places in ``FAMILY_NAMES``."""
        named: npt.NDArray[np.uint8] = ((self._lots("family name", places) * len(FAMILY_NAMES)) >> 32).astype(np.uint8)
        return named

    def _lots(self, name: str, places: Places) -> Ints:
        """Draws in 0 … 2**32-1 of those who live at ``places`` now."""
        return luck.draws32(luck.key(f"city/{name}", self.city.seed), self.identity(places)).astype(np.int64)

    def _length_of_life(self, places: Places, age: npt.NDArray[np.uint8], month: int) -> npt.NDArray[np.uint16]:
        """The January by which each has died who is ``age`` in the January ``month``."""
        table = self._demography.survivors
        reached = np.minimum(age, OLDEST_AGE).astype(np.int64)
        left = (self._lots("length of life", places) * table[reached]) >> 32
        last = len(table) - 1 - np.searchsorted(table[::-1], left, side="right")
        last = np.maximum(last, reached)
        until: npt.NDArray[np.uint16] = np.minimum(NEVER, month + YEAR * (last - reached + 1)).astype(np.uint16)
        return until

    def _drawn_career(self, places: Places) -> tuple[Ints, Ints]:
        codes = {name: self.people[name][places] for name in ("district", "registration", "sex")}
        return self._career.draw(codes, self._lots("career", places))

    def _come_of_age(self, places: Places, arrived: npt.NDArray[np.bool_]) -> Columns:
        education, trade = self._drawn_career(places)
        self._trade[places] = trade
        self._idle[places] = self._lots("out of work", places) >> 1
        working = self._idle[places] >= self._career.out_of_work[_SETTLED]
        codes: dict[str, Any] = {name: self.people[name][places] for name in ("district", "registration", "sex")}
        codes |= {"age": self.age[places].astype(np.int64), "education": education}
        codes["occupation"] = np.where(working, trade, NOT_IN_WORK)
        columns = furnish(self.city.spec, codes, self.identity(places), self.city.seed)
        columns["loan"] = np.zeros_like(columns["loan"])
        columns["family"] = np.where(arrived & (self.age[places] >= _FAMILY), columns["family"], 0).astype(np.uint8)
        return columns

    def _has_child(self, places: Places) -> npt.NDArray[np.bool_]:
        margin = next(m for m in self.city.spec.margins if m.over == "family")
        at = {name: self.people[name][places] for name in ("district", "registration", "sex")}
        at["age"] = np.minimum(self.age[places], 99)
        if margin.by not in (EVERYONE, *at):
            at[margin.by] = self.people[margin.by][places]
        codes = choose(self.city.spec, margin, at, self._lots("family", places).astype(np.uint32))
        return (codes >= _WITH_CHILD) & (self.age[places] >= _FAMILY)


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
        self.changes[[ADULT, _FAMILY]] = True

    def draw(self, codes: dict[str, npt.NDArray[Any]], lots: Ints) -> tuple[Ints, Ints]:
        """Education and occupation of people with these codes."""
        row = np.zeros(len(lots), np.int64)
        for size, name in zip(self.shape, self.given, strict=True):
            row = row * size + codes[name]
        at = np.searchsorted(self._borders, row * _ONE + (lots >> 1), side="right")
        education, occupation = np.divmod(at - row * self._cells, len(OCCUPATIONS))
        return education, occupation


def everyone(city: City, k: int, demography: Demography, months: int) -> Columns:
    """Everybody who lives in subdistrict ``k`` within ``months``: generation 0 by place, then generation 1, …

    The columns of ``city.columns``, and ``resident`` (place number), ``generation``, ``since`` (month), ``until``
    (January by which the person has died, 65535 where alive at the end), ``mother`` (her identity, ``UNKNOWN`` where it is
    not known) and ``family_name``. Of those who come of age within the run the columns tell what they are then;
    ``age`` is the age at ``since``.
    """
    lives = Generations(city, k, demography)
    n = len(lives.age)
    names = lives.own_names(np.arange(n))
    children = np.flatnonzero(lives.mother != NOBODY)
    names[children] = names[lives.mother[children]]
    parts = [
        {
            **{name: column.copy() for name, column in lives.people.items()},
            **_where_and_when(lives, np.arange(n)),
            "family_name": names.copy(),
        }
    ]
    row = np.arange(n)  # of whoever lives at each place, counted through all parts
    grown: list[tuple[Places, Columns]] = []
    rows = n
    for month in range(YEAR, months, YEAR):
        new = lives.january(month)
        names[new.born], names[new.arrived] = names[new.mothers], lives.own_names(new.arrived)
        row[new.gone] = np.arange(rows, rows + len(new.gone))
        rows += len(new.gone)
        blank = {entry.name: np.zeros(len(new.gone), entry.dtype) for entry in COLUMNS}
        blank["age"] = lives.age[new.gone].copy()
        for name in ("sex", "district", "registration"):
            blank[name] = lives.people[name][new.gone].astype(blank[name].dtype)
        blank["occupation"][:] = NOT_IN_WORK
        parts.append({**blank, **_where_and_when(lives, new.gone), "family_name": names[new.gone]})
        grown.append((row[new.grown], new.columns))
    whole = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    for at, columns in grown:
        for entry in COLUMNS:
            if entry.name != "age":
                whole[entry.name][at] = columns[entry.name]
    whole["until"] = np.where(whole["until"] < months, whole["until"], NEVER).astype(np.uint16)
    order = np.lexsort((whole["resident"], whole["generation"]))
    return {name: column[order] for name, column in whole.items()}


UNKNOWN = (1 << 64) - 1  #: in a column of identities: nobody who is known


def _where_and_when(lives: Generations, places: Places) -> Columns:
    mother = lives.mother[places].astype(np.intp)
    known = lives.identity(np.maximum(mother, 0))
    return {
        "resident": (lives.first + places).astype(np.uint64),
        "generation": lives.generation[places],
        "since": lives.since[places],
        "until": lives.until[places],
        "mother": np.where(mother == NOBODY, np.uint64(UNKNOWN), known),
    }
