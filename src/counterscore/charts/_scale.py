"""One scale for drawings that are looked at side by side: the same length is the same number in each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

Spec = dict[str, Any]
_PARTS = ("vconcat", "hconcat", "concat", "layer")


def on_one_scale(spec: Spec, others: Sequence[Spec]) -> None:
    """Widen the axes of numbers in ``spec`` so that they hold what the same axes of ``others`` hold.

    All are drawings of one chart. An axis whose view the others do not have, such as that of a further list, stays.
    """
    theirs = [dict(_views(one)) for one in others]
    for place, (view, data) in _views(spec):
        for channel in ("x", "y"):
            same = [(view, data), *(found[place] for found in theirs if place in found)]
            ends = [end for one, rows in same if (end := _ends(one, channel, rows)) is not None]
            if len(ends) == len(same) > 1:
                domain = [min(low for low, _ in ends), max(high for _, high in ends)]
                for encoding in _encodings(view, channel):
                    given = encoding.get("scale", {})
                    encoding["scale"] = {**given, "domain": domain, "nice": "domain" not in given}


def _views(node: Spec, place: str = "", data: Sequence[Spec] = ()) -> Iterator[tuple[str, tuple[Spec, Sequence[Spec]]]]:
    """The views of a specification with their rows, by where they stand in it: layers of one are one."""
    rows = node.get("data", {}).get("values", data)
    if "mark" in node or "layer" in node:
        yield place, (node, rows)
        return
    for part in _PARTS:
        for k, one in enumerate(node.get(part, ())):
            yield from _views(one, f"{place}/{part}{k}", rows)


def _encodings(view: Spec, channel: str) -> Iterator[Spec]:
    """How a channel is drawn in a view and its layers, where it is a number that stands in the rows."""
    found = view.get("encoding", {}).get(channel, {})
    if (
        found.get("type") == "quantitative"
        and not {"aggregate", "bin", "stack"} & found.keys()
        and found.get("axis", 1)
    ):
        yield found
    for layer in view.get("layer", ()):
        yield from _encodings(layer, channel)


def _ends(view: Spec, channel: str, data: Sequence[Spec]) -> tuple[float, float] | None:
    """From where to where an axis goes: as it says itself, or as its rows make it; None where there is none."""
    found = list(_encodings(view, channel))
    said = next((one["scale"]["domain"] for one in found if len(one.get("scale", {}).get("domain", ())) == 2), None)
    if said is not None:
        return float(said[0]), float(said[1])
    rows = view.get("data", {}).get("values", data)
    fields = {one["field"] for one in found if "field" in one} | set(_second(view, channel))
    values = [float(row[field]) for row in rows for field in fields if isinstance(row.get(field), int | float)]
    if not values:
        return None
    zero = [0.0] if any(one.get("scale", {}).get("zero") for one in found) else []
    return min([*values, *zero]), max([*values, *zero])


def _second(view: Spec, channel: str) -> Iterator[str]:
    field = view.get("encoding", {}).get(f"{channel}2", {}).get("field")
    if field:
        yield field
    for layer in view.get("layer", ()):
        yield from _second(layer, channel)
