"""The rule books of a run, read again from the texts in its record."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from counterscore.regime.model import Regime
from counterscore.regime.read import parse_regime, read_document
from counterscore.regime.reform import apply, read_reform


def regime_of(world: Mapping[str, Any]) -> Regime:
    """A world of a run record as a regime, with its stack and reforms, from the texts in the record."""
    parts = tuple((part["id"], tuple(part["files"].items())) for part in world["parts"])
    return _read_regime(parts, tuple(world["reforms"]))


@lru_cache(maxsize=16)
def _read_regime(told: tuple[tuple[str, tuple[tuple[str, str], ...]], ...], reforms: tuple[str, ...]) -> Regime:
    """Rule books, each with its files, and the reforms of the first; reading them takes a second or more."""
    parts: dict[str, Regime] = {}
    texts = {id_: dict(files) for id_, files in told}

    def find(id_: str) -> Regime:
        if id_ not in parts:
            files = texts[id_]
            name = next(iter(files))
            parts[id_] = parse_regime(read_document(files[name], name=name), find=find)
        return parts[id_]

    head = find(told[0][0])
    for files in texts.values():
        for name, text in list(files.items())[1:]:
            reform = read_reform(text, name=name)
            if reform.id in reforms and reform.id not in head.reforms:
                head = apply(head, reform)
    return head
