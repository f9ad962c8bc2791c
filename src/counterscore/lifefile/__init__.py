"""Life files: what happened to one resident, by which rule, in which world, and how that resident was picked."""

from counterscore.lifefile.explain import Explanation, explain
from counterscore.lifefile.life import Life, LivedWorld, life
from counterscore.lifefile.page import page
from counterscore.lifefile.pick import GROUP_WORDS, Pick, by_hand, pick
from counterscore.results.ids import parse_point, parse_resident, point_id, resident_id

__all__ = [
    "GROUP_WORDS",
    "Explanation",
    "Life",
    "LivedWorld",
    "Pick",
    "by_hand",
    "explain",
    "life",
    "page",
    "parse_point",
    "parse_resident",
    "pick",
    "point_id",
    "resident_id",
]
