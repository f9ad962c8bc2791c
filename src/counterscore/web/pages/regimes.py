"""Rule books: the library, one of them read with its sources, two of them compared."""

from __future__ import annotations

import re
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from counterscore import lessons
from counterscore.catalog import load_regime, regime_folder, regime_ids, regime_text, review_status
from counterscore.regime import noticing, words
from counterscore.regime.difference import difference, in_words
from counterscore.regime.explain import sentences
from counterscore.regime.model import Regime
from counterscore.web import shelves, work
from counterscore.web.desk import Working
from counterscore.web.laboratory import Laboratory
from counterscore.web.rendering import Action, Link, State, page

router = APIRouter()
MENU = Link("Regimes", "/regimes", 20)
LIBRARY = Link("Regimes", "/regimes")
_PATIENCE = 0.3  #: seconds that it waits for its first figures, which then come by themselves
KINDS = ("points", "lists", "matchmaking", "lending", "records", "none")


@router.get("/regimes")
def library(request: Request, q: str = "", kind: str = "", about: str = "") -> Response:
    """All rule books, filtered by words, kind and whom they are about."""
    laboratory = request.app.state.laboratory
    rows = [
        row
        for row in shelves.regime_rows()
        if (not q or q.lower() in f"{row['id']} {row['title']} {row['place']}".lower())
        and (not kind or kind in row["kind"].split(" (")[0].split(", "))
        and (not about or row["subjects"] == about)
    ]
    nothing = State(
        "empty", "No rule book is like that", "The filter leaves none over.", (Action("Show all", "/regimes"),)
    )
    return page(
        request,
        "regimes.html.jinja",
        title="Regimes",
        rows=rows,
        own=shelves.own_rows(laboratory.rules),
        folder=laboratory.rules,
        q=q,
        kind=kind,
        about=about,
        kinds=KINDS,
        states=() if rows else (nothing,),
    )


@router.get("/regimes/diff")
def diff(request: Request, a: str = "", b: str = "") -> Response:
    """Two rule books, rule by rule."""
    laboratory = request.app.state.laboratory
    ids = [*regime_ids(), *shelves.own_files(laboratory.rules)]
    if not a or not b:
        return page(
            request,
            "regimes_diff.html.jinja",
            title="Two rule books compared",
            trail=(LIBRARY,),
            ids=ids,
            a=a,
            b=b,
            found=None,
        )
    one, other = (shelves.find_regime(id_, laboratory.rules) for id_ in (a, b))
    changes = difference(one, other)
    return page(
        request,
        "regimes_diff.html.jinja",
        title="Two rule books compared",
        trail=(LIBRARY,),
        ids=ids,
        a=a,
        b=b,
        found=in_words(other, changes),
        changes=changes,
        titles=_titles(one) | _titles(other),
    )


def _titles(found: Regime) -> dict[tuple[str, str], str]:
    """What rules and lists are called, by part and id."""
    return {("catalogue", row.id): row.label for row in found.catalogue} | {
        ("lists", id_): rule.label for id_, rule in found.lists.items()
    }


@router.get("/regimes/{id_}")
def regime(request: Request, id_: str) -> Response:
    """One rule book, read with the source of every number."""
    laboratory = request.app.state.laboratory
    found = shelves.find_regime(id_, laboratory.rules)
    known = id_ in regime_ids()
    expected = _expected(laboratory, id_) if known else {}
    return page(
        request,
        "regime.html.jinja",
        title=found.title,
        trail=(LIBRARY,),
        id=id_,
        regime=found,
        known=known,
        contents=words.contents(found),
        marks=words.tally_in_words([number for one in found.stacked() for number in one.numbers()]),
        level=words.level(found),
        review=review_status(id_) if known else "own file",
        parts_of=[(one, _told(one)) for one in found.stacked()],
        notable=noticing.notable(found),
        expected=expected,
        expected_rows=[
            (one["label"], one["unit"], f"{one['now']} {one['spread']}".strip()) for one in expected.get("rows", ())
        ],
        reforms=shelves.reforms_for(id_, laboratory.rules),
        lessons=[one for one in map(lessons.load_lesson, lessons.lesson_ids()) if _uses(one, id_)],
        siblings=[other for other in (found.version_of, *_versions(id_)) if other],
        notes=_notes(id_) if known else [],
    )


def _expected(laboratory: Laboratory, id_: str) -> dict[str, Any]:
    """First figures of a rule book that comes along, worked out once for this program; empty while it is at it."""
    try:
        found: dict[str, Any] = laboratory.desk.known(
            work.preview, regime_text(id_), id_, laboratory.rules, "", patience=_PATIENCE
        )
    except Working:
        return {}
    return found


def _uses(lesson: lessons.Lesson, id_: str) -> bool:
    return any(one.city is not None and one.city.regime == id_ for one in lesson.steps)


def _versions(id_: str) -> list[str]:
    """Rule books that are another version of this one."""
    return [one for one in regime_ids() if one != id_ and load_regime(one).version_of == id_]


def _told(regime: Regime) -> list[tuple[str, list[tuple[int, str]]]]:
    """The rule book in sentences, under headings: (heading, [(depth, sentence)])."""
    parts: list[tuple[str, list[tuple[int, str]]]] = [("", [])]
    for line in sentences(regime)[1:]:
        if not line:
            continue
        depth = (len(line) - len(line.lstrip())) // 2
        if depth == 0:
            parts.append((line, []))
        else:
            parts[-1][1].append((depth, line.strip()))
    return [part for part in parts if part[1]]


def _notes(id_: str) -> list[tuple[str, str]]:
    """The notes on a rule book, point by point: what it is about, and the text."""
    file = regime_folder(id_) / "notes.md"
    if not file.is_file():
        return []
    points: list[str] = []
    for line in file.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            points.append("")
        elif line.startswith("- ") or not points or not points[-1]:
            points.append(line.removeprefix("- "))
        else:
            points[-1] += f" {line.strip()}"
    found = (re.fullmatch(r"(?:\*\*(.+?)\*\*)?(.*)", text) for text in points if text)
    return [(one[1] or "", one[2].strip()) for one in found if one]
