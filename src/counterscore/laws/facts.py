"""Facts that no rule book holds: the questions, and a file of answers with who gave each and on what source.

Every fact is unknown until it is answered. A question about doors, rows or lists is answered for each by its id, or for all
at once under ``all``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from counterscore.errors import Findings, Position, UsageError, did_you_mean, quoted
from counterscore.laws.kleene import Ask
from counterscore.quantity import Document
from counterscore.quantity import Path as DataPath
from counterscore.regime.model import Regime
from counterscore.regime.read import read_document, validate

UNKNOWN = "unknown"
ALL = "all"
_ANSWER = ("value", "who", "source", "on")


class Question(BaseModel):
    """One thing that is asked. ``values`` are the answers there are, none where it is told in words or months."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: Literal["book", "door", "row", "list", "territory"] = "book"
    question: str
    why: str
    who: str
    values: tuple[str, ...] = ()
    kind: Literal["word", "text", "months", "years"] = "word"


class _Questions(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1]
    kind: Literal["questions"]
    questions: dict[str, Question]


@cache
def questions() -> Mapping[str, Question]:
    """Id → question, in the order of the file."""
    from counterscore.laws.source import _folder

    file = _folder().parent / "tables" / "questions.yaml"
    return validate(read_document(file, kind="table", name="tables/questions.yaml"), _Questions).questions


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: the value, who gave it, on what source, when, and where it stands."""

    question: str
    about: str
    value: str | int
    who: str
    source: str
    on: str
    at: Position

    def __str__(self) -> str:
        what = f"{self.question}[{self.about}]" if self.about else self.question
        when = f", {self.on}" if self.on else ""
        return f"{what} = {self.value} (answered by {self.who}{when}; source: {self.source}; {self.at})"


@dataclass(frozen=True, slots=True)
class Facts:
    """The answers given so far, and those that were looked at."""

    answers: Mapping[tuple[str, str], Answer] = field(default_factory=dict)
    file: str = ""

    def get(self, question: str, about: str = "") -> Answer | None:
        """The answer about one thing, else the one for all."""
        if question not in questions():
            raise KeyError(question)
        return self.answers.get((question, about)) or self.answers.get((question, ALL if about else ""))

    def value(self, question: str, about: str = "") -> str | int | None:
        """What was answered; None where nothing was, or where the answer is that it is unknown."""
        answer = self.get(question, about)
        return None if answer is None or answer.value == UNKNOWN else answer.value


def read_facts(source: Path | str, book: Regime, *, name: str | None = None) -> Facts:
    """The answers in a file (``Path``) or its text, about ``book``.

    Raises ``InputError`` with every mistake: no such question, no such door, a value it cannot have, an answer that nobody
    signed, or two answers that contradict each other.
    """
    document = read_document(source, kind="facts", name=name)
    return _FactsFile(document, book).read()


class _FactsFile:
    def __init__(self, document: Document, book: Regime) -> None:
        self.document, self.book, self.findings = document, book, Findings(document.line)
        self.found: dict[tuple[str, str], Answer] = {}

    def read(self) -> Facts:
        data = self.document.data
        for key in data:
            if key not in ("format", "kind", "regime", "facts"):
                self._say(
                    (key,), f"a file of facts has no {quoted(key)}", "It has format, kind, regime and facts.", key=True
                )
        if data.get("format") != 1 or data.get("kind") != "facts":
            self._say(("format",), "a file of facts starts with format: 1 and kind: facts", "Write both lines first.")
        if data.get("regime") != self.book.id:
            at = ("regime",) if "regime" in data else ()
            self._say(
                at, f"these answers are about {quoted(data.get('regime', 'no rule book'))}, not about {quoted(self.book.id)}",
                f"Write regime: {self.book.id}, if they are.",
            )  # fmt: skip
        answers = data.get("facts", {})
        if not isinstance(answers, dict):
            self._say(
                ("facts",),
                "facts is a mapping of questions",
                "Write facts: {system: {value: rules, who: …, source: …}}.",
            )
            answers = {}
        for question, node in answers.items():
            path = ("facts", question)
            if question not in questions():
                close = did_you_mean(question, questions())
                hint = f"Did you mean {close}?  " if close else ""
                self._say(
                    path,
                    f"no question is called {quoted(question)}",
                    f"{hint}All: counterscore law {self.book.id} --ask FILE",
                    key=True,
                )
                continue
            if questions()[question].about == "book":
                self._answer(path, question, "", node)
            elif isinstance(node, dict) and "value" not in node:
                for about, one in node.items():
                    self._about(path, question, str(about), one)
            else:
                what = questions()[question].about
                self._say(
                    path,
                    f"{question} is answered for each {what}",
                    f"Write {question}: {{all: {{value: …}}}}, or name a {what}.",
                )
        self._contradictions()
        self.findings.raise_problems()
        return Facts(self.found, self.document.file)

    def _say(self, path: DataPath, message: str, suggestion: str, *, key: bool = False) -> None:
        self.findings.problem(self.document.at(path, key=key), message, suggestion)

    def _about(self, path: DataPath, question: str, about: str, node: Any) -> None:
        what = questions()[question].about
        known = names(self.book, what)
        if about != ALL and about not in known:
            close = did_you_mean(about, known)
            hint = f"Did you mean {close}?  " if close else ""
            listed = (
                f"{what.capitalize()}s: {', '.join(known) or 'none'}."
                if len(known) <= 12
                else f"See counterscore show {self.book.id}."
            )
            self._say((*path, about), f"{self.book.id} has no {what} {quoted(about)}", f"{hint}{listed}", key=True)
            return
        self._answer((*path, about), question, about, node)

    def _answer(self, path: DataPath, question: str, about: str, node: Any) -> None:
        asked = questions()[question]
        if not isinstance(node, dict):
            self._say(
                path, "an answer says who gave it and on what source", f"Write {{value: {node}, who: …, source: …}}."
            )
            return
        for key in node:
            if key not in _ANSWER:
                self._say((*path, key), f"an answer has no {quoted(key)}", f"It has {', '.join(_ANSWER)}.", key=True)
        value = node.get("value", UNKNOWN)
        if isinstance(value, bool):
            value = "yes" if value else "no"
        at = (*path, "value") if "value" in node else path
        whole = isinstance(value, int)
        if value == UNKNOWN or value is None:
            value = UNKNOWN
        elif asked.kind in ("months", "years") and not whole and value not in asked.values:
            self._say(at, f"{question} is a number of {asked.kind}, found {quoted(value)}", "Write digits, or unknown.")
        elif asked.values and value not in asked.values and not (whole and asked.kind in ("months", "years")):
            close = did_you_mean(str(value), asked.values)
            hint = f"Did you mean {close}?  " if close else ""
            self._say(
                at, f"{question} cannot be {quoted(value)}", f"{hint}One of: {', '.join((*asked.values, UNKNOWN))}."
            )
        if value != UNKNOWN:
            for key, what in (("who", "who gave it"), ("source", "on what source")):
                if not node.get(key):
                    self._say(path, f"the answer to {question} does not say {what}", f"Add {key}: … to it.")
        self.found[question, about] = Answer(
            question, about, value, str(node.get("who", "")), str(node.get("source", "")), str(node.get("on", "")), self.document.at(at)
        )  # fmt: skip

    def _contradictions(self) -> None:
        """Answers that cannot both be so."""
        given = {key: one for key, one in self.found.items() if one.value != UNKNOWN}
        for (question, about), answer in given.items():
            if question == "human_can_change" and answer.value == "yes":
                other = given.get(("automated", about)) or given.get(("automated", ALL))
                if other is not None and other.value == "solely" and about != "":
                    self._clash(answer, other, "a decision that is solely automated has nobody who can change it")
        said = self.book.decided
        for key, by in (("system", {"rules": "rules", "model": "learned"}.get(said.by if said else "")),):
            one = given.get((key, ""))
            if by and one is not None and one.value != by:
                at = self.book.at("decided", "by")
                self.findings.problem(
                    one.at, f"{key} is {one.value} here, the rule book says {by} ({at})", "Correct one of the two."
                )
        written = said.automated if said else UNKNOWN
        for (question, about), answer in given.items():
            if question == "automated" and about == ALL and written not in (UNKNOWN, answer.value):
                at = self.book.at("decided", "automated")
                self.findings.problem(
                    answer.at,
                    f"automated is {answer.value} here, the rule book says {written} ({at})",
                    "Correct one of the two.",
                )

    def _clash(self, one: Answer, other: Answer, why: str) -> None:
        self.findings.problem(
            one.at,
            f"{one.question} is {one.value}, but {other.question} is {other.value} ({other.at}): {why}",
            "Correct one of the two.",
        )


def names(book: Regime, what: str) -> tuple[str, ...]:
    """What a question can be about in a rule book."""
    from counterscore.laws.effects import effects_of
    from counterscore.laws.source import territories

    match what:
        case "door":
            return tuple(one.id for one in effects_of(book))
        case "row":
            return tuple(row.id for one in book.stacked() for row in one.catalogue)
        case "list":
            return tuple(book.lists)
        case "territory":
            return tuple(territories())
    return ()


def asking(book: Regime, asks: Mapping[Ask, Sequence[str]], known: Facts | None = None) -> str:
    """A file of facts with every open question as YAML; ``asks`` says for which checks each is asked."""
    if not asks and not (known and known.answers):
        raise UsageError(f"nothing is asked about {book.id}", suggestion="Read it under another law: --under eu")
    out = [
        "# Facts that the rule book does not hold. Answer what you know; what stays unknown stays open.",
        "# Every answer says who gave it (an office, not a person's name) and on what source.",
        "format: 1",
        "kind: facts",
        f"regime: {book.id}",
        "facts:",
    ]
    by_question: dict[str, dict[str, list[str]]] = {}
    for ask, checks in asks.items():
        by_question.setdefault(ask.question, {}).setdefault(ask.about, []).extend(checks)
    for name, question in questions().items():
        answered = {about: one for (asked, about), one in (known.answers if known else {}).items() if asked == name}
        if name not in by_question and not answered:
            continue
        abouts = by_question.get(name, {})
        checks = sorted({check for found in abouts.values() for check in found})
        out += ["", f"  # {question.question}", f"  # Why: {question.why}"]
        out += [f"  # For: {', '.join(checks)}"] if checks else []
        out += [f"  # Who could know: {question.who}"]
        counted = (f"a number of {question.kind}",) if question.kind in ("months", "years") else ()
        options = (
            ", ".join((*question.values, *counted, UNKNOWN)) if question.values or counted else f"words, or {UNKNOWN}"
        )
        out += [f"  # Write: {options}"]
        if question.about == "book":
            out += [f"  {name}: {_written(answered.get(''))}"]
        else:
            out += [f"  {name}:"]
            for about in sorted({*abouts, *answered} - {""}):
                out += [f"    {about}: {_written(answered.get(about))}"]
    return "\n".join(out) + "\n"


def _written(answer: Answer | None) -> str:
    if answer is None:
        return '{value: unknown, who: "", source: ""}'
    return (
        "{"
        + f"value: {answer.value}, who: {_quoted(answer.who)}, source: {_quoted(answer.source)}, on: {_quoted(answer.on)}"
        + "}"
    )


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def open_questions(asked: Iterable[Ask], facts: Facts) -> tuple[Ask, ...]:
    """Those without an answer, in the order of the questions."""
    order = list(questions())
    left = {one for one in asked if facts.value(one.question, one.about) is None}
    return tuple(sorted(left, key=lambda one: (order.index(one.question), one.about)))
