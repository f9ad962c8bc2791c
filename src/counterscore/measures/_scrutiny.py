"""Recording rates of those looked at more closely, by those who are not, at equal conduct."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from counterscore.measures._measure import Life, Mask, Value
from counterscore.measures._tally import Tallied, Tally
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
    looked = named(life)
    stratum = np.minimum(acts, _MOST)
    sums = {}
    for name, who in (("looked", looked), ("other", ~looked & (job != _NO_WORK))):
        sums[name] = np.bincount(stratum[who], minlength=_MOST + 1)
        sums[f"{name}_records"] = np.bincount(stratum[who], records[who], _MOST + 1).astype(np.int64)
    return Tallied.of(_mantel_haenszel, **sums)


def _mantel_haenszel(tally: Tally) -> Value:
    above = below = 0.0
    for n, m, one, two in zip(
        *(tally[name].tolist() for name in ("looked", "other", "looked_records", "other_records")), strict=True
    ):
        if min(n, m) >= _FEWEST:
            above += one * m / (n + m)
            below += two * n / (n + m)
    return (above / below if below else None), float(tally["looked"].sum())
