"""The one place that names Numba: how kernels are compiled and where they are cached.

Strict floating point is not enough for "same bits everywhere", so kernels use integers only. They run on
plain threads, one subdistrict each, without ``prange``; named tuples of arrays are therefore safe
(under ``prange`` their writes are lost: numba #5872, #7135, #10338). Numba's cache does not notice edits in
other files, so it lives in a folder named by the digest of all engine sources.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
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


def kernel_cache() -> Path:
    """The folder of compiled kernels: the user's cache, else a temporary folder where that is read-only."""
    name = f"kernels-{engine_digest()[:16]}"
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    candidates = [Path(chosen) / name] if chosen else []
    candidates += [
        Path(user_cache_dir("counterscore")) / name,
        Path(tempfile.gettempdir()) / "counterscore" / name,
    ]
    for folder in candidates:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    return Path(tempfile.mkdtemp(prefix="counterscore-"))


import numba  # noqa: E402
import numpy as np  # noqa: E402
from numba import types  # noqa: E402

_CACHE = kernel_cache()
numba.config.CACHE_DIR = str(_CACHE)

interpreted = bool(numba.config.DISABLE_JIT)


def is_compiled() -> bool:
    """Whether the kernels of this engine lie compiled in the cache."""
    return interpreted or any(_CACHE.rglob("live-*.nbc")) or any(_CACHE.rglob("month.live-*.nbc"))


_OPTIONS = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}


def entry(function: _Function) -> _Function:
    """Compile ``function`` for integers on plain arrays, cached, to be called from Python, without holding its lock."""
    return numba.njit(**_OPTIONS)(function)


def kernel(function: _Function) -> _Function:
    """Compile ``function`` to be called from other kernels only, once for whole numbers of any width.

    Numba would compile it again for each constant and each width it is called with, which doubled the time that all takes.
    """
    compiled = numba.njit(no_cpython_wrapper=True, no_cfunc_wrapper=True, **_OPTIONS)(function)
    if not interpreted:
        of_types = compiled.get_call_template
        compiled.get_call_template = lambda args, kws: of_types(tuple(map(_wide, args)), kws)
    return compiled


def _wide(kind: Any) -> Any:
    """The type in which an argument of this type is handed over."""
    kind = types.unliteral(kind)
    return types.int64 if isinstance(kind, types.Integer) and kind != types.uint64 else kind


def readable(records: Any) -> Any:
    """Records as kernels take them; in plain Python their fields have to read as attributes."""
    return records.view(np.recarray) if interpreted else records


def in_python(function: _Function) -> _Function:
    """What a kernel is made from, to be called from Python."""
    return getattr(function, "py_func", function)
