"""For a class: the answers to the questions of the page before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from counterscore import wording
from counterscore.report._section import Reported, Section
from counterscore.report.sections.predict import asked


def _tell(one: Reported) -> Mapping[str, Any] | None:
    found = asked(one)
    return {"answers": found, "world": one.run.worlds[0], "range": wording.RANGE_IN_WORDS} if found else None


SECTION = Section(id="answers", title="What came out", order=9, tell=_tell, templates=("classroom",))
