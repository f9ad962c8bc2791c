"""Echoes: what repeats an input is tagged, what does not is not, and the tag goes wherever the number goes."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path

import numpy as np
import pytest

from counterscore.catalog import load_assumptions, load_regime, synthesize
from counterscore.cli import main
from counterscore.echo import Elasticity, _ends, default_inputs, elasticity, measure_echoes, planned
from counterscore.errors import RunError, UsageError
from counterscore.measures import measure
from counterscore.paired import compare
from counterscore.report import build
from counterscore.results import ECHOES, Run
from counterscore.simulation import simulate
from tests import folders


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run whose echoes were measured for some inputs, one of which (errors.twice) makes nearly all rule errors."""
    made = simulate(
        load_regime("rongcheng-2013"),
        synthesize("beijing", residents=4000, seed=3),
        months=14,
        replays=10,
        seed=3,
        base=load_regime("none"),
        assumptions=load_assumptions().with_set("errors.twice=0.08"),
        out=tmp_path_factory.mktemp("runs") / "echoes",
    )
    inputs = ("errors.twice", "response.awareness", "response.gaming", "acts.*.detection")
    measure_echoes(made, inputs=inputs, residents=4000, replays=4)
    return Run(made.path)


def test_a_result_that_repeats_an_input_is_tagged(run: Run) -> None:
    found = measure(run, "rule_errors")[0]
    assert found.echo.startswith("errors.twice (elasticity ")


def test_a_result_that_does_not_is_not(run: Run) -> None:
    assert measure(run, "misconduct")[0].echo == ""
    assert measure(run, "rule_errors", world="none")[0].echo == ""
    twice = {row["measure"] for row in run.echoes["rows"] if row["input"] == "errors.twice" and row["echo"]}
    assert twice <= {"rule_errors", "wrongly_listed_rule"}


def test_the_difference_has_a_tag_of_its_own(run: Run) -> None:
    """Being recorded is a difference from nothing at all, so both answer alike."""
    value, gap = measure(run, "recorded")[0].echo, compare(run, "recorded").echo
    assert value == gap


def test_groups_are_not_tagged_with_what_was_measured_of_everybody(run: Run) -> None:
    assert all(row.echo == "" for row in measure(run, "recorded", by="registration"))


def test_it_is_kept_with_its_sample_and_can_be_added_to(run: Run, tmp_path: Path) -> None:
    told = json.loads((run.path / ECHOES).read_text())
    assert told["city"] == {"residents": 4000, "replays": 4}
    assert told["inputs"] == ["acts.*.detection", "errors.twice", "response.awareness", "response.gaming"]
    assert all(row["elasticity"] for row in told["rows"])
    measure_echoes(run, inputs=("response.tie",), residents=500, replays=2)
    more = Run(run.path).echoes
    assert "response.tie" in more["inputs"]
    assert {row["input"] for row in more["rows"]} >= {"errors.twice", "acts.*.detection"}


def test_the_report_says_so(run: Run) -> None:
    assert "(of 1,000 records; echo of errors.twice (elasticity" in build([run])


def test_elasticity_by_hand() -> None:
    low = np.array([10.0, 12.0, 8.0])
    step = math.log(1.25 / 0.8)
    for power in (1.0, -1.0, 0.5, 0.0):
        found = elasticity(low, low * (1.25 / 0.8) ** power, step)
        assert found == pytest.approx((power, power, power))


def test_an_elasticity_that_chance_hides_is_no_echo() -> None:
    """Of about 1 with an interval of -1 to 3, nothing can be said."""
    found = elasticity(np.array([1.0, 9.0, 2.0, 8.0]), np.array([9.0, 2.0, 16.0, 4.0]), math.log(1.25 / 0.8))
    assert found is not None
    assert not Elasticity("m", "value", "i", 1.0, found[1], found[2]).echo
    assert Elasticity("m", "value", "i", -1.0, -1.1, -0.9).echo
    assert not Elasticity("m", "value", "i", 1.25, 1.2, 1.3).echo


@pytest.mark.parametrize("low", [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [1.0, -1.0, 0.5]])
def test_what_has_no_logarithm_has_no_elasticity(low: list[float]) -> None:
    assert elasticity(np.array(low), np.array([1.0, 1.0, 1.0]), 0.4) is None


def test_whole_numbers_stay_whole_and_shares_below_one() -> None:
    known = load_assumptions()
    assert _ends(known, "circumstances.able_savings") == (1.0, 2.0)
    assert _ends(known, "circumstances.retirement_age") == (48.0, 75.0)
    assert _ends(known.with_set("errors.untrue=0.9"), "errors.untrue") == (pytest.approx(0.72), 1.0)


def test_default_inputs_leave_out_whoever_does_not_live_there() -> None:
    known = load_assumptions()
    with_firms = default_inputs(known, ("residents", "firms"))
    assert any(name.startswith("firms.") for name in with_firms)
    assert not any(name.startswith(("firms.", "bodies.")) for name in default_inputs(known, ("residents",)))
    assert not any(name.startswith("spread.") for name in default_inputs(known, ("residents", "firms", "bodies")))
    assert len(with_firms["acts.*.detection"]) > 50


def test_an_input_that_does_not_exist(run: Run) -> None:
    with pytest.raises(UsageError, match="no assumption fits"):
        measure_echoes(run, inputs=("erors.*",))


def test_a_damaged_file_is_named(run: Run, tmp_path: Path) -> None:
    shutil.copytree(run.path, tmp_path / "run")
    (tmp_path / "run" / ECHOES).write_text("{")
    folders.seal(tmp_path / "run")
    with pytest.raises(RunError, match=r"echoes\.json cannot be read"):
        Run(tmp_path / "run").echo("misconduct", "none")


def test_what_it_takes_is_said_before_it_begins(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """All inputs can take hours: how many there are, and how long, stands there before anything is lived."""
    said: list[str] = []
    monkeypatch.setattr("counterscore.echo.measure_echoes", lambda *_, **__: said.append(capsys.readouterr().err) or [])
    assert main(["numbers", str(run.path), "--echo"]) == 0
    assert "inputs to move, about " in said[0]
    assert "fewer: --inputs" in said[0]
    assert main(["numbers", str(run.path), "--echo", "--inputs", "errors.twice"]) == 0
    assert "1 input to move" in said[1]
    one, two = (planned(run, inputs=patterns) for patterns in (["errors.twice"], ["errors.twice", "errors.untrue"]))
    assert (one[0], two[0]) == (1, 2)
    assert one[1] > 0
