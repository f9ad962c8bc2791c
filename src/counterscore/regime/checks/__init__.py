"""What only the whole file can show: names that do not exist, grades that leave a gap, lists nobody can leave.

``check_regime`` runs every function that is in ``_CHECKS``; each looks at one thing and says
what it finds, with both lines where two lines disagree. References are read from the plain data, so that
they are checked even where the item around them has another mistake; the rest reads the typed regime.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from counterscore.errors import Findings
from counterscore.quantity import Document
from counterscore.regime.checks._case import _Case, unknown
from counterscore.regime.checks.catalogue import _authorities, _counted_twice, _rows
from counterscore.regime.checks.doors import _doors, _scrutiny
from counterscore.regime.checks.head import _dates, _level, _participation
from counterscore.regime.checks.ids import _ids, _named_twice, _stack_ids
from counterscore.regime.checks.lists import _exits, _grace, _grounds, _repair, _replaced
from counterscore.regime.checks.private import _partners, _shown
from counterscore.regime.checks.references import _circles, _references
from counterscore.regime.checks.score import _components, _score
from counterscore.regime.checks.sharing import _lending, _sharing
from counterscore.regime.checks.sources import _sources, check_sources
from counterscore.regime.checks.vocabulary import _subjects, _vocabulary
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
    case = _Case(document, regime, tuple(stacked), findings, broken)
    for check in _CHECKS:
        check(case)


_CHECKS: tuple[Callable[[_Case], None], ...] = (
    _ids,
    _named_twice,
    _stack_ids,
    _vocabulary,
    _subjects,
    _references,
    _dates,
    _sources,
    _rows,
    _counted_twice,
    _components,
    _authorities,
    _score,
    _grounds,
    _exits,
    _grace,
    _replaced,
    _repair,
    _doors,
    _sharing,
    _lending,
    _scrutiny,
    _partners,
    _shown,
    _level,
    _participation,
    _circles,
)
