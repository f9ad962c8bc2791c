"""One resident's life, in every world asked for, built from a subdistrict that is lived again.

The same file can be made of a firm or of a public body. A resident who represents a firm or leads a body has
links: what happened in the other's file that reaches this one, or that this one's brought about there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from counterscore import wording
from counterscore.engine import layout
from counterscore.lifefile.links import in_office, links_of
from counterscore.lifefile.lived import Link, LivedWorld, Span, fields_of
from counterscore.lifefile.pick import Pick
from counterscore.lifefile.subject import seen_and_latent
from counterscore.regime.vocabulary import Subject
from counterscore.reliving import Event, History, Stage
from counterscore.results import Run
from counterscore.results.ids import Who, point_id, who_id
from counterscore.results.run import GENERATION

FORMAT = 1
_CALLED: dict[Subject, str] = {"residents": "resident", "firms": "firm", "bodies": "public body"}


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
    seen, latent = seen_and_latent(stage, picked.whose, worlds[0].history)
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
        for link in links_of(history, Who(subject, other), "residents")
        if since <= link.event.month < until and in_office(history, number, subject, other, link.event)
    ]
    return _world(stage, world, history, who, since, until, events, found)


def _lived_by_others(stage: Stage, world: str, who: Who, replay: int) -> LivedWorld:
    """The same of a firm or a public body, with what happened to who represents or leads it."""
    history = stage.relive(who.number // layout.SUBDISTRICT, world=world, replay=replay)
    events = tuple(history.of(who.number, who.subject))
    found = links_of(history, Who("residents", history.head_of(who.number, who.subject)), who.subject)
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


def _listed(run: Run, world: str, replay: int, who: Who) -> bool:
    if who.subject == "residents":
        return int(run.row(world, replay, who.number, ["first_listed"])["first_listed"]) != layout.NEVER
    return int(run.organisation(who.subject, who.number, world, replay)["months_listed"]) > 0
