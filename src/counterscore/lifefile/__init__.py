"""Life files: what happened to one resident, firm or public body, by which rule, in which world, and how that resident was picked."""

from counterscore.lifefile.explain import Explanation, explain
from counterscore.lifefile.life import Life, life
from counterscore.lifefile.lived import LivedWorld
from counterscore.lifefile.page import page
from counterscore.lifefile.pick import GROUP_WORDS, Pick, by_hand, pick
from counterscore.results.ids import Who, parse_point, parse_resident, parse_who, point_id, resident_id, who_id

__all__ = [
    "GROUP_WORDS",
    "Explanation",
    "Life",
    "LivedWorld",
    "Pick",
    "Who",
    "by_hand",
    "explain",
    "life",
    "page",
    "parse_point",
    "parse_resident",
    "parse_who",
    "pick",
    "point_id",
    "resident_id",
    "who_id",
]
