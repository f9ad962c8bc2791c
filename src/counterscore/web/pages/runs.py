"""Runs: all of them, setting one up, one that waits or goes on, stopping, going on with and deleting one."""

from __future__ import annotations

import itertools
import shlex
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse

from counterscore.city.enough import NAMED
from counterscore.errors import UsageError
from counterscore.files import read_plain, write_whole
from counterscore.jobs import Job
from counterscore.jobs.job import ENDED
from counterscore.results import Run, remove
from counterscore.run_folder import size_on_disk
from counterscore.stale import changed_files
from counterscore.web import following, shelves
from counterscore.web.asking import FOLLOWED, Asked
from counterscore.web.laboratory import Laboratory
from counterscore.web.rendering import Action, Link, State, page, state_page

router = APIRouter()
_MOST_BYTES = 1 << 22  #: of a rule book
MENU = Link("Runs", "/runs", 30)
RUNS = Link("Runs", "/runs")


@router.get("/runs")
def runs(request: Request) -> Response:
    """All runs that are kept, and what waits or goes on."""
    laboratory: Laboratory = request.app.state.laboratory
    laboratory.jobs.work()
    rows = [
        shelves.run_row(folder) | {"megabytes": size_on_disk(folder) / 2**20} for folder in laboratory.run_folders()
    ]
    jobs = [(job, following.told(laboratory, job)) for job in laboratory.jobs]
    nothing = State(
        "empty",
        "There is no run yet",
        "Runs will be listed here, done and partial ones. A small one takes half a minute.",
        (
            Action("Set up a run", "/run/new"),
            Action("An example, ready to run", "/run/new?city=demo&replicates=10&months=24"),
        ),
    )
    return page(
        request,
        "runs.html.jinja",
        title="Runs",
        rows=rows,
        jobs=[(job, told) for job, told in jobs if not _found_elsewhere(job, told)],
        folder=laboratory.shown(laboratory.runs),
        states=() if rows or jobs else (nothing,),
    )


def _found_elsewhere(job: Job, told: dict[str, Any]) -> bool:
    """Whether what a job did is listed below as a run, or stands on the page of its claim."""
    return job.state == "done" and (job.command[0] == "claim" or (job.command[0] == "run" and bool(told["run"])))


@router.get("/run/new")
def set_up(request: Request, asked: Annotated[Asked, Query()]) -> Response:
    """The form in which a run is asked for; every field of it can be given in the address."""
    return _form(request, asked)


def _form(request: Request, asked: Asked, states: tuple[State, ...] = (), status: int = 200) -> Response:
    laboratory: Laboratory = request.app.state.laboratory
    return page(
        request,
        "run_new.html.jinja",
        title="Set up a run",
        trail=(RUNS,),
        status=status,
        states=states,
        asked=asked,
        regimes=shelves.regime_choices(laboratory.rules),
        reforms=shelves.reform_rows(),
        cities=shelves.city_rows(),
        groups=NAMED,
    )


@router.post("/run/new")
def ask(request: Request, asked: Annotated[Asked, Form()]) -> Response:
    """Ask for a run: into the queue, and on to the page that follows it."""
    laboratory: Laboratory = request.app.state.laboratory
    try:
        command = asked.command(laboratory)
    except UsageError as error:
        state = State("failed", _sentence(error.message), f"{error.suggestion} What you typed is still below.".strip())
        return _form(request, asked, (state,), 422)
    job = laboratory.jobs.ask([*command, *FOLLOWED, "--yes"], asked.title)
    return RedirectResponse(f"/run/{job.id}" + (f"?then={shelves.quoted(asked.then)}" if asked.then else ""), 303)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


@router.get("/run/plan")
def plan(request: Request, asked: Annotated[Asked, Query()]) -> Response:
    """What a run would take, before it is asked for: the answer of ``counterscore run --dry-run``."""
    laboratory: Laboratory = request.app.state.laboratory
    try:
        command = asked.command(laboratory)
    except UsageError as error:
        state = State("failed", _sentence(error.message), f"{error.suggestion} What you typed is still below.".strip())
        return _form(request, asked, (state,), 422)
    found = laboratory.jobs.answer([*command, "--dry-run"])
    return page(
        request,
        "run_plan.html.jinja",
        title="What it would take",
        trail=(RUNS,),
        plan=found,
        asked=asked,
        out=laboratory.shown(Path(str(found.get("out", "")))),
        command=shlex.join(["counterscore", *command]),
    )


@router.get("/run/{job_id}")
def follow(request: Request, job_id: str, then: str = "") -> Response:
    """A run that was asked for: it waits, goes on, or ended in one way or another."""
    laboratory: Laboratory = request.app.state.laboratory
    laboratory.jobs.work()
    job = laboratory.jobs.find(job_id)
    if job.command[0] == "verify" and job.state in {"done", "failed"} and "identical" in job.result():
        return _compared(request, job)
    told = following.told(laboratory, job, figures=job.state == "running", then=then)
    if job.state == "done" and told["run"]:
        return RedirectResponse(
            f"/runs/{shelves.quoted(told['run'])}" + (f"/{shelves.quoted(then)}" if then else ""), 303
        )
    title = f"{job.title}: {told['word']}"
    if job.state in {"queued", "running"}:
        before = [one.title for one in laboratory.jobs.ahead_of(job)] if job.state == "queued" else []
        return page(
            request, "run_live.html.jinja", title=title, trail=(RUNS,), job=job, told=told, before=before, then=then
        )
    return state_page(request, _ended(laboratory, job, told), title=title, trail=(RUNS,))


def _compared(request: Request, job: Job) -> Response:
    """Whether a run that was made again is the same, cell by cell."""
    run = following.run_name(job)
    return page(
        request,
        "run_verified.html.jinja",
        title="The same again" if job.result()["identical"] else "Not the same",
        trail=(RUNS, Link(run, f"/runs/{shelves.quoted(run)}")),
        run=run,
        found=job.result(),
        job=job,
    )


def _ended(laboratory: Laboratory, job: Job, told: dict[str, Any]) -> State:
    """How a run ended that is not done: stopped, cancelled, failed, or gone without a word."""
    run = told["run"]
    folder = laboratory.runs / run if run else None
    row = shelves.run_row(folder) if run and folder and folder.is_dir() else {}
    kept = (
        f"{row['parts']} are kept in {laboratory.shown(folder)}."
        if row.get("parts") and folder
        else "Nothing was kept."
    )
    actions = []
    if row.get("parts"):
        actions += [Action("Go on with it", f"/runs/{shelves.quoted(run)}/resume", post=True)]
        if row["there"]:
            actions += [Action("Look at what is kept", f"/runs/{shelves.quoted(run)}")]
    actions += [
        Action("Set it up again", Asked.of(job).address()),
        Action("Forget it", f"/run/{job.id}/forget", post=True),
    ]
    command = (
        f"counterscore run --resume {shlex.quote(laboratory.shown(folder))}" if row.get("parts") and folder else ""
    )
    if job.state in {"stopped", "cancelled"}:
        words = "It was taken out of the queue before it began." if job.state == "cancelled" else kept
        return State("cancelled", f"{job.title}: stopped", words, tuple(actions), command)
    title, words, details = following.cause(laboratory, job)
    return State("failed", title, f"{words} {kept}".strip(), tuple(actions), command, details)


@router.get("/run/{job_id}/events")
def events(request: Request, job_id: str, then: str = "") -> StreamingResponse:
    """Progress of a run as server-sent events, twice a second at most, until it ends."""
    laboratory: Laboratory = request.app.state.laboratory
    job = laboratory.jobs.find(job_id)
    seen = request.headers.get("last-event-id", "")
    return StreamingResponse(following.events(laboratory, job.id, seen, then), media_type="text/event-stream")


@router.post("/run/{job_id}/stop")
def stop(request: Request, job_id: str) -> Response:
    """Stop and keep what is finished; a run that waits is taken out of the queue."""
    laboratory: Laboratory = request.app.state.laboratory
    laboratory.jobs.find(job_id).stop()
    return RedirectResponse(f"/run/{shelves.quoted(job_id)}", 303)


@router.post("/run/{job_id}/forget")
def forget(request: Request, job_id: str) -> Response:
    """Take an ended job out of the list; its run stays."""
    laboratory: Laboratory = request.app.state.laboratory
    laboratory.jobs.forget(laboratory.jobs.find(job_id))
    return RedirectResponse("/runs", 303)


@router.post("/runs/{run}/resume")
def resume(request: Request, run: str) -> Response:
    """Go on with a partial run: the same command as ``counterscore run --resume``."""
    laboratory: Laboratory = request.app.state.laboratory
    folder = laboratory.run_folder(run)
    for job in laboratory.jobs:
        if job.state in ENDED and following.run_name(job) == run:
            laboratory.jobs.forget(job)
    job = laboratory.jobs.ask(["run", str(folder), "--resume", *FOLLOWED], f"{run}, gone on with")
    return RedirectResponse(f"/run/{job.id}", 303)


@router.get("/runs/{run}/live")
def live(request: Request, run: str) -> Response:
    """The page that follows a run, or the run where nothing is going on."""
    laboratory: Laboratory = request.app.state.laboratory
    for job in laboratory.jobs:
        if job.state in {"running", "queued"} and following.run_name(job) == run:
            return RedirectResponse(f"/run/{job.id}", 303)
    return RedirectResponse(f"/runs/{shelves.quoted(run)}", 303)


@router.post("/runs/{run}/restore")
def restore(request: Request, run: str) -> Response:
    """Write the own rule books of a run as they were when it was made; what was changed since is kept beside them."""
    laboratory: Laboratory = request.app.state.laboratory
    folder = laboratory.run_folder(run)
    files = shelves.own_files(laboratory.rules)
    texts = {
        name: text
        for world in shelves.record_of(folder)["worlds"]
        for part in world["parts"]
        for name, text in part["files"].items()
    }
    for name in changed_files(Run(folder)):
        if name in files:
            _keep_beside(files[name])
            write_whole(files[name], texts[name])
    return RedirectResponse(f"/runs/{shelves.quoted(run)}", 303)


def _keep_beside(file: Path) -> None:
    """Copy a file to the first name beside it that is free: ``mine.changed``, ``mine-2.changed`` and so on."""
    text = read_plain(file, _MOST_BYTES)
    for number in itertools.count(1):
        kept = file.with_name(f"{file.stem}{f'-{number}' if number > 1 else ''}.changed")
        try:
            return write_whole(kept, text, new=True)
        except FileExistsError:
            continue


@router.get("/runs/{run}/delete")
def question(request: Request, run: str) -> Response:
    """Whether a run is to be deleted for good."""
    laboratory: Laboratory = request.app.state.laboratory
    folder = laboratory.run_folder(run)
    size = size_on_disk(folder) / 2**20
    return page(
        request,
        "run_delete.html.jinja",
        title=f"Delete {run}?",
        trail=(RUNS,),
        run=run,
        row=shelves.run_row(folder),
        size=f"{size:.1f} MB",
        folder=laboratory.shown(folder),
        command=shelves.record_of(folder).get("command", ""),
    )


@router.post("/runs/{run}/delete")
def delete(request: Request, run: str) -> Response:
    """Delete a run for good. One that is being written is not."""
    laboratory: Laboratory = request.app.state.laboratory
    folder = laboratory.run_folder(run)
    asked = [*laboratory.jobs.running(), *laboratory.jobs.waiting()]
    going = [job for job in asked if following.run_name(job) == run]
    if going:
        raise UsageError(f"{run} is being written", suggestion="Stop it first, or wait until it is done.")
    left = remove(folder)
    laboratory.desk.forget(folder)
    if not left:
        return RedirectResponse("/runs", 303)
    state = State(
        "partial",
        f"{run} is deleted; what was not the run's stays in {laboratory.shown(folder)}",
        "No run made these, so they were left alone: move or remove them yourself.",
        (Action("To the runs", "/runs"),),
        details="\n".join(laboratory.shown(one) for one in left),
    )
    return state_page(request, state, trail=(RUNS,))
