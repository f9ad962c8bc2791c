"""How many lawful signs of an allegiance are held back?"""

from __future__ import annotations

from counterscore.measures._chill import chilled

MEASURE = chilled("chilled_allegiance", "signs of an allegiance", ("allegiance-shown",))
