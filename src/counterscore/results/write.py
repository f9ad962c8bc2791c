"""Writing a run folder: the record first, then one unit after another, each there whole or not at all.

A run writes into a folder of its own and nowhere else. What is not finished lies in one folder within it, whose name
stands in the record; from there finished files get their places, after the manifest has named them. Nothing that a
run did not write is replaced or removed, and no link is followed.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import secrets
import shlex
import stat
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from counterscore.errors import RunError, UsageError
from counterscore.files import UNFINISHED, read_plain, reason, write_whole
from counterscore.results import tables as t
from counterscore.results.lock import LOCK, FolderLock
from counterscore.results.manifest import Entry, Kind, ManifestWriter, entry_of, fingerprint
from counterscore.results.record import check_record
from counterscore.results.run import Run, unit_folder
from counterscore.run_folder import ECHOES, MANIFEST, RECORD, RESOURCES, UNIT, holds_run

Columns = Mapping[str, npt.NDArray[Any]]
PARTIAL = f"{UNFINISHED}partial-"  #: how the folder of unfinished work is called, with sixteen digits of its own
_TAKEN = "Go on with it: --resume. Or choose another --out."
_ASIDE = "subdistricts"
_MOST_BYTES = 1 << 26  #: of a small file
#: Files of unfinished work, by the names that they have there; nothing else in that folder is removed.
_OURS = re.compile(r"[a-z_]+\.parquet|(unit|resources|echoes)\.json|manifest\.jsonl|[0-9]+\.(place|arrow)")


class RunWriter:
    """Writes into folder ``out``; use it as a context manager.

    ``out`` is new, empty or, with ``resume``, the folder of a run with the same inputs, which may be asked for more
    replicates than it was made for; whatever else is refused before anything is written. Raises ``UsageError`` for that and while another process writes there, ``RunError``
    where the disk refuses or something stands in the way.
    """

    def __init__(self, out: Path, record: Mapping[str, Any], *, resume: bool = False) -> None:
        self.out = Path(out)
        self.record = dict(record)
        self._finished: set[tuple[str, int]] = set()
        self._lock: FolderLock | None = None
        try:
            self._open(resume)
        except OSError as error:
            self._let_go()
            raise RunError(f"{self.out}: {reason(error)}", suggestion="Choose another folder.") from None
        except BaseException:
            self._let_go()
            raise

    def _open(self, resume: bool) -> None:
        replays = int(self.record["replays"])
        if holds_run(self.out):
            self._go_on(resume)
        else:
            self._begin()
        self._partial.mkdir(exist_ok=True)
        if not stat.S_ISDIR(self._partial.lstat().st_mode):
            raise self._in_the_way(self._partial)
        clear_unfinished(self._partial)
        self._manifest = ManifestWriter(self.out, self._partial / MANIFEST)
        if not self._manifest.records:
            with self._manifest.adding([entry_of(self.out / RECORD, "record")]):
                pass
        if replays > int(self.record["replays"]):  # no replicate depends on how many there are
            self.record["replays"] = replays
            self.keep(RECORD, "record", _as_text(self.record))
        self._finished = {unit for unit in self._manifest.units() if self._is_whole(*unit)}
        if self._manifest.was_whole:  # told now rather than after hours
            named = {entry.path.rpartition("/")[0] for entry in self._manifest.entries.values()}
            for world in self.record["worlds"]:
                for replay in range(int(self.record["replays"])):
                    target = unit_folder(self.out, world["name"], replay)
                    if target.relative_to(self.out).as_posix() not in named and os.path.lexists(target):
                        raise self._in_the_way(target)

    def _begin(self) -> None:
        _refuse_what_is_not_empty(self.out)
        self.record["partial_folder"] = PARTIAL + secrets.token_hex(8)
        self.record = json.loads(json.dumps(self.record))
        check_record(self.record)
        self.out.mkdir(parents=True, exist_ok=True)
        self._lock = FolderLock(self.out)
        if holds_run(self.out):  # somebody else was here in between
            raise self._taken()
        _refuse_what_is_not_empty(self.out)
        write_whole(self.out / RECORD, _as_text(self.record))

    def _go_on(self, resume: bool) -> None:
        if self.out.is_symlink():
            raise UsageError(
                f"{self.out} is a link; nothing is written through it",
                suggestion=f"Write the folder itself: {shlex.quote(os.path.realpath(self.out))}",
            )
        if not resume:
            raise self._taken()
        Run(self.out, checked=False)  # a folder that holds no run of ours gets no lock either
        self._lock = FolderLock(self.out)
        old = Run(self.out, checked=False)
        changed = [key for key in _INPUTS if old.record.get(key) != json.loads(json.dumps(self.record.get(key)))]
        if changed:
            raise UsageError(
                f"{self.out} holds another run: {', '.join(changed)} differ", suggestion="Choose another --out."
            )
        fault = old.record_fault()
        if fault:
            raise RunError(fault, suggestion="The run has to be made again, in another folder.")
        had, wanted = int(old.record["replays"]), int(self.record["replays"])
        if wanted < had:
            raise UsageError(
                f"{self.out} was made for {had} replicates: {wanted} are fewer",
                suggestion="Replicates can be added to a run, not taken from it.",
            )
        self.record = dict(old.record)

    def _taken(self) -> UsageError:
        return UsageError(f"{self.out} already holds a run", suggestion=_TAKEN)

    def _in_the_way(self, path: Path) -> RunError:
        return RunError(
            f"{path} was not written by this run; it is left alone",
            suggestion=f"Move it elsewhere, then: counterscore run --resume {shlex.quote(str(self.out))}",
        )

    @property
    def _partial(self) -> Path:
        return self.out / str(self.record["partial_folder"])

    def _is_whole(self, world: str, replay: int) -> bool:
        files = self._manifest.unit(world, replay)
        return any(one.kind == "unit" for one in files) and not any(self._manifest.fault(one.path) for one in files)

    def __enter__(self) -> RunWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._manifest.close()
            with suppress(OSError):
                clear_unfinished(self._partial)
                self._partial.rmdir()
        finally:
            self._let_go()

    def _let_go(self) -> None:
        if self._lock is not None:
            self._lock.release()

    def finished(self) -> frozenset[tuple[str, int]]:
        """Units (world, replicate) that are written and whole."""
        return frozenset(self._finished)

    def aside(self) -> Path:
        """A folder for what a run puts away while it goes on."""
        return self._partial / _ASIDE

    def lacks(self, name: str) -> bool:
        """Whether a table that all units share (residents, firms) is not written yet, or no more what was written."""
        path = f"{name}.parquet"
        return path not in self._manifest.entries or bool(self._manifest.fault(path))

    def write_residents(self, parts: Iterable[Columns]) -> None:
        """Write who lives in the city, subdistrict by subdistrict, unless it is there."""
        self._write_once("residents", t.RESIDENTS, parts)

    def write_firms(self, parts: Iterable[Columns]) -> None:
        """Write which firms the city has, subdistrict by subdistrict, unless it is there."""
        self._write_once("firms", t.FIRMS, parts)

    def _write_once(self, name: str, fields: tuple[t.Field, ...], parts: Iterable[Columns]) -> None:
        path = f"{name}.parquet"
        if not self.lacks(name):
            return
        try:
            _write_parquet(self._partial / path, fields, parts)
            self._place([entry_of(self._partial / path, "table", table=name)], self._partial, self.out)
        except OSError as error:
            raise self.stopped(error) from None

    def write_unit(self, world: str, replay: int, tables: Mapping[str, Any]) -> None:
        """Write the tables of one world and replicate; those with a row for each resident come in parts."""
        folder, part = unit_folder(self.out, world, replay), self._partial / f"{world}.{replay:04d}"
        try:
            part.mkdir()
            columns: dict[str, Any] = {}
            for name, content in tables.items():
                pieces = (content,) if isinstance(content, Mapping) else content
                fields = t.counts_fields(content) if name.endswith("counts") else t.TABLES[name]
                digests: dict[str, Any] = {}
                _write_parquet(part / f"{name}.parquet", fields, pieces, digests)
                if name in _OF_EACH:
                    columns |= {_OF_EACH[name] + column: digest for column, digest in digests.items()}
            counts = {name: content for name, content in tables.items() if isinstance(content, Mapping)}
            files = [entry_of(part / f"{name}.parquet", "table", world, replay, name) for name in sorted(tables)]
            unit = {
                "world": world,
                "replay": replay,
                "columns_sha256": _joined({name: digest.hexdigest() for name, digest in columns.items()}),
                "counts_sha256": _counts_digest(counts),
                "files": {f"{one.table}.parquet": one.sha256 for one in files},
            }
            _write_text(part / UNIT, json.dumps(unit, indent=1))
            folder.parent.mkdir(exist_ok=True)
            if not stat.S_ISDIR(folder.parent.lstat().st_mode):
                raise self._in_the_way(folder.parent)
            self._place([*files, entry_of(part / UNIT, "unit", world, replay)], part, folder)
        except OSError as error:
            raise self.stopped(error) from None
        finally:
            with suppress(OSError):
                clear_unfinished(part)
                part.rmdir()
        self._finished.add((world, replay))

    def _place(self, entries: list[Entry], part: Path, target: Path) -> None:
        """Name the files of ``part`` in the manifest and give them their places in ``target``.

        A place that is taken is used only where the manifest names what is there, or where that is the very same.
        """
        names = [entry.path.rpartition("/")[2] for entry in entries]
        as_a_whole = target != self.out and not os.path.lexists(target)
        if not as_a_whole:
            if not stat.S_ISDIR(target.lstat().st_mode):
                raise self._in_the_way(target)
            for entry, name in zip(entries, names, strict=True):
                if entry.path not in self._manifest.entries and not _may_be_replaced(target / name, part / name, entry):
                    raise self._in_the_way(target / name)
        with self._manifest.adding(entries):
            if as_a_whole:
                part.rename(target)
            else:
                for name in names:
                    (part / name).replace(target / name)

    def stopped(self, error: OSError) -> RunError:
        """What to say where the system refused: what is kept, and what to do."""
        if not os.path.lexists(self.out / RECORD):
            return RunError(f"run stopped: {self.out} was removed while it was written; nothing is kept")
        total = len(self.record["worlds"]) * int(self.record["replays"])
        again = f"counterscore run --resume {shlex.quote(str(self.out))}"
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        if _is_temporary(self.out):
            return RunError(
                f"stopped: {reason(error)} in the temporary folder {tempfile.gettempdir()}",
                suggestion="Make room there, or set TMPDIR to a folder on another disk, and start again.",
            )
        return RunError(
            f"run stopped: {reason(error)} after {len(self._finished)} of {total} units. {len(self._finished)} are kept",
            suggestion=f"Make room, then: {again}" if full else f"Go on with: {again}",
        )

    def finish(self, resources: Mapping[str, Any]) -> None:
        """Write what the run took, with units, beside the record."""
        try:
            self.keep(RESOURCES, "resources", json.dumps(dict(resources), indent=1))
        except OSError as error:
            raise self.stopped(error) from None

    def keep(self, name: str, kind: Kind, text: str) -> None:
        """Keep a small file with the run, in place of an earlier one of the same kind."""
        _write_text(self._partial / name, text)
        self._place([entry_of(self._partial / name, kind)], self._partial, self.out)


def keep_echoes(run: Run, echoes: Mapping[str, Any]) -> None:
    """Keep with a run which of its results repeat an input. Raises ``UsageError`` while it is written, ``RunError``."""
    with RunWriter(run.path, run.record, resume=True) as writer:
        try:
            writer.keep(ECHOES, "echoes", json.dumps(dict(echoes), indent=1))
        except OSError as error:
            raise RunError(
                f"{run.path / ECHOES} was not written: {reason(error)}", suggestion="Make room, and measure again."
            ) from None


def _as_text(record: Mapping[str, Any]) -> str:
    return json.dumps(record, indent=1, ensure_ascii=False)


def _refuse_what_is_not_empty(out: Path) -> None:
    """Refuse a folder for a new run unless there is none yet, or nothing in it but what a start left that got no further."""
    if not os.path.lexists(out):
        return
    if out.is_symlink() or not out.is_dir():
        what = "a link" if out.is_symlink() else "a file"
        raise UsageError(f"{out} is {what}, not a folder for a run", suggestion="Choose another --out.")
    for name in sorted(one.name for one in out.iterdir()):
        if name == RECORD:  # written while we looked
            raise UsageError(f"{out} already holds a run", suggestion=_TAKEN)
        if name != LOCK and not name.startswith(UNFINISHED):
            raise UsageError(
                f"{out} holds {name} and no run; nothing is written into it",
                suggestion="Choose another --out: a folder that is new or empty.",
            )


def _may_be_replaced(path: Path, beside: Path, new: Entry) -> bool:
    """Whether a name is free, or taken by the very bytes that are to stand there, or by another measurement of them."""
    try:
        return fingerprint(path) == (new.size, new.sha256) or (
            new.kind in ("resources", "echoes") and _keys(path) == _keys(beside)
        )
    except FileNotFoundError:
        return True
    except OSError:
        return False


def _keys(path: Path) -> list[str] | None:
    try:
        return sorted(json.loads(read_plain(path, _MOST_BYTES)))
    except (ValueError, TypeError, RecursionError):
        return None


def is_partial(name: str) -> bool:
    """Whether a folder is called as those in which runs put together what is not finished yet."""
    return re.fullmatch(re.escape(PARTIAL) + "[0-9a-f]{16}", name) is not None


def clear_unfinished(folder: Path) -> None:
    """Remove the files of unfinished work from a folder of it and the folders in it; other files and links stay."""
    for one in list(folder.iterdir()):
        kind = one.lstat().st_mode
        if stat.S_ISDIR(kind):
            clear_unfinished(one)
            with suppress(OSError):  # it holds what is not ours
                one.rmdir()
        elif stat.S_ISREG(kind) and _OURS.fullmatch(one.name):
            one.unlink()


def _is_temporary(out: Path) -> bool:
    """Whether a run lies in a folder that a command made for itself and removes when it ends."""
    made = Path(tempfile.gettempdir()).resolve()
    return any(one.parent == made and one.name.startswith("counterscore-") for one in out.resolve().parents)


#: Tables with a row for each subject: their columns' digests, and what goes before their names.
_OF_EACH = {
    "outcomes": "",
    "private": "",
    "firm_outcomes": "firm.",
    "body_outcomes": "body.",
    "official_outcomes": "official.",
}

#: What must be the same for a run to be gone on with.
_INPUTS = (
    "worlds",
    "baseline",
    "city",
    "months",
    "seed",
    "start",
    "switches",
    "assumptions",
    "subjects",
    "engine_sha256",
    "results_epoch",
)


@contextmanager
def parquet_writer(path: Path, schema: pa.Schema, *, repeats: bool = True) -> Iterator[pq.ParquetWriter]:
    """A Parquet file to write to; one that cannot be finished says so once, and not again when it is forgotten.

    ``repeats``: whether a dictionary of each column's values is worth its making.
    """
    writer = pq.ParquetWriter(path, schema, compression="zstd", use_dictionary=repeats)
    try:
        yield writer
        writer.close()
    finally:
        if writer.is_open:
            with suppress(OSError, pa.ArrowException):
                writer.close()
            writer.is_open = False


def _write_parquet(
    path: Path, fields: Iterable[t.Field], parts: Iterable[Columns], digests: dict[str, Any] | None = None
) -> None:
    wanted = tuple(fields)
    # Tables of counts are short: dictionaries would take longer than the numbers, and more room.
    with parquet_writer(path, t.schema(wanted), repeats=digests is None or path.stem in _OF_EACH) as writer:
        for part in parts:
            arrays = []
            for field in wanted:
                values = np.asarray(part[field.name])
                arrays.append(t.as_arrow(values, field.type))
                if digests is not None:
                    little = np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<"))
                    digests.setdefault(field.name, hashlib.sha256()).update(little.tobytes())
            writer.write_table(pa.Table.from_arrays(arrays, schema=writer.schema))


def _counts_digest(tables: Mapping[str, Columns]) -> str:
    digests = {}
    for name, table in tables.items():
        for column, values in table.items():
            array = np.asarray(values)
            raw = "\n".join(map(str, array)).encode() if array.dtype == object else array.astype("<i8").tobytes()
            digests[f"{name}.{column}"] = hashlib.sha256(raw).hexdigest()
    return _joined(digests)


def _joined(digests: Mapping[str, str]) -> str:
    lines = "".join(f"{name}={digests[name]}\n" for name in sorted(digests))
    return hashlib.sha256(lines.encode()).hexdigest()


def _write_text(path: Path, text: str) -> None:
    """Write and make sure it has reached the disk before anything relies on it."""
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
