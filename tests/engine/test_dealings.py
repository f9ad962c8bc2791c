"""Sharing and the moving offender: what must be exactly so, and which way it must go."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from counterscore.catalog import load_regime
from counterscore.engine.layout import COUNTER
from counterscore.regime.model import Regime
from tests import worlds

SETTINGS = {"conduct__fraud": 0.3, "acts__fraud__detection": 0.9, "dealings__need": 0.5, "conduct__move_on": 0.6}
ARMS = ("local", "nation", "forgetting")


def _arm(name: str) -> Regime:
    reforms = {"local": [], "nation": ["sharing-nationwide"], "forgetting": ["sharing-nationwide", "forgetting-5y"]}
    return load_regime("fraud-register", with_=reforms[name])


@cache
def _columns(name: str, one_shot: float) -> dict[str, np.ndarray]:
    settings = SETTINGS | {"dealings__one_shot": one_shot}
    regime = worlds.none() if name == "none" else _arm(name)
    plan, result = worlds.live(regime, residents=1500, offenders=0.03, months=48, assumptions=worlds.busy(**settings))
    columns = worlds.columns(plan, result)
    columns["counts"] = result.totals["counts"].sum(axis=0)
    return columns


def test_without_one_shot_dealings_sharing_changes_nothing() -> None:
    """The falsification test of the facts: exactly zero, for everybody and in every column."""
    local, nation = _columns("local", 0.0), _columns("nation", 0.0)
    assert local["counts"][COUNTER["frauds_tried"]] > 50
    assert local["counts"][COUNTER["moves"]] > 20
    for name in local:
        assert (local[name] == nation[name]).all(), name
    assert local["counts"][COUNTER["dealings_refused"]] == 0


def test_with_one_shot_dealings_sharing_stops_those_who_move() -> None:
    victims = {name: int(_columns(name, 1.0)["victims"].sum()) for name in ("none", *ARMS)}
    assert victims["none"] > victims["local"] > victims["nation"] > 0
    assert victims["none"] == int(_columns("none", 1.0)["defrauded"].sum())
    warned = _columns("nation", 1.0)["counts"][COUNTER["frauds_warned"]]
    assert warned > _columns("local", 1.0)["counts"][COUNTER["frauds_warned"]] > 0


def test_the_same_net_catches_others() -> None:
    nation = _columns("nation", 1.0)
    refused = nation["dealings_refused"] > 0
    assert refused.sum() > 0
    assert not (refused & (nation["victims"] > 0)).any()
    assert (nation["records"][refused] > 0).all()
    assert nation["counts"][COUNTER["dealings_refused"]] == nation["dealings_refused"].sum()


def test_attempts_are_accounted_for() -> None:
    counts = _columns("local", 1.0)["counts"]
    parts = sum(counts[COUNTER[name]] for name in ("frauds_warned", "frauds_known", "victims"))
    assert counts[COUNTER["frauds_tried"]] == parts


def test_nothing_in_the_register_but_sharing_moves_nobody() -> None:
    """Temptations and moves belong to the offender; without responses every arm holds the same attempts."""
    tried = set()
    for name in ("local", "nation"):
        settings = SETTINGS | {"dealings__one_shot": 1.0}
        _, result = worlds.live(
            _arm(name), residents=1500, offenders=0.03, months=24, responses=False, assumptions=worlds.busy(**settings)
        )
        counts = result.totals["counts"].sum(axis=0)
        tried.add((int(counts[COUNTER["frauds_tried"]]), int(counts[COUNTER["moves"]])))
    assert len(tried) == 1


@pytest.mark.parametrize(
    "reform",
    ["without-posts", "without-reading", "without-petitions", "without-games", "without-apps", "without-allegiance"],
)
def test_what_is_not_recorded_is_not_held_back(reform: str) -> None:
    """Chilling is exactly zero for the kinds that are taken out, and only for them."""
    acts = {
        "without-posts": ["critical-post"],
        "without-reading": ["political-reading", "critical-reading"],
        "without-apps": ["blocking-avoided"],
        "without-allegiance": ["allegiance-shown"],
        "without-petitions": ["petition", "repeated-petition"],
        "without-games": ["long-gaming"],
    }[reform]
    aware = worlds.busy(response__awareness=1, response__chilling=0.3)
    settings = {"residents": 1500, "months": 24, "assumptions": aware}
    _, base = worlds.live(worlds.none(), **settings)  # type: ignore[arg-type]
    _, world = worlds.live(load_regime("critics-scenario", with_=[reform]), **settings)  # type: ignore[arg-type]
    done = [result.totals["sums"]["acts"][0, :, 0] for result in (base, world)]
    from counterscore.engine.plan import ACT_INDEX

    out = [ACT_INDEX[name] for name in acts]
    assert (done[0][out] == done[1][out]).all()
    rest = [ACT_INDEX[name] for name in ("critical-post", "political-reading", "long-gaming") if name not in acts]
    assert (done[0][rest] > done[1][rest]).all()
    held = world.totals["sums"]["acts"][0, :, 4]
    assert (done[0] - done[1] == held)[rest + out].all()


def test_each_closed_service_is_counted_once_with_what_is_behind_it() -> None:
    for regime in (worlds.town(), worlds.shared_town(), load_regime("beijing-points")):
        _, result = worlds.live(regime, residents=1500, months=24, offenders=0.03)
        sums = result.totals["sums"][0]
        assert sums["spillover"].sum() > 0
        assert (sums["spillover"].sum(axis=0) == result.totals["doors"].sum(axis=0)).all()
        assert result.totals["counts"][:, COUNTER["unable"]].sum() == sums["closed"][3:].sum()
