"""Every second reading that comes with the catalogue, read again."""

from __future__ import annotations

from counterscore.catalog import load_regime, regime_folder, regime_ids
from counterscore.regime.cases import read_cases
from counterscore.regime.ledger import apply_on_paper
from counterscore.validation._validation import Check, Validation


def _run() -> list[Check]:
    checks = []
    for name in regime_ids():
        file = regime_folder(name) / "second_reading.yaml"
        if file.exists():
            cases = read_cases(file).cases
            right = sum(apply_on_paper(load_regime(name), case).ok for case in cases)
            checks.append(
                Check(f"{name}: cases that come out", len(cases), right, 0, "written from the sources by another hand")
            )
    return checks


VALIDATION = Validation(
    id="second-readings",
    title="Rule books as a second reader reads their sources",
    kind="second reading",
    about="Cases written by somebody who had not seen the rule book. They show that two readers understood the sources alike, not that the sources are right.",
    run=_run,
)
