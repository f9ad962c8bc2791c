"""What a rule book about firms can say: components, further records, stays as grounds, whom a door stops."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterscore.errors import InputError
from counterscore.regime.difference import difference
from counterscore.regime.explain import sentences
from counterscore.regime.ledger import Ledger, PaperExit, PaperRecord
from tests import worlds

PENALTY, HONOUR, REPORT = "administrative-penalty", "firm-honour", "annual-report-missed"


def _score(acts: list[str], *, corrected: tuple[int, ...] = ()) -> int:
    ledger = Ledger(worlds.firms_regime())
    ledger.month(0, [PaperRecord(act) for act in acts])
    ledger.month(1, [], [PaperExit("corrected", record=number) for number in corrected])
    return ledger.score60("test-firms") // 60


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 5))
@settings(max_examples=60, deadline=None)
def test_components_hold_their_limit_and_steps_their_points(penalties: int, breaches: int, honours: int) -> None:
    acts = [PENALTY] * penalties + ["firm-contract-breach"] * breaches + [HONOUR] * honours
    lost = sum((36, 27, 9)[min(n, 2)] for n in range(penalties))
    broken = sum(12 if n == 0 else 9 for n in range(breaches))
    assert _score(acts) == 800 - min(72, lost) - min(25, broken) + min(45, 30 * honours)


@given(st.permutations([PENALTY, PENALTY, HONOUR, "firm-contract-breach", "firm-fraud", "quality-failure"]))
@settings(max_examples=40, deadline=None)
def test_the_order_of_records_does_not_matter(acts: list[str]) -> None:
    assert _score(acts) == _score(sorted(acts))


@given(st.integers(1, 6), st.data())
@settings(max_examples=30, deadline=None)
def test_taking_back_any_penalty_leaves_as_many_steps_as_penalties(penalties: int, data: st.DataObject) -> None:
    which = data.draw(st.integers(0, penalties - 1))
    assert _score([PENALTY] * penalties, corrected=(which,)) == _score([PENALTY] * (penalties - 1))


def test_a_stay_on_one_list_leads_to_another_and_clean_months_lead_out() -> None:
    ledger = Ledger(worlds.firms_regime())
    ledger.month(0, [PaperRecord(REPORT)])
    ledger.month(3)
    assert ledger.lists() == ("abnormal",)
    ledger.month(4)
    assert ledger.lists() == ("abnormal", "serious")
    ledger.month(5, [], [PaperExit("performed", "abnormal")])
    ledger.month(7, [PaperRecord(REPORT)])  # five clean months from here
    ledger.month(11)
    assert "serious" in ledger.lists()
    ledger.month(12)
    assert "serious" not in ledger.lists()


def test_a_new_name_leaves_the_file_behind_or_takes_it_along() -> None:
    for follows, lists, score in (("firm", (), 800), ("representative", ("abnormal",), 744)):
        regime = worlds.firms_regime(worlds.FIRMS.replace("follows: firm", f"follows: {follows}"))
        ledger = Ledger(regime)
        ledger.month(0, [PaperRecord(REPORT), PaperRecord(PENALTY)])
        ledger.month(1, [], [PaperExit("reopened")])
        assert ledger.lists() == lists
        assert ledger.score60("test-firms") == score * 60


def test_doors_before_the_representative_are_told_apart() -> None:
    ledger = Ledger(worlds.firms_regime())
    ledger.month(0, [PaperRecord("wage-arrears")])
    assert ledger.doors() == ("firm-loan",)
    assert ledger.tied_doors() == ("head-flight",)


MISTAKES = {
    "an act of residents": ("act: [firm-honour]", "act: [donation]", '"donation" is an act of residents', "firm-donation"),
    "a service of residents": ("service: firm-loan", "service: loan", '"loan" is a service of residents', "firm-loan"),
    "a service of firms for the head": ("service: flight", "service: tender", '"tender" is a service of firms', "service"),
    "no kin": ("id: late, label: Late return,", "id: late, label: Late return, actor: kin,", "firms have no next of kin", ""),
    "whom a door affects": ("affects: firm head, when: list unpaid", "affects: kin, when: list unpaid", 'no door that affects "kin"', "self or firm head"),
    "no such component": ("component: good, points: 30, validity: 24", "component: goods, points: 30, validity: 24", 'no component is called "goods"', "good"),
    "the wrong sign": ("component: good, points: 30, validity: 24", "component: good, points: -30, validity: 24", "-30 points in component", "sign"),
    "then without points": ("points: -5, then: [-10]", "then: [-10]", "need the points of the first", "points"),
    "closed inspections": ("service: inspection, effect: slowed, times: 4", "service: inspection, effect: closed", "how often they come", "slowed"),
    "a stay on itself": ("stay(abnormal, 4 months)", "stay(serious, 4 months)", "a stay of at least one month on another list", "stay("),
    "a list of nothing": ("stay(abnormal, 4 months)", "stay(abnormol, 4 months)", 'no list is called "abnormol"', "abnormal"),
    "twice the same component": ("{id: conduct, kind: lost", "{id: penalties, kind: lost", 'component "penalties" is used twice', ""),
    "scrutiny": ("rights:\n", "scrutiny: [{occupation: teacher, times: 2, source: a, mark: assumed}]\nrights:\n", "looks at occupations", "inspection"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_are_told(name: str) -> None:
    old, new, message, hint = MISTAKES[name]
    assert old in worlds.FIRMS
    with pytest.raises(InputError) as error:
        worlds.firms_regime(worlds.FIRMS.replace(old, new, 1))
    told = [problem for problem in error.value.problems if message in problem.message]
    assert told, [problem.message for problem in error.value.problems]
    assert hint in told[0].suggestion
    assert told[0].position.line > 1


def test_follows_is_for_firms_only() -> None:
    with pytest.raises(InputError, match="only firms open again"):
        worlds.regime_of(worlds.TOWN.replace("status: scenario", "status: scenario\nfollows: firm", 1))


def test_explained_and_compared() -> None:
    regime = worlds.firms_regime()
    text = "\n".join(sentences(regime))
    assert "It is about firms. Records and lists follow the firm." in text
    assert "penalties (penalties): at most 72 points lost in all" in text
    assert "-36 points for the first that counts, then -27, -9 for each further one, in penalties" in text
    assert "4 months on abnormal" in text
    assert "4 times as frequent" in text
    assert "for the firm's legal representative" in text
    other = worlds.firms_regime(
        worlds.FIRMS.replace("most: 72", "most: 90").replace("stay(abnormal, 4 months)", "stay(abnormal, 6 months)")
    )
    told = [str(change) for change in difference(regime, other)]
    assert any("72 -> 90" in one for one in told)
    assert any("stay(abnormal, 4 months) -> stay(abnormal, 6 months)" in one for one in told)
