"""Claims: what somebody says a regime does, fixed as a measure before the run, tested over the assumptions."""

from counterscore.claims.check import Answer, Found, Point, check_claim
from counterscore.claims.claim import Claim, claim_ids, load_claim, read_claim

__all__ = ["Answer", "Claim", "Found", "Point", "check_claim", "claim_ids", "load_claim", "read_claim"]
