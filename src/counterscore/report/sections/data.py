"""The tables of the charts on paper, and where all rows are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from counterscore.report._section import LONG, Reported, Section

#: Charts whose numbers stand in the drawing, or are told elsewhere: on paper only where there is room for all.
_WRITTEN = frozenset(["spillover", "reach", "grade-moves", "error-ledger", "life"])


def _tell(one: Reported) -> Mapping[str, Any]:
    figures = [figure for figure in one.drawn() if one.template == "research" or figure.chart not in _WRITTEN]
    return {"figures": figures, "worlds": len(one.run.worlds), "replays": len(one.run.replays())}


SECTION = Section(id="data", title="Data", order=80, tell=_tell, templates=LONG)
