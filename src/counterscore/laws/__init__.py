"""Law beside measure: a rule book read limb by limb against legal sources.

A finding says what the file itself shows, what it does not show and which facts are missing. It is never a verdict.
"""

from counterscore.laws.check import Annex, Finding, findings, limbs, standing_of
from counterscore.laws.facts import Answer, Facts, asking, questions, read_facts
from counterscore.laws.source import Check, Law, find_check, laws, territories

__all__ = [
    "Annex",
    "Answer",
    "Check",
    "Facts",
    "Finding",
    "Law",
    "asking",
    "find_check",
    "findings",
    "laws",
    "limbs",
    "questions",
    "read_facts",
    "standing_of",
    "territories",
]
