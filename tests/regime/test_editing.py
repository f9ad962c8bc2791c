"""Changing one value of a rule book changes that value and nothing else, and can be taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterscore.catalog import regime_ids, regime_of_text, regime_text
from counterscore.errors import InputError, Position, Problem, UsageError
from counterscore.regime import editing
from counterscore.regime.read import read_document


@pytest.mark.parametrize("id_", regime_ids())
def test_every_field_stands_where_it_says(id_: str) -> None:
    text = regime_text(id_)
    lines = text.splitlines()
    data = read_document(text, name=id_).data
    for one in editing.readable(text, id_):
        assert lines[one.line - 1][one.column - 1 :].startswith(one.raw)
        found = data
        for step in one.path:
            found = found[step]
        assert one.text == (str(found).lower() if isinstance(found, bool) else str(found))


TEXT = regime_text("suining-2010")
FIELDS = editing.readable(TEXT, "mine.yaml")


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(FIELDS),
    st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12),
)
def test_a_value_is_put_in_its_place_and_everything_else_stays(one: editing.Field, new: str) -> None:
    changed = editing.with_values(TEXT, {one.name: new}, name="mine.yaml")
    before, after = TEXT.splitlines(), changed.splitlines()
    assert [n for n, (a, b) in enumerate(zip(before, after, strict=True), 1) if a != b] in ([one.line], [])
    found = read_document(changed, name="mine.yaml").data
    for step in one.path:
        found = found[step]
    assert str(found).lower() == new.lower() or float(found) == float(new)
    for piece in editing.pieces(TEXT, changed):
        assert editing.without(TEXT, changed, piece.key) == TEXT


def test_what_was_changed_is_told_in_words_and_each_change_is_undone_alone() -> None:
    points = [one for one in FIELDS if one.label == "points"][:2]
    changed = editing.with_values(TEXT, {one.name: "-7" for one in points}, name="mine.yaml")
    before, now = (
        regime_of_text(text, Path(), name=name) for text, name in ((TEXT, editing.BEFORE), (changed, "mine.yaml"))
    )
    pieces = editing.pieces(TEXT, changed, editing.told(before, now))
    assert [one.words for one in pieces] == [(f"{one.item} points: {one.text} → -7",) for one in points]
    once = editing.without(TEXT, changed, pieces[0].key)
    assert once == editing.with_values(TEXT, {points[1].name: "-7"}, name="mine.yaml")
    with pytest.raises(UsageError, match="not there any more"):
        editing.without(TEXT, once, pieces[0].key)


def test_a_value_of_several_lines_or_none_is_refused() -> None:
    for new in ("", "  ", "1\nid: other"):
        with pytest.raises(UsageError):
            editing.with_values(TEXT, {FIELDS[0].name: new}, name="mine.yaml")
    assert editing.with_values(TEXT, {"no/such": "1", "token": "x"}, name="mine.yaml") == TEXT


REPEATED = [
    (id_, part, rule)
    for id_ in ("suining-2010", "court-defaulters")
    for part in ("catalogue", "lists", "doors")
    for rule in editing.rules_of(regime_text(id_), part, name=id_)[::9]
]


@pytest.mark.parametrize(("id_", "part", "like"), REPEATED)
def test_a_rule_is_added_after_another_and_taken_out_again(id_: str, part: str, like: str) -> None:
    text = regime_text(id_)
    act = editing.unused_acts(text, name=id_)[0].id if part == "catalogue" else ""
    changed = editing.with_rule(text, part, like, "brand-new", "Something: new", act, name=id_)
    rules = editing.rules_of(changed, part, name=id_)
    assert rules.index("brand-new") == rules.index(like) + 1
    added = [line for line in changed.splitlines() if line not in text.splitlines()]
    assert added
    assert editing.without_rule(changed, part, "brand-new", name=id_) == text
    regime_of_text(changed, Path(), name=id_)  # it can be used as it is


def test_a_rule_that_cannot_be_added_or_taken_out_is_refused() -> None:
    name = "mine.yaml"
    first = editing.rules_of(TEXT, "catalogue", name=name)[0]
    for like, new in ((first, "Not An Id"), (first, first), ("nowhere", "new"), (first, "a: b"), (first, "")):
        with pytest.raises(UsageError):
            editing.with_rule(TEXT, "catalogue", like, new, name=name)
    with pytest.raises(UsageError):
        editing.without_rule(TEXT, "catalogue", "nowhere", name=name)
    one_line = "format: 1\ncatalogue: [{id: a, points: 1}, {id: b, points: 2}]\n"
    with pytest.raises(UsageError, match="in the file"):
        editing.with_rule(one_line, "catalogue", "a", "c", name=name)
    assert editing.rules_of("points: [", "catalogue", name=name) == ()


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("severity: general", "severity: generel"),
        ("authority: banks", "authority: bankss"),
        ("act: [loan-arrears]", "act: [loan-arears]"),
        ("act: [loan-arrears]", 'act: ["loan-arears"]'),
        ("points: -20", "pionts: -20"),
        ("points: -20", "points: minus 20"),
        ("mark: verified", "mark: verifed"),
    ],
)
def test_the_word_that_a_suggestion_names_mends_the_mistake(right: str, wrong: str) -> None:
    text = regime_text("rongcheng-2013")
    broken = text.replace(right, wrong, 1)
    with pytest.raises(InputError) as error:
        regime_of_text(broken, Path(), name="mine.yaml")
    one = error.value.problems[0]
    mended = editing.with_instead(broken, one.position.line, one.position.column, one.found, one.instead)
    assert mended.replace('"loan-arrears"', "loan-arrears") == text
    regime_of_text(mended, Path(), name="mine.yaml")
    with pytest.raises(UsageError):
        editing.with_instead(text, one.position.line, one.position.column, one.found, one.instead)


def test_a_suggestion_without_a_near_word_offers_none() -> None:
    at = Position("a.yaml", 1, 1, 6)
    assert Problem(at, "is wrong", "Did you mean banks?", line_text="xxxxxx").instead == ""
    assert Problem(at, "is wrong", "Write it right.", line_text="bankss").instead == ""
    assert Problem(at, "is wrong", "Did you mean banks?").instead == ""
