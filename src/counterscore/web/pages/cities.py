"""Cities: who lives there, how many, and where each figure comes from."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from counterscore.catalog import load_city_spec
from counterscore.web import shelves, work
from counterscore.web.laboratory import Laboratory
from counterscore.web.rendering import Link, page

router = APIRouter()
CITIES = Link("Cities", "/cities")


@router.get("/cities")
def cities(request: Request) -> Response:
    """The synthetic cities that come along."""
    return page(request, "cities.html.jinja", title="Cities", rows=shelves.city_rows())


@router.get("/cities/{id_}")
def city(request: Request, id_: str) -> Response:
    """One city: its published counts, how well the synthetic residents fit them, and who lives there."""
    laboratory: Laboratory = request.app.state.laboratory
    spec = load_city_spec(id_)
    return page(
        request,
        "city.html.jinja",
        title=str(spec["title"]),
        trail=(CITIES,),
        id=id_,
        about=str(spec.get("about", "")),
        sources=dict(spec.get("sources", {})),
        found=laboratory.desk.known(work.city, id_),
    )
