"""Claims are fixed before the run, tested over the assumptions, and answered in five fixed ways."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from counterscore.catalog import load_assumptions
from counterscore.claims import Found, check, check_claim, claim_ids, document, load_claim, read_claim
from counterscore.claims.claim import Border, Claim
from counterscore.errors import InputError, UsageError
from counterscore.measures import find_measure

CLAIM = """
format: 1
kind: claim
id: trial
text: More records under points than under none.
speaker: nobody
side: critics
source: {title: made up, kind: assumption}
written: "2026-11"
reading: adults with a record, less those without a scheme
measure: recorded
what: difference
world: {regime: suining-2010}
against: {regime: none}
setting: {city: demo, residents: 600, months: 8}
supported_if: {above: 0}
would_hold: somebody is recorded
would_not_hold: nobody is
vary: ["acts.traffic-violation.rate", "acts.traffic-violation.detection"]
cannot_show: anything else
"""


def trial(*changes: tuple[str, str]) -> Claim:
    text = CLAIM
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return read_claim(text, name="trial.yaml")


@pytest.mark.parametrize("name", claim_ids())
def test_every_claim_of_the_library_is_whole(name: str) -> None:
    claim = load_claim(name)
    assert claim.id == name
    assert claim.source.title
    assert claim.cannot_show.strip()
    if claim.testable:
        assert claim.varied(load_assumptions()), "nothing is varied"
        assert not any("glitch" in path for path in claim.varied(load_assumptions())), "a glitch is a shock"
        assert claim.measure is not None
        assert claim.echo or not find_measure(claim.measure).echo_of, "says nothing of what the measure repeats"


def test_both_sides_are_heard() -> None:
    claims = [load_claim(name) for name in claim_ids()]
    sides = [one.side for one in claims]
    assert sides.count("critics") >= 0.4 * len(sides)
    assert sides.count("supporters") + sides.count("plan") >= 0.4 * len(sides)
    assert sum(one.testable for one in claims) >= 12


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in claim_ids() if load_claim(name).testable])
def test_every_claim_has_something_to_measure(name: str) -> None:
    found = check_claim(load_claim(name), points=0, replays=2)
    assert found.as_they_are is not None
    assert len(found.as_they_are.results) == 2


def test_what_is_certain_holds_and_its_opposite_does_not() -> None:
    found = check_claim(trial(), points=25, replays=4)
    assert found.answer == "holds in this model"
    assert (found.share.holds, found.share.does_not, found.share.unclear) == (25, 0, 0)
    assert "it holds in 25 of them (100 %, 90 to 100)" in found.sentence
    opposite = check_claim(trial(("{above: 0}", "{below: 0}")), points=25, replays=4)
    assert opposite.answer == "does not hold in this model"
    assert opposite.movers == found.movers
    assert [one.results for one in opposite.points] == [one.results for one in found.points]


def test_what_flips_it_is_found() -> None:
    """Whether more than a few are recorded depends on how often traffic violations happen, and on that alone."""
    claim = trial(
        ("{above: 0}", "{above: 23.5}"),
        ("residents: 600", "residents: 2500"),
        (
            '["acts.traffic-violation.rate", "acts.traffic-violation.detection"]',
            '["acts.traffic-violation.rate", "response.tie", "partners.*", "lending.*"]',
        ),
    )
    found = check_claim(claim, points=30, replays=6)
    assert found.answer == "depends on"
    assert [flip.path for flip in found.flips] == ["acts.traffic-violation.rate"]
    assert found.flips[0].where_it_holds > found.flips[0].where_not
    assert found.box is not None
    assert found.box.density > 0.9
    assert found.box.right > found.box.guess
    assert found.condition.startswith("acts.traffic-violation.rate (with acts.traffic-violation.rate above ")
    assert found.movers[0].path == "acts.traffic-violation.rate"
    assert found.movers[0].high > found.movers[0].low
    assert [mover.path for mover in found.movers if mover.told] == ["acts.traffic-violation.rate"]


def test_a_ratio_compares_the_same_replays() -> None:
    same = check_claim(
        trial(("what: difference", "what: ratio"), ("{regime: none}", "{regime: suining-2010}")), points=1
    )
    assert all(one.results == (1.0,) * check.REPLAYS for one in same.points)
    against_nobody = check_claim(trial(("what: difference", "what: ratio")), points=1)
    assert all(one.results == (None,) * check.REPLAYS and one.holds is None for one in against_nobody.points)
    assert against_nobody.undefined == 1
    assert "nothing to measure" in against_nobody.sentence


def test_identical_worlds_are_never_higher_or_lower() -> None:
    claim = trial(("{regime: suining-2010}", "{regime: none}"))
    found = check_claim(claim, points=25, replays=2)
    assert all(point.estimate == 0 for point in found.points)
    assert found.answer == "does not hold in this model"
    assert found.movers == ()


def test_cannot_be_tested_here() -> None:
    found = check_claim(load_claim("approval"))
    assert found.answer == "cannot be tested here"
    assert "opinion" in found.sentence
    assert set(get_args(check.Answer)) >= {found.answer}


def test_the_sample_stays_within_the_ranges_and_is_the_same_again() -> None:
    known = load_assumptions()
    claim = load_claim("better-society")
    one, two = (check.sample(claim, known, 16, 3) for _ in range(2))
    assert one == two
    assert one != check.sample(claim, known, 16, 4)
    assert one[0] == {path: known[path] for path in claim.varied(known)}
    for path in claim.varied(known):
        row = known.table[path]
        assert row.low is not None
        assert row.high is not None
        values = [point[path] for point in one[1:]]
        assert row.low <= min(values) <= max(values) <= row.high or max(values) == pytest.approx(row.high)
        assert len(set(values)) == 16


def test_same_bits_for_any_threads_and_when_gone_on_with() -> None:
    claim = trial()
    whole = check_claim(claim, points=4, replays=2, threads=1)
    told: list[check.Point] = []
    first = check_claim(claim, points=4, replays=2, threads=2, told=told.append)
    assert first == whole
    assert told == [whole.as_they_are, *whole.points]
    lived: list[check.Point] = []
    rest = check_claim(claim, points=4, replays=2, known=told[:3], told=lived.append)
    assert rest == whole
    assert len(lived) == 2
    assert document([rest]) == document([whole])


def test_what_is_stopped_says_so() -> None:
    whole = check_claim(trial(), points=5, replays=2)
    part = check.sum_up(whole.claim, [whole.as_they_are, *whole.points[:2]], planned=5, replays=2, seed=1)  # type: ignore[list-item]
    assert part.partial
    assert not whole.partial
    assert part.sentence.startswith("Stopped after 2 of 5 settings. ")


@given(st.floats(-10, 10), st.floats(0, 5), st.floats(-10, 10))
def test_a_border_and_its_mirror_image_disagree_where_clear(middle: float, half: float, border: float) -> None:
    above, below = Border(above=border), Border(below=border)
    low, high = middle - half, middle + half
    if low <= border <= high and low != high:
        assert above.side_of(low, high) is None
        assert below.side_of(low, high) is None
    elif border not in (low, high):
        assert above.side_of(low, high) is not below.side_of(low, high)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("measure: recorded", "measure: recordd", "Did you mean recorded"),
        ("supported_if: {above: 0}", "supported_if: {above: 0, below: 1}", "one of above and below"),
        ("{regime: suining-2010}", "{regime: suinig-2010}", "no regime is called"),
        ("against: {regime: none}\n", "", "a difference needs a world"),
        ('"acts.traffic-violation.rate"', '"acts.trafic.rate"', "no assumption fits"),
        ("city: demo", "city: atlantis", "no city is called"),
        ("supported_if: {above: 0}\n", "", 'needs "supported_if"'),
        ("would_not_hold: nobody is\n", "", 'needs "would_not_hold"'),
    ],
)
def test_mistakes_are_told_with_their_place(old: str, new: str, said: str) -> None:
    with pytest.raises(InputError) as told:
        trial((old, new))
    assert "trial.yaml:" in str(told.value)
    assert said in str(told.value)


def test_names_that_do_not_exist() -> None:
    with pytest.raises(UsageError) as told:
        load_claim("green-chanel")
    assert "green-channel" in told.value.suggestion


def planted(claim: Claim, settings: int, replays: int, seed: int, away: float, shared: float) -> Found:
    """A check in a world whose result lies ``away`` above the border; settings share that much of the luck of a replay."""
    lots = np.random.default_rng((seed, settings, replays))
    luck = lots.normal(size=replays)
    points = []
    for values in check.sample(claim, load_assumptions(), settings, seed):
        own = lots.normal(size=replays)
        results = away + shared**0.5 * luck + (1 - shared) ** 0.5 * own
        points.append(check.point_of(claim, values, results.tolist()))
    return check.sum_up(claim, points, planned=settings, replays=replays, seed=seed)


@pytest.mark.parametrize("shared", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("settings", [8, 32])
def test_a_planted_zero_ends_in_no_answer(settings: int, shared: float) -> None:
    """Whatever luck the settings share: with all of it shared, one replay's luck carries every setting to one side."""
    found = [planted(trial(), settings, 4, seed, 0.0, shared) for seed in range(60)]
    assert sum(one.answer in check.DEFINITE for one in found) <= 7  # 3 expected at most
    assert not any(one.flat for one in found)
    assert all("at most 5 of 100" in one.design for one in found)


@pytest.mark.parametrize("shared", [0.0, 0.5, 1.0])
@pytest.mark.parametrize(("settings", "replays"), [(16, 4), (24, 4), (32, 3)])
def test_what_the_design_claims_to_see_is_found(settings: int, replays: int, shared: float) -> None:
    """One check says what it sees, from what it happened to live; others, so far from the border, must find it."""
    found = []
    for seed in range(60):
        sees = planted(trial(), settings, replays, seed, 0.0, shared).sees
        assert sees is not None
        found.append(planted(trial(), settings, replays, 1000 + seed, sees, shared))
    assert sum(one.answer == "holds in this model" for one in found) >= 50  # 54 expected at least


def test_what_a_design_sees_has_a_closed_form_where_much_is_known() -> None:
    """With very many replicates the spread is known: normal quantiles of the level and of the power of each setting."""
    each = 1 - (1 - check.POWER) * (24 - 16 + 1) / 24
    far = stats.norm.isf(check.LEVEL / 2) + stats.norm.ppf(each)
    assert check.visible(24, 4000) * np.sqrt(4000) == pytest.approx(far, rel=2e-3)
    assert check.visible(24, 3) > check.visible(24, 4) > check.visible(24, 10)


def test_a_design_too_small_for_an_answer_says_so() -> None:
    small = planted(trial(), 8, 6, 1, 50.0, 0.5)
    assert small.answer == "too noisy to tell"
    assert small.sees is None
    assert "8 settings are too few" in small.design
    assert planted(trial(), 24, 6, 1, 50.0, 0.5).answer == "holds in this model"


def test_depends_on_is_not_said_of_a_share_that_may_be_nearly_all() -> None:
    """Seven of eight: of nearly all plausible settings, or of half of them. Nobody can tell from eight."""
    claim = trial()
    values = check.sample(claim, load_assumptions(), 30, 1)
    sides = [
        check.point_of(claim, one, [9.0 * side, 9.1 * side, 8.9 * side, 9.05 * side])
        for one, side in zip(values, [1] * 8 + [-1] + [1, -1] * 11, strict=True)
    ]
    few = check.sum_up(claim, sides[:9], planned=8, replays=4, seed=1)
    assert (few.share.holds, few.share.does_not) == (7, 1)
    assert few.answer == "too noisy to tell"
    assert few.more_points is not None
    assert "they differ, but a share needs" in few.sentence
    assert check.sum_up(claim, sides, planned=30, replays=4, seed=1).answer == "depends on"


@pytest.mark.parametrize("missing", [None, float("nan"), float("inf")])
def test_one_missing_result_is_not_defined_and_changes_nothing_else(missing: float | None) -> None:
    claim = trial(
        (
            '["acts.traffic-violation.rate", "acts.traffic-violation.detection"]',
            '["acts.traffic-violation.rate", "response.tie"]',
        )
    )
    values = check.sample(claim, load_assumptions(), 64, 2)
    lots = np.random.default_rng(1)
    results = [[100 * one["acts.traffic-violation.rate"] + 0.01 * x for x in lots.normal(size=4)] for one in values]
    whole = check.sum_up(
        claim,
        [check.point_of(claim, one, r) for one, r in zip(values, results, strict=True)],
        planned=64,
        replays=4,
        seed=2,
    )
    holed: list[list[float | None]] = [list(one) for one in results]
    holed[10][2] = missing
    points = [check.point_of(claim, one, r) for one, r in zip(values, holed, strict=True)]
    found = check.sum_up(claim, points, planned=64, replays=4, seed=2)
    assert points[10].holds is None
    assert points[10].results[2] is None
    assert found.undefined == 1
    assert found.share.clear == whole.share.clear - 1
    assert [one.path for one in found.movers if one.told] == ["acts.traffic-violation.rate"]
    assert found.movers[0].rank_correlation == pytest.approx(whole.movers[0].rank_correlation, abs=0.02)
    assert document([found])["claims"][0]["settings"][9]["results"][2] is None


def test_luck_that_settings_share_moves_nothing() -> None:
    """The result follows an assumption in each replay, up or down by luck: no mover, though the settings all agree."""
    claim = trial()
    values = check.sample(claim, load_assumptions(), 40, 3)
    rates = np.array([one["acts.traffic-violation.rate"] for one in values])
    rates = (rates - rates.mean()) / rates.std()
    told = 0
    for seed in range(40):
        slopes = np.random.default_rng(seed).normal(size=4)
        points = [check.point_of(claim, one, (rate * slopes).tolist()) for one, rate in zip(values, rates, strict=True)]
        found = check.sum_up(claim, points, planned=40, replays=4, seed=3)
        told += any(mover.told for mover in found.movers)
    assert told <= 14  # 5 expected where slopes are normal, and 5 of 40 where only their signs count


def test_by_markovs_inequality_no_more_than_the_error_rate_ends_in_an_answer() -> None:
    """A share of settings that is clear with a probability of LEVEL each reaches HALF_CLEAR in LEVEL / HALF_CLEAR at most."""
    assert pytest.approx(check.ERROR_RATE) == check.LEVEL / check.HALF_CLEAR
    assert f"{100 * (1 - check.ERROR_RATE * check.HALF_CLEAR):g} % t interval" in check.RANGE_KIND
    assert check._reach(5) == pytest.approx(3.1634, abs=1e-4)  # the 98.75 % point of t with five degrees of freedom
