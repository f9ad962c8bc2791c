"""How many lawful acts of speech, reading, petition and purchase are held back?"""

from __future__ import annotations

from counterscore.measures._chill import chilled

MEASURE = chilled(
    "chilled",
    "acts of speech, reading, petition and purchase",
    ("critical-post", "political-reading", "petition", "repeated-petition", "leisure-purchase", "long-gaming"),
    headline=True,
)
