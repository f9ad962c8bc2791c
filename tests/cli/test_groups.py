"""Groups compared and stays counted, as a reader sees them."""

from __future__ import annotations

import csv

RUN = (
    "run",
    "rongcheng-2013",
    "--city",
    "demo",
    "--residents",
    "600",
    "--months",
    "14",
    "--replays",
    "10",
    "--seed",
    "7",
)


def test_groups_and_stays(counterscore, tmp_path):
    assert counterscore(*RUN, "--out", "runs/one").code == 0
    shown = counterscore("groups", "one", "--by", "registration", "--of", "recorded", "--out", "gaps.csv")
    assert shown.code == 0, shown.err
    for words in (
        "demographic parity",
        "equalised odds",
        "Mantel-Haenszel",
        "base rate",
        "10 replicates",
        "from local",
    ):
        assert words in shown.out
    data = counterscore("groups", "one", "--by", "registration", "--of", "recorded", "--json").data
    with (tmp_path / "gaps.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(data["rows"])
    assert float(rows[0]["value"]) == data["rows"][0]["value"]
    assert all(row["range_kind"] or row["value"] is None for row in data["rows"])
    withheld = counterscore("groups", "one", "--by", "occupation", "--of", "recorded")
    assert "withheld" in withheld.out
    assert "--enough-for occupation" in withheld.out + withheld.err
    one = counterscore("groups", "one", "--replay", "0", "--of", "recorded")
    assert "(replicate 0 alone)" in one.out
    assert "but not what befalls a whole replicate (one replicate)" in " ".join(one.out.split())
    mistaken = counterscore("groups", "one", "--by", "regstration")
    assert mistaken.code == 2
    assert "Did you mean registration" in mistaken.err
    assert counterscore("groups", "one", "--of", "recorded", "--out", "gaps.txt").code == 2
    none = counterscore("stays", "one")
    assert none.code == 2
    assert "nobody was on a list" in none.err


def test_stays(counterscore, tmp_path):
    run = ("run", "court-defaulters", "--city", "beijing", "--residents", "3000", "--months", "18", "--replays", "10")
    assert counterscore(*run, "--out", "runs/one").code == 0
    shown = counterscore("stays", "one", "--out", "stays.csv")
    assert shown.code == 0, shown.err
    assert "still on it, of 100" in shown.out
    assert "cut off" in shown.out
    for one in counterscore("stays", "one", "--json").data["lists"]:
        for row in one["rows"]:
            assert abs(row["still_on"] + sum(row["left"].values()) - 100) < 1e-6
    assert (tmp_path / "stays.csv").is_file()
    assert counterscore("stays", "one", "--list", "nobodys").code == 2
