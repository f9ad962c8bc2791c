"""The evidence tray: what was collected, in order, kept in one small file beside the runs."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Literal

from counterscore.errors import RunError, UsageError
from counterscore.web.laboratory import Laboratory

Kind = Literal["run", "chart", "life", "claim"]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that was collected. ``run`` is empty for an answer to a claim, ``what`` names it within the run."""

    kind: Kind
    run: str
    what: str
    title: str
    address: str
    preview: bool = False


def items(laboratory: Laboratory) -> list[Item]:
    """What was collected, in order; what cannot be read is left out."""
    try:
        return [Item(**one) for one in json.loads(laboratory.tray.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):
        return []


def add(laboratory: Laboratory, item: Item) -> None:
    """Put something last, unless it is there already."""
    if not item.address.startswith("/") or item.address.startswith("//"):
        raise UsageError("what is collected is a page of this laboratory")
    found = items(laboratory)
    if item not in found:
        _keep(laboratory, [*found, item])


def remove(laboratory: Laboratory, at: int) -> None:
    """Take one thing out."""
    found = items(laboratory)
    _keep(laboratory, [*found[:at], *found[at + 1 :]] if 0 <= at < len(found) else found)


def move(laboratory: Laboratory, at: int, by: int) -> None:
    """Move one thing up or down; at the ends it stays."""
    found = items(laboratory)
    to = at + by
    if 0 <= at < len(found) and 0 <= to < len(found):
        found.insert(to, found.pop(at))
        _keep(laboratory, found)


def _keep(laboratory: Laboratory, found: list[Item]) -> None:
    try:
        laboratory.aside.mkdir(parents=True, exist_ok=True)
        part = laboratory.tray.with_suffix(".part")
        part.write_text(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1), encoding="utf-8")
        part.replace(laboratory.tray)
    except OSError as error:
        raise RunError(f"the tray was not kept: {error.strerror}", suggestion="Make room on the disk.") from None
