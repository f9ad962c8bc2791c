"""Through their eyes: what somebody sees of a resident, a firm or a public body in one month, and what not."""

from __future__ import annotations

import shlex

from fastapi import APIRouter, Request
from fastapi.responses import Response

from counterscore.web import about_run, shelves, work
from counterscore.web.rendering import Action, Link, Section

router = APIRouter()
SECTIONS = (Section("Through their eyes", "eyes", 95),)


@router.get("/runs/{run}/eyes")
def eyes(
    request: Request,
    run: str,
    viewer: str = "",
    who: str = "",
    m: str = "",
    world: str = "",
    replay: int = 0,
    reveal: str = "",
) -> Response:
    """One viewer, one subject, one month; with ``reveal`` also what the viewer cannot see."""
    found = about_run.opened(request, run)
    world = world or found.told_worlds[0]
    known = found.about(work.viewers, world)
    if not known["can"]:
        return found.not_applicable(
            "Through their eyes",
            "Nobody sees anything under these rules",
            Action("Overview", f"/runs/{shelves.quoted(run)}"),
        )
    if not viewer:
        return found.page(
            "eyes.html.jinja",
            "Through their eyes",
            viewers=known["can"],
            cannot=known["cannot"],
            seen=None,
            world=world,
        )
    months = int(found.record["months"])
    month = m or str(months - 1)
    seen = found.about(work.seen, who.strip(), viewer, month, world, replay)
    asked = [
        "counterscore", "eyes", found.laboratory.shown(found.folder), "--viewer", viewer, "--who", seen["who"],
        "--month", seen["month"], "--world", world, "--replicate", str(replay),
    ]  # fmt: skip
    here = f"/runs/{shelves.quoted(run)}/eyes?viewer={shelves.quoted(viewer)}&who={shelves.quoted(seen['who'])}&world={shelves.quoted(world)}&replay={replay}"
    return found.page(
        "eyes.html.jinja",
        seen["title"],
        more_trail=(Link("Through their eyes", f"/runs/{shelves.quoted(run)}/eyes"),),
        viewers=known["can"],
        cannot=known["cannot"],
        seen=seen,
        viewer=viewer,
        world=world,
        world_choices=list(found.told_worlds),
        replay=replay,
        months=months,
        reveal=bool(reveal),
        here=here,
        before=f"{here}&m={seen['at'] - 1}" if seen["at"] > 0 else "",
        after=f"{here}&m={seen['at'] + 1}" if seen["at"] + 1 < months else "",
        kept="&reveal=1" if reveal else "",
        asked=shlex.join(asked),
    )
