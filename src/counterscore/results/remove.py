"""Removing a run: the files that its manifest names, and nothing else, through no link."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path, PurePosixPath

from counterscore.errors import RunError
from counterscore.files import reason
from counterscore.results.lock import FolderLock
from counterscore.results.manifest import Manifest
from counterscore.results.write import clear_unfinished, is_partial
from counterscore.run_folder import MANIFEST, RECORD

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def remove(folder: Path) -> tuple[Path, ...]:
    """Remove the run in ``folder`` for good; returns what lies there still because it is not the run's, by name.

    Files that the manifest names go, the manifest last, so that a removal that was cut off can be done again; folders
    go where nothing is left in them. Raises ``UsageError`` while somebody writes to the run, ``RunError`` where
    ``folder`` is a link, holds no manifest of a run, or where the system refuses.
    """
    if folder.is_symlink() or not folder.is_dir():
        raise RunError(f"{folder} is not a folder, or a link to one", suggestion="Nothing was removed.")
    manifest = Manifest(folder)
    if not manifest.records:
        raise RunError(
            f"{folder} has no {MANIFEST} that tells which files are the run's: {manifest.damage or 'it names none'}",
            suggestion="Nothing was removed. Look into the folder and remove by hand what you do not need.",
        )
    lock = FolderLock(folder)
    try:
        named = [PurePosixPath(path) for path in manifest.entries if path != RECORD]
        for path in [*named, PurePosixPath(RECORD), PurePosixPath(MANIFEST)]:
            _unlink(folder, path)
        for unfinished in folder.glob(".*"):
            if is_partial(unfinished.name) and stat.S_ISDIR(unfinished.lstat().st_mode):
                clear_unfinished(unfinished)
                _remove_empty(unfinished)
        parents = {parent for path in named for parent in path.parents if parent.parts}
        for parent in sorted(parents, key=lambda one: len(one.parts), reverse=True):
            if _descends(folder, parent):
                _remove_empty(folder / parent)
    except OSError as error:
        raise RunError(
            f"{folder} was removed in part only: {error.filename or ''} {reason(error)}",
            suggestion="Give access, then delete it again.",
        ) from None
    finally:
        lock.release()
    _remove_empty(folder)
    return tuple(sorted(_left(folder)))


def _unlink(folder: Path, path: PurePosixPath) -> None:
    """Remove a plain file, reached through folders alone; a link or folder with its name stays."""
    fds = []
    try:
        fds.append(os.open(folder, _FOLDER))
        for part in path.parts[:-1]:
            fds.append(os.open(part, _FOLDER, dir_fd=fds[-1]))
        if stat.S_ISREG(os.stat(path.name, dir_fd=fds[-1], follow_symlinks=False).st_mode):
            os.unlink(path.name, dir_fd=fds[-1])
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        if error.errno != errno.ELOOP:  # a link stands where a folder of the run was
            raise
    finally:
        for fd in reversed(fds):
            os.close(fd)


def _descends(folder: Path, path: PurePosixPath) -> bool:
    """Whether ``path`` is reached from ``folder`` through folders and no link."""
    try:
        return all(stat.S_ISDIR((folder / one).lstat().st_mode) for one in (*path.parents, path))
    except OSError:
        return False


def _remove_empty(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()


def _left(folder: Path) -> list[Path]:
    found = []
    for where, folders, files in os.walk(folder):
        here = Path(where)
        found += [here / name for name in files]
        found += [here / name for name in folders if (here / name).is_symlink() or not any((here / name).iterdir())]
    return found
