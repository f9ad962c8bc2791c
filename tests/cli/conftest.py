"""Commands are run as a reader sees them: in a process of their own, in a pipe, in an empty folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

SOURCE = Path(__file__).parents[2] / "src"


@dataclass(frozen=True)
class Shown:
    """What a command printed and returned."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


Counterscore = Callable[..., Shown]


@pytest.fixture
def counterscore(tmp_path: Path) -> Counterscore:
    """Run one command in an empty folder; the process sees no terminal and no settings of ours."""

    def call(*arguments: str, timeout: float = 300, **settings: str) -> Shown:
        environment = {k: v for k, v in os.environ.items() if k not in {"NO_COLOR", "FORCE_COLOR", "COLUMNS"}}
        path = os.pathsep.join(filter(None, (str(SOURCE), environment.get("PYTHONPATH", ""))))
        done = subprocess.run(
            [sys.executable, "-m", "counterscore", *arguments],
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=tmp_path,
            env={**environment, "PYTHONPATH": path, **settings},
            timeout=timeout,
            check=False,
        )
        return Shown(done.returncode, done.stdout, done.stderr)

    return call
