"""What moves a result and flips an answer: known by construction, from made-up settings that nobody lived through."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from scipy.stats import qmc

from counterscore.claims import Found, sum_up
from counterscore.claims.check import point_of
from counterscore.claims.flips import FEWEST_OF_EACH, elasticities
from tests.claims.test_claims import trial

CLAIM = trial()  # supported above 0
PATHS = tuple(f"a.{k:02d}" for k in range(30))
Result = Callable[[npt.NDArray[np.float64], np.random.Generator], list[float]]


def made_up(result: Result, *, points: int = 48, seed: int = 1, replays: int = 4) -> Found:
    """The answer to a claim whose replays give ``result(values, luck)`` in each of ``points`` settings of 30 assumptions."""
    luck = np.random.default_rng(seed)
    lots = np.vstack([np.full(len(PATHS), 0.5), qmc.LatinHypercube(len(PATHS), rng=luck).random(points)])
    settings = [point_of(CLAIM, dict(zip(PATHS, row.tolist(), strict=True)), result(row, luck)) for row in lots]
    return sum_up(CLAIM, settings, planned=points, replays=replays, seed=seed)


def noise(row: npt.NDArray[np.float64], luck: np.random.Generator) -> list[float]:
    return luck.normal(0, 1, 4).tolist()


def steady(value: float, luck: np.random.Generator) -> list[float]:
    return (value + luck.normal(0, 0.001, 4)).tolist()


def test_noise_alone_is_too_noisy_to_tell() -> None:
    for seed in range(30):
        found = made_up(noise, seed=seed)
        assert found.answer == "too noisy to tell"
        assert not found.flips
        assert found.box is None
        assert found.more_replays is None or found.more_replays > 4
        assert "replicates" in found.sentence


def test_noise_moves_nothing() -> None:
    told = [mover.path for seed in range(40) for mover in made_up(noise, seed=seed).movers if mover.told]
    assert len(told) <= 5


def test_the_replays_needed_are_those_that_part_the_middle_setting() -> None:
    found = made_up(lambda row, luck: luck.normal(0.2, 1, 4).tolist(), points=400)
    assert found.answer == "too noisy to tell"
    assert found.more_replays is not None
    assert 125 / 3 < found.more_replays < 125 * 3  # (2.24 / 0.2)² is 125; four replicates tell it roughly


@pytest.mark.parametrize("border", [0.3, 0.6])
def test_one_assumption_that_flips_it_is_found_and_no_other(border: float) -> None:
    others = 0
    for seed in range(10):
        found = made_up(lambda row, luck: steady(row[7] - border, luck), seed=seed)
        assert found.answer == "depends on"
        assert found.flips[0].path == "a.07"
        assert found.flips[0].where_it_holds > border > found.flips[0].where_not
        others += len(found.flips) - 1
        assert found.box is not None
        assert found.box.density == 1
        assert found.box.coverage == 1
        assert found.condition.startswith("a.07 (with a.07 above 0.")
        assert float(found.box.borders[0].split()[-1]) == pytest.approx(border, abs=0.06)
    assert others <= 2


def test_flips_the_other_way_round_are_told_the_other_way_round() -> None:
    found = made_up(lambda row, luck: steady(0.5 - row[3], luck))
    assert found.box is not None
    assert found.box.borders[0].startswith("a.03 up to 0.")
    assert found.movers[0].rank_correlation < -0.9


def test_what_does_not_follow_from_an_assumption_names_none() -> None:
    named = 0
    for seed in range(40):
        found = made_up(lambda row, luck: steady(luck.choice([-1.0, 1.0]), luck), seed=seed)
        assert found.answer == "depends on"
        if not found.flips:
            assert "48 settings do not single out among 30" in found.condition
        named += bool(found.flips)
    assert named <= 5


def test_no_flip_is_named_from_too_few() -> None:
    def rare(row: npt.NDArray[np.float64], luck: np.random.Generator) -> list[float]:
        return steady(row[7] - 0.93, luck)

    found = made_up(rare)
    assert 1 < found.share.holds < FEWEST_OF_EACH
    # Seven in a hundred may be one in twenty: more settings are needed before it may be said to depend on anything.
    assert (found.answer, found.flips) == ("too noisy to tell", ())
    assert found.more_points is not None
    assert made_up(lambda row, luck: steady(row[7] - 0.5, luck), points=9).flips == ()


def test_two_assumptions_together() -> None:
    found = made_up(lambda row, luck: steady(1.0 if row[2] > 0.5 and row[9] < 0.6 else -1.0, luck), points=200)
    assert {flip.path for flip in found.flips[:2]} == {"a.02", "a.09"}
    assert found.box is not None
    assert {border.split()[0] for border in found.box.borders} == {"a.02", "a.09"}
    assert found.box.density > 0.95


def test_a_border_that_sorts_no_better_than_a_guess_is_not_told() -> None:
    def loose(row: npt.NDArray[np.float64], luck: np.random.Generator) -> list[float]:
        return steady(1.0 if luck.random() < 0.55 + 0.4 * row[5] else -1.0, luck)

    for seed in range(20):
        found = made_up(loose, points=200, seed=seed)
        if found.flips and found.box is None:
            assert "no border of them" in found.condition
            return
    pytest.fail("no such sample among twenty")


def test_all_agree_but_too_few_settings() -> None:
    few, many = (made_up(lambda row, luck: steady(1, luck), points=n) for n in (12, 16))
    assert few.answer == "too noisy to tell"
    assert few.more_points == 16 - 12
    assert "about 4 more settings" in few.sentence
    assert many.answer == "holds in this model"
    found = made_up(lambda row, luck: steady(-1, luck), points=16)
    assert found.answer == "does not hold in this model"
    assert "does not hold in this model; holds in 0, does not in 16, not clear in 0 of 16 settings" in repr(found)
    assert len(repr(found).splitlines()) < 10


@pytest.mark.parametrize(
    ("border", "answer"), [(0.02, "holds"), (0.12, "depends on"), (0.88, "depends on"), (0.98, "does not hold")]
)
def test_nearly_all_settings_are_what_it_takes(border: float, answer: str) -> None:
    found = made_up(lambda row, luck: steady(row[0] - border, luck), points=50)
    assert found.answer.startswith(answer)


def test_the_interval_of_the_share_is_wilsons() -> None:
    found = made_up(lambda row, luck: steady(row[0] - 0.25, luck), points=40)
    assert (found.share.holds, found.share.does_not) == (30, 10)
    # (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n), with p = 0.75, n = 40, z = 1.6449
    assert found.share.low == pytest.approx(0.62403, abs=1e-5)
    assert found.share.high == pytest.approx(0.84430, abs=1e-5)


def test_settings_without_a_result_are_unclear() -> None:
    found = made_up(lambda row, luck: [] if row[0] < 0.7 else steady(1, luck))
    assert found.share.unclear > 24
    assert found.answer == "too noisy to tell"
    assert "nothing to measure" in found.sentence


def test_echo_is_told_for_what_is_repeated_and_not_for_what_only_matters() -> None:
    found = made_up(lambda row, luck: steady(3 * row[4] * (1 + 0.1 * row[5]) + 0.001, luck))
    by_path = {mover.path: mover for mover in found.movers}
    assert by_path["a.04"].echo
    assert by_path["a.04"].elasticity == pytest.approx(1, abs=0.1)
    assert [mover.path for mover in found.movers if mover.echo] == ["a.04"]
    weak = made_up(lambda row, luck: steady(row[4] ** 0.3, luck))
    assert weak.movers[0].path == "a.04"
    assert weak.movers[0].told
    assert not weak.movers[0].echo


def test_elasticities_are_those_of_a_power_law() -> None:
    rng = np.random.default_rng(1)
    table = np.exp(rng.normal(size=(60, 3)))
    results = 2 * table[:, 0] ** 1.0 * table[:, 1] ** -0.5
    assert elasticities(table, results) == pytest.approx([1.0, -0.5, 0.0], abs=1e-9)
    assert elasticities(table, -results) == pytest.approx([1.0, -0.5, 0.0], abs=1e-9)
    assert elasticities(table, results - results.max()) == [None] * 3


def test_what_no_assumption_moves_is_an_echo_of_the_rule_book() -> None:
    same = made_up(lambda row, luck: steady(2 + 0.02 * row[1], luck))
    assert same.flat
    assert same.sentence.endswith("an echo of the rule book.")
    assert not made_up(lambda row, luck: steady(2 + row[1], luck)).flat
    assert not made_up(lambda row, luck: steady(luck.choice([-1.0, 1.0]), luck)).flat
    assert not made_up(noise).flat
