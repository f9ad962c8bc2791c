"""Assess: one question a page, to an annex of an impact assessment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from counterscore.assessment import QUESTIONS, Answers, keep_answers, read_answers
from counterscore.catalog import own_copy, read_regime
from counterscore.drafts import Drafts
from counterscore.errors import CounterscoreError, InputError, UsageError
from counterscore.files import write_for_hand
from counterscore.regime import editing
from counterscore.web import shelves
from counterscore.web.asking import FOLLOWED, Asked
from counterscore.web.laboratory import Laboratory
from counterscore.web.rendering import Link, State, page

router = APIRouter()
MENU = Link("Assess", "/assess", 60)
ASSESS = Link("Assess", "/assess")
CITY = "beijing"
#: The run that an assessment asks for where nobody says otherwise.
SIZE = {"residents": "10000", "months": "36", "replicates": "20"}


@router.get("/assess")
def assess(request: Request) -> Response:
    """Which scheme is to be assessed: an own rule book, or a copy of the nearest one."""
    return _first(request)


def _first(request: Request, states: tuple[State, ...] = (), status: int = 200) -> Response:
    laboratory: Laboratory = request.app.state.laboratory
    return page(
        request,
        "assess.html.jinja",
        title="Assess a scheme",
        states=states,
        status=status,
        own=list(shelves.own_files(laboratory.rules)),
        regimes=shelves.regime_rows(),
        questions=QUESTIONS,
    )


@router.post("/assess")
def begin(request: Request, base: Annotated[str, Form()], name: Annotated[str, Form()]) -> Response:
    """Begin with a copy of the nearest rule book; none that exists is replaced."""
    laboratory: Laboratory = request.app.state.laboratory
    try:
        file = shelves.new_file(laboratory.rules, name)
        write_for_hand(file, own_copy(base, file))
    except UsageError as error:
        return _first(request, (_mistake(error),), 422)
    return RedirectResponse(f"/assess/{shelves.quoted(file.name)}/1", 303)


def _mistake(error: CounterscoreError) -> State:
    return State("failed", error.message[:1].upper() + error.message[1:], error.suggestion)


@router.get("/assess/{name}/notes")
def notes(request: Request, name: str) -> Response:
    """All notes in the order of the questions, to print and put beside the report."""
    laboratory: Laboratory = request.app.state.laboratory
    _own(laboratory, name)
    found = read_answers(_kept(laboratory, name))
    return page(
        request,
        "assess_notes.html.jinja",
        title=f"Notes on {name}",
        trail=(ASSESS, Link(name, f"/assess/{shelves.quoted(name)}/1")),
        questions=QUESTIONS,
        answers=found,
    )


@router.get("/assess/{name}/{at}")
def question(request: Request, name: str, at: int) -> Response:
    """One question, with the values of the rule book that answer it."""
    return _question(request, name, at)


def _question(
    request: Request,
    name: str,
    at: int,
    states: tuple[State, ...] = (),
    status: int = 200,
    given: dict[str, str] | None = None,
) -> Response:
    laboratory: Laboratory = request.app.state.laboratory
    file = _own(laboratory, name)
    if not 1 <= at <= len(QUESTIONS):
        raise UsageError(f"there are questions 1 to {len(QUESTIONS)}", suggestion=f"Begin at /assess/{name}/1")
    asked = QUESTIONS[at - 1]
    draft = Drafts(laboratory.aside / "drafts").of(file)
    shown = [one for one in editing.readable(draft.text, name) if one.part == asked.part] if asked.part else []
    items: dict[str, list[editing.Field]] = {}
    for one in shown:
        items.setdefault(one.title or one.item, []).append(one)
    return page(
        request,
        "assess_question.html.jinja",
        title=asked.heading,
        trail=(ASSESS, Link(name, f"/assess/{shelves.quoted(name)}/1")),
        states=states,
        status=status,
        name=name,
        here=f"/assess/{shelves.quoted(name)}",
        asked=asked,
        at=at,
        last=len(QUESTIONS),
        items=items,
        answers=read_answers(_kept(laboratory, name)),
        reforms=shelves.reform_rows(),
        unsaved=draft.changed,
        size=SIZE | (given or {}),
    )


@router.post("/assess/{name}/{at}")
async def answer(request: Request, name: str, at: int) -> Response:
    """Keep what was answered, put values into the rule book, and go back or on; at the end ask for the run."""
    laboratory: Laboratory = request.app.state.laboratory
    file = _own(laboratory, name)
    form = await request.form()
    given = {key: str(value) for key, value in form.items()}
    before = read_answers(_kept(laboratory, name))
    asked = QUESTIONS[min(max(at, 1), len(QUESTIONS)) - 1]
    reforms = before.reforms if asked.part else tuple(str(one) for one in form.getlist("reforms"))
    keep_answers(_kept(laboratory, name), Answers(before.notes | {asked.id: given.get("note", "")}, reforms))
    drafts = Drafts(laboratory.aside / "drafts")
    draft = drafts.of(file)
    try:
        text = editing.with_values(draft.text, given, name=name)
        if text != draft.text:
            drafts.save(drafts.keep(draft, text))
        to = given.get("to", "on")
        if to == "run":
            _refuse_what_is_so_already(file, reforms)
            size = {key: given.get(key, usual) for key, usual in SIZE.items()}
            command = Asked(regime=name, also=list(reforms), city=CITY, **size)  # type: ignore[arg-type]
            job = laboratory.jobs.ask([*command.command(laboratory), *FOLLOWED, "--yes"], command.title)
            return RedirectResponse(f"/run/{job.id}?then=report", 303)
    except CounterscoreError as error:
        typed = {key: given[key] for key in SIZE if key in given}
        return _question(request, name, at, (_mistake(error),), 422, typed)
    step = min(max(1, at + (-1 if to == "back" else 0 if to == "save" else 1)), len(QUESTIONS))
    return RedirectResponse(f"/assess/{shelves.quoted(name)}/{step}", 303)


def _refuse_what_is_so_already(file: Path, reforms: tuple[str, ...]) -> None:
    """Raise ``UsageError`` where a measure changes nothing in the scheme, before a run is asked for that would fail."""
    for name in reforms:
        try:
            read_regime(file, with_=(name,))
        except InputError as error:
            raise UsageError(
                f"the measure {name} cannot be tried here: {error.problems[0].message}",
                suggestion=f"{error.problems[0].suggestion} Leave it out, or change the scheme.",
            ) from None


def _own(laboratory: Laboratory, name: str) -> Path:
    files = shelves.own_files(laboratory.rules)
    if name not in files:
        raise UsageError(f'no rule book of yours is called "{name}"', suggestion="Begin at /assess")
    return files[name]


def _kept(laboratory: Laboratory, name: str) -> Path:
    return laboratory.aside / "assessments" / f"{name}.json"
