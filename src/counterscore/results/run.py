"""A run folder, opened: what it was, what is finished, and its tables."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import stat
import threading
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from counterscore.errors import DamagedRunError, NotKeptError, UsageError
from counterscore.files import read_plain
from counterscore.regime.vocabulary import Subject
from counterscore.results.manifest import Manifest, place_of
from counterscore.results.record import read_record
from counterscore.results.tables import as_numpy
from counterscore.results.views import Views
from counterscore.run_folder import ECHOES, RECORD, RESOURCES, UNIT

SUBDISTRICT = 65_536  #: a resident's number is subdistrict x this + place
_MOST_OPEN = 24  #: files of tables that stay open
_PIECE = 1 << 20  #: rows of a table that are read at a time, or one subdistrict
_LARGE = 1 << 20  #: bytes of a file from which several threads read it
GENERATION = 1 << 32  #: an identity is the number of the place + this x how many lived there before
_MOST_BYTES = 1 << 26  #: of a small file


def unit_folder(out: Path, world: str, replay: int) -> Path:
    """Where one world and replicate lie."""
    return out / world / f"{replay:04d}"


class Run(Views):
    """One run folder. It works on partial runs: ``finished`` tells which worlds and replicates are there.

    Every file is compared with the run's manifest before it is read, its bytes once a process. Raises ``RunError``
    where the folder holds no run, and where a file is missing, damaged or another one; ``InputError`` where the
    record says what no run says. With ``checked=False`` files are read as they lie, for who mends or examines them;
    ``problems`` tells of them all the same.
    """

    def __init__(self, path: str | Path, *, checked: bool = True) -> None:
        self.path = Path(path)
        self._open: dict[tuple[Path, int, int], pq.ParquetFile] = {}
        self._cuts: dict[tuple[str, int], list[list[int]]] = {}
        self._reading = threading.Lock()
        self.record: dict[str, Any] = read_record(self.path)
        self._compared = checked
        if checked:
            _ = self.manifest

    @cached_property
    def manifest(self) -> Manifest:
        """The files of the run; raises ``RunError`` where the manifest or the record is damaged."""
        found = Manifest(self.path)
        fault = (found.damage or found.fault(RECORD)) if self._compared else None
        if fault:
            raise self._damaged(fault)
        return found

    def record_fault(self) -> str | None:
        """What is wrong with the record, in one sentence: it is no longer the one that the run was made from."""
        found = Manifest(self.path)
        return found.fault(RECORD) if found.records else None

    @property
    def worlds(self) -> tuple[str, ...]:
        """Names of the worlds, the one asked for first."""
        return tuple(world["name"] for world in self.record["worlds"])

    @property
    def baseline(self) -> str | None:
        """The world that differences are taken from."""
        found: str | None = self.record["baseline"]
        return found

    @cached_property
    def finished(self) -> frozenset[tuple[str, int]]:
        """Units (world, replicate) that the manifest names as finished."""
        worlds, replays = set(self.worlds), int(self.record["replays"])
        return frozenset(
            (world, replay)
            for world, replay in self.manifest.units()
            if world in worlds and replay < replays and not self._in_flight(world, replay)
        )

    def _in_flight(self, world: str, replay: int) -> bool:
        """Whether a unit is named and has not got its place: a writer is, or was stopped, between the two."""
        waiting = self._partial / f"{world}.{replay:04d}"
        return not os.path.lexists(unit_folder(self.path, world, replay)) and waiting.is_dir()

    @property
    def _partial(self) -> Path:
        return self.path / str(self.record["partial_folder"])

    @property
    def partial(self) -> bool:
        """Whether units are missing."""
        return len(self.finished) < len(self.worlds) * int(self.record["replays"])

    def replays(self, world: str | None = None) -> tuple[int, ...]:
        """Replicates finished for ``world``, or for every world."""
        worlds = (world,) if world else self.worlds
        return tuple(r for r in range(int(self.record["replays"])) if all((w, r) in self.finished for w in worlds))

    @property
    def resources(self) -> dict[str, Any]:
        """Threads, seconds, memory in MiB; empty for a run that was cut off."""
        return self._small(RESOURCES) if RESOURCES in self.manifest.entries else {}

    @cached_property
    def echoes(self) -> dict[str, Any]:
        """Elasticities of the first world's measures, as ``echo.measure_echoes`` left them; empty where it did not."""
        return self._small(ECHOES) if ECHOES in self.manifest.entries else {}

    def _small(self, path: str) -> dict[str, Any]:
        """A JSON file of the run."""
        try:
            found: dict[str, Any] = json.loads(read_plain(self._checked(path), _MOST_BYTES))
        except (OSError, ValueError, RecursionError):
            raise self._damaged(f"{self.path / path} cannot be read") from None
        return found

    def echo(self, measure: str, world: str, what: str = "value") -> str:
        """Which inputs a result was measured to repeat, such as ``errors.untrue (elasticity 0.97)``; empty for none."""
        if self.echoes.get("world") != world:
            return ""
        rows = [r for r in self.echoes["rows"] if (r["measure"], r["what"]) == (measure, what) and r["echo"]]
        return ", ".join(f"{row['input']} (elasticity {row['elasticity']:.2f})" for row in rows)

    def unit(self, world: str, replay: int) -> dict[str, Any]:
        """The marker of a finished unit: whose it is, digests and checksums."""
        path = place_of(UNIT, world, replay)
        found = self._small(path)
        if (found.get("world"), found.get("replay")) != (world, replay):
            raise self._damaged(
                f"{self.path / path} is that of world {found.get('world')}, replicate {found.get('replay')}"
            )
        return found

    def table(self, name: str, world: str, replay: int, columns: list[str] | None = None) -> pa.Table:
        """A table of one unit: outcomes, counts, stays, services, acts or figures; firm_outcomes, firm_counts."""
        return self._read(place_of(f"{name}.parquet", world, replay), columns)

    def pieces(self, name: str, world: str, replay: int, columns: list[str] | None = None) -> Iterator[pa.Table]:
        """A table of one unit a few subdistricts at a time, in order, so that memory does not grow with the city."""
        for at in range(self.pieces_of(name, world, replay)):
            yield self.piece(at, name, world, replay, columns)

    def pieces_of(self, name: str, world: str | None = None, replay: int | None = None) -> int:
        """Into how many pieces a table is read, of one unit or (residents, firms) of the run."""
        return len(self._cut(place_of(f"{name}.parquet", world, replay)))

    def piece(
        self, at: int, name: str, world: str | None = None, replay: int | None = None, columns: list[str] | None = None
    ) -> pa.Table:
        """One piece of a table; tables with a row for each resident are cut at the same places."""
        path = place_of(f"{name}.parquet", world, replay)
        groups = self._cut(path)[at]
        checked = self._checked(path)
        try:
            with self._reading:
                file = self._opened(checked)
                self._holds(path, file.schema_arrow.names, columns)
                return file.read_row_groups(groups, columns)
        except (OSError, pa.ArrowException, KeyError):
            raise self._unreadable(path) from None

    def subdistrict(self, k: int, name: str, world: str, replay: int) -> pa.Table:
        """The rows of one subdistrict of a table with a row for each resident, firm or public body of one unit."""
        path = place_of(f"{name}.parquet", world, replay)
        checked = self._checked(path)
        try:
            with self._reading:
                return self._opened(checked).read_row_group(k)
        except (OSError, pa.ArrowException, IndexError):
            raise self._unreadable(path) from None

    def _cut(self, path: str) -> list[list[int]]:
        """Row groups of a file, as many to a piece as make up ``_PIECE`` rows."""
        if (path, _PIECE) in self._cuts:
            return self._cuts[path, _PIECE]
        cut: list[list[int]] = []
        rows = _PIECE
        for group, many in enumerate(self._group_rows(path)):
            if rows >= _PIECE:
                cut.append([])
                rows = 0
            cut[-1].append(group)
            rows += many
        self._cuts[path, _PIECE] = cut
        return cut

    def rows_of(self, name: str, world: str, replay: int) -> int:
        """How many rows a table of one unit has; no column is read."""
        return sum(self._group_rows(place_of(f"{name}.parquet", world, replay)))

    @property
    def subjects(self) -> tuple[str, ...]:
        """Who lived in the run: residents, and firms where a rule book is about them."""
        return tuple(self.record.get("subjects", ("residents",)))

    def firms(self, columns: list[str] | None = None) -> pa.Table:
        """Which firms the city has; rows in the order of ``firm_outcomes``. Raises ``RunError`` without firms."""
        return self._read("firms.parquet", columns)

    def residents(self, columns: list[str] | None = None) -> pa.Table:
        """Who lives in the city; rows in the order of ``outcomes``."""
        return self._read("residents.parquet", columns)

    @cached_property
    def _subdistricts(self) -> tuple[tuple[int, int, int], ...]:
        """For each subdistrict its row group, the rows before it and its places."""
        path = "residents.parquet"
        checked = self._checked(path)
        try:
            meta = pq.read_metadata(checked)
            at = meta.schema.names.index("resident")
            found, rows = [], 0
            for group in range(meta.num_row_groups):
                part = meta.row_group(group)
                found.append((group, rows, int(part.column(at).statistics.max) % SUBDISTRICT + 1))
                rows += part.num_rows
        except (OSError, pa.ArrowException, ValueError, AttributeError):
            raise self._unreadable(path) from None
        return tuple(found)

    def subdistrict_sizes(self) -> tuple[int, ...]:
        """Places of each subdistrict, from the footer of one file: no column is read."""
        return tuple(places for _, _, places in self._subdistricts)

    def sizes_of(self, subject: Subject) -> tuple[int, ...]:
        """How many residents' places, firms or public bodies each subdistrict has; zeros where none live."""
        if subject == "residents":
            return self.subdistrict_sizes()
        path = "firms.parquet" if subject == "firms" else self._of_bodies()
        return self._group_rows(path) if path in self.manifest.entries else (0,) * len(self._subdistricts)

    def _of_bodies(self) -> str:
        """A file that holds a row for each public body; empty for none."""
        found = (place_of("body_outcomes.parquet", *unit) for unit in sorted(self.finished))
        return next((path for path in found if path in self.manifest.entries), "")

    def _group_rows(self, path: str) -> tuple[int, ...]:
        checked = self._checked(path)
        try:
            meta = pq.read_metadata(checked)
            return tuple(int(meta.row_group(group).num_rows) for group in range(meta.num_row_groups))
        except (OSError, pa.ArrowException):
            raise self._unreadable(path) from None

    def organisation(self, subject: Subject, number: int, world: str | None = None, replay: int = 0) -> dict[str, Any]:
        """What one unit keeps of a firm or public body; without ``world`` which firm it is, a row of ``firms``.

        One row group is read. Raises ``KeyError`` where there is none.
        """
        table = {"firms": "firm_outcomes", "bodies": "body_outcomes"}[subject]
        path = place_of(f"{table}.parquet", world, replay) if world else "firms.parquet"
        k, place = divmod(number, SUBDISTRICT)
        sizes = self.sizes_of(subject)
        if k >= len(sizes) or place >= sizes[k]:
            raise KeyError(number)
        checked = self._checked(path)
        try:
            with pq.ParquetFile(checked) as file:
                found: dict[str, Any] = file.read_row_group(k).slice(place, 1).to_pylist()[0]
        except (OSError, pa.ArrowException, IndexError):
            raise self._unreadable(path) from None
        return found

    def person(self, identity: int) -> dict[str, Any]:
        """Who somebody is: a row of ``residents``. ``identity`` is the place's number + generation x 2**32.

        Raises ``KeyError`` where nobody has lived there.
        """
        return self._row("residents.parquet", identity, None)

    def row(self, world: str, replay: int, identity: int, columns: list[str] | None = None) -> dict[str, Any]:
        """What one unit keeps of one person: one row group of ``outcomes`` is read, no whole table."""
        return self._row(place_of("outcomes.parquet", world, replay), identity, columns)

    def _row(self, path: str, identity: int, columns: list[str] | None) -> dict[str, Any]:
        generation, number = divmod(identity, GENERATION)
        k, place = divmod(number, SUBDISTRICT)
        if k >= len(self._subdistricts) or place >= self._subdistricts[k][2]:
            raise KeyError(identity)
        group = self._subdistricts[k][0]
        at = place if generation == 0 else self._later(group, number, generation)
        checked = self._checked(path)
        try:
            with pq.ParquetFile(checked) as file:
                found: dict[str, Any] = file.read_row_group(group, columns).slice(at, 1).to_pylist()[0]
        except (OSError, pa.ArrowException, IndexError):
            raise self._unreadable(path) from None
        return found

    def _later(self, group: int, number: int, generation: int) -> int:
        """The place within its row group of somebody who came of age during the run."""
        path = "residents.parquet"
        checked = self._checked(path)
        try:
            with pq.ParquetFile(checked) as file:
                rows = file.read_row_group(group, ["resident", "generation"])
        except (OSError, pa.ArrowException):
            raise self._unreadable(path) from None
        here = (as_numpy(rows["resident"]) == number) & (as_numpy(rows["generation"]) == generation)
        if not here.any():
            raise KeyError(number + generation * GENERATION)
        return int(np.argmax(here))

    def _read(self, path: str, columns: list[str] | None) -> pa.Table:
        """A table, or some of its columns. The files read last stay open: a summary reads each of them column by column."""
        checked = self._checked(path)
        try:
            with self._reading:
                file = self._opened(checked)
                self._holds(path, file.schema_arrow.names, columns)
                return file.read(columns, use_threads=checked.stat().st_size > _LARGE)
        except (OSError, pa.ArrowException, KeyError):
            raise self._unreadable(path) from None

    def _holds(self, path: str, names: Iterable[str], columns: Iterable[str] | None) -> None:
        lacking = [name for name in columns or () if name not in names]
        if lacking:
            raise self.lacks(path.rpartition("/")[2], *lacking)

    def lacks(self, table: str, *columns: str) -> NotKeptError:
        """What to say where a run of an earlier version does not hold what is asked for."""
        engine = str(self.record.get("engine_sha256", ""))[:12]
        return NotKeptError(
            f"{table} has no column {', '.join(columns)}: the run was made by another version (engine {engine})",
            suggestion="Make it again with this version.",
        )

    def _opened(self, checked: Path) -> pq.ParquetFile:
        """An open file; the lock is held."""
        state = checked.stat()
        key = (checked, state.st_mtime_ns, state.st_size)
        file = self._open.pop(key, None) or pq.ParquetFile(checked)
        self._open[key] = file  # the last one used stands last
        while len(self._open) > _MOST_OPEN:
            self._open.pop(next(iter(self._open))).close()
        return file

    def table_file(self, name: str, world: str | None = None, replay: int = 0) -> Path:
        """The file of a table, once it is known to be the one that was written; without ``world`` residents or firms.

        Raises ``UsageError`` where the run has no such table.
        """
        path = place_of(f"{name}.parquet", world, replay if world is not None else None)
        if path not in self.manifest.entries:
            raise UsageError(f'the run has no table "{name}"' + (f" in replicate {replay} of {world}" if world else ""))
        return self._checked(path)

    def _checked(self, path: str) -> Path:
        """A file of the run, once it is known to be the one that was written."""
        fault = self.manifest.fault(path) if self._compared else None
        file = self.path / path
        if not fault and file.exists() and not stat.S_ISREG(file.lstat().st_mode):
            fault = f"{file} is not a regular file"  # a pipe, say, which would be waited for without end
        if fault:
            raise self._damaged(fault)
        return file

    def _unreadable(self, path: str) -> DamagedRunError:
        return self._damaged(f"{self.path / path} cannot be read")

    def _damaged(self, fault: str) -> DamagedRunError:
        return DamagedRunError(fault, suggestion=self.remedy(fault), run=self.path)

    def remedy(self, fault: str) -> str:
        """What makes good what ``fault`` says."""
        if str(self.path / RECORD) in fault:
            return "The run has to be made again, in another folder."
        return f"Make it again: counterscore run --resume {shlex.quote(str(self.path))}"

    def damage(self, world: str, replay: int) -> str | None:
        """What is wrong with a finished unit's files, in one sentence, or None."""
        faults = (self.manifest.fault(entry.path) for entry in self.manifest.unit(world, replay))
        return next((fault for fault in faults if fault), None)

    def problems(self) -> tuple[str, ...]:
        """Sentences about files that are missing or have changed."""
        manifest = self.manifest
        unplaced = manifest.units() - self.finished
        named = sorted(manifest.entries.values(), key=lambda one: one.path)
        found = [
            manifest.fault(one.path)
            for one in named
            if (one.world, one.replay) not in unplaced
            and not (
                one.world is None and not os.path.lexists(self.path / one.path) and (self._partial / one.path).exists()
            )
        ]
        return tuple(sentence for sentence in (manifest.damage, *found) if sentence)

    def require_whole(self) -> None:
        """Raise ``DamagedRunError`` where a file of the run is missing, has changed or is another one."""
        for fault in self.problems():
            raise self._damaged(fault)

    def digest(self) -> tuple[str, str]:
        """sha256 over all per-resident columns, and over all counts, of the units that are finished.

        Raises ``RunError`` where a table is not the one that they were taken from.
        """
        columns, counts = hashlib.sha256(), hashlib.sha256()
        for entry in self.manifest.entries.values():
            if entry.kind == "table" and entry.world is None:
                self._checked(entry.path)
        for world in self.worlds:
            for replay in self.replays(world):
                fault = self.damage(world, replay) if self._compared else None
                if fault:
                    raise self._damaged(fault)
                unit = self.unit(world, replay)
                columns.update(f"{world} {replay} {unit['columns_sha256']}\n".encode())
                counts.update(f"{world} {replay} {unit['counts_sha256']}\n".encode())
        return columns.hexdigest(), counts.hexdigest()

    def tables(self, world: str, replay: int) -> tuple[str, ...]:
        """Names of a unit's tables, the people first."""
        names = sorted(name.removesuffix(".parquet") for name in self.unit(world, replay)["files"])
        return tuple(sorted(names, key=lambda name: name != "outcomes"))

    def tables_of_run(self) -> tuple[str, ...]:
        """Names of the tables that all units share: who lives in the city, and which firms it has."""
        entries = self.manifest.entries.values()
        return tuple(sorted(str(one.table) for one in entries if one.kind == "table" and one.world is None))

    def first_difference(self, other: Run) -> str | None:
        """The first cell at which two runs differ, in words, or None where all tables are the same."""
        for world in self.worlds:
            for replay in self.replays(world):
                if (world, replay) not in other.finished:
                    return f"world {world}, replicate {replay} is only in {self.path}"
                found = self.unit_difference(other, world, replay)
                if found:
                    return found
        return None

    def unit_difference(self, other: Run, world: str, replay: int) -> str | None:
        """The first cell at which one world and replicate differ in two runs, in words, or None."""
        theirs = other.tables(world, replay)
        for name in self.tables(world, replay):
            if name not in theirs:
                return f"world {world}, replicate {replay}, table {name} is only in {self.path}"
            found = first_cell(self.pieces(name, world, replay), other.pieces(name, world, replay))
            if found:
                return f"world {world}, replicate {replay}, table {name}, {found}"
        return None

    def __iter__(self) -> Iterator[tuple[str, int]]:
        return iter(sorted(self.finished))


def first_cell(one: Iterable[pa.Table], two: Iterable[pa.Table]) -> str | None:
    """The first cell of the first column in which two tables differ, in words; they come in pieces."""
    found: dict[str, str] = {}
    rows = [0, 0]
    names: list[str] = []
    for here, there in zip_longest(one, two):
        for at, piece in enumerate((here, there)):
            rows[at] += 0 if piece is None else piece.num_rows
        if here is None or there is None or here.num_rows != there.num_rows:
            continue  # the number of rows tells
        names = here.column_names
        for name in names:
            if name not in there.column_names:
                found.setdefault(name, f"column {name} is only here")
            elif name not in found:
                a, b = here[name].to_numpy(), there[name].to_numpy()
                apart = np.flatnonzero(a != b)
                if len(apart):
                    first = rows[0] - len(a) + apart[0]
                    found[name] = f"row {first:,}, column {name}: {a[apart[0]]} here, {b[apart[0]]} there"
    if rows[0] != rows[1]:
        return f"{rows[0]:,} rows here, {rows[1]:,} there"
    return next((found[name] for name in names if name in found), None)
