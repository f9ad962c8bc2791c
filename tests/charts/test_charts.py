"""Every chart: a question, a finding that its table bears out, a drawing with the table's rows, words for who cannot see it."""

from __future__ import annotations

import csv
import html
import io
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from counterscore.catalog import load_regime
from counterscore.charts import View, all_charts, draw, find_chart
from counterscore.charts import _in_words as in_words
from counterscore.charts import _style as style
from counterscore.charts._chart import over
from counterscore.claims import Found, check_claim
from counterscore.engine import simulate
from counterscore.errors import UsageError
from counterscore.results import Run
from tests import worlds
from tests.claims.test_claims import trial

CHARTS = [chart.id for chart in all_charts()]
RANGED = ("estimate", "low", "high", "n_replays", "range_kind")
WEBS = "http://www.w3.org/"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return simulate(
        load_regime("beijing-points"),
        worlds.city(1500, seed=3),
        months=18,
        replays=10,
        seed=3,
        also=[load_regime("beijing-points", with_=["expiry-24mo"])],
        base=load_regime("none"),
        assumptions=worlds.busy(),
        out=tmp_path_factory.mktemp("runs") / "charts",
    )


def test_there_are_charts() -> None:
    assert {chart.number for chart in all_charts()} >= {f"C{n}" for n in (*range(1, 18), 19, 20)}
    assert len({chart.number for chart in all_charts()}) == len(CHARTS)


@pytest.mark.parametrize("name", CHARTS)
def test_says_what_it_is(name: str) -> None:
    chart = find_chart(name)
    assert chart.question.endswith("?")
    assert chart.caption.endswith(".")
    assert find_chart(chart.number) is chart
    assert all(column.meaning for column in chart.columns)


@pytest.fixture(scope="module")
def checked() -> Found:
    return check_claim(trial(), points=24, replays=2, seed=2)


@pytest.mark.parametrize("name", CHARTS)
def test_drawing_table_and_words_agree(name: str, run: Run, checked: Found, tmp_path: Path) -> None:
    chart = find_chart(name)
    views = [View(), *([View(by="registration")] if "by" in chart.takes else [])]
    for view in views:
        drawing = draw(run if chart.source == "run" else checked, name, view)
        names = [column.name for column in drawing.columns]
        assert drawing.finding.endswith(".")
        assert "nan" not in drawing.finding.lower()
        assert len(drawing.alt) <= 300
        read = list(csv.DictReader(io.StringIO(drawing.csv())))
        assert [list(row) for row in read[:1]] == [names]
        assert len(read) == len(drawing.rows)
        if "range_kind" in names:
            assert all(name in names for name in RANGED)
        files = drawing.save(tmp_path / f"{name}.svg")
        assert [file.suffix for file in files] == [".svg", ".txt"]
        text = files[0].read_text()
        ET.fromstring(text)
        assert all(link.startswith(WEBS) for link in re.findall(r"https?://[^\"' )]*", text))
        assert "<script" not in text
        shown = {html.unescape(label) for label in re.findall(r'aria-label="([^"]*)"', text)}
        for row in drawing.rows:
            if row.get("estimate", True) is not None:  # what is withheld has a line and no mark
                assert in_words(row, drawing.columns) in shown, row


@pytest.mark.parametrize("name", [chart.id for chart in all_charts() if "by" in chart.takes])
def test_small_groups_are_named_and_withheld(name: str, run: Run) -> None:
    rows = draw(run, name, View(by="occupation")).rows
    assert {row["group"].split(" (")[0] for row in rows if row["estimate"] is None} >= {"journalist", "lawyer"}
    assert not [row for row in rows if row["group"].startswith("journalist") and row["estimate"] is not None]


def test_a_view_that_means_nothing_to_a_chart_is_refused(run: Run, checked: Found) -> None:
    with pytest.raises(UsageError, match="doors takes no --by"):
        draw(run, "doors", View(by="sex"))
    with pytest.raises(UsageError, match="border takes no --of"):
        draw(run, "border", View(among="listed"))
    with pytest.raises(UsageError, match="group-gaps takes no --tolerance"):
        draw(run, "group-gaps", View(tolerance=0.0))
    with pytest.raises(UsageError, match="what-moves-it is a chart of the check of a claim"):
        draw(run, "what-moves-it")
    with pytest.raises(UsageError, match="doors is a chart of a run"):
        draw(checked, "doors")


def test_few_replays_give_no_range() -> None:
    assert over([1.0, 2.0])["low"] is None
    row = over(float(k) for k in range(101))
    assert (row["estimate"], row["low"], row["high"], row["low_half"], row["high_half"]) == (50, 5, 95, 25, 75)
    assert over([None, 1.0])["n_replays"] == 1


def test_what_a_run_cannot_answer_is_told(run: Run) -> None:
    with pytest.raises(UsageError, match="the rule book has no score"):
        draw(run, "score-spread", View(world="none"))
    with pytest.raises(UsageError, match="no chart is called"):
        draw(run, "pie")
    with pytest.raises(UsageError, match="no world"):
        draw(run, "doors", View(world="mars"))


def _light(colour: str) -> float:
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colour", [*style.COLOURS, style.GREY])
def test_colours_stand_out_on_white(colour: str) -> None:
    assert 1.05 / (_light(colour) + 0.05) >= 3


def test_every_colour_is_doubled() -> None:
    assert len(style.COLOURS) == len(style.DASHES) == len(style.SHAPES) == len({str(dash) for dash in style.DASHES})
