"""What differs between two rule books."""

from __future__ import annotations

import pytest

from counterscore.regime.difference import difference, in_words
from tests.regime.example import EXAMPLE, regime_of, with_

BEFORE = regime_of(EXAMPLE, "old.yaml")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("points: -5\n", "points: -20\n", ["traffic-ticket points  -5 -> -20  mine.yaml:19:13"]),
        ("points: -5\n", "points: unknown\n", ["traffic-ticket points  -5 -> unknown  mine.yaml:19:13"]),
        ("    points: -5\n", "", ["traffic-ticket points  -5 -> nothing  old.yaml:19:13"]),
        ("validity: 24 months", "validity: 2 years", ["traffic-ticket validity  24 months -> 2 years  mine.yaml:21:15"]),
        ("    term: 24 months\n", "    term: 36 months\n", ["untrustworthy term  24 months -> 36 months  mine.yaml:63:11"]),
        ("score < 600 or", "score < 500 or", ["untrustworthy enter  score < 600 or records(traffic-ticket, 5 in 12 months) or grade D or worse -> score < 500 or records(traffic-ticket, 5 in 12 months) or grade D or worse  mine.yaml:62:12"]),
        ("score < 600 or", "score  <  600  or", []),
        ("when: grade A or better", "when: grade B or better", ["green-counter when  grade A or better -> grade B or better  mine.yaml:80:11"]),
        ("from: 970, to: 1300", "from: 970, to: 1400", ["score grades.A.to  1300 -> 1400  mine.yaml:53:30"]),
        ("{least: -5, most: -50}", "{least: -5, most: -60}", ["late-bill discretion.most  -50 -> -60  mine.yaml:29:35"]),
        ("given: true", "given: false", ["rights notice.given  yes -> no  mine.yaml:86:19"]),
        ("after: 3 months", "after: 6 months", ["rights repair.rules.serious.after  3 months -> 6 months  mine.yaml:90:36"]),
        ("times: 1.5", "times: 2", ["teacher times  1.5 -> 2  mine.yaml:84:34"]),
        ("    actor: self\n", "", []),
    ],
)  # fmt: skip
def test_a_change_is_told_by_id_and_field(old: str, new: str, told: list[str]) -> None:
    after = regime_of(with_((old, new)) if old in EXAMPLE else EXAMPLE)
    changes = difference(BEFORE, after)
    assert [str(one) for one in changes] == told
    assert all(one.affects for one in changes)


def test_added_and_removed_rules() -> None:
    after = regime_of(with_(("- id: late-bill", "- id: bill")))
    assert [(one.id, one.kind, str(one.at)) for one in difference(BEFORE, after)] == [
        ("late-bill", "removed", "old.yaml:25:5"),
        ("bill", "added", "mine.yaml:25:5"),
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: Example Town pilot", "title: Another title"),
        ("label: Late bill", "label: A late bill"),
        ("mark: recalled", "mark: derived"),
        ('read: "2026-11"', 'read: "2026-12"'),
        ("status: piloted", "status: scenario"),
    ],
)
def test_words_alone_are_told_as_such(old: str, new: str) -> None:
    after = regime_of(with_((old, new)))
    changes = difference(BEFORE, after)
    assert [one.affects for one in changes] == [False]
    assert str(changes[0]).endswith("(words only)")
    assert in_words(after, changes) == "0 rules differ, 7 same; only words differ, so results are the same"


def test_the_same_regime_does_not_differ() -> None:
    assert difference(BEFORE, regime_of(EXAMPLE)) == ()
    reordered = regime_of(with_(("doors:\n  - id: no-flights\n    service: flight\n    effect: closed\n    when: list untrustworthy\n    source: notice-7\n    mark: verified\n", "doors:\n"), ("scrutiny:\n", "  - id: no-flights\n    service: flight\n    effect: closed\n    when: list untrustworthy\n    source: notice-7\n    mark: verified\nscrutiny:\n")))  # fmt: skip
    assert difference(BEFORE, reordered) == ()


def test_rules_are_counted() -> None:
    after = regime_of(
        with_(
            ("points: -5\n", "points: -6\n"),
            ("times: 0.5", "times: 0.4"),
            ("validity: 24 months", "validity: 23 months"),
        )
    )
    assert in_words(after, difference(BEFORE, after)) == "2 rules differ, 5 same"


def test_stacks_are_compared_too() -> None:
    below = regime_of(EXAMPLE.replace("example-town", "below"))
    other = regime_of(EXAMPLE.replace("example-town", "below").replace("points: -5\n", "points: -7\n"))
    a, b, alone = regime_of(EXAMPLE), regime_of(EXAMPLE), regime_of(EXAMPLE)
    a._stacked, b._stacked = (below,), (other,)
    assert [(one.regime, one.id, one.old, one.new) for one in difference(a, b)] == [
        ("below", "traffic-ticket", "-5", "-7")
    ]
    assert [(one.part, one.id, one.kind) for one in difference(alone, b)] == [("stack", "below", "added")]
    assert [(one.part, one.id, one.kind) for one in difference(a, alone)] == [("stack", "below", "removed")]
