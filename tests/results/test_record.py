"""Records are read as data: what no run says is an input error with its place, at once."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from counterscore.cli import main
from counterscore.errors import InputError, RunError
from counterscore.provenance import portable_command
from counterscore.results import Run, read_record
from tests import folders

CHANGES: tuple[tuple[tuple[str | int, ...], Any], ...] = (
    (("replays",), "many"),
    (("replays",), 10**9),
    (("replays",), True),
    (("replays",), 2.5),
    (("months",), None),
    (("months",), -1),
    (("months",), 10**30),
    (("worlds",), []),
    (("worlds",), {}),
    (("worlds",), 3),
    (("worlds", 0, "name"), "../../elsewhere"),
    (("worlds", 0, "name"), "/tmp"),
    (("worlds", 0, "name"), ".."),
    (("worlds", 0, "name"), "a/b"),
    (("worlds", 0, "name"), "a\x1b[2J"),
    (("worlds", 0, "name"), "a" * 300),
    (("worlds", 0, "name"), "none"),
    (("worlds", 0, "title"), ["a"]),
    (("worlds", 0, "parts"), None),
    (("worlds", 0, "parts", 0, "files"), {"../..": "x"}),
    (("worlds", 0, "parts", 0, "files"), [1]),
    (("worlds", 0, "parts", 0, "id"), "../x"),
    (("worlds", 0, "parts", 0, "lists"), {"a": 1}),
    (("worlds", 0, "parts", 0, "grades"), "AAA"),
    (("baseline",), "nowhere"),
    (("city",), "beijing"),
    (("city", "id"), "../../etc"),
    (("city", "residents"), "400"),
    (("seed",), [0]),
    (("start",), "2018-13"),
    (("created",), "yesterday"),
    (("subjects",), ["cats"]),
    (("switches",), {"responses": 1}),
    (("software",), None),
    (("assumptions",), {"errors.untrue": {"value": "x", "given": True}}),
    (("assumptions",), {"errors.untrue": 3}),
    (("partial_folder",), "../elsewhere"),
)


def _changed(steps: tuple[str | int, ...], value: Any) -> Any:
    def change(record: Any) -> None:
        for step in steps[:-1]:
            record = record[step]
        record[steps[-1]] = value

    return change


@pytest.fixture(scope="module")
def copy(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folders.recorded_otherwise(run, tmp_path_factory.mktemp("records") / "run", lambda _: None).path


def _write(folder: Path, text: str) -> None:
    (folder / "record.json").write_text(text, encoding="utf-8", errors="surrogateescape")
    folders.seal(folder)


@pytest.mark.parametrize(("steps", "value"), CHANGES, ids=lambda one: str(one)[:40])
def test_what_no_run_says_is_told_with_its_place(
    run: Run, copy: Path, steps: tuple[str | int, ...], value: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    record = json.loads((run.path / "record.json").read_text())
    _changed(steps, value)(record)
    _write(copy, json.dumps(record, indent=1, ensure_ascii=False))
    began = time.monotonic()
    for command in (("numbers",), ("show",), ("run", "--resume")):
        code = main([command[0], *command[1:], str(copy)])
        shown = capsys.readouterr()
        assert code == 3, (command, shown.err)
        assert f"{copy}/record.json:" in shown.err
        assert "internal error" not in shown.err
        assert "\x1b" not in shown.err
        assert ":1:1: " not in shown.err or len(steps) == 1
    assert time.monotonic() - began < 60  # however deep or long: it takes about one


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "expecting value"),
        ("{", "expecting property name"),
        ("[]", "must be a mapping"),
        ("[" * 100_000, "nested too deep"),
        ('{"a":' * 40 + "1" + "}" * 40, "nested more than"),
        ('{"months": NaN}', "NaN, which is no number"),
        ('{"months": ' + "9" * 5000 + "}", "cannot be read"),
        ("\udcff", "not UTF-8"),
    ],
    ids=lambda one: one[:12],
)
def test_what_is_no_record(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "record.json").write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(InputError, match=said):
        read_record(tmp_path)


def test_an_absurd_size_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "record.json").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(RunError, match="larger than"):
        read_record(tmp_path)


def test_the_place_is_the_value(run: Run, copy: Path) -> None:
    record = json.loads((run.path / "record.json").read_text())
    record["worlds"][1]["title"] = 17
    text = json.dumps(record, indent=1, ensure_ascii=False)
    _write(copy, text)
    with pytest.raises(InputError) as found:
        Run(copy)
    at = found.value.problems[0].position
    assert text.splitlines()[at.line - 1][at.column - 1 :].startswith("17")


def test_the_command_of_a_record_is_what_one_types_to_get_the_same_figures() -> None:
    words = ["counterscore", "run", "/home/me/mine.yaml", "--city", "demo", "--json", "--progress", "json", "--yes"]
    more = ["--out", "/tmp/x", "--quiet", "--progress=none", "--seed", "3", "--no-color"]
    assert portable_command([*words, *more]) == "counterscore run mine.yaml --city demo --seed 3"
