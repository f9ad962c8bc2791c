"""A run folder, opened: what it was, what is finished, and its tables."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from counterscore.errors import RunError
from counterscore.regime.vocabulary import Subject

UNIT = "unit.json"
ECHOES = "echoes.json"  #: elasticities of results to inputs, where somebody had them measured
SUBDISTRICT = 65_536  #: a resident's number is subdistrict x this + place
_MOST_OPEN = 24  #: files of tables that stay open
_LARGE = 1 << 20  #: bytes of a file from which several threads read it
GENERATION = 1 << 32  #: an identity is the number of the place + this x how many lived there before


def unit_folder(out: Path, world: str, replay: int) -> Path:
    """Where one world and replay lie."""
    return out / world / f"{replay:04d}"


def file_sha256(path: Path) -> str:
    """sha256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Run:
    """One run folder. It works on partial runs: ``finished`` tells which worlds and replays are there.

    Raises ``RunError`` where the folder holds no run or a file cannot be read.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._open: dict[tuple[Path, int, int], pq.ParquetFile] = {}
        self._reading = threading.Lock()
        try:
            self.record: dict[str, Any] = json.loads((self.path / "record.json").read_text(encoding="utf-8"))
            self._check_record()
        except FileNotFoundError:
            raise RunError(f"{self.path} holds no run", suggestion="See: counterscore list runs") from None
        except (OSError, ValueError, KeyError, TypeError):
            raise RunError(
                f"{self.path}/record.json cannot be read", suggestion="The run has to be made again."
            ) from None

    def _check_record(self) -> None:
        for key in ("worlds", "replays", "months", "city", "seed"):
            self.record[key]

    def __repr__(self) -> str:
        of = len(self.worlds) * int(self.record["replays"])
        part = "" if len(self.finished) == of else f", partial: {len(self.finished)} of {of} units"
        return (
            f"<Run {self.path.name}: {', '.join(self.worlds)} in {self.record['city']['id']}, "
            f"{self.record['city']['residents']:,} residents, {self.record['months']} months, "
            f"{self.record['replays']} replays{part}>"
        )

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
        """Units (world, replay) that are in the folder."""
        return frozenset(
            (world, replay)
            for world in self.worlds
            for replay in range(int(self.record["replays"]))
            if (unit_folder(self.path, world, replay) / UNIT).exists()
        )

    @property
    def partial(self) -> bool:
        """Whether units are missing."""
        return len(self.finished) < len(self.worlds) * int(self.record["replays"])

    def replays(self, world: str | None = None) -> tuple[int, ...]:
        """Replays finished for ``world``, or for every world."""
        worlds = (world,) if world else self.worlds
        return tuple(r for r in range(int(self.record["replays"])) if all((w, r) in self.finished for w in worlds))

    @property
    def resources(self) -> dict[str, Any]:
        """Threads, seconds, memory in MiB; empty for a run that was cut off."""
        path = self.path / "resources.json"
        return json.loads(path.read_text()) if path.exists() else {}

    @cached_property
    def echoes(self) -> dict[str, Any]:
        """Elasticities of the first world's measures, as ``echo.measure_echoes`` left them; empty where it did not."""
        path = self.path / ECHOES
        try:
            found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        except (OSError, ValueError):
            raise RunError(f"{path} cannot be read", suggestion="Remove it: it can be measured again.") from None
        return found

    def echo(self, measure: str, world: str, what: str = "value") -> str:
        """Which inputs a result was measured to repeat, such as ``errors.untrue (elasticity 0.97)``; empty for none."""
        if self.echoes.get("world") != world:
            return ""
        rows = [r for r in self.echoes["rows"] if (r["measure"], r["what"]) == (measure, what) and r["echo"]]
        return ", ".join(f"{row['input']} (elasticity {row['elasticity']:.2f})" for row in rows)

    def unit(self, world: str, replay: int) -> dict[str, Any]:
        """The marker of a finished unit: digests and checksums."""
        path = unit_folder(self.path, world, replay) / UNIT
        try:
            found: dict[str, Any] = json.loads(path.read_text())
        except (OSError, ValueError):
            raise self._damaged(path) from None
        return found

    def table(self, name: str, world: str, replay: int, columns: list[str] | None = None) -> pa.Table:
        """A table of one unit: outcomes, counts, stays, services, acts or figures; firm_outcomes, firm_counts."""
        return self._read(unit_folder(self.path, world, replay) / f"{name}.parquet", columns)

    @property
    def subjects(self) -> tuple[str, ...]:
        """Who lived in the run: residents, and firms where a rule book is about them."""
        return tuple(self.record.get("subjects", ("residents",)))

    def firms(self, columns: list[str] | None = None) -> pa.Table:
        """Which firms the city has; rows in the order of ``firm_outcomes``. Raises ``RunError`` without firms."""
        return self._read(self.path / "firms.parquet", columns)

    def residents(self, columns: list[str] | None = None) -> pa.Table:
        """Who lives in the city; rows in the order of ``outcomes``."""
        return self._read(self.path / "residents.parquet", columns)

    @cached_property
    def _subdistricts(self) -> tuple[tuple[int, int, int], ...]:
        """For each subdistrict its row group, the rows before it and its places."""
        path = self.path / "residents.parquet"
        try:
            meta = pq.read_metadata(path)
            at = meta.schema.names.index("resident")
            found, rows = [], 0
            for group in range(meta.num_row_groups):
                part = meta.row_group(group)
                found.append((group, rows, int(part.column(at).statistics.max) % SUBDISTRICT + 1))
                rows += part.num_rows
        except (OSError, pa.ArrowException, ValueError, AttributeError):
            raise self._damaged(path) from None
        return tuple(found)

    def subdistrict_sizes(self) -> tuple[int, ...]:
        """Places of each subdistrict, from the footer of one file: no column is read."""
        return tuple(places for _, _, places in self._subdistricts)

    def sizes_of(self, subject: Subject) -> tuple[int, ...]:
        """How many residents' places, firms or public bodies each subdistrict has; zeros where none live."""
        if subject == "residents":
            return self.subdistrict_sizes()
        path = self.path / "firms.parquet" if subject == "firms" else self._of_bodies()
        return self._group_rows(path) if path and path.exists() else (0,) * len(self._subdistricts)

    def _of_bodies(self) -> Path | None:
        """A file that holds a row for each public body."""
        found = (unit_folder(self.path, *unit) / "body_outcomes.parquet" for unit in sorted(self.finished))
        return next((path for path in found if path.exists()), None)

    def _group_rows(self, path: Path) -> tuple[int, ...]:
        try:
            meta = pq.read_metadata(path)
            return tuple(int(meta.row_group(group).num_rows) for group in range(meta.num_row_groups))
        except (OSError, pa.ArrowException):
            raise self._damaged(path) from None

    def organisation(self, subject: Subject, number: int, world: str | None = None, replay: int = 0) -> dict[str, Any]:
        """What one unit keeps of a firm or public body; without ``world`` which firm it is, a row of ``firms``.

        One row group is read. Raises ``KeyError`` where there is none.
        """
        table = {"firms": "firm_outcomes", "bodies": "body_outcomes"}[subject]
        path = unit_folder(self.path, world, replay) / f"{table}.parquet" if world else self.path / "firms.parquet"
        k, place = divmod(number, SUBDISTRICT)
        sizes = self.sizes_of(subject)
        if k >= len(sizes) or place >= sizes[k]:
            raise KeyError(number)
        try:
            with pq.ParquetFile(path) as file:
                found: dict[str, Any] = file.read_row_group(k).slice(place, 1).to_pylist()[0]
        except (OSError, pa.ArrowException, IndexError):
            raise self._damaged(path) from None
        return found

    def person(self, identity: int) -> dict[str, Any]:
        """Who somebody is: a row of ``residents``. ``identity`` is the place's number + generation x 2**32.

        Raises ``KeyError`` where nobody has lived there.
        """
        return self._row(self.path / "residents.parquet", identity, None)

    def row(self, world: str, replay: int, identity: int, columns: list[str] | None = None) -> dict[str, Any]:
        """What one unit keeps of one person: one row group of ``outcomes`` is read, no whole table."""
        return self._row(unit_folder(self.path, world, replay) / "outcomes.parquet", identity, columns)

    def _row(self, path: Path, identity: int, columns: list[str] | None) -> dict[str, Any]:
        generation, number = divmod(identity, GENERATION)
        k, place = divmod(number, SUBDISTRICT)
        if k >= len(self._subdistricts) or place >= self._subdistricts[k][2]:
            raise KeyError(identity)
        group = self._subdistricts[k][0]
        at = place if generation == 0 else self._later(group, number, generation)
        try:
            with pq.ParquetFile(path) as file:
                found: dict[str, Any] = file.read_row_group(group, columns).slice(at, 1).to_pylist()[0]
        except (OSError, pa.ArrowException, IndexError):
            raise self._damaged(path) from None
        return found

    def _later(self, group: int, number: int, generation: int) -> int:
        """The place within its row group of somebody who came of age during the run."""
        path = self.path / "residents.parquet"
        try:
            with pq.ParquetFile(path) as file:
                rows = file.read_row_group(group, ["resident", "generation"])
        except (OSError, pa.ArrowException):
            raise self._damaged(path) from None
        here = (rows["resident"].to_numpy() == number) & (rows["generation"].to_numpy() == generation)
        if not here.any():
            raise KeyError(number + generation * GENERATION)
        return int(np.argmax(here))

    def _read(self, path: Path, columns: list[str] | None) -> pa.Table:
        """A table, or some of its columns. The files read last stay open: a summary reads each of them column by column."""
        try:
            state = path.stat()
            key = (path, state.st_mtime_ns, state.st_size)
            with self._reading:
                file = self._open.pop(key, None) or pq.ParquetFile(path)
                self._open[key] = file  # the last one used stands last
                while len(self._open) > _MOST_OPEN:
                    self._open.pop(next(iter(self._open))).close()
                if columns is not None and not set(columns) <= set(file.schema_arrow.names):
                    raise self._damaged(path)
                return file.read(columns, use_threads=state.st_size > _LARGE)
        except (OSError, pa.ArrowException, KeyError):
            raise self._damaged(path) from None

    def _damaged(self, path: Path) -> RunError:
        return RunError(
            f"{path} is missing or damaged; the other units can be used",
            suggestion=f"Make it again: counterscore run --resume {self.path}",
        )

    def damage(self, world: str, replay: int) -> str | None:
        """What is wrong with a finished unit's files, in one sentence, or None."""
        folder = unit_folder(self.path, world, replay)
        try:
            files = self.unit(world, replay)["files"]
        except (RunError, KeyError):
            return f"{folder / UNIT} is missing or damaged"
        for name, digest in files.items():
            path = folder / name
            if not path.exists():
                return f"{path} is missing"
            if file_sha256(path) != digest:
                return f"{path} has changed since it was written"
        return None

    def problems(self) -> tuple[str, ...]:
        """Sentences about units whose files are missing or have changed."""
        found = (self.damage(world, replay) for world, replay in sorted(self.finished))
        return tuple(sentence for sentence in found if sentence)

    def digest(self) -> tuple[str, str]:
        """sha256 over all per-resident columns, and over all counts, of the units that are finished."""
        columns, counts = hashlib.sha256(), hashlib.sha256()
        for world in self.worlds:
            for replay in self.replays(world):
                unit = self.unit(world, replay)
                columns.update(f"{world} {replay} {unit['columns_sha256']}\n".encode())
                counts.update(f"{world} {replay} {unit['counts_sha256']}\n".encode())
        return columns.hexdigest(), counts.hexdigest()

    def tables(self, world: str, replay: int) -> tuple[str, ...]:
        """Names of a unit's tables, the people first."""
        names = sorted(name.removesuffix(".parquet") for name in self.unit(world, replay)["files"])
        return tuple(sorted(names, key=lambda name: name != "outcomes"))

    def first_difference(self, other: Run) -> str | None:
        """The first cell at which two runs differ, in words, or None where all tables are the same."""
        for world in self.worlds:
            for replay in self.replays(world):
                if (world, replay) not in other.finished:
                    return f"world {world}, replay {replay} is only in {self.path}"
                found = self.unit_difference(other, world, replay)
                if found:
                    return found
        return None

    def unit_difference(self, other: Run, world: str, replay: int) -> str | None:
        """The first cell at which one world and replay differ in two runs, in words, or None."""
        theirs = other.tables(world, replay)
        for name in self.tables(world, replay):
            if name not in theirs:
                return f"world {world}, replay {replay}, table {name} is only in {self.path}"
            found = _differ(self.table(name, world, replay), other.table(name, world, replay))
            if found:
                return f"world {world}, replay {replay}, table {name}, {found}"
        return None

    def __iter__(self) -> Iterator[tuple[str, int]]:
        return iter(sorted(self.finished))


def _differ(one: pa.Table, two: pa.Table) -> str | None:
    if one.num_rows != two.num_rows:
        return f"{one.num_rows:,} rows here, {two.num_rows:,} there"
    for name in one.column_names:
        if name not in two.column_names:
            return f"column {name} is only here"
        a, b = one[name].to_numpy(), two[name].to_numpy()
        rows = np.flatnonzero(a != b)
        if len(rows):
            return f"row {rows[0]:,}, column {name}: {a[rows[0]]} here, {b[rows[0]]} there"
    return None
