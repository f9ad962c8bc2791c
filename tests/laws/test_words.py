"""No output says a word of a verdict; what every reading ends with is always there; weak ground is said first."""

from __future__ import annotations

import json
import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterscore.catalog import load_reform, load_regime, reform_ids, regime_ids
from counterscore.errors import InputError
from counterscore.laws import findings, laws, questions, territories
from counterscore.laws.check import DISCLAIMER
from counterscore.laws.words import FORBIDDEN, heading, prose, questions_open, text
from counterscore.regime.model import Regime
from counterscore.regime.reform import apply
from counterscore.regime.vocabulary import ACTS, ATTRIBUTES, SERVICES

WORD = re.compile(rf"(?<![\w-])({'|'.join(FORBIDDEN)})(?![\w-])", re.IGNORECASE)
#: Titles and articles of the sources: an act is called what it is called.
CALLED = [
    name
    for law in laws()
    for name in (law.title, law.short, *(check.quote for check in law.checks), *(check.article for check in law.checks))
]


def said(output: str, book: Regime) -> str:
    """The output without what it quotes: names out of the rule book, the vocabulary and the statutes."""
    quoted = {DISCLAIMER, book.title, *CALLED}
    for one in book.stacked():
        quoted |= {
            one.id,
            one.title,
            one.purpose,
            *one.lists,
            *(row.id for row in one.catalogue),
            *(door.id for door in one.doors),
        }
        quoted |= {field for rule in one.lists.values() for field in rule.publicity.fields}
        quoted |= {door.relation_basis for door in one.doors}
    quoted |= {one.id for one in (*ACTS, *SERVICES, *ATTRIBUTES)}
    for name in sorted(filter(None, quoted), key=len, reverse=True):
        output = output.replace(name, "")
    return output


def outputs(book: Regime, under: list[str], day: str) -> str:
    annex = findings(book, under=under, as_of=day)
    return text(annex) + json.dumps(annex.as_json(), ensure_ascii=False, default=str) + str(questions_open(annex))


@pytest.mark.parametrize("name", regime_ids())
def test_no_word_of_a_verdict_about_any_rule_book(name):
    book = load_regime(name)
    for day in ("2026-11-28", "2028-01-01"):
        assert WORD.findall(said(outputs(book, list(territories()), day), book)) == []


@pytest.mark.parametrize("reform", reform_ids())
def test_no_word_of_a_verdict_with_any_reform(reform):
    """In the first rule book that it changes, and in the stack of the critics' scenario where it changes that."""
    told = load_reform(reform)
    tried = 0
    for name in ("critics-scenario", *regime_ids()):
        try:
            book = apply(load_regime(name), told)
        except InputError:
            continue  # it changes nothing there
        assert WORD.findall(said(outputs(book, list(territories()), "2026-11-28"), book)) == []
        tried += 1
        if name != "critics-scenario":
            break
    assert tried


@settings(max_examples=15, deadline=None)
@given(
    st.sampled_from(regime_ids()),
    st.lists(st.sampled_from(sorted(territories())), min_size=1, unique=True),
    st.dates(min_value=date(2027, 6, 1), max_value=date(2030, 1, 1)),
)
def test_every_reading_ends_with_what_must_be_said(name, under, day):
    annex = findings(load_regime(name), under=under, as_of=day)
    lines = text(annex).rstrip().splitlines()
    assert tuple(lines[-len(annex.closing()) :]) == annex.closing()
    assert annex.as_json()["closing"] == list(annex.closing())
    closing = " ".join(annex.closing())
    for words in ("Read: ", "Not read: ", "Facts answered: ", DISCLAIMER, "Limbs left open: "):
        assert words in closing
    assert f"Limbs left open: {len(annex.open)} of " in closing
    assert "%" not in " ".join(heading(annex))


def test_words_of_the_files_say_no_verdict():
    for law in laws():
        for check in law.checks:
            words = " ".join((check.limb, check.met, check.not_met, check.open, check.note))
            assert WORD.findall(words) == [], check.id
    for name, one in questions().items():
        assert WORD.findall(" ".join((one.question, one.why, one.who))) == [], name


def test_the_word_list_finds_what_it_is_for():
    assert WORD.findall("It is compliant, legal and fair; it violates nothing.") == [
        "compliant",
        "legal",
        "fair",
        "violates",
    ]
    assert WORD.findall("legal_basis of illegal-stall") == []


def test_what_rests_on_assumed_parts_says_so_before_anything_else():
    annex = findings(load_regime("beijing-points"), under="eu", as_of="2026-11-28")
    one = annex["GDPR-10"]
    assert one.result == "met"
    lines = list(prose(one))
    assert lines[0].startswith("GDPR-10  Rests on assumed or borrowed parts of the file only")
    assert not annex["GDPR-20"].trust
    sure = findings(load_regime("court-defaulters"), under="eu", as_of="2026-11-28")["AIA-11"]
    assert (sure.result, sure.trust) == ("met", "")


def test_not_met_is_never_said_to_be_fine():
    annex = findings(load_regime("rongcheng-2021"), under="eu", as_of="2026-11-28")
    told = " ".join(prose(annex["AIA-05"]))
    assert "this limb is not shown by the file" in told
    assert "no door in the file" in told
    assert "no door in the file" in " ".join(
        prose(findings(load_regime("xiamen-egret"), under="eu", as_of="2026-11-28")["AIA-05"])
    )


def test_advantages_are_read_apart_from_limb_one():
    for name in ("pujiang-blood", "nanjing-card"):
        annex = findings(load_regime(name), under="eu", as_of="2026-11-28")
        assert annex["AIA-05"].result == "not met"
        assert annex["AIA-06"].result != "met"
    assert findings(load_regime("pujiang-blood"), under="eu", as_of="2026-11-28")["AIA-07"].result == "needs facts"


def test_the_whole_prohibition_is_never_met_without_the_fact_about_the_system():
    for name in regime_ids():
        one = findings(load_regime(name), under="eu", as_of="2026-11-28")["AIA-12"]
        assert one.result != "met"
