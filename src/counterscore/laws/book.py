"""One rule book under reading: what it says itself, what it is silent on, and the pairs of a record and a door.

What is written false, written unknown and not written are three things. The defaults of the model, which a run needs, are
never taken for what the file says.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Literal

from counterscore.catalog.tables import Relatedness, Scale
from counterscore.laws.alone import Alone, Witness, gravity, points_of, weight
from counterscore.laws.effects import Effect, Read, effects_of, listed_of, scored_of
from counterscore.laws.facts import Facts
from counterscore.laws.kleene import Ask, Limb, Shown, met, needs, not_met
from counterscore.quantity import Path as DataPath
from counterscore.regime.grammar import UNKNOWN
from counterscore.regime.model import Regime
from counterscore.regime.vocabulary import Act, Kind

FILE = "file"  #: asks for something that the rule book itself is silent on
Said = Literal["yes", "no", "unknown", "silent"]


@dataclass(frozen=True, slots=True)
class Pair:
    """A record of ``act`` (``read`` says by which row) and an effect it can bring about.

    ``related`` is what the table says of the context of the act and the domain of the effect, None where it says nothing.
    """

    effect: Effect
    read: Read
    act: Act | None
    context: str
    related: bool | None

    def __str__(self) -> str:
        what = f"{self.read.name} ({self.context.replace('_', ' ')})" if self.context else self.read.name
        return f"{what} -> {self.effect.id} ({self.effect.domain})"


class Book:
    """A rule book with the answers, the tables and the day it is read by."""

    def __init__(
        self,
        regime: Regime,
        *,
        facts: Facts,
        related: Relatedness,
        scale: Scale,
        day: date,
        silence_means_no: bool = False,
    ) -> None:
        self.regime, self.facts, self.table, self.scale, self.day = regime, facts, related, scale, day
        self.silence_means_no = silence_means_no and regime.status == "scenario"
        self.effects = effects_of(regime)
        self.alone = Alone(regime)
        self.by_table = f"by table {related.id}"
        self.by_scale = f"by scale {scale.id}"
        self._counts: dict[tuple[object, ...], float | None] = {}

    # -- what is written ---------------------------------------------------------------------------------

    def said(self, *path: str) -> Said:
        """What the file says at a path that holds true or false; an item that is there with nothing in it says no."""
        node: Any = self.regime.document.data
        for step in path:
            if not isinstance(node, dict) or step not in node:
                return "silent"
            node = node[step]
        if isinstance(node, dict) and "value" in node:
            node = node["value"]
        if node == UNKNOWN:
            return "unknown"
        if path[-1] == "repair" and isinstance(node, dict) and not node.get("rules"):
            return "no"
        return "no" if node in (False, None, "none", "never", [], {}) else "yes"

    def here(self, text: str, *path: str | int, book: Regime | None = None) -> Shown:
        """A sentence about what stands at a path of the file."""
        owner = book or self.regime
        return Shown(text, owner.at(*path), path, owner.id)

    def of(self, effect: Effect, text: str) -> Shown:
        """A sentence about an effect."""
        return Shown(text, effect.at, effect.path, self.regime.id)

    def silent(self, what: str) -> Limb:
        """Nothing is written: that is not absence."""
        return needs(Shown(f"the file is silent on {what}"), asks=[Ask(FILE, what)])

    def absent(self, what: str, *path: str) -> Limb:
        """Met only where the file itself says that a right is not given."""
        name = ".".join(map(str, path))
        match self.said(*path):
            case "no":
                return met(self.here(f"{what}: written as absent", *path), witnesses=self.anything())
            case "yes":
                return not_met(self.here(f"{what}: written", *path))
            case "unknown":
                return needs(self.here(f"{what}: written as unknown", *path), asks=[Ask(FILE, name)])
        if self.silence_means_no:
            return met(
                Shown(f"{what}: not written, and silence was read as no, as asked for"), witnesses=self.anything()
            )
        return self.silent(name)

    def no_correction(self) -> Limb:
        """Met only where the file says that a known mistake is not corrected; a time within which it is says that it is."""
        if self.said("rights", "correction", "given") == "no":
            return self.absent("correction", "rights", "correction", "given")
        return self.absent("correction", "rights", "correction", "within")

    def present(self, *path: str) -> bool:
        """Whether the file itself says that a right is given."""
        return self.said(*path) == "yes"

    # -- facts -------------------------------------------------------------------------------------------

    def fact(self, question: str, about: str = "") -> str | int | None:
        """The answer, None where there is none."""
        found = self.facts.value(question, about)
        if found is None and question == "system" and self.regime.decided is not None:
            return {"rules": "rules", "model": "learned"}.get(self.regime.decided.by)
        if found is None and question == "automated" and self.regime.decided is not None:
            said = self.regime.decided.automated
            return None if said == UNKNOWN else said
        if found is None and question == "operator" and self.regime.owner == "private" and self.said("owner") == "yes":
            return "private"
        return found

    def answered(self, question: str, about: str = "") -> Shown:
        """Where the answer stands."""
        answer = self.facts.get(question, about)
        if answer is not None:
            return Shown(str(answer), answer.at, answer=True)
        key = "owner" if question == "operator" else "decided"
        return self.here(f"{question}: {self.fact(question, about)}", key)

    def by_fact(self, question: str, met_by: Iterable[str], not_met_by: Iterable[str], about: str = "") -> Limb:
        """A limb that one answer settles."""
        found = self.fact(question, about)
        if found is None:
            return needs(asks=[Ask(question, about)])
        if found in set(met_by):
            return met(self.answered(question, about), witnesses=self.anything())
        if found in set(not_met_by):
            return not_met(self.answered(question, about))
        return needs(
            self.answered(question, about), judgement=f"what follows from {question} being {found} is for a lawyer"
        )

    # -- pairs -------------------------------------------------------------------------------------------

    @cached_property
    def harms(self) -> tuple[Effect, ...]:
        """Effects that make somebody worse off."""
        return tuple(one for one in self.effects if one.harm)

    @cached_property
    def unclear(self) -> tuple[Effect, ...]:
        """Effects of which the file does not say whether they do."""
        return tuple(one for one in self.effects if one.harm is None)

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """Every act, attribute or friend that can bring about an effect that makes somebody worse off.

        A row that earns points leads to no worse grade, and is left out where only a score stands between.
        """
        return tuple(pair for effect in self.harms for pair in self.pairs_of(effect))

    def pairs_of(self, effect: Effect) -> tuple[Pair, ...]:
        """The pairs of one effect."""
        found: list[Pair] = []
        for read in effect.reads:
            if read.kind != "row":
                name = "friends" if read.kind == "friends" else f"attribute {read.attribute}"
                found.append(Pair(effect, read, None, name, None))
                continue
            if effect.harm and effect.scored and self.only_helps(read, effect):
                continue
            found += [
                Pair(effect, read, act, act.context, self.table.related(act.context, effect.domain))
                for act in read.acts()
            ]
        return tuple(found)

    def only_helps(self, read: Read, effect: Effect) -> bool:
        """Whether records of the row raise a score, or are good deeds, so that they lead away from a worse grade."""
        row = read.row
        if row.unknown_points and row.act and all(one.kind is Kind.GOOD for one in read.acts()):
            return True  # a good deed of unknown points: that it could cost points is not in the file
        if read.through is not None or row.cap or row.unknown_points or any(
            ground.row == row.id for ground in self._grounds(effect)
        ):  # fmt: skip
            return False
        if row.discretion:
            sizes = (row.discretion.least, row.discretion.most)
            return all(one is not None and one >= 0 for one in sizes)
        if row.curve:
            return all((step.points or 0) >= 0 for step in row.curve)
        return row.points is not None and row.points >= 0 and all(step >= 0 for step in row.then)

    def _grounds(self, effect: Effect) -> tuple[Any, ...]:
        owner = self.alone.lists.get(effect.list)
        return owner[1].enter if owner else ()

    def count(self, read: Read, effect: Effect) -> float | None:
        """The least number of records of the row alone, with the heaviest choice of an official."""
        key = (read.book.id, read.index, read.through, effect.id)
        if key not in self._counts:
            self._counts[key] = self.alone.count(read, effect)
        return self._counts[key]

    def witness(self, pair: Pair) -> Witness | None:
        """The records that show a pair on paper; None where no number of one kind of record does."""
        count = self.count(pair.read, pair.effect) if pair.read.kind == "row" else math.inf
        if pair.act is None or count is None or count == math.inf:
            return None
        row = pair.read.row
        steps = points_of(row, "worst") if row.discretion else None
        listed = pair.effect.list if pair.effect.kind != "door" else ""
        return Witness(
            pair.read.book.id, row.id, pair.act.id, int(count), self.alone.apart(row),
            pair.effect.id if pair.effect.kind == "door" else "", listed, row.actor, steps[0] if steps else None,
        )  # fmt: skip

    def witnesses(self, pairs: Iterable[Pair]) -> tuple[Witness, ...]:
        """Those of the pairs that can be shown, the fewest records first; where none can, of anything the book records."""
        found = sorted(
            {one for pair in pairs if (one := self.witness(pair))}, key=lambda one: (one.count, one.row, one.effect)
        )
        return tuple(found) or self.anything()

    def anything(self) -> tuple[Witness, ...]:
        """One record that the rule book makes, for limbs that hold whatever is recorded, or that none is needed."""
        return self._anything

    @cached_property
    def _anything(self) -> tuple[Witness, ...]:
        best = sorted(
            (one for pair in self.pairs if pair.effect.kind == "door" and (one := self.witness(pair))),
            key=lambda one: (one.count, one.row, one.effect),
        )
        if best:
            return (best[0],)
        return self.recorded(self.everything)[:1] or (Witness(self.regime.id, "", "", 0),)

    def recorded(self, reads: Iterable[Read]) -> tuple[Witness, ...]:
        """One record of each row, as witnesses that it is recorded; the rule book itself or one it stacks."""
        found = []
        for read in reads:
            if read.kind == "row" and read.row.act:
                row = read.row
                steps = points_of(row, "worst") if row.discretion else None
                points = steps[0] if steps else None
                found.append(Witness(read.book.id, row.id, row.act[0], 1, 0, actor=row.actor, points=points))
        return tuple(found)

    def onto(self, *lists: str) -> tuple[Witness, ...]:
        """The records that lead to lists, by way of what waits for them."""
        return self.by(one for one in self.effects if one.list in lists)

    def by(self, effects: Iterable[Effect]) -> tuple[Witness, ...]:
        """The records that bring effects about."""
        return self.witnesses(pair for one in effects for pair in self.pairs_of(one))

    def gap(self, pair: Pair) -> tuple[int, float, float | None] | None:
        """Weight less gravity, the records it takes, and how long it can last; None where no number of records is enough."""
        if pair.read.kind != "row" or pair.act is None:
            return None
        count = self.count(pair.read, pair.effect)
        if count is None or count == math.inf:
            return None
        months = self.alone.longest(pair.read, pair.effect)
        weighs = weight(self.scale, pair.effect, math.inf if months is None else months)
        return weighs - gravity(self.scale, pair.read), count, months

    # -- what several limbs look at ----------------------------------------------------------------------

    @cached_property
    def rows(self) -> tuple[Read, ...]:
        """The rows of the rule book itself."""
        return tuple(Read("row", self.regime, n) for n in range(len(self.regime.catalogue)))

    def reads_of(self, effects: Iterable[Effect]) -> tuple[Read, ...]:
        """What a set of effects reads, each once."""
        found = {(read.kind, read.book.id, read.index, read.attribute): read for one in effects for read in one.reads}
        return tuple(found.values())

    @cached_property
    def everything(self) -> tuple[Read, ...]:
        """The rows of the rule book, and whatever its effects and its score read."""
        found = {(one.kind, one.book.id, one.index, one.attribute): one for one in self.rows}
        for read in self.reads_of(self.effects):
            found.setdefault((read.kind, read.book.id, read.index, read.attribute), read)
        for read in scored_of(self.regime):
            found.setdefault((read.kind, read.book.id, read.index, read.attribute), read)
        return tuple(found.values())

    def acts(self, wanted: Callable[[Act], bool], reads: Iterable[Read] | None = None) -> tuple[tuple[Read, Act], ...]:
        """Rows with an act that is wanted."""
        return tuple(
            (read, act) for read in (self.everything if reads is None else reads) for act in read.acts() if wanted(act)
        )

    def row_shown(self, read: Read, text: str) -> Shown:
        """A sentence about a row, an attribute or friends."""
        return self.here(text, *read.path, book=read.book)

    def of_list(self, name: str) -> tuple[Read, ...]:
        """What the grounds of a list read, of the rule book or of one it stacks."""
        return listed_of(self.regime, name)

    @property
    def public(self) -> bool | None:
        """Whether a public body runs it: by an answer, by ``owner``, or since it says whose law it is; None where nothing does."""
        operator = self.fact("operator")
        if operator is not None:
            return operator != "private"
        if self.said("owner") != "silent":
            return self.regime.owner == "public"
        return True if self.regime.level is not None else None

    def runs_it(self) -> Shown:
        """Where it stands who runs it."""
        if self.facts.value("operator") is not None:
            return self.answered("operator")
        if self.said("owner") != "silent":
            return self.here(f"a {self.regime.owner} body runs it", "owner")
        return self.here(f"it is {self.regime.level} law, of a public body", "level")

    @property
    def scored(self) -> bool:
        """Whether the rule book has a score of its own, or judges by one."""
        return self.regime.score is not None

    @property
    def about_people(self) -> bool:
        """Whether natural persons are its subjects."""
        return self.regime.subjects == "residents"


def trust(regime: Regime, path: DataPath) -> tuple[str | None, bool]:
    """The mark of what stands at a path, from itself or the nearest item around it, and whether it is borrowed."""
    node: Any = regime.document.data
    mark: str | None = None
    borrowed = False
    for step in (None, *path):
        if step is not None:
            try:
                node = node[step]
            except (KeyError, IndexError, TypeError):
                break
        if isinstance(node, dict):
            if isinstance(node.get("mark"), str):
                mark, borrowed = node["mark"], bool(node.get("borrowed"))
    return mark, borrowed
