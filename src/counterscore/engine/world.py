"""One world of one replay: the subdistricts' state, lived year by year on threads."""

from __future__ import annotations

import contextlib
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from counterscore import luck
from counterscore.city import City
from counterscore.engine import layout
from counterscore.engine.draws import purpose_keys
from counterscore.engine.kernel import is_compiled, readable
from counterscore.engine.layout import COUNTERS, EXITS, NEVER, SUBDISTRICT
from counterscore.engine.month import live, those_between
from counterscore.engine.partners.outcome import MIXING, mixing, settle_private
from counterscore.engine.shelf import Shelf
from counterscore.engine.steps.papers import copy_files, give_back
from counterscore.engine.succession import (
    ADULT,
    YEAR,
    outcomes_of,
    settle_lives,
    start_afresh,
    stays_of,
    take_attributes,
    turn_year,
)
from counterscore.regime.vocabulary import OCCUPATIONS

RESIDENTS_OF_A_BODY = 8192  #: assumed; a full subdistrict has one body of each of the eight kinds
_SERVANT = OCCUPATIONS.index("civil servant")
_INBOX = 64
_AGELESS = 40
_SPARE_PAPERS = 6  #: one free place for so many residents whenever papers run short


Records = npt.NDArray[Any]


@dataclass
class Place:
    """A subdistrict in one world and replay, between two months."""

    residents: Records  # layout.RESIDENT
    watch: Records  # layout.WATCH
    papers: Records  # layout.PAPER
    inbox: tuple[Records, Records]  # layout.LETTER: this month's, next month's
    space: Any  # layout.SPACE
    lives: Any  # city.generations.Generations
    month: int = 0
    at: int = -1
    kept: int = 0  # papers a year ago
    turned: int = -1  #: the January that ``turn_year`` was last called for
    private: Records = field(default_factory=lambda: np.zeros(0, layout.PRIVATE))  #: no rows where nothing needs it
    known: Records = field(default_factory=lambda: np.zeros(0, layout.KNOWN))  #: what weighted scores know
    minglers: Records = field(default_factory=lambda: np.zeros(0, layout.MINGLER))  #: laid out anew each year
    departed: list[tuple[Any, Any, dict[str, Any]]] = field(default_factory=list)  #: places, generations, outcomes
    firms: Firms | None = None  # None where no rule book of the run is about firms or bodies
    bodies: Bodies | None = None  # None where none is about bodies
    earlier: tuple[tuple[int, Any], ...] = ()  #: plans before the last rule book is adopted, and when each ends

    def bytes_per_resident(self) -> float:
        """Memory held for each resident, in bytes."""
        held = [self.residents, self.watch, self.private, self.known, self.papers, *self.inbox, *self.lives.columns()]
        return float(sum(part.nbytes for part in held)) / max(1, len(self.residents))


@dataclass
class Firms:
    """The firms of a subdistrict: their plan, their files in the records that residents have too, the rest."""

    plan: Any  # layout.PLAN, compiled for firms
    files: Place
    own: Records  # layout.FIRM
    staff: Records  # layout.STAFF


@dataclass
class Bodies:
    """The public bodies of a subdistrict: their plan, their files, what only they have, and what they signed."""

    plan: Any  # layout.PLAN, compiled for bodies
    files: Place
    own: Records  # layout.BODY
    contracts: Records  # layout.CONTRACT


def settle_in(
    plan: Any,
    city: City,
    k: int,
    *,
    seed: int,
    replay: int,
    firms: Any = None,
    bodies: Any = None,
    earlier: tuple[tuple[int, Any], ...] = (),
) -> Place:
    """The residents of subdistrict ``k`` on the eve of the first month, and its firms where ``firms`` is their plan.

    ``earlier`` are the plans before the last rule book is adopted (``plan.earlier_plans``).
    """
    lives = settle_lives(plan, city, k)
    people = lives.people
    first = earlier[0][1].residents if earlier else plan
    place = _settle_residents(first, lives, k, seed=seed, replay=replay)
    if firms is not None:
        place.firms = _settle_firms(firms, city, k, people, place.residents, seed=seed, replay=replay)
    if bodies is not None:
        place.bodies = _settle_bodies(bodies, k, people, seed=seed)
    lives.forget_the_start()
    place.earlier = earlier
    return place


def _settle_residents(plan: Any, lives: Any, k: int, *, seed: int, replay: int) -> Place:
    people = lives.people
    n = len(people["age"])
    adult = people["age"] >= ADULT
    residents = np.zeros(n, layout.RESIDENT)
    residents["age"] = people["age"]
    take_attributes(residents, slice(None), people)
    residents["doors"] = np.where(adult, start_afresh(plan, residents, slice(None)), 0)
    watch = np.zeros(n, layout.WATCH)
    watch["due"] = np.where(adult, 0, NEVER)
    watch["aware"] = _aware_at_start(plan, adult, k * SUBDISTRICT, seed, replay)
    retired = people["age"] >= plan.circumstances_retirement_age
    outside = (people["occupation"] == len(OCCUPATIONS) - 1) | ~adult | retired
    residents["work"] = np.where(outside, layout.OUTSIDE, layout.EMPLOYED)
    _troubles_of_before(plan, residents, k * SUBDISTRICT, seed, replay)
    place = _place(plan, residents, watch, k * SUBDISTRICT, lives)
    place.private = settle_private(plan, residents, people, adult, k * SUBDISTRICT, seed, replay)
    place.known = np.zeros(n * int(plan.dimensions), layout.KNOWN)
    return place


def _place(plan: Any, files: Records, watch: Records, first: int, lives: Any = None) -> Place:
    """``files`` with room for papers and letters; ``first`` is the number of the first of them."""
    capacity = int(plan.reserve) + len(files) // _SPARE_PAPERS
    space = np.zeros(1, layout.SPACE).view(np.recarray)[0]
    space.first = first
    space.room = capacity
    inbox = (np.zeros(_INBOX + int(plan.reserve), layout.LETTER), np.zeros(_INBOX + int(plan.reserve), layout.LETTER))
    return Place(files, watch, _papers(capacity), inbox, space, lives)


def _settle_firms(
    plan: Any, city: City, k: int, people: dict[str, npt.NDArray[Any]], residents: Records, *, seed: int, replay: int
) -> Firms:
    told, employer = city.firms_of(k, people)
    n = len(told["head"])
    files = np.zeros(n, layout.RESIDENT)
    files["age"] = _AGELESS  # the steps that residents share ask for adults, and for the young
    files["work"] = layout.OUTSIDE
    files["district"] = told["district"]
    files["group"] = told["sector"] * layout.N_SIZES + told["size"]
    files["file"] = np.minimum(told["size"], 2)
    files["conscientiousness"] = told["compliance"]
    files["sociability"] = told["generosity"]
    for bit, column in ((layout.MAKES_GOODS, "goods"), (layout.TRADES_ABROAD, "abroad")):
        files["traits"] |= np.where(told[column] != 0, bit, 0).astype(np.uint8)
    files["traits"] |= residents["traits"][told["head"].astype(np.int64)] & layout.CONNECTED
    files["doors"] = start_afresh(plan, files, slice(None))
    own = np.zeros(n, layout.FIRM)
    for name in ("sector", "size", "head"):
        own[name] = told[name]
    own["age"] = told["firm_age"]
    own["turnover"] = told["employees"] * int(plan.firms_turnover)
    own["wage"] = told["employees"] * int(plan.firms_wage)
    own["closed_in"] = NEVER
    own["tax_clean"] = YEAR
    staff = np.zeros(int((employer >= 0).sum()), layout.STAFF)
    staff["resident"] = np.argsort(np.where(employer < 0, n, employer), kind="stable")[: len(staff)]
    own["staff_to"] = np.cumsum(told["employees"])
    own["staff_from"] = own["staff_to"] - told["employees"]
    watch = np.zeros(n, layout.WATCH)
    first = layout.FIRM_FIRST + k * SUBDISTRICT
    watch["aware"] = _aware_at_start(plan, np.ones(n, np.bool_), first, seed, replay)
    return Firms(plan, _place(plan, files, watch, first), own, staff)


def _aware_at_start(
    plan: Any, adult: npt.NDArray[np.bool_], first: int, seed: int, replay: int
) -> npt.NDArray[np.uint16]:
    key = luck.key("engine/awareness", seed, replay)
    lots = luck.draws32(key, np.arange(first, first + len(adult), dtype=np.uint64))
    return np.where((lots < plan.response_awareness) & adult, 0, NEVER).astype(np.uint16)


def _troubles_of_before(plan: Any, residents: Records, first: int, seed: int, replay: int) -> None:
    """A city does not begin with everybody in work and out of debt: some have lost work, some stand judged."""
    lots = luck.draws64(
        luck.key("engine/start", seed, replay), np.arange(first, first + len(residents), dtype=np.uint64)
    )
    work, debt, left = (lots >> np.uint64(32)), (lots & np.uint64(0xFFFFFFFF)), (lots >> np.uint64(8)) & np.uint64(0xFF)
    idle = (residents["work"] == layout.EMPLOYED) & (work < plan.circumstances_unemployed_at_start)
    residents["work"][idle] = layout.UNEMPLOYED
    residents["savings"][idle] = (residents["savings"][idle] * left[idle]) >> np.uint64(8)
    residents["judged"] = np.where((residents["loan"] > 0) & (debt < plan.circumstances_judged_at_start), 2, 0)


def _papers(capacity: int, first: int = 0) -> Records:
    papers = np.zeros(capacity, layout.PAPER)
    papers["next"] = np.arange(first + 1, first + capacity + 1, dtype=np.int32)
    return papers


def _grow(place: Place, reserve: int) -> None:
    """Enlarge papers and inbox where they run short; new places go to the head of the free chain."""
    space = place.space
    if space.room < reserve:
        was = len(place.papers)
        more = _papers(_spare(place, reserve), was)
        more["next"][-1] = space.free if space.room else was + len(more)
        place.papers = np.concatenate([place.papers, more])
        space.free = was
        space.room += len(more)
    if len(place.inbox[1]) - space.inbox_next < reserve:
        size = 2 * len(place.inbox[1])
        now, after = (np.resize(part, size) for part in place.inbox)
        place.inbox = (now, after)


def _tidy(place: Place, reserve: int) -> None:
    """Lay each resident's papers side by side, so that a file is read from one place, with room for a year."""
    used = len(place.papers) - int(place.space.room)
    room = max(_spare(place, reserve), (used - place.kept) * 9 // 8 + reserve)  # as many more as last year
    papers = _papers(used + room)
    copy_files(readable(place.residents), readable(place.papers), readable(papers))
    place.papers = papers
    place.kept = used
    place.space.room = room
    place.space.free = used


def _spare(place: Place, reserve: int) -> int:
    return max(reserve, len(place.residents) // _SPARE_PAPERS)


def empty_totals(months: int) -> dict[str, Records]:
    """Zeros for the integers that a run adds up; see ``layout`` for what they are."""
    return {
        **_totals_of("", months),
        **_totals_of("firm_", months),
        **_totals_of("body_", months),
        "body_tally": np.zeros((months, len(layout.BODY_COUNTERS)), np.int64),
        "firm_tally": np.zeros((months, len(layout.FIRM_COUNTERS)), np.int64),
        "listed": np.zeros((months // YEAR + 1, layout.N_DISTRICTS), np.int64),
        "meetings": np.zeros(((layout.MAX_GRADES + 1) ** 2, 3), np.int64),
        "mixing": np.zeros((2, len(MIXING)), np.int64),
    }


def _totals_of(whose: str, months: int) -> dict[str, Records]:
    return {
        f"{whose}counts": np.zeros((months, len(COUNTERS)), np.int64),
        f"{whose}stays": np.zeros((months + 1, layout.MAX_LISTS, len(EXITS)), np.int64).transpose(1, 0, 2),
        f"{whose}sums": np.zeros(1, layout.TOTALS),
        f"{whose}doors": np.zeros((months, layout.N_DOMAINS), np.int64),
    }


def live_until(
    plan: Any,
    place: Place,
    totals: dict[str, Records],
    keys: npt.NDArray[np.uint64],
    figures: npt.NDArray[np.int64],
    month: int,
    trace: npt.NDArray[np.int64] | None = None,
    firm_trace: npt.NDArray[np.int64] | None = None,
    body_trace: npt.NDArray[np.int64] | None = None,
) -> None:
    """Take one subdistrict to the start of ``month``; ``figures`` are the city's, of the year before."""
    for ends, before in place.earlier:
        if place.month < min(ends, month):
            later = _exchange(place, before.firms, before.bodies)
            _live_until(before.residents, place, totals, keys, figures, min(ends, month), trace, firm_trace, body_trace)
            _exchange(place, *later)
            if place.month == ends:  # a rule book comes into force: everybody's file is looked at
                others = [one.files for one in (place.firms, place.bodies) if one is not None]
                for files in (place, *others):
                    grown = files.residents["age"] >= ADULT
                    files.watch["due"] = np.where(grown, np.minimum(files.watch["due"], ends), files.watch["due"])
    _live_until(plan, place, totals, keys, figures, month, trace, firm_trace, body_trace)


def _exchange(place: Place, firms: Any, bodies: Any) -> tuple[Any, Any]:
    """Let firms and public bodies live under other plans; returns those they had."""
    had = (place.firms and place.firms.plan, place.bodies and place.bodies.plan)
    if place.firms is not None:
        place.firms.plan = firms
    if place.bodies is not None:
        place.bodies.plan = bodies
    return had


def _live_until(
    plan: Any,
    place: Place,
    totals: dict[str, Records],
    keys: npt.NDArray[np.uint64],
    figures: npt.NDArray[np.int64],
    month: int,
    trace: npt.NDArray[np.int64] | None,
    firm_trace: npt.NDArray[np.int64] | None,
    body_trace: npt.NDArray[np.int64] | None,
) -> None:
    if place.month % YEAR == 0 and 0 < place.month < month:
        _tidy(place, int(plan.reserve))
    place.minglers = np.empty(len(place.residents) if plan.meeting else 0, layout.MINGLER)
    place.space.mingled = 0
    while place.month < month:
        if place.at < 0 and place.month % YEAR == 0 and place.turned < place.month:
            turn_year(plan, place, totals, keys, trace)
            place.turned = place.month
        _call(plan, place, totals, keys, figures, month, trace, firm_trace, body_trace)
        if place.month < month:
            _grow(place, int(plan.reserve))
            if place.firms is not None:
                _grow(place.firms.files, int(place.firms.plan.reserve))
            if place.bodies is not None:
                _grow(place.bodies.files, int(place.bodies.plan.reserve))
    place.minglers = place.minglers[:0].copy()


def _call(
    plan: Any,
    place: Place,
    totals: dict[str, Records],
    keys: npt.NDArray[np.uint64],
    figures: npt.NDArray[np.int64],
    month: int,
    trace: npt.NDArray[np.int64] | None = None,
    firm_trace: npt.NDArray[np.int64] | None = None,
    body_trace: npt.NDArray[np.int64] | None = None,
    kernel: Any = live,
) -> None:
    place.space.trace_on = trace is not None
    firms = place.firms or _no_firms(plan)
    files = firms.files
    files.space.trace_on = firm_trace is not None
    bodies = place.bodies or _no_bodies(plan)
    offices = bodies.files
    offices.space.trace_on = body_trace is not None
    with np.errstate(over="ignore"):
        place.month, place.at = kernel(
            plan,
            readable(place.residents),
            readable(place.watch),
            readable(place.private),
            readable(place.known),
            readable(place.minglers),
            readable(place.papers),
            readable(totals["sums"])[0],
            totals["counts"],
            totals["doors"],
            totals["listed"],
            readable(totals["meetings"].view(layout.MEETINGS)[:, 0]),
            readable(stays_of(totals["stays"])),
            readable(_events(trace)),
            place.space,
            readable(place.inbox[0]),
            readable(place.inbox[1]),
            keys,
            figures,
            place.month,
            month,
            place.at,
            firms.plan,
            readable(files.residents),
            readable(files.watch),
            readable(files.papers),
            readable(totals["firm_sums"])[0],
            totals["firm_counts"],
            totals["firm_doors"],
            totals["firm_tally"],
            readable(stays_of(totals["firm_stays"])),
            readable(_events(firm_trace)),
            files.space,
            readable(files.inbox[0]),
            readable(files.inbox[1]),
            readable(firms.own),
            readable(firms.staff),
            bodies.plan,
            readable(offices.residents),
            readable(offices.watch),
            readable(offices.papers),
            readable(totals["body_sums"])[0],
            totals["body_counts"],
            totals["body_doors"],
            totals["body_tally"],
            readable(stays_of(totals["body_stays"])),
            readable(_events(body_trace)),
            offices.space,
            readable(offices.inbox[0]),
            readable(offices.inbox[1]),
            readable(bodies.own),
            readable(bodies.contracts),
        )


def _events(trace: npt.NDArray[np.int64] | None) -> Records:
    events: Records = (np.zeros((1, 8), np.int64) if trace is None else trace).view(layout.EVENT)[:, 0]
    return events


def _nobody() -> Place:
    none = np.zeros(0, layout.RESIDENT), np.zeros(0, layout.WATCH)
    space = np.zeros(1, layout.SPACE).view(np.recarray)[0]
    return Place(*none, _papers(0), (np.zeros(0, layout.LETTER), np.zeros(0, layout.LETTER)), space, None)


def _settle_bodies(plan: Any, k: int, people: dict[str, npt.NDArray[Any]], *, seed: int) -> Bodies:
    """One public body of each kind, more in larger subdistricts; a civil servant leads each, an adult if there is none."""
    n = max(len(layout.BODY_KINDS), len(people["age"]) // RESIDENTS_OF_A_BODY)
    servants = np.flatnonzero((people["occupation"] == _SERVANT) & (people["age"] >= ADULT))
    grown = servants if len(servants) else np.flatnonzero(people["age"] >= ADULT)
    n = n if len(grown) else 0
    order = np.argsort(luck.draws64(luck.key("city/official", seed), (k * SUBDISTRICT + grown).astype(np.uint64)))
    head = grown[order][np.arange(n) % max(1, len(grown))] if n else np.zeros(0, np.int64)
    files = np.zeros(n, layout.RESIDENT)
    files["age"] = ADULT
    files["work"] = layout.OUTSIDE
    files["district"] = people["district"][head]
    files["file"] = 2  # its credit is known
    files["conscientiousness"] = people["conscientiousness"][head]
    files["doors"] = start_afresh(plan, files, slice(None))
    own = np.zeros(n, layout.BODY)
    own["head"] = head
    own["kind"] = np.arange(n) % len(layout.BODY_KINDS)
    files["group"] = own["kind"]
    watch = np.zeros(n, layout.WATCH)
    contracts = np.zeros(n * layout.BODY_RING * layout.BODY_SLOTS, layout.CONTRACT)
    return Bodies(plan, _place(plan, files, watch, layout.BODY_FIRST + k * SUBDISTRICT), own, contracts)


def _no_bodies(plan: Any) -> Bodies:
    return Bodies(plan, _nobody(), np.zeros(0, layout.BODY), np.zeros(0, layout.CONTRACT))


def _no_firms(plan: Any) -> Firms:
    return Firms(plan, _nobody(), np.zeros(0, layout.FIRM), np.zeros(0, layout.STAFF))


def warm_up() -> None:
    """Compile the kernels, or load them from the cache, by living no month with nobody.

    Where there is a second core, another process compiles a part of them into the same cache meanwhile.
    """
    if is_compiled() or (os.cpu_count() or 1) < 2:
        live_nothing()
        return
    helper = None
    with contextlib.suppress(OSError):  # it would only have saved time
        helper = subprocess.Popen([sys.executable, "-c", _HELP], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        live_nothing()
    finally:
        if helper is not None:
            helper.terminate()
            helper.wait()


_PART = those_between.__name__
_HELP = f"from counterscore.engine.world import live_nothing, {_PART}; live_nothing({_PART})"


def live_nothing(kernel: Any = live) -> None:
    """Have ``kernel`` compiled for the arguments of ``live``."""
    plan = np.zeros(1, layout.PLAN).view(np.recarray)[0]
    nobody = _nobody()
    _tidy(nobody, 0)
    totals = empty_totals(0)
    files = readable(nobody.residents), readable(nobody.papers), readable(stays_of(totals["stays"]))
    give_back(*files, np.zeros(0, np.intp), 0, 0, 0)
    _call(plan, nobody, totals, purpose_keys(0, 0), np.zeros(layout.N_DISTRICTS, np.int64), 0, kernel=kernel)


@dataclass
class WorldResult:
    """What one world of one replay leaves: residents by subdistrict, and city totals."""

    places: Shelf
    totals: dict[str, Records]
    figures: npt.NDArray[np.int64]  # (years, districts): listed share of adults in 1/65536

    def firm_outcomes(self) -> Iterator[dict[str, npt.NDArray[Any]]]:
        """Outcome columns of the firms of each subdistrict in order."""
        for place in self.places:
            if place.firms is not None:
                yield firm_columns(place.firms)

    def body_outcomes(self) -> Iterator[dict[str, npt.NDArray[Any]]]:
        """Outcome columns of the public bodies of each subdistrict in order."""
        for place in self.places:
            if place.bodies is not None:
                yield body_columns(place.bodies)

    def outcomes(self, plan: Any) -> Iterator[dict[str, npt.NDArray[Any]]]:
        """Outcome columns of each subdistrict in order, of its first regime with a score."""
        for place in self.places:
            yield outcome_columns(plan, place)


def outcome_columns(plan: Any, place: Place) -> dict[str, npt.NDArray[Any]]:
    """What a run keeps of everybody who lived in one subdistrict: generation 0 by place, then 1, …"""
    now = (
        np.arange(len(place.residents)),
        place.lives.generation,
        outcomes_of(plan, place.residents, place.watch, place.private),
    )
    parts = [*place.departed, now]
    where, when = (np.concatenate([part[at] for part in parts]) for at in (0, 1))
    order = np.lexsort((where, when))
    return {name: np.concatenate([part[2][name] for part in parts])[order] for name in now[2]}


FIRM_FILE = (
    "records",
    "good_records",
    "untrue_records",
    "rule_wrong_records",
    "unrecorded",
    "misconduct",
    "good_deeds",
    "first_record",
    "first_listed",
    "months_listed",
    "wrong_factual",
    "wrong_rule",
    "doors_most",
    "months_unable",
    "attempts",
    "refused",
    "refused_else",
    "waited",
    "appeals",
    "appeals_won",
    "gamed",
)
FIRM_OWN = (
    "cash",
    "owed",
    "name",
    "closed_months",
    "escaped",
    "failed",
    "wage_months",
    "inspections",
    "penalties",
    "head_months",
)


def firm_columns(firms: Firms) -> dict[str, npt.NDArray[Any]]:
    """What a run keeps of each firm of one subdistrict."""
    plan, files, own = firms.plan, firms.files.residents, firms.own
    n = len(files)
    columns = {
        "score": files["score"][:, 0] if plan.schemes else np.zeros(n, np.int32),
        "grade": np.full(n, layout.NO_GRADE, np.uint8),
        "lists": (files["lists"] & int(plan.lists_adverse)).astype(np.uint16),
        "aware": (firms.files.watch["aware"] != NEVER).astype(np.uint8),
        "closed": (own["closed_in"] != NEVER).astype(np.uint8),
    }
    if plan.schemes:
        columns["grade"] = plan.grade_code[0, files["grade"][:, 0]].astype(np.uint8)
    columns |= {name: files[name] for name in FIRM_FILE} | {name: own[name] for name in FIRM_OWN}
    return {name: np.ascontiguousarray(column) for name, column in columns.items()}


def body_columns(bodies: Bodies) -> dict[str, npt.NDArray[Any]]:
    """What a run keeps of each public body of one subdistrict."""
    plan, files, own = bodies.plan, bodies.files.residents, bodies.own
    n = len(files)
    columns = {
        "kind": own["kind"],
        "district": files["district"],
        "score": files["score"][:, 0] if plan.schemes else np.zeros(n, np.int32),
        "grade": np.full(n, layout.NO_GRADE, np.uint8),
        "lists": (files["lists"] & int(plan.lists_adverse)).astype(np.uint16),
        "months_listed": files["months_listed"],
        "attempts": files["attempts"],
        "refused": files["refused"],
    }
    if plan.schemes:
        columns["grade"] = plan.grade_code[0, files["grade"][:, 0]].astype(np.uint8)
    columns |= {name: own[name] for name in layout.BODY.names or () if name not in {"head", "kind"}}
    return {name: np.ascontiguousarray(column) for name, column in columns.items()}


def live_world(
    plan: Any,
    city: City,
    *,
    months: int,
    seed: int,
    replay: int,
    pool: ThreadPoolExecutor | None = None,
    folder: Path | None = None,
    firms: Any = None,
    bodies: Any = None,
    earlier: tuple[tuple[int, Any], ...] = (),
    after_year: Callable[[], None] | None = None,
) -> WorldResult:
    """Live every subdistrict for ``months`` months, a year at a time; city figures pass between years.

    Where ``folder`` is given, subdistricts stay there between years, and only those being lived are in memory;
    the same bits come out. ``WorldResult.places.close()`` removes it. ``firms`` and ``bodies`` are the plans
    of firms and of public bodies, None where they need not live; ``earlier`` are the plans before the last rule
    book is adopted. ``after_year`` is called whenever a subdistrict has lived another year.
    """
    keys = purpose_keys(seed, replay)
    run_all = pool.map if pool else map
    shared = {"city": city, "plan": plan, "firms": firms, "bodies": bodies, "earlier": earlier or None}
    places = Shelf(len(city.subdistricts), folder, shared)
    totals = empty_totals(months)
    figures = np.zeros((months // YEAR + 1, layout.N_DISTRICTS), np.int64)
    for start in range(0, months, YEAR):
        year = start // YEAR
        end = min(months, start + YEAR)

        def one(k: int, end: int = end, year: int = year) -> tuple[dict[str, Records], npt.NDArray[np.int64]]:
            place = (
                places[k]
                if year
                else settle_in(plan, city, k, seed=seed, replay=replay, firms=firms, bodies=bodies, earlier=earlier)
            )
            mine = empty_totals(months)
            live_until(plan, place, mine, keys, figures[year], end)
            if end == months:
                cut_off(place, mine, months)
                mine["mixing"] += mixing(plan, place.residents, place.private)
            places.put(k, place)
            return mine, _adults(place)

        adults = np.zeros(layout.N_DISTRICTS, np.int64)
        for mine, grown in run_all(one, range(len(places))):
            add_totals(totals, mine)
            adults += grown
            if after_year:
                after_year()
        if year + 1 < len(figures):
            figures[year + 1] = (totals["listed"][year] << 16) // np.maximum(1, adults)
    return WorldResult(places, totals, figures)


def _adults(place: Place) -> npt.NDArray[np.int64]:
    """Adults now, by district."""
    grown = place.residents["age"] >= ADULT
    return np.bincount(place.residents["district"][grown], minlength=layout.N_DISTRICTS)


def add_totals(whole: dict[str, Records], part: dict[str, Records]) -> None:
    """Add one subdistrict's integers to the city's."""
    for name, table in part.items():
        if name.endswith("sums"):
            for field in layout.TOTALS.names or ():
                whole[name][field] += table[field]
        else:
            whole[name] += table


def cut_off(place: Place, totals: dict[str, Records], months: int) -> None:
    """Count the stays still going on when the run ends."""
    _cut_off(place, totals["stays"], months)
    if place.firms is not None:
        _cut_off(place.firms.files, totals["firm_stays"], months)
    if place.bodies is not None:
        _cut_off(place.bodies.files, totals["body_stays"], months)


def _cut_off(place: Place, table: Records, months: int) -> None:
    papers = place.papers
    at = place.residents["head"][place.residents["lists"] != 0].astype(np.int64)
    while len(at):
        stays = papers[at]
        stays = stays[stays["kind"] == layout.STAY]
        np.add.at(table, (stays["what"], months - stays["month"].astype(int), layout.CUT_OFF), 1)
        at = papers["next"][at]
        at = at[at >= 0]


def columns_digest(columns: Iterator[dict[str, npt.NDArray[Any]]]) -> str:
    """sha256 over per-resident columns, whatever the subdistricts they come in."""
    digests: dict[str, Any] = {}
    for part in columns:
        for name, array in part.items():
            little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
            digests.setdefault(name, hashlib.sha256()).update(little.tobytes())
    joined = "".join(f"{name}={digests[name].hexdigest()}\n" for name in sorted(digests))
    return hashlib.sha256(joined.encode()).hexdigest()
