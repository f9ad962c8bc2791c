"""The start: what this is, a rule book and a question, and what was run last."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from counterscore.web import shelves
from counterscore.web.rendering import Link, page

router = APIRouter()
MENU = Link("Start", "/", 10)

#: What one may ask first, and the page about a run that answers it.
QUESTIONS = (
    ("lists", "Who gets listed, and for how long?"),
    ("doors", "What doors close?"),
    ("errors", "Who is listed in error?"),
    ("groups", "Do groups differ?"),
    ("reforms", "What do appeals or expiry change?"),
    ("people", "One resident's file"),
)
_RECENT = 5


@router.get("/")
def start(request: Request) -> Response:
    """Pick a rule book and a question, or go on with a run."""
    laboratory = request.app.state.laboratory
    return page(
        request,
        "start.html.jinja",
        title="Start",
        regimes=shelves.first_choices(),
        questions=QUESTIONS,
        recent=[shelves.run_row(folder) for folder in laboratory.run_folders()[:_RECENT]],
        jobs=[*laboratory.jobs.running(), *laboratory.jobs.waiting()],
    )


@router.get("/choose")
def choose(regime: str = "", question: str = "lists", look: str = "") -> Response:
    """What the start page's form leads to: the set-up with the choice filled in, or a first look at the rule book."""
    if look and regime:
        return RedirectResponse(f"/regimes/{shelves.quoted(regime)}/preview", 303)
    query = f"?regime={shelves.quoted(regime)}&then={shelves.quoted(question)}"
    return RedirectResponse(
        f"/claims?regime={shelves.quoted(regime)}" if question == "claim" else f"/run/new{query}", 303
    )


@router.get("/alive")
def alive() -> Response:
    """Whether the program behind the pages is there."""
    return JSONResponse({"alive": True})
