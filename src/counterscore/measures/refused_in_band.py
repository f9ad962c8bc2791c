"""Of those who would have repaid and stand in a band that is refused, how many requests for a loan are refused?"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from counterscore.measures._measure import SCALE, Life, Mask, Measure, Value, ratio
from counterscore.regime.model import Regime
from counterscore.results.rules import regime_of

_FILES = {"none": 0, "thin": 1, "full": 2}


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    scored = life.scored
    if scored is None or not scored["files"]:
        return None, 0.0  # nothing says where the bands are
    book = next(one for one in regime_of(life.record).stacked() if one.id == scored["id"])
    band = _below(book, life) | _graded(book, life)
    who = band if mask is None else band & mask
    asked, refused, good_refused, bad = (
        life.outcome(name)[who].sum(dtype=np.int64)
        for name in ("loans_asked", "loans_refused", "loans_good_refused", "loans_bad")
    )
    would_repay = asked - bad - (refused - good_refused)
    return ratio(float(good_refused), float(would_repay), 100)


def _below(book: Regime, life: Life) -> npt.NDArray[np.bool_]:
    """Adults below the border of the lending rule for their credit file."""
    score, file = life.outcome("score"), life.resident("file")
    found = np.zeros(len(score), bool)
    for rule in book.lending:
        if rule.below is not None:
            found |= (file == _FILES[rule.file]) & (score < rule.below * SCALE)
    return found


def _graded(book: Regime, life: Life) -> npt.NDArray[np.bool_]:
    """Adults in a grade for which a door shuts or narrows loans."""
    grade = life.outcome("grade")
    found = np.zeros(len(grade), bool)
    places = [one.id for one in book.score.grades] if book.score else []
    for door in book.doors:
        if door.service == "loan" and door.refuses and door.when.kind == "grade" and door.when.name in places:
            place = places.index(door.when.name)
            at_or_below = (grade >= place) & (grade < len(places))
            found |= at_or_below if door.when.reach == "worse" else grade == place
    return found


MEASURE = Measure(
    id="refused_in_band",
    subject="residents",
    topic="dealings",
    question="Of those who would have repaid and stand in a band that is refused, how many requests for a loan are refused?",
    unit="per cent of requests that would have been repaid",
    definition=(
        "requests for a loan refused, of those by adults who would have repaid and whose score at the end lies below a border of the lending rules, "
        "or in a grade for which a door closes or narrows loans"
    ),
    limits="the band is the one at the end of the run, and requests made before it was reached count too, which brings the share down; only of the score that is shown",
    reads=("loans_asked", "loans_refused", "loans_good_refused", "loans_bad", "score", "grade", "file"),
    compute=_compute,
    needs="score",
    echo_of="the border of the lending rules, which refuses whoever is below it",
)
