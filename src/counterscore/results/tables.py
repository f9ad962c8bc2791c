"""The tables of a run: each column with its type, unit and meaning, written into the Parquet files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from counterscore import milestones
from counterscore.city import COLUMNS, FIRM_COLUMNS


def as_numpy(column: Any) -> npt.NDArray[Any]:
    """A column of numbers as an array; by the exchange protocol, since ``to_numpy`` of Arrow loads pandas."""
    found: npt.NDArray[Any] = np.from_dlpack(column.combine_chunks())
    return found


def as_arrow(values: npt.NDArray[Any], type_: pa.DataType | None = None) -> pa.Array:
    """An array of numbers or words as a column, of type ``type_`` if one is given; by its bytes, since ``pa.array`` loads pandas.

    Raises ``pa.ArrowInvalid`` where a value does not fit.
    """
    if values.dtype.kind in "iuf":
        own = np.ascontiguousarray(values)
        column = pa.Array.from_buffers(pa.from_numpy_dtype(own.dtype), len(own), [None, pa.py_buffer(own)])
    else:
        words = [str(word).encode() for word in values]
        ends = np.cumsum([0, *map(len, words)], dtype=np.int32)
        column = pa.Array.from_buffers(
            pa.string(), len(words), [None, pa.py_buffer(ends), pa.py_buffer(b"".join(words))]
        )
    return column if type_ is None or column.type == type_ else column.cast(type_)


NEVER = 65_535  #: in a column of months: what did not happen
#: Columns of residents, and of what became of them, that hold a month, or ``NEVER``.
OR_NEVER = frozenset({"first_record", "first_listed", "until"})
NO_GRADE = 255  #: in a column of grades: none, or none that can be said


@dataclass(frozen=True, slots=True)
class Field:
    """One column. ``top`` tells that a counter stops at its type's largest value."""

    name: str
    type: pa.DataType
    unit: str
    meaning: str


def _u1(name: str, unit: str, meaning: str) -> Field:
    return Field(name, pa.uint8(), unit, f"{meaning} (stops at 255)")


def _u2(name: str, unit: str, meaning: str) -> Field:
    return Field(name, pa.uint16(), unit, meaning)


RESIDENTS: tuple[Field, ...] = (
    Field("resident", pa.uint64(), "number", "permanent number of the place: subdistrict x 65,536 + place"),
    Field("generation", pa.uint8(), "number", "0 for who lives there at the start, 1 for who follows, …"),
    _u2("since", "month", "month of the run from which the person lives there, a January; 0 for generation 0"),
    Field(
        "mother",
        pa.uint64(),
        "number",
        "the mother's, resident + generation x 2**32; 18446744073709551615 for none who is known",
    ),
    Field("family_name", pa.uint8(), "code", "family name, in the order of city.generations.FAMILY_NAMES"),
    _u2("until", "month", "January by which the person has died; 65535 for who is alive at the end"),
    Field("adult", pa.uint8(), "code", "1 for persons of 18 and over at some time in the run"),
    *(Field(c.name, pa.from_numpy_dtype(np.dtype(c.dtype)), c.unit, c.meaning) for c in COLUMNS),
)

OUTCOMES: tuple[Field, ...] = (
    Field("score", pa.int32(), "1/60 point", "score of the first regime with one, at the end"),
    Field("grade", pa.uint8(), "code", "grade at the end, 0 the best; 255 where there is none"),
    _u2("lists", "bits", "lists the resident is on at the end, one bit each in the order of the record"),
    Field("aware", pa.uint8(), "code", "1 where the resident knows of the regime"),
    _u2("debt", "thousand yuan", "owed at the end by those in arrears or under judgment"),
    _u2("records", "records", "records made, true or not"),
    _u2("good_records", "records", "records that raised a score"),
    _u1("untrue_records", "records", "records of what did not happen or was someone else's"),
    _u1("rule_wrong_records", "records", "records counted twice, misjudged, or counted after their end"),
    _u2("unrecorded", "acts", "acts a rule covers that were not recorded"),
    _u2("misconduct", "acts", "true acts of misconduct"),
    _u2("good_deeds", "acts", "true good deeds"),
    _u2("lawful_acts", "acts", "lawful acts of speech, reading, petition and purchase"),
    _u2("first_record", "month", "month of the first record; 65535 for never"),
    _u2("first_listed", "month", "month of the first entry on a list; 65535 for never"),
    _u2("months_listed", "months", "months on any list"),
    _u2("wrong_factual", "months", "months listed through records that are not true"),
    _u2("wrong_rule", "months", "months listed against the regime's own rule"),
    _u2("wrong_spread", "months", "months with a door closed only because of next of kin"),
    _u1("doors_most", "services", "most services closed or narrowed at once"),
    _u2("months_unable", "months", "months with at least k essential services closed"),
    _u2("attempts", "attempts", "attempts at services"),
    _u2("refused", "attempts", "attempts refused by a door"),
    _u2("refused_else", "attempts", "attempts refused for another reason"),
    _u2(
        "waited",
        "days",
        "days waited for services that were given; who is refused waits for none, so a door less can mean days more",
    ),
    _u1("appeals", "appeals", "objections and appeals filed"),
    _u1("appeals_won", "appeals", "objections and appeals won"),
    _u1("gamed", "records", "good deeds claimed but not done"),
    _u1("shown", "times", "times a score was shown to friends"),
    _u1("ties_lost", "ties", "ties dropped"),
    _u2("arrears_months", "months", "months in arrears on a loan"),
    _u2(
        "duties",
        "duties",
        "true debts, bills and judgments not met when due, each counted when that begins, or at the start where it had begun before",
    ),
    _u1("job_losses", "times", "times work was lost"),
    _u1(
        "door_job_losses",
        "times",
        "times work was lost because of a rule: travel was closed, or a hospital or an own business was refused",
    ),
    _u1("victims", "residents", "residents defrauded by this repeat offender, each time counted"),
    _u1("defrauded", "times", "times this resident was defrauded"),
    _u1("dealings_refused", "dealings", "one-shot dealings refused because of a record or list"),
    _u1("loans_asked", "requests", "requests for a loan where a rule book judges them"),
    _u1("loans_refused", "requests", "of these, refused by the lender or a door"),
    _u1("loans_good_refused", "requests", "of these refused, which would have been repaid"),
    _u1("loans_bad", "loans", "loans granted that will not be repaid"),
    _u1(
        "years_unable",
        "years",
        "years with at least k attempts at services, of which a rule refused at least the share that counts",
    ),
    Field("own_business", pa.uint8(), "code", "1 where the resident lives of an own business at the end"),
    Field(
        "allegiance",
        pa.uint8(),
        "code",
        "1 for a holder of the made-up allegiance, drawn by lot in each replicate (conduct.allegiance)",
    ),
    Field(
        "milestones",
        pa.uint8(),
        "bits",
        milestones.MEANING,
    ),
)

PRIVATE: tuple[Field, ...] = (
    Field("taking_part", pa.uint8(), "code", "1 where the resident takes part in the private score at the end"),
    Field("private_score", pa.int32(), "1/60 point", "private score at the end; 0 where there is none"),
    Field("private_grade", pa.uint8(), "code", "grade of it, 0 the best; 255 where there is none"),
    _u2("joined", "month", "month of joining, the last time; 0 also for the start, 65535 for never"),
    _u2("left", "month", "month of leaving since; 65535 for never"),
    Field("perks", pa.uint32(), "yuan", "deposits and prices not handed over because of a door"),
    Field("shows", pa.uint8(), "code", "1 where the resident shows the private score at the end"),
    _u1("ties_low", "ties", "dropped because one end stands lower in the private score"),
    _u1("ties_new", "ties", "begun because one end stands higher in the private score"),
    _u1("ties_hidden", "ties", "dropped because one end shows no private score"),
    Field("profile", pa.uint8(), "code", "1 where singles who look see the private score at the end"),
    _u1("watchers", "friends", "who show their private score at the end; 0 of who died before"),
    _u1("below", "friends", "of these, to whom the resident shows a score lower by at least the gap"),
    Field("ties", pa.uint8(), "ties", "at the end, sought ones at the seeker; 0 of who died before"),
    _u2("seen", "times", "shown to a single as a profile"),
    Field("partnered", pa.uint8(), "code", "1 where the resident has a partner at the end"),
    _u2("matched", "month", "month in which the resident first became one of a couple; 65535 for never"),
    _u1("couples", "times", "times the resident became one of a couple"),
    _u2("alone", "months", "months of adult life in the run without a partner"),
)

STAYS: tuple[Field, ...] = (
    Field("list_id", pa.string(), "name", "list"),
    _u2("months", "months", "months on the list"),
    Field("left", pa.string(), "name", "how the stay ended; cut off: still going on at the end of the run"),
    Field("stays", pa.int64(), "stays", "number of stays"),
)
SERVICES: tuple[Field, ...] = (
    Field("service", pa.string(), "name", "service asked for"),
    Field("standing", pa.string(), "name", "plain, green channel, or held up (refused or slowed by a door)"),
    Field("attempts", pa.int64(), "attempts", "attempts"),
    Field("refused", pa.int64(), "attempts", "refused by a door"),
    Field("refused_else", pa.int64(), "attempts", "refused for another reason"),
    Field("waited_days", pa.int64(), "days", "days waited by those served"),
)
ACTS: tuple[Field, ...] = (
    Field("act", pa.string(), "name", "act"),
    Field("done", pa.int64(), "acts", "acts truly done"),
    Field("recorded", pa.int64(), "acts", "acts seen and recorded"),
    Field("untrue", pa.int64(), "records", "records of the act though it did not happen"),
    Field("not_recorded", pa.int64(), "acts", "acts a rule covers that were not recorded"),
    Field("held_back", pa.int64(), "acts", "acts not done because of the regime"),
)
SPILLOVER: tuple[Field, ...] = (
    Field(
        "cause",
        pa.string(),
        "name",
        "context of the record behind a closed or narrowed door, or what else is behind it",
    ),
    Field("domain", pa.string(), "name", "domain of the service"),
    Field(
        "service_months", pa.int64(), "service-months", "months in which a service was closed or narrowed to a resident"
    ),
)
CLOSED: tuple[Field, ...] = (
    _u1("essential_closed", "services", "essential services closed at once"),
    Field("resident_months", pa.int64(), "resident-months", "months of adults with so many essential services closed"),
)
FIGURES: tuple[Field, ...] = (
    _u2("year", "year", "year of the run that the figure is used in"),
    Field("district", pa.uint8(), "code", "district"),
    Field("listed_share", pa.int64(), "1/65536", "listed share of adults at the end of the year before"),
    Field("met_share", pa.int64(), "1/65536", "share of adults then listed, or before a closed or narrowed door"),
    Field(
        "favoured_share", pa.int64(), "1/65536", "share of adults then honoured, or before a door that opens or saves"
    ),
)
SHARES = tuple(
    field.name for field in FIGURES if field.unit == "1/65536"
)  #: in the order in which the engine keeps them

FIRMS: tuple[Field, ...] = (
    Field("firm", pa.uint64(), "number", "permanent number: subdistrict x 65,536 + place"),
    *(Field(c.name, pa.from_numpy_dtype(np.dtype(c.dtype)), c.unit, c.meaning) for c in FIRM_COLUMNS),
)
_OF_FILES = {field.name: field for field in OUTCOMES}
_I4 = pa.int32()
FIRM_OUTCOMES: tuple[Field, ...] = (
    Field("score", _I4, "1/60 point", "score of the first regime for firms with one, at the end"),
    Field("grade", pa.uint8(), "code", "grade at the end, 0 the best; 255 where there is none"),
    _u2("lists", "bits", "lists the firm is on at the end, one bit each in the order of the record"),
    Field("aware", pa.uint8(), "code", "1 where the firm knows of the regime"),
    Field("closed", pa.uint8(), "code", "1 where the firm is closed at the end"),
    *(_OF_FILES[name] for name in ("records", "good_records", "untrue_records", "rule_wrong_records", "unrecorded")),
    *(_OF_FILES[name] for name in ("misconduct", "good_deeds", "first_record", "first_listed", "months_listed")),
    *(_OF_FILES[name] for name in ("wrong_factual", "wrong_rule", "doors_most", "months_unable", "attempts")),
    *(_OF_FILES[name] for name in ("refused", "refused_else", "waited", "appeals", "appeals_won", "gamed")),
    Field("cash", _I4, "thousand yuan", "money at the end, below 0 for debts to nobody yet"),
    Field("owed", _I4, "thousand yuan", "bills, taxes and wages not paid in time"),
    _u1("name", "names", "names that came before the present one"),
    _u2("closed_months", "months", "months closed"),
    _u1("escaped", "times", "times a record or list that counted was left with an earlier name"),
    _u1("failed", "times", "times closed because of what was owed"),
    _u2("wage_months", "months", "months with unpaid wages"),
    _u2("inspections", "inspections", "inspections by the regulators"),
    _u2("penalties", "records", "administrative penalties recorded"),
    _u2("head_months", "months", "months in which the representative was restricted through the firm"),
)
MEETINGS: tuple[Field, ...] = (
    Field("grade", pa.string(), "name", "grade of the single who looked; none without one"),
    Field("shown_grade", pa.string(), "name", "grade of the single who was shown; none without one"),
    Field("shown", pa.int64(), "times", "profiles shown"),
    Field("liked", pa.int64(), "times", "of them, profiles where both liked the other"),
    Field("matched", pa.int64(), "residents", "of the first grade who became a couple with one of the second"),
)
TIES: tuple[Field, ...] = (
    Field(
        "ties", pa.string(), "name", "ties there were at the start, or there are now; both with the scores of the end"
    ),
    Field("ends", pa.int64(), "ends", "ends of ties between two residents with a score"),
    Field("sum", pa.int64(), "points", "sum of the scores at all ends, each rounded down"),
    Field("squares", pa.int64(), "square points", "sum of their squares"),
    Field("products", pa.int64(), "square points", "sum over ends of the product of the scores at both ends"),
)

_U4 = pa.uint32()
BODY_OUTCOMES: tuple[Field, ...] = (
    Field("kind", pa.uint8(), "code", "kind of public body, in the order of the model's table"),
    Field("district", pa.uint8(), "code", "district of the leading official"),
    Field("score", _I4, "1/60 point", "score of the first regime for public bodies with one, at the end"),
    Field("grade", pa.uint8(), "code", "grade at the end, 0 the best; 255 where there is none"),
    _u2("lists", "bits", "lists the body is on at the end, one bit each in the order of the record"),
    *(_OF_FILES[name] for name in ("months_listed", "attempts", "refused")),
    Field("contracts", _U4, "contracts", "signed with firms"),
    Field("contracts_due", _U4, "contracts", "that fell due"),
    Field("contracts_kept", _U4, "contracts", "paid in the month they were due"),
    Field("contracts_late", _U4, "contracts", "paid later"),
    Field("contracts_broken", _U4, "contracts", "never paid"),
    Field("promises", _U4, "promises", "made in writing, with a date"),
    Field("promises_due", _U4, "promises", "that fell due"),
    Field("promises_kept", _U4, "promises", "kept in the month they were due"),
    Field("promises_late", _U4, "promises", "kept later"),
    Field("promises_broken", _U4, "promises", "never kept"),
    Field("overdue_months", _U4, "months", "months of arrears, summed over contracts"),
    Field("overdue_recorded", _U4, "records", "months of arrears and late promises that were recorded"),
    Field("massaged", _U4, "figures", "months of arrears and late promises reported as if kept"),
    Field("pressed", _U4, "complaints", "complaints that a firm was pressed not to make"),
    Field("inherited_due", _U4, "contracts", "that fell due and had been signed under an earlier leading official"),
    Field("inherited_kept", _U4, "contracts", "of these, paid in the month they were due"),
    Field("arrears", _I4, "thousand yuan", "owed to firms at the end"),
    _u2("leaders", "officials", "who have led it, one after another"),
    _u2("stress", "1/65536", "share of the last year's dues that the budget left open"),
    _u2("effort", "1/256", "what the last assessment added to keeping dates"),
    _u2("gaming", "1/256", "what the last assessment added to gaming"),
)

OFFICIAL_OUTCOMES: tuple[Field, ...] = (
    Field("resident", pa.uint64(), "number", "permanent number of the resident"),
    Field("body", pa.uint64(), "number", "public body of the last post: subdistrict x 65,536 + place"),
    Field("own", _I4, "1/60 point", "own record: points of the records made while leading, faded with the years"),
    _u2("came", "month", "month of the first post"),
    _u2("gone", "month", "month in which the office was left; 65535 for who is in office at the end"),
    Field("how", pa.uint8(), "code", "8 promoted to a higher office, 9 left because of age or death, 0 in office"),
    Field("leads", pa.uint8(), "code", "1 where the official leads a body at the end"),
    _u2("months_led", "months", "months of leading a body"),
    _u2("months_restricted", "months", "months with a door closed or narrowed because of a body"),
    _u1("moves", "moves", "changes to the lead of another body"),
    _u1("assessed", "years", "yearly assessments in which a rating had a weight"),
    _u1("asked", "attempts", "promotions asked for"),
    _u1("held", "attempts", "of these, refused by a door or because of the assessment"),
    _u1("rises", "times", "rose from deputy to leader"),
)

#: Tables of a unit by name. ``private`` and ``meetings`` are there where a rule book of the run needs them;
#: ``counts`` has one row a month and a column for each counter of the engine.
TABLES: Mapping[str, tuple[Field, ...]] = {
    "outcomes": OUTCOMES,
    "private": PRIVATE,
    "meetings": MEETINGS,
    "ties": TIES,
    "stays": STAYS,
    "services": SERVICES,
    "acts": ACTS,
    "spillover": SPILLOVER,
    "closed": CLOSED,
    "figures": FIGURES,
    "firm_outcomes": FIRM_OUTCOMES,
    "body_outcomes": BODY_OUTCOMES,
    "official_outcomes": OFFICIAL_OUTCOMES,
}


@lru_cache(maxsize=64)
def schema(fields: tuple[Field, ...]) -> pa.Schema:
    """The Arrow schema with unit and meaning of every column in its metadata."""
    return pa.schema(
        [pa.field(f.name, f.type, nullable=False, metadata={"unit": f.unit, "meaning": f.meaning}) for f in fields]
    )


def counts_fields(columns: Mapping[str, Any]) -> tuple[Field, ...]:
    """Fields of the monthly counts: whatever counters the engine keeps."""
    out = []
    for name, array in columns.items():
        kind = pa.from_numpy_dtype(np.asarray(array).dtype)
        out.append(Field(name, kind, "see counterscore help counters", name.replace("_", " ")))
    return tuple(out)
