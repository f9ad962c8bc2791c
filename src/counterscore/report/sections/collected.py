"""Charts and files that whoever made the report chose for it, in their order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from counterscore.report._section import Report, Section


def _tell(report: Report) -> Mapping[str, Any] | None:
    if not report.collected:
        return None
    return {
        "figures": [one.figure(f"collected-{n}", report.template) for n, one in enumerate(report.collected, start=1)],
        "runs": [one.run.path.name for one in report.collected],
        "several": len(report.runs) > 1,
    }


SECTION = Section(id="collected", title="Collected for this report", order=13, tell=_tell, whole=True)
