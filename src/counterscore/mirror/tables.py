"""The folder that a reading leaves: Parquet tables whose columns carry their meaning, and ``read.json``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from counterscore.errors import RunError, UsageError, shell_word

FORMAT = 3
RECORD = "read.json"
_BATCH = 5_000
_WHEN, _WORD, _COUNT = pa.timestamp("s"), pa.string(), pa.int32()


def _fact(name: str, what: str) -> list[tuple[str, pa.DataType, str]]:
    return [
        (f"{name}_first", _WHEN, f"{what}, as first told"),
        (f"{name}_last", _WHEN, f"{what}, as last told"),
        (f"{name}_first_on", _WHEN, "date of the release that told it first"),
        (f"{name}_last_on", _WHEN, "date of the release that told it last"),
        (f"{name}_n", _COUNT, "dated releases that state it"),
        (f"{name}_state", _WORD, "known, missing, impossible, contradictory or copied"),
        (f"{name}_why", _WORD, "why it is not known"),
    ]


_BODY = [
    ("body", _WORD, "the body, as printed"),
    ("ocid", _WORD, "id of the process"),
    ("flags", _WORD, "how the body was told, and what is odd about the process"),
]
_METHOD = [("method", _WORD, "open, selective, limited or direct; empty where not known")]

TABLES: Mapping[str, list[tuple[str, pa.DataType, str]]] = {
    "facts": [
        *_BODY,
        ("contract", _WORD, "id of the contract within the process"),
        ("award", _WORD, "id of its award"),
        *_METHOD,
        ("decided", _WHEN, "award date, else the day it was signed"),
        *_fact("signed", "day of signature"),
        *_fact("start", "start of the contract"),
        *_fact("end", "end of the contract"),
        ("end_slip", _COUNT, "days from the first end told to the last"),
        ("end_years", _COUNT, "whole years that the end moved by, give or take a day; 0 otherwise"),
        ("end_declared", pa.bool_(), "the end moved later, within the longest extent (maxExtentDate) told with the first end"),
        ("end_beyond", pa.bool_(), "the last end told lies more than thirty years behind the cut-off"),
        ("amount_first", pa.float64(), "value of the contract, as first told"),
        ("amount_last", pa.float64(), "value of the contract, as last told"),
        ("amount_n", _COUNT, "dated releases that state it"),
        ("amount_state", _WORD, "known, missing, impossible, contradictory or copied"),
        ("amount_why", _WORD, "why it is not known"),
        ("currency", _WORD, "its currency; empty where none or several are stated"),
        ("currency_declared", pa.bool_(), "the currency is the source file's, not the data's"),
        ("award_amount", pa.float64(), "value of its award"),
        ("award_currency", _WORD, "currency of its award"),
        ("award_amount_state", _WORD, "known, missing, impossible, contradictory or copied"),
        ("award_contracts", _COUNT, "contracts that share the award"),
        ("status", _WORD, "its status, as a code"),
        ("status_state", _WORD, "known, missing, contradictory or copied"),
        ("status_why", _WORD, "why it is not known"),
        ("ended_on", _WHEN, "date of the first release that calls it terminated or cancelled"),
        ("amended", _COUNT, "amendments told"),
        ("numbered", pa.bool_(), "the publisher numbers its changes, so that none is silence about none"),
        ("releases", _COUNT, "releases that name it"),
    ],
    "processes": [
        *_BODY,
        *_METHOD,
        ("method_why", _WORD, "why the method is not known"),
        ("opened", _WHEN, "start of the tender"),
        ("opened_state", _WORD, "known, missing, impossible or contradictory"),
        ("opened_why", _WORD, "why it is not known"),
        ("closed", _WHEN, "end of the tender"),
        ("closed_day", pa.bool_(), "no time is stated"),
        ("closed_state", _WORD, "known, missing, impossible or contradictory"),
        ("closed_why", _WORD, "why it is not known"),
        ("open_days", _COUNT, "whole days from start to end of the tender"),
        ("status", _WORD, "status of the tender, else of all its awards, as a code"),
        ("status_state", _WORD, "known, missing, contradictory or copied"),
        ("status_why", _WORD, "why it is not known"),
        ("awarded", pa.bool_(), "an award stands, or there is a contract"),
        ("award_date", _WHEN, "day of the first award that stands"),
        ("award_date_state", _WORD, "known, missing, impossible, contradictory or copied"),
        ("award_date_why", _WORD, "why it is not known"),
        ("decision_days", _COUNT, "days from the end of the tender to the award"),
        ("told", _WHEN, "date of the first release with an award"),
        ("told_state", _WORD, "known, missing, impossible, contradictory or copied"),
        ("told_why", _WORD, "why it is not known"),
        ("told_days", _COUNT, "days from the award to the release that tells it first"),
        ("bidders", _COUNT, "numberOfTenderers"),
        ("bidders_state", _WORD, "known, missing, impossible, contradictory or copied"),
        ("bidders_why", _WORD, "why it is not known"),
        ("tenderers", _COUNT, "different tenderers listed"),
        ("tenderers_state", _WORD, "known, missing or copied"),
        ("tenderers_why", _WORD, "why they are not known"),
        ("suppliers", _COUNT, "different suppliers of its awards"),
        ("overlap", _WORD, "tenderers against suppliers: same, some, none; empty where one is missing"),
        ("bids", _COUNT, "bids submitted: neither invited nor withdrawn"),
        ("disqualified", _COUNT, "of these disqualified"),
        ("bids_state", _WORD, "known, missing, contradictory or copied"),
        ("bids_why", _WORD, "why they are not known"),
        ("releases", _COUNT, "releases used"),
        ("contracts", _COUNT, "contracts"),
    ],
    "payments": [
        ("body", _WORD, "the body, as printed"),
        ("ocid", _WORD, "id of the process"),
        ("contract", _WORD, "id of the contract"),
        *_METHOD,
        ("amount", pa.float64(), "value of the contract, as last told"),
        ("currency", _WORD, "its currency"),
        ("payment", _WORD, "id of the transaction or milestone"),
        ("paid", _WHEN, "day of payment"),
        ("due", _WHEN, "day it was due, as first told, where that can be told"),
        ("delay", _COUNT, "days from due to paid; for what is known to be unpaid, to the cut-off"),
        ("delay_last", _COUNT, "the same from the due date as last told"),
        ("unpaid", pa.bool_(), "a payment milestone says that it was not met"),
        ("equals_due", pa.bool_(), "the day of payment is a due date of the contract; null where it has none"),
        ("state", _WORD, "known, missing, impossible, contradictory or copied"),
        ("why", _WORD, "why it is not known"),
    ],
    "awards": [
        ("body", _WORD, "the body, as printed"),
        ("ocid", _WORD, "id of the process"),
        *_METHOD,
        ("award", _WORD, "id of the award"),
        ("date", _WHEN, "day of the award"),
        ("seen_before", _COUNT, "days since the supplier's last award by this body; null where there was none"),
        ("state", _WORD, "known, missing, impossible or copied"),
        ("why", _WORD, "why it is not known"),
    ],
    "repairs": [
        ("file", _WORD, "the file it was found in"),
        ("ocid", _WORD, "id of the process"),
        ("path", _WORD, "the field"),
        ("state", _WORD, "what it was taken for"),
        ("why", _WORD, "why; never the value"),
    ],
}  # fmt: skip


def schema(table: str) -> pa.Schema:
    """The columns of a table, each with its meaning in the metadata."""
    return pa.schema([pa.field(name, kind, metadata={"meaning": meaning}) for name, kind, meaning in TABLES[table]])


class Writer:
    """Keeps rows of several tables: of each the last in memory, and what is more than that in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
        self._files: dict[str, pq.ParquetWriter] = {}

    def row(self, table: str, row: dict[str, Any]) -> None:
        rows = self._rows[table]
        rows.append(row)
        if len(rows) >= _BATCH:
            if table not in self._files:
                file = self._folder / f"{table}.parquet"
                self._files[table] = pq.ParquetWriter(file, schema(table), compression="zstd")
            self._files[table].write_table(self._taken(table))

    def _taken(self, table: str) -> pa.Table:
        rows, self._rows[table] = self._rows[table], []
        return pa.Table.from_pylist(rows, schema=schema(table))

    def batches(self, table: str) -> Iterator[pa.Table]:
        """The rows of a table in the order they came, batch by batch; once."""
        if table in self._files:
            self._files.pop(table).close()
            with pq.ParquetFile(self._folder / f"{table}.parquet") as parquet:
                for number in range(parquet.num_row_groups):
                    yield parquet.read_row_group(number)
        if self._rows[table]:
            yield self._taken(table)

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in self._files.values():
            file.close()


@dataclass(frozen=True)
class Facts:
    """What a reading left in ``folder``."""

    folder: Path

    @cached_property
    def record(self) -> dict[str, Any]:
        """``read.json``: source, files, counts, bodies, what is copied. Raises ``RunError`` where it cannot be read."""
        file = self.folder / RECORD
        try:
            record = json.loads(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise UsageError(
                f"{self.folder} holds no reading of published data",
                suggestion=f"Make one: counterscore mirror read FILES --source source.yaml --out {shell_word(self.folder)}",
            ) from None
        except (OSError, ValueError, RecursionError):
            raise RunError(f"{file} cannot be read", suggestion="Read the files again into a new folder.") from None
        if not isinstance(record, dict) or record.get("format") != FORMAT:
            raise RunError(f"{file} is not of this version", suggestion="Read the files again into a new folder.")
        return record

    def table(self, name: str) -> pa.Table:
        """One whole table."""
        try:
            return pq.read_table(self.folder / f"{name}.parquet", schema=schema(name))
        except (OSError, pa.ArrowInvalid, pa.ArrowTypeError):
            raise RunError(
                f"{self.folder / name}.parquet is missing or damaged",
                suggestion="Read the files again into a new folder.",
            ) from None

    def count(self, name: str) -> int:
        """How many rows a table has."""
        return int(self._tables(name).num_rows)

    def columns(self, name: str, *wanted: str) -> dict[str, npt.NDArray[Any]]:
        """Columns of a table as arrays: times in seconds (of int64, null as the least), words as objects."""
        table = self._tables(name)
        return {one: _array(table[one]) for one in wanted}

    def _tables(self, name: str) -> pa.Table:
        cache: dict[str, pa.Table] = self.__dict__.setdefault("_cache", {})
        if name not in cache:
            _ = self.record
            cache[name] = self.table(name)
        return cache[name]

    @property
    def cut_off(self) -> int:
        """The cut-off, in seconds: the end of its day."""
        return int(self.record["source"]["cut_off_at"])


NONE = np.iinfo(np.int64).min  #: a time or count that is not there


def _array(column: pa.ChunkedArray) -> npt.NDArray[Any]:
    kind = column.type
    if pa.types.is_timestamp(kind):
        column = column.cast(pa.int64())
        kind = column.type
    if pa.types.is_integer(kind):
        return np.asarray(column.cast(pa.int64()).fill_null(NONE).to_numpy(), np.int64)
    if pa.types.is_floating(kind):
        return np.asarray(column.to_numpy(zero_copy_only=False), np.float64)
    if pa.types.is_boolean(kind):
        return np.asarray(column.fill_null(False).to_numpy(zero_copy_only=False), np.bool_)
    # Most words come again and again: one object for each different one.
    encoded = column.combine_chunks().dictionary_encode()
    words = np.array([*encoded.dictionary.to_pylist(), None], dtype=object)
    return np.asarray(words[np.asarray(encoded.indices.fill_null(-1))])
