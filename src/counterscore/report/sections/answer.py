"""What a person reads first: the headlines of all worlds, and a sentence for each finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from counterscore import headlines, paired, wording
from counterscore.report._section import Reported, Section


def _tell(one: Reported) -> Mapping[str, Any]:
    run = one.run
    worlds = []
    for name in headlines.told_worlds(run):
        entry = next(world for world in run.record["worlds"] if world["name"] == name)
        others = paired.against(run, name)
        rows = [
            {
                "label": row.label,
                "value": row.value,
                "spread": row.spread,
                "unit": row.unit,
                "echo": row.echo,
                "gaps": [gap.text if (gap := row.difference_from(other)) else "" for other in others],
            }
            for row in headlines.rows(run, name)
        ]
        told = headlines.findings(run, name)
        worlds.append(
            {"name": name, "title": headlines.rules_in_words(entry), "others": others, "rows": rows, "findings": told}
        )
    return {
        "worlds": worlds,
        "together": _together(worlds) if len(worlds) > 1 else None,
        "cautions": headlines.cautions(run),
        "prose": headlines.prose(run),
        "range": wording.RANGE_IN_WORDS,
        "covers": wording.COVERS_DIFFERENCE,
    }


def _together(worlds: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], list[str]]:
    """One row a measure with a cell for each world, where there are several worlds."""
    rows: dict[tuple[str, str], list[str]] = {}
    for n, world in enumerate(worlds):
        for row in world["rows"]:
            cells = rows.setdefault((row["label"], row["unit"]), [""] * len(worlds))
            cells[n] = f"{row['value']} ({row['spread']})" if row["spread"] else row["value"]
    return rows


SECTION = Section(id="answer", title="Headlines", order=10, tell=_tell)
