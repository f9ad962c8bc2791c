"""What differs between two regimes, by id and field, in words and with the line that says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from counterscore.errors import Position
from counterscore.regime.grammar import DoorWhen, Entry, Term, ground_text
from counterscore.regime.model import Regime

_PROVENANCE = ("source", "mark", "borrowed")
#: Fields that are words about a rule: they change no result.
_WORDS = frozenset(
    {"title", "label", "about", "purpose", "note", "place", "status", "in_force", "version_of", "owner", "sources"}
    | {"source", "mark", "borrowed", "legal_basis", "relation_basis"}
    | {"decided", "youngest", "exceptions", "hearing", "objection", "review"}
)


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two regimes.

    ``part`` is the section ("catalogue", "lists", …), ``id`` the item in it or the section itself, ``field``
    what differs ("" where the whole item was added or removed). ``at`` is where the second regime says it, or the
    first where the second says nothing. ``affects`` is False where only words differ.
    """

    regime: str
    part: str
    id: str
    field: str
    kind: Literal["added", "removed", "changed"]
    old: str
    new: str
    at: Position
    affects: bool = True

    def __str__(self) -> str:
        what = f"{self.id} {self.field}".strip()
        change = self.kind if self.kind != "changed" else f"{self.old} -> {self.new}"
        return f"{what}  {change}  {self.at}" + ("" if self.affects else "  (words only)")


def difference(a: Regime, b: Regime) -> tuple[Change, ...]:
    """What differs from ``a`` to ``b``, their stacks included, in the order of ``b``'s parts.

    The heads are compared with each other whatever their ids; stacked regimes by id.
    """
    changes = list(_compare(a, b))
    ours, theirs = ({one.id: one for one in head.stacked()[1:]} for head in (a, b))
    for id_ in dict.fromkeys((*ours, *theirs)):
        if id_ in ours and id_ in theirs:
            changes += _compare(ours[id_], theirs[id_])
        else:
            kind: Literal["added", "removed"] = "added" if id_ in theirs else "removed"
            head = b if id_ in theirs else a
            changes.append(Change(head.id, "stack", id_, "", kind, "", "", head.at("stack")))
    return tuple(changes)


def in_words(b: Regime, changes: Sequence[Change]) -> str:
    """``2 rules differ, 26 same``, of the rules of ``b``; and, where it is so, that only words differ."""
    parts = ("catalogue", "lists", "doors", "sharing", "lending", "score", "rights")
    differ = {(one.regime, one.part, one.id) for one in changes if one.affects and one.part in parts}
    total = {
        (one.id, part, id_)
        for one in b.stacked()
        for part, ids in (
            ("catalogue", [row.id for row in one.catalogue]),
            ("lists", list(one.lists)),
            ("doors", [door.id for door in one.doors]),
            ("sharing", [entry.id for entry in one.sharing or ()]),
            ("lending", [rule.file for rule in one.lending]),
        )
        for id_ in ids
    }
    same = len(total - differ)
    found = f"{len(differ)} {'rule differs' if len(differ) == 1 else 'rules differ'}, {same} same"
    if changes and not any(one.affects for one in changes):
        found += "; only words differ, so results are the same"
    return found


def _compare(a: Regime, b: Regime) -> Iterator[Change]:
    for name, field in Regime.model_fields.items():
        key = field.alias or name
        if key in ("format", "id", "stack"):
            continue
        old, new = _shared(getattr(a, name), key), _shared(getattr(b, name), key)
        named = _items(old) is not None and _items(new) is not None
        yield from _values(_Pair(a, b, key, "" if named else key), old, new, (key,), (key,))


def _shared(value: Any, key: str) -> Any:
    """A rule book that does not speak of sharing shares everything, which is not the same as no entry."""
    return "everything" if key == "sharing" and value is None else value


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two regimes being compared, in one part, and in one of its items where it has items."""

    a: Regime
    b: Regime
    part: str
    id: str

    def change(self, kind: Any, field: str, old: str, new: str, at: Position) -> Change:
        affects = self.part != "level" and not any(step in _WORDS for step in (self.part, *field.split(".")))
        return Change(self.b.id, self.part, self.id, field, kind, old, new, at, affects)


_Path = tuple[str | int, ...]


def _values(pair: _Pair, old: Any, new: Any, at_a: _Path, at_b: _Path, field: str = "") -> Iterator[Change]:
    """The changes between two values that stand at ``at_a`` and ``at_b`` of their files."""
    if isinstance(old, BaseModel) and isinstance(new, BaseModel):
        for name, info in type(new).model_fields.items():
            key = info.alias or name
            if key not in ("id", "occupation", "file"):
                was, now = _said(old, name), _said(new, name)
                yield from _values(pair, was, now, (*at_a, key), (*at_b, key), f"{field}.{key}".strip("."))
        return
    items_a, items_b = _items(old), _items(new)
    if items_a is not None and items_b is not None and (items_a or items_b):
        for name in dict.fromkeys((*items_a, *items_b)):
            inner = _Pair(pair.a, pair.b, pair.part, name) if not pair.id else pair
            below = f"{field}.{name}".strip(".") if pair.id else field
            if name not in items_b:
                yield inner.change("removed", below, "", "", pair.a.at(*at_a, items_a[name][0]))
            elif name not in items_a:
                yield inner.change("added", below, "", "", pair.b.at(*at_b, items_b[name][0]))
            else:
                (n, was), (m, now) = items_a[name], items_b[name]
                yield from _values(inner, was, now, (*at_a, n), (*at_b, m), below)
        return
    before, after = _text(old), _text(new)
    if before != after:
        at = pair.b.at(*at_b) if new is not None else pair.a.at(*at_a)
        yield pair.change("changed", field, before, after, at)


def _said(model: BaseModel, name: str) -> Any:
    """A field's value; the word unknown where the file says so, which is not the same as nothing."""
    value = getattr(model, name)
    return "unknown" if value is None and name in model.model_fields_set else value


def _items(value: Any) -> dict[str, tuple[str | int, Any]] | None:
    """Name → (step, item) for a mapping of ids or a list of items with names; None for other values."""
    if isinstance(value, dict):
        return {key: (key, item) for key, item in value.items()}
    if isinstance(value, tuple) and all(isinstance(one, BaseModel) for one in value):
        for key in ("id", "occupation", "severity", "file"):
            if all(hasattr(one, key) for one in value):
                return {getattr(one, key): (index, one) for index, one in enumerate(value)}
    return None


_IN_WORDS: dict[type, Callable[[Any], str]] = {
    bool: lambda found: "yes" if found else "no",
    Term: lambda found: found.text,
    DoorWhen: lambda found: f"{found.kind} {found.name}" + ("" if found.reach == "exactly" else f" or {found.reach}"),
    float: lambda found: f"{found:g}",
}


def _text(value: Any) -> str:
    """A value in the words of a rule book."""
    if value is None or value == "" or value == ():
        return "nothing"
    if type(value) in _IN_WORDS:
        return _IN_WORDS[type(value)](value)
    if isinstance(value, Entry):
        return ground_text(value)
    if isinstance(value, tuple):
        joint = " or " if isinstance(value[0], Entry) else ", "
        return joint.join(_text(one) for one in value)
    if isinstance(value, BaseModel):
        fields = ((info.alias or name, _said(value, name)) for name, info in type(value).model_fields.items())
        said = [f"{key} {_text(one)}" for key, one in fields if key not in _PROVENANCE and one not in (None, "", ())]
        return f"({', '.join(said)})"
    return str(value)
