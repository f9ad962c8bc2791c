"""Claims: what somebody says a regime does, fixed as a measure before the run, tested over the assumptions."""

from counterscore.claims.answers import Answers, document, read_answers, write_answers
from counterscore.claims.check import Answer, Found, Point, check_claim, seconds_of, sum_up
from counterscore.claims.claim import Claim, claim_ids, load_claim, read_claim

__all__ = [
    "Answer",
    "Answers",
    "Claim",
    "Found",
    "Point",
    "check_claim",
    "claim_ids",
    "document",
    "load_claim",
    "read_answers",
    "read_claim",
    "seconds_of",
    "sum_up",
    "write_answers",
]
