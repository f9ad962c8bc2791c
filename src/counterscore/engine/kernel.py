"""The one place of the engine that names Numba (the scan of the mirror compiles one function of its own): how kernels are
compiled and where they are cached.

Strict floating point is not enough for "same bits everywhere", so kernels use integers only. They run on
plain threads, one subdistrict each, without ``prange``; named tuples of arrays are therefore safe
(under ``prange`` their writes are lost: numba #5872, #7135, #10338). Numba's cache does not notice edits in
other files, so it lives in a folder named by the digest of all engine sources.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from platformdirs import user_cache_dir

_Function = TypeVar("_Function", bound=Callable[..., object])


def engine_digest() -> str:
    """sha256 over the engine's sources: it is part of every run record and names the kernel cache."""
    folder = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def kernel_cache() -> Path | None:
    """The folder of compiled kernels: the user's cache, else a temporary folder; None where neither has room.

    Code is loaded from it, so it must belong to the user and be closed to others (mode 0700 where it is made here).
    Where somebody else could have written into both, a fresh folder serves this process alone.
    """
    try:
        for folder in _candidates(f"kernels-{engine_digest()[:16]}"):
            if _is_own(folder):
                return folder
        return Path(tempfile.mkdtemp(prefix="counterscore-"))
    except OSError:
        return None


def _candidates(name: str) -> Iterator[Path]:
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    if chosen:
        yield Path(chosen) / name
    yield Path(user_cache_dir("counterscore")) / name
    # One name for each user, right in the temporary folder: within a folder of somebody else it could be exchanged.
    yield Path(tempfile.gettempdir()) / f"counterscore-{os.getuid()}-{name}"


def _is_own(folder: Path) -> bool:
    """Whether ``folder``, made where it is not there, belongs to the user and nobody else can write into it."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return False
    closed = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o022
    return closed and os.access(folder, os.W_OK)


import numba  # noqa: E402
import numpy as np  # noqa: E402
from numba import types  # noqa: E402
from numba.core.caching import UserProvidedCacheLocator  # noqa: E402

from counterscore.engine import linking  # noqa: E402

_CACHE = kernel_cache()
numba.config.CACHE_DIR = str(_CACHE or "")

interpreted = bool(numba.config.DISABLE_JIT)


def is_compiled() -> bool:
    """Whether the kernels of this engine lie compiled in the cache."""
    if interpreted or _CACHE is None:
        return interpreted
    return any(_CACHE.rglob("live-*.nbc")) or any(_CACHE.rglob("month.live-*.nbc"))


class WithinEngine(UserProvidedCacheLocator):  # type: ignore[misc]
    """Keeps the kernels of a file by the file's place in the engine, not by its path on the disk.

    The cache is named by the engine's digest already, so every checkout and every installed copy of one engine finds what
    the first of them compiled.
    """

    def __init__(self, function: Callable[..., object], file: str) -> None:
        super().__init__(function, file)
        here = Path(file).resolve().parent
        engine = Path(__file__).resolve().parent
        if _CACHE is not None and here.is_relative_to(engine):
            self._cache_path = str(_CACHE / here.relative_to(engine.parent))


def _compiled(function: _Function, **options: Any) -> Any:
    """What Numba makes of ``function``, its cache by place; other code of this process keeps Numba's own way."""
    before = numba.config.CACHE_LOCATOR_CLASSES
    numba.config.CACHE_LOCATOR_CLASSES = f"{__name__}.{WithinEngine.__name__}"
    try:
        return _kept_where_there_is_room(numba.njit(**{**_OPTIONS, **options})(function))
    finally:
        numba.config.CACHE_LOCATOR_CLASSES = before


_OPTIONS = {"cache": _CACHE is not None, "nogil": True, "error_model": "numpy", "_nrt": False}


def entry(function: _Function) -> _Function:
    """Compile ``function`` for integers on plain arrays, cached, to be called from Python, without holding its lock."""
    made: _Function = _compiled(function)
    return made


def _kept_where_there_is_room(compiled: Any) -> Any:
    """A full disk costs the next start its time and ends nothing: it is told once, with the folder's name."""
    cache = getattr(compiled, "_cache", None)
    if cache is None or not hasattr(cache, "save_overload"):
        return compiled
    save = cache.save_overload

    def save_if_there_is_room(*overload: Any) -> None:
        try:
            save(*overload)
        except OSError as error:
            warnings.warn(f"compiled kernels were not kept in {_CACHE}: {error.strerror}", RuntimeWarning, stacklevel=2)

    cache.save_overload = save_if_there_is_room
    return compiled


def kernel(function: _Function) -> _Function:
    """Compile ``function`` to be called from other kernels only, once for whole numbers of any width.

    Numba would compile it again for each constant and each width it is called with, which doubled the time that all takes.
    """
    apart = {"cache": False, "pipeline_class": linking.Linked} if linking.is_possible else {}
    compiled = _compiled(function, no_cpython_wrapper=True, no_cfunc_wrapper=True, **apart)
    if not interpreted:
        of_types = compiled.get_call_template
        compiled.get_call_template = lambda args, kws: of_types(tuple(map(_wide, args)), kws)
    return compiled


def _wide(kind: Any) -> Any:
    """The type in which an argument of this type is handed over."""
    kind = types.unliteral(kind)
    whole = isinstance(kind, types.Integer | types.IntEnumMember) and kind != types.uint64
    return types.int64 if whole else kind


def readable(records: Any) -> Any:
    """Records as kernels take them; in plain Python their fields have to read as attributes."""
    return records.view(np.recarray) if interpreted else records


def in_python(function: _Function) -> _Function:
    """What a kernel is made from, to be called from Python."""
    return getattr(function, "py_func", function)
