"""The mirror: public bodies looked at through the contract data they publish; organisations only, persons never read.

``read`` takes published files (OCDS in all its shapes) and leaves a folder of facts, each with its first and last
version and a state; ``measures`` says what can be seen of a body's word and what cannot, coverage first. Nothing here
takes rows about residents, nothing is fetched, and a high value is a question to the body, not a finding against it.
"""

from __future__ import annotations

from counterscore.mirror.reading import read
from counterscore.mirror.source import Source, parse, read_source
from counterscore.mirror.tables import Facts

__all__ = ["STANDING", "Facts", "Source", "parse", "read", "read_source"]

STANDING = "A high value is a question to the body, not a finding against it."
