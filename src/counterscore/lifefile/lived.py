"""One life in one world: its events, spans and sums, and what happened in the files it is tied to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from counterscore.engine import layout
from counterscore.regime.vocabulary import Subject
from counterscore.reliving import Event, History, Teller
from counterscore.reliving.events import reach_of
from counterscore.results.ids import Who
from counterscore.results.run import GENERATION
from counterscore.results.tables import BODY_OUTCOMES, FIRM_OUTCOMES, OUTCOMES, Field

_OUTCOMES: dict[Subject, tuple[Field, ...]] = {
    "residents": OUTCOMES,
    "firms": FIRM_OUTCOMES,
    "bodies": BODY_OUTCOMES,
}


@dataclass(frozen=True, slots=True)
class Span:
    """A listing spell or a door in force: from month ``start`` up to ``end``, open where the run ended before it.

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


@dataclass(frozen=True, slots=True)
class Link:
    """An event in the file of ``whose``, a firm or body that the resident represents or leads, or such a resident.

    ``reach`` says where it leads: to this file, or from it.
    """

    whose: Who
    event: Event
    reach: str


@dataclass(frozen=True)
class LivedWorld:
    """A life in one world: events in order, and what the run keeps at the end. Mostly a resident's; else ``who`` says.

    ``since`` is the month from which the resident lives in the city, ``until`` the month of death or the end of
    the run. Events are numbered over all who live at the place, one after another. ``links`` are the events of
    others' files that touch this one, by month.
    """

    world: str
    title: str
    baseline: bool
    history: History
    who: Who
    since: int
    until: int
    events: tuple[Event, ...]
    links: tuple[Link, ...] = ()

    def __repr__(self) -> str:
        return f"<LivedWorld {self.world}: {len(self.events)} events in months {self.since} to {self.until}>"

    @property
    def subject(self) -> Subject:
        """Whether it is a resident, a firm or a public body."""
        return self.who.subject

    @cached_property
    def teller(self) -> Teller:
        """Names of the world's rules."""
        return self.history.teller(self.subject)

    @property
    def plan(self) -> Any:
        """The compiled plan of such subjects."""
        return self.history.plan_of(self.subject)

    @property
    def months(self) -> int:
        """Length of the run."""
        return int(self.history.run.record["months"])

    def event(self, number: int) -> Event | None:
        """The event of that number, or None where there is none."""
        return next((event for event in self.events if event.number == number), None)

    def outcomes(self) -> dict[str, int]:
        """What the run keeps, by column; units and meanings are those of the table of outcomes."""
        run, replay = self.history.run, self.history.replay
        if self.subject == "residents":
            return run.row(self.world, replay, self.who.number)
        return run.organisation(self.subject, self.who.number, self.world, replay)

    def doors_at_start(self) -> int:
        """Doors in force before the first event, as bits."""
        if self.subject != "residents" or self.who.number >= GENERATION:
            return 0
        return int(self.history.start["doors"][self.history.position(self.who.number)])

    def sums(self) -> Iterator[Sum]:
        """Each published score, and start plus the changes before it (capped parts, floor and ceiling applied).

        Scores of the rule books in ``unchecked`` cannot be added up from changes and are left out.
        """
        left_out = self.unchecked
        checked = {s for s, part in enumerate(self.teller.scored) if part.id not in left_out}
        counting: dict[int, list[int]] = {}  # row → points of its records that count
        for event in self.events:
            if event.what == "record" and event.points is not None:
                counting.setdefault(event["row"], []).append(event.points)
            elif event.what == "end" and event.points:
                counting[event["row"]].remove(-event.points)
            elif self._begins_anew(event):
                counting = {row: points for row, points in counting.items() if self.plan.row_follows[row]}
            elif event.what == "score" and event["scheme"] in checked:
                s, published = event["scheme"], event["after"]
                added = self._added_up(s, counting, empty=-1)
                if published != added and event.month == self.plan.errors_glitch_month:
                    added = self._added_up(s, counting, empty=int(self.plan.glitch_component))
                yield Sum(event.number, event.month, s, published / layout.SCALE, added / layout.SCALE)

    @property
    def unchecked(self) -> dict[str, str]:
        """Rule books whose published scores are not compared with the changes, and why."""
        plan = self.plan
        out = {}
        for s, part in enumerate(self.teller.scored):
            if plan.scheme_dimensions[s]:
                out[part.id] = "the score is weighed from attributes and friends too, not added up from records"
            elif plan.scheme_asks[s]:
                out[part.id] = "the score holds for those who take part, from when they join"
            elif plan.sharing_partial or (plan.sharing and any(event.what == "move" for event in self.events)):
                out[part.id] = "records reach the body that scores by sharing, at times the trace does not hold"
        return out

    def _added_up(self, s: int, counting: dict[int, list[int]], *, empty: int) -> int:
        """A score in 1/60 point from the records that count; ``empty`` is a part that a glitch shows as empty."""
        plan = self.plan
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
            asks = bool(self.plan.scheme_asks[s])  # who takes part has a score only from joining on
            start = int(self.plan.scheme_start[s]) / layout.SCALE
            steps = [] if asks else [(self.since, start)]
            for event in self.events:
                if event.what == "score" and event["scheme"] == s:
                    steps.append((event.month, event["after"] / layout.SCALE))
                elif self._begins_anew(event) and not self.plan.scheme_follows[s]:
                    steps.append((event.month, start))
            if steps:
                out.append((part.title, steps))
        return out

    def stays(self) -> list[Span]:
        """Listing spells, in the order of entry."""
        out: list[Span] = []
        open_: dict[int, tuple[int, str]] = {}
        for event in self.events:
            if event.what == "enter":
                open_[event["list"]] = (event.month, event.truth)
            elif event.what == "leave":
                entered, _ = open_.pop(event["list"], (event.month - event["months"], ""))
                note = f"{layout.EXITS[event['exit']]}; {event.truth}"
                out.append(self._stay(event["list"], entered, event.month, False, note))
            elif self._begins_anew(event):
                for k in [k for k in open_ if not self.plan.list_follows[k]]:
                    entered, truth = open_.pop(k)
                    out.append(self._stay(k, entered, event.month, False, f"{truth}; left with the earlier name"))
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
        """Doors in force because of this file, or of another that reaches it, as they came into force."""
        mask = self.doors_at_start()
        since = {k: self.since for k in range(len(self.teller.doors)) if mask >> k & 1}
        out: list[Span] = []
        for event in self.events:
            for k, on in door_bits(event):
                if on:
                    since[k] = event.month
                else:
                    out.append(self._door(k, since.pop(k, 0), event.month, False))
        out += [self._door(k, start, self.until, self.until == self.months) for k, start in since.items()]
        out += self.doors_of_bodies()
        return sorted(out, key=lambda span: (span.start, span.rule))

    def doors_of_bodies(self) -> Iterator[Span]:
        """Doors that the files of bodies led hold before the resident, of which the own trace says nothing."""
        if self.subject != "residents" or "bodies" not in self.history.organisations:
            return
        numbers = {id(door): k for k, (_, _, door) in enumerate(self.teller.doors)}
        number = self.who.number % GENERATION
        follows = bool(
            self.history.plan_of("bodies").bodies_own
        )  # doors go along with who led the body when they closed
        for subject, body, first, last in self.history.terms(number):
            for k, start, end in self._doors_of(body) if subject == "bodies" else ():
                begins, ends = max(self.since, first, start), min(self.until, end if follows else min(end, last))
                if start < last and begins < ends:
                    yield self._door(numbers[k], begins, ends, ends == self.months)

    def _doors_of(self, body: int) -> Iterator[tuple[int, int, int]]:
        """Doors of a body's file that stand before who leads it: which (by identity), from which month until which."""
        theirs = self.history.teller("bodies").doors
        since: dict[int, int] = {}
        for event in self.history.of(body, "bodies"):
            for k, on in door_bits(event):
                if theirs[k][2].affects == "official":
                    if on:
                        since[k] = event.month
                    else:
                        yield id(theirs[k][2]), since.pop(k, 0), event.month
        yield from ((id(theirs[k][2]), start, self.until) for k, start in since.items())

    def _door(self, k: int, start: int, end: int, open_: bool) -> Span:
        part, n, door = self.teller.doors[k]
        label = f"{door.service} {door.effect}{reach_of(door, self.subject)}"
        return Span(label, door.id, str(part.at("doors", n)), start, end, open_)

    def _begins_anew(self, event: Event) -> bool:
        """Whether a firm opens again under a new name: what does not follow the representative is left behind."""
        return event.what == "firm" and event["what"] == layout.FIRM_REOPENED


def fields_of(subject: Subject) -> tuple[Field, ...]:
    """The columns that a run keeps of such subjects, with unit and meaning."""
    return _OUTCOMES[subject]


def door_bits(event: Event) -> Iterator[tuple[int, bool]]:
    """The doors that an event brings into force or takes away, by their place in the teller's."""
    if event.what == "doors":
        before, after = event["before"], event["after"]
        changed = before ^ after
        yield from ((k, bool(after >> k & 1)) for k in range(changed.bit_length()) if changed >> k & 1)
