"""A change of a rule book, of an answer or of the day changes the limbs it is about, and no other."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from datetime import date, timedelta

import pytest

from counterscore.catalog import load_regime, regime_ids
from counterscore.laws import findings, laws, limbs, standing_of, territories
from counterscore.regime.read import read_regime
from tests.laws.mine import DAY, FACTS, MINE, book_of, changed, read, results
from tests.laws.mutations import MUTATIONS, Mutation

SHORT = {"met": "met", "not": "not met", "needs": "needs facts"}
#: Checks that never have a result, or whose result nothing in a file can change: see ``open`` in their files.
FIXED = {"AIA-04", "AIA-10", "AIA-13", "AIA-17", "GDPR-18", "UK-04", "IN-01", "COE-01", "BR-02", "CN-25"}
MOVED_ELSEWHERE = {
    "GDPR-05",
    "GDPR-17",
    "UK-02",
    "AIA-12",
    "AIA-16",
    "UK-03",
    "CN-01",
}  #: by tests of their own, or with others


@pytest.fixture(scope="module")
def base() -> dict[str, str]:
    return results(read())


@pytest.mark.parametrize("one", MUTATIONS, ids=lambda one: f"{one.limb} {one.name}".strip())
def test_a_mutation_changes_exactly_its_limbs(base: dict[str, str], one: Mutation):
    now = results(read(changed(*one.book), changed(*one.facts, text=FACTS), one.day))
    expected = {check: SHORT[value] for check, value in (part.split(":") for part in one.moves.split())}
    assert {check: now[check] for check in now if now[check] != base[check]} == expected
    assert one.limb in expected


def test_every_limb_has_a_mutation():
    off = {check.id for law in laws() for check in law.checks if check.reading == "recalled"}
    assert set(limbs()) - off - FIXED - MOVED_ELSEWHERE == {one.limb for one in MUTATIONS} - MOVED_ELSEWHERE - FIXED


def test_a_private_file_that_keeps_a_public_entry_longer():
    text = """\
format: 1
id: keeper
title: Keeper
place: anywhere
status: scenario
owner: private
stack: [court-defaulters]
sources: {text: {title: The text, kind: rule text}}
authorities: {courts: {label: Courts, contexts: [court_judgment]}}
catalogue:
  - {id: noted, label: Noted, on_list: court-defaulters-conduct, authority: courts, validity: 24 months, source: text, mark: verified}
"""
    for months, expected in ((24, "not met"), (25, "met")):
        book = read_regime(text.replace("24 months", f"{months} months"), find=load_regime)
        assert findings(book, under="eu", as_of=DAY)["GDPR-05"].result == expected
    book = read_regime(text.replace("court-defaulters-conduct", "court-defaulters"), find=load_regime)
    assert findings(book, under="eu", as_of=DAY)["GDPR-05"].result == "needs facts"


def test_special_data_and_a_program_alone_are_asked_together():
    text = changed(
        ("[unsorted-waste]", "[unsorted-waste, critical-post]"),
        ("automated: none", "automated: solely"),
        ("service: credit-card", "service: loan"),
    )
    now = results(read(text))
    assert (now["GDPR-17"], now["UK-02"], now["GDPR-13"], now["GDPR-08"]) == ("met", "met", "met", "met")


def test_silence_is_not_absence_and_can_be_read_as_no_only_in_a_scenario():
    silent = re.sub(r"rights:\n(  .*\n)+", "", MINE)
    rights = {"GDPR-03", "GDPR-16", "US-04", "BR-01", "CN-07", "CN-14"}
    for status, asked, expected in (
        ("piloted", True, "needs facts"),
        ("scenario", False, "needs facts"),
        ("scenario", True, "met"),
    ):
        annex = read(silent.replace("status: piloted", f"status: {status}"), None, silence_means_no=asked)
        assert {one.result for one in annex if one.check in rights} == {expected}
        assert any("Silence of this scenario" in line for line in annex.closing()) == (expected == "met")


@pytest.mark.parametrize(
    ("limb", "weaker", "left_out"),
    [
        (
            "GDPR-15",
            ("level: ordinary, legal_basis: law", "level: ordinary, legal_basis: policy"),
            "participation: mandatory\n",
        ),
        (
            "ECHR-03",
            ("level: ordinary, legal_basis: law", "level: ordinary, legal_basis: none"),
            "owner: public\nlevel",
        ),
        ("CN-18", ("term: 12 months", "term: 60 months"), "    severity: general\n"),
        ("CN-12", ("service: credit-card", "service: home-purchase"), " level: ordinary,"),
        ("CN-11", ("[unsorted-waste]", "[property-fee-arrears]"), "confirmed"),
    ],
)
def test_a_default_of_the_model_is_not_what_the_file_says(limb, weaker, left_out):
    """With the key written the limb is met; without it, though the model reads the same value, facts are needed or it is not met."""
    written = changed(weaker)
    if limb == "ECHR-03":
        silent = written.replace("owner: public\n", "").replace(
            "level: {value: city, source: text, mark: verified}\n", ""
        )
        facts = FACTS.replace("  operator: {value: public, who: the operator, source: statute}\n", "")
    elif limb == "CN-11":
        written = changed(
            weaker,
            (
                "rights:\n",
                "  - {id: fees, service: school-place, effect: closed, when: record waste, level: serious, legal_basis: law, source: text, mark: verified}\nrights:\n",
            ),
        )
        silent, written, facts = (
            written.replace("confirmed: true, ", ""),
            written.replace("confirmed: true", "confirmed: false"),
            FACTS,
        )
    else:
        written = (
            changed(weaker, ("after: 3 months, at_most: 12 months", "after: 3 months")) if limb == "CN-18" else written
        )
        silent, facts = written.replace(left_out, ""), FACTS
    assert silent != written
    assert read(written)[limb].result == "met"
    assert read(silent, facts)[limb].result in {"needs facts", "not met"}


def test_written_unknown_needs_facts():
    rights = ("reasons: true", "reasons: unknown")
    assert (
        read(changed(("appeal: {available: true, decide: 15 days", "appeal: {available: true, decide: unknown")))[
            "CN-21"
        ].result
        == "not met"
    )
    private = changed(
        ("owner: public", "owner: private"),
        ("level: {value: city, source: text, mark: verified}\n", ""),
        ("decide: 15 days", "decide: unknown"),
    )
    facts = FACTS.replace("operator: {value: public", "operator: {value: private")
    assert read(private, facts)["CN-21"].result == "needs facts"
    assert rights[0] in MINE


def test_unknown_points_are_read():
    """The engine moves no score by unknown points; the text still lets the grade read the row. A price that changes by an
    unknown amount, up or down, is not taken for worse treatment: those doors stay open.
    """
    shown = {}
    for name in ("yiwu-2017", "huantai-grid", "hangzhou-qianjiang"):
        book = load_regime(name)
        one = findings(book, under="eu", as_of=DAY)["AIA-06"]
        shown[name] = (one.result, len({said.at for said in one.shown}))
    assert shown == {
        "yiwu-2017": ("met", 3),
        "huantai-grid": ("needs facts", 2),
        "hangzhou-qianjiang": ("needs facts", 1),
    }


@pytest.mark.parametrize("law", [law for law in laws() if law.standing == "in force"], ids=lambda one: one.id)
def test_the_day_before_and_the_day_of_each_change(law):
    for check in law.checks:
        if check.reading == "recalled":
            assert standing_of(law, check, date(2026, 11, 28)) == "off"
            continue
        start, end = law.starts(check), law.ends(check)
        if start:
            assert standing_of(law, check, start - timedelta(days=1)) == "not yet law"
            assert standing_of(law, check, start) == "read"
        if end:
            assert standing_of(law, check, end) == "read"
            assert standing_of(law, check, end + timedelta(days=1)) == "no longer law"


@pytest.mark.parametrize(
    ("check", "first"),
    [
        ("AIA-06", "2025-02-02"),
        ("AIA-15", "2027-12-02"),
        ("AIA-18", "2027-12-02"),
        ("AIA-20", "2026-08-02"),
        ("GDPR-10", "2018-05-25"),
        ("CCD-01", "2026-11-20"),
        ("UK-01", "2026-02-05"),
        ("US-06", "2027-01-01"),
        ("CN-03", "2021-11-01"),
        ("CN-18", "2026-04-01"),
    ],
)
def test_moving_the_day_over_a_border_changes_the_results_of_that_border_only(check, first):
    day = date.fromisoformat(first)
    before, after = (results(read(day=str(one))) for one in (day - timedelta(days=1), day))
    began = {one.id for law in laws() for one in law.checks if law.starts(one) == day and one.reading != "recalled"}
    assert {one for one in after if before[one] != after[one]} == began
    assert check in began
    assert before[check] == "not yet law"


def test_the_effects_test_of_regulation_b_ended():
    text = changed(
        (
            "  start: 100\n",
            "  dimensions:\n    - {id: who, weight: 10, start: 50, from: [{attribute: occupation, values: {teacher: 1}}, {records: [arrears, waste]}]}\n",
        ),
        (
            "service: credit-card, effect: closed, when: list debtors",
            "service: credit-card, effect: closed, when: grade B",
        ),
    )
    said = [" ".join(map(str, read(text, day=day)["US-05"].shown)) for day in ("2026-07-20", "2026-07-21")]
    assert "effects test reached" in said[0]
    assert "only intent counts" in said[1]


def test_renaming_ids_and_labels_changes_nothing():
    names = {
        "arrears": "wombat", "waste": "quokka", "debtors": "lemur", "card": "okapi", "office": "tapir", "mine": "numbat",
        "Debtors": "Lemurs", "Arrears on a loan": "Wombat", "Waste": "Quokka", "Rents and bills": "Animals", "Office": "Tapir",
    }  # fmt: skip
    text, facts = MINE, FACTS
    for old, new in names.items():
        pattern = rf"(?<![\w-]){re.escape(old)}(?![\w-])"
        text, facts = re.sub(pattern, new, text), re.sub(pattern, new, facts)
    assert "wombat" in text
    assert results(read(text, facts)) == results(read())


@pytest.mark.parametrize("name", ["beijing-points", "suining-2010", "court-defaulters", "sesame-credit", "yiwu-2017"])
def test_renaming_rows_and_doors_of_a_shipped_book_changes_nothing(name):
    book = load_regime(name)
    data = deepcopy(book.document.data)
    new = {row.id: f"zz{n}" for n, row in enumerate(book.catalogue)}

    def renamed_in(text: str) -> str:
        return re.sub(r"[\w-]+", lambda word: new.get(word[0], word[0]), text)

    for row in data.get("catalogue", []):
        row["id"] = new[row["id"]]
    for n, door in enumerate(data.get("doors", [])):
        door["id"], door["when"] = f"yy{n}", renamed_in(door["when"])
    for rule in data.get("lists", {}).values():
        rule["enter"] = renamed_in(rule["enter"])
        if "extend" in rule:
            rule["extend"]["on"] = [new[one] for one in rule["extend"]["on"]]
    for part in (part for one in data.get("score", {}).get("dimensions", []) for part in one["from"]):
        part["records"] = [new[one] for one in part.get("records", [])]
    for entry in data.get("sharing", []):
        if "rows" in entry:
            entry["rows"] = [new[one] for one in entry["rows"]]
    for row in data.get("catalogue", []):
        row["label"] = "A label"
    renamed = read_regime(json.dumps(data, indent=1), name="renamed.yaml", find=load_regime)
    assert {row.id for row in renamed.catalogue}.isdisjoint(row.id for row in book.catalogue)
    under = list(territories())
    assert results(findings(renamed, under=under, as_of=DAY)) == results(findings(book, under=under, as_of=DAY))


def test_every_shipped_book_gets_a_value_or_a_standing_for_every_check():
    for name in regime_ids():
        annex = findings(load_regime(name), under=list(territories()), as_of=DAY)
        assert [one.check for one in annex] == [check.id for law in laws() for check in law.checks]


def test_reforms_remove_the_findings_they_claim_to():
    """Henan 2019 takes out unconfirmed fees and ordinary unrelated doors; the repair rules of 2026 bound terms and give repair."""

    def both(name: str, reform: str, **options) -> tuple[dict[str, str], dict[str, str]]:
        old, new = (findings(load_regime(name, with_=with_), under="cn", **options) for with_ in ((), (reform,)))
        return results(old), results(new)

    before, after = both("beijing-points", "henan-2019", as_of=DAY)
    assert (before["CN-11"], after["CN-11"] != "met") == ("met", True)
    text = changed(
        ("[unsorted-waste]", "[property-fee-arrears]"),
        ("points: -5, severity: general, validity: 24 months,\n     confirmed: true", "points: -5, severity: general, validity: 24 months,\n     confirmed: false"),
        ("rights:\n", "  - {id: home, service: home-purchase, effect: closed, when: list debtors, level: ordinary, legal_basis: law, source: text, mark: verified}\n"
         "  - {id: fees, service: school-place, effect: closed, when: record waste, level: serious, legal_basis: law, source: text, mark: verified}\nrights:\n"),
    )  # fmt: skip
    from counterscore.catalog import load_reform
    from counterscore.regime.reform import apply

    book = book_of(text)
    old, new = (results(findings(one, under="cn", as_of=DAY)) for one in (book, apply(book, load_reform("henan-2019"))))
    assert (old["CN-11"], old["CN-12"]) == ("met", "met")
    assert (new["CN-11"], new["CN-12"]) == ("not met", "not met")

    long = changed(
        ("term: 12 months", "term: 36 months"),
        (
            "  repair: {rules: [{severity: general, after: 3 months, at_most: 12 months, source: text, mark: verified}]}",
            "  repair: {rules: []}",
        ),
        ("    severity: general\n", "    severity: serious\n"),
    )
    general = long.replace("    severity: serious\n", "    severity: general\n")
    for text, check, was, now in ((general, "CN-18", "met", "not met"), (long, "CN-19", "needs facts", "not met")):
        book = book_of(text)
        old, new = (
            results(findings(one, under="cn", as_of=DAY)) for one in (book, apply(book, load_reform("repair-2026")))
        )
        assert (old[check], new[check]) == (was, now)
    before, after = both("beijing-points", "repair-2026", as_of=DAY)
    assert (before["CN-19"], after["CN-19"]) == ("needs facts", "not met")
