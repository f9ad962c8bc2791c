"""The program that is served: pages that were found, the guard before them, and what is shown when something is wrong."""

from __future__ import annotations

import tempfile
import threading
import time
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from counterscore import discovery
from counterscore.errors import CounterscoreError, DamagedRunError, InputError, UsageError
from counterscore.web import guard, shelves
from counterscore.web.about_run import RunDamagedError, RunMissingError, damaged, no_run, torn
from counterscore.web.desk import Working
from counterscore.web.laboratory import Laboratory
from counterscore.web.rendering import PAGES, Action, State, state_page

_STATIC = Path(__file__).parent / "static"
_FIRST_PAGE = 2.0  #: seconds in which the first page is left alone with the processor
_STATUS = {2: 404, 3: 422}  #: of exit codes; everything else is 500


def application(laboratory: Laboratory) -> FastAPI:
    """The laboratory as an ASGI program."""

    @asynccontextmanager
    async def lifespan(made: FastAPI) -> AsyncIterator[None]:
        laboratory.jobs.work()  # what was asked for before and has not begun
        later = threading.Timer(_FIRST_PAGE, shelves.regime_rows)  # most pages need some of it, the first one does not
        later.daemon = True
        later.start()
        yield
        later.cancel()
        laboratory.desk.close()

    made = FastAPI(
        title="counterscore",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=lifespan,
        dependencies=[Depends(guard.token_shown)],
    )
    made.state.laboratory = laboratory
    for router in discovery.offered(PAGES, "router"):
        made.include_router(router)
    made.mount("/static", StaticFiles(directory=_STATIC), name="static")
    made.add_middleware(guard.Guard, laboratory=laboratory)
    made.add_exception_handler(RunMissingError, no_run)  # type: ignore[arg-type]
    made.add_exception_handler(RunDamagedError, damaged)  # type: ignore[arg-type]
    made.add_exception_handler(DamagedRunError, torn)  # type: ignore[arg-type]
    made.add_exception_handler(CounterscoreError, _told)  # type: ignore[arg-type]
    made.add_exception_handler(Working, _working)  # type: ignore[arg-type]
    made.add_exception_handler(HTTPException, _no_page)  # type: ignore[arg-type]
    made.add_exception_handler(RequestValidationError, _not_understood)  # type: ignore[arg-type]
    made.add_exception_handler(OSError, _disk)  # type: ignore[arg-type]
    made.add_exception_handler(Exception, _unforeseen)
    return made


_START = Action("To the start", "/")


def _told(request: Request, error: CounterscoreError) -> Response:
    """A mistake in words: a missing thing is missing, everything else failed."""
    if isinstance(error, guard.TokenMissingError):
        return state_page(request, State("failed", error.message, error.suggestion), status=403)
    if isinstance(error, InputError):
        first = error.problems[0]
        title = f"{first.position}: {first.message}" if error.problems else error.message
        state = State("failed", title, "The file is kept as it is.", details=str(error), actions=(_START,))
    elif isinstance(error, UsageError):
        state = State("missing", _sentence(error.message), error.suggestion, actions=(_START,))
    else:
        state = State("failed", _sentence(error.message), error.suggestion, details=str(error), actions=(_START,))
    return state_page(request, state, status=_STATUS.get(error.exit_code, 500))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _working(request: Request, working: Working) -> Response:
    state = State(
        "working",
        "This is being worked out",
        f"It is done once and then kept. So far: {working.since:.0f} s. The page comes by itself.",
        again=True,
    )
    return state_page(request, state, status=202)


def _no_page(request: Request, error: HTTPException) -> Response:
    if error.status_code == 404:
        state = State("missing", "There is no page here", "The address may be mistyped.", actions=(_START,))
    else:
        state = State("failed", "This cannot be done here", str(error.detail), actions=(_START,))
    return state_page(request, state, status=error.status_code)


def _not_understood(request: Request, error: RequestValidationError) -> Response:
    told = "; ".join(f"{'.'.join(str(part) for part in one['loc'][1:])}: {one['msg']}" for one in error.errors())
    state = State("failed", "Something in the address or form was not understood", told, actions=(_START,))
    return state_page(request, state, status=422)


def _disk(request: Request, error: OSError) -> Response:
    """What the system refused: a full disk, a folder one may not write to."""
    title = f"{error.filename or 'The disk'}: {error.strerror or error}"
    words = "Nothing that was there before was changed. Make room or give access, then do it again."
    return state_page(request, State("failed", title, words, actions=(_START,)), status=500)


def _unforeseen(request: Request, error: Exception) -> Response:
    """An error nobody foresaw: one sentence, and where its details are."""
    details = "".join(traceback.format_exception(error))
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix=f"counterscore-{time.strftime('%H%M%S')}-", suffix=".log", delete=False, encoding="utf-8"
        ) as file:
            file.write(details)
        kept = f"Details were written to {file.name}."
    except OSError:
        kept = ""
    words = f"This is a mistake of the program, not yours. Nothing of what is on disk was changed by it. {kept}"
    title = f"An internal error stopped this page ({type(error).__name__}: {error})"
    return state_page(request, State("failed", title, words, actions=(_START,), details=details), status=500)
