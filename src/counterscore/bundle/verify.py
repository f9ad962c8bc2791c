"""Verify a bundle: checksums of its files, then the whole run once more, cell by cell."""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from counterscore.bundle.pack import CHECKSUMS, RUN
from counterscore.engine import Progress, engine_digest
from counterscore.errors import RunError
from counterscore.provenance import own_version
from counterscore.reliving import again
from counterscore.results import Run

_CHUNK = 1 << 20


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

    Raises ``RunError`` where it holds no run, or names that lead out of it.
    """
    with tempfile.TemporaryDirectory(prefix="counterscore-bundle-") as folder:
        changed = _unpack(bundle, Path(folder))
        found = Run(Path(folder) / RUN)
        if not found.finished:
            raise RunError(f"{bundle} has no finished replicate")
        second = again(found, Path(folder) / "again", threads=threads, progress=progress)
        difference = found.first_difference(second)
        tables = sum(len(found.tables(world, replay)) for world, replay in found)
        versions = (own_version(), str(found.record["software"]["counterscore"]))
        same_engine = found.record["engine_sha256"] == engine_digest()
        seconds = float(second.resources.get("seconds", 0.0))
        if difference is None and found.digest() != second.digest():
            difference = "the digests in unit.json are not those of the tables"
        return Verdict(changed, difference, found.digest()[0], tables, seconds, versions, same_engine)


def _unpack(bundle: Path, folder: Path) -> tuple[str, ...]:
    """Unpack the run and check every member; returns the names of those that are not as the checksums say."""
    changed = []
    try:
        with zipfile.ZipFile(bundle) as file:
            names = file.namelist()
            if CHECKSUMS not in names:
                raise RunError(f"{bundle} is no bundle: {CHECKSUMS} is not in it")
            rows = file.read(CHECKSUMS).decode("utf-8").splitlines()
            expected = {name: digest for digest, name in (row.split("  ", 1) for row in rows if "  " in row)}
            for name in names:
                if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts or "\\" in name:
                    raise RunError(f"{bundle} holds {name}, which leads out of it; it is not read")
            changed += [f"{name} is not in the bundle any more;" for name in sorted(set(expected) - set(names))]
            for name in sorted(set(names) & set(expected)):
                digest = hashlib.sha256()
                target = folder / name if name.startswith(f"{RUN}/") else None
                if target:
                    target.parent.mkdir(parents=True, exist_ok=True)
                with file.open(name) as member:
                    out = target.open("wb") if target else None
                    try:
                        while chunk := member.read(_CHUNK):
                            digest.update(chunk)
                            if out:
                                out.write(chunk)
                    finally:
                        if out:
                            out.close()
                if digest.hexdigest() != expected[name]:
                    changed.append(name)
    except (zipfile.BadZipFile, UnicodeDecodeError, ValueError) as error:
        raise RunError(f"{bundle} cannot be read: {error}") from None
    return tuple(changed)
