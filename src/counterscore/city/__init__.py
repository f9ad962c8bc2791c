"""Who lives there: synthetic residents from published counts, never from rows about people."""

from counterscore.city.columns import COLUMNS, FIRM_COLUMNS, Column, column
from counterscore.city.enough import residents_for
from counterscore.city.fitting import Fit
from counterscore.city.spec import CitySpec, Stated, read_city
from counterscore.city.synthesize import SUBDISTRICT_MOST, City, Subdistrict, synthesize

__all__ = [
    "COLUMNS",
    "FIRM_COLUMNS",
    "SUBDISTRICT_MOST",
    "City",
    "CitySpec",
    "Column",
    "Fit",
    "Stated",
    "Subdistrict",
    "column",
    "read_city",
    "residents_for",
    "synthesize",
]
