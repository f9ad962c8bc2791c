"""The one table of residents' attributes: type, unit, meaning, and whether a regime can see them.

A new attribute is one row here and its numbers in the city files. Where each number comes from is said in
the city file, number by number, because it differs from city to city.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from counterscore.regime.vocabulary import OCCUPATIONS


@dataclass(frozen=True, slots=True)
class Column:
    """One attribute. ``categories`` are the names of codes 0, 1, … where the attribute is a code.

    ``origin`` tells how a resident comes by it: ``fitted`` (one of the axes of the joint table that is
    fitted to published counts), ``share`` (drawn with the shares of the city file), ``amount`` (drawn from
    an amount of the city file) or ``even`` (drawn evenly over its range: assumed, for no source says else).
    ``observable`` is whether a regime can see it.
    """

    name: str
    dtype: str
    unit: str
    meaning: str
    observable: bool
    origin: Literal["fitted", "share", "amount", "even"]
    categories: tuple[str, ...] = ()


ADULT = 18  #: years; a minor has no work, income, loan, card, car, home or credit file
OLDEST = 99  #: years; the oldest age a city file may speak of
MOST_DISTRICTS = 16
EVERYONE = "everyone"
NOT_IN_WORK = OCCUPATIONS.index("not in work")

SEX = ("male", "female")
REGISTRATION = ("local", "non-local")
EDUCATION = ("none or before school", "primary", "junior high", "senior high", "college")
FILES = ("none", "thin", "full")
FAMILIES = ("single", "partnered", "partnered with child", "single with child")
YES_NO = ("no", "yes")

COLUMNS: tuple[Column, ...] = (
    Column("age", "u1", "years", "age when the run starts, or on coming of age as a successor", True, "fitted"),
    Column("sex", "u1", "code", "sex", True, "fitted", SEX),
    Column("district", "u1", "code", "district, in the order of the city file", True, "fitted"),
    Column("registration", "u1", "code", "household registration", True, "fitted", REGISTRATION),
    Column("education", "u1", "code", "highest schooling, finished or not", True, "fitted", EDUCATION),
    Column("occupation", "u1", "code", "occupation; minors are not in work", True, "fitted", OCCUPATIONS),
    Column("income", "u2", "tens of yuan a month", "income of an adult", True, "amount"),
    Column("home", "u1", "code", "an adult who owns a home", True, "share", YES_NO),
    Column("car", "u1", "code", "an adult who owns a car", True, "share", YES_NO),
    Column("card", "u1", "code", "an adult with a credit card", True, "share", YES_NO),
    Column("file", "u1", "code", "credit file of an adult", True, "share", FILES),
    Column("family", "u1", "code", "family; minors are single", True, "share", FAMILIES),
    Column("minority", "u1", "code", "member of a minority", True, "share", YES_NO),
    Column("conscientiousness", "u1", "0 to 255", "latent trait", False, "even"),
    Column("outspokenness", "u1", "0 to 255", "latent trait", False, "even"),
    Column("sociability", "u1", "0 to 255", "latent trait", False, "even"),
    Column("means", "u1", "half-months of spending", "savings of an adult at the start", False, "amount"),
    Column("loan", "u2", "thousand yuan", "owed on bank loans at the start", True, "amount"),
    Column("offender", "u1", "code", "one of the few repeat offenders, an adult", False, "share", YES_NO),
    Column("connected", "u1", "code", "an adult who knows an official", False, "share", YES_NO),
)

#: The axes of the joint table, in its order; ages stand there as bands.
AXES: tuple[str, ...] = ("district", "registration", "sex", "age", "education", "occupation")

SIZES = ("micro", "small", "medium", "large")
MOST_SECTORS = 8

#: What is known of each firm. ``sector`` and ``size`` follow the counts of the city file, ``age``, ``goods`` and
#: ``abroad`` are drawn with its shares; the latent traits are drawn evenly, for no source says else.
FIRM_COLUMNS: tuple[Column, ...] = (
    Column("sector", "u1", "code", "sector, in the order of the city file", True, "share"),
    Column("size", "u1", "code", "size", True, "share", SIZES),
    Column("firm_age", "u1", "years", "age when the run starts", True, "amount"),
    Column("district", "u1", "code", "district of the legal representative", True, "share"),
    Column("head", "u8", "number", "the resident who is the legal representative", True, "even"),
    Column("employees", "u4", "residents", "residents who work there, the representative included", True, "amount"),
    Column("goods", "u1", "code", "makes or sells goods", True, "share", YES_NO),
    Column("abroad", "u1", "code", "imports or exports", True, "share", YES_NO),
    Column("compliance", "u1", "0 to 255", "latent trait", False, "even"),
    Column("generosity", "u1", "0 to 255", "latent trait", False, "even"),
)

_BY_NAME = {entry.name: entry for entry in COLUMNS}


def column(name: str) -> Column:
    """The column called ``name``; raises ``KeyError`` where there is none."""
    return _BY_NAME[name]
