"""How many of those ever listed are unable to move a step?"""

from __future__ import annotations

from counterscore.measures._measure import NEVER, Life, Mask, Measure, Value, share


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    listed = life.outcome("first_listed") != NEVER
    return share(life, listed if mask is None else listed & mask, life.outcome("years_unable") > 0)


MEASURE = Measure(
    id="unable_when_listed",
    subject="residents",
    topic="doors",
    question="How many of those ever listed are unable to move a step?",
    unit="of 100 adults who were ever listed",
    definition="adults on an adverse list at some time, with a year in which they tried at least doors.needed times to get a service, and a rule refused at "
    "least the share doors.missed of it",
    limits="as unable_to_move; the year need not be one on the list, and somebody listed for a month only can hardly be counted",
    reads=("years_unable", "first_listed"),
    compute=_compute,
    needs="list",
    grouped=False,
)
