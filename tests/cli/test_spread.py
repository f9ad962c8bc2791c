"""A rule book that spreads from city to city, as a stranger would ask for it."""

from __future__ import annotations

import json

SMALL = ("--residents", "300", "--years", "4", "--replicates", "2", "--seed", "3")


def test_cities_copy_what_is_reported(counterscore, tmp_path):
    words = ("spread", "government-integrity", "--cities", "demo,county:2", *SMALL, "--set", "spread.look=1")
    shown = counterscore(*words, "--out", "spread.json")
    assert shown.code == 0, shown.err
    heading = next(line for line in shown.out.splitlines() if line.startswith("city "))
    assert [
        one for one in ("gain it reports", "gain it truly has", "the rule book's doing") if one not in heading
    ] == []
    assert any(line.startswith("county-2 ") for line in shown.out.splitlines())
    assert "had reports been true" in shown.out
    assert "Saved  spread.json" in shown.out
    kept = json.loads((tmp_path / "spread.json").read_text())
    again = counterscore(*words, "--json", "--threads", "2").data
    same = set(kept) - {"command"}
    assert {name: kept[name] for name in same} == {name: again[name] for name in same}
    assert [one["name"] for one in kept["cities"]] == ["demo", "county-1", "county-2"]
    first = kept["replicates"][0]["as_reported"][0]
    assert (first["why"], first["month"]) == ("first", "2019-01")


def test_mistakes_end_in_a_sentence(counterscore):
    for words, said in (
        (("--cities", "demo"), "2 to 64 cities"),
        (("--cities", "demo,atlantis"), 'no city is called "atlantis"'),
        (("--cities", "demo,county:x"), "no city or number of cities"),
        (("--figure", "happiness"), "There are: kept"),
        (("--years", "2"), "4 to 40 years"),
        (("--out", "spread.csv"), "--out writes .json"),
        (("--set", "spread.look=2"), "a chance or share from 0 to 1"),
    ):
        shown = counterscore("spread", "government-integrity", *SMALL[:2], *words)
        assert shown.code == 2, (words, shown.out, shown.err)
        assert said in shown.err, shown.err
        assert "Traceback" not in shown.err
    alone = counterscore("spread", "court-defaulters", "--cities", "demo,county")
    assert (alone.code, "nothing to report" in alone.err, "--figure paid" in alone.err) == (2, True, True)
