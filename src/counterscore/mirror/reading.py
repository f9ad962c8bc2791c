"""From published files to the tables of facts, in two passes and with little memory.

The first pass cuts the files, applies the whitelist and puts what is kept into a temporary database on disk. The
second goes through it process by process, settles the facts (of plain processes many at a time) and writes them. What is copied is known only then, so
the states are set as the tables are written out. Nothing is fetched: links are counted.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import secrets
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from counterscore.errors import RunError, UsageError
from counterscore.files import write_whole
from counterscore.mirror import shapes, tables
from counterscore.mirror.bodies import Bodies
from counterscore.mirror.columns import ColumnReducer
from counterscore.mirror.copied import Copies
from counterscore.mirror.dates import DAY, day_text, read_instant
from counterscore.mirror.facts import COPIED, IMPOSSIBLE, KNOWN, MISSING
from counterscore.mirror.reduce import NO_OCID, Known, Reducer, Row, place
from counterscore.mirror.source import Source
from counterscore.mirror.stream import Cutter, RefusedFileError, files_in, opened
from counterscore.mirror.whitelist import DROPPED, NAMES, Reader, Release, quick

_BATCH = 2_000
_SUPPLIER_PAIRS = 10  #: names with several awards, from which ids that change each time can be told


@dataclass
class FileRead:
    """What became of one file."""

    name: str
    releases: int = 0
    state: str = "read"  #: read, empty, refused, or nothing in it
    what: str = ""
    hint: str = ""
    line: int = 0
    column: int = 0

    def in_words(self) -> str:
        place = f":{self.line}:{self.column}" if self.line else ""
        return f"{self.name}{place}: {self.what}" + (f"  {self.hint}" if self.hint else "")


@dataclass
class Totals:
    """Counts over all files that were read."""

    seen: shapes.Seen = field(default_factory=shapes.Seen)
    dropped: Counter[str] = field(default_factory=Counter)
    unknown: int = 0
    halves: int = 0

    def add(self, seen: shapes.Seen, cutter: Cutter, entities: int) -> None:
        """Add what was met in one file, of whose procuring entities so many were read."""
        counts = cutter.counts
        self.halves += cutter.halves
        self.seen.shapes += seen.shapes
        self.seen.versions += seen.versions
        self.seen.linked += seen.linked
        self.seen.strangers += seen.strangers
        for name, many in zip(NAMES, counts, strict=False):
            if name in DROPPED and many:
                self.dropped[DROPPED[name]] += many
        self.dropped[DROPPED["procuringEntity"]] -= entities
        self.dropped = +self.dropped
        self.unknown += counts[-1]


def read(
    paths: Sequence[Path], source: Source, out: Path, *, progress: Callable[[str, int], None] | None = None
) -> tables.Facts:
    """Read published files into the folder ``out``, which must not hold anything yet.

    Files that cannot be used are named in the record and left out; the rest is read. Raises ``UsageError`` where
    there is no file or ``out`` is taken.
    """
    files = files_in(list(paths))
    if not files:
        raise UsageError("there is no file to read", suggestion="Name JSON files, or a folder that holds some.")
    for path in files:
        if not path.exists():
            raise UsageError(f"there is no file {path}", suggestion="Check the name.")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(f"{out} is not empty, and is left as it is", suggestion="Choose another --out.")
    out.mkdir(parents=True, exist_ok=True)
    with (
        _whole_or_nothing(out),
        tempfile.TemporaryDirectory(prefix=".reading-", dir=out) as work,
        contextlib.closing(_Spool(Path(work))) as spool,
    ):
        read_files, totals = _first_pass(files, source, spool, progress)
        part = Path(work) / "tables"
        part.mkdir()
        record = _second_pass(source, spool, part, read_files, totals)
        for name in tables.TABLES:
            shutil.move(part / f"{name}.parquet", out / f"{name}.parquet")
        write_whole(out / tables.RECORD, json.dumps(record, ensure_ascii=False, indent=1))
    return tables.Facts(out)


@contextlib.contextmanager
def _whole_or_nothing(out: Path) -> Iterator[None]:
    """Leave nothing of a reading that did not come to its end in ``out``, which was empty, and say so of a full disk."""
    try:
        yield
    except BaseException as error:
        for name in tables.TABLES:
            with contextlib.suppress(OSError):
                (out / f"{name}.parquet").unlink()
        if isinstance(error, sqlite3.OperationalError):  # what the database says of a disk that takes no more
            raise RunError(
                f"{out} was not written: {error}", suggestion="Make room, or choose another --out."
            ) from None
        raise


class _Spool:
    """A database in a temporary file: what the whitelist let through, to be gone through by process."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "spool.sqlite"
        self._db = sqlite3.connect(self._file, isolation_level=None)
        for line in (
            "PRAGMA journal_mode=OFF",
            "PRAGMA synchronous=OFF",
            "PRAGMA cache_size=-32000",
            "PRAGMA locking_mode=EXCLUSIVE",
            "PRAGMA temp_store=FILE",
            f"PRAGMA temp_store_directory='{str(folder).replace(chr(39), chr(39) * 2)}'",
            "CREATE TABLE kept (ocid TEXT, file INTEGER, compiled INTEGER, digest BLOB, said BLOB)",
            "CREATE TABLE award (body TEXT, ocid TEXT, method TEXT, award TEXT, date INTEGER, supplier INTEGER, name INTEGER, why TEXT)",
            "BEGIN",
        ):
            self._db.execute(line)
        self._rows: list[tuple[Any, ...]] = []
        self._awards: list[tuple[Any, ...]] = []

    def close(self) -> None:
        self._db.close()

    def keep(self, file: int, kind: shapes.Kind, release: Release) -> None:
        said = _ENCODER.encode(release)
        digest = hashlib.blake2b(_comparable(release), digest_size=16).digest()
        ocid = release.ocid or f"{NO_OCID}{digest.hex()[:16]}"
        self._rows.append((ocid, file, int(kind == "compiled"), digest, said))
        if len(self._rows) >= _BATCH:
            self.flush()

    def flush(self) -> None:
        self._db.executemany("INSERT INTO kept VALUES (?, ?, ?, ?, ?)", self._rows)
        self._db.executemany("INSERT INTO award VALUES (?, ?, ?, ?, ?, ?, ?, ?)", self._awards)
        self._rows.clear()
        self._awards.clear()

    def processes(self, refused: set[int]) -> Iterator[tuple[str, list[tuple[int, bool, bytes, Release]], int]]:
        """Every process with its releases, and how many bytes they were kept in; those of refused files are left out."""
        self.flush()
        self._db.execute("CREATE INDEX by_ocid ON kept (ocid)")
        ocid: str | None = None
        group: list[tuple[int, bool, bytes, Release]] = []
        size = 0
        for row in self._db.execute("SELECT ocid, file, compiled, digest, said FROM kept ORDER BY ocid"):
            if row[0] != ocid:
                if group:
                    yield str(ocid), group, size
                ocid, group, size = row[0], [], 0
            if row[1] not in refused:
                size += len(row[4])
                group.append((row[1], bool(row[2]), row[3], _DECODER.decode(row[4])))
        if group:
            yield str(ocid), group, size

    def award(self, row: Row) -> None:
        why = row["bad"] or ("" if row["date"] is not None else "no date")
        if row["nameless"] and not row["suppliers"]:
            why = why or "the supplier is not named"
        if not row["suppliers"]:
            why = why or "no supplier"
        names = row["names"] if len(row["names"]) == len(row["suppliers"]) else [0] * len(row["suppliers"])
        for supplier, name in zip(row["suppliers"] or [0], names or [0], strict=True):
            self._awards.append(
                (row["body"], row["ocid"], row["method"], row["award"], row["date"], supplier, name, why)
            )
        if len(self._awards) >= _BATCH:
            self.flush()

    def ids_change(self) -> tuple[int, int]:
        """Names with two awards or more, and how many of them have another id in every one."""
        self.flush()
        found = self._db.execute(
            "SELECT COUNT(*), COALESCE(SUM(ids = awards), 0) FROM (SELECT COUNT(DISTINCT supplier) AS ids, "
            "COUNT(*) AS awards FROM award WHERE name != 0 GROUP BY name HAVING awards > 1)"
        ).fetchone()
        return int(found[0]), int(found[1])

    def awards(self) -> Iterator[Row]:
        """Awards with the days since the same supplier was last seen with the body, in an order that names no supplier."""
        self.flush()
        for body, ocid, method, award, date, why, before in self._db.execute(
            "SELECT body, ocid, method, award, date, why, before FROM (SELECT *, LAG(date) OVER "
            "(PARTITION BY body, supplier, why ORDER BY date, ocid, award) AS before FROM award) "
            "ORDER BY body, ocid, award, date, before, why"
        ):
            seen = None if why or before is None else (date - before) // DAY
            state = KNOWN if not why else MISSING if why.startswith(("no ", "the ")) else IMPOSSIBLE
            yield {
                "body": body,
                "ocid": ocid,
                "method": method,
                "award": award,
                "date": date,
                "seen_before": seen,
                "state": state,
                "why": why,
            }


_ENCODER, _DECODER = msgspec.json.Encoder(), msgspec.json.Decoder(Release)


def _comparable(one: Release) -> bytes:
    """What makes two releases the same: copies upgraded to another version differ in ids of organisations alone."""
    return _ENCODER.encode(_content(one))


def _content(one: Release) -> tuple[Any, ...]:
    awards = [award[:5] for award in one.awards]
    return (
        *(one.ocid, one.id, one.date, sorted(one.tags), one.buyer[1], one.status, one.method, one.bidders),
        *(one.opened, one.closed, awards, one.contracts, one.stage, len(one.tenderers or ())),
        None if one.bids is None else [status for _, status in one.bids],
    )


def _with_instants(content: Any) -> Any:
    """The content of a release with every date as the instant that it names, in whatever zone it is written."""
    if isinstance(content, str):
        return read_instant(content) or content
    return [_with_instants(one) for one in content] if isinstance(content, list | tuple) else content


def _first_pass(
    files: Sequence[Path], source: Source, spool: _Spool, progress: Callable[[str, int], None] | None
) -> tuple[list[FileRead], Totals]:
    key, registered = secrets.token_bytes(32), frozenset(source.by_id)
    totals, told, decode = Totals(), [], quick()
    for path in files:
        for name, stream in opened(path):
            one = FileRead(name)
            told.append(one)
            reader, seen = Reader(key, registered), shapes.Seen()
            try:
                if isinstance(stream, RefusedFileError):
                    raise stream
                found = 0
                cutter = Cutter(stream, NAMES, decode)
                for piece in cutter.pieces():
                    found += 1
                    for kind, release in shapes.releases(piece, reader, seen):
                        spool.keep(len(told) - 1, kind, release)
                        one.releases += 1
                        if progress and one.releases % 5_000 == 0:
                            progress(name, one.releases)
            except RefusedFileError as error:
                one.state, one.what, one.hint = "refused", error.what, error.hint
                one.line, one.column, one.releases = error.line, error.column, 0
                continue
            totals.add(seen, cutter, reader.entities)
            if not found:
                one.state, one.what = "empty", "is empty"
            elif seen.linked and not one.releases:
                one.state, one.what = "links", "holds links only: the releases are not here"
                one.hint = "Nothing is fetched. Give the files they point to."
            elif not one.releases:
                one.state, one.what = "nothing", "holds no release or record"
                if seen.strangers:
                    one.hint = "Is it OCDS data?"
    return told, totals


def _second_pass(source: Source, spool: _Spool, out: Path, files: Sequence[FileRead], totals: Totals) -> dict[str, Any]:
    bodies, copies = Bodies(source), Copies()
    refused = {number for number, one in enumerate(files) if one.state == "refused"}
    raw = out.parent / "raw"
    raw.mkdir()
    spread = 0
    with tables.Writer(raw) as writer:

        def write(table: str, row: Row) -> None:
            if table == "awards":
                spool.award(row)
                return
            if table == "processes":
                copies.process(row)
            elif table == "facts":
                copies.contract(row)
            elif table == "payments":
                copies.payment(row)
            writer.row(table, row)

        reducer = Reducer(source, bodies, write)
        many_at_once, names = ColumnReducer(reducer), [one.name for one in files]
        for ocid, group, size in spool.processes(refused):
            found, repeats = _distinct(group, names)
            reducer.tally.repeats += repeats
            spread += 1
            many_at_once.process(ocid, found, size)
        many_at_once.flush()
        several, changing = spool.ids_change()
        for row in spool.awards():
            writer.row("awards", row)
        findings = copies.findings()
        if several >= _SUPPLIER_PAIRS and changing >= 0.95 * several:
            sentence = f"{changing} of {several} suppliers with several awards have another id in every one: nobody is ever seen again"
            findings.append(
                {
                    "name": "suppliers",
                    "fields": "awards.suppliers.id",
                    "equal": changing,
                    "of": several,
                    "sentence": sentence,
                }
            )
        copied = {one["name"] for one in findings}
        for table in tables.TABLES:
            _finish(writer.batches(table), out / f"{table}.parquet", table, bodies, copied)
    return _record(source, files, totals, reducer, copies, findings, spread)


def _distinct(group: Iterable[tuple[int, bool, bytes, Release]], names: Sequence[str]) -> tuple[list[Known], int]:
    """The releases of a process, each once: the same content under the same id is a repeat, wherever it stands."""
    kept: dict[tuple[bool, bytes], Known] = {}
    read = 0
    for file, compiled, digest, release in group:
        read += 1
        order, stage, whole_day = place(release)
        one = Known(release, compiled, names[file], order, stage, whole_day, digest)
        key = (compiled, digest)
        kept[key] = _one_of(kept[key], one) if key in kept else one
    found = list(kept.values())
    if len(found) > 1 and len({one.release.id for one in found}) < len(found):
        same: dict[tuple[bool, bytes], Known] = {}
        for one in found:
            key = (one.compiled, _ENCODER.encode(_with_instants(_content(one.release))))
            same[key] = _one_of(same[key], one) if key in same else one
        found = list(same.values())
    return found, read - len(found)


def _one_of(one: Known, other: Known) -> Known:
    """Of two copies the one that names more, else by its text: the order of files decides nothing."""
    best = max(one, other, key=lambda each: (*_names(each.release), each.digest))
    return best._replace(file=min(one.file, other.file))


def _names(release: Release) -> tuple[int, str]:
    return sum(map(bool, release.buyer)) + bool(release.entity), repr(release.buyer)


#: Which states a finding turns to copied: table, column of the state, column of the reason (or none).
_TURNED: dict[str, list[tuple[str, str, str | None]]] = {
    "due": [("payments", "state", "why")],
    "price": [("facts", "award_amount_state", None)],
    "told": [("processes", "told_state", "told_why")],
    "bidders": [("processes", "bidders_state", "bidders_why")],
    "tenderers": [("processes", "tenderers_state", "tenderers_why")],
    "placeholder": [("processes", "tenderers_state", "tenderers_why")],
    "tender status": [("processes", "status_state", "status_why")],
    "contract status": [("facts", "status_state", "status_why")],
    "bid status": [("processes", "bids_state", "bids_why")],
    "suppliers": [("awards", "state", "why")],
}


def _finish(raw: Iterable[pa.Table], done: Path, table: str, bodies: Bodies, copied: set[str]) -> None:
    """Write a table out with the labels of bodies and with what is copied."""
    labels = {key: one.label for key, one in bodies.found.items()}
    turned = [(state, why) for name in sorted(copied) for of, state, why in _TURNED[name] if of == table]
    with pq.ParquetWriter(done, tables.schema(table), compression="zstd") as writer:
        for batch in raw:
            if "body" in batch.column_names:
                column = pa.array([labels[key] for key in batch["body"].to_pylist()], pa.string())
                batch = batch.set_column(
                    batch.schema.get_field_index("body"), tables.schema(table).field("body"), column
                )
            for state, why in turned:
                hit = pc.is_in(
                    batch[state], pa.array([KNOWN, "contradictory"] if state == "bidders_state" else [KNOWN])
                )
                batch = _set(batch, table, state, pc.if_else(hit, COPIED, batch[state]))
                if why:
                    batch = _set(batch, table, why, pc.if_else(hit, "copied by the publisher", batch[why]))
            writer.write_table(batch.cast(tables.schema(table)))


def _set(batch: pa.Table, table: str, name: str, column: Any) -> pa.Table:
    return batch.set_column(batch.schema.get_field_index(name), tables.schema(table).field(name), column)


def _record(
    source: Source,
    files: Sequence[FileRead],
    totals: Totals,
    reducer: Reducer,
    copies: Copies,
    findings: list[dict[str, Any]],
    processes: int,
) -> dict[str, Any]:
    from counterscore.provenance import own_version

    tally, bodies = reducer.tally, reducer.bodies
    found = sorted(bodies.found.values(), key=lambda one: (not one.registered, one.label))
    merged = bodies.merged()
    return {
        "format": tables.FORMAT,
        "software": own_version(),
        "source": {
            **{key: getattr(source, key) for key in ("publisher", "address", "retrieved", "licence", "coverage")},
            "cut_off": day_text(source.cut_off.at),
            "cut_off_at": source.cut_off.order,
            "window": [day_text(one) for one in source.window] if source.window else None,
            "window_at": list(source.window) if source.window else None,
            "currency": source.currency,
            "attribution": source.attribution,
            "note": source.note,
            "sha256": hashlib.sha256(source.text.encode()).hexdigest(),
        },
        "files": [asdict(one) for one in sorted(files, key=lambda one: one.name)],
        "shapes": dict(sorted(totals.seen.shapes.items())),
        "versions": dict(sorted(totals.seen.versions.items())),
        "linked": totals.seen.linked,
        "strangers": totals.seen.strangers,
        "dropped": dict(sorted(totals.dropped.items())),
        "unknown_fields": totals.unknown,
        "halved_letters": totals.halves,
        "releases": tally.releases,
        "repeats": tally.repeats,
        "compiled_aside": tally.compiled_aside,
        "same_id": tally.same_id,
        "undated": tally.undated,
        "no_ocid": tally.no_ocid,
        "whole_days": tally.whole_days,
        "processes": processes,
        "repairs": dict(sorted(tally.states.items())),
        "unmapped": [
            {"kind": kind, "word": word, "times": times} for (kind, word), times in sorted(tally.unmapped.items())
        ][:100],
        "persons_refused": bodies.refused,
        "amendments_published": tally.amended > 0,
        "changes_published": source.changes_published if source.changes_published is not None else tally.numbered > 0,
        "changes_declared": source.changes_published is not None,
        "copied": findings,
        "warnings": copies.warnings(),
        "bodies": [
            {
                "label": one.label,
                "kind": one.kind,
                "flag": one.flag,
                "registered": one.registered,
                "ids": one.ids,
                "processes": one.processes,
                "contracts": one.contracts,
                "rated": one.rated,
                "why_not": one.why_not,
                "merged": bodies.found[merged[one.key]].label if one.key in merged else one.label,
            }
            for one in found
        ],
    }


def check_out(out: Path) -> None:
    """Raise ``RunError`` where the folder of a reading cannot be made."""
    if out.exists() and not out.is_dir():
        raise RunError(f"{out} is a file", suggestion="Choose another --out.")
