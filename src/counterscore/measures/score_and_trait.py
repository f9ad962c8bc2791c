"""Does the score rank residents by conscientiousness?"""

from __future__ import annotations

import numpy as np

from counterscore.measures._measure import Life, Mask, Measure, Value, mean_ranks


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    score, trait = life.outcome("score"), life.resident("conscientiousness")
    there = life.still_there(mask) & life.rated
    score, trait = score[there], trait[there]
    if len(score) < 3 or (score == score[0]).all():
        return None, float(len(score))
    ranks = [mean_ranks(values) for values in (score, trait)]
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1]), float(len(score))


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
