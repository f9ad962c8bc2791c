"""The small phrases of a rule book: lengths of time, grounds, terms, triggers, numbers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from counterscore.regime.grammar import (
    Duration,
    Entry,
    known_number,
    plain_number,
    read_duration,
    read_enter,
    read_term,
    read_when,
    whole_number,
)


@pytest.mark.parametrize(
    ("text", "months"),
    [("1 day", 1), ("30 days", 1), ("31 days", 2), ("60 days", 2), ("1 month", 1), ("24 months", 24), ("5 years", 60)],
)
def test_a_length_of_time_in_months(text: str, months: int) -> None:
    length = read_duration(text)
    assert length is not None
    assert length.months == months
    assert str(length) == text


@given(st.integers(0, 36_000))
def test_days_are_rounded_up_to_whole_months(days: int) -> None:
    months = Duration(days, "days").months
    assert 30 * months >= days > 30 * (months - 1)


def test_an_unknown_length_is_none() -> None:
    assert read_duration("unknown") is None
    assert read_duration({"value": "24 months", "source": "x"}) == Duration(24, "months")


@pytest.mark.parametrize(
    ("found", "suggestion"),
    [
        (24, 'Write "24 days", "24 months" or "24 years".'),
        ("24", 'Write "24 days", "24 months" or "24 years".'),
        ("24months", 'Write "24 months".'),
        ("2 yrs", 'Write "2 years".'),
        ("two years", 'Write a whole number and a unit, such as "24 months".'),
        ("500 years", "Leave the line out for no end."),
        ("9" * 2000, "The limit is 1000."),
        ([], "Write for example: 24 months."),
    ],
)
def test_what_is_no_length_of_time(found: Any, suggestion: str) -> None:
    with pytest.raises(PydanticCustomError) as error:
        read_duration(found)
    assert (error.value.context or {})["suggestion"] == suggestion


def test_grounds_know_where_their_names_stand() -> None:
    text = "score < -5 or grade D or worse or record(a-b)  or records( c , 5 in 12 months ) or grade B"
    grounds = read_enter(text)
    assert [one.kind for one in grounds] == ["score", "grade", "record", "records", "grade"]
    assert (grounds[0].border, grounds[3].at_least, grounds[3].within) == (-5, 5, 12)
    for one, name in zip(grounds, ("-5", "D", "a-b", "c", "B"), strict=True):
        assert text[one.offset :].startswith(name)


@given(st.lists(st.sampled_from(["score < 600", "grade D", "record(a)", "records(b, 2 in 6 months)"]), min_size=1))
def test_grounds_are_joined_by_or(parts: list[str]) -> None:
    kinds = [read_enter(one)[0].kind for one in parts]
    assert [one.kind for one in read_enter(" or ".join(parts))] == kinds


@given(st.text(max_size=60))
def test_any_text_is_a_ground_or_refused(text: str) -> None:
    try:
        assert all(isinstance(one, Entry) for one in read_enter(text))
    except PydanticCustomError as error:
        assert error.context  # noqa: PT017  (both outcomes are right)


@pytest.mark.parametrize(
    ("text", "kind", "months"),
    [
        ("24 months", "fixed", 24),
        ("until performed", "performed", 0),
        ("while the ground holds", "holds", 0),
        ("never ends", "endless", 0),
        ("unknown", "endless", 0),
    ],
)
def test_terms(text: str, kind: str, months: int) -> None:
    term = read_term(text)
    assert (term.kind, term.months, term.text) == (kind, months, text)


@pytest.mark.parametrize(
    ("text", "kind", "name", "reach"),
    [
        ("grade C or worse", "grade", "C", "worse"),
        ("grade A+ or better", "grade", "A+", "better"),
        ("grade D", "grade", "D", "exactly"),
        ("list court-defaulters", "list", "court-defaulters", "exactly"),
        ("order no-spending", "list", "no-spending", "exactly"),
        ("record unpaid", "record", "unpaid", "exactly"),
    ],
)
def test_triggers_of_doors(text: str, kind: str, name: str, reach: str) -> None:
    when = read_when(text)
    assert (when.kind, when.name, when.reach) == (kind, name, reach)
    assert text[when.offset :].startswith(name)


def test_a_list_is_neither_better_nor_worse() -> None:
    with pytest.raises(PydanticCustomError):
        read_when("list x or worse")


@pytest.mark.parametrize(
    ("found", "message", "suggestion"),
    [
        ("minus 20", 'must be a whole number, found "minus 20"', "Write -20."),
        ("\N{MINUS SIGN}20", 'must be a whole number, found "\N{MINUS SIGN}20"', "Write -20."),
        ("20 points", 'must be a whole number, found "20 points"', "Write 20."),
        ("1,000", 'must be a whole number, found "1,000"', "Write 1000."),
        ("-1O", 'must be a whole number, found "-1O" (letter O)', "Write -10."),
        ("1l", 'must be a whole number, found "1l" (letter l or I)', "Write 11."),
        ("many", 'must be a whole number, found "many"', "Write digits, or unknown."),
        (True, "must be a whole number, found true", "Write digits, or unknown."),
        (1.0, "must be a whole number, found 1.0", "Write 1."),
        ({"valeu": 1}, "must be a whole number, found a mapping", "Write digits, or unknown."),
        (10**9, "is too large (1000000000)", "The model holds numbers up to 1,000,000."),
    ],
)
def test_what_is_no_whole_number(found: Any, message: str, suggestion: str) -> None:
    with pytest.raises(PydanticCustomError) as error:
        whole_number(found)
    context = error.value.context or {}
    assert (context["message"], context["suggestion"]) == (message, suggestion)


def test_numbers() -> None:
    assert plain_number(0.5) == 0.5
    assert plain_number({"value": 2, "mark": "assumed"}) == 2
    assert plain_number("unknown") is None
    with pytest.raises(PydanticCustomError):
        known_number("unknown")
