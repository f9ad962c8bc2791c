"""Does the private score rank residents by income?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value
from counterscore.measures._tally import Spread, Tallied, Tally


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    scores = life.private("private_score")
    among = (
        life.still_there(mask) & (life.private("taking_part") == 1) & (scores != 0)
    )  # 0: joined, and scored next month
    return Tallied.of(_correlation, pairs=Spread.of(scores[among], life.resident("income")[among]))


def _correlation(tally: Tally) -> Value:
    return tally["pairs"].rank_correlation(), float(tally["pairs"].total)


MEASURE = Measure(
    id="score_and_wealth",
    subject="residents",
    topic="ties",
    question="Does the private score rank residents by income?",
    unit="rank correlation",
    definition="Spearman correlation of the private score at the end and income, among those who take part and have one",
    limits="income, home and car are inputs of the score where its file says so; how much each gives is assumed",
    reads=("private_score", "income"),
    compute=_compute,
    needs="private",
    echo_of="what attributes give in the dimensions",
)
