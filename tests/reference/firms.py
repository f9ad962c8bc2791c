"""A firm's month in plain Python, beside the residents' in ``month``: money, names, and the tie to the head."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from counterscore.engine import layout
from counterscore.regime.vocabulary import SERVICES
from tests.reference.month import ACT, NEVER, SERVICE, Paper, Resident, Town

TOP = layout.MONEY_TOP
NO_DISCLOSURE = ("annual-report-missed", "false-disclosure", "out-of-contact", "tax-abnormal-household")


@dataclass
class Firm(Resident):
    """A firm's file, in the words of a resident's, and what only firms have. ``loan`` is the firm's own."""

    head: int = 0
    staff: tuple[int, ...] = ()
    sector: int = 0
    size: int = 0
    years: int = 0
    turnover: int = 0
    wage: int = 0
    cash: int = 0
    owed: int = 0
    wages_owed: int = 0
    fortune: int = 0
    unpaid: int = 0
    bills: int = 0
    taxes: int = 0
    tax_clean: int = 12
    rated: int = 0
    unwilling: bool = False
    disclosure: bool = False
    head_judged: bool = False
    head_listed: bool = False
    closed_in: int = NEVER
    name: int = 0
    past: int = 0
    past_until: int = 0
    penalties: int = 0
    inspections: int = 0
    escaped: int = 0
    wage_months: int = 0
    head_months: int = 0
    closed_months: int = 0
    failed: int = 0


class FirmTown(Town):
    """The firms of a subdistrict. ``town`` is where their representatives and staff live."""

    def __init__(self, plan: Any, firms: list[Firm], seed: int, replay: int, town: Town) -> None:
        super().__init__(plan, firms, seed, replay, {})  # type: ignore[arg-type]
        self.town = town
        self.tally: dict[str, int] = {}

    def tell(self, name: str, times: int = 1) -> None:
        self.tally[name] = self.tally.get(name, 0) + times

    def near(self, district: int) -> int:
        return 65536  # of firms each knows what the others meet

    @staticmethod
    def bits(plan: Any, doors: int) -> int:
        """Doors of one plan in the numbers of the other's."""
        pairs = [(int(plan.lend_from[k]), int(plan.lend_to[k])) for k in range(int(plan.lends))]
        return sum(1 << there for here, there in pairs if doors >> here & 1)

    def live(self, figures: list[int]) -> None:
        firms: list[Firm] = self.people  # type: ignore[assignment]
        for firm in firms:
            self.town.people[firm.head].doors &= ~int(self.town.p.doors_lent)
            if self.month % 12 == 0:
                self.january(firm)
            if self.month == 0:
                firm.cash = self.opening_money(firm)
                firm.rated = self.word("firm_status", firm.number) >> 48
        for to, act, amount, truth, kin in self.letters:
            self.apply(self.people[to], act, amount, True, truth, kin)
            self.people[to].due = min(self.people[to].due, self.month)
        self.letters, self.coming = [], []
        for firm in firms:
            self.one(firm)
        self.letters = self.coming
        for firm in firms:
            if firm.closed_in == NEVER:
                self.tell("open")
                self.tell("cash", firm.cash)
                self.tell("owing_wages", firm.unpaid > 0)
                self.tell("wages_owed", firm.wages_owed if firm.unpaid else 0)
        self.month += 1

    @staticmethod
    def swing(lot: int, spread: int) -> int:
        return ((lot >> 16) * 2 * spread >> 16) - spread

    def steadied(self, firm: Firm, spread: int) -> int:
        return spread * int(self.p.firms_steady) >> 8 if firm.size >= 2 else spread

    def january(self, firm: Firm) -> None:
        p = self.p
        if self.month > 0:
            firm.years = min(255, firm.years + 1)
        firm.hours = firm.yuan = 0
        for slot in range(3):
            rate = int(p.slot_total[slot, self.having(firm)]) * self.factor(firm, slot) * self.room(slot) >> 16
            firm.bound[slot] = min(65535, -(-rate // 65536))
        firm.need = min(65535, -(-int(p.need_total[2]) // 65536))
        common = self.word("firm_sector_year", firm.sector) >> 32
        firm.fortune = int(p.firms_margin) + self.swing(
            self.lot("firm_year", firm), self.steadied(firm, int(p.firms_year_spread))
        )
        firm.fortune += self.swing(common, int(p.firms_sector_spread))

    def opening_money(self, firm: Firm) -> int:
        lot = (self.word("firm_opening", firm.number) & 0xFFFFFFFF) >> 16
        return min(TOP, firm.turnover * int(self.p.firms_reserve) * 2 * lot >> 24)

    def careful(self, firm: Firm) -> int:
        return max(0, 256 + (int(self.p.conduct_conscientiousness) * (firm.conscientiousness - 128) >> 7))

    def one(self, firm: Firm) -> None:
        p, head = self.p, self.town.people[firm.head]
        firm.doors = firm.doors & ~int(p.doors_lent) | self.bits(self.town.p, head.doors)
        acts: list[tuple[int, int, bool, int]] = []
        open_now = firm.closed_in == NEVER
        if not open_now:
            head.doors |= self.held(firm)
            open_now = self.reopen(firm, acts)
        performed, fresh = 0, False
        if open_now:
            lanes = self.word("temptation", firm.number)
            self.money(firm, acts)
            self.of_head(firm, acts)
            if self.month % 12 == 0:
                self.awards(firm, acts)
            if lanes & 0xFFFF < firm.bound[0]:
                done = self.tempted(firm, 0, "misconduct")
                if done:
                    acts.append(done)
                    self.consequences(firm, done[0], acts)
            if lanes >> 16 & 0xFFFF < firm.bound[1]:
                done = self.tempted(firm, 1, "good")
                if done:
                    acts.append(done)
            for act, amount, first, truth in acts:
                before = self.seen
                fresh |= self.record(firm, act, amount, first, truth)
                if self.seen > before:
                    firm.penalties += act == ACT["administrative-penalty"]
                    if act in (ACT["set-up-after-worst-grade"], ACT["set-up-after-listing"]):
                        self.tell("remembered")
            if lanes >> 48 >= 65536 - int(p.errors_untrue_bound):
                fresh |= self.untrue(firm)
            rate = self.inspected(firm, int(p.firms_inspection))
            if self.lot("firm_inspection", firm) < rate:
                self.tell("inspections")
                firm.inspections += 1
            performed = self.performed(firm)
        fresh |= any(q.kind == "record" and q.month == self.month for q in firm.papers)
        firm.looked = firm.due <= self.month or fresh or performed != 0
        if firm.looked:
            self.end_records(firm)
            sums, caps, by_record = self.scoring(firm)
            self.leaving(firm, sums, caps, performed)
            if self.entering(firm, sums, caps, performed):
                sums, caps, by_record = self.scoring(firm)
                again = True
            else:
                again = False
            self.tell("glitched", self.glitched)
            self.doors(firm, by_record)
            self.next_look(firm)
            if again:
                firm.due = self.month + 1
        held = self.held(firm)
        head.doors |= held
        if held & int(self.town.p.doors_hinder):
            self.tell("heads_restricted")
            firm.head_months += 1
        if open_now:
            self.needs(firm)
            if firm.looked or firm.on():
                self.rights(firm)
            if p.responses and firm.entered:
                firm.aware = min(firm.aware, self.month + 1)
            self.close(firm)
            self.tally_file(firm)
        else:
            firm.closed_months += 1
        firm.looked = firm.risen = firm.entered = firm.entered_public = False

    seen = 0

    def record(self, who: Resident, act: int, amount: int, first: bool, truth: int) -> bool:
        made = super().record(who, act, amount, first, truth)
        covered = self.p.act_start[act] < self.p.act_start[act + 1]
        self.seen += bool(covered and made)
        return made

    def held(self, firm: Firm) -> int:
        return self.bits(self.p, firm.doors) | (firm.past if self.month < firm.past_until else 0)

    def tally_file(self, firm: Firm) -> None:
        p = self.p
        if firm.adverse(p):
            self.add(firm, "months_listed")
            self.count("listed")
            wrongs = {stay.truth for stay in firm.adverse(p)}
            if layout.RIGHT not in wrongs:
                factual = layout.WRONG_FACTUAL in wrongs
                self.add(firm, "wrong_factual" if factual else "wrong_rule")
                self.count("listed_wrong_factual" if factual else "listed_wrong_rule")
        self.count("aware", firm.aware <= self.month)
        self.count("judged", firm.judged > 0)
        self.tell("restricted_by_head", bool(firm.doors & int(p.doors_lent) & int(p.doors_hinder)))

    # -- money ------------------------------------------------------------------------------------

    def money(self, firm: Firm, acts: list[Any]) -> None:
        p = self.p
        left = firm.fortune + self.swing(self.lot("firm_month", firm), self.steadied(firm, int(p.firms_month_spread)))
        cash = firm.cash + (firm.turnover * left >> 16)
        if firm.loan:
            due = max(1, firm.loan // int(p.firms_repay_months))
            if cash >= due:
                cash, firm.loan, firm.arrears = cash - due, firm.loan - due, 0
            else:
                firm.arrears = min(255, firm.arrears + 1)
                acts.append((ACT["firm-loan-arrears"], 0, firm.arrears == 1, layout.TRUE))
        wages = self.word("firm_wages", firm.number)
        if firm.unwilling:
            rate = int(p.firms_pay_up)
            if p.responses and firm.adverse(p) and firm.aware <= self.month:
                rate += int(p.firms_pay_uplift)
            firm.unwilling = wages >> 32 >= rate
        if firm.owed and not firm.unwilling and cash >= firm.owed:
            cash -= firm.owed
            firm.owed = firm.wages_owed = firm.unpaid = firm.bills = firm.taxes = 0
        for owing in ("bills", "taxes", "unpaid"):
            if getattr(firm, owing):
                setattr(firm, owing, min(255, getattr(firm, owing) + 1))
        withheld = firm.unwilling
        if cash < 0:
            for owing, share in (("bills", p.firms_suppliers), ("taxes", p.firms_taxes)):
                if cash < 0:
                    part = firm.turnover * int(share) >> 8
                    cash, firm.owed = cash + part, firm.owed + part
                    setattr(firm, owing, max(1, getattr(firm, owing)))
            withheld = withheld or cash < 0
        elif not withheld:
            careless = max(0, 512 - self.careful(firm))
            if (wages & 0xFFFFFFFF) << 8 < int(p.firms_withhold) * careless:
                firm.unwilling = withheld = True
        if withheld and firm.wage:
            cash, firm.owed = cash + firm.wage, firm.owed + firm.wage
            firm.wages_owed = min(TOP, firm.wages_owed + firm.wage)
            firm.unpaid = max(1, firm.unpaid)
            self.without_pay(firm)
        firm.cash, firm.owed = max(-TOP, min(TOP, cash)), min(TOP, firm.owed)
        self.arrears(firm, acts)

    def without_pay(self, firm: Firm) -> None:
        for at in firm.staff:
            who = self.town.people[at]
            if who.work == layout.EMPLOYED and not who.traits & layout.OWN_BUSINESS:
                self.tell("unpaid_workers")
                if who.savings:
                    who.savings -= 1
                elif who.loan and not who.arrears and not who.judged:
                    who.arrears = 1
                    self.tell("workers_into_arrears")

    def arrears(self, firm: Firm, acts: list[Any]) -> None:
        p = self.p
        for months, names in (
            (firm.bills, ["supplier-arrears"]),
            (firm.taxes, ["social-insurance-arrears", "firm-tax-arrears"]),
            (firm.unpaid, ["wage-arrears"]),
        ):
            acts += [(ACT[name], 0, months == 1, layout.TRUE) for name in names if months]
        firm.tax_clean = 0 if firm.taxes else min(255, firm.tax_clean + 1)
        firm.wage_months += firm.unpaid > 0
        if firm.unpaid == 3:
            acts.append((ACT["serious-wage-arrears"], 0, True, layout.TRUE))
        if firm.judged and not firm.bills and not firm.arrears:
            firm.judged = 0
            self.count("performed")
        elif not firm.judged and max(firm.bills, firm.arrears) >= p.firms_suit_after:
            if self.lot("firm_suit", firm) < p.firms_suit:
                firm.judged = 1
                self.count("judgments")
        if firm.judged:
            act = "firm-finance-judgment-unpaid" if firm.arrears else "firm-judgment-unpaid"
            acts.append((ACT[act], 0, firm.judged == 1, layout.TRUE))
            firm.judged = 2

    def of_head(self, firm: Firm, acts: list[Any]) -> None:
        head = self.town.people[firm.head]
        judged, listed = head.judged > 0, bool(head.adverse(self.town.p))
        if judged:
            acts.append((ACT["head-judgment-unpaid"], 0, not firm.head_judged, layout.TRUE))
        if listed:
            acts.append((ACT["head-listed"], 0, not firm.head_listed, layout.TRUE))
        firm.head_judged, firm.head_listed = judged, listed

    def awards(self, firm: Firm, acts: list[Any]) -> None:
        p, word = self.p, self.word("firm_status", firm.number)
        share = int(p.firms_tax_a_large if firm.size >= 2 else p.firms_tax_a)
        best = firm.years and firm.tax_clean >= 12 and firm.rated << 24 < share * self.careful(firm)
        acts.append((ACT["tax-rated-a" if best else "tax-conditions-unmet"], 0, True, layout.TRUE))
        if firm.traits & layout.TRADES_ABROAD:
            if (word & 0xFFFFFFFF) << 8 < int(p.firms_aeo) * self.careful(firm):
                acts.append((ACT["aeo-certified"], 0, True, layout.TRUE))

    def consequences(self, firm: Firm, act: int, acts: list[Any]) -> None:
        firm.disclosure = firm.disclosure or act in [ACT[name] for name in NO_DISCLOSURE]
        if act in [ACT[name] for name in ("tax-filing-late", "firm-tax-fraud", "tax-abnormal-household")]:
            firm.tax_clean = 0
        if self.p.act_penalty[act]:
            names = ["administrative-penalty", "administrative-compulsion"]
            if self.lot("firm_penalty", firm) < self.p.firms_serious:
                names.append("serious-penalty")
            acts += [(ACT[name], 0, True, layout.TRUE) for name in names]

    def performed(self, firm: Firm) -> int:
        p = self.p
        if firm.disclosure and self.lot("firm_disclosure", firm) < p.firms_disclose:
            firm.disclosure = False
        duties = (
            (layout.DUTY_WAGES, firm.unpaid > 0 or firm.taxes > 0),
            (layout.DUTY_TAX, firm.taxes > 0),
            (layout.DUTY_JUDGMENT, firm.judged > 0 or firm.bills > 0 or firm.arrears > 0),
            (layout.DUTY_DISCLOSURE, firm.disclosure),
        )
        left = sum(duty for duty, owed in duties if owed)
        mine = [n for n in firm.on() if p.list_performed[n] and p.list_duty[n] and not int(p.list_duty[n]) & left]
        return sum(1 << n for n in mine)

    # -- needs ------------------------------------------------------------------------------------

    def needs(self, firm: Firm) -> None:
        p = self.p
        doors = firm.doors & int(p.doors_self)
        if self.word("need", firm.number) >> 48 < firm.need:
            word = self.word("service", firm.number)
            x = (word >> 32) * firm.need >> 16
            if x < p.need_total[2]:
                k = next(k for k in range(len(SERVICES)) if x < p.need_cumulated[2, k])
                s = int(p.need_services[k])
                if s != SERVICE["customs-clearance"] or firm.traits & layout.TRADES_ABROAD:
                    served = self.attempt(firm, s, doors, self.further(word, 1))
                    gains = {
                        (SERVICE["tender"], True): p.firms_tender_gain,
                        (SERVICE["market-access"], True): p.firms_access_gain,
                        (SERVICE["state-funds"], True): p.firms_funds_gain,
                        (SERVICE["firm-licence"], False): -int(p.firms_licence_loss),
                        (SERVICE["invoices"], False): -int(p.firms_invoice_loss),
                    }
                    if p.responses:
                        firm.cash += firm.turnover * int(gains.get((s, served), 0)) >> 8
                        firm.cash = max(-TOP, min(TOP, firm.cash))
        if firm.cash << 8 < firm.turnover * int(p.firms_borrow_below) and not firm.loan:
            word = self.word("firm_borrowing", firm.number)
            if word >> 32 < p.firms_borrow:
                served = self.attempt(firm, SERVICE["firm-loan"], doors, self.further(word, 1))
                if p.responses and served:
                    firm.loan = min(TOP, max(1, firm.turnover * int(p.firms_loan_size) >> 8))
                    firm.cash = min(TOP, firm.cash + firm.loan)
        if doors & int(p.doors_hinder):
            hindered = sum(bool(int(h) & doors) for h in p.service_hindered)
            firm.out["doors_most"] = max(firm.out.get("doors_most", 0), hindered)
            if self.closed_essential(doors) >= p.doors_unable_at:
                self.add(firm, "months_unable")
                self.count("unable")

    # -- names ------------------------------------------------------------------------------------

    def close(self, firm: Firm) -> None:
        p, word = self.p, self.word("firm_closing", firm.number)
        much = firm.owed << 8 >= firm.turnover * int(p.firms_fail_after)
        failed = much and word >> 32 < p.firms_fail
        if not failed and word & 0xFFFFFFFF >= p.firms_close:
            return
        firm.closed_in = self.month
        self.tell("closed")
        self.tell("failed", failed)
        firm.failed += failed
        for at in firm.staff:
            who = self.town.people[at]
            if who.work == layout.EMPLOYED and not who.traits & layout.OWN_BUSINESS:
                who.work = layout.UNEMPLOYED
                self.town.add(who, "job_losses")
                self.town.count("job_losses")
                self.tell("jobs_closed")

    def reopen(self, firm: Firm, acts: list[Any]) -> bool:
        p, town = self.p, self.town
        word = self.word("firm_opening", firm.number)
        if word >> 32 >= p.firms_reopen:
            return False
        head = town.people[firm.head]
        licence = self.further(town.word("firm_opening", firm.number), 1)
        if not town.attempt(head, SERVICE["business-licence"], head.doors & int(town.p.doors_self), licence):
            self.tell("reopening_refused")
            return False
        worst = any(p.scheme_grades[s] > 1 and firm.grade[s] == p.scheme_grades[s] - 1 for s in range(int(p.schemes)))
        listed = bool(firm.adverse(p))
        self.leave_behind(firm)
        self.tell("reopened")
        firm.name, firm.closed_in, firm.years = firm.name + 1, NEVER, 0
        firm.tax_clean = firm.owed = firm.wages_owed = firm.loan = firm.unpaid = firm.bills = firm.taxes = 0
        firm.arrears = firm.judged = 0
        firm.unwilling = firm.disclosure = False
        firm.cash = self.opening_money(firm)
        firm.due = self.month
        for name, so in (("set-up-after-worst-grade", worst), ("set-up-after-listing", listed)):
            if so:
                acts.append((ACT[name], 0, True, layout.TRUE))
        return True

    def leave_behind(self, firm: Firm) -> None:
        p = self.p
        held, until, escaped = self.bits(p, firm.doors), 0, False

        def stays(paper: Paper) -> bool:
            if paper.kind == "record":
                return not p.row_follows[paper.what]
            return not p.list_follows[self.list_of(paper)]

        for paper in [q for q in firm.papers if stays(q)]:
            doors = 1 << paper.what
            if paper.kind != "bar":
                doors = int((p.row_doors if paper.kind == "record" else p.list_doors)[paper.what])
            if self.bits(p, doors) and paper.until > self.month:
                until = max(until, paper.until)
            if paper.kind == "record":
                escaped |= paper.points < 0 and paper.until > self.month
            elif paper.kind != "bar":
                escaped |= bool(int(p.lists_adverse) >> paper.what & 1)
            firm.papers.remove(paper)
        for s in range(int(p.schemes)):
            if not p.scheme_follows[s]:
                firm.base[s], firm.score[s] = 0, int(p.scheme_start[s])
                bands = [g for g in range(int(p.scheme_grades[s])) if firm.score[s] >= p.grade_floor[s, g]]
                firm.grade[s] = bands[0] if bands else int(p.scheme_grades[s]) - 1
        if until > self.month:
            firm.past = held if firm.past_until <= self.month else held | firm.past
            firm.past_until = max(firm.past_until, until)
        firm.escaped += escaped
        self.tell("escaped", escaped)
