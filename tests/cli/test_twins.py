"""Twins as a reader makes them."""

from __future__ import annotations

SMALL = ("--city", "demo", "--residents", "700", "--months", "16", "--replays", "2", "--seed", "7")


def test_twins_of_a_regime_and_of_a_run(counterscore):
    shown = counterscore("twins", "suining-2010", "none", *SMALL, "--out", "runs/one")
    assert shown.code == 0, shown.err
    assert "suining-2010 compared with none: the same" in shown.out
    assert "Exactly no difference:" in shown.out
    assert "differs by exactly 0 for all 700 residents in 2 replicates" in " ".join(shown.out.split())
    assert "Certificate: of" in shown.out
    assert "Every difference is suining-2010 less none" in shown.out
    assert "2 worlds, 2 replicates" in shown.err
    data = counterscore("twins", "one", "--json").data
    assert data["placebo"]["holds"] is True
    assert data["reach"]["certified"] is True
    assert data["people"]["columns"]
    assert {row["baseline"] for row in data["effects"]} == {"none"}
    assert "score" in data["people"]["left_out"]


def test_each_rule(counterscore):
    shown = counterscore("twins", "suining-2010", "--rules", "drunk-driving,unpaid-taxes", *SMALL)
    assert shown.code == 2
    assert "no rule of suining-2010" in shown.err
    listed = counterscore("show", "suining-2010", "--json").data
    ids = [row["id"] for row in listed["regimes"][0]["catalogue"]][:2]
    shown = counterscore("twins", "suining-2010", "--rules", ",".join(ids), *SMALL, "--json")
    assert shown.code == 0, shown.err
    assert [one["id"] for one in shown.data["rules"]] == ids
    assert "3 worlds" in shown.err
    for one in shown.data["rules"]:
        assert set(one["effects"]) >= {"listed_ever", "refusals", "misconduct"}
        assert one["at"].startswith("suining-2010/regime.yaml:")
        assert all(f["baseline"].endswith(f"+without-{one['id']}") for f in one["effects"].values())


def test_against_itself_and_reforms(counterscore):
    shown = counterscore("twins", "suining-2010", "suining-2010", *SMALL)
    assert shown.code == 0, shown.err
    assert "Placebo twin" in shown.out
    shown = counterscore("twins", "suining-2010+expiry-24mo", "suining-2010", *SMALL, "--reach", "0", "--no-placebo")
    assert shown.code == 0, shown.err
    assert "suining-2010+expiry-24mo compared with suining-2010" in shown.out
    assert "Certificate" not in shown.out


def test_twins_mistakes(counterscore):
    for arguments, said in (
        (("twins", "suining-2010"), "compared with what"),
        (("twins", "suining-2010", "nonee"), "Did you mean none"),
        (("twins", "suining-2010", "none", "--each-rule"), "Leave B out"),
    ):
        shown = counterscore(*arguments)
        assert shown.code == 2, shown.err
        assert said in shown.err


def test_diff_of_two_runs(counterscore):
    run = ("run", "suining-2010", *SMALL)
    assert counterscore(*run, "--out", "runs/a").code == 0
    assert counterscore(*run, "--out", "runs/b").code == 0
    assert counterscore(*run, "--set", "acts.drunk-driving.detection=0.9", "--out", "runs/c").code == 0
    assert "identical" in counterscore("diff", "a", "b").out
    shown = counterscore("diff", "a", "c")
    assert shown.code == 0, shown.err
    assert "assumption acts.drunk-driving.detection" in shown.out
    assert "step 3 (Recording)" in shown.out
    assert "counterscore life a --resident R-" in shown.err
    data = counterscore("diff", "a", "c", "--json").data
    assert data["parting"]["resident"] in shown.out
