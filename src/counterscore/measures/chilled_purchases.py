"""How many lawful purchases are held back?"""

from __future__ import annotations

from counterscore.measures._chill import chilled

MEASURE = chilled("chilled_purchases", "purchases", ("leisure-purchase",))
