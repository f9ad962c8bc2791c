"""Arguments are taken as the pages say, and answers name what is meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from counterscore.cli import main
from tests.worlds import TOWN

REFORM = """format: 1
kind: reform
id: cut
title: a shorter term
sources: {what-if: {title: what-if, kind: assumption}}
changes:
  - {set: lists.published-names.term, to: 1 month, source: what-if, mark: assumed}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("town.yaml").write_text(TOWN, encoding="utf-8")
    Path("cut.yaml").write_text(REFORM, encoding="utf-8")


def test_also_takes_a_file_of_a_reform(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "suining-2010", "--also", "cut.yaml", "--city", "demo", "--dry-run"]) == 0
    assert "Suining mass credit with cut" in capsys.readouterr().out


def test_case_asks_for_a_file_of_cases(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["case", "town.yaml"]) == 2
    assert "town.yaml has no cases of its own" in capsys.readouterr().err


def test_case_applies_reforms(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["case", "suining-2010", "--with", "cut.yaml"]) == 0
    told = capsys.readouterr().out
    assert "As they were expected to be without cut.yaml" in told
    assert main(["case", "suining-2010"]) == 0
    assert capsys.readouterr().out != told


def test_a_choice_left_open_is_carried_to_the_result(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["case", "suining-2010"]) == 0
    assert "As the official chooses: score 950 to 990; grade B to A" in capsys.readouterr().out


@pytest.mark.parametrize("start", ["0000-01", "1899-12"])
def test_no_run_begins_in_antiquity(start: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "town.yaml", "--city", "demo", "--start", start, "--dry-run"]) == 2
    assert "1900" in capsys.readouterr().err


def test_another_start_is_another_run(capsys: pytest.CaptureFixture[str]) -> None:
    words = [
        "run",
        "town.yaml",
        "--city",
        "demo",
        "--residents",
        "100",
        "--months",
        "1",
        "--replicates",
        "1",
        "--yes",
        "--progress",
        "none",
    ]
    for start in ("2005-01", "2018-01"):
        assert main([*words, "--start", start]) == 0
        assert "same run" not in capsys.readouterr().err
    assert main([*words, "--start", "2018-01"]) == 0
    assert "same run" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("force", "start", "months", "outside"),
    [
        ("{from: '2021-01'}", "2018-01", 36, True),
        ("{from: '2021-01'}", "2018-01", 37, False),
        ("{from: '2010', to: '2014'}", "2015-01", 12, True),
        ("{from: '2010', to: '2014'}", "2014-12", 12, False),
        ("{from: '2018-01-30', to: '2018-01-31'}", "2018-01", 1, False),
        ("{from: '2019'}", "2018-01", 12, True),
    ],
)
def test_months_outside_the_time_in_force_are_said(
    force: str, start: str, months: int, outside: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("old.yaml").write_text(TOWN.replace("status: scenario", f"status: scenario\nin_force: {force}"), "utf-8")
    words = ["run", "old.yaml", "--city", "demo", "--start", start, "--months", str(months), "--dry-run"]
    assert main(words) == 0
    assert ("lie outside" in capsys.readouterr().err) is outside
