"""How a problem is printed."""

from __future__ import annotations

import pytest

from counterscore.errors import Findings, InputError, Position, Problem, did_you_mean, quoted, render
from tests.regime.example import regime_of, with_


def test_the_form_is_place_line_caret_and_suggestion() -> None:
    with pytest.raises(InputError) as error:
        regime_of(with_(("points: -5\n", "points: minus 20\n")))
    assert str(error.value) == (
        'mine.yaml:19:13: points must be a whole number, found "minus 20"\n'
        "   19 |     points: minus 20\n"
        "      |             ^^^^^^^^\n"
        "  Write -20."
    )
    assert (error.value.file, error.value.line, error.value.column) == ("mine.yaml", 19, 13)
    assert error.value.suggestion == "Write -20."


def _problem(line: str, column: int, width: int = 1) -> Problem:
    return Problem(Position("f", 7, column, width), "wrong", line_text=line)


def test_a_long_line_is_cut_around_the_caret() -> None:
    line = "a" * 500 + "HERE" + "b" * 500
    shown, caret = render(_problem(line, 501, 4)).splitlines()[1:3]
    assert len(shown) < 120
    assert shown[caret.index("^") :].startswith("HERE")
    assert caret.count("^") == 4
    assert "…a" in shown
    assert shown.endswith("b…")


def test_the_caret_stands_under_wide_characters() -> None:
    shown, caret = render(_problem("名: 错", 4)).splitlines()[1:3]
    assert (shown, caret) == ("   7 | 名: 错", "     |     ^^")


def test_a_file_cannot_steer_the_terminal() -> None:
    assert "\x1b" not in render(_problem("a: \x1b[31mred\x07", 1))
    assert quoted("\x1b[2J\n" + "x" * 500) == '"\ufffd[2J ' + "x" * 54 + '…"'


def test_near_words_are_found_whatever_their_case() -> None:
    assert did_you_mean("Travl", ["travel", "housing"]) == "travel"
    assert did_you_mean("zzz", ["travel"]) is None
    assert did_you_mean("x" * 10_000, ["travel"]) is None


def test_problems_come_before_warnings_and_in_the_order_of_the_file() -> None:
    findings = Findings(lambda _: "")
    findings.warning(Position("f", 1, 1), "w")
    findings.problem(Position("f", 3, 1), "late")
    findings.problem(Position("f", 2, 9), "second")
    findings.problem(Position("f", 2, 1), "first")
    findings.problem(Position("f", 2, 1), "first")
    assert [one.message for one in findings.problems()] == ["first", "second", "late", "w"]
    assert [one.severity for one in findings.problems()][-1] == "warning"


def test_a_settled_place_is_left_alone() -> None:
    findings = Findings(lambda _: "")
    place = Position("f", 1, 1)
    findings.warning(Position("f", 2, 1), "only a warning")
    findings.problem(place, "cause")
    findings.settle()
    findings.problem(place, "consequence")
    findings.problem(Position("f", 2, 1), "told")
    assert [one.message for one in findings.problems()] == ["cause", "told", "only a warning"]


def test_warnings_alone_raise_nothing() -> None:
    findings = Findings(lambda _: "")
    findings.warning(Position("f", 1, 1), "w")
    findings.raise_problems()
    assert not findings


def test_costly_suggestions_are_made_for_the_first_hundred_only() -> None:
    asked: list[int] = []
    findings = Findings(lambda _: "")
    for n in range(500):
        findings.problem(Position("f", n + 1, 1), "x", lambda n=n: str(asked.append(n) or n))  # type: ignore[misc]
    assert len(findings.problems()) == 500
    assert asked == list(range(100))
