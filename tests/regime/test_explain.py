"""A rule book in plain sentences."""

from __future__ import annotations

from counterscore.regime.explain import marks_in_words, sentences
from tests.regime.example import EXAMPLE, regime_of, with_


def _told(text: str = EXAMPLE) -> list[str]:
    return [line.strip() for line in sentences(regime_of(text), review="second reading: 3 cases by another hand")]


def test_the_example_in_words() -> None:
    told = _told()
    for line in (
        "Example Town pilot (example-town)",
        "Example Town; piloted, from 2016-01 to 2019; public, mandatory.",
        "22 of 37 numbers verified; 12 recalled, 3 assumed. Second reading: 3 cases by another hand.",
        "Traffic:",
        "Traffic ticket: -5 points, counts for 24 months; grade no better than C for 12 months. "
        "Recorded by Police. [notice-7, verified]",
        "Late bill: -5 to -50 points as the official chooses, counts until deleted after 5 years. "
        "Recorded by Credit centre. [notice-7, verified]",
        "Volunteering: +1 for each 1 hours up to 20, +1 for each 4 hours beyond in a year, counts until deleted after 5 years. "
        "Recorded by Credit centre. [notice-7, verified]",
        "Starts at 1000, between 0 and 1300, published every 3 months. [notice-7, recalled]",
        "Grade D: 0 to 599.",
        "Untrustworthy residents (untrustworthy, a list, serious): entered on a score below 600 or 5 records of "
        '"Traffic ticket" within 12 months or grade D or worse. Stays 24 months. Left when expired or repaired or corrected. '
        "[notice-7, verified]",
        "Lengthened by 12 months on a further record of traffic-ticket, to at most 60 months.",
        "Published to the city for 24 months: name, case.",
        "A flight is closed on list untrustworthy (ordinary; legal basis: unknown). [notice-7, verified]",
        "A permit or certificate at a counter is opened (0.5 times the wait) on grade A or better "
        "(ordinary; legal basis: unknown). [guess, assumed]",
        "Notice: given within 5 days.",
        "Appeal: decided within 15 days, by a human.",
        "Repair, serious: possible after 3 months, ends after 60 months.",
        "Nothing is kept longer than 5 years, counted from conduct.",
        "notice-7 (rule text, 34 numbers, read 2026-11): Notice 7. https://town.example/7",
    ):
        assert line in told


def test_what_takes_the_place_of_what_and_what_lasts_a_time_of_its_own() -> None:
    told = _told(
        with_(
            (
                "doors:\n",
                "  worst: {label: The worst, enter: grade D, term: 1 year, leave: [expired], replaces: [untrustworthy], "
                "source: guess, mark: assumed}\ndoors:\n",
            ),
            ("    when: list untrustworthy\n", "    when: list untrustworthy\n    lasts: 3 years\n"),
            ("retention: {at_most: 5 years,", "retention: {at_most: 5 years, while_listed: true,"),
        )
    )
    for line in (
        "Takes the place of: Untrustworthy residents. Who enters it leaves that, and cannot enter that while on it.",
        "A flight is closed on list untrustworthy, for 3 years from the entry on (ordinary; legal basis: unknown). "
        "[notice-7, verified]",
        "Nothing is kept longer than 5 years, counted from conduct. A record that a listing rests on is kept as long as "
        "that.",
    ):
        assert line in told


def test_a_number_with_its_own_source_says_so() -> None:
    told = _told(with_(("    times: 0.5\n    when: grade A or better\n    source: guess\n    mark: assumed", "    times: {value: 0.5, source: guess, mark: assumed, borrowed: elsewhere}\n    when: grade A or better\n    source: notice-7\n    mark: verified")))  # fmt: skip
    assert (
        "A permit or certificate at a counter is opened (0.5 times the wait) [guess, assumed, borrowed: elsewhere] on "
        "grade A or better (ordinary; legal basis: unknown). [notice-7, verified]"
    ) in told


def test_unknown_numbers_are_listed() -> None:
    told = _told(with_(("points: -5\n", "points: unknown\n"), ("times: 0.5", "times: unknown")))
    assert told[told.index("Unknown") + 1 :] == [
        "catalogue.traffic-ticket.points (mine.yaml:19:13)",
        "doors.green-counter.times (mine.yaml:79:12)",
    ]
    assert "Unknown" not in _told()


def test_a_regime_of_nothing() -> None:
    regime = regime_of("format: 1\nid: none\ntitle: No scheme\nplace: anywhere\nstatus: scenario\n")
    assert marks_in_words(regime) == "no numbers"
    assert len(sentences(regime)) == 3
