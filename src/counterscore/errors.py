"""What can go wrong, said so that a person can act on it.

CounterscoreError
├── UsageError     exit 2  a command or argument that does not exist
├── InputError     exit 3  a file that cannot be used; holds all its problems
├── RunError       exit 4  a run that failed or a run folder that is damaged
│   └── DamagedRunError    a file of a run is missing, changed or another one
├── VerifyError    exit 5  two runs, or a case and its expectation, differ
└── StoppedError   exit 6  stopped, finished replicates are kept
"""

from __future__ import annotations

import difflib
import re
import shlex
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

_MOST_SHOWN = 20
_MOST_SUGGESTED = 100  #: a file with more problems has a deeper one; looking for near words takes time
_WIDEST = 100
_LONGEST_WORD = 60
_MEANT = re.compile(
    r"Did you mean ([\w.+-]*\w)(?: \(defined at [^)]*\))?\?"
)  #: as suggestions of a near word are written
_NUMBER = re.compile(r"Write ([+-]?[0-9][0-9.]*[0-9]|[+-]?[0-9])\.")  #: and those of a number
#: Characters that no editor shows: controls, marks that turn the direction of writing or have no width, other line
#: ends, blanks that look like nothing. A line could read differently from what it says. Tab and line ends are not among
#: them, nor the selectors that choose a form of the character before them.
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5"
    "\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb\U000110bd\U000110cd"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff]"
)
_ENDS = re.compile("[\t\n\r]")


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a file; lines and columns count from 1. ``width`` is the length of the text there."""

    file: str
    line: int
    column: int
    width: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a file: where, what, and what to write instead."""

    position: Position
    message: str
    suggestion: str = ""
    severity: Literal["problem", "warning"] = "problem"
    line_text: str = ""

    @property
    def found(self) -> str:
        """The text at the place, on its line."""
        start = self.position.column - 1
        return self.line_text[start : start + self.position.width]

    @property
    def instead(self) -> str:
        """The word or number that the suggestion would put in the place of ``found``; empty where it names none."""
        meant, found = _MEANT.search(self.suggestion), self.found
        if found and (number := _NUMBER.fullmatch(self.suggestion)):
            return number[1]
        if meant is None or not found or did_you_mean(found.strip("\"'"), [meant[1]]) is None:
            return ""
        quote = found[0] if len(found) > 1 and found[0] == found[-1] and found[0] in "\"'" else ""
        return f"{quote}{meant[1]}{quote}"

    def as_json(self) -> dict[str, object]:
        """Plain data for ``--json``."""
        return {
            "file": self.position.file,
            "line": self.position.line,
            "column": self.position.column,
            "severity": self.severity,
            "message": self.message,
            "suggestion": self.suggestion,
            "found": self.found,
            "instead": self.instead,
        }


def render(problem: Problem) -> str:
    """``file:line:column: what``, the line, a caret, and what to write instead."""
    at = problem.position
    lead = "warning: " if problem.severity == "warning" else ""
    out = [f"{at}: {lead}{problem.message}"]
    if problem.line_text.strip():
        number = str(at.line)
        start = at.column - 1 - (_WIDEST - 20) if at.column > _WIDEST - 20 else 0
        shown = problem.line_text[start : start + _WIDEST]
        if start:
            shown = "…" + shown[1:]
        if start + _WIDEST < len(problem.line_text):
            shown = shown[:-1] + "…"
        before = at.column - 1 - start
        marked = shown[before : before + at.width]
        out.append(f"   {number} | {visible(shown)}")
        out.append(f"   {' ' * len(number)} | {' ' * _columns(shown[:before])}{'^' * max(1, _columns(marked))}")
    if problem.suggestion:
        out.append(f"  {problem.suggestion}")
    return "\n".join(out)


def visible(text: str, *, but: str = "") -> str:
    """``text`` with every control and invisible character replaced, so that a file cannot steer the terminal.

    Tabs become blanks; characters of ``but`` are left.
    """
    if text.isascii() and text.isprintable():
        return text
    told = _ENDS.sub(lambda one: one[0] if one[0] in but else " " if one[0] == "\t" else _MARK, text)
    return UNSEEN.sub(lambda one: one[0] if one[0] in but else _MARK, told)


_MARK = "\N{REPLACEMENT CHARACTER}"


def _columns(text: str) -> int:
    """How many columns a terminal needs: wide characters take two, combining marks none."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(unicodedata.combining(char) != 0 for char in text)


def quoted(found: object) -> str:
    """``"what was found"`` in quotes, on one line and not too long, for use inside a message."""
    text = visible(str(found).replace("\n", " "))
    return f'"{text[: _LONGEST_WORD - 1]}…"' if len(text) > _LONGEST_WORD else f'"{text}"'


def shell_word(found: object) -> str:
    """``found`` as one word of a command to copy, quoted where a shell would read it otherwise."""
    return shlex.quote(str(found))


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """The known word closest to ``word``, or None where none is close."""
    return _closest(str(word)[:_LONGEST_WORD], tuple(known))


@lru_cache(maxsize=256)
def _closest(word: str, known: tuple[str, ...]) -> str | None:
    by_lower = {one.lower(): one for one in known}
    close = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[close[0]] if close else None


class Findings:
    """Collects the mistakes of one file, so that all are told at once.

    ``line_of`` gives the text of a line. A place that was already complained about before ``settle()``
    is not complained about again: the later complaint would only be a consequence of the first.
    """

    def __init__(self, line_of: Callable[[Position], str]) -> None:
        self._line_of = line_of
        self._found: list[tuple[Position, str, str | Callable[[], str], bool]] = []
        self._settled: set[Position] = set()

    def problem(self, at: Position, message: str, suggestion: str | Callable[[], str] = "") -> None:
        """A mistake that makes the file unusable. A costly suggestion is given as a function."""
        self._add(at, message, suggestion, False)

    def warning(self, at: Position, message: str, suggestion: str | Callable[[], str] = "") -> None:
        """Something to look at; the file can be used."""
        self._add(at, message, suggestion, True)

    def _add(self, at: Position, message: str, suggestion: str | Callable[[], str], warns: bool) -> None:
        if at not in self._settled:
            self._found.append((at, message, suggestion, warns))

    def settle(self) -> None:
        """From here on, places with a problem are left alone."""
        self._settled.update(at for at, _, _, warns in self._found if not warns)

    def __bool__(self) -> bool:
        """True where there is a problem; warnings do not count."""
        return any(not warns for *_, warns in self._found)

    def problems(self) -> tuple[Problem, ...]:
        """All of them, problems before warnings, each kind in the order of the file."""
        ordered = sorted(dict.fromkeys(self._found), key=lambda f: (f[3], f[0].file, f[0].line, f[0].column))
        return tuple(
            Problem(
                position=at,
                message=message,
                suggestion=suggestion
                if isinstance(suggestion, str)
                else suggestion()
                if place < _MOST_SUGGESTED
                else "",
                severity="warning" if warns else "problem",
                line_text=self._line_of(at),
            )
            for place, (at, message, suggestion, warns) in enumerate(ordered)
        )

    def raise_problems(self) -> None:
        """Raise ``InputError`` with everything found, if a problem is among it."""
        if self:
            raise InputError(self.problems())


class CounterscoreError(Exception):
    """Base of all errors counterscore raises on purpose; its text is what the command line prints."""

    exit_code = 4

    def __init__(self, message: str, *, suggestion: str = "") -> None:
        super().__init__(f"{message}\n  {suggestion}" if suggestion else message)
        self.message = message
        self.suggestion = suggestion
        self.file: str | None = None
        self.line: int | None = None
        self.column: int | None = None


class UsageError(CounterscoreError):
    """A command, name or setting that does not exist."""

    exit_code = 2


class InputError(CounterscoreError):
    """A file that cannot be used. ``problems`` holds all of them, most severe first."""

    exit_code = 3

    def __init__(self, problems: Sequence[Problem]) -> None:
        ordered = sorted(
            problems,
            key=lambda p: (p.severity == "warning", p.position.file, p.position.line, p.position.column),
        )
        shown = [render(problem) for problem in ordered[:_MOST_SHOWN]]
        if len(ordered) > _MOST_SHOWN:
            shown.append(f"… and {len(ordered) - _MOST_SHOWN} more.")
        super().__init__("\n\n".join(shown))
        self.problems = tuple(ordered)
        if ordered:
            first = ordered[0]
            self.file, self.line, self.column = (
                first.position.file,
                first.position.line,
                first.position.column,
            )
            self.suggestion = first.suggestion

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Problem, ...]]]:
        """How it is made again in another process: from its problems, not from its text."""
        return type(self), (self.problems,)


class RunError(CounterscoreError):
    """A run that could not go on, or a run folder that cannot be read."""

    exit_code = 4


class DamagedRunError(RunError):
    """A file of a run that is missing, has changed or is another one. ``run`` is the folder of the run."""

    def __init__(self, message: str, *, suggestion: str = "", run: Path | None = None) -> None:
        super().__init__(message, suggestion=suggestion)
        self.run = run


class NotKeptError(RunError):
    """A run of an earlier version does not hold a column that is asked for."""


class VerifyError(CounterscoreError):
    """Two things that should be the same differ."""

    exit_code = 5


class StoppedError(CounterscoreError):
    """Stopped before the end; what was finished is kept."""

    exit_code = 6
