"""The editor, the case on paper, through their eyes, the months, lessons and the questionnaire: asked, and looked at."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from counterscore import preview
from counterscore.bundle import is_bundle
from counterscore.catalog import load_regime, own_copy, regime_text
from tests.web.browsing import browser, scan, visit
from tests.web.conftest import MARKER, Served, command, token, told, wait

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
def window() -> Iterator[Any]:
    with browser() as found:
        yield found


@pytest.mark.timeout(900)  # some forty pages, on a machine that may have other things to do
def test_every_page_is_accessible_fits_and_asks_nothing_of_elsewhere(window: Any, served: Served) -> None:
    assert not scan(window, served, PAGES)


def test_problems_are_told_while_one_types_and_lead_to_their_place(window: Any, served: Served) -> None:
    page = visit(window, served).open("/regimes/mine.yaml/edit")
    before = page.locator("#text").input_value()
    page.locator("#text").fill(before.replace("points: -20", "points: twenty", 1))
    page.locator("#problems", has_text="1 problem").wait_for()
    assert "twenty" in page.locator(".problems").inner_text()
    page.locator(".problems button").first.click()
    chosen = page.evaluate(
        "() => { const b = document.querySelector('#text'); return b.value.slice(b.selectionStart, b.selectionEnd); }"
    )
    assert chosen.startswith("twenty")
    page.locator("#text").fill(before.replace("severity: general", "severity: generel", 1))
    page.get_by_role("button", name="Use general").click()
    assert page.locator("#text").input_value() == before


def test_months_are_stepped_through_by_button_number_and_address(window: Any, served: Served) -> None:
    page = visit(window, served).open("/runs/two-worlds/months")
    page.get_by_role("button", name="Step on").click()
    assert page.locator("[data-at]").inner_text() == "1"
    row = page.locator("[data-rows] tbody tr").nth(1).locator("td").first.inner_text()
    assert page.locator("[data-of='1']").inner_text() == row
    assert page.url.endswith("m=1")
    quiet = visit(window, served, reduced_motion="reduce").open("/runs/two-worlds/months")
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
        answer = client.post("/regimes/studio.yaml/check", data={"text": wrong, "token": token(client)}).json()
    assert not answer["ok"]
    assert "points: twenty" in page
    own.write_text(wrong, encoding="utf-8")
    said = json.loads(command(served.folder, "check", "studio.yaml", "--json", check=False).stdout)
    ours = [{key: one[key] for key in ("line", "column", "message", "suggestion")} for one in answer["problems"]]
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


def test_a_measure_that_a_scheme_has_already_is_told_before_the_run(served: Served, own: Path) -> None:
    own.write_text(regime_text("court-defaulters"), encoding="utf-8")
    found = served.post("/assess/studio.yaml/8", reforms="appeals-60d", months="7", to="run")
    assert found.status_code == 422
    assert "The measure appeals-60d cannot be tried here" in found.text
    assert 'value="7"' in found.text
    assert 'value="appeals-60d" checked' in found.text


def test_through_their_eyes_says_the_same_as_the_command(served: Served) -> None:
    page = served.get("/runs/two-worlds/eyes?viewer=own-page&who=R-00042&m=9").text
    asked = ("--viewer", "own-page", "--who", "R-00042", "--month", "9", "--world", "beijing-points")
    said = json.loads(told(served.folder, "eyes", "runs/two-worlds", *asked, "--json"))
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


def test_a_mistake_with_a_near_word_is_mended_by_its_button(served: Served, own: Path) -> None:
    text = own.read_text(encoding="utf-8")
    served.post("/regimes/studio.yaml/edit/text", text=text.replace("severity: general", "severity: generel", 1))
    page = served.get("/regimes/studio.yaml/edit").text
    assert "Use general" in page
    form = re.search(r'<form[^>]*edit/fix".*?</form>', page, re.DOTALL)
    assert form
    given = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0]))
    served.post("/regimes/studio.yaml/edit/fix", **{key: given[key] for key in ("line", "column", "found", "instead")})
    served.post("/regimes/studio.yaml/edit/save")
    assert own.read_text(encoding="utf-8") == text
    again = served.post(
        "/regimes/studio.yaml/edit/fix", **{k: given[k] for k in ("line", "column", "found", "instead")}
    )
    assert again.status_code == 422


def test_a_new_rule_is_added_by_the_form(served: Served, own: Path) -> None:
    page = served.get("/regimes/studio.yaml/edit?part=catalogue").text
    assert "Add the rule" in page
    new = {"part": "catalogue", "like": "lending-contract", "new": "late-fee", "label": "A late fee"}
    act = re.search(r'<select id="act".*?<option value="([^"]+)"', page, re.DOTALL)
    assert act
    served.post("/regimes/studio.yaml/edit/rule", **new, act=act[1])
    page = served.get("/regimes/studio.yaml/edit").text
    assert "No problem" in page or "It can be used" in page
    assert "late-fee: " in page  # what was changed, in words
    refused = served.post("/regimes/studio.yaml/edit/rule", **new, act=act[1])
    assert refused.status_code == 422
    assert 'value="late-fee"' in refused.text
    served.post("/regimes/studio.yaml/edit/rule", part="catalogue", like="late-fee", how="remove")
    assert "Nothing yet" in served.get("/regimes/studio.yaml/edit").text


CLAIM = {
    "text": "Expiry leaves fewer listed at the end",
    "speaker": "a group of our town",
    "side": "critics",
    "source": "our letter",
    "reading": "Adults on a list in the last month, with and without.",
    "measure": "listed_now",
    "regime": "beijing-points",
    "reform": "expiry-24mo",
    "against": "beijing-points",
    "how": "below",
    "border": "0",
    "would_hold": "Many leave by the reform alone.",
    "would_not_hold": "Most leave before.",
    "cannot_show": "Whether anybody is told.",
    "vary": "errors.*",
    "residents": "300",
    "months": "6",
}


def test_a_claim_of_ones_own_is_written_down_before_it_is_tested(served: Served) -> None:
    """Its words, its measure and what it cannot show; what is missing is told and nothing typed is lost."""
    empty = served.post("/claims/new", **(CLAIM | {"would_hold": "", "border": "much"}))
    assert empty.status_code == 422
    empty = served.post("/claims/new", **(CLAIM | {"would_hold": "", "text": f"Fewer {MARKER}"}))
    assert empty.status_code == 422
    assert "would_hold is still to be filled in" in empty.text
    assert "Most leave before." in empty.text
    assert "<b onmouseover" not in empty.text
    found = served.post("/claims/new", **CLAIM)
    address = found.headers["location"]
    page = served.get(address).text
    assert CLAIM["text"] in page
    assert "Test it" in page
    assert "expiry-24mo" in page
    assert CLAIM["text"] in served.get("/claims").text
    file = served.folder / "claims" / address.rsplit("/", 1)[1]
    assert json.loads(told(served.folder, "claim", "show", str(file), "--json"))["claims"][0]["measure"] == "listed_now"
    assert served.post("/claims/new", **CLAIM).status_code == 422  # no file is replaced
    file.unlink()


def test_a_bundle_is_downloaded_and_holds_a_run(served: Served, tmp_path: Path) -> None:
    found = served.get("/runs/half/evidence.zip")
    assert found.headers["content-type"] == "application/zip"
    assert "half.partial.zip" in found.headers["content-disposition"]
    file = tmp_path / "evidence.partial.zip"
    file.write_bytes(found.content)
    assert is_bundle(file)
    assert served.get("/runs/half/evidence.zip").content == found.content


def test_a_run_is_made_again_and_compared(served: Served) -> None:
    address = served.post("/runs/two-worlds/verify").headers["location"]
    text = wait(served, address, "The same again|Not the same|data-state=.failed")
    assert "every cell of every table is the same" in text
    digest = json.loads(told(served.folder, "digest", "runs/two-worlds", "--json"))
    assert any(value in text for value in map(str, digest.values()))
    served.post(f"{address}/forget")


def test_the_method_is_told_in_as_many_words_as_one_asks_for(served: Served) -> None:
    page = served.get("/runs/two-worlds/method?words=60").text
    box = re.search(r'<section id="box"><h2>In 60 words</h2>\s*<p>(.*?)</p>', page, re.DOTALL)
    assert box
    assert 20 < len(box[1].split()) <= 60
    said = told(served.folder, "method", "runs/two-worlds", "--words", "60")
    assert " ".join(unescape(box[1]).split()) == " ".join(said.split())


def test_a_chart_is_downloaded_as_a_picture(served: Served) -> None:
    found = served.get("/runs/two-worlds/charts/doors-at-once.png")
    assert found.headers["content-type"] == "image/png"
    assert found.content.startswith(b"\x89PNG")


def test_a_rule_book_is_told_in_the_order_that_all_are(served: Served) -> None:
    """And its expected numbers are those that come out."""
    text = served.get("/regimes/court-defaulters").text
    headings = ["What it is", "How to read it", "Things to notice", "Things to try", "Left out", "How to cite it"]
    places = [text.index(f"<h2>{one}</h2>") for one in headings]
    assert places == sorted(places)
    rows = preview.as_json(preview.preview(load_regime("court-defaulters")))["rows"]
    assert rows
    for one in rows:
        assert f"{one['now']} {one['spread']}".strip() in text, one["label"]
