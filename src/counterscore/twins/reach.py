"""Whom a change of rules reached: directly, through whom else, and that it reached nobody else.

Both worlds are lived side by side, month by month, and the first month is found in which each person's state or
history differs. A person is reached *directly* where a changed rule met that person no later than that month: it
recorded, listed, opened or closed a door, or stood behind an act as a consequence the person knew of. Everybody
else who differs must be linked to somebody who differed no later and is explained: next of kin, a friend, another
of the group, somebody whose record landed on the wrong file, the other side of a dealing, of a tie over scores or
of a match, a debt inherited, a firm represented or worked for, a public body led, talk in the district, or what others there met. Firms and public bodies
are traced in the same way: a firm is linked to who represents it, to the firm whose record it was given and to the
bodies that signed with it. A chain of links has to begin at a changed rule; two who differ only because of each other are
*unexplained*, as is whoever was reached in none of these ways. The certificate is given only where nobody is.

Not followed is who was shown to a single in place of somebody else, and so not compared how often a profile was shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from counterscore.engine import layout
from counterscore.engine.friends import friends_at
from counterscore.engine.steps.dealings import REFUSED
from counterscore.errors import UsageError
from counterscore.regime.vocabulary import Subject
from counterscore.reliving import MOST_AGAIN, Living, Stage, evenly
from counterscore.reliving.trace import MONTH, POSITION, column, detail, of_kind
from counterscore.results import Run
from counterscore.results.ids import Who, who_id
from counterscore.results.run import GENERATION
from counterscore.twins.changes import Changes
from counterscore.twins.met import exposures, met_others
from counterscore.twins.side_by_side import NEVER, SideBySide

#: Ways other than a rule in which a change can arrive, in the order in which they are looked for.
THROUGH = (
    "next of kin",
    "a friend",
    "someone else's record",
    "talk in the district",
    "a dealing",
    "another of the group",
    "a tie over scores",
    "a match",
    "a firm",
    "a public body",
    "who represents it",
    "what others near met",
    "an inherited debt",
)
_KIN, _FRIEND, _MIXED_UP, _TALK, _DEALING, _GROUP, _TIE, _MATCH, _FIRM, _BODY, _HEAD, _NEAR, _INHERITED = THROUGH
_PAIRS = {layout.EVENT_SOUGHT: _TIE, layout.EVENT_TIE: _TIE, layout.EVENT_MATCH: _MATCH}
DIRECTLY = "directly"
_CALLED = {"firms": "firms", "bodies": "public bodies"}


@dataclass(frozen=True, slots=True)
class FirstDifference:
    """A person, firm or public body that differs: since which month, and how the change arrived (a rule, or one of ``THROUGH``)."""

    resident: str
    month: int
    how: str


@dataclass
class Reach:
    """Who was reached in one or more replicates, counted as persons x replicates.

    ``others`` counts firms and public bodies: lived, unchanged, met by a rule, reached through a link. ``rules`` counts who was met by each changed rule and differs, ``touched`` everybody whom any changed rule
    met, ``examples`` holds a few of each way. ``subdistricts`` are those that were traced, of so many. ``untraced`` names what these worlds have and whose links are not
    followed: whoever was reached through it alone stands under unexplained.
    """

    world: str
    baseline: str
    replays: tuple[int, ...]
    changed_rules: tuple[str, ...]
    untraced: tuple[str, ...] = ()
    subdistricts: tuple[int, ...] = ()
    of_subdistricts: int = 0
    persons: int = 0
    unchanged: int = 0
    touched: int = 0
    direct: int = 0
    through: dict[str, int] = field(default_factory=lambda: dict.fromkeys(THROUGH, 0))
    rules: dict[str, int] = field(default_factory=dict)
    others: dict[str, dict[str, int]] = field(default_factory=dict)
    unexplained: list[FirstDifference] = field(default_factory=list)
    examples: dict[str, list[FirstDifference]] = field(default_factory=dict)

    @property
    def certified(self) -> bool:
        """Whether everybody who differs was met by a changed rule or is linked to somebody who was."""
        return not self.unexplained

    @property
    def where(self) -> str:
        """In which part of the city it was traced; empty for everywhere."""
        some, many = len(self.subdistricts), self.of_subdistricts
        return f" in {some:,} of {many:,} subdistricts, evenly spread," if some < many else ""

    def certificate(self) -> str:
        """The sentence that says so, or names who is not explained."""
        if self.certified:
            beside = "".join(
                f" Of {one['compared']:,} {_CALLED[subject]}, {one['identical']:,} are, and the same holds of the rest."
                for subject, one in self.others.items()
            )
            return (
                f"Certificate: of {self.persons:,} lives compared{self.where or ','} {self.unchanged:,} are identical; each of the other "
                f"{self.persons - self.unchanged:,} met a changed rule or is linked to somebody who differed before.{beside}"
            )
        names = ", ".join(one.resident for one in self.unexplained[:5])
        gap = f" Not traced person by person: links through {', '.join(self.untraced)}." if self.untraced else ""
        return f"No certificate: {len(self.unexplained):,}{self.where} differ without having been reached, among them {names}.{gap}"

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "world": self.world,
            "baseline": self.baseline,
            "replay_numbers": list(self.replays),
            "changed_rules": list(self.changed_rules),
            "subdistricts": list(self.subdistricts),
            "of_subdistricts": self.of_subdistricts,
            "lives": self.persons,
            "identical": self.unchanged,
            "met_by_a_changed_rule": self.touched,
            "differ_directly": self.direct,
            "differ_through": self.through,
            "by_rule": self.rules,
            "others": self.others,
            "unexplained": len(self.unexplained),
            "untraced": list(self.untraced),
            "certified": self.certified,
            "certificate": self.certificate(),
            "examples": {
                how: [{"resident": one.resident, "month": one.month} for one in some]
                for how, some in self.examples.items()
            },
        }


def reach(
    run: Run,
    world: str,
    baseline: str,
    *,
    replays: int = 1,
    stage: Stage | None = None,
    most: int | None = MOST_AGAIN,
) -> Reach:
    """Trace a change through ``replays`` replicates of a run, in ``most`` subdistricts, evenly spread; None for all."""
    stage = stage or Stage(run)
    wanted = [r for r in run.replays(world) if (baseline, r) in run.finished][:replays]
    if not wanted:
        raise UsageError(f"the run has no replicate that both {world} and {baseline} have finished")
    changes = Changes(stage, world, baseline)
    of = len(stage.city.subdistricts)
    places = evenly(of, most)
    out = Reach(world, baseline, tuple(wanted), changes.named, _untraced(stage, world, baseline), places, of)
    for replay in wanted:
        for k in places:
            _trace(out, _pair(stage, k, world, baseline, replay), changes)
    return out


def _untraced(stage: Stage, world: str, baseline: str) -> tuple[str, ...]:
    """What these worlds have and no link follows."""
    meeting = any(stage.plan(name).meeting for name in (world, baseline))
    return ("who was shown to a single in place of somebody else",) if meeting else ()


def _pair(stage: Stage, k: int, world: str, baseline: str, replay: int) -> SideBySide:
    def make(room: int) -> tuple[Living, Living]:
        return (
            stage.living(k, world=world, replay=replay, room=room),
            stage.living(k, world=baseline, replay=replay, room=room),
        )

    return SideBySide(make, int(stage.run.record["months"]), room=stage.room(k))


class Node(NamedTuple):
    """A resident of one generation, a firm or a public body, by place in the subdistrict."""

    subject: Subject
    place: int
    generation: int = 0


def _trace(out: Reach, pair: SideBySide, changes: Changes) -> None:
    """Count those of one subdistrict and replicate by how the change reached them."""
    met, kin_met, by = exposures(pair, changes)
    out.persons += pair.persons
    out.touched += int((np.minimum(met, kin_met) < NEVER).sum())
    changed = {
        Node("residents", place, generation): int(pair.first[generation, place])
        for generation, place in np.argwhere(pair.first < NEVER).tolist()
    }
    out.unchanged += pair.persons - len(changed)
    how: dict[Node, str] = {}
    for node, month in changed.items():
        if met[node.generation, node.place] <= month:
            how[node] = DIRECTLY
        elif kin_met[node.generation, node.place] <= month:
            how[node] = _KIN
        elif _talk(pair, node.place, month):
            how[node] = _TALK
        elif _near(pair, node, month):
            how[node] = _NEAR
    for subject, first in pair.first_of.items():
        told = out.others.setdefault(subject, dict.fromkeys(("compared", "identical", "directly", "linked"), 0))
        told["compared"] += len(first)
        told["identical"] += int((first == NEVER).sum())
        theirs = met_others(pair, changes, subject)
        for place in np.flatnonzero(first < NEVER).tolist():
            changed[Node(subject, place)] = int(first[place])
            if theirs[place] <= first[place]:
                how[Node(subject, place)] = DIRECTLY
    _follow(_Links(pair, changes), changed, how)
    for node, month in changed.items():
        _count(out, pair, node, month, how.get(node, "unexplained"), by)


def _follow(links: _Links, changed: dict[Node, int], how: dict[Node, str]) -> None:
    """Explain whoever is linked to somebody explained who differed no later, until nobody is added."""
    open_ = sorted((node for node in changed if node not in how), key=lambda node: changed[node])
    more = True
    while more:
        more = False
        for node in [one for one in open_ if one not in how]:
            month = changed[node]
            for way, other in links.of(node, month):
                if other in how and changed[other] <= month and other != node:
                    how[node] = way
                    more = True
                    break


def _count(out: Reach, pair: SideBySide, node: Node, month: int, key: str, by: Any) -> None:
    run = pair.sides[0].stage.run
    number = pair.sides[0].subdistrict * layout.SUBDISTRICT + node.place + node.generation * GENERATION
    told = FirstDifference(who_id(run, Who(node.subject, number)), month, key)
    if node.subject != "residents":
        if key != "unexplained":
            out.others[node.subject]["directly" if key == DIRECTLY else "linked"] += 1
    elif key == DIRECTLY:
        out.direct += 1
        for rule in by(node.generation, node.place, month):
            out.rules[rule] = out.rules.get(rule, 0) + 1
    elif key in out.through:
        out.through[key] += 1
    if key == "unexplained":
        out.unexplained.append(told)
    some = out.examples.setdefault(key, [])
    if len(some) < 5:
        some.append(told)


def _talk(pair: SideBySide, place: int, month: int) -> bool:
    """Whether the district's figures of the year before, from which people learn in January, differ."""
    year, district = month // 12, int(pair.districts[month, place])
    figures = [side.figures for side in pair.sides]
    return month % 12 == 0 and month > 0 and figures[0][year][district] != figures[1][year][district]


def _near(pair: SideBySide, node: Node, month: int) -> bool:
    """Whether what others of the district met the year before, burden or reward, differs, for one who may know the rules by now."""
    year, district = month // 12, int(pair.districts[month, node.place])
    met = [side.figures[year][layout.N_DISTRICTS + district :: layout.N_DISTRICTS] for side in pair.sides]
    aware = min(int(side.place.watch["aware"][node.place]) for side in pair.sides)
    later = node.generation < int(pair.sides[0].place.lives.generation[node.place])  # of whom the watch says nothing
    return bool((met[0] != met[1]).any()) and (later or aware <= month)


class _Links:
    """Who has to do with whom in one subdistrict, in either world."""

    def __init__(self, pair: SideBySide, changes: Changes) -> None:
        self.pair = pair
        self.n = pair.first.shape[1]
        plans = changes.plans["residents"]
        self.group = max(int(plan.recording_group) if plan.act_group.any() else 0 for plan in plans)
        #: Of each resident: month, way and place of everybody met, tied to or matched with.
        self.met: dict[int, list[tuple[int, str, int]]] = {}
        #: Of each firm: month and place of every body that signed with it or paid it.
        self.bodies: dict[int, list[tuple[int, int]]] = {}
        self.firms: dict[int, set[int]] = {}
        self.led: dict[int, set[int]] = {}
        #: Of each body: month and place of every body that its leader went to or came from.
        self.moved: dict[int, list[tuple[int, int]]] = {}
        #: Of each heir: the January, and the place of the debtor who died.
        self.debtors: dict[int, list[tuple[int, int]]] = {}
        for side in pair.sides:
            self._take(side)
        places = [side.place for side in pair.sides]
        self.heads = pair.heads
        self.friends = friends_at(plans[0], places[0].space.friends, self.n)
        self._workplaces(places[0])

    def _take(self, side: Living) -> None:
        events = side.events
        for kind, way in ((layout.EVENT_DEALING, _DEALING), *_PAIRS.items()):
            rows = of_kind(events, kind)
            if kind == layout.EVENT_DEALING:
                rows = rows[detail(rows, "how", kind) != REFUSED]
            for month, place, other in rows[:, [MONTH, POSITION, column("other", kind)]].tolist():
                self.met.setdefault(place, []).append((month, way, other))
                self.met.setdefault(other, []).append((month, way, place))
        debts = of_kind(events, layout.EVENT_DEBT)
        debts = debts[detail(debts, "state", layout.EVENT_DEBT) == layout.Debt.INHERITED]
        for month, heir, debtor in debts[:, [MONTH, POSITION, column("of", layout.EVENT_DEBT)]].tolist():
            self.debtors.setdefault(heir, []).append((month, debtor))
        signed = of_kind(side.events_of("bodies"), layout.EVENT_BODY)
        what_, resident_, other_, firm_ = (
            column(name, layout.EVENT_BODY) for name in ("what", "resident", "other", "firm")
        )
        careers = signed[np.isin(signed[:, what_], layout.CAREER)]
        for month, body, what, resident, other in careers[:, [MONTH, POSITION, what_, resident_, other_]].tolist():
            self.led.setdefault(resident, set()).add(body)
            if what == layout.MOVED:
                self.moved.setdefault(body, []).append((month, other))
                self.moved.setdefault(other, []).append((month, body))
        signed = signed[(signed[:, what_] <= layout.BROKEN) & (signed[:, firm_] >= 0)]
        for month, body, firm in signed[:, [MONTH, POSITION, firm_]].tolist():
            self.bodies.setdefault(firm, []).append((month, body))

    def _workplaces(self, place: Any) -> None:
        if self.heads:
            own, staff = place.firms.own, place.firms.staff["resident"]
            for firm, heads in enumerate(self.heads):
                for resident in (*heads, *staff[own["staff_from"][firm] : own["staff_to"][firm]].tolist()):
                    self.firms.setdefault(int(resident), set()).add(firm)

    def of(self, node: Node, month: int) -> Iterator[tuple[str, Node]]:
        """The ways to ``node`` by ``month``, each with who stands at its other end."""
        if node.subject == "firms":
            yield from ((_HEAD, self._resident(head, month)) for head in sorted(self.heads[node.place]))
            yield _MIXED_UP, Node("firms", (node.place - layout.MIX_SHIFT) % len(self.heads))
            yield from (
                (_BODY, Node("bodies", body)) for when, body in self.bodies.get(node.place, ()) if when <= month
            )
        elif node.subject == "bodies":
            yield from ((_BODY, Node("bodies", body)) for when, body in self.moved.get(node.place, ()) if when <= month)
        elif node.subject == "residents":
            yield from self._of_resident(node.place, month)

    def _of_resident(self, place: int, month: int) -> Iterator[tuple[str, Node]]:
        n = self.n
        # What happened between two comes before what they are to each other: it says more.
        yield from (
            (_INHERITED, Node("residents", debtor, int(self.pair.generations[when - 1, debtor])))
            for when, debtor in self.debtors.get(place, ())
            if when <= month
        )
        yield from (
            (way, self._resident(other, month)) for when, way, other in self.met.get(place, ()) if when <= month
        )
        yield _KIN, self._resident(n - 1 - place, month)
        for other in self.friends[place].tolist():
            if other >= 0:
                yield _FRIEND, self._resident(other, month)
        yield _MIXED_UP, self._resident((place - layout.MIX_SHIFT) % n, month)
        if self.group:
            first = place // self.group * self.group
            for other in range(first, min(n, first + self.group)):
                yield _GROUP, self._resident(other, month)
        yield from ((_FIRM, Node("firms", firm)) for firm in self.firms.get(place, ()))
        yield from ((_BODY, Node("bodies", body)) for body in self.led.get(place, ()))

    def _resident(self, place: int, month: int) -> Node:
        return Node("residents", place, int(self.pair.generations[month, place]))
