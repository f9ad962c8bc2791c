"""Reference pages made from the code and the data, so that they cannot drift."""

from __future__ import annotations

from pathlib import Path

from counterscore.catalog import load_assumptions, load_reform, load_regime, reform_ids, regime_ids, review_status
from counterscore.catalog.tables import related, scale
from counterscore.charts import all_charts
from counterscore.city import COLUMNS
from counterscore.claims import claim_ids, load_claim
from counterscore.engine import month_order
from counterscore.engine.layout import COUNTERS, EVENT_KINDS, FIELDS
from counterscore.laws import laws, questions, territories
from counterscore.laws.source import READINGS
from counterscore.measures import all_measures
from counterscore.mirror.measures import all_measures as all_mirror_measures
from counterscore.mirror.tables import TABLES as MIRROR_TABLES
from counterscore.mirror.whitelist import HASHED, PATHS, REGISTERED
from counterscore.regime.explain import marks_in_words, sentences
from counterscore.regime.vocabulary import ACTS, SERVICES
from counterscore.results.tables import ACTS as ACTS_TABLE
from counterscore.results.tables import CLOSED, FIGURES, OUTCOMES, RESIDENTS, SPILLOVER, STAYS
from counterscore.results.tables import SERVICES as SERVICES_TABLE


def write_reference(folder: Path) -> None:
    """Write every generated page into ``folder``."""
    pages = {
        "measures": _measures(),
        "month": _month(),
        "engine": _engine(),
        "vocabulary": _vocabulary(),
        "tables": _tables(),
        "assumptions": _assumptions(),
        "catalogue": _catalogue(),
        "legal-checks": _legal_checks(),
        "charts-claims": _charts_and_claims(),
        "mirror": _mirror(),
    }
    for name, lines in pages.items():
        (folder / f"{name}.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _table(headings: tuple[str, ...], rows: list[tuple[object, ...]]) -> list[str]:
    def row(cells: tuple[object, ...]) -> str:
        return "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"

    return [row(headings), row(tuple("---" for _ in headings)), *(row(cells) for cells in rows), ""]


def _measures() -> list[str]:
    out = ["# Measures", "", "Each with its definition, unit and limits, as they are printed beside the numbers.", ""]
    for one in all_measures():
        out += [f"## {one.id}", "", f"{one.question} *{one.unit}*", "", f"Definition: {one.definition}.", ""]
        out += [f"Limits: {one.limits}." + (f" Echo of: {one.echo_of}." if one.echo_of else ""), ""]
    return out


def _mirror() -> list[str]:
    out = ["# Measures of the mirror", "", "Of real public bodies, from published contract data.", ""]
    for one in all_mirror_measures():
        out += [f"## {one.id} {one.title}", "", f"{one.question} *{one.unit}*", "", f"Formula: {one.formula}.", ""]
        out += [f"Eligible: {one.eligible}.", "", f"Published definition: {one.matched}.", ""]
        out += [f"Fields: {', '.join(f'`{field}`' for field in one.fields)}.", "", f"Limits: {one.limits}.", ""]
    out += ["# Fields that are read", "", *(f"- `{path}`" for path in PATHS), "", "Counted as keyed hashes alone: "]
    out[-1] += ", ".join(f"`{path}`" for path in HASHED) + ". Only where the register names it: "
    out[-1] += ", ".join(f"`{path}`" for path in REGISTERED) + ". Nothing else."
    out += ["", "# Tables of facts", ""]
    for name, columns in MIRROR_TABLES.items():
        out += [f"## {name}", "", *_table(("column", "meaning"), [(column, meaning) for column, _, meaning in columns])]
    return out


def _month() -> list[str]:
    out = ["# How a month passes", "", "The order is fixed and the same in code, documentation and every trace.", ""]
    for step in month_order():
        out += [f"## {step.number}. {step.title}", "", step.claim, ""]
        out += [f"Reads: {', '.join(step.reads)}. Writes: {', '.join(step.writes) or 'nothing'}.", ""]
        out += [f"Assumptions: {', '.join(step.assumptions) or 'none'}.", ""]
    return out


def _engine() -> list[str]:
    out = [
        "# What the engine works on",
        "",
        "## Fields of a plan",
        "",
        "A plan is one stack of rule books, the assumptions and the city's groups as whole numbers. There is one table of its",
        "fields, `engine/fields.py`: the record that kernels read, what fills it, and this page are made from it.",
        "",
    ]
    rows = [
        (f"`{one.name}`", " × ".join(map(str, one.shape)) or "1", one.unit, one.origin, one.meaning) for one in FIELDS
    ]
    out += _table(("field", "shape", "unit", "from", "meaning"), rows)
    out += [
        "## Events of a trace",
        "",
        "Besides these a row holds the month, the position in the subdistrict and the kind.",
        "",
    ]
    kinds = [(one.name, ", ".join(name for name in one.details if name), one.meaning) for one in EVENT_KINDS]
    return out + _table(("event", "details", "what it tells"), kinds)


def _vocabulary() -> list[str]:
    out = ["# Vocabulary of rule books", "", "## Acts", ""]
    out += _table(("id", "context", "kind", "what"), [(a.id, a.context, a.kind.value, a.label) for a in ACTS])
    out += ["## Services", ""]
    services = [(s.id, s.domain, "yes" if s.essential else "", s.label) for s in SERVICES]
    return out + _table(("id", "domain", "essential", "what"), services)


def _tables() -> list[str]:
    out = ["# Tables of a run", "", "Unit and meaning are also in the metadata of every Parquet field.", ""]
    for name, fields in (
        ("residents", RESIDENTS),
        ("outcomes", OUTCOMES),
        ("stays", STAYS),
        ("services", SERVICES_TABLE),
        ("acts", ACTS_TABLE),
        ("spillover", SPILLOVER),
        ("closed", CLOSED),
        ("figures", FIGURES),
    ):
        out += [f"## {name}", ""]
        out += _table(("column", "type", "unit", "meaning"), [(f.name, f.type, f.unit, f.meaning) for f in fields])
    out += [
        "## counts",
        "",
        "One row a month; besides these, `door_closed_<domain>`: service-months closed or narrowed.",
        "",
    ]
    out += _table(("column", "unit", "meaning"), list(COUNTERS))
    out += ["## Attributes of residents", ""]
    rows = [(c.name, c.unit, "yes" if c.observable else "no", c.meaning) for c in COLUMNS]
    return out + _table(("attribute", "unit", "seen by a regime", "meaning"), rows)


def _assumptions() -> list[str]:
    out = ["# Assumptions", "", "Any of them can be set: `counterscore run --set PATH=VALUE`.", ""]
    rows = [
        (
            f"`{a.path}`",
            f"{a.value:g}",
            "" if a.low is None else f"{a.low:g} to {a.high:g}",
            a.unit,
            a.mark,
            a.note or a.source,
        )
        for a in load_assumptions().rows
    ]
    return out + _table(("path", "value", "range", "unit", "mark", "note"), rows)


def _charts_and_claims() -> list[str]:
    out = ["# Charts and claims", "", "## Charts", ""]
    rows = [(one.number, one.id, one.question, one.caption) for one in all_charts()]
    out += _table(("number", "name", "question", "marks"), rows)
    out += ["## Claims", ""]
    claims = [load_claim(name) for name in claim_ids()]
    out += _table(
        ("claim", "side", "measure", "supported"),
        [(one.id, one.side, one.measure or "cannot be tested here", one.supported_if or "") for one in claims],
    )
    for one in claims:
        out += [f"### {one.id}", "", f"“{one.text}” ({one.speaker}; {one.source.title})", ""]
        if one.testable:
            against = f", compared with `{one.against}` ({one.what})" if one.against else ""
            setting = f"{one.setting.residents:,} residents of {one.setting.city}, {one.setting.months} months"
            out += [
                f"- *Read as*: {_flat(one.reading)}",
                f"- *Worlds*: `{one.world}`{against}; {setting}",
                f"- *It would hold*: {_flat(one.would_hold)}",
                f"- *It would not*: {_flat(one.would_not_hold)}",
                f"- *Varied*: {', '.join(f'`{pattern}`' for pattern in one.vary)}",
            ]
            out += [f"- *Echo*: {_flat(one.echo)}"] if one.echo else []
        out += [f"- *Cannot show*: {_flat(one.cannot_show)}", ""]
    return out


def _legal_checks() -> list[str]:
    out = [
        "# Legal checks",
        "",
        "What is read from each source. Findings are no verdicts. This is no legal advice.",
        "",
    ]
    for law in laws():
        out += [f"## {law.title}", ""]
        since = law.start.isoformat() if law.start else ""
        until = f" to {law.end}" if law.end else ""
        where = f"`--under {law.territory}` ({territories()[law.territory].where})"
        out += [f"{where}; {law.standing}{f' from {since}' if since else ''}{until}. Read: {law.read}.", ""]
        out += [_flat(law.about), ""] if law.about else []
        for check in law.checks:
            days = f" From {check.start}." if check.start else ""
            regions = f" Home law in {', '.join(check.regions)} only." if check.regions else ""
            out += [f"### {check.id}", "", f"{check.article}: *{check.limb}*.{days}{regions}", ""]
            out += [f"> {check.quote}", ""] if check.quote else []
            for word, text in (("met", check.met), ("not met", check.not_met), ("needs facts", check.open)):
                out += [f"- *{word}*: {text}"] if text else []
            out += [f"- *asks*: {', '.join(f'`{name}`' for name in check.asks)}"] if check.asks else []
            out += [f"- *beside*: {', '.join(f'`{name}`' for name in check.beside)}"] if check.beside else []
            out += [f"- *reading*: {READINGS[check.reading]}"]
            out += [f"- *note*: {check.note}"] if check.note else []
            out += [""]
    out += [
        "## Questions",
        "",
        "Facts that no rule book holds; `counterscore law REGIME --ask FILE` writes those that are open.",
        "",
    ]
    rows = [
        (f"`{name}`", one.about, one.question, one.why, one.who, ", ".join(one.values) or one.kind)
        for name, one in questions().items()
    ]
    out += _table(("question", "about", "asks", "why", "who could know", "answers"), rows)
    table = related()
    out += [f"## {table.id}", "", _flat(table.about), ""]
    out += _table(
        ("context of the record", "related domains, with the reason"),
        [
            (one, "; ".join(f"{domain}: {why}" for domain, why in pairs.items()) or "none")
            for one, pairs in table.contexts.items()
        ],
    )
    weights = scale()
    out += [f"## {weights.id}", "", _flat(weights.about), ""]
    return out + _table(
        ("effect of a door", "weight", "of an essential service"),
        [(name, *pair) for name, pair in weights.effects.items()],
    )


def _flat(text: str) -> str:
    return " ".join(text.split())


def _catalogue() -> list[str]:
    out = ["# Catalogue", ""]
    for name in regime_ids():
        regime = load_regime(name)
        out += [f"## {name}", "", f"{regime.title}. Status: {regime.status}. {marks_in_words(regime)}.", ""]
        out += ["```text", *sentences(regime, review=review_status(name)), "```", ""]
    out += ["## Reforms", ""]
    for name in reform_ids():
        reform = load_reform(name)
        out += [f"- **{name}**: {reform.title}. {reform.about}"]
    return out
