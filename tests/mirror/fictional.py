"""A fictional publisher who does everything that the standard allows, and some of what it does not, by one seed."""

from __future__ import annotations

import random
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

CANARY = "Zaphodia Quuxberg"
Raw = dict[str, Any]

BODIES = (
    (
        {"id": "W1", "name": "Ministry of Works"},
        {"name": "MINISTRY OF WORKS"},
        {"id": "w1", "name": "Ministry of Works."},
    ),
    (
        {"id": 17, "name": "Secretaría de Educación"},
        {"identifier": {"scheme": "XX", "id": 17}, "name": "Secretaría de Educación"},
    ),
    ({"id": "", "name": "Управління освіти"}, {"name": "Управління освіти", "id": None}),
    ({"name": "都市 建設 局"}, {"name": "都市 建設 局", "id": "T"}),
)
_METHODS = ("open", "Open", "selective", "limited", "direct", "Licitación pública", "", None, 3)
_STATUSES = ("active", "complete", "cancelled", "unsuccessful", "terminated", "Adjudicado", "pending", "", None)
_AMOUNTS = (0, 1, 100.5, "250", "1 234,50", -3, 1e15, 10**30, None, "", True, {"amount": 1}, 5e-324, "12e3", 1e308)
_CURRENCIES = ("EUR", "EUR", "EUR", "usd", "", None, 978)
_ODD_DATES = (
    "3014-01-01",
    "1066-10-14",
    "2016-02-30",
    "soon",
    "",
    None,
    20160101,
    "2016-07",
    {"day": 1},
    "9999-12-31T23:59:59Z",
)


def releases(seed: int, many: int = 40) -> list[Raw]:
    """Releases of about ``many`` processes, with the canary wherever nothing is read."""
    luck = random.Random(seed)
    out: list[Raw] = []
    for number in range(many):
        out += _process(luck, number)
    return out


def _process(luck: random.Random, number: int) -> list[Raw]:
    body = luck.choice(BODIES)
    start = date(2015, 1, 1) + timedelta(days=luck.randrange(1500))

    def when(days: int, odd: float = 0.03) -> Any:
        if luck.random() < odd:
            return luck.choice(_ODD_DATES)
        day = (start + timedelta(days=days)).isoformat()
        return day if luck.random() < 0.15 else f"{day}T{luck.randrange(24):02d}:30:00Z"

    def maybe(value: Any, chance: float = 0.85) -> Any:
        return value if luck.random() < chance else luck.choice([None, "", value])

    def money() -> Any:
        plain = luck.random() < 0.8
        return {
            "amount": luck.randrange(1, 10**6) if plain else luck.choice(_AMOUNTS),
            "currency": luck.choice(_CURRENCIES),
        }

    contracts = [
        f"c{k}" if luck.random() < 0.95 else luck.choice([None, "", k]) for k in range(luck.choice([0, 1, 1, 1, 2]))
    ]
    ends, dues = [200 + luck.randrange(300) for _ in contracts], [150 + luck.randrange(200) for _ in contracts]
    made: list[Raw] = []
    for stage in range(luck.choice([1, 2, 2, 3, 4])):
        one: Raw = {
            "ocid": f"ocds-fiction-{number:03d}",
            "id": luck.choice([f"{number}-{stage}", number * 10 + stage]),
            "date": when(50 + 40 * stage, 0.01),
            "tag": luck.choice([["tender"], ["award", "contract"], ["contractUpdate"], "planning", ["contractAmendment"], [], None, ["implementation", "x"]]),
            "language": luck.choice(["en", "es", "uk"]),
            "buyer": deepcopy(luck.choice(body)),
            "parties": [{"id": "P", "name": CANARY, "persons": [{"name": CANARY}], "contactPoint": {"email": CANARY}}],
            "extra": {CANARY: [CANARY, {"deep": {"deeper": CANARY}}]},
        }  # fmt: skip
        if luck.random() < 0.9:
            one["tender"] = {
                "id": f"t{number}", "title": CANARY, "status": maybe(luck.choice(_STATUSES)), "procurementMethod": luck.choice(_METHODS),
                "numberOfTenderers": luck.choice([0, 1, 1, 2, 5, None, "3", 2.5, -1]),
                "tenderPeriod": {"startDate": when(0), "endDate": when(30)},
                "tenderers": [{"id": k, "name": f"{CANARY} {k}"} for k in range(luck.randrange(3))],
                "procuringEntity": {"id": CANARY, "name": CANARY}, "enquiries": [{"author": {"name": CANARY}}],
            }  # fmt: skip
        if stage or luck.random() < 0.5:
            one["awards"] = [
                {
                    "id": luck.choice(["a1", 1]), "status": maybe(luck.choice(_STATUSES)), "date": when(40), "value": money(),
                    "suppliers": [{"id": luck.choice(["1", 1, CANARY]), "name": f"{CANARY} {luck.randrange(4)}"}], "description": CANARY,
                }
                for _ in range(luck.choice([1, 1, 1, 2]))
            ]  # fmt: skip
            one["contracts"] = [
                {
                    "id": id_, "awardID": luck.choice(["a1", 1, None]), "status": maybe(luck.choice(_STATUSES)), "dateSigned": when(60),
                    "period": {"startDate": when(70), "endDate": when(ends[k] + (luck.choice([0, 0, 40, 365, -20]) if stage > 1 else 0)), "durationInDays": 9},
                    "value": money(), "title": CANARY, "signatories": [{"name": CANARY}],
                    "amendments": [{"id": luck.choice(["1", 1, None]), "date": when(100), "rationale": CANARY}][: luck.randrange(2)],
                    "implementation": {
                        "transactions": [
                            {"id": luck.choice([f"p{n}", n]), "date": when(dues[k] + luck.randrange(-30, 60)), "value": money(), "payer": {"name": CANARY}, "payee": {"id": CANARY}}
                            for n in range(luck.randrange(3))
                        ],
                        "milestones": [
                            {"id": "m", "type": luck.choice(["payment", "delivery", None]), "dueDate": when(dues[k]), "status": luck.choice(["met", "notMet", None]), "title": CANARY}
                        ][: luck.randrange(2)],
                    },
                }
                for k, id_ in enumerate(contracts)
            ]  # fmt: skip
        if luck.random() < 0.04:
            del one[luck.choice(["ocid", "id", "date", "buyer"])]
        if luck.random() < 0.05:
            one[luck.choice(["tender", "awards", "contracts", "buyer"])] = luck.choice(
                [None, "none", [], 3, [None], {}]
            )
        made.append(one)
    if luck.random() < 0.1:  # the same told again, by another export
        again = deepcopy(luck.choice(made))
        if isinstance(again.get("buyer"), dict):
            again["buyer"]["id"] = f"copy-{number}"
        made.append(again)
    return made
