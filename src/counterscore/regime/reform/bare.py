"""Bare values of a part of a file: without sources and marks, as a size, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic_core import PydanticCustomError

from counterscore.regime.grammar import Duration, read_duration
from counterscore.regime.nodes import Node

PROVENANCE = ("source", "mark", "borrowed")


def unwrapped(node: Node) -> Any:
    """The bare value of a node or of ``{value: …}``."""
    if isinstance(node.value, dict) and "value" in node.value:
        return node.value["value"].value
    return node.value


def size_of(found: Any) -> Duration | int | float | None:
    """A length of time or a number; None for anything else."""
    if isinstance(found, Mapping):
        found = found.get("value")
    if isinstance(found, bool) or found is None:
        return None
    if isinstance(found, int | float):
        return found
    try:
        return read_duration(found)
    except PydanticCustomError:
        return None


def months_of(size: Duration | int | float | None) -> int:
    """Months of a length of time; 0 of anything else."""
    return size.months if isinstance(size, Duration) else 0


def number_of(size: Duration | int | float | None) -> float:
    """The number; 0 of a length of time."""
    return float(size) if isinstance(size, int | float) else 0.0


def bare(data: Any) -> Any:
    """Plain data without sources, marks and notes: what can change a result."""
    if isinstance(data, dict):
        if "value" in data:
            return bare(data["value"])
        left = {key: bare(value) for key, value in data.items() if key not in (*PROVENANCE, "note", "sources")}
        return {key: value for key, value in left.items() if value not in ({}, [])}
    if isinstance(data, list):
        return [bare(one) for one in data]
    return data
