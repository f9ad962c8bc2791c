"""Against other hands: the standard library cuts files as we do, and ocdsmerge compiles what we settle."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ocdsmerge import Merger

from counterscore.mirror import stream
from counterscore.mirror.dates import days_between, read_instant
from counterscore.mirror.stream import RefusedFileError, pieces
from tests.mirror.published import facts_of, published

_texts = st.text(st.sampled_from('ab"\\{}[]:, é\u2028\n'), max_size=8)
_json: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.floats(allow_nan=False, allow_infinity=False, width=32)
    | _texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_texts, inner, max_size=3),
    max_leaves=8,
)
_objects = st.dictionaries(_texts.filter(lambda key: key not in {"releases", "records"}), _json, max_size=3)


def _cut(text: str, block: int) -> list[Any]:
    old, stream._BLOCK = stream._BLOCK, block
    try:
        return [(piece.under, piece.value) for piece in pieces(io.BytesIO(text.encode("utf-8")))]
    finally:
        stream._BLOCK = old


@settings(max_examples=150, deadline=None)
@given(st.lists(_objects, max_size=4), _objects, st.booleans(), st.sampled_from([None, 1]), st.integers(5, 60))
def test_packages_are_cut_as_the_standard_library_reads_them(
    items: list[Any], head: dict[str, Any], ascii_only: bool, indent: int | None, block: int
) -> None:
    text = json.dumps({**head, "releases": items}, ensure_ascii=ascii_only, indent=indent)
    found = _cut(text, block)
    assert [value for under, value in found if under == "releases"] == items
    assert [value for under, value in found if under == ""] == [{**head, "releases": []}]


@settings(max_examples=100, deadline=None)
@given(st.lists(_objects, max_size=4), st.sampled_from(["\n", "", " \r\n", "\x1e"]), st.integers(5, 60))
def test_lines_and_lists_are_cut_as_the_standard_library_reads_them(items: list[Any], between: str, block: int) -> None:
    assert [value for _, value in _cut(between.join(json.dumps(one) for one in items), block)] == items
    assert _cut(json.dumps(items), block) == [("list", one) for one in items]


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object, spoilt where a key is there twice."""
    return dict(pairs) if len(dict(pairs)) == len(pairs) else {"twice": True}


@settings(max_examples=200, deadline=None)
@given(_objects, st.integers(0, 200), st.sampled_from(['"', "}", "]", "{", ",", "x", ""]))
def test_what_the_standard_library_refuses_is_refused(item: dict[str, Any], at: int, damage: str) -> None:
    text = json.dumps({"releases": [item, item]})
    at = at % len(text)
    broken = text[:at] + damage + text[at + 1 :]
    try:
        expected = json.loads(broken)
    except ValueError:
        with pytest.raises(RefusedFileError):
            _cut(broken, 64)
        return
    keys_twice = json.dumps(expected) != json.dumps(json.loads(broken, object_pairs_hook=_once))
    if keys_twice:  # which the standard library lets pass
        with pytest.raises(RefusedFileError, match="twice"):
            _cut(broken, 64)
        return
    found = _cut(broken, 64)
    if isinstance(expected.get("releases"), list):
        assert [value for under, value in found if under == "releases"] == [
            one for one in expected["releases"] if isinstance(one, dict)
        ]


def test_last_versions_are_those_that_ocdsmerge_compiles(tmp_path: Path) -> None:
    """It sorts dates as text, which for dates in one form is the same; first versions it has no word for."""
    releases = published(30, late_ends=10)
    merger = Merger({"properties": {}, "definitions": {}})
    rows = {row["ocid"]: row for row in facts_of(tmp_path, releases).table("facts").to_pylist()}
    for number in range(0, 60, 2):
        compiled = merger.create_compiled_release(releases[number : number + 2])
        contract, row = compiled["contracts"][0], rows[compiled["ocid"]]
        assert row["end_last"].isoformat() + "Z" == contract["period"]["endDate"]
        assert row["signed_last"].isoformat() + "Z" == contract["dateSigned"]
        assert (row["amount_last"], row["status"]) == (contract["value"]["amount"], contract["status"])


@settings(max_examples=200, deadline=None)
@given(
    st.datetimes(
        min_value=__import__("datetime").datetime(1991, 1, 1), max_value=__import__("datetime").datetime(2040, 1, 1)
    ),
    st.integers(-14 * 60, 14 * 60),
)
def test_instants_are_those_of_the_standard_library(moment: Any, minutes: int) -> None:
    from datetime import timedelta, timezone

    text = moment.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes))).isoformat()
    found = read_instant(text)
    assert found is not None
    assert found.at == int(moment.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes))).timestamp())


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ("2016-03-01", "2016-03-31", 30),
        ("2016-03-31", "2016-03-31T00:00:00Z", 0),
        ("2016-03-31T23:59:59Z", "2016-03-31", 0),
        ("2016-03-31", "2016-04-01T09:00:00Z", 1),
        ("2016-03-31", "2016-03-30T09:00:00Z", -1),
        ("2016-03-30T09:00:00Z", "2016-03-31", 1),
        ("2016-03-10T00:00:00-05:00", "2016-04-09T00:00:00-04:00", 30),  # summer time is no day
        ("2016-03-31T12:00:00Z", "2016-03-31T20:00:00Z", 0),
    ],
)
def test_days_between_dates_and_times(first: str, last: str, days: int) -> None:
    one, other = read_instant(first), read_instant(last)
    assert one is not None
    assert other is not None
    assert days_between(one, other) == days
    assert days_between(other, one) == -days


@pytest.mark.parametrize(
    "text", ["", "2016", "2016-02-30", "2016-1-1", "01/02/2016", "2016-01-01T25:00:00Z", "20160101", "soon"]
)
def test_what_is_no_date(text: str) -> None:
    assert read_instant(text) is None
