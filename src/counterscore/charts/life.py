"""C15. What happened to this resident, by which rule?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from counterscore import lifefile
from counterscore.charts._chart import Chart, Column, Row, Spec, View
from counterscore.charts._style import GRID, INK, PAPER, TEXT, WIDTH, heading, nominal, quantitative, told
from counterscore.engine import layout
from counterscore.errors import UsageError
from counterscore.lifefile.life import Life
from counterscore.lifefile.lived import LivedWorld, Span
from counterscore.lifefile.timeline import LEGEND, shape_of
from counterscore.results import Run, as_numpy

_CROSS = "M-.8-.8L.8,.8M.8-.8L-.8,.8"
#: The shapes of the life file, as paths within -1 to 1, and whether they are filled.
_SHAPES: dict[str, tuple[str, bool]] = {
    "open": ("circle", False),
    "disc": ("circle", True),
    "lozenge": ("diamond", False),
    "square": ("square", True),
    "cross": (_CROSS, False),
    "end": ("M0-1V1M-.8,0H.8", False),
    "tick": ("M0-1V1", False),
    "bar": ("M-1,0H1M0-.8A.8.8,0,1,0,0,.8A.8.8,0,1,0,0-.8", False),
    "ring": ("M0-.5A.5.5,0,1,0,0,.5A.5.5,0,1,0,0-.5", False),
    "up": ("triangle-up", False),
    "dot": ("M0-.4A.4.4,0,1,0,0,.4A.4.4,0,1,0,0-.4", True),
}
_MARK: Spec = {"type": "point", "size": 46, "stroke": INK, "strokeWidth": 1.3, "opacity": 1}
_AS_SHAPES: Spec = {
    "shape": {
        "field": "shape",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": list(_SHAPES), "range": [path for path, _ in _SHAPES.values()]},
    },
    "fill": {"condition": {"test": "datum.fill", "value": INK}, "value": PAPER},
}
_LISTS, _DOORS, _SCORE = "lists", "doors", "score"
_SPAN = "in force"


def _rows(run: Run, view: View) -> list[Row]:
    found = _life(run, view)
    rows = [row for one in found.worlds for row in _of_world(found, one)]
    return sorted(rows, key=lambda row: row["world"] != found.worlds[0].world)


def _life(run: Run, view: View) -> Life:
    world, replay = view.of(run), view.replay or 0
    if view.resident is not None and (view.pick or view.among):
        raise UsageError("name a resident or let one be picked", suggestion="Write --resident, or --pick with --of.")
    if view.resident is not None:
        picked = lifefile.by_hand(lifefile.parse_resident(run, view.resident))
    else:
        among = view.among or _somebody(run, world, replay)
        picked = lifefile.pick(run, view.pick or "median", among, world=world, replay=replay)
    return lifefile.life(run, picked, world=world, replay=replay, others=[view.against] if view.against else None)


def _somebody(run: Run, world: str, replay: int) -> str:
    """Whom a life is picked from where nobody said: the listed, or everybody where nobody is."""
    if (world, replay) not in run.finished:
        return "everybody"  # choosing from them says what is missing
    listed = as_numpy(run.table("outcomes", world, replay, ["months_listed"])["months_listed"])
    return "listed" if listed.any() else "everybody"


def _of_world(life: Life, one: LivedWorld) -> Iterator[Row]:
    shared = {
        "world": one.world,
        "resident": life.id,
        "picked": life.picked.how,
        "listed_in": life.often(one.world).removeprefix("listed in "),
    }
    for event in one.events:
        if event.lane in {_LISTS, _DOORS} and event.what != "repair":
            continue  # told as a whole below, from its beginning to its end
        yield shared | {
            "date": life.month(event.month),
            "until": None,
            "lane": event.lane,
            "kind": event.what,
            "event": event.detail,
            "change": None if event.points is None else event.points / layout.SCALE,
            "score_after": event["after"] / layout.SCALE if event.what == "score" else None,
            "score_of": one.teller.scored[event.scheme].title if event.what == "score" else "",
            "rule": event.rule,
            "file_line": event.at,
            "source": event.source,
            "truth": event.truth,
            "shape": "" if event.what == "score" else shape_of(event),
        }
    for lane, spans in ((_LISTS, one.stays()), (_DOORS, one.doors())):
        for span in spans:
            yield shared | _span(life, lane, span)
    for title, steps in one.scores():
        month, value = steps[0]
        yield (
            shared
            | _empty(life, month, _SCORE, "the score to begin with")
            | {
                "score_after": value,
                "score_of": title,
            }
        )
    if not one.events and not one.scores():
        yield shared | _empty(life, one.since, "what was done", "nothing happened")


def _span(life: Life, lane: str, span: Span) -> Row:
    end = life.month(span.end) if not span.open else None
    told_of = {"rule": span.rule, "file_line": span.at, "truth": span.note, "shape": _SPAN}
    return _empty(life, span.start, lane, span.label) | told_of | {"until": end or life.month(span.end)}


def _empty(life: Life, month: int, lane: str, event: str) -> Row:
    none = dict.fromkeys(("until", "change", "score_after"))
    words = dict.fromkeys(("score_of", "rule", "file_line", "source", "truth", "shape"), "")
    return {"date": life.month(month), "lane": lane, "kind": lane, "event": event} | none | words


def _finding(rows: Sequence[Row]) -> str:
    parts = []
    for world in dict.fromkeys(row["world"] for row in rows):
        mine = [row for row in rows if row["world"] == world]
        records = sum(row["kind"] == "record" for row in mine)
        refused = sum(row["shape"] == "bar" for row in mine)
        stays = sum(row["lane"] == _LISTS and row["shape"] == _SPAN for row in mine)
        parts.append(
            f"under {world}, {records} {_many('record', records)}, {stays} {_many('spell', stays)} on a list and {refused} "
            f"{_many('attempt', refused)} refused by a door (listed in {mine[0]['listed_in']})"
        )
    return f"{rows[0]['resident']} (synthetic; {rows[0]['picked'].split(';')[0].split(',')[0]}): {'; '.join(parts)}."


def _many(word: str, n: int) -> str:
    return word if n == 1 else f"{word}s"


def _draw(rows: Sequence[Row]) -> Spec:
    dates = sorted({row["date"] for row in rows} | {row["until"] for row in rows if row["until"]})
    x = {
        "field": "at",
        "type": "temporal",
        "title": None,
        "scale": {"domain": [f"{dates[0]}-01", f"{dates[-1]}-28"]},
        "axis": {"format": "%b %Y", "tickCount": 5},
    }
    panels: list[Spec] = []
    for n, world in enumerate(dict.fromkeys(row["world"] for row in rows)):
        mine = [row for row in rows if row["world"] == world]
        title = f"{world}" if n == 0 else f"the other world: {world}"
        panels.append(_lanes(mine, x, title))
        for book in dict.fromkeys(row["score_of"] for row in mine if row["score_of"]):
            panels.append(_score([row for row in mine if row["score_of"] == book], book, x))
    panels.append(_key([kind for kind, _ in LEGEND if any(row["shape"] == kind for row in rows)]))
    return {"vconcat": panels, "spacing": 12}


def _lanes(mine: Sequence[Row], x: Spec, title: str) -> Spec:
    """The lanes of one world: marks in their month, bars for what was in force."""
    drawn = [row for row in mine if row["lane"] != _SCORE]
    within: dict[tuple[str, str], list[Row]] = {}
    placed: list[Row] = []
    for row in drawn:
        lane = f"{row['lane']}: {row['event']}" if row["shape"] == _SPAN else row["lane"]
        within.setdefault((row["lane"], row["date"]), []).append(row)
        placed.append(
            row | {"line": lane, "at": f"{row['date']}-01", "end": f"{row['until']}-01" if row["until"] else None}
        )
    for some in within.values():
        for n, row in enumerate(some):
            if row["shape"] != _SPAN:
                at = next(k for k, one in enumerate(drawn) if one is row)
                placed[at]["at"] = f"{row['date']}-{1 + int(27 * (n + 0.5) / len(some)):02d}"
    order = ["what was done", "recorded", _LISTS, _DOORS, "tried", "rights", "circumstances", "others"]
    lines = sorted(dict.fromkeys(row["line"] for row in placed), key=lambda one: order.index(one.split(":")[0]))
    y = nominal(
        "line",
        None,
        sort=lines,
        axis={"grid": True, "domain": False, "ticks": False, "labelLimit": 360, "labelPadding": 9},
    )
    words = dict(LEGEND)
    marks = [row | {"fill": _SHAPES[row["shape"]][1]} for row in placed if row["shape"] in words]
    bars = [row for row in placed if row["shape"] == _SPAN]
    return {
        "title": heading(title),
        "width": WIDTH,
        "height": {"step": 22},
        "layer": [
            told(
                {
                    "data": {"values": bars},
                    "mark": {"type": "bar", "height": 10, "fill": GRID, "stroke": INK, "strokeWidth": 1},
                    "encoding": {"x": x, "x2": {"field": "end"}, "y": y},
                }
            ),
            told(
                {
                    "data": {"values": marks},
                    "mark": _MARK,
                    "encoding": {"x": x, "y": y, **_AS_SHAPES},
                }
            ),
        ],
    }


def _score(steps: Sequence[Row], book: str, x: Spec) -> Spec:
    """One score of one world as steps, each value a point."""
    placed = sorted((row | {"at": f"{row['date']}-01"} for row in steps), key=lambda row: str(row["at"]))
    shared: dict[str, Any] = {
        "x": x,
        "y": quantitative("score_after", "score", scale={"zero": False}, axis={"tickCount": 3}),
    }
    return {
        "title": {"text": f"score of {book}", "fontSize": TEXT, "fontWeight": "normal", "offset": 4},
        "width": WIDTH,
        "height": 56,
        "data": {"values": placed},
        "layer": [
            {
                "mark": {"type": "line", "interpolate": "step-after", "color": INK, "strokeWidth": 1.3},
                "encoding": shared,
            },
            told(
                {"mark": {"type": "point", "filled": True, "size": 16, "color": INK, "opacity": 1}, "encoding": shared}
            ),
        ],
    }


def _key(kinds: Sequence[str]) -> Spec:
    """What each shape stands for."""
    words = dict(LEGEND)
    entries = [
        {"shape": kind, "fill": _SHAPES[kind][1], "words": words[kind], "row": n} for n, kind in enumerate(kinds)
    ]
    place = {"x": {"value": 0}, "y": {"field": "row", "type": "ordinal", "axis": None}}
    return {
        "width": WIDTH,
        "height": {"step": 16},
        "data": {"values": entries},
        "layer": [
            {"mark": _MARK, "encoding": {**place, **_AS_SHAPES}},
            {
                "mark": {"type": "text", "align": "left", "dx": 12, "fontSize": TEXT, "color": INK},
                "encoding": {**place, "text": {"field": "words"}},
            },
        ],
    }


def _basis(run: Run, view: View) -> str:
    return f"Replicate {view.replay or 0} (from 0) of {run.record['replays']}."


CHART = Chart(
    id="life",
    number="C15",
    question="What happened to this resident, by which rule?",
    columns=(
        Column("world", "", "world lived in"),
        Column("resident", "", "number of the synthetic resident"),
        Column("picked", "", "how the resident was picked"),
        Column("listed_in", "", "in how many replicates the resident is ever listed"),
        Column("date", "month", "month of the event, or from which it is in force"),
        Column("until", "month", "month up to which a list or door is in force, or the end of the run"),
        Column("lane", "", "lane it is drawn in"),
        Column("kind", "", "kind of event"),
        Column("event", "", "what happened"),
        Column("change", "points", "change of the sum of points"),
        Column("score_after", "points", "score published"),
        Column("score_of", "", "rule book whose score it is"),
        Column("rule", "", "rule behind it"),
        Column("file_line", "", "where the rule is written"),
        Column("source", "", "source of the rule"),
        Column("truth", "", "whether the record is true; how a listing spell was wrong and ended"),
        Column("shape", "", "shape it is drawn with"),
    ),
    rows=_rows,
    finding=_finding,
    draw=_draw,
    caption="Shapes say what kind of event it is; nothing stands for severity. One replicate: with other random numbers the same resident lives otherwise.",
    missing="nothing happened to the resident",
    takes=("resident", "pick", "among", "replay"),
    basis=_basis,
)
