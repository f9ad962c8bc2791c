"""``law`` as a data-protection officer meets it: read, ask, answer, read again, and mistakes told in sentences."""

from __future__ import annotations

import re

import pytest

from counterscore.laws.check import DISCLAIMER
from tests.laws.mine import MINE


@pytest.fixture
def mine(tmp_path):
    (tmp_path / "mine.yaml").write_text(MINE, encoding="utf-8")
    return "mine.yaml"


def test_a_rule_book_of_one_s_own_is_read_asked_about_and_answered(counterscore, mine, tmp_path):
    first = counterscore("law", mine, "--under", "eu", "--as-of", "2026-11-28")
    assert first.code == 0
    assert "AIA-06" in first.out
    assert "Open questions" in first.out
    assert DISCLAIMER in first.out
    assert "--ask facts.yaml" in first.err

    asked = counterscore("law", mine, "--under", "eu", "--as-of", "2026-11-28", "--ask", "facts.yaml")
    assert re.search(r"Saved  facts.yaml   \(\d+ open questions\)", asked.out)
    file = tmp_path / "facts.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace(
            'dpia: {value: unknown, who: "", source: ""}', "dpia: {value: none, who: the officer, source: register}"
        ),
        encoding="utf-8",
    )

    before = counterscore("law", mine, "--under", "eu", "--as-of", "2026-11-28", "--json").data
    after = counterscore("law", mine, "--under", "eu", "--as-of", "2026-11-28", "--facts", "facts.yaml", "--json").data
    results = [{one["check"]: one["result"] for one in data["findings"]} for data in (before, after)]
    assert {check for check in results[0] if results[0][check] != results[1][check]} == {"GDPR-19"}
    assert results[1]["GDPR-19"] == "met"
    assert any("dpia = none (answered by the officer" in line for line in after["answers"])

    told = counterscore(
        "law",
        mine,
        "--under",
        "eu",
        "--as-of",
        "2026-11-28",
        "--facts",
        "facts.yaml",
        "--check",
        "GDPR-19",
        "--no-color",
    )
    assert "If this rule book were used in the EU on 2026-11-28" in " ".join(told.out.split())
    assert "dpia = none" in told.out
    assert DISCLAIMER in told.out


def test_witnesses_become_cases_that_come_out(counterscore):
    saved = counterscore("law", "critics-scenario", "--under", "eu", "--as-of", "2026-11-28", "--cases", "w.yaml")
    assert saved.code == 0
    worked = counterscore("case", "critics-scenario", "w.yaml")
    assert worked.code == 0
    assert "All expectations came out." in worked.out


def test_without_a_rule_book_the_sources_are_listed(counterscore):
    data = counterscore("law", "--json").data
    assert sum(len(one["checks"]) for one in data["sources"]) == 91
    assert "recalled, not read again" in counterscore("law").out


def test_diff_says_which_findings_appear_and_disappear(counterscore, mine):
    plain = counterscore("diff", mine, mine, "--with", "notice", "--under", "eu", "--as-of", "2026-11-28")
    assert "Findings of law: none appears, disappears or changes." in plain.out
    found = counterscore(
        "diff",
        "critics-scenario",
        "critics-scenario",
        "--with",
        "notice",
        "--under",
        "eu",
        "--as-of",
        "2026-11-28",
        "--json",
    ).data
    mine_only = {
        one["check"]: (one["old"], one["new"], one["how"])
        for one in found["findings"]
        if one["regime"] == "critics-scenario"
    }
    assert mine_only == {
        "GDPR-10": ("met", "not met", "disappears"),
        "GDPR-11": ("needs facts", "not met", "changes"),
        "GDPR-12": ("needs facts", "needs facts", "changes"),
    } or mine_only == {"GDPR-10": ("met", "not met", "disappears"), "GDPR-11": ("needs facts", "not met", "changes")}


@pytest.mark.parametrize(
    ("arguments", "code", "message", "write"),
    [
        (
            ("law", "mine.yaml", "--under", "mars"),
            2,
            'no territory is called "mars"',
            "One or more of: eu,echr,uk,us,ca,br,in,cn.",
        ),
        (("law", "behaviour-lending"), 2, '"anywhere" lies in no territory that is known here', "--under eu"),
        (
            ("law", "mine.yaml", "--under", "eu", "--as-of", "1890"),
            2,
            "lies before any law that is known here",
            "--as-of 2018-05-25",
        ),
        (("law", "mine.yaml", "--under", "eu", "--as-of", "soon"), 2, 'not a date: "soon"', "2026-11-28"),
        (("law", "mine.yaml", "--under", "eu", "--check", "AIA-99"), 2, 'no check is called "AIA-99"', "Did you mean"),
        (("law", "mine.yaml", "--under", "uk", "--check", "AIA-01"), 2, "AIA-01 is not read under uk", "Add --under."),
        (("law", "mine.yaml", "--facts", "none.yaml"), 3, "none.yaml", ""),
        (("law", "mine.yaml", "--under", "eu", "--run", "latest"), 2, 'no run is called "latest"', "counterscore run"),
    ],
)
def test_mistakes_end_in_a_sentence(counterscore, mine, arguments, code, message, write):
    shown = counterscore(*arguments)
    assert shown.code == code
    assert message in shown.err
    assert write in shown.err
    assert "Traceback" not in shown.err


def test_a_wrong_table_is_told_with_its_place(counterscore, mine, tmp_path):
    (tmp_path / "table.yaml").write_text(
        "format: 1\nkind: relatedness\nid: T\ntitle: T\ndomains: [finance]\ncontexts: {finanse: {finance: x}}\n",
        encoding="utf-8",
    )
    shown = counterscore("law", mine, "--under", "eu", "--related", "table.yaml")
    assert shown.code == 3
    assert 'table.yaml:6:12: no context is called "finanse"' in shown.err
    assert "Did you mean finance?" in shown.err
