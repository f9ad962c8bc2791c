"""Claims: what somebody says a rule book does, fixed as a measure before the run, tested over the assumptions."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from counterscore.catalog import regime_ids
from counterscore.errors import UsageError
from counterscore.web import following, shelves, work
from counterscore.web.laboratory import Laboratory
from counterscore.web.rendering import Action, Link, State, page, state_page

router = APIRouter()
MENU = Link("Claims", "/claims", 40)
CLAIMS = Link("Claims", "/claims")
SIDES = ("supporters", "critics", "plan", "reporting")
OWN = "claims"  #: the folder of claims of one's own, beside the rule books
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
        own=_own(laboratory),
        side=side,
        sides=SIDES,
        regime=regime,
        q=q,
        tested={file.stem for file in (laboratory.aside / "answers").glob("*.json")},
        states=() if rows else (nothing,),
    )


@dataclass
class Stated:
    """The form in which a claim is written down, as typed."""

    text: Annotated[str, Form()] = ""
    speaker: Annotated[str, Form()] = ""
    side: Annotated[str, Form()] = "critics"
    source: Annotated[str, Form()] = ""
    reading: Annotated[str, Form()] = ""
    measure: Annotated[str, Form()] = "listed_ever"
    regime: Annotated[str, Form()] = "beijing-points"
    reform: Annotated[str, Form()] = ""
    against: Annotated[str, Form()] = ""
    how: Annotated[Literal["above", "below"], Form()] = "below"
    border: Annotated[str, Form()] = "0"
    would_hold: Annotated[str, Form()] = ""
    would_not_hold: Annotated[str, Form()] = ""
    cannot_show: Annotated[str, Form()] = ""
    echo: Annotated[str, Form()] = ""
    vary: Annotated[str, Form()] = "errors.*"
    city: Annotated[str, Form()] = "beijing"
    residents: Annotated[str, Form()] = "5000"
    months: Annotated[str, Form()] = "36"


_TEXTS = ("speaker", "side", "source", "reading", "would_hold", "would_not_hold", "vary", "echo", "cannot_show")


@router.get("/claims/new")
def new(request: Request) -> Response:
    """The form in which a claim is written down before anything is run."""
    return _form(request, Stated())


def _form(request: Request, stated: Stated, mistakes: Sequence[str] = ()) -> Response:
    laboratory: Laboratory = request.app.state.laboratory
    title = "Something is missing" if len(mistakes) == 1 else f"{len(mistakes)} things are missing or wrong"
    states = (
        (State("failed", title, "What you typed is still below.", details="\n".join(mistakes)),) if mistakes else ()
    )
    return page(
        request,
        "claim_new.html.jinja",
        title="Write a claim down",
        trail=(CLAIMS,),
        status=422 if mistakes else 200,
        states=states,
        stated=stated,
        mistakes=mistakes,
        sides=SIDES,
        topics=laboratory.desk.known(work.measures_known),
        regimes=[*shelves.own_files(laboratory.rules), *regime_ids()],
        reforms=shelves.reform_rows(),
        cities=shelves.city_rows(),
    )


@router.post("/claims/new")
def write(request: Request, stated: Annotated[Stated, Depends()]) -> Response:
    """Write a claim to a file of one's own; none that exists is replaced."""
    laboratory: Laboratory = request.app.state.laboratory
    try:
        border, residents, months = float(stated.border), int(stated.residents), int(stated.months)
    except ValueError:
        return _form(request, stated, ("Border, residents and months are numbers.",))
    name = re.sub(r"[^a-z0-9]+", "-", stated.text.lower()).strip("-")[:40].strip("-")
    if not name or not math.isfinite(border):
        return _form(request, stated, ("Say in a sentence what is claimed, and from which number on it would hold.",))
    given = {
        "text": stated.text.strip(),
        "measure": stated.measure,
        "world": f"{stated.regime}+{stated.reform}" if stated.reform else stated.regime,
        "against": stated.against,
        "above": border if stated.how == "above" else None,
        "below": border if stated.how == "below" else None,
        "texts": {key: getattr(stated, key) for key in _TEXTS},
        "setting": {"city": stated.city, "residents": residents, "months": months},
    }
    file = laboratory.rules / OWN / f"{name}.yaml"
    made = laboratory.desk.ask(work.new_claim, file, given, datetime.date.today().isoformat())
    if "problems" in made:
        return _form(request, stated, made["problems"])
    return RedirectResponse(f"/claims/{shelves.quoted(made['file'])}", 303)


def _own_files(laboratory: Laboratory) -> list[Path]:
    return sorted(file for file in (laboratory.rules / OWN).glob("*.yaml") if file.is_file())


def _own(laboratory: Laboratory) -> list[dict[str, Any]]:
    """Claims of one's own: the files in the folder of claims beside the rule books."""
    files = _own_files(laboratory)
    if not files:
        return []
    found: list[dict[str, Any]] = laboratory.desk.known(
        work.own_claims, files, max(file.stat().st_mtime_ns for file in files)
    )
    return found


@router.get("/claims/{id_}")
def claim(request: Request, id_: str) -> Response:
    """One claim as a card: who says it, how it was turned into a measure, and the answer where it was tested."""
    laboratory: Laboratory = request.app.state.laboratory
    one = _find(laboratory, id_)
    if "problem" in one:
        state = State("failed", f"{id_} cannot be used as it is", "The file is kept as it is.", details=one["problem"])
        return state_page(request, state, status=422, trail=(CLAIMS,))
    file = laboratory.aside / "answers" / f"{id_}.json"
    found: dict[str, Any] | None = None
    if file.is_file():
        stamp = file.stat().st_mtime_ns
        found = laboratory.desk.known(work.answers, file, stamp)[0]
    job = next(
        (
            job
            for job in laboratory.jobs
            if job.state in {"queued", "running"} and job.command[:3] == ("claim", "check", _named(laboratory, id_))
        ),
        None,
    )
    return page(
        request,
        "claim.html.jinja",
        title=f"“{one['text']}”",
        trail=(CLAIMS,),
        id=id_,
        claim=one,
        found=found,
        job=job,
        told=following.told(laboratory, job) if job else None,
        command=f"counterscore claim check {f'{OWN}/{id_}' if one.get('own') else id_} --points {POINTS} --replicates {REPLICATES}",
        points=POINTS,
        replicates=REPLICATES,
    )


def _find(laboratory: Laboratory, id_: str) -> dict[str, Any]:
    found = {one["id"]: one for one in (*laboratory.desk.known(work.claims), *_own(laboratory))}
    if id_ not in found:
        raise UsageError(f'no claim is called "{id_}"', suggestion="All are in the library.")
    one: dict[str, Any] = found[id_]
    return one


def _named(laboratory: Laboratory, id_: str) -> str:
    """A claim as the command line takes it: its id, or the path of a file of one's own."""
    return next((laboratory.shown(file) for file in _own_files(laboratory) if file.name == id_), id_)


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
            _named(laboratory, id_),
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
