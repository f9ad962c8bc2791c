"""The releases of one process become rows of facts: its own, its contracts', payments' and awards'."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from counterscore.mirror.bodies import Bodies
from counterscore.mirror.dates import Instant, days_between, instant_of, whole_years
from counterscore.mirror.facts import (
    BEYOND,
    CONTRADICTORY,
    IMPOSSIBLE,
    KNOWN,
    MISSING,
    NOTHING,
    Fact,
    Stated,
    read_amount,
    read_count,
    read_date,
    read_period,
    settle,
    stage_of,
)
from counterscore.mirror.source import METHODS, STATUSES, Source
from counterscore.mirror.whitelist import Contract, Release

Row = dict[str, Any]
_AWARDED = frozenset({"active", "complete", "terminated"})  #: what an award can be that was made
_CANCELLED = frozenset({"cancelled", "withdrawn"})
_ENDED = frozenset({"terminated", "cancelled"})
_MOST_REPAIRS = 100_000  #: lines of the repair log


@dataclass(frozen=True, slots=True)
class Known:
    """A release with its place in time and the file it came from."""

    release: Release
    compiled: bool
    file: str
    order: int | None
    stage: int
    whole_day: bool = False
    digest: bytes = b""  #: of what it says; breaks ties of order

    def says(self, value: Any, bad: str = "") -> Stated:
        return Stated(self.order, self.stage, self.release.id, value, bad)


class Told:
    """Releases that may state a fact, in their order; most facts are said again and again in the same words."""

    def __init__(self, known: Sequence[Known]) -> None:
        self.known = known
        orders = [one.order for one in known]
        self._dated = None not in orders
        if self._dated:
            self._first, self._last = orders[0], orders[-1]
            self._places = len({(one.order, one.stage) for one in known})

    def fact(self, raws: Sequence[Any], read: Callable[[Any], tuple[Any, str]]) -> Fact:
        """The fact that ``raws``, one for each release, make: ``read`` gives a value, or why there can be none."""
        head = raws[0]
        if not self._dated or raws.count(head) != len(raws):
            return settle(_said([(one, read(raw)) for one, raw in zip(self.known, raws, strict=True)]))
        value, bad = read(head)
        if bad:
            return Fact(IMPOSSIBLE, bad, n=self._places)
        return NOTHING if value is None else Fact(KNOWN, "", value, value, self._first, self._last, self._places)

    def period(self, raws: Sequence[tuple[Any, Any]], last_year: int) -> tuple[Fact, Fact]:
        """Both ends of a period."""
        return (
            self.fact(raws, lambda raw: read_period(*raw, last_year)[0]),
            self.fact(raws, lambda raw: read_period(*raw, last_year)[1]),
        )


@dataclass
class Tally:
    """Counts over a whole reading, for what is told about the publisher."""

    releases: int = 0
    repeats: int = 0
    compiled_aside: int = 0
    same_id: int = 0
    undated: int = 0
    no_ocid: int = 0
    whole_days: int = 0
    states: Counter[str] = field(default_factory=Counter)
    unmapped: Counter[tuple[str, str]] = field(default_factory=Counter)
    amended: int = 0
    numbered: int = 0  #: contracts whose changes the publisher numbers


@dataclass
class Reducer:
    """Turns processes into rows; ``write(table, row)`` takes them."""

    source: Source
    bodies: Bodies
    write: Callable[[str, Row], None]
    tally: Tally = field(default_factory=Tally)
    _repairs: int = 0

    def process(self, ocid: str, found: Sequence[Known]) -> None:
        """All releases of one process, in any order, repeats already counted out."""
        used = self._used(found)
        self.tally.releases += len(used)
        used.sort(key=lambda one: (one.order is None, one.order or 0, one.stage, one.release.id, one.digest))
        body = self.bodies.of(
            [one.release.buyer for one in reversed(used)],
            next((one.release.entity for one in reversed(used) if one.release.entity), ""),
        )
        flags = [] if body.registered else [body.flag]
        if ocid.startswith(NO_OCID):
            flags.append("no ocid")
            self.tally.no_ocid += 1
            self._repair(used[0].file, ocid, "ocid", MISSING, "no ocid: the process is counted by its file and content")
        if all(one.compiled for one in used):
            flags.append("compiled only")
        if any(one.whole_day for one in used):
            flags.append("dates without time")
            self.tally.whole_days += 1
        self._same_ids(ocid, used)
        body.processes += 1
        state = self._state_of_process(ocid, used)
        contracts = self._contracts(ocid, used)
        body.contracts += len(contracts)
        common = {"body": body.key, "ocid": ocid, "flags": "; ".join(flags)}
        self.write("processes", {**common, **state, "contracts": len(contracts)})
        for row, payments in contracts:
            self.write("facts", {**common, "method": state["method"], **row})
            for payment in payments:
                self.write("payments", {"body": body.key, "ocid": ocid, "contract": row["contract"], **payment})
        self._awards(body.key, ocid, used)

    def _used(self, found: Sequence[Known]) -> list[Known]:
        """A compiled release among those it was compiled from is set aside: it has lost their first words."""
        own = [one for one in found if not one.compiled]
        if own:
            self.tally.compiled_aside += len(found) - len(own)
            return own
        return list(found)

    def _same_ids(self, ocid: str, used: Sequence[Known]) -> None:
        seen: dict[str, Known] = {}
        for one in used:
            if one.order is None and len(used) > 1:
                self.tally.undated += 1
                self._repair(one.file, ocid, "date", MISSING, "a release without a date cannot be ordered")
            if one.release.id and (first := seen.setdefault(one.release.id, one)) is not one:
                self.tally.same_id += 1
                for each in (first, one):
                    self._repair(each.file, ocid, "id", CONTRADICTORY, "two releases with one id and other content")

    def _repair(self, file: str, ocid: str, path: str, state: str, why: str) -> None:
        self.tally.states[state] += 1
        self._repairs += 1
        if self._repairs <= _MOST_REPAIRS:
            self.write("repairs", {"file": file, "ocid": ocid, "path": path, "state": state, "why": why})

    def _note(self, file: str, ocid: str, path: str, fact: Fact) -> Fact:
        if fact.state not in {KNOWN, MISSING}:
            self._repair(file, ocid, path, fact.state, fact.why)
        return fact

    def _code(self, kind: str, raw: str) -> str:
        """The code of a word: OCDS's own whatever its case, or what the source says of it. Else "", and it is listed."""
        folded = raw.casefold()
        mapped = self.source.codes.get(kind, {}).get(folded)
        if mapped:
            return mapped
        known = STATUSES if kind == "status" else METHODS
        if folded in known:
            return folded
        if raw:
            self.tally.unmapped[kind, raw[:40]] += 1
        return ""

    def _codes(self, kind: str, told: Told, raws: Sequence[str]) -> Fact:
        fact = told.fact(raws, lambda raw: (self._code(kind, raw) or None, ""))
        if fact.state == MISSING and any(raws):
            return Fact(MISSING, "a local word that the source does not map")
        return fact

    def _date(self, raw: Any) -> tuple[Instant | None, str]:
        return read_date(raw, self.source.last_year)

    def _state_of_process(self, ocid: str, used: Sequence[Known]) -> Row:
        last_year, file, all_told = self.source.last_year, used[0].file, Told(used)
        said = [one.release for one in used]
        opened, closed = all_told.period([(one.opened, one.closed) for one in said], last_year)
        self._note(file, ocid, "tender.tenderPeriod.startDate", opened)
        self._note(file, ocid, "tender.tenderPeriod.endDate", closed)
        status = self._note(file, ocid, "tender.status", self._codes("status", all_told, [one.status for one in said]))
        method = self._codes("method", all_told, [one.method for one in said])
        made = [(one, award, self._code("status", award.status)) for one in used for award in one.release.awards]
        final: dict[str, str] = {}
        for _, award, code in made:
            final[award.id] = code or ("" if award.status else "active")
        contracted = any(one.release.contracts for one in used)
        awarded = any(code in _AWARDED for code in final.values()) or (contracted and not final)
        date = self._award_date(ocid, made, final, closed, file)
        told = self._first_told(used, date)
        bidders = all_told.fact([one.bidders for one in said], read_count)
        if bidders.state == KNOWN and bidders.last == 0 and awarded:
            bidders = Fact(CONTRADICTORY, "no bidder, and an award")
        self._note(file, ocid, "tender.numberOfTenderers", bidders)
        tenderers, suppliers, overlap = self._tenderers(used)
        code = status.last if status.state == KNOWN else ""
        if not code and final and all(one in _CANCELLED for one in final.values()):
            code = "cancelled"
        elif not code and final and all(one == "unsuccessful" for one in final.values()):
            code = "unsuccessful"
        return {
            "method": method.last if method.state == KNOWN else "",
            "method_why": method.why,
            "opened": _at(opened.last),
            "opened_state": opened.state,
            "closed": _at(closed.last),
            "closed_day": closed.last.whole_day if closed.last else False,
            "closed_state": closed.state,
            "closed_why": closed.why,
            "status": code,
            "status_state": KNOWN if code else status.state,
            "status_why": status.why,
            "awarded": awarded,
            "award_date": _at(date.first),
            "award_date_state": date.state,
            "award_date_why": date.why,
            "decision_days": days_between(closed.last, date.first)
            if closed.state == KNOWN and date.state == KNOWN
            else None,
            "told": _at(told.first),
            "told_state": told.state,
            "told_why": told.why,
            "told_days": days_between(date.first, told.first) if date.first and told.first else None,
            "bidders": bidders.last if bidders.state == KNOWN else None,
            "bidders_state": bidders.state,
            "bidders_why": bidders.why,
            "tenderers": tenderers.last if tenderers.state == KNOWN else None,
            "tenderers_state": tenderers.state,
            "tenderers_why": tenderers.why,
            "suppliers": suppliers,
            "overlap": overlap,
            "releases": len(used),
        }

    def _award_date(
        self, ocid: str, made: Sequence[tuple[Known, Any, str]], final: Mapping[str, str], closed: Fact, file: str
    ) -> Fact:
        """The day of the first award that stands, as last told; contradictory where it lies before the tender's end."""
        by_award: dict[str, list[tuple[Known, Any]]] = {}
        for one, award, _ in made:
            if final.get(award.id) not in _CANCELLED:
                by_award.setdefault(award.id, []).append((one, award.date))
        facts = [
            Told([one for one, _ in stated]).fact([raw for _, raw in stated], self._date)
            for stated in by_award.values()
        ]
        facts = [fact for fact in facts if fact.state != MISSING]
        known = sorted((fact for fact in facts if fact.state == KNOWN), key=lambda fact: fact.last.order)
        if not known:
            return self._note(file, ocid, "awards[].date", facts[0] if facts else NOTHING)
        first = Fact(KNOWN, "", known[0].last, known[0].last, known[0].first_on, known[0].last_on, known[0].n)
        if closed.state == KNOWN and days_between(closed.last, first.first) < 0:
            return self._note(file, ocid, "awards[].date", Fact(CONTRADICTORY, "awarded before the tender closed"))
        return first

    def _first_told(self, used: Sequence[Known], date: Fact) -> Fact:
        """The day of the first release that tells the award; contradictory where it lies before the award."""
        tells = [one for one in used if one.release.awards and not one.compiled and one.order is not None]
        if not tells:
            compiled = any(one.compiled for one in used)
            return Fact(MISSING, "compiled only: the day of the first release is lost" if compiled else "not stated")
        first = min(tells, key=lambda one: (one.order or 0, one.stage))
        if first.release.stage >= 0:
            return Fact(MISSING, "rows of the draft form carry no date of release")
        value, bad = read_date(first.release.date, self.source.last_year)
        if value is None:
            return Fact(IMPOSSIBLE, bad)
        if date.state == KNOWN and days_between(date.first, value) < 0:
            return Fact(CONTRADICTORY, "published before it was awarded")
        return Fact(KNOWN, "", value, value, first.order, first.order, 1)

    def _tenderers(self, used: Sequence[Known]) -> tuple[Fact, int, str]:
        """Different tenderers of the last list that was published, suppliers, and how the two overlap."""
        suppliers = {one for known in used for award in known.release.awards for one in award.suppliers}
        lists = [one for one in used if one.release.tenderers is not None]
        if not lists:
            return Fact(MISSING, "no list of tenderers"), len(suppliers), ""
        last = lists[-1].release
        distinct = {one for one in last.tenderers or () if one}
        if last.nameless:
            return (
                Fact(MISSING, "a tenderer without a name: a placeholder"),
                len(suppliers),
                "none" if suppliers else "",
            )
        if not distinct:
            return Fact(MISSING, "an empty list of tenderers"), len(suppliers), ""
        overlap = ""
        if suppliers:
            overlap = "same" if distinct == suppliers else "none" if not distinct & suppliers else "some"
        return Fact(KNOWN, "", len(distinct), len(distinct), n=1), len(suppliers), overlap

    def _contracts(self, ocid: str, used: Sequence[Known]) -> list[tuple[Row, list[Row]]]:
        by_contract: dict[str, list[tuple[Known, Contract]]] = {}
        for one in used:
            for number, contract in enumerate(one.release.contracts):
                key = contract.id or (f"(award {contract.award})" if contract.award else f"(no id {number + 1})")
                by_contract.setdefault(key, []).append((one, contract))
        return [self._contract(ocid, key, by_contract[key], used) for key in sorted(by_contract)]

    def _contract(
        self, ocid: str, key: str, said: Sequence[tuple[Known, Contract]], used: Sequence[Known]
    ) -> tuple[Row, list[Row]]:
        file, path, told = said[0][0].file, f"contracts[{key}]", Told([one for one, _ in said])
        versions = [contract for _, contract in said]
        signed = told.fact([one.signed for one in versions], self._date)
        start, end = told.period([(one.start, one.end) for one in versions], self.source.last_year)
        amount = told.fact([one.amount for one in versions], read_amount)
        status = self._codes("status", told, [one.status for one in versions])
        for name, fact in (("dateSigned", signed), ("period.startDate", start), ("period.endDate", end)):
            self._note(file, ocid, f"{path}.{name}", fact)
        self._note(file, ocid, f"{path}.value.amount", amount)
        self._note(file, ocid, f"{path}.status", status)
        currency, declared = self._currency([contract.currency for _, contract in said])
        numbered = any(one.release.stage >= 0 for one, _ in said)
        if numbered and all(one.release.stage != 0 for one, _ in said) and end.state == KNOWN:
            end = Fact(MISSING, "its first row is not here: the first promise is unknown", n=end.n)
        award = next((contract.award for _, contract in said if contract.award), "")
        award_amount, award_currency, shared, award_date = self._award_of(award, used)
        amendments = {(id_, str(date)) for _, contract in said for id_, date in contract.amendments if id_ or date} | {
            ("release", one.release.id or str(one.order)) for one, _ in said if _amends(one)
        }
        self.tally.amended += bool(amendments)
        self.tally.numbered += numbered
        decided = award_date or (signed.first if signed.state == KNOWN else None)
        known_end = end.state == KNOWN
        row = {
            "contract": key,
            "award": award,
            "decided": _at(decided),
            **_dated("signed", signed),
            **_dated("start", start),
            **_dated("end", end),
            "end_slip": days_between(end.first, end.last) if known_end else None,
            "end_years": whole_years(end.first, end.last) if known_end else None,
            "end_beyond": end.state == IMPOSSIBLE and end.why == BEYOND and end.first is not None,
            "amount_first": amount.first,
            "amount_last": amount.last,
            "amount_n": amount.n,
            "amount_state": amount.state,
            "amount_why": amount.why,
            "currency": currency,
            "currency_declared": declared,
            "award_amount": award_amount.last if award_amount.state == KNOWN else None,
            "award_currency": award_currency,
            "award_amount_state": award_amount.state,
            "award_contracts": shared,
            "status": status.last if status.state == KNOWN else "",
            "status_state": status.state,
            "status_why": status.why,
            "ended_on": self._ended_on(said),
            "amended": len(amendments),
            "numbered": numbered,
            "releases": len(said),
        }
        return row, self._payments(ocid, path, said, signed)

    def _currency(self, stated: Sequence[str]) -> tuple[str, bool]:
        """The one currency stated; that of the source where none is; "" where several are."""
        found = {one.upper() for one in stated if one}
        if not found and self.source.currency:
            return self.source.currency, True
        return (found.pop(), False) if len(found) == 1 else ("", False)

    def _award_of(self, award: str, used: Sequence[Known]) -> tuple[Fact, str, int, Instant | None]:
        """Value, currency and date of the award with that id (of the only one without an id), and its contracts."""
        ids = {one.id for known in used for one in known.release.awards}
        name = award if award in ids else next(iter(ids)) if len(ids) == 1 and not award else None
        if name is None:
            return NOTHING, "", 0, None
        mine = [(known, one) for known in used for one in known.release.awards if one.id == name]
        told = Told([known for known, _ in mine])
        amount = told.fact([one.amount for _, one in mine], read_amount)
        currency, _ = self._currency([one.currency for _, one in mine])
        date = told.fact([one.date for _, one in mine], self._date)
        sharing = {c.id for known in used for c in known.release.contracts if c.award == name or not c.award}
        return amount, currency, len(sharing), date.last if date.state == KNOWN else None

    def _ended_on(self, said: Sequence[tuple[Known, Contract]]) -> int | None:
        """When the first release said that the contract was terminated or cancelled."""
        told = [
            one.order
            for one, contract in said
            if one.order is not None and self._code("status", contract.status) in _ENDED
        ]
        return min(told) if told else None

    def _payments(self, ocid: str, path: str, said: Sequence[tuple[Known, Contract]], signed: Fact) -> list[Row]:
        """Payments with the due dates that can be told to be theirs; each counted once by id and date."""
        last_year, cut_off = self.source.last_year, self.source.cut_off
        paid: dict[tuple[str, str], tuple[Known, Any]] = {}
        due: dict[str, Due] = {}
        before: Contract | None = None
        for one, contract in said:
            if before is None or contract.payments != before.payments:
                for number, (id_, date, amount, _) in enumerate(contract.payments):
                    value, bad = read_date(date, last_year)
                    when = str(value.at) if value else bad or f"#{number}"
                    paid[id_, when] = (one, (id_, value, bad, amount))
            if before is None or contract.milestones != before.milestones:
                for number, (id_, kind, status, due_date, met) in enumerate(contract.milestones):
                    value, _ = read_date(due_date, last_year)
                    old = due.get(id_ or f"#{number}")
                    first = old.first if old and old.first else value
                    due[id_ or f"#{number}"] = Due(
                        kind, status, first, value or (old.last if old else None), read_date(met, last_year)[0]
                    )
            before = contract
        if not paid and not due:
            return []
        dated_due = {id_: one for id_, one in due.items() if one.first is not None}
        of_payment = {id_: one for id_, one in dated_due.items() if one.kind.casefold() == "payment"} or dated_due
        dated_paid = sorted(
            (one for _, one in paid.values() if one[1] is not None), key=lambda one: (one[1].order, one[0])
        )
        in_step = sorted(of_payment.values(), key=lambda one: one.first.order if one.first else 0)
        matched = len(dated_paid) == len(in_step)
        days = {_day(at) for one in dated_due.values() for at in (one.first, one.last)}
        rows: list[Row] = []
        used_ids: set[str] = set()
        for file, (id_, date, bad, amount) in paid.values():
            state, why, mine = KNOWN, "", None
            money, money_bad = read_amount(amount)
            if bad:
                state, why = IMPOSSIBLE, bad
            elif date is None:
                state, why = MISSING, "a payment without a date"
            elif money_bad:
                state, why = IMPOSSIBLE, money_bad
            elif money == 0:
                state, why = MISSING, "a payment of nothing"
            elif date.order > cut_off.order:
                state, why = IMPOSSIBLE, "after the cut-off"
            elif signed.state == KNOWN and days_between(signed.first, date) < 0:
                state, why = CONTRADICTORY, "paid before the contract was signed"
            elif id_ and id_ in dated_due:
                mine = dated_due[id_]
                used_ids.add(id_)
            elif matched:
                mine = in_step[dated_paid.index((id_, date, bad, amount))]
                used_ids |= set(of_payment)
            if state == KNOWN and mine is None:
                state, why = MISSING, "no due date that can be told to be this payment's" if due else "no due date"
            if state in {IMPOSSIBLE, CONTRADICTORY}:
                self._repair(file.file, ocid, f"{path}.implementation.transactions[].date", state, why)
            rows.append(
                {
                    "payment": id_,
                    "paid": _at(date),
                    "due": _at(mine.first) if mine else None,
                    "delay": days_between(mine.first, date)
                    if mine and mine.first and date and state == KNOWN
                    else None,
                    "delay_last": days_between(mine.last, date)
                    if mine and mine.last and date and state == KNOWN
                    else None,
                    "unpaid": False,
                    "equals_due": _day(date) in days if date and days else None,
                    "state": state,
                    "why": why,
                }
            )
        return rows + self._milestones(of_payment, used_ids)

    def _milestones(self, due: Mapping[str, Due], used: set[str]) -> list[Row]:
        """Payment milestones that tell themselves whether they were met. That nothing was paid is told by them alone."""
        rows: list[Row] = []
        for id_, one in sorted(due.items()):
            if one.kind.casefold() != "payment" or id_ in used or one.first is None or one.last is None:
                continue
            unmet = (
                one.status.casefold() == "notmet" and one.met is None and one.first.order < self.source.cut_off.order
            )
            if one.met is None and not unmet:
                continue
            until = one.met or self.source.cut_off
            rows.append(
                {
                    "payment": f"milestone {id_}",
                    "paid": _at(one.met),
                    "due": _at(one.first),
                    "delay": days_between(one.first, until),
                    "delay_last": days_between(one.last, until),
                    "unpaid": unmet,
                    "equals_due": None if unmet else _day(one.met) in {_day(one.first), _day(one.last)},
                    "state": KNOWN,
                    "why": "",
                }
            )
        return rows

    def _awards(self, body: str, ocid: str, used: Sequence[Known]) -> None:
        """Awards with their suppliers as keyed hashes: kept while reading, to see who was seen before."""
        last = {award.id: award for one in used for award in one.release.awards}
        for id_, award in sorted(last.items()):
            if self._code("status", award.status) in _CANCELLED | {"unsuccessful", "pending"}:
                continue
            date, bad = read_date(award.date, self.source.last_year)
            self.write(
                "awards",
                {"body": body, "ocid": ocid, "award": id_, "date": _at(date), "bad": bad}
                | {"suppliers": award.suppliers, "names": award.names, "nameless": award.nameless},
            )


class Due(NamedTuple):
    """A milestone over all releases: the first and the last day it was due, and what it says of itself."""

    kind: str
    status: str
    first: Instant | None
    last: Instant | None
    met: Instant | None


NO_OCID = "no-ocid-"


def _said(pairs: Sequence[tuple[Known, tuple[Any, str]]]) -> list[Stated]:
    return [one.says(value, bad) for one, (value, bad) in pairs if value is not None or bad]


def _amends(one: Known) -> bool:
    """Whether a release says by its tag that it amends a contract; drafts, all tagged so, number their changes."""
    return one.release.stage < 0 and any(tag.casefold() == "contractamendment" for tag in one.release.tags)


def _at(value: Instant | None) -> int | None:
    return value.at if value is not None else None


def _day(value: Instant | None) -> int | None:
    return value.at // 86_400 if value is not None else None


def _dated(name: str, fact: Fact) -> Row:
    return {
        f"{name}_first": _at(fact.first) if fact.state == KNOWN else None,
        f"{name}_last": _at(fact.last) if fact.state == KNOWN else None,
        f"{name}_first_on": fact.first_on,
        f"{name}_last_on": fact.last_on,
        f"{name}_n": fact.n,
        f"{name}_state": fact.state,
        f"{name}_why": fact.why,
    }


def place(release: Release) -> tuple[int | None, int, bool]:
    """Order, stage of a release, and whether its date has no time."""
    date = instant_of(release.date)
    stage = release.stage if release.stage >= 0 else stage_of(release.tags)
    return (date.order if date else None), stage, bool(date and date.whole_day)
