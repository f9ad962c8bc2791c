"""How many months of closed doors lie in another part of life than the record behind them?"""

from __future__ import annotations

from counterscore.catalog.tables import Relatedness, related
from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def by_table(table: Relatedness) -> Measure:
    """The measure as ``table`` has it, which says what is related; months it says nothing about are left out."""

    def compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
        judged = [(table.related(*pair), months) for pair, months in life.spillover().items()]
        elsewhere = sum(months for found, months in judged if found is False)
        return ratio(float(elsewhere), float(sum(months for found, months in judged if found is not None)), 100)

    return Measure(
        id="cross_context",
        subject="residents",
        topic="doors",
        question="How many months of closed doors lie in another part of life than the record behind them?",
        unit="per cent of service-months closed",
        definition="service-months closed or narrowed in a domain that is not related to the context of the record behind the door, of those with a record of one's own behind them",
        limits=f"which domains are related to a context is a choice, the table {table.id}; a door closed by a score rests on the heaviest record",
        reads=("spillover.cause", "spillover.domain", "spillover.service_months"),
        compute=compute,
        grouped=False,
    )


MEASURE = by_table(related())
