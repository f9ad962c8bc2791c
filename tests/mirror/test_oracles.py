"""Against other hands: the standard library cuts files as we do, and ocdsmerge compiles what we settle."""

from __future__ import annotations

import io
import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ocdsmerge import Merger

from counterscore.mirror import intervals, shapes, stream, whitelist
from counterscore.mirror.dates import days_between, read_instant
from counterscore.mirror.intervals import late_after, shares_late
from counterscore.mirror.stream import RefusedFileError, pieces
from tests.mirror.conftest import DRAWS
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


def _cut(text: str | bytes, block: int) -> list[Any]:
    data = text.encode("utf-8") if isinstance(text, str) else text
    old, stream._BLOCK = stream._BLOCK, block
    try:
        return [(piece.under, piece.value) for piece in pieces(io.BytesIO(data))]
    finally:
        stream._BLOCK = old


@settings(max_examples=150, deadline=None)
@given(st.lists(_objects | _json, max_size=4), _objects, st.booleans(), st.sampled_from([None, 1]), st.integers(5, 60))
def test_packages_are_cut_as_the_standard_library_reads_them(
    items: list[Any], head: dict[str, Any], ascii_only: bool, indent: int | None, block: int
) -> None:
    # What is no object comes too, and is told apart later.
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
        assert [value for under, value in found if under == "releases"] == expected["releases"]


_SCALARS = (
    None,
    True,
    "",
    " x ",
    "a\x00b",
    "é",
    "x" * 400,
    "2016-01-01",
    17,
    1.5,
    -3,
    10**30,
    1e300,
    [],
    {},
    ["a"],
    {"id": "x"},
)


def _like(form: Any, luck: random.Random) -> Any:
    """An object of nearly the form: fields are missing, or of another form, and others stand beside."""
    out: dict[str, Any] = {}
    for name, of, many, _ in whitelist._fields(form):
        chance = luck.random()
        if chance < 0.4:
            continue
        odd = chance > 0.985
        made = [
            luck.choice(_SCALARS) if odd or of is None else _like(of, luck)
            for _ in range(luck.randrange(3) if many else 1)
        ]
        if of is None and not many and not odd:
            made = [luck.choice(["", "x", "2016-01-01", *([] if "date" in name.lower() else [17, 1.5])])]
        out[name] = made if many and luck.random() < 0.98 else made[0] if made else None
    if luck.random() < 0.1:
        out[luck.choice(["url", "releaseTag", "formation", "title", "ti\\u0074le", "releases"])] = luck.choice(_SCALARS)
    return out


@pytest.mark.parametrize("shape", ["releases", "records", "lines", "list"])
def test_what_is_read_quickly_is_what_is_read_slowly(shape: str) -> None:
    """The typed reader and the one that takes everything as it comes keep the same, and the first is used."""
    luck, quick = random.Random(shape), 0
    for _ in range(300):
        items = [{"ocid": "p", **_like(whitelist.RawRelease, luck)} for _ in range(luck.randrange(4))]
        if shape == "records":
            items = [{"ocid": "p", "releases": items, **({"compiledRelease": items[0]} if items else {})}]
        ascii_only = luck.random() < 0.5
        text = json.dumps(items if shape == "list" else {shape: items}, ensure_ascii=ascii_only)
        if shape == "lines":
            text = "\n".join(json.dumps(one, ensure_ascii=ascii_only) for one in items)

        def found(decode: Any, text: str = text) -> Any:
            reader, seen = whitelist.Reader(b"key", frozenset({"x"})), shapes.Seen()
            cutter = stream.Cutter(io.BytesIO(text.encode()), whitelist.NAMES, decode)
            try:
                kept = [one for piece in cutter.pieces() for one in shapes.releases(piece, reader, seen)]
            except RefusedFileError as error:
                return error.what
            return repr((kept, cutter.counts, reader.entities, seen))

        decode = whitelist.quick()
        quick += sum(decode(json.dumps(one).encode(), shape) is not None for one in items)
        assert found(decode) == found(None)
    assert quick > 30


@settings(max_examples=300, deadline=None)
@given(
    _objects,
    st.integers(0, 400),
    st.binary(min_size=0, max_size=3)
    | st.sampled_from(
        [b'"', b"}", b"]", b",", b"\xe9", b"01", b"-", b".", b"nul", b"NaN", b"\\x", b"\n", b"1e", b"+1", b"\\ud800"]
    ),
)
def test_the_quick_reader_refuses_what_the_strict_one_refuses(item: dict[str, Any], at: int, damage: bytes) -> None:
    text = json.dumps({"ocid": "p", "other": item, "tender": {"id": "x", "other": [item]}}, ensure_ascii=False).encode()
    at = at % len(text)
    broken = text[:at] + damage + text[at + 1 :]

    def outcome(decode: Any) -> str:
        reader, seen = whitelist.Reader(b"key"), shapes.Seen()
        try:
            return repr(
                [
                    one
                    for piece in stream.Cutter(io.BytesIO(broken), (), decode).pieces()
                    for one in shapes.releases(piece, reader, seen)
                ]
            )
        except RefusedFileError as error:
            return f"{error.what} {error.line} {error.column}"

    assert outcome(whitelist.quick()) == outcome(None)


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


_usual = st.tuples(*[st.sampled_from(parts) for parts in (["2016", "9999", "0000", "20x6"], ["01", "02", "13", "W1"], ["05", "29", "30", "00"], ["T", "t", " "], ["00", "23", "24", "1x"], ["00", "59", "60"], ["00", "59", "60"])])  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(_usual)
def test_dates_as_nearly_all_are_written_are_read_as_all_others(parts: tuple[str, ...]) -> None:
    """The short way and the long one, which a zone in figures takes, come to the same."""
    year, month, day, letter, hour, minute, second = parts
    text = f"{year}-{month}-{day}{letter}{hour}:{minute}:{second}"
    assert read_instant(f"{text}Z") == read_instant(f"{text}+00:00")


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
    "text",
    [
        "",
        "2016",
        "2016-02-30",
        "2016-1-1",
        "01/02/2016",
        "2016-01-01T25:00:00Z",
        "2016-01-01T24:00:00Z",
        "2016-W01-1T10:00:00Z",
        "20160101",
        "soon",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert read_instant(text) is None


@pytest.mark.parametrize("unpaid_of", [0.0, 0.3, 1.0])
def test_shares_late_of_all_resamples_are_those_of_scipy(unpaid_of: float) -> None:
    luck = np.random.default_rng(5)
    delays = luck.integers(-20, 90, 40).astype(np.float64)
    unpaid = luck.random(40) < unpaid_of
    weights = luck.integers(0, 3, (25, 40))
    for days in (0, 30, 60):
        one_by_one = [late_after(np.repeat(delays, line), np.repeat(unpaid, line), days) for line in weights]
        np.testing.assert_allclose(shares_late(delays, unpaid, days, weights), one_by_one, atol=1e-12)


def test_resamples_are_two_thousand_and_spread_as_they_should(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mean of a hundred zeros and ones in four, drawn again by cluster: the root of p (1 - p) / 100, by hand."""
    monkeypatch.setattr(intervals, "RESAMPLES", DRAWS)
    values = np.repeat((np.arange(100) % 4 == 0).astype(np.float64), 3)  # three equal rows of each cluster
    found = intervals.resampled(np.repeat(np.arange(100), 3), lambda weights: intervals.means(values, weights))
    assert found is not None
    assert len(found) == 2_000
    assert found.std() == pytest.approx((0.25 * 0.75 / 100) ** 0.5, rel=0.05)
    low, high = intervals.interval(found)
    assert low == pytest.approx(0.25 - 1.96 * 0.0433, abs=0.015)
    assert high == pytest.approx(0.25 + 1.96 * 0.0433, abs=0.015)
