"""How many months of closed doors lie in another part of life than the record behind them?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio
from counterscore.regime.vocabulary import RELATED


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    known = {pair: months for pair, months in life.spillover().items() if pair[0] in RELATED}
    elsewhere = sum(months for (context, domain), months in known.items() if domain not in RELATED[context])
    return ratio(float(elsewhere), float(sum(known.values())), 100)


MEASURE = Measure(
    id="cross_context",
    subject="residents",
    topic="doors",
    question="How many months of closed doors lie in another part of life than the record behind them?",
    unit="per cent of service-months closed",
    definition="service-months closed or narrowed in a domain that is not related to the context of the record behind the door, of those with a record of one's own behind them",
    limits="which domains are related to a context is a choice of the vocabulary; a door closed by a score rests on the heaviest record",
    reads=("spillover.cause", "spillover.domain", "spillover.service_months"),
    compute=_compute,
    grouped=False,
)
