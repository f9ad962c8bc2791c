"""The main job as a stranger would do it, in a pipe, in an empty folder."""

from __future__ import annotations

import json

import pytest

RUN = ("run", "suining-2010", "--city", "demo", "--residents", "600", "--months", "14", "--replays", "3", "--seed", "7")


def test_run_numbers_digest_verify(counterscore):
    shown = counterscore(*RUN, "--threads", "2", "--out", "one")
    assert shown.code == 0, shown.err
    assert "Compared with: No scheme" in shown.out
    assert "Saved  one" in shown.out
    assert "100 %" in shown.err
    assert max(map(len, shown.out.splitlines())) < 160
    digest = counterscore("digest", "one").out.splitlines()
    assert [line.split()[1] for line in digest] == ["columns", "counts"]
    assert all(len(line.split()[0]) == 64 for line in digest)
    again = counterscore(*RUN, "--threads", "1", "--out", "two")
    assert again.code == 0
    assert counterscore("digest", "two").out.splitlines() == digest
    data = counterscore("numbers", "one", "--json").data
    assert data["baseline"] == "none"
    row = next(one for one in data["measures"] if one["id"] == "listed_ever")
    assert {"id", "value", "low", "high", "unit", "range_kind", "n_replays", "limits"} <= set(row)
    assert counterscore("verify", "one").code == 0
    other = counterscore(*RUN[:-1], "8", "--out", "three")
    assert other.code == 0
    differs = counterscore("verify", "one", "three")
    assert differs.code == 5
    assert "table outcomes" in differs.err
    method = counterscore("method", "one").out
    for heading in ("Purpose and patterns", "Entities, state variables and scales", "Submodels"):
        assert heading in method
    assert counterscore("show", "one").code == 0
    prose = counterscore("numbers", "one", "--prose").out
    assert "Ranges are the middle 90 % of replicates" in " ".join(prose.split())


def test_a_run_is_not_overwritten_and_resumes(counterscore):
    assert counterscore(*RUN, "--out", "one").code == 0
    refused = counterscore(*RUN, "--out", "one")
    assert refused.code == 2
    assert "already holds a run" in refused.err
    assert counterscore("run", "--resume", "one").code == 0
    assert counterscore(*RUN, "--out", "one", "--resume").code == 0


def test_progress_as_json_lines(counterscore):
    shown = counterscore(*RUN, "--progress", "json", "--json")
    lines = [json.loads(line) for line in shown.err.splitlines() if line.startswith("{")]
    assert lines[-1]["replays_done"] == 3
    assert lines[-1]["t"] == "progress"
    assert json.loads(shown.out)["prose"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "beijing-pionts"), "Did you mean beijing-points"),
        (("run", "none", "--set", "errors.untre=1"), "Did you mean errors.untrue"),
        (("run", "none", "--with", "expiry"), "expiry-24mo"),
        (("run", "none", "--city", "bejing"), "Did you mean beijing"),
        (("numbers", "nowhere"), "no run is called"),
    ],
)
def test_what_does_not_exist_is_told_with_a_suggestion(counterscore, arguments, said):
    shown = counterscore(*arguments)
    assert shown.code == 2
    assert said in shown.err


def test_several_worlds_and_reforms(counterscore):
    shown = counterscore(*RUN, "--also", "expiry-24mo", "--also", "rongcheng-2013", "--out", "three", "--json")
    assert shown.code == 0, shown.err
    assert {row["world"] for row in json.loads(shown.out)["measures"]} == {
        "suining-2010",
        "suining-2010+expiry-24mo",
        "rongcheng-2013",
    }


def test_check_exits_0_or_3(counterscore, tmp_path):
    assert counterscore("copy", "suining-2010", "mine.yaml").code == 0
    assert counterscore("check", "mine.yaml").code == 0
    text = (tmp_path / "mine.yaml").read_text().replace("points: 100", "points: minus 20", 1)
    (tmp_path / "mine.yaml").write_text(text)
    shown = counterscore("check", "mine.yaml")
    assert shown.code == 3
    assert 'found "minus 20"' in shown.out
    assert "Write -20." in shown.out
    assert "^^^^" in shown.out
    found = counterscore("check", "mine.yaml", "--json").data
    assert found["files"][0]["problems"][0]["line"] > 1


def test_case_prints_steps_and_tests_expectations(counterscore, tmp_path):
    shown = counterscore("case", "suining-2010", "--json")
    assert shown.code == 0
    first = shown.data["cases"][0]
    assert set(first["final"]) >= {"score", "grade", "lists", "doors"}
    assert first["ok"] is True
    assert first["steps"][0]["line"] > 1
    (tmp_path / "cases.yaml").write_text(
        "format: 1\nregime: suining-2010\nreader: author\ncases:\n  - name: wrong on purpose\n"
        "    records: [{on: 2010-02, act: loan-arrears}]\n    expect: {score: 1}\n"
    )
    assert counterscore("case", "suining-2010", "cases.yaml").code == 5


def test_diff_month_list_and_doctor(counterscore):
    shown = counterscore("diff", "suining-2010", "suining-2010", "--with", "expiry-24mo")
    assert shown.code == 0
    assert "24 months" in shown.out
    assert "1. Circumstances" in counterscore("month").out or "Circumstances" in counterscore("month").out
    for what in ("regimes", "reforms", "cities", "measures", "acts", "services", "domains", "assumptions", "runs"):
        assert counterscore("list", what).code == 0, what
    assert counterscore("doctor").code == 0
    assert "Beijing" in counterscore("show", "beijing").out
