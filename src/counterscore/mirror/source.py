"""``source.yaml``: who published the data, under which licence, until when, and who its bodies are.

Required: publisher, address, retrieved, licence, coverage, cut_off. Optional: a register of bodies, a map of local
words to codes, a window of decision dates, the currency where the data state none, and what is known of dates.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from counterscore.errors import Findings, did_you_mean, quoted
from counterscore.mirror.dates import Instant, read_instant
from counterscore.mirror.whitelist import normal
from counterscore.quantity import Document
from counterscore.regime.read import read_document

REQUIRED = ("publisher", "address", "retrieved", "licence", "coverage", "cut_off")
OPTIONAL = ("format", "bodies", "codes", "calendar", "window", "currency", "changes_published", "note", "attribution")
#: Other ways to write a key.
_ALSO = {
    "retrieved_on": "retrieved", "cutoff": "cut_off", "cut_off_date": "cut_off", "cutoff_date": "cut_off",
    "license": "licence", "url": "address", "other_ids": "ids",
}  # fmt: skip
_BODY = ("name", "aliases", "ids", "kind", "exclude")
STATUSES = (
    "planning",
    "planned",
    "pending",
    "active",
    "cancelled",
    "unsuccessful",
    "complete",
    "withdrawn",
    "terminated",
)
METHODS = ("open", "selective", "limited", "direct")
CODES = {
    "status": STATUSES,
    "method": METHODS,
    "milestone": ("met", "notMet", "partiallyMet", "scheduled"),
    "bid": ("invited", "pending", "valid", "disqualified", "withdrawn"),
}
_SIMPLE = """Write for example:
  publisher: Buyandsell, Public Works and Government Services Canada
  address: https://buyandsell.gc.ca
  retrieved: 2014-07-26
  licence: Open Government Licence - Canada
  coverage: contracts over 10,000 dollars, 2012 to 2014
  cut_off: 2014-07-26"""


#: What a source file holds, for ``counterscore help mirror-source``.
HELP = """\
source.yaml stands beside published data and says what they leave out.

  publisher: Public Works and Government Services Canada, buyandsell
  address: https://buyandsell.gc.ca
  retrieved: 2014-07-26
  licence: Open Government Licence - Canada
  coverage: contracts of federal bodies, 2012 to 2014
  cut_off: 2014-07-26            what was due later is open, not late

All of these are needed. These are not:

  bodies:                        the register: id, name, other names and ids
    CRA: {name: Canada Revenue Agency, kind: agency, aliases: [], ids: []}
    OMB: {name: Ombudsman, exclude: true}
  codes:                         local words: status, method, milestone, bid
    method: {Open Bidding: open, Traditional Competitive: selective}
  window: {from: 2012-01-01, to: 2014-07-26}     decided in these days
  currency: CAD                  only where the data state none
  changes_published: true        a contract told once has not changed
  attribution, note, calendar    kept with the facts

  counterscore mirror read data/ --source source.yaml --out seen"""


@dataclass(frozen=True, slots=True)
class Registered:
    """One body of the register."""

    id: str
    name: str
    kind: str
    exclude: bool


@dataclass(frozen=True)
class Source:
    """What is known of the data beside the data. ``path`` and ``text`` are kept for the record."""

    path: str
    text: str
    publisher: str
    address: str
    retrieved: str
    licence: str
    coverage: str
    cut_off: Instant
    window: tuple[int, int] | None = None
    currency: str = ""
    changes_published: bool | None = None
    attribution: str = ""
    note: str = ""
    bodies: tuple[Registered, ...] = ()
    by_name: Mapping[str, Registered] = field(default_factory=dict)  #: by normalised name or alias
    by_id: Mapping[str, Registered] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  #: kind → local word → code

    @cached_property
    def last_year(self) -> int:
        """The last year that a date can have: thirty after the cut-off."""
        return self.cut_off.year + 30


def read_source(path: Path) -> Source:
    """The source in a file. Raises ``InputError`` with every mistake and its place."""
    document = read_document(path, kind="source")
    return parse_source(document)


def parse(text: str, name: str = "source.yaml") -> Source:
    """The source in a text."""
    return parse_source(read_document(text, kind="source", name=name))


def parse_source(document: Document) -> Source:
    """The source a document describes."""
    findings = Findings(document.line)
    data = {_key(key): value for key, value in document.data.items()}
    written = {_key(key): key for key in document.data}  # as positions know them
    for key in document.data:
        if _key(key) not in REQUIRED + OPTIONAL:
            close = did_you_mean(str(key), REQUIRED + OPTIONAL)
            findings.problem(
                document.at((key,), key=True),
                f"a source has no key {quoted(key)}",
                f"Did you mean {close}?" if close else f"Keys: {', '.join(REQUIRED + OPTIONAL)}.",
            )
    for key in REQUIRED:
        if not str(data.get(key) or "").strip():
            findings.problem(document.at(()), f"a source must say its {key.replace('_', '-')}", _SIMPLE)
    cut_off = _day(document, findings, (written.get("cut_off", "cut_off"),), data.get("cut_off"))
    window = _window(document, findings, data.get("window"))
    bodies, by_name, by_id = _register(document, findings, data.get("bodies"))
    codes = _codes(document, findings, data.get("codes"))
    published = data.get("changes_published")
    if published is not None and not isinstance(published, bool):
        findings.problem(
            document.at(("changes_published",)), "changes_published is true or false", "Leave it out if unknown."
        )
    findings.raise_problems()
    assert cut_off is not None
    return Source(
        path=document.file,
        text=document.text,
        publisher=str(data["publisher"]),
        address=str(data["address"]),
        retrieved=str(data["retrieved"]),
        licence=str(data["licence"]),
        coverage=str(data["coverage"]),
        cut_off=cut_off,
        window=window,
        currency=str(data.get("currency") or ""),
        changes_published=published,
        attribution=str(data.get("attribution") or ""),
        note=str(data.get("note") or ""),
        bodies=bodies,
        by_name=by_name,
        by_id=by_id,
        codes=codes,
    )


def _key(raw: Any) -> str:
    key = str(raw).strip().lower().replace("-", "_").replace(" ", "_")
    return _ALSO.get(key, key)


def _day(document: Document, findings: Findings, path: tuple[str, ...], raw: Any) -> Instant | None:
    if raw is None:
        return None
    text = raw.isoformat() if isinstance(raw, datetime.date) else str(raw)
    found = read_instant(text)
    if found is None:
        findings.problem(
            document.at(path), f"{_key(path[-1])} must be a date, found {quoted(raw)}", "Write 2014-07-26."
        )
    return found


def _window(document: Document, findings: Findings, raw: Any) -> tuple[int, int] | None:
    if raw is None:
        return None
    if not isinstance(raw, dict) or set(raw) != {"from", "to"}:
        findings.problem(
            document.at(("window",)), "a window has from and to", "Write {from: 2012-01-01, to: 2014-07-26}."
        )
        return None
    start = _day(document, findings, ("window", "from"), raw["from"])
    end = _day(document, findings, ("window", "to"), raw["to"])
    return (start.at, end.order) if start and end else None


def _register(
    document: Document, findings: Findings, raw: Any
) -> tuple[tuple[Registered, ...], dict[str, Registered], dict[str, Registered]]:
    bodies: list[Registered] = []
    by_name: dict[str, Registered] = {}
    by_id: dict[str, Registered] = {}
    if raw is None:
        return (), by_name, by_id
    if isinstance(raw, list) and all(isinstance(one, dict) and "id" in one for one in raw):
        raw = {str(one["id"]): {key: value for key, value in one.items() if key != "id"} for one in raw}
    if not isinstance(raw, dict):
        findings.problem(
            document.at(("bodies",)),
            "bodies is a map from ids to names",
            "Write bodies: {HEALTH: {name: Ministry of Health}}",
        )
        return (), by_name, by_id
    for key, value in raw.items():
        entry = {"name": value} if isinstance(value, str) else value
        if isinstance(entry, dict):
            entry = {_key(word): of for word, of in entry.items()}
        if not isinstance(entry, dict) or not str(entry.get("name") or "").strip():
            findings.problem(
                document.at(("bodies", key)), f"body {quoted(key)} has no name", "Write {name: Ministry of Health}."
            )
            continue
        for word in entry:
            if word not in _BODY:
                findings.problem(
                    document.at(("bodies", key, word), key=True),
                    f"a body has no key {quoted(word)}",
                    f"Keys: {', '.join(_BODY)}.",
                )
        one = Registered(
            str(key), str(entry["name"]).strip(), str(entry.get("kind") or ""), entry.get("exclude") is True
        )
        bodies.append(one)
        names = (one.name, *(str(alias) for alias in entry.get("aliases") or ()))
        for name in names:
            if by_name.setdefault(normal(name), one) is not one:
                findings.problem(
                    document.at(("bodies", key)), f"{quoted(name)} names two bodies", "Give it to one of them."
                )
        for id_ in (str(key), *(str(other) for other in entry.get("ids") or ())):
            if by_id.setdefault(id_, one) is not one:
                findings.problem(
                    document.at(("bodies", key)), f"the id {quoted(id_)} names two bodies", "Give it to one of them."
                )
    return tuple(bodies), by_name, by_id


def _codes(document: Document, findings: Findings, raw: Any) -> dict[str, dict[str, str]]:
    """Local words → codes. Words without a kind (``Contrato terminado: terminated``) count for every kind that has the code."""
    found: dict[str, dict[str, str]] = {kind: {} for kind in CODES}
    if raw is None:
        return found
    if not isinstance(raw, dict):
        findings.problem(
            document.at(("codes",)),
            "codes is a map from local words to codes",
            "Write codes: {status: {desierto: unsuccessful}}",
        )
        return found
    for key, value in raw.items():
        words = value if isinstance(value, dict) else {key: value}
        kinds = [key] if isinstance(value, dict) else list(CODES)
        if isinstance(value, dict) and key not in CODES:
            findings.problem(
                document.at(("codes", key), key=True),
                f"there are no codes of {quoted(key)}",
                f"Kinds: {', '.join(CODES)}.",
            )
            continue
        for local, code in words.items():
            fitting = [kind for kind in kinds if code in CODES[kind]]
            if not fitting:
                known = ", ".join(code for kind in kinds for code in CODES[kind])
                findings.problem(document.at(("codes", key)), f"{quoted(code)} is no code", f"Codes: {known}.")
            for kind in fitting:
                found[kind][str(local).strip().casefold()] = str(code)
    return found
