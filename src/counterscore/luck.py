"""Addressed luck: every draw is a function of (seed, replicate, purpose, who, when), never of order.

The generator is SplitMix64 read at an address: a 64-bit key is mixed once from seed, purpose, replicate and
month, and the draw of person ``p`` is the mixed value of ``key + p * GAMMA``. As one SplitMix64 stream the
construction passes TestU01's Crush; here ``p`` is its counter. Plain Python, NumPy and (in
``engine.draws``) compiled versions give the same bits. See docs/decisions/0002-addressed-luck.md.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

import numpy as np
import numpy.typing as npt

MASK = (1 << 64) - 1
GAMMA = 0x9E3779B97F4A7C15
_MIX_1 = 0xBF58476D1CE4E5B9
_MIX_2 = 0x94D049BB133111EB


def mix(state: int) -> int:
    """The SplitMix64 finaliser of a 64-bit state, as a 64-bit integer."""
    state &= MASK
    state = ((state ^ (state >> 30)) * _MIX_1) & MASK
    state = ((state ^ (state >> 27)) * _MIX_2) & MASK
    return state ^ (state >> 31)


def purpose_number(purpose: str) -> int:
    """A 64-bit number derived from a purpose's name alone, so no table of numbers can clash or drift."""
    return int.from_bytes(hashlib.sha256(purpose.encode()).digest()[:8], "little")


@lru_cache(4096)
def key(purpose: str, seed: int, replay: int = 0, month: int = 0) -> int:
    """The 64-bit key under which everybody's draw for one purpose, replicate and month is found."""
    state = mix(purpose_number(purpose) ^ mix(seed & MASK))
    state = mix(state + GAMMA * (replay + 1))
    return mix(state + GAMMA * (month + 1))


def draw32(key_: int, person: int) -> int:
    """One draw in 0 … 2**32-1 (the upper half of the mixed word)."""
    return mix(key_ + person * GAMMA) >> 32


def draws64(key_: int, persons: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Draws in 0 … 2**64-1, one for each person number; same shape."""
    with np.errstate(over="ignore"):
        state = np.uint64(key_) + persons * np.uint64(GAMMA)
        state = (state ^ (state >> np.uint64(30))) * np.uint64(_MIX_1)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(_MIX_2)
        return state ^ (state >> np.uint64(31))


def draws32(key_: int, persons: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint32]:
    """Draws in 0 … 2**32-1, one for each person number; same shape."""
    return (draws64(key_, persons) >> np.uint64(32)).astype(np.uint32)
