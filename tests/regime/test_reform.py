"""Reforms: what each kind of change does, what it is refused for, and where its values say they stand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterscore.errors import InputError
from counterscore.quantity import Mark
from counterscore.regime import reform as reforming
from counterscore.regime.difference import difference
from counterscore.regime.model import Regime
from counterscore.regime.reform import Reform, read_reform
from tests.regime.example import EXAMPLE, regime_of, with_

HEAD = """\
format: 1
kind: reform
id: trial
title: A trial
sources:
  idea: {title: An idea, kind: assumption}
changes:
"""


def reform_of(*changes: str) -> Reform:
    return read_reform(HEAD + "".join(f"  - {{{one}}}\n" for one in changes), name="trial.yaml")


def changed(*changes: str, text: str = EXAMPLE) -> Regime:
    return reforming.apply(regime_of(text), reform_of(*(f"{one}, source: idea, mark: assumed" for one in changes)))


def problems(*changes: str, text: str = EXAMPLE) -> list[str]:
    with pytest.raises(InputError) as error:
        changed(*changes, text=text)
    return [
        f"{one.position}: {one.message}" + (f"  {one.suggestion}" if one.suggestion else "")
        for one in error.value.problems
        if one.severity == "problem"
    ]


def test_set_replaces_a_right() -> None:
    appeal = changed("set: rights.appeal, to: {available: true, decide: 60 days}").rights.appeal
    assert (str(appeal.decide), appeal.human_review, appeal.source, appeal.mark) == (
        "60 days",
        False,
        "idea",
        "assumed",
    )


def test_set_gives_a_right_that_was_not_there() -> None:
    bare = EXAMPLE[: EXAMPLE.index("rights:")].replace("repaired, ", "")
    assert str(changed("set: rights.notice.within, to: 5 days", text=bare).rights.notice.within) == "5 days"


def test_a_bound_gives_no_right_that_is_not_there() -> None:
    bare = EXAMPLE[: EXAMPLE.index("rights:")].replace("repaired, ", "")
    for path in ("rights.appeal.decide", "rights.repair.rules.*.at_most", "rights.repair.rules.serious.after"):
        assert "changes nothing" in problems(f'at_most: "{path}", to: 60 days', text=bare)[0]
    both = changed("set: rights.appeal.available, to: true", "at_most: rights.appeal.decide, to: 60 days", text=bare)
    assert str(both.rights.appeal.decide) == "60 days"
    kept = changed("at_most: rights.retention.at_most, to: 60 days", text=bare)
    assert str(kept.rights.retention.at_most) == "60 days"


def test_set_makes_no_list_by_a_misspelt_name() -> None:
    whole = "{label: Low, enter: score < 900, term: 6 months, leave: [expired]}"
    assert problems(f"set: lists.untrustworty, to: {whole}") == [
        'trial.yaml:8:17: nothing in lists of example-town is called "untrustworty"  Did you mean untrustworthy?'
    ]


def test_at_most_bounds_what_is_longer_and_what_has_no_end() -> None:
    regime = changed('at_most: "catalogue.*.validity", to: 12 months')
    assert [str(row.validity) for row in regime.catalogue] == ["12 months"] * 4


def test_at_most_leaves_what_is_shorter() -> None:
    regime = changed('at_most: "catalogue.*.validity", to: 30 months')
    assert [str(row.validity) for row in regime.catalogue] == ["24 months", *["30 months"] * 3]


def test_at_most_bounds_a_number_but_gives_none() -> None:
    assert changed('at_most: "doors.*.times", to: 0.25').doors[1].times == 0.25
    assert changed('at_most: "doors.*.times", to: 0.25').doors[0].times is None


@pytest.mark.parametrize("term", ["until performed", "never ends", "unknown", "60 months"])
def test_at_most_makes_a_term_fixed_and_expiry_an_exit(term: str) -> None:
    text = with_(
        (
            "    term: 24 months\n    extend: {on: [traffic-ticket], by: 12 months, at_most: 60 months}\n",
            f"    term: {term}\n",
        ),
        ("leave: [expired, repaired, corrected]", "leave: [performed, expired, corrected]"),
    )
    rule = changed('at_most: "lists.*.term", to: 18 months', text=text).lists["untrustworthy"]
    assert (rule.term.kind, rule.term.months) == ("fixed", 18)
    assert rule.leave == ("expired", "performed", "corrected")


def test_at_most_lets_people_leave_a_list_that_nobody_could() -> None:
    text = with_(
        (
            "    term: 24 months\n    extend: {on: [traffic-ticket], by: 12 months, at_most: 60 months}\n",
            "    term: never ends\n",
        ),
        ("leave: [expired, repaired, corrected]", "leave: [never]"),
    )
    assert changed('at_most: "lists.*.term", to: 18 months', text=text).lists["untrustworthy"].leave == ("expired",)


def test_at_most_leaves_a_term_that_holds_with_its_ground() -> None:
    text = with_(
        (
            "    term: 24 months\n    extend: {on: [traffic-ticket], by: 12 months, at_most: 60 months}\n",
            "    term: while the ground holds\n",
        ),
    )
    assert "changes nothing" in problems('at_most: "lists.*.term", to: 18 months', text=text)[0]


def test_multiply_keeps_whole_numbers_whole_and_leaves_what_has_none() -> None:
    regime = changed('multiply: "catalogue.*.points", by: 0.5')
    assert [row.points for row in regime.catalogue] == [-2, None, None, 0]
    assert changed('multiply: "doors.*.times", by: 0.5').doors[1].times == 0.25
    assert str(changed("multiply: catalogue.traffic-ticket.validity, by: 0.4").catalogue[0].validity) == "10 months"


def test_multiply_reaches_into_curves_and_ranges() -> None:
    assert changed('multiply: "catalogue.*.curve.*.points", by: 3').catalogue[2].curve[1].points == 3
    discretion = changed("multiply: catalogue.late-bill.discretion.most, by: 0.5").catalogue[1].discretion
    assert discretion is not None
    assert discretion.most == -25


def test_remove_takes_out_an_item_a_field_or_a_part() -> None:
    assert [door.id for door in changed("remove: doors.no-flights").doors] == ["green-counter"]
    assert changed("remove: catalogue.traffic-ticket.cap").catalogue[0].cap is None
    assert changed("remove: scrutiny").scrutiny == ()
    assert changed('remove: "doors.*"').doors == ()


def test_add_puts_in_an_item_with_the_source_of_the_change() -> None:
    door = changed("add: doors, item: {id: no-loan, service: loan, effect: closed, when: grade D}").doors[2]
    assert (door.id, door.source, door.mark) == ("no-loan", "idea", "assumed")
    rule = "{label: Low, enter: score < 900, term: 6 months, leave: [expired]}"
    assert changed(f"add: lists.low, item: {rule}").lists["low"].source == "idea"


def test_a_changed_number_has_the_source_and_the_place_of_the_reform() -> None:
    regime = changed("set: score.start, to: 900")
    (number,) = (one for one in regime.numbers() if one.path == ("score", "start"))
    assert (number.value, number.source, number.mark) == (900, "idea", Mark.ASSUMED)
    assert str(number.at) == "trial.yaml:8:28"
    assert regime.document.line(number.at)[27:30] == "900"
    assert regime.at("score", "floor").file == "mine.yaml"
    assert regime.document.files.keys() == {"mine.yaml", "trial.yaml"}
    assert regime.reforms == ("trial",)


def test_the_regime_before_is_left_as_it_was() -> None:
    before = regime_of(EXAMPLE)
    reforming.apply(before, reform_of("set: score.start, to: 900, source: idea, mark: assumed"))
    assert before.score is not None
    assert before.score.start == 1000
    assert before.reforms == ()
    assert "idea" not in before.sources


def test_two_reforms_in_turn() -> None:
    regime = changed("set: score.start, to: 900")
    again = read_reform(
        (HEAD + "  - {multiply: score.start, by: 0.5, source: idea, mark: derived}\n")
        .replace("id: trial", "id: other")
        .replace("An idea", "Another idea"),
        name="other.yaml",
    )
    twice = reforming.apply(regime, again)
    assert twice.score is not None
    assert twice.score.start == 450
    assert twice.reforms == ("trial", "other")
    assert twice.sources["other-idea"].title == "Another idea"  # the same id meant something else
    assert [one.source for one in twice.numbers() if one.path == ("score", "start")] == ["other-idea"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            "set: score.start, to: 1000",
            'trial.yaml:8:5: the reform "trial" changes nothing in example-town  '
            "Each of its changes is already so.  See: counterscore show example-town",
        ),
        (
            "set: rights.notice, to: {given: true, within: 5 days}",
            'trial.yaml:8:5: the reform "trial" changes nothing in example-town  '
            "Each of its changes is already so.  See: counterscore show example-town",
        ),
        (
            "remove: doors.no-flihgts",
            'trial.yaml:8:20: nothing in doors of example-town is called "no-flihgts"  Did you mean no-flights?',
        ),
        (
            "set: rights.apeal, to: {available: true}",
            'trial.yaml:8:18: "rights" has no "apeal" that a reform can change  Did you mean rights.appeal?',
        ),
        (
            "set: right.appeal, to: {available: true}",
            'trial.yaml:8:11: a regime has no "right" that a reform can change  Did you mean rights?',
        ),
        (
            'at_most: "catalogue.*.valdity", to: 24 months',
            'trial.yaml:8:28: "catalogue.*" has no "valdity" that a reform can change  '
            "Did you mean catalogue.*.validity?",
        ),
        (
            "set: id, to: other",
            'trial.yaml:8:11: a regime has no "id" that a reform can change  '
            "It may be: adopted, authorities, catalogue, score, lists, doors, sharing, lending, scrutiny, assessment, partners, "
            "shown, rights.",
        ),
        ("set: score.start", "trial.yaml:8:6: set needs to  Add to: …"),
        ("set: score.start, to: 900, by: 2", "trial.yaml:8:33: by does not go with set  Remove it."),
        (
            "set: score.start, remove: score.start, to: 900",
            "trial.yaml:8:5: a change is one of set, at_most, multiply, remove, add; found set and remove  "
            "Write one change per item.",
        ),
        (
            'at_most: "lists.*.term", to: soon',
            'trial.yaml:8:35: at_most needs a length of time or a number, found "soon"  Write for example: 24 months.',
        ),
        (
            "add: score, item: {id: x}",
            "trial.yaml:8:11: nothing can be added here  Write add: doors, or add: lists.new-id.",
        ),
        (
            'add: "lists.*.enter", item: {id: x}',
            "trial.yaml:8:11: nothing can be added here  Write add: doors, or add: lists.new-id.",
        ),
        (
            "set: score.start, to: nine",
            'trial.yaml:8:28: start must be a whole number, found "nine"  Write digits, or unknown.',
        ),
    ],
)
def test_a_mistake_is_told_with_its_place(change: str, told: str) -> None:
    assert problems(change) == [told]


def test_what_a_reform_breaks_is_told_with_the_place_of_the_reform() -> None:
    (told,) = problems("set: score.ceiling, to: 900")[:1]
    assert told == (
        "mine.yaml:48:10: start (1000) is outside the score, which goes from 0 to 900  Choose a start between them."
    )
    broken = problems("set: score.floor, to: 700")
    assert broken[0].startswith(
        "mine.yaml:56:28: grade D ends at 599, below the floor (700) at trial.yaml:8:28; it can never be reached"
    )


def test_a_number_of_a_reform_needs_a_source_too() -> None:
    with pytest.raises(InputError, match="60 has no source"):
        reform_of("set: rights.appeal, to: {available: true, decide: 60 days}")
    with pytest.raises(InputError, match='no source is called "nobody"'):
        reform_of("multiply: score.start, by: 2, source: nobody, mark: assumed")


def test_a_change_for_one_regime_of_a_stack_is_enough() -> None:
    below = regime_of(EXAMPLE.replace("example-town", "below").replace("no-flights", "x").replace("green-c", "y"))
    head = regime_of(EXAMPLE.replace("untrustworthy", "other"))
    head._stacked = (below,)
    result = reforming.apply(head, reform_of("remove: doors.x"))
    assert [len(one.doors) for one in result.stacked()] == [2, 1]
    assert [one.reforms for one in result.stacked()] == [("trial",), ("trial",)], "the head names what its world is"
    assert reforming.apply(head, reform_of("remove: doors.no-flights")).stacked()[1] is below


def test_a_change_in_words() -> None:
    words = [
        str(one)
        for one in reform_of(
            "set: rights.appeal, to: {available: true, decide: 60 days, source: idea, mark: assumed}",
            'at_most: "lists.*.term", to: {value: 24 months, source: idea, mark: assumed}',
            'multiply: "catalogue.*.points", by: 0.5, source: idea, mark: assumed',
            "remove: doors.no-flights",
            "add: doors, item: {id: x, service: loan, effect: closed, when: grade D}",
        ).changes
    ]
    assert words == [
        "rights.appeal becomes available true, decide 60 days",
        "lists.*.term is at most 24 months",
        "catalogue.*.points is multiplied by 0.5",
        "doors.no-flights is removed",
        "doors gains id x, service loan, effect closed, when grade D",
    ]


def test_every_change_of_a_reform_is_a_difference() -> None:
    before = regime_of(EXAMPLE)
    after = changed("set: score.start, to: 900", "remove: doors.no-flights")
    told = [str(one) for one in difference(before, after) if one.affects]
    assert told == ["score start  1000 -> 900  trial.yaml:8:28", "no-flights  removed  mine.yaml:70:5"]


PATHS = [
    "rights.appeal",
    "rights.*",
    "rights.retention.at_most",
    "rights.repair",
    "rights.repair.rules.serious.after",
    "lists",
    "lists.new",
    "lists.*",
    "lists.*.term",
    "lists.*.leave",
    "lists.*.enter",
    "lists.untrustworthy.publicity",
    "lists.*.extend",
    "score",
    "score.grades",
    "score.grades.*.from",
    "score.update",
    "catalogue.*",
    "catalogue.*.points",
    "catalogue.*.validity",
    "catalogue.*.act",
    "catalogue.*.curve.*.per",
    "catalogue.*.discretion.most",
    "catalogue.*.cap.lasts",
    "doors",
    "doors.*.times",
    "scrutiny.teacher.times",
    "authorities.police",
    "authorities.*.contexts",
    "*",
    ".",
    "catalogue..x",
]
VALUES = [
    "5",
    "-5",
    "0.5",
    "24 months",
    "unknown",
    "{available: true}",
    "[a]",
    "[]",
    "{}",
    "true",
    "{value: 3, source: idea, mark: assumed}",
    "score < 600",
    "never ends",
    "until performed",
    "x",
    "{id: x}",
    "[{id: A, from: 0, to: 1300}]",
    "10000000",
    "{label: l, enter: score < 900, term: 3 months, leave: [expired]}",
    "{id: z, service: loan, effect: closed, when: grade D}",
]


@given(
    st.lists(
        st.tuples(
            st.sampled_from([("set", "to"), ("at_most", "to"), ("multiply", "by"), ("remove", ""), ("add", "item")]),
            st.sampled_from(PATHS),
            st.sampled_from(VALUES),
        ),
        min_size=1,
        max_size=3,
    )
)
@settings(max_examples=300, deadline=None)
def test_any_reform_is_applied_or_refused(edits: list[tuple[tuple[str, str], str, str]]) -> None:
    changes = [f'{verb}: "{path}"' + (f", {key}: {value}" if key else "") for (verb, key), path, value in edits]
    try:
        regime = changed(*changes)
    except InputError as error:
        assert error.problems  # noqa: PT017  (both outcomes are right)
    else:
        assert difference(regime_of(EXAMPLE), regime)


@pytest.mark.parametrize("removed", ["lists.untrustworthy", "catalogue.*", "lists.*"])
@pytest.mark.parametrize("value", ["5", "[[a]]", "{from: 5}"])
@pytest.mark.parametrize(
    "path", ["lists.new", "lists.*.extend", "lists.*.replaces", "doors", "catalogue", "score.dimensions", "lending"]
)
def test_what_is_in_the_wrong_place_is_refused_or_gone_after_a_removal(path: str, value: str, removed: str) -> None:
    """Never a traceback: removing looks through items that an earlier change may have replaced by anything."""
    try:
        regime = changed(f'set: "{path}", to: {value}', f'remove: "{removed}"')
    except InputError as error:
        assert error.problems  # noqa: PT017  (both outcomes are right)
    else:
        assert difference(regime_of(EXAMPLE), regime)


# -- choosing among items, and what rests on what ---------------------------------------------------------


def test_where_chooses_among_items_by_value_by_default_and_by_one_of_several() -> None:
    assert [door.id for door in changed('remove: "doors.*", where: {effect: closed}').doors] == ["green-counter"]
    assert changed('remove: "doors.*", where: {level: ordinary}').doors == (), "what is not said has its default"
    unrelated = 'remove: "doors.*", where: {effect: [closed, narrowed], relation_basis: ""}'
    assert [door.id for door in changed(unrelated).doors] == ["green-counter"]
    after = changed('set: "lists.*.publicity.reach", to: none, where: {severity: serious}')
    assert after.lists["untrustworthy"].publicity.reach == "none"
    acts = changed('set: "catalogue.*.points", to: -1, where: {act: [traffic-violation, littering]}')
    assert [row.id for row in acts.catalogue if row.points == -1] == ["traffic-ticket"]
    assert problems('remove: "doors.*", where: {effect: slowed}')[0].endswith("See: counterscore show example-town"), (
        "what fits nothing changes nothing"
    )


def test_needs_names_a_part_and_an_owner() -> None:
    assert changed("set: rights.defence, to: true, needs: score").rights.defence
    assert changed("set: rights.defence, to: true, needs: public score").rights.defence
    assert "changes nothing" in problems("set: rights.defence, to: true, needs: private score")[0]
    assert problems("set: rights.defence, to: true, needs: scores")[0].startswith(
        'trial.yaml:8:44: a rule book has no part "scores"'
    )


def test_limits_that_make_no_sense_are_told() -> None:
    assert "where chooses among items" in problems("remove: doors.no-flights, where: {effect: closed}")[0]
    assert problems('remove: "doors.*", where: {effekt: closed}')[0].endswith("Did you mean effect?")


def test_a_row_goes_with_the_grounds_and_extensions_that_name_it() -> None:
    after = changed("remove: catalogue.traffic-ticket")
    rule = after.lists["untrustworthy"]
    assert [ground.kind for ground in rule.enter] == ["score", "grade"]
    assert rule.extend is None
    assert [door.id for door in after.doors] == ["no-flights", "green-counter"]


def test_a_list_whose_last_ground_goes_takes_its_doors_and_rows_along() -> None:
    text = EXAMPLE.replace(
        "score < 600 or records(traffic-ticket, 5 in 12 months) or grade D", "record(traffic-ticket)"
    )
    after = changed("remove: catalogue.traffic-ticket", text=text)
    assert after.lists == {}
    assert [door.id for door in after.doors] == ["green-counter"]
    assert all(row.on_list is None for row in after.catalogue)


def test_a_list_that_is_gone_is_replaced_by_none() -> None:
    other = "  worst: {label: Worst, enter: grade D, term: 1 year, leave: [expired], replaces: [untrustworthy], source: guess, mark: assumed}\ndoors:\n"
    after = changed("remove: lists.untrustworthy", text=EXAMPLE.replace("doors:\n", other))
    assert list(after.lists) == ["worst"]
    assert after.lists["worst"].replaces == ()


def test_what_is_there_already_is_not_added_twice() -> None:
    door = "add: doors, item: {id: no-hotel, service: star-hotel, effect: closed, when: list untrustworthy}"
    assert changed(door, door).doors == changed(door).doors
    assert len(changed(door).doors) == 3


def test_a_change_is_told_with_its_limits() -> None:
    edit = reform_of('remove: "doors.*", where: {effect: [closed, narrowed], relation_basis: ""}, needs: public score')
    assert str(edit.changes[0]) == (
        "doors.* is removed, where effect is closed or narrowed and relation_basis is not said "
        "and the rule book has: public score"
    )


BINDING = HEAD.replace("sources:", "binds: [provincial, city]\nsources:") + "  - {set: rights.compensation, to: true}\n"


def levelled(*lines: str) -> Regime:
    """The example with more lines in its head."""
    return regime_of(EXAMPLE.replace("status: piloted\n", "status: piloted\n" + "".join(f"{one}\n" for one in lines)))


@pytest.mark.parametrize(
    "said", [(), ("level: city",), ("level: {value: provincial, source: notice-7, mark: verified}",)]
)
def test_a_reform_changes_the_levels_it_binds_and_whoever_says_none(said: tuple[str, ...]) -> None:
    reform = read_reform(BINDING, name="trial.yaml")
    assert reforming.apply(levelled(*said), reform).rights.compensation
    assert not reform.unbound(levelled(*said))


@pytest.mark.parametrize(("said", "level"), [("level: national", "national"), ("owner: private", "private")])
def test_a_reform_leaves_other_levels_alone_and_says_so(said: str, level: str) -> None:
    reform, regime = read_reform(BINDING, name="trial.yaml"), levelled(said)
    with pytest.raises(InputError) as error:
        reforming.apply(regime, reform)
    assert error.value.problems[0].message == (
        'the reform "trial" changes nothing in example-town, because it binds provincial and city rule books, '
        f"and this one is {level}"
    )
    assert str(error.value.problems[0].position) == "trial.yaml:5:8"
    assert reforming.unbound_in_words(reform, regime) == f"example-town ({level})"


def test_a_level_is_words_about_a_rule_and_changes_no_result() -> None:
    changes = difference(levelled("level: city"), levelled("level: national"))
    assert [(one.part, one.old, one.new, one.affects) for one in changes] == [("level", "city", "national", False)]


def test_a_level_that_is_none_is_named() -> None:
    with pytest.raises(InputError) as error:
        read_reform(BINDING.replace("provincial", "provintial"), name="trial.yaml")
    one = error.value.problems[0]
    assert (str(one.position), one.message) == ("trial.yaml:5:9", 'no level is called "provintial"')
    assert one.suggestion.startswith("Did you mean provincial?")
