"""How to cite a run: as text, BibTeX or CITATION.cff. The digest of all columns identifies it wherever it lies."""

from __future__ import annotations

import re
import shlex

from counterscore.provenance import portable_command
from counterscore.results import Run

AUTHORS = "The counterscore authors"


def title(run: Run) -> str:
    """What was run, in one line."""
    record = run.record
    worlds = ", ".join(world["title"] for world in record["worlds"])
    part = " (partial)" if run.partial else ""
    return (
        f"Simulation run{part}: {worlds}; {record['city']['residents']:,} synthetic residents of "
        f"{record['city']['title']}, {record['months']} months, {record['replays']} replicates, seed {record['seed']}"
    )


def citation(run: Run) -> str:
    """A reference as one sentence."""
    record = run.record
    return (
        f"{title(run)}. Made {_date(run)} with counterscore {record['software']['counterscore']} "
        f"({AUTHORS}). sha256 of all columns: {run.digest()[0]}. Command: {command_of(run) or 'not recorded'}"
    )


def command_of(run: Run) -> str:
    """The command that made the run, without folders of the machine it was typed on; empty where none is recorded."""
    try:
        return portable_command(shlex.split(str(run.record["command"] or "")))
    except ValueError:  # quotes that do not close: not typed in a shell
        return ""


def bibtex(run: Run) -> str:
    """A BibTeX entry of type misc."""
    digest = run.digest()[0]
    year, month, _ = _date(run).split("-")
    name = re.sub(r"[^a-z0-9]", "", run.worlds[0].lower())
    fields = {
        "title": "{" + _tex(title(run)) + "}",
        "author": "{{" + AUTHORS + "}}",
        "year": year,
        "month": str(int(month)),
        "howpublished": "{Simulation run, counterscore " + _tex(run.record["software"]["counterscore"]) + "}",
        "note": "{sha256 " + digest + "}",
    }
    rows = ",\n".join(f"  {key} = {value}" for key, value in fields.items())
    return f"@misc{{counterscore-{name}-{digest[:8]},\n{rows}\n}}\n"


def cff(run: Run, licence: str = "") -> str:
    """The text of a CITATION.cff of type dataset; ``licence`` is an SPDX id or an address."""
    chosen = [f"license-url: {_quoted(licence)}" if "://" in licence else f"license: {licence}"] if licence else []
    record = run.record
    digest = run.digest()[0]
    return "\n".join(
        [
            "cff-version: 1.2.0",
            'message: "If you use this run, please cite it with its digest, and the software that made it."',
            "type: dataset",
            f"title: {_quoted(title(run))}",
            "authors:",
            f"  - name: {_quoted(AUTHORS)}",
            f"version: {_quoted(digest[:12])}",
            f"date-released: {_date(run)}",
            *chosen,
            "identifiers:",
            "  - type: other",
            f"    value: {_quoted('sha256:' + digest)}",
            "    description: sha256 over all per-person columns of the run",
            "references:",
            "  - type: software",
            '    title: "counterscore: an open laboratory for social-scoring regimes"',
            f"    version: {_quoted(record['software']['counterscore'])}",
            "    license: Apache-2.0",
            "    authors:",
            f"      - name: {_quoted(AUTHORS)}",
            "",
        ]
    )


def _date(run: Run) -> str:
    return str(run.record["created"])[:10]


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _tex(text: str) -> str:
    return re.sub(r"([&%$#_{}])", r"\\\1", text)
