"""How many lawful installations of apps are held back?"""

from __future__ import annotations

from counterscore.measures._chill import chilled

MEASURE = chilled("chilled_apps", "installations of apps", ("blocking-avoided",))
