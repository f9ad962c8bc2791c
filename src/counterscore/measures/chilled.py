"""How many lawful acts of speech, reading, petition and purchase are held back?"""

from __future__ import annotations

from counterscore.measures._chill import chilled
from counterscore.regime.vocabulary import ACTS, Kind

MEASURE = chilled(
    "chilled",
    "acts of speech, reading, petition and purchase",
    tuple(act.id for act in ACTS if act.kind is Kind.LAWFUL),
    headline=True,
)
