"""How unequally are all refusals distributed?"""

from __future__ import annotations

import numpy as np

from counterscore.measures._measure import Life, Mask, Measure, Value
from counterscore.measures._tally import Spread, Tallied, Tally


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    refused = life.outcome("refused").astype(np.int64) + life.outcome("refused_else")
    return Tallied.of(_gini, refused=Spread.of(refused if mask is None else refused[mask]))


def _gini(tally: Tally) -> Value:
    return tally["refused"].gini(), float(tally["refused"].total)


MEASURE = Measure(
    id="refusal_inequality",
    subject="residents",
    topic="doors",
    question="How unequally are all refusals distributed?",
    unit="Gini, 0 to 1",
    definition="Gini coefficient over adults of attempts refused, by a door or for another reason; so it is there without any rule book too",
    limits="it says nothing of how many refusals there are, nor who deserves what; most refusals have nothing to do with a rule book",
    reads=("refused", "refused_else"),
    compute=_compute,
)
