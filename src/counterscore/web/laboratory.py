"""What a page has at hand: the folders, the queue of runs, the helpers, and the token of this start."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from counterscore.errors import UsageError, did_you_mean
from counterscore.jobs import Jobs
from counterscore.run_folder import runs_in
from counterscore.web.desk import Desk

ASIDE = ".laboratory"  #: in the folder of runs: the queue, what was worked out, the tray


@dataclass(eq=False)
class Laboratory:
    """One start of the laboratory. ``key`` is what visitors of a local network must show; empty without --lan."""

    runs: Path
    rules: Path
    port: int
    key: str = ""
    hosts: tuple[str, ...] = ()
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    first_figures: dict[Path, list[list[str]]] = field(default_factory=dict)  #: of runs that go on
    making: dict[str, tuple[Any, ...]] = field(default_factory=dict)  #: reports that were asked for, and with what
    stopping: Callable[[], bool] = lambda: False  #: whether the program is about to end

    @cached_property
    def jobs(self) -> Jobs:
        """The queue of runs."""
        return Jobs(self.aside / "jobs", {"COUNTERSCORE_RUNS": os.fspath(self.runs)})

    @cached_property
    def desk(self) -> Desk:
        """Helpers in other processes, and what they worked out before."""
        return Desk(self.aside / "kept")

    @property
    def aside(self) -> Path:
        """Where the laboratory keeps what is its own."""
        return self.runs / ASIDE

    @property
    def tray(self) -> Path:
        """The file of what was collected as evidence."""
        return self.aside / "tray.json"

    def tray_size(self) -> int:
        """How many things were collected."""
        try:
            return len(json.loads(self.tray.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            return 0

    def run_folders(self) -> list[Path]:
        """The runs that are kept, newest first."""
        return runs_in(self.runs)

    def run_folder(self, name: str) -> Path:
        """The folder of the run called ``name``. Raises ``UsageError`` where there is none: a name is no path."""
        known = {folder.name: folder for folder in self.run_folders()}
        if name not in known:
            close = did_you_mean(name, known)
            raise UsageError(f'no run is called "{name}"', suggestion=f"Did you mean {close}?" if close else "")
        return known[name]

    def shown(self, folder: Path) -> str:
        """A folder as one would write it in a terminal in which the laboratory was started."""
        return os.path.relpath(folder) if folder.is_relative_to(Path.cwd()) else os.fspath(folder)
