"""The words of a report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from counterscore.report._section import Report, Section

_WORDS = (
    ("baseline", "the world that differences are taken from"),
    ("door", "a service a rule affects: closed, narrowed, slowed, priced or opened"),
    ("echo", "a result that repeats one input, in part or wholly"),
    ("listed", "on at least one list or order that closes doors"),
    ("record", "something written down about a resident; it may be untrue"),
    ("refused", "tried and turned away by a door"),
    ("replicate", "the same city lived through again with other chance events"),
    ("world", "one rule book, or none, applied to one city"),
    (
        "wrongly listed",
        "in fact: through a record of what did not happen or was someone else's; by the rule: against the rule book's own rule; spread: touched through another person",
    ),
)


def _tell(report: Report) -> Mapping[str, Any]:
    return {"words": _WORDS}


SECTION = Section(
    id="glossary", title="Words", order=99, tell=_tell, templates=("research", "assessment", "classroom"), whole=True
)
