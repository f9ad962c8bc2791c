"""The audit of one world by one attribute: groups, their sizes, and rows of shares with differences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from counterscore.errors import UsageError, did_you_mean
from counterscore.groups import equal_conduct
from counterscore.groups.cells import MOST_ACTS, SHAPE, Adults, Decision, adults, decision
from counterscore.groups.chance import Error, Pulls, Spread, error_of, spread, unit, worth
from counterscore.groups.definitions import BASE_RATE, DEFINITIONS, Definition
from counterscore.groups.row import (
    PARTS,
    About,
    Pair,
    Part,
    Row,
    Side,
    Stated,
    empty,
    tell_number,
    tell_shares,
    together,
    valued,
    withheld,
)
from counterscore.measures import SMALLEST_GROUP, Life, find_measure
from counterscore.measures._measure import NEVER
from counterscore.results import Run

#: Measures that are shares of adults, by part.
_SHARES: tuple[tuple[Part, tuple[str, ...]], ...] = (
    ("true records", ("truly_recorded",)),
    ("wrongly listed", ("wrongly_listed_factual", "wrongly_listed_rule", "wrongly_listed_spread")),
)
Table = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Audit:
    """All rows, with what they are about. ``sizes`` are adults of each group, the fewest of any replicate.

    ``replay`` is the one replicate that was asked for, or None for all.
    """

    world: str
    by: str
    reference: str
    decision: Decision
    conduct: int
    replay: int | None
    sizes: Mapping[str, int]
    rows: Sequence[Row]

    def __repr__(self) -> str:
        sizes = ", ".join(f"{name} {many:,}" for name, many in list(self.sizes.items())[:6])
        more = len(self.sizes) - 6
        apart = [row for row in self.rows if row.distinguishable]
        shown = [
            f"  {row.group}, {row.words}: {row.difference:+.2f} {row.unit}"
            for row in apart[:4]
            if row.difference is not None
        ]
        return "\n".join(
            [
                f"<Audit of {self.world} by {self.by}: {len(self.rows)} rows, differences from {self.reference}>",
                f"  adults: {sizes}{f', and {more} more groups' if more > 0 else ''}",
                f"  distinguishable: {len(apart)}",
                *shown,
            ]
        )

    @property
    def did_it(self) -> str:
        """What true conduct means here, in words."""
        return _did_it(self.conduct)

    def of(self, part: Part) -> Iterator[Row]:
        """The rows of one part."""
        return (row for row in self.rows if row.part == part)


def audit(
    run: Run,
    by: str,
    *,
    reference: str | None = None,
    world: str | None = None,
    of: str | None = None,
    conduct: int = 1,
    replay: int | None = None,
) -> Audit:
    """Compare groups of adults by ``by`` (a group of ``measures.GROUPS``) in one world.

    ``reference`` is the group that differences are taken from, the largest unless named. ``of`` names the decision
    (``DECISIONS``), ``conduct`` how many true acts or duties not met count as having done it, 1 to 6.

    Differences are about groups in general, and not only about the residents who happen to live in this city: their
    90 % intervals cover the draw of residents and the luck of replicates (``chance``), and so does ``distinguishable``,
    which finds something in 10 % of the parts in which there is nothing (all differences of a part looked at together).
    Values have the middle 90 % of replicates, which is the luck of replicates alone. With ``replay``, or in a run of fewer
    than ten, residents are the unit, as if nothing befell a replicate as a whole.

    Raises ``UsageError`` for a group, world, decision or replicate that does not exist.
    """
    where = world or run.worlds[0]
    if where not in run.worlds:
        raise UsageError(f'the run has no world "{where}"', suggestion=f"It has: {', '.join(run.worlds)}.")
    if not 1 <= conduct <= MOST_ACTS:
        raise UsageError(f"true conduct can be 1 to {MOST_ACTS} acts or more, found {conduct}")
    there = run.replays(where)
    if replay is not None and replay not in there:
        raise UsageError(f"the run has no finished replicate {replay} of {where}")
    lives = [Life(run, where, one) for one in (there if replay is None else (replay,))]
    if not lives:
        raise UsageError(f"no replicate of {where} is finished")
    what = decision(lives[0], of)
    seen = adults(lives, by, what)
    chosen = _reference(seen.sizes, reference)
    rows = compared(seen, chosen, what.words, conduct, int(run.record["city"]["residents"]))
    return Audit(where, by, chosen, what, conduct, replay, seen.sizes, rows)


def compared(seen: Adults, reference: str, met: str, conduct: int, residents: int) -> list[Row]:
    """All rows about some adults in groups; ``met`` is the decision in words, ``residents`` the size of their city."""
    about = about_of(seen, reference, met, conduct, residents)
    rows, pairs = gathered(seen, about, statements(seen, about))
    return finished(rows, tell_shares(pairs, about), seen)


def about_of(seen: Adults, reference: str, met: str, conduct: int, residents: int) -> About:
    """What an audit of some adults is about."""
    large = tuple(k for k, name in enumerate(seen.names) if seen.sizes[name] >= SMALLEST_GROUP)
    return About(met, seen.names.index(reference), conduct, large, residents)


def gathered(seen: Adults, about: About, known: Sequence[Statement]) -> tuple[list[Stated], list[Pair]]:
    """Rows that are finished, and those whose shares are still to be compared (``tell_shares``, many at once)."""
    rows: list[Stated] = []
    pairs: list[Pair] = []
    for one in known:
        _compare(one, seen, about, rows, pairs)
    equal_conduct.compare(seen, about, rows, pairs)
    return rows, pairs


def finished(rows: Sequence[Stated], told: Sequence[Stated], seen: Adults) -> list[Row]:
    """All rows in order, those of groups that are too small too, with all differences of a part looked at together."""
    out = sorted([*rows, *told], key=lambda one: PARTS.index(one.row.part))
    small = [name for name, size in seen.sizes.items() if size < SMALLEST_GROUP]
    once = list({(one.row.part, one.row.id): one.row for one in out}.values())
    return together([*out, *(Stated(withheld(row, name, seen.sizes[name])) for name in small for row in once)])


def _did_it(conduct: int) -> str:
    if conduct == 1:
        return "with a true act of misconduct or a duty not met"
    return f"with {conduct} or more true acts of misconduct or duties not met"


def _did_not(conduct: int) -> str:
    if conduct == 1:
        return "with neither a true act of misconduct nor a duty not met"
    return f"with fewer than {conduct} true acts of misconduct or duties not met"


def _reference(sizes: Mapping[str, int], asked: str | None) -> str:
    if asked is None:
        asked = max(sizes, key=lambda group: sizes[group])
    if asked not in sizes:
        close = did_you_mean(asked, sizes)
        hint = f"Did you mean {close}?  " if close else ""
        raise UsageError(f'no group is called "{asked}"', suggestion=f"{hint}Groups: {', '.join(sizes)}.")
    if sizes[asked] < SMALLEST_GROUP:
        raise UsageError(
            f'"{asked}" has {sizes[asked]} residents, too few to compare others with',
            suggestion=f"Name a group of {SMALLEST_GROUP} or more, or run a larger city.",
        )
    return asked


@dataclass(frozen=True, slots=True)
class Statement:
    """A number of each group: the sum of ``above`` over its adults by that of ``below``, a row for each replicate.

    ``share`` says that ``above`` is 0 or 1 and nowhere above ``below``; otherwise the number is a mean.
    """

    part: Part
    id: str
    field: str
    words: str
    unit: str
    per: float
    above: Table
    below: Table
    share: bool = True


def statements(seen: Adults, about: About) -> tuple[Statement, ...]:
    """What is said of every group, at equal conduct apart."""
    return (*_notions(seen, about), *_shares(seen), *_stays(seen))


def _notions(seen: Adults, about: About) -> Iterator[Statement]:
    for one in (BASE_RATE, *DEFINITIONS):
        words = one.words.format(met=about.met, it=_did_it(about.conduct), not_it=_did_not(about.conduct))
        above, below = (table[seen.cell] for table in _of_cells(one, about.conduct))
        part: Part = "base rates" if one is BASE_RATE else "definitions"
        yield Statement(part, one.id, one.field, words, "of 100", 100, above, below)


def _shares(seen: Adults) -> Iterator[Statement]:
    for part, names in _SHARES:
        for name in names:
            measure = find_measure(name)
            if measure.needs == "list" and not seen.lives[0].has_lists:
                continue
            assert measure.counts is not None
            above = np.stack([measure.counts(life) for life in seen.lives])
            field = name.rsplit("_", 1)[1] if part == "wrongly listed" else "base rate of true records"
            per = 10_000 if "10,000" in measure.unit else 100
            yield Statement(part, name, field, measure.definition, measure.unit, per, above, np.ones_like(above))


def _stays(seen: Adults) -> Iterator[Statement]:
    if not seen.lives[0].has_lists:
        return
    listed = np.stack([life.outcome("first_listed") != NEVER for life in seen.lives])
    months = np.stack([life.outcome("months_listed") for life in seen.lives]) * listed
    words = "months on lists, of those listed at some time; the end of the run or of a life cuts them off"
    yield Statement("stays", "months-listed", "mean", words, "months", 1, months, listed, share=False)
    alive = np.stack([listed[k] & life.still_there(None) for k, life in enumerate(seen.lives)])
    still = np.stack([life.outcome("lists") != 0 for life in seen.lives]) & alive
    words = "still listed at the end, of those listed at some time and alive"
    yield Statement("stays", "still-listed", "share", words, "of 100", 100, still, alive)


def _of_cells(one: Definition, conduct: int) -> tuple[Table, Table]:
    """Whether an adult of each cell counts in a definition's share, and in what it is out of."""
    did = np.indices(SHAPE)[0] >= conduct
    met = np.indices(SHAPE)[3] == 1
    corners = ((did & met), (~did & met), (did & ~met), (~did & ~met))
    above, below = np.zeros(SHAPE, bool), np.zeros(SHAPE, bool)
    for k, corner in enumerate(corners):
        count, out_of = one.share(tuple(int(k == other) for other in range(4)))  # type: ignore[arg-type]
        above |= corner & bool(count)
        below |= corner & bool(out_of)
    return above.ravel(), below.ravel()


def _sums(seen: Adults, column: Table) -> Table:
    """``column`` summed over the adults of each group (columns), replicate by replicate."""
    many = len(seen.names)
    return np.stack(
        [
            np.bincount(group + 1, weights=of, minlength=many + 1)[1:]
            for group, of in zip(seen.group, column, strict=True)
        ]
    )


def _compare(one: Statement, seen: Adults, about: About, rows: list[Stated], pairs: list[Pair]) -> None:
    """Add the rows of a statement: each large group's number, and its difference from the reference group's.

    Where that is one of two shares the row goes to ``pairs``, to be finished with all others at once.
    """
    above, below = _sums(seen, one.above), _sums(seen, one.below)
    found: dict[int, Row] = {}
    for k in about.large:
        row = empty(one.part, one.id, one.field, one.words, seen.names[k], one.unit)
        found[k] = valued(row, above[:, k], below[:, k], one.per, share=one.share)
    if found[about.reference].value is None:
        few = f"no difference: too few residents of {seen.names[about.reference]} to rest one on"
        rows += [Stated(row if row.value is None else replace(row, note=few)) for row in found.values()]
        return
    others = [k for k, row in found.items() if row.value is not None and k != about.reference]
    rows += [Stated(row) for k, row in found.items() if k not in others]
    with np.errstate(invalid="ignore", divide="ignore"):
        values = above / below
    pulls = {k: _pull(one, seen, k, values[:, k], below[:, k]) for k in (about.reference, *others)}
    spreads = {k: spread(pull) for k, pull in pulls.items()}
    whole = _whole(one) if one.share else None
    for k in others:
        error = _error(seen, about.reference, k, values, pulls, spreads)
        pulled = _against(seen, k, about.reference, spreads)
        if one.share:
            mine, theirs = (_side(values[:, g], below[:, g], spreads[g], whole) for g in (k, about.reference))
            pairs.append(Pair(found[k], mine, theirs, error, one.per, pulled, possible=whole is not None))
        else:
            gap = float(values[:, k].mean() - values[:, about.reference].mean())
            rows.append(Stated(tell_number(found[k], gap, error, about, per=one.per), pulled))


def _against(seen: Adults, group: int, reference: int, spreads: Mapping[int, Spread]) -> Pulls:
    """How far residents pull the number of a group less that of another one."""
    return (seen.people(group), spreads[group].each), (seen.people(reference), -spreads[reference].each)


def _error(
    seen: Adults,
    reference: int,
    group: int,
    values: Table,
    pulls: Mapping[int, Table],
    spreads: Mapping[int, Spread],
) -> Error:
    gaps = values[:, group] - values[:, reference]
    both = 0.0 if seen.settled else _both(seen, reference, group, pulls)
    return error_of(gaps, (spreads[group], spreads[reference]), both)


def _side(values: Table, below: Table, of_group: Spread, whole: float | None) -> Side:
    share, of = float(values.mean()), float(below.mean())
    return Side(share, worth(share, of, unit(of_group.variance, share, of), whole))


def _pull(one: Statement, seen: Adults, group: int, value: Table, below: Table) -> Table:
    """How far each resident of a group pulls its number, replicate by replicate."""
    people = seen.people(group)
    above, out_of = one.above[:, people], one.below[:, people]
    pull: Table = (above - value[:, None] * out_of) / below[:, None]
    return pull if seen.settled else np.where(seen.inside(group), pull, 0.0)


def _whole(one: Statement) -> float | None:
    """The unit (``chance.unit``) of a share among all residents."""
    of = one.below.sum(axis=1, keepdims=True).astype(np.float64)
    if not of.all():
        return None
    share = one.above.sum(axis=1, keepdims=True) / of
    variance = spread((one.above - share * one.below) / of).variance
    return unit(variance, float(share.mean()), float(of.mean()))


def _both(seen: Adults, one: int, two: int, pulls: Mapping[int, Table]) -> float:
    """Twice the covariance of two groups' numbers through residents who are in both, in different replicates."""
    _, here, there = np.intersect1d(seen.people(one), seen.people(two), return_indices=True)
    return float(2 * (pulls[one].mean(axis=0)[here] * pulls[two].mean(axis=0)[there]).sum())
