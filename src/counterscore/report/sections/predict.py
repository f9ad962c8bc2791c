"""For a class: questions to guess at, before anybody sees what came out. The answers are on another page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from counterscore import headlines
from counterscore.measures import measure
from counterscore.report._section import Reported, Section

#: Measure → question, of which ``{world}`` names the rule book.
QUESTIONS = {
    "listed_ever": "How many of 100 adults are on a list at some time?",
    "wrongly_listed_factual": "How many of 10,000 adults are listed for something they had not done?",
    "wrongly_listed_rule": "How many of 10,000 adults are listed against the rule book's own rule?",
    "wrongly_listed_spread": "How many of 10,000 adults meet closed doors only because of next of kin?",
    "recorded": "How many of 100 adults have something recorded about them?",
    "refusals": "How many of 1,000 attempts at a service are refused because of a rule?",
    "misconduct": "How many acts of misconduct are there of 1,000 adults a year?",
    "honoured": "How many spells on lists of honour go on at the end, for every 100 adults?",
}
_MOST = 6


def asked(one: Reported) -> list[tuple[str, str]]:
    """Questions that the first world has an answer to, each with that answer."""
    found = []
    for name, question in QUESTIONS.items():
        got = measure(one.run, name, world=one.run.worlds[0])[0]
        if got.value is not None:
            found.append((question, got.text))
    return found[:_MOST]


def _tell(one: Reported) -> Mapping[str, Any] | None:
    questions = [question for question, _ in asked(one)]
    if not questions:
        return None
    return {"questions": questions, "rules": headlines.rules_in_words(one.record["worlds"][0])}


SECTION = Section(id="predict", title="Predict first", order=5, tell=_tell, templates=("classroom",))
