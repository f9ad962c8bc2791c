"""Case files: what may stand in them, and what is said where something else does."""

from __future__ import annotations

from pathlib import Path

import pytest

from counterscore.errors import InputError
from counterscore.regime.cases import Cases, ExitLine, RecordLine, month_name, parse_cases, read_cases
from counterscore.regime.read import read_document

GOOD = """\
format: 1
regime: suining-2010
reader: second reader
read: "2026-11"
cases:
  - name: All there is
    why: to read it
    records:
      - {on: 2010-02-10, act: loan-arrears, cycles: 14}
      - {on: 2010-05-01, act: other-dishonesty, points: -30}
      - {on: 2010-06, act: volunteering, amount: 30}
      - {on: 2010-07, act: judgment-unpaid-able, of: kin}
      - {on: 2011-01, exit: performed}
      - {on: 2011-01, exit: repaired, list: untrustworthy}
      - {on: 2011-01, exit: corrected, of_record: 2}
    expect:
      - {on: 2010-02, score: "970 1/3", lists: []}
      - {on: 2011-12, score: 580, grade: D, lists: [untrustworthy], doors: [flights], kin_doors: [school]}
    until: 2011-12
  - name: Nothing happens
    records: []
    expect: {score: 1000.25}
    until: 2010-01
"""


def read(text: str) -> Cases:
    return parse_cases(read_document(text, kind="cases", name="cases.yaml"))


def problems(text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        read(text)
    return [f"{problem.position}: {problem.message}" for problem in caught.value.problems]


def suggestions(text: str) -> str:
    with pytest.raises(InputError) as caught:
        read(text)
    return "\n".join(problem.suggestion for problem in caught.value.problems)


def case(records: str, rest: str = "") -> str:
    return f"format: 1\nregime: town\ncases:\n  - name: One\n    records:\n{records}{rest}"


def one(line: str) -> str:
    return case(f"      - {line}\n")


def test_everything_a_case_may_say() -> None:
    found = read(GOOD)
    assert (found.file, found.regime, found.reader, found.read) == (
        "cases.yaml",
        "suining-2010",
        "second reader",
        "2026-11",
    )
    full, empty = found.cases
    arrears, chosen, hours, of_kin, *exits = full.lines
    assert isinstance(arrears, RecordLine)
    assert (arrears.on, month_name(arrears.month), arrears.cycles, month_name(arrears.last)) == (
        "2010-02-10",
        "2010-02",
        14,
        "2011-03",
    )
    assert (arrears.number, arrears.at.line, arrears.of, arrears.points60) == (1, 9, "self", None)
    assert isinstance(chosen, RecordLine)
    assert chosen.points60 == -1800
    assert isinstance(hours, RecordLine)
    assert hours.amount == 30
    assert isinstance(of_kin, RecordLine)
    assert of_kin.of == "kin"
    assert [(line.exit, line.list, line.of_record) for line in exits if isinstance(line, ExitLine)] == [
        ("performed", None, 0),
        ("repaired", "untrustworthy", 0),
        ("corrected", None, 2),
    ]
    assert (month_name(full.first), month_name(full.until)) == ("2010-02", "2011-12")
    first, last = full.expect
    assert (first.score60, first.grade, first.lists, first.doors) == (970 * 60 + 20, None, (), None)
    assert (last.score60, last.grade, last.lists) == (580 * 60, "D", ("untrustworthy",))
    assert (last.doors, last.kin_doors) == (("flights",), ("school",))
    assert (last.at["score"].line, last.at["score"].column) == (18, 30)
    assert (empty.first, empty.until, empty.expect[0].month) == (2010 * 12, 2010 * 12, 2010 * 12)
    assert empty.expect[0].score60 == 60_015


def test_the_end_is_the_month_of_the_last_line_and_its_cycles() -> None:
    (found,) = read(case("      - {on: 2010-02, act: loan-arrears, cycles: 3}\n", "    expect: {score: 1}\n")).cases
    assert month_name(found.until) == month_name(found.expect[0].month) == "2010-04"
    (found,) = read(case("      - {on: 2010-02, act: crime}\n", "    expect: {on: 2011-01, score: 1}\n")).cases
    assert month_name(found.until) == "2011-01"


def test_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "cases.yaml"
    path.write_text(GOOD, encoding="utf-8")
    found = read_cases(path)
    assert (found.file, len(found.cases)) == (str(path), 2)
    assert found.cases[0].at.file == str(path)


@pytest.mark.parametrize("key", ["name", "number", "birth", "resident", "note"])
def test_a_record_has_no_field_about_a_person(key: str) -> None:
    text = one(f'{{on: 2010-02-10, act: crime, {key}: "someone"}}')
    assert problems(text) == [f'cases.yaml:6:38: a record has no "{key}"']
    assert "A case is a fiction for reading a rule; it has no field about a person." in suggestions(text)


@pytest.mark.parametrize("key", ["number", "birth"])
def test_neither_has_an_exit_nor_an_expectation(key: str) -> None:
    assert problems(one(f"{{on: 2010-02, exit: performed, {key}: x}}")) == [f'cases.yaml:6:40: an exit has no "{key}"']
    text = case("      - {on: 2010-02, act: crime}\n", f"    expect: {{score: 1, {key}: x}}\n")
    assert problems(text) == [f'cases.yaml:7:24: an expectation has no "{key}"']


def test_a_key_that_is_nearly_right_is_suggested() -> None:
    text = one("{on: 2010-02-10, act: volunteering, amuont: 3}")
    assert problems(text) == ['cases.yaml:6:45: a record has no "amuont"']
    assert suggestions(text).startswith("Did you mean amount?  It may have: on, act, of, amount, points, cycles.")


def test_at_most_a_hundred_cases() -> None:
    body = "".join(f"  - {{name: c{k}, records: [{{on: 2010-02, act: crime}}]}}\n" for k in range(101))
    text = f"format: 1\nregime: town\ncases:\n{body}"
    assert problems(text) == ["cases.yaml:104:5: 101 cases are too many"]
    assert "not for rating people" in suggestions(text)
    assert len(read(text.rsplit("  - ", 1)[0]).cases) == 100


def test_at_most_two_hundred_lines() -> None:
    assert problems(case("      - {on: 2010-02, act: crime}\n" * 201)) == ["cases.yaml:206:9: 201 records are too many"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{on: 2010-02, act: crimes}", '6:28: no act is called "crimes"'),
        ("{on: 2010-02}", "6:9: a record needs an act"),
        ("{act: crime}", "6:9: a record needs a date"),
        ("{on: 2010-13, act: crime}", '6:14: not a date: "2010-13"'),
        ("{on: 2010-02-30, act: crime}", '6:14: not a date: "2010-02-30"'),
        ("{on: 2010, act: crime}", '6:14: not a date: "2010"'),
        ("{on: 0010-01, act: crime}", '6:14: not a date: "0010-01"'),
        ("{on: 9999-01, act: crime}", '6:14: not a date: "9999-01"'),
        ("{on: last May, act: crime}", '6:14: not a date: "last May"'),
        ("{on: 2010-02, act: crime, amount: 3}", '6:35: "crime" has no amount'),
        (
            "{on: 2010-02, act: volunteering, amount: -3}",
            '6:50: amount is a whole number of 1 to 1,000,000, found "-3"',
        ),
        (
            "{on: 2010-02, act: volunteering, amount: 1.5}",
            '6:50: amount is a whole number of 1 to 1,000,000, found "1.5"',
        ),
        (
            "{on: 2010-02, act: volunteering, amount: true}",
            '6:50: amount is a whole number of 1 to 1,000,000, found "True"',
        ),
        ("{on: 2010-02, act: crime, cycles: 0}", '6:43: cycles is a whole number of 1 to 600, found "0"'),
        (
            "{on: 2010-02, act: crime, cycles: 9999}",
            '6:43: cycles is a whole number of 1 to 600, found "9999"',
        ),
        ("{on: 2010-02, act: crime, points: minus 5}", '6:43: points must be points, found "minus 5"'),
        ("{on: 2010-02, act: crime, points: 0.333}", '6:43: points must be points, found "0.333"'),
        ('{on: 2010-02, act: crime, points: "1/7"}', '6:43: points must be points, found "1/7"'),
        ("{on: 2010-02, act: crime, of: mother}", '6:39: of cannot be "mother"'),
        ("{on: 2010-02, exit: escaped}", '6:29: exit cannot be "escaped"'),
        ("{on: 2010-02, exit: corrected}", "6:9: which record is corrected?"),
        ("{on: 2010-02, exit: corrected, of_record: 1}", "6:51: line 1 is not a record"),
        ("{on: 2010-02, exit: corrected, of_record: 7}", "6:51: the case has no line 7"),
        ("{on: 2010-02, exit: performed, of_record: 1}", "6:40: only a correction is of a record"),
        ("crime", '6:9: a record is a mapping, found "crime"'),
    ],
)
def test_mistakes_in_a_record(line: str, message: str) -> None:
    assert f"cases.yaml:{message}" in problems(one(line))


def test_a_correction_names_an_earlier_record() -> None:
    records = "      - {on: 2010-05, act: crime}\n      - {on: 2010-02, exit: corrected, of_record: 1}\n"
    assert problems(case(records)) == ["cases.yaml:7:51: line 1 is of a later month (2010-05)"]
    records = "      - {on: 2010-05, act: crime}\n      - {on: 2010-06, exit: corrected, of_record: 1, list: x}\n"
    assert problems(case(records)) == ["cases.yaml:7:54: a correction takes back a record, not a list"]


@pytest.mark.parametrize(
    ("rest", "message"),
    [
        ("    until: 2010-01\n", "7:12: the records go on until 2010-02"),
        ("    until: soon\n", '7:12: not a date: "soon"'),
        ("    expect: {}\n", "7:13: nothing is expected here"),
        ("    expect: {on: 2010-02}\n", "7:13: nothing is expected here"),
        ("    expect: {score: high}\n", '7:21: score must be points, found "high"'),
        ("    expect: {score: true}\n", '7:21: score must be points, found "True"'),
        ("    expect: {lists: untrustworthy}\n", '7:21: lists is a list of words, found "untrustworthy"'),
        ("    expect: {doors: [1]}\n", '7:21: doors is a list of words, found "[1]"'),
        ("    expect: {grade: 1}\n", '7:21: grade is a text, found "1"'),
        ("    expect: {on: 2011-01, score: 1}\n    until: 2010-12\n", "7:18: the case ends in 2010-12"),
        ("    expect: [{on: 2011-01, score: 1}]\n    until: 2010-12\n", "7:19: the case ends in 2010-12"),
    ],
)
def test_mistakes_in_what_is_expected(rest: str, message: str) -> None:
    assert problems(case("      - {on: 2010-02, act: crime}\n", rest)) == [f"cases.yaml:{message}"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "regime: town\ncases: [{name: a, records: [{on: 2010-02, act: crime}]}]\n",
            '1:1: a file of cases needs "format"',
        ),
        (
            "format: 2\nregime: town\ncases: [{name: a, records: [{on: 2010-02, act: crime}]}]\n",
            "1:9: format 2 is not known",
        ),
        (
            "format: 1\ncases: [{name: a, records: [{on: 2010-02, act: crime}]}]\n",
            '1:1: a file of cases needs "regime"',
        ),
        ("format: 1\nregime: town\n", '1:1: a file of cases needs "cases"'),
        ("format: 1\nregime: town\ncases: []\n", "3:8: cases is empty"),
        ("format: 1\nregime: town\ncases: none\n", '3:8: cases is a list, found "none"'),
        ("format: 1\nregime: town\ncases: [{name: a}]\n", '3:9: a case needs "records"'),
        (
            "format: 1\nregime: town\ncases: [{name: a, records: []}]\n",
            "3:9: a case needs a record or a month",
        ),
        (
            "format: 1\nregime: town\ncases: [{name: a, records: [], expect: {score: 1}}]\n",
            "3:40: an expectation needs a month",
        ),
        (
            "format: 1\nregime: town\ncases: [{records: [{on: 2010-02, act: crime}]}]\n",
            '3:9: a case needs "name"',
        ),
    ],
)
def test_mistakes_in_a_file(text: str, message: str) -> None:
    assert f"cases.yaml:{message}" in problems(text)


def test_two_cases_of_one_name() -> None:
    text = one("{on: 2010-02, act: crime}") + "  - {name: One, records: [{on: 2010-02, act: crime}]}\n"
    assert problems(text) == ['cases.yaml:7:12: two cases are called "One" (first at 4:11)']


def test_all_mistakes_are_told_at_once_with_their_line() -> None:
    text = case("      - {on: 2010-13, act: crimes}\n      - {on: 2010-02, act: crime, sex: 1}\n")
    with pytest.raises(InputError) as caught:
        read(text)
    assert len(caught.value.problems) == 3
    assert "   6 |       - {on: 2010-13, act: crimes}\n     |              ^^^^^^^" in str(caught.value)
    assert "Did you mean crime?" in str(caught.value)
    assert caught.value.exit_code == 3
