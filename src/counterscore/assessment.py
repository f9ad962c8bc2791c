"""The questionnaire that leads to an annex of an impact assessment: one question a page, answers kept as one goes.

What the questions ask of the rules is answered in the rule book itself; notes are the controller's words, about the
scheme and never about a person. The fields are those of Article 27 of the EU AI Act and Article 35 of the GDPR, by letter.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from counterscore.errors import UsageError
from counterscore.files import read_plain, write_whole

_MOST_BYTES = 1 << 20
_LONGEST = 20_000  #: characters of a note


@dataclass(frozen=True, slots=True)
class Question:
    """One page: what is asked, which part of the rule book answers it, and for which field of an assessment it is."""

    id: str
    heading: str
    text: str
    part: str = ""
    field: str = ""


QUESTIONS: tuple[Question, ...] = (
    Question("purpose", "What is the scheme for?", "Say in your own words what it is to do, who runs it and from when.", "general", "Article 27(1)(a), (b); Article 35(7)(a)"),
    Question("data", "What is recorded, and by whom?", "Each rule names an act, the office that records it and what it is worth. Put in the values of your scheme.", "catalogue", "Article 35(7)(a)"),
    Question("score", "Is there a score?", "If there is none, leave it and go on. Borders of grades decide who meets a closed door.", "score", "Article 35(7)(a)"),
    Question("sharing", "Who gets the records?", "Where a rule book does not speak of sharing, everything is shared with every office at once.", "sharing", "Article 35(7)(a), (b)"),
    Question("lists", "Which lists are kept?", "How one gets on each, how long one stays, who is told.", "lists", "Article 27(1)(c), (d)"),
    Question("sanctions", "What follows, in which areas of life?", "Every door: what is closed, narrowed, slowed or priced, and because of what. Look at those in another area than the record.", "doors", "Article 27(1)(d); Article 5(1)(c)"),
    Question("retention", "How long does it last, and how does one object?", "Notice, objection, repair, correction and the longest time anything is kept.", "rights", "Article 27(1)(e), (f); Article 35(7)(d)"),
    Question("measures", "Which measures would you try?", "Each is lived beside your scheme with the same random numbers, so that a difference is its own.", "", "Article 27(1)(f); Article 35(7)(d)"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answers:
    """Notes by question and the reforms that are to be tried."""

    notes: dict[str, str]
    reforms: tuple[str, ...]


def read_answers(file: Path) -> Answers:
    """What was answered so far; nothing where nothing was, or where the file cannot be read."""
    with suppress(OSError, ValueError, TypeError, AttributeError):
        kept = json.loads(read_plain(file, _MOST_BYTES))
        known = {one.id for one in QUESTIONS}
        notes = {key: str(text)[:_LONGEST] for key, text in kept["notes"].items() if key in known}
        return Answers(notes, tuple(map(str, kept["reforms"])))
    return Answers({}, ())


def notes_of(file: Path) -> dict[str, str]:
    """The notes in a file of answers, by question. Raises ``UsageError`` where it holds none."""
    found = {key: text for key, text in read_answers(file).notes.items() if text.strip()}
    if not found:
        raise UsageError(
            f"{file} holds no answers of the questionnaire",
            suggestion="They are kept beside the runs, in .laboratory/assessments/NAME.json; see counterscore app --start assess",
        )
    return found


def keep_answers(file: Path, found: Answers) -> None:
    """Keep answers. Raises ``RunError`` where the disk refuses."""
    file.parent.mkdir(parents=True, exist_ok=True)
    kept = {"notes": {key: text[:_LONGEST] for key, text in found.notes.items()}, "reforms": list(found.reforms)}
    write_whole(file, json.dumps(kept, ensure_ascii=False, indent=1))
