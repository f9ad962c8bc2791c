"""Published data as the tests make them: honest where nothing else is asked, so that one thing at a time can go wrong."""

from __future__ import annotations

import json
from collections.abc import Sequence
from copy import deepcopy
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from counterscore.mirror import Facts, parse, read
from counterscore.mirror.evaluate import ALL, Cell, Evaluation
from counterscore.mirror.measures import find_measure

DATA = Path(__file__).parent / "data"
SOURCE = """publisher: Test publisher
address: https://example.org
retrieved: 2020-12-31
licence: CC0
coverage: everything the tests make up
cut_off: 2020-12-31
"""
WORKS = "Ministry of Works"

Raw = dict[str, Any]


def day(start: str, days: int = 0) -> str:
    return (date.fromisoformat(start) + timedelta(days=days)).isoformat()


def stamp(start: str, days: int = 0) -> str:
    return f"{day(start, days)}T12:00:00Z"


def process(number: int, *, body: str = WORKS, slip: int = 0, late: int = 0, bidders: int | None = None) -> list[Raw]:
    """Two releases of one process: awarded and contracted, then told again with the end ``slip`` days later.

    The tender closes, is awarded, signed and published on different days, and is paid ``late`` days after its due date,
    or early by a number of days that differs from process to process.
    """
    closed = day("2016-01-04", number * 7)
    award, signed = day(closed, 10 + number % 9), day(closed, 30 + number % 5)
    end, due = day(signed, 200), day(signed, 100)
    paid = day(due, late or -(1 + number % 6))
    tenderers = bidders if bidders is not None else 1 + number % 4
    first = {
        "ocid": f"ocds-test-{number:04d}",
        "id": f"{number}-1",
        "date": stamp(award, 12 + number % 40),
        "tag": ["award", "contract"],
        "buyer": {"id": "W1", "name": body},
        "tender": {
            "id": f"t{number}",
            "status": "complete" if number % 3 else "active",
            "procurementMethod": "open" if number % 5 else "selective",
            "numberOfTenderers": tenderers,
            "tenderPeriod": {"startDate": stamp(closed, -30), "endDate": stamp(closed)},
        },
        "awards": [
            {
                "id": "a1",
                "status": "active",
                "date": stamp(award),
                "value": {"amount": 1000 + number, "currency": "EUR"},
                "suppliers": [{"id": f"S{number % 7}", "name": f"Supplier {number % 7} Ltd"}],
            }
        ],
        "contracts": [
            {
                "id": "c1",
                "awardID": "a1",
                "status": "active" if number % 2 else "terminated" if number % 10 == 0 else "complete",
                "dateSigned": stamp(signed),
                "period": {"startDate": stamp(signed), "endDate": stamp(end)},
                "value": {"amount": 1000 + 2 * number, "currency": "EUR"},
                "implementation": {
                    "transactions": [{"id": "p1", "date": stamp(paid), "value": {"amount": 500, "currency": "EUR"}}],
                    "milestones": [{"id": "m1", "type": "payment", "dueDate": stamp(due)}],
                },
            }
        ],
    }
    second = deepcopy(first)
    second["id"] = f"{number}-2"
    second["date"] = stamp(end, -20)
    second["tag"] = ["contractUpdate"]
    second["contracts"][0]["period"]["endDate"] = stamp(end, slip)
    return [first, second]


def published(many: int = 60, *, late_ends: int = 0, late_payments: int = 0, **more: Any) -> list[Raw]:
    """Releases of ``many`` processes, of which the first have late ends and the first have late payments."""
    out: list[Raw] = []
    for number in range(many):
        out += process(number, slip=40 if number < late_ends else 0, late=45 if number < late_payments else 0, **more)
    return out


def write(folder: Path, releases: Sequence[Raw], name: str = "data.json") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(json.dumps({"version": "1.1", "releases": releases}), encoding="utf-8")
    return file


def facts_of(folder: Path, releases: Sequence[Raw] | Sequence[Path], source: str = "") -> Facts:
    """The facts of releases (or of files) under the source of the tests, with more lines of YAML if given."""
    paths = [one for one in releases if isinstance(one, Path)]
    if not paths:
        paths = [write(folder, list(releases))]  # type: ignore[arg-type]
    return read(paths, parse(SOURCE + source), folder / "facts")


def cell(facts: Facts, measure: str, body: str = ALL) -> Cell:
    return Evaluation(facts).cell(find_measure(measure), body)


def everything(facts: Facts) -> list[Any]:
    """All that a reading gave, apart from names of files."""
    tables = [
        facts.table(name).drop_columns(["file"] if name == "repairs" else []).to_pylist()
        for name in ("facts", "processes", "payments", "awards")
    ]
    return [tables, [one.as_data() for one in Evaluation(facts).cells()]]
