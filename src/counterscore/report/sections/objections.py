"""What somebody may say against the result, and the answer, or that there is none here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from counterscore.report._section import Reported, Section
from counterscore.results import Run


def _tell(one: Reported) -> Mapping[str, Any]:
    return {"objections": _objections(one.run)}


def _objections(run: Run) -> list[tuple[str, str]]:
    """The commonest objections, answered by a world of this run or marked as not answered."""
    record = run.record
    off = not record["switches"]["errors"]
    error = record["assumptions"]["errors.untrue"]
    reforms = [world["name"] for world in record["worlds"] if world["reforms"]]
    return [
        (
            "Your error rate is invented.",
            "Records cannot be wrong in this run."
            if off
            else f"It is an assumption: {error['value']:g} ({error['low']:g} to {error['high']:g}) {error['unit']}. Measures that follow it are "
            f"marked echo. Run again with yours: counterscore run {run.worlds[0]} --set errors.untrue=…",
        ),
        (
            "Nobody knows of the scheme or uses its points.",
            f"At the start {record['assumptions']['response.awareness']['value']:.0%} of adults know of it; with responses switched off "
            "(--responses off) nobody reacts. "
            + (
                "This run is one without responses."
                if not record["switches"]["responses"]
                else "Not answered by this run."
            ),
        ),
        (
            "Your city is not ours.",
            "Not answered here. Take another city (--city) or write its counts: counterscore help city.",
        ),
        (
            "The rules have changed since.",
            f"Worlds with reforms in this run: {', '.join(reforms)}."
            if reforms
            else "Not answered by this run. Add one: --also expiry-24mo.",
        ),
    ]


SECTION = Section(
    id="objections", title="Objections", order=65, tell=_tell, templates=("research", "assessment", "brief")
)
