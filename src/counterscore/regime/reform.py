"""Reforms: files of differences, applied to a regime. What differs between two regimes: ``difference``.

A reform changes the plain data of a regime, which is then read and checked again like any file. What a
reform changed keeps its place in the reform's file, so that traces and messages cite the right line.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, Field, PrivateAttr
from pydantic_core import PydanticCustomError

from counterscore.errors import Findings, Position, did_you_mean, quoted
from counterscore.quantity import Document
from counterscore.regime.checks import check_sources, unknown
from counterscore.regime.difference import Change, difference, in_words
from counterscore.regime.grammar import (
    Duration,
    Entry,
    Term,
    ground_text,
    plain_number,
    read_duration,
    read_enter,
    read_term,
    read_when,
    shown,
)
from counterscore.regime.model import Regime, Rights, Source, fields_at, type_at
from counterscore.regime.model._values import Frozen
from counterscore.regime.nodes import Node, flatten, tree
from counterscore.regime.read import read_document, rebuilt, validate
from counterscore.regime.vocabulary import BOUND, Subject

__all__ = ["Change", "Edit", "Reform", "apply", "difference", "in_words", "read_reform"]

_VERBS = ("set", "at_most", "multiply", "remove", "add")
_COMPANION = {"set": "to", "at_most": "to", "multiply": "by", "remove": None, "add": "item"}
#: Parts of a regime that a reform may change.
_PARTS = (
    "adopted",
    "authorities",
    "catalogue",
    "score",
    "lists",
    "doors",
    "sharing",
    "lending",
    "scrutiny",
    "assessment",
    "partners",
    "shown",
    "rights",
)
#: Lists whose items have a name of their own, and the key that holds it.
_NAMED = {
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
_PROVENANCE = ("source", "mark", "borrowed")


class Edit(Frozen):
    """One change: exactly one of ``set``, ``at_most``, ``multiply``, ``remove``, ``add`` names its path.

    ``where`` takes only those items at the first "*" of the path whose fields have these values (or one of several;
    a field that is a list must share one). ``needs`` names a part that a rule book must have to be changed, such as
    ``score``, or ``public residents score`` to leave private ones and those about others alone. ``of`` names the rule books that are changed, by id.
    """

    set: str | None = None
    at_most: str | None = None
    multiply: str | None = None
    remove: str | None = None
    add: str | None = None
    to: Any = None
    by: Annotated[float | None, BeforeValidator(plain_number)] = None
    item: dict[str, Any] | None = None
    where: dict[str, Any] | None = None
    needs: str | None = None
    of: tuple[str, ...] = ()
    source: str | None = None
    mark: str | None = None
    borrowed: str | None = None
    note: str = ""

    @property
    def verb(self) -> str:
        """The one word of the five that is used."""
        return next(verb for verb in _VERBS if getattr(self, verb) is not None)

    @property
    def path(self) -> tuple[str, ...]:
        """What is changed, in steps; "*" stands for every item."""
        return tuple(str(getattr(self, self.verb)).split("."))

    def __str__(self) -> str:
        where = ".".join(self.path)
        only = [f"{key} is {_alternatives(wanted)}" for key, wanted in (self.where or {}).items()]
        if self.needs:
            only.append(f"the rule book has: {self.needs}")
        if self.of:
            only.append(f"the rule book is {' or '.join(self.of)}")
        limits = f", where {' and '.join(only)}" if only else ""
        match self.verb:
            case "set":
                return f"{where} becomes {_plain_words(self.to)}{limits}"
            case "at_most":
                return f"{where} is at most {_plain_words(self.to)}{limits}"
            case "multiply":
                return f"{where} is multiplied by {self.by:g}{limits}"
            case "remove":
                return f"{where} is removed{limits}"
        return f"{where} gains {_plain_words(self.item)}{limits}"


def _alternatives(wanted: Any) -> str:
    """``closed or narrowed``; ``not said`` for a text that is empty."""
    options = wanted if isinstance(wanted, list) else [wanted]
    return " or ".join("not said" if one == "" else shown(one) if not isinstance(one, str) else one for one in options)


def _plain_words(found: Any) -> str:
    """Plain data in one line, without sources."""
    if isinstance(found, Mapping):
        if "value" in found:
            return _plain_words(found["value"])
        return ", ".join(f"{key} {_plain_words(value)}" for key, value in found.items() if key not in _PROVENANCE)
    if isinstance(found, list):
        return ", ".join(f"({_plain_words(one)})" if isinstance(one, Mapping) else _plain_words(one) for one in found)
    return found if isinstance(found, str) else shown(found)


class Reform(Frozen):
    """A file of differences that can be applied to any regime.

    ``binds`` names the levels of the rule books that it changes: national, provincial, city, private; all where it
    is left out. A rule book that does not say its level is bound by every reform.
    """

    format: Literal[1]
    kind: Literal["reform"]
    id: str
    title: str
    about: str = ""
    binds: tuple[str, ...] = ()
    sources: dict[str, Source] = Field(default_factory=dict)
    changes: tuple[Edit, ...]

    _document: Document = PrivateAttr(default_factory=Document.empty)

    def bind(self, regime: Regime) -> bool:
        """Whether it may change ``regime``, by the level of that rule book; what is stacked aside."""
        return not self.binds or regime.bound_as in (None, *self.binds)

    def unbound(self, regime: Regime) -> tuple[Regime, ...]:
        """The rule books of ``regime``'s stack that it leaves alone because of their level."""
        return tuple(one for one in regime.stacked() if not self.bind(one))

    @property
    def document(self) -> Document:
        """The file as plain data with positions."""
        return self._document


def read_reform(source: Path | str, *, name: str | None = None) -> Reform:
    """Read a reform from a file (``Path``) or its text. Raises ``InputError`` with every mistake."""
    document = read_document(source, kind="reform", name=name)
    reform = validate(document, Reform)
    reform._document = document
    findings = Findings(document.line)
    for index, level in enumerate(reform.binds):
        if level not in BOUND:
            at, known = document.at(("binds", index)), f"Levels: {', '.join(BOUND)}."
            unknown(findings, at, "no level is called", level, BOUND, known)
    if not reform.changes:
        findings.problem(document.at(("changes",)), "this reform has no changes", "Add one, or remove the file.")
    for index, edit in enumerate(reform.changes):
        _check_edit(document, index, edit, findings)
    check_sources(document, Reform, findings)
    findings.raise_problems()
    return reform


def _check_edit(document: Document, index: int, edit: Edit, findings: Findings) -> None:
    here = ("changes", index)
    verbs = [verb for verb in _VERBS if getattr(edit, verb) is not None]
    if len(verbs) != 1:
        found = f"found {' and '.join(verbs)}" if verbs else "found none"
        findings.problem(
            document.at(here), f"a change is one of {', '.join(_VERBS)}; {found}", "Write one change per item."
        )
        return
    companion = _COMPANION[edit.verb]
    for key in ("to", "by", "item"):
        given = getattr(edit, key) is not None
        if given and key != companion:
            findings.problem(document.at((*here, key), key=True), f"{key} does not go with {edit.verb}", "Remove it.")
        elif not given and key == companion:
            findings.problem(document.at((*here, edit.verb), key=True), f"{edit.verb} needs {key}", f"Add {key}: …")
    _check_path(document, index, edit, findings)
    _check_limits(document, index, edit, findings)
    if edit.verb == "at_most" and edit.to is not None and _size(edit.to) is None:
        at = document.at((*here, "to"))
        findings.problem(
            at, f"at_most needs a length of time or a number, found {shown(edit.to)}", "Write for example: 24 months."
        )


def _check_limits(document: Document, index: int, edit: Edit, findings: Findings) -> None:
    """``where`` needs items to choose among and fields that they have; ``needs`` a part of a rule book."""
    here = ("changes", index)
    if edit.needs is not None and (
        edit.needs.split()[-1:] not in [[part] for part in _PARTS]
        or not set(edit.needs.split()[:-1]) <= {"public", "private", *get_args(Subject)}
    ):
        at = document.at((*here, "needs"))
        parts = ", ".join(_PARTS)
        findings.problem(at, f"a rule book has no part {quoted(edit.needs)}", f"It may be: {parts}, or public score.")
    if edit.where is None:
        return
    if "*" not in edit.path:
        at = document.at((*here, "where"), key=True)
        findings.problem(at, "where chooses among items, and this path names one", "Write * for the item.")
        return
    known = fields_at(Regime, edit.path[: edit.path.index("*") + 1])
    for key in edit.where:
        if key not in known:
            at = document.at((*here, "where", key), key=True)
            close = did_you_mean(key, known)
            hint = f"Did you mean {close}?" if close else f"It may be: {', '.join(known)}."
            findings.problem(at, f"these items have no {quoted(key)}", hint)


def _check_path(document: Document, index: int, edit: Edit, findings: Findings) -> None:
    """Each step of a path must be one that a regime can have; ids are looked for when it is applied."""
    place = ("changes", index, edit.verb)
    start = 0
    for n, step in enumerate(edit.path):
        known = list(_PARTS) if n == 0 else fields_at(Regime, edit.path[:n])
        found = type_at(Regime, edit.path[: n + 1])
        if (known and step not in known) or found is None or not step:
            at = document.within(place, start, start + len(step))
            owner = "a regime" if n == 0 else quoted(".".join(edit.path[:n]))
            close = did_you_mean(step, known)
            suggestion = (
                f"Did you mean {'.'.join((*edit.path[:n], close))}?" if close else f"It may be: {', '.join(known)}."
            )
            findings.problem(
                at,
                f"{owner} has no {quoted(step)} that a reform can change",
                suggestion if known else "A path is part.id.field, such as lists.*.term.",
            )
            return
        start += len(step) + 1
    if edit.verb == "add" and not _takes_items(edit.path):
        findings.problem(document.at(place), "nothing can be added here", "Write add: doors, or add: lists.new-id.")


def _takes_items(path: Sequence[str]) -> bool:
    """True for a list of items, such as doors, and for a new name in a mapping of them, such as lists.new-id."""
    found = type_at(Regime, path)
    if get_origin(type_at(Regime, path[:-1])) is dict:
        return path[-1] != "*"
    item = get_args(found)[0] if get_origin(found) is tuple else None
    return isinstance(item, type) and issubclass(item, BaseModel)


def apply(regime: Regime, reform: Reform) -> Regime:
    """``regime`` and those it stacks with ``reform`` applied; what is not touched stays the same object.

    Raises ``InputError`` where nothing changes, where a named item is nowhere in the stack, and where the
    changed regime no longer makes sense.
    """
    results = [_Application(one, reform) for one in regime.stacked()]
    bound = [result.before for result in results if result.bound]
    findings = Findings(reform.document.line)
    for index in range(len(reform.changes)):
        asked = any(_has(one, reform.changes[index]) for one in bound)
        if asked and not any(index in result.matched for result in results):
            _say_unmatched(bound, reform, index, findings)
    if not findings and not any(result.changed for result in results):
        _say_unchanged(regime, reform, bound, findings)
    findings.raise_problems()
    made: dict[str, Regime] = {}

    def changed(result: _Application) -> Regime:
        """The changed regime beside what it stacks itself, changed too."""
        id_ = result.before.id
        if id_ not in made:
            beside = [by_id[one.id] for one in result.before.stacked()[1:]]
            made[id_] = result.regime(tuple(changed(one) for one in beside))
        return made[id_]

    by_id = {result.before.id: result for result in results}
    return changed(results[0])


def _has(regime: Regime, edit: Edit) -> bool:
    """Whether a rule book has what a change needs."""
    if edit.of and regime.id not in edit.of:
        return False
    if edit.needs is None:
        return True
    *kinds, part = edit.needs.split()
    return part in regime.document.data and set(kinds) <= {regime.owner, regime.subjects}


def levels_in_words(binds: Sequence[str]) -> str:
    """``provincial and city rule books``; ``every rule book`` where no level is named."""
    *others, last = binds or ("every",)
    return f"{', '.join(others)}{' and ' if others else ''}{last} rule book{'s' if binds else ''}"


def unbound_in_words(reform: Reform, regime: Regime) -> str:
    """``court-defaulters, market-lists (national), sesame-credit (private)``; empty where it binds the whole stack."""
    by_level: dict[str, list[str]] = {}
    for one in reform.unbound(regime):
        by_level.setdefault(str(one.bound_as), []).append(one.id)
    return ", ".join(f"{', '.join(ids)} ({level})" for level, ids in by_level.items())


def _say_unchanged(regime: Regime, reform: Reform, bound: Sequence[Regime], findings: Findings) -> None:
    """Say why a reform changes nothing: it does not bind what is there, or what it asks for is so already."""
    says = f"the reform {quoted(reform.id)} changes nothing in {regime.id}"
    alone = unbound_in_words(reform, regime)
    binds = f"it binds {levels_in_words(reform.binds)}"
    if not bound:
        only = len(regime.stacked()) == 1
        why = f"this one is {regime.bound_as}" if only else f"there are only {alone}"
        hint = f"Lay it over another:  counterscore list regimes.  Its text: counterscore show {reform.id}"
        findings.problem(reform.document.at(("binds",)), f"{says}, because {binds}, and {why}", hint)
        return
    aside = f"; {binds}, which leaves alone {alone}" if alone else ""
    findings.problem(
        reform.document.at(("changes", 0)),
        f"{says}{aside}",
        f"Each of its changes is already so{' in the rest' if alone else ''}.  See: counterscore show {regime.id}",
    )


def _say_unmatched(bound: Sequence[Regime], reform: Reform, index: int, findings: Findings) -> None:
    """Say which id of a path is nowhere in the rule books ``bound``; a path of "*" alone may match nothing."""
    edit = reform.changes[index]
    start = 0
    for n, step in enumerate(edit.path):
        above = [node for one in bound for node in _nodes(tree(one.document), edit.path[:n])]
        if not above:
            return
        names = [name for node in above for name in _names(node, edit.path[:n])]
        is_id = not fields_at(Regime, edit.path[:n])
        if is_id and step not in ("*", *names):
            close = did_you_mean(step, names)
            where = ", ".join(one.id for one in bound)
            findings.problem(
                reform.document.within(("changes", index, edit.verb), start, start + len(step)),
                f"nothing in {'.'.join(edit.path[:n])} of {where} is called {quoted(step)}",
                f"Did you mean {close}?" if close else f"There are: {', '.join(names[:8]) or 'none'}.",
            )
            return
        start += len(step) + 1


def _names(node: Node, path: Sequence[str]) -> list[str]:
    if isinstance(node.value, dict):
        return list(node.value)
    key = _NAMED.get(path[-1] if path else "", "")
    return [str(child.value[key].value) for child in node.value if isinstance(child.value, dict) and key in child.value]


def _nodes(root: Node, path: Sequence[str], where: Mapping[str, Any] | None = None) -> list[Node]:
    """Every node at ``path``; of the items at its first "*" only those that fit ``where``."""
    found = [root]
    for n, step in enumerate(path):
        found = [child for node in found for _, child in _steps(node, step, path[:n], where)]
    return found


def _steps(
    node: Node, step: str, above: Sequence[str], where: Mapping[str, Any] | None = None
) -> Iterator[tuple[str | int, Node]]:
    """The children of ``node`` that ``step`` names, with their key or index."""
    chosen = where if where and "*" not in above else {}
    if isinstance(node.value, dict):
        keys = list(node.value) if step == "*" else [step] if step in node.value else []
        yield from ((key, node.value[key]) for key in keys if step != "*" or _fits(node.value[key], chosen, above))
    elif isinstance(node.value, list):
        key = _NAMED.get(above[-1] if above else "", "")
        for index, child in enumerate(node.value):
            name = child.value.get(key) if isinstance(child.value, dict) else None
            if (step == "*" and _fits(child, chosen, above)) or (name is not None and name.value == step):
                yield index, child


def _mappings(part: Node | None, name: str) -> Iterator[tuple[str | int, dict[str, Node]]]:
    """The items of ``part`` that have fields; an earlier change may have put anything else in their place."""
    for key, one in _steps(part, "*", (name,)) if part is not None else ():
        if isinstance(one.value, dict):
            yield key, one.value


def _fits(item: Node, where: Mapping[str, Any], above: Sequence[str]) -> bool:
    """Whether an item has the values that ``where`` asks for; what it does not say has the default of the model."""
    if not isinstance(item.value, dict):
        return not where
    model = type_at(Regime, (*above, "*"))
    for key, wanted in where.items():
        if key in item.value:
            found = _bare(item.value[key].plain())
        else:
            fields = {field.alias or name: field for name, field in model.model_fields.items()}
            found = fields[key].default if key in fields else None
        options = wanted if isinstance(wanted, list) else [wanted]
        mine = found if isinstance(found, list | tuple) else [found]
        if not any(one in options for one in mine):
            return False
    return True


class _Application:
    """A reform applied to one regime's nodes: which changes found their place, and whether anything moved."""

    def __init__(self, regime: Regime, reform: Reform) -> None:
        self.before = regime
        self.reform = reform
        self.root = tree(regime.document)
        self.given = tree(reform.document)
        self.renamed: dict[str, str] = {}
        self._join_sources()
        self.bound = reform.bind(regime)
        edits = enumerate(reform.changes) if self.bound else ()
        self.matched = {index for index, edit in edits if self._edit(index, edit)}
        self.changed = _bare(self.root.plain()) != _bare(regime.document.data)

    def regime(self, stacked: tuple[Regime, ...]) -> Regime:
        """The changed regime beside ``stacked``, or the one before where nothing changed."""
        if not self.changed and stacked == self.before.stacked()[1:]:
            return self.before
        old, reform = self.before.document, self.reform.document
        document = old
        if self.changed:
            values, keys = flatten(self.root)
            others = {**old.others, reform.file: reform.text}
            document = Document(old.file, old.lines, self.root.plain(), values, keys, old.text, others)
        regime = rebuilt(document, stacked)
        regime._reforms = (*self.before.reforms, self.reform.id)  # of the head also where only its stack changed
        return regime

    def _join_sources(self) -> None:
        """Add the reform's sources; one that means something else in the regime gets the reform's name."""
        theirs = self.given.value.get("sources")
        if theirs is None:
            return
        ours = self.root.value.setdefault("sources", Node({}, theirs.at))
        self.root.keys.setdefault("sources", theirs.at)
        for id_, node in theirs.value.items():
            same = id_ not in ours.value or ours.value[id_].plain() == node.plain()
            name = id_ if same else f"{self.reform.id}-{id_}"
            self.renamed[id_] = name
            ours.value.setdefault(name, node)
            ours.keys.setdefault(name, theirs.keys[id_])

    def _edit(self, index: int, edit: Edit) -> bool:
        """Make one change in place; True where its path exists in this regime."""
        given = self.given.value["changes"].value[index]
        *above, last = edit.path
        if not _has(self.before, edit):
            return False
        if edit.verb == "add" and len(above) == 1 and above[0] in _PARTS and above[0] not in self.root.value:
            self.root.value[above[0]] = Node({}, given.at)  # the first item of a mapping such as authorities
            self.root.keys[above[0]] = given.at
        if above and above[0] == "rights" and edit.verb in ("set", "at_most"):
            self._make_room(above, given.at, gives=edit.verb == "set")
        # An earlier change may have put a value of the wrong kind there; reading it again says so.
        owners = [node for node in _nodes(self.root, above, edit.where) if isinstance(node.value, dict | list)]
        if edit.verb == "add":
            return self._add(owners, last, edit, given)
        done = False
        for owner in owners:
            places = [key for key, _ in _steps(owner, last, above, edit.where)]
            if (
                not places
                and isinstance(owner.value, dict)
                and last in fields_at(Regime, above)
                and edit.verb in ("set", "at_most")
            ):
                # What is not said can be set; and without an end it is longer than any bound.
                places = [last] if edit.verb == "set" or isinstance(_size(edit.to), Duration) else []
            if edit.verb == "remove":
                self._take_out(owner, places, above)
            else:
                for key in places:
                    self._put(owner, key, edit, given)
            done = done or bool(places)
        return done

    def _make_room(self, path: Sequence[str], at: Position, *, gives: bool) -> None:
        """Add rights that the rule book does not speak of, so that they can be set or bounded.

        A bound alone does not give an appeal or a notice where there is none.
        """
        node = self.root
        for n, step in enumerate(path):
            part = type_at(Regime, path[: n + 1])
            if not isinstance(node.value, dict) or not issubclass(part if isinstance(part, type) else int, BaseModel):
                return
            if step not in node.value:
                if any(field.is_required() for field in part.model_fields.values()):
                    return
                if n == 1 and not gives and getattr(Rights(), step) != part():
                    return
                node.value[step] = Node({}, at)
                node.keys[step] = at
            node = node.value[step]

    def _take_out(self, owner: Node, places: Sequence[str | int], above: Sequence[str]) -> None:
        """Remove items, and with a row or a list the grounds, extensions, doors and rows that rest on it alone."""
        gone: set[str] = set()
        for key in reversed(places):
            child = owner.value[key]
            named = child.value.get("id") if isinstance(child.value, dict) else None
            gone.add(str(named.value) if named is not None else str(key))
            del owner.value[key]
            owner.keys.pop(str(key), None)
        if above == ["catalogue"]:
            self._without_rows(gone)
        elif above == ["lists"]:
            self._without_lists(gone)

    def _without_rows(self, gone: set[str]) -> None:
        empty = []
        lists = self.root.value.get("lists")
        for key, one in _mappings(lists, "lists"):
            enter, extend = one.get("enter"), one.get("extend")
            if enter is not None and not _keep_grounds(enter, gone):
                empty.append(key)
            if extend is not None and isinstance(extend.value, dict) and not _keep_words(extend.value.get("on"), gone):
                del one["extend"]
        self._drop_items("doors", lambda door: _names_one(door, "when", "record", gone))
        for part in _nodes(self.root, ("score", "dimensions", "*", "from")):
            if isinstance(part.value, list):
                empty_parts = [n for n, one in _mappings(part, "from") if not _keep_words(one.get("records"), gone)]
                part.value = [one for n, one in enumerate(part.value) if n not in empty_parts]
        for _, judged in _mappings(self.root.value.get("lending"), "lending"):
            if not _keep_words(judged.get("refused_on"), gone):
                del judged["refused_on"]
        if lists is not None and empty:
            self._take_out(lists, empty, ["lists"])

    def _without_lists(self, gone: set[str]) -> None:
        self._drop_items("doors", lambda door: _names_one(door, "when", "list", gone))
        lists = self.root.value.get("lists")
        for _, one in _mappings(lists, "lists"):
            if not _keep_words(one.get("replaces"), gone):
                del one["replaces"]
        empty = [
            key
            for key, one in _mappings(lists, "lists")
            if "enter" in one and not _keep_grounds(one["enter"], gone, lists=True)
        ]
        if lists is not None and empty:
            self._take_out(lists, empty, ["lists"])
        rows = self.root.value.get("catalogue")
        resting = [
            index for index, row in _mappings(rows, "catalogue") if "on_list" in row and _is_one(row["on_list"], gone)
        ]
        if rows is not None and resting:
            self._take_out(rows, resting, ["catalogue"])

    def _drop_items(self, part: str, goes: Callable[[Node], bool]) -> None:
        node = self.root.value.get(part)
        if node is not None and isinstance(node.value, list):
            node.value = [item for item in node.value if not (isinstance(item.value, dict) and goes(item))]

    def _add(self, owners: list[Node], last: str, edit: Edit, given: Node) -> bool:
        item = self._sourced(given.value["item"], given)
        named = get_origin(type_at(Regime, edit.path[:-1])) is dict  # lists.new-id: the last step is the new name
        for owner in (node for node in owners if isinstance(node.value, dict)):
            part = owner.value.setdefault(last, item if named else Node([], given.at))
            owner.keys.setdefault(last, given.value["add"].at)
            if not named and isinstance(part.value, list):
                there = [one.plain() for one in part.value]
                part.value += [] if item.plain() in there else [deepcopy(item)]
        return bool(owners)

    def _put(self, owner: Node, key: str | int, edit: Edit, given: Node) -> None:
        """Set, bound or multiply the value of ``owner`` at ``key``."""
        old = owner.value[key] if isinstance(key, int) or key in owner.value else None
        match edit.verb:
            case "set":
                new: Node | None = self._sourced(given.value["to"], given, edit.path)
            case "at_most":
                new = self._bounded(owner, key, old, edit, given)
            case _:
                new = self._multiplied(old, edit, given)
        if new is not None:
            owner.value[key] = new
            if isinstance(key, str):
                owner.keys.setdefault(key, given.value[edit.verb].at)

    def _bounded(self, owner: Node, key: str | int, old: Node | None, edit: Edit, given: Node) -> Node | None:
        most = _size(edit.to)
        value = None if old is None else _unwrapped(old)
        if key == "term":
            try:
                term = read_term(value)
            except PydanticCustomError:
                return None  # an earlier change has put it there; reading it again says so
            if term.kind == "holds" or (term.kind == "fixed" and term.months <= _months(most)):
                return None
            leave = owner.value.get("leave")
            if leave is not None and isinstance(leave.value, list):
                leave.value = [one for one in leave.value if one.value not in ("never", "expired")]
                leave.value.insert(0, Node("expired", given.value["to"].at))
        else:
            size = _size(value)
            if isinstance(most, Duration):
                if isinstance(size, Duration) and size.months <= most.months:
                    return None
            elif not isinstance(size, int | float) or isinstance(most, Duration) or size <= _number(most):
                return None
        return self._sourced(given.value["to"], given, edit.path)

    def _multiplied(self, old: Node | None, edit: Edit, given: Node) -> Node | None:
        """A whole number stays whole (towards zero), a length of time is rounded up; in decimals, as written."""
        size = None if old is None else _size(_unwrapped(old))
        by = Decimal(repr(edit.by or 0))
        if size is None:
            return None
        value: Any
        if isinstance(size, Duration):
            value = str(Duration(math.ceil(size.amount * by), size.unit))
        else:
            value = int(size * by) if isinstance(size, int) else float(Decimal(repr(size)) * by)
        return self._wrapped(Node(value, given.value["by"].at), given)

    def _sourced(self, new: Node, given: Node, path: Sequence[str] = ()) -> Node:
        """A copy of what the reform gives, where every number has the source of the change or its own."""
        new = deepcopy(new)
        self._rename(new)
        if not isinstance(new.value, dict | list):
            return self._wrapped(new, given) if _takes_numbers(path) else new
        if "value" in new.value:
            return self._with_provenance(new, given)
        if isinstance(new.value, dict) and (not path or "source" in fields_at(Regime, path)):
            return self._with_provenance(new, given)
        children = new.value.items() if isinstance(new.value, dict) else enumerate(new.value)
        for step, child in list(children):
            new.value[step] = self._sourced(child, given, (*path, str(step)))
        return new

    def _rename(self, node: Node) -> None:
        if isinstance(node.value, dict):
            if "source" in node.value:
                old = node.value["source"]
                old.value = self.renamed.get(old.value, old.value)
            for child in node.value.values():
                self._rename(child)
        elif isinstance(node.value, list):
            for child in node.value:
                self._rename(child)

    def _wrapped(self, number: Node, given: Node) -> Node:
        """``{value: number, source: …, mark: …}`` with the source and mark of the change."""
        return self._with_provenance(Node({"value": number}, number.at, {"value": number.at}), given)

    def _with_provenance(self, node: Node, given: Node) -> Node:
        for key in _PROVENANCE:
            if key in given.value and key not in node.value:
                child = deepcopy(given.value[key])
                if key == "source":
                    child.value = self.renamed.get(child.value, child.value)
                node.value[key] = child
                node.keys[key] = given.keys[key]
        return node


def _keep_grounds(enter: Node, gone: set[str], *, lists: bool = False) -> bool:
    """Take the grounds that name a row (or a list) of ``gone`` out of ``enter``; False where none is left."""
    holder = enter.value["value"] if isinstance(enter.value, dict) and "value" in enter.value else enter
    try:
        grounds = read_enter(holder.value)
    except PydanticCustomError:
        return True  # reading it again says so
    kept = [one for one in grounds if (one.list if lists else one.row) not in gone]
    if len(kept) < len(grounds):
        holder.value = " or ".join(ground_text(one) for one in kept)
    return bool(kept)


def _keep_words(words: Node | None, gone: set[str]) -> bool:
    """Take the words of ``gone`` out of a list of words; False where none is left."""
    if words is None or not isinstance(words.value, list):
        return True
    words.value = [one for one in words.value if not _is_one(one, gone)]
    return bool(words.value)


def _is_one(word: Node, gone: set[str]) -> bool:
    return isinstance(word.value, str) and word.value in gone


def _names_one(door: Node, key: str, kind: str, gone: set[str]) -> bool:
    """Whether a door waits for a record or list of ``gone``."""
    try:
        when = read_when(door.value[key].value if key in door.value else None)
    except PydanticCustomError:
        return False
    return when.kind == kind and when.name in gone


def _takes_numbers(path: Sequence[str]) -> bool:
    """True where a number, a length of time or a border may stand, which then needs a source."""
    found = type_at(Regime, path)
    return found in (int, float, Duration, Term) or get_args(found)[:1] == (Entry,)


def _unwrapped(node: Node) -> Any:
    """The bare value of a node or of ``{value: …}``."""
    if isinstance(node.value, dict) and "value" in node.value:
        return node.value["value"].value
    return node.value


def _size(found: Any) -> Duration | int | float | None:
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


def _months(size: Duration | int | float | None) -> int:
    return size.months if isinstance(size, Duration) else 0


def _number(size: Duration | int | float | None) -> float:
    return float(size) if isinstance(size, int | float) else 0.0


def _bare(data: Any) -> Any:
    """Plain data without sources, marks and notes: what can change a result."""
    if isinstance(data, dict):
        if "value" in data:
            return _bare(data["value"])
        left = {key: _bare(value) for key, value in data.items() if key not in (*_PROVENANCE, "note", "sources")}
        return {key: value for key, value in left.items() if value not in ({}, [])}
    if isinstance(data, list):
        return [_bare(one) for one in data]
    return data
