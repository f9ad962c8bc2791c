"""What the kernels work on, as NumPy record types: plan, residents, papers, letters, totals, working space.

Units. Probabilities and monthly rates are in 1/2**32 (Q32), factors in 1/256 (Q8), points in 1/60.
Times are months of the run; ``NEVER`` (65535) stands for "not" or "without end".
"""

from __future__ import annotations

import numpy as np

from counterscore.regime.vocabulary import ACTS, CONTEXTS, DOMAINS, OCCUPATIONS, SERVICES

SCALE = 60  #: points are held as integers in 1/60 point
NEVER = 65535
NO_GRADE = 255  #: in results: no grade, or none that can be said
MAX_LISTS, MAX_DOORS, MAX_SCHEMES, MAX_ROWS = 16, 62, 3, 250  #: schemes are regimes with a score
MAX_ASKING = 8  #: rule books that one can take part in: those with a score, then others that ask for consent
MAX_GRADES, MAX_GROUNDS = 16, 62
MAX_COMPONENTS, MAX_STEP_ROWS, MAX_STEPS = 32, 16, 8  #: capped parts of scores; rows with points of further records
MAX_AUTHORITIES = 24  #: who reads records: 0 for all of whoever shares everything, 1 the public, then by name
EVERYBODY, THE_PUBLIC = 0, 1
MAX_DIMENSIONS, MAX_ATTRIBUTES, MAX_BANDS = 8, 48, 16  #: of weighted scores; attributes of one scheme
MAX_SOUGHT = 4  #: ties that a resident has sought and keeps
SUBDISTRICT = 65536
CHUNK = 4096  #: residents looked through at a time
AHEAD = 8  #: candidates whose records are fetched before their turn
ALIKE = 512  #: places for counting residents to whom the same doors are closed for the same causes
FRIEND_SHIFTS = (1, 7, 61, 521)  #: whom a resident knows: four on either side, near (same work) and far
MIX_SHIFT = 263  #: whose record a mistaken identity lands on

# Truth of a record (never known to the regime).
TRUE, NOT_HAPPENED, SOMEONE_ELSES, TWICE, MISJUDGED, CLAIMED, AFTER_EXPIRY = range(7)
# State of a paper.
NORMAL, CORRECTED, REPAIRED, OVERDUE = range(4)
# Kind of a paper. ``WAITING``: a ground of entry is met, and the period of grace runs; a ``TRACK`` is what an offender
# who has offended carries: moves and reputation; a ``BAR`` is a door of a list that lasts a time of its own.
RECORD, STAY, WAITING, TRACK, BAR = range(5)
#: Whose act a row is about: the resident's own, the next of kin's, another member's of the group.
ACTORS = ("self", "kin", "group")
# How far what is known of a resident goes along on a move: not at all, within the city, everywhere.
NEIGHBOURHOOD, CITY, NATION = range(3)
# How a stay on a list was wrong.
RIGHT, WRONG_FACTUAL, WRONG_RULE = range(3)
# How a stay ended.
EXPIRED, PERFORMED, EXIT_REPAIRED, EXIT_CORRECTED, CUT_OFF, DIED, LEFT_BEHIND, REPLACED = range(8)
EXITS = ("expired", "performed", "repaired", "corrected", "cut off", "died", "left behind", "replaced")
# Effects of doors.
CLOSED, NARROWED, SLOWED, PRICED, OPENED = range(5)
# Standing of an attempt.
PLAIN, GREEN, HELD_UP = range(3)
STANDINGS = ("plain", "green channel", "held up")
# Work.
EMPLOYED, UNEMPLOYED, OUTSIDE = range(3)
# Bits of ``flag``: has come of age this month; whoever deals with the resident is warned.
NEWCOMER, WARNING = 64, 128
# Bits of ``traits``.
HAS_CAR, HAS_CARD, HAS_HOME, OFFENDER, CONNECTED, HAS_CHILD = (1 << bit for bit in range(6))
# Bits of a watch's ``file``: how the stays are wrong (two bits); it holds a record with a cap or a door of its
# own, or a bar; a record was made this month; an objection in it is decided this month; the resident shows the private
# score; it puts a door before the next of kin; the private score, if it was shown, is not from the end of this month on.
FILE_WRONG, FILE_SPECIAL, FILE_NEWS, FILE_DECIDED, FILE_SHOWN, FILE_KIN, FILE_HIDES = 3, 4, 8, 16, 32, 64, 128
# The same bits of a firm.
MAKES_GOODS, TRADES_ABROAD = HAS_CAR, HAS_CARD
# What a firm owes, as bits: of a list, what performs; of a month, what was performed.
DUTY_WAGES, DUTY_TAX, DUTY_JUDGMENT, DUTY_DISCLOSURE = (1 << bit for bit in range(4))
BODY_FIRST = 1 << 41  #: and of public bodies here
BODY_KINDS = (
    "finance",
    "transport and construction",
    "education",
    "health",
    "water and environment",
    "housing",
    "development zone",
    "subdistrict office",
)
CONTRACT_SLOTS, BODY_SLOTS = 2, 3  #: what a body may sign in a month: two contracts, one promise
BODY_RING, BODY_LATEST = 48, 24  #: months after which a place is needed again; months overdue that nothing outlasts
BODY_DUE_MOST = 18
SIGNED, KEPT, PAID_LATE, BROKEN = range(1, 5)
ASSESSED = 5  #: an event of a body: its officials were assessed
FIRM_FIRST = 1 << 40  #: numbers of firms for addressed luck start here, above those of all residents
N_SIZES = 4
MONEY_TOP = 1_000_000_000  #: thousand yuan
# Bits of a watch's ``flag``: step 1 has something to do; the second half of the month has.
FLAG_TROUBLE, FLAG_SECOND = 1, 2
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
    ("taking_part", "residents", "who take part in the private score at the end of the month"),
    ("joined", "residents", "who consented to a rule book that asks for it"),
    ("withdrew", "residents", "who withdrew their consent"),
    ("perks", "yuan", "deposits and prices not handed over because of a door"),
    ("ties_low", "ties", "dropped because one end stands lower in a private score"),
    ("ties_sought", "ties", "begun because one end stands higher in a private score"),
    ("views", "times", "singles shown to a single"),
    ("matches", "couples", "singles who became couples"),
    ("staff_minutes", "minutes", "staff time for appeals and repairs"),
    ("adults", "residents", "of 18 and over"),
    ("older", "residents", "of 60 and over"),
    ("died", "residents", "died, and were followed by the next who comes of age"),
    ("came_of_age", "residents", "turned 18"),
    ("left_died", "stays", "stays that ended because the resident died"),
    ("averted", "stays", "not begun because the duty was performed within a period of grace"),
    ("left_moved", "stays", "stays that a resident who moved left behind"),
    ("left_replaced", "stays", "stays that ended because another list took their place"),
    ("listed_attempts", "attempts", "attempts at a service by residents on an adverse list"),
    ("listed_refused", "attempts", "attempts by residents on an adverse list refused by a door"),
    ("frauds_tried", "dealings", "dealings in which a repeat offender meant to defraud"),
    ("frauds_warned", "dealings", "frauds stopped by a record or list that the partner saw"),
    ("frauds_known", "dealings", "frauds stopped because the partner knew of an earlier one here"),
    ("victims", "residents", "residents defrauded, each time counted"),
    ("moves", "moves", "moves of repeat offenders to another place"),
    ("dealings_refused", "dealings", "one-shot dealings refused to other residents because of a record or list"),
    ("dealings_refused_untrue", "dealings", "of these, where no record behind it was true"),
    ("loans_asked", "requests", "requests for a loan where a rule book judges them"),
    ("loans_refused", "requests", "of these, refused by the lender or a door"),
    ("loans_good_refused", "requests", "of these refused, who would have repaid"),
    ("loans_bad", "loans", "loans granted that will not be repaid"),
    ("loans_defaulted", "loans", "loans that stopped being repaid"),
    ("overflows", "residents", "kept for engine self-checks; always zero"),
)
COUNTER = {name: index for index, (name, _, _) in enumerate(COUNTERS)}

#: What is counted of firms beside the counters above that make sense for them (``FIRM_SHARED``).
FIRM_COUNTERS: tuple[tuple[str, str, str], ...] = (
    ("open", "firms", "open at the end of the month"),
    ("closed", "firms", "closed this month"),
    ("failed", "firms", "closed because of what they owed"),
    ("reopened", "firms", "opened again under a new name by the same representative"),
    ("reopening_refused", "firms", "whose representative was refused the licence to open again"),
    ("escaped", "firms", "opened again and left a record that counted, or a list, behind"),
    ("remembered", "firms", "opened again and were recognised by a rule that looks at the representative"),
    ("owing_wages", "firms", "with unpaid wages"),
    ("wages_owed", "thousand yuan", "of unpaid wages"),
    ("unpaid_workers", "residents", "at work without pay"),
    ("workers_into_arrears", "residents", "in arrears on a loan because wages were not paid"),
    ("jobs_closed", "residents", "lost their work because their firm closed"),
    ("inspections", "inspections", "made by the regulators"),
    ("heads_restricted", "residents", "restricted as a representative, through a firm"),
    ("restricted_by_head", "firms", "with a door closed or narrowed through their representative"),
    ("glitched", "firms", "whose score a platform glitch changed this month"),
    ("cash", "thousand yuan", "held by open firms"),
)
FIRM_COUNTER = {name: index for index, (name, _, _) in enumerate(FIRM_COUNTERS)}
#: What is counted of public bodies beside the counters of ``BODY_SHARED``.
BODY_COUNTERS: tuple[tuple[str, str, str], ...] = (
    ("contracts", "contracts", "signed with firms"),
    ("contracts_due", "contracts", "that fell due"),
    ("contracts_kept", "contracts", "paid in the month they were due"),
    ("contracts_late", "contracts", "paid later"),
    ("contracts_broken", "contracts", "never paid"),
    ("promises", "promises", "made in writing, with a date"),
    ("promises_due", "promises", "that fell due"),
    ("promises_kept", "promises", "kept in the month they were due"),
    ("promises_late", "promises", "kept later"),
    ("promises_broken", "promises", "never kept"),
    ("overdue", "contracts", "overdue at the end of the month"),
    ("arrears", "thousand yuan", "owed to firms at the end of the month"),
    ("overdue_recorded", "contracts", "whose month of arrears, or late promise, was recorded"),
    ("complaints", "complaints", "by firms, made through the official channel"),
    ("pressed", "complaints", "that a firm was pressed not to make"),
    ("massaged", "figures", "months of arrears or late promises reported as if kept"),
    ("stress", "1/65536", "sum over bodies of the share of dues that the budget leaves open"),
    ("effort", "1/256", "sum over bodies of what the assessment added to keeping dates"),
    ("gaming", "1/256", "sum over bodies of what the assessment added to gaming"),
    ("officials_restricted", "residents", "restricted as leading official, through their body"),
)
BODY_COUNTER = {name: index for index, (name, _, _) in enumerate(BODY_COUNTERS)}
BODY_SHARED: tuple[str, ...] = (
    "listed",
    "listed_wrong_factual",
    "listed_wrong_rule",
    "entered",
    "left_expired",
    "left_performed",
    "left_repaired",
    "left_corrected",
    "left_replaced",
    "records",
    "good_records",
    "untrue_records",
    "unrecorded",
    "appeals",
    "appeals_won",
    "attempts",
    "refused",
    "misconduct",
    "good_deeds",
    "judgments",
    "judged",
    "staff_minutes",
)
FIRM_SHARED: tuple[str, ...] = (
    "listed",
    "listed_wrong_factual",
    "listed_wrong_rule",
    "entered",
    "left_expired",
    "left_performed",
    "left_repaired",
    "left_corrected",
    "left_replaced",
    "records",
    "good_records",
    "untrue_records",
    "twice_records",
    "overdue_records",
    "late_removals",
    "unrecorded",
    "noticed",
    "appeals",
    "appeals_won",
    "repairs",
    "attempts",
    "refused",
    "refused_else",
    "waited",
    "green_attempts",
    "green_waited",
    "plain_attempts",
    "plain_waited",
    "unable",
    "misconduct",
    "good_deeds",
    "held_back_misconduct",
    "strain_misconduct",
    "extra_good_deeds",
    "gamed",
    "judgments",
    "judged",
    "performed",
    "aware",
    "staff_minutes",
)


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
    "circumstances_pay_first",
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
    "circumstances_unemployed_at_start",
    "circumstances_judged_at_start",
    "conduct_fraud",
    "conduct_move_on",
    "conduct_move_far",
    "conduct_conscientiousness",
    "conduct_outspokenness",
    "conduct_sociability",
    "conduct_young",
    "recording_favour",
    "recording_group",
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
    "errors_glitch_share",
    "rights_appeal_wrong",
    "rights_appeal_right",
    "rights_won_right",
    "rights_repair",
    "rights_minutes_appeal",
    "rights_minutes_repair",
    "response_awareness",
    "response_talk",
    "response_told",
    "response_pay_uplift",
    "response_shame",
    "response_shame_below",
    "response_strain",
    "response_strain_most",
    "response_headroom_misconduct",
    "response_headroom_good",
    "response_tie",
    "response_show",
    "adoption_leave",
    "adoption_leave_lowest",
    "adoption_friend",
    "partners_show",
    "partners_gap",
    "partners_drop",
    "partners_seek",
    "partners_accept",
    "partners_look",
    "partners_views",
    "partners_like",
    "partners_age",
    "partners_schooling",
    "private",
    "asks",
    "meeting",
    "dimensions",
    "shown_scheme",
    "prominent_scheme",
    "doors_unable_at",
    "dealings_one_shot",
    "dealings_need",
    "lending_default",
    "lending_means",
    "lending_bad_after",
    "schemes",
    "askers",
    "lists",
    "absorb_after",
    "reserve",
    "components",
    "step_rows",
    "glitch_component",
    "bars",
    "lends",
    "doors_lent",
    "doors_inspect",
    "bodies_weight",
    "bodies_stress",
    "bodies_year_spread",
    "bodies_district_spread",
    "bodies_sign",
    "bodies_firms",
    "bodies_small",
    "bodies_promise",
    "bodies_due_least",
    "bodies_due_most",
    "bodies_amount_least",
    "bodies_amount_most",
    "bodies_cost",
    "bodies_keep",
    "bodies_break",
    "bodies_complaint",
    "bodies_suit_after",
    "bodies_suit",
    "bodies_shortfall",
    "bodies_effort",
    "bodies_gaming",
    "bodies_massage",
    "bodies_pressing",
    "firms_margin",
    "firms_year_spread",
    "firms_sector_spread",
    "firms_month_spread",
    "firms_steady",
    "firms_reserve",
    "firms_turnover",
    "firms_wage",
    "firms_suppliers",
    "firms_taxes",
    "firms_withhold",
    "firms_pay_up",
    "firms_suit_after",
    "firms_suit",
    "firms_fail_after",
    "firms_fail",
    "firms_close",
    "firms_reopen",
    "firms_disclose",
    "firms_tax_a",
    "firms_tax_a_large",
    "firms_aeo",
    "firms_serious",
    "firms_inspection",
    "firms_borrow_below",
    "firms_borrow",
    "firms_loan_size",
    "firms_repay_months",
    "firms_tender_gain",
    "firms_access_gain",
    "firms_funds_gain",
    "firms_licence_loss",
    "firms_invoice_loss",
    "firms_pay_uplift",
    "sharing",
    "bodies",
    "public",
    "lending",
    "lend_scheme",
    "lend_body",
)

_ROWS = [
    "row_points",
    "row_least",
    "row_most",
    "row_validity",
    "row_cap_lasts",
    "row_window",
    "row_doors",
    "row_notice",  # of its records, learnt of, Q32
    "row_won_wrong",  # of objections to wrong records, Q32
    "row_at_least",  # of the act's amount
]
_ROW_CODES = [
    "row_scheme",
    "row_kind",
    "row_per",
    "row_cap",
    "row_kin",
    "row_unit",
    "row_kept",
    "row_lists",
    "row_grounds",  # grounds of entry that a record of the row may meet, as bits
    "row_appeal",
    "row_component",
    "row_steps",
    "row_follows",
    "row_authority",
    "row_warns",
    "row_lends",
    "row_context",
    "row_list",
    "row_informs",  # who learns of a record is told of the rule book
    "row_stays",  # kept as long as a stay rests on it
    "row_while",  # months at most that a record of being on a list goes on counting with the stay
    "row_dimension",
    "row_consent",
    "row_plain",  # nothing of its records counts but their points, and nothing falls due but their end
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
    "list_grace",
    "list_doors",
    "list_bars",  # doors that last a time of their own, from the entry on
    "list_replaces",  # lists that end with an entry on this one, as bits
    "list_shut",  # lists on which nobody enters this one
    "list_restart",
    "list_watch",
    "list_duty",
    "list_follows",
    "list_body",
    "list_level",
]
_GROUNDS = ["ground_kind", "ground_scheme", "ground_value", "ground_row", "ground_count", "ground_window"]
_SCHEMES = [
    "scheme_start",
    "scheme_floor",
    "scheme_ceiling",
    "scheme_update",
    "scheme_grades",
    "scheme_follows",
    "scheme_body",
]
_COMPONENTS = ["component_scheme", "component_low", "component_high"]
_PRIVATE = ["scheme_dimensions", "scheme_known", "scheme_asks", "scheme_begin", "scheme_join", "scheme_perks"]
_DOORS = [
    "door_effect",
    "door_share",
    "door_times",
    "door_saves",
    "door_body",
    "door_kind",
    "door_behind",
    "door_lasts",
]
_LENDING = ["lend_border", "lend_share"]
_SHARING = ["share_level", "share_after", "share_cover"]
_SERVICES = [
    "service_closed",
    "service_opened",
    "service_hindered",
    "service_domain",
    "service_essential",
    "service_wait",
]
FELT = ("deter", "chill", "uplift", "game")  #: what rules do to an act in the eyes of those who know
_ACTS = [
    "act_asked",
    "act_detect",
    "act_deter",
    "act_chill",
    "act_uplift",
    "act_game",
    "act_covered",
    "act_kin",
    "act_group",
    "act_slot",
    "act_penalty",
    "act_own",  # a decision of the authority itself, which it need not see
    "act_tail",  # amounts have a long tail: half of them above twice the least, a quarter above four times
]

N_ACTS, N_SERVICES, N_DOMAINS = len(ACTS), len(SERVICES), len(DOMAINS)
N_FILES = 3
#: What a closed door may rest on: a context, another list, somebody else's record, nothing that counts any more.
CAUSES = (*CONTEXTS, "another list", "somebody else's record", "no record that still counts")
ANOTHER_LIST, ELSE, NOTHING = (len(CAUSES) - back for back in (3, 2, 1))
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
        ("step_points", "i8", (MAX_STEP_ROWS, MAX_STEPS)),  # of the first record, the second, …; the last repeats
        *_ints(_COMPONENTS, (MAX_COMPONENTS,)),
        *_ints(["lend_from", "lend_to"], (MAX_DOORS,)),  # a door of this plan, and the same door in the other
        ("act_start", "i8", (N_ACTS + 1,)),
        ("act_rows", "i8", (2 * MAX_ROWS,)),
        ("list_row_start", "i8", (MAX_LISTS + 1,)),
        ("list_rows", "i8", (MAX_ROWS,)),
        *_ints(_SCHEMES, (MAX_SCHEMES,)),
        ("grade_floor", "i8", (MAX_SCHEMES, MAX_GRADES)),
        ("grade_code", "i8", (MAX_SCHEMES, MAX_GRADES)),  # of each band of the score: its grade in the file
        ("grade_doors", "i8", (MAX_SCHEMES, MAX_GRADES)),
        *_ints(_PRIVATE, (MAX_ASKING,)),
        ("scheme_hash", "u8", (MAX_ASKING,)),
        *_ints(["dimension_start", "dimension_weight", "dimension_friends"], (MAX_SCHEMES, MAX_DIMENSIONS)),
        ("attribute_start", "i8", (MAX_SCHEMES, MAX_DIMENSIONS + 1)),
        *_ints(["attribute_what", "attribute_bands"], (MAX_SCHEMES * MAX_ATTRIBUTES,)),
        *_ints(["attribute_from", "attribute_gives"], (MAX_SCHEMES * MAX_ATTRIBUTES, MAX_BANDS)),
        ("adoption_age", "i8", (5,)),
        ("adoption_file", "i8", (3,)),
        ("prominence", "i8", (MAX_GRADES + 1,)),  # share of profiles let pass by grade, the last for no grade
        *_ints(_LISTS, (MAX_LISTS,)),
        ("list_hash", "u8", (MAX_LISTS,)),
        ("list_extends", "i8", (MAX_LISTS, MAX_ROWS)),
        ("ground_start", "i8", (MAX_LISTS + 1,)),
        *_ints(_GROUNDS, (MAX_GROUNDS,)),
        *_ints(["doors_self", "doors_kin", "doors_hinder", "lists_adverse", "lists_hinder", "lists_named", "lists_ban"], ()),
        ("service_start", "i8", (N_SERVICES + 1,)),
        ("service_doors", "i8", (MAX_DOORS,)),
        *_ints(_DOORS, (MAX_DOORS,)),
        *_ints(_LENDING, (N_FILES,)),
        *_ints(_SHARING, (MAX_AUTHORITIES, MAX_AUTHORITIES)),
        ("body_hash", "u8", (MAX_AUTHORITIES,)),
        *_ints(_SERVICES, (N_SERVICES,)),
        ("service_refusal", "i8", (N_SERVICES, 3)),  # by credit file
        ("need_total", "i8", (N_BANDS,)),
        ("need_services", "i8", (N_SERVICES,)),  # by falling need
        ("need_cumulated", "i8", (N_BANDS, N_SERVICES)),
        ("need_shift", "i8", (N_BANDS,)),
        ("need_first", "u1", (N_BANDS, 256)),  # where to begin to look among those, by what is left after the shift
        ("slot_total", "i8", (3, N_MEANS)),
        ("slot_acts", "i8", (3, N_ACTS)),  # by falling rate
        ("slot_cumulated", "i8", (3, N_MEANS, N_ACTS)),
        ("slot_shift", "i8", (3, N_MEANS)),
        ("slot_first", "u1", (3, N_MEANS, 256)),
        *_ints(_ACTS, (N_ACTS,)),
        ("asked_felt", "i8", (MAX_ASKING, len(FELT), N_ACTS)),  # of rule books that ask for consent
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
    "duties": "u2",
    "job_losses": "u1",
    "door_job_losses": "u1",
    "victims": "u1",
    "defrauded": "u1",
    "dealings_refused": "u1",
    "loans_asked": "u1",
    "loans_refused": "u1",
    "loans_good_refused": "u1",
    "loans_bad": "u1",
}

#: One resident between two months.
RESIDENT = np.dtype(
    [
        ("doors", "i8"),
        ("behind", "i8"),  # what kinds of records the doors that hinder rest on (``steps.spillover``)
        ("score", "i4", (MAX_SCHEMES,)),
        ("absorbed", "i4", (MAX_SCHEMES,)),  # points of old true records that have no end
        ("head", "i4"),  # first paper of the file, -1 for none
        ("lists", "u2"),
        ("loan", "u2"),
        ("hours", "u2"),
        ("yuan", "u2"),
        ("stops", "u2"),  # month in which a loan that was granted stops being repaid
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
        ("part", "u1"),  # schemes taken part in, one bit each; all that ask nobody
        *OUTCOME_TYPES.items(),
    ]
)

#: The private side of one resident; no rows where no rule book of the run needs it.
PRIVATE = np.dtype(
    [
        ("best", "u8"),  # this month's first luck of a pair, and with whom
        ("sought", "i4", (MAX_SOUGHT,)),  # places of residents sought as friends, -1 for none
        ("other", "i4"),
        ("perks", "u4"),  # yuan
        ("income", "u2"),  # tens of yuan a month
        ("joined", "u2"),
        ("left", "u2"),
        ("seen", "u2"),
        ("matched", "u2"),
        ("sex", "u1"),
        ("education", "u1"),
        ("minority", "u1"),
        ("partnered", "u1"),
        ("ties_low", "u1"),
        ("ties_new", "u1"),
    ]
)
#: What a weighted score knows of one dimension of one resident, 1/60 of a hundred; a row for each dimension of the
#: plan (``scheme_known``, ``dimensions``) and each resident.
KNOWN = np.dtype([("of", "i4")])
#: Who may meet: those ever single by sex and age, so that a profile is looked at without the resident's own record.
MINGLER = np.dtype([("who", "u2"), ("met", "u2"), ("seen", "u2"), ("age", "u1"), ("education", "u1")])
PROFILES = 8  #: looked at together
AGES = 128  #: places for ages in ``first_of``

#: What singles of one grade (by row) made of those of another: shown to them, liked both ways, matched.
MEETINGS = np.dtype([("met", "i8", (3,))])

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

#: What only firms have; their file is a record of type ``RESIDENT`` under a plan of their own.
FIRM = np.dtype(
    [
        ("held", "i8"),  # doors before the representative last month
        ("past", "i8"),  # doors that an earlier name still holds against the representative
        ("cash", "i4"),  # thousand yuan
        ("owed", "i4"),  # thousand yuan of bills, wages and taxes not paid in time
        ("wages_owed", "i4"),
        ("loan", "i4"),
        ("turnover", "i4"),  # thousand yuan a month in a middling year
        ("wage", "i4"),  # thousand yuan a month
        ("fortune", "i4"),  # of this year, 1/65536 of turnover
        ("head", "i4"),  # position of the legal representative
        ("staff_from", "i4"),
        ("staff_to", "i4"),
        ("past_until", "u2"),
        ("closed_in", "u2"),  # NEVER while open
        ("wage_months", "u2"),
        ("inspections", "u2"),
        ("head_months", "u2"),
        ("closed_months", "u2"),
        ("penalties", "u2"),
        ("sector", "u1"),
        ("size", "u1"),
        ("age", "u1"),
        ("rated", "u2"),  # the firm's own luck of being rated A, where its size and care allow
        ("name", "u1"),  # how many names came before this one
        ("unpaid", "u1"),  # months of wages unpaid
        ("bills", "u1"),  # months of suppliers unpaid
        ("taxes", "u1"),  # months of taxes and insurance unpaid
        ("tax_clean", "u1"),  # months without tax arrears
        ("unwilling", "u1"),
        ("disclosure", "u1"),
        ("head_judged", "u1"),
        ("head_listed", "u1"),
        ("escaped", "u1"),
        ("failed", "u1"),
    ]
)

#: What only public bodies have; their file is a record of type ``RESIDENT`` under a plan of their own.
BODY = np.dtype(
    [
        ("contracts", "u4"),
        ("contracts_due", "u4"),
        ("contracts_kept", "u4"),
        ("contracts_late", "u4"),
        ("contracts_broken", "u4"),
        ("promises", "u4"),
        ("promises_due", "u4"),
        ("promises_kept", "u4"),
        ("promises_late", "u4"),
        ("promises_broken", "u4"),
        ("overdue_months", "u4"),
        ("overdue_recorded", "u4"),
        ("massaged", "u4"),
        ("pressed", "u4"),
        ("arrears", "i4"),  # thousand yuan owed to firms now
        ("head", "i4"),  # position of the leading official
        ("stress", "u2"),  # share of the year's dues that the budget leaves open, 1/65536
        ("effort", "u2"),  # what the assessment adds to keeping dates, 1/256
        ("gaming", "u2"),  # what it adds to gaming, 1/256
        ("kind", "u1"),
    ]
)
#: A contract with a firm, or a promise (``firm`` -1); ``BODY_RING * BODY_SLOTS`` places for each body.
CONTRACT = np.dtype([("amount", "i4"), ("firm", "i4"), ("due", "u2"), ("state", "u1"), ("judged", "u1")])

#: Who works at a firm: positions of residents, firm by firm.
STAFF = np.dtype([("resident", "i4")])

#: A record that counts, a stay on a list or a track; linked per resident through ``next``. Of a track: ``month``
#: and ``decide`` are those of the last move of any kind and of the last one to another city, ``points`` its state.
PAPER = np.dtype(
    [
        ("points", "i4"),
        ("next", "i4"),
        ("month", "u2"),
        ("until", "u2"),
        ("decide", "u2"),  # of a record: month of the decision; of a stay or bar: month of its record
        ("kind", "u1"),
        ("what", "u1"),
        ("truth", "u1"),
        ("state", "u1"),
        ("cause", "u1"),  # of a stay or bar: the row of its record, 255 where a score or grade was the ground
    ]
)

#: A record that reaches another resident next month.
LETTER = np.dtype(
    [("to", "i8"), ("act", "i8"), ("amount", "i8"), ("truth", "i8"), ("kin", "i8")]
)  #: ``kin``: whose act it was, as in ``ACTORS``

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
        ("acts", "i8", (N_ACTS, 5)),  # done, recorded, untrue, not recorded, held back
        ("spillover", "i8", (len(CAUSES), N_DOMAINS)),  # service-months closed, by what is behind it
        ("closed", "i8", (N_SERVICES + 1,)),  # resident-months by number of essential services closed at once
        ("listed_by_district", "i8", (N_DISTRICTS,)),
    ]
)

#: Working space of one call, and where papers, letters and trace stand.
SPACE = np.dtype(
    [
        ("keys", "u8", (96,)),
        ("parts", "i8", (MAX_COMPONENTS, 3)),
        ("steps", "i8", (MAX_STEP_ROWS, 3)),
        ("tally", "i8", (max(len(FIRM_COUNTERS), len(BODY_COUNTERS)),)),
        ("sharing", "u8"),  # key of the draws that do not depend on the month in which they are looked at
        ("moved", "i8", (3,)),  # first month here of the resident at hand: in this place, in this city, anywhere
        ("list_cause", "i8", (MAX_LISTS,)),
        ("worst", "i8", (MAX_SCHEMES, 2)),  # points of the record that weighs most against, and which paper it is
        ("scheme_cause", "i8", (MAX_SCHEMES,)),
        ("alike", "i8", (ALIKE, 8)),  # those with the same doors for the same causes: what they share, how many
        ("alike_behind", "u1", (ALIKE, N_SERVICES)),
        ("sums", "i8", (MAX_SCHEMES, 3)),  # all records; without untrue ones; without any wrong ones
        ("values", "i8", (MAX_SCHEMES, MAX_DIMENSIONS, 3)),  # of dimensions, in the same three ways
        ("known", "i8", (MAX_SCHEMES, MAX_DIMENSIONS)),
        ("saved", "i8"),  # yuan saved at doors by the resident at hand
        ("caps", "i8", (MAX_SCHEMES,)),
        ("news", "i8", (MAX_SCHEMES,)),  # points of this month's records that are absorbed at once
        ("done", "i8", (32, 4)),  # act, amount, first of an episode, truth
        ("person", "i8", (9,)),  # performed, file changed, rescored, doors by record, wrongness, lists entered, due,
        # whether a platform glitch changed the score, doors that last a time of their own
        ("grace_row", "i8"),  # the record behind an entry that takes effect after grace: its row, 255 for none,
        ("grace_made", "i8"),  # and its month
        ("chosen", "i4", (CHUNK,)),
        ("first_of", "i4", (2 * AGES + 1,)),  # where those of a sex and age begin among ``MINGLER``
        ("single", "u8", (SUBDISTRICT // 64,)),  # which of ``MINGLER`` are, as bits
        ("profiles", "i8", (PROFILES, 3)),  # at which place among ``MINGLER``, how close, which try
        ("mingled", "i8"),  # whether ``MINGLER`` is laid out
        ("taking_part", "i8"),  # residents who take part in the shown scheme
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
EVENT_OVERDUE, EVENT_LATE, EVENT_KNOWS, EVENT_DIED, EVENT_GROWN, EVENT_FIRM, EVENT_BODY = range(16, 23)
EVENT_DEALING, EVENT_MOVE, EVENT_LOAN = range(23, 26)
EVENT_CONSENT, EVENT_PERK, EVENT_SOUGHT, EVENT_MATCH = range(26, 30)
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
    "firm",
    "body",
    "dealing",
    "move",
    "loan",
    "consent",
    "perk",
    "sought",
    "match",
)
# What an event of a firm is.
FIRM_UNPAID, FIRM_PAID, FIRM_CLOSED, FIRM_FAILED, FIRM_REOPENED, FIRM_REFUSED, FIRM_BORROWED = range(7)
FIRM_PERFORMED = 7
