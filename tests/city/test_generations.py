"""Who follows whom: against plain Python, against the life table, and against the city of the start."""

from __future__ import annotations

from bisect import bisect_right

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from counterscore import luck
from counterscore.city import City, CitySpec, synthesize
from counterscore.city.generations import NEVER, Generations, everyone, life_table

TABLE = life_table(0.007, 8, 0.0004)
WHOLE = 1 << 31


@pytest.fixture(scope="module")
def place(beijing: CitySpec) -> City:
    return synthesize(beijing, residents=20_000, seed=5)


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


def _plain_lives(city: City, number: int, age: int, months: int) -> list[tuple[int, int]]:
    """Since and until of everybody at one place, from the words of the module alone."""
    lives = []
    since, generation = 0, 0
    while since < months:
        lot = luck.draw32(luck.key("city/length of life", city.seed), generation * 2**32 + number)
        left = lot * int(TABLE[age]) >> 32
        last = max(x for x in range(122) if left < TABLE[x])
        until = since + 12 * (last - age + 1)
        lives.append((since, until if until < months else NEVER))
        since, age, generation = until, 18, generation + 1
    return lives


def test_against_plain_python(place: City) -> None:
    start = place.people(0)["age"]
    rows = everyone(place, 0, TABLE, 600)
    for number in (0, 1, 77, 5_000, 19_999):
        mine = rows["resident"] == number
        found = list(zip(rows["since"][mine].tolist(), rows["until"][mine].tolist(), strict=True))
        assert found == _plain_lives(place, number, int(start[number]), 600)
        assert rows["generation"][mine].tolist() == list(range(mine.sum()))


def test_work_follows_the_lot(place: City) -> None:
    """At every January, whoever stands below the share out of work at the own age is out of work."""
    lives = Generations(place, 0, TABLE)
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
    short, long = (everyone(place, 0, TABLE, months) for months in (240, 480))
    known = long["since"] < 240
    for name in ("resident", "generation", "since"):
        assert (long[name][known] == short[name]).all()
    for name in ("conscientiousness", "sex", "district", "registration"):
        assert (long[name][known] == short[name]).all()
    ended = short["until"] != NEVER
    assert (long["until"][known][ended] == short["until"][ended]).all()
    assert (long["until"][known][~ended] >= 240).all()


def test_generations_are_new_people_at_old_places(place: City) -> None:
    rows = everyone(place, 0, TABLE, 720)
    second = np.flatnonzero(rows["generation"] == 1)
    first = rows["resident"][second].astype(int)
    assert (rows["resident"][: len(place.people(0)["age"])] == np.arange(20_000)).all()
    for name in ("sex", "district", "registration"):
        assert (rows[name][second] == rows[name][first]).all(), name
    for name in ("conscientiousness", "outspokenness", "sociability"):
        assert abs(np.corrcoef(rows[name][second], rows[name][first])[0, 1]) < 0.05, name
    assert (rows["age"][second] == 18).all()
    assert (rows["loan"][second] == 0).all()
    adults = rows["generation"] == 0
    for name in ("car", "card", "offender", "connected"):
        before = rows[name][adults & (rows["age"] >= 18)].mean()
        assert rows[name][second].mean() == pytest.approx(before, abs=0.03), name


def test_deaths_follow_the_table(place: City) -> None:
    """Chi-square of those who die at each age against the chances of the table, over sixty years."""
    rows = everyone(place, 0, TABLE, 720)
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
    """After sixty years: adults only, an older but steady city, the mix of places unchanged."""
    lives = Generations(place, 0, TABLE)
    older = []
    for month in range(12, 721, 12):
        lives.january(month)
        older.append(float((lives.age >= 60).mean()))
    assert (lives.age >= 18).all()
    assert 0.25 < older[-1] < 0.45
    assert max(older) < 0.45
    assert lives.generation.max() >= 2
