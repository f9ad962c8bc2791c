"""Where did two runs part: the first month and step, the column and the person at which they differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from counterscore.engine import layout, month_order
from counterscore.engine.plan import scored_of
from counterscore.errors import UsageError
from counterscore.reliving import Event, Living, Stage
from counterscore.reliving.trace import MONTH, POSITION, is_of
from counterscore.results import Run
from counterscore.results.ids import resident_id
from counterscore.results.run import GENERATION, SUBDISTRICT
from counterscore.twins.side_by_side import COUNT, NEVER, SIDE, SideBySide, columns_that_differ

#: The step in which an event comes about; work is found in step 7 and lost through closed doors there.
_STEP_OF_EVENT = {
    "work": 1,
    "debt": 1,
    "act": 2,
    "record": 3,
    "overdue": 4,
    "end": 4,
    "score": 4,
    "enter": 5,
    "late": 5,
    "leave": 5,
    "doors": 6,
    "attempt": 7,
    "notice": 8,
    "appeal": 8,
    "decision": 8,
    "repair": 8,
    "knows": 9,
    "tie": 9,
    "shown": 9,
    "profile": 9,
    "business": 7,
    "aftermath": 7,
    "move": 1,
    "loan": 7,
    "dealing": 7,
}
#: The step that writes a column of the state, where no event tells it; what is noted at the turn of a year counts to the first.
_STEP_OF_COLUMN = {
    **dict.fromkeys(("work", "savings", "loan", "arrears", "judged", "arrears_months", "duties", "job_losses"), 1),
    "milestones": 1,
    **dict.fromkeys(("misconduct", "good_deeds", "lawful_acts", "gamed", "victims", "defrauded"), 2),
    **dict.fromkeys(("unrecorded", "hours", "yuan", "first_record"), 3),
    **dict.fromkeys(("records", "good_records", "untrue_records", "rule_wrong_records"), 3),
    **dict.fromkeys(("first_listed", "months_listed", "wrong_factual", "wrong_rule"), 5),
    **dict.fromkeys(
        (
            "attempts",
            "refused",
            "refused_else",
            "waited",
            "doors_most",
            "months_unable",
            "years_unable",
            "wrong_spread",
            "door_job_losses",
            "loans_asked",
            "loans_refused",
            "loans_good_refused",
            "loans_bad",
            "dealings_refused",
        ),
        7,
    ),
    **dict.fromkeys(("appeals", "appeals_won"), 8),
    **dict.fromkeys(("aware", "ties", "ties_lost", "shown"), 9),
}
_INPUTS = ("months", "replays", "seed", "start", "switches", "engine_sha256", "results_epoch")


@dataclass(frozen=True, slots=True)
class Parting:
    """The first difference of two runs. ``month`` is None where they part before the first month, or where only
    the tables differ and not the lives that the records give; ``words`` says which.
    """

    inputs: tuple[str, ...]
    words: str
    worlds: tuple[str, str] | None = None
    replay: int | None = None
    month: int | None = None
    step: int | None = None
    step_title: str = ""
    resident: str = ""
    column: str = ""
    here: str = ""
    there: str = ""
    persons: int = 0
    cell: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def part(one: Run, two: Run, *, world: str | None = None, replay: int | None = None) -> Parting | None:
    """The first difference of two runs, or None where all their tables are the same.

    A world is compared with the one of the same name; the first worlds are, where no name is shared.
    """
    inputs = tuple(differing_inputs(one, two))
    if one.record["city"]["sha256"] != two.record["city"]["sha256"]:
        return Parting(
            inputs, "They part before the first month: the residents are not the same (city, number or seed)."
        )
    for names in _worlds(one, two, world):
        for r in _replays(one, two, names, replay):
            found = _differing_row(one, two, names, r)
            if found is None:
                cell = _other_table(one, two, names, r)
                if cell is None:
                    continue
                return Parting(inputs, "The lives are the same; another table differs.", names, r, cell=cell)
            return _locate(one, two, names, r, *found, inputs)
    return None


def differing_inputs(one: Run, two: Run) -> Iterator[str]:
    """What two runs were given differently, in words."""
    a, b = one.record, two.record
    for name in _INPUTS:
        if a.get(name) != b.get(name):
            shown = [str(side.get(name))[:16] for side in (a, b)]
            yield f"{name.removesuffix('_sha256')}: {shown[0]} here, {shown[1]} there"
    if a["city"]["sha256"] != b["city"]["sha256"]:
        yield f"city: {a['city']['id']} of {a['city']['residents']:,} here, {b['city']['id']} of {b['city']['residents']:,} there"
    for path in sorted({*a["assumptions"], *b["assumptions"]}):
        values = [side["assumptions"].get(path, {}).get("value") for side in (a, b)]
        if values[0] != values[1]:
            yield f"assumption {path}: {values[0]} here, {values[1]} there"
    texts = [{world["name"]: [part["files"] for part in world["parts"]] for world in side["worlds"]} for side in (a, b)]
    for name in dict.fromkeys([*texts[0], *texts[1]]):
        if name not in texts[0] or name not in texts[1]:
            yield f"world {name}: only {'here' if name in texts[0] else 'there'}"
        elif texts[0][name] != texts[1][name]:
            yield f"world {name}: the rule book's text differs"


def _worlds(one: Run, two: Run, world: str | None) -> list[tuple[str, str]]:
    if world is not None:
        for run in (one, two):
            if world not in run.worlds:
                raise UsageError(f'{run.path} has no world "{world}"', suggestion=f"It has: {', '.join(run.worlds)}.")
        return [(world, world)]
    shared = [(name, name) for name in one.worlds if name in two.worlds]
    first = (one.worlds[0], two.worlds[0])
    # The worlds asked for tell more than a baseline that both have.
    return [first, *shared] if first[0] != first[1] else shared


def _replays(one: Run, two: Run, names: tuple[str, str], replay: int | None) -> list[int]:
    both = [r for r in one.replays(names[0]) if (names[1], r) in two.finished]
    if replay is not None and replay not in both:
        raise UsageError(f"no replicate {replay} of {names[0]} and {names[1]} is finished in both runs")
    return both if replay is None else [replay]


def _differing_row(one: Run, two: Run, names: tuple[str, str], replay: int) -> tuple[int, str] | None:
    """The first person whose outcomes differ (identity), and the cell in words."""
    first: tuple[int, str] | None = None
    many = [side.rows_of("outcomes", name, replay) for side, name in zip((one, two), names, strict=True)]
    if many[0] != many[1]:  # a longer run has more generations; the places are the same
        return 0, f"{many[0]:,} persons here, {many[1]:,} there"
    before = 0
    for a, b in zip(one.pieces("outcomes", names[0], replay), two.pieces("outcomes", names[1], replay), strict=True):
        for name in a.column_names:
            if name in b.column_names:
                x, y = a[name].to_numpy(), b[name].to_numpy()
                rows = np.flatnonzero(x != y)
                if len(rows) and (first is None or before + rows[0] < first[0]):
                    at = before + int(rows[0])
                    told = f"table outcomes, row {at:,}, column {name}: {x[rows[0]]} here, {y[rows[0]]} there"
                    first = (at, told)
        if first is not None:
            break
        before += a.num_rows
    if first is None:
        return None
    people = one.residents(["resident", "generation"]).slice(first[0], 1).to_pylist()[0]
    return people["resident"] + people["generation"] * GENERATION, first[1]


def _other_table(one: Run, two: Run, names: tuple[str, str], replay: int) -> str | None:
    return one.unit_difference(two, names[0], replay) if names[0] == names[1] else None


def _locate(
    one: Run, two: Run, names: tuple[str, str], replay: int, identity: int, cell: str, inputs: tuple[str, ...]
) -> Parting:
    """Live the first differing subdistrict again in both runs, and stop where anybody differs."""
    stages = (Stage(one), Stage(two))
    k = identity % GENERATION // SUBDISTRICT
    months = min(int(run.record["months"]) for run in (one, two))

    def make(room: int) -> tuple[Living, Living]:
        return (
            stages[0].living(k, world=names[0], replay=replay, room=room),
            stages[1].living(k, world=names[1], replay=replay, room=room),
        )

    both = SideBySide(make, months, room=stages[0].room(k), until=True)
    if not (both.first < NEVER).any():
        if one.record["months"] != two.record["months"]:
            words = f"They are the same for the {months} months that both have; one goes on longer."
        else:
            words = (
                "The records of both give the same lives, month by month; only the tables differ. One folder was "
                "changed since it was written, or written by another engine: counterscore verify tells which."
            )
        return Parting(inputs, words, names, replay, cell=cell)
    month = int(both.first.min())
    step, place, _, column, here, there = min(_candidates(both, month))
    generation = int(both.generations[month, place])
    who = resident_id(one, k * SUBDISTRICT + place + generation * GENERATION)
    title = next((one_.title for one_ in month_order() if one_.number == step), "")
    persons = int((both.first == month).sum())
    return Parting(
        inputs,
        f"They part in month {month} of the run, step {step} ({title}), at {who}: {column}.",
        names,
        replay,
        month,
        step,
        title,
        who,
        column,
        here,
        there,
        persons,
        cell,
    )


def _candidates(both: SideBySide, month: int) -> Iterator[tuple[int, int, int, str, str, str]]:
    """Everything that differs in the month: step, place, event before column, what, and how it is in both."""
    odd = both.odd_events()
    odd = odd[odd[:, MONTH] == month]
    told: dict[tuple[int, int], list[str]] = {}
    for row in odd:
        event = _event(both, row)
        key = (int(row[POSITION]), int(row[COUNT]))
        sides = told.setdefault(key, ["", ""])
        sides[int(row[SIDE])] = event.detail
    for row in odd:
        event = _event(both, row)
        here, there = told[int(row[POSITION]), int(row[COUNT])]
        seen_otherwise = event.what == "act" and here.split(": ")[0] == there.split(": ")[0]
        step, place = 3 if seen_otherwise else _step(event), int(row[POSITION])
        yield step, place, 0, event.what, here or "nothing", there or "nothing"
    last = both.sides[0].place.month == month + 1
    if last:
        for name, differs in columns_that_differ(*both.sides):
            step = _STEP_OF_COLUMN.get(name, 4 if name.startswith(("score", "grade")) else 9)
            # Several steps write some columns: where an event of the month differs too, it says which.
            untold = np.setdiff1d(np.flatnonzero(differs), odd[:, POSITION])
            for place in untold[:1].tolist():
                yield step, place, 1, f"column {name}", *_values(both, name, place)


def _event(both: SideBySide, row: npt.NDArray[np.int64]) -> Event:
    """The event of a row whose rules are numbered by name, told by the life it belongs to."""
    side = int(row[SIDE])
    events = both.sides[side].events
    mine = events[(events[:, MONTH] == row[MONTH]) & (events[:, POSITION] == row[POSITION])]
    mine = mine[~is_of(mine, layout.EVENT_DOORS)]
    return both.tellers[side].event(mine[int(row[COUNT])])


def _step(event: Event) -> int:
    if event.what == "work" and (event["work"] == layout.EMPLOYED or event["why"]):
        return 7
    return _STEP_OF_EVENT.get(event.what, 9)


def _values(both: SideBySide, name: str, place: int) -> tuple[str, str]:
    out = []
    for side, names in zip(both.sides, both.names, strict=True):
        if name == "aware":
            out.append(str(side.place.watch["aware"][place]))
        elif " of " in name:
            field, book = name.split(" of ", 1)
            books = [names[one.id] for one in scored_of(side.stage.regime(side.world).stacked())]
            out.append(str(side.place.residents[field][place, books.index(book)]))
        else:
            kept = side.place.residents if name in (layout.RESIDENT.names or ()) else side.place.private
            out.append(str(kept[name][place]))
    return out[0], out[1]
