"""What was found, in the order in which it is told: what was read, coverage, refusals, measures, sensitivity.

The command line, the CSV and the page print these rows and no others.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from counterscore.mirror.compare import Standing
from counterscore.mirror.evaluate import ALL, FEWEST_COMPARED, FEWEST_PRINTED, LEAST_COVERAGE, Cell, Evaluation, Line
from counterscore.mirror.measures import Measure

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def what_was_read(record: dict[str, Any]) -> list[tuple[str, str]]:
    """The first part: files, releases, repeats, shapes, versions, licence, cut-off, what was dropped unread."""
    source, files = record["source"], record["files"]
    states = [one for one in files if one["state"] != "read"]
    named = "; ".join(f"{one['name']} {one['what']}" for one in states[:5])
    more = f" and {len(states) - 5} more" if len(states) > 5 else ""
    rows = [
        ("publisher", f"{source['publisher']} ({source['address']}), retrieved {source['retrieved']}"),
        ("licence", source["licence"] + (f". {source['attribution']}" if source["attribution"] else "")),
        ("covers", f"{source['coverage']}; cut-off {source['cut_off']}" + _window(source)),
        ("files", f"{_many(len(files), 'file')}" + (f", of which {named}{more}" if states else "")),
        (
            "releases",
            f"{_many(record['releases'], 'release')} of {_many(record['processes'], 'process', 'processes')} used; "
            f"{record['repeats']:,} repeats counted once; {record['compiled_aside']:,} compiled set aside; "
            f"{record['linked']:,} linked and not here",
        ),
        ("shapes", ", ".join(f"{name} ({many:,})" for name, many in record["shapes"].items()) or "none"),
        ("versions", ", ".join(f"{name} ({many:,})" for name, many in record["versions"].items()) or "none stated"),
        ("dropped unread", _counts(record["dropped"]) or "no field that may name a person"),
        ("not read", f"{record['unknown_fields']:,} other fields; {record['strangers']:,} objects that are no OCDS"),
        ("states", _counts(record["repairs"]) or "no fact impossible or contradictory"),
    ]
    if record["persons_refused"]:
        rows.append(
            (
                "refused",
                f"{_many(record['persons_refused'], 'process', 'processes')} whose buyer looks like a person: not shown",
            )
        )
    odd = [
        (record["no_ocid"], "processes without ocid"),
        (record["same_id"], "releases that share an id with another of other content"),
        (record["undated"], "releases without a date"),
        (record["halved_letters"], "letters cut in half, read as lost"),
        (record["whole_days"], "processes with dates without a time, taken as the end of that day"),
    ]
    if any(many for many, _ in odd):
        rows.append(("odd", "; ".join(f"{many:,} {what}" for many, what in odd if many)))
    if record["unmapped"]:
        words = ", ".join(f'"{one["word"]}" ({one["kind"]}, {one["times"]:,})' for one in record["unmapped"][:12])
        rows.append(("local words", f"not mapped to a code: {words}. Map them under codes: in source.yaml"))
    if record["changes_published"]:
        how = "the source says so" if record["changes_declared"] else "its rows are numbered"
        rows.append(("changes", f"the publisher tells every change ({how}): a contract told once has not changed"))
    rows += [("note", one) for one in record["warnings"]]
    return rows


def _window(source: dict[str, Any]) -> str:
    return f"; decided from {source['window'][0]} to {source['window'][1]}" if source["window"] else ""


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{many:,} {name}" for name, many in counts.items())


def _many(number: int, one: str, several: str = "") -> str:
    return f"{number:,} {one if number == 1 else several or one + 's'}"


def not_rated(record: dict[str, Any]) -> str:
    """How many bodies are not rated, in a sentence; empty where there are none."""
    small = [one for one in record["bodies"] if not one["rated"] and one["why_not"].startswith("not in the register")]
    rest = [one for one in record["bodies"] if not one["rated"] and one not in small]
    told = []
    if small:
        told.append(
            f"{_many(len(small), 'body is', 'bodies are')} not rated: not in the register, and under 30 contracts."
        )
    told += [
        f"{one['label']}: {_many(one['processes'], 'process', 'processes')}, not rated: {one['why_not']}."
        for one in rest
    ]
    return " ".join(told)


def coverage_table(evaluation: Evaluation, bodies: Sequence[str]) -> tuple[list[str], list[list[str]]]:
    """The second part: headings, and for each body the share of rows that each measure can use."""
    heads = ["body", *(one.id for one in evaluation.measures)]
    return heads, [
        [body, *(coverage_words(evaluation.cell(one, body)) for one in evaluation.measures)] for body in bodies
    ]


def coverage_words(cell: Cell) -> str:
    """``82 % of 240``, or why there is none."""
    if cell.state == "refused":
        return "refused"
    return f"{percent(cell.coverage or 0)} of {cell.eligible:,}" if cell.eligible else "none"


def percent(share: float) -> str:
    """A share in per cent: 100 % and 0 % mean all and none."""
    value = share * 100
    if 0 < value < 0.1:
        return "< 0.1 %"
    if 99.9 < value < 100:
        return "> 99.9 %"
    return f"{value:.0f} %" if value in {0, 100} or value >= 99.95 else f"{value:.1f} %"


def amount(measure: Measure, value: float | None) -> str:
    """A value in the measure's own way: shares in per cent, days as they are."""
    if value is None:
        return "none"
    return (
        f"{_whole(value)} days" if measure.unit == "days" else percent(value) if value >= 0 else f"-{percent(-value)}"
    )


def _whole(value: float) -> str:
    return f"{round(value):,}"  # no "-0"


def number(measure: Measure, cell: Cell) -> str:
    """Value and interval of a cell, or why there is no number."""
    if cell.state != "printed":
        return "refused" if cell.state == "refused" else cell.why
    text = amount(measure, cell.value)
    if cell.low is not None and cell.high is not None:
        text += f" ({amount(measure, cell.low)} to {amount(measure, cell.high)})"
    return text + (f", {cell.note}" if cell.note else "")


def beside(measure: Measure, cell: Cell) -> list[str]:
    """What is told beside the number."""
    out = []
    for what, value, low, high in cell.beside:
        if value is None:
            continue
        plain = any(
            word in what
            for word in ("days from", "delay in days", "median of", "mean,", "mean days", "invoices", "bids submitted")
        )
        rate = "contract-year" in what
        show = _whole if plain else (lambda x: f"{x:.2f}") if rate else percent
        text = f"{what}: {show(value) if value >= 0 or plain else '-' + percent(-value)}"
        if low is not None and high is not None:
            text += f" ({show(low)} to {show(high)})"
        out.append(text)
    return out


def usable(cell: Cell) -> str:
    """``n = 120 of 200 (60.0 %)`` and, in short, why not the rest."""
    text = f"n = {cell.n:,} of {cell.eligible:,}"
    if cell.eligible:
        text += f" ({percent(cell.coverage or 0)})"
    states = cell.by_state()
    return text + (f"; {', '.join(f'{many:,} {state}' for state, many in states.items())}" if states else "")


def reasons(cell: Cell) -> list[str]:
    """Every reason with its count, the commonest first."""
    ordered = sorted(cell.reasons.items(), key=lambda one: (-one[1], one[0]))
    return [f"{many:,} {reason}" for reason, many in ordered]


def refusals(evaluation: Evaluation) -> list[tuple[Measure, str]]:
    """The third part: measures that are refused, with the reason."""
    return [(one, why) for one in evaluation.measures if (why := one.refused(evaluation.facts))]


def measure_rows(evaluation: Evaluation, bodies: Sequence[str]) -> list[tuple[Measure, Cell]]:
    """The fourth part: every cell that is not refused."""
    return [
        (one, evaluation.cell(one, body))
        for one in evaluation.measures
        if not one.refused(evaluation.facts)
        for body in bodies
        if evaluation.cell(one, body).eligible
    ]


def sensitivity_words(evaluation: Evaluation, line: Line) -> tuple[str, str, str, str]:
    """Measure, body, other reading, and what the number would be."""
    measure = next(one for one in evaluation.measures if one.id == line.measure)
    if line.value is None:
        return measure.id, line.body, line.what, line.note
    would = f"{amount(measure, line.value)} (n = {line.n:,})"
    return (
        measure.id,
        line.body,
        line.what,
        would + (f" instead of {amount(measure, line.headline)}" if line.headline is not None else ""),
    )


def cells_csv(evaluation: Evaluation, bodies: Sequence[str]) -> str:
    """Every cell: n, eligible, coverage, interval and reasons beside the value, and the command that lists its ocids."""
    names = [
        "measure",
        "title",
        "body",
        "state",
        "value",
        "unit",
        "low",
        "high",
        "interval",
        "n",
        "eligible",
        "coverage",
    ]
    names += [
        "missing",
        "impossible",
        "contradictory",
        "copied",
        "open",
        "reasons",
        "beside",
        "why",
        "note",
        "definition",
        "ocids",
    ]
    rows = []
    for measure in evaluation.measures:
        for body in bodies:
            cell = evaluation.cell(measure, body)
            states = cell.by_state()
            rows.append(
                [
                    measure.id,
                    measure.title,
                    body,
                    cell.state,
                    _plain(cell.value),
                    measure.unit,
                    _plain(cell.low),
                    _plain(cell.high),
                ]
                + [cell.interval, cell.n, cell.eligible, _plain(cell.coverage)]
                + [states.get(one, 0) for one in ("missing", "impossible", "contradictory", "copied", "open")]
                + ["; ".join(reasons(cell)), "; ".join(beside(measure, cell)), cell.why, cell.note, measure.matched]
                + [f"ocids.csv: measure {measure.id}" + ("" if body == ALL else f", body {body}")]
            )
    return table_csv(names, rows)


def ocids(evaluation: Evaluation, measure: Measure, body: str) -> Iterable[tuple[str, str, str, str, str, str]]:
    """Every row behind a cell: measure, body, ocid, item, what it gave, or why it was not used."""
    rows = evaluation.rows_of(measure, body)
    refused = measure.refused(evaluation.facts)
    for of, ocid, item, reason, value in zip(rows.body, rows.ocid, rows.item, rows.reason, rows.value, strict=True):
        why = str(reason) or (f"refused: {refused}" if refused else "")
        yield measure.id, str(of), str(ocid), "" if item == ocid else str(item), "" if why else f"{value:g}", why


STANDING_HEADS = (
    "measure",
    "among",
    "body",
    "value (95 %)",
    "rank, 95 % interval",
    "from the others",
    "p (Holm)",
    "shrunk",
)


def standing_row(evaluation: Evaluation, one: Standing) -> list[str]:
    """One body among those of its stratum, in words."""
    measure = next(each for each in evaluation.measures if each.id == one.measure)
    value = amount(measure, one.value)
    if one.low is not None and one.high is not None:
        value += f" ({amount(measure, one.low)} to {amount(measure, one.high)})"
    gap = amount(measure, one.gap)
    if one.gap_low is not None and one.gap_high is not None:
        gap += f" ({amount(measure, one.gap_low)} to {amount(measure, one.gap_high)})"
    ranks = f"{one.rank_low} to {one.rank_high} of {one.of}"
    p = "< 0.001" if one.p < 0.001 else f"{one.p:.3f}"
    return [measure.id, one.stratum, one.body, value, ranks, gap, p, "" if one.shrunk is None else percent(one.shrunk)]


OCID_COLUMNS = ("measure", "body", "ocid", "item", "value", "not used because")


def table_csv(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Rows as comma-separated values; a text that a spreadsheet would take for a formula is marked as text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([_safe(one) for one in row])
    return out.getvalue()


def _safe(cell: Any) -> Any:
    if not isinstance(cell, str):
        return cell
    marked = f"'{cell}" if cell.startswith(_FORMULA) and not _is_number(cell) else cell
    return marked.replace("\r", " ")  # which would end the line, and is not put into quotes


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _plain(value: float | None) -> Any:
    return "" if value is None else f"{value:.6g}"


THRESHOLDS = (
    f"A number is printed from n = {FEWEST_PRINTED}; bodies are compared from n = {FEWEST_COMPARED} and a coverage of "
    f"{LEAST_COVERAGE * 100:.0f} %, within one publisher, method class and value band."
)
