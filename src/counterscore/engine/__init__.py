"""How a month passes, for residents, firms and public bodies. ``simulation`` makes runs of it.

rule books, city, assumptions ──plan──▶ arrays ──world──▶ residents and totals, subdistrict by subdistrict, year by year

``month`` holds the nine steps in their order, ``steps``, ``firms``, ``bodies`` and ``partners`` what each does.
"""

from __future__ import annotations

from counterscore.engine.firms import business, money, names
from counterscore.engine.kernel import engine_digest, is_compiled
from counterscore.engine.steps import Step, claims, month_order
from counterscore.engine.world import warm_up

__all__ = ["FIRM_STEPS", "Step", "engine_digest", "is_compiled", "month_order", "warm_up"]

#: What firms do that residents do not, as ``counterscore month`` prints it: title and claim.
FIRM_STEPS = (
    ("Money", claims(money)),
    ("Business", claims(business)),
    ("Names", claims(names)),
)
