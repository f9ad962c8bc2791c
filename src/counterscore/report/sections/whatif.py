"""What other worlds change, and what another border would."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from counterscore.report._section import LONG, Reported, Section


def _tell(one: Reported) -> Mapping[str, Any] | None:
    figures = one.figures("reforms", "twins", "border")
    return {"figures": figures} if figures else None


SECTION = Section(id="whatif", title="What if", order=50, tell=_tell, templates=LONG)
