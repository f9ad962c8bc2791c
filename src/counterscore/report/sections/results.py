"""The charts of the results under their headings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from counterscore.report._section import Reported, Section
from counterscore.report.figures import chart_ids, widest_gaps

#: Charts under their headings; a chart that no section names comes last.
_HEADINGS = {
    "Lists": ("listed-over-time", "time-to-exit"),
    "Scores": ("score-spread", "score-fan", "grade-moves"),
    "Doors": ("doors", "doors-at-once"),
    "Spillover": ("spillover",),
    "Errors": ("error-ledger", "error-sources"),
    "Groups": ("group-gaps", "definitions", "thin-files"),
    "Data reach": ("reach",),
}
_MORE = "More"
_ELSEWHERE = frozenset(["reforms", "twins", "border", "life", "replays", "outcomes"])
#: Charts of the short templates: the first so many of these that there are.
_SHORT = ("listed-over-time", "doors", "error-ledger", "score-spread", "group-gaps")
_SHORT_MOST = 3


def _tell(one: Reported) -> Mapping[str, Any]:
    short = one.template in {"brief", "classroom"}
    wanted = [name for name in _SHORT if one.figures(name)][:_SHORT_MOST] if short else list(chart_ids())
    named = {name for names in _HEADINGS.values() for name in names}
    more = tuple(name for name in wanted if name not in named | _ELSEWHERE)
    groups = []
    for n, (title, names) in enumerate({**_HEADINGS, _MORE: more}.items(), start=1):
        figures = one.figures(*(name for name in names if name in wanted))
        if figures:
            groups.append({"id": f"{one.prefix}results-{n}", "title": title, "figures": figures})
    gaps = widest_gaps(one.run) if one.template == "assessment" else []
    return {"groups": groups, "gaps": gaps, "short": short}


def _parts(told: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    return () if told["short"] else [(group["id"], group["title"]) for group in told["groups"]]


SECTION = Section(id="results", title="Results", order=40, tell=_tell, parts=_parts)
