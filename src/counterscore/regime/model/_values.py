"""Values that every part of a rule book is made of, and the frozen base of its parts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Strict

from counterscore.regime.grammar import Duration, known_number, plain_number, read_duration, whole_number

SCALE = 60  #: points are held in whole 1/60 of a point
Severity = Literal["minor", "general", "serious"]
LegalBasis = Literal["law", "regulation", "local regulation", "policy", "none", "unknown"]
Months = Annotated[Duration | None, BeforeValidator(read_duration)]
Points = Annotated[int | None, BeforeValidator(whole_number)]  #: None means "unknown", which is not zero
Known = Annotated[int, BeforeValidator(known_number)]
Truth = Annotated[bool, Strict()]
Share = Annotated[float | None, BeforeValidator(plain_number)]


class Frozen(BaseModel):
    """A part of a file that nothing changes once it is read, and that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Source(Frozen):
    """Where a number was read. ``kind`` says what sort of text it is."""

    title: str
    kind: Literal["rule text", "official figure", "specialist", "news", "assumption"]
    address: str = ""
    read: str = ""
    note: str = ""
