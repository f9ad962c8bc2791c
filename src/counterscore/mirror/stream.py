"""Published JSON of any size, cut into its releases and records without ever holding the file.

A file is read in blocks. A compiled scan finds where each release begins and ends; what lies between goes to a JSON
reader, and nothing else is kept. So a package of two gigabytes needs as much memory as its largest release. Keys given
twice, nesting, long strings and numbers that are not numbers end the file.
"""

from __future__ import annotations

import contextlib
import gzip
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, NamedTuple

import jiter
import numpy as np

from counterscore.mirror import scan
from counterscore.mirror.scan import Scan

MOST_BYTES = 2**31 + 2**26  #: of one file, unpacked: 2 GiB and room for the last release
MOST_ITEMS = 10**6  #: of one array
MOST_ITEM_BYTES = 2**26  #: of one release or record

_BLOCK = 2**22
_BLANK = b" \t\r\n\x1e"
#: Escapes in a JSON text: whole pairs and others as they are, half a pair alone in the group.
_ESCAPES = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)", re.DOTALL
)
_PLACE = re.compile(r" at line (\d+) column (\d+)$")
#: What reads one object faster than it is read otherwise: None where it is not of the form that it knows.
Quick = Callable[[bytes, str], Any]


class RefusedFileError(Exception):
    """A file that is left out as a whole; the run goes on. The text never repeats what the file says."""

    def __init__(self, what: str, hint: str = "", line: int = 0, column: int = 0) -> None:
        super().__init__(what)
        self.what, self.hint, self.line, self.column = what, hint, line, column


class Piece(NamedTuple):
    """One JSON object of a file: ``under`` is the array that it stood in ("" where it stood alone).

    Pieces of an array come before the ``rest`` of the document that holds it, which then lacks them.
    """

    value: Any
    under: str
    rest: bool = False


def files_in(paths: list[Path]) -> list[Path]:
    """The files of ``paths``; folders stand for the JSON, gzip and zip files within them."""
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = (one for one in path.rglob("*") if one.suffix in {".json", ".jsonl", ".ndjson", ".gz", ".zip"})
            found.update(dict.fromkeys(sorted(one for one in inside if one.is_file())))
        else:
            found[path] = None
    return list(found)


def opened(path: Path) -> Iterator[tuple[str, IO[bytes] | RefusedFileError]]:
    """Name and byte stream of the file, or of each file in the zip. Raises ``OSError`` where it cannot be opened."""
    if not stat.S_ISREG(path.stat().st_mode):
        yield str(path), RefusedFileError("is not a file", "Pipes and devices are not read: save the data first.")
        return
    with path.open("rb") as raw:
        start = raw.read(4)
        raw.seek(0)
        if start[:2] == b"\x1f\x8b":
            with gzip.GzipFile(fileobj=raw) as unpacked:
                yield str(path), unpacked  # type: ignore[misc]
        elif start == b"PK\x03\x04" or start == b"PK\x05\x06":
            yield from _zipped(path, raw)
        else:
            yield str(path), raw


def _zipped(path: Path, raw: IO[bytes]) -> Iterator[tuple[str, IO[bytes] | RefusedFileError]]:
    try:
        archive = zipfile.ZipFile(raw)
    except (zipfile.BadZipFile, NotImplementedError):
        yield str(path), RefusedFileError("is a damaged zip", "Download it again.")
        return
    with archive:
        for info in sorted(archive.infolist(), key=lambda one: one.filename):
            if info.is_dir() or "__MACOSX" in info.filename:
                continue
            name = f"{path}/{info.filename}"
            try:
                with archive.open(info) as member:
                    yield name, member
            except (RuntimeError, NotImplementedError):
                yield name, RefusedFileError("is encrypted or packed in an unusual way", "Unpack it first.")
            except zipfile.BadZipFile:
                yield name, RefusedFileError("is damaged in the zip", "Download it again.")


def pieces(stream: IO[bytes]) -> Iterator[Piece]:
    """Every release, record or other JSON object of a stream. Raises ``RefusedFileError``."""
    return Cutter(stream).pieces()


class Cutter:
    """Cuts one stream into pieces. ``counts`` tells how often each of ``names`` was a key, and then how often others were.

    Objects that ``quick`` can read, given their bytes and the array they stand in, are what it makes of them.
    """

    def __init__(self, stream: IO[bytes], names: Sequence[str] = (), quick: Quick | None = None) -> None:
        self._stream, self._quick = stream, quick
        self._scan = Scan(names)
        self._left = b""  #: bytes of the block that are not yet cut
        self._scanned = 0  #: how many of them the scan has seen
        self._line = 1  #: of the first byte of ``_left``
        self._column = 1
        self._total = 0
        self._opening = ""  #: "{" or "[" of the document that is open
        self._array = ""  #: the array of releases or records that is open
        self._items = 0
        self.halves = 0  #: letters of which one half is there, read as lost
        self._rest: list[bytes] = []  #: of the open document, what is outside such arrays

    @property
    def counts(self) -> list[int]:
        return [int(one) for one in self._scan.counts]

    def pieces(self) -> Iterator[Piece]:
        """The pieces, in their order. Raises ``RefusedFileError``."""
        first = True
        while True:
            block = self._read()
            over = not block
            if first:
                block = _without_mark(block)
                first = False
            self._total += len(block)
            if self._total > MOST_BYTES:
                raise self._refused("is larger than 2 GiB", "Split it, or give it as JSON Lines in several files.")
            self._left += block
            yield from self._cut(last=over)
            if over:
                return
            if len(self._left) > MOST_ITEM_BYTES:
                raise self._refused(f"has one object of more than {MOST_ITEM_BYTES >> 20} MiB", "Is it OCDS data?")

    def _read(self) -> bytes:
        try:
            return self._stream.read(_BLOCK)
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError):
            raise self._refused("is damaged: it cannot be unpacked to its end", "Download it again.") from None

    def _cut(self, *, last: bool) -> Iterator[Piece]:
        data = np.frombuffer(self._left, np.uint8)
        taken = start = 0  # bytes that have gone out; where the open object begins
        first = True
        while True:
            self._scanned, met, why = self._scan.run(data, self._scanned)
            if first and self._opening == "" and not self._array:
                self._only_blanks(0, met[0][0] if met else self._scanned)
            first = False
            for at, told in met:
                kind = told & scan.KIND
                if kind == scan.OPENS_ITEM:
                    for scalar in self._between(taken, at):
                        yield Piece(scalar, self._array)
                    taken = start = at
                elif kind == scan.ENDS_ITEM:
                    yield Piece(self._value(start, at + 1, told, self._array), self._array)
                    self._items += 1
                    if self._items > MOST_ITEMS:
                        raise self._refused(f"has an array of more than {MOST_ITEMS:,} items", "Split the file.", at)
                    taken = at + 1
                elif kind in {scan.OPENS_OBJECT, scan.OPENS_LIST}:
                    self._only_blanks(taken, at)
                    self._opening, taken, start = "{", at, at
                    if kind == scan.OPENS_LIST:
                        self._opening, self._array, self._items, taken = "[", "list", 0, at + 1
                elif kind in {scan.OPENS_RELEASES, scan.OPENS_RECORDS}:
                    self._rest.append(self._left[taken : at + 1])
                    self._array = "releases" if kind == scan.OPENS_RELEASES else "records"
                    self._items, taken = 0, at + 1
                elif kind == scan.ENDS_ARRAY:
                    for scalar in self._at_the_end(taken, at):
                        yield Piece(scalar, self._array)
                    taken = at
                    if self._array == "list":
                        self._opening, taken = "", at + 1
                    self._array = ""
                elif self._rest:
                    text = b"".join([*self._rest, self._left[taken : at + 1]])
                    yield Piece(self._parsed(text, 0), "", rest=True)
                    self._rest, self._opening, taken = [], "", at + 1
                else:
                    yield Piece(self._value(start, at + 1, told, ""), "")
                    self._opening, taken = "", at + 1
            if why != scan.GOES_ON:
                raise self._stopped(why)
            if self._scanned >= len(data):
                break
        if last:
            if self._scan.depth != 0 or self._scan.in_string:
                raise self._refused("ends in the middle", "Is the download complete?", len(self._left))
            self._only_blanks(taken, len(self._left))
        elif self._opening == "" and not self._array and not self._left[taken:].strip(_BLANK):
            taken = len(self._left)
        self._advance(taken)
        self._scanned -= taken

    def _stopped(self, why: int) -> RefusedFileError:
        at = self._scanned - 1
        if why == scan.TOO_DEEP:
            return self._refused(f"is nested more than {scan.MOST_DEEP} deep", "Is it OCDS data?", at)
        if why == scan.NEVER_OPENED:
            return self._refused("is not JSON", "A bracket is closed that was never opened.", at)
        at -= self._scan.string_length + (not self._scan.in_string)
        return self._refused("has a string of more than 1 MiB", "No field that is read is so long.", max(0, at))

    def _value(self, start: int, end: int, told: int, under: str) -> Any:
        text = self._left[start:end]
        if self._quick and not told & scan.DOUBTFUL and (not told & scan.FOREIGN or _is_utf_8(text)):
            found = self._quick(text, under)
            if found is not None:
                return found
        return self._parsed(text, start)

    def _parsed(self, text: bytes, start: int) -> Any:
        try:
            return _strictly(text)
        except ValueError as error:
            message = str(error)
        if "surrogate" in message or "hex escape" in message:
            whole = _ESCAPES.sub(lambda found: rb"\ufffd" if found[1] else found[0], text)
            with contextlib.suppress(ValueError):
                value = _strictly(whole)
                self.halves += sum(1 for one in _ESCAPES.finditer(text) if one[1])
                return value
        place = _PLACE.search(message)
        line, column = (int(place[1]), int(place[2])) if place else (1, 1)
        at_line, at_column = self._place(start)
        at = (at_line + line - 1, at_column + column - 1 if line == 1 else column)
        if "uplicate key" in message:
            raise RefusedFileError("has a key twice in one object", "Which one is meant? Ask the publisher.", *at)
        if "number out of range" in message:
            raise RefusedFileError("has a number of thousands of digits", "No amount is so large.", *at)
        try:
            text.decode("utf-8")
        except UnicodeDecodeError:
            raise RefusedFileError("is not in UTF-8", "Convert it: iconv -t UTF-8.", *at) from None
        if any(word in text for word in (b"NaN", b"Infinity")):
            raise RefusedFileError("is not JSON", "Numbers must be finite: NaN and Infinity are not JSON.", *at)
        raise RefusedFileError("is not JSON", "", *at)

    def _only_blanks(self, start: int, end: int) -> None:
        gap = self._left[start:end].strip(_BLANK)
        if gap:
            page = gap[:200].lstrip().lower().startswith((b"<!doctype", b"<html", b"<?xml"))
            hint = (
                "It looks like a web page: an error page saved as data?"
                if page
                else "Published data start with { or [."
            )
            at = start + self._left[start:end].index(gap[:1])
            raise self._refused("is not JSON", hint, at)

    def _between(self, start: int, end: int) -> list[Any]:
        """What stands between two items that are objects or arrays: a comma, and other values, which are given."""
        gap = self._left[start:end].strip(_BLANK)
        if gap == (b"," if self._items else b""):
            return []
        if not gap.endswith(b","):
            raise self._refused("is not JSON", f"Found something else between the items of {self._named}.", start)
        return self._scalars(gap[:-1], start, "between the items")

    def _at_the_end(self, start: int, end: int) -> list[Any]:
        gap = self._left[start:end].strip(_BLANK)
        return self._scalars(gap, start, "at the end") if gap else []

    def _scalars(self, gap: bytes, start: int, where: str) -> list[Any]:
        """The values of a gap, which begins with a comma where an item stands before it."""
        rest: list[Any] = []
        if gap.startswith(b",") == (self._items > 0):
            with contextlib.suppress(ValueError):
                rest = jiter.from_json(b"[" + gap.removeprefix(b",") + b"]", allow_inf_nan=False)
        if not rest:
            raise self._refused("is not JSON", f"Found something else {where} of {self._named}.", start)
        self._items += len(rest)
        return rest

    @property
    def _named(self) -> str:
        return "the list" if self._array == "list" else f'"{self._array}"'

    def _place(self, at: int) -> tuple[int, int]:
        before = self._left[:at]
        lines = before.count(b"\n")
        if lines:
            return self._line + lines, at - before.rindex(b"\n")
        return self._line, self._column + at

    def _refused(self, what: str, hint: str, at: int = 0) -> RefusedFileError:
        return RefusedFileError(what, hint, *self._place(at))

    def _advance(self, taken: int) -> None:
        self._line, self._column = self._place(taken)
        self._left = self._left[taken:]


def _strictly(text: bytes) -> Any:
    """The value of a JSON text. Raises ``ValueError``, also where a key is there twice or a number is none."""
    return jiter.from_json(text, catch_duplicate_keys=True, allow_inf_nan=False, cache_mode="keys")


def _is_utf_8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


#: How files begin that are packed in ways that are not read, and a tar archive at its 257th byte.
_PACKED = (
    b"\x1f\x8b",
    b"PK\x03\x04",
    b"\xfd7zXZ",
    b"\x28\xb5\x2f\xfd",
    b"BZh",
    b"7z\xbc\xaf",
    b"Rar!",
    b"%PDF",
    b"\xd0\xcf\x11\xe0",
)


def _without_mark(block: bytes) -> bytes:
    """The first block without the byte order mark of UTF-8; other encodings and what is no text are refused."""
    if block.startswith(b"\xef\xbb\xbf"):
        return block[3:]
    if block.startswith(_PACKED) or block[257:262] == b"ustar":
        raise RefusedFileError("is packed in a way that is not read", "Unpack it: plain, gzip and zip files are read.")
    if block.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")) or b"\x00" in block[:2]:
        raise RefusedFileError("is not in UTF-8 but in UTF-16 or UTF-32", "Convert it: iconv -t UTF-8.", 1, 1)
    if b"\x00" in block[:64]:
        raise RefusedFileError("is not text", "JSON is text: is it another kind of file?")
    return block
