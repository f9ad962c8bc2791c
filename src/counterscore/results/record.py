"""The record of a run read as data: from anybody, so everything in it has a kind, a size and a range.

What a later version adds is kept as it is; what this version reads is checked here, once, and named with its line
and column where it cannot be used.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from counterscore.errors import InputError, Position, Problem, RunError, quoted
from counterscore.files import read_plain, reason
from counterscore.provenance import RECORD_FORMAT
from counterscore.run_folder import RECORD

MOST_BYTES = 1 << 25
_MOST_DEPTH = 24
_MOST_TEXT = 10_000
_MOST_FILE = 1 << 20
_MOST_OF_A_KIND = 10_000
LONGEST_WORLD = 200

Text = Annotated[str, Field(max_length=_MOST_TEXT)]
#: A name that is also a folder: one step down, on every system, and never a file of the run itself.
World = Annotated[str, Field(max_length=LONGEST_WORLD, pattern=r"^[A-Za-z0-9][A-Za-z0-9_+-]*(\.[A-Za-z0-9_+-]+)*$")]
Id = Annotated[str, Field(max_length=LONGEST_WORLD, pattern=r"^[A-Za-z0-9][A-Za-z0-9._+-]*$")]
#: Where a rule book was read from; its last part names a file in bundles and exports.
FileName = Annotated[
    str,
    Field(
        max_length=4096,
        pattern=r"^([^\x00-\x1f\x7f\\]*/)?[^/\\\x00-\x1f\x7f]*[^/.\\\x00-\x1f\x7f][^/\\\x00-\x1f\x7f]*$",
    ),
]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Month = Annotated[str, Field(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]
Subject = Literal["residents", "firms", "bodies"]


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="allow")


class _RuleBook(_Part):
    id: Id
    title: Text
    subjects: Subject
    files: dict[FileName, Annotated[str, Field(max_length=_MOST_FILE)]] = Field(max_length=1000)
    lists: dict[Id, Text] = Field(max_length=_MOST_OF_A_KIND)
    honours: list[Id] = Field(max_length=_MOST_OF_A_KIND)
    grades: list[Text] | None = Field(max_length=1000)
    perk_grades: list[Text] = Field(max_length=1000)
    score_start: int | None
    score_known: bool
    grades_known: bool
    scrutiny: dict[Text, Annotated[float, Field(allow_inf_nan=False)]] = Field(max_length=1000)
    doors: int = Field(ge=0)


class _World(_Part):
    name: World
    title: Text
    status: Text
    reforms: list[Id] = Field(max_length=1000)
    parts: list[_RuleBook] = Field(max_length=1000)


class _City(_Part):
    id: Id
    title: Text
    residents: int = Field(ge=1, le=4_000_000_000)
    districts: list[Text] = Field(max_length=1000)
    sha256: Sha256
    seed: int | None = Field(default=None, ge=-(2**63), lt=2**64)


class _Switches(_Part):
    responses: bool
    errors: bool


class _Assumption(_Part):
    value: Annotated[float, Field(allow_inf_nan=False)]
    given: bool


class _Software(_Part):
    counterscore: Text


class _Record(_Part):
    format: Literal[2]
    results_epoch: int = Field(ge=0)
    created: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[0-9:+Z.]*$")]
    command: Annotated[str, Field(max_length=1_000_000)]
    software: _Software
    engine_sha256: Sha256
    worlds: list[_World] = Field(min_length=1, max_length=1000)
    baseline: World | None
    city: _City
    months: int = Field(ge=1, le=1200)
    replays: int = Field(ge=1, le=100_000)
    seed: int = Field(ge=-(2**63), lt=2**64)
    start: Month
    switches: _Switches
    subjects: list[Subject] = Field(min_length=1, max_length=3)
    threads: int = Field(ge=1, le=1_000_000)
    assumptions: dict[Text, _Assumption] = Field(max_length=_MOST_OF_A_KIND)
    assumptions_sha256: Sha256
    partial_folder: Annotated[str, Field(pattern=r"^\.counterscore-partial-[0-9a-f]{16}$")]


assert RECORD_FORMAT == 2  # the only one that ``_Record`` describes


def read_record(folder: Path) -> dict[str, Any]:
    """The record of the run in ``folder``.

    Raises ``RunError`` where there is none, or one of another format, and ``InputError`` with file, line and column
    where it says what no run says.
    """
    path = folder / RECORD
    try:
        raw = read_plain(path, MOST_BYTES)
    except (FileNotFoundError, NotADirectoryError):
        raise RunError(
            f"{folder} holds no run: there is no {RECORD} in it", suggestion="See: counterscore list runs"
        ) from None
    except OSError as error:
        raise RunError(f"{path} cannot be read: {reason(error)}", suggestion=_AGAIN) from None
    text = _decoded(raw, path)
    try:
        record = json.loads(text, parse_constant=_no_number)
        _refuse_depth(record)
    except json.JSONDecodeError as error:
        _refuse(path, error.lineno, error.colno, error.msg[:1].lower() + error.msg[1:])
    except (ValueError, RecursionError) as error:
        why = "is nested too deep" if isinstance(error, RecursionError) else str(error)
        _refuse(path, 1, 1, f"the record cannot be read: it {why}")
    if isinstance(record, dict) and record.get("format") == 1 and isinstance(record.get("worlds"), list):
        raise RunError(
            f"{folder} was made by an earlier version of counterscore, which kept no list of its files; this version does "
            "not read it",
            suggestion=f"Make the run again; its command was: {record.get('command') or 'not recorded'}",
        )
    _validate(record, text, path)
    names = [world["name"] for world in record["worlds"]]
    for at, name in enumerate(names):
        if name.lower() in {other.lower() for other in names[:at]}:
            _refuse(path, *_find(text, ("worlds", at, "name")), f"two worlds are called {quoted(name)}")
    if record["baseline"] is not None and record["baseline"] not in names:
        _refuse(path, *_find(text, ("baseline",)), f"the baseline {quoted(record['baseline'])} is no world of the run")
    found: dict[str, Any] = record
    return found


def check_record(record: dict[str, Any]) -> None:
    """Whether a record that is to be written could be read again; raises ``InputError`` as ``read_record`` does."""
    _validate(record, json.dumps(record, indent=1, ensure_ascii=False), Path(RECORD))


def _validate(record: Any, text: str, path: Path) -> None:
    """What is there has its kind and range. Scripts write records without a format, and those may leave things out."""
    try:
        _Record.model_validate(record)
    except ValidationError as error:
        found = error.errors(include_url=False)
        if isinstance(record, dict) and "format" not in record:
            found = [one for one in found if one["type"] != "missing" or one["loc"][-1] in _NEEDED]
        if found:
            raise InputError([_problem(path, text, one) for one in found[:20]]) from None


_NEEDED = frozenset(["city", "months", "replays", "seed", "worlds", "baseline", "partial_folder", "name", "residents"])
_AGAIN = "The run has to be made again, in another folder."


def _decoded(raw: bytes, path: Path) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        _refuse(path, before.count(b"\n") + 1, error.start - before.rfind(b"\n"), "a byte here is not UTF-8")


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"holds {word}, which is no number")


def _refuse_depth(record: Any) -> None:
    level, depth = [record], 0
    while level:
        depth += 1
        if depth > _MOST_DEPTH:
            raise ValueError(f"is nested more than {_MOST_DEPTH} deep")
        level = [
            child
            for one in level
            for child in (one.values() if isinstance(one, dict) else one if isinstance(one, list) else ())
            if isinstance(child, dict | list)
        ]


def _refuse(path: Path, line: int, column: int, message: str) -> NoReturn:
    raise InputError([Problem(Position(str(path), line, column), message, _AGAIN)])


def _problem(path: Path, text: str, error: Any) -> Problem:
    steps = tuple(error["loc"])
    named = ".".join(str(step) for step in steps) or "the record"
    line, column = _find(text, steps)
    told = re.sub(r"a valid dictionary or instance of \w+|a valid dictionary", "a mapping", error["msg"])
    told = (
        told.replace("Input should be a valid", "must be a")
        .replace("Input should", "must")
        .replace("a integer", "an integer")
    )
    told = "is missing" if error["type"] == "missing" else told[:1].lower() + told[1:]
    shown = isinstance(error["input"], str | int | float | None) and error["type"] != "missing"
    found = f", found {quoted(json.dumps(error['input'], ensure_ascii=False)[:200])}" if shown else ""
    return Problem(Position(str(path), line, column), f"{quoted(named)}: {told}{found}", _AGAIN)


_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s\[\]{},:"]+|\n')


def _find(text: str, steps: tuple[Any, ...]) -> tuple[int, int]:
    """Line and column of a value of a JSON text, or of the nearest thing around it that is there."""
    best, best_at = 0, (1, 1)
    for path, line, column in _values(text):
        if len(path) > best and path == steps[: len(path)]:
            best, best_at = len(path), (line, column)
    return best_at


def _values(text: str) -> Iterator[tuple[tuple[Any, ...], int, int]]:
    """Every value with the keys that lead to it and its line and column."""
    path: list[Any] = []
    kinds: list[str] = []
    line, begins, key = 1, 0, False
    for token in _TOKEN.finditer(text):
        word, column = token[0], token.start() - begins + 1
        if word == "\n":
            line, begins = line + 1, token.end()
        elif word in "]}":
            if kinds:
                kinds.pop()
                path.pop()
            key = False
        elif word == ",":
            key = bool(kinds) and kinds[-1] == "{"
            if kinds and kinds[-1] == "[":
                path[-1] += 1
        elif word == ":":
            key = False
        elif key and word.startswith('"'):
            path[-1] = json.loads(word, strict=False)
        else:
            yield tuple(path), line, column
            if word in "[{":
                kinds.append(word)
                path.append(0 if word == "[" else None)
                key = word == "{"
