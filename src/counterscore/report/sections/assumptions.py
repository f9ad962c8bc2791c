"""Which assumptions move or flip the answers to the claims."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from counterscore.report._section import LONG, Report, Section
from counterscore.report.figures import figures_of


def _tell(report: Report) -> Mapping[str, Any] | None:
    told = []
    for n, found in enumerate(report.claims, start=1):
        told += [(found.claim.text, one) for one in figures_of(found, "what-moves-it", report.template, f"claim{n}-")]
    return {"claims": told} if told else None


SECTION = Section(
    id="assumptions", title="What moves the answers", order=61, tell=_tell, templates=(*LONG, "classroom"), whole=True
)
