"""Commands that hand a run over: export and cite."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from counterscore.cli.app import command
from counterscore.cli.places import LATEST, find_run
from counterscore.cli.results import RunName
from counterscore.cli.screen import Json, NoColor, Quiet, Screen, mib_in_words
from counterscore.errors import UsageError, shell_word


@command("export")
def export(
    run: RunName = LATEST,
    bundle: Annotated[
        Path | None, typer.Option("--bundle", metavar="FILE.zip", help="Inputs, tables, method, checksums in one zip.")
    ] = None,
    audit: Annotated[
        Path | None, typer.Option("--audit", metavar="DIR", help="What an auditor would see, and the truth apart.")
    ] = None,
    world: Annotated[str, typer.Option("--world", metavar="WORLD", help="For --audit: which world.")] = "",
    replay: Annotated[int, typer.Option("--replicate", metavar="N", min=0, help="For --audit: which replicate.")] = 0,
    licence: Annotated[
        str,
        typer.Option("--licence", metavar="ID", help="For --bundle: the licence you choose, as SPDX id or address."),
    ] = "",
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Pack a run as evidence to hand over, or as a test for auditors.

      counterscore export latest --bundle evidence.zip
      counterscore verify evidence.zip
      counterscore export latest --audit audit-1 --replicate 3

    A bundle holds the inputs, all tables (Parquet; the small ones as CSV too), the
    method text, versions, checksums, CITATION.cff and RO-Crate metadata. An audit
    export holds in seen/ what the bodies that run the scheme could show, and in
    hidden/ what is true, so that an audit method can be graded.
    """
    from counterscore import bundle as bundling
    from counterscore.results import Run

    screen = Screen(json, quiet, no_color)
    if (bundle is None) == (audit is None):
        raise UsageError("say what to export", suggestion="Write --bundle evidence.zip, or --audit DIR.")
    found = Run(find_run(run))
    if audit is not None:
        rows = bundling.audit(found, audit, world=world or None, replay=replay)
        if json:
            return screen.data({"folder": str(audit), "rows": rows})
        for name, count in rows.items():
            screen.line(f"  {count:>12,}  {name}")
        screen.line(f"Saved  {audit}/seen and {audit}/hidden")
        return None
    assert bundle is not None
    members = bundling.pack(found, bundle, licence=licence)
    size = bundle.stat().st_size / 2**20
    if json:
        return screen.data({"file": str(bundle), "members": members, "mib": round(size, 3)})
    screen.line(f"Saved  {bundle}   ({mib_in_words(size)}, {len(members)} files)")
    return screen.next(f"counterscore verify {shell_word(bundle)}")


@command("cite")
def cite(
    run: RunName = LATEST,
    style: Annotated[Literal["text", "bibtex", "cff"], typer.Option("--style", help="Which form.")] = "text",
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Print how to cite a run: as text, BibTeX or CITATION.cff.

    counterscore cite latest
    counterscore cite latest --style bibtex
    counterscore cite latest --style cff > CITATION.cff
    """
    from counterscore import bundle as bundling
    from counterscore.results import Run

    screen = Screen(json, quiet, no_color)
    found = Run(find_run(run))
    forms = {"text": bundling.citation, "bibtex": bundling.bibtex, "cff": bundling.cff}
    if json:
        return screen.data({name: make(found) for name, make in forms.items()})
    return screen.line(forms[style](found).rstrip("\n"))
