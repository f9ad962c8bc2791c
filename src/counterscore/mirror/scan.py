"""One pass over the bytes of published JSON: where its releases begin and end, and what no fast reader tells.

Fast JSON readers let the last of two equal keys win, do not stream, and have no bounds. So each byte is looked at once
here, compiled, before any reader sees it: brackets and strings (bounded in depth and length), keys given twice in one
object, and how often each key of a list of names occurs. Anything doubtful is *marked* only: then the strict reader,
which builds every object, decides and names the place.
"""

from __future__ import annotations

from collections.abc import Sequence

import numba
import numpy as np
import numpy.typing as npt

MOST_DEEP = 64
MOST_STRING = 2**20

#: What a scan tells of: a document, an array of releases or records in it, or an item of such an array or of a list.
OPENS_OBJECT, OPENS_LIST, OPENS_RELEASES, OPENS_RECORDS, OPENS_ITEM, ENDS_ITEM, ENDS_ARRAY, ENDS = range(8)
KIND, DOUBTFUL, FOREIGN = 0x0F, 0x10, 0x20  #: an end is marked where a key may be there twice, or beyond ASCII
GOES_ON, TOO_DEEP, TOO_LONG, NEVER_OPENED = range(4)  #: how a scan came to its end

_EVENTS = 4_096  #: told at a time
_MOST_KEYS = 4_096  #: of the objects that are open, beyond which the strict reader counts
_TABLE = 1_024
_FEW = 16
#: What is kept from block to block.
_IN_STRING, _ESCAPED, _LENGTH, _IS_KEY, _EXPECTS_KEY, _HASH, _DEPTH, _TOP, _ARRAY, _DOUBTFUL, _FOREIGN, _WHY, _TOLD = (
    range(13)
)
_LETTER = np.ones(256, np.uint8)  #: what goes on with a string and is not looked at
_LETTER[:0x20] = _LETTER[0x80:] = _LETTER[[0x22, 0x5C]] = 0
_TURNS = np.zeros(256, np.uint8)  #: what is looked at outside of strings
_TURNS[[ord(one) for one in '"{}[],']] = 1
_FIRST, _PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)


def key_hash(name: str) -> int:
    """The hash of a key as the scan makes it (FNV-1a, 64 bits): equal keys have one hash; others may, and are looked at again."""
    found = int(_FIRST)
    for byte in name.encode():
        found = (found ^ byte) * int(_PRIME) % 2**64
    return found


class Scan:
    """The scan of one stream. ``names`` are keys to be counted; ``counts`` has one for each, and a last for all others."""

    def __init__(self, names: Sequence[str]) -> None:
        self.counts = np.zeros(len(names) + 1, np.int64)
        self._names = _table([key_hash(name) for name in names])
        self._state = np.zeros(16, np.uint64)
        self._is_object = np.zeros(MOST_DEEP + 2, np.uint8)
        self._base = np.zeros(MOST_DEEP + 2, np.int64)
        self._keys = np.zeros(_MOST_KEYS, np.uint64)
        self._wanted = np.array([key_hash("releases"), key_hash("records")], np.uint64)
        self._at, self._kind = np.zeros(_EVENTS, np.int64), np.zeros(_EVENTS, np.int64)

    def run(self, data: npt.NDArray[np.uint8], start: int) -> tuple[int, list[tuple[int, int]], int]:
        """Go on from ``start``: where it stopped (at the end, where it had told all it can at once, or where it cannot go on), what it met (place, kind) and why it stopped."""
        end = _scan(
            data, start, self._state, self._is_object, self._base, self._keys, self._wanted, self._at, self._kind,
            *self._names, self.counts,
        )  # fmt: skip
        many = int(self._state[_TOLD])
        return (
            int(end),
            list(zip(self._at[:many].tolist(), self._kind[:many].tolist(), strict=True)),
            int(self._state[_WHY]),
        )

    @property
    def in_string(self) -> bool:
        return bool(self._state[_IN_STRING])

    @property
    def depth(self) -> int:
        return int(self._state[_DEPTH])

    @property
    def string_length(self) -> int:
        """Bytes of the string that is open."""
        return int(self._state[_LENGTH])


def _table(hashes: Sequence[int]) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
    """Open addressing: hash and number of each name; a free place holds -1."""
    held, number = np.zeros(_TABLE, np.uint64), np.full(_TABLE, -1, np.int64)
    for which, found in enumerate(hashes):
        place = found % _TABLE
        while number[place] >= 0:
            place = (place + 1) % _TABLE
        held[place], number[place] = found, which
    return held, number


def _compiled(function):
    """Compiled and kept for the next start, where there is room for it."""
    try:
        return numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    except RuntimeError:  # no folder can be written into
        return numba.njit(nogil=True, error_model="numpy")(function)


@_compiled
def _scan(data, start, state, is_object, base, keys, wanted, at, kind, held, number, counts):
    in_string, escaped, is_key = state[_IN_STRING] > 0, state[_ESCAPED] > 0, state[_IS_KEY] > 0
    expects_key, doubtful, foreign = state[_EXPECTS_KEY] > 0, state[_DOUBTFUL] > 0, state[_FOREIGN] > 0
    length, depth, top, array = (
        np.int64(state[_LENGTH]),
        np.int64(state[_DEPTH]),
        np.int64(state[_TOP]),
        np.int64(state[_ARRAY]),
    )
    hashed = state[_HASH]
    told, why, i, end = 0, GOES_ON, start, len(data)
    while i < end and told < len(at):
        if in_string and not escaped:  # nearly all bytes: letters of a string
            from_here = i
            if is_key:
                while i < end and _LETTER[data[i]]:
                    hashed = (hashed ^ np.uint64(data[i])) * _PRIME
                    i += 1
            else:
                while i < end and _LETTER[data[i]]:
                    i += 1
            length += i - from_here
        elif not in_string:
            while i < end and not _TURNS[data[i]]:
                i += 1
        if i == end:
            break
        byte = data[i]
        i += 1
        if in_string:
            if escaped:
                escaped = False
                length += 1
            elif byte == 0x22:
                in_string = False
                if is_key:
                    if top < len(keys):
                        keys[top] = hashed
                    else:
                        doubtful = True
                    top += 1
                    place = np.int64(hashed & np.uint64(_TABLE - 1))
                    while number[place] >= 0 and held[place] != hashed:
                        place = (place + 1) & (_TABLE - 1)
                    counts[number[place] if number[place] >= 0 else len(counts) - 1] += 1
            else:
                length += 1
                if byte == 0x5C:
                    escaped = True
                    doubtful |= is_key  # the same key may be written in two ways
                elif byte < 0x20:
                    doubtful = True
                elif byte >= 0x80:
                    foreign = True
                if is_key:
                    hashed = (hashed ^ np.uint64(byte)) * _PRIME
            if length > MOST_STRING:
                why = TOO_LONG
                break
        elif byte == 0x22:
            in_string, length = True, 0
            is_key = expects_key
            expects_key = False
            hashed = _FIRST
        elif byte == 0x2C:
            expects_key = depth > 0 and is_object[depth] > 0
        elif byte == 0x7B or byte == 0x5B:
            depth += 1
            if depth > MOST_DEEP:
                why = TOO_DEEP
                break
            opens_object = byte == 0x7B
            is_object[depth] = opens_object
            expects_key = opens_object
            base[depth] = top
            event = -1
            if depth == 1:
                event, array = (OPENS_OBJECT, 0) if opens_object else (OPENS_LIST, 1)
                doubtful = foreign = False
            elif array > 0 and depth == array + 1:
                event = OPENS_ITEM
                doubtful = foreign = False
            elif depth == 2 and array == 0 and not opens_object and (hashed == wanted[0] or hashed == wanted[1]):
                event, array = OPENS_RELEASES if hashed == wanted[0] else OPENS_RECORDS, 2
            if event >= 0:
                at[told], kind[told] = i - 1, event
                told += 1
        elif byte == 0x7D or byte == 0x5D:
            depth -= 1
            if depth < 0:
                why = NEVER_OPENED
                break
            expects_key = False
            low, top = base[depth + 1], min(top, len(keys))
            if top - low > _FEW:
                ordered = np.sort(keys[low:top])
                for k in range(1, len(ordered)):
                    doubtful |= ordered[k] == ordered[k - 1]
            else:
                for k in range(low + 1, top):
                    for other in range(low, k):
                        doubtful |= keys[k] == keys[other]
            top = low
            event = -1
            if array > 0 and depth == array:
                event = ENDS_ITEM
            elif array > 0 and depth == array - 1:
                event, array = ENDS_ARRAY, 0
            elif depth == 0:
                event = ENDS
            if event >= 0:
                at[told], kind[told] = i - 1, event + doubtful * DOUBTFUL + foreign * FOREIGN
                told += 1
    state[_IN_STRING], state[_ESCAPED], state[_IS_KEY] = in_string, escaped, is_key
    state[_EXPECTS_KEY], state[_DOUBTFUL], state[_FOREIGN] = expects_key, doubtful, foreign
    state[_LENGTH], state[_DEPTH], state[_TOP], state[_ARRAY] = length, max(depth, 0), top, array
    state[_HASH], state[_WHY], state[_TOLD] = hashed, why, told
    return i
