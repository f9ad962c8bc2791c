"""The command line: arguments in, text out. Every command is one function; heavy imports are inside it."""

from __future__ import annotations

import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, TextIO

from typer.exceptions import TyperException
from typer.main import get_command

from counterscore.cli import (  # noqa: F401  (each registers its commands)
    chart,
    claim,
    doctor,
    evidence,
    eyes,
    groups,
    laboratory,
    law,
    lesson,
    lives,
    look,
    mirror,
    mirror_evidence,
    report,
    results,
    rules,
    run,
    schema,
    spread,
    topics,
    twins,
    validate,
)
from counterscore.cli.app import app
from counterscore.cli.page import FRONT
from counterscore.cli.screen import Screen
from counterscore.errors import CounterscoreError, InputError, visible

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code (``counterscore help exit-codes``).

    A mistake in the arguments or in a file ends in a sentence, never in a traceback.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # an ASCII terminal shows "?" for a dash, and goes on
    if not words:
        print(FRONT)
        return 0
    try:
        code = _program().main(args=words, prog_name="counterscore", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except KeyboardInterrupt:
        return _stop(sys.stderr)
    except CounterscoreError as error:
        return _report(words, error)
    except TyperException as error:
        message = error.format_message().replace("No such", "no such").replace("Missing", "missing")
        return _say(words, message, f"See: {_help_of(words)}", error.exit_code)
    except OSError as error:
        # ``strerror`` is None for errors raised by libraries in their own words.
        where = f"{error.filename}: " if error.filename else ""
        reading = isinstance(error, FileNotFoundError | IsADirectoryError | PermissionError)
        return _say(words, f"{where}{error.strerror or error}", "", 3 if reading else 4)
    except MemoryError:
        return _say(words, "out of memory", "Use fewer residents (--residents) or threads (--threads).", 4)
    except Exception as error:
        return _say(words, *_unexpected(error), 4)


@cache
def _program() -> Any:
    """All commands; what each takes is worked out once a process."""
    return get_command(app)


def _stop(stream: TextIO) -> int:
    print("Stopped, nothing kept.", file=stream)
    return INTERRUPTED


def _report(words: Sequence[str], error: CounterscoreError) -> int:
    if isinstance(error, InputError) and error.problems:
        if "--json" in words:
            Screen().data({"problems": [problem.as_json() for problem in error.problems]})
        print(visible(str(error), but="\n"), file=sys.stderr)
        return error.exit_code
    return _say(words, error.message, error.suggestion, error.exit_code)


def _say(words: Sequence[str], message: str, suggestion: str, code: int) -> int:
    if "--json" in words:
        Screen().data({"error": {"message": message, "suggestion": suggestion, "exit_code": code}})
    command = words[0] if words[0] in _names() else "counterscore"
    print(visible(f"{command}: {message}", but="\n"), file=sys.stderr)
    if suggestion:
        print(visible(f"  {suggestion}", but="\n"), file=sys.stderr)
    return code


def _unexpected(error: Exception) -> tuple[str, str]:
    """A sentence about an error nobody foresaw, and where its details were written."""
    what = f"an internal error stopped this command ({type(error).__name__}: {error})"
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix=f"counterscore-{time.strftime('%H%M%S')}-", suffix=".log", delete=False, encoding="utf-8"
        ) as log:
            log.write(f"counterscore {' '.join(sys.argv[1:])}\n\n{''.join(traceback.format_exception(error))}")
    except OSError:
        return what, "The details could not be written to a log."
    return what, f"The details are in {Path(log.name)}; please report it with that file."


def _names() -> set[str]:
    return {str(info.name) for info in app.registered_commands} | {str(info.name) for info in app.registered_groups}


def _help_of(words: Sequence[str]) -> str:
    return f"counterscore {words[0]} --help" if words[0] in _names() else "counterscore --help"
