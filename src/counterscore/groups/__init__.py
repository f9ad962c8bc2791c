"""Do groups of residents differ, and in what sense? Several answers side by side, and no verdict.

``audit`` sets base rates of true conduct, five notions of equal treatment, gaps at equal conduct and the three
definitions of wrongly listed beside each other, each with its interval and its baseline: the reference group.
"""

from counterscore.groups.audit import Audit, audit
from counterscore.groups.cells import DECISIONS, Decision
from counterscore.groups.definitions import DEFINITIONS, Definition
from counterscore.groups.row import Row

__all__ = ["DECISIONS", "DEFINITIONS", "Audit", "Decision", "Definition", "Row", "audit"]
