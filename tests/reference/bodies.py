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


@dataclass
class Body(Resident):
    """A public body: its file is a resident's; beside it what it signed and how it stands."""

    signed: list[Signed] = field(default_factory=list)
    stress: int = 0
    effort: int = 0
    gaming: int = 0
    owed: int = 0
    numbers: dict[str, int] = field(default_factory=dict)


class Offices(Town):
    """The public bodies of a subdistrict with firms of such ``turnover``. ``paid`` is what each firm got, less what it spent."""

    def __init__(self, plan: Any, bodies: list[Body], seed: int, replay: int, turnover: list[int]) -> None:
        super().__init__(plan, list(bodies), seed, replay, {})
        self.turnover = turnover
        self.paid = [0] * len(turnover)
        self.tally: dict[str, int] = {}

    def told(self, name: str, times: int = 1) -> None:
        self.tally[name] = self.tally.get(name, 0) + times

    def mine(self, who: Body, name: str) -> None:
        who.numbers[name] = who.numbers.get(name, 0) + 1

    def month_of_bodies(self) -> None:
        for who in self.people:
            assert isinstance(who, Body)
            if self.month % 12 == 0:
                self.january(who)
        for who in self.people:
            assert isinstance(who, Body)
            self.one(who)
        self.month += 1

    @staticmethod
    def swing(lot: int, spread: int) -> int:
        return ((lot >> 16) * 2 * spread >> 16) - spread

    def january(self, who: Body) -> None:
        p = self.p
        own = self.swing(self.word("body_year", who.number) >> 32, int(p.bodies_year_spread))
        common = self.swing(self.word("body_district_year", who.district) >> 32, int(p.bodies_district_spread))
        who.stress = max(0, min(FULL - 1, int(p.bodies_stress) + own + common))
        if p.responses and p.bodies_weight and p.schemes and self.month:
            low, top = int(p.scheme_floor[0]), int(p.scheme_ceiling[0])
            short = (top - who.score[0]) * 256 // max(1, top - low)
            pressure = int(p.bodies_weight) * (256 + short) >> 9
            who.effort = pressure * int(p.bodies_effort) * who.conscientiousness >> 16
            who.gaming = pressure * int(p.bodies_gaming) * (255 - who.conscientiousness) >> 16

    def one(self, who: Body) -> None:
        self.fresh = False
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
            rate = min(1 << 32, int(p.bodies_sign) * firms // (len(self.people) * int(p.bodies_firms)))
            if lot >> 32 >= (p.bodies_promise if promise else rate):
                continue
            least, most = int(p.bodies_due_least), int(p.bodies_due_most)
            due = self.month + least + ((more & 0xFFFFFFFF) * (most - least + 1) >> 32)
            place = self.month % 48 * 3 + slot
            if promise:
                who.signed.append(Signed(place, None, 0, due))
            else:
                firm = (lot & 0xFFFFFFFF) * firms >> 32
                small, large = int(p.bodies_amount_least), int(p.bodies_amount_most)
                share = small + ((more >> 32) * (large - small + 1) >> 32)
                amount = min(layout.MONEY_TOP, max(1, self.turnover[firm] * share >> 16))
                who.signed.append(Signed(place, firm, amount, due))
                self.paid[firm] -= amount * int(p.bodies_cost) >> 8
            self.mine(who, "promises" if promise else "contracts")
            self.told("promises" if promise else "contracts")

    def fall_due(self, who: Body) -> bool:
        p = self.p
        keeping = self.word("body_keeping", who.number)
        who.owed = 0
        owing = False
        for one in sorted(who.signed, key=lambda signed: signed.place):
            if one.due > self.month:
                continue
            late, kind = self.month - one.due, "promises" if one.firm is None else "contracts"
            lots = self.further(keeping, one.place)
            if late == 0:
                self.mine(who, f"{kind}_due")
                self.told(f"{kind}_due")
            if lots >> 32 < self.keeping(who, one):
                who.signed.remove(one)
                self.keep(who, one, late, kind, lots)
            elif late >= 24 or self.further(lots, 1) >> 32 < int(p.bodies_break) * (256 - min(256, who.effort)) >> 8:
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

    def keeping(self, who: Body, one: Signed) -> int:
        p = self.p
        rate = int(p.bodies_keep) * (FULL - who.stress) >> 16
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

    def ask(self, who: Body) -> None:
        lot = self.word("service", who.number)
        doors = who.doors & int(self.p.doors_self)
        asked = {0: ("project-funds",), 5: ("bond-issue",), 11: ("body-honours", "official-promotion")}
        for n, service in enumerate(asked.get(self.month % 12, ())):
            served = self.attempt(who, SERVICE[service], doors, lot if n == 0 else self.further(lot, n))
            if not served and self.month % 12 in (0, 5) and self.p.responses:
                who.stress = min(FULL - 1, who.stress + int(self.p.bodies_shortfall))
