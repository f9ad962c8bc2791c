"""How to make and check the run and the report again."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from counterscore.report._section import Reported, Section


def _tell(one: Reported) -> Mapping[str, Any]:
    given = [f"{path} = {row['value']:g}" for path, row in one.record["assumptions"].items() if row["given"]]
    return {"record": one.record, "digest": one.run.digest(), "given": given, "name": shlex.quote(one.run.path.name)}


SECTION = Section(id="reproduce", title="Reproduce", order=75, tell=_tell)
