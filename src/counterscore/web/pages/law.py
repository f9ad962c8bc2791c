"""A rule book read limb by limb against legal sources, as ``counterscore law`` reads it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from counterscore.laws import findings, territories, words
from counterscore.laws.source import home_of
from counterscore.web import shelves
from counterscore.web.rendering import Link, page

router = APIRouter()
LIBRARY = Link("Regimes", "/regimes")


@router.get("/regimes/{id_}/law")
def law(
    request: Request, id_: str, under: Annotated[list[str] | None, Query()] = None, as_of: str = "today"
) -> Response:
    """What the file of one rule book shows, what it does not show, and which facts are missing."""
    laboratory = request.app.state.laboratory
    book = shelves.find_regime(id_, laboratory.rules)
    home, _ = home_of(book.place, book.level, book.owner)
    names = under or ([home] if home else [])
    day = as_of.strip() or "today"
    annex = findings(book, under=under or (), as_of=day) if names else None
    return page(
        request,
        "law.html.jinja",
        title=f"Law: {book.title}",
        trail=(LIBRARY, Link(book.title, f"/regimes/{id_}")),
        id=id_,
        book=book,
        annex=annex,
        names=names,
        day=day,
        places={name: one.where for name, one in territories().items()},
        heading=words.heading(annex) if annex else (),
        found=[(one, words.result(one), words.on_what(one)) for one in annex or ()],
        asks=words.questions_open(annex) if annex else [],
        command=f"counterscore law {id_} --under {','.join(names)} --as-of {day}",
    )
