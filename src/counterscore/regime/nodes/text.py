"""The text of a file, within limits, or why it is none."""

from __future__ import annotations

import stat
from pathlib import Path

from counterscore.errors import InputError, Position, Problem, did_you_mean
from counterscore.regime.nodes.persons import refuse_table

MOST_BYTES = 1 << 20


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
    refuse_table(raw, file)
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
