"""What comes along can be loaded, quickly, and names that do not exist are told with a suggestion."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from counterscore import catalog
from counterscore.errors import InputError, UsageError
from counterscore.regime.explain import sentences
from counterscore.regime.read import read_regime as read_from_text
from tests.regime.example import EXAMPLE, with_

EXPECTED = {
    "none",
    "suining-2010",
    "rongcheng-2013",
    "weihai-2018",
    "court-defaulters",
    "travel-lists-2018",
    "beijing-points",
}


def test_the_regimes_reforms_and_cities_of_the_catalogue() -> None:
    assert set(catalog.regime_ids()) >= EXPECTED
    assert set(catalog.reform_ids()) >= {"appeals-60d", "expiry-24mo", "repair-2023", "repair-2026", "notice"}
    assert set(catalog.city_ids()) >= {"beijing", "demo"}
    assert list(catalog.regime_ids()) == sorted(catalog.regime_ids())


@pytest.mark.parametrize("id_", catalog.regime_ids())
def test_each_regime_is_valid_and_called_like_its_folder(id_: str) -> None:
    regime = catalog.load_regime(id_)
    assert regime.id == id_
    assert regime.document.file == f"{id_}/regime.yaml"
    assert all(one.source and one.mark for one in regime.numbers())
    assert (catalog.regime_folder(id_) / "regime.yaml").is_file()
    assert sentences(regime, review=catalog.review_status(id_))


@pytest.mark.parametrize("reform", catalog.reform_ids())
@pytest.mark.parametrize("id_", catalog.regime_ids())
def test_each_reform_changes_a_regime_or_says_that_it_does_not(id_: str, reform: str) -> None:
    try:
        regime = catalog.load_regime(id_, with_=(reform,))
    except InputError as error:
        others = catalog.load_regime(id_).subjects != "residents"  # a reform may add acts that only residents do
        assert "changes nothing in" in str(error) or others  # noqa: PT017  (what a regime already grants)
        assert id_ != "beijing-points" or reform.startswith(("without-", "sharing-"))  # of what it does not have
    else:
        assert any(reform in one.reforms for one in regime.stacked())
    assert catalog.load_regime(id_).reforms == ()


def test_no_scheme_has_no_rules() -> None:
    regime = catalog.load_regime("none")
    assert (regime.catalogue, regime.score, regime.lists, regime.doors) == ((), None, {}, ())


def test_a_stack_is_loaded_with_its_head() -> None:
    regime = catalog.load_regime("beijing-points")
    assert [one.id for one in regime.stacked()] == ["beijing-points", *regime.stack]


def test_a_city_is_plain_data() -> None:
    spec = catalog.load_city_spec("demo")
    assert spec["id"] == "demo"
    assert spec["residents"]["value"] == 2000


@pytest.mark.parametrize(
    ("load", "name", "message", "suggestion"),
    [
        (catalog.load_regime, "suning-2010", 'no regime is called "suning-2010"', "Did you mean suining-2010?  All: counterscore list regimes"),
        (catalog.load_regime, "../none", 'no regime is called "../none"', "Did you mean none?  All: counterscore list regimes"),
        (catalog.load_reform, "notise", 'no reform is called "notise"', "Did you mean notice?  All: counterscore list reforms"),
        (catalog.load_city_spec, "bejing", 'no city is called "bejing"', "Did you mean beijing?  All: counterscore list cities"),
        (catalog.regime_folder, "zzz", 'no regime is called "zzz"', "All: counterscore list regimes"),
    ],
)  # fmt: skip
def test_a_name_that_does_not_exist(load: object, name: str, message: str, suggestion: str) -> None:
    with pytest.raises(UsageError) as error:
        load(name)  # type: ignore[operator]
    assert (error.value.message, error.value.suggestion, error.value.exit_code) == (message, suggestion, 2)


def test_a_second_reading_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog, "regime_folder", lambda _: tmp_path)
    assert catalog.review_status("x") == "unreviewed"
    (tmp_path / "second_reading.yaml").write_text("format: 1\ncases: [{name: a}, {name: b}]\n")
    assert catalog.review_status("x") == "second reading: 2 cases by another hand"


def _stacking(*names: str) -> str:
    return with_(("status: piloted", f"status: piloted\nstack: [{', '.join(names)}]"))


def test_a_file_stacks_regimes_of_the_catalogue_and_files_beside_it(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(_stacking("court-defaulters", "./other.yaml", "court-defaulters"))
    (tmp_path / "other.yaml").write_text(
        "format: 1\nid: other\ntitle: O\nplace: O\nstatus: scenario\nstack: [court-defaulters]\n"
    )
    regime = catalog.read_regime(tmp_path / "mine.yaml")
    assert [one.id for one in regime.stacked()] == ["example-town", "court-defaulters", "other"]


def test_a_row_may_record_an_entry_on_a_list_of_the_stack(tmp_path: Path) -> None:
    text = _stacking("court-defaulters").replace("on_list: untrustworthy", "on_list: court-defaulters")
    (tmp_path / "mine.yaml").write_text(text)
    assert catalog.read_regime(tmp_path / "mine.yaml").catalogue[3].on_list == "court-defaulters"
    (tmp_path / "mine.yaml").write_text(text.replace("on_list: court-defaulters", "on_list: court-defaulter"))
    with pytest.raises(InputError) as error:
        catalog.read_regime(tmp_path / "mine.yaml")
    (problem,) = error.value.problems
    assert problem.message == 'no list is called "court-defaulter"'
    assert problem.suggestion.startswith("Did you mean court-defaulters (defined at court-defaulters/regime.yaml:")


def _problem(tmp_path: Path) -> str:
    with pytest.raises(InputError) as error:
        catalog.read_regime(tmp_path / "mine.yaml")
    (problem,) = [one for one in error.value.problems if one.severity == "problem"]
    return f"{problem.position.line}:{problem.position.column} {problem.message}  {problem.suggestion}"


def test_a_stack_that_leads_back_to_itself(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(_stacking("./a.yaml"))
    other = "format: 1\nid: {0}\ntitle: x\nplace: x\nstatus: scenario\nstack: [{1}]\n"
    (tmp_path / "a.yaml").write_text(other.format("a", "./b.yaml"))
    (tmp_path / "b.yaml").write_text(other.format("b", "./mine.yaml"))
    told = _problem(tmp_path)
    assert told.startswith('6:9 "./a.yaml" cannot be used')
    (tmp_path / "b.yaml").write_text(other.format("b", "./b.yaml"))
    (tmp_path / "mine.yaml").write_text(_stacking("./mine.yaml"))
    assert _problem(tmp_path).startswith("6:9 the stack leads back to itself: mine.yaml -> mine.yaml")


def test_a_stack_with_an_unknown_name_or_a_broken_file(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(_stacking("court-defaulter"))
    assert _problem(tmp_path) == (
        '6:9 no regime is called "court-defaulter"  Did you mean court-defaulters?  All: counterscore list regimes'
    )
    (tmp_path / "mine.yaml").write_text(_stacking("./gone.yaml"))
    assert _problem(tmp_path).startswith('6:9 "./gone.yaml" cannot be used')


def test_ids_of_a_stack_are_used_once(tmp_path: Path) -> None:
    other = EXAMPLE.replace("id: example-town", "id: other").replace("id: green-counter", "id: other-counter")
    (tmp_path / "other.yaml").write_text(other)
    (tmp_path / "mine.yaml").write_text(_stacking("./other.yaml"))
    with pytest.raises(InputError) as error:
        catalog.read_regime(tmp_path / "mine.yaml")
    assert [one.message.split(" (")[0] for one in error.value.problems] == [
        'list "untrustworthy" is also a list of other',
        'door "no-flights" is also a door of other',
    ]


def test_a_regime_is_not_called_like_one_it_stacks(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text("format: 1\nid: example-town\ntitle: O\nplace: O\nstatus: scenario\n")
    (tmp_path / "mine.yaml").write_text(_stacking("./other.yaml"))
    assert _problem(tmp_path).startswith('6:8 "example-town" is also the id of')


def test_a_circle_through_a_regime_of_the_stack(tmp_path: Path) -> None:
    """Only a head can close one: what is stacked does not know of it."""
    text = _stacking("court-defaulters").replace("{value: 0,", "{value: -9,")
    (tmp_path / "mine.yaml").write_text(text)
    assert _problem(tmp_path).startswith(
        "61:3 this list leads back to itself: list untrustworthy (61:3) -> row listed (41:9) -> score (48:1) -> "
    )
    (tmp_path / "mine.yaml").write_text(text.replace("on_list: untrustworthy", "on_list: court-defaulters"))
    assert catalog.read_regime(tmp_path / "mine.yaml").catalogue[3].points == -9


def test_a_file_of_three_hundred_lines_is_read_in_a_third_of_a_second() -> None:
    acts = ("littering", "unsorted-waste", "illegal-stall", "exam-cheating", "crime", "tax-fraud", "draft-refusal")
    rows = "".join(
        f"  - id: row-{n}\n    label: Row {n}\n    act: [{one}]\n    authority: centre\n    points: -{n + 1}\n"
        f"    severity: minor\n    validity: 24 months\n    per: record\n    confirmed: true\n"
        f"    cap: {{grade: C, lasts: 12 months}}\n    note: a row among many\n    source: notice-7\n    mark: verified\n"
        for n, one in enumerate((*acts, *(f"unknown-{n}" for n in range(10))))
    )
    text = with_(("score:\n  start", f"{rows}score:\n  start"))
    assert text.count("\n") > 300
    began = time.process_time()
    with pytest.raises(InputError):
        read_from_text(text)
    assert time.process_time() - began < 0.3


def test_loading_again_costs_nothing() -> None:
    first = catalog.load_regime("beijing-points")
    began = time.process_time()
    assert catalog.load_regime("beijing-points") is first
    assert time.process_time() - began < 0.01
