"""Where the luck of a rule is found: at what the rule is about, never at what a file calls it.

Two rule books that say the same under other ids, labels or in another order draw the same luck, and a rule that is
edited keeps its own: points, terms and grounds are no part of an address. Rules about one and the same thing share
their luck, as two entries about one deed share the deed.
"""

from __future__ import annotations

from counterscore import luck
from counterscore.regime.model import Authority, Regime, Row
from counterscore.regime.vocabulary import ACTS

_PLACE = {act.id: place for place, act in enumerate(ACTS)}


def of_row(row: Row) -> int:
    """A record of ``row``: the first of its acts in the vocabulary, and whose act it is; or a stay on a list."""
    about = min(row.act, key=_PLACE.__getitem__) if row.act else "a stay on a list"
    return luck.purpose_number(f"record/{row.actor}/{about}")


def of_list(kind: str) -> int:
    """A stay on a list or order: whoever asks for repair, or is taken off late, is so for all that they are on."""
    return luck.purpose_number(f"stay/{kind}")


def of_authority(authority: Authority) -> int:
    """What reaches an authority: the contexts in which it records."""
    return luck.purpose_number("authority/" + "+".join(sorted(authority.contexts)))


def of_consent(regime: Regime) -> int:
    """Joining a rule book: whose it is and how it asks."""
    return luck.purpose_number(f"consent/{regime.owner}/{regime.participation}")
