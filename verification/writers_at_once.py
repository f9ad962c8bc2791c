"""Two processes begin at a barrier to write into one folder, fresh and resumed: never both may come in."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import shutil
import sys
import tempfile
import time
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from counterscore.errors import CounterscoreError
from counterscore.results import RunWriter

HELD = 0.002  #: seconds for which a writer stays: longer than two starts lie apart

RECORD: dict[str, Any] = {
    "worlds": [{"name": "a", "title": "A", "reforms": [], "status": "", "parts": []}],
    "baseline": None,
    "city": {"id": "x", "title": "X", "residents": 1, "districts": ["d"]},
    "months": 1,
    "replays": 1,
    "seed": 0,
    "assumptions": {},
}


def _writer(barrier: Barrier, folder: Path, starts: int, resume: bool, told: Any) -> None:
    """For each start the time from which to which this process held the folder, or why it did not."""
    for at in range(starts):
        barrier.wait()
        out = folder / str(at)
        try:
            with RunWriter(out, RECORD, resume=resume):
                began = time.monotonic_ns()
                time.sleep(HELD)
                ended = time.monotonic_ns()
            told.put((at, began, ended, ""))
        except CounterscoreError as error:
            told.put((at, 0, 0, error.message.replace(str(out), "OUT")))


def _count(folder: Path, starts: int, *, resume: bool) -> tuple[int, int, dict[str, int]]:
    """How often two were in at once, how often nobody was, and what the refused were told."""
    if resume:
        for at in range(starts):
            with RunWriter(folder / str(at), RECORD):
                pass
    context = multiprocessing.get_context("fork")
    barrier, told = context.Barrier(2), context.Queue()
    both = [context.Process(target=_writer, args=(barrier, folder, starts, resume, told)) for _ in range(2)]
    for one in both:
        one.start()
    seen: dict[int, list[tuple[int, int]]] = {at: [] for at in range(starts)}
    refused: dict[str, int] = {}
    for _ in range(2 * starts):
        at, began, ended, why = told.get(timeout=120)
        if why:
            refused[why] = refused.get(why, 0) + 1
        else:
            seen[at].append((began, ended))
    for one in both:
        one.join()
    twice = sum(len(held) == 2 and held[0][0] < held[1][1] and held[1][0] < held[0][1] for held in seen.values())
    return twice, sum(not held for held in seen.values()), refused


def main() -> int:
    """Print how often two were in; 1 where they were."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--starts", type=int, default=1000)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    base = Path(tempfile.mkdtemp(dir=asked.folder))
    wrong = 0
    try:
        for kind, resume in (("fresh", False), ("resumed", True)):
            (base / kind).mkdir()
            twice, nobody, refused = _count(base / kind, asked.starts, resume=resume)
            print(
                f"{asked.starts} {kind} starts: two writers {twice} times, nobody {nobody} times; {json.dumps(refused)}"
            )
            wrong += twice + nobody
    finally:
        shutil.rmtree(base)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
