"""Amounts as people write them: ``3y`` for 36 months, ``10k`` for 10,000.

Used by the command line and by Python alike, so that both take the same words.
"""

from __future__ import annotations

import re

from counterscore.errors import UsageError

_MONTHS_IN = {"m": 1, "month": 1, "months": 1, "y": 12, "year": 12, "years": 12}
_TIMES = {"": 1, "k": 1_000, "m": 1_000_000, "million": 1_000_000}


def months_of(length: int | str) -> int:
    """Whole months of a length of time: a number of months, or words.

    Raises ``UsageError`` for anything else.

    >>> months_of(36), months_of("36"), months_of("3y"), months_of("18 months"), months_of("1 year")
    (36, 36, 36, 18, 12)
    """
    if isinstance(length, int) and not isinstance(length, bool):
        return length
    found = re.fullmatch(r"\s*(\d+)\s*([a-z]*)\s*", str(length).lower())
    if found and (found[2] or "m") in _MONTHS_IN:
        return int(found[1]) * _MONTHS_IN[found[2] or "m"]
    raise UsageError(
        f'a length of time is a number of months, such as 36, or a length such as 3y, found "{length}"',
        suggestion="Write for example 36, 36m or 3y.",
    )


def count_of(text: int | str) -> int:
    """A whole number, with separators or a letter for thousands and millions.

    Raises ``UsageError`` for anything else.

    >>> count_of(20_000), count_of("20,000"), count_of("20k"), count_of("1.5m")
    (20000, 20000, 20000, 1500000)
    """
    if isinstance(text, int) and not isinstance(text, bool):
        return text
    found = re.fullmatch(r"\s*([\d,_]*\d(?:\.\d+)?)\s*([a-z]*)\s*", str(text).lower())
    if found and found[2] in _TIMES:
        number = float(found[1].replace(",", "").replace("_", "")) * _TIMES[found[2]]
        if number.is_integer():
            return int(number)
    raise UsageError(
        f'a number of residents is a whole number, found "{text}"', suggestion="Write for example 20000, 20,000 or 20k."
    )
