"""A run folder seen from outside: how its files are called, whether a folder is one, when it was made or changed.

What stands in the files is read by ``results``. This module imports nothing heavy, so that a list of runs is quick, and
it follows no link out of the folder.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

RECORD = "record.json"  #: all inputs; it makes a folder a run
MANIFEST = "manifest.jsonl"  #: every other file with its digest
UNIT = "unit.json"  #: in the folder of each world and replicate
RESOURCES = "resources.json"  #: what a run took
ECHOES = "echoes.json"  #: elasticities of results to inputs, where somebody had them measured


def holds_run(folder: Path) -> bool:
    """Whether something is called as the record of a run is; what it is, is told when it is read."""
    return os.path.lexists(folder / RECORD)


def made_ns(folder: Path) -> int:
    """When the record was written, in nanoseconds of the file system's clock; 0 where there is none."""
    return _time_and_size(folder / RECORD)[0]


def runs_in(folder: Path) -> list[Path]:
    """The runs that lie in ``folder``, newest first; hidden folders are left out.

    One that has lost its record and has a manifest is among them, last, so that the loss is told and not passed over.
    """
    found = [
        one
        for one in folder.glob("*")
        if not one.name.startswith(".") and (holds_run(one) or os.path.lexists(one / MANIFEST))
    ]
    return sorted(found, key=made_ns, reverse=True)


def head_stamp(folder: Path) -> tuple[tuple[int, int], ...]:
    """Time and size of the files that say what a run is and what of it is finished; another one where they changed."""
    return tuple(_time_and_size(folder / name) for name in (RECORD, MANIFEST, RESOURCES, ECHOES))


def stamp(folder: Path) -> str:
    """Sixteen hex digits that change when any file of a run does. Files are looked at, not opened."""
    found = hashlib.sha256()
    for path in sorted(_files(folder)):
        time, size = _time_and_size(path)
        found.update(f"{path.relative_to(folder)} {time} {size}\n".encode("utf-8", "surrogateescape"))
    return found.hexdigest()[:16]


def _files(folder: Path, depth: int = 2) -> Iterator[Path]:
    """What lies in a run folder, in those of its worlds and in those of their replicates."""
    with suppress(OSError), os.scandir(folder) as found:
        for one in found:
            if depth and one.is_dir(follow_symlinks=False):
                if not one.name.startswith("."):
                    yield from _files(Path(one.path), depth - 1)
            else:
                yield Path(one.path)


def _time_and_size(path: Path) -> tuple[int, int]:
    try:
        found = path.lstat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size if stat.S_ISREG(found.st_mode) else -1
