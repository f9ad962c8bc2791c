"""How many lawful petitions are held back?"""

from __future__ import annotations

from counterscore.measures._chill import chilled

MEASURE = chilled("chilled_petitions", "petitions", ("petition", "repeated-petition"))
