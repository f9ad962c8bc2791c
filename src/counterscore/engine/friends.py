# mypy: allow-untyped-defs, allow-incomplete-defs, no-check-untyped-defs
"""Who is friends with whom: a small world found at addresses, in which nothing is stored but what has ended.

Claims: a place of a subdistrict has ``2 * NEAR`` near places, those up to ``NEAR`` away on either side of a ring, and
``FAR`` far ones anywhere in it. Far places come in pairs that find each other: places are laid out in rows of about the
root of their number, and each column is turned round at a point of its own, so that whoever is at the other end looks
back (an involution, keyed by column). Each of these is a friendship with the chance ``friends.near`` or ``friends.far``,
by a draw that belongs to the pair. Near friends know each other, far ones make the distances short: what Watts and
Strogatz (1998) call a small world. Nobody is friends with somebody twice, and the draws know neither month nor rule book.

Only what has ended is kept: a bit of ``ties`` at either end is taken away then. In ``ties``, places 0 … 4 are forward, 5 … 9
backward, 10 … 12 far; a friendship belongs to one end, which is where its luck is found.
"""

from __future__ import annotations

from functools import lru_cache
from math import isqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from counterscore import luck
from counterscore.engine.codes import EDGES, FAR, NEAR
from counterscore.engine.draws import Purpose, again, high, purpose_keys, word
from counterscore.engine.kernel import kernel

TIES = 2 * NEAR + FAR  #: places that may hold a friend
ALL = (1 << TIES) - 1  #: the bits of ``ties`` before anything has ended
_COINS = FAR  #: the further word of the network's key under which it is drawn who is a friend
_LEAST = 2

Ints = npt.NDArray[np.int64]


@kernel
def begin_friends(town, key):
    """Lay ready what the friendships of a subdistrict are found with."""
    space, n = town.space, town.size
    space.friends = word(key, space.first)
    width = _LEAST
    while (width + 1) * (width + 1) <= n:
        width += 1
    for f in range(FAR):
        space.far_turns[f] = again(space.friends, f)
        space.far_row[f] = width + f
        space.far_rows[f] = n // (width + f)
        space.far_rest[f] = n % (width + f)
    for edge in range(EDGES):
        space.friend_coins[edge] = again(again(space.friends, _COINS), edge)


@kernel
def far_end(town, i, f):
    """The other end of far place ``f`` of ``i``; ``i`` itself at the middle of a column."""
    space = town.space
    width = np.int64(space.far_row[f])
    row = np.int64(np.uint64(np.uint32(i)) // np.uint64(np.uint32(width)))  # of 32 bits, which take half the time
    column = i - row * width
    rows = space.far_rows[f] + np.int64(column < space.far_rest[f])
    back = ((high(again(space.far_turns[f], column)) * rows) >> 32) - row
    return (back if back >= 0 else back + rows) * width + column


@kernel
def _place(town, i, k):
    """Who is at place ``k`` of ``ties``, friend or not; the resident itself in tiny cities."""
    n = town.size
    if k >= 2 * NEAR:
        return far_end(town, i, k - 2 * NEAR)
    j = i + k + 1 if k < NEAR else i - (k - NEAR) - 1
    return j if 0 <= j < n else j % n  # a division costs more than all the rest


@kernel
def seen_from_there(k):
    """The place of ``ties`` at the other end."""
    if k >= 2 * NEAR:
        return k
    return k + NEAR if k < NEAR else k - NEAR


@kernel
def edge_of(k):
    """The number of a friendship among those that belong to its owner."""
    return k if k < NEAR else k - NEAR


@kernel
def owner_of(i, j, k):
    """To whom a friendship belongs: the one who looks forward, or the first of two far ones."""
    if k < NEAR:
        return i
    return j if k < 2 * NEAR else min(i, j)


@kernel
def friend(town, i, k):
    """The friend at place ``k`` of ``ties``; -1 where there is none (any more)."""
    plan, space, n = town.plan, town.space, town.size
    if town.people[i].ties & (1 << k) == 0:
        return -1
    if k < 2 * NEAR and 2 * (k % NEAR + 1) >= n:
        return -1
    j = _place(town, i, k)
    chance = plan.friends_near if k < 2 * NEAR else plan.friends_far
    if high(word(space.friend_coins[edge_of(k)], owner_of(i, j, k))) >= chance:
        return -1
    if k >= 2 * NEAR:
        apart = abs(i - j)
        if min(apart, n - apart) <= NEAR:
            return -1
        for f in range(k - 2 * NEAR):
            if far_end(town, i, f) == j:
                return -1
    return j


def network_key(seed: int, replay: int, first: int) -> np.uint64:
    """The key of the friendships of the subdistrict whose first resident has the number ``first``."""
    keys = purpose_keys(seed, replay)
    return np.uint64(luck.mix(int(keys[Purpose.FRIENDS]) + luck.GAMMA * first))


def friendships(plan: Any, key: np.uint64, n: int) -> tuple[Ints, Ints, Ints]:
    """Each friendship of a subdistrict of ``n`` once, before anything ends it: to whom it belongs, who is at the other end,
    and its bit in ``ties`` of the first. The same in all worlds, so that it is looked up once for those lived in turn.
    """
    return _friendships(int(plan.friends_near), int(plan.friends_far), int(key), n)


@lru_cache(2)
def _friendships(near: int, far: int, key: int, n: int) -> tuple[Ints, Ints, Ints]:
    found = _drawn(near, far, key, n, None, own=True)
    there = found >= 0
    there[:, 2 * NEAR :] &= np.arange(n)[:, None] < found[:, 2 * NEAR :]
    one, place = np.nonzero(there)
    out = one, found[there], np.left_shift(1, place)
    for column in out:
        column.flags.writeable = False
    return out


def friends_at(plan: Any, key: np.uint64, n: int, places: Any = None, *, own: bool = False) -> Ints:
    """Whom the residents at ``places`` (all of them by default) of a subdistrict of ``n`` are friends with before
    anything ends a friendship: a row for each, a column for each place of ``ties``, -1 where there is nobody. Of those that
    look forward and far alone where only ``own`` ones are asked for, which are half as much work.
    """
    return _drawn(int(plan.friends_near), int(plan.friends_far), int(key), n, places, own=own)


def _drawn(near: int, far: int, key: int, n: int, places: Any, *, own: bool) -> Ints:
    here = np.arange(n, dtype=np.int64) if places is None else np.asarray(places, np.int64)
    out = np.full((len(here), TIES), -1, np.int64)
    coins = luck.mix(key + luck.GAMMA * (_COINS + 1))
    before: list[Ints] = []
    for k in range(TIES):
        if own and NEAR <= k < 2 * NEAR:
            continue
        if k < 2 * NEAR:
            away = k % NEAR + 1
            if 2 * away >= n:
                continue
            other = (here + (away if k < NEAR else -away)) % n
            owner = here if k < NEAR else other
            there, edge, chance = np.ones(len(here), bool), k % NEAR, near
        else:
            f = k - 2 * NEAR
            other = _far_ends(key, n, f, here)
            owner, edge, chance = np.minimum(here, other), NEAR + f, far
            apart = np.abs(here - other)
            there = np.minimum(apart, n - apart) > NEAR
            for earlier in before:
                there &= earlier != other
            before.append(other)
        drawn = luck.draws32(luck.mix(coins + luck.GAMMA * (edge + 1)), owner.astype(np.uint64))
        out[:, k] = np.where(there & (drawn.astype(np.int64) < chance), other, -1)
    return out


def _far_ends(key: int, n: int, f: int, here: Ints) -> Ints:
    width = max(_LEAST, isqrt(n)) + f
    row, column = here // width, here % width
    rows = (n - column + width - 1) // width
    turns = luck.draws32(luck.mix(key + luck.GAMMA * (f + 1)), (column + 1).astype(np.uint64))
    back = ((turns.astype(np.int64) * rows) >> 32) - row
    return np.where(back >= 0, back, back + rows) * width + column


def lasting(friends: Ints, ties: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Of ``friends_at``, which there are still, by the bits of ``ties``: a row for each resident, a column for each place."""
    found: npt.NDArray[np.bool_] = (friends >= 0) & (ties[:, None] >> np.arange(TIES) & 1 == 1)
    return found


def befriend(residents: Any, key: np.uint64, places: Any) -> None:
    """Begin anew the friendships of ``places``, at both ends."""
    n, here = len(residents), np.asarray(places, np.int64)
    residents["ties"][here] = ALL
    for k in range(TIES):
        if k < 2 * NEAR:
            there = (here + (k + 1 if k < NEAR else NEAR - 1 - k)) % n
        else:
            there = _far_ends(int(key), n, k - 2 * NEAR, here)
        at = k + NEAR if k < NEAR else k - NEAR if k < 2 * NEAR else k
        np.bitwise_or.at(residents["ties"], there, np.uint16(1 << at))
