"""A whole file as nodes, and what is wrong with it as YAML."""

from __future__ import annotations

import re

from counterscore.errors import UNSEEN, Findings, Position
from counterscore.regime.nodes.building import Builder, StoppedReadingError
from counterscore.regime.nodes.node import Node
from counterscore.regime.nodes.persons import START, refuse_persons

MOST_LINES = 20_000
MOST_LINE = 10_000


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
        root = Builder(file, lines, findings).build(body)
    except StoppedReadingError:
        findings.raise_problems()
        raise  # not reached: whoever stops has said why
    if root is None or root.value is None:
        findings = Findings(lambda _: "")
        findings.problem(Position(file, 1, 1), f"this file is empty; {what} is needed", START)
        findings.raise_problems()
        raise AssertionError("unreachable")
    refuse_persons(root, findings)
    return root, findings, lines


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
