"""Steps 7 and 9 of a public body: what it asks for, and what the yearly assessment of its officials changes.

Claims: a body asks for project funds in January and for credit in June; a refusal leaves the year's budget
shorter. Its leader asks for a promotion in December. Where a rule book gives the rating a weight in the assessment of
officials, a low one can cost the promotion, and they answer in the next
year with effort, or with gaming, the more conscientious with more of the first: what is small is paid first,
figures are massaged, complainants are pressed. What is assessed is the body's rating, or what was recorded while the official led,
here and elsewhere. With responses switched off nothing follows, and doors keep nobody from a promotion.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine.draws import Purpose, again, high, low, word
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import ASSESSED, BODY_COUNTER, EVENT_BODY, TOP8, TOP16
from counterscore.engine.stack import SERVICE_INDEX
from counterscore.engine.steps.attempts import attempt, attempt_judged
from counterscore.engine.steps.papers import note

P_SERVICE = int(Purpose.SERVICE)
FUNDS, BONDS, HONOURS, PROMOTION = (
    SERVICE_INDEX[name] for name in ("project-funds", "bond-issue", "body-honours", "official-promotion")
)
N_EFFORT, N_GAMING, N_HELD = (BODY_COUNTER[name] for name in ("effort", "gaming", "promotions_held"))
_JANUARY, _JUNE, _DECEMBER = 0, 5, 11


@kernel
def asking(bodies, i, month):
    """The body's needs come by the calendar: funds, credit, honours, its leading official's promotion."""
    town = bodies.town
    plan, file = town.plan, town.people[i]
    body, space = bodies.own[i], town.space
    of_year = month % 12
    luck = word(space.keys[P_SERVICE], space.first + i)
    doors = file.doors & plan.doors_self
    if of_year == _JANUARY or of_year == _JUNE:
        service = FUNDS if of_year == _JANUARY else BONDS
        served = attempt(town, i, month, service, doors, luck)
        if not served and plan.responses:
            body.stress = min(TOP16, np.int64(body.stress) + plan.bodies_shortfall)
    elif of_year == _DECEMBER:
        attempt(town, i, month, HONOURS, doors, luck)
        _promotion(bodies, i, month, doors, again(luck, 1))


@kernel
def _promotion(bodies, i, month, doors, luck):
    """The leader asks for a higher office: refused by a door, by the assessment, or for another reason."""
    town = bodies.town
    plan, file = town.plan, town.people[i]
    official = bodies.officials[bodies.own[i].leader]
    official.asked = min(TOP8, np.int64(official.asked) + 1)
    otherwise = low(luck) < plan.service_refusal[PROMOTION, file.file]
    short = plan.bodies_weight * shortfall(bodies, i) if plan.responses and plan.schemes else 0
    held = high(again(luck, PROMOTION)) < short << 16
    served = attempt_judged(town, i, month, PROMOTION, doors, luck, otherwise or held)
    if not otherwise and not served:
        official.held = min(TOP8, np.int64(official.held) + 1)
        town.space.tally[N_HELD] += 1
    official.up = served if plan.responses else not otherwise


@kernel
def shortfall(bodies, i):
    """How far what is assessed lies below the best that a rating can be, in 1/256 of its span."""
    town = bodies.town
    plan, low_, top = town.plan, town.plan.scheme_floor[0], town.plan.scheme_ceiling[0]
    score = np.int64(town.people[i].score[0])
    if plan.bodies_own:
        official = bodies.officials[bodies.own[i].leader]
        score = max(low_, min(top, plan.scheme_start[0] + np.int64(official.own) + official.year))
    return ((top - score) << 8) // max(1, top - low_)


@kernel
def assessment(bodies, i, month):
    """January: last year's rating enters the assessment, and moves the officials."""
    town = bodies.town
    plan, file, body = town.plan, town.people[i], bodies.own[i]
    if plan.responses == 0 or plan.bodies_weight == 0 or plan.schemes == 0 or month == 0:
        return
    official = bodies.officials[body.leader]
    official.assessed = min(TOP8, np.int64(official.assessed) + 1)
    short = shortfall(bodies, i)
    pressure = (plan.bodies_weight * (256 + short)) >> 9
    honest = np.int64(file.conscientiousness)
    body.effort = (pressure * plan.bodies_effort * honest) >> 16
    body.gaming = (pressure * plan.bodies_gaming * (255 - honest)) >> 16
    note(town, month, i, EVENT_BODY, ASSESSED, body.effort, body.gaming, short)


@kernel
def tally_standing(bodies, i):
    """Effort and gaming of the month, in 1/256, for means over bodies."""
    body, space = bodies.own[i], bodies.town.space
    space.tally[N_EFFORT] += body.effort
    space.tally[N_GAMING] += body.gaming
