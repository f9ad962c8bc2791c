"""What the parser of YAML says, in words for whoever wrote the file."""

from __future__ import annotations

import re
from collections.abc import Sequence

OPEN_QUOTE = "this quote is not closed"
_OPENS = re.compile(r"""(?:^|[:\[{,-])\s*(?=["'])""")
_CLOSED = re.compile(r"\s*(?:$|[,}\]:#])")


def left_open(lines: Sequence[str]) -> tuple[int, int] | None:
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
SYNTAX = (
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
        OPEN_QUOTE,
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
