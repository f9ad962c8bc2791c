"""The zoo: planted harms that the measures must find, and clean controls in which they must find nothing."""

from __future__ import annotations

from counterscore.validation._validation import Check, Validation
from counterscore.validation._zoo import compare, harm_ids, load_harm


def _run() -> list[Check]:
    return [check for name in harm_ids() for check in compare(load_harm(name))]


VALIDATION = Validation(
    id="zoo",
    title="A zoo of planted harms",
    kind="planted harm",
    about="Small rule books, each lived without and with one known fault. What must find it does, with the size that follows by "
    "arithmetic; what was not planted is not found. It grades the measures, not any rule book of the catalogue.",
    run=_run,
)
