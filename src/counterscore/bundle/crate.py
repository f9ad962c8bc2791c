"""RO-Crate 1.1 metadata of a bundle, as JSON-LD (https://w3id.org/ro/crate/1.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from counterscore.bundle.cite import AUTHORS, citation, title
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
    """The metadata document: the root data set, its files with sha256, the software, and the run as an action."""
    record = run.record
    files = [_file(name, digests[name], sizes[name]) for name in sorted(digests)]
    files.append(_file("checksums-sha256.txt", "", 0))  # written last: it names this file too
    inputs = [{"@id": name} for name in sorted(digests) if name.startswith("inputs/") or name == "run/record.json"]
    tables = [{"@id": name} for name in sorted(digests) if name.endswith(".parquet")]
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
            "license": {"@id": licence}
            if "://" in licence
            else licence or "No licence is stated; ask whoever made the run.",
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
            "softwareVersion": record["software"]["counterscore"],
            "license": {"@id": "https://spdx.org/licenses/Apache-2.0"},
            "softwareRequirements": ", ".join(
                f"{name} {v}" for name, v in record["software"].items() if name != "counterscore"
            ),
        },
        {
            "@id": "#run",
            "@type": "CreateAction",
            "name": record["command"] or "counterscore run",
            "endTime": str(record["created"]),
            "instrument": {"@id": software},
            "object": inputs,
            "result": tables,
        },
        *files,
    ]
    return {"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph}


def _file(name: str, digest: str, size: int) -> dict[str, Any]:
    found: dict[str, Any] = {"@id": name, "@type": "File", "name": _NAMED.get(name, name)}
    kind = _TYPES.get(name.rsplit(".", 1)[-1])
    if kind:
        found["encodingFormat"] = kind
    if digest:
        found |= {"sha256": digest, "contentSize": str(size)}
    return found
