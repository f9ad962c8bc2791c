"""One world of one replay: the subdistricts' state, lived year by year on threads.

How a subdistrict begins (``settle``) and what is kept of it (``columns``) are found here too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from counterscore.city import City
from counterscore.engine import layout, town
from counterscore.engine.columns import body_columns as body_columns
from counterscore.engine.columns import columns_digest as columns_digest
from counterscore.engine.columns import firm_columns as firm_columns
from counterscore.engine.columns import official_columns as official_columns
from counterscore.engine.columns import outcome_columns as outcome_columns
from counterscore.engine.draws import purpose_keys
from counterscore.engine.kernel import readable
from counterscore.engine.layout import ADULT, COUNTERS, EXITS
from counterscore.engine.month import live
from counterscore.engine.partners.outcome import MIXING, mixing
from counterscore.engine.place import Place as Place
from counterscore.engine.place import Records, grow, no_bodies, no_firms, nobody, tidy
from counterscore.engine.plan import Plans as Plans
from counterscore.engine.settle import settle_in as settle_in
from counterscore.engine.shelf import Shelf
from counterscore.engine.steps.papers import give_back
from counterscore.engine.succession import YEAR, stays_of, turn_year


def empty_totals(months: int) -> dict[str, Records]:
    """Zeros for the integers that a run adds up; see ``layout`` for what they are."""
    return {
        **_totals_of("", months),
        **_totals_of("firm_", months),
        **_totals_of("body_", months),
        "body_tally": np.zeros((months, len(layout.BODY_COUNTERS)), np.int64),
        "firm_tally": np.zeros((months, len(layout.FIRM_COUNTERS)), np.int64),
        "listed": np.zeros((months // YEAR + 1, layout.N_FIGURES), np.int64),
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
    """Take one subdistrict to the start of ``month``; ``figures`` are the city's, of the year before.

    Raises ValueError where these are not ``N_FIGURES`` numbers: kernels do not look where an array ends.
    """
    if figures.shape != (layout.N_FIGURES,):
        raise ValueError(f"figures of shape {figures.shape}, not ({layout.N_FIGURES},)")
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
        tidy(place, int(plan.reserve))
    place.minglers = np.empty(len(place.residents) if plan.meeting else 0, layout.MINGLER)
    place.space.mingled = 0
    while place.month < month:
        if place.at < 0 and place.month % YEAR == 0 and place.turned < place.month:
            turn_year(plan, place, totals, keys, trace)
            place.turned = place.month
        _call(plan, place, totals, keys, figures, month, trace, firm_trace, body_trace)
        if place.month < month:
            grow(place, int(plan.reserve))
            if place.firms is not None:
                grow(place.firms.files, int(place.firms.plan.reserve))
            if place.bodies is not None:
                grow(place.bodies.files, int(place.bodies.plan.reserve))
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
    firms = place.firms or no_firms(plan)
    bodies = place.bodies or no_bodies(plan)
    bodies.make_room((month - place.month) // YEAR + 1)
    residents = town.Residents(
        town=_town(plan, place, totals, "", trace),
        private=readable(place.private),
        known=readable(place.known),
        minglers=readable(place.minglers),
        meetings=readable(totals["meetings"].view(layout.MEETINGS)[:, 0]),
    )
    businesses = town.Firms(
        town=_town(firms.plan, firms.files, totals, "firm_", firm_trace),
        own=readable(firms.own),
        staff=readable(firms.staff),
    )
    offices = town.Bodies(
        town=_town(bodies.plan, bodies.files, totals, "body_", body_trace),
        own=readable(bodies.own),
        contracts=readable(bodies.contracts),
        officials=readable(bodies.officials),
        pool=readable(bodies.pool),
        candidates=len(bodies.pool),
    )
    none = np.zeros((0, 0), np.int64)
    tables = (
        town.Monthly(totals["counts"], totals["doors"], tally=none, listed=totals["listed"]),
        town.Monthly(totals["firm_counts"], totals["firm_doors"], tally=totals["firm_tally"], listed=none),
        town.Monthly(totals["body_counts"], totals["body_doors"], tally=totals["body_tally"], listed=none),
    )
    with np.errstate(over="ignore"):
        place.month, place.at = kernel(
            residents, businesses, offices, tables, keys, figures, place.month, month, place.at
        )


def _town(
    plan: Any, place: Place, totals: dict[str, Records], whose: str, trace: npt.NDArray[np.int64] | None
) -> town.Town:
    """One kind of subject as kernels take it; ``whose`` are the totals it adds to."""
    place.space.outbox_room = len(place.inbox[1])
    place.space.trace_room = 0 if trace is None else len(trace)
    events = np.zeros((1, len(layout.EVENT.names or ())), np.int64) if trace is None else trace
    return town.Town(
        plan=plan,
        people=readable(place.residents),
        watch=readable(place.watch),
        papers=readable(place.papers),
        inbox=readable(place.inbox[0]),
        outbox=readable(place.inbox[1]),
        totals=readable(totals[f"{whose}sums"])[0],
        stays=readable(stays_of(totals[f"{whose}stays"])),
        events=readable(events.view(layout.EVENT)[:, 0]),
        space=place.space,
        size=len(place.residents),
    )


def warm_up() -> None:
    """Compile the kernels, or load them from the cache, by living no month with nobody."""
    live_nothing()


def live_nothing(kernel: Any = live) -> None:
    """Have ``kernel``, which takes the arguments of ``live``, compiled for them."""
    plan = np.zeros(1, layout.PLAN).view(np.recarray)[0]
    empty = nobody()
    tidy(empty, 0)
    totals = empty_totals(0)
    files = readable(empty.residents), readable(empty.papers), readable(stays_of(totals["stays"]))
    give_back(*files, np.zeros(0, np.intp), 0, 0, 0)
    _call(plan, empty, totals, purpose_keys(0, 0), np.zeros(layout.N_FIGURES, np.int64), 0, kernel=kernel)


@dataclass
class WorldResult:
    """What one world of one replay leaves: residents by subdistrict, and city totals."""

    places: Shelf
    totals: dict[str, Records]
    figures: npt.NDArray[
        np.int64
    ]  # (years, 3 x districts): shares of adults listed, met by a burden, favoured, in 1/65536

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

    def official_outcomes(self) -> Iterator[dict[str, npt.NDArray[Any]]]:
        """Outcome columns of the officials of each subdistrict in order."""
        for place in self.places:
            if place.bodies is not None:
                yield official_columns(place.bodies)

    def outcomes(self, plan: Any) -> Iterator[dict[str, npt.NDArray[Any]]]:
        """Outcome columns of each subdistrict in order, of its first regime with a score."""
        for place in self.places:
            yield outcome_columns(plan, place)

    def close(self) -> None:
        """Give back the memory and the disk that the subdistricts take."""
        self.places.close()


def live_world(
    plans: Plans,
    city: City,
    *,
    months: int,
    seed: int,
    replay: int,
    pool: ThreadPoolExecutor | None = None,
    folder: Path | None = None,
    after_year: Callable[[], None] | None = None,
) -> WorldResult:
    """Live every subdistrict for ``months`` months, a year at a time; city figures pass between years.

    Where ``folder`` is given, subdistricts stay there between years, and only those being lived are in memory;
    the same bits come out. ``WorldResult.close()`` removes it. ``after_year`` is called whenever a subdistrict has
    lived another year.
    """
    run_all = pool.map if pool else map
    places = Shelf(len(city.subdistricts), folder, shared_by_places(plans, city))
    totals = empty_totals(months)
    figures = empty_figures(months)
    for start in range(0, months, YEAR):
        year = start // YEAR

        def one(k: int, year: int = year) -> tuple[dict[str, Records], npt.NDArray[np.int64]]:
            place = places[k] if year else settle_in(plans, city, k, seed=seed, replay=replay)
            mine = live_year(plans, place, figures[year], months=months, seed=seed, replay=replay)
            places.put(k, place)
            return mine, adults_by_district(place)

        adults = np.zeros(layout.N_DISTRICTS, np.int64)
        for mine, grown in run_all(one, range(len(places))):
            add_totals(totals, mine)
            adults += grown
            if after_year:
                after_year()
        tell_next_year(figures, year, totals, adults)
    return WorldResult(places, totals, figures)


def shared_by_places(plans: Plans, city: City) -> dict[str, Any]:
    """What all subdistricts of a world refer to, and none owns."""
    return {
        "city": city,
        "plan": plans.residents,
        "firms": plans.firms,
        "bodies": plans.bodies,
        "earlier": plans.earlier or None,
    }


def live_year(
    plans: Plans, place: Place, figures: npt.NDArray[np.int64], *, months: int, seed: int, replay: int
) -> dict[str, Records]:
    """Live one subdistrict for another year, or to the end of the run of ``months``; the integers that this adds.

    ``figures`` are the city's, of the year before.
    """
    mine = empty_totals(months)
    end = min(months, (place.month // YEAR + 1) * YEAR)
    live_until(plans.residents, place, mine, purpose_keys(seed, replay), figures, end)
    if end == months:
        cut_off(place, mine, months)
        mine["mixing"] += mixing(plans.residents, place)
    return mine


def empty_figures(months: int) -> npt.NDArray[np.int64]:
    """City figures of each year of a run, by district, before any is lived."""
    return np.zeros((months // YEAR + 1, layout.N_FIGURES), np.int64)


def tell_next_year(
    figures: npt.NDArray[np.int64], year: int, totals: dict[str, Records], adults: npt.NDArray[np.int64]
) -> None:
    """Write down what the next year will hear of this one, of the adults of each district: the share listed, and the
    share who met a list or a closed or narrowed door, and the share who met what favours.
    """
    if year + 1 < len(figures):
        figures[year + 1] = (totals["listed"][year] << 16) // np.maximum(
            1, np.tile(adults, layout.N_FIGURES // layout.N_DISTRICTS)
        )


def adults_by_district(place: Place) -> npt.NDArray[np.int64]:
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
