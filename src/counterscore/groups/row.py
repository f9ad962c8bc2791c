"""One row of an audit: a number of a group, its difference from the reference group's, and what both rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from counterscore import statistics
from counterscore.groups.chance import REPLAYS, RESIDENTS, Error, Pulls, correlation
from counterscore.measures import FEWEST_REPLAYS, SMALLEST_GROUP

Part = Literal["base rates", "true records", "definitions", "equal conduct", "wrongly listed", "stays"]
PARTS: tuple[Part, ...] = ("base rates", "true records", "definitions", "equal conduct", "wrongly listed", "stays")
OVER_REPLAYS = "middle 90 % of replicates"
OF_RESIDENTS = "residents of one replicate, 90 % Wilson interval"
DIFFERENCE = "90 % interval, residents and replicates drawn"
NOT_TOLD = "not distinguishable from no difference"
TOO_FEW_MET = "no interval: too few are met to tell"
_MIDDLE = (5, 95)


@dataclass(frozen=True, slots=True)
class Row:
    """One number of one group, and its difference from the reference group's.

    ``range_kind`` says what ``low`` and ``high`` are, and ``range_covers`` what they cover; ``difference_kind`` and
    ``covers`` say the same of the difference. ``p_value`` is that of the difference looked at alone, None where no group could
    differ because everybody or nobody is met. ``distinguishable``
    allows for all ``family`` differences of the same part being looked at together (``together``): ``family_error`` is how
    often a part in which there is no difference at all has one that is called distinguishable. It is None for the
    reference group and where there is no interval. ``would_find`` is the difference that 20 replicates of a city of
    20,000 residents would find with a probability of 80 %, looked at alone. ``people`` are those the value rests on, the mean of
    replicates.
    """

    part: Part
    id: str
    field: str
    words: str
    group: str
    unit: str
    value: float | None
    low: float | None
    high: float | None
    difference: float | None
    difference_low: float | None
    difference_high: float | None
    p_value: float | None
    distinguishable: bool | None
    people: float
    n_replays: int
    range_kind: str
    difference_kind: str
    note: str = ""
    range_covers: str = ""
    covers: str = ""
    family: int = 0
    family_error: float | None = None
    would_find: float | None = None


@dataclass(frozen=True, slots=True)
class About:
    """What an audit is about: the decision in words, the reference group and the groups that are large enough, by place."""

    met: str
    reference: int
    conduct: int
    large: tuple[int, ...]
    residents: int


@dataclass(frozen=True, slots=True)
class Side:
    """A share, and how many independent residents it is worth."""

    share: float
    of: float


def empty(part: Part, id_: str, field: str, words: str, group: str, unit: str) -> Row:
    """A row without any number."""
    return Row(
        part, id_, field, words, group, unit, None, None, None, None, None, None, None, None, 0.0, 0, "", ""
    )  # fmt: skip


def valued(row: Row, above: npt.NDArray[Any], below: npt.NDArray[Any], per: float, *, share: bool) -> Row:
    """The row with the number ``above / below`` (one entry a replicate) times ``per``, withheld where it rests on too few."""
    row = replace(row, people=float(np.mean(below)))
    if below.min() < SMALLEST_GROUP:
        return replace(row, note=f"withheld: rests on {int(below.min())} residents, fewer than {SMALLEST_GROUP}")
    row = ranged(row, per * above / below)
    if len(above) > 1 or not share:
        return row
    low, high = statistics.wilson(round(float(above[0])), round(float(below[0])))
    covers = statistics.RESIDENTS_AND_CHANCE
    return replace(row, low=per * low, high=per * high, range_kind=OF_RESIDENTS, range_covers=covers, note="")


def ranged(row: Row, values: npt.NDArray[Any]) -> Row:
    """The row with the mean of ``values``, one for each replicate, and their middle 90 % where there are enough."""
    row = replace(row, value=float(np.mean(values)), n_replays=len(values))
    if len(values) < FEWEST_REPLAYS:
        return replace(row, note=f"no range: {len(values)} replicates, at least {FEWEST_REPLAYS} are needed")
    low, high = (float(end) for end in np.percentile(values, _MIDDLE))
    return replace(row, low=low, high=high, range_kind=OVER_REPLAYS, range_covers=statistics.CHANCE_ONLY)


@dataclass(frozen=True, slots=True)
class Stated:
    """A finished row, and what it needs for being looked at together with others: nothing where it has no p value."""

    row: Row
    pulls: Pulls = ()
    steps: statistics.Steps | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """A row whose difference is one of two shares (or, ``as_ratio``, their ratio less 1), and all that it rests on."""

    row: Row
    mine: Side
    theirs: Side
    error: Error
    per: float
    pulls: Pulls
    as_ratio: bool = False
    possible: bool = True  #: whether anybody at all is met (or not), so that groups could differ


def tell_shares(pairs: Sequence[Pair], about: About) -> list[Stated]:
    """The rows of all ``pairs`` with their differences, and how sure they are."""
    if not pairs:
        return []
    # What befalls a replicate as a whole makes the residents worth less.
    less = [one.error.variance / one.error.clustered if one.error.variance else 1.0 for one in pairs]
    shares = statistics.Shares(
        np.array([one.mine.share for one in pairs]),
        np.array([one.mine.of / k for one, k in zip(pairs, less, strict=True)]),
        np.array([one.theirs.share for one in pairs]),
        np.array([one.theirs.of / k for one, k in zip(pairs, less, strict=True)]),
        np.array([one.error.df for one in pairs]),
    )
    differences, ratios, p_values = shares.difference(), shares.ratio(), shares.p_values()
    steps = shares.steps()
    out = []
    for k, one in enumerate(pairs):
        share, base = one.mine.share, one.theirs.share
        if one.as_ratio:
            low, high = float(ratios[0][k]) - 1, float(ratios[1][k]) - 1
            gap, scale = share / base - 1, 1 / base
        else:
            low, high = one.per * float(differences[0][k]), one.per * float(differences[1][k])
            gap, scale = one.per * (share - base), one.per
        ends = low, high if np.isfinite(high) else None
        row = told(one.row, gap, ends, float(p_values[k]), one.error, about, scale)
        row = row if one.possible else replace(row, p_value=None, note="exactly no difference")
        out.append(Stated(row, one.pulls, steps[k]))
    return out


def tell_number(row: Row, gap: float, error: Error, about: About, *, per: float) -> Row:
    """The row with a difference that is normal in large groups."""
    if not error.variance:
        return replace(row, difference=per * gap, note=row.note or "no interval: nobody differs from anybody")
    low, high, p_value = statistics.t_interval(gap, error.variance, error.df)
    return told(row, per * gap, (per * low, per * high), p_value, error, about, per)


def told(
    row: Row,
    gap: float,
    ends: tuple[float | None, float | None],
    p_value: float,
    error: Error,
    about: About,
    scale: float,
) -> Row:
    """The row with a difference, its interval, and whether it is told from none when it is looked at alone."""
    sure = p_value < statistics.ERROR
    found = scale * statistics.detectable(error.elsewhere(about.residents)) if error.variance else None
    exactly = gap == 0 and not error.variance
    note = row.note if sure else "exactly no difference" if exactly else NOT_TOLD
    return replace(
        row,
        difference=gap,
        difference_low=ends[0],
        difference_high=ends[1],
        p_value=p_value,
        distinguishable=sure,
        difference_kind=DIFFERENCE,
        covers=error.covers,
        would_find=found,
        note=note,
    )


def in_words(would_find: float) -> str:
    """``20 replays of 20,000 residents would find 0.4``."""
    return f"{REPLAYS} replicates of {RESIDENTS:,} residents would find {would_find:.2g}"


def together(stated: Sequence[Stated]) -> list[Row]:
    """The rows with ``distinguishable`` as it is when all differences of a part are looked at together.

    Statements about the same residents are found or missed together, and the correction knows it
    (``statistics.step_down`` with the correlation that residents bring).
    """
    out = [one.row for one in stated]
    for part in PARTS:
        at = [k for k, row in enumerate(out) if row.part == part and row.p_value is not None]
        for k, row in enumerate(out):
            if row.part == part and row.distinguishable is not None:
                out[k] = replace(row, family=len(at), family_error=round(statistics.ERROR, 12))
        if not any(out[k].distinguishable for k in at):
            continue
        p_values = statistics.step_down(
            [float(out[k].p_value or 0.0) for k in at],
            correlation([stated[k].pulls for k in at]),
            [stated[k].steps for k in at],
        )
        for k, p_value in zip(at, p_values, strict=True):
            row = out[k]
            if row.distinguishable and p_value >= statistics.ERROR:
                note = f"{NOT_TOLD} when {len(at)} differences are looked at together"
                out[k] = replace(row, distinguishable=False, note=note)
    return out


def withheld(row: Row, group: str, size: int) -> Row:
    """The same statement of a group that is too small."""
    bare = empty(row.part, row.id, row.field, row.words, group, row.unit)
    return replace(bare, people=float(size), note=f"withheld: {size} residents, fewer than {SMALLEST_GROUP}")
