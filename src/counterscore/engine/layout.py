"""What the kernels work on, as NumPy record types: plan, residents, papers, letters, totals, working space.

Units. Probabilities and monthly rates are in 1/2**32 (Q32), factors in 1/256 (Q8), points in 1/60.
Times are months of the run; ``NEVER`` (65535) stands for "not" or "without end".
"""

from __future__ import annotations

import numpy as np

from counterscore.regime.vocabulary import ACTS, DOMAINS, OCCUPATIONS, SERVICES

SCALE = 60  #: points are held as integers in 1/60 point
NEVER = 65535
NO_GRADE = 255  #: in results: no grade, or none that can be said
MAX_LISTS, MAX_DOORS, MAX_SCHEMES, MAX_ROWS = 16, 62, 2, 250  #: schemes are regimes with a score
MAX_GRADES, MAX_GROUNDS = 16, 64
SUBDISTRICT = 65536
CHUNK = 4096  #: residents looked through at a time
FRIEND_SHIFTS = (1, 7, 61, 521)  #: whom a resident knows: four on either side, near (same work) and far
MIX_SHIFT = 263  #: whose record a mistaken identity lands on

# Truth of a record (never known to the regime).
TRUE, NOT_HAPPENED, SOMEONE_ELSES, TWICE, MISJUDGED, CLAIMED, AFTER_EXPIRY = range(7)
# State of a paper.
NORMAL, CORRECTED, REPAIRED, OVERDUE = range(4)
# Kind of a paper.
RECORD, STAY = 0, 1
# How a stay on a list was wrong.
RIGHT, WRONG_FACTUAL, WRONG_RULE = range(3)
# How a stay ended.
EXPIRED, PERFORMED, EXIT_REPAIRED, EXIT_CORRECTED, CUT_OFF, DIED = range(6)
EXITS = ("expired", "performed", "repaired", "corrected", "cut off", "died")
# Effects of doors.
CLOSED, NARROWED, SLOWED, PRICED, OPENED = range(5)
# Standing of an attempt.
PLAIN, GREEN, HELD_UP = range(3)
STANDINGS = ("plain", "green channel", "held up")
# Work.
EMPLOYED, UNEMPLOYED, OUTSIDE = range(3)
# Bit of ``flag``: has come of age this month.
NEWCOMER = 64
# Bits of ``traits``.
HAS_CAR, HAS_CARD, HAS_HOME, OFFENDER, CONNECTED, HAS_CHILD = (1 << bit for bit in range(6))
# Bits of a watch's ``file``: how the stays are wrong (two bits); it holds a record with a cap or a door of its
# own; it was looked at this month; it was read as a whole this month.
FILE_WRONG, FILE_SPECIAL, FILE_LOOKED, FILE_WHOLE = 3, 4, 8, 16
# Slots of temptation; the fourth lane of the month's word is for shocks and untrue records.
MISCONDUCT, GOOD, LAWFUL, SHOCK = range(4)

COUNTERS: tuple[tuple[str, str, str], ...] = (
    ("listed", "residents", "on a list at the end of the month"),
    ("listed_wrong_factual", "residents", "listed through a record that is not true"),
    ("listed_wrong_rule", "residents", "listed against the regime's own rule"),
    ("entered", "stays", "stays on an adverse list that began"),
    ("left_expired", "stays", "stays that ended with their term"),
    ("left_performed", "stays", "stays that ended with performance"),
    ("left_repaired", "stays", "stays that ended with repair"),
    ("left_corrected", "stays", "stays that ended because the record was taken back"),
    ("records", "records", "records made"),
    ("good_records", "records", "records that raised a score"),
    ("untrue_records", "records", "records of what did not happen or was someone else's"),
    ("twice_records", "records", "records counted twice"),
    ("misjudged_records", "records", "records of residents unable to pay, as if able"),
    ("overdue_records", "records", "records that went on counting after their end"),
    ("late_removals", "stays", "residents taken off a list late"),
    ("unrecorded", "acts", "acts a rule covers that were not recorded"),
    ("noticed", "records", "records the resident learnt of"),
    ("appeals", "appeals", "objections and appeals filed"),
    ("appeals_won", "appeals", "objections and appeals that succeeded"),
    ("repairs", "requests", "repairs granted"),
    ("attempts", "attempts", "attempts at a service"),
    ("refused", "attempts", "attempts refused by a door"),
    ("refused_else", "attempts", "attempts refused for another reason"),
    ("waited", "days", "days waited for services"),
    ("green_attempts", "attempts", "attempts served through an opened door"),
    ("green_waited", "days", "days waited at an opened door"),
    ("plain_attempts", "attempts", "attempts served at services that have an opened door, without it"),
    ("plain_waited", "days", "days waited at services that have an opened door, without it"),
    ("unable", "residents", "with at least k essential services closed"),
    ("misconduct", "acts", "true acts of misconduct"),
    ("good_deeds", "acts", "true good deeds"),
    ("lawful_acts", "acts", "lawful acts of speech, reading, petition and purchase"),
    ("held_back_misconduct", "acts", "temptations not acted on because of the regime"),
    ("held_back_lawful", "acts", "lawful acts not done because of the regime"),
    ("strain_misconduct", "acts", "acts of misconduct that strain added"),
    ("extra_good_deeds", "acts", "good deeds done for the reward"),
    ("gamed", "records", "good deeds claimed but not done"),
    ("unemployed", "residents", "looking for work"),
    ("job_losses", "residents", "lost their work this month"),
    ("door_job_losses", "residents", "lost their work because travel was closed to them"),
    ("in_arrears", "residents", "in arrears on a loan"),
    ("judgments", "judgments", "judgments for debt given"),
    ("judged", "residents", "with an unpaid judgment"),
    ("judged_able", "residents", "with an unpaid judgment and able to pay"),
    ("performed", "judgments", "judgments paid"),
    ("debt", "thousand yuan", "owed by residents in arrears or under judgment"),
    ("aware", "residents", "who know of the regime"),
    ("shown", "times", "scores shown to friends"),
    ("ties_lost", "ties", "ties dropped"),
    ("staff_minutes", "minutes", "staff time for appeals and repairs"),
    ("adults", "residents", "of 18 and over"),
    ("older", "residents", "of 60 and over"),
    ("died", "residents", "died, and were followed by the next who comes of age"),
    ("came_of_age", "residents", "turned 18"),
    ("left_died", "stays", "stays that ended because the resident died"),
    ("overflows", "residents", "kept for engine self-checks; always zero"),
)
COUNTER = {name: index for index, (name, _, _) in enumerate(COUNTERS)}


SCALARS: tuple[str, ...] = (
    "responses",
    "errors",
    "circumstances_job_loss",
    "circumstances_expense",
    "circumstances_default",
    "circumstances_expense_size",
    "circumstances_job_found",
    "circumstances_interest",
    "circumstances_suit_after",
    "circumstances_suit",
    "circumstances_able_savings",
    "circumstances_catch_up",
    "circumstances_pay_able",
    "circumstances_bill_unpaid",
    "circumstances_bill_judged",
    "circumstances_evasion",
    "circumstances_ban_breach",
    "circumstances_retirement_age",
    "circumstances_mobility_job_loss",
    "circumstances_loan_size",
    "circumstances_kin_in_army",
    "circumstances_repaid",
    "conduct_fraud",
    "conduct_conscientiousness",
    "conduct_outspokenness",
    "conduct_sociability",
    "conduct_young",
    "recording_favour",
    "recording_official",
    "errors_untrue",
    "errors_untrue_bound",
    "errors_mix_up",
    "errors_twice",
    "errors_misjudged",
    "errors_after_expiry",
    "errors_after_expiry_months",
    "errors_late_removal",
    "errors_late_removal_months",
    "errors_glitch_month",
    "rights_notice",
    "rights_notice_without",
    "rights_appeal_wrong",
    "rights_appeal_right",
    "rights_won_wrong",
    "rights_won_right",
    "rights_repair",
    "rights_minutes_appeal",
    "rights_minutes_repair",
    "response_awareness",
    "response_talk",
    "response_told",
    "response_pay_uplift",
    "response_strain",
    "response_strain_most",
    "response_headroom_misconduct",
    "response_headroom_good",
    "response_tie",
    "response_show",
    "doors_unable_at",
    "schemes",
    "lists",
    "absorb_after",
    "reserve",
    "has_kin_doors",
)

_ROWS = ["row_points", "row_least", "row_most", "row_validity", "row_cap_lasts", "row_window", "row_doors"]
_ROW_CODES = [
    "row_scheme",
    "row_kind",
    "row_per",
    "row_cap",
    "row_kin",
    "row_unit",
    "row_kept",
    "row_glitch",
    "row_lists",
    "row_appeal",
]
_LISTS = [
    "list_scheme",
    "list_term",
    "list_months",
    "list_most",
    "list_by",
    "list_at_most",
    "list_corrected",
    "list_performed",
    "list_repair_after",
    "list_repair_most",
    "list_public",
    "list_doors",
]
_GROUNDS = ["ground_kind", "ground_scheme", "ground_value", "ground_row", "ground_count", "ground_window"]
_SCHEMES = ["scheme_start", "scheme_floor", "scheme_ceiling", "scheme_update", "scheme_grades"]
_DOORS = ["door_effect", "door_share", "door_times"]
_SERVICES = [
    "service_closed",
    "service_opened",
    "service_hindered",
    "service_domain",
    "service_essential",
    "service_wait",
]
_ACTS = ["act_detect", "act_deter", "act_chill", "act_uplift", "act_game", "act_covered", "act_kin", "act_slot"]

N_ACTS, N_SERVICES, N_DOMAINS = len(ACTS), len(SERVICES), len(DOMAINS)
N_MEANS = 4  #: combinations of having a car and a card, on which acts depend
N_GROUPS, N_BANDS, N_DISTRICTS = 2 * len(OCCUPATIONS), 5, 16


def _ints(names: list[str], shape: tuple[int, ...]) -> list[tuple[str, str, tuple[int, ...]]]:
    return [(name, "i8", shape) for name in names]


#: One stack of regimes, the assumptions and the city's groups; read only. ``plan.compile_plan`` fills it.
#: Sizes are fixed, so that one compiled kernel serves every regime.
PLAN = np.dtype(
    [
        *_ints([*_ROWS, *_ROW_CODES], (MAX_ROWS,)),
        ("row_curve", "i8", (MAX_ROWS, 4, 3)),  # up to, points, per
        ("row_hash", "u8", (MAX_ROWS,)),
        ("act_start", "i8", (N_ACTS + 1,)),
        ("act_rows", "i8", (2 * MAX_ROWS,)),
        ("list_row_start", "i8", (MAX_LISTS + 1,)),
        ("list_rows", "i8", (MAX_ROWS,)),
        *_ints(_SCHEMES, (MAX_SCHEMES,)),
        ("grade_floor", "i8", (MAX_SCHEMES, MAX_GRADES)),
        ("grade_code", "i8", (MAX_SCHEMES, MAX_GRADES)),  # of each band of the score: its grade in the file
        ("grade_doors", "i8", (MAX_SCHEMES, MAX_GRADES)),
        *_ints(_LISTS, (MAX_LISTS,)),
        ("list_extends", "i8", (MAX_LISTS, MAX_ROWS)),
        ("ground_start", "i8", (MAX_LISTS + 1,)),
        *_ints(_GROUNDS, (MAX_GROUNDS,)),
        *_ints(["doors_self", "doors_kin", "doors_hinder", "lists_adverse"], ()),
        ("service_start", "i8", (N_SERVICES + 1,)),
        ("service_doors", "i8", (MAX_DOORS,)),
        *_ints(_DOORS, (MAX_DOORS,)),
        *_ints(_SERVICES, (N_SERVICES,)),
        ("service_refusal", "i8", (N_SERVICES, 3)),  # by credit file
        ("need_total", "i8", (N_BANDS,)),
        ("need_services", "i8", (N_SERVICES,)),  # by falling need
        ("need_cumulated", "i8", (N_BANDS, N_SERVICES)),
        ("slot_total", "i8", (3, N_MEANS)),
        ("slot_acts", "i8", (3, N_ACTS)),  # by falling rate
        ("slot_cumulated", "i8", (3, N_MEANS, N_ACTS)),
        *_ints(_ACTS, (N_ACTS,)),
        ("act_amount", "i8", (N_ACTS, 2)),
        ("untrue_cumulated", "i8", (N_ACTS + 1,)),
        ("group_scrutiny", "i8", (N_GROUPS,)),
        ("district_leniency", "i8", (N_DISTRICTS,)),
        ("district_harsh", "i8", (N_DISTRICTS,)),
        ("survivors", "i8", (122,)),  # of 2**31, by age
        *_ints(list(SCALARS), ()),
    ]
)

#: What a run keeps of each resident; every counter stops at its type's top.
OUTCOME_TYPES: dict[str, str] = {
    "records": "u2",
    "good_records": "u2",
    "untrue_records": "u1",
    "rule_wrong_records": "u1",
    "unrecorded": "u2",
    "misconduct": "u2",
    "good_deeds": "u2",
    "lawful_acts": "u2",
    "first_record": "u2",
    "first_listed": "u2",
    "months_listed": "u2",
    "wrong_factual": "u2",
    "wrong_rule": "u2",
    "wrong_spread": "u2",
    "doors_most": "u1",
    "months_unable": "u2",
    "attempts": "u2",
    "refused": "u2",
    "refused_else": "u2",
    "waited": "u2",
    "appeals": "u1",
    "appeals_won": "u1",
    "gamed": "u1",
    "shown": "u1",
    "ties_lost": "u1",
    "arrears_months": "u2",
    "job_losses": "u1",
    "door_job_losses": "u1",
}

#: One resident between two months.
RESIDENT = np.dtype(
    [
        ("doors", "i8"),
        ("score", "i4", (MAX_SCHEMES,)),
        ("absorbed", "i4", (MAX_SCHEMES,)),  # points of old true records that have no end
        ("head", "i4"),  # first paper of the file, -1 for none
        ("lists", "u2"),
        ("loan", "u2"),
        ("hours", "u2"),
        ("yuan", "u2"),
        ("grade", "u1", (MAX_SCHEMES,)),
        ("age", "u1"),
        ("district", "u1"),
        ("group", "u1"),
        ("file", "u1"),
        ("conscientiousness", "u1"),
        ("outspokenness", "u1"),
        ("sociability", "u1"),
        ("means", "u1"),
        ("traits", "u1"),
        ("work", "u1"),
        ("savings", "u1"),
        ("arrears", "u1"),
        ("judged", "u1"),
        ("ties", "u1"),
        *OUTCOME_TYPES.items(),
    ]
)

#: What every month looks at, apart from the rest, so that a subdistrict's stays in a core's cache.
WATCH = np.dtype(
    [
        ("bound", "u2", (4,)),  # upper rates of the four lanes, 1/65536
        ("need", "u2"),
        ("due", "u2"),  # next month in which the file must be looked at
        ("aware", "u2"),  # first month in which the regime is known
        ("flag", "u1"),
        ("file", "u1"),  # what is known of the file without reading it
    ]
)

#: A record that counts, or a stay on a list; linked per resident through ``next``.
PAPER = np.dtype(
    [
        ("points", "i4"),
        ("next", "i4"),
        ("month", "u2"),
        ("until", "u2"),
        ("decide", "u2"),  # of a record: month of the decision; of a stay: month of its record
        ("kind", "u1"),
        ("what", "u1"),
        ("truth", "u1"),
        ("state", "u1"),
        ("cause", "u1"),  # of a stay: the row of its record, 255 where a score or grade was the ground
    ]
)

#: A record that reaches another resident next month.
LETTER = np.dtype([("to", "i8"), ("act", "i8"), ("amount", "i8"), ("truth", "i8"), ("kin", "i8")])

#: One event of a trace.
EVENT = np.dtype([(name, "i8") for name in ("month", "position", "event", "a", "b", "c", "d", "e")])

#: Stays that ended after so many months on one list, by how they ended.
STAYS = np.dtype([("left", "i8", (len(EXITS),))])

#: Integers of one month that add up in any order.
TOTALS = np.dtype(
    [
        ("counts", "i8", (len(COUNTERS),)),
        ("door_months", "i8", (N_DOMAINS,)),
        ("services", "i8", (N_SERVICES, len(STANDINGS), 4)),  # attempts, refused, refused else, waited
        ("acts", "i8", (N_ACTS, 4)),  # done, recorded, untrue, not recorded
        ("listed_by_district", "i8", (N_DISTRICTS,)),
    ]
)

#: Working space of one call, and where papers, letters and trace stand.
SPACE = np.dtype(
    [
        ("keys", "u8", (40,)),
        ("sums", "i8", (MAX_SCHEMES, 3)),  # all records; without untrue ones; without any wrong ones
        ("caps", "i8", (MAX_SCHEMES,)),
        ("news", "i8", (MAX_SCHEMES,)),  # points of this month's records that are absorbed at once
        ("done", "i8", (16, 4)),  # act, amount, first of an episode, truth
        ("person", "i8", (8,)),  # performed, file changed, rescored, doors by record, wrongness, lists entered, due
        ("chosen", "i4", (CHUNK,)),
        ("first", "i8"),
        ("free", "i8"),
        ("room", "i8"),
        ("inbox_now", "i8"),
        ("inbox_next", "i8"),
        ("trace_on", "i8"),
        ("trace_used", "i8"),
    ]
)

# What became of an act: no rule covers it, nobody saw it, it was recorded, or recorded in another's name.
NO_RULE, NOT_SEEN, RECORDED, IN_ANOTHERS_NAME = range(4)
# How a resident came to know of the regime.
KNOWS_FROM_TALK, KNOWS_BY_NOTICE, KNOWS_FROM_FRIEND, KNOWS_BY_LISTING = range(4)
# What an event is; its details a … d depend on it. ``e`` is the month in which its paper was made, -1 where
# there is none; of an act it tells whether an episode begins.
EVENT_ACT, EVENT_RECORD, EVENT_SCORE, EVENT_ENTER, EVENT_LEAVE, EVENT_DOORS = range(6)
EVENT_ATTEMPT, EVENT_APPEAL, EVENT_DECISION, EVENT_REPAIR, EVENT_TIE, EVENT_SHOWN = range(6, 12)
EVENT_WORK, EVENT_DEBT, EVENT_NOTICE, EVENT_END = range(12, 16)
EVENT_OVERDUE, EVENT_LATE, EVENT_KNOWS, EVENT_DIED, EVENT_GROWN = range(16, 21)
EVENTS = (
    "act",
    "record",
    "score",
    "enter",
    "leave",
    "doors",
    "attempt",
    "appeal",
    "decision",
    "repair",
    "tie",
    "shown",
    "work",
    "debt",
    "notice",
    "end",
    "overdue",
    "late",
    "knows",
    "died",
    "came of age",
)
