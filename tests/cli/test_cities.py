"""The same rule book in several cities, and a city that adopts its neighbour's, as a stranger would ask for it."""

from __future__ import annotations

import json

SMALL = ("--residents", "400", "--months", "8", "--replays", "2", "--seed", "7")


def test_several_cities_side_by_side_each_against_its_own_baseline(counterscore):
    shown = counterscore("run", "rongcheng-2013", "--city", "demo", "--city", "county", *SMALL, "--out", "both")
    assert shown.code == 0, shown.err
    heading = next(line for line in shown.out.splitlines() if line.startswith("rongcheng-2013 "))
    assert "difference from none in the same city" in heading
    assert "Saved  both/demo" in shown.out
    assert "Saved  both/county" in shown.out
    again = counterscore("cities", "both/demo", "both/county", "--json")
    assert again.code == 0
    row = again.data["measures"]["recorded"]
    assert [one["city"] for one in row] == ["demo", "county"]
    assert {one["difference"]["baseline"] for one in row} == {"none"}
    assert counterscore("verify", "both/county").code == 0


def test_runs_that_differ_in_more_than_their_city_are_no_comparison(counterscore):
    for regime, months in (("rongcheng-2013", "6"), ("suining-2010", "6"), ("rongcheng-2013", "7")):
        out = f"{regime}-{months}"
        options = ("--city", "demo", "--residents", "200", "--months", months, "--replays", "1", "--out", out)
        assert counterscore("run", regime, *options).code == 0
    one = counterscore("cities", "rongcheng-2013-6")
    assert (one.code, "at least two" in one.err) == (2, True)
    rules = counterscore("cities", "rongcheng-2013-6", "suining-2010-6")
    assert rules.code == 2
    assert "the rule book or its baseline" in rules.err
    assert "months" in counterscore("cities", "rongcheng-2013-6", "rongcheng-2013-7").err


def test_a_plan_for_several_cities(counterscore):
    shown = counterscore("run", "none", "--city", "beijing", "--city", "china-2020", "--dry-run", "--json")
    assert [(one["city"], one["residents"]) for one in shown.data] == [("beijing", 20_000), ("china-2020", 20_000)]


def test_adopted_in_the_middle_of_a_run(counterscore):
    options = ("--city", "demo", *SMALL[2:], "--residents", "500")
    shown = counterscore("run", "weihai-2018", "--from", "2018-05", *options, "--out", "later")
    assert shown.code == 0, shown.err
    record = json.loads(counterscore("show", "later", "--json").out)["record"]
    assert record["worlds"][0]["name"] == "weihai-2018+from-2018-05"
    assert counterscore("verify", "later").code == 0
    outside = counterscore("run", "weihai-2018", "--from", "2019-01", *options)
    assert outside.code == 2
    assert "within it (2018-01 to 2018-08)" in outside.err
    lost = counterscore("run", "weihai-2018", "--from", "2018-05", "--base", "rongcheng-2013", *options)
    assert lost.code == 2
    assert "does not go on with rongcheng-2013" in lost.err
