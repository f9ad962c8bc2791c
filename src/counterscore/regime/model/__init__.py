"""What a regime says: the types a regime file is read into.

Everything is frozen and unknown keys are refused. The classes hold plain values; which source and mark
belong to a number, and where it stands in its file, is answered by ``Regime.numbers()`` and
``Regime.at()``, which read the document the regime came from.
"""

from __future__ import annotations

from counterscore.regime.model._values import SCALE, Known, LegalBasis, Months, Points, Severity, Share, Source, Truth
from counterscore.regime.model.catalogue import Authority, Cap, CurveStep, Discretion, Row
from counterscore.regime.model.consequences import (
    LISTED_EXITS,
    Assessment,
    Door,
    Extension,
    ListRule,
    Publicity,
    Scrutiny,
)
from counterscore.regime.model.keys import fields_at, type_at
from counterscore.regime.model.private import SHOWN, Partners, Prominence, Shown, ShownHow
from counterscore.regime.model.rights import Appeal, Correction, Notice, Repair, RepairRule, Retention, Review, Rights
from counterscore.regime.model.rule_book import Decided, InForce, Regime, adverse_lists
from counterscore.regime.model.score import Band, Component, Dimension, Grade, Part, Score, Span
from counterscore.regime.model.sharing import PUBLIC, Lending, Sharing

__all__ = [
    "LISTED_EXITS",
    "PUBLIC",
    "SCALE",
    "SHOWN",
    "Appeal",
    "Assessment",
    "Authority",
    "Band",
    "Cap",
    "Component",
    "Correction",
    "CurveStep",
    "Decided",
    "Dimension",
    "Discretion",
    "Door",
    "Extension",
    "Grade",
    "InForce",
    "Known",
    "LegalBasis",
    "Lending",
    "ListRule",
    "Months",
    "Notice",
    "Part",
    "Partners",
    "Points",
    "Prominence",
    "Publicity",
    "Regime",
    "Repair",
    "RepairRule",
    "Retention",
    "Review",
    "Rights",
    "Row",
    "Score",
    "Scrutiny",
    "Severity",
    "Share",
    "Sharing",
    "Shown",
    "ShownHow",
    "Source",
    "Span",
    "Truth",
    "adverse_lists",
    "fields_at",
    "type_at",
]
