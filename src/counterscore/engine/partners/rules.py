"""The plan's fields of the private side: weighted scores, consent, perks and prominence as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from counterscore.catalog.assume import Assumptions
from counterscore.engine import addresses
from counterscore.engine.fixed import Q32, q8, q32
from counterscore.engine.layout import (
    MAX_ASKING,
    MAX_ATTRIBUTES,
    MAX_BANDS,
    MAX_DIMENSIONS,
    MAX_GRADES,
    MAX_SCHEMES,
    SCALE,
)
from counterscore.errors import InputError, Problem
from counterscore.regime.model import SHOWN, Door, Part, Regime, Row, Shown
from counterscore.regime.vocabulary import ATTRIBUTES

Ints = npt.NDArray[np.int64]
_ATTRIBUTE = {one.id: k for k, one in enumerate(ATTRIBUTES)}
_AGES = ("minors", "to-29", "to-44", "to-59", "60-on")
_FILES = ("none", "thin", "full")
_YEAR = 12


def private_rules(
    scored: Sequence[Regime],
    asking: Sequence[Regime],
    rows: Sequence[tuple[int, Row]],
    doors: Sequence[Door],
    stack: Sequence[Regime],
    assumptions: Assumptions,
    *,
    meeting: bool,
) -> tuple[dict[str, Any], dict[str, int]]:
    """Arrays and scalars of the plan. ``scored`` are the schemes in order, ``asking`` the same and after them those that
    have no score and ask for consent; ``rows`` stand each with its place in ``asking``, or -1.

    Raises ``InputError`` where a dimension is made of more attributes than the engine holds.
    """
    fields = _dimensions(scored) | _rows(asking, rows) | _adoption(asking, assumptions)
    private = next((s for s, one in enumerate(scored) if one.owner == "private"), -1)
    scalars = {
        "asks": int(any(one.participation != "mandatory" for one in asking)),
        "dimensions": int(fields["scheme_dimensions"].sum()),
        "shown_scheme": private,
        **_shown(scored[private].shown if private >= 0 else None),
        "prominent_scheme": -1,
        "meeting": int(meeting or any(one.partners for one in stack)),
        "partners_gap": 0,
    }
    weighted = any(one.score is not None and one.score.dimensions for one in scored)
    saves = any(door.saves is not None for door in doors)
    scalars["private"] = int(weighted or saves or private >= 0 or scalars["asks"])
    score = scored[private].score if private >= 0 else None
    if score is not None:
        span = (score.ceiling or 0) - (score.floor or 0)
        scalars["partners_gap"] = round(assumptions["partners.gap"] * span * SCALE)
    fields["prominence"] = np.full(MAX_GRADES + 1, Q32, np.int64)
    for regime in stack:
        if regime.partners:
            scalars["prominent_scheme"] = [one.id for one in scored].index(regime.partners.by)
            fields["prominence"] = _prominence(regime, scored, assumptions)
    return fields, scalars


def _shown(rule: Shown | None) -> dict[str, int]:
    """To whom the private score is shown; to nobody where its rule book does not say."""
    return {
        "shown_friends": SHOWN.index(rule.friends) if rule else 0,
        "shown_mates": SHOWN.index(rule.mates) if rule else 0,
    }


def _dimensions(scored: Sequence[Regime]) -> dict[str, Any]:
    count, known = np.zeros(MAX_SCHEMES, np.int64), np.zeros(MAX_SCHEMES, np.int64)
    start, weight, friends = (np.zeros((MAX_SCHEMES, MAX_DIMENSIONS), np.int64) for _ in range(3))
    first = np.zeros((MAX_SCHEMES, MAX_DIMENSIONS + 1), np.int64)
    what, bands = (np.zeros(MAX_SCHEMES * MAX_ATTRIBUTES, np.int64) for _ in range(2))
    floors, gives = (np.zeros((MAX_SCHEMES * MAX_ATTRIBUTES, MAX_BANDS), np.int64) for _ in range(2))
    at = 0
    for s, regime in enumerate(scored):
        dimensions = regime.score.dimensions if regime.score else ()
        count[s], known[s] = len(dimensions), count.sum()
        first[s, :] = at
        for d, one in enumerate(dimensions):
            start[s, d], weight[s, d] = one.start * SCALE, one.weight or 0
            friends[s, d] = any(part.friends for part in one.parts)
            for part in one.parts:
                if not part.attribute:
                    continue
                table = _table(part)
                if at >= len(what) or len(table) > MAX_BANDS:
                    raise InputError(
                        [
                            Problem(
                                position=regime.at("score", "dimensions", d),
                                message=f"more than {MAX_ATTRIBUTES} attributes, or than {MAX_BANDS} bands of one",
                                suggestion="Take some out.",
                            )
                        ]
                    )
                what[at], bands[at] = _ATTRIBUTE[part.attribute], len(table)
                for b, (floor, given) in enumerate(table):
                    floors[at, b], gives[at, b] = floor, given * SCALE
                at += 1
            first[s, d + 1 :] = at
    return {
        "scheme_dimensions": count,
        "scheme_known": known,
        "dimension_start": start,
        "dimension_weight": weight,
        "dimension_friends": friends,
        "attribute_start": first,
        "attribute_what": what,
        "attribute_bands": bands,
        "attribute_from": floors,
        "attribute_gives": gives,
    }


def _table(part: Part) -> list[tuple[int, int]]:
    """From which code or amount on an attribute gives how much."""
    if part.bands:
        return [(band.floor, band.gives) for band in part.bands]
    categories = ATTRIBUTES[_ATTRIBUTE[part.attribute or ""]].categories
    return [(code, part.values.get(name) or 0) for code, name in enumerate(categories)]


def _rows(asking: Sequence[Regime], rows: Sequence[tuple[int, Row]]) -> dict[str, Any]:
    count = max(1, len(rows))
    dimension, consent = np.full(count, -1, np.int64), np.zeros(count, np.int64)
    for k, (s, row) in enumerate(rows):
        if s < 0:
            continue
        score = asking[s].score
        for d, one in enumerate(score.dimensions if score else ()):
            if any(row.id in part.records for part in one.parts):
                dimension[k] = d
        if asking[s].participation != "mandatory" and asking[s].without_consent == "no records":
            consent[k] = 1 << s
    return {"row_dimension": dimension, "row_consent": consent}


def _adoption(asking: Sequence[Regime], assumptions: Assumptions) -> dict[str, Any]:
    asks, begin, join, perks = (np.zeros(MAX_ASKING, np.int64) for _ in range(4))
    hashes = np.zeros(MAX_ASKING, np.uint64)
    for s, regime in enumerate(asking):
        hashes[s] = addresses.of_consent(regime)
        perks[s] = q8(1.0)
        if regime.participation == "mandatory":
            continue
        kind = regime.participation if regime.participation == "consent" else regime.owner
        worth = sum((d.saves or 0) * _YEAR * assumptions.get(f"services.{d.service}.need", 0.0) for d in regime.doors)
        asks[s] = 1
        begin[s] = q32(assumptions[f"adoption.{kind}.begin"])
        join[s] = q32(assumptions[f"adoption.{kind}.join"])
        perks[s] = q8(1 + assumptions["adoption.perk"] * min(1.0, worth / assumptions["adoption.perk_whole"]))
    return {
        "scheme_asks": asks,
        "scheme_begin": begin,
        "scheme_join": join,
        "scheme_perks": perks,
        "scheme_hash": hashes,
        "adoption_age": np.array(
            [q8(assumptions.get(f"adoption.age.{name}", 0.0)) for name in _AGES], np.int64
        ),  # minors join nothing
        "adoption_file": np.array([q8(assumptions[f"adoption.file.{name}"]) for name in _FILES], np.int64),
    }


def _prominence(regime: Regime, scored: Sequence[Regime], assumptions: Assumptions) -> Ints:
    """The share of profiles of each grade that are let pass: the most prominent all, the others in proportion."""
    assert regime.partners
    by = next(one for one in scored if one.id == regime.partners.by)
    assert by.score
    times = dict.fromkeys((grade.id for grade in by.score.grades), 1.0)
    for shown in regime.partners.prominence:
        times[shown.grade] = assumptions["partners.prominence"] if shown.times is None else shown.times
    most = max([1.0, *times.values()])
    share = np.full(MAX_GRADES + 1, q32(1 / most), np.int64)
    for band, span in enumerate(by.score.spans()):
        if span.grade is not None:
            share[band] = q32(times[by.score.grades[span.grade].id] / most)
    return share
