"""Reading and writing files so that nothing else is touched: whole or not there, never through a link.

Whatever writes a file for a reader goes through ``whole_file`` or ``write_whole``; what opens a file that may come
from elsewhere goes through ``open_plain``.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from counterscore.errors import RunError, UsageError

_LARGEST = 1 << 25  #: bytes of a file that is looked at to see whose it is
UNFINISHED = ".counterscore-"  #: how the name of a file begins that is not whole yet; nobody else's begins so by chance
#: First characters by which a spreadsheet takes a cell of text for something to compute.
_COMPUTED = ("=", "+", "-", "@", "\t", "\r")


def open_plain(path: Path) -> int:
    """A descriptor for reading a plain file. Raises ``OSError`` for links, folders, pipes and devices, without waiting."""
    fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise OSError(0, "is not a plain file", str(path))
    return fd


def read_plain(path: Path, most: int) -> bytes:
    """The bytes of a plain file of at most ``most`` bytes. Raises ``OSError`` as ``open_plain``, and where it is larger."""
    with os.fdopen(open_plain(path), "rb") as file:
        raw = file.read(most + 1)
    if len(raw) > most:
        raise OSError(0, f"is larger than {most:,} bytes", str(path))
    return raw


@contextmanager
def whole_file(path: Path, *, new: bool = False) -> Iterator[Path]:
    """A name beside ``path`` to write to; it becomes ``path`` when all went well, and is gone when it did not.

    With ``new`` nothing that has the name ``path`` is replaced: ``FileExistsError``. Raises ``RunError`` where the disk
    refuses, with what can be done about it.
    """
    if new and os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    part = path.with_name(f"{UNFINISHED}{secrets.token_hex(8)}{path.suffix}")
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666))
        yield part
        with part.open("rb") as written:
            os.fsync(written.fileno())
        if new:
            _give_new_name(part, path)
        else:
            part.replace(path)
    except FileExistsError:
        raise
    except OSError as error:
        raise RunError(
            f"{path} was not written: {reason(error)}", suggestion="Make room, or choose another place."
        ) from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _give_new_name(part: Path, path: Path) -> None:
    """Rename, but to a name that is free; file systems without hard links have it taken first."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666))
        part.replace(path)


def write_whole(path: Path, content: str | bytes, *, new: bool = False) -> None:
    """Write a file as a whole, or leave what was there. Raises as ``whole_file``."""
    with whole_file(path, new=new) as part:
        part.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)


def write_for_hand(path: Path, text: str) -> None:
    """Write a file that a person goes on with, so that one of that name is never replaced, not even an earlier one of ours.

    Raises ``UsageError`` where something has the name, ``RunError`` where the disk refuses.
    """
    try:
        write_whole(path, text, new=True)
    except FileExistsError:
        raise UsageError(f"{path} exists and is not replaced", suggestion="Choose another name.") from None


def refuse_to_replace(path: Path, is_ours: Callable[[bytes], bool]) -> None:
    """Raise ``UsageError`` where ``path`` is something that counterscore did not write, told by what it says."""
    try:
        with os.fdopen(open_plain(path), "rb") as file:
            ours = is_ours(file.read(_LARGEST))
    except FileNotFoundError:
        return
    except OSError:
        ours = False
    if not ours:
        raise UsageError(
            f"{path} is there and was not written by counterscore; it is left alone", suggestion="Choose another name."
        )


def begins_like(text: str) -> Callable[[bytes], bool]:
    """Whether a file is a table with the same first line as ``text``."""
    head = text.split("\n", 1)[0].encode()
    return lambda found: found.split(b"\n", 1)[0].rstrip(b"\r") == head.rstrip(b"\r")


def is_own_page(found: bytes) -> bool:
    """Whether a file is an HTML page that names counterscore."""
    return found.lstrip()[:9].lower() == b"<!doctype" and b"counterscore" in found


def reason(error: OSError) -> str:
    """What went wrong, in the system's words or in those of the library that met it."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):  # the library's own words would hide it
        return os.strerror(error.errno)
    return error.strerror or str(error)


def cell(value: Any) -> Any:
    """``value`` as a cell of a table: text that a spreadsheet would compute gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_COMPUTED) else value


def cells(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row for ``csv.DictWriter``, each cell as ``cell`` writes it."""
    return {name: cell(value) for name, value in row.items()}
