"""Twins: placebo exactly zero, reach with a certificate that can fail, rules taken out one at a time."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from counterscore.catalog import load_regime
from counterscore.catalog.assume import Assumptions
from counterscore.errors import UsageError
from counterscore.paired import interval
from counterscore.regime.model import Regime
from counterscore.reliving import Living, Stage, evenly
from counterscore.results import Run
from counterscore.simulation import simulate
from counterscore.specification import world_name
from counterscore.twins import compare_people, pairs_of, placebo, reach, relabelled, rules_out
from counterscore.twins.side_by_side import _that_may_differ
from tests import folders, worlds
from tests.engine.test_bodies import weighty


def make(out: Path, a: Regime, b: Regime | None, **changes: object) -> Run:
    settings = {"months": 26, "replays": 2, "seed": 4, "assumptions": worlds.busy(), **changes}
    return simulate(a, worlds.city(1500, seed=4), base=b, out=out, **settings)  # type: ignore[arg-type]


def without(id_: str) -> Regime:
    found = next(rules_out(worlds.town(), (id_,)))
    assert found.regime is not None
    return found.regime


@pytest.fixture(scope="module")
def ticket(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return make(tmp_path_factory.mktemp("runs") / "ticket", worlds.town(), without("ticket"))


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A change that touches few: one door of a list that few are on."""
    return make(tmp_path_factory.mktemp("runs") / "door", worlds.town(), without("no-flight"))


def test_placebo_is_exactly_zero_for_everybody(ticket: Run) -> None:
    check = placebo(ticket, "test-town")
    assert check.holds
    assert (check.n_replays, check.residents) == (2, 1500)
    assert check.tables == sum(len(ticket.tables("test-town", r)) for r in (0, 1))
    assert "exactly 0 for all 1,500 residents in 2 replicates" in str(check)
    copy = relabelled(worlds.town())
    assert copy.title != worlds.town().title
    assert copy.catalogue[0].label != worlds.town().catalogue[0].label
    assert copy.catalogue[0].points == worlds.town().catalogue[0].points


def test_placebo_of_a_changed_run_does_not_hold(ticket: Run, tmp_path: Path) -> None:
    """The check can fail: tables that a rule changed are not those of the regime in the record."""

    def other_points(record: Any) -> None:
        files = record["worlds"][0]["parts"][0]["files"]
        name = next(iter(files))
        files[name] = files[name].replace("points: -5, validity", "points: -6, validity")

    check = placebo(folders.recorded_otherwise(ticket, tmp_path / "run", other_points), "test-town")
    assert not check.holds
    assert "column" in str(check)


def test_people_are_paired_one_by_one(ticket: Run) -> None:
    found = compare_people(ticket, *ticket.worlds)
    a, b = (ticket.table("outcomes", world, 0) for world in ticket.worlds)
    columns = {one.column: one for one in found.columns}
    assert set(columns) | set(found.left_out) == set(a.column_names)
    changed = np.zeros(len(a), bool)
    for name in a.column_names:
        changed |= a[name].to_numpy() != b[name].to_numpy()
    assert found.changed[0] == changed.sum() > 0
    assert found.unchanged[0] == len(a) - changed.sum() > 0
    records = [a["records"].to_numpy().astype(int) - b["records"].to_numpy().astype(int)]
    records.append(pairs_of(ticket, *ticket.worlds, "records", 1)["difference"])
    assert columns["records"].mean == pytest.approx(np.mean([one.mean() for one in records]))
    assert columns["records"].more == np.mean([(one > 0).sum() for one in records])
    assert columns["records"].note.startswith("no interval")


def test_lists_are_compared_by_name(tmp_path: Path) -> None:
    """Taking out the first list moves the bits of the others; nobody differs because of that."""
    run = make(tmp_path / "run", worlds.town(), without("defaulters"), replays=1, months=8)
    a, b = (run.table("outcomes", world, 0)["lists"].to_numpy() for world in run.worlds)
    by_bits = int((a != b).sum())
    row = next(one for one in compare_people(run, *run.worlds).columns if one.column == "lists")
    assert row.more + row.less < by_bits


@pytest.mark.parametrize("which", ["ticket", "door"])
def test_reach_is_certified_and_agrees_with_the_tables(which: str, request: pytest.FixtureRequest) -> None:
    run: Run = request.getfixturevalue(which)
    found = reach(run, *run.worlds, replays=2)
    assert found.certified, found.unexplained[:5]
    people = compare_people(run, *run.worlds)
    assert found.persons == 2 * people.residents
    differing = found.persons - found.unchanged
    assert differing == found.direct + sum(found.through.values())
    assert differing >= sum(people.changed), "whoever differs in a table differs in the history"
    assert found.direct <= found.touched
    assert found.direct > 0
    assert any("ticket" in rule or "no-flight" in rule for rule in found.rules)
    assert found.certificate().startswith("Certificate")


def test_a_change_that_touches_few_leaves_nearly_all_alone(door: Run) -> None:
    found = reach(door, *door.worlds, replays=2)
    assert 0 < found.persons - found.unchanged < 0.06 * found.persons
    assert found.touched < 0.15 * found.persons
    assert found.changed_rules == ("test-town no-flight",)


def test_the_certificate_is_not_given_when_somebody_else_changed(door: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """One resident far from anybody touched gets savings in one world only."""
    clean = reach(door, *door.worlds, replays=1)
    assert clean.certified
    original = Stage.living
    touched = 750

    def tampered(self: Stage, k: int, *, world: str | None = None, replay: int = 0, room: int = 1 << 16) -> Living:
        living = original(self, k, world=world, replay=replay, room=room)
        if world == door.worlds[0]:
            living.place.residents["waited"][touched] += 1
        return living

    monkeypatch.setattr(Stage, "living", tampered)
    found = reach(door, *door.worlds, replays=1)
    assert not found.certified
    assert found.unexplained[0].resident == f"R-{touched:05d}"
    assert f"R-{touched:05d}" in found.certificate()
    assert found.certificate().startswith("No certificate")


def _twins_of(tmp_path: Path, a: Regime, *gone: str, **changes: object) -> Run:
    """``a`` beside the same without some of its rules."""
    (out,) = rules_out(a, gone)
    assert out.regime is not None, out.why_not
    return make(tmp_path / "run", a, out.regime, replays=1, **changes)


@pytest.mark.parametrize(
    ("gone", "ways"),
    [
        ("head-flight", set()),  # a firm's door before the representative
        ("town-loan", set()),  # the representative's door before the firm
        ("wages", {"a firm", "a friend"}),  # a list of firms, whose representatives and staff it reaches
        ("abnormal", {"a firm"}),
        ("ticket", set()),  # residents, through whom firms are reached
    ],
)
def test_reach_is_traced_through_firms(gone: str, ways: set[str], tmp_path: Path) -> None:
    run = _twins_of(tmp_path, worlds.firms_regime(), gone, months=30)
    found = reach(run, *run.worlds)
    assert found.certified, found.unexplained[:5]
    assert ways <= {how for how, count in found.through.items() if count}
    counts = found.others["firms"]
    assert counts["compared"] == counts["identical"] + counts["directly"] + counts["linked"]
    assert counts["identical"] < counts["compared"] or gone == "head-flight"
    assert "firms" in found.certificate()


def _many_contracts() -> Assumptions:
    """Bodies that sign often and seldom pay in time, so that a small city has firms that feel it."""
    chosen = worlds.busy()
    for text in ("bodies.residents=100", "bodies.contracts=4", "bodies.keep=0.2"):
        chosen = chosen.with_set(text)
    return chosen


def test_reach_is_traced_from_bodies_to_firms(tmp_path: Path) -> None:
    run = _twins_of(tmp_path, weighty(1.0), "contract-broken", months=60, assumptions=_many_contracts())
    found = reach(run, *run.worlds)
    assert found.certified, found.unexplained[:5]
    assert found.others["bodies"]["directly"] > 0
    # From firms on to their staff, test_reach_is_traced_through_firms: a contract is a small share of a firm's turnover.
    assert found.others["firms"]["linked"] > 0


def test_a_door_before_officials_meets_who_leads_the_body(tmp_path: Path) -> None:
    regime = weighty(1.0)
    gone = [door.id for door in regime.doors if door.affects == "official"]
    sued = {
        "bodies.residents": 100,
        "bodies.contracts": 4,
        "bodies.suit": 0.5,
        "bodies.suit_after": 1,
        "bodies.keep": 0.2,
        "acts.body-judgment-unpaid.detection": 0.9,
    }
    settings = worlds.busy()
    for path, value in sued.items():
        settings = settings.with_set(f"{path}={value}")
    reached = 0
    for door in gone:
        run = _twins_of(tmp_path / door, regime, door, months=36, assumptions=settings)
        found = reach(run, *run.worlds)
        assert found.certified, found.unexplained[:5]
        reached += found.touched
    assert reached > 0


#: The matchmaker of the test club.
_MATCHES = """partners:
  by: test-club
  prominence: [{grade: high, times: 4}, {grade: low, times: 0.5}]
  source: a
  mark: assumed
"""


@pytest.mark.parametrize(
    ("gone", "ways"), [("club-card", set()), ("club-bill", set()), ("defaulters", {"a friend", "a tie over scores"})]
)
def test_reach_is_traced_through_ties_over_a_private_score(gone: str, ways: set[str], tmp_path: Path) -> None:
    run = _twins_of(tmp_path, worlds.club((_MATCHES, "")), gone, months=48)
    found = reach(run, *run.worlds)
    assert found.certified, found.unexplained[:5]
    assert not found.untraced
    assert 0 < found.unchanged < found.persons
    assert ways <= {how for how, count in found.through.items() if count}


def test_reach_is_traced_through_inherited_debts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every heir is linked to whose debt it was; heirs who differ are explained."""
    reaching = sys.modules["counterscore.twins.reach"]
    made: list[Any] = []
    original = reaching._Links.__init__

    def kept(self: Any, *given: Any) -> None:
        original(self, *given)
        made.append(self)

    monkeypatch.setattr(reaching._Links, "__init__", kept)
    often = worlds.busy(
        lives__heir_share=1.0, lives__death_other=0.15, circumstances__default=0.05, response__awareness=1
    )
    run = _twins_of(tmp_path, worlds.town(), "defaulters", months=40, assumptions=often)
    found = reach(run, *run.worlds)
    assert found.certified, found.unexplained[:5]
    (links,) = made
    heirs = [(heir, month, debtor) for heir, debts in links.debtors.items() for month, debtor in debts]
    assert len(heirs) > 5
    for heir, month, debtor in heirs:
        ways = dict.fromkeys(
            links.of(reaching.Node("residents", heir, int(links.pair.generations[month, heir])), month)
        )
        before = int(links.pair.generations[month - 1, debtor])
        assert ("an inherited debt", reaching.Node("residents", debtor, before)) in ways
        assert before < links.pair.generations[month, debtor]


def test_what_a_matchmaker_does_is_followed_as_far_as_it_goes(tmp_path: Path) -> None:
    run = _twins_of(tmp_path, worlds.club(), "club-bill")
    found = reach(run, *run.worlds)
    assert found.untraced == ("who was shown to a single in place of somebody else",)
    assert found.certified or "shown to a single in place of somebody else" in found.certificate()


def test_two_who_differ_only_because_of_each_other_are_unexplained(door: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Next of kin who both differ from the start explain each other only if one of them met a rule."""
    original, n = Stage.living, door.subdistrict_sizes()[0]

    def tampered(self: Stage, k: int, *, world: str | None = None, replay: int = 0, room: int = 1 << 16) -> Living:
        living = original(self, k, world=world, replay=replay, room=room)
        if world == door.worlds[0]:
            living.place.residents["waited"][[750, n - 1 - 750]] += 1
        return living

    monkeypatch.setattr(Stage, "living", tampered)
    found = reach(door, *door.worlds, replays=1)
    assert {one.resident for one in found.unexplained} == {"R-00750", f"R-{n - 1 - 750:05d}"}


def test_a_firm_that_changed_for_no_reason_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = _twins_of(tmp_path, worlds.firms_regime(), "head-flight", months=12)
    original = Stage.living

    def tampered(self: Stage, k: int, *, world: str | None = None, replay: int = 0, room: int = 1 << 16) -> Living:
        living = original(self, k, world=world, replay=replay, room=room)
        assert living.place.firms is not None
        if world == run.worlds[0]:
            living.place.firms.own["inspections"][5] += 1
        return living

    monkeypatch.setattr(Stage, "living", tampered)
    found = reach(run, *run.worlds)
    assert "F-00005" in {one.resident for one in found.unexplained}
    assert "F-00005" in found.certificate()


def test_a_new_score_reaches_everybody(tmp_path: Path) -> None:
    other = worlds.regime_of(worlds.TOWN.replace("start: 1000", "start: 1010"))
    run = make(tmp_path / "run", worlds.town(), other.model_copy(update={"id": "other-town"}), replays=1, months=4)
    found = reach(run, *run.worlds)
    assert found.unchanged == 0
    assert found.certified
    assert any("score" in rule for rule in found.rules)


def test_every_rule_of_every_regime_can_be_taken_out_or_says_why(request: pytest.FixtureRequest) -> None:
    """Of the longest rule book every sixth row is taken out, with ``--whole`` every rule."""
    for regime in (worlds.town(), load_regime("beijing-points"), load_regime("suining-2010")):
        ids = {row.id for part in regime.stacked() for row in part.catalogue}
        sample = regime.id == "beijing-points" and not request.config.getoption("--whole")
        outs = list(rules_out(regime, tuple(sorted(ids)[::6]) if sample else ()))
        ids = set(sorted(ids)[::6]) if sample else ids
        assert ids <= {one.id for one in outs}
        for one in outs:
            assert one.regime is not None or one.why_not
            if one.regime is not None:
                assert world_name(one.regime) == f"{regime.id}+without-{one.id}"
                left = {row.id for part in one.regime.stacked() for row in part.catalogue}
                assert one.id not in left or one.kind != "catalogue"
        assert sum(one.regime is None for one in outs) <= 1
    assert "no-flight" in next(rules_out(worlds.town(), ("defaulters",))).with_it
    with pytest.raises(UsageError, match="Did you mean ticket"):
        list(rules_out(worlds.town(), ("tickt",)))


def test_a_rule_of_the_stack_gives_a_world_of_its_own(tmp_path: Path) -> None:
    """The head's own file is unchanged; the world still has a name of its own, and can be lived again."""
    head = load_regime("beijing-points")
    out = next(rules_out(head, ("evasion",)))
    assert out.regime is not None
    run = make(tmp_path / "run", head, out.regime, replays=1, months=8)
    assert run.worlds == ("beijing-points", "beijing-points+without-evasion")
    found = reach(run, *run.worlds)
    assert found.untraced == ("who was shown to a single in place of somebody else",)
    assert found.certified, found.unexplained[:5]
    assert set(found.others) == {"firms", "bodies"}
    again = Stage(run).regime(run.worlds[1])
    assert [one.id for one in again.stacked()] == [one.id for one in head.stacked()]
    assert "evasion" not in {row.id for part in again.stacked() for row in part.catalogue}


def test_intervals_of_paired_differences() -> None:
    value, low, high, sure, note = interval([1.0, 2.0, 3.0] * 4)
    assert value == 2.0
    assert low is not None
    assert high is not None
    assert low < 2.0 < high
    assert sure
    assert note == ""
    assert interval([0.0] * 12)[3:] == (False, "exactly no difference")
    assert interval([0.0, 0.0])[4].startswith("exactly no difference")
    assert "more replicates would be needed" in interval([1.0, -0.9] * 6)[4]
    assert interval([])[0] is None


def test_the_baseline_may_be_a_reform(tmp_path: Path) -> None:
    run = make(tmp_path / "run", worlds.town(), without("no-flight"), replays=1, months=2)
    assert run.baseline == "test-town+without-no-flight"


def test_evenly_spread() -> None:
    assert evenly(5, None) == evenly(5, 32) == (0, 1, 2, 3, 4)
    assert evenly(100, 4) == (12, 37, 62, 87)
    assert evenly(7, 1) == (3,)


def test_a_large_city_is_checked_in_some_subdistricts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixteen subdistricts with firms, of which three are lived again: nothing differs there, and a difference is found."""
    regime, base = load_regime("zhejiang-firms"), load_regime("none")
    city, settings = worlds.city(66_000, seed=4), {"months": 3, "seed": 4, "assumptions": worlds.busy()}
    run = simulate(regime, city, base=base, out=tmp_path / "run", **settings)  # type: ignore[arg-type]
    assert len(city.subdistricts) == 16
    places = (2, 8, 13)
    many = sum(run.subdistrict_sizes()[k] for k in places)
    check = placebo(run, "zhejiang-firms", most=3)
    assert check.holds, check.difference
    assert (check.residents, check.subdistricts, check.of_subdistricts, check.tables) == (many, 3, 16, 2)
    assert f"exactly 0 for the {many:,} residents of 3 of 16 subdistricts, evenly spread, in 1 replicate" in str(check)
    found = reach(run, *run.worlds, most=3)
    assert (found.subdistricts, found.of_subdistricts, found.persons) == (places, 16, many)
    assert found.certificate().startswith(
        f"Certificate: of {many:,} lives compared in 3 of 16 subdistricts, evenly spread,"
    )
    original = Stage.living

    def tampered(self: Stage, k: int, **how: Any) -> Living:
        living = original(self, k, **how)
        if k == 8:
            living.place.residents["waited"][7] += 1
        return living

    monkeypatch.setattr(Stage, "living", tampered)
    told = placebo(run, "zhejiang-firms", most=3)
    assert not told.holds
    assert "table outcomes, subdistrict 8, row 7, column waited: 0 here, 1 there" in str(told)


@pytest.mark.parametrize("seed", range(6))
def test_what_is_alike_in_both_lives_is_set_aside_and_nothing_else(seed: int) -> None:
    lots = np.random.default_rng(seed)

    def life(events: Any) -> Any:
        out = events[np.lexsort((np.arange(len(events)), events[:, 1], events[:, 0]))]
        for at in range(len(out)):
            out[at, 3] = 1 + out[at - 1, 3] if at and (out[at, :2] == out[at - 1, :2]).all() else 0
        return out

    shared = np.column_stack([lots.integers(0, most, 60) for most in (3, 5, 2, 1)])
    one, two = life(shared.copy()), life(shared[lots.random(60) < (0.9, 1.0)[seed % 2]])
    two[lots.random(len(two)) < 0.1, 2] = 7
    whole = {tuple(row) for row in one.tolist()} ^ {tuple(row) for row in two.tolist()}
    kept = [{tuple(row) for row in side.tolist()} for side in _that_may_differ(one, two)]
    assert kept[0] ^ kept[1] == whole
    months = {row[:2] for row in whole}
    assert {row[:2] for row in kept[0] | kept[1]} == months
