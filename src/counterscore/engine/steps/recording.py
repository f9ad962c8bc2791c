"""Step 3. What the authorities see and write down, which is not always what happened.

Claims: an act is seen at a rate of its kind, times the scrutiny of the resident's occupation or of a firm's
standing (doors before inspections), times the leniency of the district's offices, less a favour for the connected; what an
authority itself has decided or knows as a fact is recorded at the rate of its kind alone. Records can be untrue (it did not
happen), someone else's (identity mix-up), counted twice, or misjudged (unable taken for able). What
happened and what is recorded stay two different facts: each record carries its truth, which no rule reads.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine import layout
from counterscore.engine.draws import Purpose, again, high, low, mix, word
from counterscore.engine.kernel import kernel
from counterscore.engine.layout import (
    CLAIMED,
    CONNECTED,
    COUNTER,
    EVENT_ACT,
    EVENT_RECORD,
    FILE_NEWS,
    IN_ANOTHERS_NAME,
    MAX_STEPS,
    MISJUDGED,
    MIX_SHIFT,
    NEVER,
    NO_RULE,
    NOT_HAPPENED,
    NOT_SEEN,
    RECORD,
    RECORDED,
    SOMEONE_ELSES,
    TRUE,
    TWICE,
)
from counterscore.engine.plan import ACT_INDEX, SERVICE_INDEX
from counterscore.engine.steps.papers import new_paper, note, note_more
from counterscore.regime import vocabulary

P_RECORDING, P_OFFICIAL, P_UNTRUE = (
    int(Purpose.RECORDING),
    int(Purpose.OFFICIAL),
    int(Purpose.UNTRUE),
)
P_TWICE, P_MIX_UP, P_MISJUDGED = int(Purpose.TWICE), int(Purpose.MIX_UP), int(Purpose.MISJUDGED)
C_RECORDS, C_GOOD_RECORDS = COUNTER["records"], COUNTER["good_records"]
C_UNTRUE, C_TWICE, C_MISJUDGED = (
    COUNTER["untrue_records"],
    COUNTER["twice_records"],
    COUNTER["misjudged_records"],
)
C_UNRECORDED = COUNTER["unrecorded"]
INSPECTION = SERVICE_INDEX[vocabulary.INSPECTION]
UNPAID_ABLE, UNPAID_UNABLE = ACT_INDEX["judgment-unpaid-able"], ACT_INDEX["judgment-unpaid-unable"]


@kernel
def kin_of(S, H, i):
    """The next of kin: the resident at the mirrored place of the subdistrict (nobody, -1, in the middle)."""
    j = S.shape[0] - 1 - i
    return -1 if j == i else j


@kernel
def curve_points(P, r, units):
    """Points in 1/60 for ``units`` in a year on the curve of row ``r``."""
    points = np.int64(0)
    below = np.int64(0)
    for step in range(P.row_curve.shape[1]):
        per = P.row_curve[r, step, 2]
        if per == 0:
            break
        top = min(units, P.row_curve[r, step, 0])
        if top > below:
            points += ((top - below) * P.row_curve[r, step, 1]) // per
            below = top
    return points


@kernel
def counting(S, F, i, month, r):
    """How many records of row ``r`` count."""
    n = 0
    p = np.int64(S[i].head)
    while p >= 0:
        n += F[p].kind == RECORD and F[p].what == r and month < F[p].until
        p = np.int64(F[p].next)
    return n


@kernel
def points_of(P, S, H, F, X, i, month, r, amount):
    """What row ``r`` gives for this record, in 1/60 point."""
    a = P
    if P.row_kind[r] == 0:
        w = P.row_steps[r]
        return P.row_points[r] if w < 0 else P.step_points[w, min(MAX_STEPS - 1, counting(S, F, i, month, r))]
    if P.row_kind[r] == 1:
        own = high(mix(word(X.keys[P_OFFICIAL], X.first + i) ^ P.row_hash[r])) >> 16
        harsh = (own * (256 - a.recording_official) + P.district_harsh[S[i].district] * a.recording_official) >> 8
        if S[i].traits & CONNECTED:
            harsh = (harsh * (256 - a.recording_favour)) >> 8
        span = P.row_most[r] - P.row_least[r]
        whole = abs(span) // layout.SCALE
        chosen = ((whole + 1) * harsh) >> 16
        return P.row_least[r] + (chosen if span > 0 else -chosen) * layout.SCALE
    if P.row_kind[r] == 2:
        before = np.int64(S[i].hours if P.row_unit[r] == 1 else S[i].yuan)
        after = min(65535, before + amount)
        if P.row_unit[r] == 1:
            S[i].hours = after
        else:
            S[i].yuan = after
        return curve_points(P, r, after) - curve_points(P, r, before)
    return np.int64(0)


@kernel
def make_record(P, S, H, F, T, E, X, i, month, r, amount, truth):
    """Write one record of row ``r`` into the resident's file, and once more where it is counted twice."""
    points = points_of(P, S, H, F, X, i, month, r, amount)
    twice = False
    if P.errors:
        luck = high(mix(word(X.keys[P_TWICE], X.first + i) ^ P.row_hash[r]))
        twice = luck < P.errors_twice
    until = min(NEVER, month + P.row_validity[r])
    for copy in range(2 if twice else 1):
        of = TWICE if copy == 1 and truth == TRUE else truth
        X.person[1] = 1
        H[i].file |= FILE_NEWS
        if S[i].records < 65535:
            S[i].records += 1
        T.counts[C_RECORDS] += 1
        if S[i].first_record == NEVER:
            S[i].first_record = month
        if points > 0:
            if S[i].good_records < 65535:
                S[i].good_records += 1
            T.counts[C_GOOD_RECORDS] += 1
        if of == NOT_HAPPENED or of == SOMEONE_ELSES:
            if S[i].untrue_records < 255:
                S[i].untrue_records += 1
            T.counts[C_UNTRUE] += 1
        elif of == TWICE or of == MISJUDGED:
            if S[i].rule_wrong_records < 255:
                S[i].rule_wrong_records += 1
            T.counts[C_TWICE if of == TWICE else C_MISJUDGED] += 1
        note(X, E, month, i, EVENT_RECORD, r, of, points, until)
        note_more(X, E, month)
        if points > 0 and until == NEVER and P.row_kept[r] == 0 and (of == TRUE or of == CLAIMED):
            if P.row_scheme[r] >= 0:
                S[i].absorbed[P.row_scheme[r]] += points
                X.news[P.row_scheme[r]] += points
        else:
            new_paper(X, F, S, H, i, RECORD, r, of, month, until, points, 255)


@kernel
def apply_rows(P, S, H, F, T, E, X, i, month, act, amount, first, truth, kin):
    """Every row of the catalogue that this act falls under makes a record; returns how many did."""
    made = 0
    for at in range(P.act_start[act], P.act_start[act + 1]):
        r = P.act_rows[at]
        if P.row_kin[r] != kin or (P.row_per[r] == 2 and not first):
            continue
        if P.row_consent[r] & ~np.int64(S[i].part):
            continue
        if amount < P.row_at_least[r] and (amount > 0 or truth == NOT_HAPPENED):  # what is made up is mostly small
            continue
        make_record(P, S, H, F, T, E, X, i, month, r, amount, truth)
        made += 1
    return made


@kernel
def send(X, B, i, act, amount, truth, kin):
    """Let a record reach resident ``i`` next month."""
    at = X.inbox_next
    B[at].to = i
    B[at].act = act
    B[at].amount = amount
    B[at].truth = truth
    B[at].kin = kin
    X.inbox_next = at + 1


@kernel
def inspected(P, S, i, rate):
    """``rate`` as the doors before inspections multiply it."""
    for at in range(P.service_start[INSPECTION], P.service_start[INSPECTION + 1]):
        d = P.service_doors[at]
        if S[i].doors & (np.int64(1) << d):
            rate = (rate * P.door_times[d]) >> 8
    return rate


@kernel
def record(P, S, H, F, T, E, X, B, i, month, k):
    """One act on the pile meets the authority in whose field it lies."""
    a = P
    act = X.done[k, 0]
    amount = X.done[k, 1]
    first = X.done[k, 2] != 0
    truth = X.done[k, 3]
    person = X.first + i
    T.acts[act, 0] += truth != CLAIMED
    if not P.act_covered[act] and P.act_asked[act] & S[i].part == 0:
        note(X, E, month, i, EVENT_ACT, act, amount, truth, NO_RULE)
        note_more(X, E, first)
        return
    chance = P.act_detect[act]
    if P.act_own[act] == 0:
        chance = (chance * P.group_scrutiny[S[i].group]) >> 8
        chance = (chance * P.district_leniency[S[i].district]) >> 8
        if S[i].doors & P.doors_inspect and P.act_slot[act] != layout.GOOD:
            chance = inspected(P, S, i, chance)
        if S[i].traits & CONNECTED and P.act_slot[act] != layout.GOOD:
            chance = (chance * (256 - a.recording_favour)) >> 8
    seen = high(again(word(X.keys[P_RECORDING], person), act)) < chance
    if seen and a.errors and high(again(word(X.keys[P_MIX_UP], person), act)) < a.errors_mix_up:
        send(X, B, (i + MIX_SHIFT) % S.shape[0], act, amount, SOMEONE_ELSES, 0)
        seen = False
        note(X, E, month, i, EVENT_ACT, act, amount, truth, IN_ANOTHERS_NAME)
    else:
        note(X, E, month, i, EVENT_ACT, act, amount, truth, RECORDED if seen else NOT_SEEN)
    note_more(X, E, first)
    if not seen:
        if first and P.act_start[act] < P.act_start[act + 1]:
            if S[i].unrecorded < 65535:
                S[i].unrecorded += 1
            T.counts[C_UNRECORDED] += 1
            T.acts[act, 3] += 1
        return
    T.acts[act, 1] += 1
    apply_rows(P, S, H, F, T, E, X, i, month, act, amount, first, truth, 0)
    if P.act_kin[act]:
        kin = kin_of(S, H, i)
        if kin >= 0:
            send(X, B, kin, act, amount, truth, 1)
    if P.act_group[act]:
        size = max(1, P.recording_group)
        first_member = (i // size) * size
        for member in range(first_member, min(S.shape[0], first_member + size)):
            if member != i:
                send(X, B, member, act, amount, truth, 2)
    if act == UNPAID_UNABLE and a.errors:
        if high(word(X.keys[P_MISJUDGED], person)) < a.errors_misjudged:
            apply_rows(P, S, H, F, T, E, X, i, month, UNPAID_ABLE, 0, first, MISJUDGED, 0)


@kernel
def untrue_record(P, S, H, F, T, E, X, i, month):
    """Perhaps a record of something that did not happen; the lane has named the resident a candidate."""
    a = P
    if not a.errors or S[i].age < 18:
        return
    luck = word(X.keys[P_UNTRUE], X.first + i)
    if (high(luck) * a.errors_untrue_bound) >> 16 >= a.errors_untrue:
        return
    total = P.untrue_cumulated[P.untrue_cumulated.shape[0] - 1]
    y = (low(luck) * total) >> 32
    act = np.searchsorted(P.untrue_cumulated, y, side="right") - 1
    T.acts[act, 2] += apply_rows(P, S, H, F, T, E, X, i, month, act, 0, True, NOT_HAPPENED, 0)
