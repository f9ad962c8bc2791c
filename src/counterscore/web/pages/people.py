"""Residents, firms and public bodies of a run: finding one, a life file, and why one thing happened."""

from __future__ import annotations

import shlex

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from counterscore.web import about_run, shelves, work
from counterscore.web.desk import FOR_FILES
from counterscore.web.rendering import Link, Section

router = APIRouter()
SECTIONS = (Section("People", "people", 90),)
PLACES = (("median", "the middle"), ("p10", "10th percentile"), ("p90", "90th percentile"))


@router.get("/runs/{run}/people")
def people(
    request: Request,
    run: str,
    pick: str = "",
    of: str = "wrongly-listed",
    among: str = "",
    who: str = "",
    world: str = "",
    replay: int = 0,
) -> Response:
    """Find somebody: by a rule that is printed on the file, or by number, which is called hand-picked."""
    found = about_run.opened(request, run)
    here = f"/runs/{shelves.quoted(run)}/people"
    rest = f"world={shelves.quoted(world)}&replay={replay}"
    if who:
        return RedirectResponse(f"{here}/{shelves.quoted(who.strip())}?{rest}", 303)
    if pick:
        group = among or of
        one = found.about(work.picked, pick, group, world, replay)
        rule = f"pick={shelves.quoted(pick)}&of={shelves.quoted(group)}"
        return RedirectResponse(f"{here}/{one['id']}?{rule}&{rest}", 303)
    known = found.laboratory.desk.known(work.group_words)
    found.laboratory.desk.prepare(work.ready_to_live, found.folder, world or found.worlds[0])  # somebody is chosen next
    return found.page(
        "people.html.jinja",
        "People",
        picks=known["picks"],
        groups=known["groups"],
        places=PLACES,
        of=of,
        world=world or found.worlds[0],
        replay=replay,
        firms="firms" in found.record.get("subjects", ()),
        bodies="bodies" in found.record.get("subjects", ()),
    )


@router.get("/runs/{run}/people/{who}")
def life(
    request: Request,
    run: str,
    who: str,
    pick: str = "",
    of: str = "",
    world: str = "",
    replay: int = 0,
    other: str = "",
    point: int = 0,
) -> Response:
    """A life file: what was done, recorded, scored, listed and refused, by which rule, in which world."""
    found = about_run.opened(request, run)
    named = "" if pick else who
    made = found.about(work.life, named, pick, of or "everybody", world, replay, [other] if other else [])
    if pick and made["id"] != who:  # the address was changed by hand: then it is whom it names, and hand-picked
        return RedirectResponse(f"/runs/{shelves.quoted(run)}/people/{shelves.quoted(who)}?replay={replay}", 303)
    return found.page(
        "life.html.jinja",
        f"{made['called'].capitalize()} {made['id']}",
        more_trail=(Link("People", f"/runs/{shelves.quoted(run)}/people"),),
        life=made,
        who=who,
        pick=pick,
        of=of,
        world=world or found.worlds[0],
        other=other or made["baseline"] or "",
        replay=replay,
        replicate_choices=[str(one) for one in range(int(found.record["replays"]))],
        point=point,
    )


@router.get("/runs/{run}/people/{who}/file")
def life_file(
    request: Request, run: str, who: str, pick: str = "", of: str = "", world: str = "", replay: int = 0
) -> Response:
    """The life file as one page that needs nothing else, to hand over."""
    found = about_run.opened(request, run)
    chosen = ["--pick", pick, "--of", of or "everybody"] if pick else ["--resident", who]
    command = shlex.join(
        ["counterscore", "life", found.laboratory.shown(found.folder), *chosen, "--replicate", str(replay)]
    )
    made = found.about(
        work.life_page, "" if pick else who, pick, of or "everybody", world, replay, command, patience=FOR_FILES
    )
    file = f"{found.folder.name}.{who}.{replay}.html"
    return Response(
        made["text"], media_type="text/html", headers={"content-disposition": f'attachment; filename="{file}"'}
    )


@router.get("/runs/{run}/explain/{point}")
def explain(request: Request, run: str, point: str, world: str = "") -> Response:
    """Why one thing happened to somebody: rule, line, source, truth, what followed, what could have ended it."""
    found = about_run.opened(request, run)
    told = found.about(work.explanation, point, world)
    who = point.split(":")[0]
    address = f"/runs/{shelves.quoted(run)}/people/{shelves.quoted(who)}"
    return found.page(
        "explain.html.jinja",
        f"Why {point}",
        more_trail=(
            Link("People", f"/runs/{shelves.quoted(run)}/people"),
            Link(who, f"{address}?replay={told['replay']}"),
        ),
        told=told,
        who=who,
        point=point,
        world=world,
    )
