"""One writer at a time: a lock that the system holds for a process, and that ends with it.

The file ``.counterscore.lock`` says nothing and is never written to: whether somebody writes is known to the system,
not from a process id that may have been given to another process since. What stands in the file, and who left it
there, does not matter.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from contextlib import suppress
from pathlib import Path

from counterscore.errors import RunError, UsageError
from counterscore.files import reason

LOCK = ".counterscore.lock"


class FolderLock:
    """The right to write into ``folder``, held until ``release`` or the end of the process.

    Raises ``UsageError`` where another writer holds it, ``RunError`` where something else stands in its place or
    the file system has no locks.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOCK
        while True:
            self._fd, self._made = self._open()
            try:
                fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                os.close(self._fd)
                if error.errno in (errno.EAGAIN, errno.EACCES):
                    raise UsageError(
                        f"{folder} is being written by another process",
                        suggestion="Wait until it ends, or choose another folder. Nothing has to be removed.",
                    ) from None
                raise RunError(
                    f"{folder} cannot be locked: {reason(error)}", suggestion="Choose a folder on another disk."
                ) from None
            if self._still_there():
                return
            os.close(self._fd)  # who held it before has taken the file away: the lock is of no file any more

    def _open(self) -> tuple[int, bool]:
        flags = os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        while True:
            try:
                return os.open(self._path, flags | os.O_CREAT | os.O_EXCL, 0o644), True
            except FileExistsError:
                pass
            try:
                fd = os.open(self._path, flags)
            except FileNotFoundError:
                continue  # released in between
            except OSError:
                raise self._in_the_way() from None
            if not stat.S_ISREG(os.fstat(fd).st_mode):
                os.close(fd)
                raise self._in_the_way()
            return fd, False

    def _in_the_way(self) -> RunError:
        return RunError(
            f"{self._path} is no file that a run left there or may open", suggestion="Remove it, then go on."
        )

    def _still_there(self) -> bool:
        try:
            there = self._path.lstat()
        except FileNotFoundError:
            return False
        mine = os.fstat(self._fd)
        return (there.st_dev, there.st_ino) == (mine.st_dev, mine.st_ino)

    def release(self) -> None:
        """Let others write; the file goes if this lock made it."""
        if self._fd < 0:
            return
        try:
            if self._made and self._still_there():
                with suppress(OSError):
                    self._path.unlink()
        finally:
            os.close(self._fd)
            self._fd = -1
