"""The city month by month: a subdistrict living, as a picture that stands still until somebody moves it, and as a table."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from counterscore.web import about_run, work
from counterscore.web.rendering import Section

router = APIRouter()
SECTIONS = (Section("Month by month", "months", 97),)


@router.get("/runs/{run}/months")
def months(request: Request, run: str, m: int = 0, world: str = "", replay: int = 0) -> Response:
    """One month of the first subdistrict, and all of them as a table."""
    found = about_run.opened(request, run)
    world = world or found.told_worlds[0]
    lived = found.about(work.months, world, replay)
    last = len(lived["months"]) - 1
    at = min(max(0, m), last)
    most = max(max(one["steps"].values()) for one in lived["months"]) or 1
    return found.page(
        "months.html.jinja",
        "Month by month",
        lived=lived,
        at=at,
        last=last,
        now=lived["months"][at],
        most=most,
        world=world,
        world_choices=list(found.worlds),
        replay=replay,
        names=list(lived["titles"]),
        rows=[
            (
                one["month"],
                *one["steps"].values(),
                one["entered"],
                one["left"],
                one["listed"],
                one["doors_shut"],
                one["doors_reopened"],
                one["refused"],
            )
            for one in lived["months"]
        ],
    )
