"""What ``--set`` takes: every value that can be, none that cannot, and a word where it lies outside the range."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from counterscore.catalog import load_assumptions
from counterscore.cli import main
from counterscore.engine.field import Held
from counterscore.engine.fields import HELD
from counterscore.errors import UsageError

ROWS = load_assumptions().rows
IMPOSSIBLE = ("nan", "inf", "-inf", "1e300", "-0.1", "-1000000", "1e12")
TICKET = """format: 1
id: ticket
title: One row
place: Testville
status: scenario
sources: {mine: {title: made up, kind: assumption}}
authorities: {police: {label: Police, contexts: [traffic]}}
catalogue:
  - {id: traffic, label: Traffic violation, act: [traffic-violation], authority: police, validity: 12 months, source: mine, mark: assumed}
"""


def test_values_and_ends_of_ranges_are_possible() -> None:
    for row in ROWS:
        assert row.low is not None, row.path
        assert row.high is not None, row.path
        assert row.low < row.high, f"{row.path}: a range of no width is no range"
        assert row.low <= row.value <= row.high, row.path
        for value in (row.value, row.low, row.high):
            assert not row.refusal(float(int(value)) if row.whole else value), row.path
        assert row.unit, row.path


@pytest.mark.parametrize("text", IMPOSSIBLE)
def test_no_assumption_takes_what_cannot_be(text: str) -> None:
    for row in ROWS:
        if text.startswith("-") and math.isfinite(float(text)) and float(text) >= row.possible[0]:
            continue
        with pytest.raises(UsageError) as raised:
            load_assumptions().with_set(f"{row.path}={text}")
        assert row.path in raised.value.message


def test_a_chance_ends_at_one_and_a_count_is_whole() -> None:
    chances = [row for row in ROWS if row.possible == (0, 1)]
    assert len(chances) > 300
    for row in chances:
        with pytest.raises(UsageError, match="from 0 to 1"):
            load_assumptions().with_set(f"{row.path}=1.000001")
    counts = [row for row in ROWS if row.whole]
    assert len(counts) > 30
    for row in counts:
        with pytest.raises(UsageError, match="whole number"):
            load_assumptions().with_set(f"{row.path}={row.value + 0.5}")


def test_what_the_engine_takes_as_whole_is_whole_here() -> None:
    by_name = {row.path.replace(".", "_", 1): row for row in ROWS}
    whole = [name for name, held in HELD.items() if held is Held.WHOLE]
    assert len(whole) > 20
    assert [name for name in whole if not by_name[name].whole] == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("acts.volunteering.amount.least=9", ""),
        ("acts.donation.amount.most=10", ""),
        ("bodies.due_least=5", "bodies.due_most=4"),
        ("bodies.amount_least=0.7", ""),
    ],
)
def test_the_least_is_not_more_than_the_most(first: str, second: str) -> None:
    chosen = load_assumptions().with_set(first) if second else load_assumptions()
    with pytest.raises(UsageError, match="more than"):
        chosen.with_set(second or first)


def test_outside_the_range_is_possible_and_said() -> None:
    chosen = load_assumptions().with_set("errors.untrue=0.5")
    assert [row.path for row in chosen.outside()] == ["errors.untrue"]
    assert chosen.as_record()["errors.untrue"]["outside_range"] is True
    assert "outside_range" not in load_assumptions().with_set("errors.untrue=0.0005").as_record()["errors.untrue"]


@pytest.mark.parametrize(
    "setting", ["errors.untrue=2", "recording.group=30.5", "errors.untrue=nan", "acts.loan-arrears.detection=-3"]
)
@pytest.mark.parametrize("dry", [True, False])
def test_run_refuses_before_anything_is_lived(setting: str, dry: bool, tmp_path: Path, capsys) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "t.yaml").write_text(TICKET, encoding="utf-8")
    out = tmp_path / "out"
    words = [
        "run",
        str(tmp_path / "t.yaml"),
        "--city",
        "demo",
        "--months",
        "2",
        "--replicates",
        "1",
        "--yes",
        "--out",
        str(out),
    ]
    assert main([*words, "--set", setting, *(["--dry-run"] if dry else [])]) == 2
    path, value = setting.split("=")
    told = capsys.readouterr().err
    assert path in told
    assert value.removesuffix(".0") in told
    assert not out.exists()
