"""Steps 7 and 9 of a public body: what it asks for, and what the yearly assessment of its officials changes.

Claims: a body asks for project funds in January and for credit in June; a refusal leaves the year's budget
shorter. Where a rule book gives the rating a weight in the assessment of officials, they answer in the next
year with effort, or with gaming, the more conscientious with more of the first: what is small is paid first,
figures are massaged, complainants are pressed. With responses switched off nothing follows.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine.draws import Purpose, again, word
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import ASSESSED, BODY_COUNTER, EVENT_BODY
from counterscore.engine.plan import SERVICE_INDEX
from counterscore.engine.steps.attempts import attempt
from counterscore.engine.steps.papers import note

P_SERVICE = int(Purpose.SERVICE)
FUNDS, BONDS, HONOURS, PROMOTION = (
    SERVICE_INDEX[name] for name in ("project-funds", "bond-issue", "body-honours", "official-promotion")
)
N_EFFORT, N_GAMING = BODY_COUNTER["effort"], BODY_COUNTER["gaming"]
_JANUARY, _JUNE, _DECEMBER = 0, 5, 11


@kernel
def asking(P, S, H, T, E, X, O, i, month):
    """The body's needs come by the calendar: funds, credit, honours, its leading official's promotion."""
    of_year = month % 12
    luck = word(X.keys[P_SERVICE], X.first + i)
    doors = S[i].doors & P.doors_self
    if of_year == _JANUARY or of_year == _JUNE:
        service = FUNDS if of_year == _JANUARY else BONDS
        served = attempt(P, S, H, T, E, X, i, month, service, doors, luck)
        if not served and P.responses:
            O[i].stress = min(65535, np.int64(O[i].stress) + P.bodies_shortfall)
    elif of_year == _DECEMBER:
        attempt(P, S, H, T, E, X, i, month, HONOURS, doors, luck)
        attempt(P, S, H, T, E, X, i, month, PROMOTION, doors, again(luck, 1))


@kernel
def assessment(P, S, E, X, O, i, month):
    """January: last year's rating enters the assessment, and moves the officials."""
    if P.responses == 0 or P.bodies_weight == 0 or P.schemes == 0 or month == 0:
        return
    span = max(1, P.scheme_ceiling[0] - P.scheme_floor[0])
    short = ((P.scheme_ceiling[0] - np.int64(S[i].score[0])) << 8) // span
    pressure = (P.bodies_weight * (256 + short)) >> 9
    honest = np.int64(S[i].conscientiousness)
    O[i].effort = (pressure * P.bodies_effort * honest) >> 16
    O[i].gaming = (pressure * P.bodies_gaming * (255 - honest)) >> 16
    note(X, E, month, i, EVENT_BODY, ASSESSED, O[i].effort, O[i].gaming, short)


@kernel
def tally_standing(X, O, i):
    """Effort and gaming of the month, in 1/256, for means over bodies."""
    X.tally[N_EFFORT] += O[i].effort
    X.tally[N_GAMING] += O[i].gaming
