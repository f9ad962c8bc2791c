"""Nodes from the parser's events, one by one."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import Any

from ruamel.yaml.error import MarkedYAMLError, YAMLError

from counterscore.errors import UNSEEN, Findings, Position, quoted
from counterscore.regime import parsing
from counterscore.regime.nodes.node import Node
from counterscore.regime.nodes.syntax import OPEN_QUOTE, SYNTAX, left_open

MOST_DEPTH = 20
MOST_VALUES = 20_000
_MOST_DIGITS = 15
_INT = re.compile(r"[-+]?[0-9]+")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+")  # read as octal, or as a word, by older readers
_OTHER_BASE = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?")
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_TRUTHS = {word: value for value in ("true", "false") for word in (value, value.title(), value.upper())}
#: Plain words that YAML 1.1 readers take for true or false, and YAML 1.2 readers for words.
_OLD_TRUTHS = {
    word: value
    for value, words in (("true", ("yes", "on")), ("false", ("no", "off")))
    for one in words
    for word in (one, one.title(), one.upper())
}


class StoppedReadingError(Exception):
    """The rest of the file cannot be read; the reason is in the findings."""


class Builder:
    """Builds nodes from the parser's events, without recursion, so that depth is known as it is read."""

    def __init__(self, file: str, lines: tuple[str, ...], findings: Findings) -> None:
        self.file = file
        self.lines = lines
        self.findings = findings
        self.root: Node | None = None
        self.open: list[Node] = []
        self.pending: list[tuple[str, Position] | None] = []  # per open mapping: the key that waits for a value
        self.count = 0
        self.documents = 0

    def build(self, body: str) -> Node | None:
        try:
            for event in parsing.events(body, most=3 * MOST_VALUES):
                self._take(event)
        except YAMLError as error:
            self._syntax(error)
        except (ValueError, IndexError, AttributeError, AssertionError, TypeError) as error:
            # The parser is not written for hostile text and has died of it before it could say why.
            self._stop(Position(self.file, 1, 1), f"this is not YAML that can be read ({type(error).__name__})")
        return self.root

    def _stop(self, at: Position, message: str, suggestion: str = "") -> None:
        self.findings.problem(at, message, suggestion)
        raise StoppedReadingError

    def _position(self, event: Any) -> Position:
        start, end = event.start_mark, event.end_mark
        line = self.lines[start.line] if start.line < len(self.lines) else ""
        stop = end.column if end.line == start.line else len(line)
        return Position(self.file, start.line + 1, start.column + 1, max(1, stop - start.column))

    def _take(self, event: Any) -> None:
        if isinstance(event, (*parsing.SCALARS, *parsing.ALIASES, *parsing.MAPPING_STARTS, *parsing.SEQUENCE_STARTS)):
            self._value(event)
        elif isinstance(event, parsing.MAPPING_ENDS):
            self.pending.pop()
            self._close(event)
        elif isinstance(event, parsing.SEQUENCE_ENDS):
            self._close(event)
        elif isinstance(event, parsing.DOCUMENT_STARTS):
            self.documents += 1
            if self.documents > 1:
                self._stop(
                    self._position(event),
                    "a second document starts here",
                    "One file holds one rule book.  Remove the ---.",
                )
            if event.version or event.tags:
                self.findings.problem(
                    Position(self.file, 1, 1),
                    "a YAML directive (%) is not used here",
                    "Remove the line; the file is read as YAML 1.2.",
                )

    def _close(self, event: Any) -> None:
        """End a mapping or list; one in brackets on one line is as wide as its brackets reach."""
        node, end = self.open.pop(), event.end_mark
        line = self.lines[node.at.line - 1]
        if end.line == node.at.line - 1 and line[node.at.column - 1 : node.at.column] in ("[", "{"):
            node.at = replace(node.at, width=end.column - node.at.column + 1)

    def _value(self, event: Any) -> None:
        at = self._position(event)
        self.count += 1
        if self.count > MOST_VALUES:
            self._stop(at, f"more than {MOST_VALUES:,} values", "A rule book has a few hundred.")
        if isinstance(event, parsing.ALIASES):
            self.findings.problem(
                at, "an alias (*) is not used here", "Write the value out; each line then says what it means."
            )
        else:
            if event.anchor:
                self.findings.problem(
                    at,
                    "an anchor (&) is not used here",
                    f"Remove &{str(event.anchor)[:40]} and write the value out where it is needed.",
                )
            if event.tag:
                self.findings.problem(
                    at,
                    "a tag (!) is not used here",
                    "Remove it; nothing in the file is run or converted.",
                )
        waiting = bool(self.open) and isinstance(self.open[-1].value, dict) and self.pending[-1] is None
        if waiting:
            self._key(event, at)
            return
        if isinstance(event, parsing.SCALARS):
            if event.value == "" and not event.style and self.pending and self.pending[-1]:
                at = self.pending[-1][1]  # nothing is written: the key is the place to look at
            self._attach(Node(self._leaf(event, at), at))
        elif isinstance(event, parsing.ALIASES):
            self._attach(Node("", at))
        else:
            node = Node({} if isinstance(event, parsing.MAPPING_STARTS) else [], at)
            self._attach(node)
            if len(self.open) >= MOST_DEPTH:
                self._stop(at, f"more than {MOST_DEPTH} levels deep", "A rule book needs five.")
            self.open.append(node)
            if isinstance(event, parsing.MAPPING_STARTS):
                self.pending.append(None)

    def _key(self, event: Any, at: Position) -> None:
        if not isinstance(event, parsing.SCALARS):
            self._stop(at, "a key must be a word", "Write it as key: value.")
        key, plain = event.value, not event.style
        if plain and key == "<<":
            self.findings.problem(
                at,
                "a merge key (<<) is not used here",
                "Write the values out; each line then says what it means.",
            )
        # "on" is a key of the format itself (``extend: {on: …}``, ``- {on: 2010-02, …}``), and a word in YAML 1.2.
        if plain and key in _OLD_TRUTHS and key != "on":
            self._truth(key, at)
        self.pending[-1] = (key, at)

    def _attach(self, node: Node) -> None:
        if not self.open:
            self.root = node
            return
        parent = self.open[-1]
        if isinstance(parent.value, list):
            parent.value.append(node)
        else:
            waiting = self.pending[-1]
            assert waiting is not None
            key, at = waiting
            self.pending[-1] = None
            if key in parent.keys:
                first = parent.keys[key]
                self.findings.problem(
                    at, f"{quoted(key)} is given twice (first at {first.line}:{first.column})", "Keep one."
                )
                return  # the first is kept
            if not parent.value and (parent.at.line, parent.at.column) == (at.line, at.column):
                parent.at = at  # a block mapping has no bracket to point at: its first key stands for it
            parent.value[key] = node
            parent.keys[key] = at
            if node.value is None:
                self.findings.problem(
                    node.at, f"{quoted(key)} has no value", "Write a value, or unknown, or remove the line."
                )

    def _leaf(self, event: Any, at: Position) -> Any:
        text: str = event.value
        if event.style or event.tag:
            if UNSEEN.search(text):
                self.findings.problem(at, "an escape here makes a character that cannot be seen", "Remove the escape.")
                return ""
            return text
        if text in _NULLS:
            if self.open and isinstance(self.open[-1].value, list):
                self.findings.problem(at, "this item has no value", "Write a value, or remove it.")
            return None
        if text in _TRUTHS:
            return _TRUTHS[text] == "true"
        if text in _OLD_TRUTHS:
            self._truth(text, at)
            return text
        if _INT.fullmatch(text):
            if len(text) > _MOST_DIGITS:
                self.findings.problem(
                    at,
                    f"{len(text)} digits are too many for a number",
                    "The model holds numbers up to 1,000,000.",
                )
                return 0
            if _LEADING_ZERO.fullmatch(text):
                self._other_number(at, text, "is another number to YAML 1.1 readers", int(text))
            return int(text)
        if _OTHER_BASE.fullmatch(text) and len(text) <= _MOST_DIGITS:
            self._other_number(at, text, "is not written in decimals", int(text, 0))
            return 0
        if len(text) > 2 * _MOST_DIGITS or not _FLOAT.fullmatch(text):
            return text
        number = float(text)
        if math.isinf(number):
            self.findings.problem(at, f"{text} is too large for a number", "The model holds numbers up to 1,000,000.")
            return 0
        return number

    def _other_number(self, at: Position, text: str, why: str, meant: int) -> None:
        self.findings.problem(at, f"{text} {why}", f"Write {meant}.")

    def _truth(self, word: str, at: Position) -> None:
        value = _OLD_TRUTHS[word]
        self.findings.problem(
            at,
            f'unquoted "{word}" means {value} to YAML 1.1 readers and is a word to others',
            f'Write "{word}" in quotes for the word, or {value} for the truth value.',
        )

    def _syntax(self, error: YAMLError) -> None:
        if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
            self._stop(Position(self.file, 1, 1), f"this is not YAML that can be read ({str(error)[:80]})")
            return
        said, context = str(error.problem or ""), str(error.context or "")
        unforeseen = ("", False, f"this is not YAML: {said[:80]}", "")
        known = next((one for one in SYNTAX if one[0] in said or one[0] in context), unforeseen)
        _, at_context, message, suggestion = known
        mark = error.context_mark if at_context and error.context_mark else error.problem_mark
        line = min(mark.line, len(self.lines) - 1)
        if (opened := left_open(self.lines[: error.problem_mark.line + 1])) is not None:
            self._stop(Position(self.file, *opened), OPEN_QUOTE, "Close it before the end of the value.")
            return
        column = min(mark.column, len(self.lines[line]))
        self._stop(Position(self.file, line + 1, column + 1), message, suggestion)
