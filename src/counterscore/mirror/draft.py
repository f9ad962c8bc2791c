"""The draft form of OCDS (0.x, 2014): one row for each contract and for each of its amendments.

``releaseTag`` and ``releaseID`` stand for ``tag`` and ``id``, ids are objects with a name, amounts are texts, and a
row says by ``isAmendment`` which change it is: "0" the contract as signed, "1", "2", … its amendments, "T01" its
termination. A row carries no date but that of the award or amendment. Other drafts are refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from counterscore.mirror.whitelist import Reader, Release, word

_TERMINATED = 10_000  #: the stage of a termination: after all amendments
_NUMBER = re.compile(r"\d{1,4}")
_AMOUNT = re.compile(r"-?\d+(\.\d+)?")


def is_draft(raw: Mapping[str, Any]) -> bool:
    """Whether ``raw`` is a release in some draft form."""
    return "releaseTag" in raw or "releaseID" in raw or ("formation" in raw and "tag" not in raw)


def fits(raw: Mapping[str, Any]) -> bool:
    """Whether this adapter can read it."""
    contracts = raw.get("contracts")
    return isinstance(contracts, list) and all(
        isinstance(one, dict) and isinstance(one.get("id"), dict) and "isAmendment" in one for one in contracts
    )


def read(raw: Mapping[str, Any], reader: Reader) -> Release:
    """One row as a release: its date is that of the award or amendment, its stage the number of the amendment."""
    contracts = [one for one in raw["contracts"] if isinstance(one, dict)]
    awards = [one for one in raw.get("awards") or () if isinstance(one, dict)]
    change = word(contracts[0].get("isAmendment")).upper() if contracts else "0"
    stage = int(change) if _NUMBER.fullmatch(change) else _TERMINATED if change.startswith("T") else -1
    date = next((one.get("awardDate") for one in awards if one.get("awardDate")), None)
    buyer = raw.get("buyer")
    buyer_id = buyer.get("id") if isinstance(buyer, dict) else None
    name = word(buyer_id.get("name")) if isinstance(buyer_id, dict) else ""
    formation = raw.get("formation")
    as_now = {
        "ocid": raw.get("ocid"),
        "id": raw.get("releaseID"),
        "date": date,
        "tag": [word(raw.get("releaseTag"))],
        "buyer": {"name": name},
        "tender": {"procurementMethod": formation.get("method") if isinstance(formation, dict) else None},
        "awards": [
            {"id": _named(one.get("notice")), "date": one.get("awardDate"), "suppliers": one.get("suppliers")}
            for one in awards
            if stage == 0
        ],
        "contracts": [
            {
                "id": _named(one),
                "awardID": _named(one.get("awardNotice"), "id"),
                "status": "terminated" if stage == _TERMINATED else None,
                "period": {"endDate": _part(one, "contractPeriod").get("endDate")},
                "value": {"amount": _amount(_part(one, "contractValue").get("amount"))},
                "amendments": [{"id": change, "date": date}] if 0 < stage < _TERMINATED else [],
            }
            for one in contracts
        ],
    }
    return reader.release(as_now)._replace(stage=stage)


def _part(raw: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    part = raw.get(key)
    return part if isinstance(part, dict) else {}


def _named(raw: Any, key: str = "id") -> str:
    """The id within an object: a text, or an object with a name."""
    inner = raw.get(key) if isinstance(raw, dict) else None
    return word(inner.get("name")) if isinstance(inner, dict) else word(inner)


def _amount(raw: Any) -> Any:
    return float(raw) if isinstance(raw, str) and _AMOUNT.fullmatch(raw) else raw
