"""Files of residents, picked by a rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from counterscore.report._section import Reported, Section


def _tell(one: Reported) -> Mapping[str, Any] | None:
    figures = one.figures("life")
    return {"figures": figures} if figures else None


SECTION = Section(
    id="lives", title="Files of residents", order=55, tell=_tell, templates=("research", "assessment", "brief")
)
