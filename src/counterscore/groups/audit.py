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
from counterscore.groups.chance import Error, Spread, error_of, spread, unit, worth
from counterscore.groups.definitions import BASE_RATE, DEFINITIONS, Definition
from counterscore.groups.row import (
    PARTS,
    About,
    Part,
    Row,
    Side,
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
    """All rows, with what they are about. ``sizes`` are adults of each group, the fewest of any replay.

    ``replay`` is the one replay that was asked for, or None for all.
    """

    world: str
    by: str
    reference: str
    decision: Decision
    conduct: int
    replay: int | None
    sizes: Mapping[str, int]
    rows: Sequence[Row]

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
    90 % intervals cover the draw of residents and the luck of replays (``chance``), and so does ``distinguishable``,
    which finds something in 10 % of the parts in which there is nothing (Holm over all differences of a part).
    Values have the middle 90 % of replays, which is the luck of replays alone. With ``replay``, or in a run of fewer
    than ten, residents are the unit, as if nothing befell a replay as a whole.

    Raises ``UsageError`` for a group, world, decision or replay that does not exist.
    """
    where = world or run.worlds[0]
    if where not in run.worlds:
        raise UsageError(f'the run has no world "{where}"', suggestion=f"It has: {', '.join(run.worlds)}.")
    if not 1 <= conduct <= MOST_ACTS:
        raise UsageError(f"true conduct can be 1 to {MOST_ACTS} acts or more, found {conduct}")
    there = run.replays(where)
    if replay is not None and replay not in there:
        raise UsageError(f"the run has no finished replay {replay} of {where}")
    lives = [Life(run, where, one) for one in (there if replay is None else (replay,))]
    if not lives:
        raise UsageError(f"no replay of {where} is finished")
    what = decision(lives[0], of)
    seen = adults(lives, by, what)
    chosen = _reference(seen.sizes, reference)
    large = tuple(k for k, name in enumerate(seen.names) if seen.sizes[name] >= SMALLEST_GROUP)
    rows = compared(seen, chosen, what.words, conduct, int(run.record["city"]["residents"]))
    return Audit(where, by, chosen, what, conduct, replay, seen.sizes, rows)


def compared(seen: Adults, reference: str, met: str, conduct: int, residents: int) -> list[Row]:
    """All rows about some adults in groups; ``met`` is the decision in words, ``residents`` the size of their city."""
    large = tuple(k for k, name in enumerate(seen.names) if seen.sizes[name] >= SMALLEST_GROUP)
    about = About(met, seen.names.index(reference), conduct, large, residents)
    rows = [row for one in _statements(seen, about) for row in _compared(one, seen, about)]
    rows = sorted([*rows, *equal_conduct.rows(seen, about)], key=lambda row: PARTS.index(row.part))
    small = [name for k, name in enumerate(seen.names) if k not in large]
    once = list({(row.part, row.id): row for row in rows}.values())
    rows += [withheld(row, name, seen.sizes[name]) for name in small for row in once]
    return together(rows)


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
class _Statement:
    """A number of each group: the sum of ``above`` over its adults by that of ``below``, a row for each replay.

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


def _statements(seen: Adults, about: About) -> Iterator[_Statement]:
    for one in (BASE_RATE, *DEFINITIONS):
        words = one.words.format(met=about.met, it=_did_it(about.conduct), not_it=_did_not(about.conduct))
        above, below = (table[seen.cell] for table in _of_cells(one, about.conduct))
        part: Part = "base rates" if one is BASE_RATE else "definitions"
        yield _Statement(part, one.id, one.field, words, "of 100", 100, above, below)
    for part, names in _SHARES:
        for name in names:
            measure = find_measure(name)
            if measure.needs == "list" and not seen.lives[0].has_lists:
                continue
            assert measure.counts is not None
            above = np.stack([measure.counts(life) for life in seen.lives])
            field = name.rsplit("_", 1)[1] if part == "wrongly listed" else "base rate of true records"
            per = 10_000 if "10,000" in measure.unit else 100
            yield _Statement(part, name, field, measure.definition, measure.unit, per, above, np.ones_like(above))
    if seen.lives[0].has_lists:
        yield from _stays(seen)


def _stays(seen: Adults) -> Iterator[_Statement]:
    listed = np.stack([life.outcome("first_listed") != NEVER for life in seen.lives])
    months = np.stack([life.outcome("months_listed") for life in seen.lives]) * listed
    words = "months on lists, of those listed at some time; the end of the run or of a life cuts them off"
    yield _Statement("stays", "months-listed", "mean", words, "months", 1, months, listed, share=False)
    alive = np.stack([listed[k] & life.still_there(None) for k, life in enumerate(seen.lives)])
    still = np.stack([life.outcome("lists") != 0 for life in seen.lives]) & alive
    words = "still listed at the end, of those listed at some time and alive"
    yield _Statement("stays", "still-listed", "share", words, "of 100", 100, still, alive)


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
    """``column`` summed over the adults of each group (columns), replay by replay."""
    many = len(seen.names)
    return np.stack(
        [
            np.bincount(group + 1, weights=of, minlength=many + 1)[1:]
            for group, of in zip(seen.group, column, strict=True)
        ]
    )


def _compared(one: _Statement, seen: Adults, about: About) -> list[Row]:
    """The rows of a statement, each large group's number and its difference from the reference group's."""
    above, below = _sums(seen, one.above), _sums(seen, one.below)
    found: dict[int, Row] = {}
    for k in about.large:
        row = empty(one.part, one.id, one.field, one.words, seen.names[k], one.unit)
        found[k] = valued(row, above[:, k], below[:, k], one.per, share=one.share)
    if found[about.reference].value is None:
        few = f"no difference: too few residents of {seen.names[about.reference]} to rest one on"
        return [row if row.value is None else replace(row, note=few) for row in found.values()]
    others = [k for k, row in found.items() if row.value is not None and k != about.reference]
    with np.errstate(invalid="ignore", divide="ignore"):
        values = above / below
    pulls = {k: _pull(one, seen, k, values[:, k], below[:, k]) for k in (about.reference, *others)}
    spreads = {k: spread(pull) for k, pull in pulls.items()}
    errors = {k: _error(seen, about.reference, k, values, pulls, spreads) for k in others}
    if one.share:
        whole = _whole(one)
        sides = {k: _side(values[:, k], below[:, k], spreads[k], whole) for k in spreads}
        told = tell_shares(
            [found[k] for k in others],
            [sides[k] for k in others],
            [sides[about.reference]] * len(others),
            list(errors.values()),
            about,
            per=one.per,
        )
        return list((found | dict(zip(others, told, strict=True))).values())
    gaps = values.mean(axis=0) - values[:, about.reference].mean()
    numbers = {k: tell_number(found[k], float(gaps[k]), errors[k], about, per=one.per) for k in others}
    return list((found | numbers).values())


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


def _pull(one: _Statement, seen: Adults, group: int, value: Table, below: Table) -> Table:
    """How far each resident of a group pulls its number, replay by replay."""
    people = seen.people(group)
    above, out_of = one.above[:, people], one.below[:, people]
    pull: Table = (above - value[:, None] * out_of) / below[:, None]
    return pull if seen.settled else np.where(seen.inside(group), pull, 0.0)


def _whole(one: _Statement) -> float | None:
    """The unit (``chance.unit``) of a share among all residents."""
    of = one.below.sum(axis=1, keepdims=True).astype(np.float64)
    if not of.all():
        return None
    share = one.above.sum(axis=1, keepdims=True) / of
    variance = spread((one.above - share * one.below) / of).variance
    return unit(variance, float(share.mean()), float(of.mean()))


def _both(seen: Adults, one: int, two: int, pulls: Mapping[int, Table]) -> float:
    """Twice the covariance of two groups' numbers through residents who are in both, in different replays."""
    _, here, there = np.intersect1d(seen.people(one), seen.people(two), return_indices=True)
    return float(2 * (pulls[one].mean(axis=0)[here] * pulls[two].mean(axis=0)[there]).sum())
