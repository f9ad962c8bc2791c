"""Claims that were tested, with who said them and what they can't show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from counterscore import wording
from counterscore.report._section import Report, Section


def _tell(report: Report) -> Mapping[str, Any] | None:
    if not report.claims:
        return None
    return {"claims": [{"found": one, "each": wording.replicates(one.replays)} for one in report.claims]}


SECTION = Section(id="claims", title="Claims tested", order=15, tell=_tell, whole=True)
