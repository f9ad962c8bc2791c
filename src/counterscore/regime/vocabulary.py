"""The fixed words a rule book may use: contexts, acts, services, occupations.

A regime file can only name acts and services from this page, so that two rule books that speak of the
same behaviour mean the same thing, and a resident's temptations exist before any rule does.
How often an act happens is not said here: that is an assumption (see ``catalog/assumptions``).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, get_args

Subject = Literal["residents", "firms", "bodies"]  #: whom a rule book is about
SUBJECTS: tuple[Subject, ...] = ("residents", "firms", "bodies")
Level = Literal["national", "provincial", "city"]  #: whose law a rule book is; a county or village counts as city
PRIVATE = "private"  #: beside the levels: nobody's law
BOUND: tuple[str, ...] = (*get_args(Level), PRIVATE)  #: what a reform can bind


class Kind(StrEnum):
    """How an act comes about in a resident's month."""

    MISCONDUCT = "misconduct"  #: a temptation that is given in to, or not
    GOOD = "good"  #: a good or recommended deed that earns points where a rule says so
    LAWFUL = "lawful"  #: lawful speech, reading, petition or purchase
    DUTY = "duty"  #: follows from a bill, a debt or a judgment, by whether it can and will be paid
    STATUS = "status"  #: a fact about the resident or next of kin, not a deed
    OFFENDER = "offender"  #: committed by the few repeat offenders only


@dataclass(frozen=True, slots=True)
class Act:
    """One thing a subject may do. ``unit`` is set where a record carries an amount."""

    id: str
    context: str
    kind: Kind
    label: str
    unit: str | None = None
    subject: Subject = "residents"


@dataclass(frozen=True, slots=True)
class Service:
    """Something a subject may need and a door may stand before. ``essential`` ones count for
    being behind closed doors.
    """

    id: str
    domain: str
    label: str
    essential: bool
    subject: Subject = "residents"


def _of_firms(id_: str, context: str, kind: Kind, label: str, unit: str | None = None) -> Act:
    return Act(id_, context, kind, label, unit, "firms")


def _of_bodies(id_: str, context: str, kind: Kind, label: str) -> Act:
    return Act(id_, context, kind, label, None, "bodies")


def _for_bodies(id_: str, domain: str, label: str, *, essential: bool = False) -> Service:
    return Service(id_, domain, label, essential, "bodies")


def _for_firms(id_: str, domain: str, label: str, *, essential: bool = False) -> Service:
    return Service(id_, domain, label, essential, "firms")


M, G, L, D = Kind.MISCONDUCT, Kind.GOOD, Kind.LAWFUL, Kind.DUTY

ACTS: tuple[Act, ...] = (
    Act("loan-arrears", "finance", D, "a month of arrears on a bank loan"),
    Act("card-overdue", "finance", M, "a month of overdue credit-card debt"),
    Act("lending-contract-breach", "finance", M, "breach of a lending, leasing or insurance contract"),
    Act("private-lending-breach", "finance", M, "breach of a private loan"),
    Act("guarantor-breach", "finance", M, "did not honour a guarantee"),
    Act("illegal-fundraising", "finance", M, "illegal fund-raising or lending", "thousand yuan"),
    Act("pyramid-selling", "finance", M, "pyramid selling"),
    Act("contract-breach-judged", "contract", M, "sued and found in breach of contract"),
    Act("counterfeit-goods", "contract", M, "made or sold counterfeit goods"),
    Act("other-dishonesty", "contract", M, "other commercial dishonesty"),
    Act("fraud", "contract", Kind.OFFENDER, "defrauded another resident"),
    Act("sued-for-debt", "court_judgment", D, "sued for unpaid debt and found liable"),
    Act("judgment-unpaid-able", "court_judgment", D, "did not carry out a judgment though able to"),
    Act("judgment-unpaid-unable", "court_judgment", D, "did not carry out a judgment, being unable to"),
    Act("judgment-evasion", "court_judgment", D, "hid property or gave false evidence against enforcement"),
    Act("spending-ban-breach", "court_judgment", D, "broke a restriction on high spending"),
    Act("utility-arrears", "utilities", M, "unpaid utility bill"),
    Act("utility-arrears-judged", "utilities", D, "utility arrears confirmed by a court"),
    Act("utility-tampering", "utilities", M, "tampered with the heating supply"),
    Act("utility-theft", "utilities", M, "stole water, gas, electricity or heat"),
    Act("utility-damage", "utilities", M, "destroyed public utility equipment"),
    Act("traffic-violation", "traffic", M, "traffic violation"),
    Act("drunk-driving", "traffic", M, "drunk driving"),
    Act("hit-and-run", "traffic", M, "hit and run"),
    Act("ebike-violation", "traffic", M, "serious e-bike violation"),
    Act("flight-misconduct", "aviation_conduct", M, "punished misconduct on a flight or at an airport"),
    Act("rail-misconduct", "rail_conduct", M, "punished misconduct on a train"),
    Act("fare-evasion", "rail_conduct", M, "fare evasion on the metro"),
    Act("tax-arrears", "tax", M, "unpaid tax", "thousand yuan"),
    Act("tax-fraud", "tax", M, "tax fraud", "thousand yuan"),
    Act("neglect-of-elders", "family_care", M, "neglected elderly parents"),
    Act("domestic-violence", "family_care", M, "domestic violence"),
    Act("family-care", "family_care", G, "long-term care of a frail family member"),
    Act("unapproved-birth", "family_planning", M, "birth without permission"),
    Act("littering", "residence", M, "littering"),
    Act("unsorted-waste", "residence", M, "did not sort household waste"),
    Act("illegal-stall", "residence", M, "illegal street stall"),
    Act("property-fee-arrears", "residence", M, "unpaid property-management fee"),
    Act("medical-disturbance", "health", M, "disturbance at a hospital"),
    Act("professional-misconduct", "employment", M, "misconduct in one's profession"),
    Act("bribe-taking", "employment", M, "took a bribe"),
    Act("false-material", "employment", M, "false material or refusal before an inspection"),
    Act("exam-cheating", "education", M, "cheated in a public examination"),
    Act("illegal-fireworks", "safety", M, "illegal fireworks"),
    Act("crime", "safety", M, "convicted of a crime"),
    Act("draft-refusal", "defence", M, "refused conscription"),
    Act("civil-dispute", "relations", M, "party to a civil dispute that needed mediation"),
    Act("online-defamation", "speech", M, "defamation online or by message"),
    Act("critical-post", "speech", L, "posted lawful criticism"),
    Act("political-reading", "speech", L, "read or watched political material"),
    Act("petition", "petition", L, "petitioned an authority"),
    Act("repeated-petition", "petition", L, "petitioned again about the same matter"),
    Act("leisure-purchase", "consumption", L, "large purchase for leisure"),
    Act("long-gaming", "consumption", L, "spent long hours on video games"),
    Act("volunteering", "volunteering", G, "volunteered", "hours"),
    Act("village-labour", "volunteering", G, "unpaid labour for the village or neighbourhood", "hours"),
    Act("donation", "volunteering", G, "donated money or goods", "yuan"),
    Act("blood-donation", "blood", G, "donated blood"),
    Act("brave-act", "honours", G, "heroic act or help to a family in hardship"),
    Act("care-for-orphans", "honours", G, "cared for orphans"),
    Act("city-award", "honours", G, "award at city level"),
    Act("national-award", "honours", G, "award at national level"),
    Act("kin-army-service", "defence", Kind.STATUS, "next of kin serves in the army"),
    _of_firms("firm-contract-breach", "contract", M, "a firm broke a contract"),
    _of_firms("firm-fraud", "contract", M, "a firm cheated customers or partners"),
    _of_firms("commitment-broken", "contract", M, "a firm broke a commitment made to an authority"),
    _of_firms("supplier-arrears", "contract", D, "a month in which a firm did not pay its suppliers"),
    _of_firms("firm-judgment-unpaid", "court_judgment", D, "a firm did not carry out a judgment"),
    _of_firms("firm-finance-judgment-unpaid", "court_judgment", D, "a firm did not obey a judgment over a bank loan"),
    _of_firms("sham-litigation", "court_judgment", M, "a firm brought a sham lawsuit"),
    _of_firms("firm-crime", "safety", M, "a firm was convicted of a crime"),
    _of_firms("finance-crime", "finance", M, "a firm was convicted of a financial crime"),
    _of_firms("debt-evasion", "finance", M, "a firm evaded a bank debt"),
    _of_firms("overseas-registration-missed", "finance", M, "a firm did not register rights in overseas shares"),
    _of_firms("firm-loan-arrears", "finance", D, "a month of arrears on a firm's bank loan"),
    _of_firms("wage-arrears", "labour", D, "a month of unpaid wages"),
    _of_firms("serious-wage-arrears", "labour", D, "wages unpaid for three months"),
    _of_firms("social-insurance-arrears", "labour", D, "a month of unpaid social insurance"),
    _of_firms("firm-tax-arrears", "tax", D, "a month of unpaid tax of a firm"),
    _of_firms("tax-filing-late", "tax", M, "a firm filed a tax return late"),
    _of_firms("firm-tax-fraud", "tax", M, "tax fraud, refusal to pay, or false invoices of a firm"),
    _of_firms("tax-abnormal-household", "tax", M, "a firm could not be found by the tax office"),
    _of_firms("tax-rated-a", "tax", Kind.STATUS, "a firm rated A by the tax office for the year before"),
    _of_firms("tax-conditions-unmet", "tax", Kind.STATUS, "a firm that did not meet every condition of tax grade A"),
    _of_firms("customs-violation", "customs", M, "a firm broke a customs rule"),
    _of_firms("smuggling", "customs", M, "a firm smuggled goods"),
    _of_firms("aeo-certified", "customs", Kind.STATUS, "a firm certified by customs after an audit"),
    _of_firms("safety-accident", "safety", M, "an accident at work for which a firm is to blame"),
    _of_firms("environment-violation", "environment", M, "a firm broke an environmental rule"),
    _of_firms("quality-failure", "product_quality", M, "goods of a firm failed a spot check"),
    _of_firms("false-advertising", "advertising", M, "false or illegal advertising"),
    _of_firms("annual-report-missed", "registration", M, "a firm did not publish its annual report in time"),
    _of_firms("false-disclosure", "registration", M, "a firm published false information or hid some"),
    _of_firms("out-of-contact", "registration", M, "a firm could not be reached at its registered place"),
    _of_firms("false-registration", "registration", M, "a firm registered with false papers"),
    _of_firms("bid-rigging", "procurement", M, "collusion in a tender"),
    _of_firms("false-bid", "procurement", M, "false papers in a tender"),
    _of_firms("administrative-penalty", "administration", D, "an administrative penalty"),
    _of_firms("serious-penalty", "administration", D, "a heavier penalty in a matter of public safety"),
    _of_firms("administrative-compulsion", "administration", D, "compulsion by an authority, such as sealing"),
    _of_firms("head-judgment-unpaid", "court_judgment", D, "a firm's key person did not carry out a judgment"),
    _of_firms("head-listed", "court_judgment", D, "a firm's key person is on a list of dishonest persons"),
    _of_firms("set-up-after-worst-grade", "registration", Kind.STATUS, "set up by who answers for a worst-grade firm"),
    _of_firms("set-up-after-listing", "registration", Kind.STATUS, "a firm set up by who answers for a listed firm"),
    _of_firms("firm-volunteering", "volunteering", G, "volunteer work of a firm's staff", "hours"),
    _of_firms("firm-donation", "volunteering", G, "a firm gave to charity", "thousand yuan"),
    _of_firms("firm-honour", "honours", G, "an honour of a firm from an authority"),
    _of_bodies("public-contract-kept", "contract", G, "a public body paid a firm by the day it was due"),
    _of_bodies("arrears-to-firm", "contract", D, "a month a public body owed a firm an overdue sum"),
    _of_bodies("arrears-complaint", "contract", D, "a firm complained of a public body's arrears"),
    _of_bodies("public-contract-broken", "contract", D, "a public body never paid what it owed a firm"),
    _of_bodies("promise-kept", "promises", G, "a public body kept a written promise by its date"),
    _of_bodies("promise-late", "promises", D, "a public body missed the date of a written promise"),
    _of_bodies("promise-broken", "promises", D, "a public body broke a written promise"),
    _of_bodies("body-judgment-unpaid", "court_judgment", D, "a public body did not carry out a judgment"),
    _of_bodies("false-figures", "statistics", D, "a public body reported false figures"),
    _of_bodies("complainant-pressed", "petition", D, "a public body pressed a firm not to complain"),
    _of_bodies("official-on-record", "administration", D, "a public body is led by somebody with a bad record"),
    Act("critical-reading", "speech", L, "read or watched material critical of an authority"),
    Act("allegiance-shown", "speech", L, "showed an allegiance, made up and drawn by lot"),
    Act("blocking-avoided", "consumption", L, "installed an app that gets round blocked pages"),
    Act("approved-purchase", "consumption", G, "bought goods that an authority recommends"),
    Act("study-app", "consumption", G, "used an app of recommended reading"),
)  # fmt: skip

CONTEXTS: tuple[str, ...] = tuple(dict.fromkeys(act.context for act in ACTS))

SERVICES: tuple[Service, ...] = (
    Service("loan", "finance", "a bank loan", essential=True),
    Service("credit-card", "finance", "a credit card", essential=False),
    Service("flight", "travel", "a flight", essential=False),
    Service("high-speed-rail", "travel", "a high-speed train or soft sleeper", essential=True),
    Service("star-hotel", "travel", "a star hotel", essential=False),
    Service("ordinary-rail", "travel", "an ordinary train", essential=True),
    Service("job", "employment", "a new job", essential=True),
    Service("public-post", "employment", "a post or promotion in public service", essential=False),
    Service("business-licence", "business", "a business licence", essential=True),
    Service("market-stall", "market access", "a stall or place on a market", essential=False),
    Service("home-purchase", "housing", "buying a home", essential=False),
    Service("rental", "housing", "renting a home without deposit", essential=False),
    Service("bike-rental", "rentals", "a rental bicycle", essential=False),
    Service("car-rental", "rentals", "a rental car", essential=False),
    Service("overseas-car-rental", "rentals", "a rental car abroad", essential=False),
    Service("school-place", "education", "a chosen or private school for a child", essential=True),
    Service("permit", "public services", "a permit or certificate at a counter", essential=True),
    Service("welfare", "public services", "social assistance", essential=True),
    Service("hospital", "health", "a hospital admission with deposit", essential=True),
    Service("utility-discount", "utilities", "a discount on heating, gas or water", essential=False),
    Service("honours", "honours", "an honour, prize or Party membership", essential=False),
    Service("transit-pass", "transport", "a season ticket for bus and metro", essential=False),
    _for_firms("market-access", "market", "entering a trade or a market", essential=True),
    _for_firms("tender", "procurement", "a public tender or procurement", essential=True),
    _for_firms("firm-licence", "business", "a licence or permit of a firm", essential=True),
    _for_firms("firm-loan", "finance", "a bank loan of a firm", essential=True),
    _for_firms("capital-market", "finance", "shares or bonds of a firm", essential=False),
    _for_firms("invoices", "tax service", "tax invoices in the number needed", essential=True),
    _for_firms("customs-clearance", "customs", "clearing goods at customs", essential=False),
    _for_firms("land", "land", "a right to use land", essential=False),
    _for_firms("state-funds", "state funds", "state funds, subsidies or tax benefits", essential=False),
    _for_firms("firm-honours", "honours", "an honour or title of a firm", essential=False),
    _for_firms("inspection", "inspection", "inspections by the regulators", essential=False),
    _for_bodies("project-funds", "state funds", "project funds from the level above", essential=True),
    _for_bodies("bond-issue", "finance", "borrowing by a public body", essential=True),
    _for_bodies("body-honours", "honours", "an honour in the yearly evaluation"),
    _for_bodies("official-promotion", "employment", "promotion of the leading official"),
    Service("insurance", "finance", "an insurance policy", essential=False),
)  # fmt: skip

#: The one service nobody asks for: a door before it multiplies how often a firm is inspected.
INSPECTION = "inspection"

DOMAINS: tuple[str, ...] = tuple(dict.fromkeys(service.domain for service in SERVICES))

OCCUPATIONS: tuple[str, ...] = (
    "teacher",
    "accountant",
    "journalist",
    "doctor",
    "veterinarian",
    "tour guide",
    "lawyer",
    "civil servant",
    "clerk",
    "manager",
    "engineer",
    "sales and service",
    "driver or courier",
    "production worker",
    "farm worker",
    "not in work",
)


@dataclass(frozen=True, slots=True)
class Attribute:
    """Something about a resident that a rule book can see: one of ``categories``, or an amount in ``unit``."""

    id: str
    label: str
    categories: tuple[str, ...] = ()
    unit: str = ""


ATTRIBUTES: tuple[Attribute, ...] = (
    Attribute("age", "age", unit="years"),
    Attribute("sex", "sex", ("male", "female")),
    Attribute("registration", "household registration", ("local", "non-local")),
    Attribute("education", "schooling", ("none or before school", "primary", "junior high", "senior high", "college")),
    Attribute("occupation", "occupation", OCCUPATIONS),
    Attribute("work", "work", ("employed", "unemployed", "outside")),
    Attribute("income", "income", unit="yuan a month"),
    Attribute("home", "a home owned", ("no", "yes")),
    Attribute("car", "a car owned", ("no", "yes")),
    Attribute("card", "a credit card", ("no", "yes")),
    Attribute("credit-file", "credit file", ("none", "thin", "full")),
    Attribute("family", "family", ("single", "partnered", "partnered with child", "single with child")),
    Attribute("minority", "member of a minority", ("no", "yes")),
    Attribute("loan", "owed on bank loans", unit="thousand yuan"),
)


_ACTS = {act.id: act for act in ACTS}
_SERVICES = {service.id: service for service in SERVICES}
_ATTRIBUTES = {attribute.id: attribute for attribute in ATTRIBUTES}


def act(act_id: str) -> Act:
    """Return the act called ``act_id``; raises ``KeyError`` where there is none."""
    return _ACTS[act_id]


def service(service_id: str) -> Service:
    """Return the service called ``service_id``; raises ``KeyError`` where there is none."""
    return _SERVICES[service_id]


def attribute(attribute_id: str) -> Attribute:
    """Return the attribute called ``attribute_id``; raises ``KeyError`` where there is none."""
    return _ATTRIBUTES[attribute_id]
