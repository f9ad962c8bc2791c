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
from counterscore.charts import _style as style
from counterscore.charts._chart import over
from counterscore.engine import simulate
from counterscore.errors import UsageError
from counterscore.results import Run
from tests import worlds

CHARTS = [chart.id for chart in all_charts()]
RANGED = ("estimate", "low", "high", "n_replays", "range_kind")
WEBS = "http://www.w3.org/"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return simulate(
        load_regime("beijing-points"),
        worlds.city(1500),
        months=18,
        replays=10,
        seed=3,
        also=[load_regime("beijing-points", with_=["expiry-24mo"])],
        base=load_regime("none"),
        assumptions=worlds.busy(),
        out=tmp_path_factory.mktemp("runs") / "charts",
    )


def test_there_are_charts() -> None:
    assert len(CHARTS) >= 10
    assert len({chart.number for chart in all_charts()}) == len(CHARTS)


@pytest.mark.parametrize("name", CHARTS)
def test_says_what_it_is(name: str) -> None:
    chart = find_chart(name)
    assert chart.question.endswith("?")
    assert chart.caption.endswith(".")
    assert find_chart(chart.number) is chart
    assert all(column.meaning for column in chart.columns)


@pytest.mark.parametrize("name", CHARTS)
def test_drawing_table_and_words_agree(name: str, run: Run, tmp_path: Path) -> None:
    drawing = draw(run, name, View(by="registration") if name in {"group-gaps", "score-spread"} else None)
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
    shown = html.unescape(" ".join(re.findall(r'aria-label="([^"]*)"', text)))
    drawn = [row for row in drawing.rows if row.get("estimate") is not None]
    assert f"estimate {drawn[0]['estimate']:.6g}" in shown
    for row in drawn[:: max(1, len(drawn) // 20)]:
        if name not in {"listed-over-time", "time-to-exit", "replays"}:  # a line is one mark for all its rows
            assert f"estimate {row['estimate']:.6g}" in shown, row


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
