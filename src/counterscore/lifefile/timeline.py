"""The life of a resident as a drawing: one lane for each kind of event, one ink, shapes that differ.

Colour, size and order do not vary with severity or with group; a shape says what kind of event it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from counterscore.engine import layout
from counterscore.lifefile.life import Life
from counterscore.lifefile.lived import LivedWorld, Span
from counterscore.reliving import Event

_LEFT, _RIGHT, _WIDTH = 118, 14, 960
_LANE, _BAR, _TOP = 30, 17, 30
_MOST_BARS = 8  #: door bars drawn one below the other; the table holds all

#: Shape → what it stands for, in the order of the legend.
LEGEND: tuple[tuple[str, str], ...] = (
    ("open", "an act that was not recorded here"),
    ("disc", "an act that was recorded"),
    ("lozenge", "a deed claimed and not done"),
    ("square", "a true record"),
    ("cross", "a record that is not true, or is wrong by the rule"),
    ("end", "a record ends or is taken back"),
    ("tick", "served"),
    ("bar", "refused by a door"),
    ("ring", "refused for another reason"),
    ("up", "notice, objection, decision or repair"),
    ("dot", "work, debt, friends, word of mouth; firms, bodies or heads linked"),
)


@dataclass(frozen=True, slots=True)
class Drawing:
    """An SVG and the words for those who do not see it."""

    svg: str
    summary: str


def draw(life: Life) -> Drawing:
    """All worlds of a life, one above the other, on one scale of months."""
    months = int(life.run.record["months"])
    parts: list[str] = []
    y = _TOP
    for one in life.worlds:
        named = f"{one.title} ({one.world})" + (", the baseline" if one.baseline else "")
        parts.append(f'<text class="world" x="0" y="{y + 4}">{escape(named)}</text>')
        y += 16
        for label, rows, body in _lanes(life, one, months):
            height = max(_LANE, rows * _BAR + 8)
            parts.append(f'<line class="rule" x1="0" x2="{_WIDTH}" y1="{y}" y2="{y}"/>')
            parts.append(f'<text class="lane" x="0" y="{y + 18}">{escape(label)}</text>')
            parts.append(f'<g transform="translate(0 {y})">{"".join(body)}</g>')
            y += height
        y += 18
    axis = "".join(_axis(life, months, y))
    summary = _summary(life)
    svg = (
        f'<svg viewBox="0 0 {_WIDTH} {y + 8}" role="img" aria-labelledby="lt ld" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="lt">{escape(f"Life of {life.id}, month by month")}</title><desc id="ld">{escape(summary)}</desc>'
        f"{axis}{''.join(parts)}</svg>"
    )
    return Drawing(svg, summary)


def shape(kind: str, x: float, y: float) -> str:
    """One mark, centred at (x, y)."""
    match kind:
        case "open":
            return f'<circle class="hollow" cx="{x:.1f}" cy="{y}" r="4.5"/>'
        case "disc":
            return f'<circle class="solid" cx="{x:.1f}" cy="{y}" r="4.5"/>'
        case "lozenge":
            return f'<path class="hollow" d="M{x:.1f} {y - 5.5}l5.5 5.5l-5.5 5.5l-5.5-5.5z"/>'
        case "square":
            return f'<rect class="solid" x="{x - 4:.1f}" y="{y - 4}" width="8" height="8"/>'
        case "cross":
            return f'<path class="stroke" d="M{x - 4.5:.1f} {y - 4.5}l9 9m0-9l-9 9"/>'
        case "end":
            return f'<path class="stroke" d="M{x:.1f} {y - 5}v10m-4-10h8"/>'
        case "tick":
            return f'<path class="stroke thin" d="M{x:.1f} {y - 5}v10"/>'
        case "bar":
            return f'<path class="stroke heavy" d="M{x - 5:.1f} {y}h10"/><circle class="hollow" cx="{x:.1f}" cy="{y}" r="6"/>'
        case "ring":
            return f'<circle class="hollow" cx="{x:.1f}" cy="{y}" r="3"/>'
        case "up":
            return f'<path class="hollow" d="M{x:.1f} {y - 5.5}l5 9.5h-10z"/>'
    return f'<circle class="solid" cx="{x:.1f}" cy="{y}" r="2"/>'


_MARKS = {layout.Outcome.SERVED: "tick", layout.Outcome.REFUSED: "bar", layout.Outcome.REFUSED_ELSE: "ring"}


def shape_of(event: Event) -> str:
    """The shape of an event that is drawn as a mark."""
    if event.what == "act":
        if event["truth"] == layout.CLAIMED:
            return "lozenge"
        return "disc" if event["fate"] == layout.RECORDED else "open"
    if event.what in {"record", "overdue"}:
        return "square" if event["truth"] in (layout.TRUE, layout.CLAIMED) else "cross"
    if event.what == "end":
        return "end"
    if event.what == "attempt":
        return _MARKS[layout.Outcome(event["outcome"])]
    if event.lane == "rights":
        return "up"
    return "dot"


def _x(month: float, months: int) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * month / max(1, months)


def _lanes(life: Life, one: LivedWorld, months: int) -> Iterator[tuple[str, int, list[str]]]:
    """Label, height in bars and marks of each lane that has something in it, or always should."""
    by_lane: dict[str, list[Event]] = {}
    for event in one.events:
        by_lane.setdefault(event.lane, []).append(event)
    for lane in ("what was done", "recorded"):
        yield lane, 1, _marks(by_lane.get(lane, ()), months)
    for title, steps in one.scores():
        yield f"score of {title}", 3, _steps(title, steps, months)
    for label, spans in (("lists", one.stays()), ("doors", one.doors())):
        if spans:
            yield label, min(_MOST_BARS, len(spans)), _bars(life, spans, months)
        elif label == "lists" and one.teller.lists:
            yield label, 1, [f'<text class="small" x="{_LEFT}" y="18">on no list</text>']
    yield "tried", 1, _marks(by_lane.get("tried", ()), months)
    if one.links:
        yield "linked", 1, _marks([link.event for link in one.links], months)
    for lane in ("rights", "circumstances", "others"):
        if by_lane.get(lane):
            yield lane, 1, _marks(by_lane[lane], months)


def _marks(events: Sequence[Event], months: int) -> list[str]:
    """Marks side by side within their month, in the order in which they happened."""
    within: dict[int, list[Event]] = {}
    for event in events:
        within.setdefault(event.month, []).append(event)
    out = []
    for month, some in within.items():
        for n, event in enumerate(some):
            out.append(shape(shape_of(event), _x(month + (n + 0.5) / len(some), months), 15))
    return out


def _steps(title: str, steps: Sequence[tuple[int, float]], months: int) -> list[str]:
    """A score as a step line below its name, with its values written at each step that has room."""
    values = [value for _, value in steps]
    low, high = min(values), max(values)

    def y(value: float) -> float:
        return 53 - (16 * (value - low) / (high - low) if high > low else 8)

    path = f"M{_x(0, months):.1f} {y(values[0]):.1f}"
    words, last = [], -1e9
    for month, value in steps:
        x = _x(month, months)
        path += f"H{x:.1f}V{y(value):.1f}"
        if x - last > 46:
            words.append(f'<text class="small" x="{x + 2:.1f}" y="{y(value) - 3:.1f}">{value:g}</text>')
            last = x
    path += f"H{_x(months, months):.1f}"
    return [f'<path class="stroke" d="{path}"><title>{escape(title)}</title></path>', *words]


def _bars(life: Life, spans: Sequence[Span], months: int) -> list[str]:
    out = []
    for n, span in enumerate(spans[:_MOST_BARS]):
        x, end, y = _x(span.start, months), _x(max(span.end, span.start + 0.3), months), n * _BAR + 4
        ending = "" if span.open else f'<path class="stroke" d="M{end:.1f} {y}v11"/>'
        out.append(f'<rect class="pale" x="{x:.1f}" y="{y}" width="{end - x:.1f}" height="11"/>{ending}')
        out.append(f'<path class="stroke" d="M{x:.1f} {y}v11"/>')
        room = _WIDTH - _RIGHT - x
        text = f"{span.label}, since {life.month(span.start)}"
        if 5.4 * len(text) > room:  # no room to the right: the words end where the bar begins
            out.append(f'<text class="small" x="{x - 4:.1f}" y="{y + 9}" text-anchor="end">{escape(text)}</text>')
        else:
            out.append(f'<text class="small" x="{x + 4:.1f}" y="{y + 9}">{escape(text)}</text>')
    if len(spans) > _MOST_BARS:
        more = f"and {len(spans) - _MOST_BARS} more, see the table"
        out.append(f'<text class="small" x="0" y="{_MOST_BARS * _BAR + 2}">{more}</text>')
    return out


def _axis(life: Life, months: int, bottom: int) -> Iterator[str]:
    every = next(n for n in (3, 6, 12, 24, 60, 120, 600) if months / n <= 14)
    for month in range(0, months + 1, every):
        x = _x(month, months)
        yield f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="14" y2="{bottom}"/>'
        if month < months:
            yield f'<text class="small" x="{x + 2:.1f}" y="10">{life.month(month)}</text>'


def _summary(life: Life) -> str:
    """What the drawing shows in at most 300 characters."""
    told = []
    for one in life.worlds:
        made = one.outcomes()
        told.append(
            f"Under {one.world}: {_counted(sum(e.what == 'record' for e in one.events), 'record')}, "
            f"{_counted(made.get('months_listed', 0), 'month')} listed, "
            f"{_counted(made.get('refused', 0), 'attempt')} refused by a door."
        )
    text = " ".join(told)
    return text if len(text) <= 300 else text[:297] + "..."


def _counted(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 else f"{n} {what}s"
