"""Lessons: six steps, a guess first; handout and key to print; a page for whoever teaches."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from counterscore import lessons
from counterscore.errors import UsageError
from counterscore.web import work
from counterscore.web.laboratory import Laboratory
from counterscore.web.rendering import Link, page

router = APIRouter()
MENU = Link("Learn", "/learn", 50)
LEARN = Link("Learn", "/learn")


@router.get("/learn")
def learn(request: Request) -> Response:
    """All lessons."""
    return page(
        request, "learn.html.jinja", title="Learn", lessons=[lessons.load_lesson(one) for one in lessons.lesson_ids()]
    )


@router.get("/learn/facilitate")
def facilitate(request: Request) -> Response:
    """For whoever teaches: how a lesson goes, what the class guessed, what to print."""
    laboratory: Laboratory = request.app.state.laboratory
    rows = []
    for id_ in lessons.lesson_ids():
        lesson = lessons.load_lesson(id_)
        for at, step in enumerate(lesson.steps, start=1):
            some = [one.guess for one in lessons.guesses(_file(laboratory), id_, at)]
            if some:
                some.sort()
                rows.append(
                    (
                        lesson.title,
                        f"{at}. {step.heading}",
                        f"{len(some)}",
                        f"{some[0]:g}",
                        f"{some[len(some) // 2]:g}",
                        f"{some[-1]:g}",
                    )
                )
    return page(
        request,
        "learn_facilitate.html.jinja",
        title="For teachers",
        trail=(LEARN,),
        lessons=[lessons.load_lesson(one) for one in lessons.lesson_ids()],
        rows=rows,
    )


@router.get("/learn/predictions.csv")
def predictions(request: Request) -> Response:
    """What was guessed, without names."""
    laboratory: Laboratory = request.app.state.laboratory
    return Response(
        lessons.guesses_csv(lessons.guesses(_file(laboratory))),
        media_type="text/csv",
        headers={"content-disposition": 'attachment; filename="predictions.csv"'},
    )


@router.post("/learn/forget")
def forget(request: Request) -> Response:
    """Forget what was guessed, before another class."""
    laboratory: Laboratory = request.app.state.laboratory
    _file(laboratory).unlink(missing_ok=True)
    return RedirectResponse("/learn/facilitate", 303)


def _file(laboratory: Laboratory) -> Path:
    return laboratory.aside / "predictions.csv"


@router.get("/learn/{lesson}")
def first(lesson: str) -> Response:
    """A lesson begins with its first step."""
    lessons.load_lesson(lesson)
    return RedirectResponse(f"/learn/{lesson}/1", 303)


@router.get("/learn/{lesson}/handout")
def handout(request: Request, lesson: str) -> Response:
    """The lesson on paper, with room for guesses and no result."""
    found = lessons.load_lesson(lesson)
    return page(
        request,
        "learn_print.html.jinja",
        title=f"{found.title}: handout",
        trail=(LEARN, Link(found.title, f"/learn/{lesson}/1")),
        lesson=found,
        answers={},
        command=f"counterscore lesson print {lesson}",
    )


@router.get("/learn/{lesson}/key")
def key(request: Request, lesson: str) -> Response:
    """The handout with its results."""
    laboratory: Laboratory = request.app.state.laboratory
    found = lessons.load_lesson(lesson)
    answers = {
        at: laboratory.desk.known(work.lesson_answer, lesson, at)
        for at, step in enumerate(found.steps, start=1)
        if step.predicts
    }
    return page(
        request,
        "learn_print.html.jinja",
        title=f"{found.title}: key",
        trail=(LEARN, Link(found.title, f"/learn/{lesson}/1")),
        lesson=found,
        answers=answers,
        command=f"counterscore lesson print {lesson} --key",
    )


@router.get("/learn/{lesson}/{step}")
def step(request: Request, lesson: str, step: int, guess: str = "") -> Response:
    """One step. Its result stays covered until a guess is in the address."""
    laboratory: Laboratory = request.app.state.laboratory
    found = lessons.load_lesson(lesson)
    if not 1 <= step <= lessons.STEPS:
        raise UsageError(f"{found.title} has steps 1 to {lessons.STEPS}", suggestion=f"Begin at /learn/{lesson}/1")
    one = found.steps[step - 1]
    guessed = _number(guess)
    shown = (
        laboratory.desk.known(work.lesson_answer, lesson, step, patience=2.0)
        if one.predicts and guessed is not None
        else None
    )
    return page(
        request,
        "learn_step.html.jinja",
        title=f"{found.title}: {one.heading}",
        trail=(LEARN,),
        lesson=found,
        step=one,
        at=step,
        last=lessons.STEPS,
        guess=guess,
        guessed=guessed,
        answer=shown,
        scale=_scale(guessed, shown["value"]) if shown and guessed is not None else None,
        wrong=bool(guess) and guessed is None,
    )


def _number(text: str) -> float | None:
    try:
        found = float(text.replace(",", "").strip())
    except ValueError:
        return None
    return found if math.isfinite(found) and abs(found) < 1e9 else None


def _scale(guess: float, value: float) -> tuple[float, float]:
    """Where guess and result stand on a line from 0 (or the lesser of them) to the larger, in per cent."""
    low, high = min(0.0, guess, value), max(guess, value, low_span(guess, value))
    return tuple(round(100 * (one - low) / (high - low), 1) for one in (guess, value))  # type: ignore[return-value]


def low_span(guess: float, value: float) -> float:
    """An end of the line that is never where it begins."""
    return min(0.0, guess, value) + 1.0 if guess == value == 0 else max(guess, value)


@router.post("/learn/{lesson}/{step}")
def guess(request: Request, lesson: str, step: int, guess: Annotated[str, Form()] = "") -> Response:
    """Take a guess, keep it without a name, and show the result."""
    laboratory: Laboratory = request.app.state.laboratory
    found = lessons.load_lesson(lesson)
    number = _number(guess)
    if number is not None and 1 <= step <= lessons.STEPS and found.steps[step - 1].predicts:
        lessons.add_guess(_file(laboratory), lessons.Guess(lesson, step, number))
    return RedirectResponse(f"/learn/{lesson}/{step}?guess={guess.strip()[:20] if number is not None else '?'}", 303)
