"""The bids of a process: how many were submitted, and how many of these disqualified; never by whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from counterscore.mirror.facts import KNOWN, MISSING, Fact

_NOT_SUBMITTED = frozenset({"invited", "withdrawn"})


class Bids(NamedTuple):
    """What is known of the bids of a process. ``submitted`` and ``disqualified`` are 0 unless ``state`` is known."""

    state: str
    why: str
    submitted: int
    disqualified: int
    codes: Counter[str]  #: of all bids

    def as_row(self) -> dict[str, Any]:
        known = self.state == KNOWN
        return {
            "bids": self.submitted if known else None,
            "disqualified": self.disqualified if known else None,
            "bids_state": self.state,
            "bids_why": self.why,
            "bid_codes": self.codes,
        }


def _unknown(state: str, why: str) -> Bids:
    return Bids(state, why, 0, 0, Counter())


_NONE_LISTED, _EMPTY = _unknown(MISSING, "no list of bids"), _unknown(MISSING, "an empty list of bids")


def bids_of(used: Sequence[Any], code_of: Callable[[list[tuple[Any, str]]], Fact]) -> Bids:
    """The bids that releases in their order list, each told by its last status.

    ``code_of`` settles the status of one bid from what releases say of it. One bid whose status is not known leaves the
    whole process unknown: a share of those that happen to be known would be another share.
    """
    lists = [one for one in used if one.release.bids is not None]
    if not lists:
        return _NONE_LISTED
    by_bid: dict[int, list[tuple[Any, str]]] = {}
    for one in lists:
        for number, (id_, status) in enumerate(one.release.bids):
            by_bid.setdefault(id_ or -1 - number, []).append((one, status))
    if not by_bid:
        return _EMPTY
    codes: Counter[str] = Counter()
    for said in by_bid.values():
        fact = code_of(said)
        if fact.state != KNOWN:
            return _unknown(fact.state, f"the status of a bid: {fact.why}")
        codes[fact.last] += 1
    submitted = sum(many for code, many in codes.items() if code not in _NOT_SUBMITTED)
    return Bids(KNOWN, "", submitted, codes["disqualified"], codes)
