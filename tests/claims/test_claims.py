"""Claims are fixed before the run, tested over the assumptions, and answered in five fixed ways."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterscore.catalog import load_assumptions
from counterscore.claims import check, check_claim, claim_ids, load_claim, read_claim
from counterscore.claims.claim import Border, Claim
from counterscore.errors import InputError, UsageError

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
        assert claim.reading.strip()


def test_both_sides_are_heard() -> None:
    sides = [load_claim(name).side for name in claim_ids()]
    assert min(sides.count("critics"), sides.count("supporters") + sides.count("plan")) >= 3


def test_what_is_certain_holds_and_its_opposite_does_not() -> None:
    found = check_claim(trial(), points=10, replays=3)
    assert found.answer == "holds in this model"
    assert found.share == 1
    assert found.clear == 11
    assert "100 %" in found.sentence
    opposite = check_claim(trial(("{above: 0}", "{below: 0}")), points=10, replays=3)
    assert opposite.answer == "does not hold in this model"
    assert opposite.movers == found.movers


def test_what_flips_it_is_found() -> None:
    """Whether more than a few are recorded depends on how often traffic violations happen, and on that alone."""
    claim = trial(
        ("{above: 0}", "{above: 23.5}"),
        ("residents: 600", "residents: 2500"),
        (
            '["acts.traffic-violation.rate", "acts.traffic-violation.detection"]',
            '["acts.traffic-violation.rate", "response.tie"]',
        ),
    )
    found = check_claim(claim, points=24, replays=4)
    assert found.answer == "depends on"
    assert "acts.traffic-violation.rate" in found.condition
    assert found.movers[0].path == "acts.traffic-violation.rate"
    assert found.movers[0].high > found.movers[0].low
    assert {mover.path: mover.echo for mover in found.movers}.get("response.tie", False) is False


def test_identical_worlds_are_never_higher_or_lower() -> None:
    claim = trial(("{regime: suining-2010}", "{regime: none}"))
    found = check_claim(claim, points=10, replays=3)
    assert all(point.estimate == 0 for point in found.points)
    assert found.answer == "does not hold in this model"
    assert found.movers == ()


def test_few_replays_in_a_small_town_are_too_noisy() -> None:
    claim = trial(("measure: recorded", "measure: misconduct"), ("residents: 600", "residents: 150"))
    found = check_claim(claim, points=12, replays=2)
    assert found.answer in {"too noisy to tell", "depends on"}
    if found.answer == "too noisy to tell":
        assert found.more_replays is None or found.more_replays >= 1


def test_cannot_be_tested_here() -> None:
    found = check_claim(load_claim("approval"))
    assert found.answer == "cannot be tested here"
    assert "opinion" in found.sentence
    assert set(get_args(check.Answer)) >= {found.answer}


def test_the_sample_stays_within_the_ranges_and_is_the_same_again() -> None:
    known = load_assumptions()
    paths = load_claim("better-society").varied(known)
    one, two = (check._sample(known, paths, 16, 3) for _ in range(2))
    assert one == two
    assert one[0] == {path: known[path] for path in paths}
    for point in one[1:]:
        for path, value in point.items():
            row = known.table[path]
            assert row.low is not None
            assert row.high is not None
            assert row.low <= value <= row.high or value == pytest.approx(row.low) or value == pytest.approx(row.high)


@given(st.floats(-10, 10), st.floats(0, 5), st.floats(-10, 10))
def test_a_border_and_its_mirror_image_disagree_where_clear(middle: float, half: float, border: float) -> None:
    above, below = Border(above=border), Border(below=border)
    low, high = middle - half, middle + half
    if low <= border <= high and low != high:
        assert above.side_of(low, high) is None
        assert below.side_of(low, high) is None
    elif border not in (low, high):
        assert above.side_of(low, high) is not below.side_of(low, high)


def test_elasticities_are_those_of_a_power_law() -> None:
    rng = np.random.default_rng(1)
    table = np.exp(rng.normal(size=(60, 3)))
    results = 2 * table[:, 0] ** 1.0 * table[:, 1] ** -0.5
    found = check._elasticities(table, results)
    assert found is not None
    assert found == pytest.approx([1.0, -0.5, 0.0], abs=1e-9)
    assert check._elasticities(table, results - results.max()) is None


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
