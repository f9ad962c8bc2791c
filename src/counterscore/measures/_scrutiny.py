"""Recording rates of those looked at more closely, by those who are not, at equal conduct."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from counterscore.measures._measure import Life, Mask, Value
from counterscore.regime.vocabulary import OCCUPATIONS

_NO_WORK = OCCUPATIONS.index("not in work")
_MOST = 6  #: acts; more are one stratum
_FEWEST = 30  #: residents of each side in a stratum


def named(life: Life) -> Mask:
    """The adults of an occupation that some rule book of the world looks at more closely."""
    times = {name for part in life.record["parts"] for name, many in (part.get("scrutiny") or {}).items() if many > 1}
    codes = [code for code, name in enumerate(OCCUPATIONS) if name in times]
    found: Mask = np.isin(life.resident("occupation"), codes)
    return found


def rate_ratio(life: Life, records: npt.NDArray[np.int64], acts: npt.NDArray[np.int64]) -> Value:
    """Records by resident of the named occupations, by those of all others in work, at equal numbers of ``acts``.

    Mantel-Haenszel: strata of equally many acts are weighted by how much they tell, whatever their shares are.
    """
    job = life.resident("occupation")
    looked, other = named(life), ~named(life) & (job != _NO_WORK)
    stratum = np.minimum(acts, _MOST)
    above = below = 0.0
    for k in range(_MOST + 1):
        one, two = looked & (stratum == k), other & (stratum == k)
        n, m = int(one.sum()), int(two.sum())
        if min(n, m) >= _FEWEST:
            above += float(records[one].sum()) * m / (n + m)
            below += float(records[two].sum()) * n / (n + m)
    return (above / below if below else None), float(looked.sum())
