"""Again, from the record alone: a whole run, or one subdistrict with every event written down.

``again`` needs nothing but a run folder: regimes, assumptions, city and settings are in its record.
``relive`` lives one subdistrict of one world and replay once more, with the city figures that were saved, and
gives the same history bit for bit, now event by event with rule, file and line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from counterscore.catalog import load_assumptions, load_city_spec
from counterscore.catalog.assume import Assumptions
from counterscore.city import City, synthesize
from counterscore.engine import Progress, layout, simulate
from counterscore.engine.draws import purpose_keys
from counterscore.engine.plan import compile_plan
from counterscore.engine.world import Place, empty_totals, live_until, outcome_columns, settle_in
from counterscore.errors import RunError, UsageError
from counterscore.regime.model import Regime
from counterscore.regime.read import parse_regime, read_document
from counterscore.regime.reform import apply, read_reform
from counterscore.regime.vocabulary import ACTS, SERVICES
from counterscore.results import Run

TRACE_FORMAT = 1
_YEAR = 12
_ROOM = 1 << 16
_TRUTHS = (
    "true record",
    "did not happen",
    "someone else's",
    "counted twice",
    "misjudged",
    "claimed, not done",
    "counts after its end",
)
_WRONG = ("right", "wrong in fact", "wrong by the rule")


def again(
    run: Run, out: Path, *, threads: int | None = None, progress: Progress | None = None, resume: bool = False
) -> Run:
    """Make the run once more from its record, in ``out``, or go on with it there (``resume``)."""
    record = run.record
    worlds = {world["name"]: _regime_of(world) for world in record["worlds"]}
    base = record["baseline"]
    names = list(worlds)
    asked = names[0]
    return simulate(
        worlds[asked],
        _city_of(record),
        months=record["months"],
        replays=record["replays"],
        seed=record["seed"],
        also=[worlds[name] for name in names[1:] if name != base],
        base=worlds[base] if base else None,
        assumptions=_assumptions_of(record),
        threads=threads,
        out=out,
        responses=record["switches"]["responses"],
        errors=record["switches"]["errors"],
        progress=progress,
        resume=resume,
        start=record["start"],
        command=record["command"],
    )


def _city_of(record: Mapping[str, Any]) -> City:
    told = record["city"]
    city = synthesize(load_city_spec(told["id"]), residents=told["residents"], seed=record["seed"])
    if city.digest() != told["sha256"]:
        raise RunError(
            f"the city {told['id']} is not the one of this run: its file has changed",
            suggestion=f"Use counterscore {record['software']['counterscore']}.",
        )
    return city


def _assumptions_of(record: Mapping[str, Any]) -> Assumptions:
    """The values of the record; ranges and sources come with them."""
    found = load_assumptions()
    table = dict(found.table)
    for path, row in record["assumptions"].items():
        if path not in table:
            raise RunError(f"this version has no assumption {path}", suggestion="Use the version that made the run.")
        table[path] = replace(table[path], value=row["value"], given=row["given"])
    return replace(found, table=table)


def _regime_of(world: Mapping[str, Any]) -> Regime:
    """A world's regime with its stack and reforms, from the texts in the record."""
    parts: dict[str, Regime] = {}
    texts = {part["id"]: part["files"] for part in world["parts"]}

    def find(id_: str) -> Regime:
        if id_ not in parts:
            files = texts[id_]
            name = next(iter(files))
            parts[id_] = parse_regime(read_document(files[name], name=name), find=find)
        return parts[id_]

    head = find(world["parts"][0]["id"])
    for files in texts.values():
        for name, text in list(files.items())[1:]:
            reform = read_reform(text, name=name)
            if reform.id in world["reforms"] and reform.id not in head.reforms:
                head = apply(head, reform)
    return head


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a resident. ``rule`` and ``at`` name the rule with file and line where one
    was behind it; ``truth`` says whether the record is true.
    """

    month: int
    resident: int
    what: str
    detail: str
    rule: str = ""
    at: str = ""
    truth: str = ""


@dataclass
class History:
    """One subdistrict, lived again."""

    run: Run
    world: str
    replay: int
    subdistrict: int
    regime: Regime
    columns: Mapping[str, npt.NDArray[Any]]
    events: npt.NDArray[np.int64]  # (events, 8): month, position, event and its details, see engine.layout

    def of(self, resident: int) -> Iterator[Event]:
        """The events of one resident, by permanent number, in order."""
        position = resident - self.subdistrict * layout.SUBDISTRICT
        names = _Names(self.regime)
        for row in self.events[self.events[:, 1] == position]:
            yield names.event(row, resident)


def relive(run: Run, subdistrict: int, *, world: str | None = None, replay: int = 0) -> History:
    """Live one subdistrict again with every event written down; raises ``UsageError`` where it does not exist."""
    name = world or run.worlds[0]
    if (name, replay) not in run.finished:
        raise UsageError(f"the run has no finished replay {replay} of {name}")
    record = run.record
    city = _city_of(record)
    if not 0 <= subdistrict < len(city.subdistricts):
        raise UsageError(f"the city has subdistricts 0 to {len(city.subdistricts) - 1}, found {subdistrict}")
    regime = _regime_of(next(entry for entry in record["worlds"] if entry["name"] == name))
    plan = compile_plan(
        regime.stacked(),
        _assumptions_of(record),
        seed=record["seed"],
        responses=record["switches"]["responses"],
        errors=record["switches"]["errors"],
    )
    figures = run.table("figures", name, replay)["listed_share"].to_numpy().reshape(-1, layout.N_DISTRICTS)
    room = _ROOM
    while True:
        trace = np.zeros((room, 8), np.int64)
        place = settle_in(plan, city, subdistrict, seed=record["seed"], replay=replay)
        _live(plan, place, record, replay, figures, trace)
        used = int(place.space.trace_used)
        if used <= room:
            return History(run, name, replay, subdistrict, regime, outcome_columns(plan, place), trace[:used])
        room = 2 * used


def _live(
    plan: Any, place: Place, record: Mapping[str, Any], replay: int, figures: npt.NDArray[np.int64], trace: Any
) -> None:
    months = int(record["months"])
    totals = empty_totals(months)
    keys = purpose_keys(record["seed"], replay)
    for start in range(0, months, _YEAR):
        live_until(plan, place, totals, keys, figures[start // _YEAR], min(months, start + _YEAR), trace)


class _Names:
    """Turns the numbers of a trace into words, with the rule's file and line."""

    def __init__(self, regime: Regime) -> None:
        self.rows = [(part, n, row) for part in regime.stacked() for n, row in enumerate(part.catalogue)]
        self.lists = [(part, name, rule) for part in regime.stacked() for name, rule in part.lists.items()]
        self.doors = [(part, n, door) for part in regime.stacked() for n, door in enumerate(part.doors)]
        self.scored = [part for part in regime.stacked() if part.score is not None]

    def event(self, row: npt.NDArray[np.int64], resident: int) -> Event:
        month, _, kind, a, b, c, d = (int(v) for v in row[:7])
        what = layout.EVENTS[kind]
        detail, rule, at, truth = self._told(what, a, b, c, d)
        return Event(month, resident, what, detail, rule, at, truth)

    def _told(self, what: str, a: int, b: int, c: int, d: int) -> tuple[str, str, str, str]:
        if what in {"record", "notice", "appeal", "decision", "end"}:
            part, n, row = self.rows[a]
            detail = {
                "record": f"{row.label}: {c / layout.SCALE:+g} points" if part.score else row.label,
                "notice": f"told of: {row.label}",
                "appeal": f"objects to: {row.label}, decision in month {c}",
                "decision": f"objection {'won' if c else 'lost'}: {row.label}",
                "end": f"{'taken back' if c else 'no longer counts'}: {row.label}",
            }[what]
            return detail, row.id, str(part.at("catalogue", n)), _TRUTHS[b]
        if what in {"enter", "leave", "repair"}:
            part, name, rule = self.lists[a]
            if what == "enter":
                cause = self.rows[c][2].label if c < len(self.rows) else "score or grade"
                return f"entered {rule.label}: {cause}", name, str(part.at("lists", name)), _WRONG[b]
            if what == "leave":
                return (
                    f"left {rule.label} after {d} months: {layout.EXITS[b]}",
                    name,
                    str(part.at("lists", name)),
                    _WRONG[c],
                )
            return f"repair granted: {rule.label}", name, str(part.at("lists", name)), ""
        if what == "score":
            part = self.scored[a]
            return f"score {b / layout.SCALE:g} -> {c / layout.SCALE:g}", "score", str(part.at("score")), ""
        if what == "doors":
            changed = [(part, n, door, b >> k & 1) for k, (part, n, door) in enumerate(self.doors) if (a ^ b) >> k & 1]
            text = "; ".join(f"{door.service} {door.effect if on else 'as before'}" for _, _, door, on in changed)
            first = changed[0]
            return text, first[2].id, str(first[0].at("doors", first[1])), ""
        plain = {
            "act": lambda: f"{ACTS[a].label}" + (f", {b} {ACTS[a].unit}" if b and ACTS[a].unit else ""),
            "attempt": lambda: (
                f"{SERVICES[a].label}: {('served', 'refused by a door', 'refused otherwise')[b]}"
                + (f" after {c} days" if b == 0 else "")
            ),
            "tie": lambda: "a friend dropped the tie",
            "shown": lambda: "showed the score to friends",
            "work": lambda: ("found work", "lost work", "")[a] + (" because travel was closed" if b else ""),
            "debt": lambda: ("judgment paid", "arrears begin", "sued, judgment given")[a],
        }
        return plain[what](), "", "", _TRUTHS[c] if what == "act" else ""
