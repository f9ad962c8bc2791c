"""Where a resident stands when young and in the middle of life: the bits of the column ``milestones``.

They are noted in the January of turning ``YOUNG`` and ``MIDDLE``, of who was here before. The engine writes them, the tables of a
run tell what they mean, measures read them.
"""

from __future__ import annotations

YOUNG, MIDDLE = 25, 50  #: years

SEEN_YOUNG, RECORDED_YOUNG, SEEN_MIDDLE, WORKS, SEEKS, LISTED, PARTNERED, OWES = (1 << bit for bit in range(8))

MEANING = (
    f"in the January of turning {YOUNG}: {SEEN_YOUNG} was here before, {RECORDED_YOUNG} held a record against by then; of turning {MIDDLE}: "
    f"{SEEN_MIDDLE} was here before, {WORKS} in work, {SEEKS} looking for work, {LISTED} on an adverse list, {PARTNERED} with a partner "
    f"(where singles meet), {OWES} in arrears or under judgment"
)
