"""How many lawful posts are held back?"""

from __future__ import annotations

from counterscore.measures._chill import chilled

MEASURE = chilled("chilled_posts", "posts", ("critical-post",))
