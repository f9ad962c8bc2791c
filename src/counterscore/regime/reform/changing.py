"""One rule book under one reform: its nodes are changed, and what hangs on them goes along."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from copy import deepcopy
from decimal import Decimal
from typing import Any, get_origin

from pydantic import BaseModel
from pydantic_core import PydanticCustomError

from counterscore.errors import Position
from counterscore.quantity import Document
from counterscore.regime.grammar import Duration, ground_text, read_enter, read_term, read_when
from counterscore.regime.model import Regime, Rights, fields_at, type_at
from counterscore.regime.nodes import Node, flatten, tree
from counterscore.regime.read import rebuilt
from counterscore.regime.reform.bare import PROVENANCE, bare, months_of, number_of, size_of, unwrapped
from counterscore.regime.reform.edits import PARTS, Edit, Reform
from counterscore.regime.reform.places import mappings_in, nodes_at, steps_of, takes_numbers
from counterscore.regime.reform.whom import has_part


class Application:
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
        self.changed = bare(self.root.plain()) != bare(regime.document.data)

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
        if not has_part(self.before, edit):
            return False
        if edit.verb == "add" and len(above) == 1 and above[0] in PARTS and above[0] not in self.root.value:
            self.root.value[above[0]] = Node({}, given.at)  # the first item of a mapping such as authorities
            self.root.keys[above[0]] = given.at
        if above and above[0] == "rights" and edit.verb in ("set", "at_most"):
            self._make_room(above, given.at, gives=edit.verb == "set")
        # An earlier change may have put a value of the wrong kind there; reading it again says so.
        owners = [node for node in nodes_at(self.root, above, edit.where) if isinstance(node.value, dict | list)]
        if edit.verb == "add":
            return self._add(owners, last, edit, given)
        done = False
        for owner in owners:
            places = [key for key, _ in steps_of(owner, last, above, edit.where)]
            if (
                not places
                and isinstance(owner.value, dict)
                and last in fields_at(Regime, above)
                and edit.verb in ("set", "at_most")
            ):
                # What is not said can be set; and without an end it is longer than any bound.
                places = [last] if edit.verb == "set" or isinstance(size_of(edit.to), Duration) else []
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
        for key, one in mappings_in(lists, "lists"):
            enter, extend = one.get("enter"), one.get("extend")
            if enter is not None and not _keep_grounds(enter, gone):
                empty.append(key)
            if extend is not None and isinstance(extend.value, dict) and not _keep_words(extend.value.get("on"), gone):
                del one["extend"]
        self._drop_items("doors", lambda door: _names_one(door, "when", "record", gone))
        for part in nodes_at(self.root, ("score", "dimensions", "*", "from")):
            if isinstance(part.value, list):
                empty_parts = [n for n, one in mappings_in(part, "from") if not _keep_words(one.get("records"), gone)]
                part.value = [one for n, one in enumerate(part.value) if n not in empty_parts]
        for _, judged in mappings_in(self.root.value.get("lending"), "lending"):
            if not _keep_words(judged.get("refused_on"), gone):
                del judged["refused_on"]
        if lists is not None and empty:
            self._take_out(lists, empty, ["lists"])

    def _without_lists(self, gone: set[str]) -> None:
        self._drop_items("doors", lambda door: _names_one(door, "when", "list", gone))
        lists = self.root.value.get("lists")
        for _, one in mappings_in(lists, "lists"):
            if not _keep_words(one.get("replaces"), gone):
                del one["replaces"]
        empty = [
            key
            for key, one in mappings_in(lists, "lists")
            if "enter" in one and not _keep_grounds(one["enter"], gone, lists=True)
        ]
        if lists is not None and empty:
            self._take_out(lists, empty, ["lists"])
        rows = self.root.value.get("catalogue")
        resting = [
            index for index, row in mappings_in(rows, "catalogue") if "on_list" in row and _is_one(row["on_list"], gone)
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
        most = size_of(edit.to)
        value = None if old is None else unwrapped(old)
        if key == "term":
            try:
                term = read_term(value)
            except PydanticCustomError:
                return None  # an earlier change has put it there; reading it again says so
            if term.kind == "holds" or (term.kind == "fixed" and term.months <= months_of(most)):
                return None
            leave = owner.value.get("leave")
            if leave is not None and isinstance(leave.value, list):
                leave.value = [one for one in leave.value if one.value not in ("never", "expired")]
                leave.value.insert(0, Node("expired", given.value["to"].at))
        else:
            size = size_of(value)
            if isinstance(most, Duration):
                if isinstance(size, Duration) and size.months <= most.months:
                    return None
            elif not isinstance(size, int | float) or isinstance(most, Duration) or size <= number_of(most):
                return None
        return self._sourced(given.value["to"], given, edit.path)

    def _multiplied(self, old: Node | None, edit: Edit, given: Node) -> Node | None:
        """A whole number stays whole (towards zero), a length of time is rounded up; in decimals, as written."""
        size = None if old is None else size_of(unwrapped(old))
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
            return self._wrapped(new, given) if takes_numbers(path) else new
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
        for key in PROVENANCE:
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
