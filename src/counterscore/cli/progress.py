"""How far a run has got: a bar on a terminal, one line per 10 % elsewhere, or one JSON object per line."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Annotated, Any, Literal, Self

import typer

from counterscore.cli.screen import Screen, is_terminal, seconds_in_words

Mode = Literal["auto", "plain", "json", "none"]
Shown = Annotated[Mode, typer.Option("--progress", help="How progress is shown on stderr.")]
_JSON_EVERY = 0.5  #: seconds between two JSON lines at least


def preparing(mode: Mode, screen: Screen, replays: int) -> None:
    """The first sign of life, before rule books are read and residents drawn: that takes some seconds."""
    if mode == "json":
        Progress(mode, screen, replays).write_json(0, 1, None, {})
    elif mode != "none":
        screen.note("Preparing: reading rule books, drawing residents.")


class Progress:
    """Called by the engine with ``(done, total, seconds_left, so_far)``; writes to stderr only.

    ``seconds_left`` is None until something has been measured. The engine's units of work may be smaller
    than a replicate, so replicates are counted from the share of the work that is done.
    """

    def __init__(self, mode: Mode, screen: Screen, replays: int, run: Path | None = None) -> None:
        if mode == "auto":
            mode = "bar" if is_terminal(sys.stderr) else "plain"  # type: ignore[assignment]
        self._mode: str = "none" if screen.quiet and mode != "json" else mode
        self._screen = screen
        self._replays = replays
        self._run = run
        self._bar: Any = None
        self._task: Any = None
        self._tenth = 0
        self._last = 0.0

    def __enter__(self) -> Self:
        self.write_json(0, 1, None, {})
        if self._mode == "bar":
            self._start_bar()
        elif self._mode == "plain":
            self._screen.note("replicates   0 %   settling in")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, done: int, total: int, seconds_left: float | None, so_far: dict[str, Any]) -> None:
        now = time.monotonic()
        if self._mode == "json" and (done >= total or now - self._last >= _JSON_EVERY):
            self._last = now
            self.write_json(done, total, seconds_left, so_far)
        elif self._mode == "bar":
            self._bar.update(
                self._task, completed=done, total=total, kept=self._kept(done, total), left=_left(seconds_left)
            )
        elif self._mode == "plain":
            tenth = 10 * done // max(total, 1)
            if tenth > self._tenth:
                self._tenth = tenth
                left = "" if done >= total else f"   {_left(seconds_left)}"
                self._screen.note(f"replicates {10 * tenth:3d} %   {self._kept(done, total)}{left}".rstrip())

    def _kept(self, done: int, total: int) -> str:
        return f"{self._replays * done // max(total, 1)}/{self._replays}"

    def write_json(self, done: int, total: int, seconds_left: float | None, so_far: dict[str, Any]) -> None:
        """One JSON object on stderr, in that mode."""
        if self._mode == "json":
            line = {
                "t": "progress",
                "run": None if self._run is None else str(self._run),
                "replays_done": self._replays * done // max(total, 1),
                "replays": self._replays,
                "share": round(done / max(total, 1), 4),
                "seconds_left": None if seconds_left is None else round(seconds_left, 1),
                "so_far": so_far,
            }
            print(json.dumps(line, allow_nan=False, default=str), file=sys.stderr, flush=True)

    def _start_bar(self) -> None:
        from rich.progress import BarColumn, TextColumn
        from rich.progress import Progress as Bar

        self._bar = Bar(
            TextColumn("replicates"),
            BarColumn(30),
            TextColumn("{task.fields[kept]}   {task.fields[left]}   Ctrl-C stops, keeps finished replicates"),
            console=self._screen.console(sys.stderr),
            transient=True,
        )
        self._task = self._bar.add_task("replays", total=None, kept="", left="settling in")
        self._bar.start()


def _left(seconds: float | None) -> str:
    if seconds is None:
        return ""
    told = seconds_in_words(seconds)
    return f"{told} left" if told.startswith("under") else f"about {told} left"
