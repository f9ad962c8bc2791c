"""What all pages about a run have: the run, its states, the navigation beside it, and where to ask about it."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from counterscore.errors import DamagedRunError, InputError, RunError, UsageError
from counterscore.results import Run
from counterscore.stale import changed_files
from counterscore.web import following, shelves, work
from counterscore.web.asking import Asked
from counterscore.web.desk import PATIENCE, Working
from counterscore.web.laboratory import Laboratory
from counterscore.web.rendering import Action, Link, State, page, sections, state_page

RUNS = Link("Runs", "/runs")


@dataclass(frozen=True)
class AboutRun:
    """One run as its pages see it."""

    request: Request
    folder: Path
    record: dict[str, Any]
    states: tuple[State, ...]

    @property
    def laboratory(self) -> Laboratory:
        """The laboratory."""
        found: Laboratory = self.request.app.state.laboratory
        return found

    @property
    def worlds(self) -> tuple[str, ...]:
        """Names of the worlds, the one asked for first."""
        return tuple(world["name"] for world in self.record["worlds"])

    @property
    def told_worlds(self) -> tuple[str, ...]:
        """The worlds that are told of: all but the baseline, or the baseline where it is alone."""
        return tuple(name for name in self.worlds if name != self.record["baseline"]) or self.worlds

    def about(self, function: Callable[..., Any], *arguments: Any, patience: float = PATIENCE) -> Any:
        """What a helper answers about the run (see ``work``), kept until the run changes. Raises ``Working``."""
        return self.laboratory.desk.about(self.folder, function, *arguments, patience=patience)

    def figures(self, wanted: Sequence[tuple[str, dict[str, Any]]]) -> list[dict[str, Any]]:
        """Charts as ``figure`` of ``parts.html.jinja`` draws them; those not there yet say that they are worked out."""
        views = [{key: value for key, value in view.items() if value not in {None, ""}} for _, view in wanted]
        asked = [(name, view) for (name, _), view in zip(wanted, views, strict=True)]
        found = self.laboratory.desk.each_about(self.folder, work.chart, asked)
        return [
            ({"id": name, "working": round(one.since)} if isinstance(one, Working) else one)
            | {"view": view, "address": f"/runs/{shelves.quoted(self.folder.name)}/charts/{name}"}
            for (name, view), one in zip(asked, found, strict=True)
        ]

    def page(
        self,
        template: str,
        title: str,
        *,
        states: Sequence[State] = (),
        status: int = 200,
        more_trail: Sequence[Link] = (),
        **context: Any,
    ) -> HTMLResponse:
        """A page about the run, with its states above and the other pages beside it."""
        record = self.record
        return page(
            self.request,
            template,
            title=title,
            status=status,
            trail=(RUNS, Link(self.folder.name, f"/runs/{shelves.quoted(self.folder.name)}"), *more_trail),
            states=(*self.states, *states),
            run=self.folder.name,
            record=record,
            baseline=record["baseline"],
            sections=sections(),
            command=record.get("command", ""),
            folder=self.laboratory.shown(self.folder),
            **context,
        )

    def not_applicable(self, title: str, words: str, *others: Action) -> HTMLResponse:
        """The page of something that this run has not: no error, and where to look instead."""
        state = State("not applicable", words, "This is how the rule book is made, and no mistake.", others)
        return self.page("run_page.html.jinja", title, states=(state,))


def opened(request: Request, run: str) -> AboutRun:
    """The run called ``run``. Raises ``RunMissingError`` where it is not on this machine, ``UsageError`` where it cannot be read."""
    laboratory: Laboratory = request.app.state.laboratory
    try:
        folder = laboratory.run_folder(run)
    except UsageError as error:
        raise RunMissingError(run, error.suggestion) from None
    try:
        run_ = shelves.opened(folder)
        states = tuple(_states(laboratory, run_))
    except (RunError, InputError) as error:
        raise RunDamagedError(laboratory.shown(folder), run, str(error)) from None
    record = run_.record
    return AboutRun(request, folder, record, states)


def _states(laboratory: Laboratory, run: Run) -> list[State]:
    """What must be known before the figures: that rules changed, the run goes on, or only a part of it is there."""
    return [*_stale(laboratory, run), *_unfinished(laboratory, run.path)]


def _stale(laboratory: Laboratory, run: Run) -> list[State]:
    changed = changed_files(run)
    if not changed:
        return []
    own = [name for name in changed if name in shelves.own_files(laboratory.rules)]
    here = f"/runs/{shelves.quoted(run.path.name)}"
    discard = Action("Discard the changes", f"{here}/restore", post=True)
    return [
        State(
            "stale",
            f"Rules changed since this run: {', '.join(changed)}",
            "The figures below are those of the rules as they were, and stay so.",
            (Action("Run again", again(run.record).address()), *([discard] if own else [])),
            str(run.record.get("command", "")),
        )
    ]


def again(record: dict[str, Any]) -> Asked:
    """The form filled in as a run was made."""
    worlds = [world for world in record["worlds"] if world["name"] != record["baseline"]] or record["worlds"]
    heads = [world["parts"][0] for world in worlds]
    file = next((name for name in heads[0]["files"] if name.endswith((".yaml", ".yml")) and "/" not in name), "")
    head = file or heads[0]["id"]
    assumptions = [f"{path}={row['value']:g}" for path, row in record["assumptions"].items() if row["given"]]
    return Asked(
        regime=head,
        reforms=[one for one in worlds[0].get("reforms", ()) if not one.startswith("from-")],
        also=[one for world in worlds[1:] for one in world.get("reforms", ()) or (world["parts"][0]["id"],)],
        base=record["baseline"] or head,
        city=record["city"]["id"],
        residents=str(record["city"]["residents"]),
        months=str(record["months"]),
        start=record["start"],
        replicates=str(record["replays"]),
        seed=str(record["seed"]),
        assumptions=assumptions,
        errors="on" if record["switches"]["errors"] else "off",
        responses="on" if record["switches"]["responses"] else "off",
    )


def _unfinished(laboratory: Laboratory, folder: Path) -> list[State]:
    row = shelves.run_row(folder)
    if not row["partial"]:
        return []
    for job in laboratory.jobs.running():
        if following.run_name(job) == folder.name:
            return [
                State(
                    "running",
                    f"This run is going on: {row['parts']} are there",
                    "Figures are of what is finished and will change.",
                    (Action("Follow it", f"/run/{job.id}"),),
                )
            ]
    return [
        State(
            "partial",
            f"{row['parts']} are kept",
            "Everything below is of what is finished; ranges are wider than they would be.",
            (Action("Go on with it", f"/runs/{shelves.quoted(folder.name)}/resume", post=True),),
            f"counterscore run --resume {shlex.quote(laboratory.shown(folder))}",
        )
    ]


class RunMissingError(UsageError):
    """A run that is not on this machine."""

    def __init__(self, run: str, suggestion: str) -> None:
        super().__init__(f"the run {run} is not on this machine", suggestion=suggestion)
        self.run = run


class RunDamagedError(UsageError):
    """A run whose record or manifest cannot be used."""

    def __init__(self, folder: str, run: str, said: str) -> None:
        super().__init__(said.splitlines()[0])
        self.folder, self.run, self.said = folder, run, said


def damaged(request: Request, error: RunDamagedError) -> HTMLResponse:
    """What a run shows that cannot be used as it is."""
    return state_page(request, damage(error.run, error.folder, error.message, error.said), status=409, trail=(RUNS,))


def torn(request: Request, error: DamagedRunError) -> HTMLResponse:
    """What any page shows that met a damaged file of a run, whoever read it."""
    laboratory: Laboratory = request.app.state.laboratory
    folder = error.run or laboratory.runs
    return damaged(request, RunDamagedError(laboratory.shown(folder), folder.name, error.message))


def damage(run: str, folder: str, title: str, details: str) -> State:
    """That files of a run are missing or were changed, and what makes them again."""
    return State(
        "failed",
        title[:1].upper() + title[1:],
        "The run cannot be used as it is. Whatever is whole is kept; what is damaged is made again, to the same figures.",
        (
            Action("Make what is damaged again", f"/runs/{shelves.quoted(run)}/resume", post=True),
            Action("All runs", "/runs"),
        ),
        f"counterscore run --resume {shlex.quote(folder)}",
        details,
    )


def no_run(request: Request, error: RunMissingError) -> HTMLResponse:
    """What a link to a run shows that is not here: the command that makes it, as far as its name tells."""
    regime, _, rest = error.run.partition(".")
    city = rest.split(".")[0]
    known = regime in {row["id"] for row in shelves.regime_rows()} and city in {
        row["id"] for row in shelves.city_rows()
    }
    command = f"counterscore run {regime} --city {city}" if known else "counterscore list runs"
    words = (
        "Links name runs by rule book, city and a digest of everything else. This makes a run of that rule book in that "
        "city; it has the same name where months, replicates, seed and assumptions are the same too."
        if known
        else "Its name does not tell what it was. Ask whoever sent the link for the command at the end of the page."
    )
    actions = (
        (Action("Set it up here", f"/run/new?regime={shelves.quoted(regime)}&city={shelves.quoted(city)}"),)
        if known
        else ()
    )
    state = State(
        "missing",
        f"The run {error.run} is not on this machine",
        f"{words} {error.suggestion}".strip(),
        (*actions, Action("All runs", "/runs")),
        command,
    )
    return state_page(request, state, status=404, trail=(RUNS,))
