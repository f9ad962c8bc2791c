"""The overview of a run: what came out, in a paragraph and at most six measures a world."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from counterscore.web import about_run, work
from counterscore.web.rendering import Section

router = APIRouter()
SECTIONS = (Section("Overview", "", 10),)


@router.get("/runs/{run}")
def overview(request: Request, run: str) -> Response:
    """What a run found."""
    found = about_run.opened(request, run)
    answer = found.about(work.summary)
    return found.page("overview.html.jinja", "Overview", prose=answer["prose"])
