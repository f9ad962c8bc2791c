"""Does the score rank residents by conscientiousness?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value
from counterscore.measures._tally import Spread, Tallied, Tally


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    there = life.still_there(mask) & life.rated
    return Tallied.of(
        _correlation, pairs=Spread.of(life.outcome("score")[there], life.resident("conscientiousness")[there])
    )


def _correlation(tally: Tally) -> Value:
    return tally["pairs"].rank_correlation(), float(tally["pairs"].total)


MEASURE = Measure(
    id="score_and_trait",
    subject="residents",
    topic="scores",
    question="Does the score rank residents by conscientiousness?",
    unit="rank correlation",
    definition="Spearman correlation of the score at the end and the latent trait, among adults",
    limits="the trait drives misconduct by assumption (conduct.conscientiousness), so the level repeats that input in part",
    reads=("score", "conscientiousness"),
    compute=_compute,
    needs="score",
    echo_of="conduct.conscientiousness",
)
