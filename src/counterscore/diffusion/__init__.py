"""Cities beside each other: a rule book that spreads by what those who have it report. Read ``nation.spread_over`` first.

Every city has its own residents and luck and lives every month as it would in a run of its own; what passes between
cities is one figure a year, as it is reported.
"""

from counterscore.diffusion.figures import FIGURES, Figure, find_figure
from counterscore.diffusion.measures import NATION_MEASURES, NationMeasure
from counterscore.diffusion.nation import Adoption, History, Nation, Place, Spread, month_of, places_of, spread_over
from counterscore.diffusion.told import CityTold, document, of_city, share_by_year

__all__ = [
    "FIGURES",
    "NATION_MEASURES",
    "Adoption",
    "CityTold",
    "Figure",
    "History",
    "Nation",
    "NationMeasure",
    "Place",
    "Spread",
    "document",
    "find_figure",
    "month_of",
    "of_city",
    "places_of",
    "share_by_year",
    "spread_over",
]
