"""What a run leaves behind, from the engine's arrays: who lives in the city, and the tables of each world and replicate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from counterscore.city import City
from counterscore.city.generations import Demography, everyone
from counterscore.engine import layout
from counterscore.engine.partners.outcome import MIXING
from counterscore.engine.plan import Plans
from counterscore.engine.succession import YEAR, settle_lives
from counterscore.regime.model import Regime
from counterscore.regime.vocabulary import ACTS, DOMAINS, SERVICES, Subject
from counterscore.results.tables import SHARES

ESSENTIAL = sum(service.essential for service in SERVICES)  #: services that count for being behind closed doors

Columns = dict[str, npt.NDArray[Any]]


class Lived(Protocol):
    """One world of one replicate that was lived, here or elsewhere: integers of the city, and who lived there."""

    totals: dict[str, npt.NDArray[Any]]
    figures: npt.NDArray[np.int64]

    def outcomes(self, plan: Any, /) -> Iterator[Columns]:
        """Outcome columns of each subdistrict in order."""

    def firm_outcomes(self) -> Iterator[Columns]:
        """Those of the firms of each subdistrict in order."""

    def body_outcomes(self) -> Iterator[Columns]:
        """Those of the public bodies of each subdistrict in order."""

    def official_outcomes(self) -> Iterator[Columns]:
        """Those of the officials of each subdistrict in order."""

    def close(self) -> None:
        """Give back what it takes."""


def residents_of(city: City, k: int, demography: Demography, months: int) -> Columns:
    """Everybody who lives in one subdistrict within ``months``, in the order of the outcomes."""
    people = everyone(city, k, demography, months)
    last = np.minimum(people["until"].astype(np.int64), months) - 1
    years = last // YEAR - people["since"] // YEAR
    return {**people, "adult": (people["age"] + years >= layout.ADULT).astype(np.uint8)}


def firms_of(city: City, k: int, plan: Any) -> Columns:
    """The firms of one subdistrict, in the order of their outcomes."""
    told, _ = city.firms_of(k, settle_lives(plan, city, k).people)
    first = k * layout.SUBDISTRICT
    number = np.arange(first, first + len(told["head"]), dtype=np.uint64)
    return {"firm": number, **told, "head": told["head"] + np.uint64(first)}


def unit_tables(plans: Plans, regime: Regime, result: Lived, months: int) -> dict[str, Any]:
    """The tables of one world and replay, by name; outcomes come subdistrict by subdistrict.

    Acts and services are those of all who live, since each belongs to one kind of subject.
    """
    totals, plan = result.totals, plans.residents
    sums = {name: totals["sums"][0][name].copy() for name in layout.TOTALS.names or ()}
    for name in ("services", "acts"):
        sums[name] += totals["firm_sums"][0][name] + totals["body_sums"][0][name]
    counts: dict[str, npt.NDArray[Any]] = {"month": np.arange(months, dtype=np.uint16)}
    counts |= {name: totals["counts"][:, at].copy() for name, at in layout.COUNTER.items()}
    counts |= _door_counts(totals["doors"], "residents")
    about: tuple[tuple[Subject, npt.NDArray[Any]], ...] = (
        ("residents", totals["stays"]),
        ("firms", totals["firm_stays"]),
        ("bodies", totals["body_stays"]),
    )
    stays = [_stays(regime, subject, table) for subject, table in about if getattr(plans, subject) is not None]
    service, standing = np.divmod(np.arange(len(SERVICES) * len(layout.STANDINGS)), len(layout.STANDINGS))
    served = sums["services"].reshape(-1, 4)
    private = {"private": result.outcomes(plan)} if plan.private or plan.meeting else {}
    graded = next((part for part in regime.stacked() if part.partners), None)
    by = next((part for part in regime.stacked() if graded and graded.partners and part.id == graded.partners.by), None)
    grades = [grade.id for grade in by.score.grades] if by and by.score else []
    years, districts = np.divmod(np.arange(len(result.figures) * layout.N_DISTRICTS), layout.N_DISTRICTS)
    tables = {
        "outcomes": result.outcomes(plan),
        **private,
        **({"meetings": _meetings(totals["meetings"], grades)} if plan.meeting else {}),
        "ties": {
            "ties": np.array(["at the start", "now"], dtype=object),
            **{name: totals["mixing"][:, k].copy() for k, name in enumerate(MIXING)},
        },
        "counts": counts,
        "stays": {name: np.concatenate([one[name] for one in stays]) for name in stays[0]},
        "services": {
            "service": np.array([SERVICES[k].id for k in service], dtype=object),
            "standing": np.array([layout.STANDINGS[k] for k in standing], dtype=object),
            "attempts": served[:, 0].copy(),
            "refused": served[:, 1].copy(),
            "refused_else": served[:, 2].copy(),
            "waited_days": served[:, 3].copy(),
        },
        "acts": {
            "act": np.array([act.id for act in ACTS], dtype=object),
            "done": sums["acts"][:, 0].copy(),
            "recorded": sums["acts"][:, 1].copy(),
            "untrue": sums["acts"][:, 2].copy(),
            "not_recorded": sums["acts"][:, 3].copy(),
            "held_back": sums["acts"][:, 4].copy(),
        },
        "spillover": {
            "cause": np.array([cause for cause in layout.CAUSES for _ in DOMAINS], dtype=object),
            "domain": np.array([*DOMAINS] * len(layout.CAUSES), dtype=object),
            "service_months": sums["spillover"].ravel().copy(),
        },
        "closed": {
            "essential_closed": np.arange(ESSENTIAL + 1, dtype=np.uint8),
            "resident_months": _by_number_closed(sums["closed"], int(counts["adults"].sum())),
        },
        "figures": {
            "year": years.astype(np.uint16),
            "district": districts.astype(np.uint8),
            **{
                name: result.figures[:, at * layout.N_DISTRICTS : (at + 1) * layout.N_DISTRICTS]
                .ravel()
                .astype(np.int64)
                for at, name in enumerate(SHARES)
            },
        },
    }
    if plans.firms is not None:
        firm_counts: dict[str, npt.NDArray[Any]] = {"month": counts["month"]}
        firm_counts |= {name: totals["firm_tally"][:, at].copy() for name, at in layout.FIRM_COUNTER.items()}
        firm_counts |= {name: totals["firm_counts"][:, layout.COUNTER[name]].copy() for name in layout.FIRM_SHARED}
        firm_counts |= _door_counts(totals["firm_doors"], "firms")
        tables |= {"firm_outcomes": result.firm_outcomes(), "firm_counts": firm_counts}
    if plans.bodies is not None:
        body_counts: dict[str, npt.NDArray[Any]] = {"month": counts["month"]}
        body_counts |= {name: totals["body_tally"][:, at].copy() for name, at in layout.BODY_COUNTER.items()}
        body_counts |= {name: totals["body_counts"][:, layout.COUNTER[name]].copy() for name in layout.BODY_SHARED}
        tables |= {"body_outcomes": result.body_outcomes(), "body_counts": body_counts}
        tables |= {"official_outcomes": result.official_outcomes()}
    return tables


def _by_number_closed(counted: npt.NDArray[Any], adult_months: int) -> npt.NDArray[Any]:
    """Months of adults by number of essential services closed at once; the engine counts those who meet a door."""
    months = counted[: ESSENTIAL + 1].copy()
    months[0] = adult_months - months[1:].sum()
    return months


def _meetings(met: npt.NDArray[np.int64], grades: Sequence[str]) -> dict[str, npt.NDArray[Any]]:
    """By the grade of who looked and of who was shown, those without a grade last."""
    side = layout.MAX_GRADES + 1
    places = [*range(len(grades)), layout.MAX_GRADES]
    names = [*grades, "none"]
    by = met.reshape(side, side, 3)[np.ix_(places, places)].reshape(-1, 3)
    return {
        "grade": np.repeat(np.array(names, dtype=object), len(names)),
        "shown_grade": np.tile(np.array(names, dtype=object), len(names)),
        "shown": by[:, 0].copy(),
        "liked": by[:, 1].copy(),
        "matched": by[:, 2].copy(),
    }


def _door_counts(table: npt.NDArray[Any], subject: Subject) -> dict[str, npt.NDArray[Any]]:
    """Months of closed or narrowed doors by domain, of the domains that ``subject`` has services in."""
    mine = {one.domain for one in SERVICES if one.subject == subject}
    names = [(at, domain.replace(" ", "_")) for at, domain in enumerate(DOMAINS) if domain in mine]
    return {f"door_closed_{name}": table[:, at].copy() for at, name in names}


def _stays(regime: Regime, subject: Subject, table: npt.NDArray[Any]) -> dict[str, npt.NDArray[Any]]:
    lists = [name for part in regime.stacked() if part.subjects == subject for name in part.lists]
    which, lasted, how = np.nonzero(table)
    return {
        "list_id": np.array([lists[k] for k in which], dtype=object),
        "months": lasted.astype(np.uint16),
        "left": np.array([layout.EXITS[k] for k in how], dtype=object),
        "stays": table[which, lasted, how],
    }
