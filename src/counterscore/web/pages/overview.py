"""The overview of a run and its measures: what is read first, then everything by topic."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from counterscore.web import about_run, shelves, work
from counterscore.web.rendering import Action, Section, State

router = APIRouter()
SECTIONS = (Section("Overview", "", 10), Section("All measures", "measures", 15))


@router.get("/runs/{run}")
def overview(request: Request, run: str) -> Response:
    """What a run found: a paragraph, at most six measures a world, what to read with care, the command."""
    found = about_run.opened(request, run)
    answer = found.about(work.summary)
    here = f"/runs/{shelves.quoted(run)}"
    if answer["problems"]:
        state = about_run.damage(
            run, found.laboratory.shown(found.folder), answer["problems"][0], "\n".join(answer["problems"])
        )
        return found.page("run_page.html.jinja", "Overview", states=(state,), status=409)
    if not answer["worlds"]:
        state = State(
            "empty",
            "No part of this run is finished",
            "Its figures will be here.",
            (Action("Go on with it", f"{here}/resume", post=True),),
        )
        return found.page("run_page.html.jinja", "Overview", states=(state,))
    return found.page("overview.html.jinja", "Overview", answer=answer)


@router.get("/runs/{run}/measures")
def measures(request: Request, run: str, world: str = "", topic: str = "", measure: str = "", by: str = "") -> Response:
    """Every measure of a world by topic; one of them split by a group where that is asked for."""
    found = about_run.opened(request, run)
    known = found.laboratory.desk.known(work.group_words)
    one = found.about(work.measured, measure, by, world) if measure else None
    return found.page(
        "measures.html.jinja",
        "All measures",
        found=found.about(work.topics, world),
        one=one,
        topic=topic,
        measure=measure,
        by=by,
        groups=known["groups"],
    )
