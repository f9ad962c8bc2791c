"""Verify a bundle: checksums of its files, then the whole run once more, cell by cell."""

from __future__ import annotations

import errno
import hashlib
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import nullcontext
from copy import copy
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from counterscore.bundle.pack import CHECKSUMS, RUN
from counterscore.engine import engine_digest
from counterscore.errors import InputError, Position, Problem, RunError
from counterscore.provenance import own_version
from counterscore.results import Run
from counterscore.simulation import Progress, again

_CHUNK = 1 << 20
_MOST_MEMBERS = 1_000_000
_MOST_TIMES = 200  #: a bundle unpacks to at most so many times its size: tables are compressed before
_SMALL = 1 << 26  #: bytes that any bundle may unpack to
_ENCRYPTED = 1
_BLANK = 32
_MADE_BY = "Ask for it again: counterscore export RUN --bundle evidence.zip"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a bundle turned out to be. ``changed`` names files that are not those of the checksums; ``difference``
    is the first cell at which the re-run differs, ``versions`` are those of this software and of the bundle.
    """

    changed: tuple[str, ...]
    difference: str | None
    digest: str
    tables: int
    seconds: float
    versions: tuple[str, str]
    same_engine: bool

    @property
    def identical(self) -> bool:
        """Whether every file and every cell is as it was."""
        return not self.changed and self.difference is None

    def __str__(self) -> str:
        if self.identical:
            return f"All {self.tables} tables identical.   sha256 {self.digest}"
        parts = [f"{', '.join(self.changed[:3])} changed since the bundle was made"] if self.changed else []
        parts += [f"runs differ: {self.difference} (here: the bundle; there: made again)"] if self.difference else []
        parts += ["the bundle was made by another engine"] if not self.same_engine else []
        return "; ".join(parts)

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {**asdict(self), "identical": self.identical}


def verify(bundle: Path, *, threads: int | None = None, progress: Progress | None = None) -> Verdict:
    """Unpack ``bundle`` into a temporary folder, check it and make its run again.

    Raises ``RunError`` where it holds no run, and ``InputError`` where it is damaged, or is not as ``pack`` makes one:
    links, names that lead out of it, encrypted files, or far more in it than its size allows.
    """
    with tempfile.TemporaryDirectory(prefix="counterscore-bundle-") as folder:
        changed = _unpack(bundle, Path(folder))
        found = _run_of(bundle, Path(folder) / RUN, changed)
        damaged = found.problems()
        if not found.finished:
            raise RunError(f"{bundle} has no finished replicate")
        second = again(found, Path(folder) / "again", threads=threads, progress=progress)
        try:
            difference = found.first_difference(second)
        except RunError as error:
            difference = error.message.replace(f"{found.path}/", "")
        if difference is None and damaged and not changed:
            difference = damaged[0].replace(f"{found.path}/", "")
        tables = sum(len(found.tables(world, replay)) for world, replay in found)
        versions = (own_version(), _version(found))
        seconds = float(second.resources.get("seconds", 0.0))
        if difference is None and found.digest() != second.digest():
            difference = "the digests in unit.json are not those of the tables"
        return Verdict(changed, difference, found.digest()[0], tables, seconds, versions, _same_engine(found))


def _run_of(bundle: Path, folder: Path, changed: tuple[str, ...]) -> Run:
    try:
        return Run(folder, checked=False)  # what has changed is named by its cell
    except (RunError, InputError) as error:
        what = (
            f"{', '.join(changed[:3])} changed since it was made" if changed else str(error).replace(f"{folder}/", "")
        )
        raise RunError(f"{bundle} holds no run that can be read: {what}", suggestion=_MADE_BY) from None


def _version(found: Run) -> str:
    return str(found.record["software"]["counterscore"])


def _same_engine(found: Run) -> bool:
    return bool(found.record["engine_sha256"] == engine_digest())


def _unpack(bundle: Path, folder: Path) -> tuple[str, ...]:
    """Unpack the run and check every member; returns what is not as the checksums say."""
    try:
        with zipfile.ZipFile(bundle) as file:
            members = _members(file, bundle)
            if CHECKSUMS not in members:
                raise RunError(f"{bundle} is no bundle: {CHECKSUMS} is not in it")
            rows = b"".join(_chunks(file, members[CHECKSUMS])).decode("utf-8").splitlines()
            expected = {name: digest for digest, name in (row.split("  ", 1) for row in rows if "  " in row)}
            changed = [f"{name} is not in the bundle any more;" for name in sorted(set(expected) - set(members))]
            changed += [f"{name} was added;" for name in sorted(set(members) - set(expected) - {CHECKSUMS})]
            for name in sorted(set(members) & set(expected)):
                digest = hashlib.sha256()
                target = folder / name if name.startswith(f"{RUN}/") else None
                if target:
                    target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("xb") if target else nullcontext() as out:
                    for chunk in _chunks(file, members[name]):
                        digest.update(chunk)
                        if out:
                            out.write(chunk)
                if digest.hexdigest() != expected[name]:
                    changed.append(name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise _unusable(bundle, f"it is damaged ({error})") from None
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise RunError(
                f"{bundle} was not unpacked: {error.strerror} in {folder.parent}",
                suggestion="Make room there, or set TMPDIR to a folder on another disk.",
            ) from None
        raise
    return tuple(changed)


def _members(file: zipfile.ZipFile, bundle: Path) -> dict[str, zipfile.ZipInfo]:
    """The members by name, once it is known that they are plain files that stay within the bundle and within bounds."""
    found: dict[str, zipfile.ZipInfo] = {}
    infos = file.infolist()
    if len(infos) > _MOST_MEMBERS:
        raise _unusable(bundle, f"it holds {len(infos):,} files, more than {_MOST_MEMBERS:,}")
    unpacked = sum(info.file_size for info in infos)
    if unpacked > max(_SMALL, _MOST_TIMES * bundle.stat().st_size):
        raise _unusable(
            bundle, f"it says that it unpacks to {unpacked:,} bytes, more than {_MOST_TIMES} times its size"
        )
    for info in infos:
        name, kind = info.filename, info.external_attr >> 16
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts or "\\" in name:
            raise _unusable(bundle, f"it holds {name}, which leads out of it")
        if info.is_dir() or (stat.S_IFMT(kind) and not stat.S_ISREG(kind)):
            raise _unusable(bundle, f"{name} in it is no plain file")
        if info.flag_bits & _ENCRYPTED:
            raise _unusable(bundle, f"{name} in it is encrypted")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _unusable(bundle, f"{name} in it is compressed in a way that bundles are not")
        if name in found or any(ord(letter) < _BLANK for letter in name):
            raise _unusable(bundle, f"{name} is in it twice, or is no name")
        found[name] = info
    return found


def _chunks(file: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """What a member holds, as long as that is what it says; raises ``BadZipFile`` where it is more or less."""
    asked = copy(info)
    asked.file_size = info.file_size + 1  # else whatever comes after the announced size would not be seen
    asked.CRC = info.CRC
    size = 0
    with file.open(asked) as member:
        while chunk := member.read(_CHUNK):
            size += len(chunk)
            yield chunk
    if size != info.file_size:
        raise zipfile.BadZipFile(f"{info.filename} does not unpack to the {info.file_size:,} bytes that it says")


def _unusable(bundle: Path, why: str) -> InputError:
    return InputError([Problem(Position(str(bundle), 1, 1), f"this bundle is not read: {why}", _MADE_BY)])
