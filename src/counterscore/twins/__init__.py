"""Two worlds, the same people, the same random numbers: who differs, by how much, through whom, and by which rule."""

from counterscore.twins.parting import Parting, differing_inputs, part
from counterscore.twins.people import ColumnPairs, People, compare_people, pairs_of
from counterscore.twins.placebo import Placebo, placebo, placebo_here, relabelled
from counterscore.twins.reach import FirstDifference, Reach, reach
from counterscore.twins.rules import RuleOut, rules_out

__all__ = [
    "ColumnPairs",
    "FirstDifference",
    "Parting",
    "People",
    "Placebo",
    "Reach",
    "RuleOut",
    "compare_people",
    "differing_inputs",
    "pairs_of",
    "part",
    "placebo",
    "placebo_here",
    "reach",
    "relabelled",
    "rules_out",
]
