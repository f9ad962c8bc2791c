"""What the report can't say, before anything it does say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from counterscore.regime.explain import marks_in_words
from counterscore.report._section import Report, Reported, Section


def _tell(report: Report) -> Mapping[str, Any]:
    lines = [line for one in report.runs for line in _lines(one)]
    return {"lines": list(dict.fromkeys(lines))}


def _lines(one: Reported) -> list[str]:
    record = one.record
    assumed = sum(row["mark"] == "assumed" for row in record["assumptions"].values())
    lines = [
        "All residents are synthetic. Nothing here is a statement about a real person, and no result predicts a real place.",
        f"{assumed} of {len(record['assumptions'])} assumptions have no source and are set by this laboratory; each has a range. "
        "Ranges printed beside results cover chance and not these assumptions.",
    ]
    for world, regime in one.regimes:
        if world["name"] != one.run.baseline and not world["reforms"]:
            kind = "a scenario, not a documented rule" if regime.status == "scenario" else regime.status
            lines.append(f"{regime.title}: {marks_in_words(regime, whole=True)}; {kind}.")
    lines.append(
        "The report holds measures and findings; it gives no verdict such as fair or lawful. It is not legal advice."
    )
    if one.run.partial:
        of = len(one.run.worlds) * int(record["replays"])
        lines.append(f"This run is partial: {len(one.run.finished)} of {of} parts are finished.")
    return lines


SECTION = Section(id="limits", title="Limits, first", order=0, tell=_tell, whole=True)
