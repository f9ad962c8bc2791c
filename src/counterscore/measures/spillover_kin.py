"""How many months of closed doors rest on somebody else's record?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    by_cause = life.spillover()
    elses = sum(by_cause.get(("somebody else's record", domain), 0) for domain in {d for _, d in by_cause})
    return ratio(float(elses), float(sum(by_cause.values())), 100)


MEASURE = Measure(
    id="spillover_kin",
    subject="residents",
    topic="doors",
    question="How many months of closed doors rest on somebody else's record?",
    unit="per cent of service-months closed",
    definition="service-months closed or narrowed because of the next of kin, a record about them, or a record in the wrong name, of all",
    limits="each service is counted once, by the first of its doors; one's own door counts before that of the next of kin",
    reads=("spillover.cause", "spillover.service_months"),
    compute=_compute,
    grouped=False,
)
