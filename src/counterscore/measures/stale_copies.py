"""How many records go on counting elsewhere after their source has taken them back?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return ratio(life.count("stale_copies"), life.count("records"), 1000)


MEASURE = Measure(
    id="stale_copies",
    subject="residents",
    topic="errors",
    question="How many records go on counting elsewhere after their source has taken them back?",
    unit="of 1,000 records",
    definition=(
        "copies in another rule book that still counted when an objection had the record, or the listing, taken back at its source, and that "
        "were not taken back with it; each copy counts once"
    ),
    limits=(
        "only copies that a rule book declares (sharing, from); what was copied by hand, printed or found by a search is not "
        "in the model"
    ),
    reads=("stale_copies", "records"),
    compute=_compute,
    grouped=False,
)
