"""A job as pages tell of it: a word for its state, how far, what came out so far, why it failed."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

from counterscore.jobs import Job
from counterscore.machine import disk_free_mib
from counterscore.web.laboratory import Laboratory

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
    return written.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]


def told(laboratory: Laboratory, job: Job) -> dict[str, Any]:
    """A job in words, and in numbers for a bar. ``run`` is empty before its folder is there."""
    now = job.progress()
    name = run_name(job)
    left = "" if now.seconds_left is None or now.done < 1 else f"about {_seconds(now.seconds_left)} left"
    progress = f"{now.done} of {now.of} replicates" if now.of else "preparing"
    place = f"{len(laboratory.jobs.ahead_of(job)) + 1}" if job.state == "queued" else ""
    return {
        "state": job.state,
        "word": _WORDS[job.state],
        "run": name if name and (laboratory.runs / name / "record.json").is_file() else "",
        "share": now.share,
        "told": progress if job.state == "running" else _WORDS[job.state],
        "left": left,
        "before": f"number {place} in the queue" if place else "",
        "so_far": [
            [what, f"{value:,.1f}" if isinstance(value, float) else str(value)] for what, value in now.so_far.items()
        ],
        "status": f"{job.title}: {progress if job.state == 'running' else _WORDS[job.state]}",
        "then": f"/run/{job.id}",
        "then_label": "Go to results" if job.state == "done" else "See how it ended",
        "elapsed": _seconds((job.ended or time.time()) - job.began) if job.began else "",
    }


def _seconds(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds // 60:.0f} min" if seconds < 6000 else f"{seconds // 3600:.0f} h {seconds % 3600 // 60:02.0f} min"


def events(laboratory: Laboratory, job_id: str, seen: str) -> Iterator[str]:
    """Server-sent events about a job: one when something changed, and a last one when it ended or the program does."""
    last = seen
    while not laboratory.stopping():
        job = laboratory.jobs.find(job_id)
        found = told(laboratory, job)
        text = json.dumps(found, ensure_ascii=False)
        mark = f"{found['state']}-{found['share']}"
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
