"""Every address of the laboratory, asked with made-up values by schemathesis from the description FastAPI makes of it.

The description is not served; it is made here. Whatever is typed into an address or form must end in a page or a
refusal with words: a status of 500 and above is a fault. Runs that are asked for go to an empty queue that nobody works
off. ``--examples N`` values for each address (20).
"""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from counterscore import simulation
from counterscore.catalog import load_regime, regime_text, synthesize
from counterscore.jobs import Jobs
from counterscore.web.application import application
from counterscore.web.laboratory import Laboratory

_HOST = "testserver"
#: What exists of each part of an address.
_THERE = {"run": "it", "id_": "mine.yaml", "name": "mine.yaml", "who": "R-00042", "lesson": "who-gets-listed"}


def main() -> int:
    """Ask, print each address with how often it was asked and what it answered, and end with 1 where one failed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--examples", type=int, default=20)
    options.add_argument("--only", default="", help="addresses that match this pattern")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        simulation.simulate(
            load_regime("beijing-points"), synthesize("demo", residents=200, seed=1), months=4, replays=3, seed=1,
            base=load_regime("none"), out=folder / "runs" / "it",
        )  # fmt: skip
        (folder / "mine.yaml").write_text(regime_text("suining-2010"), encoding="utf-8")
        Jobs.work = lambda _: None  # type: ignore[method-assign]
        laboratory = Laboratory(runs=folder / "runs", rules=folder, port=1, hosts=(_HOST,))
        made = application(laboratory)
        wrong = ask(httpx.ASGITransport(made, raise_app_exceptions=False), made.openapi(), laboratory, chosen)
        laboratory.desk.close()
    print(f"{wrong} faults" if wrong else "every answer was a page or a refusal in words")
    return 1 if wrong else 0


def ask(
    program: httpx.ASGITransport, description: dict[str, Any], laboratory: Laboratory, chosen: argparse.Namespace
) -> int:
    """The number of addresses that failed."""
    headers = {"host": _HOST, "origin": f"http://{_HOST}", "x-counterscore-token": laboratory.token}
    wrong = 0
    for found in schemathesis.openapi.from_dict(description).get_all_operations():
        operation = found.ok()
        if not re.search(chosen.only, operation.path):
            continue
        answers: Counter[int] = Counter()
        faults: list[str] = []

        @settings(
            max_examples=chosen.examples, deadline=None, database=None, derandomize=True,
            phases=[Phase.generate], suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(operation.as_strategy(), st.booleans())
        def once(case: Any, there: bool, answers: Counter[int] = answers, faults: list[str] = faults) -> None:
            for name in _THERE.keys() & (case.path_parameters or {}).keys():
                if there:  # every other time something that exists
                    case.path_parameters[name] = _THERE[name]
            asked = case.as_transport_kwargs(base_url=f"http://{_HOST}", headers=headers)
            asked.pop("cookies", None)
            answer = asyncio.run(_answer(program, asked))
            answers[answer.status_code] += 1
            if answer.status_code >= 500:
                title = re.search(r"<h2>(.*?)</h2>", answer.text, re.DOTALL)
                faults.append(
                    f"{asked['url']} {asked.get('params')} {asked.get('data')}: {title[1] if title else answer.text[:200]}"
                )

        once()
        told = ", ".join(f"{n} x {status}" for status, n in sorted(answers.items()))
        print(f"{operation.method.upper():5} {operation.path:44} {told}", flush=True)
        for one in faults[:3]:
            print(f"      {one}")
        wrong += bool(faults)
    return wrong


async def _answer(program: httpx.ASGITransport, asked: dict[str, Any]) -> httpx.Response:
    async with httpx.AsyncClient(transport=program, base_url=f"http://{_HOST}") as client:
        return await client.request(**asked)


if __name__ == "__main__":
    sys.exit(main())
