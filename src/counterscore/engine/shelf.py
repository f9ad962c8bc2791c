"""Where subdistricts stay between two years: in memory, or on disk where the city is larger than memory.

A subdistrict lives a year at a time and needs nothing from the others but a small table of city figures, so a
city of any size passes through a memory that holds as many subdistricts as there are threads. What is put away
comes back with the same bits. The files hold arrays and the few classes named below; whatever else a file asks for
is refused, so that a file put in its place can do nothing.
"""

from __future__ import annotations

import errno
import os
import pickle
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from counterscore.files import open_plain

if TYPE_CHECKING:
    from counterscore.engine.place import Place


class Shelf(Sequence["Place"]):
    """The ``count`` subdistricts of one world and replay, by number; in folder ``folder``, if one is given.

    ``shared`` are objects that every subdistrict refers to (the city, plans): they are not put away with it.
    The folder is one that nobody else writes to. Raises ``OSError`` where the disk is full or a file is damaged.
    """

    def __init__(self, count: int, folder: Path | None, shared: Mapping[str, Any]) -> None:
        self._count, self._folder = count, folder
        self._shared = shared
        self._held: dict[int, Place] = {}
        if folder:
            folder.mkdir(parents=True, exist_ok=True)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, k: Any) -> Any:
        if not 0 <= k < self._count:
            raise IndexError(k)
        if self._folder is None:
            return self._held[k]
        return read_place(self._path(k), self._shared)

    def put(self, k: int, place: Place) -> None:
        """Put subdistrict ``k`` away until its next year."""
        if self._folder is None:
            self._held[k] = place
            return
        path = self._path(k)
        path.unlink(missing_ok=True)
        write_place(path, place, self._shared)

    def close(self) -> None:
        """Give back the disk."""
        self._held.clear()
        if self._folder:
            with suppress(OSError):
                for k in range(self._count):
                    self._path(k).unlink(missing_ok=True)
                self._folder.rmdir()

    def _path(self, k: int) -> Path:
        assert self._folder is not None
        return self._folder / place_file(k)


def write_place(path: Path, place: Place, shared: Mapping[str, Any]) -> None:
    """Write a subdistrict into a new file, without the objects that it shares with others. Raises ``OSError``."""
    with path.open("xb") as file:
        _Writer(file, shared).dump(place)


def read_place(path: Path, shared: Mapping[str, Any]) -> Any:
    """The subdistrict in a file, with ``shared`` as they were when it was written. Raises ``OSError``."""
    with os.fdopen(open_plain(path), "rb") as file:
        try:
            return _Reader(file, shared).load()
        except (pickle.UnpicklingError, EOFError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise OSError(errno.EIO, f"is damaged ({error})", str(path)) from None


def place_file(k: int) -> str:
    """The name of subdistrict ``k``'s file."""
    return f"{k}.place"


#: All that a file may ask for by name: arrays, and what a subdistrict consists of. Nothing that does anything.
_KNOWN = frozenset(
    [
        ("numpy", "dtype"),
        ("numpy", "record"),
        ("numpy._core.numeric", "_frombuffer"),
        ("numpy.core.numeric", "_frombuffer"),  # NumPy 1
        ("counterscore.city.generations", "Generations"),
        ("counterscore.city.generations", "_Career"),
        ("counterscore.city.generations", "Demography"),
        ("counterscore.engine.place", "Place"),
        ("counterscore.engine.place", "Firms"),
        ("counterscore.engine.place", "Bodies"),
        ("counterscore.engine.shelf", "_record"),
    ]
)


class _Writer(pickle.Pickler):
    def __init__(self, file: Any, shared: Mapping[str, Any]) -> None:
        super().__init__(file, protocol=5)
        self._names = {id(object_): name for name, object_ in shared.items() if object_ is not None}

    def persistent_id(self, object_: Any) -> str | None:
        return self._names.get(id(object_))

    def reducer_override(self, object_: Any) -> Any:
        if isinstance(object_, np.record):
            return _record, (object_.dtype, object_.tobytes())
        return NotImplemented


class _Reader(pickle.Unpickler):
    def __init__(self, file: Any, shared: Mapping[str, Any]) -> None:
        super().__init__(file)
        self._shared = shared

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _KNOWN:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}")
        return super().find_class(module, name)

    def persistent_load(self, name: str) -> Any:
        return self._shared[name]


def _record(dtype: Any, raw: bytes) -> Any:
    """A record that owns its bytes and may be written to."""
    return np.frombuffer(bytearray(raw), dtype).view(np.recarray)[0]
