"""What a path of a change names in a rule book."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from counterscore.regime.grammar import Duration, Entry, Term
from counterscore.regime.model import Regime, type_at
from counterscore.regime.nodes import Node
from counterscore.regime.reform.bare import bare

#: Lists whose items have a name of their own, and the key that holds it.
NAMED = {
    "catalogue": "id",
    "doors": "id",
    "grades": "id",
    "dimensions": "id",
    "prominence": "grade",
    "sharing": "of",
    "lending": "file",
    "scrutiny": "occupation",
    "rules": "severity",
}


def takes_items(path: Sequence[str]) -> bool:
    """True for a list of items, such as doors, and for a new name in a mapping of them, such as lists.new-id."""
    found = type_at(Regime, path)
    if get_origin(type_at(Regime, path[:-1])) is dict:
        return path[-1] != "*"
    item = get_args(found)[0] if get_origin(found) is tuple else None
    return isinstance(item, type) and issubclass(item, BaseModel)


def names_at(node: Node, path: Sequence[str]) -> list[str]:
    """What the items of a part are called: their keys, or what the key that names them holds."""
    if isinstance(node.value, dict):
        return list(node.value)
    key = NAMED.get(path[-1] if path else "", "")
    return [str(child.value[key].value) for child in node.value if isinstance(child.value, dict) and key in child.value]


def nodes_at(root: Node, path: Sequence[str], where: Mapping[str, Any] | None = None) -> list[Node]:
    """Every node at ``path``; of the items at its first "*" only those that fit ``where``."""
    found = [root]
    for n, step in enumerate(path):
        found = [child for node in found for _, child in steps_of(node, step, path[:n], where)]
    return found


def steps_of(
    node: Node, step: str, above: Sequence[str], where: Mapping[str, Any] | None = None
) -> Iterator[tuple[str | int, Node]]:
    """The children of ``node`` that ``step`` names, with their key or index."""
    chosen = where if where and "*" not in above else {}
    if isinstance(node.value, dict):
        keys = list(node.value) if step == "*" else [step] if step in node.value else []
        yield from ((key, node.value[key]) for key in keys if step != "*" or fits(node.value[key], chosen, above))
    elif isinstance(node.value, list):
        key = NAMED.get(above[-1] if above else "", "")
        for index, child in enumerate(node.value):
            name = child.value.get(key) if isinstance(child.value, dict) else None
            if (step == "*" and fits(child, chosen, above)) or (name is not None and name.value == step):
                yield index, child


def mappings_in(part: Node | None, name: str) -> Iterator[tuple[str | int, dict[str, Node]]]:
    """The items of ``part`` that have fields; an earlier change may have put anything else in their place."""
    for key, one in steps_of(part, "*", (name,)) if part is not None else ():
        if isinstance(one.value, dict):
            yield key, one.value


def fits(item: Node, where: Mapping[str, Any], above: Sequence[str]) -> bool:
    """Whether an item has the values that ``where`` asks for; what it does not say has the default of the model."""
    if not isinstance(item.value, dict):
        return not where
    model = type_at(Regime, (*above, "*"))
    for key, wanted in where.items():
        if key in item.value:
            found = bare(item.value[key].plain())
        else:
            fields = {field.alias or name: field for name, field in model.model_fields.items()}
            found = fields[key].default if key in fields else None
        options = wanted if isinstance(wanted, list) else [wanted]
        mine = found if isinstance(found, list | tuple) else [found]
        if not any(one in options for one in mine):
            return False
    return True


def takes_numbers(path: Sequence[str]) -> bool:
    """True where a number, a length of time or a border may stand, which then needs a source."""
    found = type_at(Regime, path)
    return found in (int, float, Duration, Term) or get_args(found)[:1] == (Entry,)
