"""The court list of an untouched city against the published ranges, and the record of how it was calibrated."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from counterscore.catalog import load_assumptions, load_city_spec, load_regime
from counterscore.catalog.calibration import Calibration, load_calibrations
from counterscore.city import synthesize
from counterscore.odd import sections
from counterscore.regime.model import Regime
from counterscore.regime.read import parse_regime, read_document
from counterscore.simulation import simulate
from counterscore.validation import private_score

SCRIPT = Path(__file__).parents[2] / "verification" / "calibrate_court_list.py"
SLACK = 0.15  #: of a bound: one run with other luck, shorter and not the one of the table


@pytest.fixture(scope="module")
def court_list() -> Calibration:
    return next(one for one in load_calibrations() if one.id == "court-list")


def _script() -> Any:
    spec = importlib.util.spec_from_file_location("calibrate_court_list", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_values_in_force_are_the_calibrated_ones(court_list: Calibration) -> None:
    table = load_assumptions().table
    assert len(court_list.assumptions) >= 5
    for path, value in court_list.assumptions.items():
        row = table[path]
        assert row.value == value, path
        assert row.low <= value <= row.high, path  # type: ignore[operator]
        assert "calibrated to the court list" in row.note, path
        assert row.mark in {"assumed", "derived"}, path
    able, unable = (table[f"acts.judgment-unpaid-{who}.detection"].value for who in ("able", "unable"))
    assert able == unable


def test_hits_and_misses_are_told(court_list: Calibration) -> None:
    for one in court_list.targets:
        assert one.hit == (one.low <= one.achieved <= one.high), one.target
        assert one.hit or one.why, one.target
        assert one.source.startswith("facts 2.1"), one.target
    assert all(one.hit for one in court_list.targets if one.searched)
    text = court_list.describe()
    assert "7 of 7 targets are met" in text
    for one in court_list.targets:
        assert one.target in text


def test_an_untouched_city_lies_inside_the_published_ranges(court_list: Calibration) -> None:
    """200,000 residents of Beijing under the courts' list for ten years, with another seed."""
    city = synthesize(load_city_spec("beijing"), residents=200_000, seed=77)
    found = _script().lived(load_assumptions(), city, 77, years=10)
    for one in court_list.targets:
        if one.searched:
            assert one.low * (1 - SLACK) < found[one.target] < one.high * (1 + SLACK), (one.target, found)


def test_the_regime_is_the_untouched_one(court_list: Calibration) -> None:
    assert load_regime(court_list.regime).reforms == ()


@pytest.fixture(scope="module")
def sesame() -> Calibration:
    return next(one for one in load_calibrations() if one.id == "sesame")


def test_the_starts_in_force_are_the_fitted_ones_and_say_so(sesame: Calibration) -> None:
    regime = load_regime(sesame.regime)
    assert regime.score
    assert regime.reforms == ()
    assert {one.id: one.start for one in regime.score.dimensions} == sesame.starts
    numbers = [one for one in regime.numbers() if one.path[:2] == ("score", "dimensions") and "start" in one.path]
    assert [one.mark for one in numbers] == ["assumed"] * 5
    assert next(iter(regime.files.values())).count("fitted, see calibrations/sesame.yaml") == len(sesame.starts)
    assert sesame.assumptions
    for path, value in sesame.assumptions.items():
        row = load_assumptions().table[path]
        assert row.value == value
        assert row.low <= value <= row.high  # type: ignore[operator]
        assert row.mark == "assumed"
        assert "calibrated to the private score" in row.note


def test_weights_and_borders_of_the_private_score_were_left_alone(sesame: Calibration) -> None:
    score = load_regime(sesame.regime).score
    assert score
    assert [one.weight for one in score.dimensions] == [35, 25, 20, 15, 5]
    assert [one.floor for one in score.grades] == [700, 650, 600, 550, 350]


def test_hits_and_misses_of_the_private_score_are_told(sesame: Calibration) -> None:
    for one in sesame.targets:
        assert one.hit == (one.low <= one.achieved <= one.high), one.target
        assert one.hit or one.why, one.target
        assert one.low <= one.published <= one.high, one.target
        assert one.source.startswith("facts 1.19"), one.target
    assert all(one.hit for one in sesame.targets if one.searched)
    text = sesame.describe()
    assert "2 of 2 targets are met" in text
    assert "5 assumed starts of the rule book" in text
    assert "is no evidence" in text
    assert all(one.target in text for one in sesame.targets)
    assert all(figure in text for figure in sesame.beside)


def test_an_untouched_city_comes_to_what_the_table_of_the_private_score_says(sesame: Calibration) -> None:
    """A smaller city with other luck: the same levels, so that another start shows (one point of a start is four of 100)."""
    city = synthesize(load_city_spec("beijing"), residents=40_000, seed=7)
    found, beside = private_score.lived(load_regime(sesame.regime), load_assumptions(), city, 7)
    assert found.keys() == {one.target for one in sesame.targets}
    assert beside.keys() == sesame.beside.keys()
    for one in sesame.targets:
        slack = 30 if one.unit == "yuan" else 1.5
        assert found[one.target] == pytest.approx(one.achieved, abs=slack), one.target
        assert (one.low <= found[one.target] <= one.high) == one.hit, one.target
    for name, value in sesame.beside.items():
        assert beside[name] == pytest.approx(value, abs=2.5), name


def test_the_method_text_says_where_a_run_has_other_starts(sesame: Calibration, tmp_path: Path) -> None:
    untouched = load_regime(sesame.regime)
    (name, text), *_ = untouched.files.items()
    line = f"start: {{value: {sesame.starts['fulfilment']}, source"
    other = parse_regime(read_document(text.replace(line, "start: {value: 20, source", 1), name=name), find=load_regime)
    calm: dict[str, Any] = {"months": 1, "replays": 1, "threads": 1}
    city = synthesize(load_city_spec("demo"), residents=300, seed=1)

    def told(regime: Regime, folder: str) -> str:
        record = simulate(regime, city, out=tmp_path / folder, **calm).record
        return next(one for one in dict(sections(record))["Submodels"] if sesame.title in one)

    assert "it is not calibrated" not in told(untouched, "one")
    assert "This run has other values of the start of fulfilment: it is not calibrated." in told(other, "two")
    assert "it is not calibrated" not in told(load_regime("suining-2010"), "three")


COMPARISONS = ("firms-tax", "firms-zhejiang")


@pytest.mark.parametrize("id_", COMPARISONS)
def test_comparisons_of_firms_tell_their_misses(id_: str) -> None:
    found = next(one for one in load_calibrations() if one.id == id_)
    in_force = load_assumptions()
    assert found.assumptions == {name: in_force[name] for name in found.assumptions}
    assert all(f"calibrations/{id_}.yaml" in in_force.table[name].note for name in found.assumptions)
    assert all(one.hit for one in found.targets if one.searched)
    for one in found.targets:
        assert one.hit == (one.low <= one.achieved <= one.high), one.target
        assert one.hit or one.why, one.target
        assert one.low <= one.published <= one.high, one.target
        assert one.source.startswith("facts 2."), one.target
    text = found.describe()
    searched = sum(one.searched for one in found.targets)
    assert f"{searched} of {searched} targets are met" in text
    assert all(one.target in text for one in found.targets)


@pytest.mark.parametrize("id_", ["travel", "passengers", "awareness", "wages"])
def test_everyday_figures_tell_their_misses(id_: str) -> None:
    found = next(one for one in load_calibrations() if one.id == id_)
    in_force = load_assumptions()
    assert found.assumptions == {name: in_force[name] for name in found.assumptions}
    for one in found.targets:
        assert one.hit == (one.low <= one.achieved <= one.high), one.target
        assert one.hit or one.why, one.target
        assert not one.searched or one.hit, one.target
        assert one.target in found.describe()


def test_levels_of_customs_were_fitted_with_the_rates_in_force() -> None:
    found = next(one for one in load_calibrations() if one.id == "firms-customs")
    in_force = load_assumptions()
    assert dict(found.assumptions) == {name: in_force[name] for name in ("firms.aeo", "acts.smuggling.rate")}
    assert all(one.hit for one in found.targets)
    assert [one.searched or bool(one.echo_of) for one in found.targets] == [True] * 4
    assert found.residents >= 4_000_000, "few firms trade abroad, and of these one in a hundred is on a list"


def test_grades_of_the_tax_office_come_out_as_the_table_says() -> None:
    """A smaller city with other luck, against the table's achieved values."""
    city = synthesize(load_city_spec("beijing"), residents=40_000, seed=7)
    found = dict(_firms().tax(city))
    kept = {one.target: one.achieved for one in next(c for c in load_calibrations() if c.id == "firms-tax").targets}
    assert found.keys() == kept.keys()
    for name, value in found.items():
        assert value == pytest.approx(kept[name], abs=1.5), name


@cache
def _firms() -> Any:
    spec = importlib.util.spec_from_file_location("compare_firms", SCRIPT.with_name("compare_firms.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module
