"""``--shock``: a glitch becomes assumptions of the run; what cannot be is told with what to write."""

from __future__ import annotations

import pytest

from counterscore.catalog import load_assumptions, load_regime
from counterscore.cli.shocks import with_shocks
from counterscore.errors import UsageError

ZHEJIANG = "zhejiang-firms"


def test_a_glitch_is_in_the_assumptions_of_the_run() -> None:
    plain = with_shocks(load_assumptions(), ["glitch=6"], [load_regime(ZHEJIANG)], 24)
    assert plain["errors.glitch_month"] == 6
    assert plain["errors.glitch_component"] == -1
    named = with_shocks(load_assumptions(), ["glitch = 3 : penalties"], [load_regime(ZHEJIANG)], 24)
    score = load_regime(ZHEJIANG).score
    assert score is not None
    assert score.components[int(named["errors.glitch_component"])].id == "penalties"
    assert named.table["errors.glitch_month"].given


@pytest.mark.parametrize(
    ("shock", "regime", "said", "hint"),
    [
        ("glitsch=6", ZHEJIANG, 'no shock is called "glitsch"', "glitch=6"),
        ("glitch", ZHEJIANG, 'no shock is called "glitch"', "glitch=6"),
        ("glitch=24", ZHEJIANG, "0 to 23", "glitch=6"),
        ("glitch=six", ZHEJIANG, 'found "six"', "glitch=6"),
        ("glitch=6:penaltys", ZHEJIANG, 'no component is called "penaltys"', "penalties"),
        ("glitch=6", "suining-2010", "no world has one", "zhejiang-firms"),
    ],
)
def test_mistakes(shock: str, regime: str, said: str, hint: str) -> None:
    with pytest.raises(UsageError) as error:
        with_shocks(load_assumptions(), [shock], [load_regime(regime)], 24)
    assert said in error.value.message
    assert hint in error.value.suggestion
