"""The files of legal sources fit the code, the measures, the questions and each other; tables are the same for all."""

from __future__ import annotations

import time

import pytest

from counterscore.catalog import load_regime, regime_ids, tables
from counterscore.errors import InputError
from counterscore.laws import findings, laws, limbs, questions, territories
from counterscore.laws.source import MOST_QUOTED, home_of, read_law
from counterscore.measures import all_measures, cross_context
from counterscore.regime.vocabulary import CONTEXTS, DOMAINS

CHECKS = [(law, check) for law in laws() for check in law.checks]


def test_there_are_ninety_one_checks_and_those_recalled_are_off():
    off = {check.id for _, check in CHECKS if check.reading == "recalled"}
    assert len(CHECKS) == 91
    assert len(CHECKS) - len(off) >= 80
    assert off == {"ECHR-05", "ECHR-06", "ECHR-08", "ECHR-09", "US-02", "US-03", "CA-01", "BR-02", "CN-20"}
    annex = findings(load_regime("suining-2010"), under=list(territories()), as_of="2026-11-28")
    assert {one.check for one in annex if one.standing == "off"} == off
    assert all(one.result is None and not one.shown for one in annex if one.check in off)
    assert all(id_ in " ".join(annex.closing()) for id_ in off)


def test_ids_are_unique_and_every_check_has_a_function():
    ids = [check.id for _, check in CHECKS]
    assert len(set(ids)) == len(ids)
    assert set(limbs()) == set(ids)


@pytest.mark.parametrize(("law", "check"), CHECKS, ids=[check.id for _, check in CHECKS])
def test_a_check_says_what_it_needs(law, check):
    assert check.limb
    assert check.article
    assert check.open or check.not_met
    assert len(check.quote.split()) <= MOST_QUOTED
    assert set(check.asks) <= set(questions())
    assert set(check.beside) <= {one.id for one in all_measures()}
    for region in check.regions:
        assert region in territories()[law.territory].regions


def test_every_question_is_asked_by_a_check():
    asked = {name for _, check in CHECKS for name in check.asks}
    assert set(questions()) - asked == {"territory", "accuracy_checks", "query_log", "local_regulation"} - asked


def test_no_check_asks_what_its_file_does_not_say():
    for name in regime_ids():
        for one in findings(load_regime(name), under=list(territories()), as_of="2028-01-01"):
            declared = next(set(check.asks) for _, check in CHECKS if check.id == one.check)
            assert {ask.question for ask in one.asks} - {"file"} <= declared, (name, one.check)


def test_cross_context_and_limb_one_use_the_same_table():
    assert tables.related().id in cross_context.MEASURE.limits
    assert set(tables.related().contexts) == set(CONTEXTS)
    assert set(tables.related().domains) == set(DOMAINS)
    swapped = tables.read_related(
        # as the file, but petitions close nothing elsewhere
        "format: 1\nkind: relatedness\nid: MINE\ntitle: Mine\n"
        f"domains: [{', '.join(DOMAINS)}]\ncontexts:\n"
        + "".join(f"  {context}: {{{', '.join(f'{domain}: all' for domain in DOMAINS)}}}\n" for context in CONTEXTS)
    )
    book = load_regime("suining-2010")
    mine = findings(book, under="eu", as_of="2026-11-28", related=swapped)["AIA-06"]
    ours = findings(book, under="eu", as_of="2026-11-28")["AIA-06"]
    assert (ours.result, ours.choices) == ("met", ("by table RELATED v1",))
    assert (mine.result, mine.choices) == ("needs facts", ("by table MINE",))  # being named in public is in no table

    class Lived:
        @staticmethod
        def spillover() -> dict[tuple[str, str], int]:
            return {("petition", "business"): 3, ("finance", "finance"): 1, ("somebody else's record", "travel"): 5}

    shares = [cross_context.by_table(table).compute(Lived(), None, None) for table in (tables.related(), swapped)]
    assert shares == [(75.0, 4.0), (0.0, 4.0)]
    assert cross_context.MEASURE.compute(Lived(), None, None) == shares[0]


def test_a_context_or_domain_the_table_lacks_is_never_unrelated():
    table = tables.read_related(
        "format: 1\nkind: relatedness\nid: LITTLE\ntitle: Little\ndomains: [finance]\ncontexts: {finance: {finance: same}}\n"
    )
    assert [
        table.related(*pair) for pair in (("finance", "finance"), ("finance", "travel"), ("petition", "finance"))
    ] == [True, None, None]
    one = findings(load_regime("suining-2010"), under="eu", as_of="2026-11-28", related=table)["AIA-06"]
    assert one.result == "needs facts"


@pytest.mark.parametrize(
    ("place", "level", "expected"),
    [
        ("Rongcheng, Shandong", "city", ("cn", {"Shandong"})),
        ("Suining county, Jiangsu", "city", ("cn", set())),
        ("China, nationwide", "national", ("cn", set())),
        ("Zhejiang", "national", ("cn", set())),
        ("Utrecht, Netherlands", "city", ("eu", set())),
        ("Leeds, UK", None, ("uk", set())),
        ("anywhere", None, (None, set())),
        ("Bindiagram", None, (None, set())),
    ],
)
def test_the_place_says_which_law_is_the_home_law(place, level, expected):
    home, regions = home_of(place, level, "public")
    assert (home, set(regions)) == expected


def test_rules_of_a_region_are_home_law_only_there():
    here = {one.check for one in findings(load_regime("rongcheng-2013"), as_of="2026-11-28")}
    there = {one.check for one in findings(load_regime("suining-2010"), as_of="2026-11-28")}
    asked = {one.check: one.lead for one in findings(load_regime("suining-2010"), under="cn", as_of="2026-11-28")}
    assert here - there == {"CN-11", "CN-16", "CN-17"}
    assert asked["CN-13"] == "If this rule book were used in Zhejiang on 2026-11-28"
    assert asked["CN-03"] == "In China, on 2026-11-28"


def test_a_source_with_mistakes_is_told_with_their_places():
    text = (
        "format: 1\nkind: law\nid: x\ntitle: X\nshort: X\nterritory: mars\nchecks:\n  - {id: X-1, article: a, limb: l, reading: statute, quote: "
        + "w " * 26
        + "}\n"
    )
    with pytest.raises(InputError) as caught:
        read_law(text, name="x.yaml")
    assert [(str(one.position), one.message) for one in caught.value.problems] == [
        ("x.yaml:6:12", 'no territory is called "mars"'),
        ("x.yaml:8:61", "a quoted limb has at most 25 words, found 26"),
    ]


def test_all_shipped_books_in_all_territories_take_under_two_seconds():
    books = [load_regime(name) for name in regime_ids()]
    limbs()
    began = time.process_time()
    for book in books:
        findings(book, under=list(territories()), as_of="2026-11-28")
    assert time.process_time() - began < 2.0  # 0.6 s on a quiet machine
