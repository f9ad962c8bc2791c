"""Lists on which every door favours who is listed: told as honours, and worth doing good for."""

from __future__ import annotations

from pathlib import Path

import pytest

from counterscore.catalog import load_regime
from counterscore.catalog.assume import load_assumptions
from counterscore.engine.plan import ACT_INDEX, compile_plan
from counterscore.headlines import prose
from counterscore.measures import measure
from counterscore.paired import compare
from counterscore.regime.model import Regime
from counterscore.results import Run
from counterscore.simulation import simulate
from tests import worlds

GIVEN = ACT_INDEX["blood-donation"]


def _changed(**door: object) -> Regime:
    """Nanjing's card with another door on its list."""
    regime = load_regime("nanjing-card")
    return regime.model_copy(update={"doors": tuple(one.model_copy(update=door) for one in regime.doors)})


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return _run(tmp_path_factory.mktemp("runs") / "card", load_regime("nanjing-card"))


def _run(out: Path, regime: Regime) -> Run:
    keen = load_assumptions().with_set("acts.blood-donation.rate=0.02")
    given = {"months": 24, "replays": 5, "seed": 2, "base": load_regime("none"), "assumptions": keen}
    return simulate(regime, worlds.city(3000), out=out, **given)  # type: ignore[arg-type]


def test_holders_are_honoured_and_not_listed(card: Run) -> None:
    (honoured,) = measure(card, "honoured", world="nanjing-card")
    (listed,) = measure(card, "listed_ever", world="nanjing-card")
    stays = [card.table("stays", "nanjing-card", replay).to_pylist() for replay in card.replays()]
    on = [sum(row["stays"] for row in rows if row["left"] == "cut off") for rows in stays]
    alive = card.residents(["adult", "until"]).to_pandas().query("adult == 1 and until == 65535")
    assert honoured.value == pytest.approx(100 * sum(on) / len(on) / len(alive))
    assert honoured.value > 5
    assert listed.value == 0
    (none,) = measure(card, "honoured", world="none")
    assert (none.value, none.note) == (None, "not applicable: no list of the world is an honour")


def test_a_card_is_worth_giving_blood_for(card: Run) -> None:
    gap = compare(card, "good_deeds")
    assert gap.value is not None
    assert gap.value > 0
    told = prose(card)
    assert "spells on lists of honour are open at the end for every 100 adults" in told
    assert "are listed" not in told


@pytest.mark.parametrize(
    ("door", "honour"),
    [
        ({}, True),
        ({"times": None, "saves": 100}, True),
        ({"times": None}, False),
        ({"times": 2.0}, False),
        ({"effect": "closed", "times": None}, False),
    ],
)
def test_an_honour_is_told_by_its_doors(door: dict[str, object], honour: bool) -> None:
    regime = _changed(**door)
    assert regime.honours() == ({"card-holders"} if honour else set())
    plan = compile_plan(regime.stacked(), load_assumptions(), seed=1)
    assert bool(plan.lists_adverse) != honour
    assert bool(plan.act_uplift[GIVEN]) == honour
    assert bool(plan.act_deter[GIVEN]) != honour


def test_certified_firms_are_honoured(tmp_path: Path) -> None:
    run = simulate(
        load_regime("customs-aeo"),
        worlds.city(3000),
        months=18,
        replays=2,
        seed=2,
        base=load_regime("none"),
        assumptions=load_assumptions().with_set("firms.aeo=0.5"),
        out=tmp_path / "customs",
    )
    (found,) = measure(run, "firms_honoured", world="customs-aeo")
    assert found.value is not None
    assert found.value > 0
    (residents,) = measure(run, "honoured", world="customs-aeo")
    assert residents.value is None
