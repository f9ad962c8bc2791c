"""Messages that were poor, each held: what is wrong, and what to write instead."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from counterscore.cli import main
from counterscore.errors import UsageError
from counterscore.results import Run
from tests import folders, worlds
from tests.cli.conftest import SOURCE, Counterscore, Shown

RUN = ("run", "mine.yaml", "--city", "demo", "--residents", "400", "--months", "6", "--progress", "none", "--quiet")


@pytest.fixture
def counterscore(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Counterscore:
    """The same as a command in an empty folder, in this process: these tests are many and about words."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> Shown:
        code = main(arguments)
        out, err = capsys.readouterr()
        return Shown(code, out, err)

    return call


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    (tmp_path / "mine.yaml").write_text(worlds.TOWN)
    return tmp_path / "mine.yaml"


@pytest.mark.parametrize(
    ("arguments", "wrong", "write"),
    [
        (("run", "none", "--months", "3 weeks"), "a length of time", "3y"),
        (("run", "none", "--months", "0"), "1 to 1,200 months", "36"),
        (("run", "none", "--residents", "10q"), "whole number", "20k"),
        (("run", "none", "--residents", "0"), "at least 1 resident", "20k"),
        (
            ("run", "beijing-points", "--also", "appeals=60d"),
            'no regime or reform is called "appeals=60d"',
            "appeals-60d",
        ),
        (("run", "none", "--start", "0000-01"), "from 1900-01 on", ""),
        (("list",), "say what to list", "regimes, reforms"),
        (("show",), "say what to show", "show latest"),
        (("chart",), "say which chart", "chart doors latest"),
        (("claim", "list"), "nothing that claim does", "counterscore list claims"),
        (("claim",), "say what to do", "claim check"),
        (("numbers", "--topic", "erors"), "no topic", "Did you mean errors?"),
    ],
)
def test_a_message_says_what_to_write(counterscore, arguments, wrong, write):
    shown = counterscore(*arguments)
    assert shown.code == 2
    assert wrong in shown.err
    assert write in shown.err
    assert "unable to parse" not in shown.err


def test_lengths_and_counts_are_read_as_people_write_them(counterscore, mine):
    shown = counterscore(
        "run", "mine.yaml", "--city", "demo", "--months", "2y", "--residents", "1k", "--dry-run", "--json"
    )
    assert (shown.data["months"], shown.data["residents"]) == (24, 1000)


def test_a_key_that_does_not_exist_is_told_the_right_way_round(counterscore, mine):
    mine.write_text(worlds.TOWN.replace("points: -5,", "point: -5,"))
    shown = counterscore("check", "mine.yaml")
    assert '"point" is not a field of a row of the catalogue' in shown.out


def test_a_file_without_cases_is_not_called_unknown(counterscore, mine):
    shown = counterscore("case", "mine.yaml")
    assert shown.code == 2
    assert "mine.yaml has no cases of its own" in shown.err


def test_also_takes_a_reform_file(counterscore, mine, tmp_path):
    (tmp_path / "cut.yaml").write_text(
        "format: 1\nkind: reform\nid: cut\ntitle: a reform\nsources: {w: {title: what-if, kind: assumption}}\n"
        "changes:\n  - {set: lists.cards.term, to: 1 month, source: w, mark: assumed}\n"
    )
    shown = counterscore(*RUN, "--replicates", "1", "--also", "cut.yaml", "--dry-run", "--json")
    assert shown.code == 0, shown.err
    assert shown.data["worlds"] == ["test-town", "test-town"] or len(shown.data["worlds"]) == 2


def test_another_start_is_another_run(counterscore, mine):
    places = [
        counterscore(*RUN, "--replicates", "1", "--start", start, "--dry-run", "--json").data["out"]
        for start in ("2005-01", "2018-01")
    ]
    assert len(set(places)) == 2


def test_resume_adds_replicates_and_refuses_other_settings(counterscore, mine):
    assert counterscore(*RUN, "--replicates", "2", "--out", "o").code == 0
    refused = counterscore(
        "run", "--resume", "o", "--replays", "4", "--months", "24", "--seed", "9", "--set", "errors.untrue=0.5",
        "--also", "suining-2010", "--base", "suining-2010", "--residents", "500", "--city", "beijing",
    )  # fmt: skip
    assert refused.code == 2
    for option in (
        "--months 24",
        "--seed 9",
        "--set errors.untrue=0.5",
        "--also suining-2010",
        "--base",
        "--residents",
        "--city",
    ):
        assert option in refused.err
    assert "--replicates" not in refused.err.splitlines()[0]
    fewer = counterscore("run", "--resume", "o", "--replicates", "1")
    assert fewer.code == 2
    assert "only be added" in fewer.err
    same = counterscore(
        "run", "--resume", "o", "--months", "6", "--seed", "1", "--replicates", "4", "--progress", "none"
    )
    assert same.code == 0, same.err
    assert counterscore(*RUN, "--replicates", "4", "--out", "whole").code == 0
    assert counterscore("digest", "o").out == counterscore("digest", "whole").out
    assert counterscore(*RUN, "--resume", "--replays", "5", "--out", "o").code == 0
    assert counterscore("numbers", "o", "--json").data["replays"] == 5


def test_partial_and_stale_runs_say_so_in_every_output(counterscore, mine, tmp_path):
    assert counterscore(*RUN, "--replicates", "2", "--out", "whole").code == 0
    (tmp_path / "runs").mkdir()
    folders.without(Run(tmp_path / "whole"), tmp_path / "runs" / "o", [("none", 1)])
    for arguments in (("list", "runs"), ("show", "o"), ("numbers", "o")):
        shown = counterscore(*arguments)
        assert "partial: 3 of 4 parts" in (shown.out + shown.err).lower(), arguments
        assert "stale:" not in (shown.out + shown.err).lower()
    mine.write_text(worlds.TOWN.replace("points: -5,", "points: -6,"))
    for arguments in (("list", "runs"), ("show", "o"), ("numbers", "o")):
        shown = counterscore(*arguments)
        assert "stale: mine.yaml" in (shown.out + shown.err).lower(), arguments
    assert counterscore("numbers", "o", "--json").data["stale"] == ["mine.yaml"]


def test_spells_are_written_one_number_a_cell(counterscore, mine, tmp_path):
    assert counterscore(*RUN, "--replicates", "2", "--months", "12", "--out", "o").code == 0
    for command in ("spells", "stays"):
        assert counterscore(command, "o", "--out", "x.csv").code == 0
    with (tmp_path / "x.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    assert not any(str(cell).startswith(("{", "[")) for row in rows for cell in row.values())
    assert any(name.startswith("ended_cut_off") for name in rows[0])


def test_the_first_sign_of_life_comes_before_anything_is_loaded(counterscore):
    assert counterscore("run", "no-such-regime").err.startswith("Preparing")
    heavy = "{'scipy', 'pandas', 'numba', 'pydantic', 'pyarrow', 'statsmodels', 'sklearn', 'numpy'}"
    code = f"import sys, counterscore.cli; print(*sorted({heavy} & set(sys.modules)))"
    loaded = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )
    assert loaded.stdout.split() == []


def test_lengths_in_python() -> None:
    from counterscore.amounts import count_of, months_of

    assert (months_of("3y"), months_of(7), count_of("2.5k")) == (36, 7, 2500)
    for wrong in ("3w", "", "-3", "1.5y"):
        with pytest.raises(UsageError):
            months_of(wrong)
    with pytest.raises(UsageError):
        count_of("1.2345k")


def test_progress_as_json_begins_before_the_run_has_a_folder(counterscore, mine):
    shown = counterscore(
        "run",
        "mine.yaml",
        "--city",
        "demo",
        "--residents",
        "60",
        "--months",
        "1",
        "--replicates",
        "1",
        "--progress",
        "json",
        "--json",
    )
    lines = [json.loads(line) for line in shown.err.splitlines() if line.startswith("{")]
    assert lines[0]["run"] is None
    assert lines[-1]["replays_done"] == 1
