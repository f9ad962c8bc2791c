"""Every chart: a question, a finding that its table bears out, a drawing with the table's rows, words for who cannot see it."""

from __future__ import annotations

import csv
import html
import io
import re
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path

import pytest

from counterscore.catalog import load_regime
from counterscore.charts import Drawing, View, all_charts, draw, find_chart, in_words
from counterscore.charts import _style as style
from counterscore.charts._chart import over
from counterscore.claims import Found, check_claim
from counterscore.errors import UsageError
from counterscore.results import Run
from counterscore.simulation import simulate
from tests import worlds
from tests.claims.test_claims import trial

CHARTS = [chart.id for chart in all_charts()]
RANGED = ("value", "low", "high", "n_replays", "range_kind")
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
    assert {chart.number for chart in all_charts()} >= {f"C{n}" for n in range(1, 21)}
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


@pytest.fixture(scope="module")
def drawings(run: Run, checked: Found) -> dict[str, Drawing]:
    """Every chart, worked out once."""
    return {chart.id: draw(run if chart.source == "run" else checked, chart.id) for chart in all_charts()}


@pytest.mark.parametrize("name", CHARTS)
def test_drawing_table_and_words_agree(name: str, run: Run, drawings: dict[str, Drawing], tmp_path: Path) -> None:
    chart = find_chart(name)
    views = [View(), *([View(by="registration")] if "by" in chart.takes else [])]
    for view in views:
        drawing = drawings[name] if view == View() else draw(run, name, view)
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
            if row.get("value", True) is not None:  # what is withheld has a line and no mark
                assert in_words(row, drawing.columns) in shown, row
        assert _cells(text, names) == {
            k: {name: row[name] for name in names if row[name]} for k, row in enumerate(read)
        }


def _cells(svg: str, names: list[str]) -> dict[int, dict[str, str]]:
    """The table that an SVG holds in its attributes, by the number of the row."""
    found: dict[int, dict[str, str]] = {}
    for element in ET.fromstring(svg).iter():
        if "data-row" in element.attrib:
            cells = {name: element.attrib.get(f"data-{name.replace('_', '-')}", "") for name in names}
            row = {name: cell for name, cell in cells.items() if cell}
            assert found.setdefault(int(element.attrib["data-row"]), row) == row
    return found


@pytest.mark.parametrize("name", CHARTS)
def test_words_for_who_cannot_see_it_end(name: str, drawings: dict[str, Drawing]) -> None:
    drawing = drawings[name]
    assert drawing.alt.startswith("Chart")
    assert drawing.alt.endswith(".")
    assert "…" not in drawing.alt + drawing.finding
    assert not drawing.alt.endswith((",.", ":.", ";.", "..", "(."))
    for told in (drawing.alt, drawing.finding):
        assert told.count("(") == told.count(")"), told


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("dark", [False, True])
def test_drawn_so_that_it_can_be_seen(name: str, dark: bool, drawings: dict[str, Drawing]) -> None:
    """Fonts end in a generic family, letters are no smaller than 10 px, lines and marks stand out on the ground."""
    ground = style.DARK[style.PAPER] if dark else style.PAPER
    pale = {style.GRID, style.FAINT, *style.RAMP}
    known = {style.INK, style.BLUE, style.ORANGE, style.TEAL, style.GREY, style.PAPER, *pale}
    known = {style.DARK[one] for one in known} if dark else known
    text = drawings[name].svg(dark=dark)
    seen = set()
    for element in ET.fromstring(text).iter():
        style_of = element.attrib
        if "font-family" in style_of:
            assert style_of["font-family"].rsplit(",", 1)[-1].strip() in {"sans-serif", "serif", "monospace"}
        if "font-size" in style_of:
            assert float(style_of["font-size"].removesuffix("px")) >= style.SMALL
        for key in ("fill", "stroke"):
            seen.add(_hex(style_of.get(key, "none")))
        if style_of.get("stroke-width") and _hex(style_of.get("stroke", "none")) not in {"", ground}:
            thin = _hex(style_of["stroke"])
            pale_here = {style.DARK[one] for one in pale} if dark else pale
            assert thin in pale_here or _contrast(thin, ground) >= 3, (thin, style_of)
    assert seen - {""} <= known, seen - known


def _hex(colour: str) -> str:
    if colour.startswith("rgb"):
        return "#" + "".join(f"{int(part):02X}" for part in re.findall(r"\d+", colour)[:3])
    named = {"white": "#FFFFFF", "none": "", "transparent": "", "black": "#000000"}
    return named.get(colour, colour.upper())


@pytest.mark.parametrize("name", [chart.id for chart in all_charts() if "by" in chart.takes])
def test_small_groups_are_named_and_withheld(name: str, run: Run) -> None:
    rows = draw(run, name, View(by="occupation")).rows
    assert {row["group"].split(" (")[0] for row in rows if row["value"] is None} >= {"journalist", "lawyer"}
    assert not [row for row in rows if row["group"].startswith("journalist") and row["value"] is not None]


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
    assert (row["value"], row["low"], row["high"], row["low_half"], row["high_half"]) == (50, 5, 95, 25, 75)
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


def _contrast(one: str, two: str) -> float:
    light, dark = sorted((_light(one), _light(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colour", [*style.COLOURS, style.GREY])
def test_colours_stand_out(colour: str) -> None:
    assert _contrast(colour, style.PAPER) >= 3
    assert _contrast(style.DARK[colour], style.DARK[style.PAPER]) >= 3


@pytest.mark.parametrize("grey", style.RAMP)
def test_ink_can_be_read_on_every_grey(grey: str) -> None:
    assert _contrast(style.INK, grey) >= 4.5
    assert _contrast(style.DARK[style.INK], style.DARK[grey]) >= 4.5


@pytest.mark.parametrize(
    ("values", "room"), [([1, 1, 1], 2.0), ([0, 5, 5.5], 1.0), ([3], 9.0), ([], 1.0), ([9, 1], 3.0)]
)
def test_names_at_the_ends_do_not_collide(values: list[float], room: float) -> None:
    places = sorted(style.apart(values, room))
    assert all(b - a >= room * 0.98 for a, b in pairwise(places))
    assert [values[k] for k in _order(style.apart(values, room))] == sorted(values)


def _order(values: list[float]) -> list[int]:
    return sorted(range(len(values)), key=lambda k: values[k])


@pytest.mark.parametrize("most", [0.0, 0.003, 0.99, 1, 7, 86, 522, 9_999, 10_000, 123_456])
def test_an_axis_ends_above_what_it_holds(most: float) -> None:
    assert most <= style.top_of([0.0, most, None]) <= max(1.0, 2 * most)


def test_every_colour_is_doubled() -> None:
    assert len(style.COLOURS) == len(style.DASHES) == len(style.SHAPES) == len({str(dash) for dash in style.DASHES})


def test_names_stand_in_the_order_of_the_rows() -> None:
    """Field: a row without a range went last, so that "8 or more" records stood before "6", and the worst door below all."""
    known = {"low": 1.0, "high": 3.0, "low_half": 1.5, "high_half": 2.5, "n_replays": 12, "range_kind": "replays"}
    bare = dict.fromkeys(known) | {"n_replays": 1, "range_kind": ""}
    names = ["first", "second", "third", "fourth"]
    for chart, field in (("doors", "service"), ("thin-files", "records_held"), ("error-sources", "cause")):
        found = find_chart(chart)
        empty = dict.fromkeys(column.name for column in found.columns)
        assert field in empty
        rows = [empty | (bare if n in (0, 2) else known) | {field: name, "value": 2.0} for n, name in enumerate(names)]
        svg = Drawing(found, rows, "", "").svg(words=False)
        written = re.findall(rf">({'|'.join(names)})</text>", svg)
        assert list(dict.fromkeys(written)) == names, chart
