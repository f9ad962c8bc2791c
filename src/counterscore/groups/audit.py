"""The audit of one world by one attribute: groups, their sizes, and rows of shares with differences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from counterscore import paired, statistics
from counterscore.errors import UsageError, did_you_mean
from counterscore.groups.cells import MOST_ACTS, Cells, Decision, cells, decision
from counterscore.groups.definitions import BASE_RATE, DEFINITIONS, Definition
from counterscore.measures import FEWEST_REPLAYS, SMALLEST_GROUP, Life, find_measure, groups
from counterscore.results import Run

Part = Literal["base rates", "true records", "definitions", "equal conduct", "wrongly listed"]
#: Measures that are shares of adults, by part: their ids, and what they are out of.
_SHARES: tuple[tuple[Part, tuple[str, ...], int], ...] = (
    ("true records", ("truly_recorded",), 100),
    ("wrongly listed", ("wrongly_listed_factual", "wrongly_listed_rule", "wrongly_listed_spread"), 10_000),
)
OVER_REPLAYS = "middle 90 % of replays"
NOT_TOLD = "not distinguishable from no difference"
_MIDDLE = (5, 95)
_Of = dict[str, list[Cells]]


@dataclass(frozen=True, slots=True)
class Row:
    """One share of one group, and its difference from the reference group's.

    ``range_kind`` says what ``low`` and ``high`` cover, ``difference_kind`` the same of the difference. ``p_value``
    is that of a paired t test; ``distinguishable`` allows for all differences of the same part being looked at
    together (Holm), and is None for the reference group and where there is no interval. ``people`` are those the
    value rests on, the mean of replays.
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


@dataclass(frozen=True, slots=True)
class Audit:
    """All rows, with what they are about. ``sizes`` are adults of each group, the fewest of any replay.

    ``replay`` is the one replay whose residents are the unit, or None where the replay is.
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
    (``DECISIONS``), ``conduct`` how many true acts of misconduct count as having done it, 1 to 6. The replay is the
    unit: values have the middle 90 % of replays, differences a 90 % t interval of the paired mean. With ``replay``
    the residents of that one are the unit instead (Wilson, Newcombe), as if they did not touch each other's lives.

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
    found: _Of = {}
    for life in lives:
        for group, one in cells(life, by, what).items():
            found.setdefault(group, []).append(one)
    sizes = {
        group: min(one.people for one in parts) if len(parts) == len(lives) else 0 for group, parts in found.items()
    }
    chosen = _reference(sizes, reference)
    large = {group: parts for group, parts in found.items() if sizes[group] >= SMALLEST_GROUP}
    about = _About(what.words, chosen, conduct, single=replay is not None)
    rows = [*_shares(large, about), *_equal_conduct(large, about)]
    for part, names, per in _SHARES:
        rows += [row for name in names for row in _measured(part, name, per, lives, by, about, sizes)]
    rows += [_withheld(row, group, sizes[group]) for group in sizes if group not in large for row in _one_of_each(rows)]
    return Audit(where, by, chosen, what, conduct, replay, sizes, _together(rows))


@dataclass(frozen=True, slots=True)
class _About:
    met: str
    reference: str
    conduct: int
    single: bool


def _did_it(conduct: int) -> str:
    return f"with {'a true act' if conduct == 1 else f'{conduct} or more true acts'} of misconduct"


def _did_not(conduct: int) -> str:
    return "without a true act of misconduct" if conduct == 1 else f"with fewer than {conduct} true acts of misconduct"


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


def _shares(large: _Of, about: _About) -> Iterator[Row]:
    """Base rates and the five definitions."""
    for one in (BASE_RATE, *DEFINITIONS):
        part: Part = "base rates" if one is BASE_RATE else "definitions"
        counted = {g: [one.share(c.square(about.conduct)) for c in parts] for g, parts in large.items()}
        for group in large:
            yield _share(part, one, counted, group, about)


def _share(
    part: Part, one: Definition, counted: Mapping[str, Sequence[tuple[int, int]]], group: str, about: _About
) -> Row:
    mine, theirs = counted[group], counted[about.reference]
    row = _empty(
        part,
        one.id,
        one.field,
        one.words.format(met=about.met, it=_did_it(about.conduct), not_it=_did_not(about.conduct)),
        group,
        "of 100",
        about.single,
    )
    row = replace(row, people=float(np.mean([of for _, of in mine])))
    if min(of for _, of in mine) < SMALLEST_GROUP:
        return replace(
            row, note=f"withheld: rests on {min(of for _, of in mine)} residents, fewer than {SMALLEST_GROUP}"
        )
    row = _valued(row, [100 * count / of for count, of in mine])
    row = _of_one(row, mine[0], 100) if about.single else row
    if group == about.reference:
        return row
    if min(of for _, of in theirs) < SMALLEST_GROUP:
        return replace(row, note=f"no difference: too few residents of {about.reference} to rest one on")
    gaps = [100 * (a / b - c / d) for (a, b), (c, d) in zip(mine, theirs, strict=True)]
    return _of_two(row, mine[0], theirs[0], 100) if about.single else _differing(row, gaps)


def _equal_conduct(large: _Of, about: _About) -> Iterator[Row]:
    """The ratio pooled over strata of equal conduct, and the difference that is left by a regression."""
    words = f"{about.met}: times the share of {{ref}}, among those with as many true acts of misconduct"
    strata = {g: [c.counts.sum(axis=(1, 2)).astype(np.float64) for c in parts] for g, parts in large.items()}
    others = [group for group in large if group != about.reference]
    for group in others:
        row = _empty(
            "equal conduct",
            "ratio",
            "Mantel-Haenszel, strata of 0 to 5 and 6 or more acts",
            words.format(ref=about.reference),
            group,
            "times",
            about.single,
        )
        ratios = [
            statistics.mantel_haenszel(a[:, 1], a.sum(axis=1), b[:, 1], b.sum(axis=1))
            for a, b in zip(strata[group], strata[about.reference], strict=True)
        ]
        row = replace(row, people=float(np.mean([a.sum() for a in strata[group]])))
        told = [ratio for ratio in ratios if ratio is not None]
        if len(told) < len(ratios):
            yield replace(row, note=f"cannot be said: in some replay nobody of {about.reference} is {about.met}")
        else:
            yield _differing(_valued(row, told), [ratio - 1 for ratio in told])
    if not others:
        return
    order = [about.reference, *others]
    left = [_left_over([large[group][k] for group in order]) for k in range(len(large[about.reference]))]
    for k, group in enumerate(others):
        row = _empty(
            "equal conduct",
            "adjusted",
            "weighted least squares: true acts, good deeds, ever in arrears",
            f"{about.met}: difference from {about.reference} left at equal acts, good deeds and arrears",
            group,
            "points of 100",
            about.single,
        )
        people = float(np.mean([one.people for one in large[group]]))
        yield _differing(replace(row, people=people, range_kind=""), [100 * float(one[k]) for one in left])


def _left_over(of_groups: Sequence[Cells]) -> statistics.Floats:
    """What a regression on conduct leaves between the first group and each other one, in one replay."""
    whole = np.stack([one.counts for one in of_groups])
    group, acts, good, arrears = (at.ravel() for at in np.indices(whole.shape[:-1]))
    yes, of = whole[..., 1].ravel().astype(np.float64), whole.sum(axis=-1).ravel().astype(np.float64)
    return statistics.adjusted(yes, of, group, (acts, good, arrears))


def _measured(
    part: Part, name: str, per: int, lives: Sequence[Life], by: str, about: _About, sizes: Mapping[str, int]
) -> Iterator[Row]:
    """A measure that is a share of adults, group by group; nothing where the world has no list and it needs one."""
    one = find_measure(name)
    if one.needs == "list" and not lives[0].has_lists:
        return
    values: dict[str, list[tuple[float, float]]] = {}
    for life in lives:
        for group, mask in groups(life, by):
            if sizes[group] >= SMALLEST_GROUP:
                value, rests = one.compute(life, mask, None)
                values.setdefault(group, []).append((value or 0.0, rests))
    field = name.rsplit("_", 1)[1] if part == "wrongly listed" else "base rate of true records"
    base = values[about.reference]
    for group, told in values.items():
        row = _empty(part, name, field, one.definition, group, one.unit, about.single)
        row = _valued(replace(row, people=float(np.mean([of for _, of in told]))), [value for value, _ in told])
        counts = [(round(value * of / per), round(of)) for value, of in (told[0], base[0])]
        row = _of_one(row, counts[0], per) if about.single else row
        if group == about.reference:
            yield row
        elif about.single:
            yield _of_two(row, counts[0], counts[1], per)
        else:
            yield _differing(row, [mine - theirs for (mine, _), (theirs, _) in zip(told, base, strict=True)])


def _empty(part: Part, id_: str, field: str, words: str, group: str, unit: str, single: bool) -> Row:
    kinds = ("residents of one replay, 90 % Wilson interval", "residents of one replay, 90 % Newcombe interval")
    range_kind, difference_kind = kinds if single else (OVER_REPLAYS, paired.RANGE_KIND)
    nothing = (None, None, None, None, None, None, None, None)
    return Row(part, id_, field, words, group, unit, *nothing, 0.0, 0, range_kind, difference_kind)


def _valued(row: Row, values: Sequence[float]) -> Row:
    ranged = len(values) >= FEWEST_REPLAYS
    low, high = np.percentile(values, _MIDDLE) if ranged else (None, None)
    note = "" if ranged else f"no range: {len(values)} replays, at least {FEWEST_REPLAYS} are needed"
    return replace(
        row,
        value=float(np.mean(values)),
        low=None if low is None else float(low),
        high=None if high is None else float(high),
        n_replays=len(values),
        note=note,
    )


def _of_one(row: Row, share: tuple[int, int], per: float) -> Row:
    """The row with what the residents of one replay say of one share."""
    low, high = statistics.wilson(*share)
    return replace(row, low=per * low, high=per * high, note="")


def _of_two(row: Row, mine: tuple[int, int], theirs: tuple[int, int], per: float) -> Row:
    """The row with what the residents of one replay say of the difference of two shares."""
    low, high = statistics.newcombe(*mine, *theirs)
    sure = not low <= 0 <= high
    return replace(
        row,
        difference=per * (mine[0] / mine[1] - theirs[0] / theirs[1]),
        difference_low=per * low,
        difference_high=per * high,
        distinguishable=sure,
        note="" if sure else NOT_TOLD,
    )


def _differing(row: Row, gaps: Sequence[float]) -> Row:
    """The row with the mean of paired differences."""
    middle, low, high, sure, note = paired.interval(gaps)
    return replace(
        row,
        difference=middle,
        difference_low=low,
        difference_high=high,
        p_value=None if sure is None else statistics.paired_p(gaps),
        distinguishable=sure,
        n_replays=len(gaps),
        note=note or row.note,
    )


def _together(rows: Sequence[Row]) -> list[Row]:
    """The rows with ``distinguishable`` as it is when all differences of a part are looked at together."""
    out = list(rows)
    for part in dict.fromkeys(row.part for row in rows):
        at = [k for k, row in enumerate(out) if row.part == part and row.p_value is not None]
        for k, p in zip(at, statistics.holm([float(out[k].p_value or 0.0) for k in at]), strict=True):
            sure = p < 1 - statistics.CONFIDENCE
            if out[k].distinguishable and not sure:
                note = f"{NOT_TOLD} when {len(at)} differences are looked at together (Holm)"
                out[k] = replace(out[k], distinguishable=False, note=note)
    return out


def _one_of_each(rows: Sequence[Row]) -> list[Row]:
    return list({(row.part, row.id): row for row in rows}.values())


def _withheld(row: Row, group: str, size: int) -> Row:
    bare = _empty(row.part, row.id, row.field, row.words, group, row.unit, False)
    bare = replace(bare, range_kind=row.range_kind, difference_kind=row.difference_kind)
    return replace(bare, people=float(size), note=f"withheld: {size} residents, fewer than {SMALLEST_GROUP}")
