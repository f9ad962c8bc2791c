"""Two or more runs side by side: the same charts on one page, the same measures in one table."""

from __future__ import annotations

from contextlib import suppress

from fastapi import APIRouter, Request
from fastapi.responses import Response

from counterscore.web import about_run, shelves, work
from counterscore.web.desk import Working, run_key
from counterscore.web.laboratory import Laboratory
from counterscore.web.rendering import Action, Link, State, page

router = APIRouter()
CHARTS = ("listed-over-time", "doors", "error-ledger", "time-to-exit", "doors-at-once", "group-gaps", "score-spread")
_MOST = 4


@router.get("/compare")
def compare(request: Request, runs: str = "", a: str = "", b: str = "", chart: str = "listed-over-time") -> Response:
    """The same questions put to several runs. They are set side by side, never subtracted: their random numbers may differ."""
    laboratory: Laboratory = request.app.state.laboratory
    names = [name for name in (*runs.split(","), a, b) if name][:_MOST]
    kept = [shelves.run_row(folder) for folder in laboratory.run_folders()]
    if len(names) < 2:
        nothing = State(
            "empty",
            "Choose two runs",
            "Their measures stand in one table and the same chart of each on one page.",
            () if len(kept) > 1 else (Action("Set up a run", "/run/new"),),
        )
        return page(
            request,
            "compare.html.jinja",
            title="Compare",
            trail=(Link("Runs", "/runs"),),
            kept=kept,
            found=None,
            states=(nothing,),
            chart=chart,
            charts=CHARTS,
        )
    found = [about_run.opened(request, name) for name in names]
    chart = chart if chart in CHARTS else CHARTS[0]
    states = {one.folder: run_key(one.folder) for one in found}
    asked = [(one, [folder for folder in states if folder != one.folder]) for one in found]
    for one, others in asked:  # all are begun before any is waited for
        with suppress(Working):
            one.about(work.chart_beside, chart, others, [states[other] for other in others], patience=0)
    figures = [
        one.about(work.chart_beside, chart, others, [states[other] for other in others])
        | {"label": one.folder.name, "view": {}}
        for one, others in asked
    ]
    topics = [one.about(work.topics, "") for one in found]
    rows: dict[str, dict[str, dict[str, str]]] = {}
    for at, run in enumerate(topics):
        for topic in run["topics"]:
            for row in topic["rows"]:
                rows.setdefault(topic["heading"], {}).setdefault(row["question"], {})[str(at)] = row
    return page(
        request,
        "compare.html.jinja",
        title="Compare",
        trail=(Link("Runs", "/runs"),),
        kept=kept,
        found=[
            {"run": one.folder.name, "record": one.record, "world": topic["world"]}
            for one, topic in zip(found, topics, strict=True)
        ],
        figures=figures,
        rows=rows,
        chart=chart,
        charts=CHARTS,
    )
