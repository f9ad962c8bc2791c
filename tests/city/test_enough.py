"""The city that is large enough for a comparison: every group asked for is there, and no city is larger than the place."""

from __future__ import annotations

import pytest

from counterscore.catalog import load_city_spec
from counterscore.city import residents_for, synthesize
from counterscore.city.columns import ADULT, column
from counterscore.city.enough import adults_by
from counterscore.errors import UsageError


@pytest.mark.parametrize("values", [(), ("journalist", "veterinarian", "tour guide")])
def test_each_group_has_its_adults(values: tuple[str, ...]) -> None:
    spec = load_city_spec("beijing")
    residents, told = residents_for(spec, "occupation", values, at_least=60, seed=3)
    city = synthesize(spec, residents=residents, seed=3)
    counted = dict.fromkeys(column("occupation").categories, 0)
    for k in range(len(city.subdistricts)):
        people = city.people(k)
        for code, age in zip(people["occupation"].tolist(), people["age"].tolist(), strict=True):
            counted[column("occupation").categories[code]] += age >= ADULT
    assert adults_by(city, "occupation") == counted
    assert told == {value: counted[value] for value in values or counted}
    assert min(told.values()) >= 60
    assert residents % 1000 == 0


def test_a_common_group_takes_no_larger_city() -> None:
    assert residents_for(load_city_spec("beijing"), "sex", at_least=60, seed=1)[0] == 20_000


@pytest.mark.parametrize(
    ("name", "values", "least", "said"),
    [
        ("ocupation", (), 60, "no attribute with named groups"),
        ("income", (), 60, "no attribute with named groups"),
        ("occupation", ("jurnalist",), 60, "no occupation is called"),
        ("occupation", ("veterinarian",), 10_000, "fewer than 10000"),
    ],
)
def test_what_cannot_be_had_is_told(name: str, values: tuple[str, ...], least: int, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        residents_for(load_city_spec("demo"), name, values, at_least=least, seed=1)


def test_a_name_of_two_words_may_stand_with_a_hyphen() -> None:
    spec = load_city_spec("demo")
    asked = residents_for(spec, "occupation", ("tour-guide", "sales-and-service"), at_least=3, seed=1)
    assert asked == residents_for(spec, "occupation", ("tour guide", "sales and service"), at_least=3, seed=1)
