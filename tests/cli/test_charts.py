"""Charts as a reader asks for them."""

from __future__ import annotations

from counterscore.claims import check_claim, load_claim, write_answers

RUN = ("run", "suining-2010", "--city", "demo", "--residents", "900", "--months", "14", "--replays", "2", "--seed", "7")


def test_charts_of_a_run_and_of_a_claim(counterscore, tmp_path):
    assert counterscore(*RUN, "--out", "runs/one").code == 0
    for name in ("score-fan", "grade-moves", "spillover", "definitions", "twins", "life", "reach"):
        shown = counterscore("chart", name, "one", "--out", f"{name}.svg", "--out", f"{name}.csv")
        assert shown.code == 0, (name, shown.err)
        assert (tmp_path / f"{name}.alt.txt").exists()
        assert (tmp_path / f"{name}.csv").read_text().count("\n") > 1
    shown = counterscore("chart", "life", "one", "--pick", "p90", "--of", "recorded", "--json")
    assert "90th percentile" in shown.data["finding"]
    write_answers(tmp_path / "c.json", [check_claim(load_claim("approval"))])
    write_answers(tmp_path / "two.json", [check_claim(load_claim(name)) for name in ("approval", "political-twist")])
    for arguments, said in (
        (("chart", "what-moves-it", "one"), "counterscore claim check CLAIM --out answers.json"),
        (("chart", "what-moves-it", "c.json"), "fewer than twenty settings"),
        (("chart", "what-moves-it", "two.json"), "Write --claim with one of: approval, political-twist."),
        (("chart", "what-moves-it", "two.json", "--claim", "green"), 'holds no answer about "green"'),
        (("chart", "what-moves-it", "two.json", "--claim", "approval"), "fewer than twenty settings"),
        (("chart", "what-moves-it", "d.json"), "there is no file d.json"),
        (("chart", "doors", "c.json"), "counterscore chart doors latest"),
        (("chart", "spillover", "one", "--by", "sex"), "Charts that do: "),
        (("chart", "life", "one", "--resident", "R-1"), "five digits"),
        (("chart", "life", "one", "--replay", "7"), "no finished replicate 7"),
        (("chart", "border", "one", "--tolerance", "1"), "takes no --tolerance"),
        (("chart", "twins", "one", "--against", "mars"), "It has: suining-2010, none"),
    ):
        shown = counterscore(*arguments)
        assert shown.code == 2, (arguments, shown.err)
        assert said in shown.err, (arguments, shown.err)
        assert "Traceback" not in shown.err
