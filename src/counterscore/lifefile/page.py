"""A life file as one HTML page: no scripts, no network, readable on paper and at 320 pixels."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import jinja2

from counterscore.engine import layout
from counterscore.lifefile.life import Life
from counterscore.lifefile.lived import LivedWorld, fields_of
from counterscore.lifefile.timeline import LEGEND, draw, shape

#: Outcomes that the page compares between worlds, where both have them; the JSON holds all.
_COMPARED = (
    "records",
    "untrue_records",
    "rule_wrong_records",
    "unrecorded",
    "misconduct",
    "good_deeds",
    "lawful_acts",
    "months_listed",
    "wrong_factual",
    "wrong_rule",
    "wrong_spread",
    "doors_most",
    "months_unable",
    "attempts",
    "refused",
    "refused_else",
    "waited",
    "appeals",
    "appeals_won",
    "ties_lost",
    "debt",
    "arrears_months",
    "job_losses",
    "door_job_losses",
    "cash",
    "owed",
    "wage_months",
    "closed_months",
    "head_months",
    "contracts_due",
    "contracts_kept",
    "contracts_broken",
    "promises_due",
    "promises_kept",
    "promises_broken",
    "pressed",
)


def page(life: Life, *, command: str = "") -> str:
    """The page as text. ``command`` is printed as the way to make it again."""
    drawing = draw(life)
    return _template().render(
        life=life,
        limits=life.limits,
        svg=drawing.svg,
        summary=drawing.summary,
        legend=[(_icon(kind), words) for kind, words in LEGEND],
        worlds=[_world(one) for one in life.worlds],
        compared=_compared(life),
        scale=layout.SCALE,
        command=command,
        replays=int(life.run.record["replays"]),
        digest=life.run.digest()[0],
        version=life.run.record["software"]["counterscore"],
    )


def _world(one: LivedWorld) -> dict[str, Any]:
    cited = dict.fromkeys(event.source for event in one.events if event.rule)
    sources = {text: number for number, text in enumerate(cited, start=1)}
    return {"of": one, "sums": list(one.sums()), "lists": one.stays(), "doors": one.doors(), "sources": sources}


def _icon(kind: str) -> str:
    return f'<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">{shape(kind, 8, 8)}</svg>'


def _compared(life: Life) -> list[dict[str, Any]]:
    """One row for each outcome: its value in each world, and its difference from the first to the last."""
    about = {field.name: field for field in fields_of(life.whose.subject)}
    made = [one.outcomes() for one in life.worlds]
    return [
        {
            "meaning": about[name].meaning.replace(" (stops at 255)", ""),
            "unit": about[name].unit,
            "values": [one[name] for one in made],
            "differences": [made[0][name] - one[name] for one in made[1:]],
        }
        for name in _COMPARED
        if name in about and all(name in one for one in made)
    ]


@cache
def _template() -> jinja2.Template:
    text = resources.files("counterscore.lifefile").joinpath("life.html.jinja").read_text(encoding="utf-8")
    return jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(text)
