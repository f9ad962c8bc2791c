"""Published JSON of any size, cut into its releases and records without ever holding the file.

A file is read in blocks. NumPy finds the quotes and brackets of a block; what lies between the brackets of one
release is handed to the JSON reader, and nothing else is kept. So a package of two gigabytes needs as much memory
as its largest release. Keys given twice, nesting, long strings and numbers that are not numbers end the file.
"""

from __future__ import annotations

import gzip
import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import jiter
import numpy as np
import numpy.typing as npt

MOST_BYTES = 2**31 + 2**26  #: of one file, unpacked: 2 GiB and room for the last release
MOST_DEEP = 64
MOST_STRING = 2**20
MOST_ITEMS = 10**6  #: of one array
MOST_ITEM_BYTES = 2**26  #: of one release or record

_BLOCK = 2**22
_QUOTE, _BACKSLASH, _NEWLINE = 0x22, 0x5C, 0x0A
_TURN = np.zeros(256, np.int8)
_TURN[[0x7B, 0x5B]] = 1
_TURN[[0x7D, 0x5D]] = -1
_MARKED = _TURN != 0
_MARKED[_QUOTE] = True
_BLANK = b" \t\r\n\x1e"
_ARRAY = re.compile(rb'"(releases|records)"[ \t\r\n]*:[ \t\r\n]*$')
_PLACE = re.compile(r" at line (\d+) column (\d+)$")


class RefusedFileError(Exception):
    """A file that is left out as a whole; the run goes on. The text never repeats what the file says."""

    def __init__(self, what: str, hint: str = "", line: int = 0, column: int = 0) -> None:
        super().__init__(what)
        self.what, self.hint, self.line, self.column = what, hint, line, column


@dataclass(frozen=True, slots=True)
class Piece:
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
    return _Cutter(stream).pieces()


class _Cutter:
    """The state between two blocks: what is left of the last, and where in the document it stands."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream
        self.left = b""  #: bytes of the block that are not yet cut
        self.scanned = 0  #: how many of them the scan has seen
        self.line = 1  #: of the first byte of ``left``
        self.column = 1
        self.in_string = False
        self.string_from = 0
        self.depth = 0
        self.total = 0
        self.opening = ""  #: "{" or "[" of the document that is open
        self.array = ""  #: the array of releases or records that is open
        self.items = 0
        self.rest: list[bytes] = []  #: of the open document, what is outside such arrays

    def pieces(self) -> Iterator[Piece]:
        first = True
        while True:
            block = self._read()
            over = not block
            if first:
                block = _without_mark(block)
                first = False
            self.total += len(block)
            if self.total > MOST_BYTES:
                raise self._refused("is larger than 2 GiB", "Split it, or give it as JSON Lines in several files.")
            self.left += block
            yield from self._cut(last=over)
            if over:
                return
            if len(self.left) > MOST_ITEM_BYTES:
                raise self._refused(f"has one object of more than {MOST_ITEM_BYTES >> 20} MiB", "Is it OCDS data?")

    def _read(self) -> bytes:
        try:
            return self.stream.read(_BLOCK)
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError):
            raise self._refused("is damaged: it cannot be unpacked to its end", "Download it again.") from None

    def _cut(self, *, last: bool) -> Iterator[Piece]:
        end = len(self.left)
        while not last and end > self.scanned and self.left[end - 1] == _BACKSLASH:
            end -= 1  # what a backslash escapes must be in the same block
        where, turns, depths = self._brackets(end)
        taken = 0  # bytes of ``left`` that have gone out
        start = 0  # where the open object begins; all before it is taken
        if self.opening == "" and not self.array:
            self._only_blanks(0, int(where[0]) if len(where) else end)
        # Only brackets near the surface can begin or end a document, an array of releases or a release.
        for at, turn, depth in zip(where.tolist(), turns.tolist(), depths.tolist(), strict=True):
            if turn > 0 and depth == 1:
                self._only_blanks(taken, at)
                self.opening = chr(self.left[at])
                if self.opening == "[":
                    self.array, self.items, taken = "list", 0, at + 1
                else:
                    taken = start = at
            elif turn > 0 and depth == 2 and self.opening == "{" and self.left[at] == 0x5B:
                match = _ARRAY.search(self.left[max(taken, at - 80) : at])
                if match:
                    self.rest.append(self.left[taken : at + 1])
                    self.array, self.items, taken = match[1].decode(), 0, at + 1
            elif self.array and depth == self._floor + turn and turn > 0:
                self._separator(taken, at)
                taken = start = at
            elif self.array and depth == self._floor and turn < 0:
                yield Piece(self._value(start, at + 1), self.array)
                self.items += 1
                if self.items > MOST_ITEMS:
                    raise self._refused(f"has an array of more than {MOST_ITEMS:,} items", "Split the file.", at)
                taken = at + 1
            elif self.array and depth == self._floor - 1 and turn < 0:
                self._end_of_array(taken, at)
                taken = at + 1 if self.array == "list" else at
                if self.array == "list":
                    self.opening = ""
                self.array = ""
            elif depth == 0:
                if self.rest:
                    self.rest.append(self.left[taken : at + 1])
                    yield Piece(self._parsed(b"".join(self.rest), 0), "", rest=True)
                    self.rest = []
                else:
                    yield Piece(self._value(start, at + 1), "")
                self.opening, taken = "", at + 1
        if last:
            if self.depth != 0 or self.in_string:
                raise self._refused("ends in the middle", "Is the download complete?", len(self.left))
            self._only_blanks(taken, len(self.left))
        elif self.opening == "" and not self.array:
            taken = len(self.left[:end]) if not self.left[taken:end].strip(_BLANK) else taken
        self._advance(taken)
        self.scanned = end - taken

    @property
    def _floor(self) -> int:
        """The depth right inside the array that is open."""
        return 1 if self.array == "list" else 2

    def _brackets(self, end: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int8], npt.NDArray[np.int64]]:
        """Brackets outside strings in the bytes not yet scanned: where, +1 or -1, and the depth behind them."""
        data = np.frombuffer(self.left, np.uint8)[self.scanned : end]
        marks = np.flatnonzero(_MARKED[data])
        chars = data[marks]
        quotes = marks[chars == _QUOTE]
        slashes = np.flatnonzero(data == _BACKSLASH)
        if len(slashes):
            breaks = np.flatnonzero(np.diff(slashes) != 1)
            ends = np.append(breaks, len(slashes) - 1)
            lengths = np.diff(np.concatenate([[-1], ends]))
            escaped = slashes[ends[lengths % 2 == 1]] + 1
            quotes = quotes[~np.isin(quotes, escaped, assume_unique=True, kind="sort")]
        edges = quotes + self.scanned
        opened = np.concatenate([[self.string_from], edges]) if self.in_string else edges
        lengths_of = opened[1::2] - opened[0 : 2 * len(opened[1::2]) : 2]
        if len(lengths_of) and int(lengths_of.max()) > MOST_STRING:
            at = int(opened[0 : 2 * len(lengths_of) : 2][int(lengths_of.argmax())])
            raise self._refused("has a string of more than 1 MiB", "No field that is read is so long.", max(0, at))
        turns = _TURN[chars]
        where = marks[turns != 0]
        turns = turns[turns != 0]
        inside = (np.searchsorted(quotes, where) + int(self.in_string)) % 2 == 1
        where, turns = where[~inside] + self.scanned, turns[~inside]
        depths = self.depth + np.cumsum(turns, dtype=np.int64)
        if len(depths) and int(depths.max()) > MOST_DEEP:
            at = int(where[int((depths > MOST_DEEP).argmax())])
            raise self._refused(f"is nested more than {MOST_DEEP} deep", "Is it OCDS data?", at)
        if len(depths) and int(depths.min()) < 0:
            raise self._refused(
                "is not JSON", "A bracket is closed that was never opened.", int(where[int((depths < 0).argmax())])
            )
        if len(quotes) % 2:
            self.in_string = not self.in_string
        if self.in_string:
            self.string_from = int(opened[-1]) if len(opened) else self.string_from
            if end - self.string_from > MOST_STRING:
                raise self._refused(
                    "has a string of more than 1 MiB", "No field that is read is so long.", max(0, self.string_from)
                )
        self.depth = int(depths[-1]) if len(depths) else self.depth
        near = depths <= 2 + (turns > 0)
        return where[near], turns[near], depths[near]

    def _value(self, start: int, end: int) -> Any:
        return self._parsed(self.left[start:end], start)

    def _parsed(self, text: bytes, start: int) -> Any:
        try:
            return jiter.from_json(text, catch_duplicate_keys=True, allow_inf_nan=False, cache_mode="keys")
        except ValueError as error:
            message = str(error)
        place = _PLACE.search(message)
        line, column = (int(place[1]), int(place[2])) if place else (1, 1)
        at_line, at_column = self._place(start)
        at = (at_line + line - 1, at_column + column - 1 if line == 1 else column)
        if "uplicate key" in message:
            raise RefusedFileError("has a key twice in one object", "Which one is meant? Ask the publisher.", *at)
        try:
            text.decode("utf-8")
        except UnicodeDecodeError:
            raise RefusedFileError("is not in UTF-8", "Convert it: iconv -t UTF-8.", *at) from None
        if any(word in text for word in (b"NaN", b"Infinity")):
            raise RefusedFileError("is not JSON", "Numbers must be finite: NaN and Infinity are not JSON.", *at)
        raise RefusedFileError("is not JSON", "", *at)

    def _only_blanks(self, start: int, end: int) -> None:
        gap = self.left[start:end].strip(_BLANK)
        if gap:
            page = gap[:200].lstrip().lower().startswith((b"<!doctype", b"<html", b"<?xml"))
            hint = "It looks like a web page: an error page saved as data?" if page else "JSON starts with { or [."
            at = start + self.left[start:end].index(gap[:1])
            raise self._refused("is not JSON", hint, at)

    def _separator(self, start: int, end: int) -> None:
        gap = self.left[start:end].strip(_BLANK)
        if gap != (b"," if self.items else b""):
            raise self._refused("is not JSON", f"Found something else between the items of {self._named}.", start)

    def _end_of_array(self, start: int, end: int) -> None:
        gap = self.left[start:end].strip(_BLANK)
        if not gap:
            return
        try:
            rest = jiter.from_json(b"[" + gap.lstrip(b",") + b"]", allow_inf_nan=False)
        except ValueError:
            rest = None
        if rest is None or (self.items > 0 and not gap.startswith(b",")) or not rest:
            raise self._refused("is not JSON", f"Found something else at the end of {self._named}.", start)

    @property
    def _named(self) -> str:
        return "the list" if self.array == "list" else f'"{self.array}"'

    def _place(self, at: int) -> tuple[int, int]:
        before = self.left[:at]
        lines = before.count(b"\n")
        if lines:
            return self.line + lines, at - before.rindex(b"\n")
        return self.line, self.column + at

    def _refused(self, what: str, hint: str, at: int = 0) -> RefusedFileError:
        return RefusedFileError(what, hint, *self._place(at))

    def _advance(self, taken: int) -> None:
        self.line, self.column = self._place(taken)
        self.left = self.left[taken:]
        self.string_from -= taken


def _without_mark(block: bytes) -> bytes:
    """The first block without the byte order mark of UTF-8; other encodings are refused."""
    if block.startswith(b"\xef\xbb\xbf"):
        return block[3:]
    if block.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")) or b"\x00" in block[:64]:
        raise RefusedFileError("is not in UTF-8 but in UTF-16 or UTF-32", "Convert it: iconv -t UTF-8.", 1, 1)
    return block


def text_stream(data: bytes) -> IO[bytes]:
    """A stream of bytes that are in memory."""
    return io.BytesIO(data)
