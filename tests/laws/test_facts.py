"""Answers change limbs and are listed; what contradicts itself or names nothing is told with its place."""

from __future__ import annotations

import pytest

from counterscore.catalog import load_regime
from counterscore.errors import InputError
from counterscore.laws import asking, findings, questions, read_facts
from counterscore.regime.read import read_document
from tests.laws.mine import DAY, FACTS, MINE, book_of, changed, read

HEAD = "format: 1\nkind: facts\nregime: suining-2010\nfacts:\n"
DAY_2026 = "2026-11-28"


def suining(text: str):
    return read_facts(HEAD + text, load_regime("suining-2010"), name="facts.yaml")


def test_answered_facts_change_limbs_and_are_listed():
    book = load_regime("suining-2010")
    facts = suining('  system: {value: learned, who: the operator, source: "manual, p. 3", on: "2026-11-01"}\n')
    before, after = findings(book, under="eu", as_of=DAY_2026), findings(book, under="eu", as_of=DAY_2026, facts=facts)
    moved = {one.check for one, other in zip(before, after, strict=True) if one.result != other.result}
    assert moved == {"AIA-01", "AIA-12"}
    assert (before["AIA-12"].result, after["AIA-12"].result) == ("needs facts", "met")
    closing = " ".join(after.closing())
    assert "system = learned (answered by the operator, 2026-11-01; source: manual, p. 3; facts.yaml:5:19)" in closing
    assert "Facts answered: none." in " ".join(before.closing())
    assert any(one.answer for one in after["AIA-01"].shown)


def test_no_answer_ever_closes_what_is_a_judgement():
    facts = "".join(
        f"  {name}: {{value: {one.values[0] if one.values else 36 if one.kind != 'text' else 'Art. 3'}, who: w, source: s}}\n"
        if one.about == "book"
        else f"  {name}: {{all: {{value: {one.values[0] if one.values else 'Art. 3'}, who: w, source: s}}}}\n"
        for name, one in questions().items()
    ).replace("value: yes", 'value: "yes"')
    annex = findings(load_regime("suining-2010"), under="eu", as_of=DAY_2026, facts=suining(facts))
    assert annex["AIA-10"].result == "needs facts"
    assert annex["GDPR-06"].result == "needs facts"
    assert not annex.asks


def test_the_file_that_is_asked_for_can_be_read_back_and_holds_every_question():
    annex = read(MINE, None)
    text = asking(annex.regime, annex.asks, annex.facts)
    back = read_facts(text, annex.regime, name="asked.yaml")
    assert {(one.question, one.about) for one in annex.asks} == set(back.answers)
    assert all(answer.value == "unknown" for answer in back.answers.values())
    for name in {one.question for one in annex.asks}:
        assert questions()[name].question in text
        assert questions()[name].who in text
    assert [one.result for one in findings(annex.regime, under=annex.under, as_of=annex.day, facts=back)] == [
        one.result for one in annex
    ]
    empty, given = 'dpia: {value: unknown, who: "", source: ""}', 'dpia: {value: done, who: us, source: "a \\"book\\""}'
    assert empty in text
    answered = read_facts(text.replace(empty, given), annex.regime)
    again = asking(annex.regime, annex.asks, answered)
    assert read_document(again, kind="facts").data["facts"]["dpia"]["source"] == 'a "book"'


def test_the_rule_book_itself_can_say_how_it_is_decided():
    assert read(changed(("by: rules", "by: model")), None)["AIA-01"].result == "met"
    assert read(MINE, None)["AIA-01"].result == "not met"
    assert read(changed(("decided: {by: rules, automated: none}\n", "")), None)["AIA-01"].result == "needs facts"


@pytest.mark.parametrize(
    ("text", "where", "message", "write"),
    [
        (
            "  sistem: {value: rules, who: w, source: s}\n",
            "5:3",
            'no question is called "sistem"',
            "Did you mean system?",
        ),
        (
            "  automated: {c-licens: {value: solely, who: w, source: s}}\n",
            "5:15",
            'suining-2010 has no door "c-licens"',
            "Did you mean c-licence?",
        ),
        (
            '  special: {speech: {value: "yes", who: w, source: s}}\n',
            "5:13",
            'suining-2010 has no row "speech"',
            "See counterscore show suining-2010.",
        ),
        (
            "  system: {value: neural, who: w, source: s}\n",
            "5:19",
            'system cannot be "neural"',
            "One of: rules, learned, mixed, unknown.",
        ),
        (
            "  system: learned\n",
            "5:11",
            "an answer says who gave it and on what source",
            "Write {value: learned, who: …, source: …}.",
        ),
        (
            "  system: {value: learned, source: s}\n",
            "5:11",
            "the answer to system does not say who gave it",
            "Add who: … to it.",
        ),
        (
            "  children: {value: young, who: w, source: s}\n",
            "5:21",
            'children is a number of years, found "young"',
            "Write digits, or unknown.",
        ),
        (
            "  automated: {value: solely, who: w, source: s}\n",
            "5:14",
            "automated is answered for each door",
            "{all: {value: …}}",
        ),
        (
            "  system: {value: rules, who: w, source: s, name: n}\n",
            "5:45",
            'an answer has no "name"',
            "value, who, source, on",
        ),
        (
            '  automated: {c-licence: {value: solely, who: w, source: s}}\n  human_can_change: {c-licence: {value: "yes", who: w, source: s}}\n',
            "6:41",
            "human_can_change is yes, but automated is solely (facts.yaml:5:34)",
            "Correct one of the two.",
        ),
    ],
)
def test_mistakes_are_told_with_their_place_and_what_to_write(text, where, message, write):
    with pytest.raises(InputError) as caught:
        suining(text)
    first = caught.value.problems[0]
    assert str(first.position) == f"facts.yaml:{where}"
    assert message in first.message
    assert write in first.suggestion


def test_answers_about_another_rule_book_are_refused():
    with pytest.raises(InputError, match='about "suining-2010", not about "rongcheng-2013"'):
        read_facts(HEAD + "  {}\n", load_regime("rongcheng-2013"), name="facts.yaml")


def test_an_answer_that_contradicts_the_rule_book_is_refused():
    with pytest.raises(InputError, match=r"system is learned here, the rule book says rules \(mine\.yaml:10:15\)"):
        read_facts(FACTS.replace("system: {value: rules", "system: {value: learned"), book_of(), name="facts.yaml")
    with pytest.raises(InputError, match=r"automated is solely here, the rule book says none"):
        read_facts(FACTS + "  automated: {all: {value: solely, who: w, source: s}}\n", book_of(), name="facts.yaml")


def test_a_territory_in_which_it_is_used_is_no_overlay():
    text = FACTS + '  territory: {eu: {value: "yes", who: the operator, source: contract}}\n'
    assert read(MINE, text, DAY)["GDPR-03"].lead == f"Used in the EU (answered by the operator), on {DAY}"
    assert read(MINE, FACTS, DAY)["GDPR-03"].lead == f"If this rule book were used in the EU on {DAY}"
