"""The page: coverage before numbers, a refusal in words before a value, and every number with a way to its processes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2

from counterscore.charts._style import (
    BLUE,
    CONFIG,
    INK,
    PAPER,
    RAMP,
    Spec,
    dark_rules,
    nominal,
    quantitative,
    told,
)
from counterscore.files import begins_like, is_own_page, refuse_to_replace, whole_file, write_whole
from counterscore.mirror import STANDING, present
from counterscore.mirror.compare import standings, why_none
from counterscore.mirror.evaluate import ALL, Cell, Evaluation
from counterscore.mirror.measures import Measure

_MOST_SHOWN = 25  #: processes of a number that the page itself lists; the CSV beside it has all
_MOST_BODIES = 40  #: bodies in a picture; the tables have all


@dataclass(frozen=True)
class Picture:
    """A drawing with its words; its rows are the table beside it."""

    svg: str
    alt: str


@dataclass(frozen=True)
class Behind:
    """The first processes behind a number, those that counted as late (or most) first."""

    id: str
    title: str
    rows: list[tuple[str, ...]]
    left_out: int


def write(evaluation: Evaluation, out: Path, *, command: str = "") -> list[Path]:
    """Write the page and, beside it, CSV files with all cells, all ocids and the log of repairs."""
    bodies = [ALL, *evaluation.bodies]
    stem = out.with_suffix("")
    cells, ocids, repairs = (stem.with_name(f"{stem.name}.{what}.csv") for what in ("measures", "ocids", "repairs"))
    heads = {cells: present.cells_csv(evaluation, ()), ocids: present.table_csv(present.OCID_COLUMNS, ())}
    refuse_to_replace(out, is_own_page)
    for file, head in heads.items():
        refuse_to_replace(file, begins_like(head))
    write_whole(cells, present.cells_csv(evaluation, bodies))
    with whole_file(ocids) as part, part.open("w", encoding="utf-8") as stream:
        stream.write(heads[ocids])
        for measure in evaluation.measures:
            rows = present.ocids(evaluation, measure, ALL)
            stream.write(present.table_csv(present.OCID_COLUMNS, rows).partition("\n")[2])
    log = evaluation.facts.table("repairs")
    text = present.table_csv(log.column_names, ([row[name] for name in log.column_names] for row in log.to_pylist()))
    refuse_to_replace(repairs, begins_like(text))
    write_whole(repairs, text)
    write_whole(out, build(evaluation, files=(cells.name, ocids.name, repairs.name), command=command))
    return [out, cells, ocids, repairs]


def build(evaluation: Evaluation, *, files: tuple[str, str, str], command: str = "") -> str:
    """The page as text; ``files`` are the names of the CSV files beside it."""
    from counterscore.provenance import own_version

    record = evaluation.facts.record
    bodies = [ALL, *evaluation.bodies]
    rows = present.measure_rows(evaluation, bodies)
    stood = standings(evaluation)
    return _page().render(
        standing=STANDING,
        thresholds=present.THRESHOLDS,
        source=record["source"],
        read=present.what_was_read(record),
        files_left_out=[one for one in record["files"] if one["state"] != "read"],
        heads=present.coverage_table(evaluation, [])[0][1:],
        titles={one.id: one.title for one in evaluation.measures},
        coverage=present.coverage_table(evaluation, bodies)[1],
        coverage_picture=_coverage_picture(evaluation, bodies),
        not_rated=present.not_rated(record),
        copied=record["copied"],
        refusals=present.refusals(evaluation),
        numbers=[_row(evaluation, bodies, measure, cell) for measure, cell in rows],
        interval_picture=_interval_picture(rows),
        stood=[present.standing_row(evaluation, one) for one in stood],
        stood_heads=present.STANDING_HEADS,
        why_none="" if stood else why_none(evaluation),
        sensitivity=[
            present.sensitivity_words(evaluation, line) for body in bodies for line in evaluation.sensitivity(body)
        ],
        behind=[_behind(evaluation, bodies, measure, cell) for measure, cell in rows],
        measures=evaluation.measures,
        bodies=record["bodies"] if len(record["bodies"]) <= 500 else record["bodies"][:500],
        bodies_left_out=max(0, len(record["bodies"]) - 500),
        files=files,
        version=own_version(),
        command=command,
        dark_rules=dark_rules(),
    )


def _anchor(bodies: list[str], cell: Cell) -> str:
    return f"ocids-{cell.measure}-{bodies.index(cell.body)}"


def _row(evaluation: Evaluation, bodies: list[str], measure: Measure, cell: Cell) -> dict[str, Any]:
    return {
        "measure": measure,
        "body": cell.body,
        "number": present.number(measure, cell),
        "usable": present.usable(cell),
        "reasons": present.reasons(cell),
        "interval": cell.interval,
        "beside": present.beside(measure, cell),
        "anchor": _anchor(bodies, cell),
    }


def _behind(evaluation: Evaluation, bodies: list[str], measure: Measure, cell: Cell) -> Behind:
    rows = list(present.ocids(evaluation, measure, cell.body))
    rows.sort(key=lambda one: (one[4] == "", -float(one[4] or 0), one[2], one[3]))
    return Behind(
        _anchor(bodies, cell),
        f"{measure.id} {measure.title}, {cell.body}",
        [one[2:] for one in rows[:_MOST_SHOWN]],
        max(0, len(rows) - _MOST_SHOWN),
    )


def _coverage_picture(evaluation: Evaluation, bodies: list[str]) -> Picture:
    rows = []
    for body in bodies[:_MOST_BODIES]:
        for measure in evaluation.measures:
            cell = evaluation.cell(measure, body)
            share = cell.coverage if cell.state != "refused" else None
            text = "refused" if cell.state == "refused" else "none" if share is None else f"{share:.0%}"
            rows.append(
                {
                    "body": body if len(body) <= 44 else body[:43] + "…",
                    "measure": measure.id,
                    "share": None if share is None else share * 100,
                    "text": text,
                    "of": f"of {cell.eligible:,}" if cell.eligible and cell.state != "refused" else "",
                    "_row": f"{body}, {measure.id} {measure.title}: {present.coverage_words(cell)}",
                }
            )
    seen = [one for one in evaluation.measures if not one.refused(evaluation.facts)]
    alt = (
        f"Coverage of {len(evaluation.measures)} measures for {len(bodies)} rows of bodies. "
        f"Not refused: {', '.join(one.id for one in seen) or 'none'}. The same numbers are in the table below."
    )
    return Picture(_drawn(_matrix(rows)), alt)


def _matrix(rows: list[dict[str, Any]]) -> Spec:
    order = list(dict.fromkeys(row["measure"] for row in rows))
    text = {"type": "text", "fontSize": 11, "baseline": "middle", "color": INK}
    return {
        "data": {"values": rows},
        "width": {"step": 58},
        "height": {"step": 36},
        "encoding": {
            "x": nominal(
                "measure",
                None,
                scale={"domain": order},
                axis={"orient": "top", "domain": False, "ticks": False, "labelAngle": 0},
            ),
            "y": nominal("body", None, axis={"domain": False, "ticks": False, "labelPadding": 6, "labelLimit": 330}),
        },
        "layer": [
            told(
                {
                    "mark": {"type": "rect", "stroke": PAPER, "strokeWidth": 1},
                    "encoding": {
                        "fill": {
                            "condition": {"test": "!isValid(datum.share)", "value": PAPER},
                            "field": "share",
                            "type": "quantitative",
                            # In steps, of which each has a colour on a dark ground.
                            "scale": {"type": "quantize", "domain": [0, 100], "range": list(RAMP)},
                            "legend": None,
                        }
                    },
                }
            ),
            {
                "mark": {**text, "dy": -6},
                "transform": [{"filter": "datum.of != ''"}],
                "encoding": {"text": {"field": "text"}},
            },
            {"mark": {**text, "fontSize": 10, "dy": 8}, "encoding": {"text": {"field": "of"}}},
            {
                "mark": {**text, "fontSize": 10},
                "transform": [{"filter": "datum.of == ''"}],
                "encoding": {"text": {"field": "text"}},
            },
        ],
    }


def _interval_picture(rows: list[tuple[Measure, Cell]]) -> Picture | None:
    panels: list[Spec] = []
    names = []
    for measure in dict.fromkeys(one for one, _ in rows):
        mine = [cell for one, cell in rows if one is measure and cell.state == "printed" and cell.low is not None]
        if not mine:
            continue
        names.append(f"{measure.id} {measure.title}")
        scale = 1 if measure.unit == "days" else 100
        values = [
            {
                "body": (cell.body if len(cell.body) <= 40 else cell.body[:39] + "…") + f"  (n = {cell.n:,})",
                "estimate": (cell.value or 0) * scale,
                "low": (cell.low or 0) * scale,
                "high": (cell.high or 0) * scale,
                "_row": f"{cell.body}: {present.number(measure, cell)}, n = {cell.n} of {cell.eligible}",
            }
            for cell in mine[:_MOST_BODIES]
        ]
        unit = "days" if scale == 1 else f"per cent ({measure.unit})"
        y = nominal("body", None, axis={"labelLimit": 320})
        panels.append(
            {
                "width": 380,
                "height": 22 * len(values),
                "title": {"text": f"{measure.id}  {measure.question}", "fontSize": 12, "offset": 4},
                "data": {"values": values},
                "layer": [
                    {
                        "mark": {"type": "rule", "strokeWidth": 2, "color": BLUE},
                        "encoding": {"x": quantitative("low", unit), "x2": {"field": "high"}, "y": y},
                    },
                    told(
                        {
                            "mark": {"type": "point", "size": 55, "filled": True, "color": BLUE, "opacity": 1},
                            "encoding": {"x": quantitative("estimate", unit), "y": y},
                        }
                    ),
                ],
            }
        )
    if not panels:
        return None
    alt = f"Values with 95 % intervals of {', '.join(names)}. The same numbers are in the table below."
    return Picture(_drawn({"vconcat": panels}), alt)


def _drawn(spec: Spec) -> str:
    """The drawing as SVG that names no parts of its own: the words beside it and the table say the same."""
    import vl_convert

    whole = {"$schema": "https://vega.github.io/schema/vega-lite/v6.json", "config": CONFIG, "padding": 8, **spec}
    svg: str = vl_convert.vegalite_to_svg(whole)
    svg = re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", svg)
    return svg.replace("<svg ", '<svg aria-hidden="true" ', 1)


@cache
def _page() -> jinja2.Template:
    text = resources.files("counterscore.mirror").joinpath("page.html.jinja").read_text(encoding="utf-8")
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    return environment.from_string(text)
