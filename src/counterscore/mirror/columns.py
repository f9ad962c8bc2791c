"""Plain processes, many at a time and by columns; what comes out is what ``Reducer`` makes of each of them.

Plain is a process of which each release has a date and an id of its own, with one award and one contract at most, and
with nothing that takes a closer look: no date or amount that cannot be, no word that is not mapped, no bids.
Many publishers' processes all are. Any other process goes to ``Reducer``, which takes everything and is what this is
tested against.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain, pairwise
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from counterscore.mirror.bids import bids_of
from counterscore.mirror.dates import DAY, Instant, whole_years
from counterscore.mirror.facts import CONTRADICTORY, KNOWN, MISSING, NOTHING, Fact, read_amount, read_count, read_date
from counterscore.mirror.payments import payments
from counterscore.mirror.reduce import (
    AMENDMENT,
    AWARDED,
    CANCELLED,
    EARLY,
    ENDED,
    NO_OCID,
    NOBODY,
    NOT_MADE,
    UNTOLD,
    Known,
    Reducer,
    Row,
    amends,
)
from counterscore.mirror.whitelist import Award, Contract, Release

_MOST_RELEASES = 1_000  #: settled at a time …
_MOST_BYTES = 2**22  #: … or so many bytes of them
_MOST_DAYS = 1 << 15  #: dates, remembered
_LARGE = 2**53
_NEVER = np.iinfo(np.int64).min

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Days(NamedTuple):
    """A column of dates: seconds of each, whether it has no time, and whether it is stated.

    A column has one row more than it was read from, in which nothing is stated: the row -1.
    """

    at: Ints
    whole: Flags
    stated: Flags

    def of(self, rows: Ints) -> Days:
        """Those of some rows."""
        return Days(self.at[rows], self.whole[rows], self.stated[rows])

    def seconds(self) -> list[int | None]:
        return _optional(self.at, self.stated)


class Span(NamedTuple):
    """Of each process the first and the last row that states something (-1 where none does), and how many do."""

    first: Ints
    last: Ints
    many: Ints

    @property
    def stated(self) -> Flags:
        return self.many > 0


class Awards(NamedTuple):
    """The one award of each process, where it has one: as last told."""

    there: Flags
    id: list[str]
    code: list[str]
    date: Days
    amount: npt.NDArray[np.float64]
    currency: list[str]
    told_in: Ints  #: the first release that tells it
    suppliers: list[set[int]]  #: of all that is told of it
    rows: list[Row | None]


class ColumnReducer:
    """Takes processes as ``reducer`` does, and settles those that are plain together. ``flush`` after the last."""

    def __init__(self, reducer: Reducer) -> None:
        self._reducer = reducer
        self._waiting: list[tuple[str, Sequence[Known]]] = []
        self._releases = self._bytes = 0
        self._days = _Read(lambda raw: _packed(raw, reducer.source.last_year))
        self._codes = {kind: _Read(partial(self._code, kind)) for kind in ("status", "method")}

    def _code(self, kind: str, raw: str) -> str:
        return self._reducer.code_of(kind, raw) if raw else ""

    def process(self, ocid: str, found: Sequence[Known], size: int = 0) -> None:
        """All releases of one process, as ``Reducer.process`` takes them; ``size`` is that of their text."""
        self._waiting.append((ocid, found))
        self._releases += len(found)
        self._bytes += size
        if self._releases >= _MOST_RELEASES or self._bytes >= _MOST_BYTES:
            self.flush()

    def flush(self) -> None:
        """Settle what is waiting, and write it in the order it came."""
        waiting, self._waiting = self._waiting, []
        self._releases = self._bytes = 0
        if not waiting:
            return
        settled = _Batch(self._reducer, waiting, self._days, self._codes).rows()
        for (ocid, found), plain in zip(waiting, settled, strict=True):
            if plain is None:
                self._reducer.process(ocid, found)
            else:
                self._write(ocid, plain)

    def _write(self, ocid: str, plain: Plain) -> None:
        reducer, releases, state = self._reducer, plain.releases, plain.state
        tally, write = reducer.tally, reducer.write
        entity = next((one.entity for one in reversed(releases) if one.entity), "")
        body = reducer.bodies.of((one.buyer for one in reversed(releases)), entity)
        flags = [] if body.registered else [body.flag]
        if plain.whole_days:
            flags.append("dates without time")
            tally.whole_days += 1
        for file, path, why in plain.repairs:
            reducer.repair(file, ocid, path, CONTRADICTORY, why)
        tally.releases += len(releases)
        body.processes += 1
        key, flagged, method = body.key, "; ".join(flags), state["method"]
        tenderers, state["suppliers"], state["overlap"] = reducer.tenderers(releases, plain.suppliers)
        state["tenderers"], state["tenderers_state"], state["tenderers_why"] = (
            tenderers.last,
            tenderers.state,
            tenderers.why,
        )
        state |= _NO_BIDS
        state |= {"body": key, "ocid": ocid, "flags": flagged, "contracts": int(plain.contract is not None)}
        write("processes", state)
        if plain.contract is not None:
            row, said, signed = plain.contract
            body.contracts += 1
            tally.amended += row["amended"] > 0
            row |= {"body": key, "ocid": ocid, "flags": flagged, "method": method}
            write("facts", row)
            of = {"body": key, "ocid": ocid, "contract": row["contract"], "method": method}
            of |= {"amount": row["amount_last"], "currency": row["currency"]}
            path = f"contracts[{row['contract']}]"
            for payment in payments(ocid, path, said, signed, reducer.source, reducer.repair, reducer.milestone_code):
                payment.update(of)
                write("payments", payment)
        if plain.award is not None:
            write("awards", {"body": key, "ocid": ocid, "method": method, **plain.award})


class Plain(NamedTuple):
    """A plain process, settled; its rows lack what ``ColumnReducer`` adds."""

    releases: Sequence[Release]
    whole_days: bool
    state: Row
    contract: tuple[Row, list[tuple[Known, Contract]], Fact] | None  #: with what states it, and the day it was signed
    award: Row | None
    suppliers: set[int]
    repairs: list[tuple[str, str, str]]  #: file, path, and why it is contradictory


class _Read(dict[Any, Any]):
    """What values are read as, each once."""

    def __init__(self, read: Callable[[Any], Any]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, raw: Any) -> Any:
        found = self[raw] = self._read(raw)
        return found


_UNSTATED, _BAD = 0, 3  #: else 1 for a time and 2 for a day


def _packed(raw: Any, last_year: int) -> int:
    value, bad = read_date(raw, last_year)
    return _BAD if bad else _UNSTATED if value is None else value.at * 4 + 1 + value.whole_day


class _Batch:
    """The columns of some processes, row by row as their releases are ordered."""

    def __init__(
        self, reducer: Reducer, waiting: Sequence[tuple[str, Sequence[Known]]], days: _Read, codes: dict[str, _Read]
    ) -> None:
        self._reducer, self._days, self._codes = reducer, days, codes
        if len(days) > _MOST_DAYS:
            days.clear()
        for one in codes.values():
            if len(one) > _MOST_DAYS:
                one.clear()
        self._many = len(waiting)
        self._repairs: dict[int, list[tuple[str, str]]] = {}
        counts = np.array([len(found) for _, found in waiting])
        self._starts = np.concatenate([[0], np.cumsum(counts)])
        self._of = np.repeat(np.arange(self._many), counts)  # the process of each release
        self._plain = np.array([not ocid.startswith(NO_OCID) for ocid, _ in waiting])
        known = list(chain.from_iterable(found for _, found in waiting))
        when = np.array([_NEVER if one.order is None else one.order for one in known], np.int64)
        self._refuse(self._of, (when == _NEVER) | np.array([one.compiled for one in known], bool))
        order = np.lexsort((when, self._of))
        self._when = when[order]
        self._known = [known[row] for row in order.tolist()]
        again = (np.diff(self._of) == 0) & (np.diff(self._when) == 0)
        self._refuse(self._of[1:], again)

    def _refuse(self, of: Ints, rows: Flags) -> None:
        """Leave the processes of some rows to be settled one by one."""
        self._plain[of[rows]] = False

    def _repair(self, wrong: Flags, path: str, why: str) -> None:
        for process in np.flatnonzero(wrong).tolist():
            self._repairs.setdefault(process, []).append((path, why))

    def _span(self, of: Ints, stated: Flags) -> Span:
        rows = np.flatnonzero(stated)
        group = of[rows]
        first, last = np.full(self._many, -1), np.full(self._many, -1)
        first[group[::-1]], last[group] = rows[::-1], rows
        return Span(first, last, np.bincount(group, minlength=self._many))

    def _places(self, of: Ints) -> list[tuple[int, int]]:
        """Where the rows of each process begin and end."""
        return list(pairwise(np.searchsorted(of, np.arange(self._many + 1)).tolist()))

    def _dates(self, of: Ints, raws: Sequence[Any]) -> Days:
        packed = np.fromiter(map(self._days.__getitem__, (*raws, None)), np.int64, len(raws) + 1)
        kind = packed & 3
        self._refuse(of, kind[:-1] == _BAD)
        return Days(packed >> 2, kind == 2, (kind == 1) | (kind == 2))

    def _period(self, of: Ints, starts: Sequence[Any], ends: Sequence[Any]) -> tuple[Days, Days]:
        first, last = self._dates(of, starts), self._dates(of, ends)
        self._refuse(of, (first.stated & last.stated & (days_apart(first, last) < 0))[:-1])
        return first, last

    def _words(self, of: Ints, kind: str, raws: Sequence[str]) -> list[str]:
        codes = [*map(self._codes[kind].__getitem__, raws), ""]
        if "" in codes[:-1]:
            self._refuse(of, np.array([bool(raw) and not code for raw, code in zip(raws, codes, strict=False)], bool))
        return codes

    def _amounts(self, of: Ints, raws: Sequence[Any]) -> npt.NDArray[np.float64]:
        """Amounts, nan where none is stated."""
        found = [raw if raw.__class__ is float and 0 <= raw < _LARGE else _amount(raw) for raw in raws]
        found.append(math.nan)
        return self._numbers(of, np.array(found, np.float64) + 0.0)  # a minus zero is a zero

    def _numbers(self, of: Ints, found: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        self._refuse(of, found[:-1] < 0)
        return found

    def _currencies(self, of: Ints, raws: Sequence[str]) -> list[tuple[str, bool]]:
        """The one currency of each process, and whether it is the source's; processes with several are not plain."""
        declared = (self._reducer.source.currency, True) if self._reducer.source.currency else ("", False)
        found = [declared] * self._many
        several = set()
        for process, raw in zip(of.tolist(), raws, strict=True):
            if raw:
                before = found[process]
                found[process] = (raw.upper(), False)
                if before is not declared and before != found[process]:
                    several.add(process)
        self._plain[list(several)] = False
        return found

    def rows(self) -> list[Plain | None]:
        """What each process is settled to; None where it is not plain."""
        releases = [one.release for one in self._known]
        said = _columns(Release, releases)
        of, starts = self._of, self._starts.tolist()
        self._refuse(of, (np.array(said.stage) >= 0) | np.array([one is not None for one in said.bids or ()], bool))
        if not self._plain.any():  # all of them rows of the draft form, say
            return [None] * self._many
        if len(set(zip(of.tolist(), said.id, strict=True))) < len(releases):
            self._plain &= np.array([len({*said.id[a:b]}) == b - a for a, b in pairwise(starts)])
        awards = self._awards(said.awards)
        contracts, facts = self._contracts(said.contracts, awards)
        states = self._states(said, awards, contracts.stated)
        whole = (np.bincount(of, [one.whole_day for one in self._known], self._many) > 0).tolist()
        return [
            Plain(
                releases[a:b],
                whole[process],
                states[process],
                facts[process],
                awards.rows[process],
                awards.suppliers[process],
                [(self._known[a].file, *each) for each in self._repairs.get(process, ())],
            )
            if plain
            else None
            for process, (plain, (a, b)) in enumerate(zip(self._plain.tolist(), pairwise(starts), strict=True))
        ]

    def _one_each(self, stated: Sequence[Sequence[Any]]) -> Ints:
        """Releases that tell of something; processes of which one tells of several are not plain."""
        many = np.fromiter(map(len, stated), np.int64, len(stated))
        self._refuse(self._of, many > 1)
        return np.flatnonzero(many)

    def _awards(self, stated: Sequence[Sequence[Award]]) -> Awards:
        rows = self._one_each(stated)
        of, all_of = self._of[rows], [stated[row][0] for row in rows.tolist()]
        said = _columns(Award, all_of)
        self._refuse(of[1:], _changes(of, said.id))
        days, amounts = self._dates(of, said.date), self._amounts(of, said.amount)
        codes, currencies = self._words(of, "status", said.status), self._currencies(of, said.currency)
        every = self._span(of, np.ones(len(of), bool))
        last = every.last.tolist()
        price = self._span(of, ~np.isnan(amounts[:-1]))
        found: list[Row | None] = []
        for row, at in zip(last, days.of(every.last).seconds(), strict=True):
            if row < 0 or codes[row] in NOT_MADE:
                found.append(None)
                continue
            one = all_of[row]
            made = {"award": one.id, "date": at, "bad": "", "suppliers": one.suppliers, "names": one.names}
            found.append({**made, "nameless": one.nameless})
        return Awards(
            every.stated,
            [all_of[row].id if row >= 0 else "" for row in last],
            [(codes[row] or "active") if row >= 0 else "" for row in last],
            days.of(self._span(of, days.stated[:-1]).last),
            amounts[price.last],
            [one for one, _ in currencies],
            np.append(rows, -1)[every.first],
            [{*chain.from_iterable(said.suppliers[a:b])} for a, b in self._places(of)],
            found,
        )

    def _states(self, said: Release, awards: Awards, contracted: Flags) -> list[Row]:
        """What is known of each process itself."""
        of = self._of
        starts, ends = self._period(of, said.opened, said.closed)
        opened = starts.of(self._span(of, starts.stated[:-1]).last)
        closed = ends.of(self._span(of, ends.stated[:-1]).last)
        count_of = {raw: _count(raw) for raw in {*said.bidders}}
        counts = self._numbers(of, np.array([*map(count_of.__getitem__, said.bidders), math.nan]))
        bidders = counts[self._span(of, ~np.isnan(counts[:-1])).last]
        method, status = self._last_word("method", said.method), self._last_word("status", said.status)
        awarded = np.array([code in AWARDED for code in awards.code]) | (contracted & ~awards.there)
        standing = awards.date.stated & np.array([code not in CANCELLED for code in awards.code])
        date = awards.date._replace(stated=standing)
        told_in = awards.told_in.tolist()
        told = self._dates(np.arange(self._many), [said.date[row] if row >= 0 else None for row in told_in])
        told = told.of(np.arange(self._many))
        decided, both = days_apart(closed, date), closed.stated & date.stated
        early = both & (decided < 0)
        date = date._replace(stated=date.stated & ~early)
        late, all_told = days_apart(date, told), date.stated & told.stated
        untold = all_told & (late < 0)
        told = told._replace(stated=told.stated & ~untold)
        nobody = awarded & (bidders == 0)
        counted = ~np.isnan(bidders) & ~nobody
        self._repair(early, "awards[].date", EARLY)
        self._repair(nobody, "tender.numberOfTenderers", NOBODY)
        code = [
            one or ("cancelled" if award in CANCELLED else "unsuccessful" if award == "unsuccessful" else "")
            for one, award in zip(status, awards.code, strict=True)
        ]
        periods = opened.stated & closed.stated
        whole = np.where(opened.whole | closed.whole, days_apart(opened, closed), (closed.at - opened.at) // DAY)
        return _rows(
            method=method,
            method_why=_judged("method", method)["method_why"],
            **_dated("opened", opened),
            **_dated("closed", closed),
            closed_day=(closed.whole & closed.stated).tolist(),
            open_days=_optional(whole, periods),
            status=code,
            status_state=_judged("status", code)["status_state"],
            status_why=_judged("status", status)["status_why"],
            awarded=awarded.tolist(),
            **_dated("award_date", date, early, EARLY),
            decision_days=_optional(decided, both & ~early),
            **_dated("told", told, untold, UNTOLD),
            told_days=_optional(late, all_told & ~untold),
            bidders=_optional(np.nan_to_num(bidders).astype(np.int64), counted),
            **_judged("bidders", counted, nobody, NOBODY),
            releases=np.diff(self._starts).tolist(),
        )

    def _last_word(self, kind: str, raws: Sequence[str]) -> list[str]:
        codes = self._words(self._of, kind, raws)
        last = self._span(self._of, np.array(list(map(bool, codes[:-1])))).last
        return [codes[row] for row in last.tolist()]

    def _contracts(
        self, stated: Sequence[Sequence[Contract]], awards: Awards
    ) -> tuple[Span, list[tuple[Row, list[tuple[Known, Contract]], Fact] | None]]:
        """The one contract of each process with what states it and the day it was signed; None where it has none."""
        rows = self._one_each(stated)
        of, all_of = self._of[rows], [stated[row][0] for row in rows.tolist()]
        told = [(self._known[row], one) for row, one in zip(rows.tolist(), all_of, strict=True)]
        said, when = _columns(Contract, all_of), np.append(self._when[rows], _NEVER)
        keys = [one.id or (f"(award {one.award})" if one.award else "(no id 1)") for one in all_of]
        self._refuse(of[1:], _changes(of, keys))
        every = self._span(of, np.ones(len(of), bool))
        starts, ends = self._period(of, said.start, said.end)
        signed, extents = self._dates(of, said.signed), self._dates(of, said.extent)
        of_signed, of_start, of_end = (self._span(of, one.stated[:-1]) for one in (signed, starts, ends))
        amounts, currencies = self._amounts(of, said.amount), self._currencies(of, said.currency)
        of_amount = self._span(of, ~np.isnan(amounts[:-1]))
        codes = self._words(of, "status", said.status)
        last = self._span(of, np.array(list(map(bool, codes[:-1])), bool)).last
        status = [codes[row] for row in last.tolist()]
        ended = self._span(of, np.array([code in ENDED for code in codes[:-1]], bool))
        named = (*said.award, "")
        award = [named[row] for row in self._span(of, np.array(list(map(bool, said.award)), bool)).first.tolist()]
        # The award it belongs to, and what is known of that.
        its = awards.there & np.array([not one or one == id_ for one, id_ in zip(award, awards.id, strict=True)], bool)
        price, first_signed = its & ~np.isnan(awards.amount), signed.of(of_signed.first)
        by_award = its & awards.date.stated
        decided = np.where(by_award, awards.date.at, first_signed.at)
        first_end, last_end = ends.of(of_end.first), ends.of(of_end.last)
        slip = days_apart(first_end, last_end)
        years = np.zeros(self._many, np.int64)
        for process in np.flatnonzero(of_end.stated & (slip != 0)).tolist():
            years[process] = whole_years(_instant(first_end, process), _instant(last_end, process))
        # An end that moved within what was declared with the first promise.
        of_extent = self._span(of, extents.stated[:-1])
        extent = extents.of(of_extent.first)
        declared = of_end.stated & of_extent.stated & (when[of_extent.first] <= when[of_end.first])
        declared &= (slip > 0) & (days_apart(last_end, extent) >= 0)
        places = self._places(of)
        amending = [known.stage >= AMENDMENT and amends(known) for known, _ in told]
        amended = np.bincount(of[np.array(amending, bool)], minlength=self._many).tolist()
        for process in {*of[np.array([*map(bool, said.amendments)], bool)].tolist()}:
            amended[process] = self._reducer.amendments(told[slice(*places[process])])
        facts = _rows(
            contract=[(*keys, "")[row] for row in every.last.tolist()],
            award=award,
            decided=_optional(decided, by_award | of_signed.stated),
            **_moved("signed", signed, of_signed, when),
            **_moved("start", starts, of_start, when),
            **_moved("end", ends, of_end, when),
            end_slip=_optional(slip, of_end.stated),
            end_years=_optional(years, of_end.stated),
            end_declared=declared.tolist(),
            end_beyond=[False] * self._many,
            amount_first=_optional(amounts[of_amount.first], of_amount.stated),
            amount_last=_optional(amounts[of_amount.last], of_amount.stated),
            amount_n=of_amount.many.tolist(),
            **_judged("amount", of_amount.stated),
            currency=[one for one, _ in currencies],
            currency_declared=[one for _, one in currencies],
            award_amount=_optional(awards.amount, price),
            award_currency=[one if is_its else "" for one, is_its in zip(awards.currency, its.tolist(), strict=True)],
            award_amount_state=_judged("award_amount", price)["award_amount_state"],
            award_contracts=its.astype(int).tolist(),
            status=status,
            **_judged("status", status),
            ended_on=_optional(when[ended.first], ended.stated),
            amended=amended,
            numbered=[False] * self._many,
            releases=every.many.tolist(),
        )
        return every, [
            (row, told[a:b], _known(_instant(first_signed, process)) if signs else NOTHING) if a < b else None
            for process, (row, (a, b), signs) in enumerate(zip(facts, places, of_signed.stated.tolist(), strict=True))
        ]


_NO_BIDS = bids_of((), lambda _: NOTHING).as_row()
_Column = TypeVar("_Column", bound=tuple[Any, ...])


def days_apart(first: Days, last: Days) -> Ints:
    """``dates.days_between`` for columns."""
    gap = last.at - first.at
    # Between a time and a day: to the nearer end of that day.
    time, day = np.where(first.whole, last.at, first.at), np.where(first.whole, first.at, last.at)
    away = np.where(day > time, -((time - day) // DAY), np.minimum(0, (day + DAY - time) // DAY))
    mixed = np.where(first.whole, -away, away)
    alike = np.where(first.whole, gap // DAY, np.rint(gap / DAY).astype(np.int64))
    return np.asarray(np.where(first.whole == last.whole, alike, mixed), np.int64)


def _instant(days: Days, row: int) -> Instant:
    return Instant(int(days.at[row]), bool(days.whole[row]))


def _known(value: Instant) -> Fact:
    return Fact(KNOWN, "", value, value)


def _amount(raw: Any) -> float:
    value, bad = read_amount(raw)
    return -1.0 if bad else math.nan if value is None else value


def _count(raw: Any) -> float:
    value, bad = read_count(raw)
    return -1.0 if bad else math.nan if value is None else value


def _columns(kind: type[_Column], rows: Sequence[_Column]) -> Any:
    """Rows that are named tuples, turned: of each field all values."""
    return kind(*zip(*rows, strict=True)) if rows else kind(*[()] * len(kind._fields))  # type: ignore[attr-defined]


def _changes(of: Ints, ids: Sequence[str]) -> Flags:
    """Rows, from the second on, that have another id than the one before them in their process."""
    changed = np.array([one != other for one, other in pairwise(ids)], bool)
    return np.asarray(changed & (np.diff(of) == 0), bool)


def _rows(**columns: Sequence[Any]) -> list[Row]:
    names = tuple(columns)
    return [dict(zip(names, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


def _optional(values: npt.NDArray[Any], there: Flags) -> list[Any]:
    optional = values
    if not there.all():
        optional = values.astype(object)
        optional[~there] = None
    cells: list[Any] = optional.tolist()
    return cells


def _judged(name: str, there: Any, wrong: Flags | None = None, why: str = "") -> dict[str, list[str]]:
    """State and reason of facts that are ``there``, or contradictory where they are ``wrong``, or else missing."""
    known = np.asarray(there) if isinstance(there, np.ndarray) else np.array([*map(bool, there)], bool)
    if known.all():
        return {f"{name}_state": [KNOWN] * len(known), f"{name}_why": [""] * len(known)}
    kind = np.where(known, 0, 1) if wrong is None else np.where(known, 0, np.where(wrong, 2, 1))
    states, reasons = (KNOWN, MISSING, CONTRADICTORY), ("", NOTHING.why, why)
    return {
        f"{name}_state": [states[one] for one in kind.tolist()],
        f"{name}_why": [reasons[one] for one in kind.tolist()],
    }


def _dated(name: str, days: Days, wrong: Flags | None = None, why: str = "") -> dict[str, list[Any]]:
    return {name: days.seconds(), **_judged(name, days.stated, wrong, why)}


def _moved(name: str, days: Days, span: Span, when: Ints) -> dict[str, list[Any]]:
    """What is told of a date first and last."""
    return {
        f"{name}_first": days.of(span.first).seconds(),
        f"{name}_last": days.of(span.last).seconds(),
        f"{name}_first_on": _optional(when[span.first], span.stated),
        f"{name}_last_on": _optional(when[span.last], span.stated),
        f"{name}_n": span.many.tolist(),
        **_judged(name, span.stated),
    }
