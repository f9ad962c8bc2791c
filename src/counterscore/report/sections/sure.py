"""How far chance and assumptions reach."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from counterscore import headlines
from counterscore.report._section import Reported, Section


def _tell(one: Reported) -> Mapping[str, Any]:
    short = one.template == "classroom"
    echoes = {
        row.label for world in headlines.told_worlds(one.run) for row in headlines.rows(one.run, world) if row.echo
    }
    return {"figures": one.figures(*(("outcomes",) if short else ("replays", "outcomes"))), "echoes": sorted(echoes)}


SECTION = Section(id="sure", title="How sure", order=60, tell=_tell, templates=("research", "assessment", "classroom"))
