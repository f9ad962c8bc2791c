"""What one field of a plan is: its name, shape and unit, where it comes from, and how a number is held in it."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from counterscore.engine.fixed import Q16, q8, q32
from counterscore.regime.vocabulary import ACTS, CONTEXTS, DOMAINS, OCCUPATIONS, SERVICES

__all__ = [
    "ANOTHER_LIST",
    "CAUSES",
    "CHANCE",
    "ELSE",
    "FACTOR",
    "FELT",
    "NOTHING",
    "N_ACTS",
    "N_BANDS",
    "N_DISTRICTS",
    "N_DOMAINS",
    "N_FIGURES",
    "N_FILES",
    "N_GROUPS",
    "N_MEANS",
    "N_SERVICES",
    "SHARE",
    "WHOLE",
    "Field",
    "Held",
]

FELT = ("deter", "chill", "uplift", "game")  #: what rules do to an act in the eyes of those who know
N_ACTS, N_SERVICES, N_DOMAINS = len(ACTS), len(SERVICES), len(DOMAINS)
N_FILES = 3
#: What a closed door may rest on: a context, another list, somebody else's record, nothing that counts any more.
CAUSES = (*CONTEXTS, "another list", "somebody else's record", "no record that still counts")
ANOTHER_LIST, ELSE, NOTHING = (len(CAUSES) - back for back in (3, 2, 1))
N_MEANS = 8  #: combinations of having a car, a card and the made-up allegiance, on which acts depend
N_GROUPS, N_BANDS, N_DISTRICTS = 2 * len(OCCUPATIONS), 5, 16
#: City figures of a year: of each district the listed share, the share who met a list or a hindering door, and the share who
#: met what favours: an honour, or a door that opens or saves.
N_FIGURES = 3 * N_DISTRICTS


class Held(Enum):
    """How a number of an assumption file is held as a whole number."""

    CHANCE = "1/2**32"
    FACTOR = "1/256"
    SHARE = "1/65536"
    WHOLE = "1"

    def of(self, value: float) -> int:
        """``value`` as a whole number of this unit; a chance is kept between 0 and 1."""
        match self:
            case Held.CHANCE:
                return q32(value)
            case Held.FACTOR:
                return q8(value)
            case Held.SHARE:
                return round(value * Q16)
            case Held.WHOLE:
                return int(value)


CHANCE, FACTOR, SHARE, WHOLE = Held


class Field(NamedTuple):
    """One field of a plan: an array, or a single number where ``shape`` is empty."""

    name: str
    shape: tuple[int, ...]
    unit: str
    origin: str  #: the path in a rule book, an assumption file or the city's; ``options`` are those of the run
    meaning: str
    dtype: str = "i8"
    held: Held | None = None  #: of an assumption that is taken as it stands


BITS_DOORS, BITS_LISTS, BITS_FILES = "bits of doors", "bits of lists", "bits of credit files"
POINTS, MONTHS, FLAG, PLACE, HASH = "1/60 point", "months", "0 or 1", "number", "address of luck"


def fields_of(shape: tuple[int, ...], *rows: tuple[str, ...]) -> list[Field]:
    """Fields of one shape: each row is its name, unit, origin and meaning, and its type where that is another."""
    return [Field(row[0], shape, row[1], row[2], row[3], *row[4:]) for row in rows]  # type: ignore[arg-type]


def assumed(name: str, held: Held) -> Field:
    """A single number that is an assumption as it stands."""
    path = name.replace("_", ".", 1)
    return Field(name, (), held.value, path, f"assumption {path}", held=held)
