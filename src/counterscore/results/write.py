"""Writing a run folder: the record first, then one unit after another, each there whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from counterscore.errors import RunError, UsageError
from counterscore.results import tables as t
from counterscore.results.run import UNIT, Run, file_sha256, unit_folder

Columns = Mapping[str, npt.NDArray[Any]]
_LOCK = "writing.lock"


class RunWriter:
    """Writes into folder ``out``; use it as a context manager.

    A folder that holds another run is refused, unless ``resume`` is given and the inputs are the same; it may then be
    asked for more replicates than it was made for.
    Raises ``UsageError`` for that, ``RunError`` where the disk refuses.
    """

    def __init__(self, out: Path, record: Mapping[str, Any], *, resume: bool = False) -> None:
        self.out = Path(out)
        self.record = dict(record)
        self._finished: set[tuple[str, int]] = set()
        try:
            self._open(resume)
        except OSError as error:
            raise RunError(f"{self.out}: {error.strerror}", suggestion="Choose another folder with --out.") from None

    def _open(self, resume: bool) -> None:
        path = self.out / "record.json"
        if path.exists():
            if not resume:
                raise UsageError(
                    f"{self.out} already holds a run", suggestion="Go on with it: --resume. Or choose another --out."
                )
            old = Run(self.out)
            changed = [key for key in _INPUTS if old.record.get(key) != json.loads(json.dumps(self.record.get(key)))]
            if changed:
                raise UsageError(
                    f"{self.out} holds another run: {', '.join(changed)} differ", suggestion="Choose another --out."
                )
            had, wanted = int(old.record["replays"]), int(self.record["replays"])
            if wanted < had:
                raise UsageError(
                    f"{self.out} was made for {had} replicates: {wanted} are fewer",
                    suggestion="Replicates can be added to a run, not taken from it.",
                )
            self._lock()
            self.record = dict(old.record) | {"replays": wanted}
            if wanted > had:  # no replicate depends on how many there are
                _write_text(path, json.dumps(self.record, indent=1, ensure_ascii=False))
            self._finished = {unit for unit in old.finished if not old.damage(*unit)}
            for unit in old.finished - self._finished:
                shutil.rmtree(unit_folder(self.out, *unit))
        else:
            self.out.mkdir(parents=True, exist_ok=True)
            self._lock()
            _write_text(path, json.dumps(self.record, indent=1, ensure_ascii=False))
        for rest in self.out.glob("*/*.part"):
            shutil.rmtree(rest)

    def _lock(self) -> None:
        lock = self.out / _LOCK
        if lock.exists():
            pid = lock.read_text().strip()
            if pid.isdigit() and int(pid) != os.getpid() and _alive(int(pid)):
                raise UsageError(
                    f"{self.out} is being written by process {pid}", suggestion="Wait, or choose another --out."
                )
        lock.write_text(str(os.getpid()))

    def __enter__(self) -> RunWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        (self.out / _LOCK).unlink(missing_ok=True)

    def finished(self) -> frozenset[tuple[str, int]]:
        """Units (world, replay) that are written and whole."""
        return frozenset(self._finished)

    def write_residents(self, parts: Iterable[Columns]) -> None:
        """Write who lives in the city, subdistrict by subdistrict, unless it is there."""
        self._write_once("residents", t.RESIDENTS, parts)

    def write_firms(self, parts: Iterable[Columns]) -> None:
        """Write which firms the city has, subdistrict by subdistrict, unless it is there."""
        self._write_once("firms", t.FIRMS, parts)

    def _write_once(self, name: str, fields: tuple[t.Field, ...], parts: Iterable[Columns]) -> None:
        path = self.out / f"{name}.parquet"
        if path.exists():
            return
        try:
            _write_parquet(path.with_suffix(".part"), fields, parts)
            path.with_suffix(".part").replace(path)
        except OSError as error:
            raise self._disk(error) from None

    def write_unit(self, world: str, replay: int, tables: Mapping[str, Any]) -> None:
        """Write the tables of one world and replay; those with a row for each resident come in parts."""
        folder = unit_folder(self.out, world, replay)
        part = folder.with_suffix(".part")
        began = time.monotonic()
        try:
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir(parents=True)
            columns: dict[str, Any] = {}
            for name, content in tables.items():
                pieces = (content,) if isinstance(content, Mapping) else content
                fields = t.counts_fields(content) if name.endswith("counts") else t.TABLES[name]
                digests: dict[str, Any] = {}
                _write_parquet(part / f"{name}.parquet", fields, pieces, digests)
                if name in _OF_EACH:
                    columns |= {_OF_EACH[name] + column: digest for column, digest in digests.items()}
            counts = {name: content for name, content in tables.items() if isinstance(content, Mapping)}
            unit = {
                "world": world,
                "replay": replay,
                "columns_sha256": _joined({name: digest.hexdigest() for name, digest in columns.items()}),
                "counts_sha256": _counts_digest(counts),
                "files": {file.name: file_sha256(file) for file in sorted(part.glob("*.parquet"))},
                "write_seconds": round(time.monotonic() - began, 4),
            }
            _write_text(part / UNIT, json.dumps(unit, indent=1))
            shutil.rmtree(folder, ignore_errors=True)
            part.replace(folder)
        except OSError as error:
            shutil.rmtree(part, ignore_errors=True)
            raise self._disk(error) from None
        self._finished.add((world, replay))

    def _disk(self, error: OSError) -> RunError:
        total = len(self.record["worlds"]) * int(self.record["replays"])
        return RunError(
            f"run stopped: {error.strerror} after {len(self._finished)} of {total} units. {len(self._finished)} are kept",
            suggestion=f"Make room, then: counterscore run --resume {self.out}",
        )

    def finish(self, resources: Mapping[str, Any]) -> None:
        """Write what the run took, with units, beside the record."""
        try:
            _write_text(self.out / "resources.json", json.dumps(dict(resources), indent=1))
        except OSError as error:
            raise self._disk(error) from None


#: Tables with a row for each subject: their columns' digests, and what goes before their names.
_OF_EACH = {"outcomes": "", "private": "", "firm_outcomes": "firm.", "body_outcomes": "body."}

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


def _write_parquet(
    path: Path, fields: Iterable[t.Field], parts: Iterable[Columns], digests: dict[str, Any] | None = None
) -> None:
    wanted = tuple(fields)
    with pq.ParquetWriter(path, t.schema(wanted), compression="zstd") as writer:
        for part in parts:
            arrays = []
            for field in wanted:
                values = np.asarray(part[field.name])
                arrays.append(pa.array(values, type=field.type))
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
    part = path.with_name(path.name + ".tmp")
    with part.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
