"""A month of public bodies in plain Python, written from the claims of ``engine/bodies``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from counterscore.engine import layout
from counterscore.regime.vocabulary import ACTS, SERVICES
from tests.reference.month import Resident, Town

ACT = {act.id: k for k, act in enumerate(ACTS)}
SERVICE = {service.id: k for k, service in enumerate(SERVICES)}
FULL = 65536


@dataclass
class Signed:
    """A contract with a firm, or a promise (no firm)."""

    place: int
    firm: int | None
    amount: int
    due: int
    judged: int = 0
    stuck: bool = False
    month: int = 0


@dataclass
class Official:
    """Somebody who leads a body or comes next: a resident's place, and an own record that goes along."""

    resident: int
    body: int
    own: int = 0
    year: int = 0
    left: int | None = None
    came: int = 0
    since: int = 0
    gone: int = 65535
    leads: bool = False
    up: bool = False
    died: bool = False
    numbers: dict[str, int] = field(default_factory=dict)

    def told(self, name: str) -> None:
        self.numbers[name] = self.numbers.get(name, 0) + 1


@dataclass
class Body(Resident):
    """A public body: its file is a resident's; beside it what it signed and how it stands."""

    signed: list[Signed] = field(default_factory=list)
    stress: int = 0
    effort: int = 0
    gaming: int = 0
    owed: int = 0
    leader: int = 0
    deputy: int = 0
    led_since: int = 0
    numbers: dict[str, int] = field(default_factory=dict)


class Offices(Town):
    """The public bodies of a subdistrict with firms of such ``turnover`` and ``homes``: its residents as they are this month.

    ``paid`` is what each firm got, less what it spent; ``dead`` the places of residents who died since last January. ``pool`` are the places of those who may become officials.
    """

    def __init__(
        self, plan: Any, bodies: list[Body], seed: int, replay: int, turnover: list[int], homes: Any, pool: list[int]
    ) -> None:
        super().__init__(plan, list(bodies), seed, replay, {})
        self.turnover, self.homes, self.pool = turnover, homes, pool
        self.paid = [0] * len(turnover)
        self.dead: set[int] = set()
        self.tally: dict[str, int] = {}
        self.officials: list[Official] = []
        self.retires = 0  # the age
        self.made = 0  # points of this month's records of a body

    def told(self, name: str, times: int = 1) -> None:
        self.tally[name] = self.tally.get(name, 0) + times

    def mine(self, who: Body, name: str) -> None:
        who.numbers[name] = who.numbers.get(name, 0) + 1

    def month_of_bodies(self) -> None:
        if self.month % 12 == 0:
            if self.month:
                self.careers()
            else:
                for at, who in enumerate(self.bodies()):
                    self.appoint(at, who.leader)
            for who in self.bodies():
                self.january(who)
        for at in range(len(self.people)):
            self.one(at)
        self.month += 1

    def bodies(self) -> list[Body]:
        return [who for who in self.people if isinstance(who, Body)]

    # -- careers ------------------------------------------------------------------------------------------

    def careers(self) -> None:
        bodies = self.bodies()
        for official in self.officials:
            official.died |= official.resident in self.dead
        for who in bodies:
            leader = self.officials[who.leader]
            leader.own = (leader.own * int(self.p.bodies_memory) >> 8) + leader.year
            leader.year = 0
        for at, who in enumerate(bodies):
            if self.ends(self.officials[who.deputy]):
                self.leave(at, who.deputy)
                who.deputy = self.newcomer(at, 0)
            leader = self.officials[who.leader]
            old = self.ends(leader)
            if old or leader.up:
                self.told("retired" if old else "promotions")
                self.leave(at, who.leader)
                self.officials[who.deputy].told("rises")
                self.appoint(at, who.deputy)
                who.deputy = self.newcomer(at, 1)
        for at, who in enumerate(bodies):
            lot = self.further(self.word("body_career", who.number), 1)
            other = (lot & 0xFFFFFFFF) * len(bodies) >> 32
            if lot >> 32 < self.p.bodies_rotation and other != at:
                mine, theirs = who.leader, bodies[other].leader
                for official, place in ((mine, at), (theirs, other)):
                    self.officials[official].told("moves")
                    self.told("moves")
                    self.behind(place, official)
                self.appoint(at, theirs)
                self.appoint(other, mine)

    def ends(self, official: Official) -> bool:
        return official.died or not self.may_serve(official.resident)

    def may_serve(self, resident: int) -> bool:
        return 18 < int(self.homes["age"][resident]) < self.retires

    def leave(self, at: int, official: int) -> None:
        one = self.officials[official]
        if one.leads:
            self.behind(at, official)
        one.gone, one.leads, one.up = self.month, False, False

    def behind(self, at: int, official: int) -> None:
        p, who = self.p, self.bodies()[at]
        if p.schemes:
            if who.adverse(p) or who.score[0] < p.scheme_start[0]:
                self.told("left_behind")
            self.officials[official].left = at if p.bodies_own and self.lent(who) else None

    def lent(self, who: Body) -> bool:
        return any(who.doors >> int(self.p.lend_from[k]) & 1 for k in range(int(self.p.lends)))

    def appoint(self, at: int, official: int) -> None:
        who, one = self.bodies()[at], self.officials[official]
        one.body, one.since, one.leads = at, self.month, True
        who.leader, who.led_since = official, self.month
        who.conscientiousness = int(self.homes["conscientiousness"][one.resident])
        self.mine(who, "leaders")

    def newcomer(self, at: int, post: int) -> int:
        word = self.word("body_career", self.people[at].number)
        held = {self.officials[o].resident for who in self.bodies() for o in (who.leader, who.deputy)}
        chosen = 0
        for k in range(8):
            lot = self.further(word, 2 + post * 8 + k) >> 32
            chosen = self.pool[lot * len(self.pool) >> 32]
            if self.may_serve(chosen) and chosen not in held:
                break
        self.officials.append(Official(chosen, at, came=self.month, since=self.month))
        return len(self.officials) - 1

    def short(self, who: Body) -> int:
        """How far what is assessed lies below the best, in 1/256."""
        p, leader = self.p, self.officials[who.leader]
        low, top = int(p.scheme_floor[0]), int(p.scheme_ceiling[0])
        score = who.score[0]
        if p.bodies_own:
            score = max(low, min(top, int(p.scheme_start[0]) + leader.own + leader.year))
        return (top - score) * 256 // max(1, top - low)

    @staticmethod
    def swing(lot: int, spread: int) -> int:
        return ((lot >> 16) * 2 * spread >> 16) - spread

    def january(self, who: Body) -> None:
        p = self.p
        own = self.swing(self.word("body_year", who.number) >> 32, int(p.bodies_year_spread))
        common = self.swing(self.word("body_district_year", who.district) >> 32, int(p.bodies_district_spread))
        who.stress = max(0, min(FULL - 1, int(p.bodies_stress) + own + common))
        if p.responses and p.bodies_weight and p.schemes and self.month:
            self.officials[who.leader].told("assessed")
            short = self.short(who)
            pressure = int(p.bodies_weight) * (256 + short) >> 9
            who.effort = pressure * int(p.bodies_effort) * who.conscientiousness >> 16
            who.gaming = pressure * int(p.bodies_gaming) * (255 - who.conscientiousness) >> 16

    def one(self, at: int) -> None:
        p, who = self.p, self.bodies()[at]
        leader = self.officials[who.leader]
        self.fresh = False
        self.made = 0
        if self.month % 12 == 0 and self.month and p.bodies_own and leader.own < -60 * int(p.bodies_bad_record):
            luck = self.further(self.word("body_career", who.number), 32)
            self.seen(who, "official-on-record", True, layout.TRUE, luck)
        self.sign(who)
        owing = self.fall_due(who)
        if who.due <= self.month or self.fresh or who.on():
            self.end_records(who)
            sums, caps, by_record = self.scoring(who)
            performed = 0 if owing else -1
            self.leaving(who, sums, caps, performed)
            rescored = self.entering(who, sums, caps, performed)
            if rescored:
                sums, caps, by_record = self.scoring(who)
            self.doors(who, by_record)
            self.next_look(who)
            if rescored:
                who.due = self.month + 1
        leader.told("months_led")
        if p.schemes:
            leader.year += self.made
        if self.lent(who):
            self.told("officials_restricted")
            leader.told("months_restricted")
        for official in self.officials if p.bodies_own else ():
            if official.left == at and (not self.lent(who) or self.ends(official)):
                official.left = None
            elif official.left == at:
                self.told("officials_pursued")
                official.told("months_restricted")
        self.ask(who)
        self.rights(who)
        who.entered = who.entered_public = who.risen = False
        self.told("effort", who.effort)
        self.told("gaming", who.gaming)
        if who.adverse(self.p):
            self.count("listed")

    # -- contracts and promises -----------------------------------------------------------------------

    def sign(self, who: Body) -> None:
        p = self.p
        word = self.word("body_signing", who.number)
        for slot in range(3):
            lot, more = self.further(word, slot), self.further(word, 3 + slot)
            promise = slot == 2
            firms = len(self.turnover)
            if promise:
                usual = len(self.people) * int(p.bodies_residents)
                rate = min(1 << 32, int(p.bodies_promise) * len(self.homes) // usual)
            else:
                rate = min(1 << 32, (int(p.bodies_contracts) << 16) * firms // (24 * len(self.people)))
            if lot >> 32 >= rate:
                continue
            least, most = int(p.bodies_due_least), int(p.bodies_due_most)
            due = self.month + least + ((more & 0xFFFFFFFF) * (most - least + 1) >> 32)
            place = self.month % 96 * 3 + slot
            if promise:
                who.signed.append(Signed(place, None, 0, due, month=self.month))
            else:
                firm = (lot & 0xFFFFFFFF) * firms >> 32
                small, large = int(p.bodies_amount_least), int(p.bodies_amount_most)
                share = small + ((more >> 32) * (large - small + 1) >> 32)
                amount = min(layout.MONEY_TOP, max(1, self.turnover[firm] * share >> 16))
                stuck = self.further(word, 6 + slot) >> 32 < p.bodies_stuck
                who.signed.append(Signed(place, firm, amount, due, 0, stuck, self.month))
                self.paid[firm] -= amount * int(p.bodies_cost) >> 8
            self.mine(who, "promises" if promise else "contracts")
            self.told("promises" if promise else "contracts")

    def fall_due(self, who: Body) -> bool:
        p = self.p
        keeping = self.word("body_keeping", who.number)
        who.owed = 0
        owing = False
        listed = bool(who.adverse(p))
        for one in sorted(who.signed, key=lambda signed: signed.place):
            if one.due > self.month:
                continue
            late, kind = self.month - one.due, "promises" if one.firm is None else "contracts"
            lots = self.further(keeping, one.place)
            inherited = one.firm is not None and one.month < who.led_since
            if late == 0:
                self.mine(who, f"{kind}_due")
                self.told(f"{kind}_due")
                if inherited:
                    self.mine(who, "inherited_due")
                    self.told("inherited_due")
            if lots >> 32 < self.keeping(who, one, inherited, listed):
                if inherited and late == 0:
                    self.mine(who, "inherited_kept")
                    self.told("inherited_kept")
                who.signed.remove(one)
                self.keep(who, one, late, kind, lots)
            elif late >= 72 or (not one.judged and self.broken(who, lots)):
                who.signed.remove(one)
                self.mine(who, f"{kind}_broken")
                self.told(f"{kind}_broken")
                self.count("misconduct")
                act = "promise-broken" if one.firm is None else "public-contract-broken"
                self.seen(who, act, True, layout.TRUE, self.further(lots, 2))
            else:
                self.overdue(who, one, late, lots)
                if one.judged:
                    owing = True
                    self.seen(who, "body-judgment-unpaid", one.judged == 1, layout.TRUE, self.further(lots, 6))
                    one.judged = 2
        if owing:
            self.count("judged")
        self.told("stress", who.stress)
        return owing

    def broken(self, who: Body, lots: int) -> bool:
        return self.further(lots, 1) >> 32 < int(self.p.bodies_break) * (256 - min(256, who.effort)) >> 8

    def keeping(self, who: Body, one: Signed, inherited: bool, listed: bool) -> int:
        p = self.p
        rate = int(p.bodies_keep) * (FULL - who.stress) >> 16
        if one.stuck:
            rate = rate * int(p.bodies_stuck_keep) >> 8
        if inherited:
            rate = rate * (256 - int(p.bodies_disown)) >> 8
        if listed and one.judged and p.responses:
            rate += int(p.bodies_listed_pay)
        rate = rate * (256 + who.effort) >> 8
        if who.gaming and one.firm is not None:
            small = one.amount < p.bodies_small
            rate = rate * (256 + who.gaming if small else 256 - min(256, who.gaming)) >> 8
        return rate

    def keep(self, who: Body, one: Signed, late: int, kind: str, lots: int) -> None:
        how = "late" if late else "kept"
        self.mine(who, f"{kind}_{how}")
        self.told(f"{kind}_{how}")
        if not late:
            self.count("good_deeds")
            act = "promise-kept" if one.firm is None else "public-contract-kept"
            self.seen(who, act, True, layout.TRUE, self.further(lots, 2))
        if one.firm is not None:
            self.paid[one.firm] += one.amount

    def overdue(self, who: Body, one: Signed, late: int, lots: int) -> None:
        p = self.p
        promise = one.firm is None
        if promise and late:
            return
        if not promise:
            self.mine(who, "overdue_months")
            who.owed += one.amount
            self.told("overdue")
            self.told("arrears", one.amount)
        self.count("misconduct")
        third = self.further(lots, 3)
        if third >> 32 < int(p.bodies_massage) * who.gaming >> 8:
            self.mine(who, "massaged")
            self.told("massaged")
            self.told("claimed", late == 0)
            if promise:
                self.seen(who, "promise-kept", True, layout.CLAIMED, self.further(lots, 2))
            self.seen(who, "false-figures", True, layout.TRUE, self.further(lots, 4))
        elif self.seen(
            who, "promise-late" if promise else "arrears-to-firm", late == 0, layout.TRUE, self.further(lots, 2)
        ):
            self.mine(who, "overdue_recorded")
            self.told("overdue_recorded")
        if promise:
            return
        if third & 0xFFFFFFFF < p.bodies_complaint:
            open_ = 256 - min(256, int(p.bodies_pressing) * who.gaming >> 8)
            if third & 0xFFFFFFFF < int(p.bodies_complaint) * open_ >> 8:
                self.told("complaints")
                self.seen(who, "arrears-complaint", True, layout.TRUE, self.further(lots, 5))
            else:
                self.mine(who, "pressed")
                self.told("pressed")
                self.seen(who, "complainant-pressed", True, layout.TRUE, self.further(lots, 5))
        if not one.judged and late >= p.bodies_suit_after and self.further(lots, 1) & 0xFFFFFFFF < p.bodies_suit:
            one.judged = 1
            self.count("judgments")

    def seen(self, who: Body, act: str, first: bool, truth: int, lot: int) -> bool:
        p, k = self.p, ACT[act]
        if not p.act_covered[k]:
            return False
        if lot >> 32 < int(p.act_detect[k]) * int(p.district_leniency[who.district]) >> 8:
            self.fresh |= bool(self.apply(who, k, 0, first, truth, 0))
            return True
        self.add(who, "unrecorded")
        self.count("unrecorded")
        return False

    def make_record(self, who: Resident, r: int, amount: int, truth: int) -> None:
        """What a record gives is in the leader's own record too."""
        papers, base = len(who.papers), who.base[0]
        super().make_record(who, r, amount, truth)
        self.made += sum(paper.points for paper in who.papers[papers:]) + who.base[0] - base

    def ask(self, who: Body) -> None:
        lot = self.word("service", who.number)
        doors = who.doors & int(self.p.doors_self)
        asked = {0: "project-funds", 5: "bond-issue", 11: "body-honours"}.get(self.month % 12)
        if asked:
            served = self.attempt(who, SERVICE[asked], doors, lot)
            if not served and asked != "body-honours" and self.p.responses:
                who.stress = min(FULL - 1, who.stress + int(self.p.bodies_shortfall))
        if asked == "body-honours":
            self.promotion(who, doors, self.further(lot, 1))

    def promotion(self, who: Body, doors: int, lot: int) -> None:
        p, leader, service = self.p, self.officials[who.leader], SERVICE["official-promotion"]
        leader.told("asked")
        otherwise = lot & 0xFFFFFFFF < p.service_refusal[service, who.file]
        short = int(p.bodies_weight) * self.short(who) if p.responses and p.schemes else 0
        held = self.further(lot, service) >> 32 < short << 16
        served = self.attempt(who, service, doors, lot, otherwise or held)
        if not otherwise and not served:
            leader.told("held")
            self.told("promotions_held")
        leader.up = served if p.responses else not otherwise
