"""Comparing two kinds of firms at equal conduct."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from counterscore.measures._measure import Life, Mask, Value

_FEW = 5  #: fewer firms in a class of conduct say nothing
_MANY = 3  #: acts of misconduct from which on firms are taken together


def at_equal_conduct(life: Life, value: npt.NDArray[np.float64], one: Mask, other: Mask) -> Value:
    """Mean ``value`` of the firms in ``one`` by that of ``other``, class of conduct by class, weighted by all firms.

    Classes in which either kind has fewer than five firms are left out. Rests on the firms of the smaller kind.
    """
    acts = np.minimum(life.firm_outcome("misconduct"), _MANY)
    above = below = 0.0
    rests = 0
    for k in range(_MANY + 1):
        here, there = (acts == k) & one, (acts == k) & other
        if min(here.sum(), there.sum()) < _FEW:
            continue
        weight = float((acts == k).mean())
        above += weight * float(value[here].mean())
        below += weight * float(value[there].mean())
        rests += int(min(here.sum(), there.sum()))
    return (above / below if below else None), float(rests)
