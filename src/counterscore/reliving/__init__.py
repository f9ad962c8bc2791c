"""One subdistrict again, from the record alone, with every event written down.

``relive`` needs nothing but a run folder: regimes, assumptions, city and settings are in its record. It lives one
subdistrict of one world and replicate once more, with the city figures that were saved, and gives the same history bit
for bit, now event by event with rule, file and line.
"""

from counterscore.reliving.events import TRACE_FORMAT, Event, Teller
from counterscore.reliving.stage import MOST_AGAIN, History, Living, Stage, evenly, relive, terms_of
from counterscore.results.rules import regime_of

__all__ = [
    "MOST_AGAIN",
    "TRACE_FORMAT",
    "Event",
    "History",
    "Living",
    "Stage",
    "Teller",
    "evenly",
    "regime_of",
    "relive",
    "terms_of",
]
