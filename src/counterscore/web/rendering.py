"""Pages from templates: what every page has, and the states in which a page can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal
from urllib.parse import urlencode

import jinja2
from fastapi import Request
from fastapi.responses import HTMLResponse

from counterscore import discovery, wording
from counterscore.lessons import sheet
from counterscore.machine import version
from counterscore.web.laboratory import Laboratory

PAGES = "counterscore.web.pages"
#: The tabs of a figure: what stands in an address, and what it is called.
TABS = {"chart": "Chart", "table": "Table", "how": "How to read", "download": "Download"}

#: The states of a page with results; ``state.html.jinja`` draws each, tests reach each.
Kind = Literal[
    "empty",
    "not applicable",
    "preview",
    "queued",
    "running",
    "working",
    "partial",
    "stale",
    "failed",
    "cancelled",
    "missing",
    "too small",
]


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a navigation or breadcrumb; ``order`` is its place among others."""

    label: str
    address: str
    order: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """A page about a run: what it is called beside the others, the last part of its address, and its place."""

    label: str
    name: str
    order: int


@dataclass(frozen=True, slots=True)
class Action:
    """What one can do in a state: a link, or with ``post`` a button that changes something."""

    label: str
    address: str
    post: bool = False
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """A state that takes the place of results, or (preview, partial, stale) stands above them.

    ``title`` says in one line what is so, ``words`` why and what is kept, ``command`` what to type instead,
    ``details`` what can be copied (an error as the command line prints it).
    """

    kind: Kind
    title: str
    words: str = ""
    actions: tuple[Action, ...] = ()
    command: str = ""
    details: str = ""
    again: bool = False


def page(
    request: Request,
    template: str,
    *,
    title: str,
    status: int = 200,
    trail: Sequence[Link] = (),
    states: Sequence[State] = (),
    **context: Any,
) -> HTMLResponse:
    """The page made of ``template``. ``trail`` leads to it from the start; ``states`` stand above its content."""
    laboratory: Laboratory = request.app.state.laboratory
    text = (
        environment()
        .get_template(template)
        .render(
            request=request,
            path=request.url.path,
            title=title,
            trail=trail,
            states=states,
            menu=menu(),
            token=laboratory.token,
            version=version(),
            unknown=_unknown(request),
            tray=laboratory.tray_size(),
            lan=bool(laboratory.key),
            **context,
        )
    )
    return HTMLResponse(text, status)


def state_page(
    request: Request, state: State, *, title: str = "", status: int = 200, trail: Sequence[Link] = ()
) -> HTMLResponse:
    """A page that holds nothing but a state."""
    return page(
        request, "state_page.html.jinja", title=title or state.title, status=status, trail=trail, states=(state,)
    )


@cache
def menu() -> tuple[Link, ...]:
    """The first level of the navigation: the ``MENU`` of each module of pages that offers one."""
    return tuple(sorted(discovery.offered(PAGES, "MENU"), key=lambda one: one.order))


@cache
def sections() -> tuple[Section, ...]:
    """The pages about a run: the ``SECTIONS`` of each module of pages that offers some."""
    found = [one for some in discovery.offered(PAGES, "SECTIONS") for one in some]
    return tuple(sorted(found, key=lambda one: one.order))


def _unknown(request: Request) -> list[str]:
    """Parts of the address that mean nothing to the page; they are ignored, and said to be."""
    route = request.scope.get("route")
    taken = {name for one in _query_of(getattr(route, "dependant", None)) for name in _names(one)} | {"view"}
    return sorted({name for name in request.query_params if name not in taken})


def address(request: Request, **changes: str) -> str:
    """The address of the page with parts of its query changed; an empty one is left out."""
    query = {**request.query_params, **changes}
    text = urlencode({name: value for name, value in query.items() if value})
    return request.url.path + (f"?{text}" if text else "")


def tab(request: Request, figure: str) -> str:
    """Which tab of a figure is open: ``view=table`` is for all of a page, ``view=doors:table`` for one."""
    asked = request.query_params.get("view", "")
    named = dict(part.split(":", 1) for part in asked.split(",") if ":" in part)
    found = named.get(figure, asked if ":" not in asked else "")
    return found if found in TABS else "chart"


def with_tab(request: Request, figure: str, to: str) -> str:
    """The value of ``view`` with one figure's tab changed."""
    asked = request.query_params.get("view", "")
    parts = [part for part in asked.split(",") if ":" in part and not part.startswith(f"{figure}:")]
    return ",".join([*parts, f"{figure}:{to}"])


def _names(field: Any) -> set[str]:
    """What a parameter is called in an address; a model of parameters stands for its fields."""
    kind = field.field_info.annotation
    return set(kind.model_fields) if hasattr(kind, "model_fields") else {field.alias}


def _query_of(dependant: Any) -> list[Any]:
    if dependant is None:
        return []
    return [*dependant.query_params, *(one for part in dependant.dependencies for one in _query_of(part))]


@cache
def environment() -> jinja2.Environment:
    """Where templates are found; everything that is put into one is text, never markup."""
    made = jinja2.Environment(
        loader=jinja2.ChoiceLoader([jinja2.PackageLoader("counterscore.web"), sheet.TEMPLATES]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    made.globals |= {"address": address, "tab": tab, "with_tab": with_tab, "TABS": TABS}
    made.filters["combine"] = lambda one, other: {**one, **other}
    made.filters["replicates"] = wording.replicates
    made.filters["thousands"] = lambda number: f"{number:,}"
    return made
