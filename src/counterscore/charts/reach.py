"""C19. Which body holds which record about how many?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from counterscore.charts._chart import Chart, Column, Row, Spec, View, over, ranged, spoken
from counterscore.charts._lived import basis, same_as_kept, sample
from counterscore.charts._style import matrix
from counterscore.engine import layout
from counterscore.regime.model import PUBLIC, Regime
from counterscore.regime.vocabulary import ACTS
from counterscore.reliving import History, Stage
from counterscore.reliving.trace import MONTH, POSITION, column, detail, is_of, of_kind
from counterscore.results import Run, as_numpy
from counterscore.results.run import SUBDISTRICT

RECORD, END, LATE = layout.EVENT_RECORD, layout.EVENT_END, layout.EVENT_OVERDUE
_YEAR = 12
_OWN, _SHARED = "made by its own office", "with what reaches it within a year"
_ANY, _EACH = "any record", "each of them"
_CONTEXT = {act.id: act.context for act in ACTS}


@dataclass(frozen=True, eq=False)
class _Body:
    """Who holds records of a rule book, and for each row of the stack the chance that a record reaches it in a year."""

    book: str
    name: str
    how: str
    chance: npt.NDArray[np.float64]


def _rows(run: Run, view: View) -> list[Row]:
    world = view.of(run)
    stage, part = Stage(run), sample(run, world)
    stack = [one for one in stage.regime(world).stacked() if one.subjects == "residents"]
    rows_of = [(regime, row) for regime in stack for row in regime.catalogue]
    kinds = [_kind(row) for _, row in rows_of]
    bodies = list(_bodies(stack, rows_of))
    people = run.residents(["resident", "adult", "until"])
    numbers = as_numpy(people["resident"])
    found: dict[tuple[_Body, str], list[float]] = {}
    for replay in part.replays:
        held: dict[tuple[_Body, str], float] = {}
        adults = 0
        made = as_numpy(run.table("outcomes", world, replay, ["records"])["records"])
        for k in part.subdistricts:
            history = stage.relive(k, world=world, replay=replay)
            same_as_kept(run, history.columns["records"], made[numbers // SUBDISTRICT == k])
            who = _alive(people, k, len(history.start))
            adults += int(who.sum())
            row, place = _records(history)
            keep = who[place]
            for key, n in _held(bodies, kinds, row[keep], place[keep], len(history.start)):
                held[key] = held.get(key, 0.0) + n
        for key, n in held.items():
            found.setdefault(key, []).append(100 * n / max(1, adults))
    out: list[Row] = []
    for regime in stack:
        mine = [body for body in bodies if body.book == regime.title]
        shown = [
            kind
            for kind in dict.fromkeys(kinds)
            if any(any(found[body, kind]) for body in mine if (body, kind) in found)
        ]
        for body in mine if shown else ():
            for kind in (*shown, _ANY):
                out.append(
                    {"rule_book": body.book, "body": body.name, "record_kind": kind, "how": body.how}
                    | over(found.get((body, kind), [0.0] * len(part.replays)))
                )
    return out


def _kind(row: Any) -> str:
    return "being on a list" if row.on_list else _CONTEXT[row.act[0]].replace("_", " ")


def _bodies(stack: Sequence[Regime], rows_of: Sequence[tuple[Regime, Any]]) -> Iterator[_Body]:
    for regime in stack:
        mine = np.array([one is regime for one, _ in rows_of])
        by = np.array([row.authority for _, row in rows_of])
        makers = [name for name in regime.authorities if (mine & (by == name)).any()]
        for name in makers:
            yield _Body(regime.title, regime.authorities[name].label, _OWN, (mine & (by == name)).astype(np.float64))
        if regime.sharing is None:  # everything is shared at once
            yield _Body(regime.title, _EACH, _SHARED, mine.astype(np.float64))
            continue
        entries = {(one.of, one.to): one for one in regime.sharing}
        for name in (*regime.authorities, PUBLIC):
            chance = (mine & (by == name)).astype(np.float64)
            for k in np.flatnonzero(mine & (by != name)):
                entry = entries.get((str(by[k]), name))
                if entry is not None and (entry.after is None or entry.after.months <= _YEAR):
                    chance[k] = 1.0 if entry.coverage is None else entry.coverage
            label = "the public" if name == PUBLIC else regime.authorities[name].label
            if chance.any():
                yield _Body(regime.title, label, _SHARED, chance)


def _alive(people: Any, k: int, places: int) -> npt.NDArray[np.bool_]:
    """At which places of a subdistrict an adult lives at the end."""
    numbers = as_numpy(people["resident"])
    last = (as_numpy(people["until"]) == layout.NEVER) & (as_numpy(people["adult"]) == 1)
    here = np.zeros(places, np.bool_)
    here[(numbers[(numbers // SUBDISTRICT == k) & last] % SUBDISTRICT).astype(np.intp)] = True
    return here


def _records(history: History) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Row and place of every record that still counts at the end, about whoever lives there then."""
    events = history.events
    months = int(history.run.record["months"])
    died = of_kind(events, layout.EVENT_DIED)
    since = np.full(len(history.start), -1, np.int64)
    np.maximum.at(since, died[:, POSITION], died[:, MONTH])
    made = events[is_of(events, RECORD) & (events[:, MONTH] >= since[events[:, POSITION]])]
    ended = of_kind(events, END)
    ended = ended[detail(ended, "taken_back", END) == 1]  # taken back before its time
    gone = set(map(tuple, ended[:, [POSITION, column("row", END), column("made", END)]].tolist()))
    late = of_kind(events, LATE)
    kept = [POSITION, column("row", LATE), column("made", LATE), column("until", LATE)]
    longer = {(place, row, month): until for place, row, month, until in late[:, kept].tolist()}
    counts = np.zeros(len(made), np.bool_)
    told = [POSITION, column("row", RECORD), MONTH, column("until", RECORD)]
    for n, (*paper, last) in enumerate(made[:, told].tolist()):
        until = longer.get(tuple(paper), last)
        counts[n] = tuple(paper) not in gone and (until == layout.NEVER or until >= months)
    made = made[counts]
    return detail(made, "row", RECORD), made[:, POSITION]


def _held(
    bodies: Sequence[_Body], kinds: Sequence[str], row: npt.NDArray[np.int64], place: npt.NDArray[np.int64], places: int
) -> Iterator[tuple[tuple[_Body, str], float]]:
    """How many residents each body holds a record of each kind about; where a share arrives, the number to be expected."""
    kind_of = np.array(kinds)
    for body in bodies:
        chance = body.chance
        for kind in (*dict.fromkeys(kinds[int(k)] for k in np.flatnonzero(chance)), _ANY):
            chosen = chance[row] > 0
            if kind != _ANY:
                chosen &= kind_of[row] == kind
            none = np.ones(places)
            np.multiply.at(none, place[chosen], 1 - chance[row[chosen]])
            yield (body, kind), float((1 - none).sum())


def _finding(rows: Sequence[Row]) -> str:
    every = [row for row in rows if row["record_kind"] == _ANY]
    own = max((row for row in every if row["how"] == _OWN), key=lambda row: row["value"])
    text = f"{own['body']} ({own['rule_book']}) made records that count about {spoken(own, cover=True)} of 100 adults, the most of all bodies"
    shared = [row for row in every if row["how"] == _SHARED and row["rule_book"] == own["rule_book"]]
    most = max(shared, key=lambda row: row["value"])
    who = "each body" if most["body"] == _EACH else most["body"]
    return f"{text}; with what is shared within a year {who} finds some about {spoken(most)} of 100."


def _draw(rows: Sequence[Row]) -> Spec:
    panels = []
    most = max(row["value"] for row in rows)
    for book in dict.fromkeys(row["rule_book"] for row in rows):
        mine = [
            row | {"line": row["body"] + (", with sharing" if row["how"] == _SHARED else "")}
            for row in rows
            if row["rule_book"] == book
        ]
        title = f"{book}: about how many of 100 adults"
        panels.append(matrix(mine, "record_kind", "line", title=title, cell=(76, 31), angle=-30, most=most))
    return {"vconcat": panels, "spacing": 18}


CHART = Chart(
    id="reach",
    number="C19",
    question="Which body holds which record about how many?",
    columns=(
        Column("rule_book", "", "rule book whose records they are"),
        Column("body", "", "authority of a rule book, or the public (whoever deals with a resident)"),
        Column("record_kind", "", "context of the recorded act"),
        Column("how", "", "records of its own office, or with those that reach it within a year of being made"),
        *ranged("of 100 adults"),
    ),
    rows=_rows,
    finding=_finding,
    draw=_draw,
    caption="Records about residents that still count at the end, of 100 adults; beneath, the middle 90 % of replicates (chance). A rule book that does "
    "not say what is shared shares everything at once; where only a share of records arrives, the number to be expected.",
    missing="no body of the rule book holds a record about a resident",
    basis=basis,
)
