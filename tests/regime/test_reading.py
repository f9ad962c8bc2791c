"""What a file becomes: typed data, positions of everything, and numbers with their sources."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterscore.errors import InputError
from counterscore.quantity import Document, Mark
from counterscore.regime.read import parse_regime, read_document, read_regime
from tests.regime.example import EXAMPLE, regime_of, with_

LINES = EXAMPLE.splitlines()


def _under(document: Document, *path: str | int, key: bool = False) -> str:
    at = document.at(path, key=key)
    return document.line(at)[at.column - 1 :][: at.width]


def test_every_value_key_and_item_knows_its_place() -> None:
    document = read_document(EXAMPLE, name="mine.yaml")
    assert str(document.at(("score", "grades", 1, "from"))) == "mine.yaml:54:21"
    assert _under(document, "score", "grades", 1, "from") == "850"
    assert _under(document, "lists", "untrustworthy", "leave", 1) == "repaired"
    assert _under(document, "lists", "untrustworthy", key=True) == "untrustworthy"
    assert _under(document, "doors", 1) == "id"
    assert _under(document, "catalogue", 0, "cap") == "{grade: C, lasts: 12 months}"
    assert document.at(("score", "nothing", "here")) == document.at(("score",))


def _leaves(node: Any, path: tuple[str | int, ...] = ()) -> Any:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _leaves(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _leaves(value, (*path, index))
    else:
        yield path, node


words = st.text(st.characters(whitelist_categories=("Ll", "Lu", "Nd", "Lo"), whitelist_characters="- _"), min_size=1)
keys = words.map("k{}".format)  # no key of a list of persons
trees = st.recursive(
    words.filter(str.strip) | st.integers(-999, 999) | st.booleans(),
    lambda inner: st.lists(inner, min_size=1, max_size=4) | st.dictionaries(keys, inner, min_size=1, max_size=4),
    max_leaves=12,
)


def _write(node: Any, indent: int) -> list[str]:
    """YAML with every text in double quotes, in block style."""
    pad = "  " * indent
    if isinstance(node, dict):
        out = []
        for key, value in node.items():
            nested = isinstance(value, dict | list)
            out += [f'{pad}"{key}":' + ("" if nested else f" {_scalar(value)}")]
            out += _write(value, indent + 1) if nested else []
        return out
    out = []
    for value in node:
        nested = isinstance(value, dict | list)
        out += [f"{pad}-" + ("" if nested else f" {_scalar(value)}")]
        out += _write(value, indent + 1) if nested else []
    return out


def _scalar(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


@given(st.dictionaries(keys, trees, min_size=1, max_size=5))
@settings(max_examples=150, deadline=None)
def test_positions_point_at_the_text_that_was_read(data: dict[str, Any]) -> None:
    document = read_document("\n".join(_write(data, 0)), kind="city")
    assert document.data == data
    for path, value in _leaves(data):
        assert _under(document, *path) == _scalar(value)
        if isinstance(path[-1], str):
            assert _under(document, *path, key=True) == f'"{path[-1]}"'


def test_all_mistakes_are_told_in_one_pass() -> None:
    text = with_(
        ("points: -5\n", "points: minus 20\n"),
        ("records(traffic-ticket", "records(trafic-ticket"),
        ("validity: 24 months", "validity: 24"),
        ("service: flight", "service: fligt"),
        ("given: true", "given: no"),
        ("to: 969", "to: 980"),
        ("times: 0.5", "times: 0"),
        ("    label: Late bill\n", ""),
        ("act: [utility-arrears]", "act: [utility-arears]"),
        ("occupation: teacher, times: 1.5", "occupation: teacher, times: -1"),
    )
    with pytest.raises(InputError) as error:
        regime_of(text)
    places = [(one.position.line, one.position.column) for one in error.value.problems]
    assert places == [(19, 13), (21, 15), (25, 5), (26, 11), (53, 30), (61, 35), (70, 14), (78, 12), (83, 34), (85, 19)]


def test_at_most_twenty_are_printed_and_the_rest_counted() -> None:
    rows = "".join(f"  - {{id: row-{n}, label: x, act: [x{n}], authority: centre}}\n" for n in range(31))
    with pytest.raises(InputError) as error:
        regime_of(with_(("score:\n  start", f"{rows}score:\n  start")))
    assert str(error.value).count("no act is called") == 20
    assert str(error.value).endswith("… and 42 more.")  # 11 problems and 31 warnings
    assert len(error.value.problems) == 62


def test_numbers_know_source_mark_unit_and_place() -> None:
    numbers = {one.path: one for one in regime_of(EXAMPLE).numbers()}
    validity = numbers["catalogue", 0, "validity"]
    assert (validity.value, validity.unit, validity.source, validity.mark) == (24, "months", "notice-7", Mark.VERIFIED)
    assert str(validity.at) == "mine.yaml:21:15"
    own = numbers["catalogue", 3, "points"]
    assert (own.value, own.source, own.mark, own.at.column) == (0, "guess", Mark.ASSUMED, 21)
    enter = [one for one in regime_of(EXAMPLE).numbers() if one.path == ("lists", "untrustworthy", "enter")]
    assert [(one.value, one.at.column, one.at.width) for one in enter] == [(600, 20, 3), (5, 51, 1), (12, 56, 2)]
    assert len(numbers) + len(enter) - 1 == len(regime_of(EXAMPLE).numbers()) == 37


def test_words_are_not_numbers() -> None:
    plain = len(regime_of(EXAMPLE).numbers())
    text = with_(("    effect: closed\n", "    effect: closed\n    legal_basis: unknown\n    note: 24 months\n"))
    assert len(regime_of(text).numbers()) == plain


def test_unknown_is_a_value_and_not_zero() -> None:
    regime = regime_of(with_(("points: -5\n", "points: unknown\n")))
    assert regime.catalogue[0].unknown_points
    assert regime.catalogue[0].points is None
    assert not regime.catalogue[1].unknown_points
    assert [one.value for one in regime.numbers() if one.path == ("catalogue", 0, "points")] == [None]


def test_the_text_and_its_digest_are_kept_for_the_record(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(EXAMPLE)
    regime = read_regime(file)
    assert regime.document.files == {str(file): EXAMPLE}
    assert regime.document.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert "\n".join(regime.document.lines) == EXAMPLE


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("format: 1\nkind: reform\nid: x\nchanges: []\n", "this is a reform, not a rule book"),
        ("format: 1\nregime: x\ncases: []\n", "this is a file of cases, not a rule book"),
        ("format: 1\nkind: city\nid: x\n", "this is a city, not a rule book"),
    ],
)
def test_another_kind_of_file_is_named(text: str, message: str) -> None:
    with pytest.raises(InputError) as error:
        regime_of(text)
    assert [one.message for one in error.value.problems] == [message]


def test_without_its_stack_a_list_of_another_regime_is_not_missed() -> None:
    text = with_(
        ("status: piloted", "status: piloted\nstack: [court-defaulters]"),
        ("on_list: untrustworthy", "on_list: court-defaulters"),
    )
    assert parse_regime(read_document(text)).catalogue[3].on_list == "court-defaulters"


def _mutated(seed: int) -> str:
    """The example with a few lines dropped, doubled, swapped, cut, or with odd characters put in."""
    luck = random.Random(seed)
    lines = list(LINES)
    for _ in range(luck.randint(1, 4)):
        n = luck.randrange(len(lines))
        match luck.randrange(8):
            case 0:
                del lines[n]
            case 1:
                lines.insert(n, lines[n])
            case 2:
                m = luck.randrange(len(lines))
                lines[n], lines[m] = lines[m], lines[n]
            case 3:
                lines[n] = lines[n][: luck.randint(0, len(lines[n]))]
            case 4:
                at = luck.randint(0, len(lines[n]))
                lines[n] = lines[n][:at] + luck.choice("{}[]:,#&*!|>'\"%@`-?\t\0é0 ") + lines[n][at:]
            case 5:
                key, colon, _ = lines[n].partition(": ")
                values = ("[]", "{}", "~", "no", "unknown", "-1", "1e9", "[[a]]", "{value: 3}", '""', "x: y")
                lines[n] = key + colon + luck.choice(values)
            case 6:
                lines[n] = " " * luck.randint(0, 6) + lines[n]
            case _:
                words_ = lines[n].split(" ")
                luck.shuffle(words_)
                lines[n] = " ".join(words_)
    return "\n".join(lines)


@given(st.integers(0, 2**32))
@settings(max_examples=400, deadline=None)
def test_a_damaged_file_ends_in_an_input_error_or_none(seed: int) -> None:
    text = _mutated(seed)
    try:
        regime = regime_of(text)
    except InputError as error:
        for one in error.problems:
            assert one.position.file == "mine.yaml"
            assert 1 <= one.position.line <= len(LINES) + 8
            assert one.message
            assert "Traceback" not in one.message
        assert str(error)  # noqa: PT017  (both outcomes are right)
    else:
        assert regime.numbers() is not None


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_text_at_all_ends_in_an_input_error(text: str) -> None:
    with pytest.raises(InputError):
        regime_of(text)


KEYS = ["id", "act", "points", "value", "source", "enter", "when", "rules", "on", "mark", "grades", "stack"]
PARTS = ["stack", "sources", "authorities", "catalogue", "score", "lists", "doors", "scrutiny", "rights"]
leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
anything = st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(KEYS), inner))


@given(anything, st.sampled_from(PARTS))
@settings(max_examples=300, deadline=None)
def test_any_data_in_any_part_is_understood_or_refused(data: Any, part: str) -> None:
    document = read_document(EXAMPLE)
    odd = Document(
        document.file, document.lines, {**document.data, part: data}, document.positions, document.key_positions
    )
    try:
        parse_regime(odd)
    except InputError as error:
        assert error.problems  # noqa: PT017  (both outcomes are right)
