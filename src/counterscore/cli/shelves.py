"""What there is to list: one shelf a kind of thing, each a function that gives its rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from counterscore.cli.places import run_folders
from counterscore.errors import CounterscoreError
from counterscore.regime import words

Row = dict[str, Any]


def _regimes() -> list[Row]:
    from counterscore.catalog import load_regime, regime_ids, review_status

    found = []
    for id_ in regime_ids():
        regime = load_regime(id_)
        found.append(
            {
                "id": id_,
                "title": regime.title,
                "status": regime.status,
                "kind": words.kind(regime),
                "contents": words.contents(regime),
                "review": review_status(id_),
            }
        )
    return found


def _reforms() -> list[Row]:
    from counterscore.catalog import load_reform, reform_ids

    return [{"id": id_, "title": load_reform(id_).title} for id_ in reform_ids()]


def _cities() -> list[Row]:
    from counterscore.catalog import city_ids, load_city_spec

    specs = [load_city_spec(id_) for id_ in city_ids()]
    return [{"id": spec["id"], "title": spec["title"], "residents": int(spec["residents"]["value"])} for spec in specs]


def _claims() -> list[Row]:
    from counterscore.claims import claim_ids, load_claim

    claims = [load_claim(name) for name in claim_ids()]
    return [
        {"id": one.id, "side": one.side, "measure": one.measure or "cannot be tested here", "claim": one.text}
        for one in claims
    ]


def _lessons() -> list[Row]:
    from counterscore.lessons import lesson_ids, load_lesson

    lessons = [load_lesson(id_) for id_ in lesson_ids()]
    return [{"id": one.id, "minutes": one.minutes, "title": one.title} for one in lessons]


def _charts() -> list[Row]:
    from counterscore.charts import all_charts

    return [{"number": one.number, "id": one.id, "question": one.question} for one in all_charts()]


def _measures() -> list[Row]:
    from counterscore.measures import all_measures

    return [{"id": one.id, "unit": one.unit, "question": one.question} for one in all_measures()]


def _acts() -> list[Row]:
    from counterscore.regime.vocabulary import ACTS

    return [
        {"id": act.id, "of": act.subject, "context": act.context, "kind": str(act.kind), "label": act.label}
        for act in ACTS
    ]


def _services() -> list[Row]:
    from counterscore.regime.vocabulary import SERVICES

    return [
        {"id": one.id, "of": one.subject, "domain": one.domain, "essential": one.essential, "label": one.label}
        for one in SERVICES
    ]


def _domains() -> list[Row]:
    from counterscore.regime.vocabulary import DOMAINS, SERVICES

    return [
        {"id": domain, "services": ", ".join(one.id for one in SERVICES if one.domain == domain)} for domain in DOMAINS
    ]


def _assumptions() -> list[Row]:
    from counterscore.catalog import load_assumptions

    return [assumption_row(row) for row in load_assumptions().rows]


def assumption_row(row: Any) -> Row:
    """One assumption as a row, without its note."""
    return {
        "id": row.path,
        "value": row.value,
        "low": row.low,
        "high": row.high,
        "unit": row.unit,
        "source": row.source,
        "mark": row.mark,
    }


def _runs() -> list[Row]:
    from counterscore.results import read_record

    found: list[Row] = []
    for folder in run_folders():
        try:
            record = read_record(folder)
        except CounterscoreError as error:
            found.append({"id": folder.name, "worlds": f"not read: {error.message or error}".splitlines()[0]})
            continue
        found.append(
            {
                "id": folder.name,
                "worlds": ", ".join(world["name"] for world in record["worlds"]),
                "city": record["city"]["id"],
                "residents": record["city"]["residents"],
                "months": record["months"],
                "replays": record["replays"],
                "created": record["created"],
                "state": _state(folder),
            }
        )
    return found


def _state(folder: Path) -> str:
    """``partial: 3 of 40 parts``, ``stale: mine.yaml``, or nothing to say."""
    from counterscore.results import Run
    from counterscore.stale import changed_files

    try:
        run = Run(folder)
        told = [f"partial: {len(run.finished)} of {len(run.worlds) * int(run.record['replays'])} parts"]
        changed = changed_files(run)
    except CounterscoreError as error:
        return f"cannot be read: {str(error).splitlines()[0]}"
    return "; ".join([*(told if run.partial else []), *([f"stale: {', '.join(changed)}"] if changed else [])])


def _topics() -> list[Row]:
    from counterscore.cli.topics import TOPICS

    return [{"id": id_, "about": about} for id_, (about, _) in TOPICS.items()]


SHELVES: dict[str, Callable[[], list[Row]]] = {
    "regimes": _regimes,
    "reforms": _reforms,
    "cities": _cities,
    "measures": _measures,
    "charts": _charts,
    "claims": _claims,
    "lessons": _lessons,
    "acts": _acts,
    "services": _services,
    "domains": _domains,
    "assumptions": _assumptions,
    "runs": _runs,
    "topics": _topics,
}
AFTER = {
    "regimes": "counterscore show suining-2010",
    "reforms": "counterscore run rongcheng-2013 --with expiry-24mo",
    "cities": "counterscore show beijing",
    "measures": "counterscore numbers latest",
    "charts": "counterscore chart doors latest",
    "claims": "counterscore claim check green-channel",
    "lessons": "counterscore lesson print who-gets-listed",
    "acts": "counterscore help acts",
    "services": "counterscore help domains",
    "domains": "counterscore help domains",
    "assumptions": "counterscore run --set errors.untrue=0.002",
    "runs": "counterscore show latest",
    "topics": "counterscore help marks",
}
