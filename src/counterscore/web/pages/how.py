"""How sure and how made: assumptions, method, data, verification of a run."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from counterscore import odd
from counterscore.errors import UsageError
from counterscore.web import about_run, shelves, work
from counterscore.web.desk import FOR_FILES, run_key
from counterscore.web.rendering import Section

router = APIRouter()
BOX = 250  #: words of the method where nobody says how many
_MOST_WORDS = 2_000
SECTIONS = (
    Section("Assumptions", "assumptions", 110),
    Section("Method", "method", 120),
    Section("Data", "data", 130),
)


@router.get("/runs/{run}/assumptions")
def assumptions(request: Request, run: str, show: str = "") -> Response:
    """Inputs with ranges and marks, which results repeat one, and whether there are enough replicates."""
    found = about_run.opened(request, run)
    rows = sorted(found.record["assumptions"].items())
    given = [(path, row) for path, row in rows if row["given"]]
    return found.page(
        "assumptions.html.jinja",
        "Assumptions",
        figures=found.figures([("replays", {}), ("outcomes", {})]),
        rows=given if show == "given" else rows,
        given=len(given),
        show=show,
        echoes=found.about(work.echoes),
        switches=found.record["switches"],
    )


@router.get("/runs/{run}/method")
def method(request: Request, run: str, words: int = BOX) -> Response:
    """How the run was made, in the seven headings of the ODD protocol and in so many words; digests, how to cite it."""
    found = about_run.opened(request, run)
    words = min(max(words, odd.FEWEST_WORDS), _MOST_WORDS)
    return found.page(
        "method.html.jinja",
        "Method",
        made=found.about(work.method),
        words=words,
        box=odd.within(odd.sections(found.record), words),
        software=found.record.get("software", {}),
    )


@router.post("/runs/{run}/verify")
def verify(request: Request, run: str) -> Response:
    """Run it again from its record and compare every cell, in the queue."""
    found = about_run.opened(request, run)
    job = found.laboratory.jobs.ask(["verify", str(found.folder), "--json"], f"{run}, run again and compared")
    return RedirectResponse(f"/run/{job.id}", 303)


@router.get("/runs/{run}/evidence.zip")
def bundle(request: Request, run: str) -> Response:
    """The run as a bundle to hand over: inputs, tables, method, checksums, how to cite it."""
    found = about_run.opened(request, run)
    place = found.laboratory.aside / "bundles"
    made = found.laboratory.desk.ask(work.bundle, found.folder, place, run_key(found.folder), patience=FOR_FILES)
    return FileResponse(place / made["file"], filename=made["called"], media_type="application/zip")


@router.get("/runs/{run}/data")
def data(request: Request, run: str, world: str = "", replay: int = 0) -> Response:
    """Every table: what a row is, columns with unit and meaning, download."""
    found = about_run.opened(request, run)
    return found.page(
        "data.html.jinja", "Data", tables=found.about(work.tables), world=world or found.worlds[0], replay=replay
    )


@router.get("/runs/{run}/data/{table}.parquet")
def parquet(request: Request, run: str, table: str, world: str = "", replay: int = 0) -> Response:
    """A table as it lies in the run's folder."""
    found = about_run.opened(request, run)
    kept = shelves.opened(found.folder)
    of_run = table in kept.tables_of_run()
    file = kept.table_file(table) if of_run else kept.table_file(table, world or found.worlds[0], replay)
    return FileResponse(
        file, filename=f"{found.folder.name}.{table}.parquet", media_type="application/vnd.apache.parquet"
    )


@router.get("/runs/{run}/data/{table}.csv")
def csv(request: Request, run: str, table: str, world: str = "", replay: int = 0) -> Response:
    """A table as comma-separated values; of a long one its first 100,000 rows."""
    found = about_run.opened(request, run)
    known = {one["name"] for one in found.about(work.tables, patience=FOR_FILES)}
    if table not in known:
        raise UsageError(f'there is no table "{table}"', suggestion="All are on the page Data.")
    made = found.laboratory.desk.ask(work.table_csv, found.folder, table, world or found.worlds[0], replay)
    name = f"{found.folder.name}.{table}.csv"
    return Response(
        made["text"], media_type="text/csv", headers={"content-disposition": f'attachment; filename="{name}"'}
    )
