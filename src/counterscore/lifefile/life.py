"""One resident's life, in every world asked for, built from a subdistrict that is lived again.

The same file can be made of a firm or of a public body. A resident who represents a firm or leads a body has
links: what happened in the other's file that reaches this one, or that this one's brought about there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from counterscore import wording
from counterscore.city import COLUMNS, FIRM_COLUMNS, Column
from counterscore.city.generations import FAMILY_NAMES, UNKNOWN
from counterscore.engine import layout
from counterscore.lifefile.pick import Pick
from counterscore.regime.vocabulary import Subject
from counterscore.reliving import Event, History, Stage, Teller
from counterscore.reliving.events import CROSSING, reach_of
from counterscore.results import Run
from counterscore.results.ids import Who, point_id, who_id
from counterscore.results.run import GENERATION
from counterscore.results.tables import BODY_OUTCOMES, FIRM_OUTCOMES, OUTCOMES, Field

FORMAT = 1
_CALLED: dict[Subject, str] = {"residents": "resident", "firms": "firm", "bodies": "public body"}
_OUTCOMES: dict[Subject, tuple[Field, ...]] = {
    "residents": OUTCOMES,
    "firms": FIRM_OUTCOMES,
    "bodies": BODY_OUTCOMES,
}
#: What of a firm's or body's file its resident's shows, and the other way round, beside doors that cross.
_TOLD_OF_OTHERS = frozenset({"enter", "late", "leave", "died", "came of age"})
_FIRM_TOLD = frozenset({layout.FIRM_CLOSED, layout.FIRM_FAILED, layout.FIRM_REOPENED, layout.FIRM_REFUSED})


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


@dataclass(frozen=True)
class Life:
    """The life file of one resident, firm or public body. ``worlds`` holds the world asked for first, then the others."""

    run: Run
    picked: Pick
    replay: int
    who: dict[str, str]
    latent: dict[str, str]
    worlds: tuple[LivedWorld, ...]
    listed_in: dict[str, list[bool]]

    def __repr__(self) -> str:
        events = len(self.worlds[0].events)
        return (
            f"<Life {self.id}, replicate {self.replay}: {events} events in {self.worlds[0].world}; {self.picked.how}; "
            f"beside {', '.join(one.world for one in self.worlds[1:]) or 'nothing'}>"
        )

    @property
    def whose(self) -> Who:
        """Whose file it is."""
        return self.picked.whose

    @property
    def id(self) -> str:
        """``R-04187``, ``F-00012`` or ``B-00003``."""
        return who_id(self.run, self.whose)

    @property
    def called(self) -> str:
        """``resident``, ``firm`` or ``public body``."""
        return _CALLED[self.whose.subject]

    @property
    def limits(self) -> tuple[str, ...]:
        """What a reader must know before anything else."""
        real = (
            "no real person is described" if self.whose.subject == "residents" else "no real organisation is described"
        )
        return (
            f"The {self.called} is synthetic; {real}.",
            f"This is one replicate: with other random numbers the same {self.called} fares otherwise.",
            "Only what the model holds is shown: assumptions decide how often records are wrong, who appeals, and what "
            "closed doors do.",
        )

    def name_of(self, number: int | None) -> str:
        """Another of the same subject as ``R-04187``; empty for nobody."""
        return "" if number is None else who_id(self.run, Who(self.whose.subject, number))

    def name(self, who: Who) -> str:
        """Anybody as ``R-04187``, ``F-00012`` or ``B-00003``."""
        return who_id(self.run, who)

    def point(self, event: Event, whose: Who | None = None) -> str:
        """What ``counterscore explain`` calls an event of the first world, in this file or in that of ``whose``."""
        return point_id(self.run, whose or self.whose, self.replay, event.number)

    def month(self, month: int) -> str:
        """The month's name, ``2018-03``."""
        year, first = map(int, self.run.record["start"].split("-"))
        at = year * 12 + first - 1 + month
        return f"{at // 12}-{at % 12 + 1:02d}"

    def often(self, world: str) -> str:
        """In how many replicates it is ever listed in a world."""
        seen = self.listed_in[world]
        return f"listed in {sum(seen)} of {wording.replicates(len(seen))}"

    def as_json(self) -> dict[str, Any]:
        """Everything in the file as plain data; ``format`` is raised when a key changes its meaning."""
        units = {field.name: {"unit": field.unit, "meaning": field.meaning} for field in fields_of(self.whose.subject)}
        return {
            "format": FORMAT,
            "run": str(self.run.path),
            "partial": self.run.partial,
            self.called.replace(" ", "_"): self.id,
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
            "limits": list(self.limits),
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
            "links": [
                {
                    "of": self.name(link.whose),
                    "point": self.point(link.event, link.whose) if one is self.worlds[0] else None,
                    "month": self.month(link.event.month),
                    "event": link.event.what,
                    "detail": link.event.detail,
                    "reach": link.reach,
                    "rule": link.event.rule,
                    "at": link.event.at,
                    "truth": link.event.truth,
                }
                for link in one.links
            ],
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
            f"other_{self.called.replace(' ', '_')}": self.name_of(event.other) or None,
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
    """The life of one resident, firm or body in ``world`` (the one asked for, unless named) and in ``others`` beside it.

    ``others`` are worlds of the run; the baseline, unless named. One subdistrict is lived again in each world.
    """
    stage = stage or Stage(run)
    first = world or run.worlds[0]
    beside = list(others) if others is not None else [run.baseline] if run.baseline else []
    names = [first, *(name for name in dict.fromkeys(beside) if name != first)]
    made = _lived if picked.whose.subject == "residents" else _lived_by_others
    worlds = tuple(made(stage, name, picked.whose, replay) for name in names)
    seen, latent = _who(stage, picked.whose, worlds[0].history)
    listed = {name: [_listed(run, name, r, picked.whose) for r in run.replays(name)] for name in names}
    return Life(run, picked, replay, seen, latent, worlds, listed)


def _lived(stage: Stage, world: str, who: Who, replay: int) -> LivedWorld:
    generation, number = divmod(who.number, GENERATION)
    person = stage.run.person(who.number)
    history = stage.relive(number // layout.SUBDISTRICT, world=world, replay=replay)
    events = tuple(event for event in history.of(number) if event.generation == generation)
    since, until = int(person["since"]), min(int(person["until"]), int(stage.run.record["months"]))
    found = [
        link
        for subject, other in history.headed_by(number)
        for link in _links(history, Who(subject, other), "residents")
        if since <= link.event.month < until and _in_office(history, number, subject, other, link.event)
    ]
    return _world(stage, world, history, who, since, until, events, found)


def _in_office(history: History, resident: int, subject: Subject, other: int, event: Event) -> bool:
    """Whether the resident represented or led it then, or the event is about taking up or leaving that office."""
    if _of_a_career(event):
        return event["resident"] == history.position(resident)
    spans = [
        (since, until) for one, number, since, until in history.terms(resident) if (one, number) == (subject, other)
    ]
    return any(since <= event.month < until for since, until in spans)


def _of_a_career(event: Event) -> bool:
    return event.what == "body" and event["what"] in layout.CAREER


def _lived_by_others(stage: Stage, world: str, who: Who, replay: int) -> LivedWorld:
    """The same of a firm or a public body, with what happened to who represents or leads it."""
    history = stage.relive(who.number // layout.SUBDISTRICT, world=world, replay=replay)
    events = tuple(history.of(who.number, who.subject))
    found = _links(history, Who("residents", history.head_of(who.number, who.subject)), who.subject)
    return _world(stage, world, history, who, 0, int(stage.run.record["months"]), events, found)


def _world(
    stage: Stage,
    world: str,
    history: History,
    who: Who,
    since: int,
    until: int,
    events: tuple[Event, ...],
    links: Iterable[Link],
) -> LivedWorld:
    title = next(one["title"] for one in stage.run.record["worlds"] if one["name"] == world)
    ordered = tuple(sorted(links, key=lambda link: link.event.month))
    return LivedWorld(world, title, world == stage.run.baseline, history, who, since, until, events, ordered)


def _links(history: History, whose: Who, seen_from: Subject) -> Iterator[Link]:
    """The events of another's file that touch the file of such a subject: lists, closings, doors that cross."""
    doors = history.teller(whose.subject).doors
    for event in history.of(whose.number, whose.subject):
        number = whose.number + event.generation * GENERATION
        if event.what == "doors":
            crossing = [
                doors[k][2].affects for k, _ in door_bits(event) if _crosses(doors[k][2].affects, seen_from, whose)
            ]
            if crossing:
                held_there = {"firms": "firm head", "bodies": "official", "residents": "firm"}[whose.subject]
                yield Link(
                    Who(whose.subject, number), event, "reaches here" if held_there in crossing else "comes from here"
                )
        elif (
            event.what in _TOLD_OF_OTHERS
            or (event.what == "firm" and event["what"] in _FIRM_TOLD)
            or _of_a_career(event)
        ):
            yield Link(Who(whose.subject, number), event, "")


def _crosses(affects: str, seen_from: Subject, whose: Who) -> bool:
    """Whether a door in the file of ``whose`` has to do with the other side that looks at it."""
    between = {"firm": "firms", "firm head": "firms", "official": "bodies"}
    other = whose.subject if seen_from == "residents" else seen_from
    return affects in CROSSING and between[affects] == other


def _listed(run: Run, world: str, replay: int, who: Who) -> bool:
    if who.subject == "residents":
        return int(run.row(world, replay, who.number, ["first_listed"])["first_listed"]) != layout.NEVER
    return int(run.organisation(who.subject, who.number, world, replay)["months_listed"]) > 0


def _who(stage: Stage, who: Who, history: History) -> tuple[dict[str, str], dict[str, str]]:
    """What a regime can see at the start, and what it cannot."""
    run = stage.run
    headed = (
        ", ".join(who_id(run, Who(*one)) for one in history.headed_by(who.number % GENERATION))
        if who.subject == "residents"
        else ""
    )
    if who.subject == "residents":
        person = run.person(who.number)
        seen, latent = _columns(run, COLUMNS, person, {})
        if "family_name" in person:  # runs of earlier versions tell of no families
            seen["family name"] = FAMILY_NAMES[int(person["family_name"])]
            mother = int(person["mother"])
            seen |= {} if mother == UNKNOWN else {"mother": who_id(run, Who("residents", mother))}
        seen = seen | {"represents": headed} if headed else seen
        return seen | _office(run, history, who.number % GENERATION), latent
    head = who_id(run, Who("residents", history.head_of(who.number, who.subject)))
    if who.subject == "firms":
        firms = stage.city.spec.firms
        seen, latent = _columns(
            run,
            FIRM_COLUMNS,
            run.organisation("firms", who.number),
            {"sector": (*firms.sector_names,) if firms else ()},
        )
        return seen | {"head": head}, latent
    body = run.organisation("bodies", who.number, history.world, history.replay)
    district = run.record["city"]["districts"][body["district"]]
    return {"kind": layout.BODY_KINDS[body["kind"]], "district": district, "led by": head}, {}


def _office(run: Run, history: History, number: int) -> dict[str, str]:
    """The own file of an official in this world: bodies led and when, own record, promotions asked for and refused."""
    led = [(body, since, until) for subject, body, since, until in history.terms(number) if subject == "bodies"]
    if not led:
        return {}
    names = [
        f"{who_id(run, Who('bodies', body))} from month {since}" + (f" to {until}" if until != layout.NEVER else "")
        for body, since, until in led
    ]
    files = history.organisations["bodies"].officials
    mine = np.flatnonzero(files["resident"] == number)
    own = ", ".join(f"{files['own'][at] / layout.SCALE:+.3g}" for at in mine)
    asked, held = (int(files[name][mine].sum()) for name in ("asked", "held"))
    return {
        "leads": "; ".join(names),
        "own record as an official": f"{own} points",
        "promotions": f"asked for {asked}, refused by a door or the assessment {held}",
    }


def _columns(
    run: Run, columns: Sequence[Column], row: dict[str, Any], named: dict[str, Sequence[str]]
) -> tuple[dict[str, str], dict[str, str]]:
    seen: dict[str, str] = {}
    latent: dict[str, str] = {}
    for column in columns:
        code = int(row[column.name])
        names = (
            run.record["city"]["districts"] if column.name == "district" else named.get(column.name, column.categories)
        )
        value = names[code] if names else in_units_of_people(code, column.unit)
        (seen if column.observable else latent)[column.name.replace("_", " ")] = value
    return seen, latent


#: Units that tables count in, and what people say instead: how many of theirs one is, and their name.
_SAID_AS = {
    "tens of yuan a month": (10.0, "yuan a month"),
    "thousand yuan": (1000.0, "yuan"),
    "half-months of spending": (0.5, "months of spending"),
    "0 to 255": (100 / 255, "of 100"),
}


def in_units_of_people(code: float, unit: str) -> str:
    """A stored number as people say it.

    >>> in_units_of_people(739, "tens of yuan a month"), in_units_of_people(9, "half-months of spending")
    ('7,390 yuan a month', '4.5 months of spending')
    >>> in_units_of_people(60, "0 to 255"), in_units_of_people(26, "years")
    ('24 of 100', '26 years')
    """
    times, said = _SAID_AS.get(unit, (1.0, unit))
    value = code * times
    return f"{round(value):,} {said}" if times != 0.5 else f"{value:,g} {said}"
