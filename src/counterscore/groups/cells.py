"""Residents counted by group, by what they truly did and by what a rule book did to them: all an audit needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from counterscore.errors import UsageError, did_you_mean
from counterscore.measures import Life, groups
from counterscore.measures._measure import NEVER, Mask

MOST_ACTS = 6  #: true acts of misconduct; more are counted as so many
_MOST_GOOD = 3
_SHAPE = (MOST_ACTS + 1, _MOST_GOOD + 1, 2, 2)
Counts = npt.NDArray[np.int64]


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


@dataclass(frozen=True, slots=True)
class Cells:
    """The adults of one group in one replay: (true acts 0 to 6, good deeds 0 to 3, ever in arrears, met)."""

    counts: Counts

    @property
    def people(self) -> int:
        """Adults."""
        return int(self.counts.sum())

    def square(self, conduct: int) -> tuple[int, int, int, int]:
        """Met and did it, met and did not, did it and not met, neither; "it" is ``conduct`` true acts or more."""
        acts = self.counts.sum(axis=(1, 2))
        did, did_not = acts[conduct:].sum(axis=0), acts[:conduct].sum(axis=0)
        return int(did[1]), int(did_not[1]), int(did[0]), int(did_not[0])


def cells(life: Life, by: str, what: Decision) -> dict[str, Cells]:
    """The adults of a world and replay, counted in cells, by group."""
    acts = np.minimum(life.outcome("misconduct"), MOST_ACTS).astype(np.int64)
    good = np.minimum(life.outcome("good_deeds"), _MOST_GOOD).astype(np.int64)
    arrears = (life.outcome("arrears_months") > 0).astype(np.int64)
    at = np.ravel_multi_index((acts, good, arrears, what.met(life).astype(np.int64)), _SHAPE)
    size = int(np.prod(_SHAPE))
    return {
        group: Cells(np.bincount(at[mask], minlength=size).reshape(_SHAPE).astype(np.int64))
        for group, mask in groups(life, by)
    }
