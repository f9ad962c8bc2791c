"""From a file to nodes: YAML 1.2 where every key, item and value knows its line and column.

The file may come from anybody. Its size, encoding, depth and number of values are limited before memory
or time is spent on them; anchors, tags and several documents are refused; nothing in it is evaluated.
"""

from __future__ import annotations

import math
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ruamel.yaml.error import MarkedYAMLError, YAMLError

from counterscore.errors import UNSEEN, Findings, InputError, Position, Problem, did_you_mean, quoted
from counterscore.quantity import Document
from counterscore.quantity import Path as DataPath
from counterscore.regime import parsing

MOST_BYTES = 1 << 20
MOST_LINES = 20_000
MOST_LINE = 10_000
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


#: Keys and column names that only rows about persons have.
_PERSONAL = frozenset(
    [
        "id_number",
        "identity_number",
        "id_card",
        "id_card_number",
        "national_id",
        "passport",
        "passport_number",
        "ssn",
        "social_security_number",
        "birth_date",
        "birthdate",
        "date_of_birth",
        "birthday",
        "dob",
        "phone",
        "phone_number",
        "telephone",
        "mobile",
        "mobile_number",
        "email",
        "e_mail",
        "first_name",
        "last_name",
        "family_name",
        "given_name",
        "full_name",
        "surname",
        "home_address",
        "wechat_id",
        "person_id",
        "citizen_id",
    ]
)
#: Keys that make a mapping with a ``name`` one about a person.
_OF_PERSONS = frozenset(
    [
        "age",
        "sex",
        "gender",
        "address",
        "birth",
        "occupation",
        "employer",
        "income",
        "nationality",
        "ethnicity",
        "score",
        "grade",
        "district",
        "registration",
        "household",
    ]
)
START = "Start one from another: counterscore copy suining-2010 mine.yaml"
_PERSONS = "counterscore reads tables of counts only.  See: counterscore help city"


@dataclass(slots=True)
class Node:
    """A value with its place. ``value`` is a leaf, a list of nodes, or a dict of nodes."""

    value: Any
    at: Position
    keys: dict[str, Position] = field(default_factory=dict)

    def plain(self) -> Any:
        """The same without positions."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


def tree(document: Document) -> Node:
    """The nodes of a document, for changing it."""

    def grow(data: Any, path: DataPath) -> Node:
        at = document.at(path)
        if isinstance(data, dict):
            keys = {key: document.at((*path, key), key=True) for key in data}
            return Node({key: grow(value, (*path, key)) for key, value in data.items()}, at, keys)
        if isinstance(data, list):
            return Node([grow(value, (*path, index)) for index, value in enumerate(data)], at)
        return Node(data, at)

    return grow(document.data, ())


def flatten(root: Node) -> tuple[dict[DataPath, Position], dict[DataPath, Position]]:
    """Path → position of every value, and of every key."""
    values: dict[DataPath, Position] = {}
    keys: dict[DataPath, Position] = {}

    def walk(node: Node, path: DataPath) -> None:
        values[path] = node.at
        for key, at in node.keys.items():
            keys[(*path, key)] = at
        for step, child in _children(node):
            walk(child, (*path, step))

    walk(root, ())
    return values, keys


def _children(node: Node) -> Iterator[tuple[str | int, Node]]:
    if isinstance(node.value, dict):
        yield from node.value.items()
    elif isinstance(node.value, list):
        yield from enumerate(node.value)


def read_text(path: Path, what: str) -> str:
    """The text of a file, refused before it is read where it is too large. Raises ``InputError``."""
    file = str(path)

    def refuse(message: str, suggestion: str = "") -> InputError:
        return InputError([Problem(Position(file, 1, 1), message, suggestion)])

    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise refuse(f"this is a folder, not {what}", "Name the file in it, such as regime.yaml.")
        if not stat.S_ISREG(found.st_mode):
            raise refuse(f"this is not a plain file, so not {what}")
        with path.open("rb") as stream:
            raw = stream.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise refuse("there is no such file", _neighbour(path)) from None
    except PermissionError:
        raise refuse("this file may not be read", "Check its permissions.") from None
    except (OSError, ValueError) as error:
        raise refuse(f"this file cannot be read ({getattr(error, 'strerror', None) or error})") from None
    _refuse_table(raw, file)
    if len(raw) > MOST_BYTES:
        size = f"{found.st_size / (1 << 20):,.1f}"
        raise refuse(f"{size} MiB is too large for {what}", "The limit is 1 MiB; a rule book has a few hundred lines.")
    return _decode(raw, file, what)


def _neighbour(path: Path) -> str:
    try:
        close = did_you_mean(path.name, sorted(one.name for one in path.parent.iterdir())[:1000])
    except OSError:
        close = None
    return f"Did you mean {path.with_name(close)}?" if close else "Files that come along: counterscore list regimes"


def _decode(raw: bytes, file: str, what: str) -> str:
    for mark, name in ((b"\xff\xfe\x00\x00", "UTF-32"), (b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16")):
        if raw.startswith(mark):
            problem = Problem(Position(file, 1, 1), f"this file is {name}, not UTF-8", "Save it as UTF-8.")
            raise InputError([problem])
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        text = raw.split(b"\n")[line - 1].decode("utf-8", errors="replace").rstrip("\r")
        message = f"the byte 0x{raw[error.start]:02x} is not UTF-8, so {what} cannot be read from here"
        problem = Problem(Position(file, line, column), message, "Save the file as UTF-8.", line_text=text)
        raise InputError([problem]) from None


def _refuse_table(raw: bytes, file: str) -> None:
    """Refuse a table (CSV), and say it plainly where it is a table of persons."""
    head = raw[:4096].decode("utf-8", errors="replace").lstrip("\ufeff")
    first = next((line for line in head.splitlines() if line.strip()), "")
    cells = [_key(cell) for cell in re.split(r"[,;\t|]", first)]
    personal = [cell for cell in cells if cell in _PERSONAL]
    if "name" in cells and any(cell in _OF_PERSONS for cell in cells):
        personal = [cell for cell in cells if cell in {"name"} | _PERSONAL | _OF_PERSONS]
    if len(cells) > 1 and personal and ":" not in first:
        raise InputError([_persons(Position(file, 1, 1, len(first)), personal, first)])
    if file.lower().endswith((".csv", ".tsv", ".parquet", ".xlsx", ".xls")):
        problem = Problem(
            Position(file, 1, 1),
            "this is a table, not a rule book",
            START,
        )
        raise InputError([problem])


def _key(text: str) -> str:
    return re.sub(r"[\s\-]+", "_", text.strip().strip("\"'").lower())


def _persons(at: Position, words: list[str], line: str) -> Problem:
    named = ", ".join(word.replace("_", " ") for word in dict.fromkeys(words[:4]))
    return Problem(at, f"this looks like a list of persons ({named})", _PERSONS, line_text=line)


def read_nodes(text: str, file: str, what: str) -> tuple[Node, Findings, tuple[str, ...]]:
    """``text`` as nodes, what is wrong with it as YAML, and its lines.

    Mistakes that leave the rest readable (a key given twice, an unquoted ``no``, an anchor) are in the
    findings; those that do not raise ``InputError`` at once.
    """
    body = text.removeprefix("\ufeff")
    lines = tuple(line.rstrip("\r") for line in re.split(r"\r\n|\n|\r", body))
    findings = Findings(lambda at: lines[at.line - 1] if 0 < at.line <= len(lines) else "")
    try:
        _check_text(body, lines, file, findings)
        findings.raise_problems()
        root = _Builder(file, lines, findings).build(body)
    except _StoppedReadingError:
        findings.raise_problems()
        raise  # not reached: whoever stops has said why
    if root is None or root.value is None:
        findings = Findings(lambda _: "")
        findings.problem(Position(file, 1, 1), f"this file is empty; {what} is needed", START)
        findings.raise_problems()
        raise AssertionError("unreachable")
    _refuse_persons(root, findings)
    return root, findings, lines


class _StoppedReadingError(Exception):
    """The rest of the file cannot be read; the reason is in the findings."""


def _check_text(body: str, lines: tuple[str, ...], file: str, findings: Findings) -> None:
    if len(lines) > MOST_LINES:
        findings.problem(
            Position(file, MOST_LINES + 1, 1),
            f"{len(lines):,} lines are too many",
            f"The limit is {MOST_LINES:,}.",
        )
    for number, line in enumerate(lines, start=1):
        if len(line) > MOST_LINE:
            findings.problem(
                Position(file, number, 1),
                f"this line is too long ({len(line):,} characters)",
                f"The limit is {MOST_LINE:,}.",
            )
            return
    unseen = UNSEEN.search(body)
    if unseen:
        before = re.split(r"\r\n|\n|\r", body[: unseen.start()])
        code = ord(unseen[0])
        findings.problem(
            Position(file, len(before), len(before[-1]) + 1),
            f"a character that cannot be seen (U+{code:04X}) stands here",
            "Save the file as UTF-8 without it." if code else "The file may be UTF-16 or not text.  Save it as UTF-8.",
        )


class _Builder:
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
        raise _StoppedReadingError

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
        known = next((one for one in _SYNTAX if one[0] in said or one[0] in context), unforeseen)
        _, at_context, message, suggestion = known
        mark = error.context_mark if at_context and error.context_mark else error.problem_mark
        line = min(mark.line, len(self.lines) - 1)
        if (opened := _left_open(self.lines[: error.problem_mark.line + 1])) is not None:
            self._stop(Position(self.file, *opened), _OPEN_QUOTE, "Close it before the end of the value.")
            return
        column = min(mark.column, len(self.lines[line]))
        self._stop(Position(self.file, line + 1, column + 1), message, suggestion)


_OPEN_QUOTE = "this quote is not closed"
_OPENS = re.compile(r"""(?:^|[:\[{,-])\s*(?=["'])""")
_CLOSED = re.compile(r"\s*(?:$|[,}\]:#])")


def _left_open(lines: Sequence[str]) -> tuple[int, int] | None:
    """Line and column of the last quote that was not closed, where the parser blames a later line.

    It takes what follows for text, up to the next quote of the file; a text that is meant to go on over lines ends there.
    """
    after = dict.fromkeys("\"'", "")  # what stands behind the next quote of each kind
    for number in range(len(lines) - 1, -1, -1):
        line = lines[number]
        column = _open_at_end(line)
        if column is not None and not _CLOSED.match(after[line[column]]):
            return number + 1, column + 1
        after |= {quote: line[line.find(quote) + 1 :] for quote in after if quote in line}
    return None


def _open_at_end(line: str) -> int | None:
    """Where a quote opens that the line does not close."""
    at = 0
    while (opening := _OPENS.search(line, at)) is not None:
        start = opening.end()
        quote = line[start]
        at = start + 1
        while at < len(line) and line[at] != quote:
            at += 2 if quote == '"' and line[at] == "\\" else 1
        if at >= len(line):
            return start
        at += 1
    return None


#: What the parser says (its problem or context), whether its context mark is the better place, and what we say.
_SYNTAX = (
    (
        "mapping values are not allowed",
        False,
        'a ":" where no key is expected',
        'Put text that holds ": " in quotes, or check the indentation.',
    ),
    ("\\t", False, "a tab stands here; lines are indented with spaces", "Replace the tab by spaces."),
    (
        "while scanning a quoted scalar",
        True,
        _OPEN_QUOTE,
        "Close it before the end of the value.",
    ),
    (
        "while parsing a flow sequence",
        True,
        'this "[" is not closed as expected',
        'Separate items by commas and close with "]".',
    ),
    (
        "while parsing a flow mapping",
        True,
        'this "{" is not closed as expected',
        "Write {key: value, key: value}.",
    ),
    (
        "while scanning a simple key",
        True,
        'this line has no ":" and is not part of the value above it',
        "Write key: value, or indent the line further than its key.",
    ),
    (
        "expected <block end>",
        False,
        "this line is not indented like the lines it belongs to",
        "Indent it exactly like its neighbours.",
    ),
    ("document start", False, "a second document or stray text starts here", "One file holds one rule book."),
    (
        "block entry is not allowed",
        False,
        'a list item ("-") cannot stand here',
        "Start it on a line of its own, below its key.",
    ),
    (
        "sequence entries are not allowed",
        False,
        'a list item ("-") cannot stand here',
        "Start it on a line of its own, below its key.",
    ),
    ("cannot start any token", False, "a value cannot start with this character", "Put the value in quotes."),
    (
        "unknown escape character",
        False,
        "an unknown escape in double quotes",
        "Use single quotes where a backslash is meant.",
    ),
)


def _refuse_persons(root: Node, findings: Findings) -> None:
    """Refuse mappings whose keys only rows about persons have, in one sentence for the whole file."""
    personal: list[tuple[str, Position]] = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        words = {_key(key): at for key, at in node.keys.items()}
        personal += [(word, at) for word, at in words.items() if word in _PERSONAL]
        if "name" in words and any(word in _OF_PERSONS for word in words):
            personal += [(word, at) for word, at in words.items() if word == "name" or word in _OF_PERSONS]
        waiting += [child for _, child in _children(node)]
    if personal:
        first = min((at for _, at in personal), key=lambda at: (at.line, at.column))
        ordered = sorted(personal, key=lambda one: (one[1].line, one[1].column))
        problem = _persons(first, [word for word, _ in ordered], "")
        findings.problem(first, problem.message, problem.suggestion)
        findings.raise_problems()
