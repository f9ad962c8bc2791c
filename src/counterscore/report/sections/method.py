"""How it was done, after the ODD protocol, and the sources used; the annex has the measures in a table already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from counterscore import odd
from counterscore.report._section import LONG, Reported, Section


def _tell(one: Reported) -> Mapping[str, Any]:
    found: dict[tuple[str, str], tuple[str, str, str, str]] = {}
    for _, regime in one.regimes:
        for part in regime.stacked():
            for source in part.sources.values():
                found[source.title, source.kind] = (source.title, source.kind, source.address, part.id)
    return {
        "method": odd.sections(one.record, measures=one.template != "assessment"),
        "sources": sorted(found.values()),
    }


SECTION = Section(id="method", title="Method", order=70, tell=_tell, templates=LONG)
