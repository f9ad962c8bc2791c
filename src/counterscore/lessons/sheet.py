"""A lesson on paper: a handout with room for guesses, and its key with the results. One HTML file, black on white."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import jinja2

from counterscore.lessons import Answer, Lesson, answer

TEMPLATES = jinja2.PackageLoader("counterscore.lessons", ".")  #: where ``sheet_body.html.jinja`` is, for other pages


def answers(lesson: Lesson) -> dict[int, Answer]:
    """The results of a lesson, by step from 1. Works each out anew, which takes seconds."""
    return {at: answer(step) for at, step in enumerate(lesson.steps, start=1) if step.predicts}


def sheet(lesson: Lesson, found: Mapping[int, Answer] | None = None, *, version: str) -> str:
    """The handout of a lesson; with the results ``found``, its key."""
    return _page().render(lesson=lesson, answers=found or {}, key=found is not None, version=version)


@cache
def _page() -> jinja2.Template:
    made = jinja2.Environment(
        loader=TEMPLATES, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    return made.get_template("sheet.html.jinja")
