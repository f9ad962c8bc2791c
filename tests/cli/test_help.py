"""``help WORD`` answers for every name that an output can hold."""

from __future__ import annotations

import pytest

from counterscore.catalog import load_assumptions, load_regime, regime_ids
from counterscore.charts import all_charts
from counterscore.cli import main
from counterscore.cli.lookup import explanations, near
from counterscore.cli.topics import TOPICS
from counterscore.glossary import FORMER, TERMS
from counterscore.measures import TOPICS as MEASURED
from counterscore.measures import all_measures
from counterscore.quantity import Mark
from counterscore.regime import vocabulary
from tests.cli.conftest import Counterscore, Shown


def test_every_measure_list_mark_and_term_is_explained() -> None:
    lists = {name for id_ in regime_ids() for name in load_regime(id_).lists}
    words = {
        "measure": [one.id for one in all_measures()],
        "list": sorted(lists),
        "mark": [str(mark) for mark in Mark],
        "term": [*TERMS, *FORMER, "unknown", "borrowed", "partial", "stale"],
        "chart": [one.id for one in all_charts()],
        "act": [one.id for one in vocabulary.ACTS],
        "service": [one.id for one in vocabulary.SERVICES],
        "assumption": [row.path for row in load_assumptions().rows],
        "topic": list(MEASURED),
        "rule book": list(regime_ids()),
    }
    for kind, names in words.items():
        for name in names:
            found = explanations(name)
            assert any(kind in what for what, _ in found), name
            assert all(len(text) > 8 for _, text in found), name


def test_a_measure_is_explained_with_definition_unit_and_limits() -> None:
    for one in all_measures():
        told = dict(explanations(one.id))["a measure"]
        for part in (one.question, one.unit, one.definition, one.limits):
            assert part in told, one.id


def test_spelling_is_forgiven_and_near_words_are_named() -> None:
    assert explanations("Unable-to-move") == explanations("unable_to_move")
    assert explanations("ecko") == []
    assert near("ecko") == "echo"


def test_a_term_is_told_once() -> None:
    assert not set(TERMS) & set(FORMER)
    assert set(FORMER.values()) <= set(TERMS)
    assert all(term == term.lower() for term in (*TERMS, *FORMER))


@pytest.fixture
def counterscore(capsys: pytest.CaptureFixture[str]) -> Counterscore:
    def call(*arguments: str) -> Shown:
        code = main(arguments)
        return Shown(code, *capsys.readouterr())

    return call


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("echo",), "repeats an input"),
        (("adoption",), "private score"),
        (("unable_to_move",), "a rule refused"),
        (("behind_closed_doors",), "essential services"),
        (("not", "distinguishable"), "90 % interval holds 0"),
        (("court-defaulters",), "a list of court-defaulters"),
        (("run",), "Usage"),
        (tuple(TOPICS)[:1], "verified"),
    ],
)
def test_help_prints_words_topics_and_commands(counterscore, words, said):
    shown = counterscore("help", *words)
    assert shown.code == 0, shown.err
    assert said in " ".join(shown.out.split())


def test_help_of_nothing_known(counterscore):
    shown = counterscore("help", "ecko")
    assert shown.code == 2
    assert "Did you mean echo?" in shown.err
