"""One resident's life, in every world asked for, built from a subdistrict that is lived again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from counterscore.city import COLUMNS
from counterscore.engine import layout
from counterscore.lifefile.pick import Pick
from counterscore.reliving import Event, History, Stage, Teller
from counterscore.results import Run
from counterscore.results.ids import point_id, resident_id
from counterscore.results.run import GENERATION
from counterscore.results.tables import OUTCOMES

FORMAT = 1
LIMITS = (
    "The resident is synthetic; no real person is described.",
    "This is one replay: with other luck the same resident lives otherwise.",
    "Only what the model holds is shown: assumptions decide how often records are wrong, who appeals, and what closed "
    "doors do to people.",
)


@dataclass(frozen=True, slots=True)
class Span:
    """A stay on a list or a door in force: from month ``start`` up to ``end``, open where the run ended before it.

    ``rule`` and ``at`` name the list or door with its line; ``note`` says how it ended.
    """

    label: str
    rule: str
    at: str
    start: int
    end: int
    open: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sum:
    """A published score beside the sum of the changes before it, in points. They are equal where the file adds up."""

    number: int
    month: int
    scheme: int
    published: float
    added_up: float

    @property
    def ok(self) -> bool:
        """Whether start and changes, within floor and ceiling, give the published score."""
        return self.published == self.added_up


@dataclass(frozen=True)
class LivedWorld:
    """The resident's life in one world: events in order, and what the run keeps at the end.

    ``since`` is the month from which the resident lives in the city, ``until`` the month of death or the end of
    the run. Events are numbered over all who live at the place, one after another.
    """

    world: str
    title: str
    baseline: bool
    history: History
    resident: int
    since: int
    until: int
    events: tuple[Event, ...]

    @cached_property
    def teller(self) -> Teller:
        """Names of the world's rules."""
        return Teller(self.history.regime, self.history.plan, self.history.subdistrict, len(self.history.start))

    @property
    def months(self) -> int:
        """Length of the run."""
        return int(self.history.run.record["months"])

    @property
    def place(self) -> int:
        """Where in the subdistrict the resident lives."""
        return self.history.position(self.resident % GENERATION)

    def event(self, number: int) -> Event | None:
        """The event of that number, or None where there is none."""
        return next((event for event in self.events if event.number == number), None)

    def outcomes(self) -> dict[str, int]:
        """What the run keeps of the resident, by column; units and meanings are those of the table ``outcomes``."""
        return self.history.run.row(self.world, self.history.replay, self.resident)

    def doors_at_start(self) -> int:
        """Doors in force before the first event, as bits."""
        return int(self.history.start["doors"][self.place]) if self.resident < GENERATION else 0

    def sums(self) -> Iterator[Sum]:
        """Each published score, and start plus the changes before it (capped parts, floor and ceiling applied).

        Scores of the rule books in ``unchecked`` cannot be added up from changes and are left out.
        """
        left_out = self.unchecked
        checked = {s for s, part in enumerate(self.teller.scored) if part.id not in left_out}
        counting: dict[int, list[int]] = {}  # row → points of its records that count
        for event in self.events:
            if event.what == "record" and event.points is not None:
                counting.setdefault(event.raw[3], []).append(event.points)
            elif event.what == "end" and event.points:
                counting[event.raw[3]].remove(-event.points)
            elif event.what == "score" and event.raw[3] in checked:
                s, published = event.raw[3], event.raw[5]
                added = self._added_up(s, counting, empty=-1)
                if published != added and event.month == self.history.plan.errors_glitch_month:
                    added = self._added_up(s, counting, empty=int(self.history.plan.glitch_component))
                yield Sum(event.number, event.month, s, published / layout.SCALE, added / layout.SCALE)

    @property
    def unchecked(self) -> dict[str, str]:
        """Rule books whose published scores are not compared with the changes, and why."""
        plan = self.history.plan
        out = {}
        for s, part in enumerate(self.teller.scored):
            if plan.scheme_dimensions[s]:
                out[part.id] = "the score is weighed from attributes and friends too, not added up from records"
            elif plan.scheme_asks[s]:
                out[part.id] = "the score holds for those who take part, from when they join"
            elif plan.sharing:
                out[part.id] = "records reach the body that scores by sharing, at times the trace does not hold"
        return out

    def _added_up(self, s: int, counting: dict[int, list[int]], *, empty: int) -> int:
        """A score in 1/60 point from the records that count; ``empty`` is a part that a glitch shows as empty."""
        plan = self.history.plan
        total = int(plan.scheme_start[s])
        parts = dict.fromkeys((c for c in range(int(plan.components)) if plan.component_scheme[c] == s), 0)
        steps: dict[int, int] = {}
        for row, points in counting.items():
            if plan.row_scheme[row] != s:
                continue
            w, given = int(plan.row_steps[row]), sum(points)
            if w >= 0:  # the first record gives so much, the second so much, …
                most, first = layout.MAX_STEPS - 1, steps.get(w, 0)
                given = sum(int(plan.step_points[w, min(first + n, most)]) for n in range(len(points)))
                steps[w] = first + len(points)
            component = int(plan.row_component[row])
            if component >= 0:
                parts[component] += given
            else:
                total += given
        for c, given in parts.items():
            low, top = int(plan.component_low[c]), int(plan.component_high[c])
            total += low if c == empty else min(top, max(low, given))
        return min(int(plan.scheme_ceiling[s]), max(int(plan.scheme_floor[s]), total))

    def scores(self) -> list[tuple[str, list[tuple[int, float]]]]:
        """For each regime with a score its title and (month, published score), the start included."""
        out = []
        for s, part in enumerate(self.teller.scored):
            asks = bool(self.history.plan.scheme_asks[s])  # who takes part has a score only from joining on
            steps = [] if asks else [(self.since, int(self.history.plan.scheme_start[s]) / layout.SCALE)]
            steps += [(e.month, e.raw[5] / layout.SCALE) for e in self.events if e.what == "score" and e.raw[3] == s]
            if steps:
                out.append((part.title, steps))
        return out

    def stays(self) -> list[Span]:
        """Stays on lists, in the order of entry."""
        out: list[Span] = []
        open_: dict[int, tuple[int, str]] = {}
        for event in self.events:
            if event.what == "enter":
                open_[event.raw[3]] = (event.month, event.truth)
            elif event.what == "leave":
                entered, _ = open_.pop(event.raw[3], (event.month - event.raw[6], ""))
                note = f"{layout.EXITS[event.raw[4]]}; {event.truth}"
                out.append(self._stay(event.raw[3], entered, event.month, False, note))
        ended = "until death" if self.until < self.months else "still on it at the end"
        out += [
            self._stay(k, entered, self.until, self.until == self.months, f"{truth}; {ended}")
            for k, (entered, truth) in open_.items()
        ]
        return sorted(out, key=lambda span: (span.start, span.rule))

    def _stay(self, k: int, start: int, end: int, open_: bool, note: str) -> Span:
        part, name, rule = self.teller.lists[k]
        return Span(rule.label, name, str(part.at("lists", name)), start, end, open_, note)

    def doors(self) -> list[Span]:
        """Doors in force because of the resident, in the order in which they came into force."""
        mask = self.doors_at_start()
        since = {k: self.since for k in range(len(self.teller.doors)) if mask >> k & 1}
        out: list[Span] = []
        for event in self.events:
            if event.what == "doors":
                for k in range(len(self.teller.doors)):
                    before, after = event.raw[3] >> k & 1, event.raw[4] >> k & 1
                    if after and not before:
                        since[k] = event.month
                    elif before and not after:
                        out.append(self._door(k, since.pop(k, 0), event.month, False))
        out += [self._door(k, start, self.until, self.until == self.months) for k, start in since.items()]
        return sorted(out, key=lambda span: (span.start, span.rule))

    def _door(self, k: int, start: int, end: int, open_: bool) -> Span:
        part, n, door = self.teller.doors[k]
        kin = " (of the next of kin)" if door.affects == "kin" else ""
        return Span(f"{door.service} {door.effect}{kin}", door.id, str(part.at("doors", n)), start, end, open_)


@dataclass(frozen=True)
class Life:
    """The life file of one resident. ``worlds`` holds the world asked for first, then the others."""

    run: Run
    picked: Pick
    replay: int
    who: dict[str, str]
    latent: dict[str, str]
    worlds: tuple[LivedWorld, ...]
    listed_in: dict[str, list[bool]]

    @property
    def resident(self) -> int:
        """The identity."""
        return self.picked.resident

    @property
    def id(self) -> str:
        """``R-04187``."""
        return resident_id(self.run, self.resident)

    def name_of(self, number: int | None) -> str:
        """Another resident as ``R-04187``; empty for nobody."""
        return "" if number is None else resident_id(self.run, number)

    def point(self, event: Event) -> str:
        """What ``counterscore explain`` calls an event of the first world."""
        return point_id(self.run, self.resident, self.replay, event.number)

    def month(self, month: int) -> str:
        """The month's name, ``2018-03``."""
        year, first = map(int, self.run.record["start"].split("-"))
        at = year * 12 + first - 1 + month
        return f"{at // 12}-{at % 12 + 1:02d}"

    def often(self, world: str) -> str:
        """In how many replays this resident is ever listed in a world."""
        seen = self.listed_in[world]
        return f"listed in {sum(seen)} of {len(seen)} replays"

    def as_json(self) -> dict[str, Any]:
        """Everything in the file as plain data; ``format`` is raised when a key changes its meaning."""
        units = {field.name: {"unit": field.unit, "meaning": field.meaning} for field in OUTCOMES}
        return {
            "format": FORMAT,
            "run": str(self.run.path),
            "partial": self.run.partial,
            "resident": self.id,
            "synthetic": True,
            "picked": self.picked.how,
            "hand_picked": self.picked.hand_picked,
            "replay": self.replay,
            "replays": int(self.run.record["replays"]),
            "start": self.run.record["start"],
            "months": int(self.run.record["months"]),
            "baseline": self.run.baseline,
            "lives_from": self.month(self.worlds[0].since),
            "died_by": None if self.worlds[0].until == self.worlds[0].months else self.month(self.worlds[0].until),
            "who": self.who,
            "latent": self.latent,
            "limits": list(LIMITS),
            "worlds": [self._world_json(one, units) for one in self.worlds],
        }

    def _world_json(self, one: LivedWorld, units: dict[str, dict[str, str]]) -> dict[str, Any]:
        sums = list(one.sums())
        return {
            "world": one.world,
            "title": one.title,
            "is_baseline": one.baseline,
            "listed_in_replays": self.listed_in[one.world],
            "scores": [
                {"of": title, "steps": [{"month": self.month(m), "score": value} for m, value in steps]}
                for title, steps in one.scores()
            ],
            "score_check": {
                "not_checked": one.unchecked,
                "scores": len(sums),
                "add_up": sum(one_.ok for one_ in sums),
                "rows": [
                    {
                        "number": one_.number,
                        "month": self.month(one_.month),
                        "published": one_.published,
                        "added_up": one_.added_up,
                    }
                    for one_ in sums
                ],
            },
            "lists": [self._span_json(span) for span in one.stays()],
            "doors": [self._span_json(span) for span in one.doors()],
            "events": [self._event_json(one, event) for event in one.events],
            "outcomes": {name: {"value": value, **units.get(name, {})} for name, value in one.outcomes().items()},
        }

    def _span_json(self, span: Span) -> dict[str, Any]:
        return {
            "label": span.label,
            "rule": span.rule,
            "at": span.at,
            "from": self.month(span.start),
            "to": None if span.open else self.month(span.end),
            "months": span.end - span.start,
            "note": span.note,
        }

    def _event_json(self, one: LivedWorld, event: Event) -> dict[str, Any]:
        return {
            "point": self.point(event) if one is self.worlds[0] else None,
            "number": event.number,
            "month": self.month(event.month),
            "lane": event.lane,
            "event": event.what,
            "detail": event.detail,
            "points": None if event.points is None else event.points / layout.SCALE,
            "rule": event.rule,
            "regime": event.regime,
            "value": event.value,
            "at": event.at,
            "source": event.source,
            "truth": event.truth,
            "other_resident": self.name_of(event.other) or None,
        }


def life(
    run: Run,
    picked: Pick,
    *,
    world: str | None = None,
    replay: int = 0,
    others: Sequence[str] | None = None,
    stage: Stage | None = None,
) -> Life:
    """The life of one resident in ``world`` (the one asked for, unless named) and in ``others`` beside it.

    ``others`` are worlds of the run; the baseline, unless named. One subdistrict is lived again in each world.
    """
    stage = stage or Stage(run)
    first = world or run.worlds[0]
    beside = list(others) if others is not None else [run.baseline] if run.baseline else []
    names = [first, *(name for name in dict.fromkeys(beside) if name != first)]
    person = run.person(picked.resident)
    worlds = tuple(_lived(stage, name, person, picked.resident, replay) for name in names)
    who, latent = _who(run, person)
    listed = {name: [_listed(run, name, r, picked.resident) for r in run.replays(name)] for name in names}
    return Life(run, picked, replay, who, latent, worlds, listed)


def _lived(stage: Stage, world: str, person: dict[str, Any], identity: int, replay: int) -> LivedWorld:
    generation, number = divmod(identity, GENERATION)
    history = stage.relive(number // layout.SUBDISTRICT, world=world, replay=replay)
    title = next(one["title"] for one in stage.run.record["worlds"] if one["name"] == world)
    events = tuple(event for event in history.of(number) if event.generation == generation)
    until = min(int(person["until"]), int(stage.run.record["months"]))
    return LivedWorld(world, title, world == stage.run.baseline, history, identity, int(person["since"]), until, events)


def _listed(run: Run, world: str, replay: int, identity: int) -> bool:
    return int(run.row(world, replay, identity, ["first_listed"])["first_listed"]) != layout.NEVER


def _who(run: Run, person: dict[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    """What a regime can see of the resident at the start, and what it cannot."""
    seen: dict[str, str] = {}
    latent: dict[str, str] = {}
    for column in COLUMNS:
        code = int(person[column.name])
        names = run.record["city"]["districts"] if column.name == "district" else column.categories
        scaled = column.unit.startswith("0 to")
        value = names[code] if names else f"{code} ({column.unit})" if scaled else f"{code} {column.unit}"
        (seen if column.observable else latent)[column.name] = value
    return seen, latent
