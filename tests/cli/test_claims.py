"""Claims on the command line: a card, a table, answers that are kept, gone on with and read again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest

from tests.claims.test_claims import CLAIM
from tests.cli.conftest import SOURCE

CHECK = ("claim", "check", "trial.yaml", "--points", "6", "--replays", "2")


def written(tmp_path, text: str = CLAIM):
    (tmp_path / "trial.yaml").write_text(text, encoding="utf-8")
    return tmp_path / "trial.yaml"


def test_check_keeps_and_shows_again(counterscore, tmp_path):
    written(tmp_path)
    shown = counterscore(*CHECK, "--out", "answers.json")
    assert shown.code == 0, shown.err
    words = " ".join(shown.out.split())
    for said in (
        "Too noisy to tell: 3 of 6 plausible settings are clear of chance",
        "It would hold: somebody is recorded",
        "At the assumptions as they are:",
        "Made by: counterscore claim check trial.yaml --points 6 --replicates 2 --seed 1",
    ):
        assert said in words
    again = counterscore("claim", "show", "answers.json")
    assert again.out == shown.out
    data = counterscore("claim", "show", "answers.json", "--json").data
    assert data == json.loads((tmp_path / "answers.json").read_text(encoding="utf-8"))
    assert len(data["claims"][0]["settings"]) == 6
    assert {"holds", "low", "high", "n_settings", "range_kind"} <= set(data["claims"][0]["share"])
    direct = counterscore(*CHECK, "--json").data
    assert direct["claims"] == data["claims"]
    refused = counterscore(*CHECK, "--out", "answers.json")
    assert refused.code == 2
    assert "--resume" in refused.err


def test_settings_as_a_table(counterscore, tmp_path):
    written(tmp_path)
    assert counterscore(*CHECK, "--out", "settings.csv").code == 0
    lines = (tmp_path / "settings.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 + 1 + 6
    assert lines[0].startswith("acts.traffic-violation.detection,acts.traffic-violation.rate,estimate,low,high")
    assert counterscore("claim", "check", "--all", "--out", "settings.csv").code == 2
    assert counterscore(*CHECK, "--out", "settings.txt").code == 2
    assert counterscore(*CHECK, "--resume").code == 2


def test_stopped_and_gone_on_with(counterscore, tmp_path):
    written(tmp_path)
    check = ("claim", "check", "trial.yaml", "--points", "60", "--replays", "4")
    process = subprocess.Popen(
        [sys.executable, "-m", "counterscore", *check, "--out", "answers.json"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    said = ""
    while "settings   about" not in said:  # the first tenth is done
        said = process.stderr.readline()
        assert process.poll() is None, said
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=240)
    assert process.returncode == 6, err
    assert "Stopped after" in out
    assert "--resume" in err
    part = json.loads((tmp_path / "answers.json").read_text(encoding="utf-8"))["claims"][0]
    assert part["partial"]
    assert 5 <= len(part["settings"]) < 60
    resumed = counterscore(*check, "--out", "answers.json", "--resume")
    assert resumed.code == 0, resumed.err
    whole = json.loads((tmp_path / "answers.json").read_text(encoding="utf-8"))["claims"][0]
    assert not whole["partial"]
    assert whole["settings"][: len(part["settings"])] == part["settings"]
    assert counterscore(*check, "--json").data["claims"] == [whole]


def test_many_are_a_table(counterscore, tmp_path):
    """The claims that cannot be tested cost nothing; the others are stopped before they begin."""
    shown = counterscore("claim", "show", "--all", "--json")
    assert shown.code == 0
    ids = [one["id"] for one in shown.data["claims"]]
    assert len(ids) >= 25
    found = counterscore("claim", "check", "political-twist", "--json").data["claims"][0]
    two = {**counterscore("claim", "check", "approval", "--json").data}
    two["claims"].append(found)
    (tmp_path / "two.json").write_text(json.dumps(two), encoding="utf-8")
    table = counterscore("claim", "show", "two.json").out
    assert table.splitlines()[0].split()[:3] == ["claim", "side", "answer"]
    assert "political-twist" in table
    assert max(map(len, table.splitlines())) < 160


def test_new_says_what_was_asked(counterscore, tmp_path):
    asked = ["--measure", "months_to_exit", "--world", "beijing-points+expiry-24mo", "--against", "beijing-points"]
    assert counterscore("claim", "new", "Expiry shortens listing", *asked, "--below", "0", "--out", "e.yaml").code == 0
    text = (tmp_path / "e.yaml").read_text()
    assert 'measure: "months_to_exit"' in text
    assert 'world: {"regime": "beijing-points", "with": ["expiry-24mo"]}' in text
    assert 'supported_if: {"below": 0.0}' in text
    assert counterscore("claim", "check", "e.yaml").code == 3
    for line in text.splitlines():
        key, _, value = line.partition(": ")
        if "TO FILL IN" in value:
            told = {"side": "critics", "source": '{"title": "a talk", "kind": "news"}', "vary": '["response.*"]'}
            text = text.replace(line, f"{key}: {told.get(key, 'said by somebody')}")
    (tmp_path / "e.yaml").write_text(text)
    assert counterscore("claim", "show", "e.yaml").code == 0
    assert counterscore("claim", "new", "x", "--measure", "nothing", "--out", "f.yaml").code == 2
    assert counterscore("claim", "new", "x", "--above", "1", "--below", "2", "--out", "f.yaml").code == 2
    assert not (tmp_path / "f.yaml").exists()


@pytest.mark.parametrize("left", ["who says it", "what would make it hold", "what the model cannot say about it"])
def test_a_text_that_nobody_edited_is_refused(counterscore, tmp_path, left):
    text = (
        "format: 1\nkind: claim\nid: a\ntext: b\nspeaker: c\nside: critics\nsource: {title: d, kind: news}\n"
        f"written: '2026'\ntestable: false\ncannot_show: {left}\n"
    )
    (tmp_path / "a.yaml").write_text(text)
    assert counterscore("claim", "check", "a.yaml").code == 3


def test_new_is_a_claim_that_reads(counterscore, tmp_path):
    new = counterscore("claim", "new", 'It "shortens" listing', "--out", "mine.yaml")
    assert new.code == 0
    assert "To be filled in" in new.out
    assert "months_to_listing" in new.out
    refused = counterscore("claim", "check", "mine.yaml")
    assert refused.code == 3
    assert "mine.yaml:5:10: speaker is still to be filled in" in refused.err + refused.out
    assert counterscore("claim", "new", "again", "--out", "mine.yaml").code == 2
