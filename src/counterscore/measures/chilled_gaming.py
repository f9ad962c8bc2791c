"""How many lawful hours of games are held back?"""

from __future__ import annotations

from counterscore.measures._chill import chilled

MEASURE = chilled("chilled_gaming", "hours of games", ("long-gaming",))
