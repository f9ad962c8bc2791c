"""A rule book under other names: the same rules with other ids, labels and order, as somebody would copy them."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from counterscore.catalog import load_regime, regime_folder
from counterscore.regime.model import Regime
from counterscore.regime.read import parse_regime, read_document


def _words(text: Any, new: dict[str, str]) -> Any:
    """``text`` with the ids inside brackets, or after ``record``, ``list`` and ``order``, renamed."""
    if isinstance(text, dict):
        return text | {"value": _words(text["value"], new)}
    inside = re.sub(r"\(([^,)]+)", lambda found: "(" + new.get(found[1].strip(), found[1]), text)
    return re.sub(
        r"\b(record|list|order) ([a-z0-9-]+)", lambda found: f"{found[1]} {new.get(found[2], found[2])}", inside
    )


def renamed_text(text: str, *, reorder: bool = True) -> str:
    """The text of a rule book with every id of its own replaced, labels too, and its rows the other way round."""
    yaml = YAML(typ="safe", pure=True)
    data: dict[str, Any] = yaml.load(text)
    old = deepcopy(data)
    rows = {row["id"]: f"a-{number}-{row['id']}x" for number, row in enumerate(old.get("catalogue", []))}
    lists = {name: f"register-{number}" for number, name in enumerate(old.get("lists", {}))}
    offices = {name: f"office-{number}" for number, name in enumerate(old.get("authorities", {}))}
    data["id"], data["title"] = f"copy-of-{old['id']}", "A copy"
    for row in data.get("catalogue", []):
        row["id"], row["label"] = rows[row["id"]], f"Other words for {row['label']}"
        row["authority"] = offices[row["authority"]]
        if row.get("on_list") in lists:
            row["on_list"] = lists[row["on_list"]]
    if reorder:
        data.get("catalogue", []).reverse()
    for office in data.get("authorities", {}).values():
        office["label"] = f"The {office['label']}"
    data["authorities"] = {offices[name]: office for name, office in data.get("authorities", {}).items()}
    new = rows | lists
    for rule in data.get("lists", {}).values():
        rule["enter"] = _words(rule["enter"], new)
        rule["term"] = _words(rule["term"], new)
        if "extend" in rule:
            rule["extend"]["on"] = [rows[name] for name in rule["extend"]["on"]]
        if "replaces" in rule:
            rule["replaces"] = [lists[name] for name in rule["replaces"]]
        if "authority" in rule:
            rule["authority"] = offices[rule["authority"]]
    data["lists"] = {lists[name]: rule for name, rule in data.get("lists", {}).items()}
    for number, door in enumerate(data.get("doors", [])):
        door["id"], door["when"] = f"way-{number}", _words(door["when"], new)
        if "authority" in door:
            door["authority"] = offices[door["authority"]]
    if isinstance(data.get("score"), dict):
        score = data["score"]
        if "authority" in score:
            score["authority"] = offices[score["authority"]]
        for dimension in score.get("dimensions", []):
            for part in dimension["from"]:
                if "records" in part:
                    part["records"] = [rows[name] for name in part["records"]]
    for entry in data.get("sharing") or []:
        elsewhere = entry.get("from", old["id"]) != old["id"]  # of an authority of another rule book
        for end in ("to",) if elsewhere else ("of", "to"):
            entry[end] = offices.get(entry[end], entry[end])
        if "rows" in entry:
            entry["rows"] = [rows[name] for name in entry["rows"]]
    for entry in data.get("lending", []):
        if "refused_on" in entry:
            entry["refused_on"] = [rows[name] for name in entry["refused_on"]]
    if data.get("partners", {}).get("by") == old["id"]:
        data["partners"]["by"] = data["id"]
    for name in ("catalogue", "authorities", "lists", "doors"):
        if not data.get(name):
            data.pop(name, None)
    return json.dumps(data, indent=1, ensure_ascii=False)  # which is YAML too


def renamed(regime_id: str) -> Regime:
    """A rule book of the catalogue under other names, beside those that it stacks."""
    text = (Path(regime_folder(regime_id)) / "regime.yaml").read_text(encoding="utf-8")
    return parse_regime(read_document(renamed_text(text), name="copy.yaml"), find=load_regime)
