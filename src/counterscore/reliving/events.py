"""The rows of a trace in words: what happened, by which rule with which value, where it is written, and its truth."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from counterscore.engine import layout
from counterscore.engine.plan import FILES, asking_of, doors_of, scored_of
from counterscore.engine.steps.dealings import REFUSED
from counterscore.engine.steps.sharing import WARNED_UNTRULY
from counterscore.errors import Position
from counterscore.quantity import Number
from counterscore.regime.model import Door, ListRule, Regime, Row
from counterscore.regime.vocabulary import ACTS, SERVICES, Subject
from counterscore.reliving.trace import KIND, MONTH, POSITION

TRACE_FORMAT = 2
TRUTHS = (
    "what was done",
    "did not happen",
    "someone else's",
    "counted twice",
    "misjudged",
    "claimed, not done",
    "counts after its end",
)
WRONG = ("right", "wrong in fact", "wrong by the rule")
FATES = ("no rule covers it", "not seen", "recorded", "recorded in someone else's name")
_KNOWS = ("from talk in the district", "from the notice of a record", "from a friend", "from being listed")
_DEALINGS = (
    "defrauded another resident",
    "meant to defraud another resident, who was warned by a record or list",
    "meant to defraud another resident, who knew of an earlier fraud here",
)

#: Which lane of a life file an event belongs to; what is not named here goes to the last.
LANES: dict[str, str] = {
    "act": "what was done",
    "record": "recorded",
    "overdue": "recorded",
    "end": "recorded",
    "score": "score",
    "enter": "lists",
    "late": "lists",
    "leave": "lists",
    "doors": "doors",
    "attempt": "tried",
    "perk": "tried",
    "notice": "rights",
    "appeal": "rights",
    "decision": "rights",
    "repair": "rights",
    "work": "circumstances",
    "debt": "circumstances",
    "match": "circumstances",
    "firm": "circumstances",
    "body": "circumstances",
    "died": "circumstances",
    "came of age": "circumstances",
    "born": "circumstances",
    "moved in": "circumstances",
    "single": "circumstances",
    "move": "circumstances",
    "loan": "tried",
    "dealing": "tried",
    "knows": "others",
    "tie": "others",
    "shown": "others",
}
LAST_LANE = "others"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a resident.

    ``number`` counts the resident's events from 1. ``rule``, ``at`` (file:line:column), ``value`` (as the file
    says it) and ``source`` are those of the rule behind it, empty where there is none. ``truth`` says whether the
    record is true. ``points`` is the change of a sum of points, in 1/60; ``scheme`` the place of its regime among
    those with a score. ``made`` is the month in which the record or stay was made that it is about, -1 for none;
    ``paper`` names that record or stay. ``other`` is the number of another of the same subject who has a part in it. ``raw`` is the
    row of the trace, whose details ``event[name]`` gives by name (``layout.EVENT_KINDS``). ``generation`` counts those who lived
    at the resident's place before.
    """

    month: int
    resident: int
    what: str
    detail: str
    rule: str = ""
    at: str = ""
    truth: str = ""
    number: int = 0
    regime: str = ""
    value: str = ""
    source: str = ""
    points: int | None = None
    scheme: int = -1
    made: int = -1
    other: int | None = None
    raw: tuple[int, ...] = ()
    generation: int = 0

    def __getitem__(self, name: str) -> int:
        """The detail called ``name`` in the schema of events; raises ``KeyError`` where such an event has none."""
        return layout.event_details(self.raw)[name]

    @property
    def paper(self) -> tuple[str, int, int] | None:
        """The record or listing spell it is about: what it is, of which rule, made when. Two of one month are told as one."""
        if self.made < 0:
            return None
        stay = self.lane == "lists" or self.what == "repair"
        return ("stay", self["list"], self.made) if stay else ("record", self["row"], self.made)

    @property
    def lane(self) -> str:
        """The lane of a life file that shows it."""
        return LANES.get(self.what, LAST_LANE)


#: What happened to a firm.
FIRM_EVENTS = {
    layout.FIRM_UNPAID: "wages unpaid for {value} month{s}",
    layout.FIRM_PAID: "everything owed is paid",
    layout.FIRM_CLOSED: "closed",
    layout.FIRM_FAILED: "closed because of what it owed",
    layout.FIRM_REOPENED: "opened again under a new name, the {value}. after the first",
    layout.FIRM_REFUSED: "the representative was refused the licence to open again",
    layout.FIRM_BORROWED: "borrowed {value} thousand yuan",
    layout.FIRM_PERFORMED: "a duty behind a listing is done",
}


#: What happened to a public body; ``{x}`` is a contract or a promise.
BODY_EVENTS = {
    layout.SIGNED: "{x}, due in month {months}",
    layout.KEPT: "{x} kept on its date",
    layout.PAID_LATE: "{x} kept, {months} month{s} late",
    layout.BROKEN: "{x} broken, {months} month{s} overdue",
    layout.ASSESSED: "officials assessed: effort {effort}/256, gaming {gaming}/256 more",
    layout.APPOINTED: "{who} leads it from now on",
    layout.MOVED: "{who} leaves for the lead of another body",
    layout.PROMOTED: "{who} leaves for a higher office",
    layout.RETIRED: "{who} leaves office",
}
_OUTCOMES = {
    layout.Outcome.SERVED: "served",
    layout.Outcome.REFUSED: "refused by a door",
    layout.Outcome.REFUSED_ELSE: "refused otherwise",
}
_LOSSES = {
    layout.Loss.CHANCE: "",
    layout.Loss.DOORS: " because travel was closed",
    layout.Loss.FIRM_CLOSED: " because the firm closed",
    layout.Loss.HEALTH: " because a hospital bed was refused",
    layout.Loss.BUSINESS: " because an own business was refused what it needed",
}
_DEBTS = {
    layout.Debt.PERFORMED: "judgment paid",
    layout.Debt.ARREARS: "arrears begin",
    layout.Debt.JUDGED: "sued, judgment given",
    layout.Debt.INHERITED: "answers as heir for a judgment",
}
_BUSINESS = {
    layout.BUSINESS_STARTED: "started a business of one's own",
    layout.BUSINESS_GAVE_UP: "gave up a business of one's own, waiting for it to begin",
    layout.BUSINESS_CLOSED: "the own business ended",
    layout.BUSINESS_HIRED: "took on a friend who was out of work",
}
_TIES = {
    layout.Tie.LOST: "a friend dropped the tie",
    layout.Tie.DROPPED: "dropped the tie to a listed friend",
    layout.Tie.LOW: "a tie ended over scores",
    layout.Tie.HIDDEN: "a tie ended because one of the two showed no score",
}


class Teller:
    """Turns rows of the trace of one subdistrict (of ``size`` residents, or firms) into events."""

    def __init__(self, regime: Regime, plan: Any, subdistrict: int, size: int, subject: Subject = "residents") -> None:
        self.regime, self.plan, self.subject = regime, plan, subject
        self._first, self._size = subdistrict * layout.SUBDISTRICT, size
        stack = tuple(part for part in regime.stacked() if part.subjects == subject)
        self.rows: list[tuple[Regime, int, Row]] = [
            (part, n, row) for part in stack for n, row in enumerate(part.catalogue)
        ]
        self.lists: list[tuple[Regime, str, ListRule]] = [
            (part, name, rule) for part in stack for name, rule in part.lists.items()
        ]
        self.doors: list[tuple[Regime, int, Door]] = doors_of(regime.stacked(), subject)
        self.scored = scored_of(regime.stacked(), subject)
        self.asking = asking_of(regime.stacked(), subject)
        self._numbers: dict[str, dict[tuple[str | int, ...], Number]] = {}

    def tell(self, rows: Iterable[Any]) -> Iterator[Event]:
        """Events of one resident's rows, numbered from 1: all generations of the place, one after another."""
        generation = 0
        for number, row in enumerate(rows, start=1):
            yield replace(self.event(row, number), generation=generation)
            generation += int(row[KIND]) == layout.EVENT_DIED

    def event(self, row: Any, number: int = 0) -> Event:
        """One row of a trace as an event."""
        raw = tuple(int(v) for v in row[: len(layout.TRACE_COLUMNS)])
        month, position, kind = raw[MONTH], raw[POSITION], raw[KIND]
        what = layout.EVENTS[kind] if kind < len(layout.EVENTS) else f"event {kind}"
        told = self._told(what, layout.event_details(raw), position)
        return Event(month, self._first + position, what, number=number, raw=raw, **told)

    def _told(self, what: str, of: dict[str, int], position: int) -> dict[str, Any]:
        if what in {"record", "overdue", "end", "notice", "appeal", "decision"}:
            return self._of_record(what, of, position)
        if what in {"enter", "late", "leave", "repair"}:
            return self._of_list(what, of)
        if what == "score":
            part = self.scored[of["scheme"]]
            assert part.score is not None
            span = f"{part.score.opening60 / layout.SCALE:g} at the start, {part.score.floor} to {part.score.ceiling}"
            detail = f"score of {part.title}: {_points(of['before'])} to {_points(of['after'])}"
            return self._rule(part, "score", part.score, span, "score") | {"detail": detail, "scheme": of["scheme"]}
        if what == "doors":
            return self._of_doors(of["before"], of["after"])
        if what in {"tie", "knows", "dealing", "sought", "match", "business", "single", "born"}:
            return self._of_others(what, of)
        if what == "consent":
            part, n = self.asking[of["scheme"]], of["friends"]
            detail = f"{'takes part in' if of['joins'] else 'no longer takes part in'} {part.title}"
            friends = f"; {n} {'friend shows' if n == 1 else 'friends show'} a score" if of["joins"] and n else ""
            return self._rule(part, part.id, part.score, part.participation, "participation") | {
                "detail": detail + friends,
                "scheme": of["scheme"],
            }
        plain: dict[str, Callable[[], str]] = {
            "act": lambda: _act(of),
            "attempt": lambda: _attempt(of),
            "firm": lambda: (
                FIRM_EVENTS[of["what"]].format(value=of["value"], s="" if of["value"] == 1 else "s")
                + (
                    "; a record or list stayed behind"
                    if of["what"] == layout.FIRM_REOPENED and of["left_behind"]
                    else ""
                )
            ),
            "body": lambda: BODY_EVENTS[of["what"]].format(
                x=_deal(of.get("firm", 0), of.get("amount", 0)),
                s="" if of.get("months") == 1 else "s",
                who=self._official(of) if "resident" in of else "",
                **of,
            ),
            "shown": lambda: "showed the score to friends",
            "aftermath": lambda: _aftermath(of),
            "profile": lambda: "showed the score to singles who look",
            "perk": lambda: f"{SERVICES[of['service']].label}: {of['yuan']:,} yuan spared because of the score",
            "died": lambda: "died; listing spells and records end, and debts but for what an heir answers for",
            "came of age": lambda: "turned 18",
            "moved in": lambda: f"moved in at the age of {of['age']}",
            "move": lambda: (
                f"moved to another {'city' if of['far'] else 'part of the city'}, leaving behind what is not shared"
            ),
            "loan": lambda: (
                f"loan {'granted' if of['granted'] else 'refused'} to a credit file {FILES[of['file']]}, "
                f"would {'not be' if of['bad'] else 'be'} repaid"
            ),
            "work": lambda: (
                "found work" if of["work"] == layout.EMPLOYED else f"lost work{_LOSSES[layout.Loss(of['why'])]}"
            ),
            "debt": lambda: (
                _DEBTS[layout.Debt(of["state"])] + (f", {of['owed'] * 1000:,} yuan owed" if of["owed"] else "")
            ),
        }
        told: dict[str, Any] = {"detail": plain[what]() if what in plain else " ".join([what, *map(str, of.values())])}
        if what == "act":
            told["truth"] = "claimed, not done" if of["truth"] == layout.CLAIMED else "done"
        return told

    def _official(self, of: dict[str, int]) -> str:
        own = f", own record {of['own'] / layout.SCALE:+.3g}," if of["own"] else ""
        return f"resident {self._first + of['resident']}{own}"

    def _of_record(self, what: str, of: dict[str, int], position: int) -> dict[str, Any]:
        part, n, row = self.rows[of["row"]]
        scheme = int(self.plan.row_scheme[of["row"]])
        points = {"record": of.get("points"), "end": -of.get("points", 0)}.get(what)
        detail = {
            "record": lambda: f"{row.label}: {of['points'] / layout.SCALE:+g} points" if part.score else row.label,
            "overdue": lambda: f"counts on after its end, to month {of['until']}: {row.label}",
            "notice": lambda: f"{'notified of' if part.rights.notice.given else 'found out about'}: {row.label}",
            "appeal": lambda: f"objects to: {row.label}, decision in month {of['decided']}",
            "decision": lambda: f"objection {'won' if of['won'] else 'lost'}: {row.label}",
            "end": lambda: f"{'taken back' if of['taken_back'] else 'no longer counts'}: {row.label}",
        }[what]()
        other = None
        if what == "record" and of["truth"] == layout.SOMEONE_ELSES:
            other = self._first + (position - layout.MIX_SHIFT) % self._size
        elif what == "record" and row.actor == "kin":
            kin = self._size - 1 - position
            other = None if kin == position else self._first + kin
        elif what == "record" and row.actor == "group":
            detail = f"{detail} (of another member of the group)"
        return self._rule(part, row.id, row, value_of(row), "catalogue", n) | {
            "detail": detail,
            "truth": TRUTHS[of["truth"]],
            "points": points if scheme >= 0 else None,
            "scheme": scheme,
            "made": of["made"],
            "other": other,
        }

    def _of_list(self, what: str, of: dict[str, int]) -> dict[str, Any]:
        part, name, rule = self.lists[of["list"]]
        truth = "" if what == "repair" else WRONG[of["wrong"]]
        if what == "enter":
            cause = self.rows[of["row"]][2].label if of["row"] != layout.NO_ROW else _ground_without_record(rule)
            detail = f"entered {rule.label}: {cause}"
        elif what == "leave":
            detail = f"left {rule.label} after {_many(of['months'], 'month')}: {layout.EXITS[of['exit']]}"
        elif what == "late":
            detail = f"kept on {rule.label} past the end of the term, to month {of['until']}"
        else:
            detail = f"repair granted: {rule.label}"
        return self._rule(part, name, rule, grounds_of(rule), "lists", name) | {
            "detail": detail,
            "truth": truth,
            "made": of["made"],
        }

    def _of_doors(self, before: int, after: int) -> dict[str, Any]:
        differ = before ^ after
        changed = [(part, n, door, after >> k & 1) for k, (part, n, door) in enumerate(self.doors) if differ >> k & 1]
        text = "; ".join(door_change(door, bool(on), self.subject) for _, _, door, on in changed)
        part, n, first, _ = changed[0]
        told = self._rule(part, first.id, first, f"{first.effect} when {first.trigger}", "doors", n)
        if len(changed) > 1:
            values = (f"{door.effect} when {door.trigger}" for _, _, door, _ in changed)
            told |= {
                "rule": ", ".join(door.id for _, _, door, _ in changed),
                "at": _places(book.at("doors", k) for book, k, _, _ in changed),
                "value": "; ".join(dict.fromkeys(values)),
                "source": "; ".join(dict.fromkeys(source_of(book, door) for book, _, door, _ in changed)),
            }
        return told | {"detail": text}

    def _of_others(self, what: str, of: dict[str, int]) -> dict[str, Any]:
        if what == "dealing":
            if of["how"] == REFUSED:
                untrue = " in which nothing is true" if of["found"] == WARNED_UNTRULY else ""
                return {"detail": f"refused a one-shot dealing because of a record or list{untrue}"}
            return {"detail": _DEALINGS[of["how"]], "other": self._first + of["other"]}
        if what == "business":
            hired = of["what"] == layout.BUSINESS_HIRED
            return {"detail": _BUSINESS[of["what"]], **({"other": self._first + of["other"]} if hired else {})}
        if what == "knows":
            friend = self._first + of["friend"] if of["how"] == layout.KNOWS_FROM_FRIEND else None
            return {"detail": f"came to know of the regime {_KNOWS[of['how']]}", "other": friend}
        if what == "tie":
            detail = _TIES[layout.Tie(of["how"])]
        elif what == "sought":
            detail = (
                "was sought as a friend for a high score" if of["by_other"] else "sought a friend with a higher score"
            )
        elif what == "born":
            return {"detail": "was born", "other": self._first + of["mother"]}
        elif what == "single":
            ended = "the partner died" if of["how"] == layout.Single.WIDOWED else "separated from the partner"
            return {
                "detail": f"{ended}, single again",
                "other": self._first + of["other"] if of["other"] >= 0 else None,
            }
        else:
            detail = "met a partner"
        return {"detail": detail, "other": self._first + of["other"]}

    def _rule(self, part: Regime, id_: str, item: Any, value: str, *path: str | int) -> dict[str, Any]:
        source = source_of(part, item, self.number(part, path))
        return {"rule": id_, "at": str(part.at(*path)), "regime": part.id, "value": value, "source": source}

    def number(self, part: Regime, path: tuple[str | int, ...]) -> Number | None:
        """The number of a row that stands for its value: its points or the first of its choice or curve."""
        if path[0] != "catalogue":
            return None
        if part.id not in self._numbers:
            found: dict[tuple[str | int, ...], Number] = {}
            for one in part.numbers():
                if one.path[0] == "catalogue" and one.path[2] in ("points", "discretion", "curve"):
                    found.setdefault(one.path[:2], one)
            self._numbers[part.id] = found
        return self._numbers[part.id].get(path)


def _points(sixtieths: int) -> str:
    """A score as it is read: ``592.7``, ``1000``."""
    return f"{round(sixtieths / layout.SCALE, 1):g}"


def _places(positions: Iterable[Position]) -> str:
    """``a.yaml:153:5, 155:5``: the file is named once for all its lines."""
    by_file: dict[str, list[str]] = {}
    for at in positions:
        by_file.setdefault(at.file, []).append(f"{at.line}:{at.column}")
    return "; ".join(f"{file}:{', '.join(lines)}" for file, lines in by_file.items())


def value_of(row: Row) -> str:
    """What a row gives, as its file says it: ``-5``, ``-5 to -50``, ``1 per 20``, ``unknown`` or ``no points``."""
    if row.discretion:
        return f"{_said(row.discretion.least)} to {_said(row.discretion.most)}, the official's choice"
    if row.curve:
        steps = (f"{_said(s.points)} per {s.per}" + (f" up to {s.up_to}" if s.up_to else "") for s in row.curve)
        return ", ".join(steps)
    if row.points is None:
        return "unknown" if row.unknown_points else "no points"
    return f"{row.points:+d}" + {"record": "", "cycle": " a month", "episode": " a spell"}[row.per]


def _said(points: int | None) -> str:
    return "unknown" if points is None else f"{points:+d}"


def _ground_without_record(rule: ListRule) -> str:
    """What put somebody on a list where no record did: ``the score``, ``the grade or a stay on abnormal``."""
    kinds = dict.fromkeys(
        f"a stay on {ground.list}" if ground.kind == "stay" else f"the {ground.kind}"
        for ground in rule.enter
        if ground.kind in {"score", "grade", "stay"}
    )
    return " or ".join(kinds)


def _many(number: int, what: str) -> str:
    """``1 day``, ``3 days``."""
    return f"{number} {what}" + ("" if number == 1 else "s")


def grounds_of(rule: ListRule) -> str:
    """The grounds of a list as its file words them, with its term."""
    words = [
        {
            "score": f"score < {ground.border}",
            "grade": f"grade {ground.grade} or worse",
            "record": f"record({ground.row})",
            "records": f"records({ground.row}, {ground.at_least} in {ground.within} months)",
            "stay": f"stay({ground.list}, {ground.within} months)",
        }[ground.kind]
        for ground in rule.enter
    ]
    return f"{' or '.join(words)}; {rule.term.text}"


def door_change(door: Door, on: bool, subject: Subject = "residents") -> str:
    """``loan closed``, ``loan no longer closed``, ``flight closed (through a firm represented)``."""
    return f"{door.service} {'' if on else 'no longer '}{door.effect}{reach_of(door, subject)}"


#: Whose door it is or whose file holds it, where the two differ: by what it affects, as seen from whose file.
_REACHES = {
    ("kin", "residents"): "of the next of kin",
    ("firm", "residents"): "of the firms represented",
    ("firm", "firms"): "through the legal representative",
    ("firm head", "residents"): "through a firm represented",
    ("firm head", "firms"): "of the legal representative",
    ("official", "residents"): "through the body led",
    ("official", "bodies"): "of the leading official",
}
#: Doors that stand before somebody because of another's file, or before another because of this one.
CROSSING = ("firm", "firm head", "official")


def reach_of(door: Door, subject: Subject) -> str:
    """`` (of the next of kin)`` and the like, for a door in the file of such a subject; empty for one of its own."""
    words = _REACHES.get((door.affects, subject))
    return f" ({words})" if words else ""


def _act(of: dict[str, int]) -> str:
    act = ACTS[of["act"]]
    return act.label + (f", {of['amount']} {act.unit}" if of["amount"] and act.unit else "") + f": {FATES[of['fate']]}"


def _aftermath(of: dict[str, int]) -> str:
    label = SERVICES[of["service"]].label
    if SERVICES[of["service"]].id == "school-place":
        return f"{label} refused: the child goes to another"
    return f"{label} refused: {of['paid']} half-months of spending paid out of savings"


def _attempt(of: dict[str, int]) -> str:
    text = f"{SERVICES[of['service']].label}: {_OUTCOMES[layout.Outcome(of['outcome'])]}"
    if of["outcome"] != layout.Outcome.SERVED:
        return text
    text += f" after {_many(of['days'], 'day')}" if of["days"] else " at once"
    return text + (f", {layout.STANDINGS[of['standing']]}" if of["standing"] else "")


def _deal(firm: int, amount: int) -> str:
    return "a written promise" if firm < 0 else f"a contract over {amount * 1000:,} yuan"


def source_of(part: Regime, item: Any, number: Number | None = None) -> str:
    """``title (kind), mark, borrowed from …``; says so where the file names no source."""
    id_ = number.source if number and number.source else item.source
    if not id_:
        return "no source is named in the file"
    source = part.sources.get(id_)
    text = f"{source.title} ({source.kind})" if source else id_
    mark = number.mark if number and number.mark else item.mark
    borrowed = number.borrowed if number else item.borrowed
    return text + (f", {mark}" if mark else "") + (f", borrowed: {borrowed}" if borrowed else "")
