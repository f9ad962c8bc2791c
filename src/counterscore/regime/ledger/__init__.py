"""A regime on paper: what a rule book makes of dated records, month by month.

This is the reference meaning of a rule book; the engine is compared with it. ``Ledger`` keeps the file of
one resident under a stack of rule books. A month passes in this order, each step through the whole stack:

1. Records whose time is over no longer count.
2. New records are made, one for each row of a catalogue that covers the act; records taken back no longer
   count.
3. The score is the start score plus the points of all records that count, held between floor and ceiling.
4. The grade is the band the score is in, made no better than any cap in force.
5. Lists are left: by correction, by performance or repair, when the time is over, or with the ground.
6. Lists are entered, or stays lengthened; with a period of grace, the entry takes effect when that is over,
   unless the duty is performed or the record taken back before. Rows about entering a list make their record at once.
   Lists whose place a list takes are left with the entry, and closed while on it.
7. Doors are in force while their grade, list or record is, or for a time of their own from the entry on a list.

Under a weighted score points are parts of a hundred of a dimension, beside what is known of the resident; who does
not take part in a rule book that asks for consent has no score, no grade and no doors of a grade under it.

Only the rule books of the stack that are about the same kind of subject apply. Points in a component of the
score count together no more than its limit; of a row with points of further records, the number of its records
that count says what they are worth together. A firm that opens again under a new name leaves the records and
stays of a rule book behind, unless that rule book follows the representative.

Points are whole numbers of 1/60 point; what a curve gives is rounded towards zero, step by step of the
curve. Months count from January of a year 0. Nothing depends on the order of records within a month,
unless a curve rounds.
"""

from __future__ import annotations

from counterscore.regime.ledger.entries import PaperExit, PaperRecord, State, Step
from counterscore.regime.ledger.month import Ledger
from counterscore.regime.ledger.paper import Mismatch, Paper, apply_on_paper
from counterscore.regime.ledger.points import curve_points
from counterscore.regime.ledger.telling import paper_json, paper_text

__all__ = [
    "Ledger",
    "Mismatch",
    "Paper",
    "PaperExit",
    "PaperRecord",
    "State",
    "Step",
    "apply_on_paper",
    "curve_points",
    "paper_json",
    "paper_text",
]
