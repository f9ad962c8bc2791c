"""The steps of an impact assessment: what a run can fill, and what only the controller can."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from counterscore.regime.model import Regime
from counterscore.report import law
from counterscore.report._section import Reported, Section
from counterscore.results import Run


def _tell(one: Reported) -> Mapping[str, Any]:
    return {"steps": _steps(one.run, one.regimes[0][1])}


def _steps(run: Run, regime: Regime) -> list[tuple[str, str]]:
    """Steps of an impact assessment: what a run can fill, and what only the controller can."""
    to_write = "✎ to be written by the controller"
    return [
        (
            "Description of the processing",
            f"Rule book, recorded acts, authorities, lists and doors: see The rule book. Purpose as stated: {regime.purpose or to_write}.",
        ),
        (
            "Period and frequency of use",
            f"Simulated: {run.record['months']} months from {run.record['start']}. Intended period: {to_write}.",
        ),
        (
            "Categories of people affected",
            "Groups and sizes of the synthetic city: see The city; results by group: see Results. Whom it will affect: "
            + to_write
            + ".",
        ),
        (
            "Necessity and proportionality",
            f"Measured: which doors close, for how long, in which fields of life. Whether that is necessary: {to_write}.",
        ),
        (
            "Risks to the rights of people",
            "Measured: wrongly listed under three definitions, refusals, several doors at once, effects on kin. Likelihood in the real place: "
            + to_write
            + ".",
        ),
        (
            "Oversight and safeguards in the rule book",
            f"{'. '.join(law.rights_in_words(regime))}.",
        ),
        (
            "Measures envisaged, and complaint channels",
            "Effects of reforms in this run: see What if. Measures decided: " + to_write + ".",
        ),
        ("Consultation of those affected", to_write + "."),
    ]


SECTION = Section(id="steps", title="Steps of the assessment", order=20, tell=_tell, templates=("assessment",))
