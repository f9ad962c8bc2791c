"""Rules in a few words."""

from __future__ import annotations

import re

import pytest

from counterscore.cli import main
from counterscore.regime import words
from tests.regime.example import EXAMPLE, regime_of


@pytest.mark.parametrize(
    ("written", "first", "last", "said"),
    [
        ('{from: "2013", to: "2021"}', "2018-01", "2020-12", ""),
        ('{from: "2013", to: "2021"}', "2013-01", "2021-12", ""),
        ('{from: "2013", to: "2021"}', "2012-12", "2014-11", "lie partly outside that"),
        ('{from: "2013", to: "2021"}', "2019-01", "2022-01", "lie partly outside that"),
        ('{from: "2021-09"}', "2018-01", "2020-12", "lie outside that"),
        ('{from: "2021-09"}', "2021-09", "2099-12", ""),
        ('{from: "2018-01-30", to: "2018-01-31"}', "2018-01", "2018-01", ""),
        ('{from: "2018-01-30", to: "2018-01-31"}', "2018-02", "2018-03", "lie outside that"),
    ],
)
def test_months_outside_the_time_in_force(written: str, first: str, last: str, said: str) -> None:
    text = re.sub(r"^in_force: .*$", f"in_force: {written}", EXAMPLE, count=1, flags=re.MULTILINE)
    found = words.outside_time_in_force(regime_of(text), first, last)
    assert bool(found) == bool(said)
    assert said in found


def test_nothing_is_said_of_a_rule_book_without_dates() -> None:
    text = re.sub(r"^in_force: .*\n", "", EXAMPLE, count=1, flags=re.MULTILINE)
    assert words.outside_time_in_force(regime_of(text), "1950-01", "2050-01") == ""


def test_a_run_says_so_before_it_begins(capsys: pytest.CaptureFixture[str]) -> None:
    plan = ("run", "rongcheng-2021", "--city", "demo", "--dry-run")
    assert main(list(plan)) == 0
    assert (
        "rongcheng-2021 was in force from 2021; the months lived, 2018-01 to 2020-12, lie outside"
        in capsys.readouterr().err
    )
    assert main([*plan, "--start", "2021-06"]) == 0
    assert "was in force" not in capsys.readouterr().err
