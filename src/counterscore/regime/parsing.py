"""A YAML text as the events of a parser, each with its marks: fast where nothing is wrong, and else with good reasons.

libyaml reads a text some twelve times as fast as a parser in Python does, but says less well what is wrong with one. So
what it reads to the end is taken from it, and everything else is read again by ruamel.yaml, which decides and whose
reasons the messages are made of. Both give the same events for the same text; they are told apart by nobody.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

import ruamel.yaml.events as slow
import yaml
from ruamel.yaml import YAML

#: Kinds of events, whichever parser they are of.
DOCUMENT_STARTS = (slow.DocumentStartEvent, yaml.DocumentStartEvent)
SCALARS = (slow.ScalarEvent, yaml.ScalarEvent)
ALIASES = (slow.AliasEvent, yaml.AliasEvent)
MAPPING_STARTS = (slow.MappingStartEvent, yaml.MappingStartEvent)
SEQUENCE_STARTS = (slow.SequenceStartEvent, yaml.SequenceStartEvent)
MAPPING_ENDS = (slow.MappingEndEvent, yaml.MappingEndEvent)
SEQUENCE_ENDS = (slow.SequenceEndEvent, yaml.SequenceEndEvent)

_FAST = getattr(yaml, "CSafeLoader", None)  #: missing where PyYAML was built without libyaml
#: What the two read differently: tabs, lines of nothing but spaces, anchors, aliases and tags, directives, comments that
#: touch the sign of a block of text, quoted keys that touch their value, and line breaks of YAML 1.1. Few rule books
#: have any of it, and most of it is refused.
_READ_DIFFERENTLY = re.compile(
    "[\t\x85\u2028\u2029\ufeff]|^ +\r?$|^%|(?:^|[\\s,:\\[{-])[&*!]\\S|[|>][-+0-9]*\\s*#|[\"']:\\S", re.MULTILINE
)


def events(text: str, most: int) -> Iterator[Any]:
    """The events of ``text``. One of more than ``most`` events is never held whole; whoever reads stops in time."""
    if _FAST is not None and not _READ_DIFFERENTLY.search(text):
        try:
            found = list(itertools.islice(yaml.parse(text, Loader=_FAST), most + 1))
        except (yaml.YAMLError, ValueError):
            found = []
        if found and len(found) <= most:
            return iter(found)
    return iter(YAML(typ="safe", pure=True).parse(text))
