"""Fixed point: probabilities and factors as whole numbers, for kernels that know no fractions."""

from __future__ import annotations

Q32 = 1 << 32
Q16 = 1 << 16
Q8 = 1 << 8


def q32(probability: float) -> int:
    """A probability as a whole number of 1/2**32."""
    return min(Q32, max(0, round(probability * Q32)))


def q8(factor: float) -> int:
    """A factor as a whole number of 1/256."""
    return round(factor * Q8)
