"""The ground-truth export: what an outside auditor would see, and in a folder of its own what is true.

An audit method can be tried on ``seen/`` alone and then graded with ``hidden/``. Rows are joined by the keys
``resident`` (identity), ``record_id``, ``listing_id`` and so on; each table carries unit and meaning of its columns.
"""

from __future__ import annotations

import csv
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from counterscore.bundle._labels import categories
from counterscore.city import COLUMNS
from counterscore.engine import layout
from counterscore.errors import RunError, UsageError
from counterscore.files import UNFINISHED, reason
from counterscore.regime.vocabulary import ACTS, SERVICES
from counterscore.reliving import History, Stage, Teller
from counterscore.reliving.events import FATES, TRUTHS, WRONG
from counterscore.results import Run, parquet_writer
from counterscore.results.run import GENERATION
from counterscore.results.tables import Field, schema

Columns = dict[str, Any]
Events = npt.NDArray[np.int64]

_RESIDENT = Field("resident", pa.uint64(), "number", "identity: number of the place + generation x 2**32")
_MONTH = Field("month", pa.uint16(), "month", "month of the run, 0 the first")
_REGIME = Field("regime", pa.string(), "name", "rule book")
_RECORD = Field("record_id", pa.uint64(), "number", "the record, numbered through the export")
_LISTING = Field("listing_id", pa.uint64(), "number", "the stay on a list, numbered through the export")
_ACT = Field("act_id", pa.uint64(), "number", "the act, numbered through the export")

SEEN: Mapping[str, tuple[Field, ...]] = {
    "records": (
        _RECORD,
        _RESIDENT,
        _MONTH,
        _REGIME,
        Field("row", pa.string(), "name", "row of the catalogue"),
        Field("authority", pa.string(), "name", "who recorded it"),
        Field("points", pa.float64(), "points", "what it gave; 0 where the rule book has no score"),
        Field("counts_until", pa.uint16(), "month", "month in which it was to end; empty for never"),
    ),
    "records_ended": (
        _RESIDENT,
        _MONTH,
        _REGIME,
        Field("row", pa.string(), "name", "row of the catalogue"),
        Field("made", pa.uint16(), "month", "month of the record"),
        Field("how", pa.string(), "name", "no longer counts, or taken back"),
    ),
    "listings": (
        _LISTING,
        _RESIDENT,
        _REGIME,
        Field("list_id", pa.string(), "name", "list"),
        Field("kind", pa.string(), "name", "listing, or honour: a list on which every door favours who is on it"),
        Field("entered", pa.uint16(), "month", "month of the entry"),
        Field("left", pa.uint16(), "month", "month of the exit; empty where it was still going on when the run ended"),
        Field("exit", pa.string(), "name", "how it ended"),
        Field("ground", pa.string(), "name", "the row it was entered for, or score or grade"),
    ),
    "scores": (
        _RESIDENT,
        _MONTH,
        _REGIME,
        Field("score", pa.float64(), "points", "published score from this month on"),
    ),
    "doors": (
        _RESIDENT,
        _MONTH,
        _REGIME,
        Field("door", pa.string(), "name", "door"),
        Field("service", pa.string(), "name", "service"),
        Field("effect", pa.string(), "name", "closed, narrowed, slowed, priced or opened"),
        Field("in_force", pa.uint8(), "code", "1 from this month on, 0 no longer"),
    ),
    "attempts": (
        _RESIDENT,
        _MONTH,
        Field("service", pa.string(), "name", "service asked for"),
        Field("outcome", pa.string(), "name", "served, refused by a door, or refused otherwise"),
        Field("days", pa.uint16(), "days", "days waited by those served"),
    ),
    "rights": (
        _RESIDENT,
        _MONTH,
        _REGIME,
        Field("what", pa.string(), "name", "notice, appeal, decision or repair"),
        Field("rule", pa.string(), "name", "row or list it is about"),
        Field("made", pa.uint16(), "month", "month of the record or entry"),
        Field("outcome", pa.string(), "name", "won or lost, of a decision"),
    ),
}
HIDDEN: Mapping[str, tuple[Field, ...]] = {
    "records_truth": (
        _RECORD,
        Field("truth", pa.string(), "name", "whether it is true, and if not how it is wrong"),
    ),
    "listings_truth": (
        _LISTING,
        Field("wrong", pa.string(), "name", "right, wrong in fact, or wrong by the rule, when it was entered"),
    ),
    "acts": (
        _ACT,
        _RESIDENT,
        _MONTH,
        Field("act", pa.string(), "name", "what was truly done"),
        Field("context", pa.string(), "name", "context of life"),
        Field("amount", pa.int64(), "unit of the act", "how much, where it has an amount"),
        Field("done", pa.uint8(), "code", "1 done, 0 claimed and not done"),
        Field("fate", pa.string(), "name", "recorded, not seen, recorded in someone else's name, no rule covers it"),
    ),
}
_README = """\
{title}

{limits}

{folder}
"""
LIMITS = (
    "All residents are synthetic. Methods may be tried here; nothing here is evidence about a real person or place.\n"
    "One replicate of {replays}: world {world}, replicate {replay}. Error rates, take-up and reactions are assumptions of the run.\n"
    "Months count from 0 ({start}); the run has {months} of them and ends with the end of the last. columns.csv tells what every column holds."
)
_SEEN_TEXT = """\
seen/: what an auditor would get from the bodies that run the scheme: who lives there (what a regime can see), records,
listings, published scores, doors, attempts at services, notices, appeals and their outcome, and the rule books' text.
Nothing in it tells which records are true. The truth is in ../hidden; do not open it before the audit is done.

What is easily got wrong: a month that never came is empty (a stay still going on has no month of leaving and is cut off
by the end of the run); lists of kind "honour" are no sanctions; many stays end in the same month, so an estimator must
be exact where times are tied; a rate of a group in which nobody (or everybody) is positive is undefined, neither 0 nor 1,
and tools differ in what they print for it."""
_HIDDEN_TEXT = """\
hidden/: what is true. records_truth and listings_truth join by record_id and listing_id; acts holds everything that was
done, recorded or not; latent holds what no regime can see of a resident; other_world holds the outcomes of the same
residents with the same random numbers in the world {baseline}; assumptions.json the error rates and all else that was assumed."""


def audit(run: Run, out: Path, *, world: str | None = None, replay: int = 0) -> dict[str, int]:
    """Write ``out/seen`` and ``out/hidden`` of one world and replicate; returns rows by table.

    Every subdistrict is lived again. Raises ``UsageError`` where the folder holds something already.
    """
    name = world or run.worlds[0]
    if os.path.lexists(out) and (out.is_symlink() or not out.is_dir() or any(out.iterdir())):
        raise UsageError(f"{out} is not an empty folder and is not written to", suggestion="Choose another folder.")
    if (name, replay) not in run.finished:
        raise UsageError(f"the run has no finished replicate {replay} of {name}")
    stage = Stage(run)
    with _whole_folder(out) as part:
        return _write(run, stage, part, name, replay)


@contextmanager
def _whole_folder(out: Path) -> Iterator[Path]:
    """A folder beside ``out`` to write into; it becomes ``out`` when all went well, and is gone when it did not."""
    part = out.absolute().with_name(f"{UNFINISHED}{secrets.token_hex(8)}")
    try:
        part.mkdir(parents=True)
        yield part
        part.rename(out)  # an empty folder may be there
    except OSError as error:
        raise RunError(
            f"{out} was not written: {reason(error)}", suggestion="Make room, or choose another folder."
        ) from None
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _write(run: Run, stage: Stage, out: Path, name: str, replay: int) -> dict[str, int]:
    places = len(stage.city.subdistricts)  # nothing is written where the run cannot be lived again
    rows: dict[str, int] = {}
    with _Tables(out, rows) as tables:
        start = _Numbers()
        for k in range(places):
            for table, columns in _of_subdistrict(stage.relive(k, world=name, replay=replay), start):
                tables.write(table, columns)
    _residents(run, out, rows)
    _other_world(run, out, name, replay, rows)
    for world_ in run.record["worlds"]:
        if world_["name"] == name:
            for part in world_["parts"]:
                for file, text in part["files"].items():
                    target = out / "seen" / "rule-books" / part["id"] / Path(file).name
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_text(text, encoding="utf-8")
    (out / "hidden" / "assumptions.json").write_text(
        json.dumps(run.record["assumptions"], indent=1, ensure_ascii=False), encoding="utf-8"
    )
    limits = LIMITS.format(
        replays=run.record["replays"], world=name, replay=replay, months=run.record["months"], start=run.record["start"]
    )
    for folder, text in (
        ("seen", _SEEN_TEXT),
        ("hidden", _HIDDEN_TEXT.format(baseline=run.baseline or "(none in this run)")),
    ):
        words = _README.format(title="Ground-truth export of a counterscore run", limits=limits, folder=text)
        (out / folder / "README.txt").write_text(words, encoding="utf-8")
        _dictionary(run, out / folder)
    return rows


def _array(values: Any, field: Field) -> pa.Array:
    """A column as it is exported: a month that never comes is empty, not a number."""
    if field.unit != "month":
        return pa.array(values, type=field.type)
    months = np.asarray(values)
    return pa.array(months, type=field.type, mask=months == layout.NEVER)


def _schema(fields: Sequence[Field]) -> pa.Schema:
    """The schema of a table of the export, in which a month may be empty."""
    found = schema(tuple(fields))
    for n, field in enumerate(fields):
        if field.unit == "month":
            found = found.set(n, found.field(n).with_nullable(True))
    return found


def _readable(run: Run, table: pa.Table) -> pa.Table:
    """A table of the run for outsiders: names instead of codes, and months that never come empty."""
    for n, field in enumerate(table.schema):
        names = categories(run, field.name)
        values = table.column(n).to_numpy()
        if names:
            found = pa.array(np.array(names, object)[values], type=pa.string())
            table = table.set_column(n, pa.field(field.name, pa.string(), metadata=field.metadata), found)
        elif field.type == pa.uint16() and (field.metadata or {}).get(b"unit", b"").startswith(b"month"):
            table = table.set_column(
                n, field.with_nullable(True), pa.array(values, type=field.type, mask=values == layout.NEVER)
            )
    return table


def _dictionary(run: Run, folder: Path) -> None:
    """``columns.csv``: every column of the tables of a folder with its type, unit, meaning and what it may hold."""
    with (folder / "columns.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["table", "column", "type", "unit", "meaning", "values"])
        for path in sorted(folder.glob("*.parquet")):
            for field in pq.read_schema(path):
                about = {key.decode(): value.decode() for key, value in (field.metadata or {}).items()}
                values = "; ".join(categories(run, field.name))
                row = [path.stem, field.name, str(field.type), about.get("unit", ""), about.get("meaning", ""), values]
                writer.writerow(row)


class _Numbers:
    """Where the numbers of records, listings and acts go on."""

    def __init__(self) -> None:
        self.at = {"record": 0, "listing": 0, "act": 0}

    def take(self, what: str, count: int) -> npt.NDArray[np.uint64]:
        first = self.at[what]
        self.at[what] += count
        return np.arange(first, first + count, dtype=np.uint64)


class _Tables:
    """The Parquet files of an export, written subdistrict by subdistrict."""

    def __init__(self, out: Path, rows: dict[str, int]) -> None:
        self._rows = rows
        self._open = ExitStack()
        self._writers: dict[str, pq.ParquetWriter] = {}
        self._fields: dict[str, tuple[Field, ...]] = {}
        for folder, tables in (("seen", SEEN), ("hidden", HIDDEN)):
            (out / folder).mkdir(parents=True, exist_ok=True)
            for name, fields in tables.items():
                self._fields[name] = fields
                self._rows[name] = 0
                file = parquet_writer(out / folder / f"{name}.parquet", _schema(fields))
                self._writers[name] = self._open.enter_context(file)

    def __enter__(self) -> _Tables:
        return self

    def __exit__(self, *error: Any) -> None:
        self._open.__exit__(*error)

    def write(self, name: str, columns: Columns) -> None:
        fields = self._fields[name]
        arrays = [_array(columns[field.name], field) for field in fields]
        self._rows[name] += len(arrays[0])
        if len(arrays[0]):
            self._writers[name].write_table(pa.Table.from_arrays(arrays, schema=_schema(fields)))


def _of_subdistrict(history: History, numbers: _Numbers) -> Iterator[tuple[str, Columns]]:
    teller = Teller(history.regime, history.plan, history.subdistrict, len(history.start))
    events = history.events
    who = _identities(history)
    yield from _records(events, who, teller, numbers)
    yield from _listings(events, who, teller, numbers, history.regime.honours())
    yield from _scores(events, who, teller)
    yield "doors", _doors(history, events, who, teller)
    at = events[:, 2] == layout.EVENT_ATTEMPT
    tried = events[at]
    services = np.array([one.id for one in SERVICES], object)
    outcomes = np.array(["served", "refused by a door", "refused otherwise"], object)
    yield (
        "attempts",
        {
            "resident": who[at],
            "month": tried[:, 0],
            "service": services[tried[:, 3]],
            "outcome": outcomes[tried[:, 4]],
            "days": tried[:, 5],
        },
    )
    yield "rights", _rights(events, who, teller)
    at = events[:, 2] == layout.EVENT_ACT
    acts = events[at]
    yield (
        "acts",
        {
            "act_id": numbers.take("act", len(acts)),
            "resident": who[at],
            "month": acts[:, 0],
            "act": np.array([one.id for one in ACTS], object)[acts[:, 3]],
            "context": np.array([one.context for one in ACTS], object)[acts[:, 3]],
            "amount": acts[:, 4],
            "done": (acts[:, 5] != layout.CLAIMED).astype(np.uint8),
            "fate": np.array(FATES, object)[acts[:, 6]],
        },
    )


def _identities(history: History) -> npt.NDArray[np.uint64]:
    """Who each event happened to: the place, and how many had died there before."""
    events = history.events
    first = history.subdistrict * layout.SUBDISTRICT
    places = events[:, 1]
    died = (events[:, 2] == layout.EVENT_DIED).astype(np.int64)
    order = np.argsort(places, kind="stable")
    count = np.cumsum(died[order]) - died[order]
    starts = np.r_[0, np.flatnonzero(np.diff(places[order])) + 1] if len(order) else np.zeros(0, np.int64)
    base = np.zeros(len(order), np.int64)
    base[starts] = np.diff(np.r_[0, count[starts]]) if len(starts) else 0
    generation = np.zeros(len(order), np.int64)
    generation[order] = count - np.cumsum(base)
    return ((first + places) + generation * GENERATION).astype(np.uint64)


def _names(items: list[Any]) -> npt.NDArray[Any]:
    return np.array([*items, ""], object)


def _records(events: Events, who: Any, teller: Teller, numbers: _Numbers) -> Iterator[tuple[str, Columns]]:
    books, rows = _names([part.id for part, _, _ in teller.rows]), _names([row.id for _, _, row in teller.rows])
    authorities = _names(
        [
            part.authorities[row.authority].label if row.authority in part.authorities else row.authority
            for part, _, row in teller.rows
        ]
    )
    at = events[:, 2] == layout.EVENT_RECORD
    made = events[at]
    ids = numbers.take("record", len(made))
    yield (
        "records",
        {
            "record_id": ids,
            "resident": who[at],
            "month": made[:, 0],
            "regime": books[made[:, 3]],
            "row": rows[made[:, 3]],
            "authority": authorities[made[:, 3]],
            "points": made[:, 5] / layout.SCALE,
            "counts_until": made[:, 6],
        },
    )
    yield "records_truth", {"record_id": ids, "truth": np.array(TRUTHS, object)[made[:, 4]]}
    at = events[:, 2] == layout.EVENT_END
    ended = events[at]
    yield (
        "records_ended",
        {
            "resident": who[at],
            "month": ended[:, 0],
            "regime": books[ended[:, 3]],
            "row": rows[ended[:, 3]],
            "made": ended[:, 7],
            "how": np.where(ended[:, 5] == 1, "taken back", "no longer counts"),
        },
    )


def _listings(
    events: Events, who: Any, teller: Teller, numbers: _Numbers, honours: frozenset[str]
) -> Iterator[tuple[str, Columns]]:
    books, lists = _names([part.id for part, _, _ in teller.lists]), _names([name for _, name, _ in teller.lists])
    kinds = _names(["honour" if name in honours else "listing" for _, name, _ in teller.lists])
    rows = _names([row.id for _, _, row in teller.rows])
    at = np.flatnonzero(events[:, 2] == layout.EVENT_ENTER)
    entered = events[at]
    left = np.full(len(at), layout.NEVER, np.int64)
    exits = np.full(len(at), "still going on", object)
    out = np.flatnonzero(events[:, 2] == layout.EVENT_LEAVE)
    # A stay is known by person, list and month of entry.
    keys = {(int(who[i]), int(events[i, 3]), int(events[i, 0])): n for n, i in enumerate(at)}
    for i in out.tolist():
        n = keys.get((int(who[i]), int(events[i, 3]), int(events[i, 7])))
        if n is not None:
            left[n], exits[n] = events[i, 0], layout.EXITS[int(events[i, 4])]
    died = {int(who[i]): int(events[i, 0]) for i in np.flatnonzero(events[:, 2] == layout.EVENT_DIED).tolist()}
    for n, i in enumerate(at.tolist()):
        if left[n] == layout.NEVER and int(who[i]) in died:
            left[n], exits[n] = died[int(who[i])], "died"
    ids = numbers.take("listing", len(at))
    cause = np.where(entered[:, 5] >= len(rows) - 1, len(rows) - 1, entered[:, 5])
    ground = rows[cause]
    yield (
        "listings",
        {
            "listing_id": ids,
            "resident": who[at],
            "regime": books[entered[:, 3]],
            "list_id": lists[entered[:, 3]],
            "kind": kinds[entered[:, 3]],
            "entered": entered[:, 0],
            "left": left,
            "exit": exits,
            "ground": np.where(ground == "", "score or grade", ground),
        },
    )
    yield "listings_truth", {"listing_id": ids, "wrong": np.array(WRONG, object)[entered[:, 4]]}


def _scores(events: Events, who: Any, teller: Teller) -> Iterator[tuple[str, Columns]]:
    books = _names([part.id for part in teller.scored])
    at = events[:, 2] == layout.EVENT_SCORE
    moved = events[at]
    yield (
        "scores",
        {
            "resident": who[at],
            "month": moved[:, 0],
            "regime": books[moved[:, 3]],
            "score": moved[:, 5] / layout.SCALE,
        },
    )


def _doors(history: History, events: Events, who: Any, teller: Teller) -> Columns:
    at = events[:, 2] == layout.EVENT_DOORS
    moves, mine = events[at], who[at]
    first = history.subdistrict * layout.SUBDISTRICT
    parts: list[tuple[Any, Any, int, Any]] = []
    for k in range(len(teller.doors)):
        start = np.flatnonzero(history.start["doors"] >> k & 1)
        parts.append(
            ((first + start).astype(np.uint64), np.zeros(len(start), np.int64), k, np.ones(len(start), np.uint8))
        )
        changed = (moves[:, 3] ^ moves[:, 4]) >> k & 1 == 1
        parts.append((mine[changed], moves[changed, 0], k, (moves[changed, 4] >> k & 1).astype(np.uint8)))
    number = np.concatenate([np.full(len(part[0]), part[2], np.int64) for part in parts] or [np.zeros(0, np.int64)])
    return {
        "resident": np.concatenate([part[0] for part in parts] or [np.zeros(0, np.uint64)]),
        "month": np.concatenate([part[1] for part in parts] or [np.zeros(0, np.int64)]),
        "regime": _names([part.id for part, _, _ in teller.doors])[number],
        "door": _names([door.id for _, _, door in teller.doors])[number],
        "service": _names([door.service for _, _, door in teller.doors])[number],
        "effect": _names([door.effect for _, _, door in teller.doors])[number],
        "in_force": np.concatenate([part[3] for part in parts] or [np.zeros(0, np.uint8)]),
    }


def _rights(events: Events, who: Any, teller: Teller) -> Columns:
    at = np.isin(events[:, 2], (layout.EVENT_NOTICE, layout.EVENT_APPEAL, layout.EVENT_DECISION, layout.EVENT_REPAIR))
    some = events[at]
    repair = some[:, 2] == layout.EVENT_REPAIR
    rows, lists = _names([row.id for _, _, row in teller.rows]), _names([name for _, name, _ in teller.lists])
    row_books = _names([part.id for part, _, _ in teller.rows])
    list_books = _names([part.id for part, _, _ in teller.lists])
    of_row = np.where(repair, len(rows) - 1, some[:, 3])
    of_list = np.where(repair, some[:, 3], len(lists) - 1)
    decided = some[:, 2] == layout.EVENT_DECISION
    return {
        "resident": who[at],
        "month": some[:, 0],
        "regime": np.where(repair, list_books[of_list], row_books[of_row]),
        "what": np.array(layout.EVENTS, object)[some[:, 2]],
        "rule": np.where(repair, lists[of_list], rows[of_row]),
        "made": some[:, 7],
        "outcome": np.where(decided, np.where(some[:, 5] == 1, "won", "lost"), ""),
    }


def _residents(run: Run, out: Path, rows: dict[str, int]) -> None:
    """Who lives there: what a regime can see in one folder, what it cannot in the other."""
    people = run.residents()
    who = people["resident"].to_numpy() + people["generation"].to_numpy().astype(np.uint64) * np.uint64(GENERATION)
    hidden = {column.name for column in COLUMNS if not column.observable}
    for folder, name, keep in (
        (
            "seen",
            "residents",
            [c for c in people.column_names if c not in hidden and c not in {"resident", "generation"}],
        ),
        ("hidden", "latent", [c for c in people.column_names if c in hidden]),
    ):
        table = _readable(run, people.select(keep))
        table = table.add_column(0, schema((_RESIDENT,)).field(0), pa.array(who, type=pa.uint64()))
        pq.write_table(table, out / folder / f"{name}.parquet", compression="zstd")
        rows[name] = table.num_rows


def _other_world(run: Run, out: Path, world: str, replay: int, rows: dict[str, int]) -> None:
    """Outcomes of the same people in the baseline, and in the world itself."""
    names = {"outcomes": world}
    if run.baseline and run.baseline != world and (run.baseline, replay) in run.finished:
        names["other_world"] = run.baseline
    people = run.residents(["resident", "generation"])
    who = people["resident"].to_numpy() + people["generation"].to_numpy().astype(np.uint64) * np.uint64(GENERATION)
    for name, of in names.items():
        table = _readable(run, run.table("outcomes", of, replay))
        table = table.add_column(0, schema((_RESIDENT,)).field(0), pa.array(who, type=pa.uint64()))
        pq.write_table(table, out / "hidden" / f"{name}.parquet", compression="zstd")
        rows[name] = table.num_rows
