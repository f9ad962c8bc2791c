"""What published files look like: packages, records, bare releases, lists, lines; all become releases here.

The shape decides, not the version a file states (most state none). Linked releases are counted and never fetched. A
compiled release is kept as such: it has lost the first word of every promise, and is used only where nothing else is
here. A versioned release is taken apart into the releases that it was made of.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from counterscore.mirror import draft
from counterscore.mirror.stream import Piece, RefusedFileError
from counterscore.mirror.whitelist import RawRecord, RawRelease, Reader, Release, word

Kind = Literal["release", "compiled"]
_VERSION = re.compile(r"\d{1,2}\.\d{1,2}(\.\d{1,2})?")
_LEAF = {"releaseDate", "releaseID", "releaseTag", "value"}
_PARTS = ("tender", "awards", "contracts", "buyer", "planning", "parties")


@dataclass
class Seen:
    """What was met in the files of one reading."""

    shapes: Counter[str] = field(default_factory=Counter)
    versions: Counter[str] = field(default_factory=Counter)
    linked: int = 0
    strangers: int = 0  #: JSON objects that are no OCDS


def releases(piece: Piece, reader: Reader, seen: Seen) -> Iterator[tuple[Kind, Release]]:
    """The releases of one piece of a file. Raises ``RefusedFileError`` for a draft form that no adapter reads."""
    if isinstance(piece.value, RawRelease | RawRecord):
        yield from _decoded(piece.value, piece.under, reader, seen)
    elif piece.under == "releases":
        yield from _release_or_link(piece.value, reader, seen)
    elif piece.under == "records":
        yield from _record(piece.value, reader, seen)
    else:
        if piece.under == "list" and isinstance(piece.value, dict):
            seen.shapes["objects in lists"] += 1
        yield from _document(piece.value, reader, seen, cut=piece.rest)


def _decoded(raw: RawRelease | RawRecord, under: str, reader: Reader, seen: Seen) -> Iterator[tuple[Kind, Release]]:
    """The releases of what is of exactly one form."""
    if isinstance(raw, RawRecord):
        for one in raw.releases or ():
            yield _kind(one.tag), reader.kept(one)
        if raw.compiledRelease is not None:
            seen.shapes["compiled releases"] += 1
            yield "compiled", reader.kept(raw.compiledRelease)
        return
    if under != "releases":
        if under == "list":
            seen.shapes["objects in lists"] += 1
        seen.shapes["bare releases"] += 1
        seen.versions["not stated"] += 1
    yield _kind(raw.tag), reader.kept(raw)


def _document(raw: Any, reader: Reader, seen: Seen, *, cut: bool = False) -> Iterator[tuple[Kind, Release]]:
    if isinstance(raw, list):
        for one in raw:
            yield from _document(one, reader, seen)
        return
    if not isinstance(raw, dict):
        seen.strangers += 1
        return
    if "records" in raw:
        _head(raw, "record packages", seen)
        for record in _items(raw["records"]):
            yield from _record(record, reader, seen)
    if "compiledRelease" in raw or "versionedRelease" in raw or ("releases" in raw and "ocid" in raw):
        seen.shapes["bare records"] += 1
        yield from _record(raw, reader, seen, alone=not cut)
    elif "releases" in raw:
        _head(raw, "release packages", seen)
        for one in _items(raw["releases"]):
            yield from _release_or_link(one, reader, seen)
    elif "records" not in raw and _is_release(raw) and not _wraps(raw):
        seen.shapes["bare releases"] += 1
        seen.versions["not stated"] += 1
        yield _kind(raw.get("tag")), _read(raw, reader, seen)
    elif "records" not in raw:
        yield from _wrapped(raw, reader, seen)


def _wrapped(raw: Mapping[str, Any], reader: Reader, seen: Seen) -> Iterator[tuple[Kind, Release]]:
    """Pages of an interface that hold releases or records under a name of their own."""
    found = False
    for value in raw.values():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict) and (_is_release(one) or "releases" in one or "compiledRelease" in one):
                found = True
                yield from _document(one, reader, seen)
    if not found:
        seen.strangers += 1


def _wraps(raw: Mapping[str, Any]) -> bool:
    """Whether an object only names a process and holds its release or record within."""
    return not any(part in raw for part in _PARTS) and any(
        isinstance(one, dict) and any(part in one for part in (*_PARTS, "releases", "compiledRelease"))
        for one in raw.values()
    )


def _head(raw: Mapping[str, Any], shape: str, seen: Seen) -> None:
    seen.shapes[shape] += 1
    version = word(raw.get("version"))
    seen.versions[version if _VERSION.fullmatch(version) else "not stated"] += 1


def _items(raw: Any) -> list[Any]:
    if isinstance(raw, dict):
        return [raw] if "ocid" in raw or "url" in raw else list(raw.values())
    return raw if isinstance(raw, list) else []


def _record(raw: Any, reader: Reader, seen: Seen, *, alone: bool = True) -> Iterator[tuple[Kind, Release]]:
    if not isinstance(raw, dict):
        seen.strangers += 1
        return
    ocid = word(raw.get("ocid"))
    here = 0
    for one in _items(raw.get("releases")):
        for kind, release in _release_or_link(one, reader, seen, ocid):
            here += 1
            yield kind, release
    versioned = raw.get("versionedRelease")
    if isinstance(versioned, dict) and here == 0 and alone:
        seen.shapes["versioned releases"] += 1
        for one in _taken_apart(versioned, ocid):
            here += 1
            yield "release", _read(one, reader, seen)
    compiled = raw.get("compiledRelease")
    if isinstance(compiled, dict):
        seen.shapes["compiled releases"] += 1
        yield "compiled", _read({"ocid": ocid, **compiled}, reader, seen)


def _release_or_link(raw: Any, reader: Reader, seen: Seen, ocid: str = "") -> Iterator[tuple[Kind, Release]]:
    if isinstance(raw, str):
        seen.linked += 1
    elif not isinstance(raw, dict):
        seen.strangers += 1
    elif "releases" in raw or "records" in raw or "compiledRelease" in raw:
        yield from _document(raw, reader, seen)
    elif "url" in raw and not any(part in raw for part in _PARTS):
        seen.linked += 1
    elif not _is_release(raw):
        seen.strangers += 1
    else:
        yield _kind(raw.get("tag")), _read({"ocid": ocid, **raw} if ocid else raw, reader, seen)


def _is_release(raw: Mapping[str, Any]) -> bool:
    return "ocid" in raw or any(isinstance(raw.get(part), dict | list) for part in _PARTS) or draft.is_draft(raw)


def _kind(tags: Any) -> Kind:
    return "compiled" if tags == "compiled" or (isinstance(tags, list) and "compiled" in tags) else "release"


def _read(raw: Mapping[str, Any], reader: Reader, seen: Seen) -> Release:
    if not draft.is_draft(raw):
        return reader.release(raw)
    if not draft.fits(raw):
        raise RefusedFileError(
            "is in a draft form of OCDS (0.x) that no adapter reads",
            "Upgrade it to 1.0 or 1.1 first; the draft that is read has contracts with isAmendment.",
        )
    seen.shapes["rows of the draft of 2014, OCDS 0.x"] += 1
    return draft.read(raw, reader)


def _taken_apart(versioned: Mapping[str, Any], ocid: str) -> list[dict[str, Any]]:
    """The releases that a versioned release was made of, each with what it stated."""
    made: dict[tuple[str, str], dict[str, Any]] = {}
    for part in ("tender", "awards", "contracts", "buyer", "bids"):
        _unfold(versioned.get(part), (part,), made)
    return [
        {"ocid": ocid or word(versioned.get("ocid")), "id": id_, "date": date or None, **_listed(parts)}
        for (date, id_), parts in made.items()
    ]


def _unfold(node: Any, path: tuple[str, ...], made: dict[tuple[str, str], dict[str, Any]], keep: str = "") -> None:
    if isinstance(node, dict):
        for key, value in node.items():
            if key != "id" or isinstance(value, list):
                _unfold(value, (*path, key), made)
    elif (
        isinstance(node, list)
        and node
        and all(isinstance(one, dict) and _LEAF & one.keys() >= {"value"} and "releaseID" in one for one in node)
    ):
        for one in node:
            release = made.setdefault((word(one.get("releaseDate")), word(one.get("releaseID"))), {})
            tags = one.get("releaseTag")
            release["tag"] = tags if isinstance(tags, list) else [tags]
            at = release
            for key in path[:-1]:
                at = at.setdefault(key, {})
            at[path[-1]] = one.get("value")
    elif isinstance(node, list):
        for number, one in enumerate(node):
            if isinstance(one, dict):
                name = word(one.get("id")) or f"#{number}"
                _unfold(one, (*path, f"\x00{name}"), made)


def _listed(node: Any) -> Any:
    """Parts whose keys are marked as ids of an array become that array."""
    if not isinstance(node, dict):
        return node
    if node and all(key.startswith("\x00") for key in node):
        return [{"id": key[1:], **_listed(value)} for key, value in node.items()]
    return {key: _listed(value) for key, value in node.items()}
