"""Small rule books for tests of the ledger, made from rows, lists and doors."""

from __future__ import annotations

from typing import Any

from counterscore.regime.cases import points_text
from counterscore.regime.ledger import Ledger, PaperRecord
from counterscore.regime.model import Regime

TICKET, DRUNK, ARREARS, VOLUNTEER, BLOOD = (
    "traffic-violation",
    "drunk-driving",
    "loan-arrears",
    "volunteering",
    "blood-donation",
)
GRADES = [
    {"id": "A", "from": 960, "to": 1300},
    {"id": "B", "from": 850, "to": 959},
    {"id": "C", "from": 600, "to": 849},
    {"id": "D", "from": 0, "to": 599},
]
WEIHAI = [
    {"up_to": 20, "points": 1, "per": 1},
    {"up_to": 80, "points": 1, "per": 2},
    {"up_to": 200, "points": 1, "per": 3},
    {"points": 1, "per": 4},
]


def row(act: str, name: str = "", **more: Any) -> dict[str, Any]:
    return {"id": name or act, "label": name or act, "act": [act], "authority": "office", **more}


def a_list(enter: str, term: str = "24 months", leave: tuple[str, ...] = ("expired",), **more: Any) -> dict[str, Any]:
    return {"label": "A list", "enter": enter, "term": term, "leave": leave, **more}


def door(name: str, when: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "service": "flight", "effect": "closed", "when": when, **more}


def regime(*rows: dict[str, Any], stacked: tuple[Regime, ...] = (), name: str = "town", **parts: Any) -> Regime:
    scored = {"start": 1000, "floor": 0, "ceiling": 1300, "grades": GRADES}
    given_score = parts.pop("score", {})
    score = None if given_score is None else {**scored, **given_score}
    made = Regime.model_validate(
        {
            "format": 1,
            "id": name,
            "title": name,
            "place": "Town",
            "status": "scenario",
            "catalogue": rows,
            "score": score,
            **parts,
        }
    )
    made._stacked = stacked
    return made


def rec(act: str, **more: Any) -> PaperRecord:
    return PaperRecord(act, **more)


def points(ledger: Ledger, name: str = "town") -> str:
    return points_text(ledger.score60(name))


def grade(ledger: Ledger) -> str | None:
    return ledger.state().grade
