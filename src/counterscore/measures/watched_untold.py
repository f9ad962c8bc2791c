"""Whose silence about the private score can be noticed?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, share


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return share(life, life.still_there(mask) & (life.private("shows") == 0), life.private("watchers") > 0)


MEASURE = Measure(
    id="watched_untold",
    subject="residents",
    topic="ties",
    question="How many of those who show no private score have a friend who shows one?",
    unit="of 100 adults who show none",
    definition="adults who show no private score at the end, having one or not, with at least one friend who does",
    limits="what such a friend makes of the silence is an assumption (partners.withheld), so that it is no measure here",
    reads=("watchers", "shows"),
    compute=_compute,
    needs="private",
    grouped=False,
)
