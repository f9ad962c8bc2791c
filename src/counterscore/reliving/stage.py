"""What a run's record rebuilds (city, regimes, plans), and a subdistrict that is lived on it once more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from counterscore.catalog.assume import Assumptions
from counterscore.city import City
from counterscore.engine import layout
from counterscore.engine.draws import purpose_keys
from counterscore.engine.plan import Plans, plans_of
from counterscore.engine.succession import outcomes_of
from counterscore.engine.world import (
    body_columns,
    empty_totals,
    firm_columns,
    live_until,
    official_columns,
    outcome_columns,
    settle_in,
)
from counterscore.errors import UsageError
from counterscore.regime.model import Regime
from counterscore.regime.vocabulary import Subject
from counterscore.reliving.events import Event, Teller
from counterscore.reliving.trace import MONTH, POSITION, column, detail, of_kind
from counterscore.results import Run, as_numpy
from counterscore.results.rules import regime_of
from counterscore.results.tables import SHARES
from counterscore.specification import RunSpec

_YEAR = 12
_ROOM = 1 << 16
_MOST_ROOM = 1 << 23  #: events, 512 MiB; memory is taken only as they happen
MOST_AGAIN = (
    32  #: subdistricts of a larger city that are lived again where not every one is asked for: two million residents
)


class Stage:
    """A run's city, assumptions, regimes and plans, rebuilt from its record when asked for, each once.

    Raises ``RunError`` where this version cannot rebuild them, ``UsageError`` for worlds, replicates and
    subdistricts that the run does not have.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self._plans: dict[str, Plans] = {}

    @cached_property
    def spec(self) -> RunSpec:
        """The specification of the run, as its record tells it."""
        return RunSpec.of_record(self.run.record)

    @property
    def city(self) -> City:
        """The residents of the run."""
        return self.spec.city

    @property
    def assumptions(self) -> Assumptions:
        """The values of the record; ranges and sources come with them."""
        return self.spec.assumptions

    def regime(self, world: str) -> Regime:
        """A world's regime with its stack and reforms, from the texts in the record."""
        told = next((one for one in self.run.record["worlds"] if one["name"] == world), None)
        if told is None:
            raise UsageError(f'the run has no world "{world}"', suggestion=f"It has: {', '.join(self.run.worlds)}.")
        return self.spec.worlds[world] if "spec" in self.__dict__ else regime_of(told)

    def under(self, world: str, regime: Regime) -> Stage:
        """The same stage with another regime in the place of ``world``."""
        other = Stage(self.run)
        other.__dict__["spec"] = self.spec.under(world, regime)
        return other

    def plan(self, world: str) -> Any:
        """The compiled plan of a world's residents."""
        return self.plans(world).residents

    def plans(self, world: str) -> Plans:
        """The compiled plans of all who live in a world."""
        if world not in self._plans:
            self.regime(world)  # an unknown world is told
            self._plans[world] = plans_of(self.spec, world)
        return self._plans[world]

    def living(self, subdistrict: int, *, world: str | None = None, replay: int = 0, room: int = _ROOM) -> Living:
        """A subdistrict on the eve of its first month, to be lived with a trace of at most ``room`` events."""
        name = world or self.run.worlds[0]
        self.regime(name)  # an unknown world is told first
        if (name, replay) not in self.run.finished:
            raise UsageError(f"the run has no finished replicate {replay} of {name}")
        last = len(self.city.subdistricts) - 1
        if not 0 <= subdistrict <= last:
            raise UsageError(f"the city has subdistricts 0 to {last}, found {subdistrict}")
        return Living(self, name, replay, subdistrict, room)

    def room(self, subdistrict: int) -> int:
        """Events that a trace of this subdistrict most likely fits in; a guess that is too small costs a second life."""
        places = self.run.subdistrict_sizes()
        size = places[subdistrict] if 0 <= subdistrict < len(places) else 0
        return min(_MOST_ROOM, _ROOM + size * int(self.run.record["months"]))

    def relive(self, subdistrict: int, *, world: str | None = None, replay: int = 0) -> History:
        """Live one subdistrict again, to the end, with every event written down."""
        room = self.room(subdistrict)
        while True:
            living = self.living(subdistrict, world=world, replay=replay, room=room)
            living.live(int(self.run.record["months"]))
            if living.used <= room:
                return living.history()
            room = 2 * living.used


def evenly(of: int, most: int | None) -> tuple[int, ...]:
    """At most ``most`` of ``of`` subdistricts, evenly spread over the city; all of them where ``most`` is None."""
    many = of if most is None else min(of, max(1, most))
    return tuple((2 * n + 1) * of // (2 * many) for n in range(many))


def relive(run: Run, subdistrict: int, *, world: str | None = None, replay: int = 0) -> History:
    """Live one subdistrict again with every event written down; raises ``UsageError`` where it does not exist."""
    return Stage(run).relive(subdistrict, world=world, replay=replay)


class Living:
    """A subdistrict of one world and replicate that is being lived again, as far as one asks."""

    def __init__(self, stage: Stage, world: str, replay: int, subdistrict: int, room: int) -> None:
        record = stage.run.record
        self.stage, self.world, self.replay, self.subdistrict = stage, world, replay, subdistrict
        plans = stage.plans(world)
        self.plan = plans.residents
        self.trace = np.zeros((room, 8), np.int64)
        self.firm_trace = None if plans.firms is None else np.zeros((room, 8), np.int64)
        self.body_trace = None if plans.bodies is None else np.zeros((room, 8), np.int64)
        self.place = settle_in(plans, stage.city, subdistrict, seed=record["seed"], replay=replay)
        self.start = self.place.residents.copy()
        table = stage.run.table("figures", world, replay)
        shares = [as_numpy(table[name]).reshape(-1, layout.N_DISTRICTS) for name in SHARES]
        self.figures: npt.NDArray[np.int64] = np.hstack(shares)
        self._totals = empty_totals(int(record["months"]))
        self._keys = purpose_keys(record["seed"], replay)

    @property
    def used(self) -> int:
        """Events so far, of residents, of firms or of public bodies, whichever are most; more than ``len(trace)``
        where a trace ran short and is not whole.
        """
        others = [one.files.space.trace_used for one in (self.place.firms, self.place.bodies) if one is not None]
        return max(int(used) for used in (self.place.space.trace_used, *others))

    @property
    def events(self) -> npt.NDArray[np.int64]:
        """The residents' events so far, as rows of a trace; whole where ``used`` is no more than its room."""
        return self.events_of("residents")

    def files_of(self, subject: Subject) -> Any:
        """The place of residents, of firms or of public bodies, where their files stand; None where none live."""
        if subject == "residents":
            return self.place
        others = self.place.firms if subject == "firms" else self.place.bodies
        return None if others is None else others.files

    def events_of(self, subject: Subject) -> npt.NDArray[np.int64]:
        """The events so far of residents, of firms or of public bodies."""
        files = self.files_of(subject)
        trace = {"residents": self.trace, "firms": self.firm_trace, "bodies": self.body_trace}[subject]
        return self.trace[:0] if files is None or trace is None else trace[: int(files.space.trace_used)]

    def plan_of(self, subject: Subject) -> Any:
        """The plan of residents, of firms or of public bodies."""
        plans = self.stage.plans(self.world)
        return {"residents": plans.residents, "firms": plans.firms, "bodies": plans.bodies}[subject]

    def live(self, month: int) -> None:
        """Live to the start of ``month``."""
        while self.place.month < month:
            year = self.place.month // _YEAR
            end = min(month, (year + 1) * _YEAR)
            traces = (self.trace, self.firm_trace, self.body_trace)
            live_until(self.plan, self.place, self._totals, self._keys, self.figures[year], end, *traces)

    def now(self) -> dict[str, npt.NDArray[Any]]:
        """What the run would keep of who lives here now, by place, had it ended here; ``generation`` says who it is."""
        place = self.place
        kept = outcomes_of(self.plan, place.residents, place.watch, place.private, place.month)
        return {**kept, "generation": place.lives.generation.copy()}

    def history(self) -> History:
        """What was lived so far."""
        firms, bodies = self.place.firms, self.place.bodies
        kept: dict[Subject, Organisations] = {}
        if firms is not None:
            heads, events = firms.own["head"].copy(), self.events_of("firms")
            kept["firms"] = Organisations(firms.plan, heads, firm_columns(firms), events)
        if bodies is not None:
            heads, events = bodies.own["head"].copy(), self.events_of("bodies")
            kept["bodies"] = Organisations(
                bodies.plan, heads, body_columns(bodies), events, tuple(terms_of(events)), official_columns(bodies)
            )
        return History(
            stage=self.stage,
            world=self.world,
            replay=self.replay,
            subdistrict=self.subdistrict,
            start=self.start,
            columns=outcome_columns(self.plan, self.place),
            events=self.events,
            organisations=kept,
        )


@dataclass(frozen=True)
class Organisations:
    """The firms, or the public bodies, of one subdistrict, lived again.

    ``heads`` are the places of the residents who represent or lead them at the end, ``columns`` what the run keeps of them
    then, ``events`` their trace: (events, 8), see ``engine.layout``; ``terms`` tells who led which public body when,
    ``officials`` what the run keeps of each of them.
    """

    plan: Any
    heads: npt.NDArray[np.int32]
    columns: Mapping[str, npt.NDArray[Any]]
    events: npt.NDArray[np.int64]
    terms: tuple[LedBy, ...] = ()
    officials: Mapping[str, npt.NDArray[Any]] = field(default_factory=dict)

    def headed_by(self, place: int) -> Iterator[LedBy]:
        """What the resident at ``place`` represents or leads, and when; a representative stays one."""
        if self.terms:
            yield from (term for term in self.terms if term.resident == place)
        else:
            yield from (LedBy(place, int(at), 0, layout.NEVER) for at in np.flatnonzero(self.heads == place))


class LedBy(NamedTuple):
    """A resident, by place, who leads an organisation, by place, from one month until another."""

    resident: int
    place: int
    since: int
    until: int


def terms_of(events: npt.NDArray[np.int64]) -> Iterator[LedBy]:
    """Who led which public body from when until when, from the trace of bodies."""
    of_bodies = of_kind(events, layout.EVENT_BODY)
    appointed = of_bodies[detail(of_bodies, "what", layout.EVENT_BODY) == layout.APPOINTED]
    now: dict[int, tuple[int, int]] = {}
    for month, place, resident in appointed[:, [MONTH, POSITION, column("resident", layout.EVENT_BODY)]].tolist():
        if place in now:
            yield LedBy(now[place][0], place, now[place][1], month)
        now[place] = (resident, month)
    yield from (LedBy(resident, place, since, layout.NEVER) for place, (resident, since) in now.items())


@dataclass
class History:
    """One subdistrict, lived again.

    ``start`` holds the residents on the eve of the first month (``engine.layout.RESIDENT``), ``columns`` what the
    run keeps of them at the end, ``events`` the trace: (events, 8), see ``engine.layout``; ``organisations`` the
    firms and public bodies, where they live.
    """

    stage: Stage
    world: str
    replay: int
    subdistrict: int
    start: npt.NDArray[Any]
    columns: Mapping[str, npt.NDArray[Any]]
    events: npt.NDArray[np.int64]
    organisations: Mapping[Subject, Organisations] = field(default_factory=dict)

    def __repr__(self) -> str:
        return (
            f"<History of subdistrict {self.subdistrict}, {self.world}, replicate {self.replay}: {len(self.start):,} residents, "
            f"{len(self.events):,} events>"
        )

    @property
    def run(self) -> Run:
        """The run this is a part of."""
        return self.stage.run

    @property
    def regime(self) -> Regime:
        """The world's regime, with its stack."""
        return self.stage.regime(self.world)

    @property
    def plan(self) -> Any:
        """The world's compiled plan."""
        return self.stage.plan(self.world)

    def position(self, resident: int) -> int:
        """The place of a resident in this subdistrict, from the permanent number; raises ``UsageError``."""
        return self._place("residents", resident)

    def plan_of(self, subject: Subject) -> Any:
        """The world's compiled plan of residents, of firms or of public bodies."""
        return self.plan if subject == "residents" else self.organisations[subject].plan

    def teller(self, subject: Subject = "residents") -> Teller:
        """What puts rows of the trace of residents, firms or public bodies into words."""
        return Teller(self.regime, self.plan_of(subject), self.subdistrict, self._many(subject), subject)

    def of(self, number: int, subject: Subject = "residents") -> Iterator[Event]:
        """The events of one resident, firm or body, by permanent number, in order; raises ``UsageError``."""
        place = self._place(subject, number)
        rows = self.events if subject == "residents" else self.organisations[subject].events
        return self.teller(subject).tell(rows[rows[:, POSITION] == place])

    def head_of(self, number: int, subject: Subject) -> int:
        """The permanent number of the resident who represents a firm or leads a public body."""
        head = self.organisations[subject].heads[self._place(subject, number)]
        return self.subdistrict * layout.SUBDISTRICT + int(head)

    def headed_by(self, resident: int) -> Sequence[tuple[Subject, int]]:
        """The firms that a resident represents and the public bodies that one leads, by permanent number."""
        place, first = self.position(resident), self.subdistrict * layout.SUBDISTRICT
        found = [(subject, first + one.place) for subject, one in self._headed(place)]
        return list(dict.fromkeys(found))

    def terms(self, resident: int) -> Sequence[tuple[Subject, int, int, int]]:
        """The same with the months since when and until when; a body may be led more than once."""
        place, first = self.position(resident), self.subdistrict * layout.SUBDISTRICT
        return [(subject, first + one.place, one.since, one.until) for subject, one in self._headed(place)]

    def _headed(self, place: int) -> Iterator[tuple[Subject, LedBy]]:
        for subject, one in self.organisations.items():
            yield from ((subject, term) for term in one.headed_by(place))

    def _many(self, subject: Subject) -> int:
        if subject == "residents":
            return len(self.start)
        return len(self.organisations[subject].heads) if subject in self.organisations else 0

    def _place(self, subject: Subject, number: int) -> int:
        place = number - self.subdistrict * layout.SUBDISTRICT
        if not 0 <= place < self._many(subject):
            what = {"residents": "resident", "firms": "firm", "bodies": "public body"}[subject]
            raise UsageError(f"{what} {number} does not live in subdistrict {self.subdistrict}")
        return place
