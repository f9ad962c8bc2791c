"""The method text of a run in the seven headings of the ODD protocol (Grimm et al. 2020)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

HEADINGS = (
    "Purpose and patterns",
    "Entities, state variables and scales",
    "Process overview and scheduling",
    "Design concepts",
    "Initialization",
    "Input data",
    "Submodels",
)


FEWEST_WORDS = 20  #: that a method is told in


def within(sections: Sequence[tuple[str, Sequence[str]]], words: int) -> str:
    """The method in at most ``words`` words, ended at the end of a sentence where there is one: a paragraph of each part first.

    What only announces a list is left out, and a heading of one word goes with the sentence after it.
    """
    firsts = [paragraphs[0] for _, paragraphs in sections if paragraphs]
    rest = [paragraph for _, paragraphs in sections for paragraph in paragraphs[1:]]
    told: list[str] = []
    paragraphs = [text for text in (*firsts, *rest) if not text.endswith(":")]
    for sentence in (one for text in paragraphs for one in _sentences(text)):
        if sum(len(one.split()) for one in told) + len(sentence.split()) > words:
            break
        told.append(sentence)
    return " ".join(told) or " ".join(firsts[0].split()[: words - 1]) + " …"


def _sentences(text: str) -> list[str]:
    """The sentences of a paragraph, each heading with the sentence it belongs to."""
    out: list[str] = []
    for part in re.split(r"(?<=[.!?])\s+", text):
        if out and len(out[-1].split()) == 1:
            out[-1] += f" {part}"
        else:
            out.append(part)
    return out


def sections(record: dict[str, Any], *, measures: bool = True) -> list[tuple[str, list[str]]]:
    """Heading and paragraphs of each part, from the run's record and the model's own tables; ``measures`` names all of them."""
    return list(
        zip(
            HEADINGS,
            (
                _purpose(record) if measures else _purpose(record)[:1],
                _entities(record),
                _process(),
                _concepts(record),
                _start(record),
                _inputs(record),
                _submodels(record),
            ),
            strict=True,
        )
    )


def _purpose(record: dict[str, Any]) -> list[str]:
    from counterscore.measures import all_measures

    baseline = f" Differences are taken from the world {record['baseline']}." if record.get("baseline") else ""
    return [
        f"This run measures what {_worlds(record)} do to residents of a synthetic city: who is recorded, "
        f"listed and refused, whether rightly, for how long, and what that changes.{baseline} It is not "
        "meant to predict what happens in a real place, and no result is a statement about a real person.",
        "The measures, each with definition, unit and limits, are: "
        + "; ".join(f"{one.id} ({one.unit})" for one in all_measures())
        + ".",
    ]


def _worlds(record: dict[str, Any]) -> str:
    told = [f"{world['title']} ({world['name']})" for world in record["worlds"] if world["name"] != record["baseline"]]
    return f"the rules of {' and of '.join(told)}"


def _entities(record: dict[str, Any]) -> list[str]:
    from counterscore.city import COLUMNS

    seen = [f"{one.name} ({one.unit})" if one.unit != "code" else one.name for one in COLUMNS if one.observable]
    latent = [one.name for one in COLUMNS if not one.observable]
    city = record["city"]
    return [
        f"Entities are residents of {city['title']} ({city['residents']:,} of them), the lists they may be on, and the "
        "records kept about them. A record says what was written down; whether it is true is known to the "
        "model only. Residents live in subdistricts of at most 65,536; kin and friends are inside it.",
        f"What a regime can see of a resident: {', '.join(seen)}. What no regime sees: {', '.join(latent)}.",
        "Residents grow older in January. Whoever dies is followed at the same place, in the same January, by a child born to a "
        "resident, with the mother's district, registration and family name, or, where births are fewer than deaths, by an adult who "
        "moves in; nothing of the dead one's file passes on, but for a share of an unpaid judgment, for which an heir answers. Young adults "
        "move to other districts of the subdistrict; where singles meet, couples separate and the widowed are single again. Births, arrivals, "
        "moves and deaths are the same in every world and replicate. Limits: one length-of-life law for all; no more births than deaths, so the "
        "city never grows; the father is not kept; friends and next of kin are those of the place; only judgments are inherited.",
        f"One step is one month. The run covers {record['months']} months from {record['start']}. Durations in days "
        "are rounded up to whole months of 30 days.",
    ]


def _process() -> list[str]:
    from counterscore.engine import month_order

    steps = [step.title.lower() for step in month_order()]
    return [f"Every month each resident passes through {len(steps)} steps, in this order: {', '.join(steps)}."] + [
        f"{step.number}. {step.title}. Reads {_listed(step.reads)}; writes {_listed(step.writes)}."
        for step in month_order()
    ]


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names) if names else "nothing"


def _concepts(record: dict[str, Any]) -> list[str]:
    off = [name for name in ("responses", "errors") if record.get(name) is False]
    switched = f" Switched off in this run: {' and '.join(off)}." if off else ""
    return [
        "Chance. Every draw is found at an address made of seed, replicate, purpose, resident and month, so no draw "
        "depends on the order of events, on threads or on the machine. "
        f"This run has {record['replays']} replicates from seed {record['seed']}.",
        "Twin worlds. All worlds of a run share their residents and their random numbers event by event: what a resident "
        "would be tempted to do is given, and a regime changes only which temptations are acted on, seen and "
        "followed by consequences. A regime compared with itself differs by exactly zero.",
        "Adaptation and sensing. Residents who know of the regime hold back misconduct and also lawful acts, seek "
        f"cheap points, and drop ties with the listed. Those who cannot pay do not pay more under pressure.{switched}",
        "Observation. Ranges are the middle 90 % of replicates. They cover chance, not what is unknown about the "
        "assumptions. Groups of fewer than 30 residents are withheld.",
    ]


def _start(record: dict[str, Any]) -> list[str]:
    city = record["city"]
    return [
        f"The joint table of residents is fitted to the published counts of {city['id']} by iterative proportional "
        "fitting and cut by systematic sampling. What no count fixes is drawn. All residents begin with the starting score, "
        "no record and no list; some have lost work or stand under an old judgment already "
        "(circumstances.unemployed_at_start, circumstances.judged_at_start). "
        f"City file sha256 {str(city.get('sha256', 'not recorded'))[:16]}."
    ]


def _inputs(record: dict[str, Any]) -> list[str]:
    lines = ["Nothing enters from outside after the first month. The rule books, in full in the run's record:"]
    return lines + [
        f"- {world['name']}: {world['title']}, {', '.join(world['reforms']) or 'no reforms'}."
        for world in record["worlds"]
    ]


def _submodels(record: dict[str, Any]) -> list[str]:
    from counterscore.catalog.calibration import load_calibrations
    from counterscore.engine import month_order

    assumptions = record["assumptions"]
    marks = Counter(row["mark"] for row in assumptions.values())
    given = [f"{path} = {row['value']:g}" for path, row in assumptions.items() if row.get("given")]
    lines = [f"{step.number}. {step.title}. {' '.join(step.claim.split())}" for step in month_order()]
    lines.append(
        f"The model rests on {len(assumptions)} assumptions with value, range, unit and source "
        f"({', '.join(f'{count} {mark}' for mark, count in marks.most_common())}); all are in the run's record. "
        + (f"Changed for this run: {'; '.join(given)}." if given else "None was changed for this run.")
    )
    for calibration in load_calibrations():
        found = calibration.assumptions
        moved = [path for path, value in found.items() if assumptions.get(path, {}).get("value") != value]
        moved += _starts_moved(record, calibration.regime, calibration.starts)
        lines.append(
            f"{'Calibration' if found else 'Comparison'}. {calibration.describe()} Found by: {calibration.search}."
            + (f" This run has other values of {', '.join(moved)}: it is not calibrated." if moved else "")
        )
    return lines


def _starts_moved(record: dict[str, Any], id_: str, starts: Mapping[str, int]) -> list[str]:
    """Which dimensions of the rule book called ``id_`` start with other numbers in some world of the run."""
    from counterscore.reliving import regime_of

    worlds = [one for one in record["worlds"] if starts and any(part["id"] == id_ for part in one["parts"])]
    scores = [part.score for world in worlds for part in regime_of(world).stacked() if part.id == id_ and part.score]
    there = [{one.id: one.start for one in score.dimensions} for score in scores]
    return [f"the start of {name}" for name, value in starts.items() if any(one.get(name) != value for one in there)]
