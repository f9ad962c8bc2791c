"""From a file to nodes: YAML 1.2 where every key, item and value knows its line and column.

The file may come from anybody. Its size, encoding, depth and number of values are limited before memory
or time is spent on them; anchors, tags and several documents are refused; nothing in it is evaluated.
"""

from __future__ import annotations

from counterscore.regime.nodes.node import Node, flatten, tree
from counterscore.regime.nodes.persons import START
from counterscore.regime.nodes.reading import read_nodes
from counterscore.regime.nodes.text import MOST_BYTES, read_text

__all__ = ["MOST_BYTES", "START", "Node", "flatten", "read_nodes", "read_text", "tree"]
