"""The nine steps of a resident's month, one file each."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

from counterscore.engine.steps import (
    aftermath,
    attempts,
    circumstances,
    conduct,
    dealings,
    doors,
    lending,
    listing,
    recording,
    response,
    rights,
    scoring,
    sharing,
)


@dataclass(frozen=True, slots=True)
class Step:
    """One of the nine steps, as ``counterscore month`` prints it."""

    number: int
    id: str
    title: str
    claim: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    assumptions: tuple[str, ...]


_ORDER = (
    ("circumstances", "Circumstances", circumstances, "work savings means loan arrears judged lists aware traits conscientiousness", "work savings loan arrears judged traits", "circumstances."),
    ("conduct", "Conduct", conduct, "age occupation district traits conscientiousness outspokenness sociability aware consent doors", "acts-of-the-month", "acts. conduct. response. dealings. recording."),
    ("recording", "Recording", recording, "acts-of-the-month age occupation district traits doors consent", "records", "acts. recording. errors."),
    ("scoring", "Scoring", scoring, "records score grade lists consent traits", "score grade records", "errors.after_expiry errors.glitch"),
    ("listing", "Listing", listing, "score grade records lists consent", "lists", "errors.late_removal"),
    ("doors", "Doors", doors, "grade lists records doors", "doors", ""),
    ("attempts", "Attempts", attempts, "age credit-file work savings loan arrears judged means traits conscientiousness score grade lists doors doors-of-kin", "work savings means loan arrears traits credit-file", "services. age_factors. circumstances.job_found circumstances.mobility doors. lending. aftermath."),
    ("rights", "Rights", rights, "records lists arrears judged aware", "records aware", "rights."),
    ("response", "Response", response, "lists score grade ties aware consent partner age occupation work loan traits credit-file", "aware ties consent partner score grade", "response. adoption. partners. friends."),
)  # fmt: skip


def claims(module: ModuleType) -> str:
    """What a step claims: its module's text after the first sentence, in one line."""
    text = (module.__doc__ or "").split("\n\n")
    return " ".join(" ".join(text[1:]).split())


def month_order() -> tuple[Step, ...]:
    """The nine steps in the order in which the engine takes them; each with what happens within it."""
    from counterscore.engine.partners import consent, knowing, meeting, ties  # they build on the steps

    within = {
        conduct: (dealings,),
        scoring: (sharing,),
        attempts: (lending, aftermath),
        response: (knowing, consent, ties, meeting),
    }
    out = []
    for number, (name, title, module, reads, writes, assumptions) in enumerate(_ORDER, start=1):
        out.append(
            Step(
                number,
                name,
                title,
                " ".join(claims(part) for part in (module, *within.get(module, ()))),
                tuple(reads.split()),
                tuple(writes.split()),
                tuple(assumptions.split()),
            )
        )
    return tuple(out)
