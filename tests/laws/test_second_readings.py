"""What another hand expects of the findings is what comes out, or the difference is settled in a statute."""

from __future__ import annotations

import pytest

from counterscore.errors import InputError
from counterscore.laws.second_reading import compared, read_second_reading, second_readings

TEXT = """\
format: 1
kind: second reading
regime: suining-2010
as_of: "2026-11-28"
reader: another hand
read: "2026-11-28"
facts: {system: learned, automated: {c-licence: solely}}
expect:
  - {check: AIA-01, result: met, why: the fact is given}
  - {check: GDPR-13, result: met, why: the licence is closed by a program alone}
  - {check: GDPR-16, result: needs facts, why: the file is silent on rights}
  - {check: CN-18, result: no result, as_of: "2026-03-31", why: a day too early}
"""


@pytest.mark.parametrize("name", second_readings())
def test_a_second_reading_agrees(name):
    differ = [str(one) for one in compared(read_second_reading(second_readings()[name])) if not one.agrees]
    assert not differ, "\n".join(differ)


def test_the_format_of_the_guide_is_compared():
    found = compared(read_second_reading(TEXT, name="reading.yaml"))
    assert [one.agrees for one in found] == [True, True, True, True]


def test_a_difference_is_told_with_its_line():
    wrong = TEXT.replace("check: AIA-01, result: met", "check: AIA-01, result: not met")
    differ = [one for one in compared(read_second_reading(wrong, name="reading.yaml")) if not one.agrees]
    assert [(one.check, one.expected, one.found, str(one.at)) for one in differ] == [
        ("AIA-01", "not met", "met", "reading.yaml:9:13")
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("AIA-01", "AIA-99", "no check is called"),
        ("suining-2010", "suining", "no regime is called"),
        ("system: learned", "sistem: learned", "no question is called"),
        ('as_of: "2026-03-31"', 'as_of: "March"', "not a date"),
        ("result: met", "result: maybe", "result cannot be"),
    ],
)
def test_mistakes_are_told_with_their_place(old, new, told):
    with pytest.raises(InputError, match=r"reading\.yaml:\d+:\d+: ") as caught:
        read_second_reading(TEXT.replace(old, new, 1), name="reading.yaml")
    assert told in str(caught.value)
