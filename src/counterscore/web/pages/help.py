"""Help: topics of the command line, the keyboard, what this is, and what it cannot say."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from counterscore.web.rendering import Link, page

router = APIRouter()
MENU = Link("Help", "/help", 60)
HELP = Link("Help", "/help")


@router.get("/help")
def help_(request: Request) -> Response:
    """Where help is."""
    return page(request, "help.html.jinja", title="Help")


@router.get("/help/keyboard")
def keyboard(request: Request) -> Response:
    """What keys do."""
    return page(request, "help_keyboard.html.jinja", title="Keyboard", trail=(HELP,))


@router.get("/about/limits")
def limits(request: Request) -> Response:
    """What the laboratory is not for and cannot say."""
    return page(request, "limits.html.jinja", title="Limits", trail=(HELP,))
