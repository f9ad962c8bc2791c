"""Two parsers, one reading: what the fast one gives is what the other would have given, to every column."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import counterscore.catalog
from counterscore.errors import InputError
from counterscore.regime import nodes, parsing

CATALOG = Path(counterscore.catalog.__file__).parent
TEXT = """\
format: 1
title: "A \\"title\\" with é 中文 and: colon"   # a comment
score: {start: 1000, grades: [{id: a, from: 900}, {id: 'b''c', from: -5}]}
text: >
  folded text
  goes on

  here
other: |-
  literal
    indented
catalogue:
- id: court-default
  label: Has not carried out
    a court order
  points: -100
  list:
    - a
    -
    - [1, 2, ]
  empty:
  when: yes
"""
BITS = [
    *"abc:-#{}[],'\"|>&*!%@`?\t\n ~0.é中\\\\=<",
    "\n  ",
    "\n- ",
    ": ",
    " #",
    "---\n",
    "...\n",
    "\r\n",
    "x: y",
    "<<: *a",
    "&a ",
]


def reading(text: str) -> object:
    try:
        root, findings, _ = nodes.read_nodes(text, "x", "a rule book")
    except InputError as error:
        return str(error)
    return root, findings.problems()


def both(text: str, patched: pytest.MonkeyPatch) -> tuple[object, object]:
    fast = reading(text)
    with patched.context() as one:
        one.setattr(parsing, "_FAST", None)
        return fast, reading(text)


def test_the_fast_parser_is_there() -> None:
    """Else every command would be slow, and nothing here would be compared."""
    kinds = {type(event).__module__ for event in parsing.events("a: 1", 100)}
    assert kinds == {"yaml.events"}


@pytest.mark.parametrize("folder", ["regimes", "assumptions", "cities", "claims"])
def test_what_comes_along_is_read_alike(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    files = sorted((CATALOG / folder).rglob("*.yaml"))[:12]
    assert files
    for file in files:
        fast, slow = both(file.read_text(encoding="utf-8"), monkeypatch)
        assert fast == slow, file


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(TEXT)), st.sampled_from(BITS), st.integers(0, 3)), min_size=1, max_size=3))
def test_mistakes_are_told_alike(edits: list[tuple[int, str, int]]) -> None:
    text = TEXT
    for at, bit, gone in edits:
        text = text[:at] + bit + text[at + gone :]
    with pytest.MonkeyPatch.context() as patched:
        fast, slow = both(text, patched)
    assert fast == slow


def test_a_text_of_too_many_values_is_never_held_whole() -> None:
    kinds = {type(event).__module__ for event in parsing.events("[" + "1," * 500 + "]", 100)}
    assert kinds == {"ruamel.yaml.events"}
