"""How much longer do other residents wait where a green channel exists?"""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio


def _compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
    served: dict[tuple[str, str], tuple[int, int]] = {}
    for row in life.services("residents"):
        people = row["attempts"] - row["refused"] - row["refused_else"]
        served[row["service"], row["standing"]] = people, row["waited_days"]
    without = waited = users = 0.0
    for (service, standing), (people, days) in served.items():
        others, longer = served.get((service, "plain"), (0, 0))
        if standing == "green channel" and people and others:
            without += people * longer / others
            waited += days
            users += people
    return ratio(without, waited)[0], users


MEASURE = Measure(
    id="green_channel",
    subject="residents",
    topic="doors",
    question="How much longer do other residents wait where a green channel exists?",
    unit="times",
    definition=(
        "days that residents served through an opened door would have waited as long as other residents at the same services, by the days they "
        "waited; held-up attempts left out"
    ),
    limits="waits at a service differ only by its doors here, so this is the multiple of the opened doors, weighted by who uses them",
    reads=("services.attempts", "services.waited_days"),
    compute=_compute,
    grouped=False,
    echo_of="times of the opened doors",
)
