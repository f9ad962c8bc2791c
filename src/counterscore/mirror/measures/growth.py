"""M5 and M5a: did the price grow, from version to version, and from award to contract?"""

from __future__ import annotations

from typing import Any

import numpy as np

from counterscore.mirror.intervals import wilson
from counterscore.mirror.measures._measure import (
    Beside,
    Measure,
    Rows,
    bands,
    because,
    first_of,
    in_window,
    make,
    where,
)
from counterscore.mirror.tables import Facts

MUCH = 0.2
LEAST = 0.01  #: of a currency, below which a value is nothing


def _columns(facts: Facts) -> dict[str, np.typing.NDArray[Any]]:
    columns = facts.columns(
        "facts",
        *(
            "body",
            "ocid",
            "contract",
            "decided",
            "amount_first",
            "amount_last",
            "amount_n",
            "amount_state",
            "amount_why",
        ),
        *("currency", "award_amount", "award_currency", "award_amount_state", "award_contracts", "numbered", "method"),
    )
    inside = in_window(facts, columns["decided"])
    return {name: column[inside] for name, column in columns.items()}


def _rows(facts: Facts) -> Rows:
    columns = _columns(facts)
    single = (columns["amount_n"] < 2) & ~(
        columns["numbered"] | bool(facts.record["changes_declared"] and facts.record["changes_published"])
    )
    first, last = columns["amount_first"], columns["amount_last"]
    reason = first_of(
        because(columns["amount_state"], columns["amount_why"]),
        where(columns["currency"] == "", "missing: no currency, or several"),
        where(single, "missing: the value is stated in one dated release only"),
        where(~(first >= LEAST), "impossible: the first value is nothing"),
    )
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        growth = (last - first) / first
    return make(columns, reason, growth, item="contract", stratum=bands(columns["method"], first, columns["currency"]))


def _from_award(facts: Facts) -> Rows:
    columns = _columns(facts)
    award, last = columns["award_amount"], columns["amount_last"]
    empty = where(columns["award_amount_state"] != "known", "")
    reason = first_of(
        because(columns["amount_state"], columns["amount_why"]),
        because(
            columns["award_amount_state"], np.where(columns["award_amount_state"] == "missing", "no award value", empty)
        ),
        where(columns["award_contracts"] != 1, "missing: the award has several contracts"),
        where(columns["currency"] == "", "missing: no currency, or several"),
        where(
            (columns["award_currency"] != "") & (columns["award_currency"] != columns["currency"]),
            "missing: two currencies",
        ),
        where(~(award >= LEAST), "impossible: the award is over nothing"),
    )
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        growth = (last - award) / award
    return make(columns, reason, growth, item="contract", stratum=bands(columns["method"], award, columns["currency"]))


def _refuse(facts: Facts) -> str:
    return "" if facts.count("facts") else "no contract is published"


def _beside(rows: Rows) -> list[Beside]:
    used = rows.value[rows.counted]
    if not len(used):
        return []
    much = int((used > MUCH).sum())
    return [("grew by more than 20 %", much / len(used), *wilson(much, len(used)))]


MEASURES = (
    Measure(
        id="M5",
        title="growth",
        question="By what share did the value of contracts grow?",
        unit="of the first value",
        kind="median",
        formula="median of (last value - first value) / first value, in one currency",
        eligible="contracts; counted with two dated values in one currency, the first of at least a hundredth of it",
        matched="nearest: U066, U067 (over budget, mean overrun)",
        fields=("contracts[].value", "date"),
        limits="a publisher who writes the newest value into every version shows no growth; prices are not adjusted for inflation",
        rows=_rows,
        refuse=_refuse,
        beside=_beside,
    ),
    Measure(
        id="M5a",
        title="contract against award",
        question="By what share does the contract's value exceed the award's?",
        unit="of the award",
        kind="median",
        formula="median of (contract value - award value) / award value, where an award has one contract",
        eligible="contracts; counted with both values in one currency, where the one is not copied from the other",
        matched="nearest: R059 (award against final contract value), which asks for the status of both, too",
        fields=("contracts[].value", "awards[].value", "contracts[].awardID"),
        limits="most publishers fill one field from the other",
        rows=_from_award,
        copied=("price",),
        refuse=_refuse,
        beside=_beside,
    ),
)
