"""C7. Do doors close in other parts of life than the record came from?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from counterscore.catalog.tables import related as related_table
from counterscore.charts._chart import RANGE_COLUMNS, Chart, Column, Row, Spec, View, over, spoken
from counterscore.charts._style import matrix, written
from counterscore.measures import Life
from counterscore.results import Run

_MONTHS = "service-months for 1,000 adults a year"
_PEOPLE = "of 1,000 adults"
_SUM = "all"


def _rows(run: Run, view: View) -> list[Row]:
    table_of = related_table().pairs()
    world = view.of(run)
    lives = [Life(run, world, replay) for replay in run.replays(world)]
    tables = [life.spillover() for life in lives]
    years = [life.adult_years / 1000 for life in lives]
    shut = {pair: sum(table[pair] for table in tables) for pair in (tables[0] if tables else ())}
    causes = [c for c in dict.fromkeys(c for c, _ in shut) if any(n for (cause, _), n in shut.items() if cause == c)]
    domains = [d for d in dict.fromkeys(d for _, d in shut) if any(n for (_, domain), n in shut.items() if domain == d)]
    if not causes:
        return []

    def summed(wanted: set[tuple[str, str]]) -> Row:
        return over(sum(table[pair] for pair in wanted) / n for table, n in zip(tables, years, strict=True))

    rows: list[Row] = []
    for cause in causes:
        for domain in domains:
            related = "" if cause not in table_of else "yes" if domain in table_of[cause] else "no"
            rows.append(_named(cause, domain, related, _MONTHS) | summed({(cause, domain)}))
    own = {pair for pair in shut if pair[0] in table_of}
    near = {(cause, domain) for cause, domain in own if domain in table_of[cause]}
    rows.append(_named("one's own record", _SUM, "no", _MONTHS) | summed(own.difference(near)))
    rows.append(_named("one's own record", _SUM, "yes", _MONTHS) | summed(near))
    rows.append(
        _named("somebody else's record", _SUM, "", _MONTHS)
        | summed({p for p in shut if p[0] == "somebody else's record"})
    )
    touched = over(1000 * float(np.mean(life.outcome("wrong_spread") > 0)) for life in lives)
    rows.append(_named("only next of kin's", _SUM, "", _PEOPLE) | touched)
    return rows


def _named(cause: str, domain: str, related: str, unit: str) -> Row:
    return {"record_domain": cause.replace("_", " "), "sanction_domain": domain, "related": related, "unit": unit}


def _finding(rows: Sequence[Row]) -> str:
    away, near, _, touched = rows[-4:]
    return (
        f"Through their own records, 1,000 adults have {spoken(away, cover=True)} months of a closed or narrowed service a year outside the "
        f"record's part of life, {spoken(near)} within; {spoken(touched)} of 1,000 are hit only through kin."
    )


def _draw(rows: Sequence[Row]) -> Spec:
    cells = [row | {"same": row["related"] == "yes"} for row in rows if row["sanction_domain"] != _SUM]
    where = {"no": "one's own, another part of life", "yes": "one's own, the same part of life"}
    sums = [
        row
        | {
            "line": where.get(str(row["related"]), str(row["record_domain"]))
            + (", of 1,000 adults" if row["unit"] == _PEOPLE else "")
        }
        for row in rows
        if row["sanction_domain"] == _SUM
    ]
    grid = matrix(
        cells,
        "record_domain",
        "sanction_domain",
        labels=("where the record is from", "where the service is"),
        outlined="same",
        cell=(76, 31),
        angle=-30,
    )
    return {"vconcat": [grid, written(sums, "line", width=220)], "spacing": 16}


CHART = Chart(
    id="spillover",
    number="C7",
    question="Do doors close in other parts of life than the record came from?",
    columns=(
        Column(
            "record_domain",
            "",
            "context of the record behind the door, or what else is behind it; only next of kin's: adults with such a month",
        ),
        Column("sanction_domain", "", "domain of the service; all: summed"),
        Column("related", "", "whether the domain belongs to the context; empty where there is no record of one's own"),
        Column("unit", "", "unit of the number"),
        *RANGE_COLUMNS,
    ),
    rows=_rows,
    finding=_finding,
    draw=_draw,
    caption="Months in which a service was closed or narrowed, for 1,000 adults a year; beneath, the middle 90 % of replicates (chance); below, the sums, and adults hit at some time only through next of kin. "
    "Outlined: the service belongs to the record's part of life, a choice of the vocabulary. A door closed by a score rests on the "
    "heaviest record.",
    missing="no door was closed or narrowed",
)
