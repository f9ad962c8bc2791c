"""Who a life file is about: what a regime can see of the subject, and what it cannot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from counterscore.city import COLUMNS, FIRM_COLUMNS, Column
from counterscore.city.generations import FAMILY_NAMES, UNKNOWN
from counterscore.engine import layout
from counterscore.reliving import History, Stage
from counterscore.results import Run
from counterscore.results.ids import Who, who_id
from counterscore.results.run import GENERATION


def seen_and_latent(stage: Stage, who: Who, history: History) -> tuple[dict[str, str], dict[str, str]]:
    """What a regime can see at the start, and what it cannot."""
    run = stage.run
    headed = (
        ", ".join(who_id(run, Who(*one)) for one in history.headed_by(who.number % GENERATION))
        if who.subject == "residents"
        else ""
    )
    if who.subject == "residents":
        person = run.person(who.number)
        seen, latent = _columns(run, COLUMNS, person, {})
        if "family_name" in person:  # runs of earlier versions tell of no families
            seen["family name"] = FAMILY_NAMES[int(person["family_name"])]
            mother = int(person["mother"])
            seen |= {} if mother == UNKNOWN else {"mother": who_id(run, Who("residents", mother))}
        seen = seen | {"represents": headed} if headed else seen
        return seen | _office(run, history, who.number % GENERATION), latent
    head = who_id(run, Who("residents", history.head_of(who.number, who.subject)))
    if who.subject == "firms":
        firms = stage.city.spec.firms
        seen, latent = _columns(
            run,
            FIRM_COLUMNS,
            run.organisation("firms", who.number),
            {"sector": (*firms.sector_names,) if firms else ()},
        )
        return seen | {"head": head}, latent
    body = run.organisation("bodies", who.number, history.world, history.replay)
    district = run.record["city"]["districts"][body["district"]]
    return {"kind": layout.BODY_KINDS[body["kind"]], "district": district, "led by": head}, {}


def _office(run: Run, history: History, number: int) -> dict[str, str]:
    """The own file of an official in this world: bodies led and when, own record, promotions asked for and refused."""
    led = [(body, since, until) for subject, body, since, until in history.terms(number) if subject == "bodies"]
    if not led:
        return {}
    names = [
        f"{who_id(run, Who('bodies', body))} from month {since}" + (f" to {until}" if until != layout.NEVER else "")
        for body, since, until in led
    ]
    files = history.organisations["bodies"].officials
    mine = np.flatnonzero(files["resident"] == number)
    own = ", ".join(f"{files['own'][at] / layout.SCALE:+.3g}" for at in mine)
    asked, held = (int(files[name][mine].sum()) for name in ("asked", "held"))
    return {
        "leads": "; ".join(names),
        "own record as an official": f"{own} points",
        "promotions": f"asked for {asked}, refused by a door or the assessment {held}",
    }


def _columns(
    run: Run, columns: Sequence[Column], row: dict[str, Any], named: dict[str, Sequence[str]]
) -> tuple[dict[str, str], dict[str, str]]:
    seen: dict[str, str] = {}
    latent: dict[str, str] = {}
    for column in columns:
        code = int(row[column.name])
        names = (
            run.record["city"]["districts"] if column.name == "district" else named.get(column.name, column.categories)
        )
        value = names[code] if names else in_units_of_people(code, column.unit)
        (seen if column.observable else latent)[column.name.replace("_", " ")] = value
    return seen, latent


#: Units that tables count in, and what people say instead: how many of theirs one is, and their name.
_SAID_AS = {
    "tens of yuan a month": (10.0, "yuan a month"),
    "thousand yuan": (1000.0, "yuan"),
    "half-months of spending": (0.5, "months of spending"),
    "0 to 255": (100 / 255, "of 100"),
}


def in_units_of_people(code: float, unit: str) -> str:
    """A stored number as people say it.

    >>> in_units_of_people(739, "tens of yuan a month"), in_units_of_people(9, "half-months of spending")
    ('7,390 yuan a month', '4.5 months of spending')
    >>> in_units_of_people(60, "0 to 255"), in_units_of_people(26, "years")
    ('24 of 100', '26 years')
    """
    times, said = _SAID_AS.get(unit, (1.0, unit))
    value = code * times
    return f"{round(value):,} {said}" if times != 0.5 else f"{value:,g} {said}"
