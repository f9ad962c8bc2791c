"""How fast and in how much memory published contract data are read, in one run beside what one would use instead.

    python benchmarks/mirror.py                 20 MB, a minute
    python benchmarks/mirror.py --mib 2048      the size that is promised: under 512 MB of memory

Made-up releases with the parts that real ones carry (parties, documents, items), one for each of five stages of a
process. Compared are a plain pass of the standard library over the same file, other JSON readers, and ``ocdsmerge``
compiling the same releases (of a share of the file, since it is slow), with and without the parts that the mirror
never reads: the more of them, the more it gains.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import io
import json
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

SOURCE = """publisher: made up
address: https://example.org
retrieved: 2020-12-31
licence: CC0
coverage: made up for a benchmark
cut_off: 2020-12-31
"""
_ROUNDS = 5
_MERGED = 2_000  #: releases that ocdsmerge compiles


STAGES = ("tender", "award", "contract", "implementation", "contractAmendment")


def release(number: int, stage: int) -> dict[str, Any]:
    """One release of about 4 kB, with the parts that the standard's own example has: what is known of a process at a stage of its life, told anew at every stage."""
    address = {"streetAddress": "1 Street", "locality": "Somewhere", "postalCode": "12345", "countryName": "Nowhere"}
    party = {"name": f"Supplier {number % 977} Ltd", "id": f"S{number % 977}", "address": address}
    contact = {"name": "Somebody", "email": "a@example.org", "telephone": "01234 567890"}
    day = 1 + number % 28
    out: dict[str, Any] = {
        "ocid": f"ocds-bench-{number:08d}",
        "id": f"{number}-{stage}",
        "date": f"20{16 + stage}-0{1 + number % 9}-1{number % 9}T{8 + number % 11:02d}:{number % 59:02d}:{number % 53:02d}Z",
        "tag": [STAGES[stage]],
        "language": "en",
        "initiationType": "tender",
        "parties": [{**party, "id": f"P{k}", "roles": ["tenderer"], "contactPoint": contact} for k in range(3)],
        "buyer": {"id": f"B{number % 60}", "name": f"Ministry {number % 60} of Works"},
        "tender": {
            "id": f"t{number}",
            "title": 'Works on a road, with "quotes" and \\ backslashes ' * 2,
            "status": "complete" if stage else "active",
            "procurementMethod": ("open", "selective", "limited")[number % 3],
            "numberOfTenderers": 1 + number % 5,
            "tenderPeriod": {"startDate": "2015-10-01T00:00:00Z", "endDate": f"2015-11-{day:02d}T12:00:00Z"},
            "tenderers": [{"id": party["id"], "name": party["name"]}, {"id": "x", "name": "Other Ltd"}],
            "items": [
                {
                    "id": str(k),
                    "description": "a thing",
                    "classification": {"scheme": "CPV", "id": f"4523{k}000", "description": "Works on roads"},
                    "quantity": k,
                    "unit": {"name": "piece", "value": {"amount": 10, "currency": "EUR"}},
                }
                for k in range(5)
            ],
            "documents": [
                {
                    "id": str(k),
                    "documentType": "notice",
                    "title": "Notice",
                    "url": "https://example.org/doc",
                    "datePublished": "2015-10-01T00:00:00Z",
                    "format": "text/html",
                    "language": "en",
                }
                for k in range(4)
            ],
        },
    }
    if stage >= 1:
        value = {"amount": 1000.5 + number, "currency": "EUR"}
        supplier = {"id": party["id"], "name": party["name"]}
        date = f"2015-12-{day:02d}T00:00:00Z"
        out["awards"] = [{"id": "a1", "status": "active", "date": date, "value": value, "suppliers": [supplier]}]
    if stage >= 2:
        late, dearer = stage == 4 and number % 5 == 0, stage == 4 and number % 7 == 0
        contract: dict[str, Any] = {
            "id": "c1",
            "awardID": "a1",
            "status": "active",
            "dateSigned": "2016-01-10T00:00:00Z",
            "period": {"startDate": "2016-02-01T00:00:00Z", "endDate": f"201{8 if late else 7}-06-30T00:00:00Z"},
            "value": {"amount": 1000.5 + number + 10 * dearer, "currency": "EUR"},
        }
        if stage >= 3:
            paid = [f"2017-0{1 + k}-15T00:00:00Z" for k in range(3)]
            due = [f"2017-0{1 + k}-{day:02d}T00:00:00Z" for k in range(3)]
            money = {"amount": 100, "currency": "EUR"}
            contract["implementation"] = {
                "transactions": [{"id": str(k), "date": date, "value": money} for k, date in enumerate(paid)],
                "milestones": [{"id": str(k), "type": "payment", "dueDate": date} for k, date in enumerate(due)],
            }
        out["contracts"] = [contract]
    return out


def write(file: Path, mib: int) -> int:
    """One release package of about ``mib`` MiB; how many releases it holds."""
    many, size = 0, 0
    with file.open("w", encoding="utf-8") as stream:
        stream.write('{"version": "1.1", "releases": [\n')
        while size < mib * 2**20:
            for stage in range(len(STAGES)):
                text = json.dumps(release(many // len(STAGES), stage))
                stream.write((",\n" if many else "") + text)
                size += len(text) + 2
                many += 1
        stream.write("\n]}\n")
    return many


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds of ``work``: other people's load does not count."""
    start = time.process_time()
    work()
    return time.process_time() - start


def _child(file: Path, out: Path) -> None:
    """Read ``file`` in a process of its own and print CPU seconds and peak memory."""
    from counterscore.mirror import parse, read

    start = time.process_time()
    facts = read([file], parse(SOURCE), out)
    spent = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": spent, "mib": peak, "releases": facts.record["releases"]}))


def _readers(file: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    """Other readers of the whole file, where they are installed."""
    data = file.read_bytes()
    for name, made in (
        ("orjson.loads", lambda: importlib.import_module("orjson").loads),
        ("msgspec.json.decode", lambda: importlib.import_module("msgspec").json.decode),
        ("jiter.from_json, keys twice found", lambda: _jiter),
    ):
        try:
            load = made()
        except ImportError:
            continue
        yield name, lambda load=load: load(data)
    try:
        ijson = importlib.import_module("ijson")
    except ImportError:
        return
    yield f"ijson.items ({ijson.backend_name})", lambda: sum(1 for _ in ijson.items(file.open("rb"), "releases.item"))


def _jiter(data: bytes) -> object:
    import jiter

    return jiter.from_json(data, catch_duplicate_keys=True, allow_inf_nan=False)


def _compile(releases: list[dict[str, Any]]) -> None:
    """ocdsmerge on releases in order of their process, with a schema: without one it would ask the network."""
    from ocdsmerge import Merger

    merger = Merger({"properties": {}, "definitions": {}})
    for _, group in groupby(releases, key=lambda one: one["ocid"]):
        merger.create_compiled_release(list(group))


@cache
def _source() -> Any:
    from counterscore.mirror import parse

    return parse(SOURCE)


def _settle(kept: list[list[Any]]) -> None:
    """The mirror's own share: releases of each process, past the whitelist, put in order and settled into facts."""
    from counterscore.mirror.bodies import Bodies
    from counterscore.mirror.columns import ColumnReducer
    from counterscore.mirror.reduce import Known, Reducer, place

    source = _source()
    reducer = ColumnReducer(Reducer(source, Bodies(source), lambda *_: None))
    for group in kept:
        reducer.process(group[0].ocid, [Known(one, False, "", *place(one)) for one in group])
    reducer.flush()


def _keep(forms: list[list[Any]]) -> list[list[Any]]:
    """The whitelist's share: decoded releases cleaned, suppliers hashed."""
    from counterscore.mirror.whitelist import Reader

    reader = Reader(b"key")
    return [[reader.kept(one) for one in group] for group in forms]


def _from_text(data: bytes) -> list[list[Any]]:
    """Releases cut, checked, decoded and kept, by process: all of the first pass but its database."""
    from counterscore.mirror import shapes, whitelist
    from counterscore.mirror.stream import Cutter

    reader, seen = whitelist.Reader(b"key"), shapes.Seen()
    found: dict[str, list[Any]] = {}
    for piece in Cutter(io.BytesIO(data), whitelist.NAMES, whitelist.quick()).pieces():
        for _, one in shapes.releases(piece, reader, seen):
            found.setdefault(one.ocid, []).append(one)
    return list(found.values())


def _cut(data: bytes) -> None:
    """What any reader of the text has to do, before anything is kept or settled."""
    from counterscore.mirror.stream import Cutter
    from counterscore.mirror.whitelist import NAMES, quick

    for _ in Cutter(io.BytesIO(data), NAMES, quick()).pieces():
        pass


def _shares(what: str, releases: list[dict[str, Any]]) -> None:
    """ocdsmerge and the mirror over the same releases: compiling against settling, and both from the text on."""
    from counterscore.mirror.whitelist import quick

    data = json.dumps({"releases": releases}).encode()
    decode = quick()
    groups = [list(group) for _, group in groupby(releases, key=lambda one: one["ocid"])]
    forms = [[decode(json.dumps(one).encode(), "releases") for one in group] for group in groups]
    kept = _keep(forms)
    jobs = {
        "ocdsmerge, compiling": lambda: _compile(releases),
        "mirror, settling": lambda: _settle(kept),
        "mirror, whitelist and settling": lambda: _settle(_keep(forms)),
        "json.loads and ocdsmerge": lambda: _compile(json.loads(data)["releases"]),
        "mirror, from the text to settled facts": lambda: _settle(_from_text(data)),
        "  of which cutting, checking, decoding the text": lambda: _cut(data),
    }
    best = dict.fromkeys(jobs, float("inf"))
    gc.freeze()  # no job pays for looking through what the others were given
    for _ in range(_ROUNDS):  # in turn, so that other people's load falls on all alike
        for name, work in jobs.items():
            gc.collect()
            best[name] = min(best[name], seconds(work))
    gc.unfreeze()
    print(f"the same {len(releases):,} releases, {what} ({len(data) / len(releases) / 1e3:.1f} kB each), in memory")
    for name, spent in best.items():
        against = "json.loads and ocdsmerge" if "text" in name else "ocdsmerge, compiling"
        more = f"{best[against] / spent:.1f} times as fast as {against}" if name.startswith("mirror") else ""
        if name.startswith("  of which"):
            more = f"were all else free, {best['json.loads and ocdsmerge'] / spent:.1f} times as fast"
        _say(f"  {name}", spent, len(data) / 1e6, len(releases), more)


def _bare(one: dict[str, Any]) -> dict[str, Any]:
    """A release without what the mirror never reads: the data on which it gains least."""
    out = {key: value for key, value in one.items() if key not in {"parties", "language", "initiationType"}}
    return {
        **out,
        "tender": {key: value for key, value in one["tender"].items() if key not in {"title", "items", "documents"}},
    }


def main() -> None:
    warnings.simplefilter("ignore")  # ocdsmerge warns of ids that are there twice
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mib", type=int, default=20)
    parser.add_argument("--read", type=Path, nargs=2, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.read:
        return _child(*asked.read)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "package.json"
        many = write(file, asked.mib)
        size = file.stat().st_size / 1e6
        print(f"{size:,.0f} MB, {many:,} releases of {many // len(STAGES):,} processes; CPU seconds of one core")
        said = subprocess.run(
            [sys.executable, __file__, "--read", str(file), str(Path(folder) / "facts")],
            check=True,
            capture_output=True,
            text=True,
        )
        ours = json.loads(said.stdout)
        _say("mirror read, whole: facts on disk", ours["seconds"], size, many, f"peak memory {ours['mib']:,.0f} MiB")
        if asked.mib <= 256:
            plain = seconds(lambda: json.loads(file.read_bytes()))
            _say(
                "plain json.loads of the whole file",
                plain,
                size,
                many,
                f"mirror read takes {ours['seconds'] / plain:.1f} times as long",
            )
            for name, work in _readers(file):
                _say(name, seconds(work), size, many)
    share = [release(*divmod(k, len(STAGES))) for k in range(min(many, _MERGED))]
    _shares("with parties, items and documents", share)
    _shares("without what the mirror never reads", [_bare(one) for one in share])


def _say(what: str, spent: float, size: float, many: int, more: str = "") -> None:
    print(f"  {what:<54} {spent:8.2f} s  {size / spent:7.1f} MB/s  {many / spent:9,.0f} releases/s  {more}")


if __name__ == "__main__":
    main()
