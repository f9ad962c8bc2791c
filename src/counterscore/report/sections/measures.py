"""All measures of all worlds, by topic."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from counterscore import headlines, wording
from counterscore.paired import Difference
from counterscore.report._section import LONG, Reported, Section


def _tell(one: Reported) -> Mapping[str, Any]:
    run = one.run
    worlds = headlines.told_worlds(run)
    topics: dict[str, dict[str, dict[str, Any]]] = {}
    for world in worlds:
        for topic, rows in headlines.by_topic(run, world).items():
            for row in rows:
                measure = topics.setdefault(topic, {}).setdefault(
                    row.of.id,
                    {
                        "question": row.of.question,
                        "unit": row.unit,
                        "limits": row.of.limits,
                        "echo": row.echo,
                        "cells": dict.fromkeys(worlds),
                    },
                )
                gaps = [(gap.baseline, _short(gap)) for gap in row.differences if gap.text]
                gaps = gaps if one.template == "research" else gaps[-1:]  # a reform's from what it reforms
                measure["cells"][world] = {"value": row.found.text, "gaps": gaps, "note": row.found.note}
    return {"worlds": worlds, "topics": topics, "range": wording.RANGE_IN_WORDS}


def _short(gap: Difference) -> str:
    """A difference without how many more replicates would be needed, which fills the page."""
    return wording.difference(gap.value, gap.low, gap.high, n=gap.n_replays, same=gap.same)


SECTION = Section(id="measures", title="All measures", order=45, tell=_tell, templates=LONG)
