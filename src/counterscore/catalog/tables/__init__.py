"""Named choices that more than one part of the laboratory rests on: what is related to what, and what weighs how much.

Each is a file of data with an id that is printed beside every result that follows from it. The measure ``cross_context``
and the reading of legal limbs take the same objects from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, PrivateAttr

from counterscore.errors import Findings, Position, did_you_mean, quoted
from counterscore.quantity import Document
from counterscore.regime.read import read_document, validate
from counterscore.regime.vocabulary import CONTEXTS, DOMAINS

_FOLDER = Path(__file__).parent


def _weights(found: Any) -> Any:
    """``[3, 4]`` → the pair."""
    return tuple(found) if isinstance(found, list) else found


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    _document: Document = PrivateAttr(default_factory=Document.empty)

    def at(self, *path: str | int) -> Position:
        """Where ``path`` stands in the file."""
        return self._document.at(path)


class Relatedness(_Frozen):
    """Which domains of services belong to which context of records; ``contexts`` maps context → domain → reason."""

    format: Literal[1]
    kind: Literal["relatedness"]
    id: str
    title: str
    about: str = ""
    domains: tuple[str, ...]
    contexts: dict[str, dict[str, str]]

    def related(self, context: str, domain: str) -> bool | None:
        """Whether a door in ``domain`` belongs to ``context``; None where the table does not say."""
        if context not in self.contexts or domain not in self.domains:
            return None
        return domain in self.contexts[context]

    def pairs(self) -> Mapping[str, tuple[str, ...]]:
        """Context → the domains related to it."""
        return {context: tuple(domains) for context, domains in self.contexts.items()}


#: Effects in the order in which a scale lists them; the same words as in ``regime.effects``.
_FromLightToHeavy = Literal["opened", "priced", "slowed", "narrowed", "closed"]


class Scale(_Frozen):
    """How heavy doors weigh and how grave records are, in the same steps."""

    format: Literal[1]
    kind: Literal["scale of severity"]
    id: str
    title: str
    about: str = ""
    effects: dict[
        _FromLightToHeavy,
        Annotated[tuple[int, int], BeforeValidator(_weights)],
    ]
    narrowed_as_essential_from: float
    other_person: int
    long: int
    long_from_months: int
    gravity: dict[Literal["minor", "general", "serious"], int]
    lawful: int = 0
    unable: int = 0


def read_related(source: Path | str, *, name: str | None = None) -> Relatedness:
    """The table in a file (``Path``) or its text. Raises ``InputError`` with every word the vocabulary does not have."""
    document = read_document(source, kind="table", name=name)
    table = validate(document, Relatedness)
    findings = Findings(document.line)
    for index, domain in enumerate(table.domains):
        _known(findings, document.at(("domains", index)), "domain", domain, DOMAINS)
    for context, domains in table.contexts.items():
        _known(findings, document.at(("contexts", context), key=True), "context", context, CONTEXTS)
        for domain in domains:
            at = document.at(("contexts", context, domain), key=True)
            _known(findings, at, "domain", domain, DOMAINS)
            if domain in DOMAINS and domain not in table.domains:
                findings.problem(
                    at,
                    f"{quoted(domain)} is related here, but is not among the domains of the table",
                    "Add it to domains.",
                )
    findings.raise_problems()
    table._document = document
    return table


def _known(findings: Findings, at: Position, what: str, word: str, known: tuple[str, ...]) -> None:
    if word not in known:
        close = did_you_mean(word, known)
        hint = f"Did you mean {close}?  " if close else ""
        findings.problem(at, f"no {what} is called {quoted(word)}", f"{hint}Known: {', '.join(known)}.")


def read_scale(source: Path | str, *, name: str | None = None) -> Scale:
    """The scale in a file (``Path``) or its text. Raises ``InputError`` with every mistake."""
    document = read_document(source, kind="table", name=name)
    scale = validate(document, Scale)
    findings = Findings(document.line)
    for key, wanted, has in (
        ("effects", get_args(_FromLightToHeavy), scale.effects),
        ("gravity", ("minor", "general", "serious"), scale.gravity),
    ):
        if lacking := [word for word in wanted if word not in has]:
            findings.problem(document.at((key,), key=True), f"{key} lacks {', '.join(lacking)}", f"Add {lacking[0]}: …")
    findings.raise_problems()
    scale._document = document
    return scale


@cache
def related() -> Relatedness:
    """The table of this laboratory."""
    return read_related(_FOLDER / "related.yaml", name="tables/related.yaml")


@cache
def scale() -> Scale:
    """The scale of this laboratory."""
    return read_scale(_FOLDER / "severity.yaml", name="tables/severity.yaml")
