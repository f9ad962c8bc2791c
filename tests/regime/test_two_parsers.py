"""A file without mistakes is read by the fast parser, and says the same to the careful one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from counterscore import catalog
from counterscore.errors import CounterscoreError, Findings
from counterscore.regime import nodes

FILES = sorted(Path(catalog.__file__).parent.rglob("*.yaml"))
#: Characters that mean something to YAML, or meant something to an earlier version of it.
ODD = list("-?:,[]{}#&*!|>'\"%@`~ \t\n<=.0123abyn\\") + [
    "\x85",
    "\u2028",
    "\ufeff",
    "\xa0",
    "é",
    "信",
    "\r",
    ": ",
    "- ",
    " #",
]


def careful(text: str) -> nodes.Node | None:
    """As the careful parser reads it; None where anything is wrong with it."""
    lines = tuple(line.rstrip("\r") for line in re.split(r"\r\n|\n|\r", text))
    findings = Findings(lambda _: "")
    try:
        root = nodes._Builder("a.yaml", lines, findings).build(text)
    except nodes._StoppedReadingError:
        return None
    return None if findings.problems() else root


def fast(text: str) -> nodes.Node | None:
    lines = tuple(line.rstrip("\r") for line in re.split(r"\r\n|\n|\r", text))
    return nodes._without_mistakes(text, "a.yaml", lines)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_every_file_of_the_catalogue(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    found = fast(text)
    assert found is not None
    assert found == careful(text)


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data())
def test_what_the_fast_one_takes_the_careful_one_reads_alike(data: st.DataObject) -> None:
    """Characters put in, taken out and exchanged anywhere in a small rule book."""
    text = data.draw(st.sampled_from(SMALL))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(st.sampled_from(ODD)) + text[at + data.draw(st.integers(0, 2)) :]
    _agree(text)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*ODD, "key", "word", "\n  ", "\n- ", "12"]), max_size=14).map("".join))
def test_made_of_nothing_but_signs(text: str) -> None:
    _agree(text)


def _agree(text: str) -> None:
    try:  # what both would be given: the checks before them let nothing else through
        lines = tuple(line.rstrip("\r") for line in re.split(r"\r\n|\n|\r", text.removeprefix("\ufeff")))
        findings = Findings(lambda _: "")
        nodes._check_text(text.removeprefix("\ufeff"), lines, "a.yaml", findings)
        findings.raise_problems()
    except CounterscoreError:
        return
    found = fast(text.removeprefix("\ufeff"))
    if found is not None:
        assert found == careful(text.removeprefix("\ufeff")), repr(text)


SMALL = (
    """format: 1
id: here
sources: {a: {title: "A: b", kind: law}}
catalogue:
  - {id: one, act: [debt-unpaid, fraud], points: -5, validity: 18 months}
  - id: two
    points: {value: 3, source: a}   # a word
lists:
  bad: {enter: score < 10, term: 2 years}
notes: >-
  folded text
  goes on
more: |
  kept
""",
    "a: 1\nb:\n- x\n- 'y z'\n- \"q\\u00e9\"\nc: {d: [1, 2.5, -3], e: ~x}\n",
)
