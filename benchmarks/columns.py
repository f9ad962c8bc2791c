"""The month under ``court-defaulters`` in NumPy columns: what a researcher who knows NumPy well would write.

Written from the claims of the nine steps, without a loop over residents: an array for each field of a resident, draws of a
whole column at once (SFC64, float32), and index arrays of the few to whom anything happens. It shares with the engine who lives in
the city, the rates, and the tables of the rule book (``engine.plan``), and nothing else: it has luck of its own, so the two agree in
their rates within chance (``agree``), not bit by bit.

The rules are those of `court-defaulters` as they are lived for a year without responses and without errors: work, savings, loans,
arrears, suits and judgments; temptations to all acts; the four court records, their notice, objection and correction; both lists and the order,
entered, left by performance and by correction, or when the term is over; the seventeen doors; all services, with refusals by rules, by others, and
waiting; counts of the month and of each resident. Left out here, and switched off in the engine for the comparison, are
responses (``responses``), errors (``errors``), frauds and moves of repeat offenders (``conduct.fraud`` 0), and whatever begins with a second
year (births, deaths, growing older).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from counterscore.catalog import load_assumptions, load_regime
from counterscore.catalog.assume import Assumptions
from counterscore.engine import layout
from counterscore.engine.plan import compile_plan
from counterscore.regime.vocabulary import ACTS, SERVICES

MONTHS = 12
_WORD = 2.0**32
_ACT = {act.id: k for k, act in enumerate(ACTS)}
_SERVICE = {service.id: k for k, service in enumerate(SERVICES)}
#: The acts that the courts record, by row of the catalogue.
_ROWS = ("judgment-unpaid-able", "judgment-evasion", "spending-ban-breach", "judgment-unpaid-unable")
_SLOTS = ("misconduct", "good_deeds", "lawful_acts")
#: Of these a year counts the same resident up to twelve times.
_STOCKS = frozenset({"unemployed", "in_arrears", "judged", "judged_able", "listed", "unable", "records", "noticed"})
#: Counts of the month that both keep and that are compared.
COMPARED = (
    *_SLOTS, "job_losses", "unemployed", "in_arrears", "judgments", "judged", "judged_able", "performed", "records",
    "unrecorded", "noticed", "appeals", "appeals_won", "entered", "listed", "left_performed", "left_corrected", "attempts", "refused",
    "refused_else", "waited", "unable", "dealings_refused", "adults", "aware", "debt",
)  # fmt: skip


def assumed() -> Assumptions:
    """The assumptions under which both live."""
    return load_assumptions().with_value("conduct.fraud", 0.0)


def plan(assumptions: Assumptions | None = None) -> Any:
    """The rule book as numbers."""
    stack = load_regime("court-defaulters").stacked()
    return compile_plan(stack, assumptions or assumed(), seed=1, responses=False, errors=False)


class Town:
    """Residents as columns. ``start`` is the engine's table of them on the eve of the first month, ``watch`` who knows of the regime."""

    def __init__(self, p: Any, start: Any, watch: Any, seed: int) -> None:
        self.rng = np.random.Generator(np.random.SFC64(seed))
        self.n = n = len(start)
        self.p, self.month, self.counts = p, 0, {name: np.zeros(MONTHS, np.int64) for name in COMPARED}
        for name in ("work", "savings", "means", "arrears", "judged", "file", "district", "group", "traits"):
            setattr(self, name, start[name].astype(np.int16))
        self.loan = start["loan"].astype(np.float32)
        self.adult = start["age"] >= 18
        self.offender = (self.traits & layout.OFFENDER) != 0
        self.child = (self.traits & layout.HAS_CHILD) != 0
        self.aware = watch["aware"].copy()
        self.on = np.zeros(n, np.uint8)  # lists, one bit each
        self.since = np.zeros((3, n), np.int16)
        self.until = np.zeros((3, n), np.int32)
        self.cause = np.zeros((3, n), np.int16)  # 4 x month + row of the record behind a stay
        self.appealed: Any = (np.zeros(0, np.int64), np.zeros(0, np.int64))
        self.taken_back: Any = (np.zeros(0, np.int64), np.zeros(0, np.int64))
        names = (
            *_SLOTS,
            "job_losses",
            "duties",
            "arrears_months",
            "records",
            "unrecorded",
            "appeals",
            "appeals_won",
            "attempts",
        )
        names += (
            "refused",
            "refused_else",
            "waited",
            "months_listed",
            "months_unable",
            "dealings_refused",
            "doors_most",
        )
        self.out = {name: np.zeros(n, np.uint16) for name in names}
        self.out |= {name: np.full(n, layout.NEVER, np.uint16) for name in ("first_record", "first_listed")}
        self.acts, self.services = np.zeros(len(ACTS), np.int64), np.zeros((len(SERVICES), 4), np.int64)
        self._rates(start)

    def _rates(self, start: Any) -> None:
        """What a year does not change: rates of temptations, blows, needs, and tables by the lists that somebody is on."""
        p, f32 = self.p, np.float32
        care = start["conscientiousness"].astype(f32) - 128
        away = [
            -care * f32(int(p.conduct_conscientiousness) / 2**15),
            (start["sociability"].astype(f32) - 128) * f32(int(p.conduct_sociability) / 2**15),
            (start["outspokenness"].astype(f32) - 128) * f32(int(p.conduct_outspokenness) / 2**15),
        ]
        self.careless, self.careful = np.maximum(0, 1 + away[0]), np.maximum(0, 1 - away[0])
        young = np.where(start["age"] < 35, f32(int(p.conduct_young) / 256), f32(1))
        self.having = self.traits & 3 | np.where(self.traits & 64, 4, 0).astype(np.int16)
        self.tempted, self.chosen = [], []
        for slot in range(3):
            total = np.asarray(p.slot_total)[slot] / _WORD
            factor = np.maximum((1 + away[slot]) * (young if slot == 0 else 1), f32(1 / 32))
            self.tempted.append(np.where(self.adult, total.astype(f32)[self.having] * factor, f32(0)))
            within = np.asarray(p.slot_cumulated)[slot] / np.asarray(p.slot_total)[slot][:, None]
            self.chosen.append(
                (np.minimum(within, 1) + np.arange(8)[:, None]).ravel()
            )  # one search for all eight kinds
        blows = [int(p.circumstances_job_loss), int(p.circumstances_expense), 2 * int(p.circumstances_default)]
        self.blows = np.cumsum(blows) / _WORD
        self.band = np.digitize(start["age"], (18, 30, 45, 60))
        total = np.asarray(p.need_total) / _WORD
        self.need = total.astype(f32)[self.band]
        within = np.asarray(p.need_cumulated)[1:] / np.asarray(p.need_total)[1:, None]
        self.served = (np.minimum(within, 1) + np.arange(1, 5)[:, None]).ravel()
        self.detected = np.asarray(p.act_detect)[[_ACT[name] for name in _ROWS]] / _WORD
        self.seen = (
            np.asarray(p.group_scrutiny)[self.group] * np.asarray(p.district_leniency)[self.district] / 2**16
        ).astype(f32)
        self.seen *= np.where(self.traits & layout.CONNECTED, f32(1 - int(p.recording_favour) / 256), f32(1))
        self.refuses = np.zeros((8, len(SERVICES)))  # by lists and service: the share that a rule refuses
        self.hindered, self.essential = np.zeros(8, np.int64), np.zeros(8, np.int64)
        closed, hinders = np.asarray(p.service_closed), np.asarray(p.service_hindered)
        for on in range(8):
            doors = sum(int(p.list_doors[k]) for k in range(3) if on >> k & 1)
            for s in range(len(SERVICES)):
                for at in range(int(p.service_start[s]), int(p.service_start[s + 1])):
                    d = int(p.service_doors[at])
                    if doors >> d & 1:
                        share = 1.0 if p.door_effect[d] == layout.CLOSED else int(p.door_share[d]) / _WORD
                        self.refuses[on, s] = max(self.refuses[on, s], share)
            self.hindered[on] = ((hinders & doors) != 0).sum()
            self.essential[on] = ((np.asarray(p.service_essential) != 0) & ((closed & doors) != 0)).sum()
        self.refuses_else = np.asarray(p.service_refusal) / _WORD

    # ---- the month ---------------------------------------------------------------------------------------------------

    def live(self) -> None:
        """One month, in the order of the nine steps."""
        self._count("adults", np.count_nonzero(self.adult))
        unwilling = self._blows()
        busy = (self.work == layout.UNEMPLOYED) | (self.arrears > 0) | (self.judged > 0) | (self.savings < self.means)
        busy |= self.offender
        at = np.arange(self.n) if self.month == 0 else np.flatnonzero(busy)
        acts, performed = self._circumstances(at, unwilling)
        self._temptations()
        who, row = self._recording(acts)
        entered = self._lists(who, row, performed)
        self._count("aware", np.count_nonzero(self.aware <= self.month))
        self._attempts()
        self._rights(who, row, entered)
        self._tally()
        self.month += 1

    def _count(self, name: str, many: Any) -> None:
        self.counts[name][self.month] += int(many)

    def _hit(self, chance: float, many: int) -> Any:
        return self.rng.random(many, np.float32) < chance

    def _blows(self) -> Any:
        """Work lost, an expense, a loan that is not paid; who stopped paying this month."""
        p, rng = self.p, self.rng
        at = np.flatnonzero(rng.random(self.n, np.float32) < np.float32(self.blows[-1]))
        at = at[self.adult[at]]
        x = rng.random(len(at)) * self.blows[-1]
        lost = at[(x < self.blows[0]) & (self.work[at] == layout.EMPLOYED)]
        self.work[lost] = layout.UNEMPLOYED
        self.traits[lost] &= ~layout.OWN_BUSINESS
        self.out["job_losses"][lost] += 1
        self._count("job_losses", len(lost))
        cost = at[(x >= self.blows[0]) & (x < self.blows[1])]
        self.savings[cost] = np.maximum(0, self.savings[cost] - int(p.circumstances_expense_size))
        stops = (x >= self.blows[1]) & (x - self.blows[1] < int(p.circumstances_default) / _WORD * self.careless[at])
        stops &= (self.loan[at] > 0) & (self.arrears[at] == 0) & (self.judged[at] == 0)
        self.arrears[at[stops]] = 1
        return at[stops]

    def _circumstances(self, at: Any, unwilling: Any) -> tuple[list[tuple[int, Any, Any]], Any]:
        """Step 1: duties of the court's acts as (row, who, whether it begins), and who performed a judgment."""
        p, many = self.p, len(at)
        work, means = self.work[at], self.means[at]
        savings = self.savings[at]
        idle = work == layout.UNEMPLOYED
        savings = np.where(
            idle, np.maximum(0, savings - 1), savings + (~idle & (savings < means) & ((self.month + at) % 3 == 0))
        )
        self.savings[at] = savings
        able = ~idle | (savings >= int(p.circumstances_able_savings))
        payment = self.rng.random(many, np.float32) / np.maximum(self.careful[at], np.float32(1e-6))
        judged, arrears, owes = self.judged[at], self.arrears[at], self.loan[at] > 0
        acts: list[tuple[int, Any, Any]] = []
        self.out["duties"][at[judged == 2]] += self.month == 0
        # Judgments: performed, or the acts of those who do not.
        rate = np.where(judged == 1, int(p.circumstances_pay_first), int(p.circumstances_pay_able)) / _WORD
        pays = (judged > 0) & able & (payment < rate)
        performed = at[pays]
        self.judged[performed] = 0
        self.loan[performed] = 0
        self._count("performed", len(performed))
        stays = (judged > 0) & ~pays
        begins = judged == 1
        refuses, cannot = np.flatnonzero(stays & able), np.flatnonzero(stays & ~able)
        acts += [(0, at[refuses], begins[refuses]), (3, at[cannot], begins[cannot])]
        evades = at[refuses[self._hit(int(p.circumstances_evasion) / _WORD, len(refuses))]]
        banned = refuses[self.on[at[refuses]] != 0]
        breaks = at[banned[self._hit(int(p.circumstances_ban_breach) / _WORD, len(banned))]]
        acts += [(1, evades, np.ones(len(evades), bool)), (2, breaks, np.ones(len(breaks), bool))]
        self.judged[at[stays]] = 2
        # Loans in arrears, and suits.
        borrows = (judged == 0) & owes
        late = np.zeros(self.n, bool)
        late[unwilling] = True
        tries = borrows & able & (arrears > 0) & ~late[at]
        catches = tries & (payment < int(p.circumstances_catch_up) / _WORD)
        arrears = np.where(catches, 0, np.minimum(255, arrears + ((borrows & ~able) | (tries & ~catches))))
        behind = borrows & (arrears > 0)
        first = behind & (arrears == 1)
        self.acts[_ACT["loan-arrears"]] += np.count_nonzero(behind)
        self.out["arrears_months"][at[behind]] += 1
        sued = np.flatnonzero(behind & (arrears >= int(p.circumstances_suit_after)))
        sued = sued[self._hit(int(p.circumstances_suit) / _WORD, len(sued))]
        self.judged[at[sued]] = 1
        arrears[sued] = 0
        self.arrears[at] = np.where(judged > 0, self.arrears[at], arrears)
        self._count("judgments", len(sued))
        self.acts[_ACT["sued-for-debt"]] += len(sued)
        grows = at[stays | behind]
        more = self.loan[grows] * (int(p.circumstances_interest) / 65536) + self.rng.random(len(grows))
        self.loan[grows] = np.minimum(65535, self.loan[grows] + np.floor(more))
        # Bills that are not paid by those who cannot.
        poor = at[~able]
        unpaid = poor[self._hit(int(p.circumstances_bill_unpaid) / _WORD, len(poor))]
        judged_bill = unpaid[self._hit(int(p.circumstances_bill_judged) / _WORD, len(unpaid))]
        self.acts[_ACT["utility-arrears"]] += len(unpaid)
        self.acts[_ACT["utility-arrears-judged"]] += len(judged_bill)
        for who in (at[first], at[sued], unpaid, judged_bill, *(one[new] for _, one, new in acts)):
            self.out["duties"][who] += 1
        if self.month == 0:
            self.acts[_ACT["kin-army-service"]] += np.count_nonzero(
                self._hit(int(p.circumstances_kin_in_army) / _WORD, self.n)
            )
        return acts, performed

    def _temptations(self) -> None:
        """Step 2: misconduct, good and lawful acts; who does which, with an amount where it has one."""
        p = self.p
        for slot, name in enumerate(_SLOTS):
            at = np.flatnonzero(self.rng.random(self.n, np.float32) < self.tempted[slot])
            having = self.having[at].astype(np.float64)
            k = np.searchsorted(self.chosen[slot], having + self.rng.random(len(at)), side="right")
            act = np.asarray(p.slot_acts)[slot][k - self.having[at] * len(ACTS)]
            self.acts += np.bincount(act, minlength=len(ACTS))
            self.out[name][at] += 1
            self._count(name, len(at))

    def _recording(self, acts: list[tuple[int, Any, Any]]) -> tuple[Any, Any]:
        """Step 3: which of the court's acts are recorded: who, and the row."""
        kept = []
        for row, who, begins in acts:
            self.acts[_ACT[_ROWS[row]]] += len(who)
            seen = self.rng.random(len(who), np.float32) < self.detected[row] * self.seen[who]
            missed = who[~seen & begins]
            self.out["unrecorded"][missed] += 1
            self._count("unrecorded", len(missed))
            kept.append((who[seen], np.full(np.count_nonzero(seen), row)))
        who, row = (np.concatenate(parts) for parts in zip(*kept, strict=True))
        np.add.at(self.out["records"], who, 1)
        self.out["first_record"][who] = np.minimum(self.out["first_record"][who], self.month)
        self._count("records", len(who))
        return who, row

    def _lists(self, who: Any, row: Any, performed: Any) -> Any:
        """Steps 4 to 6: who leaves and who enters which list; those who enter."""
        p = self.p
        self._count("left_performed", np.bitwise_count(self.on[performed]).sum())
        self.on[performed] = 0
        back, record = self.taken_back
        entered = []
        for k in range(3):
            bit = np.uint8(1 << k)
            gone = back[((self.on[back] & bit) != 0) & (self.cause[k, back] == record)]
            self._count("left_corrected", len(gone))
            self.on[gone] &= ~bit
            if p.list_term[k] == 0:
                at = np.flatnonzero(self.on & bit)
                self.on[at[self.until[k, at] <= self.month]] &= ~bit
            grounds = np.asarray(p.ground_row)[int(p.ground_start[k]) : int(p.ground_start[k + 1])]
            for ground in grounds:
                here = who[row == ground]
                already = (self.on[here] & bit) != 0
                more = here[already & (self.since[k, here] < self.month)]
                if p.list_extends[k, ground] and p.list_term[k] == 0:
                    longest = np.minimum(
                        self.since[k, more] + int(p.list_at_most[k]), self.until[k, more] + int(p.list_by[k])
                    )
                    self.until[k, more] = np.maximum(self.until[k, more], longest)
                new = here[~already]
                self.on[new] |= bit
                self.since[k, new] = self.month
                self.until[k, new] = self.month + int(p.list_months[k])
                self.cause[k, new] = 4 * self.month + ground
                entered.append(new)
        new = np.concatenate(entered)
        self.out["first_listed"][new] = np.minimum(self.out["first_listed"][new], self.month)
        self._count("entered", len(new))
        return new

    def _attempt(self, at: Any, service: Any) -> Any:
        """Step 7 for these residents and services: whom a rule refuses, whom others refuse, who waits."""
        many = len(at)
        barred = np.zeros(many, bool)
        listed = np.flatnonzero(self.on[at])
        barred[listed] = self.rng.random(len(listed)) < self.refuses[self.on[at[listed]], service[listed]]
        turned = ~barred & (self.rng.random(many, np.float32) < self.refuses_else[service, self.file[at]])
        served = ~barred & ~turned
        waited = np.where(served, np.asarray(self.p.service_wait)[service], 0)
        size = len(SERVICES)
        for k, weights in enumerate((None, barred, turned, waited)):
            self.services[:, k] += np.bincount(service, weights, size).astype(np.int64)
        for name, much in (("attempts", 1), ("refused", barred), ("refused_else", turned), ("waited", waited)):
            self.out[name][at] += np.asarray(much, np.uint16)
            self._count(name, many if name == "attempts" else much.sum())
        return served

    def _attempts(self) -> None:
        p = self.p
        at = np.flatnonzero(self.rng.random(self.n, np.float32) < self.need)
        k = np.searchsorted(self.served, self.band[at] + self.rng.random(len(at)), side="right")
        service = np.asarray(p.need_services)[k - (self.band[at] - 1) * len(SERVICES)]
        asks = (service != _SERVICE["job"]) & ((service != _SERVICE["school-place"]) | self.child[at])
        self._attempt(at[asks], service[asks])
        idle = np.flatnonzero(self.work == layout.UNEMPLOYED)
        found = idle[self._hit(int(p.circumstances_job_found) / _WORD, len(idle))]
        self._attempt(found, np.full(len(found), _SERVICE["job"]))
        self.work[found] = layout.EMPLOYED  # without responses a refusal by a rule keeps nobody from work
        listed = np.flatnonzero(self.on)
        on = self.on[listed]
        self.out["doors_most"][listed] = np.maximum(self.out["doors_most"][listed], self.hindered[on])
        unable = listed[self.essential[on] >= int(p.doors_unable_at)]
        self.out["months_unable"][unable] += 1
        self._count("unable", len(unable))

    def _rights(self, who: Any, row: Any, entered: Any) -> None:
        """Step 8: last month's objections are decided, this month's records are told and objected to."""
        p = self.p
        earlier, record = self.appealed
        won = self._hit(int(p.rights_won_right) / _WORD, len(earlier))
        self.taken_back = earlier[won], record[won]
        self.out["appeals_won"][earlier[won]] += 1
        self._count("appeals_won", np.count_nonzero(won))
        told = self._hit(int(p.row_notice[0]) / _WORD, len(who))
        self.aware[who[told]] = np.minimum(self.aware[who[told]], self.month + 1)
        self._count("noticed", np.count_nonzero(told))
        fresh = np.zeros(self.n, bool)
        fresh[entered] = True
        objects = (told | fresh[who]) & self._hit(int(p.rights_appeal_right) / _WORD, len(who))
        self.appealed = who[objects], 4 * self.month + row[objects]
        self.out["appeals"][who[objects]] += 1
        self._count("appeals", np.count_nonzero(objects))

    def _tally(self) -> None:
        """What stands at the end of the month."""
        p = self.p
        listed = np.flatnonzero(self.on)
        self.out["months_listed"][listed] += 1
        self._count("listed", len(listed))
        self._count("unemployed", np.count_nonzero(self.work == layout.UNEMPLOYED))
        self._count("in_arrears", np.count_nonzero(self.arrears))
        judged = np.flatnonzero(self.judged)
        able = (self.work[judged] != layout.UNEMPLOYED) | (self.savings[judged] >= int(p.circumstances_able_savings))
        self._count("judged", len(judged))
        self._count("judged_able", np.count_nonzero(able))
        self._count("debt", self.loan[(self.arrears > 0) | (self.judged > 0)].sum(dtype=np.float64))
        # Whoever stands on a public list is not dealt with where it counts.
        warned = listed[((self.on[listed] & 3) != 0) & self.adult[listed] & ~self.offender[listed]]
        lots = int(p.dealings_need) / _WORD * int(p.dealings_one_shot) / _WORD
        shunned = warned[self._hit(lots, len(warned))]
        self.out["dealings_refused"][shunned] += 1
        self._count("dealings_refused", len(shunned))


def lived(p: Any, start: Any, watch: Any, seed: int = 0) -> Town:
    """A year of it."""
    town = Town(p, start, watch, seed)
    for _ in range(MONTHS):
        town.live()
    return town


def agree(counts: dict[str, Any], totals: Any, *, most: float = 5.0) -> list[str]:
    """What of a year's counts differs from the engine's by more than ``most`` standard errors, in words; empty where nothing does.

    A stock such as who is listed is counted once for each month that it lasts, so its year has the error of twelve times as few.
    """
    apart = []
    for name in COMPARED:
        mine, theirs = float(counts[name].sum()), float(totals[:, layout.COUNTER[name]].sum())
        each = {"waited": 60.0, "debt": 12 * 300.0}.get(name, 12.0 if name in _STOCKS else 1.0)
        error = float(np.sqrt(max(1.0, each * (mine + theirs))))
        if abs(mine - theirs) > most * error:
            apart.append(
                f"{name}: {mine:,.0f} in columns, {theirs:,.0f} in the engine, {(mine - theirs) / error:+.1f} standard errors"
            )
    return apart
