"""Claims: what somebody says a rule book does, fixed as a measure before the run, tested over the assumptions."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from counterscore.errors import UsageError
from counterscore.web import following, shelves, work
from counterscore.web.laboratory import Laboratory
from counterscore.web.rendering import Action, Link, State, page

router = APIRouter()
MENU = Link("Claims", "/claims", 40)
CLAIMS = Link("Claims", "/claims")
SIDES = ("supporters", "critics", "plan", "reporting")
POINTS, REPLICATES = 48, 4  #: settings and replicates of each, as ``counterscore claim check`` has them


@router.get("/claims")
def claims(request: Request, side: str = "", regime: str = "", q: str = "") -> Response:
    """The library of claims from both sides, and which of them were tested here."""
    laboratory: Laboratory = request.app.state.laboratory
    rows = [
        one
        for one in laboratory.desk.known(work.claims)
        if (not side or one["side"] == side)
        and (not regime or regime in one["world_words"])
        and (not q or q.lower() in f"{one['id']} {one['text']} {one['speaker']}".lower())
    ]
    nothing = State("empty", "No claim is like that", "The filter leaves none over.", (Action("Show all", "/claims"),))
    return page(
        request,
        "claims.html.jinja",
        title="Claims",
        rows=rows,
        side=side,
        sides=SIDES,
        regime=regime,
        q=q,
        tested={file.stem for file in (laboratory.aside / "answers").glob("*.json")},
        states=() if rows else (nothing,),
    )


@router.get("/claims/{id_}")
def claim(request: Request, id_: str) -> Response:
    """One claim as a card: who says it, how it was turned into a measure, and the answer where it was tested."""
    laboratory: Laboratory = request.app.state.laboratory
    one = _find(laboratory, id_)
    file = laboratory.aside / "answers" / f"{id_}.json"
    found: dict[str, Any] | None = None
    if file.is_file():
        stamp = file.stat().st_mtime_ns
        found = laboratory.desk.known(work.answers, file, stamp)[0]
    job = next(
        (
            job
            for job in laboratory.jobs
            if job.state in {"queued", "running"} and job.command[:3] == ("claim", "check", id_)
        ),
        None,
    )
    return page(
        request,
        "claim.html.jinja",
        title=f"“{one['text']}”",
        trail=(CLAIMS,),
        claim=one,
        found=found,
        job=job,
        told=following.told(laboratory, job) if job else None,
        command=f"counterscore claim check {id_} --points {POINTS} --replicates {REPLICATES}",
        points=POINTS,
        replicates=REPLICATES,
    )


def _find(laboratory: Laboratory, id_: str) -> dict[str, Any]:
    found = {one["id"]: one for one in laboratory.desk.known(work.claims)}
    if id_ not in found:
        raise UsageError(f'no claim is called "{id_}"', suggestion="All are in the library.")
    one: dict[str, Any] = found[id_]
    return one


@router.post("/claims/{id_}/check")
def check(
    request: Request,
    id_: str,
    points: Annotated[int, Form(ge=1, le=4096)] = POINTS,
    replicates: Annotated[int, Form(ge=2, le=999)] = REPLICATES,
) -> Response:
    """Test a claim over the assumption space, in the queue; what was found before is gone on with."""
    laboratory: Laboratory = request.app.state.laboratory
    one = _find(laboratory, id_)
    place = laboratory.aside / "answers"
    place.mkdir(parents=True, exist_ok=True)
    out = place / f"{id_}.json"
    more = ["--resume"] if out.is_file() else []
    laboratory.jobs.ask(
        [
            "claim",
            "check",
            id_,
            "--points",
            str(points),
            "--replicates",
            str(replicates),
            "--out",
            str(out),
            *more,
            "--json",
        ],
        f"claim: {one['text']}",
    )
    return RedirectResponse(f"/claims/{shelves.quoted(id_)}", 303)
