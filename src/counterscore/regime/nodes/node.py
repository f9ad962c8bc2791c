"""A value with its place, and a document as a tree of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from counterscore.errors import Position
from counterscore.quantity import Document
from counterscore.quantity import Path as DataPath


@dataclass(slots=True)
class Node:
    """A value with its place. ``value`` is a leaf, a list of nodes, or a dict of nodes."""

    value: Any
    at: Position
    keys: dict[str, Position] = field(default_factory=dict)

    def plain(self) -> Any:
        """The same without positions."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


def tree(document: Document) -> Node:
    """The nodes of a document, for changing it."""

    def grow(data: Any, path: DataPath) -> Node:
        at = document.at(path)
        if isinstance(data, dict):
            keys = {key: document.at((*path, key), key=True) for key in data}
            return Node({key: grow(value, (*path, key)) for key, value in data.items()}, at, keys)
        if isinstance(data, list):
            return Node([grow(value, (*path, index)) for index, value in enumerate(data)], at)
        return Node(data, at)

    return grow(document.data, ())


def flatten(root: Node) -> tuple[dict[DataPath, Position], dict[DataPath, Position]]:
    """Path → position of every value, and of every key."""
    values: dict[DataPath, Position] = {}
    keys: dict[DataPath, Position] = {}

    def walk(node: Node, path: DataPath) -> None:
        values[path] = node.at
        for key, at in node.keys.items():
            keys[(*path, key)] = at
        for step, child in children(node):
            walk(child, (*path, step))

    walk(root, ())
    return values, keys


def children(node: Node) -> Iterator[tuple[str | int, Node]]:
    """Keys or places, and the nodes there; nothing below a leaf."""
    if isinstance(node.value, dict):
        yield from node.value.items()
    elif isinstance(node.value, list):
        yield from enumerate(node.value)
