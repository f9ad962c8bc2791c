"""What follows from services given or refused, in plain Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

from counterscore.engine import layout
from counterscore.regime.vocabulary import SERVICES

if TYPE_CHECKING:
    from tests.reference.month import Resident, Town

BUSINESS, SCHOOL = layout.OWN_BUSINESS, layout.MISSED_SCHOOL
NEEDED_BY_A_BUSINESS = {"loan", "business-licence", "market-stall", "permit"}


def follow_up(town: Town, who: Resident, service: int, served: bool, barred: bool, wait: int) -> None:
    p, name = town.p, SERVICES[service].id
    word = town.word("aftermath", who.number)
    first, second = word >> 32, word & 0xFFFFFFFF
    idle = who.work == layout.UNEMPLOYED
    if served and (name == "business-licence" or (name == "market-stall" and idle)):
        if who.work == layout.OUTSIDE or who.traits & BUSINESS:
            return
        if first < int(p.aftermath_give_up) * wait // 30:
            town.count("businesses_given_up")
            return
        who.traits |= BUSINESS
        who.work = layout.EMPLOYED
        town.count("businesses_founded")
        if second < p.aftermath_hires:
            friends = (town.people[town.network.place(who.at, k)] for k in sorted(who.ties))
            found = next((one for one in friends if one.work == layout.UNEMPLOYED and one.age >= 18), None)
            if found:
                found.work = layout.EMPLOYED
                town.count("hired")
    elif served and name == "home-purchase":
        who.traits |= layout.HAS_HOME
    elif served and name == "public-post":
        if idle:
            who.work = layout.EMPLOYED
        elif who.work == layout.EMPLOYED:
            who.means = min(255, who.means + int(p.aftermath_post))
    elif served and name == "insurance":
        who.traits &= ~layout.UNINSURED
    if not barred:
        return
    if name == "insurance":
        who.traits |= layout.UNINSURED
    journeys = {"flight": p.aftermath_flight, "high-speed-rail": p.aftermath_rail}
    if name in journeys and first < journeys[name]:
        pay(town, who, 1)
    costs = {"welfare": p.aftermath_welfare, "hospital": p.aftermath_hospital, "rental": p.aftermath_rental}
    if name in costs and (name != "welfare" or idle or who.savings < who.means):
        pay(town, who, int(costs[name]))
    if name == "hospital" and who.work == layout.EMPLOYED and first < p.aftermath_hospital_job:
        lose_work(town, who, "health")
    if name in NEEDED_BY_A_BUSINESS and who.traits & BUSINESS and second < p.aftermath_business_closes:
        lose_work(town, who, "business")
    if name == "school-place":
        child = town.kin(who)
        if child and child.age < 18 and not child.traits & SCHOOL:
            child.traits |= SCHOOL
            town.count("children_refused")


def pay(town: Town, who: Resident, cost: int) -> None:
    if cost <= 0:
        return
    paid = min(cost, who.savings)
    who.savings -= paid
    town.count("refusal_costs", paid)
    if paid < cost and who.loan and not who.arrears and not who.judged:
        who.arrears = 1


def lose_work(town: Town, who: Resident, why: str = "") -> None:
    if who.traits & BUSINESS:
        who.traits -= BUSINESS
        town.count("businesses_closed")
        town.count("businesses_refused", why == "business")
    who.work = layout.UNEMPLOYED
    for name in ("job_losses", "door_job_losses") if why else ("job_losses",):
        town.add(who, name)
        town.count(name)
    town.count("health_job_losses", why == "health")


def unable_year(town: Town, who: Resident) -> bool:
    """Whether of this year's attempts there were enough, and a rule refused enough of them."""
    if not who.barred or who.asked < town.p.doors_needed:
        return False
    return who.barred * 256 >= who.asked * int(town.p.doors_missed)
