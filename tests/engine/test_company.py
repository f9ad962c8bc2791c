"""A private score in company: who shows it to whom by rule, and what friends and singles make of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from counterscore.engine.layout import COUNTER, NO_GRADE
from tests import worlds

RULE = "{friends: may, mates: may"
QUICK: dict[str, Any] = {"months": 14, "residents": 700}


def _live(friends: str = "may", mates: str = "may", /, **settings: Any) -> tuple[dict[str, int], dict[str, np.ndarray]]:
    club = worlds.club((RULE, f"{{friends: {friends}, mates: {mates}"))
    chosen = worlds.busy(**{name: value for name, value in settings.items() if "__" in name})
    rest = QUICK | {name: value for name, value in settings.items() if "__" not in name}
    plan, result = worlds.live(club, assumptions=chosen, **rest)
    counted = {name: int(result.totals["counts"][:, at].sum()) for name, at in COUNTER.items()}
    return counted, worlds.columns(plan, result)


def test_what_no_rule_book_lets_be_shown_is_seen_by_nobody() -> None:
    counted, columns = _live("never", "never")
    for name in ("shown", "profiles_shown", "ties_low", "ties_hidden", "ties_sought", "views_told"):
        assert counted[name] == 0, name
    assert columns["shows"].sum() == columns["watchers"].sum() == columns["profile"].sum() == 0
    silent, same = _live("never", "never", partners__withheld=1, partners__appeal=1, partners__ask=0.5)
    assert counted == silent  # what others would make of a score makes no difference
    for name, column in columns.items():
        assert (column == same[name]).all(), name


def test_a_rule_book_that_does_not_say_shows_nothing() -> None:
    left_out = worlds.club(("shown: {friends: may, mates: may, source: a, mark: assumed}\n", ""))
    one = worlds.columns(*worlds.live(left_out, **QUICK))
    _, two = _live("never", "never")
    for name, column in one.items():
        assert (column == two[name]).all(), name


def test_must_may_asked_and_never_show_in_this_order() -> None:
    shown = {}
    for rule in ("never", "may", "asked", "must"):
        _, columns = _live(rule, rule, partners__show=0.02)
        rated = (columns["taking_part"] == 1) & (columns["private_grade"] != NO_GRADE)
        shown[rule] = [float(columns[name][rated].mean()) for name in ("shows", "profile")]
        if rule in {"may", "asked"}:
            lowest = rated & (columns["private_grade"] == columns["private_grade"][rated].max())
            assert columns["profile"][lowest].sum() == 0
    for to in (0, 1):
        never, may, asked, must = (shown[rule][to] for rule in ("never", "may", "asked", "must"))
        assert never == 0 < may < asked < must == 1, shown


def test_friends_and_singles_are_told_apart() -> None:
    counted, columns = _live("must", "never")
    assert columns["shows"].sum() > 0 == columns["profile"].sum()
    assert counted["views_told"] == 0 < counted["views"]
    counted, columns = _live("never", "must")
    assert columns["profile"].sum() > 0 == columns["shows"].sum()
    assert counted["ties_low"] + counted["ties_hidden"] == 0 < counted["views_told"]


def test_showing_nothing_counts_as_far_as_it_is_assumed_to() -> None:
    lost = [_live(partners__withheld=share)[0]["ties_hidden"] for share in (0, 0.5, 1)]
    assert lost[0] == 0 < lost[1] < lost[2]


def test_only_a_score_that_is_shown_can_be_seen_as_low() -> None:
    """Nobody drops a friend over a score that the friend shows nobody."""
    _, columns = _live(partners__withheld=0)
    never_shown = (columns["shown"] == 0) & (columns["ties_low"] > 0)
    assert not never_shown.any()
    assert (columns["ties_low"] > 0).any()
    assert (columns["below"] <= columns["watchers"]).all()
    assert columns["below"][columns["shows"] == 0].sum() == 0


def test_a_score_on_a_profile_and_silence_about_it_change_who_is_liked() -> None:
    def liked(counted: dict[str, int]) -> tuple[float, float]:
        told = counted["likes_told"] / counted["views_told"]
        return told, (counted["likes"] - counted["likes_told"]) / (counted["views"] - counted["views_told"])

    settings: dict[str, Any] = {"partners__look": 0.4, "partners__like": 0.5, "residents": 1200}
    plain, kept, blamed = (
        liked(_live("never", "may", partners__appeal=appeal, partners__withheld=share, **settings)[0])
        for appeal, share in ((0, 1), (0.8, 0), (0.8, 1))
    )
    assert kept[0] != plain[0]  # the score itself is liked or disliked
    assert kept[1] > 0.7 * plain[1]  # where silence says nothing, the silent are liked as before
    assert blamed[1] < 0.5 * plain[1]  # and where it is taken for a low score, much less


def test_ties_end_and_people_are_left_with_fewer_where_everybody_is_shown() -> None:
    """The claim that a shown score sorts people can hold and can fail: friends' scores, over ties now and at the start."""
    sorted_ = {}
    for rule in ("never", "must"):
        club = worlds.club((RULE, f"{{friends: {rule}, mates: never"))
        assumptions = worlds.busy(partners__drop=0.08, partners__gap=0.05, response__tie=0)
        _, result = worlds.live(club, months=26, residents=900, assumptions=assumptions)
        before, now = (_correlation(sums) for sums in result.totals["mixing"])
        sorted_[rule] = now - before
    assert abs(sorted_["never"]) < 0.01
    assert sorted_["must"] > 0.05


def _correlation(sums: np.ndarray) -> float:
    ends, total, squares, products = (float(one) for one in sums)
    mean = total / ends
    return (products / ends - mean**2) / (squares / ends - mean**2)
