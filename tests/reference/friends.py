"""Who is friends with whom, in plain Python: near places on a ring, and far places that find each other."""

from __future__ import annotations

from math import isqrt
from typing import Any

from counterscore import luck

NEAR, FAR = 5, 3
GAMMA = luck.GAMMA


def further(word: int, index: int) -> int:
    return luck.mix(word + GAMMA * (index + 1))


class Network:
    """The places of a subdistrict of ``n`` whose first resident has the number ``first``."""

    def __init__(self, plan: Any, n: int, first: int, seed: int, replay: int) -> None:
        state = luck.mix(luck.purpose_number("engine/friends") ^ luck.mix(seed & luck.MASK))
        self.key = luck.mix(luck.mix(state + GAMMA * (replay + 1)) + GAMMA * first)
        self.n = n
        self.chances = int(plan.friends_near), int(plan.friends_far)

    def far_end(self, at: int, f: int) -> int:
        """Every ``width``-th place, turned round at a point of the column's own."""
        width = max(2, isqrt(self.n)) + f
        column = range(at % width, self.n, width)
        turn = (further(further(self.key, f), at % width) >> 32) * len(column) >> 32
        return column[(turn - at // width) % len(column)]

    def place(self, at: int, k: int) -> int:
        if k >= 2 * NEAR:
            return self.far_end(at, k - 2 * NEAR)
        return (at + k + 1 if k < NEAR else at - (k - NEAR) - 1) % self.n

    def is_friend(self, at: int, k: int) -> bool:
        """Whether there is a friend at place ``k`` before anything ends a friendship."""
        other = self.place(at, k)
        if k < 2 * NEAR:
            edge, chance = k % NEAR, self.chances[0]
            if 2 * (edge + 1) >= self.n:
                return False
        else:
            f = k - 2 * NEAR
            edge, chance = NEAR + f, self.chances[1]
            if min(abs(at - other), self.n - abs(at - other)) <= NEAR:
                return False
            if any(self.far_end(at, g) == other for g in range(f)):
                return False
        draws = further(further(self.key, FAR), edge)
        return luck.draw32(draws, self.owner(at, k)) < chance

    def owner(self, at: int, k: int) -> int:
        """Whose luck a friendship has."""
        other = self.place(at, k)
        return at if k < NEAR else other if k < 2 * NEAR else min(at, other)

    def ties(self, at: int) -> set[int]:
        return {k for k in range(2 * NEAR + FAR) if self.is_friend(at, k)}


def from_there(k: int) -> int:
    """The place at which the other end has a friendship."""
    return k if k >= 2 * NEAR else (k + NEAR) % (2 * NEAR)


def edge(k: int) -> int:
    return k if k < NEAR else k - NEAR
