"""The rule books of a run, read again from the texts in its record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from counterscore.regime.model import Regime
from counterscore.regime.read import parse_regime, read_document
from counterscore.regime.reform import apply, read_reform


def regime_of(world: Mapping[str, Any]) -> Regime:
    """A world of a run record as a regime, with its stack and reforms, from the texts in the record."""
    parts: dict[str, Regime] = {}
    texts = {part["id"]: part["files"] for part in world["parts"]}

    def find(id_: str) -> Regime:
        if id_ not in parts:
            files = texts[id_]
            name = next(iter(files))
            parts[id_] = parse_regime(read_document(files[name], name=name), find=find)
        return parts[id_]

    head = find(world["parts"][0]["id"])
    for files in texts.values():
        for name, text in list(files.items())[1:]:
            reform = read_reform(text, name=name)
            if reform.id in world["reforms"] and reform.id not in head.reforms:
                head = apply(head, reform)
    return head
