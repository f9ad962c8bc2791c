"""How many honest dealings are refused because of records of which none is true?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    return ratio(life.count("dealings_refused_untrue"), life.count("dealings_refused"), 100)


MEASURE = Measure(
    id="net_untrue",
    subject="residents",
    topic="errors",
    question="How many honest dealings are refused because of records of which none is true?",
    unit="per cent of honest dealings refused",
    definition="refused one-shot dealings of residents who are no repeat offenders, where every warning rests on what did not happen or was someone else's",
    limits="follows from the assumed error rates (errors.untrue, errors.mix_up)",
    reads=("dealings_refused_untrue", "dealings_refused"),
    compute=_compute,
    grouped=False,
    echo_of="errors.untrue and errors.mix_up, in part",
)
