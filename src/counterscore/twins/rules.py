"""Rules taken out one at a time: what a regime does because of each single rule."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from counterscore.errors import InputError, UsageError, did_you_mean
from counterscore.regime.found import copied
from counterscore.regime.grammar import ground_text
from counterscore.regime.model import Regime
from counterscore.regime.reform import apply, read_reform


@dataclass(frozen=True)
class RuleOut:
    """A regime without one rule. ``with_it`` names what had to go along because it stands on that rule.

    ``regime`` is None, with the reason in ``why_not``, where the rest would make no sense.
    """

    kind: str
    id: str
    label: str
    at: str
    with_it: tuple[str, ...]
    regime: Regime | None
    why_not: str = ""

    @property
    def reform(self) -> str:
        """The name of the change, as in the world's name."""
        return f"without-{self.id}"


@dataclass
class _Cut:
    """What goes when a rule goes."""

    remove: dict[str, None] = field(default_factory=dict)  # paths, in order
    set: dict[str, Any] = field(default_factory=dict)

    def changes(self) -> list[dict[str, Any]]:
        gone = tuple(f"{path}." for path in self.remove)
        sets = [{"set": path, "to": to} for path, to in self.set.items() if not path.startswith(gone)]
        return [*sets, *({"remove": path} for path in self.remove)]


def rules_out(regime: Regime, only: tuple[str, ...] = ()) -> Iterator[RuleOut]:
    """The regime without each of its rules in turn (rows, lists, doors; those of its stack too).

    ``only`` names the ids wanted; raises ``UsageError`` for one that no rule has. An id that stands in several
    rule books of the stack is taken out of all of them.
    """
    found = {(kind, id_): (label, at) for kind, id_, label, at in _rules(regime)}
    known = [id_ for _, id_ in found]
    for id_ in only:
        if id_ not in known:
            close = did_you_mean(id_, known)
            raise UsageError(
                f'no rule of {regime.id} is called "{id_}"',
                suggestion=f"Did you mean {close}?" if close else f"See: counterscore show {regime.id}",
            )
    for (kind, id_), (label, at) in found.items():
        if not only or id_ in only:
            yield _without(regime, kind, id_, label, at)


def _rules(regime: Regime) -> Iterator[tuple[str, str, str, str]]:
    for part in regime.stacked():
        for n, row in enumerate(part.catalogue):
            yield "catalogue", row.id, row.label, str(part.at("catalogue", n))
        for name, rule in part.lists.items():
            yield "lists", name, rule.label, str(part.at("lists", name))
        for n, door in enumerate(part.doors):
            yield "doors", door.id, f"{door.service} {door.effect}", str(part.at("doors", n))


def _without(regime: Regime, kind: str, id_: str, label: str, at: str) -> RuleOut:
    cut = _Cut()
    _take_out(regime, kind, id_, cut)
    with_it = tuple(path.split(".", 1)[1] for path in cut.remove if path != f"{kind}.{id_}")
    text = json.dumps(
        {
            "format": 1,
            "kind": "reform",
            "id": f"without-{id_}",
            "title": f"Without {label}",
            "changes": [*_entries(regime, cut), *cut.changes()],
        },
        ensure_ascii=False,
        indent=1,
    )
    try:
        changed = apply(regime, read_reform(text, name=f"without-{id_}.yaml"))
    except InputError as error:
        first = error.problems[0].message if error.problems else str(error)
        return RuleOut(kind, id_, label, at, with_it, None, first)
    return RuleOut(kind, id_, label, at, with_it, changed)


def _take_out(head: Regime, kind: str, id_: str, cut: _Cut) -> None:
    """Take one rule out of every rule book of a stack that has it, and all that stands on it."""
    path = f"{kind}.{id_}"
    if path in cut.remove:
        return
    cut.remove[path] = None
    for part in head.stacked():
        if kind == "catalogue" and any(row.id == id_ for row in part.catalogue):
            _take_from_lists(head, part, id_, cut)
        for door in part.doors:
            if (
                kind != "doors"
                and door.when.kind == {"catalogue": "record", "lists": "list"}[kind]
                and door.when.name == id_
            ):
                _take_out(head, "doors", door.id, cut)
        for row in part.catalogue:
            copy = copied(part, row, head.stacked()) if kind == "catalogue" else None
            copies_it = copy is not None and {one.id for one in copy.rows.values()} == {id_}
            if copies_it or (kind == "lists" and row.on_list == id_):
                _take_out(head, "catalogue", row.id, cut)


def _entries(regime: Regime, cut: _Cut) -> list[dict[str, Any]]:
    """What becomes of entries of sharing about rows that go: they name the rest, or go too where nothing is left."""
    gone = {path.removeprefix("catalogue.") for path in cut.remove if path.startswith("catalogue.")}
    out: list[dict[str, Any]] = []
    for part in regime.stacked():
        for entry in part.sharing or ():
            found = {row.id: copied(part, row, regime.stacked()) for row in part.catalogue}
            mine = {id_ for id_, copy in found.items() if copy and copy.entry.channel == entry.channel}
            if entry.origin is None or not mine & gone:
                continue
            where: dict[str, list[str]] = {"of": [entry.of], "from": [entry.origin]}
            where |= {name: list(given) for name, given in (("kinds", entry.kinds), ("rows", entry.rows)) if given}
            left = [name for name in entry.rows if name not in gone]
            change: dict[str, Any] = {"set": "sharing.*.rows", "to": left} if left else {"remove": "sharing.*"}
            change |= {"where": where, "of": [part.id]}
            if change not in out and (left or mine <= gone):
                out.append(change)
    return out


def _take_from_lists(head: Regime, part: Regime, id_: str, cut: _Cut) -> None:
    """A list loses the grounds that name the row; one without other grounds goes too."""
    for name, rule in part.lists.items():
        rest = [ground for ground in rule.enter if ground.row != id_]
        if not rest:
            _take_out(head, "lists", name, cut)
        elif len(rest) < len(rule.enter):
            cut.set[f"lists.{name}.enter"] = " or ".join(ground_text(one) for one in rest)
        if rule.extend and id_ in rule.extend.on:
            others = [one for one in rule.extend.on if one != id_]
            if others:
                cut.set[f"lists.{name}.extend.on"] = others
            else:
                cut.remove[f"lists.{name}.extend"] = None
