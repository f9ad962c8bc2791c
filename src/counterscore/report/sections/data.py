"""The tables of the charts on paper, and where all rows are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from counterscore.report._section import LONG, Reported, Section


def _tell(one: Reported) -> Mapping[str, Any]:
    return {"figures": one.drawn(), "worlds": len(one.run.worlds), "replays": len(one.run.replays())}


SECTION = Section(id="data", title="Data", order=80, tell=_tell, templates=LONG)
