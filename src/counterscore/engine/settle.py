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

_SERVANT = OCCUPATIONS.index("civil servant")
_AGELESS = 40
_STRIDE = 3  #: between the kinds of one body and the next, so that a few bodies are not all of one corner


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
    watch["aware"] = np.where(
        _by_lot(plan.response_awareness, "awareness", adult, k * SUBDISTRICT, seed, replay), 0, NEVER
    )
    allied = _by_lot(plan.conduct_allegiance, "allegiance", adult, k * SUBDISTRICT, seed, replay)
    residents["traits"] |= np.where(allied, layout.ALLIED, 0).astype(np.uint16)
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
        files["traits"] |= np.where(told[column] != 0, bit, 0).astype(np.uint16)
    files["traits"] |= residents["traits"][told["head"].astype(np.int64)] & layout.CONNECTED
    files["doors"] = start_afresh(plan, files, slice(None))
    own = np.zeros(n, layout.FIRM)
    for name, column in (("sector", "sector"), ("size_class", "size"), ("head", "head")):
        own[name] = told[column]
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
    everyone = np.ones(n, np.bool_)
    watch["aware"] = np.where(_by_lot(plan.response_awareness, "awareness", everyone, first, seed, replay), 0, NEVER)
    return Firms(plan, new_place(plan, files, watch, first), own, staff)


def _settle_bodies(plan: Any, k: int, people: dict[str, npt.NDArray[Any]], *, seed: int) -> Bodies:
    """As many public bodies as residents ask for, of all kinds alike; civil servants run them, adults if there are none."""
    n = _bodies_for(plan, len(people["age"]), k, seed)
    kinds = len(layout.BODY_KINDS)
    turn = luck.draw32(luck.key("city/body kind", seed), k) * kinds >> 32
    adult = (people["age"] >= ADULT) & (people["age"] < int(plan.circumstances_retirement_age))
    servants = np.flatnonzero((people["occupation"] == _SERVANT) & adult)
    grown = servants if len(servants) else np.flatnonzero(people["age"] >= ADULT)
    n = n if len(grown) else 0
    order = np.argsort(luck.draws64(luck.key("city/official", seed), (k * SUBDISTRICT + grown).astype(np.uint64)))
    posts = grown[order][np.arange(2 * n) % max(1, len(grown))] if n else np.zeros(0, np.int64)
    head = posts[:n]
    files = np.zeros(n, layout.RESIDENT)
    files["age"] = ADULT
    files["work"] = layout.OUTSIDE
    files["district"] = people["district"][head]
    files["file"] = 2  # its credit is known
    files["conscientiousness"] = people["conscientiousness"][head]
    files["doors"] = start_afresh(plan, files, slice(None))
    own = np.zeros(n, layout.BODY)
    own["head"] = head
    own["leader"], own["deputy"] = np.arange(n), n + np.arange(n)
    own["kind"] = (turn + np.arange(n) * _STRIDE) % kinds
    files["group"] = own["kind"]
    watch = np.zeros(n, layout.WATCH)
    contracts = np.zeros(n * layout.BODY_RING * layout.BODY_SLOTS, layout.CONTRACT)
    officials = np.zeros(2 * n, layout.OFFICIAL)
    officials["resident"] = posts
    officials["body"] = np.tile(np.arange(n), 2)
    officials["left"] = -1
    officials["gone"] = NEVER
    pool = np.zeros(len(grown), layout.STAFF)
    pool["resident"] = grown
    place = new_place(plan, files, watch, layout.BODY_FIRST + k * SUBDISTRICT)
    place.space.officials = 2 * n
    return Bodies(plan, place, own, contracts, officials, pool)


def _bodies_for(plan: Any, residents: int, k: int, seed: int) -> int:
    """One public body for so many residents; what is left over makes one more by chance, and no subdistrict has none."""
    whole, rest = divmod(residents, int(plan.bodies_residents))
    lot = luck.draw32(luck.key("city/bodies", seed), k)
    return max(1, whole + (lot * int(plan.bodies_residents) >> 32 < rest))


def _by_lot(
    chance: int, of: str, may: npt.NDArray[np.bool_], first: int, seed: int, replay: int
) -> npt.NDArray[np.bool_]:
    """Whose lot is below ``chance``, of those who ``may``."""
    lots = luck.draws32(luck.key(f"engine/{of}", seed, replay), np.arange(first, first + len(may), dtype=np.uint64))
    below: npt.NDArray[np.bool_] = (lots < chance) & may
    return below


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
