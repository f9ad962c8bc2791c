"""Only who is under a spending ban can break one."""

from __future__ import annotations

import pytest

from counterscore.engine.plan import ACT_INDEX
from counterscore.regime.model import Regime
from tests import worlds

BREACH = ACT_INDEX["spending-ban-breach"]
_DOORS = ("no-flight", "kin-school")  #: those of the list that debtors of the test town enter


def _breaches(regime: Regime) -> int:
    settings = worlds.busy(circumstances__ban_breach=1.0, circumstances__pay_able=0.02)
    _, world = worlds.live(regime, months=18, residents=1500, assumptions=settings)
    return int(world.totals["sums"]["acts"][0, BREACH].sum())


@pytest.mark.parametrize("service", ["flight", "high-speed-rail", "star-hotel", "home-purchase", "school-place"])
def test_a_list_that_closes_high_spending_is_broken(service: str) -> None:
    text = "\n".join(line for line in worlds.TOWN.splitlines() if "kin-school" not in line)
    assert _breaches(worlds.regime_of(text.replace("service: flight,", f"service: {service},"))) > 0


@pytest.mark.parametrize(
    "door",
    [
        "",  # a list without a door
        "{id: other, service: loan, effect: closed, when: list defaulters, source: a, mark: assumed}",
        "{id: other, service: flight, effect: slowed, times: 2, when: list defaulters, source: a, mark: assumed}",
        "{id: other, service: flight, effect: closed, when: grade D, source: a, mark: assumed}",
        "{id: other, service: school-place, effect: closed, when: list defaulters, affects: kin, source: a, mark: assumed}",
    ],
)
def test_no_ban_no_breach(door: str) -> None:
    """Debtors are on a list, but none that keeps the listed from spending: there is nothing to break."""
    regime = worlds.without(*_DOORS)
    if door:
        text = "\n".join(line for line in worlds.TOWN.splitlines() if not any(part in line for part in _DOORS))
        regime = worlds.regime_of(text.replace("doors:\n", f"doors:\n  - {door}\n"))
    _, world = worlds.live(regime, months=18, residents=1500)
    assert (world.places[0].residents["first_listed"] < 18).any()
    assert _breaches(regime) == 0
