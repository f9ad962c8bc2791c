"""The payments of a contract, and the due dates that can be told to be theirs.

A payment is linked to a due date by its id, or where a contract has as many of one as of the other. Of a due date that
moved, the first is the promise and the last is kept. That nothing was paid is told by a milestone alone, never by silence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from counterscore.mirror.dates import DAY, Instant, days_between
from counterscore.mirror.facts import CONTRADICTORY, IMPOSSIBLE, KNOWN, LARGE, MISSING, Fact, read_amount, read_date
from counterscore.mirror.source import Source
from counterscore.mirror.whitelist import Contract

Row = dict[str, Any]


class Due(NamedTuple):
    """A milestone over all releases: the first and the last day it was due, and what it says of itself."""

    kind: str
    status: str
    first: Instant | None
    last: Instant | None
    met: Instant | None


def payments(
    ocid: str,
    path: str,
    said: Sequence[tuple[Any, Contract]],  # each with the release it stands in, which knows its file
    signed: Fact,
    source: Source,
    repair: Callable[[str, str, str, str, str], None],
    code_of: Callable[[str], str],  # of what a milestone says of itself
) -> list[Row]:
    """Payments with the due dates that can be told to be theirs; each counted once by id and day, or by day and amount."""
    last_year, cut_off = source.last_year, source.cut_off
    paid: dict[tuple[str, int | str], tuple[Any, Any]] = {}
    due: dict[str, Due] = {}
    before: Contract | None = None
    for one, contract in said:
        if contract.payments and (before is None or contract.payments != before.payments):
            for number, (id_, date, amount, _) in enumerate(contract.payments):
                value, bad = read_date(date, last_year)
                when = value.at // DAY if value is not None else bad or f"#{number}"
                paid[id_ or f"of {amount}", when] = (one, (id_, value, bad, amount))
        if contract.milestones and (before is None or contract.milestones != before.milestones):
            for number, (id_, kind, status, due_date, met) in enumerate(contract.milestones):
                value, _ = read_date(due_date, last_year)
                old = due.get(id_ or f"#{number}")
                first = old.first if old and old.first else value
                latest = value or (old.last if old else None)
                due[id_ or f"#{number}"] = Due(
                    kind, status, first, latest, read_date(met, last_year)[0] if met else None
                )
        before = contract
    if not paid and not due:
        return []
    dated_due = {id_: one for id_, one in due.items() if one.first is not None}
    of_payment = {id_: one for id_, one in dated_due.items() if one.kind.casefold() == "payment"} or dated_due
    in_step: dict[int, Due] | None = None
    days = {when.at // DAY for one in dated_due.values() for when in (one.first, one.last) if when is not None}
    rows: list[Row] = []
    used_ids: set[str] = set()
    signed_at = signed.first if signed.state == KNOWN else None
    last_order = cut_off.order
    for file, payment in paid.values():
        id_, date, bad, amount = payment
        state, why, mine = KNOWN, "", None
        money, money_bad = (amount, "") if amount.__class__ is float and 0 < amount < LARGE else read_amount(amount)
        if bad:
            state, why = IMPOSSIBLE, bad
        elif date is None:
            state, why = MISSING, "a payment without a date"
        elif money_bad:
            state, why = IMPOSSIBLE, money_bad
        elif money == 0:
            state, why = MISSING, "a payment of nothing"
        elif date.order > last_order:
            state, why = IMPOSSIBLE, "after the cut-off"
        elif signed_at is not None and date.at < signed_at.at and days_between(signed_at, date) < 0:
            state, why = CONTRADICTORY, "paid before the contract was signed"
        elif id_ and id_ in dated_due:
            mine = dated_due[id_]
            used_ids.add(id_)
        else:
            in_step = _in_step(paid, of_payment) if in_step is None else in_step
            mine = in_step.get(id(payment))
            used_ids |= set(of_payment) if mine else set()
        if state == KNOWN and mine is None:
            state, why = MISSING, "no due date that can be told to be this payment's" if due else "no due date"
        if state in {IMPOSSIBLE, CONTRADICTORY}:
            repair(file.file, ocid, f"{path}.implementation.transactions[].date", state, why)
        delay = last = None
        if mine is not None and mine.first and mine.last and state == KNOWN:
            delay = days_between(mine.first, date)
            last = delay if mine.last == mine.first else days_between(mine.last, date)
        rows.append(
            {
                "payment": id_,
                "paid": date.at if date is not None else None,
                "due": mine.first.at if mine is not None and mine.first is not None else None,
                "delay": delay,
                "delay_last": last,
                "unpaid": False,
                "equals_due": date.at // DAY in days if date is not None and days else None,
                "state": state,
                "why": why,
            }
        )
    if used_ids.issuperset(of_payment):
        return rows
    return rows + _milestones(of_payment, used_ids, cut_off, code_of)


def _milestones(due: Mapping[str, Due], used: set[str], cut_off: Instant, code_of: Callable[[str], str]) -> list[Row]:
    """Payment milestones that tell themselves whether they were met. That nothing was paid is told by them alone."""
    rows: list[Row] = []
    for id_, one in sorted(due.items()):
        if one.kind.casefold() != "payment" or id_ in used or one.first is None or one.last is None:
            continue
        unmet = code_of(one.status) == "notMet" and one.met is None and one.first.order < cut_off.order
        if one.met is None and not unmet:
            continue
        until = one.met or cut_off
        rows.append(
            {
                "payment": f"milestone {id_}",
                "paid": at(one.met),
                "due": at(one.first),
                "delay": days_between(one.first, until),
                "delay_last": days_between(one.last, until),
                "unpaid": unmet,
                "equals_due": None if unmet else _day(one.met) in {_day(one.first), _day(one.last)},
                "state": KNOWN,
                "why": "",
            }
        )
    return rows


def _in_step(paid: Mapping[Any, tuple[Any, Any]], due: Mapping[str, Due]) -> dict[int, Due]:
    """Where there are as many payments as due dates, the first is for the first, and so on."""
    dated = [payment for _, payment in paid.values() if payment[1] is not None]
    if len(dated) != len(due):
        return {}
    dated.sort(key=lambda payment: (payment[1].order, payment[0]))
    steps = sorted(due.values(), key=lambda one: one.first.order if one.first else 0)
    return {id(payment): one for payment, one in zip(dated, steps, strict=True)}


def at(value: Instant | None) -> int | None:
    """Seconds of an instant, as tables hold it."""
    return value.at if value is not None else None


def _day(value: Instant | None) -> int | None:
    return value.at // DAY if value is not None else None
