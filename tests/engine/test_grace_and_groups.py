"""Periods of grace before a list, and acts of other members of a group, in a small town."""

from __future__ import annotations

import numpy as np

from counterscore.engine.layout import COUNTER
from tests import worlds


def test_grace_averts_entries_and_only_delays_the_others() -> None:
    still = worlds.busy(response__pay_uplift=0)
    _, graced = worlds.live(worlds.village(), assumptions=still, responses=False)
    text = _village_text().replace(", grace: 3 months", "").replace(", grace: 2 months", "")
    _, at_once = worlds.live(worlds.regime_of(text), assumptions=still, responses=False)
    averted = graced.totals["counts"][:, COUNTER["averted"]]
    assert averted.sum() > 0
    assert at_once.totals["counts"][:, COUNTER["averted"]].sum() == 0
    entered = [world.totals["counts"][:, COUNTER["entered"]] for world in (graced, at_once)]
    assert entered[0].sum() < entered[1].sum()


def test_a_record_touches_the_members_of_the_block_and_nobody_else() -> None:
    size = 4
    chosen = worlds.busy(recording__group=size, errors__mix_up=0)
    quiet = {"responses": False, "errors": False, "months": 2, "residents": 2000}
    _, village = worlds.live(worlds.village(), assumptions=chosen, **quiet)  # type: ignore[arg-type]
    alone_text = "\n".join(line for line in _village_text().splitlines() if "actor: group" not in line)
    _, alone = worlds.live(worlds.regime_of(alone_text), assumptions=chosen, **quiet)  # type: ignore[arg-type]
    more = [world.places[0].residents["records"].astype(int) for world in (village, alone)]
    gained = more[0] - more[1]
    assert (gained >= 0).all()
    assert gained.sum() > 0
    adult = village.places[0].residents["age"] >= 18
    did = (alone.places[0].residents["good_deeds"] > 0) | (alone.places[0].residents["misconduct"] > 0)
    single = 0
    for first in range(0, len(gained), size):
        block = slice(first, first + size)
        if not did[block].any():
            assert (gained[block] == 0).all(), "nobody of the block did anything"
        elif did[block].sum() == 1:
            assert (gained[block][did[block]] == 0).all(), "the only one who did anything is not touched by it"
            single += gained[block].any()
    assert single > 0
    assert (gained[~adult] == 0).all(), "minors have no file"


def test_a_larger_group_touches_more() -> None:
    def records(size: int) -> int:
        chosen = worlds.busy(recording__group=size)
        _, world = worlds.live(worlds.village(), months=10, residents=600, assumptions=chosen, errors=False)
        return int(np.sum(world.totals["counts"][:, COUNTER["records"]]))

    assert records(1) < records(6) < records(40)


def _village_text() -> str:
    return worlds.village().document.text
