"""How many lawful acts of reading are held back?"""

from __future__ import annotations

from counterscore.measures._chill import chilled

MEASURE = chilled("chilled_reading", "acts of reading", ("political-reading", "critical-reading"))
