"""Who lives in a subdistrict on the eve of the first month: residents, firms, public bodies."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from counterscore import luck
from counterscore.city import City
from counterscore.engine import layout
from counterscore.engine.layout import ADULT, NEVER, SUBDISTRICT
from counterscore.engine.partners.outcome import settle_private
from counterscore.engine.place import Bodies, Firms, Place, Records, new_place
from counterscore.engine.plan import Plans
from counterscore.engine.succession import YEAR, settle_lives, start_afresh, take_attributes
from counterscore.regime.vocabulary import OCCUPATIONS

RESIDENTS_OF_A_BODY = 8192  #: assumed; a full subdistrict has one body of each of the eight kinds
_SERVANT = OCCUPATIONS.index("civil servant")
_AGELESS = 40


def settle_in(plans: Plans, city: City, k: int, *, seed: int, replay: int) -> Place:
    """The residents of subdistrict ``k`` on the eve of the first month, with its firms and bodies where they have plans."""
    lives = settle_lives(plans.residents, city, k)
    people = lives.people
    first = plans.earlier[0][1].residents if plans.earlier else plans.residents
    place = _settle_residents(first, lives, k, seed=seed, replay=replay)
    if plans.firms is not None:
        place.firms = _settle_firms(plans.firms, city, k, people, place.residents, seed=seed, replay=replay)
    if plans.bodies is not None:
        place.bodies = _settle_bodies(plans.bodies, k, people, seed=seed)
    lives.forget_the_start()
    place.earlier = plans.earlier
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
    place = new_place(plan, residents, watch, k * SUBDISTRICT, lives)
    place.private = settle_private(plan, residents, people, adult, k * SUBDISTRICT, seed, replay)
    place.known = np.zeros(n * int(plan.dimensions), layout.KNOWN)
    return place


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
    return Firms(plan, new_place(plan, files, watch, first), own, staff)


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
    return Bodies(plan, new_place(plan, files, watch, layout.BODY_FIRST + k * SUBDISTRICT), own, contracts)


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
