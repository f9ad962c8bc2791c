"""Every state of a page with results is reached, and says what is so and what to do."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import get_args

import httpx
import pytest

from counterscore import discovery
from counterscore.catalog import load_regime
from counterscore.errors import RunError
from counterscore.jobs import Job, Jobs
from counterscore.web import work
from counterscore.web.application import application
from counterscore.web.desk import Working
from counterscore.web.laboratory import Laboratory
from counterscore.web.rendering import PAGES, Kind, environment
from tests.web.conftest import Served, command, serving, state_of, told, wait

A_SMALL_RUN = ("--city", "demo", "--residents", "300", "--months", "6", "--replicates", "3", "--quiet")
SMALL = {"regime": "court-defaulters", "city": "demo", "residents": "300", "months": "6", "replicates": "3"}
#: One that has finished some of its many short replicates soon and all of them late, so that it can be stopped between.
LONG = {"regime": "beijing-points", "city": "demo", "residents": "300", "months": "120", "replicates": "900"}


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("empty")) as found:
        yield found


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A laboratory for tests that start runs and end them one way or another."""
    with serving(tmp_path_factory.mktemp("workshop")) as found:
        yield found


def run_of(served: Served, address: str, seconds: float = 120) -> str:
    """The run that a job made, once it is done: its page leads there."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with served.client() as client:
            found = client.get(address)
        if found.status_code == 303:
            return found.headers["location"].removeprefix("/runs/")
        assert "failed" not in state_of(found.text), found.text
        time.sleep(0.2)
    raise AssertionError(f"{address} was never done")


def job_of(served: Served, address: str) -> Job:
    return Jobs(served.runs / ".laboratory" / "jobs").find(address.rsplit("/", 1)[-1])


def test_empty_says_what_will_be_here_with_an_action_and_an_example(empty: Served) -> None:
    for path in ("/runs", "/evidence", "/compare"):
        text = empty.get(path).text
        assert state_of(text) == {"empty"}, path
        assert "/run/new" in text or "/runs" in text
    assert state_of(empty.get("/regimes?q=zzzz").text) == {"empty"}


def test_a_missing_run_shows_the_command_that_makes_it(empty: Served) -> None:
    found = empty.get("/runs/rongcheng-2013.demo.123456/doors")
    assert found.status_code == 404
    assert state_of(found.text) == {"missing"}
    assert "counterscore run rongcheng-2013 --city demo" in found.text
    assert "/run/new?regime=rongcheng-2013&amp;city=demo" in found.text


def test_what_does_not_apply_is_no_error(served: Served) -> None:
    found = served.get("/runs/two-worlds/reforms")
    assert found.status_code == 200
    told(served.folder, "run", "court-defaulters", *A_SMALL_RUN, "--out", "runs/no-score")
    found = served.get("/runs/no-score/scores")
    assert found.status_code == 200
    assert state_of(found.text) == {"not applicable"}
    assert "/runs/no-score/lists" in found.text
    reforms = served.get("/runs/no-score/reforms").text
    assert state_of(reforms) == {"empty"}
    offered = re.findall(r"--also (\S+)", unescape(re.search(r"data-copy=\"(counterscore run [^\"]+)", reforms)[1]))
    assert offered
    assert "appeals-60d" not in offered  # the rule book has appeals: as a further world it would be no other
    load_regime("court-defaulters", with_=offered)
    shutil.rmtree(served.runs / "no-score")


def test_partial_runs_show_figures_and_how_to_go_on(served: Served) -> None:
    text = served.get("/runs/half").text
    assert "partial" in state_of(text)
    assert "27 of 30 parts are kept" in text
    assert "counterscore run --resume runs/half" in text
    assert 'data-measure="listed_ever"' in text


def test_two_runs_queue_and_go_on_without_the_program(tmp_path: Path) -> None:
    with serving(tmp_path) as first:
        # Long enough to be seen running.
        one = first.post("/run/new", **SMALL | {"replicates": "60"}, seed="1").headers["location"]
        two = first.post("/run/new", **SMALL, seed="2").headers["location"]
        assert "queued" in state_of(first.get(two).text)
        assert "number 2 in the queue" in first.get(two).text
        wait(first, one, 'data-state="running"')
    assert any("2 runs go on by themselves" in line for line in first.said), first.said
    with serving(tmp_path) as second:
        assert run_of(second, one) != run_of(second, two)
        assert not list((tmp_path / "runs" / ".laboratory" / "jobs").glob("*.stop"))


def test_stop_keeps_what_is_finished_and_resume_goes_on(workshop: Served) -> None:
    found = workshop
    address = found.post("/run/new", **LONG, seed="1").headers["location"]
    cancelled = found.post("/run/new", **SMALL).headers["location"]
    found.post(f"{cancelled}/stop")
    text = found.get(cancelled).text
    assert state_of(text) == {"cancelled"}
    assert "before it began" in text
    assert "/run/new?regime=court-defaulters" in text
    wait(found, address, r"data-part=\"told\">[1-9]\d* of 900")
    began = time.monotonic()
    found.post(f"{address}/stop")
    text = wait(found, address, 'data-state="cancelled"')
    assert time.monotonic() - began < 90  # two seconds on a machine of one's own, and the whole run takes minutes
    assert "are kept in" in text
    run = re.search(r"/runs/([^/\"]+)/resume", text)[1]
    assert "partial" in state_of(found.get(f"/runs/{run}/data").text)
    again = found.post(f"/runs/{run}/resume").headers["location"]
    wait(found, again, 'data-state="running"')
    assert "running" in state_of(found.get(f"/runs/{run}/data").text)
    assert found.post(f"/runs/{run}/delete").status_code == 404  # it is being written
    found.post(f"{again}/stop")
    wait(found, again, 'data-state="cancelled"')
    assert "Delete" in found.get(f"/runs/{run}/delete").text
    assert found.post(f"/runs/{run}/delete").headers["location"] == "/runs"
    assert not (found.runs / run).exists()


def test_a_killed_process_is_found_out(workshop: Served) -> None:
    address = workshop.post("/run/new", **LONG, seed="2").headers["location"]
    wait(workshop, address, 'data-state="running"')
    os.kill(job_of(workshop, address).pid, signal.SIGKILL)
    text = wait(workshop, address, 'data-state="failed"')
    assert "ended by signal 9" in text
    assert "/run/new?" in text
    assert "copy details" in text or "Nothing was kept" in text


def test_a_killed_runner_leaves_a_run_that_is_found_and_stopped(workshop: Served) -> None:
    address = workshop.post("/run/new", **LONG, seed="3").headers["location"]
    wait(workshop, address, 'data-state="running"')
    os.kill(parent_of(job_of(workshop, address).pid), signal.SIGKILL)
    time.sleep(0.5)
    assert "running" in state_of(workshop.get(address).text)
    workshop.post(f"{address}/stop")
    text = wait(workshop, address, 'data-state="(failed|cancelled)"')
    assert "Set it up again" in text


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])


def test_a_broken_rule_book_fails_at_its_line_and_nothing_typed_is_lost(served: Served) -> None:
    found = served.get("/regimes/broken.yaml")
    assert found.status_code == 422
    assert state_of(found.text) == {"failed"}
    checked = command(served.folder, "check", "broken.yaml", check=False)
    place = re.search(r"broken\.yaml:\d+:\d+", checked.stdout + checked.stderr)[0]
    assert place in found.text
    assert "has mistakes" in served.get("/regimes").text
    address = served.post("/run/new", regime="broken.yaml", city="demo").headers["location"]
    text = wait(served, address, 'data-state="failed"')
    assert place in text
    assert "/run/new?regime=broken.yaml&amp;city=demo" in text
    again = served.post("/run/new", regime="none", city="demo", months="many", seed="77")
    assert again.status_code == 422
    assert 'value="many"' in again.text
    assert 'value="77"' in again.text


def test_a_run_of_an_own_file_leads_back_to_it_and_names_no_folder(served: Served) -> None:
    """What was run from a page is known again by it: as stale when edited, to run again, to write as it was."""
    file = served.folder / "led-back.yaml"
    shutil.copy(served.folder / "mine.yaml", file)
    kept = file.read_text(encoding="utf-8")
    asked = SMALL | {"regime": "led-back.yaml", "residents": "100", "months": "2", "replicates": "1"}
    address = served.post("/run/new", **asked).headers["location"]
    run = run_of(served, address)
    assert str(served.folder) not in (served.runs / run / "record.json").read_text(encoding="utf-8")
    file.write_text(kept.replace("points: -20", "points: -21", 1), encoding="utf-8")
    text = served.get(f"/runs/{run}/people").text
    assert "stale" in state_of(text)
    assert "/run/new?regime=led-back.yaml" in text
    served.post(f"/runs/{run}/restore")
    assert file.read_text(encoding="utf-8") == kept
    file.unlink()
    file.with_suffix(".changed").unlink()
    shutil.rmtree(served.runs / run)


def test_a_torn_table_is_told_with_what_makes_it_whole(served: Served) -> None:
    torn = served.runs / "torn"
    tiny = ("--city", "demo", "--residents", "100", "--months", "3", "--replicates", "4", "--quiet")
    told(served.folder, "run", "beijing-points", "--also", "expiry-24mo", *tiny, "--out", "runs/torn")
    file = torn / "beijing-points" / "0003" / "outcomes.parquet"
    file.write_bytes(file.read_bytes()[:-100])
    found = served.get("/runs/torn")
    assert found.status_code == 409
    assert state_of(found.text) == {"failed"}
    assert "outcomes.parquet" in found.text
    assert "counterscore run --resume runs/torn" in found.text
    pages = [one.name for some in discovery.offered(PAGES, "SECTIONS") for one in some if one.name]
    assert "measures" in pages
    unit = "world=beijing-points&replay=3"
    pages += [
        f"people/R-00042?{unit}",
        f"data/outcomes.parquet?{unit}",
        f"data/outcomes.csv?{unit}",
        "explain/R-00042:3:0001",
    ]
    pages += [
        "charts/score-spread.csv",
        "measures?measure=listed_ever&by=district",
        f"eyes?viewer=own-page&who=R-00042&{unit}",
    ]
    for page in pages:
        found = served.get(f"/runs/torn/{page}")
        assert found.status_code in {200, 409}, (page, found.status_code, found.text[:3000])
        assert "Traceback" not in found.text
        assert "internal error" not in found.text
        if found.status_code == 409:
            assert "outcomes.parquet" in found.text, page
            assert "counterscore run --resume runs/torn" in found.text, page
    assert {served.get(f"/runs/torn/{page}").status_code for page in ("measures", "method", pages[-6])} == {409}
    assert served.get("/compare?runs=torn,two-worlds").status_code == 409
    shutil.rmtree(torn)


def test_a_table_torn_after_it_was_looked_at_is_told_too(served: Served) -> None:
    torn = served.runs / "torn-later"
    shutil.copytree(served.runs / "two-worlds", torn)
    for page in ("", "/measures", "/data"):
        assert served.get(f"/runs/torn-later{page}").status_code == 200
    file = torn / "beijing-points" / "0000" / "outcomes.parquet"
    file.write_bytes(file.read_bytes()[:-100])
    for page in ("", "/measures", "/data", "/data/outcomes.parquet"):
        assert served.get(f"/runs/torn-later{page}").status_code == 409, page
    shutil.rmtree(torn)


def test_discarding_changes_overwrites_nothing_that_was_kept_before(served: Served) -> None:
    shutil.copy(served.folder / "mine.yaml", served.folder / "again.yaml")
    told(served.folder, "run", "again.yaml", *A_SMALL_RUN, "--out", "runs/of-again")
    file = served.folder / "again.yaml"
    first = file.read_text(encoding="utf-8")
    (served.folder / "again.changed").write_text("somebody else's", encoding="utf-8")
    (served.folder / "again-2.changed").symlink_to(served.folder / "nowhere")
    for text in ("# one\n", "# two\n"):
        file.write_text(first + text, encoding="utf-8")
        assert served.post("/runs/of-again/restore").status_code == 303
        assert file.read_text(encoding="utf-8") == first
    assert (served.folder / "again.changed").read_text(encoding="utf-8") == "somebody else's"
    assert (served.folder / "again-2.changed").is_symlink()
    assert (served.folder / "again-3.changed").read_text(encoding="utf-8") == first + "# one\n"
    assert (served.folder / "again-4.changed").read_text(encoding="utf-8") == first + "# two\n"
    for one in (file, *served.folder.glob("again*.changed")):
        one.unlink()
    shutil.rmtree(served.runs / "of-again")


def test_a_disk_that_is_full_ends_a_run_with_its_cause(tmp_path: Path) -> None:
    """No file may grow beyond 240 kB: the record fits, the residents of a larger city do not."""
    with serving(tmp_path, limit=240) as found:
        address = found.post(
            "/run/new", regime="none", city="beijing", residents="20000", months="2", replicates="2"
        ).headers["location"]
        text = wait(found, address, 'data-state="failed"')
        assert "File too large" in text
        assert "/run/new?regime=none" in text
        assert "residents=20000" in text


def test_a_run_of_another_engine_says_what_it_cannot(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A chart that lives a part of the run again, and meets other numbers than the run holds."""
    said = "half was made by another engine, under which it went otherwise"

    def refuse(*_: object) -> None:
        raise RunError(said, suggestion="Make it again with this one.")

    monkeypatch.setattr("counterscore.charts.draw", refuse)
    found = work.chart(folder / "runs" / "two-worlds", "score-fan", {})
    parts = environment().get_template("parts.html.jinja").make_module({"request": None, "path": "", "token": ""})
    text = parts.figure(found)
    assert state_of(text) == {"failed"}
    assert f"{said[:1].upper()}{said[1:]}. Make it again with this one." in text


def test_a_record_that_cannot_be_read_is_told(served: Served) -> None:
    for name, text in (("no-json", "{"), ("other-json", "[]"), ("other-keys", '{"worlds": 3}')):
        folder = served.runs / name
        folder.mkdir()
        (folder / "record.json").write_text(text, encoding="utf-8")
        assert served.get("/runs").status_code == 200
        assert served.get("/").status_code == 200
        found = served.get(f"/runs/{name}")
        assert found.status_code == 409, name
        assert state_of(found.text) & {"missing", "failed"}
        assert "Traceback" not in found.text
        shutil.rmtree(folder)


def test_edited_rules_make_a_run_stale_and_leave_its_figures(served: Served) -> None:
    told(served.folder, "run", "mine.yaml", *A_SMALL_RUN, "--out", "runs/of-mine")
    before = served.get("/runs/of-mine").text
    assert "stale" not in state_of(before)
    file = served.folder / "mine.yaml"
    kept = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r"points: -(\d+)", "points: -1", kept, count=1), encoding="utf-8")
    after = served.get("/runs/of-mine").text
    assert "stale" in state_of(after)
    assert "Run again" in after
    figures = re.compile(r'data-measure="[^"]+"[^>]*>[^<]+')
    assert figures.findall(after) == figures.findall(before)
    file.write_text(kept, encoding="utf-8")
    assert "stale" not in state_of(served.get("/runs/of-mine").text)
    shutil.rmtree(served.runs / "of-mine")


def test_groups_too_small_to_tell_are_named_and_withheld(served: Served) -> None:
    text = served.get("/runs/two-worlds/measures?measure=listed_ever&by=district").text
    text += served.get("/runs/two-worlds/measures?measure=listed_ever&by=occupation").text
    assert re.search(r"withheld: \d+ residents, fewer than 30", text)


def test_work_that_takes_long_says_so_and_comes_by_itself(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page whose answer a helper is still at: the whole of it, or one of its charts."""
    laboratory = Laboratory(runs=folder / "runs", rules=folder, port=1, hosts=("testserver",))
    transport = httpx.ASGITransport(application(laboratory))

    def still_at_it(*_: object, **__: object) -> None:
        raise Working(3.2)

    monkeypatch.setattr(laboratory.desk, "_answer", still_at_it)

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            return await client.get("/runs/two-worlds/method")

    found = asyncio.run(ask())
    assert found.status_code == 202
    assert state_of(found.text) == {"working"}
    assert "So far: 3 s" in found.text
    assert "data-again" in found.text
    parts = environment().get_template("parts.html.jinja").make_module({"request": None, "path": "", "token": ""})
    text = parts.figure({"id": "doors", "working": 3})
    assert state_of(text) == {"working"}
    assert "data-again" in text


def test_a_report_that_takes_long_is_waited_for_at_an_address_of_its_own(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is sent twice by looking again; what went wrong is told once, and then there is no such report."""
    laboratory = Laboratory(runs=folder / "runs", rules=folder, port=1, hosts=("testserver",))
    transport = httpx.ASGITransport(application(laboratory))
    answers: list[Exception | str] = [Working(3.0), "two-worlds.brief.html", RunError("the disk is full")]

    def ask(_: object, folders: object, template: str, out: Path, *__: object, **___: object) -> dict[str, str]:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        out.write_text("<!doctype html>", encoding="utf-8")
        return {"file": answer}

    monkeypatch.setattr(laboratory.desk, "ask", ask)

    async def go() -> list[httpx.Response]:
        headers = {"origin": "http://testserver", "x-counterscore-token": laboratory.token}
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver", headers=headers) as client:
            asked = await client.post("/runs/two-worlds/report", data={"template": "brief"})
            looked = [await client.get(asked.headers["location"]) for _ in range(2)]
            again = await client.post("/runs/two-worlds/report", data={"template": "brief"})
            (laboratory.aside / "reports" / "two-worlds.brief.html").unlink()
            return [*looked, *[await client.get(again.headers["location"]) for _ in range(2)]]

    working, ready, failed, gone = asyncio.run(go())
    assert (working.status_code, state_of(working.text)) == (202, {"working"})
    assert ready.status_code == 200
    assert "Open it" in ready.text
    assert "The disk is full" in failed.text
    assert gone.status_code == 404


def test_a_part_of_an_address_that_means_nothing_is_told(served: Served) -> None:
    text = served.get("/runs?colour=red&size=3").text
    assert "The address asks for colour, size, which mean nothing here and are ignored." in text


NONSENSE = (
    "doors?tolerance=nan",
    "groups?by=mars",
    "groups?world=mars",
    "measures?world=mars",
    "measures?measure=mars",
    "twins?against=mars",
    "people/R-00042?replay=99999999999999999999999",
    "people/R-99999999999999999999999",
    "people/zz",
    "people?pick=zz",
    "months?replay=77",
    "months?world=mars",
    "eyes?viewer=own-page&who=R-00042&m=99999999999999999",
    "eyes?viewer=zz",
    "eyes?world=mars",
    "data/acts.csv?replay=88",
    "data/acts.csv?world=mars",
    "data/acts.parquet?replay=-1",
    "data/mars.csv",
    "explain/R-00042:0:9999999999",
    "charts/doors.csv?by=zz",
    "charts/life.csv?resident=zz&pick=median",
    "method?words=-5",
)


@pytest.mark.parametrize("path", NONSENSE)
def test_what_a_run_does_not_have_is_told_and_is_no_fault(served: Served, path: str) -> None:
    found = served.get(f"/runs/two-worlds/{path}")
    assert found.status_code < 500
    assert "Traceback" not in found.text


def test_every_kind_of_state_has_a_test() -> None:
    """Those of previews are reached where previews are."""
    text = "".join(file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("test_*.py"))
    missing = [kind for kind in get_args(Kind) if f'"{kind}"' not in text and f'data-state="{kind}"' not in text]
    assert set(missing) <= {"preview", "too small"}
