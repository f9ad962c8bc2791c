"""G3: twin worlds share luck by event, so only what a rule touches can differ."""

from __future__ import annotations

import numpy as np
import pytest

from counterscore.engine.layout import COUNTER
from tests import worlds


def _columns(regime: object, **settings: object) -> dict[str, np.ndarray]:
    return worlds.columns(*worlds.live(regime, **settings))  # type: ignore[arg-type]


def test_placebo_twin_is_exactly_zero() -> None:
    text = worlds.TOWN.replace("label: ", "label: Other ").replace("title: Test town", "title: Another title")
    one, two = _columns(worlds.town()), _columns(worlds.regime_of(text))
    for name in one:
        assert (one[name] == two[name]).all(), name


def test_removing_a_rule_changes_only_those_it_touched() -> None:
    """Without responses, circumstances feedback or kin, whoever did nothing the rule covers has the same history."""
    calm = {"responses": False, "errors": False}
    full = _columns(worlds.town(), **calm)
    less = _columns(worlds.without("id: ticket"), **calm)
    touched = (full["records"] != less["records"]) | (full["unrecorded"] != less["unrecorded"])
    changed = np.zeros(len(touched), bool)
    for name in full:
        changed |= full[name] != less[name]
    assert touched.any()
    # A changed resident did what the rule covers, or is next of kin of one who did.
    kin = touched[::-1]
    assert not (changed & ~touched & ~kin).any()


def test_temptations_do_not_depend_on_the_regime() -> None:
    """Without responses every world holds the same acts, act by act."""
    plan, one = worlds.live(worlds.town(), responses=False)
    _, two = worlds.live(worlds.none(), responses=False)
    same = [k for k in range(one.totals["sums"]["acts"].shape[1]) if plan.act_slot[k] < 3]
    assert (one.totals["sums"]["acts"][0, same, 0] == two.totals["sums"]["acts"][0, same, 0]).all()
    assert one.totals["sums"]["acts"][0, same, 0].sum() > 1000


WEAKER = {
    "half the points": ("points: -50, per", "points: -25, per"),
    "a lower border": ("enter: score < 960", "enter: score < 900"),
    "a door fewer": ("  - {id: no-loan", "  #- {id: no-loan"),
    "a shorter memory": ("validity: 2 years", "validity: 1 years"),
}


@pytest.mark.parametrize("change", WEAKER)
def test_nobody_is_worse_off_under_a_weaker_rule(change: str) -> None:
    """With responses off.  Fixed terms and rewards are left out: there, entering later can mean leaving later."""
    base = "\n".join(line for line in worlds.TOWN.splitlines() if "cards:" not in line and "help" not in line)
    strict, weak = worlds.regime_of(base), worlds.regime_of(base.replace(*WEAKER[change]))
    quiet = {
        "responses": False,
        "months": 24,
        "assumptions": worlds.busy(rights__appeal_right=0, errors__late_removal=0),
    }
    one, two = _columns(strict, **quiet), _columns(weak, **quiet)
    assert any((one[name] != two[name]).any() for name in one), "the change must change something"
    for name in ("months_listed", "refused", "doors_most", "months_unable", "years_unable"):
        worse = two[name].astype(int) > one[name].astype(int)
        assert not worse.any(), (name, int(worse.sum()))
    assert (two["score"] >= one["score"]).all()


def test_who_is_no_longer_refused_waits() -> None:
    """A door less lets residents wait who were refused before: no more refusals, and days only of those served."""
    slowed = worlds.TOWN.replace("service: loan, effect: closed", "service: permit, effect: closed")
    assert slowed != worlds.TOWN
    strict, weak = worlds.regime_of(slowed), worlds.regime_of(slowed.replace("  - {id: no-loan", "  #- {id: no-loan"))
    quiet = {"responses": False, "months": 24}
    one, two = _columns(strict, **quiet), _columns(weak, **quiet)
    more = two["waited"].astype(int) > one["waited"].astype(int)
    assert more.any()
    assert (two["refused"].astype(int) < one["refused"].astype(int))[more].all()
    assert not (two["refused"].astype(int) > one["refused"].astype(int)).any()


def test_no_scheme_records_nothing() -> None:
    _, result = worlds.live(worlds.none())
    for name in ("records", "entered", "refused", "appeals", "ties_lost", "held_back_misconduct"):
        assert result.totals["counts"][:, COUNTER[name]].sum() == 0, name
    assert result.totals["counts"][:, COUNTER["misconduct"]].sum() > 0


def test_switches() -> None:
    _, off = worlds.live(errors=False)
    for name in ("untrue_records", "twice_records", "misjudged_records", "overdue_records", "late_removals"):
        assert off.totals["counts"][:, COUNTER[name]].sum() == 0, name
    _, still = worlds.live(responses=False)
    for name in ("held_back_misconduct", "held_back_lawful", "gamed", "extra_good_deeds", "ties_lost", "shown"):
        assert still.totals["counts"][:, COUNTER[name]].sum() == 0, name
    felt = worlds.busy(response__severe=0.002, response__certain=0.02)  # a post of two points too
    _, on = worlds.live(assumptions=felt)
    for name in [
        "untrue_records",
        "twice_records",
        "misjudged_records",
        "overdue_records",
        "late_removals",
        "held_back_misconduct",
        "held_back_lawful",
        "gamed",
        "extra_good_deeds",
        "ties_lost",
        "shown",
        "appeals_won",
        "repairs",
        "left_performed",
        "left_expired",
        "left_corrected",
        "unable",
        "door_job_losses",
    ]:
        assert on.totals["counts"][:, COUNTER[name]].sum() > 0, name
