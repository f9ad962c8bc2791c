"""A job as pages tell of it: a word for its state, how far, what came out so far, why it failed."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from counterscore.errors import CounterscoreError
from counterscore.jobs import Job
from counterscore.machine import disk_free_mib
from counterscore.run_folder import holds_run
from counterscore.web import work
from counterscore.web.desk import Working
from counterscore.web.laboratory import Laboratory
from counterscore.web.shelves import quoted, record_of

_TOLD_FROM = 3  #: replicates after which the time left is told
_FIRST_FIGURES_UP_TO = 200_000  #: residents; of a larger run they would slow it down
_EVERY = 0.5  #: seconds between two events at least
_WORDS = {
    "queued": "waiting",
    "running": "running",
    "done": "done",
    "stopped": "stopped",
    "failed": "failed",
    "cancelled": "cancelled",
    "lost": "failed",
}
_FULL_MIB = 20.0


def run_name(job: Job) -> str:
    """The name of the run folder that a job writes; empty before it has one."""
    written = job.progress().run or str(job.result().get("run") or job.result().get("out") or "")
    if not written and job.command[0] == "run" and "--resume" in job.command:
        written = job.command[1]  # known before the job has said a word, so that nobody deletes what it goes on with
    return written.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]


def told(laboratory: Laboratory, job: Job, figures: bool = False, then: str = "") -> dict[str, Any]:
    """A job in words, and in numbers for a bar. ``run`` is empty before its folder is there.

    With ``figures`` the first figures of what is finished are among it, as far as they are worked out; ``then`` is the
    page of the run that was asked for.
    """
    now = job.progress()
    name = run_name(job)
    folder = laboratory.runs / name
    run = name if name and holds_run(folder) else ""
    ready = bool(run) and now.share >= 1
    left = (
        ""
        if now.seconds_left is None or now.done < min(_TOLD_FROM, now.of)
        else f"about {_seconds(now.seconds_left)} left"
    )
    progress = f"{now.done} of {now.of} replicates" if now.of else "preparing"
    word = _WORDS[job.state]
    at = len(laboratory.jobs.ahead_of(job)) + 1 if job.state == "queued" else 0
    going = job.state == "running"
    return {
        "state": job.state,
        "word": word,
        "run": run,
        "share": now.share,
        "told": progress if going else word,
        "left": "all are done; the command prints its figures" if ready and going else left,
        "before": f"number {at} in the queue" if at else "",
        "so_far": _figures(laboratory, folder, now.so_far) if figures and run else [],
        "status": f"{job.title}: {progress if going else word}",
        "then": f"/runs/{quoted(run)}/{quoted(then)}".rstrip("/")
        if ready and job.state in {"running", "done"}
        else f"/run/{job.id}",
        "then_label": "Go to results" if ready else "See how it ended",
        "ready": ready,
        "elapsed": _seconds((job.ended or time.time()) - job.began) if job.began else "",
    }


def _figures(laboratory: Laboratory, folder: Path, means: dict[str, Any]) -> list[list[str]]:
    """What will be read of the run first, of what is finished, as a helper last worked it out; before that, means."""
    kept: dict[Path, list[list[str]]] = laboratory.first_figures
    record = record_of(folder)
    if record and record["city"]["residents"] <= _FIRST_FIGURES_UP_TO:
        with contextlib.suppress(Working, CounterscoreError):
            kept[folder] = laboratory.desk.ask(work.live, folder, patience=0)
    if kept.get(folder):
        return kept[folder]
    return [[what, f"{value:,.1f}", "", "residents"] for what, value in means.items()]


def _seconds(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds // 60:.0f} min" if seconds < 6000 else f"{seconds // 3600:.0f} h {seconds % 3600 // 60:02.0f} min"


def events(laboratory: Laboratory, job_id: str, seen: str, then: str = "") -> Iterator[str]:
    """Server-sent events about a job: one when something changed, and a last one when it ended or the program does."""
    last = seen
    while not laboratory.stopping():
        job = laboratory.jobs.find(job_id)
        found = told(laboratory, job, figures=True, then=then)
        text = json.dumps(found, ensure_ascii=False)
        mark = f"{found['state']}-{found['share']}-{hash(str(found['so_far'])) & 0xFFFF}"
        if mark != last or found["state"] not in {"queued", "running"}:
            last = mark
            yield f"id: {mark}\ndata: {text}\n\n"
        else:
            yield ": still here\n\n"
        if found["state"] not in {"queued", "running"}:
            return
        time.sleep(_EVERY)


def cause(laboratory: Laboratory, job: Job) -> tuple[str, str, str]:
    """Why a job failed: one line, more words, and what can be copied."""
    found = job.result()
    said = "\n".join(job.said())
    room = disk_free_mib(laboratory.runs)
    full = (
        f" Only {room:.0f} MB of disk are free: perhaps it was full." if room is not None and room < _FULL_MIB else ""
    )
    if problems := found.get("problems"):
        first = problems[0]
        title = f"{first['file']}:{first['line']}:{first['column']}: {first['message']}"
        return title, str(first.get("suggestion", "")), said
    if error := found.get("error"):
        return str(error["message"]), str(error.get("suggestion", "")) + full, said
    if job.state == "lost":
        return (
            f"{job.title}: its process ended without a word",
            f"It was killed, or the machine was switched off.{full}",
            said,
        )
    if job.code is not None and job.code < 0:
        return (
            f"{job.title}: its process was ended by signal {-job.code}",
            f"Somebody or the system ended it, perhaps because memory ran out.{full}",
            said,
        )
    return (job.said() or (f"{job.title}: it could not be started",))[-1], full.strip(), said
