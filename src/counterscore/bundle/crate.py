"""RO-Crate 1.1 metadata of a bundle, as JSON-LD (https://w3id.org/ro/crate/1.1).

Only terms of the context are used: digests are in ``checksums-sha256.txt``, for the context has no word for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from counterscore.bundle.cite import AUTHORS, citation, command_of, title
from counterscore.results import Run

_TYPES = {
    "parquet": "application/vnd.apache.parquet",
    "csv": "text/csv",
    "json": "application/json",
    "yaml": "application/yaml",
    "md": "text/markdown",
    "txt": "text/plain",
    "bib": "application/x-bibtex",
    "cff": "application/yaml",
}
_OWN = "Apache-2.0"  #: licence of the software
_NAMED = {
    "README.txt": "What is in the bundle and how to verify it",
    "run/record.json": "All inputs of the run",
    "columns.csv": "Columns of all tables with type, unit and meaning",
    "numbers.json": "Measures with ranges and differences",
    "method.md": "Method text after the ODD protocol",
    "versions.json": "Software versions and digests",
    "CITATION.cff": "How to cite the run",
}


def crate(run: Run, digests: Mapping[str, str], sizes: Mapping[str, int], licence: str) -> dict[str, Any]:
    """The metadata document: the root data set, its files, the software, licences, and the run as an action."""
    record = run.record
    files = [_file(name, sizes[name]) for name in sorted(digests)]
    files.append(_file("checksums-sha256.txt", 0))  # written last: it names this file too
    inputs = [
        {"@id": file_address(name)}
        for name in sorted(digests)
        if name.startswith("inputs/") or name == "run/record.json"
    ]
    tables = [{"@id": file_address(name)} for name in sorted(digests) if name.endswith(".parquet")]
    software = "#counterscore"
    graph: list[dict[str, Any]] = [
        {
            "@id": "ro-crate-metadata.json",
            "@type": "CreativeWork",
            "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
            "about": {"@id": "./"},
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "name": title(run),
            "description": (
                "Synthetic residents of a simulated city under social-scoring rules, with all inputs, tables, method and "
                "checksums. No data about real persons. " + citation(run)
            ),
            "datePublished": str(record["created"]),
            "license": {"@id": _licence(licence)["@id"]}
            if licence
            else "No licence is stated; ask whoever made the run.",
            "creator": {"@id": "#authors"},
            "identifier": f"sha256:{run.digest()[0]}",
            "creativeWorkStatus": "partial" if run.partial else "complete",
            "hasPart": [{"@id": one["@id"]} for one in files],
            "mentions": {"@id": "#run"},
        },
        {"@id": "#authors", "@type": "Organization", "name": AUTHORS},
        {
            "@id": software,
            "@type": "SoftwareApplication",
            "name": "counterscore",
            "version": record["software"]["counterscore"],
            "softwareVersion": record["software"]["counterscore"],
            "license": {"@id": _licence(_OWN)["@id"]},
            "softwareRequirements": ", ".join(
                f"{name} {v}" for name, v in record["software"].items() if name != "counterscore"
            ),
        },
        {
            "@id": "#run",
            "@type": "CreateAction",
            "name": command_of(run) or "counterscore run",
            "endTime": str(record["created"]),
            "instrument": {"@id": software},
            "object": inputs,
            "result": tables,
        },
        *(_licence(name) for name in dict.fromkeys([_OWN, *([licence] if licence else [])])),
        *files,
    ]
    return {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph}


def _licence(name: str) -> dict[str, Any]:
    """The entity of a licence: an SPDX id has its page there, an address is its own."""
    address = name if "://" in name else f"https://spdx.org/licenses/{quote(name)}"
    return {"@id": address, "@type": "CreativeWork", "name": name, "url": address}


def file_address(name: str) -> str:
    """The path of a file as the relative address that it is in RO-Crate."""
    return quote(name, safe="/")


def _file(name: str, size: int) -> dict[str, Any]:
    found: dict[str, Any] = {"@id": file_address(name), "@type": "File", "name": _NAMED.get(name, name)}
    kind = _TYPES.get(name.rsplit(".", 1)[-1])
    if kind:
        found["encodingFormat"] = kind
    if size:
        found["contentSize"] = str(size)
    return found
