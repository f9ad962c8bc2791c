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
    found = "".join(f"{name} {time} {size}\n" for name, time, size in sorted(_files(os.fspath(folder), "", depth=2)))
    return hashlib.sha256(found.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def size_on_disk(folder: Path) -> int:
    """Bytes of all files in a folder, whoever put them there."""
    return sum(max(0, size) for _, _, size in _files(os.fspath(folder), "", depth=_DEEPEST))


_DEEPEST = 20  #: levels of folders that are counted; a run has three


def _files(folder: str, within: str, depth: int) -> Iterator[tuple[str, int, int]]:
    """Name, time and size of what lies in a folder, and as many levels further down; hidden folders are left out.

    Every page about a run asks this, so that no ``Path`` is made of any of some hundred files.
    """
    with suppress(OSError), os.scandir(folder) as entries:
        for one in entries:
            if depth and one.is_dir(follow_symlinks=False):
                if not one.name.startswith("."):
                    yield from _files(one.path, f"{within}{one.name}/", depth - 1)
            else:
                yield f"{within}{one.name}", *_of(one.stat(follow_symlinks=False))


def _time_and_size(path: Path) -> tuple[int, int]:
    try:
        return _of(path.lstat())
    except OSError:
        return 0, 0


def _of(found: os.stat_result) -> tuple[int, int]:
    return found.st_mtime_ns, found.st_size if stat.S_ISREG(found.st_mode) else -1
