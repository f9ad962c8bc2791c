"""Pack a run into one zip: inputs, tables, method, versions, checksums, metadata, and how to verify it.

The same run gives the same bytes: members are sorted and carry the time of the run, not of the packing.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from counterscore import headlines, odd, paired
from counterscore.bundle._labels import labels
from counterscore.bundle.cite import bibtex, cff, citation, command_of
from counterscore.bundle.crate import crate
from counterscore.errors import UsageError
from counterscore.files import cell, open_plain, whole_file
from counterscore.results import Run
from counterscore.run_folder import MANIFEST, RECORD

FORMAT = 1
CHECKSUMS = "checksums-sha256.txt"
CRATE = "ro-crate-metadata.json"
RUN = "run"  #: the folder of the bundle that is a run folder again
_MOST_ROWS_AS_CSV = 20_000
_CHUNK = 1 << 20
_ABOUT = """\
{title}

{partial}Limits first
------------
{limits}

What is in here
---------------
run/                   the run folder: record.json holds all inputs; tables are Parquet
inputs/                the rule books, the assumptions and the city file, as read when it was run
csv/                   the small tables once more, as CSV
columns.csv            every column of every table with type, unit and meaning
numbers.json           all measures with ranges, and their differences from the baseline
method.md              how it was made, in the seven headings of the ODD protocol
versions.json          software and settings
CITATION.cff, cite.*   how to cite it
ro-crate-metadata.json the same for machines (RO-Crate 1.1)
{checksums}  sha256 of every file

To verify it (re-runs everything and compares every cell):

  pip install counterscore=={version}
  counterscore verify {name}
"""
LIMITS = (
    "All residents are synthetic. No result is a statement about a real person or a prediction for a real place.",
    "Ranges are over replicates: they cover chance, not the assumptions. Change one and run again.",
    "Numbers marked assumed in the rule books and assumptions are this project's own choices.",
)


def is_bundle(path: Path) -> bool:
    """Whether a file is a zip that holds a run."""
    if not path.is_file() or not zipfile.is_zipfile(path):
        return False
    try:
        with zipfile.ZipFile(path) as file:
            return f"{RUN}/{RECORD}" in file.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):  # what is wrong is told by who reads it
        return True


def pack(run: Run, out: Path, *, licence: str = "") -> list[str]:
    """Write the bundle ``out`` (a .zip that does not exist yet) and return the names of its members.

    ``licence`` is an SPDX id or address that whoever made the run chooses; nothing is claimed without. Raises
    ``UsageError`` for a name that is taken or does not say that the run is partial, ``DamagedRunError`` where the run is damaged.
    """
    if out.suffix != ".zip":
        raise UsageError(f"a bundle is a .zip, found {out}", suggestion=f"Write --bundle {out.name}.zip")
    if os.path.lexists(out):
        raise UsageError(f"{out} exists and is not replaced", suggestion="Choose another name.")
    if run.partial and "partial" not in out.stem:
        raise UsageError(
            "the run is partial, and its bundle's name must say so", suggestion=f"Write --bundle {out.stem}-partial.zip"
        )
    run.require_whole()
    digests: dict[str, str] = {}
    sizes: dict[str, int] = {}
    with whole_file(out, new=True) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in _members(run, out.name, licence):
            digests[name], sizes[name] = _add(file, run, name, content)
        described = json.dumps(crate(run, digests, sizes, licence), indent=1, ensure_ascii=False)
        digests[CRATE], sizes[CRATE] = _add(file, run, CRATE, described)
        _add(file, run, CHECKSUMS, "".join(f"{digests[name]}  {name}\n" for name in sorted(digests)))
    return sorted([*digests, CHECKSUMS])


def _members(run: Run, name: str, licence: str) -> Iterator[tuple[str, str | bytes | Path]]:
    yield "README.txt", _about(run, name)
    for path in sorted([MANIFEST, *run.manifest.entries]):  # what the run wrote, and nothing else that lies beside it
        yield f"{RUN}/{path}", run.path / path
    yield from _inputs(run)
    for path in _tables(run):
        if pq.read_metadata(run.path / path).num_rows <= _MOST_ROWS_AS_CSV:
            yield f"csv/{path.removesuffix('.parquet')}.csv", _csv(run.path / path)
    yield "columns.csv", _columns(run)
    if run.finished:
        told = paired.numbers(run)
        told["run"] = run.path.name
        yield "numbers.json", json.dumps(told, indent=1, ensure_ascii=False, allow_nan=False)
        yield "numbers.txt", headlines.prose(run) + "\n"
    yield "method.md", _method(run)
    yield "versions.json", json.dumps(_versions(run), indent=1, ensure_ascii=False)
    yield "CITATION.cff", cff(run, licence)
    yield "cite.txt", citation(run) + "\n"
    yield "cite.bib", bibtex(run)


def _inputs(run: Run) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for world in run.record["worlds"]:
        for part in world["parts"]:
            for file, text in part["files"].items():
                member = f"inputs/rule-books/{world['name']}/{part['id']}/{Path(file).name}"
                if member not in seen:
                    seen.add(member)
                    yield member, text
    yield "inputs/assumptions.json", json.dumps(run.record["assumptions"], indent=1, ensure_ascii=False)
    city = resources.files("counterscore.catalog").joinpath("cities", run.record["city"]["id"], "city.yaml")
    if city.is_file():
        yield f"inputs/city/{run.record['city']['id']}.yaml", city.read_text(encoding="utf-8")


def _tables(run: Run) -> list[str]:
    return sorted(path for path, entry in run.manifest.entries.items() if entry.kind == "table")


def _csv(file: Path) -> bytes:
    table = pq.read_table(file, partitioning=None)
    for at, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            words = pa.array([cell(word) for word in table.column(at).to_pylist()], field.type)
            table = table.set_column(at, field, words)
    out = io.BytesIO()
    pa_csv.write_csv(table, out)
    return out.getvalue()


def _columns(run: Run) -> str:
    """Every column of every kind of table once, from the schemas of the files."""
    rows = ["table,column,type,unit,meaning,labels"]
    seen: set[str] = set()
    for path in _tables(run):
        name = path.rpartition("/")[2].removesuffix(".parquet")
        if name not in seen:
            seen.add(name)
            for field in pq.read_schema(run.path / path):
                about = {key.decode(): value.decode() for key, value in (field.metadata or {}).items()}
                cells = (
                    name,
                    field.name,
                    str(field.type),
                    about.get("unit", ""),
                    about.get("meaning", ""),
                    labels(run, field.name),
                )
                rows.append(",".join('"' + cell(one).replace('"', '""') + '"' for one in cells))
    return "\n".join(rows) + "\n"


def _method(run: Run) -> str:
    parts = [f"## {heading}\n\n" + "\n\n".join(paragraphs) for heading, paragraphs in odd.sections(run.record)]
    return "\n\n".join(parts) + "\n"


def _versions(run: Run) -> dict[str, Any]:
    record = run.record
    keys = ("format", "results_epoch", "created", "command", "software", "engine_sha256", "months", "replays", "seed")
    return {
        "bundle_format": FORMAT,
        **{key: record.get(key) for key in keys},
        "command": command_of(run),
        "columns_sha256": run.digest()[0],
        "counts_sha256": run.digest()[1],
        "partial": run.partial,
    }


def _about(run: Run, name: str) -> str:
    total = len(run.worlds) * int(run.record["replays"])
    partial = f"PARTIAL: {len(run.finished)} of {total} parts of the run are finished.\n\n" if run.partial else ""
    return _ABOUT.format(
        title=citation(run),
        partial=partial,
        limits="\n".join(f"- {text}" for text in LIMITS),
        checksums=CHECKSUMS,
        version=run.record["software"]["counterscore"],
        name=name,
    )


def _add(file: zipfile.ZipFile, run: Run, name: str, content: str | bytes | Path) -> tuple[str, int]:
    """Write one member; returns its sha256 and size."""
    stamp = [int(part) for part in str(run.record["created"])[:19].replace("T", "-").replace(":", "-").split("-")]
    info = zipfile.ZipInfo(name, (stamp[0], stamp[1], stamp[2], stamp[3], stamp[4], stamp[5]))
    info.external_attr = 0o644 << 16
    # Parquet is compressed already.
    info.compress_type = zipfile.ZIP_STORED if name.endswith(".parquet") else zipfile.ZIP_DEFLATED
    digest, size = hashlib.sha256(), 0
    with file.open(info, "w", force_zip64=True) as member:
        for chunk in _chunks(content):
            member.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    return digest.hexdigest(), size


def _chunks(content: str | bytes | Path) -> Iterator[bytes]:
    if isinstance(content, Path):
        with os.fdopen(open_plain(content), "rb") as source:
            while chunk := source.read(_CHUNK):
                yield chunk
    else:
        yield content.encode("utf-8") if isinstance(content, str) else content
