"""Why one thing happened: rule, value in force, line, source, truth, what followed, what could have ended it.

An explanation is complete or says what is missing: an empty answer is never left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from counterscore.engine import layout
from counterscore.errors import UsageError
from counterscore.lifefile.life import Life
from counterscore.lifefile.lived import LivedWorld, door_bits
from counterscore.regime.model import Door, ListRule, Regime, Row
from counterscore.regime.vocabulary import ACTS, SERVICES
from counterscore.reliving import TRACE_FORMAT, Event
from counterscore.reliving.events import door_change, source_of

#: What must be known about anything that a rule did.
_NEEDED = ("rule", "value", "at", "source", "truth")
_MADE_BY_RULES = frozenset(
    {"record", "overdue", "end", "score", "enter", "late", "leave", "doors", "notice", "appeal", "decision", "repair"}
)
#: Doors before such a subject that another's file holds.
_HELD_ELSEWHERE = frozenset({("residents", "firm head"), ("residents", "official"), ("firms", "firm")})
#: Acts that a firm's record tells of its legal representative.
_OF_HEADS = frozenset({"head-judgment-unpaid", "head-listed"})
_ERRORS = {
    layout.NOT_HAPPENED: ("nothing of the kind happened; an untrue record was made", "errors.untrue"),
    layout.SOMEONE_ELSES: ("another's act was recorded in this name", "errors.mix_up"),
    layout.TWICE: ("the same record was counted twice", "errors.twice"),
    layout.MISJUDGED: ("who is unable to pay was taken for able", "errors.misjudged"),
    layout.AFTER_EXPIRY: ("the record went on counting after its end", "errors.after_expiry"),
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """An event with everything that is known about it, as headed lines.

    ``missing`` names what should be known and is not; the trace is complete where it is empty.
    """

    point: str
    month: str
    whose: str
    called: str
    world: str
    what: str
    detail: str
    truth: str
    rule: str
    value: str
    at: str
    source: str
    why_here: tuple[str, ...]
    then: tuple[str, ...]
    could_have_ended: tuple[str, ...]
    missing: tuple[str, ...] = field(default=())

    @property
    def trace(self) -> str:
        """``complete (format 2)``, or what is missing."""
        return f"missing: {', '.join(self.missing)}" if self.missing else f"complete (format {TRACE_FORMAT})"

    def lines(self) -> Iterator[tuple[str, str]]:
        """(heading, text) in the order of the page; a heading is empty where it goes on."""
        yield from _headed("why here", self.why_here)
        if self.rule:
            yield "rule", f"{self.rule}: {self.value}"
            yield "line", self.at
            yield "source", self.source
        yield from _headed("then", self.then)
        yield from _headed("could have ended it", self.could_have_ended)
        yield "trace", self.trace

    def as_json(self) -> dict[str, Any]:
        """Plain data; ``format`` is the trace's."""
        return {
            "format": TRACE_FORMAT,
            "point": self.point,
            "month": self.month,
            self.called.replace(" ", "_"): self.whose,
            "world": self.world,
            "event": self.what,
            "detail": self.detail,
            "truth": self.truth,
            "rule": self.rule,
            "value": self.value,
            "at": self.at,
            "source": self.source,
            "why_here": list(self.why_here),
            "then": list(self.then),
            "could_have_ended": list(self.could_have_ended),
            "missing": list(self.missing),
        }


def _headed(heading: str, texts: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for n, text in enumerate(texts):
        yield heading if n == 0 else "", text


def explain(life: Life, number: int) -> Explanation:
    """Explain the event called ``number`` of a life's first world; raises ``UsageError`` where there is none."""
    lived = life.worlds[0]
    event = lived.event(number)
    if event is None:
        has = f"{lived.events[0].number} to {lived.events[-1].number}" if lived.events else "none"
        raise UsageError(f"{life.id} has no event {number} in replicate {life.replay} of {lived.world}; it has {has}")
    page = _Page(life, lived, event)
    missing = [name for name in _NEEDED if event.what in _MADE_BY_RULES and not getattr(event, name)]
    if event.what in {"score", "doors", "repair"}:  # computed from records whose truth is told one by one
        missing = [name for name in missing if name != "truth"]
    if "no source is named" in event.source:
        missing.append("source")
    return Explanation(
        point=life.point(event),
        month=life.month(event.month),
        whose=life.id,
        called=life.called,
        world=lived.world,
        what=event.what,
        detail=event.detail,
        truth=event.truth,
        rule=event.rule,
        value=event.value,
        at=event.at,
        source=event.source,
        why_here=tuple(page.why()),
        then=tuple(page.then()),
        could_have_ended=tuple(page.ends()),
        missing=tuple(missing),
    )


class _Page:
    """One event among the others of its life."""

    def __init__(self, life: Life, lived: LivedWorld, event: Event) -> None:
        self.life, self.lived, self.event = life, lived, event
        self.teller = lived.teller
        at = lived.events.index(event)
        self.before, self.after = lived.events[:at], lived.events[at + 1 :]

    # ---- why ---------------------------------------------------------------------------------------------

    def why(self) -> Iterator[str]:
        """What led to it, as far as the model knows and the regime perhaps does not."""
        event = self.event
        match event.what:
            case "record":
                yield from self._why_recorded()
            case "overdue" | "end" | "notice" | "appeal" | "decision":
                yield from self._of_the_record()
            case "enter":
                yield from self._why_listed()
            case "leave" | "late" | "repair":
                stay = self._first_of_paper("enter")
                if stay:
                    yield f"on the list since {self.life.month(stay.month)} ({self.life.point(stay)})"
            case "score":
                yield from self._why_scored()
            case "doors":
                yield from self._why_doors()
            case "attempt":
                yield from self._why_refused()
            case "tie" | "knows" if event.other is not None:
                yield f"the other resident is {self.life.name_of(event.other)}"

    def _row(self) -> tuple[Regime, int, Row]:
        return self.teller.rows[self.event["row"]]

    def _why_recorded(self) -> Iterator[str]:
        part, _, row = self._row()
        authority = part.authorities.get(row.authority)
        yield f"recorded by {authority.label if authority else row.authority} in {self.life.month(self.event.month)}"
        truth, other = self.event["truth"], self.event.other
        if truth in _ERRORS:
            words, path = _ERRORS[truth]
            whose = f" ({self.life.name_of(other)})" if other is not None else ""
            yield f"{words}{whose}{self._assumed(path)}"
        elif row.on_list:
            yield f"follows from the entry on the list {row.on_list}"
        elif row.actor == "group":
            yield "an act of another member of the group"
        elif set(row.act) & _OF_HEADS:
            yield f"about who represents it, {self.life.who['head']}"
            yield from self._linked("enter", "leave")
        elif row.actor == "kin":
            yield f"an act of the next of kin{f' ({self.life.name_of(other)})' if other is not None else ''}"
        else:
            done = [
                one
                for one in self.before
                if one.what == "act" and one.month == self.event.month and ACTS[one["act"]].id in row.act
            ]
            if done:
                yield f"it was done: {done[-1].detail} ({self.life.point(done[-1])})"
            elif truth == layout.CLAIMED:
                yield "the deed was claimed and not done"

    def _assumed(self, path: str) -> str:
        row = self.life.run.record["assumptions"].get(path)
        if row is None:
            return ""
        return f"; how often is an assumption: {path} = {row['value']:g}"

    def _of_the_record(self) -> Iterator[str]:
        record = self._first_of_paper("record")
        if record:
            yield f"about the record of {self.life.month(record.month)}: {record.detail} ({self.life.point(record)})"

    def _first_of_paper(self, what: str) -> Event | None:
        """The event that made the record or stay this one is about."""
        for one in reversed(self.before):
            if self.event.paper and one.paper == self.event.paper and one.what == what:
                return one
        return None

    def _why_listed(self) -> Iterator[str]:
        _, _, rule = self.teller.lists[self.event["list"]]
        cause = self.event["row"]
        if cause != layout.NO_ROW:
            made = [
                one
                for one in self.before
                if one.what == "record" and one["row"] == cause and one.month == self.event.month
            ]
            if made:
                yield f"through the record {made[-1].detail} ({self.life.point(made[-1])}): {made[-1].truth}"
            return
        for ground in rule.enter:
            if ground.kind in {"score", "grade"}:
                scores = [one for one in self.before if one.what == "score"]
                now = (
                    f"; score {scores[-1]['after'] / layout.SCALE:g} ({self.life.point(scores[-1])})" if scores else ""
                )
                border = f"score < {ground.border}" if ground.kind == "score" else f"grade {ground.grade} or worse"
                yield f"through the ground {border}{now}"

    def _why_scored(self) -> Iterator[str]:
        start = max(
            (one.number for one in self.before if one.what == "score" and one.scheme == self.event.scheme), default=0
        )
        moved = [one for one in self.before if one.number > start and one.points and one.scheme == self.event.scheme]
        for one in moved:
            assert one.points is not None
            yield f"{one.points / layout.SCALE:+g}  {one.detail}, {one.truth} ({self.life.point(one)})"
        if not moved:
            yield "records that counted no longer do, or the score is published only now"

    def _why_doors(self) -> Iterator[str]:
        before, after = self.event["before"], self.event["after"]
        for k, (part, n, door) in enumerate(self.teller.doors):
            if (before ^ after) >> k & 1:
                change = door_change(door, bool(after >> k & 1), self.lived.subject)
                yield f"{change}: when {door.trigger}, {part.at('doors', n)}"
                if (self.lived.subject, door.affects) in _HELD_ELSEWHERE:
                    yield from self._linked("enter", "leave", "doors", "firm")

    def _linked(self, *kinds: str) -> Iterator[str]:
        """What happened to the other side of a door or record that crosses: this month, else the last that did."""
        found = [one for one in self.lived.links if one.event.what in kinds and one.event.month <= self.event.month]
        for link in found:
            if link.event.month == found[-1].event.month:
                whose, month = self.life.name(link.whose), self.life.month(link.event.month)
                yield f"{month}  {whose}: {link.event.detail} ({self.life.point(link.event, link.whose)})"

    def _why_refused(self) -> Iterator[str]:
        if self.event["outcome"] == layout.Outcome.REFUSED_ELSE:
            yield f"for a reason that has nothing to do with the regime{self._assumed_refusal()}"
        if self.event["outcome"] != layout.Outcome.REFUSED:
            return
        service = SERVICES[self.event["service"]].id
        own = [(k, part, n, door) for k, part, n, door in self._in_force() if door.service == service and door.refuses]
        for _, part, n, door in own:
            yield f"{door.service} {door.effect} because of {door.trigger} ({door.id}, {part.at('doors', n)})"
            yield f"source of the door: {source_of(part, door)}"
            if (self.lived.subject, door.affects) in _HELD_ELSEWHERE:
                yield from self._linked("enter", "doors")
        if not own:
            yield "a door of the next of kin reaches this resident"

    def _assumed_refusal(self) -> str:
        return self._assumed(f"services.{SERVICES[self.event['service']].id}.refused.{self.life.who.get('file', '')}")

    def _in_force(self) -> Iterator[tuple[int, Regime, int, Door]]:
        """Doors before the one whose file it is: of the own file, or of another that reaches here."""
        mask = self.lived.doors_at_start()
        for one in self.before:
            for k, on in door_bits(one):
                mask = mask | 1 << k if on else mask & ~(1 << k)
        through_bodies = {
            span.rule
            for span in self.lived.doors_of_bodies()
            if span.start <= self.event.month and (span.open or self.event.month < span.end)
        }
        for k, (part, n, door) in enumerate(self.teller.doors):
            mine = door.affects == "self" or (self.lived.subject, door.affects) in _HELD_ELSEWHERE
            if mine and (mask >> k & 1 or door.id in through_bodies):
                yield k, part, n, door

    # ---- what followed -----------------------------------------------------------------------------------

    def then(self) -> Iterator[str]:
        """What followed in the same month, what became of the record or stay, and what was tried meanwhile."""
        event = self.event
        if event.what in {"record", "overdue", "end", "decision"}:
            yield from self._this_month({"score", "enter", "leave", "doors"})
        elif event.what in {"score", "enter", "leave"}:
            yield from self._this_month({"enter", "doors"} if event.what != "enter" else {"record", "score", "doors"})
        if event.what in {"record", "enter"}:
            last = event.month
            for one in self._of_paper():
                last = one.month
                yield f"{self.life.month(one.month)}  {one.detail} ({self.life.point(one)})"
            if event.what == "enter":
                until = last if any(one.what == "leave" for one in self._of_paper()) else self.lived.months
                refused = [
                    one
                    for one in self.after
                    if one.what == "attempt"
                    and one["outcome"] == layout.Outcome.REFUSED
                    and one.month < max(until, event.month + 1)
                ]
                if refused:
                    yield f"{len(refused)} attempts refused while on it, the first {self.life.month(refused[0].month)} ({self.life.point(refused[0])})"
        if event.what == "doors":
            yield from self._tried_at_doors()

    def _this_month(self, kinds: set[str]) -> Iterator[str]:
        for one in self.after:
            if one.month != self.event.month:
                return
            if one.what in kinds:
                by = f", {one.rule} {one.at}" if one.what == "enter" else ""
                yield f"{one.detail}{by} ({self.life.point(one)})"

    def _of_paper(self) -> Iterator[Event]:
        for one in self.after:
            if one.paper == self.event.paper and one.what not in {"record", "enter"}:
                yield one

    def _tried_at_doors(self) -> Iterator[str]:
        closed = {
            door.service
            for k, (_, _, door) in enumerate(self.teller.doors)
            if door.refuses and (self.event["after"] & ~self.event["before"]) >> k & 1
        }
        until = next((one.month for one in self.after if one.what == "doors"), self.lived.months)
        tried = [
            one
            for one in self.after
            if one.what == "attempt"
            and one["outcome"] == layout.Outcome.REFUSED
            and one.month <= until
            and SERVICES[one["service"]].id in closed
        ]
        yield from (f"{self.life.month(one.month)}  {one.detail} ({self.life.point(one)})" for one in tried)

    # ---- what could have ended it ------------------------------------------------------------------------

    def ends(self) -> Iterator[str]:
        """Ways out that the rule book gives, or that it gives none."""
        if self.event.what in {"record", "overdue", "notice", "appeal", "decision", "end"}:
            part, _, row = self._row()
            yield f"appeals: {_appeals(part)}"
            yield f"expiry: {_expiry(part, row, self._until())}"
            yield f"correction: {_months(part.rights.correction.within, 'within')}"
        elif self.event.what in {"enter", "late", "leave", "repair"}:
            part, id_, rule = self.teller.lists[self.event["list"]]
            yield f"the list's term: {rule.term.text}; ways out: {', '.join(rule.leave)}"
            taken = [name for name, other in part.lists.items() if id_ in other.replaces]
            if taken:
                yield f"an entry on {' or '.join(taken)} takes its place"
            yield f"repair: {_repair(part, rule)}"
            yield f"appeals: {_appeals(part)}"
        elif self.event.what == "doors":
            yield "what it waits for: " + "; ".join(
                sorted(
                    {door.trigger for k, (_, _, door) in enumerate(self.teller.doors) if self.event["after"] >> k & 1}
                )
            )

    def _until(self) -> str:
        if self.event.what != "record":
            return ""
        until = self.event["until"]
        return "" if until == layout.NEVER else f", here until {self.life.month(until)}"


def _appeals(part: Regime) -> str:
    appeal = part.rights.appeal
    if not appeal.available:
        return "none in this rule book"
    human = ", by a human" if appeal.human_review else ""
    told = "notified of a record" if part.rights.notice.given else "no notice is given, so few know of it"
    return f"decided {_months(appeal.decide, 'within')}{human}; {told}"


def _expiry(part: Regime, row: Row, until: str) -> str:
    kept = part.rights.retention.at_most
    if row.validity is None and kept is None:
        return "none in this rule book"
    listed = ", but while a listing rests on it" if part.rights.retention.while_listed else ""
    at_most = f"; no record counts longer than {kept}{listed}" if kept else ""
    return f"after {row.validity or kept}{until}{at_most if row.validity else ''}"


def _repair(part: Regime, rule: ListRule) -> str:
    rules = part.rights.repair.rules if part.rights.repair else ()
    found = next((one for one in rules if one.severity == rule.severity), None)
    if found is None or "repaired" not in rule.leave:
        return "none for this list"
    most = f", at most {found.at_most} on it" if found.at_most else ""
    return f"after {found.after or 'an unknown time'}{most}"


def _months(found: Any, word: str) -> str:
    return f"{word} {found}" if found else "no time is named"
