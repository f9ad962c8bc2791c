"""Where the made-up residents live."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from counterscore.report._section import LONG, Reported, Section


def _tell(one: Reported) -> Mapping[str, Any]:
    return {"city": one.record["city"]}


SECTION = Section(id="city", title="The city", order=30, tell=_tell, templates=LONG)
