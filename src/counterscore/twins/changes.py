"""Which rules differ between two worlds, and whom they may touch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from counterscore.engine import layout
from counterscore.engine.plan import scored_of
from counterscore.regime.difference import Change, difference
from counterscore.regime.model import Regime
from counterscore.regime.vocabulary import SUBJECTS, Subject
from counterscore.reliving import Stage
from counterscore.twins.side_by_side import Mask, books_named

#: Parts of a rule book that are words or are looked at through the plan.
_SEEN_ELSEWHERE = frozenset({"scrutiny"})


class Changes:
    """The changed rules of two worlds: which rows, lists and doors of each, which acts, or everybody."""

    def __init__(self, stage: Stage, world: str, baseline: str) -> None:
        self.regimes = [stage.regime(name) for name in (world, baseline)]
        both = [stage.plans(name) for name in (world, baseline)]
        self.plans: dict[Subject, list[Any]] = {"residents": [one.residents for one in both]}
        if all(one.firms is not None for one in both):
            self.plans["firms"] = [one.firms for one in both]
        if all(one.bodies is not None for one in both):
            self.plans["bodies"] = [one.bodies for one in both]
        found = [one for one in difference(self.regimes[1], self.regimes[0]) if one.affects]
        self.rows: list[set[tuple[str, str]]] = [set(), set()]
        self.lists: list[set[tuple[str, str]]] = [set(), set()]
        self.doors: list[set[tuple[str, str]]] = [set(), set()]
        self.everybody: dict[Subject, list[str]] = {subject: [] for subject in SUBJECTS}
        for one in found:
            self._take(one)
        self.acts = {subject: self._acts(*plans) for subject, plans in self.plans.items()}
        plans = self.plans["residents"]
        self.groups = np.flatnonzero(plans[0].group_scrutiny != plans[1].group_scrutiny)
        for subject in self.plans:
            self._scalars(subject)
        self._joining()
        every = {
            *(f"{part} {id_}" for sets in (self.rows, self.lists, self.doors) for side in sets for part, id_ in side)
        }
        self.named = tuple(sorted(every.union(*self.everybody.values())))

    def _take(self, one: Change) -> None:
        # The heads of both worlds are compared with each other, whatever their ids.
        books = [next((r for r in head.stacked() if r.id == one.regime), head) for head in self.regimes]
        match one.part:
            case "catalogue":
                self._add(self.rows, books, one.id)
            case "lists":
                self._add(self.lists, books, one.id)
            case "doors":
                self._add(self.doors, books, one.id)
            case "rights":
                self._all(books, score=False)
            case "stack":
                self._all([next((r for r in head.stacked() if r.id == one.id), None) for head in self.regimes])
            case "score" | "grades":
                self._of_all(books, "score")
            case part if part not in _SEEN_ELSEWHERE:
                self._of_all(books, part)

    def _of_all(self, books: Sequence[Regime | None], part: str) -> None:
        """A part that concerns everybody whom a rule book is about."""
        for book in books:
            if book is not None and f"{book.id} {part}" not in self.everybody[book.subjects]:
                self.everybody[book.subjects].append(f"{book.id} {part}")

    def _add(self, sets: list[set[tuple[str, str]]], books: list[Regime], id_: str) -> None:
        for side, book in zip(sets, books, strict=True):
            side.add((book.id, id_))

    def _all(self, books: list[Any], *, score: bool = True) -> None:
        """Every rule of a rule book that one world has and the other has not, or whose rights differ."""
        for side, book in enumerate(books):
            if book is None:
                continue
            self.rows[side] |= {(book.id, row.id) for row in book.catalogue}
            self.lists[side] |= {(book.id, name) for name in book.lists}
            if score:
                self.doors[side] |= {(book.id, door.id) for door in book.doors}
                if book.score is not None:
                    self._of_all([book], "score")

    def _acts(self, *plans: Any) -> Mask:
        """Acts with other consequences as those who may commit them perceive them, or that a rule newly covers."""
        changed = np.zeros(len(plans[0].act_detect), np.bool_)
        for name in layout.PLAN.names or ():
            if name.startswith("act_") and name not in {"act_start", "act_rows"}:
                a, b = (np.asarray(plan[name]) for plan in plans)
                changed |= (a != b).reshape(len(changed), -1).any(axis=1) if len(a) == len(changed) else False
        return changed

    def _scalars(self, subject: Subject) -> None:
        """Single values of a plan: rights touch every row, what counts rules is derived, the rest everybody."""
        derived = {
            "schemes",
            "askers",
            "lists",
            "reserve",
            "lists_adverse",
            "bars",
            "doors_self",
            "doors_kin",
            "doors_hinder",
            "doors_lent",
            "lends",
            "doors_inspect",
            "public",
        }
        of_others = tuple(f"{one}_" for one in self.plans if one != subject)
        one, two = self.plans[subject]
        for name in layout.SCALARS:
            if name in derived or name.startswith(of_others) or one[name] == two[name]:
                continue
            if name.startswith("rights_"):
                for head in (0, 1):
                    for book in (one for one in self.regimes[head].stacked() if one.subjects == subject):
                        self.rows[head] |= {(book.id, row.id) for row in book.catalogue}
            else:
                self.everybody[subject].append(name.replace("_", ".", 1))

    def _joining(self) -> None:
        """What perks are worth moves who joins a private score: its doors concern everybody who may join."""
        plans = self.plans["residents"]
        named = books_named(*self.regimes)
        scored = [[named[n][part.id] for part in scored_of(one.stacked())] for n, one in enumerate(self.regimes)]
        for s, id_ in enumerate(scored[0]):
            if id_ in scored[1]:
                other = scored[1].index(id_)
                if plans[0].scheme_perks[s] != plans[1].scheme_perks[other]:
                    self.everybody["residents"].append(f"{id_} worth of perks")
