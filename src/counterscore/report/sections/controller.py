"""In the controller's words: what was answered in the questionnaire, question by question, with ✎ where nothing was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from counterscore.assessment import QUESTIONS
from counterscore.report import law
from counterscore.report._section import Report, Section


def _tell(report: Report) -> Mapping[str, Any] | None:
    if not any(text.strip() for text in report.notes.values()):
        return None
    return {
        "answers": [
            (one.heading, one.field, [part for part in report.notes.get(one.id, "").splitlines() if part.strip()])
            for one in QUESTIONS
        ],
        "to_write": law.TO_WRITE,
    }


SECTION = Section(
    id="controller", title="In the controller's words", order=14, tell=_tell, templates=("assessment",), whole=True
)
