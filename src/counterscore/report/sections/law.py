"""Law beside measure: what the rule book of a run shows limb by limb, in the order an assessment asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from counterscore.report import law
from counterscore.report._section import Reported, Section


def _tell(one: Reported) -> Mapping[str, Any]:
    return law.told(one.run, one.template, one.asked) | {"anchor": f"{one.prefix}law-fields"}


def _parts(told: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(told["anchor"], "Fields of Article 27(1) and Article 35(7)")] if told["fields"] else []


SECTION = Section(id="law", title="Law beside measure", order=35, tell=_tell)
