"""Life files and explanations as a reader makes them."""

from __future__ import annotations

import json

RUN = ("run", "suining-2010", "--city", "demo", "--residents", "900", "--months", "18", "--replays", "2", "--seed", "7")


def test_life_and_explain(counterscore, tmp_path):
    assert counterscore(*RUN, "--out", "runs/one").code == 0
    shown = counterscore("life", "one", "--pick", "p90", "--of", "recorded")
    assert shown.code == 0, shown.err
    assert "Picked: the 90th percentile of" in shown.out
    assert "published scores equal the start and the changes" in shown.out
    data = counterscore("life", "one", "--pick", "p90", "--of", "recorded", "--json").data
    assert data["resident"] in shown.out
    point = next(e["point"] for e in data["worlds"][0]["events"] if e["event"] == "record")
    told = counterscore("explain", "one", point)
    assert told.code == 0, told.err
    for word in ("why here", "rule", "line", "source", "could have ended it", "trace", "regime.yaml:"):
        assert word in told.out
    assert counterscore("explain", "one", point, "--json").data["point"] == point
    made = counterscore("life", "one", "--resident", data["resident"], "--out", "file.html")
    assert made.code == 0, made.err
    text = (tmp_path / "file.html").read_text()
    assert "hand-picked" in text
    assert data["resident"] in text
    assert counterscore("life", "one", "--resident", data["resident"], "--out", "file.json").code == 0
    assert json.loads((tmp_path / "file.json").read_text())["hand_picked"] is True
    assert [one["world"] for one in data["worlds"]] == ["suining-2010", "none"]


def test_the_life_of_a_public_body_and_the_list_of_runs(counterscore):
    assert counterscore("list", "runs").code == 0
    rated = (
        "run",
        "government-integrity",
        "--city",
        "beijing",
        "--residents",
        "2000",
        "--months",
        "14",
        "--replays",
        "1",
    )
    assert counterscore(*rated, "--out", "runs/rated").code == 0
    shown = counterscore("life", "rated", "--body", "B-00001")
    assert shown.code == 0, shown.err
    assert "attempts refused by a door." in shown.out
    runs = counterscore("list", "runs")
    assert runs.code == 0, runs.err
    assert "government-integrity, none" in runs.out


def test_life_mistakes(counterscore):
    assert counterscore(*RUN, "--out", "runs/one").code == 0
    for arguments, said in (
        (("life", "one"), "or let a resident be picked"),
        (("life", "one", "--firm", "F-00012"), "none lives in this run, for no rule book of it is about firms"),
        (("life", "one", "--firm", "R-00012"), "Write --resident R-00012"),
        (("life", "one", "--resident", "R-00012", "--body", "B-00001"), "name one resident, firm or public body"),
        (("life", "one", "--resident", "R-12"), "Ids have five digits: R-00012"),
        (("life", "one", "--pick", "median", "--of", "listd"), "Did you mean listed"),
        (("life", "one", "--resident", "R-00012", "--world", "other"), "It has: suining-2010, none"),
        (("life", "one", "--resident", "R-00012", "--replay", "9"), "no finished replicate 9"),
        (("life", "one", "--resident", "R-00012", "--out", "x.pdf"), "--out must end in"),
        (("explain", "one", "R-00012"), "resident:replicate:number"),
        (("explain", "one", "R-00012:0:9999"), "has no event 9999"),
    ):
        shown = counterscore(*arguments)
        assert shown.code == 2, (arguments, shown.err)
        assert said in shown.err, (arguments, shown.err)
        assert "Traceback" not in shown.err
