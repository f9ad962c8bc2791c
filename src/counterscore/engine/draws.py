"""Addressed draws inside kernels: the same bits as ``counterscore.luck``, compiled.

A draw is found at (purpose, month, resident) and, where one month of one resident needs several of a kind,
at a further index. 32-bit values are handed on as signed 64-bit integers, so that no kernel ever mixes
signed and unsigned words.
"""

from __future__ import annotations

from enum import IntEnum, unique
from functools import lru_cache
from typing import Any

import numpy as np

from counterscore import luck
from counterscore.engine.codes import TOP16
from counterscore.engine.kernel import kernel


@unique
class Purpose(IntEnum):
    """What a draw decides. Its key is derived from the member's name, never from its number."""

    TEMPTATION = 0
    CHOICE_MISCONDUCT = 1
    CHOICE_GOOD = 2
    CHOICE_LAWFUL = 3
    AMOUNT = 4
    SHOCK = 5
    INTEREST = 6
    SUIT = 7
    PAYMENT = 8
    EVASION = 9
    BILL = 10
    RECORDING = 11
    OFFICIAL = 12
    UNTRUE = 13
    TWICE = 14
    MIX_UP = 15
    MISJUDGED = 16
    AFTER_EXPIRY = 17
    LATE_REMOVAL = 18
    NEED = 19
    SERVICE = 20
    JOB = 21
    MOBILITY = 22
    NOTICE = 23
    APPEAL = 24
    DECISION = 25
    REPAIR = 26
    TALK = 27
    TOLD = 28
    TIE = 29
    SHOW = 30
    FRAUD = 31
    STATUS = 32
    AWARENESS = 33
    GLITCH = 34
    FIRM_SECTOR_YEAR = 35
    FIRM_YEAR = 36
    FIRM_MONTH = 37
    FIRM_WAGES = 38
    FIRM_SUIT = 39
    FIRM_CLOSING = 40
    FIRM_OPENING = 41
    FIRM_DISCLOSURE = 42
    FIRM_STATUS = 43
    FIRM_PENALTY = 44
    FIRM_INSPECTION = 45
    FIRM_BORROWING = 46
    BODY_DISTRICT_YEAR = 47
    BODY_YEAR = 48
    BODY_SIGNING = 49
    BODY_KEEPING = 50
    VICTIM = 51
    DEALING = 52
    MOVE = 53
    SHARING = 54
    LOAN = 55
    START = 56
    TAKING_PART = 57
    CONSENT = 58
    BOAST = 59
    SCORE_TIE = 60
    SEEK = 61
    LOOK = 62
    PROFILE = 63
    PROMINENCE = 64
    ATTRACTION = 65
    MATCH = 66
    BODY_CAREER = 67
    ALLEGIANCE = 68
    FRIENDS = 69
    AFTERMATH = 70
    SEPARATION = 71


GAMMA = np.uint64(luck.GAMMA)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_30, _27, _31, _32 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(32)
_ONE = np.uint64(1)
_LOW = np.uint64(0xFFFFFFFF)


def purpose_keys(seed: int, replay: int) -> Any:
    """The key of each purpose before the month is mixed in; uint64 array indexed by ``Purpose``."""
    return np.array(_purpose_keys(seed, replay), dtype=np.uint64)


@lru_cache(64)  # asked for again for every year of every subdistrict
def _purpose_keys(seed: int, replay: int) -> tuple[int, ...]:
    keys = []
    for purpose in Purpose:
        state = luck.mix(luck.purpose_number(f"engine/{purpose.name.lower()}") ^ luck.mix(seed & luck.MASK))
        keys.append(luck.mix(state + luck.GAMMA * (replay + 1)))
    return tuple(keys)


@kernel
def mix(state):
    state = (state ^ (state >> _30)) * _MIX_1
    state = (state ^ (state >> _27)) * _MIX_2
    return state ^ (state >> _31)


@kernel
def month_key(key, month):
    """The key of a purpose in one month."""
    return mix(key + GAMMA * np.uint64(month + 1))


@kernel
def word(key, person):
    """The 64-bit word of one resident under a month's key."""
    return mix(key + GAMMA * np.uint64(person))


@kernel
def again(word_, index):
    """A further word, for the ``index``-th decision of the same purpose, month and resident."""
    return mix(word_ + GAMMA * np.uint64(index + 1))


@kernel
def high(word_):
    """The upper 32 bits as a signed integer, 0 … 2**32-1."""
    return np.int64(word_ >> _32)


@kernel
def low(word_):
    """The lower 32 bits as a signed integer, 0 … 2**32-1."""
    return np.int64(word_ & _LOW)


@kernel
def as_lane(rate):
    """A rate in 1/2**32 as the bound of a draw of 16 bits: rounded up, and at most all of them."""
    return min(TOP16, (rate + TOP16) >> 16)


@kernel
def who_draws(key, below, first, end, chosen, found):
    """Write down after the ``found`` first of ``chosen`` who of the residents ``first`` to ``end`` draws less than ``below``.

    ``key`` is that of the month, of the place's first resident. Without a branch; returns how many there are then.
    """
    for i in range(first, end):
        chosen[found] = i
        found += np.int64(high(word(key, i)) < below)
    return found
