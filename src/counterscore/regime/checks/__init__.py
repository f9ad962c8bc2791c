"""What only the whole file can show: names that do not exist, grades that leave a gap, lists nobody can leave.

``check_regime`` runs every function that is in ``CHECKS``; each looks at one thing and says
what it finds, with both lines where two lines disagree. References are read from the plain data, so that
they are checked even where the item around them has another mistake; the rest reads the typed regime.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from counterscore.errors import Findings
from counterscore.quantity import Document
from counterscore.regime.checks._case import Case, unknown
from counterscore.regime.checks.catalogue import check_authorities, check_counted_twice, check_rows
from counterscore.regime.checks.doors import check_doors, check_scrutiny
from counterscore.regime.checks.head import check_dates, check_level, check_participation
from counterscore.regime.checks.ids import check_ids, check_named_twice, check_stack_ids
from counterscore.regime.checks.lists import check_exits, check_grace, check_grounds, check_repair, check_replaced
from counterscore.regime.checks.private import check_partners, check_shown
from counterscore.regime.checks.references import check_circles, check_references
from counterscore.regime.checks.score import check_components, check_score
from counterscore.regime.checks.sharing import check_lending, check_sharing
from counterscore.regime.checks.sources import check_regime_sources, check_sources
from counterscore.regime.checks.vocabulary import check_subjects, check_vocabulary
from counterscore.regime.model import Regime

__all__ = ["check_regime", "check_sources", "unknown"]


def check_regime(
    document: Document,
    regime: Regime,
    stacked: Sequence[Regime],
    findings: Findings,
    *,
    broken: frozenset[str],
) -> None:
    """Add what is wrong with ``regime`` beyond its form to ``findings``.

    ``broken`` names the parts of the file that could not be read whole; nothing is concluded from their
    silence.
    """
    case = Case(document, regime, tuple(stacked), findings, broken)
    for check in CHECKS:
        check(case)


CHECKS: tuple[Callable[[Case], None], ...] = (
    check_ids,
    check_named_twice,
    check_stack_ids,
    check_vocabulary,
    check_subjects,
    check_references,
    check_dates,
    check_regime_sources,
    check_rows,
    check_counted_twice,
    check_components,
    check_authorities,
    check_score,
    check_grounds,
    check_exits,
    check_grace,
    check_replaced,
    check_repair,
    check_doors,
    check_sharing,
    check_lending,
    check_scrutiny,
    check_partners,
    check_shown,
    check_level,
    check_participation,
    check_circles,
)
