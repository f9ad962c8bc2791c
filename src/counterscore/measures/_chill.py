"""Lawful acts held back, one measure for each kind of act: what the twin did and this world did not."""

from __future__ import annotations

from counterscore.measures._measure import Life, Mask, Measure, Value, ratio

_ECHO = "response.chilling"
_LIMITS = "how much those who know of a rule hold back at most, and how being seen scales it, are assumptions; traits and acts are made up, and no text is ever read"


def held_back(acts: tuple[str, ...], life: Life, base: Life | None) -> Value:
    """Acts of these kinds done in the baseline and not here, per 1,000 adults and year."""
    if base is None:
        return None, 0.0
    here, there = (sum(one.acts("done")[name] for name in acts) for one in (life, base))
    return ratio(float(there - here), float(life.adults.sum()) * life.years, 1000)


def chilled(id_: str, what: str, acts: tuple[str, ...], *, headline: bool = False) -> Measure:
    """The measure of acts held back of one kind; ``what`` completes the question."""

    def compute(life: Life, mask: Mask | None, base: Life | None) -> Value:
        return held_back(acts, life, base)

    return Measure(
        id=id_,
        subject="residents",
        topic="conduct",
        question=f"How many lawful {what} are held back?",
        unit="acts of 1,000 adults a year",
        definition=(
            f"{', '.join(acts)}: done in the baseline by the same residents with the same random numbers, less done here; "
            "exactly zero where no rule records them"
        ),
        limits=_LIMITS,
        reads=("acts.done",),
        compute=compute,
        needs="baseline",
        grouped=False,
        echo_of=_ECHO,
        headline=headline,
    )
