"""The adults of a world over its replicates: in which group, what they truly did, what a rule book did to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from counterscore.errors import UsageError, did_you_mean
from counterscore.measures import Life, groups
from counterscore.measures._measure import NEVER, Mask

MOST_ACTS = 6  #: true acts; more are counted as so many
_MOST_GOOD = 3
SHAPE = (MOST_ACTS + 1, _MOST_GOOD + 1, 2, 2)  #: acts, good deeds, ever in arrears, met
NO_GROUP = -1
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Decision:
    """What a rule book does to residents, of which groups are compared."""

    id: str
    words: str
    applies: Callable[[Life], bool]
    met: Callable[[Life], Mask]


def _always(life: Life) -> bool:
    return True


def _listed(life: Life) -> Mask:
    found: Mask = life.outcome("first_listed") != NEVER
    return found


def _lowest(life: Life) -> Mask:
    found: Mask = life.rated & (life.outcome("grade") == len(life.grades) - 1)
    return found


def _recorded(life: Life) -> Mask:
    found: Mask = life.outcome("records") > life.outcome("good_records")
    return found


def _refused(life: Life) -> Mask:
    found: Mask = life.outcome("refused") > 0
    return found


#: The first that applies is taken where none is asked for.
DECISIONS = (
    Decision("listed", "listed at some time", lambda life: life.has_lists, _listed),
    Decision(
        "worst-grade", "in the worst grade at the end", lambda life: life.has_score and bool(life.grades), _lowest
    ),
    Decision("recorded", "with a bad record", _always, _recorded),
    Decision("refused", "refused a service at some time because of a rule", _always, _refused),
)


def decision(life: Life, name: str | None) -> Decision:
    """The decision called ``name``, or the first that applies. Raises ``UsageError`` where there is none such."""
    if name is None:
        return next(one for one in DECISIONS if one.applies(life))
    for one in DECISIONS:
        if one.id == name:
            if not one.applies(life):
                raise UsageError(
                    f"{life.world} has nothing to be {one.words}", suggestion="Choose another one with --of."
                )
            return one
    known = [one.id for one in DECISIONS]
    close = did_you_mean(name, known)
    hint = f"Did you mean {close}?  " if close else ""
    raise UsageError(f'groups cannot be compared by "{name}"', suggestion=f"{hint}By: {', '.join(known)}.")


@dataclass(frozen=True)
class Adults:
    """The same adults in every replicate (rows): ``group`` is a place in ``names`` or ``NO_GROUP``, ``cell`` a place in ``SHAPE``.

    ``lives`` are the replicates that the rows stand for.
    """

    lives: Sequence[Life]
    names: tuple[str, ...]
    group: npt.NDArray[np.int16]
    cell: npt.NDArray[np.uint8]

    @property
    def replays(self) -> int:
        """How many replicates."""
        return len(self.cell)

    @cached_property
    def settled(self) -> bool:
        """Whether everybody is in the same group in every replicate."""
        return bool((self.group == self.group[0]).all())

    @cached_property
    def counts(self) -> npt.NDArray[np.int64]:
        """Adults by replicate, group and cell."""
        size = int(np.prod(SHAPE))
        out = np.zeros((self.replays, len(self.names), size), np.int64)
        for replay, (group, cell) in enumerate(zip(self.group, self.cell, strict=True)):
            here = group != NO_GROUP
            at = group[here].astype(np.int64) * size + cell[here]
            out[replay] = np.bincount(at, minlength=len(self.names) * size).reshape(len(self.names), size)
        return out

    @cached_property
    def sizes(self) -> dict[str, int]:
        """Adults of each group, the fewest of any replicate."""
        return dict(zip(self.names, self.counts.sum(axis=2).min(axis=0).tolist(), strict=True))

    @cached_property
    def _people(self) -> dict[int, npt.NDArray[np.intp]]:
        return {}

    def people(self, group: int) -> npt.NDArray[np.intp]:
        """Places of the adults who are in a group in some replicate."""
        if group not in self._people:
            inside = self.group[0] == group if self.settled else (self.group == group).any(axis=0)
            self._people[group] = np.flatnonzero(inside)
        return self._people[group]

    def inside(self, group: int) -> Flags:
        """Of ``people``, who is in the group in which replicate: a row for each replicate."""
        found: Flags = self.group[:, self.people(group)] == group
        return found


def adults(lives: Sequence[Life], by: str, what: Decision) -> Adults:
    """The adults of some replicates of a world, grouped ``by`` an attribute, with what they did and ``what`` they met."""
    names: list[str] = []
    where, cells = [], []
    for life in lives:
        group = np.full(int(life.adults.sum()), NO_GROUP, np.int16)
        for name, mask in groups(life, by):
            if name not in names:
                names.append(name)
            group[mask] = names.index(name)
        where.append(group)
        acts = np.minimum(life.conduct, MOST_ACTS)
        good = np.minimum(life.outcome("good_deeds"), _MOST_GOOD).astype(np.int64)
        arrears = (life.outcome("arrears_months") > 0).astype(np.int64)
        cells.append(np.ravel_multi_index((acts, good, arrears, what.met(life).astype(np.int64)), SHAPE))
    return Adults(tuple(lives), tuple(names), np.stack(where), np.stack(cells).astype(np.uint8))
