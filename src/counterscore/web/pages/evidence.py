"""Evidence: the tray, reports made of it or of one run, and what was made before."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import APIRouter, Form, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from counterscore.assessment import read_answers
from counterscore.errors import UsageError
from counterscore.web import about_run, shelves, tray, work
from counterscore.web.desk import PATIENCE, Working
from counterscore.web.laboratory import Laboratory
from counterscore.web.rendering import Action, Link, Section, State, page

router = APIRouter()
SECTIONS = (Section("Make a report", "report", 140),)
EVIDENCE = Link("Evidence", "/evidence")
#: Templates of reports and for whom each is.
TEMPLATES = {
    "research": "everything, for those who want to check it",
    "assessment": "annex to an impact assessment, with fields for the controller",
    "brief": "four pages, for those with little time",
    "classroom": "one sheet, black and white",
}
Template = Literal["research", "assessment", "brief", "classroom"]


@router.get("/evidence")
def evidence(request: Request) -> Response:
    """What was collected, and reports that were made."""
    laboratory: Laboratory = request.app.state.laboratory
    found = tray.items(laboratory)
    nothing = State(
        "empty",
        "Nothing was collected yet",
        "Charts, files, runs and answers that you add are listed here and become a report. Each has a button for it.",
        (Action("To the runs", "/runs"),),
    )
    return page(
        request,
        "evidence.html.jinja",
        title="Evidence",
        items=found,
        runs=list(dict.fromkeys(one.run for one in found if one.run)),
        templates=TEMPLATES,
        reports=_reports(laboratory),
        states=() if found else (nothing,),
    )


def _reports(laboratory: Laboratory) -> list[tuple[str, float]]:
    files = sorted((laboratory.aside / "reports").glob("*.html"), key=lambda one: -one.stat().st_mtime)
    return [(file.name, file.stat().st_size / 2**20) for file in files]


@router.post("/evidence/add")
def add(
    request: Request,
    kind: Annotated[tray.Kind, Form()],
    what: Annotated[str, Form()],
    title: Annotated[str, Form()],
    address: Annotated[str, Form()],
    run: Annotated[str, Form()] = "",
) -> Response:
    """Collect something and go back to where it is."""
    laboratory: Laboratory = request.app.state.laboratory
    if run:
        laboratory.run_folder(run)
    tray.add(laboratory, tray.Item(kind, run, what[:200], title[:300], address[:1000]))
    return RedirectResponse(address, 303)


@router.post("/evidence/{at}/{how}")
def arrange(request: Request, at: int, how: Literal["up", "down", "remove"]) -> Response:
    """Move something in the tray, or take it out."""
    laboratory: Laboratory = request.app.state.laboratory
    if how == "remove":
        tray.remove(laboratory, at)
    else:
        tray.move(laboratory, at, -1 if how == "up" else 1)
    return RedirectResponse("/evidence", 303)


@router.get("/runs/{run}/report")
def ask(request: Request, run: str) -> Response:
    """Make a report of one run."""
    found = about_run.opened(request, run)
    notes = _notes(found.laboratory, [found.folder])
    return found.page(
        "report.html.jinja",
        "Make a report",
        templates=TEMPLATES,
        chosen="assessment" if notes else "research",
        notes=notes.stem if notes else "",
        answers=_answer_files(found.laboratory),
    )


@router.post("/runs/{run}/report")
def make_of_run(
    request: Request,
    run: str,
    template: Annotated[Template, Form()] = "research",
    answers: Annotated[list[str] | None, Form()] = None,
) -> Response:
    """Make a report of one run and show it."""
    found = about_run.opened(request, run)
    return _make(found.laboratory, [run], template, answers or [], [])


@router.post("/evidence")
def make(request: Request, template: Annotated[Template, Form()] = "brief") -> Response:
    """Make a report of everything in the tray."""
    laboratory: Laboratory = request.app.state.laboratory
    found = tray.items(laboratory)
    runs = list(dict.fromkeys(one.run for one in found if one.run))
    if not runs:
        raise UsageError("a report is about at least one run", suggestion="Add a run, a chart or a file of one.")
    return _make(laboratory, runs, template, [one.what for one in found if one.kind == "claim"], found)


def _answer_files(laboratory: Laboratory) -> list[str]:
    return sorted(file.stem for file in (laboratory.aside / "answers").glob("*.json"))


def _chosen(laboratory: Laboratory, found: list[tray.Item]) -> list[str]:
    """Charts and files of residents in the tray as ``counterscore report --chart`` takes them."""
    takes = {one["id"]: one["takes"] for one in laboratory.desk.known(work.chart_ids)}
    out = []
    for one in found:
        given = dict(parse_qsl(urlsplit(one.address).query))
        if one.kind == "life" and one.what.startswith("R-"):
            picked = (
                {"pick": given["pick"], "among": given.get("of") or "everybody"}
                if given.get("pick")
                else {"resident": one.what}
            )
            name, view = "life", picked | {key: given[key] for key in ("replay", "world") if given.get(key)}
        elif one.kind == "chart":
            keys = ("world", "against", *(key for key in ("by", "tolerance") if key in takes.get(one.what, ())))
            name, view = one.what, {key: given[key] for key in keys if given.get(key)}
        else:
            continue
        out.append(f"{one.run}:{name}" + (f"?{urlencode(view)}" if view else ""))
    return out


def _notes(laboratory: Laboratory, folders: list[Path]) -> Path | None:
    """What was answered in the questionnaire about a rule book of these runs, where anything was."""
    place = laboratory.aside / "assessments"
    names = [
        name
        for folder in folders
        for world in shelves.record_of(folder).get("worlds", ())
        for part in world["parts"]
        for name in part["files"]
    ]
    files = (place / f"{name}.json" for name in dict.fromkeys(names) if "/" not in name)
    return next((file for file in files if any(text.strip() for text in read_answers(file).notes.values())), None)


def _make(
    laboratory: Laboratory, runs: list[str], template: str, answers: list[str], found: list[tray.Item]
) -> Response:
    folders = [laboratory.run_folder(run) for run in runs]
    known = set(_answer_files(laboratory))
    files = [laboratory.aside / "answers" / f"{name}.json" for name in answers if name in known]
    place = laboratory.aside / "reports"
    place.mkdir(parents=True, exist_ok=True)
    out = place / f"{runs[0] if len(runs) == 1 else f'{len(runs)}-runs'}.{template}.html"
    shown = [shlex.quote(laboratory.shown(folder)) for folder in folders]
    put_in = "".join(f" --claim {shlex.quote(laboratory.shown(file))}" for file in files)
    charts = _chosen(laboratory, found)
    put_in += "".join(f" --chart {shlex.quote(text)}" for text in charts)
    notes = _notes(laboratory, folders) if template == "assessment" else None
    put_in += f" --notes {shlex.quote(laboratory.shown(notes))}" if notes else ""
    command = f"counterscore report {' '.join(shown)} --template {template}{put_in}"
    laboratory.making[out.name] = (folders, template, out, files, command, notes, charts)
    return RedirectResponse(f"/reports/{shelves.quoted(out.name)}/ready", 303)


@router.get("/reports/{name}/ready")
def ready(request: Request, name: str) -> Response:
    """A report that was asked for, once it is there: open it, save it, or find it on disk."""
    laboratory: Laboratory = request.app.state.laboratory
    asked = laboratory.making.get(name)
    if asked is not None:
        try:
            made = laboratory.desk.ask(work.report, *asked, patience=PATIENCE)
        except Working:
            raise
        except BaseException:
            laboratory.making.pop(name, None)
            raise
        laboratory.making.pop(name, None)
        if made["file"] != name:  # a partial run puts the word into the name
            return RedirectResponse(f"/reports/{shelves.quoted(made['file'])}/ready", 303)
    file = _report(laboratory, name)
    return page(
        request,
        "report_ready.html.jinja",
        title="The report is ready",
        trail=(EVIDENCE,),
        name=name,
        file=laboratory.shown(file),
        size=f"{file.stat().st_size / 2**20:.1f} MB",
    )


@router.get("/reports/{name}")
def report(request: Request, name: str, save: bool = False) -> Response:
    """A report as the file that it is. It brings its own policy: no script, nothing fetched."""
    laboratory: Laboratory = request.app.state.laboratory
    file = _report(laboratory, name)
    headers = {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}
    return FileResponse(
        file,
        media_type="text/html",
        headers=headers,
        filename=name,
        content_disposition_type="attachment" if save else "inline",
    )


def _report(laboratory: Laboratory, name: str) -> Path:
    known = {file.name: file for file in (laboratory.aside / "reports").glob("*.html")}
    if name not in known:
        raise UsageError(f'no report is called "{name}"', suggestion="All that were made are under Evidence.")
    return known[name]
