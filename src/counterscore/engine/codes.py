"""Sizes, codes and bits: what the numbers in records and plans stand for, the same for whoever writes and reads them.

Kernels compare records with members of these enumerations, which Numba takes as whole numbers; bits are plain numbers,
since enumerations of bits do not compile.
"""

from __future__ import annotations

from enum import IntEnum, unique

from counterscore.regime.model import SCALE as SCALE

NEVER = 65535
NO_GRADE = 255  #: in results: no grade, or none that can be said
NO_ROW = 255  #: as the cause of a stay or bar: a score or grade was the ground, no record
TOP8, TOP16 = 255, 65535  #: where counters of one and of two bytes stop
ADULT, OLDER = 18, 60  #: years
UNBORN = (
    255  #: age of a child born in this January, before the month's kernel makes everybody a year older: then nought
)
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
PROFILES = 8  #: of singles, looked at together
AGES = 128  #: places for ages
ALIKE = 512  #: places for counting residents to whom the same doors are closed for the same causes
NEAR, FAR = 5, 3  #: whom a resident may know: so many places on either side, and so many anywhere
EDGES = NEAR + FAR  #: of the places of friends, belong to one end each
MIX_SHIFT = 263  #: whose record a mistaken identity lands on

# Truth of a record (never known to the regime).
TRUE, NOT_HAPPENED, SOMEONE_ELSES, TWICE, MISJUDGED, CLAIMED, AFTER_EXPIRY = range(7)
# State of a paper.
NORMAL, CORRECTED, REPAIRED, OVERDUE = range(4)
# Kind of a paper. ``WAITING``: a ground of entry is met, and the period of grace runs; a ``TRACK`` is what an offender
# who has offended carries: moves and reputation; a ``BAR`` is a door of a list that lasts a time of its own.
RECORD, STAY, WAITING, TRACK, BAR = range(5)


@unique
class Actor(IntEnum):
    """Whose act a row is about: the resident's own, the next of kin's, another member's of the group."""

    SELF, KIN, GROUP = range(3)


@unique
class RowKind(IntEnum):
    """How a row gives points: so many, as the official chooses, along a curve, or it is not known."""

    FIXED, DISCRETION, CURVE, UNKNOWN = range(4)


@unique
class Per(IntEnum):
    """Whether each record of a lasting act counts, or one for the whole episode."""

    RECORD, CYCLE, EPISODE = range(3)


@unique
class Unit(IntEnum):
    """What the yearly account behind a curve counts."""

    NOTHING, HOURS, YUAN = range(3)


@unique
class GroundKind(IntEnum):
    """What puts somebody on a list; the first two are borders of a score, looked at in every month."""

    SCORE, GRADE, RECORD, RECORDS, STAY = range(5)


@unique
class Term(IntEnum):
    """How long a stay lasts: so many months, until performed, while the ground holds, without end."""

    FIXED, PERFORMED, HOLDS, ENDLESS = range(4)


@unique
class DoorKind(IntEnum):
    """What a door rests on; the last is the file of another kind of subject."""

    GRADE, LIST, RECORD, ELSEWHERE = range(4)


ACTORS = tuple(actor.name.lower() for actor in Actor)
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
# What a rule book says of showing its score to somebody.
SHOWN_NEVER, SHOWN_MAY, SHOWN_ASKED, SHOWN_MUST = range(4)
# Work.
EMPLOYED, UNEMPLOYED, OUTSIDE = range(3)
# Bits of a watch's ``flag``: step 1 has something to do; the second half of the month has; a loan is not caught up with
# though it could be; the grade rose this month; a list was entered; it is adverse and published; has come of age this
# month; whoever deals with the resident is warned.
FLAG_TROUBLE, FLAG_SECOND, FLAG_UNWILLING, FLAG_RISEN, FLAG_ENTERED, FLAG_NAMED, NEWCOMER, WARNING = (
    1 << bit for bit in range(8)
)
# Bits of ``traits``.
HAS_CAR, HAS_CARD, HAS_HOME, OFFENDER, CONNECTED, HAS_CHILD, ALLIED = (1 << bit for bit in range(7))
MEANS_ALLIED = 4  #: among combinations of a car, a card and the allegiance: the allegiance
# And more of them: works in a business of one's own; was refused the chosen school as a child; a rule refused insurance.
OWN_BUSINESS, MISSED_SCHOOL, UNINSURED = 1 << 7, 1 << 8, 1 << 9
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
BODY_RING, BODY_LATEST = 96, 72  #: months after which a place is needed again; months overdue that nothing outlasts
BODY_DUE_MOST = 18
FIRM_FIRST = 1 << 40  #: numbers of firms for addressed luck start here, above those of all residents
N_SIZES = 4
MONEY_TOP = 1_000_000_000  #: thousand yuan
# Slots of temptation; the fourth lane of the month's word is for shocks and untrue records.
MISCONDUCT, GOOD, LAWFUL, SHOCK = range(4)

# Columns of tables within records: of the month's acts; of all acts of a kind; of attempts at a service.
ACT, AMOUNT, BEGINS, TRUTH = range(4)
ACTS_DONE, ACTS_RECORDED, ACTS_UNTRUE, ACTS_UNSEEN, ACTS_HELD = range(5)
SERVICE_TRIED, SERVICE_REFUSED, SERVICE_REFUSED_ELSE, SERVICE_WAITED = range(4)
WORST_POINTS, WORST_PAPER = range(2)
#: What a sum of points counts.
ALL_RECORDS, WITHOUT_UNTRUE, WITHOUT_WRONG = range(3)
