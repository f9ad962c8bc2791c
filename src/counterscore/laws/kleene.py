"""Three values, strong Kleene: a limb is met, not met, or needs facts that nobody has given yet.

``all_of`` is the least and ``any_of`` the greatest under not met < needs facts < met. What is still asked for is the union
over the undecided limbs, and only where they could still change the result: a conjunction with one limb that is not met asks
for nothing, nor does a disjunction with one that is met.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from counterscore.errors import Position
    from counterscore.laws.alone import Witness


class Value(IntEnum):
    """What is known of a limb; the order is that of the logic."""

    NOT_MET = 0
    NEEDS = 1
    MET = 2

    @property
    def words(self) -> str:
        """``met``, ``not met`` or ``needs facts``."""
        return self.name.lower().replace("needs", "needs facts").replace("_", " ")


@dataclass(frozen=True, slots=True, order=True)
class Ask:
    """A fact that is missing: the id of a question, and the door, row or list it is about (empty: the whole book)."""

    question: str
    about: str = ""

    def __str__(self) -> str:
        return f"{self.question}[{self.about}]" if self.about else self.question


@dataclass(frozen=True, slots=True)
class Shown:
    """What decided a limb: a sentence and, where it stands in a file, the path of the field and its place."""

    text: str
    at: Position | None = None
    path: tuple[str | int, ...] = ()
    book: str = ""
    answer: bool = False  #: it rests on an answer of the facts file

    def __str__(self) -> str:
        return f"{self.text} ({self.at})" if self.at else self.text


@dataclass(frozen=True, slots=True)
class Limb:
    """One limb, or several put together.

    ``shown`` is what decided it, ``asks`` the facts missing, ``choices`` the named choices of this laboratory it rests on,
    ``witnesses`` the rows and doors that show it, and ``judgement`` what stays open though every fact is known.
    """

    value: Value
    shown: tuple[Shown, ...] = ()
    asks: frozenset[Ask] = frozenset()
    choices: frozenset[str] = frozenset()
    witnesses: tuple[Witness, ...] = ()
    judgement: tuple[str, ...] = field(default=())

    @property
    def met(self) -> bool:
        """Whether the file, read literally, shows what the limb describes."""
        return self.value is Value.MET

    @property
    def open(self) -> bool:
        """Whether facts are missing."""
        return self.value is Value.NEEDS

    def but(self, *shown: Shown) -> Limb:
        """The limb with more said about it; the result stays."""
        return replace(self, shown=(*self.shown, *shown))


def met(*shown: Shown, choices: Iterable[str] = (), witnesses: Iterable[Witness] = ()) -> Limb:
    """The file shows what the limb describes."""
    return Limb(Value.MET, shown, choices=frozenset(choices), witnesses=tuple(witnesses))


def not_met(*shown: Shown, choices: Iterable[str] = (), witnesses: Iterable[Witness] = ()) -> Limb:
    """The file shows that it is not so."""
    return Limb(Value.NOT_MET, shown, choices=frozenset(choices), witnesses=tuple(witnesses))


def needs(
    *shown: Shown,
    asks: Iterable[Ask] = (),
    judgement: str = "",
    choices: Iterable[str] = (),
    witnesses: Iterable[Witness] = (),
) -> Limb:
    """Facts are missing, or a judgement is left to a court or an authority."""
    return Limb(
        Value.NEEDS, shown, frozenset(asks), frozenset(choices), tuple(witnesses), (judgement,) if judgement else ()
    )


def all_of(*limbs: Limb) -> Limb:
    """The limbs together: met if all are, not met if one is not."""
    return _together(min((one.value for one in limbs), default=Value.MET), Value.NOT_MET, limbs)


def any_of(*limbs: Limb) -> Limb:
    """One limb or another: met if one is, not met if none is."""
    return _together(max((one.value for one in limbs), default=Value.NOT_MET), Value.MET, limbs)


def _together(value: Value, settles: Value, limbs: tuple[Limb, ...]) -> Limb:
    """Several limbs as one: of those that made the result what it is, what was shown, asked and chosen.

    ``settles`` is the value of which one limb is enough.
    """
    if value is settles or value is Value.NEEDS:
        deciding = [one for one in limbs if one.value is value]
    else:
        deciding = list(limbs)
    return Limb(
        value,
        tuple(dict.fromkeys(said for one in deciding for said in one.shown)),
        frozenset(ask for one in deciding for ask in one.asks) if value is Value.NEEDS else frozenset(),
        frozenset(choice for one in deciding for choice in one.choices),
        tuple(dict.fromkeys(witness for one in deciding for witness in one.witnesses)),
        tuple(dict.fromkeys(words for one in deciding for words in one.judgement)) if value is Value.NEEDS else (),
    )
