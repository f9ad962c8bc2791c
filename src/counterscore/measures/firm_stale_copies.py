"""How many records about firms go on counting elsewhere after their source has taken them back?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return ratio(life.firm_count("stale_copies"), life.firm_count("records"), 1000)


MEASURE = Measure(
    id="firm_stale_copies",
    subject="firms",
    topic="firms",
    question="How many records about firms go on counting elsewhere after their source has taken them back?",
    unit="of 1,000 records",
    definition=(
        "copies in another rule book about firms that still counted when an objection had the record, or the listing, taken back at "
        "its source, and that were not taken back with it; each copy counts once"
    ),
    limits="only copies that a rule book declares (sharing, from)",
    reads=("stale_copies", "records"),
    compute=_compute,
    needs="firms",
    grouped=False,
)
