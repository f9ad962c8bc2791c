"""Who follows whom: against plain Python, against the life table, and against the city of the start."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from counterscore import luck
from counterscore.city import City, CitySpec, synthesize
from counterscore.city.arrays import Columns
from counterscore.city.generations import (
    FAMILY_NAMES,
    NEVER,
    NOBODY,
    UNKNOWN,
    Demography,
    Generations,
    birth_table,
    everyone,
    life_table,
)

TABLE = life_table(0.007, 8, 0.0004)
WHOLE = 1 << 31
AS_ASSUMED = Demography(TABLE, birth_table(0.9, 29), round(0.06 * 2**32), 34)
YEARS = 60


@pytest.fixture(scope="module")
def place(beijing: CitySpec) -> City:
    return synthesize(beijing, residents=20_000, seed=5)


@pytest.fixture(scope="module")
def rows(place: City) -> Columns:
    return everyone(place, 0, AS_ASSUMED, 12 * YEARS)


def test_life_table() -> None:
    expectancy = TABLE[1:].sum() / WHOLE
    assert 80 < expectancy < 83
    chance = 1 - TABLE[1:100] / TABLE[:99]
    assert chance[60] == pytest.approx(0.0074, abs=1e-6)
    assert chance[68] == pytest.approx(0.0144, abs=1e-5)
    assert chance[52] == pytest.approx(0.0039, abs=1e-5)
    assert TABLE[-1] == 0
    assert (life_table(0, 8, 0)[:-1] == WHOLE).all()


@given(st.floats(0, 0.05), st.floats(4, 20), st.floats(0, 0.01))
def test_survivors_never_rise(at_sixty: float, doubling: float, other: float) -> None:
    table = life_table(at_sixty, doubling, other)
    assert (np.diff(table) <= 0).all()
    assert table.min() >= 0
    assert table[0] == WHOLE


def _plain_lives(city: City, number: int, ages: list[int], months: int) -> list[tuple[int, int]]:
    """Since and until of everybody at one place, from the words of the module alone."""
    lives = []
    since, generation = 0, 0
    while since < months:
        age = ages[generation]
        lot = luck.draw32(luck.key("city/length of life", city.seed), generation * 2**32 + number)
        left = lot * int(TABLE[age]) >> 32
        last = max(x for x in range(122) if left < TABLE[x])
        until = since + 12 * (last - age + 1)
        lives.append((since, until if until < months else NEVER))
        since, generation = until, generation + 1
    return lives


def test_against_plain_python(place: City, rows: Columns) -> None:
    for number in (0, 1, 77, 5_000, 19_999):
        mine = rows["resident"] == number
        found = list(zip(rows["since"][mine].tolist(), rows["until"][mine].tolist(), strict=True))
        assert found == _plain_lives(place, number, rows["age"][mine].tolist(), 12 * YEARS)
        assert rows["generation"][mine].tolist() == list(range(mine.sum()))


@pytest.mark.parametrize("children", [0.5, 1.4])
def test_births_against_plain_python(place: City, children: float) -> None:
    """One January from the words of the module alone: who has a child, and which of the free places are for them."""
    lives = Generations(place, 0, replace(AS_ASSUMED, births=birth_table(children, 29)))
    for month in range(12, 72, 12):
        lives.january(month)
    month = 72
    before = {name: getattr(lives, name).tolist() for name in ("age", "until", "generation")}
    people = {name: column.tolist() for name, column in lives.people.items()}
    new = lives.january(month)
    child = lives._child.tolist()  # of this January; the dead are not asked
    n = len(child)
    dead = [i for i in range(n) if before["until"][i] == month]
    age = [before["age"][i] + 1 for i in range(n)]
    women = [i for i in range(n) if people["sex"][i] == 1 and i not in set(dead) and 22 <= age[i] <= 36]
    wish: list[tuple[int, int]] = []
    births = birth_table(children, 29).tolist()
    for i in women:
        alike = [j for j in women if age[j] == age[i]]
        able = sum(child[j] for j in alike)
        lot = luck.mix(
            luck.key("city/birth", place.seed, 0, month) + (before["generation"][i] * 2**32 + i) * luck.GAMMA
        )
        if child[i] and lot >> 33 < births[age[i]] * len(alike) // able:
            wish.append((lot & (2**31 - 1), i))
    mothers = [i for _, i in sorted(wish)][: len(dead)]
    key = luck.key("city/cradle", place.seed, 0, month)
    order = sorted(dead, key=lambda i: luck.mix(key + (before["generation"][i] * 2**32 + i) * luck.GAMMA))
    assert new.mothers.tolist() == mothers
    assert new.born.tolist() == order[: len(mothers)]
    assert sorted([*new.born, *new.arrived]) == dead
    for at, mother in zip(new.born, new.mothers, strict=True):
        assert lives.mother[at] == mother
        assert lives.people["registration"][at] == people["registration"][mother]
        assert lives.age[at] == 0
    assert len(mothers) > 40
    assert (len(mothers) == len(dead) < len(wish)) == (children > 1)  # more children than places are not born here


def test_women_have_as_many_children_as_assumed(beijing: CitySpec) -> None:
    """Where places are free for all, births by age of the mother are the assumed chance for all women of that age."""
    often = life_table(0.03, 8, 0.02)
    city = synthesize(beijing, residents=30_000, seed=8)
    lives = Generations(city, 0, Demography(often, birth_table(0.9, 29), 0, 34))
    women, born = np.zeros(122), np.zeros(122)
    for month in range(12, 240, 12):
        new = lives.january(month)
        assert len(new.born) < len(new.gone)
        alive = (lives.people["sex"] == 1) & (lives.since < month)
        women += np.bincount(lives.age[alive], minlength=122)
        born += np.bincount(lives.age[new.mothers], minlength=122)
    found = (born[22:37] / women[22:37]).sum()
    assert found == pytest.approx(0.9, rel=0.05)
    expected = (women * birth_table(0.9, 29) / WHOLE)[22:37]
    assert stats.chi2.sf((((born[22:37] - expected) ** 2) / expected).sum(), 15) > 1e-3
    assert born[:22].sum() == born[37:].sum() == 0


@given(st.floats(0.1, 3), st.integers(24, 34))
def test_birth_table(children: float, mothers_age: int) -> None:
    table = birth_table(children, mothers_age)
    assert (table[:22] == 0).all()
    assert table.argmax() == mothers_age
    assert table.sum() / WHOLE == pytest.approx(children, rel=1e-6) or table.max() == WHOLE


def test_families_hold_together(place: City, rows: Columns) -> None:
    """A child has the name, district and registration of a mother who lived and was of an age to bear it."""
    who = {
        int(r) + (int(g) << 32): at for at, (r, g) in enumerate(zip(rows["resident"], rows["generation"], strict=True))
    }
    known = np.flatnonzero(rows["mother"] != UNKNOWN)
    mother = np.array([who[int(m)] for m in rows["mother"][known]])
    assert (rows["sex"][mother] == 1).all()
    assert (rows["family_name"][known] == rows["family_name"][mother]).all()
    assert (rows["registration"][known] == rows["registration"][mother])[rows["generation"][known] > 0].all()
    assert (rows["until"][mother] > rows["since"][known]).all()
    apart = (rows["since"][known].astype(int) - rows["since"][mother]) // 12 - rows["age"][known] + rows["age"][mother]
    born = rows["since"][known] > 0
    assert apart[born].min() >= 22
    assert apart[born].max() <= 36
    assert 18 <= apart[~born].min() <= apart[~born].max() < 50
    minors = rows["age"][:20_000] < 18
    assert (rows["mother"][:20_000][minors] != UNKNOWN).mean() > 0.95
    assert (rows["mother"][:20_000][~minors] == UNKNOWN).all()
    several = np.bincount(mother[born])
    assert (several > 1).sum() > 100  # brothers and sisters
    assert np.bincount(rows["family_name"], minlength=len(FAMILY_NAMES)).min() > 200
    third = rows["mother"][known] >> np.uint64(32) > 0
    assert third.sum() > 300  # children of those who were born or moved in here


def test_young_adults_move_out_and_take_their_children_along(place: City) -> None:
    lives = Generations(place, 0, AS_ASSUMED)
    seen = along = 0
    for month in range(12, 240, 12):
        was = lives.people["district"].copy()
        new = lives.january(month)
        moved = np.flatnonzero((lives.people["district"] != was) & (lives.since < month))
        assert np.isin(moved, new.moved).all()
        grown = lives.age[moved] >= 18
        assert (lives.age[moved][grown] > 18).all()
        assert (lives.age[moved][grown] < 30).all()
        children = np.flatnonzero((lives.age < 18) & (lives.mother != NOBODY))
        district = lives.people["district"]
        assert (district[children] == district[lives.mother[children]]).all()
        assert np.isin(moved[~grown], children).all()
        along += (~grown).sum()
        seen += len(moved)
        young = ((lives.age > 18) & (lives.age < 30)).sum()
        assert grown.sum() / young == pytest.approx(0.06, abs=0.02)
    assert seen > 1_000
    assert along > 20


def test_in_a_subdistrict_of_one_district_nobody_changes_it(beijing: CitySpec) -> None:
    large = synthesize(beijing, residents=1_500_000, seed=5)
    lives = Generations(large, 3, AS_ASSUMED)
    assert len(lives.january(12).moved) == 0


def test_work_follows_the_lot(place: City) -> None:
    """At every January, whoever stands below the share out of work at the own age is out of work."""
    lives = Generations(place, 0, AS_ASSUMED)
    axes, cells, bands = place.table_of("occupation")
    by_age = np.moveaxis(cells, (axes.index("age"), axes.index("occupation")), (0, 1))
    by_age = by_age.reshape(*by_age.shape[:2], -1).sum(axis=2)
    idle = by_age[:, 15] / by_age.sum(axis=1)
    for month in range(12, 12 * 40, 12):
        lives.january(month)
    for low, high in ((25, 44), (50, 54), (55, 59)):
        here = (lives.age >= low) & (lives.age <= high)
        out = lives._idle[here] < lives._career.out_of_work[lives.age[here]]
        band = bisect_right([first for first, _ in bands], low) - 1
        assert out.mean() == pytest.approx(idle[band], abs=4 * np.sqrt(0.25 / here.sum()))


def test_a_longer_run_only_goes_on(place: City) -> None:
    """What happens in the first twenty years does not depend on how long one looks."""
    short, long = (everyone(place, 0, AS_ASSUMED, months) for months in (240, 480))
    known = long["since"] < 240
    for name in ("resident", "generation", "since"):
        assert (long[name][known] == short[name]).all()
    grown = short["age"] >= 18
    for name in ("conscientiousness", "sex", "district", "registration", "mother", "family_name"):
        assert (long[name][known] == short[name])[grown].all()
    ended = short["until"] != NEVER
    assert (long["until"][known][ended] == short["until"][ended]).all()
    assert (long["until"][known][~ended] >= 240).all()


def test_generations_are_new_people_at_old_places(place: City, rows: Columns) -> None:
    second = np.flatnonzero((rows["generation"] == 1) & (rows["since"] <= 12 * (YEARS - 19)))
    first = rows["resident"][second].astype(int)
    assert (rows["resident"][: len(place.people(0)["age"])] == np.arange(20_000)).all()
    assert (rows["sex"][second] == rows["sex"][first]).all()
    lived = np.minimum(rows["until"][second].astype(int), 12 * YEARS) - rows["since"][second]
    grown = second[rows["age"][second] + lived // 12 > 18]
    for name in ("conscientiousness", "outspokenness", "sociability"):
        assert abs(np.corrcoef(rows[name][grown], rows[name][rows["resident"][grown].astype(int)])[0, 1]) < 0.05, name
    assert (rows["loan"][grown] == 0).all()
    born = rows["age"][second] == 0
    assert 0.2 < born.mean() < 0.7
    assert (rows["mother"][second][~born] == UNKNOWN).all()
    assert (rows["mother"][second][born] != UNKNOWN).all()
    arrived = rows["age"][second][~born]
    assert (arrived.min(), arrived.max()) == (18, 34)
    assert np.bincount(arrived)[18:].min() > 0.5 * np.bincount(arrived)[18:].mean()
    adults = rows["generation"] == 0
    for name in ("car", "card", "offender", "connected"):
        before = rows[name][adults & (rows["age"] >= 18)].mean()
        assert rows[name][grown].mean() == pytest.approx(before, abs=0.03), name


def test_deaths_follow_the_table(rows: Columns) -> None:
    """Chi-square of those who die at each age against the chances of the table, over sixty years."""
    exposed, died = np.zeros(121), np.zeros(121)
    # Whoever dies in the last year is not told of, for no January follows it.
    lived = np.maximum(0, np.minimum(rows["until"].astype(int), 708) - rows["since"]) // 12
    ended = rows["until"] != NEVER
    for age, years, gone in zip(rows["age"].astype(int), lived, ended, strict=True):
        exposed[age : age + years] += 1
        died[age + years - 1] += gone
    chance = 1 - TABLE[1:] / np.maximum(1, TABLE[:-1])
    expected = (exposed * chance)[20:100]
    assert stats.chi2.sf((((died[20:100] - expected) ** 2) / expected).sum(), 80) > 1e-3


def test_the_city_keeps_its_make_up(place: City) -> None:
    """After sixty years: children and adults of every age, an older but steady city, births and deaths in step."""
    lives = Generations(place, 0, AS_ASSUMED)
    older, minors = [], []
    for month in range(12, 721, 12):
        new = lives.january(month)
        assert len(new.born) + len(new.arrived) == len(new.gone)
        older.append(float((lives.age >= 60).mean()))
        minors.append(float((lives.age < 18).mean()))
    assert 0.25 < older[-1] < 0.45
    assert max(older) < 0.45
    assert 0.06 < min(minors) <= max(minors) < 0.2
    assert (np.bincount(lives.age, minlength=70)[:70] > 0).all()
    assert lives.generation.max() >= 2
