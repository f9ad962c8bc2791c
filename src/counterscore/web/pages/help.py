"""Help: topics of the command line, the keyboard, what this is, and what it cannot say."""

from __future__ import annotations

from functools import cache
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from counterscore.catalog import city_ids, regime_ids
from counterscore.errors import UsageError
from counterscore.glossary import FORMER, TERMS
from counterscore.lessons import lesson_ids
from counterscore.provenance import RESULTS_EPOCH
from counterscore.web.laboratory import Laboratory
from counterscore.web.rendering import Action, Link, State, page

router = APIRouter()
MENU = Link("Help", "/help", 60)
HELP = Link("Help", "/help")


@router.get("/help")
def help_(request: Request) -> Response:
    """Where help is."""
    topics = _answer(request.app.state.laboratory)["topics"]
    return page(request, "help.html.jinja", title="Help", topics=topics)


@router.get("/help/topics/{topic}")
def topic(request: Request, topic: str) -> Response:
    """One topic as ``counterscore help`` tells it."""
    found = _answer(request.app.state.laboratory, topic)
    if "text" not in found:
        raise UsageError(f'no topic is called "{topic}"', suggestion="All are on the page Help.")
    return page(
        request,
        "help_topic.html.jinja",
        title=topic.replace("-", " ").capitalize(),
        trail=(HELP,),
        topic=topic,
        text=found["text"],
    )


@cache
def _answer(laboratory: Laboratory, *words: str) -> dict[str, Any]:
    return laboratory.jobs.answer(["help", *words])


@router.get("/help/glossary")
def glossary(request: Request, q: str = "") -> Response:
    """The words used here, one meaning each; words of other fields lead to them."""
    rows = [(word, text) for word, text in TERMS.items() if q.lower() in f"{word} {text}".lower()]
    former = [(word, text) for word, text in FORMER.items() if q.lower() in f"{word} {text}".lower()]
    nothing = State(
        "empty", "No word is like that", "The filter leaves none over.", (Action("Show all", "/help/glossary"),)
    )
    return page(
        request,
        "help_glossary.html.jinja",
        title="Words",
        trail=(HELP,),
        rows=sorted(rows),
        former=sorted(former),
        q=q,
        states=() if rows or former else (nothing,),
    )


@router.get("/help/keyboard")
def keyboard(request: Request) -> Response:
    """What keys do."""
    return page(request, "help_keyboard.html.jinja", title="Keyboard", trail=(HELP,))


@router.get("/about")
def about(request: Request) -> Response:
    """What this is, who it is for, how it is cited, on what terms."""
    return page(
        request,
        "about.html.jinja",
        title="About",
        trail=(HELP,),
        regimes=len(regime_ids()),
        cities=len(city_ids()),
        lessons=len(lesson_ids()),
        epoch=RESULTS_EPOCH,
    )


@router.get("/about/limits")
def limits(request: Request) -> Response:
    """What the laboratory is not for and cannot say."""
    return page(request, "limits.html.jinja", title="Limits", trail=(HELP,))
