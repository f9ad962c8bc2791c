"""The manifest of a run: every file with its place, size and sha256, written as units are finished.

``manifest.jsonl`` holds one JSON object a line. Files are added in batches, before they get their names; a line
``{"check": …}`` with the sha256 of all bytes before it ends each batch, so that a damaged manifest is known as one.
What the manifest does not name is not the run's: it is neither read nor touched.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from counterscore.files import open_plain, read_plain, reason
from counterscore.run_folder import MANIFEST, UNIT

_FORMAT = 1
_MOST_BYTES = 1 << 28
_PATIENCE = 0.05  #: seconds after which a manifest that was just being written to is read again

Kind = Literal["record", "table", "unit", "resources", "echoes"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a run. ``path`` is relative to the run folder, ``world`` and ``replay`` say whose it is, if anyone's."""

    path: str
    kind: Kind
    size: int
    sha256: str
    world: str | None = None
    replay: int | None = None
    table: str | None = None

    def place(self) -> str:
        """Where it belongs, for messages."""
        return f"world {self.world}, replicate {self.replay}" if self.world is not None else self.path

    def expected_path(self) -> str:
        """The path that a file of this kind and place has."""
        if self.kind == "table":
            return place_of(f"{self.table}.parquet", self.world, self.replay)
        if self.kind == "unit":
            return place_of(UNIT, self.world, self.replay)
        return f"{self.kind}.json"


_ENTRY = TypeAdapter(Entry)


def place_of(name: str, world: str | None, replay: int | None) -> str:
    """The path of a file within its run folder."""
    return name if world is None or replay is None else f"{world}/{replay:04d}/{name}"


class Manifest:
    """The manifest of the run in ``folder``, as it was when it was opened.

    ``entries`` are the files by path, the last word on each. ``damage`` says what is wrong with the manifest itself,
    if anything; ``entries`` are then those of the part before the damage.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / MANIFEST
        self.entries: dict[str, Entry] = {}
        self.records: set[str] = set()  #: digests of the record: it may have been replaced by one with more replicates
        self.damage: str | None = None
        self.good = 0  #: bytes before the damage
        self._digest = hashlib.sha256()
        try:
            raw = read_plain(self.path, _MOST_BYTES)
            if not raw.endswith(b"}\n"):  # somebody may be writing to it at this moment
                time.sleep(_PATIENCE)
                raw = read_plain(self.path, _MOST_BYTES)
        except FileNotFoundError:
            self.damage = f"{self.path} is missing"
        except OSError as error:
            self.damage = f"{self.path} cannot be read: {reason(error)}"
        else:
            self._take(raw)

    def _take(self, raw: bytes) -> None:
        waiting: list[Entry] = []
        digest, at = hashlib.sha256(), 0
        for line in raw.splitlines(keepends=True):
            try:
                told = json.loads(line)
                if "check" in told:
                    if told != {"check": digest.hexdigest()}:
                        raise ValueError
                    self._add(waiting)
                    waiting = []
                    self.good = at + len(line)
                elif at:
                    waiting.append(_entry(line))
                elif told != _HEAD:
                    raise ValueError
            except (ValueError, TypeError, RecursionError):
                break
            digest.update(line)
            at += len(line)
            if self.good == at:
                self._digest = digest.copy()
        if self.good != len(raw) or not raw:
            self.damage = f"{self.path} has changed since it was written"

    def _add(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            self.entries[entry.path] = entry
            if entry.kind == "record":
                self.records.add(entry.sha256)

    def fault(self, path: str) -> str | None:
        """What is wrong with a file that the manifest names, in one sentence, or None. Its bytes are read once a process."""
        entry = self.entries.get(path)
        file = self.folder / path
        if entry is None:
            return f"{file} is not named by the run's {MANIFEST}"
        try:
            for part in file.relative_to(self.folder).parents:
                if part != Path() and not stat.S_ISDIR((self.folder / part).lstat().st_mode):
                    return f"{self.folder / part} is not a folder, or a link to one"
            size, digest = fingerprint(file)
        except FileNotFoundError:
            return f"{file} is missing"
        except OSError as error:
            return f"{file} cannot be read: {reason(error)}"
        if (size, digest) == (entry.size, entry.sha256) or (entry.kind == "record" and digest in self.records):
            return None
        whose = next((one.place() for one in self.entries.values() if one.sha256 == digest and one.path != path), None)
        return f"{file} was exchanged: it is that of {whose}" if whose else f"{file} has changed since it was written"

    def unit(self, world: str, replay: int) -> tuple[Entry, ...]:
        """The files of one world and replicate; none where it is not finished."""
        return self._units.get((world, replay), ())

    @property
    def _units(self) -> Mapping[tuple[str, int], tuple[Entry, ...]]:
        if self._by_unit is None or self._counted != len(self.entries):
            found: dict[tuple[str, int], list[Entry]] = {}
            for entry in self.entries.values():
                if entry.world is not None and entry.replay is not None:
                    found.setdefault((entry.world, entry.replay), []).append(entry)
            self._by_unit = {unit: tuple(files) for unit, files in found.items()}
            self._counted = len(self.entries)
        return self._by_unit

    _by_unit: dict[tuple[str, int], tuple[Entry, ...]] | None = None
    _counted = -1

    def units(self) -> frozenset[tuple[str, int]]:
        """Worlds and replicates whose files are named."""
        return frozenset(self._units)


class ManifestWriter(Manifest):
    """A manifest that files are added to. Only who holds the folder's lock opens one.

    One that is missing or damaged is begun anew with what stood before the damage. Raises ``OSError``.
    """

    def __init__(self, folder: Path, beside: Path) -> None:
        super().__init__(folder)
        self.was_whole = self.damage is None
        if self.damage is not None:
            raw = read_plain(self.path, _MOST_BYTES)[: self.good] if self.good else b""
            if not raw:
                raw = _line(_HEAD)
                raw += _line({"check": hashlib.sha256(raw).hexdigest()})
            with beside.open("xb") as file:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self.path)
            self.good, self.damage, self._digest = len(raw), None, hashlib.sha256(raw)
        self._fd = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC)

    @contextmanager
    def adding(self, entries: Iterable[Entry]) -> Iterator[None]:
        """Name files, then let them be put in place; where that fails they are not named."""
        new = tuple(entries)
        lines = b"".join(_line({k: v for k, v in asdict(one).items() if v is not None}) for one in new)
        digest = self._digest.copy()
        digest.update(lines)
        lines += (check := _line({"check": digest.hexdigest()}))
        try:
            _write_all(self._fd, lines)
            os.fsync(self._fd)
            yield
        except BaseException:
            os.ftruncate(self._fd, self.good)
            raise
        digest.update(check)
        self._digest = digest
        self.good += len(lines)
        self._add(new)
        self._counted = -1

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._fd)


_HEAD = {"manifest": "counterscore run", "format": _FORMAT}


def _line(data: Mapping[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode() + b"\n"


def _write_all(fd: int, raw: bytes) -> None:
    while raw:
        raw = raw[os.write(fd, raw) :]


def _entry(line: bytes) -> Entry:
    try:
        entry = _ENTRY.validate_json(line, strict=True)
    except ValidationError:
        raise ValueError from None
    if entry.path != entry.expected_path() or ".." in entry.path.split("/") or entry.path.startswith("/"):
        raise ValueError
    return entry


def entry_of(
    file: Path, kind: Kind, world: str | None = None, replay: int | None = None, table: str | None = None
) -> Entry:
    """The entry of a file that was just written."""
    size, digest = fingerprint(file)
    name = UNIT if kind == "unit" else f"{table}.parquet" if kind == "table" else f"{kind}.json"
    return Entry(place_of(name, world, replay), kind, size, digest, world, replay, table)


_MOST_SEEN = 1 << 18
_SETTLED = 100_000_000  #: nanoseconds after which another change to a file shows in its times
_SEEN: dict[tuple[int, ...], str] = {}


def fingerprint(file: Path) -> tuple[int, str]:
    """Size and sha256 of a plain file; its bytes are read once as long as it stays as it is. Raises ``OSError``."""
    with os.fdopen(open_plain(file), "rb") as opened:
        found = os.fstat(opened.fileno())
        key = (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
        if key not in _SEEN:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
            if time.time_ns() - found.st_ctime_ns < _SETTLED:
                return found.st_size, digest  # it could still be changed without its times showing it
            if len(_SEEN) > _MOST_SEEN:
                _SEEN.clear()
            _SEEN[key] = digest
        return found.st_size, _SEEN[key]
