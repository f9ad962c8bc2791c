"""The editor, the case on paper, through their eyes, the months, lessons and the questionnaire: asked, and looked at."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from counterscore.catalog import own_copy
from tests.web.conftest import MARKER, Served, chromium, command, token
from tests.web.test_browser import ARGUMENTS, axe, sync_api, visit

PAGES = (
    "/regimes/mine.yaml/edit",
    "/regimes/mine.yaml/edit?part=doors",
    "/regimes/broken.yaml/edit",
    "/regimes/suining-2010/edit",
    "/regimes/suining-2010/case?r=2010-02-10%20loan-arrears%20cycles%3D14&until=2011-03",
    "/runs/two-worlds/eyes",
    "/runs/two-worlds/eyes?viewer=own-page&m=9&reveal=1",
    "/runs/two-worlds/eyes?viewer=matchmaker",
    "/runs/two-worlds/months?m=3",
    "/learn",
    "/learn/who-gets-listed/1",
    "/learn/who-gets-listed/1?guess=880",
    "/learn/points-or-lists/6",
    "/learn/facilitate",
    "/learn/who-gets-listed/handout",
    "/assess",
    "/assess/mine.yaml/2",
    "/assess/mine.yaml/8",
    "/assess/mine.yaml/notes",
)


@pytest.fixture(scope="module")
def browser(served: Served) -> Iterator[Any]:
    for path in PAGES:
        assert served.get(path).status_code == 200, path
    program = chromium()
    with sync_api.sync_playwright() as started:
        found = started.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield found
        found.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible_without_error_or_outside_request(browser: Any, served: Served, scheme: str) -> None:
    found, scanner = visit(browser, served, color_scheme=scheme), axe.Axe()
    for path in PAGES:
        page = found.open(path)
        assert not scanner.run(page).response["violations"], path
        assert not found.complaints, (path, found.complaints)
        assert page.locator("h1").count() == 1, path
    assert not found.outside


def test_nothing_scrolls_sideways_on_a_phone(browser: Any, served: Served) -> None:
    found = visit(browser, served, viewport={"width": 320, "height": 800})
    for path in PAGES:
        page = found.open(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_problems_are_told_while_one_types_and_lead_to_their_place(browser: Any, served: Served) -> None:
    page = visit(browser, served).open("/regimes/mine.yaml/edit")
    before = page.locator("#text").input_value()
    page.locator("#text").fill(before.replace("points: -20", "points: twenty", 1))
    page.locator("#problems", has_text="1 problem").wait_for()
    assert "twenty" in page.locator(".problems").inner_text()
    page.locator(".problems button").first.click()
    chosen = page.evaluate(
        "() => { const b = document.querySelector('#text'); return b.value.slice(b.selectionStart, b.selectionEnd); }"
    )
    assert chosen.startswith("twenty")


def test_months_are_stepped_through_by_button_number_and_address(browser: Any, served: Served) -> None:
    page = visit(browser, served).open("/runs/two-worlds/months")
    page.get_by_role("button", name="Step on").click()
    assert page.locator("[data-at]").inner_text() == "1"
    row = page.locator("[data-rows] tbody tr").nth(1).locator("td").first.inner_text()
    assert page.locator("[data-of='1']").inner_text() == row
    assert page.url.endswith("m=1")
    quiet = visit(browser, served, reduced_motion="reduce").open("/runs/two-worlds/months")
    assert not quiet.locator("[data-play]").is_visible()


# -- without a browser -------------------------------------------------------------------------------


@pytest.fixture
def own(served: Served) -> Iterator[Path]:
    """A rule book of one's own that no other test looks at."""
    file = served.folder / "studio.yaml"
    file.write_text(own_copy("rongcheng-2013", file), encoding="utf-8")
    yield file
    served.post("/regimes/studio.yaml/edit/discard")
    file.unlink()


def points(text: str, item: str) -> str:
    found = re.search(rf"\{{id: {item},.*?points: (-?\w+)", text, re.DOTALL)
    assert found
    return found[1]


def test_a_value_is_applied_told_undone_and_saved(served: Served, own: Path) -> None:
    text = own.read_text(encoding="utf-8")
    name = re.search(r'name="(catalogue/\d+/points)"', served.get("/regimes/studio.yaml/edit").text)
    assert name
    served.post("/regimes/studio.yaml/edit/values", **{name[1]: "-7"})
    page = served.get("/regimes/studio.yaml/edit").text
    assert "lending-contract points: -20 → -7" in page
    assert "Compared with rongcheng-2013" in page
    assert own.read_text(encoding="utf-8") == text  # nothing is written before it is saved
    served.post("/regimes/studio.yaml/edit/save")
    changed = own.read_text(encoding="utf-8")
    assert points(changed, "lending-contract") == "-7"
    assert len([1 for a, b in zip(text.splitlines(), changed.splitlines(), strict=True) if a != b]) == 1
    key = re.search(r'name="key" value="([^"]+)"', served.get("/regimes/studio.yaml/edit").text)
    assert key
    served.post("/regimes/studio.yaml/edit/undo", key=key[1])
    served.post("/regimes/studio.yaml/edit/save")
    assert own.read_text(encoding="utf-8") == text


def test_mistakes_are_told_as_check_tells_them_and_lose_nothing(served: Served, own: Path) -> None:
    wrong = own.read_text(encoding="utf-8").replace("points: -20", "points: twenty", 1)
    served.post("/regimes/studio.yaml/edit/text", text=wrong)
    page = served.get("/regimes/studio.yaml/edit").text
    with served.client() as client:
        told = client.post("/regimes/studio.yaml/check", data={"text": wrong, "token": token(client)}).json()
    assert not told["ok"]
    assert "points: twenty" in page
    own.write_text(wrong, encoding="utf-8")
    said = json.loads(command(served.folder, "check", "studio.yaml", "--json", check=False).stdout)
    ours = [{key: one[key] for key in ("line", "column", "message", "suggestion")} for one in told["problems"]]
    theirs = [
        {key: one[key] for key in ("line", "column", "message", "suggestion")} for one in said["files"][0]["problems"]
    ]
    assert ours == theirs


def test_a_file_that_somebody_else_changed_is_not_written_over(served: Served, own: Path) -> None:
    served.post("/regimes/studio.yaml/edit/text", text=own.read_text(encoding="utf-8") + "# mine\n")
    theirs = own.read_text(encoding="utf-8") + "# theirs\n"
    own.write_text(theirs, encoding="utf-8")
    found = served.post("/regimes/studio.yaml/edit/save")
    assert found.status_code == 422
    assert "# mine" in found.text
    assert own.read_text(encoding="utf-8") == theirs


def test_copies_never_replace_a_file_and_lead_nowhere_else(served: Served) -> None:
    for name in ("mine.yaml", "../outside.yaml", "a/b.yaml", ".hidden.yaml", MARKER):
        found = served.post("/regimes/suining-2010/copy", name=name)
        assert found.status_code == 422, name
        assert MARKER not in found.text
    assert not (served.folder.parent / "outside.yaml").exists()


def test_markup_in_records_and_names_is_text(served: Served) -> None:
    for path in ("/regimes/suining-2010/case", "/runs/two-worlds/eyes?viewer=own-page"):
        joint = "&" if "?" in path else "?"
        with served.client() as client:
            found = client.get(f"{path}{joint}", params={"r": MARKER, "who": MARKER, "viewer": "own-page"})
        assert "<b onmouseover" not in found.text
        assert found.status_code in {200, 202, 404, 422}


def test_a_result_of_a_lesson_stays_covered_until_a_guess(served: Served) -> None:
    assert "580" not in served.get("/learn/points-or-lists/1").text.split('id="ask"')[1].split("</section>")[0]
    found = served.post("/learn/points-or-lists/1", guess="700")
    shown = served.get(found.headers["location"]).text
    assert "580" in shown
    assert "700" in shown
    assert "points-or-lists,1,700.0" in served.get("/learn/predictions.csv").text
    assert (
        "Write a number" in served.get(served.post("/learn/points-or-lists/1", guess="many").headers["location"]).text
    )


def test_the_questionnaire_keeps_words_and_values(served: Served, own: Path) -> None:
    found = served.post("/assess/studio.yaml/1", note=f"For trust. {MARKER}", to="on")
    assert found.headers["location"] == "/assess/studio.yaml/2"
    name = re.search(r'name="(catalogue/\d+/points)"', served.get("/assess/studio.yaml/2").text)
    assert name
    served.post("/assess/studio.yaml/2", **{name[1]: "-9", "to": "save"})
    assert points(own.read_text(encoding="utf-8"), "lending-contract") == "-9"
    notes = served.get("/assess/studio.yaml/notes").text
    assert "For trust." in notes
    assert "<b onmouseover" not in notes


def test_through_their_eyes_says_the_same_as_the_command(served: Served) -> None:
    page = served.get("/runs/two-worlds/eyes?viewer=own-page&who=R-00042&m=9").text
    said = json.loads(
        command(
            served.folder,
            "eyes",
            "runs/two-worlds",
            "--viewer",
            "own-page",
            "--who",
            "R-00042",
            "--month",
            "9",
            "--world",
            "beijing-points",
            "--json",
        ).stdout
    )
    assert said["synthetic"]
    for section in said["shown"]:
        for item in section["items"]:
            assert item["value"].split(";")[0] in page
    assert "What really happened" in page
    assert said["sentence"] in page


def test_the_start_leads_to_a_first_look(served: Served) -> None:
    """Of a rule book that comes along and of an own file: figures, what they are, and the way to a run."""
    assert 'name="look"' in served.get("/").text
    for name in ("court-defaulters", "mine.yaml"):
        found = served.get(f"/choose?regime={name}&question=doors&look=1")
        assert found.url.path == f"/regimes/{name}/preview"
        assert 'data-state="preview"' in found.text
        assert "not for citing" in found.text
        assert "attempts refused because of a rule" in found.text
        assert f"/run/new?regime={name}" in found.text
        assert "add to evidence" not in found.text
    assert served.get("/regimes/broken.yaml/preview").status_code == 422
    assert served.get("/regimes/nowhere/preview").status_code == 404


def test_a_lesson_that_is_none_is_told_before_anything_is_served(tmp_path: Path) -> None:
    found = command(tmp_path, "app", "--no-browser", "--port", "0", "--lesson", "who-gets-liste", check=False)
    assert found.returncode == 2
    assert "Did you mean who-gets-listed?" in found.stderr
