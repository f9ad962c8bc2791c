"""How many firms have an administrative penalty on file?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    penalised = life.firm_outcome("penalties") > 0
    return ratio(float(penalised.sum()), float(len(penalised)), 100)


MEASURE = Measure(
    id="firms_penalised",
    subject="firms",
    topic="firms",
    question="How many firms have an administrative penalty on file?",
    unit="of 100 firms",
    definition="firms with at least one administrative penalty recorded in the run",
    limits="needs a rule that records penalties; published: 20.1 of 100 listed companies in Zhejiang (on file in 2021-2022), which are larger than the firms here",
    reads=("penalties",),
    compute=_compute,
    needs="firms",
    grouped=False,
)
