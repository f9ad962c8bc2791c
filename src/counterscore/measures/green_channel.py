"""How much longer do others wait where a green channel exists?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    plain = ratio(life.count("plain_waited"), life.count("plain_attempts"))[0]
    green = ratio(life.count("green_waited"), life.count("green_attempts"))[0]
    served = float(life.count("green_attempts"))
    return (plain / green if plain and green else None), served


MEASURE = Measure(
    id="green_channel",
    question="How much longer do others wait where a green channel exists?",
    unit="times",
    definition="mean wait without the opened door, by mean wait with it, at services that have one; held-up attempts left out",
    limits="the multiple of each opened door is an input of the rule book",
    reads=("plain_waited", "green_waited"),
    compute=_compute,
    grouped=False,
    echo_of="times of the opened doors",
)
