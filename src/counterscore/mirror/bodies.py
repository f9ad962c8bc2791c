"""Which body a contract belongs to: by the register of the source, else by its name, flagged.

Ids do not identify (one body has many, many bodies have none), so without a register bodies are told apart by their
normalised name. A name that has lost letters ("M?XICO") never joins another. A buyer that looks like a person is
refused and not shown; what looks like one is a word-list guess (``words.yaml``), which the register overrules.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ruamel.yaml import YAML

from counterscore.mirror.source import Registered, Source
from counterscore.mirror.whitelist import normal

FEWEST_CONTRACTS = 30  #: of a body that is not in the register, below which it is not rated

WITHHELD = "(a buyer that looks like a person)"
NO_BUYER = "(no buyer named)"
EXCLUDED = "(excluded by the register)"
NOT_BODIES = (WITHHELD, NO_BUYER, EXCLUDED)
_WHY_NOT = {
    WITHHELD: "a name without a word of an organisation; the register of the source overrules that",
    NO_BUYER: "no buyer is named in buyer, and lists of parties are never read",
    EXCLUDED: "the register of the source says so",
}

_LOST = re.compile(r"(?<=\w)[?\ufffd](?=\w)")
_MOST_SEEN = 50_000
_PARTICLES = frozenset(
    [
        "de",
        "del",
        "la",
        "las",
        "los",
        "da",
        "do",
        "dos",
        "das",
        "di",
        "van",
        "von",
        "der",
        "den",
        "ter",
        "bin",
        "ibn",
        "al",
        "el",
        "y",
        "e",
        "st",
    ]
)
_SIGNS = re.compile(r"[.,()\"“”«»/]")
_LETTERS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


@dataclass
class Body:
    """One body as found. ``label`` is what is printed, ``flag`` how it was recognised."""

    key: str
    label: str
    flag: str
    kind: str = ""
    registered: bool = False
    ids: int = 0
    processes: int = 0
    contracts: int = 0

    @property
    def rated(self) -> bool:
        """Whether numbers are printed for it."""
        return self.key not in NOT_BODIES and (self.registered or self.contracts >= FEWEST_CONTRACTS)

    @property
    def why_not(self) -> str:
        """Why it is not rated; empty where it is."""
        if self.rated:
            return ""
        if self.key in NOT_BODIES:
            return _WHY_NOT[self.key]
        return f"not in the register, and {self.contracts} contracts of the {FEWEST_CONTRACTS} needed"


class Bodies:
    """The bodies of one reading, by key."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.found: dict[str, Body] = {}
        self._ids: dict[str, set[str]] = {}
        self._seen: dict[tuple[str, str, str], Body] = {}  #: bodies of buyers met before
        self.refused = 0

    def of(self, buyers: Iterable[tuple[str, str]], entity: str) -> Body:
        """The body of a process, from its buyers (id, name), the last word first, and a registered procuring entity."""
        source = self._source
        for id_, name in buyers:
            if not id_ and not name:
                continue
            body = self._seen.get((id_, name, entity))
            if body is None:
                body = self._told(id_, name, entity)
                if len(self._seen) < _MOST_SEEN:
                    self._seen[id_, name, entity] = body
            self.refused += body.key == WITHHELD
            return body
        if entity in source.by_id:
            return self._register(source.by_id[entity], entity)
        return self._body(NO_BUYER, NO_BUYER, "no buyer")

    def _told(self, id_: str, name: str, entity: str) -> Body:
        source = self._source
        known = (source.by_name.get(normal(name)) if name else None) or source.by_id.get(id_ or "\0")
        if known is not None:
            return self._register(known, id_)
        if entity in source.by_id:
            return self._register(source.by_id[entity], entity)
        return self._named(id_, name)

    def _register(self, known: Registered, id_: str) -> Body:
        if known.exclude:
            return self._body(EXCLUDED, EXCLUDED, "excluded")
        body = self._body(f"=\x00{known.id}", known.name, "in the register")
        body.kind, body.registered = known.kind, True
        return self._with_id(body, id_)

    def _named(self, id_: str, name: str) -> Body:
        if not name:
            return self._with_id(self._body(f"#{id_}", f"id {id_}", "by id alone"), id_)
        if looks_like_a_person(name):
            return self._body(WITHHELD, WITHHELD, "looks like a person")
        lost = bool(_LOST.search(name))
        body = self._body(normal(name), name, "by name, letters lost" if lost else "by name")
        body.label = min(body.label, name)  # whichever spelling was met first
        return self._with_id(body, id_)

    def _body(self, key: str, label: str, flag: str) -> Body:
        return self.found.setdefault(key, Body(key, label, flag))

    def _with_id(self, body: Body, id_: str) -> Body:
        if id_:
            ids = self._ids.setdefault(body.key, set())
            ids.add(id_)
            body.ids = len(ids)
        return body

    def merged(self) -> dict[str, str]:
        """Key → key of the body it would join, were names compared without accents, signs and lost letters."""
        groups: dict[str, list[str]] = {}
        names = [key for key in self.found if key not in NOT_BODIES]
        for key in sorted(names):
            groups.setdefault(_loose(self.found[key].label), []).append(key)
        for loose in [one for one in groups if "?" in one]:
            pattern = re.compile(loose.replace("?", "."))
            close = [one for one in groups if one != loose and "?" not in one and pattern.fullmatch(one)]
            if len(close) == 1:
                groups[close[0]] += groups.pop(loose)
        # A registered body lends its name to those that would join it.
        return {
            key: min(keys, key=lambda one: (not self.found[one].registered, "?" in self.found[one].label, one))
            for keys in groups.values()
            for key in keys
        }


def looks_like_a_person(name: str) -> bool:
    """Whether a buyer's name may be a person's: two to five words, whatever their case, none of them an organisation's."""
    words = _SIGNS.sub(" ", name).split()
    if not 2 <= len([one for one in words if one.casefold() not in _PARTICLES]) <= 5:
        return False
    if not all(_LETTERS.fullmatch(one) for one in words):
        return False
    known = _words()
    return not any(
        part in known or _plain(part) in known
        for one in words
        for part in (one.casefold(), *re.split("[-'’]", one.casefold()))
    )


@cache
def _words() -> frozenset[str]:
    text = resources.files("counterscore.mirror").joinpath("words.yaml").read_text(encoding="utf-8")
    lists = YAML(typ="safe", pure=True).load(text)
    words = " ".join(str(one) for one in lists.values()).casefold().split()
    return frozenset(words) | {_plain(one) for one in words}


def _plain(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))


def _loose(label: str) -> str:
    damaged = _LOST.sub("\x00", label)
    kept = "".join(one for one in _plain(normal(damaged)) if one.isalnum() or one == "\x00")
    return kept.replace("\x00", "?")
