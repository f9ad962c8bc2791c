"""Measures: one file each, found by the ``MEASURE`` it offers. Adding one is adding its file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from weakref import WeakKeyDictionary

import numpy as np

from counterscore import discovery, wording
from counterscore.errors import NotKeptError, UsageError, did_you_mean
from counterscore.measures._measure import NEVER, TOPICS, Life, Mask, Measure, Value
from counterscore.measures._parts import all_in_parts, by_group_in_parts, in_parts
from counterscore.regime.vocabulary import Subject
from counterscore.results import Run

__all__ = [
    "SMALLEST_GROUP",
    "TOPICS",
    "Life",
    "Measure",
    "Measured",
    "all_measures",
    "applies",
    "evaluate",
    "find_measure",
    "groups",
    "inapplicable",
    "measure",
    "value_of",
]

SMALLEST_GROUP = 30  #: groups of fewer residents are withheld
FEWEST_REPLAYS = 10  #: fewer give no range
_MIDDLE = (5, 95)
_NATION = 4_000_000  #: residents from which measures are worked out in parts

AGES = ((0, 17), (18, 29), (30, 44), (45, 59), (60, 200))
INCOMES = ((0, 399), (400, 699), (700, 999), (1000, 1499), (1500, 65_535))  # tens of yuan a month
FIRST_RECORD = "first_record_age"  #: the only group that depends on what happens in the run
ALLEGIANCE = (
    "allegiance"  #: the only one drawn anew in each replicate: a made-up trait, with the holders of no real one
)
_NO_RECORD = "no record"
GROUPS = (
    "sex",
    "age",
    FIRST_RECORD,
    "registration",
    "education",
    "occupation",
    "income",
    "district",
    "file",
    "minority",
    "connected",
    ALLEGIANCE,
)


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure in a world, over replicates. ``low`` and ``high`` are the middle 90 % of replicates.

    ``value`` is None where the measure does not apply, with the reason in ``note``; ``rests_on`` is the mean
    number of residents, attempts or records behind it. ``echo_of`` is what the measure repeats by its definition, in
    part or wholly; ``echo`` names the inputs that it was measured to repeat in this run (``echo.measure_echoes``).
    """

    id: str
    subject: Subject
    topic: str
    world: str
    group: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    range_kind: str
    n_replays: int
    rests_on: float
    limits: str
    echo_of: str
    note: str = ""
    baseline: str | None = None
    echo: str = ""

    @property
    def text(self) -> str:
        """The value with its range as every output prints it: ``4.33 (3.66 to 5.24)``."""
        return wording.amount(self.value, self.low, self.high)

    def __repr__(self) -> str:
        told = self.text if self.value is not None else self.note
        of = "" if self.group == "everybody" else f", {self.group}"
        return f"<Measured {self.id}: {told} {self.unit}; {self.world}{of}, {self.n_replays} replicates>"


@cache
def all_measures() -> tuple[Measure, ...]:
    """All measures, in the order of their ids."""
    return tuple(sorted(discovery.offered("counterscore.measures", "MEASURE"), key=lambda one: one.id))


def find_measure(name: str) -> Measure:
    """The measure called ``name``; raises ``UsageError`` where there is none."""
    for one in all_measures():
        if one.id == name:
            return one
    close = did_you_mean(name, [one.id for one in all_measures()])
    hint = f"Did you mean {close}?  " if close else ""
    raise UsageError(f'no measure is called "{name}"', suggestion=f"{hint}All: counterscore list measures")


def measure(run: Run, name: str, *, world: str | None = None, by: str | None = None) -> list[Measured]:
    """A measure in one world (the one asked for, unless named), for everybody or by groups of residents."""
    one = find_measure(name)
    where = world or run.worlds[0]
    if where not in run.worlds:
        raise UsageError(f'the run has no world "{where}"', suggestion=f"It has: {', '.join(run.worlds)}.")
    lives = [(Life(run, where, r), _base(run, where, r)) for r in run.replays(where)]
    if by is None:
        return [measured(one, where, lives, run.baseline)]
    if not one.grouped:
        raise UsageError(f"{one.id} is a measure of the whole city", suggestion="It cannot be split by group.")
    if not lives:
        return []
    values: dict[str, list[Value]] = {}
    fewest: dict[str, int] = {}
    lacking = ""
    for life, base in lives:
        found_here, why = _by_group(one, life, base, by)
        lacking = lacking or why
        for group, (value, many) in found_here.items():
            values.setdefault(group, []).append(value)
            fewest[group] = min(fewest.get(group, many), many)
    out = []
    for group, found in values.items():
        if fewest[group] < SMALLEST_GROUP:
            withheld = summed_up(one, where, [], group, run.baseline)
            note = f"withheld: {fewest[group]} residents, fewer than {SMALLEST_GROUP}"
            out.append(replace(withheld, note=note))
        else:
            note = inapplicable(one, *lives[0]) or lacking
            out.append(summed_up(one, where, found, group, run.baseline, note))
    return out


def _by_group(one: Measure, life: Life, base: Life | None, by: str) -> tuple[dict[str, tuple[Value, int]], str]:
    """A measure in each group, and how many adults are in it; and why it cannot be said, where the run lacks what it takes.

    No value of groups that are withheld or not measured. A run that lacks the attribute itself has no groups to tell: that is raised.
    """
    told = not inapplicable(one, life, base)
    lacking = ""
    if told and _is_large(life.run):
        found = None
        with suppress(NotKeptError):  # told below, where the groups are there
            found = by_group_in_parts(one, life, base, lambda part: _all_groups(part, by))
        if found is not None:
            return {group: of for group, of in found.items() if of[1] or _is_told_when_empty(group, by)}, ""
    out: dict[str, tuple[Value, int]] = {}
    for group, mask in groups(life, by):
        many = int(mask.sum())
        value: Value = (None, 0.0)
        if told and many >= SMALLEST_GROUP:
            try:
                value = one.compute(life, mask, base)
            except NotKeptError as error:
                told, lacking = False, _cannot_be_said(error)
        out[group] = value, many
    return out, lacking


def _cannot_be_said(error: NotKeptError) -> str:
    return f"cannot be said: {error.message}"


#: What measures came out at, by run, then by measure, world, replicate and whether a baseline was at hand.
_KNOWN: WeakKeyDictionary[Run, dict[tuple[str, str, int, bool], Value]] = WeakKeyDictionary()


def value_of(one: Measure, life: Life, base: Life | None) -> Value:
    """A measure of everybody in one world and replicate; worked out once for each opened run."""
    known = _KNOWN.setdefault(life.run, {})
    key = (one.id, life.world, life.replay, base is not None)
    if key not in known:
        found = in_parts(one, life, base) if _is_large(life.run) else None
        known[key] = one.compute(life, None, base) if found is None else found
    return known[key]


def _is_large(run: Run) -> bool:
    return int(run.record["city"]["residents"]) > _NATION


def evaluate(run: Run, measures: Iterable[Measure], worlds: Sequence[str] | None = None) -> None:
    """Work out many measures at once, replicate by replicate, so that each column of each table is read once.

    ``measure`` and ``paired.compare`` then find the values of this opened run. A replicate's columns are let go of
    before the next one is read.
    """
    chosen = tuple(measures)
    for replay in range(int(run.record["replays"])):
        lives = {name: Life(run, name, replay) for name in worlds or run.worlds if (name, replay) in run.finished}
        for name, life in lives.items():
            base = lives.get(run.baseline or "") or _base(run, name, replay)
            of = None if base is None or base.world == name else base
            wanted = [one for one in chosen if not inapplicable(one, life, of)]
            if _is_large(run):
                known = _KNOWN.setdefault(run, {})
                keys = {one.id: (one.id, name, replay, of is not None) for one in wanted}
                lacking = [one for one in wanted if keys[one.id] not in known]
                known |= {keys[id_]: value for id_, value in all_in_parts(lacking, life, of).items()}
            for one in wanted:
                with suppress(NotKeptError):  # ``measured`` says so
                    value_of(one, life, of)


def _base(run: Run, world: str, replay: int) -> Life | None:
    if run.baseline is None or run.baseline == world or (run.baseline, replay) not in run.finished:
        return None
    return Life(run, run.baseline, replay)


def measured(one: Measure, world: str, lives: list[tuple[Life, Life | None]], baseline: str | None) -> Measured:
    """Compute ``one`` of everybody in every replicate, and sum up."""
    note = inapplicable(one, *lives[0]) if lives else ""
    values: list[Value] = []
    try:
        values = [] if note else [value_of(one, life, base) for life, base in lives]
    except NotKeptError as error:
        note = _cannot_be_said(error)
    found = summed_up(one, world, values, "everybody", baseline, note)
    return replace(found, echo=lives[0][0].run.echo(one.id, world)) if lives else found


def summed_up(
    one: Measure, world: str, found: Sequence[Value], group: str, baseline: str | None, note: str = ""
) -> Measured:
    """What came out in every replicate as a mean and a range."""
    values = [value for value, _ in found if value is not None]
    bases = [basis for value, basis in found if value is not None]
    if note:
        values = bases = []
    elif found and not values:
        note = "not defined, because there is nothing to measure in any replicate"
    ranged = len(values) >= FEWEST_REPLAYS
    low, high = np.percentile(values, _MIDDLE) if ranged else (None, None)
    if values and not ranged:
        note = f"no range: {wording.replicates(len(values))}, at least {FEWEST_REPLAYS} are needed"
    if values and len(values) < len(found):
        missing = (
            f"not defined in {len(found) - len(values)} of {wording.replicates(len(found))}: nothing to measure there"
        )
        note = f"{note}; {missing}" if note else missing
    return Measured(
        id=one.id,
        subject=one.subject,
        topic=one.topic,
        world=world,
        group=group,
        value=float(np.mean(values)) if values else None,
        low=None if low is None else float(low),
        high=None if high is None else float(high),
        unit=one.unit,
        range_kind="replays",
        n_replays=len(values),
        rests_on=float(np.mean(bases)) if bases else 0.0,
        limits=one.limits,
        echo_of=one.echo_of,
        note=note,
        baseline=baseline if one.needs == "baseline" else None,
    )


def applies(one: Measure, life: Life) -> bool:
    """Whether a measure says something about a world; those that need a baseline do not by themselves."""
    return not inapplicable(one, life, None)


def inapplicable(one: Measure, life: Life, base: Life | None) -> str:
    """Why a measure says nothing about a world, empty where it does."""
    if one.needs in {"score", "grade"}:
        part = life.scored
        if part is None:
            return "not applicable: the rule book has no score"
        if not life.has_score:
            return "cannot be said: start, floor or ceiling of the score are unknown"
        if one.needs == "grade" and not part["grades"]:
            return "not applicable: the score has no grades"
        if one.needs == "grade" and not part.get("grades_known", True):
            return "cannot be said: borders of the grades are unknown"
    if one.needs.startswith("firm"):
        if not life.has_firms:
            return "not applicable: no rule book of the run is about firms"
        parts = life.parts("firms")
        if one.needs == "firm list" and not any(part["lists"] for part in parts):
            return "not applicable: no rule book of the world lists firms"
        if one.needs == "firm score" and not any(part["grades"] for part in parts):
            return "not applicable: no rule book of the world grades firms"
    if one.needs == "private" and (life.private_part is None or not life.has_table("private")):
        return "not applicable: no private rule book has a score"
    if one.needs == "scrutiny" and not any(part.get("scrutiny") for part in life.record["parts"]):
        return "not applicable: no rule book of the world looks at some occupations more closely"
    if one.needs.startswith("partners") and not life.has_table("meetings"):
        return "not applicable: no world of the run has a matchmaker"
    if one.needs == "partners baseline" and (base is None or life.private_part is None):
        return "not applicable: no baseline to compare with, or no private score"
    if one.needs == "list" and not life.has_lists:
        return "not applicable: the rule book has no list"
    if one.needs.endswith("honour") and not life.honours("firms" if one.needs.startswith("firm") else "residents"):
        return "not applicable: no list of the world is an honour"
    if one.needs == "bodies" and not life.has_bodies:
        return "not applicable: no public bodies live in this run"
    if one.needs == "baseline" and base is None:
        return "not applicable: no baseline to compare with"
    return ""


def groups(life: Life, by: str) -> Iterator[tuple[str, Mask]]:
    """Names and masks of the groups of adults by an attribute; raises ``UsageError`` for another one.

    All groups are told by what people are before a regime touches them, except ``first_record_age``: who is
    recorded young and who old is the regime's doing too, so its groups differ between worlds and replicates.
    """
    return ((name, mask) for name, mask in _all_groups(life, by) if mask.any() or _is_told_when_empty(name, by))


def _is_told_when_empty(group: str, by: str) -> bool:
    """Bands of age and income are told where somebody is in them; what a column names is told in any case."""
    return by not in {"age", "income", FIRST_RECORD} or group == _NO_RECORD


def _all_groups(life: Life, by: str) -> Iterator[tuple[str, Mask]]:
    from counterscore.city import column  # knows the rule-book reader too, which numbers without groups do not need

    if by not in GROUPS:
        close = did_you_mean(by, GROUPS)
        hint = f"Did you mean {close}?  " if close else ""
        raise UsageError(f'residents cannot be grouped by "{by}"', suggestion=f"{hint}Groups: {', '.join(GROUPS)}.")
    if by == FIRST_RECORD:
        yield from _first_record_ages(life)
        return
    if by == ALLEGIANCE:
        holds = life.outcome(ALLEGIANCE) != 0
        yield from (("no", ~holds), ("yes", holds))
        return
    codes = life.resident(by)
    if by in {"age", "income"}:
        scale = 1 if by == "age" else 10
        for low, high in AGES if by == "age" else INCOMES:
            top = f"to {high * scale:,}" if high not in {200, 65_535} else "and over"
            yield f"{low * scale:,} {top}", (codes >= low) & (codes <= high)
        return
    names = life.run.record["city"]["districts"] if by == "district" else column(by).categories
    for code, name in enumerate(names):
        yield str(name), codes == code


def _first_record_ages(life: Life) -> Iterator[tuple[str, Mask]]:
    first = life.outcome("first_record")
    recorded = first != NEVER
    age = life.age_in(first)
    for low, high in AGES[1:]:
        top = f"to {high}" if high != AGES[-1][1] else "and over"
        yield f"first record at {low} {top}", recorded & (age >= low) & (age <= high)
    yield _NO_RECORD, ~recorded
