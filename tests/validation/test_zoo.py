"""The zoo of planted harms: complete, found by whom it should be, and by nobody else; and it fails where it should."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from counterscore.catalog import synthesize
from counterscore.errors import InputError
from counterscore.measures import Life
from counterscore.results import Run
from counterscore.validation import _zoo
from counterscore.validation._zoo import FOLDER, Harm, checks, harm_ids, live, load_harm, read_harm

HARMS = harm_ids()
Worlds = tuple[Harm, Run, Run]


@pytest.fixture(scope="module", params=HARMS)
def lived(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    """A harm with its clean world and the one with the plant."""
    harm = load_harm(request.param)
    city = synthesize(harm.living.city, residents=harm.living.residents, seed=1)
    out = tmp_path_factory.mktemp(harm.id)
    return harm, live(harm, city, out / "clean", planted=False), live(harm, city, out / "planted", planted=True)


def test_the_six_harms_are_there() -> None:
    assert set(HARMS) >= {
        "proxy-discrimination",
        "expiry-not-honoured",
        "unreachable-appeal",
        "stale-sharing",
        "double-counting",
        "favours",
    }


def _key(look: _zoo.Look) -> tuple[str, str | None]:
    return look.measure, look.by


@pytest.mark.parametrize("name", HARMS)
def test_every_measure_that_finds_a_harm_is_tried_on_all(name: str) -> None:
    panel = {_key(one) for harm in map(load_harm, HARMS) for one in harm.sees}
    harm = load_harm(name)
    named = {_key(one) for one in (*harm.sees, *harm.quiet)} | {(one, None) for one in harm.moves}
    assert panel <= named
    assert harm.planted
    assert harm.not_planted
    assert all(one.why for one in harm.sees)
    assert all(abs(one.planted - one.clean) > 2 * one.tolerance for one in harm.sees)


def test_what_was_planted_is_found_and_what_was_not_is_not(lived: Worlds) -> None:
    for check in checks(*lived):
        assert check.within, f"{check.what}: {check.found} instead of {check.expected}"


def test_people_truly_do_the_same_in_both_worlds(lived: Worlds) -> None:
    """Every harm is one of recording or judging: who did what is the same, so that gaps at equal conduct are comparable."""
    _, clean, planted = lived
    for replay in clean.replays():
        before, after = Life(clean, clean.worlds[0], replay), Life(planted, planted.worlds[0], replay)
        assert before.conduct.any()
        np.testing.assert_array_equal(before.conduct, after.conduct)
        for name in ("good_deeds", "arrears_months"):
            np.testing.assert_array_equal(before.outcome(name), after.outcome(name))


def test_nothing_planted_is_not_found(lived: Worlds) -> None:
    """With the clean world in the place of the planted one, every measure that sees must miss the plant."""
    harm, clean, _ = lived
    found = [check for check in checks(harm, clean, clean) if check.what.endswith(", planted")]
    assert found
    assert not any(check.within for check in found)


def test_another_plant_is_told_from_this_one(lived: Worlds) -> None:
    """What finds the other harms finds nothing here: their own marks of success would not be met."""
    harm, clean, planted = lived
    mine = {_key(one) for one in harm.sees} | {(one, None) for one in harm.moves}
    for other in (load_harm(name) for name in HARMS if name != harm.id):
        for one in other.sees:
            if _key(one) not in mine and one.of != "worst-grade":
                before, after = _zoo.looked_at(clean, one), _zoo.looked_at(planted, one)
                if before is None or after is None:
                    assert before is after, f"{other.id}: {one}"
                else:
                    assert abs(after - before) < abs(one.planted - one.clean) / 2, f"{other.id}: {one}"


def _copied(tmp_path: Path, change: tuple[str, str]) -> Path:
    text = (FOLDER / "favours" / "harm.yaml").read_text(encoding="utf-8")
    assert change[0] in text
    (tmp_path / "harm.yaml").write_text(text.replace(*change), encoding="utf-8")
    return tmp_path / "harm.yaml"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("assume: {recording.favour: 0.9}", "assume: {}"), "nothing is planted"),
        (("measure: untrue_records", "measure: untrue_recods"), 'no measure is called "untrue_recods"'),
        (("recording.favour: 0.9", "recording.favor: 0.9"), 'no assumption fits "recording.favor"'),
        ((', against: "no", of: recorded, clean', ", clean"), "a gap is between two groups"),
    ],
)
def test_mistakes_in_a_file_are_told(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    with pytest.raises(InputError) as told:
        read_harm(_copied(tmp_path, change))
    assert message in str(told.value)
    assert "harm.yaml:" in str(told.value)


def test_a_value_is_checked_as_its_rule_says() -> None:
    at_least = _zoo.Check("x", 10.0, 50.0, 1.0, "", rule="at least")
    assert at_least.within
    assert not replace(at_least, found=8.0).within
    assert not replace(at_least, rule="equal").within
    known = replace(at_least, found=8.0, missed="a reason")
    assert known.as_told
    assert not replace(known, found=50.0).as_told


def test_not_defined_is_not_nothing() -> None:
    """A measure without anything to measure is neither 0 nor quiet when it has something in one of the worlds."""
    none = _zoo.Check("x", None, None, 1.0, "")
    assert none.within
    for expected, found in ((None, 0.0), (0.0, None)):
        for rule in ("equal", "at least"):
            assert not replace(none, expected=expected, found=found, rule=rule).within


def test_what_cannot_be_measured_is_said_to_be_so(monkeypatch: pytest.MonkeyPatch, lived: Worlds) -> None:
    harm, clean, planted = lived
    still = tuple(one for one in harm.quiet if one.measure != _zoo.GAP)[:1]
    quiet = harm.model_copy(update={"sees": (), "quiet": still})
    for before, after, within in ((None, None, True), (None, 0.0, False), (0.0, None, False), (2.0, 2.0, True)):
        said = {clean.path: before, planted.path: after}
        monkeypatch.setattr(_zoo, "looked_at", lambda run, look, said=said: said[run.path])
        (check,) = checks(quiet, clean, planted)
        assert check.within is within
