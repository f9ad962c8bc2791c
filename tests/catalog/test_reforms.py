"""Every reform that comes along, applied to the scenario and to the rule books in force beside it."""

from __future__ import annotations

import pytest

from counterscore import catalog
from counterscore.errors import InputError
from counterscore.regime.cases import parse_cases
from counterscore.regime.ledger import Paper, apply_on_paper
from counterscore.regime.model import Regime
from counterscore.regime.read import read_document

IDS = catalog.reform_ids()
assert len(IDS) > 0, "no reform came along"
REGIME = "beijing-points"


def reformed(*reforms: str) -> Regime:
    return catalog.load_regime(_of(reforms[0]) if reforms else REGIME, with_=reforms)


def _of(reform_id: str) -> str:
    """A rule book that has what the reform is about."""
    about = {
        "without-lots": "behaviour-lending",
        "officials": "government-integrity",
        "without": "critics-scenario",
        "sharing": "fraud-register",
        "score": "sesame-credit",
    }
    return about.get(reform_id, about.get(reform_id.partition("-")[0], REGIME))


def paper(regime: Regime, records: str, expect: str, until: str) -> Paper:
    """One case, written in the form of a case file, under ``regime``."""
    text = f"""
format: 1
regime: {REGIME}
cases:
  - name: case
    records: {records}
    expect: {expect}
    until: {until}
"""
    found = apply_on_paper(regime, parse_cases(read_document(text, kind="cases")).cases[0])
    assert found.ok, "\n".join(str(mismatch) for mismatch in found.mismatches)
    return found


def test_the_reforms_of_the_first_catalogue_are_there() -> None:
    assert {"appeals-60d", "expiry-24mo", "repair-2023", "repair-2026", "notice"} <= set(IDS)


@pytest.mark.parametrize("reform_id", IDS)
def test_changes_something_and_leaves_the_original_alone(reform_id: str) -> None:
    before = catalog.load_regime(_of(reform_id))
    data = repr(before.document.data)
    after = reformed(reform_id)
    assert after.reforms == (reform_id,)
    assert after.document.data != before.document.data
    assert repr(before.document.data) == data
    assert [one.id for one in after.stacked()] == [one.id for one in before.stacked()]


@pytest.mark.parametrize("reform_id", IDS)
def test_applied_twice_it_changes_nothing_which_is_an_error(reform_id: str) -> None:
    with pytest.raises(InputError, match="changes nothing"):
        reformed(reform_id, reform_id)


@pytest.mark.parametrize("reform_id", IDS)
def test_every_number_of_the_reform_has_source_and_mark(reform_id: str) -> None:
    for number in catalog.load_reform(reform_id).document.numbers():
        assert number.source is not None, f"{number.at}: no source"
        assert number.mark is not None, f"{number.at}: no mark"


def test_all_of_them_go_together() -> None:
    chosen = ("appeals-60d", "expiry-24mo", "notice", "repair-2026")
    assert reformed(*chosen).reforms == chosen


def test_appeals_are_given_where_there_were_none_and_a_shorter_clock_stays() -> None:
    scenario, courts, travel = reformed("appeals-60d").stacked()[:3]
    for one in (scenario, travel):
        assert one.rights.appeal.available
        assert str(one.rights.appeal.decide) == "60 days"
        assert one.rights.appeal.human_review
    assert str(courts.rights.appeal.decide) == "15 days"


def test_expiry_bounds_records_terms_and_extensions() -> None:
    after = reformed("expiry-24mo")
    most = 24
    for one in after.stacked():
        assert all(row.validity and row.validity.months <= most for row in one.catalogue)
        assert all(rule.term.kind == "fixed" and rule.term.months <= most for rule in one.lists.values())
        assert all("expired" in rule.leave for rule in one.lists.values())
    paper(
        after,
        "[{on: 2021-03, act: judgment-unpaid-able}]",
        "[{on: 2023-02, lists: [court-defaulters, spending-restriction, court-debtors]}, {on: 2023-03, score: 1000, lists: []}]",
        "2023-03",
    )
    paper(  # without the reform the second deed keeps the resident listed until February 2024
        after,
        "[{on: 2021-03, act: pyramid-selling}, {on: 2021-09, act: counterfeit-goods}]",
        "[{on: 2023-02, lists: [untrustworthy]}, {on: 2023-03, lists: []}]",
        "2023-03",
    )


def test_without_a_right_to_repair_asking_for_it_leads_nowhere() -> None:
    records = "[{on: 2021-03, act: pyramid-selling}, {on: 2022-06, exit: repaired}]"
    paper(reformed(), records, "{lists: [untrustworthy]}", "2022-06")


@pytest.mark.parametrize("reform_id", ["repair-2023", "repair-2026"])
def test_a_serious_listing_can_be_repaired_after_a_year_and_not_before(reform_id: str) -> None:
    after = reformed(reform_id)
    early = "[{on: 2021-03, act: pyramid-selling}, {on: 2022-02, exit: repaired}]"
    paper(after, early, "{lists: [untrustworthy]}", "2022-02")
    late = "[{on: 2021-03, act: pyramid-selling}, {on: 2022-03, exit: repaired}]"
    paper(after, late, "{lists: []}", "2022-03")


def test_repair_rules_bound_a_listing_to_three_years() -> None:
    records = "[{on: 2021-03, act: judgment-unpaid-able}]"
    expect = "[{on: 2024-02, lists: [court-defaulters, spending-restriction, court-debtors]}, {on: 2024-03, lists: []}]"
    paper(reformed("repair-2026"), records, expect, "2024-03")


def test_repair_of_2026_is_quicker_than_that_of_2023_for_minor_matters() -> None:
    records = "[{on: 2021-03, act: city-award}]"  # the list of the trustworthy is a minor one
    left = "[{on: 2021-05, lists: [trustworthy]}, {on: 2021-06, lists: []}]"
    paper(reformed("repair-2026"), records, left, "2021-06")
    paper(reformed("repair-2023"), records, "{lists: [trustworthy]}", "2023-02")


def test_notice_is_given_within_five_days_in_the_whole_stack() -> None:
    for one in reformed("notice").stacked():
        assert one.rights.notice.given
        assert str(one.rights.notice.within) == "5 days"
        assert one.rights.reasons


PROVINCES = ("shanghai-2017", "zhejiang-2017", "shandong-2020", "henan-2019", "shenzhen-2022")


@pytest.mark.parametrize("reform_id", PROVINCES)
def test_a_provincial_regulation_binds_the_local_book_and_leaves_national_lists_alone(reform_id: str) -> None:
    after = reformed(reform_id)
    before = catalog.load_regime(REGIME)
    changed = {one.id for one, was in zip(after.stacked(), before.stacked(), strict=True) if one != was}
    assert REGIME in changed
    assert changed == {REGIME} | ({"zhejiang-firms"} if reform_id != "shenzhen-2022" else set()), (
        "national law was touched"
    )
    assert after.rights.appeal.available
    assert after.rights.appeal.decide is not None
    bound = {"shanghai-2017": 12, "zhejiang-2017": 20, "shandong-2020": 7, "henan-2019": 3, "shenzhen-2022": 5}
    assert after.rights.appeal.decide.amount == bound[reform_id]


@pytest.mark.parametrize("reform_id", PROVINCES)
def test_over_national_law_alone_a_provincial_regulation_is_refused_with_the_reason(reform_id: str) -> None:
    with pytest.raises(
        InputError, match=r"changes nothing in tax-abcmd, because it binds .*city rule books, and this one is national"
    ):
        catalog.load_regime("tax-abcmd", with_=(reform_id,))


@pytest.mark.parametrize("reform_id", ["zhejiang-2017", "henan-2019", "shenzhen-2022"])
def test_ordinary_measures_only_on_related_matters(reform_id: str) -> None:
    after = catalog.load_regime("rongcheng-2013", with_=(reform_id,))
    hindering = [door for door in after.doors if door.effect in {"closed", "narrowed", "slowed"}]
    assert all(door.level == "serious" or door.relation_basis for door in hindering)
    assert {"green-counter", "heating-discount"} <= {door.id for door in after.doors}


def test_shenzhen_takes_out_what_no_law_confirmed_and_what_rests_on_it() -> None:
    after = catalog.load_regime("suining-2010", with_=("shenzhen-2022",))
    gone = {"electricity-bill", "civil-dispute", "petitioning", "defamation"}
    assert not gone & {row.id for row in after.catalogue}
    assert not gone & {ground.row for ground in after.lists["published-names"].enter}
    assert not [door for door in after.doors if door.effect == "closed"]


def test_henan_takes_out_unconfirmed_arrears_and_nothing_else() -> None:
    before = catalog.load_regime("suining-2010")
    after = catalog.load_regime("suining-2010", with_=("henan-2019",))
    assert {row.id for row in before.catalogue} - {row.id for row in after.catalogue} == {"electricity-bill"}
    assert after.rights.compensation
    assert after.rights.defence
