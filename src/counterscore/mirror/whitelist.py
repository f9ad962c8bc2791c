"""What is read of a release, and nothing else: a whitelist of paths, applied before anything is kept.

Persons stand in published contract data in places nobody lists (contact points, officials, committees, addresses,
titles that name somebody), so no list of things to delete could be complete. Here every field is named that is
kept; all others are counted and dropped unread. Names of suppliers and tenderers become keyed hashes, used for
counting alone; the key is drawn for one reading and thrown away.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from counterscore.mirror.stream import MOST_ITEMS, RefusedFileError

#: The paths that are read. ``[]`` stands for the items of an array.
PATHS = (
    *("ocid", "id", "date", "tag"),
    *("buyer.id", "buyer.name", "buyer.identifier.scheme", "buyer.identifier.id"),
    *("tender.id", "tender.status", "tender.procurementMethod", "tender.numberOfTenderers"),
    *("tender.tenderPeriod.startDate", "tender.tenderPeriod.endDate", "tender.value.amount", "tender.value.currency"),
    *("awards[].id", "awards[].status", "awards[].date", "awards[].value.amount", "awards[].value.currency"),
    *("awards[].contractPeriod.startDate", "awards[].contractPeriod.endDate"),
    *("contracts[].id", "contracts[].awardID", "contracts[].status", "contracts[].dateSigned"),
    *("contracts[].period.startDate", "contracts[].period.endDate"),
    *("contracts[].value.amount", "contracts[].value.currency"),
    *("contracts[].amendments[].id", "contracts[].amendments[].date"),
    *(f"contracts[].implementation.transactions[].{one}" for one in ("id", "date", "value.amount", "value.currency")),
    *(f"contracts[].implementation.milestones[].{one}" for one in ("id", "type", "status", "dueDate", "dateMet")),
)
#: Read to count different ones, as keyed hashes, and never kept as they are.
HASHED = ("awards[].suppliers[]", "tender.tenderers[]")
#: Read only where the register of the source names it.
REGISTERED = ("tender.procuringEntity.id",)

_LONGEST = 300
_MOST_HASHES = 50_000  #: remembered, while a file is read
_SPACE = re.compile(r"\s+")
_RELEASE = frozenset({"ocid", "id", "date", "tag", "buyer", "tender", "awards", "contracts"})
#: Fields without a person, dropped and not worth a count of their own.
_PLAIN = frozenset({"initiationType", "language", "uri", "url", "lastUpdate", "publishedDate"})
_TENDER = frozenset(
    ["id", "status", "procurementMethod", "numberOfTenderers", "tenderPeriod", "value", "tenderers", "procuringEntity"]
)
_AWARD = frozenset(["id", "status", "date", "value", "contractPeriod", "suppliers"])
_CONTRACT = frozenset(["id", "awardID", "status", "dateSigned", "period", "value", "amendments", "implementation"])
#: What each dropped field is called in the count of dropped persons.
DROPPED = {
    "contactPoint": "contact points",
    "parties": "lists of parties",
    "procuringEntity": "procuring entities",
    "committee": "committees",
    "persons": "lists of persons",
    "people": "lists of persons",
    "signatories": "signatories",
    "documents": "lists of documents",
    "address": "addresses",
    "title": "titles",
    "description": "descriptions",
    "rationale": "rationales",
    "amendment": "amendments in the old form (their text)",
    "payer": "payers",
    "payee": "payees",
    "providerOrganization": "payers",
    "receiverOrganization": "payees",
    "enquiries": "enquiries",
    "complaints": "complaints",
    "beneficialOwners": "beneficial owners",
}


class Award(NamedTuple):
    """An award as read. ``suppliers`` and ``names`` are keyed hashes, of scheme, id and name and of the name alone."""

    id: str
    status: str
    date: Any
    amount: Any
    currency: str
    suppliers: list[int]
    names: list[int]
    nameless: bool


class Contract(NamedTuple):
    """A contract as read: ids and codes are texts, dates and amounts still as published."""

    id: str
    award: str
    status: str
    signed: Any
    start: Any
    end: Any
    amount: Any
    currency: str
    amendments: list[list[Any]]  #: id, date
    payments: list[list[Any]]  #: id, date, amount, currency
    milestones: list[list[Any]]  #: id, type, status, due, met


class Release(NamedTuple):
    """One release after the whitelist."""

    ocid: str
    id: str
    date: Any
    tags: tuple[str, ...]
    buyer: tuple[str, str]  #: id, name
    entity: str  #: id of the procuring entity, where the register names it
    status: str
    method: str
    bidders: Any
    tenderers: list[int] | None  #: keyed hashes of name, id and scheme; None where none are published
    nameless: bool  #: one of them has no name
    opened: Any
    closed: Any
    awards: list[Award]
    contracts: list[Contract]
    stage: int = -1  #: order among those of one date, where the publisher numbers them


@dataclass
class Reader:
    """Reads releases through the whitelist. ``key`` is the throw-away key of the hashes."""

    key: bytes
    registered: frozenset[str] = frozenset()
    dropped: Counter[str] = field(default_factory=Counter)
    unknown: int = 0
    _hashes: dict[tuple[str, ...], tuple[int, int]] = field(default_factory=dict)

    def release(self, raw: Mapping[str, Any]) -> Release:
        """What is kept of ``raw``, a release of OCDS 1.0 or 1.1."""
        self._count(raw, _RELEASE)
        tender = _object(raw.get("tender"))
        self._count(tender, _TENDER)
        period = _object(tender.get("tenderPeriod"))
        buyer = _object(raw.get("buyer"))
        if "contactPoint" in buyer:
            self.dropped["contact points"] += 1
        if "address" in buyer:
            self.dropped["addresses"] += 1
        tenderers = tender.get("tenderers")
        hashed = [self.hash(one) for one in _objects(tenderers)] if tenderers is not None else None
        tags = raw.get("tag")
        return Release(
            ocid=word(raw.get("ocid")),
            id=word(raw.get("id")),
            date=_plain(raw.get("date")),
            tags=tuple(word(one) for one in (tags if isinstance(tags, list) else [tags]) if one),
            buyer=self.organisation(buyer),
            entity=self._entity(tender),
            status=word(tender.get("status")),
            method=word(tender.get("procurementMethod")),
            bidders=_plain(tender.get("numberOfTenderers")),
            tenderers=None if hashed is None else [one[0] for one in hashed],
            nameless=any(one[1] == 0 for one in hashed or ()),
            opened=_plain(period.get("startDate")),
            closed=_plain(period.get("endDate")),
            awards=[self._award(one) for one in _objects(raw.get("awards"))],
            contracts=[self._contract(one) for one in _objects(raw.get("contracts"))],
        )

    def organisation(self, raw: Mapping[str, Any]) -> tuple[str, str]:
        """Id and name of a buyer; the id of the identifier where it has no id of its own."""
        id_ = word(raw.get("id"))
        identifier = _object(raw.get("identifier"))
        if not id_ and word(identifier.get("id")):
            scheme = word(identifier.get("scheme"))
            id_ = f"{scheme}-{word(identifier['id'])}" if scheme else word(identifier["id"])
        return id_, word(raw.get("name"))

    def hash(self, raw: Mapping[str, Any]) -> tuple[int, int]:
        """Keyed hashes of an organisation: of scheme, id and name, and of the name alone (0 where it has none)."""
        identifier = _object(raw.get("identifier"))
        parts = (
            word(identifier.get("scheme")),
            word(raw.get("id")) or word(identifier.get("id")),
            word(raw.get("name")),
        )
        found = self._hashes.get(parts)
        if found is None:
            name = normal(parts[2])
            keyed = self._keyed((*parts[:2], name)) if any(parts) else 0
            found = (keyed, self._keyed(("", "", name)) if name else 0)
            if len(self._hashes) < _MOST_HASHES:
                self._hashes[parts] = found
        return found

    def _keyed(self, parts: tuple[str, ...]) -> int:
        text = "\x1f".join(parts).encode("utf-8", "replace")
        return int.from_bytes(hashlib.blake2b(text, digest_size=8, key=self.key).digest(), "big") >> 1 or 1

    def _entity(self, tender: Mapping[str, Any]) -> str:
        entity = tender.get("procuringEntity")
        if entity is None:
            return ""
        if self.registered:
            id_ = word(_object(entity).get("id"))
            if id_ in self.registered:
                return id_
        self.dropped["procuring entities"] += 1
        return ""

    def _award(self, raw: Mapping[str, Any]) -> Award:
        self._count(raw, _AWARD)
        value = _object(raw.get("value"))
        hashed = [self.hash(one) for one in _objects(raw.get("suppliers"))]
        return Award(
            id=word(raw.get("id")),
            status=word(raw.get("status")),
            date=_plain(raw.get("date")),
            amount=_plain(value.get("amount")),
            currency=word(value.get("currency")),
            suppliers=sorted({one[0] for one in hashed if one[0]}),
            names=sorted({one[1] for one in hashed if one[1]}),
            nameless=any(one[1] == 0 for one in hashed),
        )

    def _contract(self, raw: Mapping[str, Any]) -> Contract:
        self._count(raw, _CONTRACT)
        value, period = _object(raw.get("value")), _object(raw.get("period"))
        done = _object(raw.get("implementation"))
        return Contract(
            id=word(raw.get("id")),
            award=word(raw.get("awardID")),
            status=word(raw.get("status")),
            signed=_plain(raw.get("dateSigned")),
            start=_plain(period.get("startDate")),
            end=_plain(period.get("endDate")),
            amount=_plain(value.get("amount")),
            currency=word(value.get("currency")),
            amendments=[[word(one.get("id")), _plain(one.get("date"))] for one in _objects(raw.get("amendments"))],
            payments=[self._payment(one) for one in _objects(done.get("transactions"))],
            milestones=[
                [
                    word(one.get("id")),
                    word(one.get("type")),
                    word(one.get("status")),
                    _plain(one.get("dueDate")),
                    _plain(one.get("dateMet")),
                ]
                for one in _objects(done.get("milestones"))
            ],
        )

    def _payment(self, raw: Mapping[str, Any]) -> list[Any]:
        for key in ("payer", "payee", "providerOrganization", "receiverOrganization"):
            if key in raw:
                self.dropped[DROPPED[key]] += 1
        value = raw.get("value", raw.get("amount"))  # 1.0 called it amount
        value = _object(value)
        return [word(raw.get("id")), _plain(raw.get("date")), _plain(value.get("amount")), word(value.get("currency"))]

    def _count(self, raw: Mapping[str, Any], known: frozenset[str]) -> None:
        if raw.keys() <= known:
            return
        for key in raw.keys() - known:
            called = DROPPED.get(key)
            if called:
                self.dropped[called] += 1
            elif key not in _PLAIN:
                self.unknown += 1


def word(raw: Any) -> str:
    """A scalar as text, at most 300 characters, none of which steers a terminal; empty for anything else."""
    if raw.__class__ is str:
        if len(raw) <= _LONGEST and raw.isprintable():
            return raw.strip() if raw[:1] == " " or raw[-1:] == " " else raw
        text = raw[:_LONGEST] if raw.isprintable() else "".join(c if c.isprintable() else " " for c in raw[:_LONGEST])
        return text.strip()
    if isinstance(raw, bool) or raw is None or isinstance(raw, dict | list):
        return ""
    return str(raw)[:_LONGEST]


def normal(name: str) -> str:
    """A name as it is compared: NFKC, case folded, one space, no dots."""
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", name).casefold().replace(".", "")).strip()


def _plain(raw: Any) -> Any:
    """A scalar as published; anything with structure becomes a marker that no date or amount can be."""
    if isinstance(raw, str):
        return raw[:_LONGEST]
    return "{}" if isinstance(raw, dict | list) else raw


def _object(raw: Any) -> Mapping[str, Any]:
    return raw if isinstance(raw, dict) else {}


def _objects(raw: Any) -> list[Mapping[str, Any]]:
    """The objects of an array; a single object counts as an array of one."""
    if isinstance(raw, list):
        if len(raw) > MOST_ITEMS:
            raise RefusedFileError(f"has an array of more than {MOST_ITEMS:,} items", "Is it OCDS data?")
        return [one for one in raw if isinstance(one, dict)]
    return [raw] if isinstance(raw, dict) and raw else []
