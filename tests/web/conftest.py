"""The laboratory as a visitor meets it: started by its command, asked over HTTP, looked at in a browser."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from counterscore.cli import main
from counterscore.jobs.job import Lock

SOURCE = Path(__file__).parents[2] / "src"
RUN = ("run", "beijing-points", "--city", "demo", "--residents", "600", "--months", "14", "--replicates", "10")
#: Text that would be markup, a script or an attribute if anything put it into a page as it is.
MARKER = "\"'><b onmouseover=alert(1)>&lt;script&gt;{{7*7}}"


def command(folder: Path, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """``counterscore ARGUMENTS`` in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "counterscore", *arguments],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=check,
    )


def told(folder: Path, *arguments: str) -> str:
    """What ``counterscore ARGUMENTS`` prints in a folder, asked in this process: nothing is loaded twice."""
    out = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(out):
        assert main(arguments) == 0, out.getvalue()
    return out.getvalue()


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONUNBUFFERED": "1"}


@dataclass(frozen=True)
class Served:
    """A laboratory that is being served, and how to ask it."""

    address: str
    folder: Path
    process: subprocess.Popen[str]
    said: list[str]

    @property
    def runs(self) -> Path:
        return self.folder / "runs"

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.address, headers={"origin": self.address}, timeout=120)

    def get(self, path: str) -> httpx.Response:
        """A page once all of it is worked out."""
        with self.client() as client:
            for _ in range(600):
                found = client.get(path, follow_redirects=True)
                if "data-again" not in found.text:
                    return found
                time.sleep(0.2)
        raise AssertionError(f"{path} was never worked out")

    def post(self, path: str, **fields: Any) -> httpx.Response:
        with self.client() as client:
            return client.post(path, data={"token": token(client), **fields})


def token(client: httpx.Client) -> str:
    found = re.search(r'name="counterscore-token" content="([^"]+)"', client.get("/help/keyboard").text)
    assert found
    return found[1]


@contextmanager
def serving(folder: Path, *arguments: str, limit: int = 0) -> Iterator[Served]:
    """The laboratory in a folder, from its start to Ctrl-C; ``limit`` is how many kB a file may have, in it and in runs."""
    process = subprocess.Popen(
        [sys.executable, "-c", _START, str(limit), "app", "--no-browser", "--port", "0", *arguments],
        cwd=folder,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr
    said = []
    try:
        while not said or "Runs are in" not in said[-1]:
            line = process.stderr.readline()
            assert line, "\n".join(said)
            said.append(line.rstrip())
        found = re.search(r"(http://127\.0\.0\.1:\d+)", said[0])
        assert found
        yield Served(found[1], folder, process, said)
    finally:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGINT)
        try:
            said.extend((process.communicate(timeout=20)[1] or "").splitlines())
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


#: A test runner in the background ignores Ctrl-C, and its children would.
_START = """
import resource, signal, sys
limit = int(sys.argv.pop(1)) * 1024
if limit and __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
signal.signal(signal.SIGINT, signal.default_int_handler)
from counterscore.cli import main
if __name__ == "__main__":
    sys.exit(main())
"""


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a finished run that has two worlds and a baseline, a partial one, and own rule books.

    Where several processes test, one of them makes it and each gets a copy.
    """
    mine = tmp_path_factory.mktemp("laboratory") / "folder"
    shared = "PYTEST_XDIST_WORKER" in os.environ
    place = tmp_path_factory.getbasetemp().parent if shared else tmp_path_factory.getbasetemp()
    made, lock = place / "laboratory-made", Lock(place / "laboratory.lock")
    while not lock.take():
        time.sleep(0.1)
    try:
        if not made.exists():
            part = place / "laboratory-part"
            part.mkdir()
            _make(part)
            part.replace(made)
    finally:
        lock.release()
    shutil.copytree(made, mine)
    return mine


def _make(made: Path) -> None:
    told(made, *RUN, "--also", "expiry-24mo", "--seed", "3", "--out", "runs/two-worlds", "--quiet")
    shutil.copytree(made / "runs" / "two-worlds", made / "runs" / "half")
    stop_after(made / "runs" / "half", 27)
    told(made, "copy", "rongcheng-2013", "mine.yaml")
    text = (made / "mine.yaml").read_text(encoding="utf-8")
    (made / "broken.yaml").write_text(re.sub(r"points: -\d+", "points: minus 20", text, count=1), encoding="utf-8")


@pytest.fixture(scope="session")
def served(folder: Path) -> Iterator[Served]:
    """One laboratory for all tests that leave its folder as they found it: its helpers start once."""
    with serving(folder) as found:
        yield found


def stop_after(run: Path, units: int) -> None:
    """Make a finished run one that was stopped when so many units were written."""
    kept, names = [], set()
    for line in (run / "manifest.jsonl").read_text(encoding="utf-8").splitlines(keepends=True):
        kept.append(line)
        said = json.loads(line)
        if said.get("kind") == "unit":
            names.add(said["path"])
        if "check" in said and len(names) >= units:
            break
    (run / "manifest.jsonl").write_text("".join(kept), encoding="utf-8")
    (run / "resources.json").unlink()
    for unit in run.glob("*/*/unit.json"):
        if unit.relative_to(run).as_posix() not in names:
            shutil.rmtree(unit.parent)


def state_of(text: str) -> set[str]:
    return set(re.findall(r'data-state="([^"]+)"', text))


def wait(served: Served, path: str, until: str, seconds: float = 120) -> str:
    """The page once its state is one of ``until``."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with served.client() as client:
            text = client.get(path, follow_redirects=True).text
        if re.search(until, text):
            return text
        time.sleep(0.2)
    raise AssertionError(f"{path} never came to {until}: {state_of(text)}")


def chromium() -> str:
    """The system's Chromium; skips the test, with the reason, where there is none."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = os.environ.get("CHROMIUM") or next((path for name in names if (path := shutil.which(name))), None)
    if not found:
        pytest.skip(
            "no Chromium on this machine: browser tests were not run (set CHROMIUM, or: apt-get install chromium)"
        )
    return found
