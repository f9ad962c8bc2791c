"""From a run folder to one HTML file. Every figure comes from the saved tables, or is lived again from the record for a
part of the run that its caption names, with the same bits. Nothing else is run.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2

from counterscore import headlines, odd, paired
from counterscore.catalog import load_regime, regime_ids, review_status
from counterscore.charts import Drawing, View, all_charts, draw
from counterscore.claims import Found
from counterscore.errors import RunError, UsageError, did_you_mean
from counterscore.measures import GROUPS, all_measures
from counterscore.provenance import own_version
from counterscore.regime.explain import marks_in_words, sentences
from counterscore.regime.model import Regime
from counterscore.reliving import regime_of
from counterscore.results import Run

#: What each template holds, in order. Limits come first in all of them and cannot be left out.
TEMPLATES: dict[str, tuple[str, ...]] = {
    "research": (
        "answer",
        "claims",
        "rules",
        "city",
        "results",
        "whatif",
        "lives",
        "sure",
        "objections",
        "method",
        "reproduce",
        "data",
        "glossary",
    ),
    "assessment": (
        "answer",
        "claims",
        "steps",
        "rules",
        "city",
        "results",
        "whatif",
        "lives",
        "sure",
        "objections",
        "method",
        "reproduce",
        "data",
        "glossary",
    ),
    "brief": ("answer", "claims", "results", "objections", "reproduce"),
    "classroom": ("answer", "claims", "notice", "results", "sure", "glossary", "reproduce"),
}
_TITLES = {
    "research": "Report",
    "assessment": "Annex to an impact assessment",
    "brief": "Brief",
    "classroom": "Class sheet",
}
_BRIEF_CHARTS = ("listed-over-time", "doors", "error-ledger", "group-gaps")
_MOST_TABLE_ROWS = 60
_WIDE = 720  #: pixels of a drawing from which its words would be too small in a column
_WHAT_IF = ("reforms", "twins", "border")
_LIVES = ("life",)
_SURE = ("replays",)
#: Charts of the results under their headings; a chart that is named nowhere here comes last.
_RESULTS = {
    "Lists": ("listed-over-time", "time-to-exit"),
    "Scores": ("score-spread", "score-fan", "grade-moves"),
    "Doors": ("doors", "doors-at-once"),
    "Spillover": ("spillover",),
    "Errors": ("error-ledger", "error-sources"),
    "Groups": ("group-gaps", "definitions", "thin-files"),
    "Data reach": ("reach",),
}
_MORE = "More"
#: How the residents are picked whose files are shown.
_PICKS = ("median", "p10", "p90")


@dataclass(frozen=True, slots=True)
class Figure:
    """One chart in the report: the drawing and the table with the same rows. ``wide`` ones need the page's width."""

    id: str
    question: str
    finding: str
    caption: str
    svg: str
    wide: bool
    alt: str
    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, ...], ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class Objection:
    """What somebody may say against the result, and the answer or that there is none here."""

    says: str
    answer: str


def write(runs: Sequence[Run], template: str, out: Path, *, claims: Sequence[Found] = (), command: str = "") -> Path:
    """Write the report of ``runs`` to ``out``. A partial run puts the word into title, header and file name."""
    partial = any(run.partial for run in runs)
    file = out.with_name(f"{out.stem}.partial{out.suffix}") if partial and "partial" not in out.stem else out
    file.write_text(build(runs, template, claims=claims, command=command), encoding="utf-8")
    return file


def build(runs: Sequence[Run], template: str = "research", *, claims: Sequence[Found] = (), command: str = "") -> str:
    """The report as text, with the checks of ``claims`` in it.

    Raises ``UsageError`` for an unknown template or a run without finished replays.
    """
    if template not in TEMPLATES:
        close = did_you_mean(template, tuple(TEMPLATES))
        hint = f"Did you mean {close}?  " if close else ""
        raise UsageError(f'no template is called "{template}"', suggestion=f"{hint}Templates: {', '.join(TEMPLATES)}.")
    for run in runs:
        if not run.replays():
            raise UsageError(f"{run.path} has no finished replay", suggestion=f"counterscore run --resume {run.path}")
    return _page().render(
        kind=_TITLES[template],
        template=template,
        parts=TEMPLATES[template],
        runs=[_of_run(run, template) for run in runs],
        claims=[{"found": one, "figures": _drawn(one, "what-moves-it", [View()])} for one in claims],
        partial=any(run.partial for run in runs),
        glossary=_GLOSSARY,
        command=command,
        version=own_version(),
    )


def _of_run(run: Run, template: str) -> dict[str, Any]:
    record = run.record
    regimes = [(world, regime_of(world)) for world in record["worlds"]]
    numbers = paired.numbers(run)
    figures = _figures(run, template)
    return {
        "run": run,
        "name": run.path.name,
        "record": record,
        "digest": run.digest(),
        "title": record["worlds"][0]["title"],
        "world": run.worlds[0],
        "baseline": run.baseline,
        "prose": headlines.prose(run),
        "limits": _limits(run, regimes),
        "rules": [_rules(world, regime) for world, regime in regimes if world["name"] != run.baseline],
        "figures": _under_headings(figures),
        "whatif": [one for name in _WHAT_IF for one in figures.get(name, ())],
        "lives": [one for name in _LIVES for one in figures.get(name, ())],
        "sure": [one for name in _SURE for one in figures.get(name, ())],
        "measures": _measures(numbers),
        "echoes": sorted(
            {
                f"{row['id'].replace('_', ' ')} ({row['echo'] or row['echo_of'] + ', by its definition'})"
                for row in numbers["measures"]
                if row["echo"] or row["echo_of"]
            }
        ),
        "objections": _objections(run),
        "notice": _notice(numbers),
        "steps": _steps(run, regimes[0][1]),
        "method": odd.sections(record),
        "given": [(path, row) for path, row in record["assumptions"].items() if row["given"]],
        "sources": _sources(regimes),
    }


def _limits(run: Run, regimes: Sequence[tuple[dict[str, Any], Regime]]) -> list[str]:
    record = run.record
    assumed = sum(row["mark"] == "assumed" for row in record["assumptions"].values())
    status = sorted({regime.status for _, regime in regimes if regime.id != run.baseline})
    return [
        "All residents are synthetic. Nothing here is a statement about a real person, and no result predicts a real place.",
        f"{assumed} of {len(record['assumptions'])} assumptions have no source and are set by this laboratory; each has a range. "
        "Ranges printed beside results cover chance between replays and not these assumptions.",
        *(
            f"{regime.title}: {marks_in_words(regime)}; {'a scenario, not a documented rule' if regime.status == 'scenario' else regime.status}."
            for world, regime in regimes
            if world["name"] != run.baseline
        ),
        "The report holds measures and findings; it gives no verdict such as fair or lawful."
        + (" It is not legal advice." if status else ""),
        *(
            [
                f"This run is partial: {len(run.finished)} of {len(run.worlds) * int(record['replays'])} parts are finished."
            ]
            if run.partial
            else []
        ),
    ]


def _review(part: Regime) -> str:
    """What the catalogue knows of a second reading, where the rule book is the catalogue's own, unchanged."""
    if part.id not in regime_ids() or part.reforms or load_regime(part.id).document.text != part.document.text:
        return "unreviewed"
    return review_status(part.id)


def _rules(world: dict[str, Any], regime: Regime) -> dict[str, Any]:
    kinds: dict[str, int] = {}
    for part in regime.stacked():
        for number in part.numbers():
            source = part.sources.get(number.source or "")
            kind = source.kind if source else "not named"
            kinds[kind] = kinds.get(kind, 0) + 1
    return {
        "name": world["name"],
        "title": regime.title,
        "marks": marks_in_words(regime),
        "kinds": sorted(kinds.items(), key=lambda one: -one[1]),
        "texts": [(part.title, "\n".join(sentences(part, review=_review(part))[1:])) for part in regime.stacked()],
        "reforms": list(regime.reforms),
    }


def _sources(regimes: Sequence[tuple[dict[str, Any], Regime]]) -> list[tuple[str, str, str, str]]:
    found: dict[tuple[str, str], tuple[str, str, str, str]] = {}
    for _, regime in regimes:
        for part in regime.stacked():
            for source in part.sources.values():
                found[source.title, source.kind] = (source.title, source.kind, source.address, part.id)
    return sorted(found.values())


def _figures(run: Run, template: str) -> dict[str, list[Figure]]:
    """The figures of each chart that the template holds and the run can draw."""
    short = {"brief": _BRIEF_CHARTS, "classroom": (*_BRIEF_CHARTS, *_SURE)}
    wanted = short.get(template, tuple(chart.id for chart in all_charts() if chart.source == "run"))
    return {name: drawn for name in wanted if (drawn := _drawn(run, name, _views(name, template)))}


def _drawn(found: Run | Found, name: str, views: Sequence[View]) -> list[Figure]:
    out = []
    for view in views:
        try:
            out.append(_figure(draw(found, name, view)))
        except (UsageError, RunError):
            continue  # not applicable to this run, or this version cannot live it again: the chart says so itself
    return out


def _views(chart: str, template: str) -> list[View]:
    if chart in _LIVES:
        return [View(pick=name) for name in _PICKS]
    if chart == "definitions":
        return [View(by="registration")]
    if chart != "group-gaps":
        return [View()]
    return [View(by=name) for name in (GROUPS if template in {"research", "assessment"} else ("registration",))]


def _under_headings(figures: dict[str, list[Figure]]) -> list[tuple[str, list[Figure]]]:
    """Headings of the results with their figures, in order; those without any are left out."""
    named = {name for names in _RESULTS.values() for name in names}
    elsewhere = {*_WHAT_IF, *_LIVES, *_SURE}
    more = tuple(name for name in figures if name not in named | elsewhere)
    found = [(words, [one for name in names for one in figures.get(name, ())]) for words, names in _RESULTS.items()]
    return [(words, some) for words, some in [*found, (_MORE, [one for name in more for one in figures[name]])] if some]


def _figure(drawing: Drawing) -> Figure:
    names = [column.name for column in drawing.columns]
    rows = [tuple(_cell(row.get(name)) for name in names) for row in drawing.rows]
    svg = drawing.svg(words=False)
    size = re.search(r'<svg[^>]*? width="([0-9.]+)"', svg)
    return Figure(
        id=drawing.chart.id,
        question=drawing.chart.question,
        finding=drawing.finding,
        caption=drawing.caption,
        svg=_inline(svg),
        wide=size is not None and float(size[1]) > _WIDE,
        alt=drawing.alt,
        columns=tuple((column.name.replace("_", " "), column.unit) for column in drawing.columns),
        rows=tuple(rows[:_MOST_TABLE_ROWS]),
        left_out=max(0, len(rows) - _MOST_TABLE_ROWS),
    )


def _inline(svg: str) -> str:
    """An SVG that scales within the page and names its own parts only once."""
    return re.sub(r'(<svg[^>]*?) width="[^"]*" height="[^"]*"', r"\1", svg, count=1)


def _cell(value: Any) -> str:
    return (
        ""
        if value is None
        else f"{value:,.4g}"
        if isinstance(value, float)
        else f"{value:,}"
        if isinstance(value, int)
        else str(value)
    )


def _measures(numbers: dict[str, Any]) -> list[dict[str, Any]]:
    about = {one.id: one for one in all_measures()}
    gaps = {(gap["world"], gap["id"]): gap for gap in numbers["differences"]}
    out = []
    for row in numbers["measures"]:
        gap = gaps.get((row["world"], row["id"]))
        out.append(
            {
                "world": row["world"],
                "question": about[row["id"]].question,
                "definition": about[row["id"]].definition,
                "value": _amount(row["value"], row["low"], row["high"]),
                "unit": row["unit"],
                "difference": "" if gap is None or gap["value"] is None else _difference(gap),
                "note": row["note"],
                "limits": row["limits"],
                "echo": _echo(row, gap),
                "n": row["n_replays"],
            }
        )
    return out


def _amount(value: float | None, low: float | None, high: float | None) -> str:
    if value is None:
        return "none"
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    text = f"{value:,.{digits}f}"
    return text if low is None else f"{text} ({low:,.{digits}f} to {high:,.{digits}f})"


def _echo(row: dict[str, Any], gap: dict[str, Any] | None) -> str:
    """What a result repeats: as measured, else by its definition; and what its difference was measured to repeat."""
    told = str(row["echo"] or row["echo_of"])
    return told + (f"; in the difference of {gap['echo']}" if gap is not None and gap["echo"] else "")


def _difference(gap: dict[str, Any]) -> str:
    if gap["distinguishable"] is False:
        return gap["note"] or "none that can be told"
    return f"{gap['value']:+,.3g}" + ("" if gap["low"] is None else f" ({gap['low']:+,.3g} to {gap['high']:+,.3g})")


def _notice(numbers: dict[str, Any]) -> list[str]:
    """For a class: what to look for, with the numbers that came out."""
    rows = {row["id"]: row for row in numbers["measures"]}
    told = []
    for name, words in (
        ("listed_ever", "How many of 100 adults do you expect to be on a list at some time? Here: {}."),
        ("wrongly_listed_factual", "How many of 10,000 for something they had not done? Here: {}."),
        ("wrongly_listed_rule", "How many of 10,000 against the rule book's own rule? Here: {}."),
        ("wrongly_listed_spread", "How many of 10,000 meet closed doors only because of next of kin? Here: {}."),
        ("misconduct", "How many acts of misconduct of 1,000 adults a year? Here: {}."),
    ):
        row = rows.get(name)
        if row and row["value"] is not None:
            told.append(words.format(_amount(row["value"], row["low"], row["high"])))
    return told


def _objections(run: Run) -> list[Objection]:
    """The commonest objections, answered by a world of this run or marked as not answered."""
    record = run.record
    off = not record["switches"]["errors"]
    error = record["assumptions"]["errors.untrue"]
    reforms = [world["name"] for world in record["worlds"] if world["reforms"]]
    return [
        Objection(
            "Your error rate is invented.",
            "Records cannot be wrong in this run."
            if off
            else f"It is an assumption: {error['value']:g} ({error['low']:g} to {error['high']:g}) {error['unit']}. Measures that follow it are "
            f"marked echo. Run again with yours: counterscore run {run.worlds[0]} --set errors.untrue=…",
        ),
        Objection(
            "Nobody knows of the scheme or uses its points.",
            f"At the start {record['assumptions']['response.awareness']['value']:.0%} of adults know of it; with responses switched off "
            "(--responses off) nobody reacts. "
            + (
                "This run is one without responses."
                if not record["switches"]["responses"]
                else "Not answered by this run."
            ),
        ),
        Objection(
            "Your city is not ours.",
            "Not answered here. Take another city (--city) or write its counts: counterscore help city.",
        ),
        Objection(
            "The rules have changed since.",
            f"Worlds with reforms in this run: {', '.join(reforms)}."
            if reforms
            else "Not answered by this run. Add one: --also expiry-24mo.",
        ),
    ]


def _steps(run: Run, regime: Regime) -> list[tuple[str, str]]:
    """Steps of an impact assessment: what a run can fill, and what only the controller can."""
    to_write = "✎ to be written by the controller"
    rights = regime.rights
    return [
        (
            "Description of the processing",
            f"Rule book, recorded acts, authorities, lists and doors: see The rule book. Purpose as stated: {regime.purpose or to_write}.",
        ),
        (
            "Period and frequency of use",
            f"Simulated: {run.record['months']} months from {run.record['start']}. Intended period: {to_write}.",
        ),
        (
            "Categories of people affected",
            "Groups and sizes of the synthetic city: see The city; results by group: see Results. Whom it will affect: "
            + to_write
            + ".",
        ),
        (
            "Necessity and proportionality",
            f"Measured: which doors close, for how long, in which fields of life. Whether that is necessary: {to_write}.",
        ),
        (
            "Risks to the rights of people",
            "Measured: wrongly listed under three definitions, refusals, several doors at once, effects on kin. Likelihood in the real place: "
            + to_write
            + ".",
        ),
        (
            "Oversight and safeguards in the rule book",
            f"Notice: {'yes' if rights.notice.given else 'no'}. Appeal: {'yes' if rights.appeal.available else 'no'}. Human review: "
            f"{'yes' if rights.appeal.human_review else 'no'}. Reasons: {'yes' if rights.reasons else 'no'}. Repair: {'yes' if rights.repair else 'no'}. "
            f"Longest retention: {rights.retention.at_most or 'not limited'}.",
        ),
        (
            "Measures envisaged, and complaint channels",
            "Effects of reforms in this run: see What if. Measures decided: " + to_write + ".",
        ),
        ("Consultation of those affected", to_write + "."),
    ]


_GLOSSARY = (
    ("baseline", "the world that differences are taken from"),
    ("door", "a service a rule affects: closed, narrowed, slowed, priced or opened"),
    ("echo", "a result that repeats one input, in part or wholly"),
    ("listed", "on at least one list or order that closes doors"),
    ("record", "something written down about a resident; it may be untrue"),
    ("refused", "tried and turned away by a door"),
    ("replay", "the same city lived through again with other chance events"),
    ("world", "one rule book, or none, applied to one city"),
    (
        "wrongly listed",
        "in fact: through a record of what did not happen or was someone else's; by the rule: against the rule book's own rule; spread: touched through another person",
    ),
)


@cache
def _page() -> jinja2.Template:
    text = resources.files("counterscore.report").joinpath("report.html.jinja").read_text(encoding="utf-8")
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    return environment.from_string(text)
