"""Pages of a run that are charts: lists, scores, doors, errors, groups, reforms, twins, reach."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response

from counterscore.web import about_run, shelves, work
from counterscore.web.about_run import AboutRun
from counterscore.web.desk import FOR_FILES
from counterscore.web.rendering import Action, Section, State

router = APIRouter()
SECTIONS = (
    Section("Lists", "lists", 20),
    Section("Scores", "scores", 30),
    Section("Doors", "doors", 40),
    Section("Errors", "errors", 50),
    Section("Groups", "groups", 60),
    Section("Reforms", "reforms", 70),
    Section("Twins", "twins", 80),
    Section("Data reach", "reach", 100),
)
#: The charts of each page, in order.
CHARTS: dict[str, tuple[str, ...]] = {
    "lists": ("listed-over-time", "time-to-exit"),
    "scores": ("score-spread", "grade-moves", "score-fan"),
    "doors": ("doors", "doors-at-once", "spillover"),
    "errors": ("error-ledger", "error-sources", "border"),
    "groups": ("group-gaps", "definitions", "thin-files"),
    "reforms": ("reforms",),
    "twins": ("twins",),
    "reach": ("reach",),
}
#: What each page asks, in one line under its name.
_ASKS = {
    "lists": "Who is listed, how many come and go, and how long it takes to get off.",
    "scores": "How scores are spread and how they move.",
    "doors": "What closes, for how many, how many doors at once, and in which fields of life.",
    "errors": "Who is listed in error, under three definitions, and where the errors come from.",
    "groups": "Whether groups differ, in several senses at once; where base rates differ not all can be met.",
    "reforms": "What each added right changes, and at what cost.",
    "twins": "What happens to the same people, with the same random numbers, in the other world.",
    "reach": "Which body holds which record about how many.",
}
_ELSEWHERE = (Action("Overview", ""), Action("Lists", "lists"), Action("Doors", "doors"))
_BY = {"scores", "groups"}  #: pages of which some charts can be split by a group
#: Parts of an audit of groups, as headings.
_PARTS = {
    "base rates": "What the groups truly did (known to the laboratory, never to a regime)",
    "true records": "What is truly recorded of it",
    "definitions": "Five notions of equal treatment (which of them should hold is not for a program to say)",
    "equal conduct": "At equal conduct (as counted in this world, what a listing brought about included)",
    "wrongly listed": "Wrongly listed, by three definitions (never added up: one resident can fall under several)",
    "stays": "How long they are on lists",
}


def _page(name: str) -> Callable[..., Response]:
    def shown(
        request: Request, run: str, by: str = "", world: str = "", against: str = "", tolerance: float | None = None
    ) -> Response:
        found = about_run.opened(request, run)
        return _charts(found, name, by=by, world=world, against=against, tolerance=tolerance)

    shown.__doc__ = _ASKS[name]
    return shown


for _name in CHARTS:
    router.add_api_route(f"/runs/{{run}}/{_name}", _page(_name), methods=["GET"], name=_name)


def _charts(found: AboutRun, name: str, **asked: Any) -> Response:
    title = next(section.label for section in SECTIONS if section.name == name)
    known = found.laboratory.desk.known(work.group_words) if name in _BY else {"groups": []}
    by = asked["by"] or ("registration" if name == "groups" else "")
    if name == "reforms" and len(found.told_worlds) < 2:
        return _no_reform(found)
    figures = found.figures([(chart, _view(found, chart, by, asked)) for chart in CHARTS[name]])
    if all("missing" in one for one in figures):
        words = figures[0]["missing"]
        return found.not_applicable(title, words[:1].upper() + words[1:], *_links(found, name))
    return found.page(
        "results.html.jinja",
        title,
        asks=_ASKS[name],
        figures=figures,
        groups=known["groups"],
        by=by,
        splits=name in _BY,
        name=name,
        world=asked["world"] or found.worlds[0],
        against=asked["against"],
        tolerance=asked["tolerance"],
        audit=_audit(found, by, asked["world"]) if name == "groups" else None,
        parts_of_audit=_PARTS,
    )


def _view(found: AboutRun, chart: str, by: str, asked: dict[str, Any]) -> dict[str, Any]:
    """What a chart is asked; parts that it does not take are left out."""
    view: dict[str, Any] = {"world": asked["world"], "against": asked["against"]}
    takes = {one["id"]: one["takes"] for one in found.laboratory.desk.known(work.chart_ids)}
    if "by" in takes[chart]:
        view["by"] = by
    if "tolerance" in takes[chart]:
        view["tolerance"] = asked["tolerance"]
    return view


def _audit(found: AboutRun, by: str, world: str) -> dict[str, Any]:
    seen: dict[str, Any] = found.about(work.group_audit, by, "", world)
    return seen


def _links(found: AboutRun, name: str) -> list[Action]:
    here = f"/runs/{shelves.quoted(found.folder.name)}"
    return [Action(one.label, f"{here}/{one.address}".rstrip("/")) for one in _ELSEWHERE if one.address != name]


def _no_reform(found: AboutRun) -> Response:
    """A run with one world has no reform to look at: what would add some, filled in."""
    wish = about_run.again(found.record)
    reforms = [one["id"] for one in shelves.reforms_for(wish.regime, found.laboratory.rules)]
    form = wish.model_copy(update={"also": reforms, "then": "reforms"}).address()
    beside = {0: "worlds", 1: "a reform", 2: "two reforms", 3: "three reforms"}[len(reforms)]
    state = State(
        "empty",
        "This run has one world and its baseline",
        "What appeals, notice or expiry change, and what they cost, is shown here for runs that have worlds with them.",
        (Action(f"Set up the same run with {beside} beside it", form),),
        " ".join([f"counterscore run {wish.regime} --city {wish.city}", *(f"--also {one}" for one in reforms)]),
    )
    return found.page("run_page.html.jinja", "Reforms", states=(state,))


@router.get("/runs/{run}/charts/{name}.{kind}")
def download(
    request: Request,
    run: str,
    name: str,
    kind: Literal["svg", "png", "csv", "txt"],
    by: str | None = None,
    world: str | None = None,
    against: str | None = None,
    tolerance: float | None = None,
    resident: str | None = None,
    pick: str | None = None,
    among: str | None = None,
    replay: int | None = None,
) -> Response:
    """A chart as a file."""
    found = about_run.opened(request, run)
    view = {
        "by": by,
        "world": world,
        "against": against,
        "tolerance": tolerance,
        "resident": resident,
        "pick": pick,
        "among": among,
        "replay": replay,
    }
    made = found.about(
        work.chart_file,
        name,
        {key: value for key, value in view.items() if value is not None},
        kind,
        patience=FOR_FILES,
    )
    media = {"svg": "image/svg+xml", "csv": "text/csv", "txt": "text/plain"}
    file = f"{found.folder.name}.{name}.{'alt.txt' if kind == 'txt' else kind}"
    return Response(
        base64.b64decode(made["text"]) if kind == "png" else made["text"],
        media_type="image/png" if kind == "png" else f"{media[kind]}; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{file}"'},
    )
