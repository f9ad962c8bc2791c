"""The file of one subject as it stands at the end of a month, from its life lived again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from counterscore.engine import layout
from counterscore.errors import UsageError
from counterscore.lifefile import Life, LivedWorld, Pick, life
from counterscore.lifefile.lived import Span
from counterscore.regime.model import Regime, Score
from counterscore.regime.vocabulary import SERVICES, Subject
from counterscore.reliving import Event, Living, Stage
from counterscore.results import Run
from counterscore.viewers._seen import Item, Section

_ADULT = 18
_TRUE = "what was done"


@dataclass(frozen=True)
class Standing:
    """A score and its grade at a month, with the event that last moved it."""

    part: Regime
    score60: int
    grade: str
    event: Event | None

    @property
    def text(self) -> str:
        """The score as it is read."""
        return f"{round(self.score60 / layout.SCALE, 1):g}"


@dataclass(frozen=True)
class FileAt:
    """A life in one world, up to the end of ``month``."""

    run: Run
    stage: Stage
    life: Life
    month: int

    @property
    def lived(self) -> LivedWorld:
        """The life in the world that is looked at."""
        return self.life.worlds[0]

    @property
    def regime(self) -> Regime:
        """The rules of that world."""
        return self.lived.history.regime

    @property
    def subject(self) -> Subject:
        """Whether it is a resident, a firm or a public body."""
        return self.lived.subject

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """What happened up to the end of the month."""
        return tuple(one for one in self.lived.events if one.month <= self.month)

    @cached_property
    def living(self) -> Living:
        """The subdistrict at the end of the month, everybody in it."""
        found = self.stage.living(
            self.lived.history.subdistrict, world=self.lived.world, replay=self.life.replay, room=_ROOM
        )
        found.live(self.month + 1)
        return found

    @property
    def place(self) -> int:
        """The subject's place in its subdistrict."""
        return self.life.whose.number % layout.SUBDISTRICT

    def standings(self) -> tuple[Standing, ...]:
        """Score and grade in each rule book that scores this subject and in which it takes part."""
        out = []
        for s, part in enumerate(self.lived.teller.scored):
            assert part.score is not None
            taking = not bool(self.lived.plan.scheme_asks[s])
            score60, moved = part.score.opening60, None
            for event in self.events:
                if event.what == "consent" and event.scheme == s:
                    taking = bool(event["joins"])
                elif event.what == "score" and event["scheme"] == s:
                    score60, moved, taking = event["after"], event, True
            if self.lived.plan.scheme_asks[s]:  # who has just joined has no score before the next time it is worked out
                taking = self._has_score(s)
                score60 = self._score_of(s) if taking else score60
            if taking:
                out.append(Standing(part, score60, grade_of(part.score, score60), moved))
        return tuple(out)

    def _has_score(self, s: int) -> bool:
        people = self.living.place.residents
        return bool(people["grade"][self.place, s] != layout.NO_GRADE) and int(people["age"][self.place]) >= _ADULT

    def _score_of(self, s: int) -> int:
        return int(self.living.place.residents["score"][self.place, s])

    def records(self) -> tuple[Event, ...]:
        """The records that still count at the end of the month."""
        kept: list[Event] = []
        for event in self.events:
            if event.what == "record":
                kept.append(event)
            elif event.what == "end":
                match = next((one for one in kept if one.paper == event.paper), None)
                if match is None:
                    match = next((one for one in kept if one["row"] == event["row"]), None)
                if match is not None:
                    kept.remove(match)
        return tuple(kept)

    def stays(self) -> tuple[Span, ...]:
        """The lists it is on."""
        return tuple(one for one in self.lived.stays() if self._covers(one))

    def doors(self, services: frozenset[str] | None = None) -> tuple[Item, ...]:
        """The doors in force before it, of ``services`` or of all."""
        known = {door.id: (part, door) for part, _, door in self.lived.teller.doors}
        out = []
        for span in self.lived.doors():
            part, door = known[span.rule]
            if self._covers(span) and (services is None or door.service in services):
                label = next(one.label for one in SERVICES if one.id == door.service)
                out.append(Item(f"{label}: {door.effect}", f"because of {door.trigger}", span.rule, span.at, part.id))
        return tuple(out)

    def _covers(self, span: Span) -> bool:
        return span.start <= self.month and (span.end > self.month or span.open)

    def noticed(self) -> frozenset[tuple[str, int, int] | None]:
        """The records of which the subject was told."""
        return frozenset(one.paper for one in self.events if one.what == "notice")

    def recent(self, what: str, months: int = 12) -> Iterator[Event]:
        """Events of the last months, latest first."""
        return (one for one in reversed(self.events) if one.what == what and one.month > self.month - months)

    def item(self, event: Event, value: str = "") -> Item:
        """An event as something that is seen."""
        return Item(
            event.detail, value or f"{self.life.month(event.month)}", event.rule, event.at, event.source, event.number
        )

    def truth(self) -> Section:
        """The true record, which nobody in the model sees: what was done and not recorded, and which records are untrue."""
        made = {one.number: one for one in self.records()}
        untrue = [
            Item(one.detail, f"in truth: {one.truth}", one.rule, one.at, one.source, one.number)
            for one in made.values()
            if one.truth and one.truth != _TRUE
        ]
        unseen = [
            Item(one.detail, self.life.month(one.month), event=one.number)
            for one in self.events
            if one.what == "act" and not one.detail.endswith(": recorded") and one.month > self.month - 12
        ]
        words = "All records that count are true." if made and not untrue else "" if untrue else "No record counts."
        return Section(
            "What really happened", (*untrue, *unseen[-20:]), f"{words} The model knows it; no viewer does.".strip()
        )

    def unshared(self, shown: tuple[Event, ...]) -> Section:
        """Records that count and that this viewer does not see."""
        rest = [one for one in self.records() if one not in shown]
        return Section("Records in files that this viewer is not shown", tuple(map(self.item, rest)))


def grade_of(score: Score, score60: int) -> str:
    """The name of the grade of a score, empty where no published border says which."""
    for span in score.spans():
        if score60 >= span.floor * layout.SCALE:
            grade = score.grades[span.grade] if span.grade is not None else None
            return (grade.label or grade.id) if grade else ""
    return ""


def opened(run: Run, picked: Pick, month: int, *, world: str | None, replay: int) -> FileAt:
    """The file of somebody in one world."""
    stage = Stage(run)
    made = life(run, picked, world=world, replay=replay, others=(), stage=stage)
    lived = made.worlds[0]
    if not lived.since <= month < lived.until:
        raise UsageError(
            f"{made.id} does not live in the city in {made.month(month)}",
            suggestion=f"Choose a month from {made.month(lived.since)} to {made.month(lived.until - 1)}.",
        )
    return FileAt(run, stage, made, month)


_ROOM = 1 << 16  #: events of the subdistrict for which room is made while it is lived to a month; those are not read
