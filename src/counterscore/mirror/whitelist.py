"""What is read of a release, and nothing else: a whitelist of paths, applied before anything is kept.

Persons stand in published contract data in places nobody lists (contact points, officials, committees, addresses,
titles that name somebody), so no list of things to delete could be complete. Here every field is named that is
kept; all others are counted and dropped unread. Names of suppliers and tenderers become keyed hashes, used for
counting alone; the key is drawn for one reading and thrown away.
"""

from __future__ import annotations

import hashlib
import math
import re
import typing
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Annotated, Any, NamedTuple, TypeVar

import msgspec
from msgspec import UNSET, Struct

from counterscore.mirror.stream import MOST_ITEMS, RefusedFileError

_LONGEST = 300
_WIDE = 2**63
_LEAST, _MOST = -1e308, 1e308  #: between them a number is plain
_MOST_HASHES = 50_000  #: remembered, while a file is read
_MOST_WORDS = 20_000  #: the same
_SPACE = re.compile(r"\s+")

Word = Annotated[str, msgspec.Meta(max_length=_LONGEST)] | int | None
Date = Annotated[str, msgspec.Meta(max_length=_LONGEST)] | None


# The whitelist, as types: what is not a field here is skipped by the JSON reader and never becomes an object.
class Form(Struct, gc=False):
    """An object of published JSON, as far as it is read. None holds itself, so that no collector need look at them."""


class RawValue(Form):
    """``value``."""

    amount: Any = None
    currency: Word = None


class RawPeriod(Form):
    """``period``, ``tenderPeriod``."""

    startDate: Date = None  # noqa: N815
    endDate: Date = None  # noqa: N815
    maxExtentDate: Date = None  # noqa: N815


class RawIdentifier(Form):
    """``identifier``."""

    scheme: Word = None
    id: Word = None


class RawOrganisation(Form):
    """``buyer``; and ``suppliers`` and ``tenderers``, of which hashes are kept and nothing else."""

    id: Word = None
    name: Word = None
    identifier: RawIdentifier | None = None


class RawEntity(Form):
    """``procuringEntity``: read only to be looked up in the register, since persons have been found in it."""

    id: Word = None


class RawTender(Form):
    """``tender``."""

    status: Word = None
    procurementMethod: Word = None  # noqa: N815
    numberOfTenderers: Any = None  # noqa: N815
    tenderPeriod: RawPeriod | None = None  # noqa: N815
    tenderers: list[RawOrganisation] | None = None
    procuringEntity: RawEntity | None = None  # noqa: N815


class RawAward(Form):
    """One of ``awards``."""

    id: Word = None
    status: Word = None
    date: Date = None
    value: RawValue | None = None
    suppliers: list[RawOrganisation] | None = None


class RawAmendment(Form):
    """One of ``amendments``."""

    id: Word = None
    date: Date = None


class RawTransaction(Form):
    """One of ``transactions``; 1.0 called the value amount."""

    id: Word = None
    date: Date = None
    value: RawValue | None = None
    amount: RawValue | None = None


class RawMilestone(Form):
    """One of ``milestones``."""

    id: Word = None
    type: Word = None
    status: Word = None
    dueDate: Date = None  # noqa: N815
    dateMet: Date = None  # noqa: N815


class RawImplementation(Form):
    """``implementation``."""

    transactions: list[RawTransaction] | None = None
    milestones: list[RawMilestone] | None = None


class RawContract(Form):
    """One of ``contracts``."""

    id: Word = None
    awardID: Word = None  # noqa: N815
    status: Word = None
    dateSigned: Date = None  # noqa: N815
    period: RawPeriod | None = None
    value: RawValue | None = None
    amendments: list[RawAmendment] | None = None
    implementation: RawImplementation | None = None


class RawBid(Form):
    """One of ``bids.details``: that there is one and what became of it, never whose it is."""

    id: Word = None
    status: Word = None


class RawBids(Form):
    """``bids``."""

    details: list[RawBid] | None = None


class RawRelease(Form):
    """A release of OCDS 1.0 or 1.1, as far as it is read."""

    ocid: Word = None
    id: Word = None
    date: Date = None
    tag: list[Word] | None = None
    buyer: RawOrganisation | None = None
    tender: RawTender | None = None
    awards: list[RawAward] | None = None
    contracts: list[RawContract] | None = None
    bids: RawBids | None = None


class RawQuick(RawRelease):
    """A release with the keys that make something else of what looks like one: then it is not read quickly."""

    releases: Any = UNSET
    records: Any = UNSET
    compiledRelease: Any = UNSET  # noqa: N815
    versionedRelease: Any = UNSET  # noqa: N815
    url: Any = UNSET
    releaseTag: Any = UNSET  # noqa: N815
    releaseID: Any = UNSET  # noqa: N815
    formation: Any = UNSET


class RawRecord(Form):
    """A record with its releases, as far as it is read."""

    ocid: Word = None
    releases: list[RawQuick] | None = None
    compiledRelease: RawQuick | None = None  # noqa: N815
    versionedRelease: Any = UNSET  # noqa: N815


@cache
def _fields(form: Any) -> tuple[tuple[str, type[Struct] | None, bool, bool], ...]:
    """Name, form (None for a scalar), whether it is a list, and whether a text, of each field of a form."""
    out = []
    for name, kind in typing.get_type_hints(form, include_extras=True).items():
        inner = next((one for one in typing.get_args(kind) if typing.get_origin(one) is list), None)
        named = typing.get_args(inner) if inner else typing.get_args(kind)
        of = next((one for one in named if isinstance(one, type) and issubclass(one, Struct)), None)
        out.append((name, of, inner is not None, kind == Word))
    return tuple(out)


def _paths(form: type[Struct] = RawRelease, before: str = "") -> Iterator[str]:
    for name, of, many, _ in _fields(form):
        path = f"{before}{name}{'[]' if many and of else ''}"
        if of is None or name in {"suppliers", "tenderers"}:
            yield path
        else:
            yield from _paths(of, f"{path}.")


_READ = tuple(_paths())
#: Read to count different ones, as keyed hashes, and never kept as they are.
HASHED = ("awards[].suppliers[]", "tender.tenderers[]", "bids.details[].id")
#: Read only where the register of the source names it.
REGISTERED = ("tender.procuringEntity.id",)
#: The paths that are kept. ``[]`` stands for the items of an array.
PATHS = tuple(one for one in _READ if one not in HASHED + REGISTERED)

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
#: Keys that are read somewhere, or hold no person and are not worth a count.
_PLAIN = (
    *{part.removesuffix("[]") for one in _READ for part in one.split(".")},
    *("identifier", "scheme", "name", "initiationType", "language", "uri", "url", "lastUpdate", "publishedDate"),
    *("releases", "records", "compiledRelease", "version", "publisher", "license", "publicationPolicy", "extensions"),
)
#: The keys that a scan counts.
NAMES = (*DROPPED, *sorted(set(_PLAIN) - DROPPED.keys()))


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
    extent: Any  #: how far the end may be moved, as declared
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
    bids: list[list[Any]] | None = (
        None  #: keyed hash of the id (0 where it has none), status; None where none are published
    )
    stage: int = -1  #: order among those of one date, where the publisher numbers them


class _Words(dict[Any, str]):
    """Texts as ``word`` makes them, of what was met before; most codes and ids of contracts come again and again."""

    def __missing__(self, raw: Any) -> str:
        text = word(raw)
        if len(self) < _MOST_WORDS:
            self[raw] = text
        return text


_Kind = TypeVar("_Kind", bound=tuple[Any, ...])


@dataclass
class Reader:
    """Reads releases through the whitelist. ``key`` is the throw-away key of the hashes."""

    key: bytes
    registered: frozenset[str] = frozenset()
    entities: int = 0  #: procuring entities that the register names
    _hashes: dict[tuple[Any, ...], tuple[int, int]] = field(default_factory=dict)
    _words: _Words = field(default_factory=_Words)

    def release(self, raw: Mapping[str, Any]) -> Release:
        """What is kept of ``raw``, a release of OCDS 1.0 or 1.1 in whatever form its fields are."""
        return self.kept(_loosely(RawRelease, raw))

    def kept(self, raw: RawRelease) -> Release:
        """What is kept of a release: texts cut and cleaned, suppliers hashed."""
        words, tender = self._words, raw.tender or _NO_TENDER
        period, listed = tender.tenderPeriod or _NO_PERIOD, tender.tenderers
        hashed = None if listed is None else [self.hash(one) for one in _bounded(listed)]
        count = tender.numberOfTenderers
        return _release(
            (
                word(raw.ocid),
                word(raw.id),
                raw.date,
                tuple([words[one] for one in raw.tag if one]) if raw.tag else (),
                self.organisation(raw.buyer) if raw.buyer else _NOBODY,
                self._entity(tender.procuringEntity) if tender.procuringEntity and self.registered else "",
                words[tender.status],
                words[tender.procurementMethod],
                count if count.__class__ is int and 0 <= count < _WIDE else _plain(count),
                None if hashed is None else [keyed for keyed, _ in hashed],
                hashed is not None and 0 in [of_name for _, of_name in hashed],
                period.startDate,
                period.endDate,
                [self._award(one) for one in _bounded(raw.awards)] if raw.awards else [],
                [self._contract(one) for one in _bounded(raw.contracts)] if raw.contracts else [],
                None if raw.bids is None or raw.bids.details is None else self._bids(raw.bids.details),
                -1,
            )
        )

    def organisation(self, raw: RawOrganisation) -> tuple[str, str]:
        """Id and name of a buyer; the id of the identifier where it has no id of its own."""
        id_ = self._words[raw.id]
        if not id_ and raw.identifier and word(raw.identifier.id):
            scheme = word(raw.identifier.scheme)
            id_ = f"{scheme}-{word(raw.identifier.id)}" if scheme else word(raw.identifier.id)
        return id_, self._words[raw.name]

    def hash(self, raw: RawOrganisation) -> tuple[int, int]:
        """Keyed hashes of an organisation: of scheme, id and name, and of the name alone (0 where it has none)."""
        of = raw.identifier
        said = (raw.id, raw.name) if of is None else (raw.id, raw.name, of.scheme, of.id)
        found = self._hashes.get(said)
        if found is None:
            id_, name = word(raw.id) or (word(of.id) if of else ""), normal(word(raw.name))
            parts = (word(of.scheme) if of else "", id_, name)
            keyed = self._keyed(parts) if any(parts) else 0
            found = (keyed, self._keyed(("", "", name)) if name else 0)
            if len(self._hashes) < _MOST_HASHES:
                self._hashes[said] = found
        return found

    def _keyed(self, parts: tuple[str, ...]) -> int:
        text = "\x1f".join(parts).encode("utf-8", "replace")
        return int.from_bytes(hashlib.blake2b(text, digest_size=8, key=self.key).digest(), "big") >> 1 or 1

    def _bids(self, raw: Sequence[RawBid]) -> list[list[Any]]:
        """A bid is told from others by its id alone, which may be its tenderer's: so that is hashed."""
        found = []
        for one in _bounded(raw):
            id_ = word(one.id)
            found.append([self._keyed(("bid", "", id_)) if id_ else 0, word(one.status)])
        return found

    def _entity(self, raw: RawEntity) -> str:
        id_ = word(raw.id)
        if id_ not in self.registered:
            return ""
        self.entities += 1
        return id_

    def _award(self, raw: RawAward) -> Award:
        words, value = self._words, raw.value or _NO_VALUE
        suppliers: list[int] = []
        names: list[int] = []
        nameless = False
        if raw.suppliers:
            hashed = [self.hash(one) for one in _bounded(raw.suppliers)]
            suppliers, names = [keyed for keyed, _ in hashed if keyed], [of_name for _, of_name in hashed if of_name]
            nameless = len(names) < len(hashed)
            if len(hashed) > 1:
                suppliers, names = sorted({*suppliers}), sorted({*names})
        amount = value.amount
        return _an_award(
            (
                words[raw.id],
                words[raw.status],
                raw.date,
                amount if amount.__class__ is float and _LEAST < amount < _MOST else _plain(amount),
                words[value.currency],
                suppliers,
                names,
                nameless,
            )
        )

    def _contract(self, raw: RawContract) -> Contract:
        words, done = self._words, raw.implementation or _NOT_DONE
        value, period = raw.value or _NO_VALUE, raw.period or _NO_PERIOD
        amount = value.amount
        return _a_contract(
            (
                words[raw.id],
                words[raw.awardID],
                words[raw.status],
                raw.dateSigned,
                period.startDate,
                period.endDate,
                period.maxExtentDate,
                amount if amount.__class__ is float and _LEAST < amount < _MOST else _plain(amount),
                words[value.currency],
                [[words[one.id], one.date] for one in _bounded(raw.amendments)] if raw.amendments else [],
                [self._payment(one) for one in _bounded(done.transactions)] if done.transactions else [],
                [
                    [words[one.id], words[one.type], words[one.status], one.dueDate, one.dateMet]
                    for one in _bounded(done.milestones)
                ]
                if done.milestones
                else [],
            )
        )

    def _payment(self, raw: RawTransaction) -> list[Any]:
        words, value = self._words, raw.value or raw.amount or _NO_VALUE
        amount = value.amount
        if amount.__class__ is not float or not _LEAST < amount < _MOST:
            amount = _plain(amount)
        return [words[raw.id], raw.date, amount, words[value.currency]]


def _maker(kind: type[_Kind]) -> Callable[[tuple[Any, ...]], _Kind]:
    """As ``kind(*…)``, of all its fields, in half the time."""
    return partial(tuple.__new__, kind)


_release, _an_award, _a_contract = _maker(Release), _maker(Award), _maker(Contract)


def quick() -> Callable[[bytes, str], RawRelease | RawRecord | None]:
    """What decodes a release or record straight into its form, given its bytes and the array it stands in.

    It gives None for whatever is not exactly of that form: then ``Reader.release`` takes it as it comes.
    """
    release, record = msgspec.json.Decoder(RawQuick), msgspec.json.Decoder(RawRecord)

    def decode(text: bytes, under: str) -> RawRelease | RawRecord | None:
        try:
            if under != "records":
                one = release.decode(text)
                return one if _is_plain(one) and (one.buyer or one.tender or one.awards or one.contracts) else None
            found = record.decode(text)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return None
        if found.versionedRelease is not UNSET or (found.releases is None and found.compiledRelease is None):
            return None
        parts = [*(found.releases or ()), *([found.compiledRelease] if found.compiledRelease else ())]
        return found if all(_is_plain(one) for one in parts) else None

    return decode


def _is_plain(one: RawQuick) -> bool:
    """Whether it is a release with a process, and with nothing that makes something else of it."""
    # In one chain: a loop over them takes longer than decoding.
    return bool(one.ocid) and (
        UNSET is one.releases is one.records is one.compiledRelease is one.versionedRelease is one.url
        and UNSET is one.releaseTag is one.releaseID is one.formation
    )


def _loosely(form: Any, raw: Mapping[str, Any]) -> Any:
    """A form out of whatever was published: what has another shape than it should have counts as not there."""
    made: dict[str, Any] = {}
    for name, of, many, text in _fields(form):
        value = raw.get(name)
        if value is None:
            continue
        if many and of is not None:
            made[name] = [_loosely(of, one) for one in _objects(value)]
        elif many:
            made[name] = [word(one) for one in (value if isinstance(value, list) else [value])]
        elif of is not None:
            made[name] = _loosely(of, value) if isinstance(value, dict) else None
        else:
            made[name] = word(value) if text else _plain(value)
    return form(**made)


_NO_TENDER, _NO_PERIOD, _NO_VALUE, _NOT_DONE = RawTender(), RawPeriod(), RawValue(), RawImplementation()
_NOBODY = ("", "")


def _bounded(items: Sequence[Any] | None) -> Sequence[Any]:
    if items is not None and len(items) > MOST_ITEMS:
        raise RefusedFileError(f"has an array of more than {MOST_ITEMS:,} items", "Is it OCDS data?")
    return items or ()


def word(raw: Any) -> str:
    """A scalar as text, at most 300 characters, none of which steers a terminal; empty for anything else."""
    if raw is None:
        return ""
    if raw.__class__ is str:
        if len(raw) <= _LONGEST and raw.isprintable():
            return raw.strip() if raw[:1] == " " or raw[-1:] == " " else raw
        text = raw[:_LONGEST] if raw.isprintable() else "".join(c if c.isprintable() else " " for c in raw[:_LONGEST])
        return text.strip()
    if isinstance(raw, bool | dict | list):
        return ""
    return str(raw)[:_LONGEST]


def normal(name: str) -> str:
    """A name as it is compared: NFKC, case folded, one space, no dots."""
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", name).casefold().replace(".", "")).strip()


def _plain(raw: Any) -> Any:
    """A scalar as published; anything with structure becomes a marker that no date or amount can be."""
    if raw is None:
        return None
    if raw.__class__ is str:
        return raw if len(raw) <= _LONGEST else raw[:_LONGEST]
    if raw.__class__ is int and not -_WIDE <= raw < _WIDE:
        raw = str(raw)
        return raw if len(raw) <= _LONGEST else "{}"
    if raw.__class__ is float and not math.isfinite(raw):
        return "not finite"
    return "{}" if isinstance(raw, dict | list | bool) else raw


def _objects(raw: Any) -> list[Mapping[str, Any]]:
    """The objects of an array; a single object counts as an array of one."""
    if isinstance(raw, list):
        return [one for one in _bounded(raw) if isinstance(one, dict)]
    return [raw] if isinstance(raw, dict) and raw else []
