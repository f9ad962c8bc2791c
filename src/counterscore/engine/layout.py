"""What the kernels work on, as NumPy record types: plan, residents, papers, letters, totals, working space.

Units. Probabilities and monthly rates are in 1/2**32 (Q32), factors in 1/256 (Q8), points in 1/60.
Times are months of the run; ``NEVER`` (65535) stands for "not" or "without end".

What the numbers in these records stand for is kept by topic and found here as one vocabulary: ``codes`` (sizes, codes, bits),
``counters`` (what is counted), ``events`` (what a trace is made of), ``fields`` (what a plan holds).
"""

from __future__ import annotations

import numpy as np

from counterscore.engine.codes import *  # noqa: F403
from counterscore.engine.codes import (
    AGES,
    ALIKE,
    CHUNK,
    EDGES,
    EXITS,
    FAR,
    MAX_COMPONENTS,
    MAX_DIMENSIONS,
    MAX_LISTS,
    MAX_SCHEMES,
    MAX_SOUGHT,
    MAX_STEP_ROWS,
    PROFILES,
    STANDINGS,
    SUBDISTRICT,
)
from counterscore.engine.counters import *  # noqa: F403
from counterscore.engine.counters import BODY_COUNTERS, COUNTERS, FIRM_COUNTERS
from counterscore.engine.events import *  # noqa: F403
from counterscore.engine.events import TRACE_COLUMNS
from counterscore.engine.field import *  # noqa: F403
from counterscore.engine.field import CAUSES, N_ACTS, N_DISTRICTS, N_DOMAINS, N_FIGURES, N_SERVICES
from counterscore.engine.fields import *  # noqa: F403
from counterscore.engine.fields import FIELDS

#: One stack of regimes, the assumptions and the city's groups; read only. ``plan.compile_plan`` fills it.
#: Sizes are fixed, so that one compiled kernel serves every regime.
PLAN = np.dtype([(field.name, field.dtype, field.shape) for field in FIELDS])

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
    "years_unable": "u1",
    "milestones": "u1",
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
        ("traits", "u2"),
        ("work", "u1"),
        ("savings", "u1"),
        ("arrears", "u1"),
        ("judged", "u1"),
        ("ties", "u2"),  # friendships that last, by ``friends``
        ("asked", "u1"),  # attempts of this year, and those of them that a rule refused
        ("barred", "u1"),
        ("part", "u1"),  # schemes taken part in, one bit each; all that ask nobody
        *OUTCOME_TYPES.items(),
    ]
)

#: The private side of one resident; no rows where no rule book of the run needs it.
PRIVATE = np.dtype(
    [
        ("best", "u8"),  # this month's first luck of a pair
        ("sought", "i4", (MAX_SOUGHT,)),  # places of residents sought as friends, -1 for none
        ("other", "i4"),  # with whom: of a single this month's first, else the partner; -1 for one who lives elsewhere
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
        ("couples", "u1"),  # how often a match made the resident one of a couple
        ("alone", "u2"),  # months single, those since ``alone_since`` not counted
        ("alone_since", "u2"),  # NEVER while not a single adult
        ("ties_low", "u1"),
        ("ties_new", "u1"),
        ("ties_hidden", "u1"),
        ("profile", "u1"),  # the score is shown to singles who look
        ("asking", "u1"),  # friends who show theirs, where a rule book lets them ask
    ]
)
#: What a weighted score knows of one dimension of one resident, 1/60 of a hundred; a row for each dimension of the
#: plan (``scheme_known``, ``dimensions``) and each resident.
KNOWN = np.dtype([("of", "i4")])
#: Who may meet: those ever single by sex and age, so that a profile is looked at without the resident's own record.
MINGLER = np.dtype([("who", "u2"), ("met", "u2"), ("seen", "u2"), ("age", "u1"), ("education", "u1")])

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
        ("size_class", "u1"),  # not ``size``, which is an attribute of every record in Python
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
        ("inherited_due", "u4"),
        ("inherited_kept", "u4"),
        ("arrears", "i4"),  # thousand yuan owed to firms now
        ("head", "i4"),  # position of the leading official
        ("leader", "i4"),  # the leading official among ``OFFICIAL``, and the one who is next
        ("deputy", "i4"),
        ("led_since", "u2"),
        ("leaders", "u2"),  # how many have led it
        ("stress", "u2"),  # share of the year's dues that the budget leaves open, 1/65536
        ("effort", "u2"),  # what the assessment adds to keeping dates, 1/256
        ("gaming", "u2"),  # what it adds to gaming, 1/256
        ("kind", "u1"),
    ]
)
#: A contract with a firm, or a promise (``firm`` -1); ``BODY_RING * BODY_SLOTS`` places for each body.
CONTRACT = np.dtype(
    [("amount", "i4"), ("firm", "i4"), ("due", "u2"), ("state", "u1"), ("judged", "u1"), ("stuck", "u1")]
)

#: One official, from the first post on; the file goes along to another body. ``space.officials`` are in use.
OFFICIAL = np.dtype(
    [
        ("own", "i4"),  # points of the records made while leading, 1/60, faded with the years
        ("year", "i4"),  # of this year
        ("resident", "i4"),
        ("body", "i4"),  # where in office now or last
        ("left", "i4"),  # the body led before whose doors still stand before this official, -1 for none
        ("came", "u2"),
        ("since", "u2"),  # in the present post
        ("gone", "u2"),  # NEVER while in office
        ("months_led", "u2"),
        ("months_restricted", "u2"),
        ("leads", "u1"),
        ("moves", "u1"),
        ("assessed", "u1"),
        ("asked", "u1"),  # promotions asked for, and those that a door or the assessment refused
        ("held", "u1"),
        ("rises", "u1"),
        ("up", "u1"),  # a promotion is granted and takes effect in January
        ("died", "u1"),  # the office, if it lasted so long, ends in the January after
        ("how", "u1"),  # how the office was left, as an event of a body
    ]
)

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
EVENT = np.dtype([(name, "i8") for name in TRACE_COLUMNS])

#: Stays that ended after so many months on one list, by how they ended.
STAYS = np.dtype([("left", "i8", (len(EXITS),))])

#: Integers of one month that add up in any order.
TOTALS = np.dtype(
    [
        ("counts", "i8", (len(COUNTERS),)),
        ("door_months", "i8", (N_DOMAINS,)),
        ("services", "i8", (N_SERVICES, len(STANDINGS), 4)),  # ``SERVICE_TRIED`` and the following
        ("acts", "i8", (N_ACTS, 5)),  # ``ACTS_DONE`` and the following
        ("spillover", "i8", (len(CAUSES), N_DOMAINS)),  # service-months closed, by what is behind it
        ("closed", "i8", (N_SERVICES + 1,)),  # resident-months by number of essential services closed at once
        (
            "listed_by_district",
            "i8",
            (N_FIGURES,),
        ),  # in December: on an adverse list; and those, or before a door; favoured
    ]
)

#: Working space of one call, and where papers, letters and trace stand.
SPACE = np.dtype(
    [
        # What one step tells the next of the file at hand.
        ("performed", "i8"),  # lists whose duty was performed this month, as bits
        ("filed", "i8"),  # whether a record was made
        ("rescored", "i8"),  # whether a record of being on a list lowered the score once more
        ("record_doors", "i8"),  # doors that records close by themselves
        ("bars", "i8"),  # doors of lists that last a time of their own
        ("wrong", "i8"),  # how the ground just looked at is wrong
        ("entered", "i8"),  # lists entered, as bits
        ("due", "i8"),  # next month in which a record ends or falls due
        ("barred", "i8"),  # whether a rule refused the attempt at hand
        ("wait", "i8"),  # days waited for it
        ("glitched", "i8"),  # whether a platform glitch changed a score
        ("grace_row", "i8"),  # the record behind an entry that takes effect after grace: its row, ``NO_ROW`` for none,
        ("grace_made", "i8"),  # and its month
        ("keys", "u8", (96,)),
        ("parts", "i8", (MAX_COMPONENTS, 3)),
        ("steps", "i8", (MAX_STEP_ROWS, 3)),
        ("tally", "i8", (max(len(FIRM_COUNTERS), len(BODY_COUNTERS)),)),
        ("officials", "i8"),  # rows of ``OFFICIAL`` in use
        ("near", "i8", (N_DISTRICTS,)),  # what is felt of burdens for what others of a district met, 1/65536
        ("near_good", "i8", (N_DISTRICTS,)),  # and of rewards
        ("friends", "u8"),  # key of the friendships of the subdistrict
        ("friend_coins", "u8", (EDGES,)),  # keys under which it is drawn who is a friend
        ("far_turns", "u8", (FAR,)),  # keys of the turns of columns of far places,
        ("far_row", "i8", (FAR,)),  # places in a row of them,
        ("far_rows", "i8", (FAR,)),  # full rows,
        ("far_rest", "i8", (FAR,)),  # and places in the last
        ("sharing", "u8"),  # key of the draws that do not depend on the month in which they are looked at
        ("review", "i8"),  # month of the oldest record taken back now, ``NEVER`` for none: stays since then on a border
        ("moved", "i8", (3,)),  # first month here of the resident at hand: in this place, in this city, anywhere
        ("list_cause", "i8", (MAX_LISTS,)),
        ("worst", "i8", (MAX_SCHEMES, 2)),  # of the record that weighs most against: ``WORST_POINTS``, ``WORST_PAPER``
        ("scheme_cause", "i8", (MAX_SCHEMES,)),
        ("alike", "i8", (ALIKE, 8)),  # those with the same doors for the same causes: what they share, how many
        ("alike_behind", "u1", (ALIKE, N_SERVICES)),
        ("sums", "i8", (MAX_SCHEMES, 3)),  # by ``ALL_RECORDS`` and the following
        ("values", "i8", (MAX_SCHEMES, MAX_DIMENSIONS, 3)),  # of dimensions, in the same three ways
        ("known", "i8", (MAX_SCHEMES, MAX_DIMENSIONS)),
        ("saved", "i8"),  # yuan saved at doors by the resident at hand
        ("caps", "i8", (MAX_SCHEMES,)),
        ("news", "i8", (MAX_SCHEMES,)),  # points of this month's records that are absorbed at once
        ("done", "i8", (32, 4)),  # the month's acts: ``ACT``, ``AMOUNT``, ``BEGINS``, ``TRUTH``
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
        ("outbox_room", "i8"),  # letters that the next month's have room for
        ("trace_room", "i8"),  # events that the trace has room for, 0 where none is kept
        ("trace_used", "i8"),
    ]
)
