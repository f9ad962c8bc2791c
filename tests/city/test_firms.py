"""Firms from published counts: how many, of which sectors and sizes, who leads them and who works there."""

from __future__ import annotations

import numpy as np
import pytest

from counterscore.catalog import load_city_spec
from counterscore.city import City, synthesize
from counterscore.city.spec import parse_city
from counterscore.errors import InputError
from counterscore.regime.read import read_document
from counterscore.regime.vocabulary import OCCUPATIONS


@pytest.fixture(scope="module")
def town() -> City:
    return synthesize(load_city_spec("beijing"), residents=60_000, seed=4)


def test_as_many_firms_as_published_in_the_whole_city_and_in_a_small_one(town: City) -> None:
    whole = synthesize(load_city_spec("beijing"))
    assert whole.firms == 1_179_000
    assert town.firms == 60_000 * 1_179_000 // 21_893_095
    for row in whole.firm_fit():
        if row.use == "fit":
            assert abs(row.difference) <= 1e-4 * row.published, row
        else:
            assert row.achieved == pytest.approx(13_136 / 1_179, rel=0.01)


def test_sectors_and_sizes_hold_almost_to_the_firm(town: City) -> None:
    firms, _ = town.firms_of(0, town.people(0))
    many = len(firms["sector"])
    shares = np.array([293, 214, 177, 1179 - 293 - 214 - 177]) / 1179
    assert (abs(np.bincount(firms["sector"], minlength=4) - shares * many) < 2).all()
    assert (abs(np.bincount(firms["size"], minlength=4) - np.array([0.82, 0.145, 0.03, 0.005]) * many) < 2).all()


def test_heads_and_staff_are_adults_in_work_and_larger_firms_employ_more(town: City) -> None:
    people = town.people(0)
    firms, employer = town.firms_of(0, people)
    heads = firms["head"].astype(int)
    assert len(set(heads.tolist())) == len(heads)
    assert (employer[heads] == np.arange(len(heads))).all()
    staff = employer >= 0
    assert (people["age"][staff] >= 18).all()
    assert (people["occupation"][staff] != OCCUPATIONS.index("not in work")).all()
    led = np.zeros(len(staff), bool)
    led[heads] = True
    assert not (staff & ~led & (people["occupation"] == OCCUPATIONS.index("civil servant"))).any()
    assert (np.bincount(employer[staff], minlength=len(heads)) == firms["employees"]).all()
    means = [firms["employees"][firms["size"] == size].mean() for size in range(4)]
    assert means == sorted(means)
    assert (firms["district"] == people["district"][heads]).all()


def test_a_subdistrict_is_the_same_alone(town: City) -> None:
    again = synthesize(load_city_spec("beijing"), residents=60_000, seed=4)
    one, two = town.firms_of(0, town.people(0)), again.firms_of(0, again.people(0))
    assert all((one[0][name] == two[0][name]).all() for name in one[0])
    assert (one[1] == two[1]).all()


def test_a_city_may_have_no_firms() -> None:
    text = _demo().split("# Firms, as legal units")[0]
    city = synthesize(parse_city(read_document(text, kind="city", name="city.yaml")), seed=1)
    assert city.firms == 0
    assert city.firm_fit() == ()
    firms, employer = city.firms_of(0, city.people(0))
    assert len(firms["head"]) == 0
    assert (employer == -1).all()


MISTAKES = {
    "too many in sectors": ("shops: 27", "shops: 95", "the sectors add up to 115"),
    "a size that is none": ("medium: {share", "middling: {share", "the sizes are micro, small, medium, large"),
    "shares": ("micro: {share: 0.82", "micro: {share: 0.92", "the shares add up to 1.1, not to 1"),
    "an unknown sector": ("goods:\n    values: {shops: 0.8", "goods:\n    values: {shps: 0.8", 'no sector is called "shps"'),
    "a sector without a value": (", other sectors: 0.03}", "}", 'sector "other sectors" has no value'),
    "an unknown key": ("rest: other sectors", "remainder: other sectors", 'unknown key "remainder"'),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_are_told_with_their_place(name: str) -> None:
    old, new, message = MISTAKES[name]
    assert old in _demo()
    with pytest.raises(InputError) as error:
        parse_city(read_document(_demo().replace(old, new, 1), kind="city", name="city.yaml"))
    told = [problem for problem in error.value.problems if message in problem.message]
    assert told, [problem.message for problem in error.value.problems]
    assert told[0].position.line > 1


def _demo() -> str:
    from counterscore import catalog

    return (catalog._HERE / "cities" / "demo" / "city.yaml").read_text(encoding="utf-8")
