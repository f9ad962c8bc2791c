"""The month in plain Python: objects, lists and whole numbers, written from the claims of the nine steps.

It shares with the engine the plan (rates and rules as numbers) and the addresses of luck, and nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from counterscore import luck
from counterscore.city.generations import January
from counterscore.engine import layout
from counterscore.regime.vocabulary import ACTS, SERVICES, Kind
from tests.reference import aftermath, friends, partners

NEVER = 65535
GAMMA, MASK = luck.GAMMA, luck.MASK
ACT = {act.id: k for k, act in enumerate(ACTS)}
SERVICE = {service.id: k for k, service in enumerate(SERVICES)}
UNTRUE = (layout.NOT_HAPPENED, layout.SOMEONE_ELSES)
#: City figures of a year ago in every district: listed, met by what burdens, met by what favours.
FIGURES = [2000] * 16 + [1500] * 16 + [700] * 16


@dataclass
class Paper:
    kind: (
        str  # "record", "stay", "waiting" before a stay while a period of grace runs, "bar" of a door with its own time
    )
    what: int
    truth: int
    month: int
    until: int
    points: int = 0
    state: str = ""  # "", "corrected", "repaired", "overdue"
    decide: int = NEVER
    cause: tuple[int, int] | None = None  # row and month of the record behind a stay
    left: int = layout.EXPIRED


@dataclass
class Resident:
    at: int
    number: int
    age: int
    district: int
    group: int
    file: int
    conscientiousness: int
    outspokenness: int
    sociability: int
    means: int
    traits: int
    loan: int
    work: int
    aware: int
    score: list[int]
    grade: list[int]
    doors: int
    base: list[int]
    savings: int = 0
    arrears: int = 0
    judged: int = 0
    unwilling: bool = False
    ties: set[int] = field(default_factory=set)
    hours: int = 0
    yuan: int = 0
    due: int = 0
    papers: list[Paper] = field(default_factory=list)
    bound: list[int] = field(default_factory=lambda: [0, 0, 0, 0])
    need: int = 0
    risen: bool = False
    entered: bool = False
    entered_public: bool = False
    looked: bool = False
    newcomer: bool = False
    follows: bool = False  # somebody who lived here before
    registration: int = 0
    part: set[int] = field(default_factory=set)  # schemes taken part in
    own: partners.Own = field(default_factory=partners.Own)
    out: dict[str, int] = field(default_factory=dict)
    here: tuple[int, int, int] = (0, 0, 0)  # since when in this part of the city, in this city, anywhere
    cheated_here: bool = False
    packs: str = ""  # where the resident will move next month
    warned: int = 0  # 0 no, 1 truly, 2 by nothing that is true
    stops: int = NEVER
    asked: int = 0  # attempts of this year, and of these refused by a rule
    barred: int = 0

    def stays(self) -> list[Paper]:
        return [paper for paper in self.papers if paper.kind == "stay"]

    def on(self) -> set[int]:
        return {paper.what for paper in self.stays()}

    def adverse(self, plan: Any) -> list[Paper]:
        return [paper for paper in self.stays() if int(plan.lists_adverse) >> paper.what & 1]


class Town:
    """One subdistrict of residents under one plan."""

    def __init__(
        self, plan: Any, residents: list[Resident], seed: int, replay: int, januaries: dict[int, January]
    ) -> None:
        self.p, self.people, self.seed, self.replay = plan, residents, seed, replay
        self.month = 0
        self.met_share = [0] * 16
        self.favoured_share = [0] * 16
        self.review = NEVER  # the oldest record taken back this month
        self.network = friends.Network(plan, len(residents), residents[0].number if residents else 0, seed, replay)
        for who in residents:
            who.ties = self.network.ties(who.at)
        self.letters: list[tuple[int, int, int, int, int]] = []
        self.coming: list[tuple[int, int, int, int, int]] = []
        self.counts: dict[str, int] = {}
        self.januaries = januaries  # what the city says of who dies, follows, comes of age
        self.departed: list[Resident] = []
        self.how = (False, 0)  # whether a rule refused the last attempt, and how long it would have taken
        self.died_in: dict[int, int] = {}
        self.firms: Town | None = None  # those who live between the two halves
        self.met: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0, 0])
        self.died_listed: list[tuple[int, int]] = []  # list, months on it

    # -- luck -----------------------------------------------------------------------------------

    def word(self, purpose: str, number: int) -> int:
        return luck.mix(luck.key(f"engine/{purpose}", self.seed, self.replay, self.month) + GAMMA * number)

    @staticmethod
    def further(word: int, index: int) -> int:
        return luck.mix(word + GAMMA * (index + 1))

    def lot(self, purpose: str, who: Resident, index: int | None = None) -> int:
        """A draw in 0 … 2**32-1."""
        word = self.word(purpose, who.number)
        return (word if index is None else self.further(word, index)) >> 32

    def lot_of(self, purpose: str, who: Resident, address: int) -> int:
        """A draw at a further address, such as a row's own number."""
        return self.lots_of(purpose, who, address)[0]

    def lots_of(self, purpose: str, who: Resident, address: int | None = None) -> tuple[int, int]:
        """Both draws of a word, or at a further address."""
        if address is None:
            word = self.word(purpose, who.number)
            return word >> 32, word & 0xFFFFFFFF
        word = luck.mix(self.word(purpose, who.number) ^ address)
        return word >> 32, word & 0xFFFFFFFF

    def count(self, name: str, times: int = 1) -> None:
        self.counts[name] = self.counts.get(name, 0) + times

    def add(self, who: Resident, name: str, times: int = 1) -> None:
        top = 65535 if layout.OUTCOME_TYPES[name] == "u2" else 255
        who.out[name] = min(top, who.out.get(name, 0) + times)

    # -- the month --------------------------------------------------------------------------------

    def live(self, figures: list[int]) -> None:
        p = self.p
        if self.month % 12 == 0:
            if self.month > 0:
                self.generations(self.januaries[self.month])
            self.new_year(figures)
            if self.p.private:
                partners.january(self)
        self.count("adults", sum(who.age >= 18 for who in self.people))
        self.count("older", sum(who.age >= 60 for who in self.people))
        for to, act, amount, truth, kin in self.letters:
            who = self.people[to]
            if who.age >= 18:
                self.apply(who, act, amount, True, truth, kin)
                who.due = min(who.due, self.month)
        self.letters, self.coming = [], []
        for who in self.people:
            self.first_half(who)
        if self.firms is not None:
            self.firms.live(figures)
        for who in self.people:
            if who.aware <= self.month:
                self.count("aware")
            needs = self.word("need", who.number) >> 48 < who.need
            hindered = bool(who.doors & int(p.doors_hinder))
            self.attempts(who, needs)
            if who.looked or self.troubled(who) or who.on() or hindered:
                self.rights(who)
                self.response(who)
                self.tally(who)
            if who.warned and who.age >= 18 and not who.traits & layout.OFFENDER:
                deal = self.word("dealing", who.number)
                if deal >> 32 < p.dealings_need and deal & 0xFFFFFFFF < p.dealings_one_shot:
                    self.add(who, "dealings_refused")
                    self.count("dealings_refused")
                    self.count("dealings_refused_untrue", self.warning(who) == 2)
            who.looked = who.risen = who.entered = who.entered_public = False
        if self.p.private or self.p.meeting:
            partners.month_end(self)
        self.letters = self.coming
        self.month += 1

    def inherit(self, new: January) -> None:
        """One heir answers for a share of an unpaid judgment: the oldest grown child of a mother, else the next of kin."""
        n = len(self.people)
        dead = set(new.gone.tolist())
        for at in sorted(dead):
            debtor = self.people[at]
            if not debtor.judged:
                continue
            pairs = zip(new.orphans.tolist(), new.lost.tolist(), strict=True)
            heirs = [self.people[child] for child, mother in pairs if mother == at and self.people[child].age >= 18]
            heirs = sorted(heirs, key=lambda who: (-who.age, who.at)) or [self.people[n - 1 - at]]
            heir = heirs[0]
            passed = 0
            if heir.at not in dead and heir.age >= 18 and not heir.loan and not heir.judged:
                passed = debtor.loan * int(self.p.lives_heir_share) // 65536
            if passed:
                heir.loan, heir.judged = passed, 1
            self.count("debt_inherited", passed)
            self.count("debt_ended", debtor.loan - passed)

    def generations(self, new: January) -> None:
        """The dead go, others are born or move in at their places, and work and children change with age."""
        p = self.p
        self.inherit(new)
        if p.private or p.meeting:
            partners.widow(self, set(new.gone.tolist()))
        for at in new.gone.tolist():
            old = self.people[at]
            for stay in old.stays():
                self.died_listed.append((stay.what, self.month - stay.month))
                self.count("left_died", int(p.lists_adverse) >> stay.what & 1)
            old.papers = [paper for paper in old.papers if paper.kind != "stay"]
            self.departed.append(old)
            self.died_in[id(old)] = self.month
            self.count("died")
        for at in new.gone.tolist():
            self.people[at] = self.blank(self.people[at])
        for at, mother in zip(new.born.tolist(), new.mothers.tolist(), strict=True):
            for name in ("district", "registration"):  # those of the mother before anybody moves
                setattr(self.people[at], name, getattr(self.people[mother], name))
            self.people[at].age = -1  # nought when the year has turned
            self.people[at].group = self.people[at].registration * 16 + 15
            self.count("born")
        for row, at in enumerate(new.grown.tolist()):
            if at in new.arrived:
                self.people[at].age = int(new.columns["age"][row]) - 1
                self.count("moved_in")
        for at, district in zip(new.moved.tolist(), new.districts.tolist(), strict=True):
            self.people[at].district = district
            self.count("moved_within")
        for at in new.gone.tolist():
            self.people[at].ties = self.network.ties(at)
        for at in new.gone.tolist():
            for k in self.network.ties(at):
                self.people[self.network.place(at, k)].ties.add(friends.from_there(k))
        for who in self.people:
            who.own.sought = [-1 if at in new.gone else at for at in who.own.sought]
        self.letters = [letter for letter in self.letters if letter[0] not in set(new.gone.tolist())]
        for row, at in enumerate(new.grown.tolist()):
            who, column = self.people[at], {name: int(values[row]) for name, values in new.columns.items()}
            for name in ("district", "file", "conscientiousness", "outspokenness", "sociability", "means", "loan"):
                setattr(who, name, column[name])
            who.savings = column["means"]
            who.group = 16 * column["registration"] + column["occupation"]
            who.registration = column["registration"]
            who.due, who.newcomer = self.month, who.follows
            bits = (("car", 1), ("card", 2), ("home", 4), ("offender", 8), ("connected", 16))
            kept = who.traits & layout.MISSED_SCHOOL
            who.traits = sum(bit for name, bit in bits if column[name]) + 32 * (column["family"] >= 2) + kept
            if self.p.private or self.p.meeting:
                for name in ("sex", "education", "minority", "income"):
                    setattr(who.own, name, column[name])
                who.own.partnered = int(column["family"] in (1, 2))
                who.own.single_since = NEVER if who.own.partnered else self.month
            self.count("came_of_age", at not in new.arrived)
            if self.lot("allegiance", who) < p.conduct_allegiance:
                who.traits |= 64
            if self.lot("awareness", who) < p.response_awareness:
                who.aware = min(who.aware, self.month)
        for row, at in enumerate(new.turned.tolist()):
            who = self.people[at]
            who.group = who.group // 16 * 16 + int(new.occupation[row])
            if not new.in_work[row]:
                who.work = layout.OUTSIDE
                who.traits &= ~layout.OWN_BUSINESS
            elif who.work == layout.OUTSIDE and who.age + 1 < p.circumstances_retirement_age:
                who.work = layout.EMPLOYED
            who.traits = who.traits & ~layout.HAS_CHILD | (layout.HAS_CHILD if new.child[row] else 0)

        for who in self.people:
            self.milestone(who, new)
        for firm in self.firms.people if self.firms is not None else ():
            while self.people[firm.head].age + 1 < 18:  # the next adult represents it
                firm.head = (firm.head + 1) % len(self.people)

    def milestone(self, who: Resident, new: January) -> None:
        """In the January of turning 25 and 50, of who was here before."""
        if who.at in new.gone:
            return
        bits = [0] * 8
        if who.age + 1 == 25:
            bits[:2] = [1, who.out.get("records", 0) > who.out.get("good_records", 0)]
        if who.age + 1 == 50:
            bits[2:6] = [1, who.work == layout.EMPLOYED, who.work == layout.UNEMPLOYED, bool(who.adverse(self.p))]
            bits[6:] = [who.own.partnered, who.arrears > 0 or who.judged > 0]
        if any(bits):
            who.out["milestones"] = who.out.get("milestones", 0) | sum(bit << k for k, bit in enumerate(bits))

    def blank(self, old: Resident) -> Resident:
        p = self.p
        start = [int(v) for v in p.scheme_start[: int(p.schemes)]] + [0, 0]
        grade = []
        for s in range(int(p.schemes)):
            later = p.scheme_asks[s] or p.scheme_dimensions[s]
            grade.append(partners.NONE if later else self.band_of(s, start[s]))
            start[s] = 0 if later else start[s]
        return Resident(
            at=old.at,
            number=old.number,
            age=17,
            district=old.district,
            registration=old.registration,
            group=old.registration * 16 + 15,
            file=0,
            **dict.fromkeys(("conscientiousness", "outspokenness", "sociability", "means", "traits", "loan"), 0),
            work=layout.OUTSIDE,
            aware=NEVER,
            score=start[:2],
            grade=[*grade, 0, 0][:2],
            doors=0,
            base=[0, 0],
            due=NEVER,
            follows=True,
            part={s for s in range(int(p.askers)) if not p.scheme_asks[s]},
        )

    def band_of(self, s: int, score: int) -> int:
        bands = int(self.p.scheme_grades[s])
        return next((g for g in range(bands) if score >= self.p.grade_floor[s, g]), bands - 1)

    def weighted(self, s: int, values: list[int]) -> int:
        p = self.p
        weights = [int(w) for w in p.dimension_weight[s, : len(values)]]
        total = sum(w * max(0, min(6000, value)) for w, value in zip(weights, values, strict=True))
        floor, ceiling = int(p.scheme_floor[s]), int(p.scheme_ceiling[s])
        return floor + (ceiling - floor) // 60 * total // (100 * sum(weights))

    def consents(self, who: Resident, r: int) -> bool:
        """Whether a record of row ``r`` may be kept of the resident."""
        asked = int(self.p.row_consent[r])
        return not asked or asked.bit_length() - 1 in who.part

    def felt(self, who: Resident, what: str, act: int, asks: bool = True) -> int:
        """What those who know make of the rules on an act; of a book taken part in, everybody knows.

        In 1/65536: what follows, times how likely the resident is seen, times how much of a burden others met.
        """
        p = self.p
        if not p.responses:
            return 0
        known = int(getattr(p, f"act_{what}")[act]) if who.aware <= self.month else 0
        at = layout.FELT.index(what)
        if asks:
            known = max([known, *(int(p.asked_felt[s, at, act]) for s in who.part if p.scheme_asks[s])])
        surely = min(65536, self.chance(who, act) // int(p.response_certain))
        known = known * surely >> 16
        burden = what in ("deter", "chill") or not (p.doors_favour or p.lists_honour)
        return known * self.near((self.met_share if burden else self.favoured_share)[who.district]) >> 16

    def near(self, share: int) -> int:
        """How much of a burden or reward is felt, 1/65536, by how many of the district met one a year ago."""
        met = min(65536, (share << 16) // int(self.p.response_familiar))
        least = int(self.p.response_unmet)
        return least + ((65536 - least) * met >> 16)

    def chance(self, who: Resident, act: int) -> int:
        """How likely the authority sees the act."""
        p = self.p
        chance = int(p.act_detect[act])
        if ACTS[act].kind is not Kind.STATUS:
            chance = chance * int(p.group_scrutiny[who.group]) >> 8
            chance = chance * int(p.district_leniency[who.district]) >> 8
            if p.act_slot[act] != layout.GOOD:
                chance = self.inspected(who, chance)
            if who.traits & layout.CONNECTED and p.act_slot[act] != layout.GOOD:
                chance = chance * (256 - int(p.recording_favour)) >> 8
        return chance

    @staticmethod
    def having(who: Resident) -> int:
        """A car 1, a card 2, the made-up allegiance 4."""
        return who.traits & 3 | (4 if who.traits & 64 else 0)

    def new_year(self, figures: list[int]) -> None:
        p = self.p
        self.met_share, self.favoured_share = figures[16:32], figures[32:]
        for who in self.people:
            if self.month > 0:
                who.age = min(120, who.age + 1)
                if who.loan and not who.arrears and not who.judged:
                    paid = (who.loan + int(p.circumstances_loan_size)) * int(p.circumstances_repaid) >> 32
                    who.loan = max(0, who.loan - max(1, paid))
                if who.work != layout.OUTSIDE and who.age >= p.circumstances_retirement_age:
                    who.work = layout.OUTSIDE
                    who.traits &= ~layout.OWN_BUSINESS
                if aftermath.unable_year(self, who):
                    self.add(who, "years_unable")
                who.asked = who.barred = 0
            who.hours = who.yuan = 0
            for slot in range(3):
                rate = int(p.slot_total[slot, self.having(who)]) * self.factor(who, slot) * self.room(slot) >> 16
                who.bound[slot] = min(65535, -(-rate // 65536))
            if who.age >= 18:
                rate = int(p.circumstances_job_loss + p.circumstances_expense + 2 * p.circumstances_default)
                who.bound[3] = min(65535, -(-rate // 65536))
            who.need = min(65535, -(-int(p.need_total[self.band(who)]) // 65536))
            if p.responses and who.age >= 18 and who.aware > self.month:
                if self.lot("talk", who) < int(p.response_talk) * figures[who.district] >> 16:
                    who.aware = self.month

    @staticmethod
    def band(who: Resident) -> int:
        return sum(who.age >= border for border in (18, 30, 45, 60))

    def factor(self, who: Resident, slot: int) -> int:
        p = self.p
        if who.age < 18:
            return 0
        if slot == 0:
            factor = 256 + (int(p.conduct_conscientiousness) * (128 - who.conscientiousness) >> 7)
            if who.age < 35:
                factor = factor * int(p.conduct_young) >> 8
        elif slot == 1:
            factor = 256 + (int(p.conduct_sociability) * (who.sociability - 128) >> 7)
        else:
            factor = 256 + (int(p.conduct_outspokenness) * (who.outspokenness - 128) >> 7)
        return max(8, factor)

    def room(self, slot: int) -> int:
        return int((self.p.response_headroom_misconduct, self.p.response_headroom_good, 256)[slot])

    # -- steps 1 to 6 -----------------------------------------------------------------------------

    def first_half(self, who: Resident) -> None:
        p = self.p
        lanes = self.word("temptation", who.number)
        blow = lanes >> 48
        acts: list[tuple[int, int, bool, int]] = []
        performed = 0
        self.changed = any(q.kind == "record" and q.month == self.month for q in who.papers)
        fresh = False
        if blow < who.bound[3]:
            self.blow(who)
        if p.lending and who.stops <= self.month:
            who.stops = NEVER
            if who.loan and not who.arrears and not who.judged:
                who.arrears, who.unwilling = 1, True
                self.count("loans_defaulted")
        if self.troubled(who) or self.month == 0 or who.newcomer:
            performed = -1 if self.circumstances(who, acts) else 0  # for every list
            if who.traits & layout.OFFENDER and who.age >= 18:
                self.offend(who, acts)
        for slot, name in enumerate(("misconduct", "good", "lawful")):
            if lanes >> (16 * slot) & 0xFFFF < who.bound[slot]:
                done = self.tempted(who, slot, name)
                if done:
                    acts.append(done)
        for act, amount, first, truth in acts:
            fresh |= self.record(who, act, amount, first, truth)
        if blow >= 65536 - int(p.errors_untrue_bound):
            fresh |= self.untrue(who)
        if who.due <= self.month or fresh or performed:
            before = who.grade[0]
            self.end_records(who)
            sums, caps, by_record = self.scoring(who)
            self.leaving(who, sums, caps, performed)
            rescored = self.entering(who, sums, caps, performed)
            if rescored:
                sums, caps, by_record = self.scoring(who)
            self.doors(who, by_record)
            who.warned = self.warning(who)
            self.next_look(who)
            if rescored:
                who.due = self.month + 1
            who.risen = who.grade[0] < before != partners.NONE and p.shown_scheme < 0
            who.looked = True

    def troubled(self, who: Resident) -> bool:
        offender = bool(who.traits & layout.OFFENDER)
        poor = who.savings < who.means
        return who.work == layout.UNEMPLOYED or who.arrears > 0 or who.judged > 0 or poor or offender

    def able(self, who: Resident) -> bool:
        return who.work != layout.UNEMPLOYED or who.savings >= self.p.circumstances_able_savings

    def blow(self, who: Resident) -> None:
        p = self.p
        x = self.lot("shock", who) * who.bound[3] >> 16
        if who.work == layout.EMPLOYED and x < p.circumstances_job_loss:
            aftermath.lose_work(self, who)
        x -= int(p.circumstances_job_loss)
        if 0 <= x < p.circumstances_expense:
            who.savings = max(0, who.savings - int(p.circumstances_expense_size))
            if p.responses and who.traits & layout.UNINSURED:
                aftermath.pay(self, who, int(p.circumstances_uninsured))
        x -= int(p.circumstances_expense)
        if who.loan and not who.arrears and not who.judged and x >= 0:
            careless = 256 + (int(p.conduct_conscientiousness) * (128 - who.conscientiousness) >> 7)
            if x << 8 < int(p.circumstances_default) * max(0, careless):
                who.arrears, who.unwilling = 1, True

    def circumstances(self, who: Resident, acts: list[tuple[int, int, bool, int]]) -> bool:
        p = self.p
        performed = False
        if who.work == layout.UNEMPLOYED:
            who.savings = max(0, who.savings - 1)
        elif who.savings < who.means and (self.month + who.at) % 3 == 0:
            who.savings += 1
        able = self.able(who)
        careful = max(0, 256 + (int(p.conduct_conscientiousness) * (who.conscientiousness - 128) >> 7))
        payment = self.lot("payment", who)
        if (self.month == 0 or who.newcomer) and who.judged == 2:
            self.add(who, "duties")
        if who.judged:
            performed = self.judged(who, acts, able, payment, careful)
        elif who.loan:
            if not able:
                who.arrears = min(255, who.arrears + 1)
            elif who.arrears and not who.unwilling:
                if payment << 8 < int(p.circumstances_catch_up) * careful:
                    who.arrears = 0
                else:
                    who.arrears = min(255, who.arrears + 1)
            if who.arrears:
                acts.append((ACT["loan-arrears"], 0, who.arrears == 1, layout.TRUE))
                self.add(who, "arrears_months")
                self.interest(who)
                if who.arrears >= p.circumstances_suit_after and self.lot("suit", who) < p.circumstances_suit:
                    who.judged, who.arrears = 1, 0
                    self.count("judgments")
                    acts.append((ACT["sued-for-debt"], 0, True, layout.TRUE))
        who.unwilling = False
        if not able:
            bill = self.word("bill", who.number)
            if bill >> 32 < p.circumstances_bill_unpaid:
                acts.append((ACT["utility-arrears"], 0, True, layout.TRUE))
                if bill & 0xFFFFFFFF < p.circumstances_bill_judged:
                    acts.append((ACT["utility-arrears-judged"], 0, True, layout.TRUE))
        for _, _, begins, _ in acts:
            if begins:
                self.add(who, "duties")
        if self.month == 0 or who.newcomer:
            who.newcomer = False
            if self.lot("status", who) < p.circumstances_kin_in_army:
                acts.append((ACT["kin-army-service"], 0, True, layout.TRUE))
        return performed

    def judged(self, who: Resident, acts: list[Any], able: bool, payment: int, careful: int) -> bool:
        p = self.p
        if able:
            rate = int(p.circumstances_pay_first if who.judged == 1 else p.circumstances_pay_able) * careful >> 8
            if p.responses and who.adverse(p) and who.aware <= self.month:
                lists = sum(1 << n for n in who.on())
                if lists & int(p.lists_hinder):
                    rate += int(p.response_pay_uplift)
                if lists & int(p.lists_named) and who.loan < p.response_shame_below:
                    rate += int(p.response_shame)
            if payment < rate:
                who.judged = who.loan = 0
                self.count("performed")
                return True
            acts.append((ACT["judgment-unpaid-able"], 0, who.judged == 1, layout.TRUE))
            evasion = self.word("evasion", who.number)
            if evasion >> 32 < p.circumstances_evasion:
                acts.append((ACT["judgment-evasion"], 0, True, layout.TRUE))
            banned = sum(1 << n for n in who.on()) & int(p.lists_ban)
            if banned and evasion & 0xFFFFFFFF < p.circumstances_ban_breach:
                acts.append((ACT["spending-ban-breach"], 0, True, layout.TRUE))
        else:
            acts.append((ACT["judgment-unpaid-unable"], 0, who.judged == 1, layout.TRUE))
        who.judged = 2
        self.interest(who)
        return False

    def interest(self, who: Resident) -> None:
        grown = who.loan * int(self.p.circumstances_interest) + (self.lot("interest", who) >> 16)
        who.loan = min(65535, who.loan + (grown >> 16))

    def closed_essential(self, doors: int) -> int:
        p = self.p
        return sum(bool(p.service_essential[s] and int(p.service_closed[s]) & doors) for s in range(len(SERVICES)))

    def tempted(self, who: Resident, slot: int, name: str) -> tuple[int, int, bool, int] | None:
        p = self.p
        having = self.having(who)
        word = self.word(f"choice_{name}", who.number)
        total = int(p.slot_total[slot, having])
        y = (word & 0xFFFFFFFF) * total >> 32
        k = next(k for k in range(len(ACTS)) if y < p.slot_cumulated[slot, having, k])
        act = int(p.slot_acts[slot, k])
        x = (word >> 32) * who.bound[slot] >> 16
        rate = total * self.factor(who, slot)
        will = claim = 65536
        if slot == 0:
            will -= self.felt(who, "deter", act)
            if p.responses and who.doors:
                strain = int(p.response_strain) * self.closed_essential(who.doors & int(p.doors_self))
                will = min(self.room(0) << 8, will * (256 + min(int(p.response_strain_most), strain)) >> 8)
        elif slot == 1:
            will = min(self.room(1) << 8, 65536 + self.felt(who, "uplift", act))
            claim = min(self.room(1) << 8, will + self.felt(who, "game", act))
        else:
            will -= self.felt(who, "chill", act)
        truth = layout.TRUE
        if x >= rate * will >> 24:
            if slot == 1 and x < rate * claim >> 24:
                truth = layout.CLAIMED
                self.add(who, "gamed")
                self.count("gamed")
            else:
                # The bound is rounded up: whoever falls between it and the own rate was never held back.
                if slot != 1 and x < rate >> 8:
                    self.count("held_back_lawful" if slot == 2 else "held_back_misconduct")
                return None
        else:
            if x >= rate >> 8:
                self.count(("strain_misconduct", "extra_good_deeds", "")[slot])
            self.add(who, ("misconduct", "good_deeds", "lawful_acts")[slot])
            self.count(("misconduct", "good_deeds", "lawful_acts")[slot])
        amount = 0
        least, most = (int(v) for v in p.act_amount[act])
        if most:
            lot = self.further(self.word("amount", who.number), slot) & 0xFFFFFFFF
            amount = (
                min(most, (least << 32) // (lot + 1)) if p.act_tail[act] else least + (lot * (most - least + 1) >> 32)
            )
        return act, amount, True, truth

    def record(self, who: Resident, act: int, amount: int, first: bool, truth: int) -> bool:
        p = self.p
        asked = any(int(p.act_asked[act]) >> s & 1 for s in who.part)
        if not p.act_covered[act] and not asked:
            return False
        seen = self.lot("recording", who, act) < self.chance(who, act)
        if seen and p.errors and self.lot("mix_up", who, act) < p.errors_mix_up:
            self.coming.append(((who.at + layout.MIX_SHIFT) % len(self.people), act, amount, layout.SOMEONE_ELSES, 0))
            seen = False
        if not seen:
            if first and p.act_start[act] < p.act_start[act + 1]:
                self.add(who, "unrecorded")
                self.count("unrecorded")
            return False
        made = self.apply(who, act, amount, first, truth, 0)
        if p.act_kin[act] and self.kin(who) is not None:
            self.coming.append((self.kin(who).at, act, amount, truth, 1))  # type: ignore[union-attr]
        if p.act_group[act]:
            size = max(1, int(p.recording_group))
            block = who.at // size
            members = [other for other in self.people if other.at // size == block and other is not who]
            self.coming += [(member.at, act, amount, truth, 2) for member in members]
        if act == ACT["judgment-unpaid-unable"] and p.errors and self.lot("misjudged", who) < p.errors_misjudged:
            made += self.apply(who, ACT["judgment-unpaid-able"], 0, first, layout.MISJUDGED, 0)
        return made > 0

    def inspected(self, who: Resident, rate: int) -> int:
        p = self.p
        s = SERVICE["inspection"]
        for at in range(int(p.service_start[s]), int(p.service_start[s + 1])):
            if who.doors >> int(p.service_doors[at]) & 1:
                rate = rate * int(p.door_times[int(p.service_doors[at])]) >> 8
        return rate

    def kin(self, who: Resident) -> Resident | None:
        other = self.people[len(self.people) - 1 - who.at]
        return None if other is who else other

    def untrue(self, who: Resident) -> bool:
        p = self.p
        if not p.errors or who.age < 18:
            return False
        word = self.word("untrue", who.number)
        if (word >> 32) * int(p.errors_untrue_bound) >> 16 >= p.errors_untrue:
            return False
        y = (word & 0xFFFFFFFF) * int(p.untrue_cumulated[-1]) >> 32
        act = max(k for k in range(len(ACTS)) if p.untrue_cumulated[k] <= y)
        return self.apply(who, act, 0, True, layout.NOT_HAPPENED, 0) > 0

    def apply(self, who: Resident, act: int, amount: int, first: bool, truth: int, kin: int) -> int:
        p = self.p
        made = 0

        def records(r: int) -> bool:
            enough = amount >= p.row_at_least[r] or (amount == 0 and truth != layout.NOT_HAPPENED)
            return bool(enough and (first or p.row_per[r] != 2) and self.consents(who, r))

        for at in range(int(p.act_start[act]), int(p.act_start[act + 1])):
            r, source = int(p.act_rows[at]), int(p.act_source[at])
            if p.row_kin[r] == kin and records(r) and (source < 0 or records(source)):
                self.make_record(who, r, amount, truth)
                made += 1
        return made

    def points(self, who: Resident, r: int, amount: int) -> int:
        p = self.p
        kind = p.row_kind[r]
        if kind == 0:
            step = int(p.row_steps[r])
            if step >= 0:
                return int(p.step_points[step, min(layout.MAX_STEPS - 1, self.counting(who, r))])
            return int(p.row_points[r])
        if kind == 1:
            own = self.lot_of("official", who, int(p.row_hash[r])) >> 16
            weight = int(p.recording_official)
            harsh = (own * (256 - weight) + int(p.district_harsh[who.district]) * weight) >> 8
            if who.traits & layout.CONNECTED:
                harsh = harsh * (256 - int(p.recording_favour)) >> 8
            least, most = int(p.row_least[r]) // 60, int(p.row_most[r]) // 60
            step = (abs(most - least) + 1) * harsh >> 16
            return (least + (step if most > least else -step)) * 60
        if kind == 2:
            unit = "hours" if p.row_unit[r] == 1 else "yuan"
            before = getattr(who, unit)
            setattr(who, unit, min(65535, before + amount))
            return self.curve(r, getattr(who, unit)) - self.curve(r, before)
        return 0

    def curve(self, r: int, units: int) -> int:
        total = below = 0
        for top, points, per in self.p.row_curve[r].tolist():
            if per == 0:
                break
            reach = min(units, top)
            if reach > below:
                total += (reach - below) * points // per
                below = reach
        return total

    def make_record(self, who: Resident, r: int, amount: int, truth: int) -> None:
        p = self.p
        points = self.points(who, r, amount)
        copies = [truth]
        if p.errors and self.lot_of("twice", who, int(p.row_hash[r])) < p.errors_twice:
            copies.append(layout.TWICE if truth == layout.TRUE else truth)
        for of in copies:
            self.add(who, "records")
            self.count("records")
            who.out.setdefault("first_record", self.month)
            if points > 0:
                self.add(who, "good_records")
                self.count("good_records")
            if of in UNTRUE:
                self.add(who, "untrue_records")
                self.count("untrue_records")
            elif of in (layout.TWICE, layout.MISJUDGED):
                self.add(who, "rule_wrong_records")
                self.count("twice_records" if of == layout.TWICE else "misjudged_records")
            until = min(NEVER, self.month + int(p.row_validity[r]))
            if points > 0 and until == NEVER and not p.row_kept[r] and of in (layout.TRUE, layout.CLAIMED):
                if p.row_scheme[r] >= 0:
                    who.base[int(p.row_scheme[r])] += points
            else:
                who.papers.append(Paper("record", r, of, self.month, until, points))

    def list_of(self, paper: Paper) -> int:
        """The list of a stay or of a waiting entry, and the one on which the door of a bar stands."""
        return int(self.p.door_behind[paper.what]) if paper.kind == "bar" else paper.what

    def counting(self, who: Resident, r: int) -> int:
        return sum(q.kind == "record" and q.what == r and self.month < q.until for q in who.papers)

    def end_records(self, who: Resident) -> None:
        p = self.p
        self.review = NEVER
        for paper in [q for q in who.papers if q.kind == "record"]:
            r = paper.what
            gone = False
            if paper.state == "corrected":
                gone = True
                self.review = min(self.review, paper.month)
                for stay in [q for q in who.papers if q.kind != "record"]:
                    if stay.cause == (r, paper.month) and p.list_corrected[self.list_of(stay)]:
                        stay.state = "corrected"
            elif not self.consents(who, r):
                gone = True
            elif self.month == paper.until and (
                (p.row_stays[r] and (r, paper.month) in [q.cause for q in who.stays()])
                or (self.month < paper.month + int(p.row_while[r]) and int(p.row_list[r]) in who.on())
            ):
                paper.until += 1  # no longer than the stay that rests on it
            elif self.month == paper.until and paper.truth != layout.AFTER_EXPIRY and p.errors:
                if self.lot_of("after_expiry", who, int(p.row_hash[r])) < p.errors_after_expiry:
                    paper.truth = layout.AFTER_EXPIRY
                    paper.until = min(NEVER, self.month + int(p.errors_after_expiry_months))
                    self.add(who, "rule_wrong_records")
                    self.count("overdue_records")
            window = paper.month + int(p.row_window[r])
            if not gone and self.month >= paper.until and self.month >= window:
                gone = True
            elif not gone and paper.until == NEVER and paper.truth == layout.TRUE and not p.row_kept[r]:
                if self.month >= paper.month + p.absorb_after and paper.decide == NEVER:
                    if p.row_scheme[r] >= 0:
                        who.base[int(p.row_scheme[r])] += paper.points
                    gone = True
            if gone:
                who.papers.remove(paper)

    def scoring(self, who: Resident) -> tuple[list[list[int]], list[int], int]:
        p = self.p
        sums = [[int(p.scheme_start[s]) + who.base[s]] * 3 for s in range(int(p.schemes))]
        caps = [0] * int(p.schemes)
        by_record = 0
        parts = [[0] * 3 for _ in range(int(p.components))]
        counted: dict[tuple[int, int], int] = {}
        at_all = [(s, d) for s in range(int(p.schemes)) for d in range(int(p.scheme_dimensions[s]))]
        values = {at: [who.own.known.get(at, 0)] * 3 for at in at_all}
        for paper in who.papers:
            if paper.kind != "record" or self.month >= paper.until:
                continue
            r, s = paper.what, int(p.row_scheme[paper.what])
            for d in range(layout.MAX_DOORS):
                if int(p.row_doors[r]) >> d & 1 and self.finds(who, int(p.door_body[d]), paper):
                    by_record |= 1 << d
            if s < 0 or not self.finds(who, int(p.scheme_body[s]), paper):
                continue
            right = (True, paper.truth not in UNTRUE, paper.truth in (layout.TRUE, layout.CLAIMED))
            d = int(p.row_dimension[r])
            for k in range(3):
                if not right[k]:
                    continue
                points = paper.points
                step, part = int(p.row_steps[r]), int(p.row_component[r])
                if step >= 0:
                    n = counted[r, k] = counted.get((r, k), 0) + 1
                    points = int(p.step_points[step, min(n, layout.MAX_STEPS) - 1])
                if d >= 0:
                    values[s, d][k] += points
                elif part >= 0:
                    parts[part][k] += points
                else:
                    sums[s][k] += points
            if p.row_cap[r] and self.month < paper.month + p.row_cap_lasts[r]:
                caps[s] = max(caps[s], int(p.row_cap[r]))
        glitch = p.errors and self.month == p.errors_glitch_month and p.components
        glitch = glitch and self.lot("glitch", who) < p.errors_glitch_share
        self.glitched = False
        for c, three in enumerate(parts):
            low, high = int(p.component_low[c]), int(p.component_high[c])
            held = [min(high, max(low, points)) for points in three]
            if glitch and c == p.glitch_component:
                self.glitched |= held[0] != low
                held[0] = held[1] = low
            for k in range(3):
                sums[int(p.component_scheme[c])][k] += held[k]
        for s in range(int(p.schemes)):
            if p.scheme_dimensions[s]:
                of = [values[s, d] for d in range(int(p.scheme_dimensions[s]))]
                sums[s] = [self.weighted(s, [value[k] for value in of]) for k in range(3)]
            if s not in who.part:
                who.score[s], who.grade[s] = 0, partners.NONE
            elif p.scheme_grades[s] and (self.month % int(p.scheme_update[s]) == 0 or who.grade[s] == partners.NONE):
                who.score[s] = min(int(p.scheme_ceiling[s]), max(int(p.scheme_floor[s]), sums[s][0]))
                who.grade[s] = max(self.band_of(s, who.score[s]), caps[s])
        return sums, caps, by_record

    def grounds(self, n: int) -> Iterator[int]:
        yield from range(int(self.p.ground_start[n]), int(self.p.ground_start[n + 1]))

    def standing(self, who: Resident, n: int, sums: list[list[int]], caps: list[int]) -> int | None:
        p = self.p
        for g in self.grounds(n):
            if p.ground_kind[g] > 1:
                continue
            s, border = int(p.list_scheme[n]), int(p.ground_value[g])
            if who.grade[s] == partners.NONE:
                continue
            if p.ground_kind[g] == 0:
                holds = who.score[s] < border
            else:
                holds = who.grade[s] >= border
                border = int(p.grade_floor[s, border - 1]) if border else NEVER * 60
            if holds:
                clean = [max(int(p.scheme_floor[s]), sums[s][k]) >= border and not caps[s] for k in (1, 2)]
                return layout.WRONG_FACTUAL if clean[0] else layout.WRONG_RULE if clean[1] else layout.RIGHT
        return None

    def leaving(self, who: Resident, sums: list[list[int]], caps: list[int], performed: int) -> None:
        p = self.p
        for stay in who.stays():
            n = stay.what
            how = None
            if stay.state == "corrected":
                how = layout.EXIT_CORRECTED
            elif stay.state == "repaired":
                how = layout.EXIT_REPAIRED
            elif self.falls_below(who, stay, sums, caps):
                how = layout.EXIT_CORRECTED
                self.tell_of(who, stay)
            elif stay.month < who.here[int(p.share_level[p.list_body[n], p.list_body[n]])]:
                how = layout.LEFT_BEHIND
            elif self.month >= stay.until:
                how = stay.left if stay.state == "overdue" else layout.EXPIRED
            elif stay.state != "overdue" and p.list_performed[n] and performed >> n & 1:
                how = layout.PERFORMED
            elif stay.state != "overdue" and p.list_term[n] == 2 and self.standing(who, n, sums, caps) is None:
                how = layout.EXPIRED
            if how in (layout.EXPIRED, layout.PERFORMED) and stay.state != "overdue" and p.errors:
                if self.lot_of("late_removal", who, int(p.list_hash[n])) < p.errors_late_removal:
                    stay.state, stay.left = "overdue", how
                    if stay.truth != layout.WRONG_FACTUAL:
                        stay.truth = layout.WRONG_RULE
                    stay.until = min(NEVER, self.month + int(p.errors_late_removal_months))
                    self.count("late_removals")
                    how = None
            if how is not None:
                who.papers.remove(stay)
                if int(p.lists_adverse) >> n & 1:
                    names = ("left_expired", "left_performed", "left_repaired", "left_corrected")
                    self.count("left_moved" if how == layout.LEFT_BEHIND else names[how])
        for bar in [q for q in who.papers if q.kind == "bar"]:
            body = int(p.list_body[self.list_of(bar)])
            moved = bar.month < who.here[int(p.share_level[body, body])]
            if bar.state == "corrected" or self.month >= bar.until or moved or self.falls_below(who, bar, sums, caps):
                who.papers.remove(bar)

    def falls_below(self, who: Resident, stay: Paper, sums: list[list[int]], caps: list[int]) -> bool:
        """Whether a record from before a stay on a border was taken back, and what is left crosses no border."""
        p, n = self.p, self.list_of(stay)
        kinds = [int(p.ground_kind[g]) for g in self.grounds(n)]
        if self.review > stay.month or stay.cause is not None or not p.list_corrected[n]:
            return False
        if 4 in kinds or not any(kind < 2 for kind in kinds):
            return False
        s = int(p.list_scheme[n])
        score = min(int(p.scheme_ceiling[s]), max(int(p.scheme_floor[s]), sums[s][0]))
        grade = max(self.band_of(s, score), caps[s])
        borders = [(kind, int(p.ground_value[g])) for kind, g in zip(kinds, self.grounds(n), strict=True)]
        return not any((kind == 0 and score < at) or (kind == 1 and grade >= at) for kind, at in borders)

    def entering(self, who: Resident, sums: list[list[int]], caps: list[int], performed: int) -> bool:
        p = self.p
        entered: list[Paper] = []
        for n in range(int(p.lists)):
            mine = [stay for stay in who.stays() if stay.what == n]
            if not mine and any(int(p.list_replaces[other]) >> n & 1 for other in who.on()):
                continue
            body = int(p.list_body[n])
            seen = [q for q in who.papers if q.kind == "record" and self.finds(who, body, q)]
            fresh = [q for q in seen if self.arrived(n, q) == self.month]
            if mine:
                more = sum(bool(p.list_extends[n, q.what]) for q in fresh)
                stay = mine[0]
                if more and stay.month < self.month and stay.until != NEVER:
                    most = int(p.list_repair_most[n] if p.list_term[n] == 1 else p.list_most[n])
                    longest = min(NEVER, stay.month + min(most, int(p.list_at_most[n])))
                    longer = stay.until + more * int(p.list_by[n])
                    if p.list_restart[n]:
                        longer = self.month + int(p.list_by[n])
                    stay.until = max(stay.until, min(longest, longer))
                continue
            wrong: int | None = None
            cause = None
            waiting = next((q for q in who.papers if q.kind == "waiting" and q.what == n), None)
            if waiting is not None:
                averted = bool(p.list_performed[n]) and bool(performed >> n & 1)
                if waiting.state == "corrected" or averted:
                    who.papers.remove(waiting)
                    if waiting.state != "corrected" and int(p.lists_adverse) >> n & 1:
                        self.count("averted")
                elif self.month < waiting.until:
                    continue
                else:
                    who.papers.remove(waiting)
                    wrong, cause = waiting.truth, waiting.cause
                    if cause is None:
                        wrong = self.standing(who, n, sums, caps)
                    if wrong is not None:
                        entered.append(self.enter(who, n, wrong, cause))
                    continue
            for g in self.grounds(n):
                if p.ground_kind[g] < 2 or wrong is not None:
                    continue
                row = int(p.ground_row[g])
                if p.ground_kind[g] == 4:
                    for stay in who.stays():
                        if stay.what == row and stay.month + p.ground_window[g] == self.month:
                            wrong = stay.truth
                    continue
                window = int(p.ground_window[g])
                found = [q for q in seen if q.what == row and self.month < self.arrived(n, q) + window]
                found = [q for q in found if self.arrived(n, q) <= self.month]
                if len(found) >= p.ground_count[g] and any(q in fresh for q in found):
                    factual = [q for q in found if q.truth not in UNTRUE]
                    right = [q for q in factual if q.truth in (layout.TRUE, layout.CLAIMED)]
                    wrong = layout.RIGHT
                    if len(factual) < p.ground_count[g]:
                        wrong = layout.WRONG_FACTUAL
                    elif len(right) < p.ground_count[g]:
                        wrong = layout.WRONG_RULE
                    cause = (row, next(q.month for q in found if q in fresh))
            if wrong is None:
                wrong = self.standing(who, n, sums, caps)
            if wrong is None:
                continue
            if p.list_grace[n]:
                ends = min(NEVER, self.month + int(p.list_grace[n]))
                who.papers.append(Paper("waiting", n, wrong, self.month, ends, cause=cause))
                continue
            entered.append(self.enter(who, n, wrong, cause))
        again = False
        for stay in entered:
            for at in range(int(p.list_row_start[stay.what]), int(p.list_row_start[stay.what + 1])):
                if not self.consents(who, int(p.list_rows[at])):
                    continue
                truth = {layout.RIGHT: layout.TRUE, layout.WRONG_FACTUAL: layout.NOT_HAPPENED}
                self.make_record(who, int(p.list_rows[at]), 0, truth.get(stay.truth, layout.MISJUDGED))
                again = True
        return again

    def enter(self, who: Resident, n: int, wrong: int, cause: tuple[int, int] | None) -> Paper:
        p = self.p
        until = NEVER
        if p.list_term[n] == 0:
            until = self.month + int(p.list_months[n])
        most = int(p.list_repair_most[n]) if p.list_term[n] == 1 else int(p.list_most[n])
        stay = Paper("stay", n, wrong, self.month, min(NEVER, until, self.month + most), cause=cause)
        who.papers.append(stay)
        for d in range(layout.MAX_DOORS):
            if int(p.list_bars[n]) >> d & 1:
                ends = min(NEVER, self.month + int(p.door_lasts[d]))
                who.papers.append(Paper("bar", d, wrong, self.month, ends, cause=cause))
        for other in who.stays():
            if int(p.list_replaces[n]) >> other.what & 1:
                who.papers.remove(other)
                self.count("left_replaced", int(p.lists_adverse) >> other.what & 1)
        who.entered = True
        if int(p.lists_adverse) >> n & 1:
            who.entered_public |= bool(p.list_public[n])
            self.count("entered")
            who.out.setdefault("first_listed", self.month)
        return stay

    def doors(self, who: Resident, by_record: int) -> None:
        p = self.p
        mask = by_record | (who.doors & int(p.doors_lent))
        for s in range(int(p.schemes)):
            if p.scheme_grades[s] and who.grade[s] != partners.NONE:
                mask |= int(p.grade_doors[s, who.grade[s]])
        for n in who.on():
            mask |= int(p.list_doors[n])
        for paper in who.papers:
            mask |= 1 << paper.what if paper.kind == "bar" else 0
        who.doors = mask

    def next_look(self, who: Resident) -> None:
        p = self.p
        later = [NEVER]
        for paper in who.papers:
            later.append(paper.until)
            if paper.kind == "record":
                r = paper.what
                later += [paper.decide, paper.month + int(p.row_window[r])]
                later += [paper.month + int(late) for late in p.share_after[p.row_authority[r]]]
                if p.row_cap[r]:
                    later.append(paper.month + int(p.row_cap_lasts[r]))
                if paper.until == NEVER and paper.truth == layout.TRUE and not p.row_kept[r]:
                    later.append(max(self.month + 1, paper.month + int(p.absorb_after)))
            elif paper.kind != "bar" and p.list_watch[paper.what]:
                for n in range(int(p.lists)):
                    for g in self.grounds(n):
                        if p.ground_kind[g] == 4 and p.ground_row[g] == paper.what:
                            later.append(paper.month + int(p.ground_window[g]))
        later.append(who.stops)
        for s in range(int(p.schemes)):
            every = int(p.scheme_update[s])
            if every > 1:
                later.append((self.month // every + 1) * every)
        if p.components and p.errors:
            later += [int(p.errors_glitch_month), int(p.errors_glitch_month) + 1]
        who.due = min(month for month in later if month > self.month)

    # -- who finds what, and whom one deals with -----------------------------------------------------

    def finds(self, who: Resident, body: int, paper: Paper) -> bool:
        """Whether ``body`` finds this record."""
        p = self.p
        of = int(p.row_authority[paper.what])
        if of == body and paper.month >= who.here[0]:
            return True
        cover = int(p.share_cover[of, body])
        since = who.here[int(p.share_level[of, body])]
        if not cover or paper.month < since or self.month - paper.month < p.share_after[of, body]:
            return False
        key = luck.key("engine/sharing", self.seed, self.replay, paper.month)
        word = luck.mix(key + GAMMA * who.number)
        return luck.mix(word ^ int(p.row_hash[paper.what]) ^ int(p.body_hash[body])) >> 32 < cover

    def arrived(self, n: int, paper: Paper) -> int:
        """The month in which a record comes to the keeper of list ``n``."""
        of, body = int(self.p.row_authority[paper.what]), int(self.p.list_body[n])
        late = 0 if of == body else int(self.p.share_after[of, body])
        return paper.month + (max(1, late) if self.p.row_list[paper.what] >= 0 else late)

    def warning(self, who: Resident) -> int:
        p = self.p
        if not p.public:
            return 0
        truths = []
        for paper in who.papers:
            if paper.kind == "record" and self.month < paper.until and p.row_warns[paper.what]:
                if self.finds(who, layout.THE_PUBLIC, paper):
                    truths.append(paper.truth not in UNTRUE)
        for stay in who.adverse(p):
            if p.list_public[stay.what] and stay.month >= who.here[int(p.list_level[stay.what])]:
                truths.append(stay.truth != layout.WRONG_FACTUAL)
        return 0 if not truths else 1 if any(truths) else 2

    def offend(self, who: Resident, acts: list[tuple[int, int, bool, int]]) -> None:
        p = self.p
        if who.packs:
            who.here = (self.month, self.month if who.packs == "far" else who.here[1], 0)
            who.packs, who.cheated_here = "", False
            who.due = self.month
            who.warned = self.warning(who)
            self.count("moves")
        rate = int(p.conduct_fraud)
        rate = rate * (65536 - self.felt(who, "deter", ACT["fraud"], asks=False)) >> 16
        n = len(self.people)
        start = self.lot("victim", who) * n >> 32
        others = [self.people[(start + k) % n] for k in range(n)]
        partner = next((one for one in others if one is not who and one.age >= 18), None)
        if self.lot("fraud", who) >= rate or partner is None:
            return
        self.count("frauds_tried")
        one_shot = self.lot("dealing", who) < p.dealings_one_shot
        stopped = "warned" if one_shot and who.warned else "known" if not one_shot and who.cheated_here else ""
        going = self.word("move", who.number)
        if going >> 32 < p.conduct_move_on:
            who.packs = "far" if going & 0xFFFFFFFF < p.conduct_move_far else "near"
        if stopped:
            self.count(f"frauds_{stopped}")
            return
        who.cheated_here = True
        acts.append((ACT["fraud"], 0, True, layout.TRUE))
        for name in ("victims", "misconduct"):
            self.add(who, name)
            self.count(name)
        self.add(partner, "defrauded")

    # -- steps 7 to 9 -----------------------------------------------------------------------------

    def attempts(self, who: Resident, needs: bool) -> None:
        p = self.p
        kin = self.kin(who)
        own = who.doors & int(p.doors_self)
        doors = own | (kin.doors & int(p.doors_kin) if kin else 0)
        if needs:
            word = self.word("service", who.number)
            x = (word >> 32) * who.need >> 16
            band = self.band(who)
            if x < p.need_total[band]:
                k = next(k for k in range(len(SERVICES)) if x < p.need_cumulated[band, k])
                s = int(p.need_services[k])
                child = bool(who.traits & layout.HAS_CHILD) or (kin is not None and kin.age < 18)
                if s != SERVICE["job"] and (s != SERVICE["school-place"] or child):
                    served = self.attempt(who, s, doors, self.further(word, 1))
                    if s == SERVICE["loan"] and p.lending:
                        self.request(who, served)
                    if p.responses:
                        aftermath.follow_up(self, who, s, served, *self.how)
                    if p.responses and served and s == SERVICE["loan"] and not who.judged:
                        if who.arrears:
                            who.arrears = 0
                        else:
                            who.loan = min(65535, who.loan + int(p.circumstances_loan_size))
        travel = int(p.service_closed[SERVICE["flight"]]) | int(p.service_closed[SERVICE["high-speed-rail"]])
        if who.work == layout.UNEMPLOYED:
            word = self.word("job", who.number)
            openings = int(p.circumstances_job_found)
            if p.responses and who.traits & layout.MISSED_SCHOOL:
                openings = openings * (256 - int(p.aftermath_school)) >> 8
            if word >> 32 < openings:
                hired = self.attempt(who, SERVICE["job"], doors, self.further(word, 1))
                if hired or not p.responses:
                    who.work = layout.EMPLOYED
        elif p.responses and who.work == layout.EMPLOYED and doors & travel:
            if self.lot("mobility", who) < p.circumstances_mobility_job_loss:
                aftermath.lose_work(self, who, "travel")
        if doors & int(p.doors_hinder):
            hindered = sum(bool(int(h) & doors) for h in p.service_hindered)
            who.out["doors_most"] = max(who.out.get("doors_most", 0), hindered)
            if self.closed_essential(doors) >= p.doors_unable_at:
                self.add(who, "months_unable")
                self.count("unable")
            if hindered and p.doors_kin and not any(int(h) & own for h in p.service_hindered):
                self.add(who, "wrong_spread")

    def attempt(self, who: Resident, s: int, doors: int, luck_: int, otherwise: bool | None = None) -> bool:
        p = self.p
        self.add(who, "attempts")
        self.count("attempts")
        who.asked = min(255, who.asked + 1)
        listed = bool(who.adverse(p))
        self.count("listed_attempts", listed)
        wait, standing, refused = int(p.service_wait[s]), "plain", False
        saved = 0
        for at in range(int(p.service_start[s]), int(p.service_start[s + 1])):
            d = int(p.service_doors[at])
            if not doors >> d & 1:
                continue
            saved = max(saved, int(p.door_saves[d]))
            effect = p.door_effect[d]
            if effect == layout.CLOSED:
                refused = True
            elif effect == layout.NARROWED:
                refused |= self.further(luck_, s) >> 32 < p.door_share[d]
            elif effect in (layout.SLOWED, layout.OPENED):
                wait = wait * int(p.door_times[d]) >> 8
                if effect == layout.SLOWED:
                    standing = "held up"
                elif standing == "plain":
                    standing = "green"
        self.how = refused, wait
        if refused:
            who.barred = min(255, who.barred + 1)
            self.add(who, "refused")
            self.count("refused")
            self.count("listed_refused", listed)
            return False
        lot = luck_ & 0xFFFFFFFF
        judged = s == SERVICE["loan"] and p.lending
        if otherwise is None:
            otherwise = self.judged_bad(who, lot) if judged else lot < p.service_refusal[s, who.file]
        if otherwise:
            self.add(who, "refused_else")
            self.count("refused_else")
            return False
        self.add(who, "waited", wait)
        self.count("waited", wait)
        if p.service_opened[s] and standing != "held up":
            self.count(f"{standing}_attempts")
            self.count(f"{standing}_waited", wait)
        if saved:
            who.own.perks += saved
            self.count("perks", saved)
        return True

    def judged_bad(self, who: Resident, lot: int) -> bool:
        p = self.p
        for q in who.papers:
            if q.kind == "record" and self.month < q.until and int(p.row_lends[q.what]) >> who.file & 1:
                if self.finds(who, int(p.lend_body), q):
                    return True
        border = int(p.lend_border[who.file])
        scheme = int(p.lend_scheme)
        below = who.grade[scheme] != partners.NONE and who.score[scheme] < border
        return below or lot < int(p.lend_share[who.file])

    def request(self, who: Resident, granted: bool) -> None:
        p = self.p
        careless = max(0, 256 + (int(p.conduct_conscientiousness) * (128 - who.conscientiousness) >> 7))
        poor = 256 + (int(p.lending_means) * max(0, 8 - who.means) >> 3)
        bad = self.lot("loan", who) < (int(p.lending_default) * careless >> 8) * poor >> 8
        told = ["loans_asked"]
        if not granted:
            told += ["loans_refused"] + ([] if bad else ["loans_good_refused"])
        elif bad:
            told += ["loans_bad"]
        for name in told:
            self.add(who, name)
            self.count(name)
        if granted and p.responses:
            who.file = max(who.file, 1)
            if bad and who.stops == NEVER:
                who.stops = min(NEVER - 1, self.month + int(p.lending_bad_after))
                who.due = min(who.due, who.stops)

    def rights(self, who: Resident) -> None:
        p = self.p
        # Newest first: a resident opens the file at the last page.
        for paper in reversed(who.papers):
            r = paper.what
            if paper.kind == "record":
                address = int(p.row_hash[r]) ^ paper.month
                wrong = paper.truth not in (layout.TRUE, layout.CLAIMED)
                if paper.decide == self.month and not paper.state:
                    chance = p.row_won_wrong[r] if wrong else p.rights_won_right
                    if self.lot_of("decision", who, address) < chance:
                        paper.state = "corrected"
                        who.due = self.month + 1
                        self.add(who, "appeals_won")
                        self.count("appeals_won")
                elif paper.points <= 0 and paper.decide == NEVER and not paper.state:
                    told = paper.month == self.month and self.lot_of("notice", who, address) < p.row_notice[r]
                    if told:
                        if p.row_informs[r]:
                            who.aware = min(who.aware, self.month + 1)
                        self.count("noticed")
                    if told or (who.entered and p.row_lists[r]):
                        clock = int(p.row_appeal[r])
                        uptake = p.rights_appeal_wrong if wrong else p.rights_appeal_right
                        if clock != NEVER and self.lot_of("appeal", who, address) < uptake:
                            paper.decide = self.month + clock
                            who.due = min(who.due, paper.decide)
                            self.add(who, "appeals")
                            self.count("appeals")
                            self.count("staff_minutes", int(p.rights_minutes_appeal))
            elif paper.kind == "stay" and not paper.state and self.month >= paper.month + p.list_repair_after[r]:
                if not who.arrears and not who.judged and who.aware <= self.month:
                    if self.lot_of("repair", who, int(p.list_hash[r])) < p.rights_repair:
                        paper.state = "repaired"
                        who.due = self.month + 1
                        self.count("repairs")
                        self.count("staff_minutes", int(p.rights_minutes_repair))
        self.tell_copies(who)

    def tell_copies(self, who: Resident) -> None:
        """Whoever holds a copy of what was taken back this month takes it back too, or never hears of it."""
        p = self.p
        records = [paper for paper in who.papers if paper.kind == "record"]
        back = [one for one in records if one.state == "corrected" and one.decide == self.month]
        for source in back:
            for copy in records:
                related = p.row_family[copy.what] == p.row_family[source.what] and p.row_copied[source.what]
                same = copy.month == source.month and copy.truth == source.truth and copy.what != source.what
                if related and same and p.row_copy[copy.what] and not copy.state:
                    if p.row_corrects[copy.what]:
                        copy.state, copy.decide = "corrected", NEVER
                        who.due = self.month + 1
                    elif copy.until > self.month + 1:
                        self.count("stale_copies")
        # A listing ends with its record; what is told of it may be the ground of another, and so on.
        again = bool(back)
        while again:
            again = False
            fallen = {(one.what, one.month) for one in records if one.state == "corrected"}
            for stay in who.stays():
                if stay.state != "corrected" and stay.cause in fallen and p.list_corrected[stay.what]:
                    stay.state = "corrected" if p.list_told[stay.what] else stay.state
                    again |= self.tell_of(who, stay)

    def tell_of(self, who: Resident, stay: Paper) -> bool:
        """Who was told of a listing that was wrong takes the record back, or never hears of it."""
        p, more = self.p, False
        for copy in who.papers:
            if copy.kind == "record" and not copy.state and copy.month == stay.month and p.row_told[copy.what]:
                if p.row_list[copy.what] != stay.what:
                    continue
                if p.row_corrects[copy.what]:
                    copy.state, copy.decide, more = "corrected", NEVER, True
                elif copy.until > self.month + 1:
                    self.count("stale_copies")
        return more

    def response(self, who: Resident) -> None:
        p = self.p
        if not p.responses:
            return
        if who.entered:
            who.aware = min(who.aware, self.month + 1)
        shows = who.risen and who.aware <= self.month and who.age >= 18 and self.lot("show", who) < p.response_show
        if shows:
            self.add(who, "shown")
            self.count("shown")
        if not (who.entered_public or shows):
            return
        for k in sorted(who.ties):
            friend = self.people[self.network.place(who.at, k)]
            owner = self.people[self.network.owner(who.at, k)]
            if self.lot("told", who, k) < p.response_told:
                friend.aware = min(friend.aware, self.month + 1)
            if who.entered_public and self.lot("tie", owner, friends.edge(k)) < p.response_tie:
                who.ties.discard(k)
                friend.ties.discard(friends.from_there(k))
                for one in (who, friend):
                    self.add(one, "ties_lost")
                self.count("ties_lost")

    def tally(self, who: Resident) -> None:
        if who.adverse(self.p):
            self.add(who, "months_listed")
            self.count("listed")
            wrongs = {stay.truth for stay in who.adverse(self.p)}
            if layout.RIGHT not in wrongs:
                factual = layout.WRONG_FACTUAL in wrongs
                self.add(who, "wrong_factual" if factual else "wrong_rule")
                self.count("listed_wrong_factual" if factual else "listed_wrong_rule")
        self.count("unemployed", who.work == layout.UNEMPLOYED)
        for name, owes in (("in_arrears", who.arrears > 0), ("judged", who.judged > 0)):
            self.count(name, owes)
            self.count("debt", who.loan if owes else 0)
        self.count("judged_able", who.judged > 0 and self.able(who))
