"""Sources and marks of numbers, in a rule book and in a reform."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from counterscore.errors import Findings, Position, quoted
from counterscore.quantity import Document, Mark, Number
from counterscore.quantity import Path as DataPath
from counterscore.regime.checks._case import Case, undefined, unknown
from counterscore.regime.model import Regime, type_at


def check_sources(document: Document, model: type[BaseModel], findings: Findings) -> None:
    """Every number needs a source that exists and a mark that fits it, in a regime and in a reform."""
    listed = document.data.get("sources")
    listed = listed if isinstance(listed, dict) else {}
    sources = {id_: document.at(("sources", id_), key=True) for id_ in listed}
    kinds = {id_: one.get("kind") for id_, one in listed.items() if isinstance(one, dict)}
    for path, node in _mappings(document.data, ()):
        if path[:1] != ("sources",):
            _source_of(document, path, node, sources, findings)
    resting: dict[str, int] = {}
    lacking: dict[tuple[str, DataPath], list[Number]] = {}
    for number in document.numbers():
        if type_at(model, number.path) is None:
            continue  # below a key that is told as unknown
        lacks = "source" if number.source is None else "mark" if number.mark is None else None
        if lacks and not _inherits(document.data, number.path, lacks):
            lacking.setdefault((lacks, _item(number.path)), []).append(number)
        elif number.mark is Mark.VERIFIED and kinds.get(number.source) == "assumption" and number.value is not None:
            findings.problem(
                number.at,
                f"{number.value:g} cannot be verified in {quoted(number.source)}, which is an assumption",
                "Write mark: assumed, or name the source it was read in.",
            )
        if number.source is not None and number.mark not in (Mark.ASSUMED, None):
            resting[number.source] = resting.get(number.source, 0) + 1
    for (lacks, _), numbers in lacking.items():
        first = "unknown" if numbers[0].value is None else f"{numbers[0].value:g}"
        more = len(numbers) - 1
        what = f"{first} has" if not more else f"{first} and {more} more of this item have"
        findings.problem(numbers[0].at, f"{what} no {lacks}", _ADVICE[lacks])
    for id_, count in resting.items():
        if kinds.get(id_) == "news":
            rest = "1 number rests" if count == 1 else f"{count} numbers rest"
            findings.warning(
                sources[id_],
                f"source {quoted(id_)} is a news report, and {rest} on it alone; rule text not found",
                "Name the rule text where it can be read.",
            )


_MARKS_IN_WORDS = ", ".join(Mark)
_ADVICE = {
    "source": "Add source: (an id of sources) and mark: to it or its item; else nobody can check it.",
    "mark": f"Add mark: {_MARKS_IN_WORDS}.",
}
_NUMBER_KEYS = ("value", "unit", "range", "source", "mark", "borrowed", "note")


def _source_of(
    document: Document,
    path: DataPath,
    node: dict[str, Any],
    sources: Mapping[str, Position],
    findings: Findings,
) -> None:
    source, mark = node.get("source"), node.get("mark")
    if isinstance(source, str) and source not in sources:
        undefined(findings, document.at((*path, "source")), "no source is called", source, sources)
    if isinstance(mark, str) and mark not in set(Mark):
        at = document.at((*path, "mark"))
        unknown(findings, at, "no mark is called", mark, [*Mark], f"Marks: {_MARKS_IN_WORDS}.")
    for key in node if "value" in node else ():
        if key not in _NUMBER_KEYS:
            at = document.at((*path, key), key=True)
            unknown(findings, at, "a number has no", key, _NUMBER_KEYS, f"It may have: {', '.join(_NUMBER_KEYS)}.")


def _item(path: DataPath) -> DataPath:
    """The part of a path that names the item a number belongs to."""
    return path[:1] if path[0] == "score" else path[:2]


def _inherits(data: Any, path: DataPath, key: str) -> bool:
    """True where the number or something around it has ``key``, even if what it says is no use."""
    node = data
    for step in path:
        if isinstance(node, dict) and key in node:
            return True
        node = node[step]
    return isinstance(node, dict) and key in node


def check_regime_sources(case: Case) -> None:
    """Sources and marks of the whole rule book, and a source for every row, list and door."""
    check_sources(case.document, Regime, case.findings)
    for part in ("catalogue", "doors", "lists"):
        for path, item in case.items(part):
            if "source" not in item:
                what = {"catalogue": "row", "doors": "door", "lists": "list"}[part]
                at = case.key(*path) if part == "lists" else case.at(*path)
                case.findings.warning(at, f"this {what} has no source", "Add source: and mark: to it.")


def _mappings(node: Any, path: DataPath) -> Iterator[tuple[DataPath, dict[str, Any]]]:
    if isinstance(node, dict):
        yield path, node
        for key, value in node.items():
            yield from _mappings(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _mappings(value, (*path, index))
