"""Expected results by another hand: somebody who read the statutes and the rule book, and not the code.

A file names a rule book, a day, facts taken as given, and for checks the result that should come out and why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, PrivateAttr

from counterscore import catalog, discovery
from counterscore.catalog import load_regime, regime_ids
from counterscore.errors import Findings, Position, did_you_mean, quoted
from counterscore.laws.check import BeforeAnyLawError, findings
from counterscore.laws.facts import ALL, Answer, Facts, names, questions
from counterscore.laws.source import find_check, laws, read_date
from counterscore.quantity import Document
from counterscore.regime.read import read_document, validate

Expected = Literal["met", "not met", "needs facts", "no result"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Expectation(_Frozen):
    """What should come out of one check, and why, in the reader's words. ``as_of`` is another day than the file's."""

    check: str
    result: Expected
    why: str
    as_of: str = ""


class SecondReading(_Frozen):
    """The expected results of one rule book. ``facts`` are taken as answered: question → value, or → door → value."""

    format: Literal[1]
    kind: Literal["second reading"]
    regime: str
    reforms: tuple[str, ...] = ()
    as_of: str
    reader: str
    read: str
    facts: dict[str, Any] = {}
    expect: tuple[Expectation, ...]
    doubts: tuple[str, ...] = ()

    _document: Document = PrivateAttr(default_factory=Document.empty)


@dataclass(frozen=True, slots=True)
class Compared:
    """One expected result beside the one that came out."""

    regime: str
    check: str
    expected: str
    found: str
    why: str
    at: Position

    @property
    def agrees(self) -> bool:
        """Whether both are the same."""
        return self.expected == self.found

    def __str__(self) -> str:
        return f"{self.at}: {self.regime} {self.check}: expected {self.expected}, found {self.found}. The reader: {self.why}"

    def as_json(self) -> dict[str, Any]:
        """Plain data for ``--json``."""
        return {
            "regime": self.regime,
            "check": self.check,
            "expected": self.expected,
            "found": self.found,
            "why": self.why,
            "at": str(self.at),
        }


@cache
def second_readings() -> Mapping[str, Path]:
    """Rule book → file, of the second readings that come along."""
    folder = Path(str(resources.files(catalog))) / "laws" / "second_readings"
    return discovery.files(folder, ".yaml")


def read_second_reading(source: Path | str, *, name: str | None = None) -> SecondReading:
    """A second reading in a file (``Path``) or its text. Raises ``InputError`` with every mistake."""
    document = read_document(source, kind="second reading", name=name)
    reading = validate(document, SecondReading)
    reading._document = document
    problems = Findings(document.line)
    if reading.regime not in regime_ids():
        close = did_you_mean(reading.regime, regime_ids())
        problems.problem(
            document.at(("regime",)),
            f"no regime is called {quoted(reading.regime)}",
            f"Did you mean {close}?" if close else "All: counterscore list regimes",
        )
    known = {check.id for law in laws() for check in law.checks}
    for index, one in enumerate(reading.expect):
        if one.check not in known:
            close = did_you_mean(one.check, known)
            problems.problem(
                document.at(("expect", index, "check")),
                f"no check is called {quoted(one.check)}",
                f"Did you mean {close}?" if close else "",
            )
        for key, text in (("as_of", one.as_of),):
            if text and not _is_date(text):
                problems.problem(
                    document.at(("expect", index, key)), f"not a date: {quoted(text)}", "Write 2026-11-28."
                )
    if not _is_date(reading.as_of):
        problems.problem(document.at(("as_of",)), f"not a date: {quoted(reading.as_of)}", "Write 2026-11-28.")
    for question in reading.facts:
        if question not in questions():
            close = did_you_mean(question, questions())
            problems.problem(
                document.at(("facts", question), key=True),
                f"no question is called {quoted(question)}",
                f"Did you mean {close}?" if close else "",
            )
    problems.raise_problems()
    return reading


def _is_date(text: str) -> bool:
    try:
        read_date(text)
    except ValueError:
        return False
    return True


def compared(reading: SecondReading) -> tuple[Compared, ...]:
    """Every expected result beside the one that comes out of the rule book of the catalogue."""
    book = load_regime(reading.regime, with_=reading.reforms)
    document = reading._document
    answers: dict[tuple[str, str], Answer] = {}
    for question, node in reading.facts.items():
        at = document.at(("facts", question))
        given = (
            node.items() if isinstance(node, dict) else [(ALL if questions()[question].about != "book" else "", node)]
        )
        for about, value in given:
            if about not in ("", ALL) and about not in names(book, questions()[question].about):
                raise LookupError(f"{at}: {book.id} has no {questions()[question].about} {about}")
            said = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
            answers[question, about] = Answer(question, about, said, reading.reader, "taken as given", reading.read, at)
    facts = Facts(answers, document.file)
    out = []
    for index, one in enumerate(reading.expect):
        law, _ = find_check(one.check)
        day = read_date(one.as_of or reading.as_of)
        try:
            found = findings(book, under=[law.territory], as_of=day, facts=facts)[one.check].result or "no result"
        except BeforeAnyLawError:  # an error for who asks for nothing else; here it is the answer
            found = "no result"
        out.append(Compared(book.id, one.check, one.result, found, one.why, document.at(("expect", index, "check"))))
    return tuple(out)
