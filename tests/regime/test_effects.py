"""One table of what doors may do: every other place that names effects names the same ones."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from counterscore import glossary
from counterscore.catalog import tables
from counterscore.engine import rules
from counterscore.regime.effects import EFFECTS, HINDERING, PACING, REFUSING, SAVING, DoorEffect, Style, in_words
from counterscore.regime.model import Door


def door(effect: str, service: str = "flight", **numbers: float | None) -> Door:
    plain: dict[str, Any] = {"id": "one", "service": service, "effect": effect, "when": "list defaulters", **numbers}
    return Door.model_validate(plain)


def test_every_place_knows_every_effect() -> None:
    assert set(EFFECTS) == set(get_args(DoorEffect)) == set(rules.EFFECTS)
    assert set(EFFECTS) == set(get_args(tables._FromLightToHeavy)) == set(tables.scale().effects)
    assert all(effect in glossary.TERMS for effect in EFFECTS)


def test_what_an_effect_is_about() -> None:
    assert REFUSING == ("closed", "narrowed")
    assert (*HINDERING, "opened") == tuple(EFFECTS)
    assert (PACING, SAVING) == (("slowed", "opened"), ("priced", "opened"))
    for effect in EFFECTS:
        assert (door(effect).refuses, door(effect).hinders) == (effect in REFUSING, effect in HINDERING)


@pytest.mark.parametrize(
    ("found", "table", "step", "sentence"),
    [
        (door("closed"), "closed", "closed", "closed"),
        (door("narrowed", share=0.2), "narrowed, 20% refused", "narrowed, 20% of attempts refused", "narrowed (20% of attempts refused)"),
        (door("slowed", times=2), "slowed, x 2", "slowed, 2 times the wait", "slowed (2 times the wait)"),
        (door("slowed", times=None), "slowed", "slowed", "slowed, by how much is unknown"),
        (door("priced", times=2), "priced, x 2", "priced, 2 times the price", "priced (2 times the price)"),
        (door("priced", saves=500), "priced, 500 yuan saved", "priced, 500 yuan saved", "priced (500 yuan saved)"),
        (door("priced", saves=None), "priced", "priced", "priced (an unknown sum saved)"),
        (door("slowed", "inspection", times=3), "x 3 as often", "more frequent, 3 times as often", "3 times as frequent"),
        (door("opened", "inspection", times=0.2), "x 0.2 as often", "less frequent, 0.2 times as often", "0.2 times as frequent"),
        (door("slowed", "inspection", times=None), "slowed", "slowed", "of unknown number"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)  # fmt: skip
def test_an_effect_in_words(found: Door, table: str, step: str, sentence: str) -> None:
    assert [in_words(found, style) for style in get_args(Style)] == [table, step, sentence]
