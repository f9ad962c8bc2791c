"""The one table of what a plan holds: name, shape, unit, where it comes from, what it means.

``layout.PLAN`` is made of it, ``plan.compile_plan`` fills it by it, the reference page of the documentation is printed from it.
Values are whole numbers; a ``Held`` says how a number of an assumption file becomes one.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from counterscore.engine.codes import (
    MAX_ASKING,
    MAX_ATTRIBUTES,
    MAX_AUTHORITIES,
    MAX_BANDS,
    MAX_COMPONENTS,
    MAX_DIMENSIONS,
    MAX_DOORS,
    MAX_GRADES,
    MAX_GROUNDS,
    MAX_LISTS,
    MAX_ROWS,
    MAX_SCHEMES,
    MAX_STEP_ROWS,
    MAX_STEPS,
)
from counterscore.engine.fixed import Q16, q8, q32
from counterscore.regime.vocabulary import ACTS, CONTEXTS, DOMAINS, OCCUPATIONS, SERVICES

FELT = ("deter", "chill", "uplift", "game")  #: what rules do to an act in the eyes of those who know
N_ACTS, N_SERVICES, N_DOMAINS = len(ACTS), len(SERVICES), len(DOMAINS)
N_FILES = 3
#: What a closed door may rest on: a context, another list, somebody else's record, nothing that counts any more.
CAUSES = (*CONTEXTS, "another list", "somebody else's record", "no record that still counts")
ANOTHER_LIST, ELSE, NOTHING = (len(CAUSES) - back for back in (3, 2, 1))
N_MEANS = 8  #: combinations of having a car, a card and the made-up allegiance, on which acts depend
N_GROUPS, N_BANDS, N_DISTRICTS = 2 * len(OCCUPATIONS), 5, 16
#: City figures of a year: of each district the listed share, the share who met a list or a hindering door, and the share who
#: met what favours: an honour, or a door that opens or saves.
N_FIGURES = 3 * N_DISTRICTS


class Held(Enum):
    """How a number of an assumption file is held as a whole number."""

    CHANCE = "1/2**32"
    FACTOR = "1/256"
    SHARE = "1/65536"
    WHOLE = "1"

    def of(self, value: float) -> int:
        """``value`` as a whole number of this unit; a chance is kept between 0 and 1."""
        match self:
            case Held.CHANCE:
                return q32(value)
            case Held.FACTOR:
                return q8(value)
            case Held.SHARE:
                return round(value * Q16)
            case Held.WHOLE:
                return int(value)


CHANCE, FACTOR, SHARE, WHOLE = Held


class Field(NamedTuple):
    """One field of a plan: an array, or a single number where ``shape`` is empty."""

    name: str
    shape: tuple[int, ...]
    unit: str
    origin: str  #: the path in a rule book, an assumption file or the city's; ``options`` are those of the run
    meaning: str
    dtype: str = "i8"
    held: Held | None = None  #: of an assumption that is taken as it stands


_BITS_DOORS, _BITS_LISTS, _BITS_FILES = "bits of doors", "bits of lists", "bits of credit files"
_POINTS, _MONTHS, _FLAG, _PLACE, _HASH = "1/60 point", "months", "0 or 1", "number", "address of luck"


def _of(shape: tuple[int, ...], *rows: tuple[str, ...]) -> list[Field]:
    return [Field(row[0], shape, row[1], row[2], row[3], *row[4:]) for row in rows]  # type: ignore[arg-type]


def _assumed(name: str, held: Held) -> Field:
    path = name.replace("_", ".", 1)
    return Field(name, (), held.value, path, f"assumption {path}", held=held)


_ROWS = _of(
    (MAX_ROWS,),
    ("row_points", _POINTS, "catalogue[].points", "what a record gives"),
    ("row_least", _POINTS, "catalogue[].discretion.least", "the least that an official may choose"),
    ("row_most", _POINTS, "catalogue[].discretion.most", "the most"),
    (
        "row_validity",
        _MONTHS,
        "catalogue[].validity, rights.retention.at_most",
        "how long a record counts; 65535 without end",
    ),
    ("row_cap_lasts", _MONTHS, "catalogue[].cap.lasts", "how long a cap on the grade lasts"),
    ("row_window", _MONTHS, "lists.*.enter", "how long a record is kept for grounds that count records"),
    ("row_doors", _BITS_DOORS, "doors[].when record", "doors that a record closes by itself"),
    ("row_notice", CHANCE.value, "rights.notice", "that its records are learnt of"),
    ("row_won_wrong", CHANCE.value, "rights.appeal.human_review", "that an objection to a wrong record is won"),
    ("row_at_least", "unit of the act", "catalogue[].at_least", "amounts below make no record"),
    ("row_scheme", _PLACE, "score", "the scheme that its points count for, -1 for none"),
    ("row_kind", "RowKind", "catalogue[].points, discretion, curve", "how it gives points"),
    ("row_per", "Per", "catalogue[].per", "which records of a lasting act count"),
    ("row_cap", _PLACE, "catalogue[].cap.grade", "the best band left to the grade, 0 for no cap"),
    ("row_kin", "Actor", "catalogue[].actor", "whose act it is about"),
    ("row_unit", "Unit", "catalogue[].curve", "what its curve counts"),
    ("row_kept", _FLAG, "catalogue[]", "its records are never merged into the score"),
    ("row_lists", _FLAG, "lists.*.enter", "a list has it among its grounds"),
    ("row_grounds", "bits of grounds", "lists.*.enter", "grounds of entry that a record may meet"),
    ("row_appeal", _MONTHS, "rights.appeal.decide", "until an objection is decided; 65535 where none is possible"),
    ("row_component", _PLACE, "catalogue[].component", "the capped part of the score it counts in, -1 for none"),
    ("row_steps", _PLACE, "catalogue[].then", "its row of ``step_points``, -1 for none"),
    ("row_follows", _FLAG, "follows", "its records follow the representative to a new firm"),
    ("row_authority", _PLACE, "catalogue[].authority", "who holds its records"),
    ("row_copy", _FLAG, "sharing[].from", "its records are copies of another rule book's"),
    ("row_copied", _FLAG, "sharing[].from", "its records, or listings because of them, are copied elsewhere"),
    ("row_corrects", _FLAG, "sharing[].corrected", "a copy is taken back with its source"),
    ("row_family", _PLACE, "sharing[].from", "the same for a row and those that copy it"),
    ("row_told", _FLAG, "sharing[].from", "its records tell of an entry on a list of another rule book"),
    ("row_warns", _FLAG, "sharing", "whoever deals with the resident is warned by its records"),
    ("row_lends", _BITS_FILES, "lending[].refused_on", "a lender refuses such files on its records"),
    ("row_context", _PLACE, "catalogue[].act", "the kind of record, by ``CAUSES``"),
    ("row_list", _PLACE, "catalogue[].on_list", "the list whose stays it is about, -1 for none"),
    ("row_informs", _FLAG, "rights.notice.given", "who learns of a record is told of the rule book"),
    ("row_stays", _FLAG, "rights.retention.while_listed", "kept as long as a stay rests on it"),
    (
        "row_while",
        _MONTHS,
        "rights.retention.at_most",
        "how long at most a record of being on a list counts on with the stay",
    ),
    ("row_dimension", _PLACE, "score.dimensions[].from", "the dimension of a weighted score it counts in, -1 for none"),
    ("row_consent", "bits of schemes", "participation", "made only of those who take part"),
    (
        "row_plain",
        _FLAG,
        "catalogue[]",
        "nothing of its records counts but their points, and nothing falls due but their end",
    ),
)
_LISTS = _of(
    (MAX_LISTS,),
    ("list_scheme", _PLACE, "score", "the scheme of its score and grade grounds, -1 for none"),
    ("list_term", "Term", "lists.*.term", "how long a stay lasts"),
    ("list_months", _MONTHS, "lists.*.term", "of a fixed term"),
    ("list_most", _MONTHS, "rights.retention, rights.repair", "after which a stay ends in any case"),
    ("list_by", _MONTHS, "lists.*.extend.by", "that a further record adds"),
    ("list_at_most", _MONTHS, "lists.*.extend.at_most", "of an extended stay"),
    ("list_corrected", _FLAG, "lists.*.leave", "a stay ends when its record is taken back"),
    ("list_border", _FLAG, "lists.*.enter", "a score or a grade is a ground, and no stay on another list"),
    ("list_told", _FLAG, "sharing[].from", "another rule book is told of entries on it"),
    ("list_performed", _FLAG, "lists.*.leave", "a stay ends when the duty is performed"),
    ("list_repair_after", _MONTHS, "rights.repair.rules[].after", "after which repair may be asked for"),
    ("list_repair_most", _MONTHS, "rights.repair.rules[].at_most", "after which repair comes by itself"),
    ("list_public", _FLAG, "lists.*.publicity", "it is published"),
    ("list_grace", _MONTHS, "lists.*.grace", "before an entry takes effect"),
    ("list_doors", _BITS_DOORS, "doors[].when list", "as long as the stay"),
    ("list_bars", _BITS_DOORS, "doors[].lasts", "that last a time of their own, from the entry on"),
    ("list_replaces", _BITS_LISTS, "lists.*.replaces", "that end with an entry on this one"),
    ("list_shut", _BITS_LISTS, "lists.*.replaces", "on which nobody enters this one"),
    ("list_restart", _FLAG, "lists.*.extend.counted", "an extension counts from the record"),
    ("list_watch", _FLAG, "lists.*.enter stay", "another list waits for stays on it to last"),
    ("list_duty", "bits of duties", "lists.*.enter", "what a firm performs to leave it"),
    ("list_follows", _FLAG, "follows", "stays follow the representative to a new firm"),
    ("list_body", _PLACE, "lists.*.authority", "who reads records for it"),
    ("list_level", "NEIGHBOURHOOD, CITY, NATION", "lists.*.publicity.reach", "how far it is found after a move"),
)
_DOORS = _of(
    (MAX_DOORS,),
    ("door_effect", "CLOSED … OPENED", "doors[].effect", "what it does to an attempt"),
    ("door_share", CHANCE.value, "doors[].share", "of attempts that a narrowed door refuses"),
    ("door_times", FACTOR.value, "doors[].times", "of the wait, or of how often inspections come"),
    ("door_saves", "yuan", "doors[].saves", "spared at each attempt served"),
    ("door_body", _PLACE, "doors[].authority", "who reads the record that closes it"),
    ("door_kind", "DoorKind", "doors[].when", "what it rests on"),
    ("door_behind", _PLACE, "doors[].when", "the scheme, list or row that it rests on"),
    ("door_lasts", _MONTHS, "doors[].lasts", "a time of its own"),
)
_SERVICES = _of(
    (N_SERVICES,),
    ("service_closed", _BITS_DOORS, "doors[].service", "that close it"),
    ("service_opened", _BITS_DOORS, "doors[].service", "that open it wide"),
    ("service_hindered", _BITS_DOORS, "doors[].service", "that close or narrow it"),
    ("service_domain", _PLACE, "vocabulary", "its domain"),
    ("service_essential", _FLAG, "vocabulary", "nobody can do without it"),
    ("service_wait", "days", "services.*.wait", "without any door"),
    ("service_gives", _FLAG, "vocabulary", "something follows from being given it (``steps.aftermath``)"),
)
_ACTS = _of(
    (N_ACTS,),
    ("act_asked", "bits of schemes", "without_consent", "rule books that record it of those who take part only"),
    ("act_detect", CHANCE.value, "acts.*.detection", "that it is seen"),
    ("act_deter", SHARE.value, "response.deterrence, severe", "how much rules deter from it where one is surely seen"),
    (
        "act_chill",
        SHARE.value,
        "response.chilling, severe",
        "how much they hold back from it where it is lawful, likewise",
    ),
    ("act_uplift", SHARE.value, "response.reward, generous", "how much they draw to it, likewise"),
    ("act_game", SHARE.value, "response.gaming, generous", "how much they tempt to claim it, likewise"),
    ("act_covered", _FLAG, "catalogue[].act", "a rule records it of everybody"),
    ("act_kin", _FLAG, "catalogue[].actor", "a rule records it of the next of kin"),
    ("act_group", _FLAG, "catalogue[].actor", "a rule records it of the group"),
    ("act_slot", "MISCONDUCT, GOOD, LAWFUL or 3", "vocabulary", "the kind of temptation"),
    ("act_penalty", _FLAG, "vocabulary", "it may bring a firm a penalty"),
    ("act_own", _FLAG, "vocabulary", "a decision of the authority itself, which it need not see"),
    ("act_tail", _FLAG, "vocabulary", "half of the amounts are above twice the least, a quarter above four times"),
)

#: Single numbers: assumptions as they stand, and what follows from rule books and options.
_SCALARS: tuple[Field, ...] = (
    Field("responses", (), _FLAG, "options", "residents, firms and bodies respond to the rules"),
    Field("errors", (), _FLAG, "options", "records and lists are sometimes wrong"),
    _assumed("circumstances_job_loss", CHANCE),
    _assumed("circumstances_expense", CHANCE),
    _assumed("circumstances_default", CHANCE),
    _assumed("circumstances_expense_size", WHOLE),
    _assumed("circumstances_uninsured", WHOLE),
    _assumed("circumstances_job_found", CHANCE),
    _assumed("circumstances_interest", SHARE),
    _assumed("circumstances_suit_after", WHOLE),
    _assumed("circumstances_suit", CHANCE),
    _assumed("circumstances_able_savings", WHOLE),
    _assumed("circumstances_catch_up", CHANCE),
    _assumed("circumstances_pay_first", CHANCE),
    _assumed("circumstances_pay_able", CHANCE),
    _assumed("circumstances_bill_unpaid", CHANCE),
    _assumed("circumstances_bill_judged", CHANCE),
    _assumed("circumstances_evasion", CHANCE),
    _assumed("circumstances_ban_breach", CHANCE),
    _assumed("circumstances_retirement_age", WHOLE),
    _assumed("circumstances_mobility_job_loss", CHANCE),
    _assumed("circumstances_loan_size", WHOLE),
    _assumed("circumstances_kin_in_army", CHANCE),
    _assumed("circumstances_repaid", CHANCE),
    _assumed("circumstances_unemployed_at_start", CHANCE),
    _assumed("circumstances_judged_at_start", CHANCE),
    _assumed("conduct_fraud", CHANCE),
    _assumed("conduct_move_on", CHANCE),
    _assumed("conduct_move_far", CHANCE),
    _assumed("conduct_conscientiousness", FACTOR),
    _assumed("conduct_outspokenness", FACTOR),
    _assumed("conduct_sociability", FACTOR),
    _assumed("conduct_young", FACTOR),
    _assumed("conduct_allegiance", CHANCE),
    _assumed("recording_favour", FACTOR),
    _assumed("recording_group", WHOLE),
    _assumed("recording_official", FACTOR),
    _assumed("errors_untrue", CHANCE),
    Field("errors_untrue_bound", (), SHARE.value, "errors.untrue", "upper bound of untrue records, rounded up"),
    _assumed("errors_mix_up", CHANCE),
    _assumed("errors_twice", CHANCE),
    _assumed("errors_misjudged", CHANCE),
    _assumed("errors_after_expiry", CHANCE),
    _assumed("errors_after_expiry_months", WHOLE),
    _assumed("errors_late_removal", CHANCE),
    _assumed("errors_late_removal_months", WHOLE),
    _assumed("errors_glitch_month", WHOLE),
    _assumed("errors_glitch_share", CHANCE),
    _assumed("rights_appeal_wrong", CHANCE),
    _assumed("rights_appeal_right", CHANCE),
    _assumed("rights_won_right", CHANCE),
    _assumed("rights_repair", CHANCE),
    _assumed("rights_minutes_appeal", WHOLE),
    _assumed("rights_minutes_repair", WHOLE),
    _assumed("response_awareness", CHANCE),
    _assumed("response_talk", CHANCE),
    _assumed("response_told", CHANCE),
    _assumed("response_pay_uplift", CHANCE),
    _assumed("response_shame", CHANCE),
    _assumed("response_shame_below", WHOLE),
    _assumed("response_strain", FACTOR),
    Field("response_certain", (), SHARE.value, "response.certain", "detection that is felt as certain, at least 1"),
    _assumed("response_unmet", SHARE),
    Field(
        "response_familiar", (), SHARE.value, "response.familiar", "share that met a thing, felt in full, at least 1"
    ),
    _assumed("response_strain_most", FACTOR),
    Field(
        "response_headroom_misconduct",
        (),
        FACTOR.value,
        "response.strain_most",
        "by how much a regime may raise misconduct at most",
    ),
    Field(
        "response_headroom_good",
        (),
        FACTOR.value,
        "response.reward, response.gaming",
        "by how much it may raise good deeds and claims at most",
    ),
    _assumed("response_tie", CHANCE),
    _assumed("response_show", CHANCE),
    _assumed("adoption_leave", CHANCE),
    _assumed("adoption_leave_lowest", FACTOR),
    _assumed("adoption_friend", FACTOR),
    _assumed("partners_show", CHANCE),
    _assumed("partners_gap", CHANCE),
    _assumed("partners_drop", CHANCE),
    _assumed("partners_seek", CHANCE),
    _assumed("partners_accept", CHANCE),
    _assumed("partners_look", CHANCE),
    _assumed("partners_views", WHOLE),
    _assumed("partners_like", CHANCE),
    _assumed("partners_age", FACTOR),
    _assumed("partners_schooling", FACTOR),
    _assumed("partners_withheld", FACTOR),
    _assumed("partners_ask", CHANCE),
    _assumed("partners_appeal", FACTOR),
    _assumed("friends_near", CHANCE),
    _assumed("friends_far", CHANCE),
    _assumed("lives_move_out", CHANCE),
    _assumed("lives_move_in_oldest", WHOLE),
    _assumed("lives_separate", CHANCE),
    _assumed("lives_heir_share", SHARE),
    Field("private", (), _FLAG, "participation, score.dimensions, doors[].saves", "the private side lives"),
    Field("asks", (), _FLAG, "participation", "some rule book asks for consent"),
    Field("meeting", (), _FLAG, "partners, options", "singles meet"),
    Field("dimensions", (), _PLACE, "score.dimensions", "of all weighted scores together"),
    Field("shown_scheme", (), _PLACE, "owner", "the private score that may be shown, -1 for none"),
    Field("shown_friends", (), "SHOWN_NEVER …", "shown.friends", "whether the private score is shown to friends"),
    Field("shown_mates", (), "SHOWN_NEVER …", "shown.mates", "whether it is shown to singles who look"),
    Field("prominent_scheme", (), _PLACE, "partners.by", "the score that the matchmaker goes by, -1 for none"),
    _assumed("doors_unable_at", WHOLE),
    _assumed("doors_needed", WHOLE),
    _assumed("doors_missed", FACTOR),
    _assumed("aftermath_give_up", CHANCE),
    _assumed("aftermath_hires", CHANCE),
    _assumed("aftermath_business_closes", CHANCE),
    _assumed("aftermath_welfare", WHOLE),
    _assumed("aftermath_hospital", WHOLE),
    _assumed("aftermath_hospital_job", CHANCE),
    _assumed("aftermath_rental", WHOLE),
    _assumed("aftermath_post", WHOLE),
    _assumed("aftermath_school", FACTOR),
    _assumed("aftermath_flight", CHANCE),
    _assumed("aftermath_rail", CHANCE),
    _assumed("dealings_one_shot", CHANCE),
    _assumed("dealings_need", CHANCE),
    _assumed("lending_default", CHANCE),
    _assumed("lending_means", FACTOR),
    _assumed("lending_bad_after", WHOLE),
    Field("schemes", (), _PLACE, "score", "rule books with a score"),
    Field("askers", (), _PLACE, "participation", "rule books that one can take part in"),
    Field("lists", (), _PLACE, "lists", "their number"),
    Field("absorb_after", (), _MONTHS, "fixed", "after which true records without end are merged into the score"),
    Field("reserve", (), "papers", "catalogue, lists, doors", "free places that one subject may need in a month"),
    Field("components", (), _PLACE, "score.components", "their number"),
    Field("step_rows", (), _PLACE, "catalogue[].then", "their number"),
    Field(
        "glitch_component", (), _PLACE, "errors.glitch_component", "the part of scores that a platform glitch empties"
    ),
    Field("bars", (), _FLAG, "doors[].lasts", "some door of a list lasts a time of its own"),
    Field(
        "told_late",
        (),
        _FLAG,
        "lists.*.enter, extend",
        "some list goes by records that tell of a listing, a month later",
    ),
    Field("lends", (), _PLACE, "doors[].affects", "doors of this plan that stop somebody under another"),
    Field("doors_lent", (), _BITS_DOORS, "doors[].affects", "that others' files put before these"),
    Field("doors_inspect", (), _BITS_DOORS, "doors[].service inspection", "that multiply inspections"),
    Field("bodies_weight", (), FACTOR.value, "assessment.weight", "of the rating in the assessment of officials"),
    _assumed("bodies_stress", SHARE),
    _assumed("bodies_year_spread", SHARE),
    _assumed("bodies_district_spread", SHARE),
    _assumed("bodies_residents", WHOLE),
    _assumed("bodies_contracts", SHARE),
    _assumed("bodies_small", WHOLE),
    _assumed("bodies_promise", CHANCE),
    _assumed("bodies_due_least", WHOLE),
    _assumed("bodies_due_most", WHOLE),
    _assumed("bodies_amount_least", SHARE),
    _assumed("bodies_amount_most", SHARE),
    _assumed("bodies_cost", FACTOR),
    _assumed("bodies_keep", CHANCE),
    _assumed("bodies_break", CHANCE),
    _assumed("bodies_complaint", CHANCE),
    _assumed("bodies_suit_after", WHOLE),
    _assumed("bodies_suit", CHANCE),
    _assumed("bodies_shortfall", SHARE),
    _assumed("bodies_effort", FACTOR),
    _assumed("bodies_gaming", FACTOR),
    _assumed("bodies_massage", CHANCE),
    _assumed("bodies_pressing", FACTOR),
    _assumed("bodies_stuck", CHANCE),
    _assumed("bodies_stuck_keep", FACTOR),
    _assumed("bodies_listed_pay", CHANCE),
    _assumed("bodies_disown", FACTOR),
    _assumed("bodies_rotation", CHANCE),
    _assumed("bodies_memory", FACTOR),
    _assumed("bodies_bad_record", WHOLE),
    Field(
        "bodies_own", (), _FLAG, "assessment.of", "officials are assessed by a record of their own, which goes along"
    ),
    _assumed("firms_margin", SHARE),
    _assumed("firms_year_spread", SHARE),
    _assumed("firms_sector_spread", SHARE),
    _assumed("firms_month_spread", SHARE),
    _assumed("firms_steady", FACTOR),
    _assumed("firms_reserve", FACTOR),
    _assumed("firms_turnover", WHOLE),
    _assumed("firms_wage", WHOLE),
    _assumed("firms_suppliers", FACTOR),
    _assumed("firms_taxes", FACTOR),
    _assumed("firms_withhold", CHANCE),
    _assumed("firms_pay_up", CHANCE),
    _assumed("firms_suit_after", WHOLE),
    _assumed("firms_suit", CHANCE),
    _assumed("firms_fail_after", FACTOR),
    _assumed("firms_fail", CHANCE),
    _assumed("firms_close", CHANCE),
    _assumed("firms_reopen", CHANCE),
    _assumed("firms_disclose", CHANCE),
    _assumed("firms_tax_a", CHANCE),
    _assumed("firms_tax_a_large", CHANCE),
    _assumed("firms_aeo", CHANCE),
    _assumed("firms_serious", CHANCE),
    _assumed("firms_inspection", CHANCE),
    _assumed("firms_borrow_below", FACTOR),
    _assumed("firms_borrow", CHANCE),
    _assumed("firms_loan_size", FACTOR),
    _assumed("firms_repay_months", WHOLE),
    _assumed("firms_tender_gain", FACTOR),
    _assumed("firms_access_gain", FACTOR),
    _assumed("firms_funds_gain", FACTOR),
    _assumed("firms_licence_loss", FACTOR),
    _assumed("firms_invoice_loss", FACTOR),
    _assumed("firms_pay_uplift", CHANCE),
    Field("sharing", (), _FLAG, "sharing", "some rule book says what is shared"),
    Field(
        "sharing_partial", (), _FLAG, "sharing", "some reader finds some record late or never, even of who never moves"
    ),
    Field("bodies", (), _PLACE, "authorities", "readers of records"),
    Field("public", (), _FLAG, "lists.*.publicity, sharing", "something is published"),
    Field("lending", (), _FLAG, "lending", "some rule book judges loans"),
    Field("lend_scheme", (), _PLACE, "lending", "the score that the lender goes by"),
    Field("lend_body", (), _PLACE, "lending", "whose records the lender reads"),
)

#: All fields, in the order in which they lie in a plan.
FIELDS: tuple[Field, ...] = (
    *_ROWS,
    Field("row_curve", (MAX_ROWS, 4, 3), "up to, 1/60 points, per", "catalogue[].curve", "its parts"),
    Field("row_hash", (MAX_ROWS,), _HASH, "catalogue[].act, actor", "of its records", "u8"),
    Field(
        "step_points",
        (MAX_STEP_ROWS, MAX_STEPS),
        _POINTS,
        "catalogue[].then",
        "of the first record, the second, …; the last repeats",
    ),
    *_of(
        (MAX_COMPONENTS,),
        ("component_scheme", _PLACE, "score.components[]", "the scheme it belongs to"),
        ("component_low", _POINTS, "score.components[].most", "the least it comes to"),
        ("component_high", _POINTS, "score.components[].most", "the most"),
    ),
    *_of(
        (MAX_DOORS,),
        ("lend_from", _PLACE, "doors[].affects", "a door of this plan that stops somebody under another"),
        ("lend_to", _PLACE, "doors[].affects", "the same door in the other plan"),
    ),
    Field("act_start", (N_ACTS + 1,), _PLACE, "catalogue[].act", "where the rows of an act begin in ``act_rows``"),
    Field("act_rows", (2 * MAX_ROWS,), _PLACE, "catalogue[].act", "rows by act"),
    Field("act_source", (2 * MAX_ROWS,), _PLACE, "sharing[].from", "of each of them the row that it copies, or -1"),
    Field(
        "list_row_start",
        (MAX_LISTS + 1,),
        _PLACE,
        "catalogue[].on_list",
        "where the rows of a list begin in ``list_rows``",
    ),
    Field("list_rows", (MAX_ROWS,), _PLACE, "catalogue[].on_list", "rows about stays, by list"),
    *_of(
        (MAX_SCHEMES,),
        ("scheme_start", _POINTS, "score.start", "of everybody"),
        ("scheme_floor", _POINTS, "score.floor", "the least"),
        ("scheme_ceiling", _POINTS, "score.ceiling", "the most"),
        ("scheme_update", _MONTHS, "score.update", "between two publications"),
        ("scheme_grades", "bands", "score.grades", "their number"),
        ("scheme_follows", _FLAG, "follows", "scores follow the representative to a new firm"),
        ("scheme_body", _PLACE, "score.authority", "who reads records for it"),
    ),
    *_of(
        (MAX_SCHEMES, MAX_GRADES),
        ("grade_floor", _POINTS, "score.grades[].from", "of each band, the best first"),
        ("grade_code", _PLACE, "score.grades[]", "of each band: its grade in the file, 255 for none"),
        ("grade_doors", _BITS_DOORS, "doors[].when grade", "that a band brings"),
    ),
    *_of(
        (MAX_ASKING,),
        ("scheme_dimensions", _PLACE, "score.dimensions", "their number"),
        ("scheme_known", _PLACE, "score.dimensions", "where its dimensions begin among all that are known"),
        ("scheme_asks", _FLAG, "participation", "it asks for consent"),
        ("scheme_begin", CHANCE.value, "adoption.*.start", "that somebody takes part when the run begins"),
        ("scheme_join", CHANCE.value, "adoption.*.join", "that somebody joins in a month"),
        ("scheme_perks", FACTOR.value, "doors[].saves", "what its perks do to joining"),
        ("scheme_hash", _HASH, "owner, participation", "of joining", "u8"),
    ),
    *_of(
        (MAX_SCHEMES, MAX_DIMENSIONS),
        ("dimension_start", "1/60 of a hundredth", "score.dimensions[].start", "before anything is known"),
        ("dimension_weight", "weight", "score.dimensions[].weight", "in the score"),
        ("dimension_friends", _FLAG, "score.dimensions[].from friends", "it is the mean score of friends"),
    ),
    Field(
        "attribute_start",
        (MAX_SCHEMES, MAX_DIMENSIONS + 1),
        _PLACE,
        "score.dimensions[].from",
        "where the attributes of a dimension begin",
    ),
    *_of(
        (MAX_SCHEMES * MAX_ATTRIBUTES,),
        (
            "attribute_what",
            _PLACE,
            "score.dimensions[].from[].attribute",
            "which attribute, by ``vocabulary.ATTRIBUTES``",
        ),
        ("attribute_bands", "bands", "score.dimensions[].from[].bands, values", "their number"),
    ),
    *_of(
        (MAX_SCHEMES * MAX_ATTRIBUTES, MAX_BANDS),
        ("attribute_from", "code or amount", "score.dimensions[].from[].bands[].from", "where a band begins"),
        ("attribute_gives", "1/60 of a hundredth", "score.dimensions[].from[].bands[].gives", "what it gives"),
    ),
    Field("adoption_age", (N_BANDS,), FACTOR.value, "adoption.age.*", "of joining, by age band"),
    Field("adoption_file", (N_FILES,), FACTOR.value, "adoption.file.*", "of joining, by credit file"),
    Field(
        "prominence",
        (MAX_GRADES + 1,),
        CHANCE.value,
        "partners.prominence",
        "that a profile is let pass, by grade, the last for no grade",
    ),
    *_LISTS,
    Field("list_hash", (MAX_LISTS,), _HASH, "lists.*.kind", "of its stays", "u8"),
    Field("list_extends", (MAX_LISTS, MAX_ROWS), _FLAG, "lists.*.extend.on", "a record of the row lengthens a stay"),
    Field("ground_start", (MAX_LISTS + 1,), _PLACE, "lists.*.enter", "where the grounds of a list begin"),
    *_of(
        (MAX_GROUNDS,),
        ("ground_kind", "GroundKind", "lists.*.enter", "what it is"),
        ("ground_scheme", _PLACE, "lists.*.enter", "whose score or grade"),
        (
            "ground_value",
            "1/60 point, or band",
            "lists.*.enter",
            "the border of a score, or the best band that is bad enough",
        ),
        ("ground_row", _PLACE, "lists.*.enter", "whose records, or the list whose stays, -1 for none"),
        ("ground_count", "records", "lists.*.enter", "as many as it takes"),
        ("ground_window", _MONTHS, "lists.*.enter", "within which they count, or that a stay has lasted"),
    ),
    *_of(
        (),
        ("doors_self", _BITS_DOORS, "doors[].affects", "that stop who holds them"),
        ("doors_kin", _BITS_DOORS, "doors[].affects kin", "that stop the next of kin"),
        ("doors_hinder", _BITS_DOORS, "doors[].effect", "that close or narrow a service"),
        ("doors_favour", _BITS_DOORS, "doors[].effect", "that open a service or save something to who holds them"),
        ("lists_adverse", _BITS_LISTS, "doors[]", "that are no honour"),
        ("lists_honour", _BITS_LISTS, "doors[]", "that are one"),
        ("lists_hinder", _BITS_LISTS, "doors[]", "with a door that closes or narrows a service"),
        ("lists_named", _BITS_LISTS, "lists.*.publicity", "adverse and published"),
        (
            "lists_ban",
            _BITS_LISTS,
            "doors[].service",
            "with a door that closes an outlay of high spending to the listed",
        ),
    ),
    Field(
        "service_start",
        (N_SERVICES + 1,),
        _PLACE,
        "doors[].service",
        "where the doors of a service begin in ``service_doors``",
    ),
    Field("service_doors", (MAX_DOORS,), _PLACE, "doors[].service", "doors by service"),
    *_DOORS,
    *_of(
        (N_FILES,),
        ("lend_border", _POINTS, "lending[].below", "a lender refuses scores below, by credit file"),
        ("lend_share", CHANCE.value, "lending[].refused", "that a lender refuses in any case, by credit file"),
    ),
    *_of(
        (MAX_AUTHORITIES, MAX_AUTHORITIES),
        (
            "share_level",
            "NEIGHBOURHOOD, CITY, NATION",
            "sharing[].within",
            "how far records of one reach another after a move",
        ),
        ("share_after", _MONTHS, "sharing[].after", "until they are there"),
        ("share_cover", CHANCE.value, "sharing[].coverage", "that a record ever is"),
    ),
    Field("body_hash", (MAX_AUTHORITIES,), _HASH, "authorities.*.contexts", "of what reaches an authority", "u8"),
    *_SERVICES,
    Field(
        "service_refusal",
        (N_SERVICES, N_FILES),
        CHANCE.value,
        "services.*.refused.*",
        "for another reason than a door, by credit file",
    ),
    Field("need_total", (N_BANDS,), CHANCE.value, "services.*.need", "of any need in a month, by age band"),
    Field("need_services", (N_SERVICES,), _PLACE, "services.*.need", "services by falling need"),
    Field(
        "need_cumulated",
        (N_BANDS, N_SERVICES),
        CHANCE.value,
        "services.*.need",
        "of the first of them, the first two, …",
    ),
    Field("need_shift", (N_BANDS,), "bits", "services.*.need", "that leave the leading eight of ``need_total``"),
    Field(
        "need_first",
        (N_BANDS, 256),
        _PLACE,
        "services.*.need",
        "where to begin to look among those, by what is left after the shift",
        "u1",
    ),
    Field("slot_total", (3, N_MEANS), CHANCE.value, "acts.*.rate", "of any act of a kind in a month, by what is owned"),
    Field("slot_acts", (3, N_ACTS), _PLACE, "acts.*.rate", "acts by falling rate"),
    Field(
        "slot_cumulated", (3, N_MEANS, N_ACTS), CHANCE.value, "acts.*.rate", "of the first of them, the first two, …"
    ),
    Field("slot_shift", (3, N_MEANS), "bits", "acts.*.rate", "that leave the leading eight of ``slot_total``"),
    Field("slot_first", (3, N_MEANS, 256), _PLACE, "acts.*.rate", "where to begin to look among those", "u1"),
    *_ACTS,
    Field(
        "asked_felt",
        (MAX_ASKING, len(FELT), N_ACTS),
        SHARE.value,
        "participation",
        "as ``act_deter`` to ``act_game``, of rule books that ask for consent",
    ),
    Field("act_amount", (N_ACTS, 2), "unit of the act", "acts.*.amount", "the least and the most"),
    Field("untrue_cumulated", (N_ACTS + 1,), CHANCE.value, "acts.*.rate", "which misconduct an untrue record is about"),
    Field("group_scrutiny", (N_GROUPS,), FACTOR.value, "scrutiny[].times", "by registration and occupation"),
    Field("district_leniency", (N_DISTRICTS,), FACTOR.value, "recording.leniency", "of a district's offices"),
    Field(
        "district_harsh",
        (N_DISTRICTS,),
        SHARE.value,
        "recording.leniency",
        "where a district's officials choose between least and most",
    ),
    Field("survivors", (122,), "1/2**31", "lives.death_*", "of those born, by age"),
    Field(
        "births",
        (122,),
        "1/2**31",
        "lives.children, lives.mothers_age",
        "that a woman has a child within a year, by age",
    ),
    *_SCALARS,
)
#: Names of the single numbers that ``plan`` fills one by one.
SCALARS = tuple(field.name for field in _SCALARS)
#: How each assumption that is taken as it stands is held.
HELD = {field.name: field.held for field in FIELDS if field.held is not None}
