"""How large a proportional city has to be for every group of an attribute to be compared."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from counterscore.city.columns import ADULT, COLUMNS, column
from counterscore.city.spec import CitySpec
from counterscore.city.synthesize import City, synthesize
from counterscore.errors import UsageError, did_you_mean

_FIRST = 20_000  #: residents that are drawn first
_MORE = 1.2  #: how much more than the counts so far ask for, since a rare group's count is itself chance
_ROUND = 1000
#: Attributes whose groups are named in the table of columns.
NAMED = tuple(one.name for one in COLUMNS if one.categories)


def adults_by(city: City, name: str) -> dict[str, int]:
    """How many adult residents have each value of a named attribute, in the order of its codes.

    Raises ``UsageError`` for attributes without named values.
    """
    if name not in NAMED:
        close = did_you_mean(name, NAMED)
        hint = f"Did you mean {close}?  " if close else ""
        raise UsageError(f'no attribute with named groups is called "{name}"', suggestion=f"{hint}{', '.join(NAMED)}.")
    values = column(name).categories
    counts = np.zeros(len(values), np.int64)
    for k in range(len(city.subdistricts)):
        people = city.people(k)
        counts += np.bincount(people[name][people["age"] >= ADULT], minlength=len(values))
    return dict(zip(values, counts.tolist(), strict=True))


def residents_for(
    spec: CitySpec | Mapping[str, Any], name: str, values: Sequence[str] = (), *, at_least: int, seed: int
) -> tuple[int, dict[str, int]]:
    """The residents of a proportional city in which each of ``values`` of an attribute, or all it has, stands for
    ``at_least`` adults or more, with the adults of each; thousands of residents, at most the place itself.

    Raises ``UsageError`` for an unknown attribute or value, and where the whole place has too few.
    """
    known = column(name).categories if name in NAMED else ()
    # A name of two words stands in quotes on a command line, or with a hyphen.
    values = tuple(spaced if (spaced := value.replace("-", " ")) in known else value for value in values)
    place = synthesize(spec, seed=seed)
    whole, size = place.residents, min(_FIRST, place.residents)
    while True:
        counts = adults_by(synthesize(place.spec, residents=size, seed=seed), name)
        for value in values:
            if value not in known:
                raise UsageError(f'no {name} is called "{value}"', suggestion=f"There are: {', '.join(known)}.")
        wanted = {value: counts[value] for value in values or known}
        rarest = min(wanted, key=wanted.__getitem__)
        if wanted[rarest] >= at_least:
            return size, wanted
        if size == whole:
            raise UsageError(
                f"{place.title} has {wanted[rarest]:,} adults with {name} {rarest}, fewer than {at_least}",
                suggestion="Name the groups to compare, or take a larger city.",
            )
        more = size * _MORE * at_least / max(wanted[rarest], 1)
        size = min(whole, math.ceil(max(more, size * _MORE) / _ROUND) * _ROUND)
