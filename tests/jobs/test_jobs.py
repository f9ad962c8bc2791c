"""The queue: one after another, found again, and never alive when it is dead."""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from counterscore.errors import InputError, Position, Problem, RunError, StoppedError, UsageError
from counterscore.jobs import Job, Jobs
from counterscore.jobs.job import Lock

SOURCE = str(Path(__file__).parents[2] / "src")
QUICK = ("list", "topics", "--json")


@pytest.fixture
def jobs(tmp_path: Path) -> Jobs:
    return Jobs(tmp_path / "jobs", {"PYTHONPATH": SOURCE})


def asleep(jobs: Jobs, title: str, asked: float = 0.0) -> Job:
    """A job that nobody works on."""
    jobs.folder.mkdir(parents=True, exist_ok=True)
    job = Job(id=title, title=title, command=QUICK, asked=asked, folder=jobs.folder)
    job.write()
    return job


def ended(jobs: Jobs, id_: str, seconds: float = 60) -> Job:
    end = time.monotonic() + seconds
    while (job := jobs.find(id_)).state in {"queued", "running"} and time.monotonic() < end:
        time.sleep(0.05)
    return job


def test_two_are_worked_off_in_turn_and_end_with_what_they_printed(jobs: Jobs) -> None:
    one, two = jobs.ask(QUICK, "one"), jobs.ask(("show", "no-such-thing", "--json"), "two")
    assert jobs.ahead_of(two) == [jobs.find(one.id)] or jobs.find(one.id).state == "done"
    first, second = ended(jobs, one.id), ended(jobs, two.id)
    assert (first.state, first.code) == ("done", 0)
    assert "topics" in first.result()
    assert (second.state, second.code) == ("failed", 2)
    assert "nothing is called" in second.result()["error"]["message"]
    assert first.ended is not None
    assert second.began is not None
    assert first.ended <= second.began


@pytest.mark.skipif(os.name == "nt", reason="signals end a process")
def test_one_that_is_stopped_before_it_can_listen_is_stopped_not_failed(jobs: Jobs) -> None:
    """A process that has only just begun has no ears yet: the system ends it."""
    begun = subprocess.Popen(
        [sys.executable, "-c", "import signal, time; signal.signal(2, signal.SIG_DFL); time.sleep(60)"]
    )
    time.sleep(0.3)
    begun.send_signal(signal.SIGINT)
    assert asleep(jobs, "1-1").ended_with(begun.wait()).state == "stopped"


def test_a_command_is_typed_in_the_folder_it_was_asked_for_in(
    jobs: Jobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever works the queue off may have been started somewhere else."""
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    (here / "mine.yaml").write_text("format: 1\n", encoding="utf-8")
    monkeypatch.chdir(here)
    job = replace(asleep(jobs, "1-1"), command=("check", "mine.yaml", "--json"), place=str(here))
    job.write()
    monkeypatch.chdir(there)
    jobs.work()
    found = ended(jobs, job.id).result()
    assert found["files"][0]["file"] == "mine.yaml"
    assert found["files"][0]["problems"]
    monkeypatch.chdir(here)
    assert jobs.ask(QUICK, "asked here").place == str(here)


def test_a_lock_is_held_as_long_as_a_process_that_has_it(tmp_path: Path) -> None:
    lock = Lock(tmp_path / "lock")
    assert lock.free()
    assert lock.take()
    assert not Lock(tmp_path / "lock").take()
    holder = subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE, pass_fds=(lock.fileno(),)
    )
    lock.release()
    assert not Lock(tmp_path / "lock").free()
    holder.kill()
    holder.communicate()
    assert Lock(tmp_path / "lock").free()


def test_what_says_it_runs_and_has_no_process_is_lost(jobs: Jobs) -> None:
    job = replace(asleep(jobs, "gone"), written="running", pid=os.getpid())
    job.write()
    assert jobs.find("gone").state == "lost"
    lock = Lock(job.path("alive"))
    assert lock.take()
    assert jobs.find("gone").state == "running"
    lock.release()
    assert not jobs.running()


def test_what_waits_is_cancelled_and_never_begins(jobs: Jobs) -> None:
    job = asleep(jobs, "waits")
    job.stop()
    assert jobs.find("waits").state == "cancelled"
    assert not jobs.waiting()
    jobs.work()
    assert not job.path("log").exists()


def test_they_are_told_in_the_order_they_were_asked_for(jobs: Jobs) -> None:
    for title, asked in (("c", 3.0), ("a", 1.0), ("b", 2.0)):
        asleep(jobs, title, asked)
    assert [job.id for job in jobs] == ["a", "b", "c"]
    assert [job.id for job in jobs.ahead_of(jobs.find("c"))] == ["a", "b"]


def test_only_what_has_ended_can_be_forgotten(jobs: Jobs) -> None:
    job = asleep(jobs, "waits")
    with pytest.raises(UsageError, match="still going on"):
        jobs.forget(job)
    job.stop()
    jobs.forget(jobs.find("waits"))
    assert not list(jobs.folder.glob("waits*"))


@pytest.mark.parametrize("text", ["", "{", "[]", '{"id": 1}', '{"id": "x", "command": 3}'])
def test_a_torn_file_is_no_job_and_no_error(jobs: Jobs, text: str) -> None:
    asleep(jobs, "whole")
    (jobs.folder / "torn.json").write_text(text, encoding="utf-8")
    assert [job.id for job in jobs] == ["whole"]


@pytest.mark.parametrize("name", ["..", "../whole", "a/b", "", "a.b"])
def test_a_name_is_no_path(jobs: Jobs, name: str) -> None:
    asleep(jobs, "whole")
    with pytest.raises(UsageError):
        jobs.find(name)


def test_progress_is_the_last_line_that_says_some(jobs: Jobs) -> None:
    job = asleep(jobs, "x")
    job.path("log").write_text(
        'words\n{"t": "progress", "run": "runs/a", "replays_done": 3, "replays": 10, "share": 0.3, "seconds_left": 2.5, "so_far": {"b": 1.0}}\n{"t": "prog',
        encoding="utf-8",
    )
    found = job.progress()
    assert (found.done, found.of, found.share, found.seconds_left, found.run) == (3, 10, 0.3, 2.5, "runs/a")
    assert job.said() == ("words", '{"t": "prog')


def test_answers_come_as_data_and_failures_as_sentences(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    assert jobs.answer(["list", "topics"])["topics"]
    assert jobs.answer(["show", "no-such-thing"])["error"]["exit_code"] == 2
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    with pytest.raises(RunError, match="without a word"):
        jobs.answer(["list", "topics"])


def test_errors_cross_from_one_process_to_another() -> None:
    problem = Problem(Position("a.yaml", 3, 4), "is wrong", "Write it right.")
    for error in (InputError([problem]), UsageError("no", suggestion="yes"), StoppedError("stopped")):
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is type(error)
        assert str(again) == str(error)
        assert again.suggestion == error.suggestion
    assert pickle.loads(pickle.dumps(InputError([problem]))).problems == (problem,)
