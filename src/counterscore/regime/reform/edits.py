"""A reform and its changes, as they stand in its file and in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PrivateAttr

from counterscore.quantity import Document
from counterscore.regime.grammar import plain_number, shown
from counterscore.regime.model import Regime, Source
from counterscore.regime.model._values import Frozen
from counterscore.regime.reform.bare import PROVENANCE

VERBS = ("set", "at_most", "multiply", "remove", "add")
COMPANION = {"set": "to", "at_most": "to", "multiply": "by", "remove": None, "add": "item"}
#: Parts of a regime that a reform may change.
PARTS = (
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
        return next(verb for verb in VERBS if getattr(self, verb) is not None)

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
                return f"{where} becomes {plain_words(self.to)}{limits}"
            case "at_most":
                return f"{where} is at most {plain_words(self.to)}{limits}"
            case "multiply":
                return f"{where} is multiplied by {self.by:g}{limits}"
            case "remove":
                return f"{where} is removed{limits}"
        return f"{where} gains {plain_words(self.item)}{limits}"


def _alternatives(wanted: Any) -> str:
    """``closed or narrowed``; ``not said`` for a text that is empty."""
    options = wanted if isinstance(wanted, list) else [wanted]
    return " or ".join("not said" if one == "" else shown(one) if not isinstance(one, str) else one for one in options)


def plain_words(found: Any) -> str:
    """Plain data in one line, without sources."""
    if isinstance(found, Mapping):
        if "value" in found:
            return plain_words(found["value"])
        return ", ".join(f"{key} {plain_words(value)}" for key, value in found.items() if key not in PROVENANCE)
    if isinstance(found, list):
        return ", ".join(f"({plain_words(one)})" if isinstance(one, Mapping) else plain_words(one) for one in found)
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
