"""The releases of one process become rows of facts: its own, its contracts', payments' and awards'."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from operator import attrgetter
from typing import Any, NamedTuple

from counterscore.mirror.bids import bids_of
from counterscore.mirror.bodies import Bodies
from counterscore.mirror.dates import DAY, Instant, days_between, instant_of, whole_days, whole_years
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
from counterscore.mirror.payments import at, payments
from counterscore.mirror.source import CODES, Source
from counterscore.mirror.whitelist import Award, Contract, Release

Row = dict[str, Any]
AWARDED = frozenset({"active", "complete", "terminated"})  #: what an award can be that was made
CANCELLED = frozenset({"cancelled", "withdrawn"})
NOT_MADE = CANCELLED | {"unsuccessful", "pending"}
ENDED = frozenset({"terminated", "cancelled"})
_FOLDED = {kind: {code.casefold(): code for code in codes} for kind, codes in CODES.items()}
_MOST_WORDS = 10_000  #: for codes, remembered
_MOST_REPAIRS = 100_000  #: lines of the repair log


class Known(NamedTuple):
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


_fact = partial(tuple.__new__, Fact)  # as Fact(*…), in half the time


class Told:
    """Releases that may state a fact, in their order; most facts are said again and again in the same words."""

    def __init__(self, known: Sequence[Known]) -> None:
        self.known = known
        orders = [one.order for one in known]
        self._dated = None not in orders
        if self._dated:
            self._first, self._last, places = orders[0], orders[-1], len(set(orders))
            # In order, so that those of one place stand together.
            self._places = places if places == len(orders) else len({(one.order, one.stage) for one in known})

    def fact(self, raws: Sequence[Any], read: Callable[[Any], tuple[Any, str]]) -> Fact:
        """The fact that ``raws``, one for each release, make: ``read`` gives a value, or why there can be none."""
        head = raws[0]
        if self._dated and raws.count(head) == len(raws):
            value, bad = read(head)
            if value is not None and not bad:
                return self.constant(value)
            return Fact(IMPOSSIBLE, bad, n=self._places) if bad else NOTHING
        return self._changing([read(raw) for raw in raws])

    def period(self, starts: Sequence[Any], finishes: Sequence[Any], last_year: int) -> tuple[Fact, Fact]:
        """Both ends of a period."""
        if not self._dated or starts.count(starts[0]) != len(starts) or finishes.count(finishes[0]) != len(finishes):
            periods = [read_period(*raw, last_year) for raw in zip(starts, finishes, strict=True)]
            return self._changing([first for first, _ in periods]), self._changing([last for _, last in periods])
        first, last = read_period(starts[0], finishes[0], last_year)
        return self._settled(*first), self._settled(*last)

    @property
    def certain(self) -> bool:
        """Whether every release has a date."""
        return self._dated

    def constant(self, value: Any) -> Fact:
        """The fact that all of them state ``value``; they must have dates."""
        return _fact((KNOWN, "", value, value, self._first, self._last, self._places))

    def _changing(self, read: Sequence[tuple[Any, str]]) -> Fact:
        """A fact of several values. Where each release has a place and an id of its own, the order is certain."""
        if not self._dated or self._places < len(self.known) or len({one.release.id for one in self.known}) < len(read):
            return settle(_said(list(zip(self.known, read, strict=True))))
        said = [
            (one.order, *pair) for one, pair in zip(self.known, read, strict=True) if pair[0] is not None or pair[1]
        ]
        if not said:
            return NOTHING
        (first_on, first, bad), (last_on, last, last_bad) = said[0], said[-1]
        if bad or last_bad:
            return Fact(IMPOSSIBLE, bad or last_bad, None if bad else first, n=len(said))
        return Fact(KNOWN, "", first, last, first_on, last_on, len(said))

    def _settled(self, value: Any, bad: str) -> Fact:
        if bad:
            return Fact(IMPOSSIBLE, bad, n=self._places)
        return NOTHING if value is None else self.constant(value)


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
    _words: dict[tuple[str, str], str] = field(default_factory=dict)

    def process(self, ocid: str, found: Sequence[Known]) -> None:
        """All releases of one process, in any order, repeats already counted out."""
        used = self._used(found)
        self.tally.releases += len(used)
        orders = {one.order for one in used}
        if len(orders) == len(used) and None not in orders:
            used.sort(key=_ORDER)
        else:
            # Without a date nothing is known of its place: it never has the last word.
            used.sort(key=lambda one: (one.order is not None, one.order or 0, one.stage, one.release.id, one.digest))
        entities = [one.release.entity for one in used if one.release.entity]
        body = self.bodies.of([one.release.buyer for one in reversed(used)], entities[-1] if entities else "")
        flags = [] if body.registered else [body.flag]
        if ocid.startswith(NO_OCID):
            flags.append("no ocid")
            self.tally.no_ocid += 1
            self.repair(used[0].file, ocid, "ocid", MISSING, "no ocid: the process is counted by its file and content")
        if used[0].compiled:
            flags.append("compiled only")
        if True in [one.whole_day for one in used]:
            flags.append("dates without time")
            self.tally.whole_days += 1
        self._same_ids(ocid, used)
        body.processes += 1
        told = Told(used)
        awards = self._award_facts(used, told)
        state = self._state_of_process(ocid, used, told, awards)
        contracts = self._contracts(ocid, used, told, awards)
        body.contracts += len(contracts)
        key, flagged = body.key, "; ".join(flags)
        state |= {"body": key, "ocid": ocid, "flags": flagged, "contracts": len(contracts)}
        self.write("processes", state)
        for row, paid in contracts:
            row |= {"body": key, "ocid": ocid, "flags": flagged, "method": state["method"]}
            self.write("facts", row)
            of = {"body": key, "ocid": ocid, "contract": row["contract"], "method": state["method"]}
            of |= {"amount": row["amount_last"], "currency": row["currency"]}
            for payment in paid:
                payment.update(of)
                self.write("payments", payment)
        self._awards(body.key, ocid, state["method"], awards)

    def _used(self, found: Sequence[Known]) -> list[Known]:
        """A compiled release among those it was compiled from is set aside: it has lost their first words."""
        own = [one for one in found if not one.compiled]
        if own:
            self.tally.compiled_aside += len(found) - len(own)
            return own
        return list(found)

    def _same_ids(self, ocid: str, used: Sequence[Known]) -> None:
        if len(used) == 1 or (used[0].order is not None and len({one.release.id for one in used}) == len(used)):
            return
        seen: dict[str, Known] = {}
        for one in used:
            if one.order is None and len(used) > 1:
                self.tally.undated += 1
                self.repair(one.file, ocid, "date", MISSING, "a release without a date cannot be ordered")
            if one.release.id and (first := seen.setdefault(one.release.id, one)) is not one:
                self.tally.same_id += 1
                for each in (first, one):
                    self.repair(each.file, ocid, "id", CONTRADICTORY, "two releases with one id and other content")

    def repair(self, file: str, ocid: str, path: str, state: str, why: str) -> None:
        self.tally.states[state] += 1
        self._repairs += 1
        if self._repairs <= _MOST_REPAIRS:
            self.write("repairs", {"file": file, "ocid": ocid, "path": path, "state": state, "why": why})

    def _note(self, file: str, ocid: str, path: str, fact: Fact) -> Fact:
        if fact.state not in {KNOWN, MISSING}:
            self.repair(file, ocid, path, fact.state, fact.why)
        return fact

    def _code(self, kind: str, raw: str) -> str:
        """The code of a word: OCDS's own whatever its case, or what the source says of it. Else "", and it is listed."""
        known = self.code_of(kind, raw)
        if raw and not known:
            self.tally.unmapped[kind, raw[:40]] += 1
        return known

    def code_of(self, kind: str, raw: str) -> str:
        """The code of a word, without listing it where it has none."""
        known = self._words.get((kind, raw))
        if known is None:
            folded = raw.casefold()
            known = self.source.codes.get(kind, {}).get(folded) or _FOLDED[kind].get(folded, "")
            if len(self._words) < _MOST_WORDS:
                self._words[kind, raw] = known
        return known

    def _codes(self, kind: str, told: Told, raws: Sequence[str]) -> Fact:
        head = raws[0]
        known = self._words.get((kind, head)) if raws.count(head) == len(raws) else None
        if known and told.certain:
            return told.constant(known)
        fact = told.fact(raws, lambda raw: (self._code(kind, raw) or None, ""))
        if fact.state == MISSING and any(raws):
            return Fact(MISSING, "a local word that the source does not map")
        return fact

    def _bid_code(self, said: Sequence[tuple[Known, str]]) -> Fact:
        return self._codes("bid", Told([one for one, _ in said]), [status for _, status in said])

    def milestone_code(self, raw: str) -> str:
        return self._code("milestone", raw) if raw else ""

    def _date(self, raw: Any) -> tuple[Instant | None, str]:
        return read_date(raw, self.source.last_year)

    def _day(self, raw: Any) -> str:
        """A date as its day, however it is written; what is no date as it is."""
        found, _ = self._date(raw)
        return str(found.at // DAY) if found else str(raw)

    def _state_of_process(
        self, ocid: str, used: Sequence[Known], all_told: Told, awards: Mapping[str, AwardFacts]
    ) -> Row:
        file = used[0].file
        said = [one.release for one in used]
        opened, closed = all_told.period(
            [one.opened for one in said], [one.closed for one in said], self.source.last_year
        )
        self._note(file, ocid, "tender.tenderPeriod.startDate", opened)
        self._note(file, ocid, "tender.tenderPeriod.endDate", closed)
        status = self._note(file, ocid, "tender.status", self._codes("status", all_told, [one.status for one in said]))
        method = self._codes("method", all_told, [one.method for one in said])
        codes = [one.code for one in awards.values()]
        awarded = not AWARDED.isdisjoint(codes) or (not codes and any(one.contracts for one in said))
        date = self._award_date(ocid, awards, closed, file)
        told = self._first_told(used, date)
        bidders = all_told.fact([one.bidders for one in said], read_count)
        if bidders.state == KNOWN and bidders.last == 0 and awarded:
            bidders = Fact(CONTRADICTORY, NOBODY)
        self._note(file, ocid, "tender.numberOfTenderers", bidders)
        named = {one for release in said for award in release.awards for one in award.suppliers}
        tenderers, suppliers, overlap = self.tenderers(said, named)
        bids = bids_of(used, self._bid_code)
        code = status.last if status.state == KNOWN else ""
        if not code and codes and all(one in CANCELLED for one in codes):
            code = "cancelled"
        elif not code and codes and all(one == "unsuccessful" for one in codes):
            code = "unsuccessful"
        return {
            "method": method.last if method.state == KNOWN else "",
            "method_why": method.why,
            "opened": at(opened.last),
            "opened_state": opened.state,
            "opened_why": opened.why,
            "closed": at(closed.last),
            "closed_day": closed.last.whole_day if closed.last else False,
            "closed_state": closed.state,
            "closed_why": closed.why,
            "open_days": whole_days(opened.last, closed.last)
            if opened.state == KNOWN and closed.state == KNOWN
            else None,
            "status": code,
            "status_state": KNOWN if code else status.state,
            "status_why": status.why,
            "awarded": awarded,
            "award_date": at(date.first),
            "award_date_state": date.state,
            "award_date_why": date.why,
            "decision_days": days_between(closed.last, date.first)
            if closed.state == KNOWN and date.state == KNOWN
            else None,
            "told": at(told.first),
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
            **bids.as_row(),
            "releases": len(used),
        }

    def _award_date(self, ocid: str, awards: Mapping[str, AwardFacts], closed: Fact, file: str) -> Fact:
        """The day of the first award that stands, as last told; contradictory where it lies before the tender's end."""
        facts = [one.date for one in awards.values() if one.code not in CANCELLED and one.date.state != MISSING]
        known = [fact for fact in facts if fact.state == KNOWN]
        if not known:
            return self._note(file, ocid, "awards[].date", facts[0] if facts else NOTHING)
        one = min(known, key=lambda fact: fact.last.order) if len(known) > 1 else known[0]
        if closed.state == KNOWN and days_between(closed.last, one.last) < 0:
            return self._note(file, ocid, "awards[].date", Fact(CONTRADICTORY, EARLY))
        return one._replace(first=one.last)

    def _award_facts(self, used: Sequence[Known], all_told: Told) -> dict[str, AwardFacts]:
        """What is known of each award, by its id."""
        by_award: dict[str, list[tuple[Known, Award]]] = {}
        for one in used:
            for award in one.release.awards:
                by_award.setdefault(award.id, []).append((one, award))
        out = {}
        for id_ in sorted(by_award):
            stated = by_award[id_]
            told = all_told if _everywhere(stated, used) else Told([one for one, _ in stated])
            versions = [award for _, award in stated]
            last = versions[-1].status
            out[id_] = AwardFacts(
                (self._code("status", last) if last else "active"),
                told.fact([award.date for award in versions], self._date),
                told.fact([award.amount for award in versions], read_amount),
                self._currency([award.currency for award in versions])[0],
                versions[-1],
            )
        return out

    def _first_told(self, used: Sequence[Known], date: Fact) -> Fact:
        """The day of the first release that tells the award; contradictory where it lies before the award."""
        tells = [one for one in used if one.release.awards and not one.compiled and one.order is not None]
        if not tells:
            compiled = any(one.compiled for one in used)
            return Fact(MISSING, "compiled only: the day of the first release is lost" if compiled else "not stated")
        first = tells[0]  # in order
        if first.release.stage >= 0:
            return Fact(MISSING, "rows of the draft form carry no date of release")
        value, bad = self._date(first.release.date)
        if value is None:
            return Fact(IMPOSSIBLE, bad)
        if date.state == KNOWN and days_between(date.first, value) < 0:
            return Fact(CONTRADICTORY, UNTOLD)
        return Fact(KNOWN, "", value, value, first.order, first.order, 1)

    def tenderers(self, releases: Sequence[Release], suppliers: set[int]) -> tuple[Fact, int, str]:
        """Different tenderers of the last list that was published, suppliers, and how the two overlap."""
        last = next((one for one in reversed(releases) if one.tenderers is not None), None)
        if last is None:
            return Fact(MISSING, "no list of tenderers"), len(suppliers), ""
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

    def _contracts(
        self, ocid: str, used: Sequence[Known], all_told: Told, awards: Mapping[str, AwardFacts]
    ) -> list[tuple[Row, list[Row]]]:
        by_contract: dict[str, list[tuple[Known, Contract]]] = {}
        for one in used:
            for number, contract in enumerate(one.release.contracts):
                key = contract.id or (f"(award {contract.award})" if contract.award else f"(no id {number + 1})")
                by_contract.setdefault(key, []).append((one, contract))
        of_award = {key: next((one.award for _, one in said if one.award), "") for key, said in by_contract.items()}
        out = []
        for key in sorted(by_contract):
            said = by_contract[key]
            told = all_told if _everywhere(said, used) else Told([one for one, _ in said])
            award = of_award[key]
            name = award if award in awards else next(iter(awards)) if len(awards) == 1 and not award else None
            sharing = 0 if name is None else sum(one in (name, "") for one in of_award.values())
            awarded = awards[name] if name is not None else None
            out.append(self._contract(ocid, key, said, told, award, awarded, sharing))
        return out

    def _contract(
        self,
        ocid: str,
        key: str,
        said: Sequence[tuple[Known, Contract]],
        told: Told,
        award: str,
        awarded: AwardFacts | None,
        sharing: int,
    ) -> tuple[Row, list[Row]]:
        file, path = said[0][0].file, f"contracts[{key}]"
        versions = [contract for _, contract in said]
        signed = told.fact([one.signed for one in versions], self._date)
        start, end = told.period([one.start for one in versions], [one.end for one in versions], self.source.last_year)
        extent = told.fact([one.extent for one in versions], self._date)
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
        award_amount = awarded.amount if awarded else NOTHING
        award_date = awarded.date.last if awarded and awarded.date.state == KNOWN else None
        amended = self.amendments(said)
        self.tally.amended += amended > 0
        self.tally.numbered += numbered
        decided = award_date or (signed.first if signed.state == KNOWN else None)
        known_end = end.state == KNOWN
        row = {
            "contract": key,
            "award": award,
            "decided": at(decided),
            **_dated("signed", signed),
            **_dated("start", start),
            **_dated("end", end),
            "end_slip": days_between(end.first, end.last) if known_end else None,
            "end_years": whole_years(end.first, end.last) if known_end else None,
            "end_declared": _within(end, extent),
            "end_beyond": end.state == IMPOSSIBLE and end.why == BEYOND and end.first is not None,
            "amount_first": amount.first,
            "amount_last": amount.last,
            "amount_n": amount.n,
            "amount_state": amount.state,
            "amount_why": amount.why,
            "currency": currency,
            "currency_declared": declared,
            "award_amount": award_amount.last if award_amount.state == KNOWN else None,
            "award_currency": awarded.currency if awarded else "",
            "award_amount_state": award_amount.state,
            "award_contracts": sharing,
            "status": status.last if status.state == KNOWN else "",
            "status_state": status.state,
            "status_why": status.why,
            "ended_on": self._ended_on(said),
            "amended": amended,
            "numbered": numbered,
            "releases": len(said),
        }
        return row, payments(ocid, path, said, signed, self.source, self.repair, self.milestone_code)

    def amendments(self, said: Sequence[tuple[Known, Contract]]) -> int:
        """How many different amendments are told: by id and day, or by a release that says it is one."""
        found = {
            (id_, self._day(date)) for _, one in said if one.amendments for id_, date in one.amendments if id_ or date
        }
        found |= {("release", one.release.id or str(one.order)) for one, _ in said if amends(one)}
        return len(found)

    def _currency(self, stated: Sequence[str]) -> tuple[str, bool]:
        """The one currency stated; that of the source where none is; "" where several are."""
        found = {one.upper() for one in stated if one}
        if not found and self.source.currency:
            return self.source.currency, True
        return (found.pop(), False) if len(found) == 1 else ("", False)

    def _ended_on(self, said: Sequence[tuple[Known, Contract]]) -> int | None:
        """When the first release said that the contract was terminated or cancelled."""
        if len({contract.status for _, contract in said}) == 1 and self._code("status", said[0][1].status) not in ENDED:
            return None
        for one, contract in said:  # in order
            if contract.status and one.order is not None and self._code("status", contract.status) in ENDED:
                return one.order
        return None

    def _awards(self, body: str, ocid: str, method: str, awards: Mapping[str, AwardFacts]) -> None:
        """Awards with their suppliers as keyed hashes: kept while reading, to see who was seen before."""
        for id_, facts in awards.items():
            award = facts.last
            if self._code("status", award.status) in NOT_MADE:
                continue
            date, bad = read_date(award.date, self.source.last_year)
            row: Row = {"body": body, "ocid": ocid, "method": method, "award": id_, "date": at(date), "bad": bad}
            row["suppliers"], row["names"], row["nameless"] = award.suppliers, award.names, award.nameless
            self.write("awards", row)


class AwardFacts(NamedTuple):
    """What is known of an award. ``code`` is its last status; active where none was ever stated."""

    code: str
    date: Fact
    amount: Fact
    currency: str
    last: Award  #: as last told


def _everywhere(said: Sequence[tuple[Known, Any]], used: Sequence[Known]) -> bool:
    """Whether something is stated once in each release."""
    return len(said) == len(used) and all(one is other for (one, _), other in zip(said, used, strict=True))


NO_OCID = "no-ocid-"
EARLY, UNTOLD, NOBODY = (
    "awarded before the tender closed",
    "published before it was awarded",
    "no bidder, and an award",
)
_ORDER = attrgetter("order")
AMENDMENT = stage_of(("contractAmendment",))


def _said(pairs: Sequence[tuple[Known, tuple[Any, str]]]) -> list[Stated]:
    return [one.says(value, bad) for one, (value, bad) in pairs if value is not None or bad]


def amends(one: Known) -> bool:
    """Whether a release says by its tag that it amends a contract; drafts, all tagged so, number their changes."""
    return (
        one.stage >= AMENDMENT
        and one.release.stage < 0
        and any(tag.casefold() == "contractamendment" for tag in one.release.tags)
    )


def _within(end: Fact, extent: Fact) -> bool:
    """Whether an end that moved later stays within what was declared with the first promise."""
    if end.state != KNOWN or extent.state != KNOWN or end.first_on is None or extent.first_on is None:
        return False
    declared = extent.first_on <= end.first_on
    return declared and days_between(end.first, end.last) > 0 and days_between(end.last, extent.first) >= 0


def _dated(name: str, fact: Fact) -> Row:
    first, last = (at(fact.first), at(fact.last)) if fact.state == KNOWN else (None, None)
    values = (first, last, fact.first_on, fact.last_on, fact.n, fact.state, fact.why)
    return dict(zip(_DATED[name], values, strict=True))


_PARTS = ("first", "last", "first_on", "last_on", "n", "state", "why")
_DATED = {name: tuple(f"{name}_{part}" for part in _PARTS) for name in ("signed", "start", "end")}


def place(release: Release) -> tuple[int | None, int, bool]:
    """Order, stage of a release, and whether its date has no time."""
    return _placed(release.date, release.tags, release.stage)


@lru_cache(maxsize=1 << 14)
def _placed(raw: Any, tags: tuple[str, ...], stage: int) -> tuple[int | None, int, bool]:
    date = instant_of(raw)
    return (date.order if date else None), (stage if stage >= 0 else stage_of(tags)), bool(date and date.whole_day)
