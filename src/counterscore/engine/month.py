"""One month of one subdistrict: the nine steps in order.

Two passes. The first takes each resident through circumstances, conduct, recording, scoring, listing and
doors; the second through attempts, rights and response, when everybody's doors of the month are known.
Public bodies and firms, where they live, take all their steps between the two, bodies first: what they do not pay and whom they restrict is
known before residents try their doors.
Most resident-months hold no temptation, blow, deadline or trouble and end after two comparisons.
"""

from __future__ import annotations

import numpy as np

from counterscore.engine import layout
from counterscore.engine.bodies.assessment import asking, assessment, tally_standing
from counterscore.engine.bodies.promises import budget, falling_due, signing
from counterscore.engine.draws import GAMMA, Purpose, high, mix, month_key, word
from counterscore.engine.firms.business import PENALTY, consequences, inspection, needs
from counterscore.engine.firms.money import awards, duties_done, firm_fortune, money, standing_of_head
from counterscore.engine.firms.names import AFTER_LISTING, AFTER_WORST, closing, lent, opening, starting_cash
from counterscore.engine.kernel import entry, kernel
from counterscore.engine.layout import (
    COUNTER,
    EVENT_DOORS,
    FILE_DECIDED,
    FILE_HIDES,
    FILE_KIN,
    FILE_NEWS,
    FILE_SHOWN,
    FILE_SPECIAL,
    FILE_WRONG,
    FIRM_COUNTER,
    KNOWS_FROM_TALK,
    NEVER,
    OFFENDER,
    UNEMPLOYED,
    WARNING,
    WRONG_FACTUAL,
    WRONG_RULE,
)
from counterscore.engine.partners.knowing import know_all, take_known
from counterscore.engine.partners.meeting import write_seen
from counterscore.engine.partners.month import count_those_taking_part, private_month
from counterscore.engine.partners.ties import may_show
from counterscore.engine.rows import fetch, rows
from counterscore.engine.steps.attempts import age_band, attempts
from counterscore.engine.steps.circumstances import able, circumstances, in_trouble, pressed, shock
from counterscore.engine.steps.conduct import tempted, upper_rate
from counterscore.engine.steps.dealings import dealings, look_up, offend
from counterscore.engine.steps.doors import doors
from counterscore.engine.steps.lending import go_bad
from counterscore.engine.steps.listing import border_crossed, entering, fresh_grounds, leaving, next_look, wrongness
from counterscore.engine.steps.papers import note
from counterscore.engine.steps.recording import apply_rows, record, untrue_record
from counterscore.engine.steps.response import response
from counterscore.engine.steps.rights import learn, rights
from counterscore.engine.steps.scoring import DECIDES, WAITS, add_up, read_file, read_news, scoring
from counterscore.engine.steps.sharing import find_moves
from counterscore.engine.steps.spillover import keep_behind, tell_off

N_OFFICIALS = layout.BODY_COUNTER["officials_restricted"]
N_OPEN, N_OWING, N_WAGES_OWED, N_CASH, N_HEADS, N_BY_HEAD, N_GLITCHED, N_REMEMBERED = (
    FIRM_COUNTER[name]
    for name in (
        "open",
        "owing_wages",
        "wages_owed",
        "cash",
        "heads_restricted",
        "restricted_by_head",
        "glitched",
        "remembered",
    )
)
P_TEMPTATION, P_NEED, P_TALK = int(Purpose.TEMPTATION), int(Purpose.NEED), int(Purpose.TALK)
P_SHARING, P_STATUS = int(Purpose.SHARING), int(Purpose.FIRM_STATUS)
C_LISTED, C_FACTUAL, C_RULE = (
    COUNTER["listed"],
    COUNTER["listed_wrong_factual"],
    COUNTER["listed_wrong_rule"],
)
C_UNEMPLOYED, C_ARREARS, C_JUDGED, C_ABLE, C_DEBT, C_AWARE = (
    COUNTER[name] for name in ("unemployed", "in_arrears", "judged", "judged_able", "debt", "aware")
)
_FLAG_TROUBLE, _FLAG_SECOND, _FLAGS_OF_MONTH = 1, 2, 8 | 16 | 32
_AFTER_MONTH = 255 & ~(_FLAG_SECOND | _FLAGS_OF_MONTH)
_KEEP = 255 & ~(_FLAG_TROUBLE | _FLAG_SECOND)
_16, _32, _48 = np.uint64(16), np.uint64(32), np.uint64(48)
_LANE = np.uint64(0xFFFF)
_TOP16 = 65535
CHUNK = layout.CHUNK
AHEAD = layout.AHEAD


@kernel
def new_year(P, S, H, E, X, month, figures):
    """January: residents age, yearly accounts start again, loans are paid down, word gets round."""
    a = P
    for i in range(S.shape[0]):
        if month > 0:
            if S[i].age < 120:
                S[i].age += 1
                if S[i].age == 18:
                    H[i].due = month
            if S[i].loan > 0 and S[i].arrears == 0 and S[i].judged == 0:
                paid = ((np.int64(S[i].loan) + a.circumstances_loan_size) * a.circumstances_repaid) >> 32
                S[i].loan = max(0, np.int64(S[i].loan) - max(1, paid))
            if S[i].work != layout.OUTSIDE and S[i].age >= a.circumstances_retirement_age:
                S[i].work = layout.OUTSIDE
        S[i].hours = 0
        S[i].yuan = 0
        for slot in range(3):
            H[i].bound[slot] = upper_rate(P, S, H, i, slot)
        if S[i].age >= 18:
            rate = a.circumstances_job_loss + a.circumstances_expense + a.circumstances_default * 2
            H[i].bound[layout.SHOCK] = min(_TOP16, (rate + 65535) >> 16)
        band = age_band(S[i].age)
        H[i].need = min(_TOP16, (P.need_total[band] + 65535) >> 16)
        if a.responses and S[i].age >= 18 and H[i].aware > month:
            talk = (a.response_talk * figures[S[i].district]) >> 16
            if high(word(X.keys[P_TALK], X.first + i)) < talk:
                learn(H, E, X, i, month, month, KNOWS_FROM_TALK, 0)


@kernel
def settle_file(P, S, H, F, T, Y, E, X, i, month):
    """Steps 4 to 6: the file is read, lists are left and entered, doors brought up to date.

    Returns whether the whole file was added up.
    """
    had = S[i].grade[0]
    known = 0
    added_up = True
    X.person[8] = 0
    find_moves(S, F, X, i)
    if read_news(P, S, H, F, X, i, month):
        scoring(P, S, H, E, X, i, month)
        added_up = border_crossed(P, S, i)
        if added_up:
            add_up(P, S, H, F, X, i, month)
            entering(P, S, H, F, T, Y, E, X, i, month)
    else:
        found = read_file(P, S, H, F, T, E, X, i, month)
        if found & DECIDES:
            known |= FILE_DECIDED
        scoring(P, S, H, E, X, i, month)
        listed = S[i].lists != 0
        if listed or P.bars:
            leaving(P, S, H, F, T, Y, E, X, i, month)
        if listed or found & WAITS or fresh_grounds(P, S, F, i, month) or border_crossed(P, S, i):
            entering(P, S, H, F, T, Y, E, X, i, month)
    special = X.person[3] != 0 or X.person[8] != 0
    for s in range(P.schemes):
        special = special or X.caps[s] != 0
    if special:
        known |= FILE_SPECIAL
    doors(P, S, H, E, X, i, month)
    if P.public:
        look_up(P, S, H, F, X, i, month)
    next_look(P, S, H, F, X, i, month)
    if S[i].doors & P.doors_kin != 0:
        known |= FILE_KIN
    if H[i].file & FILE_SHOWN and not may_show(P, S, i):
        known |= FILE_HIDES
    if S[i].lists & P.lists_adverse != 0:
        known |= wrongness(P, S, H, F, i)
    H[i].file = known | (H[i].file & (FILE_NEWS | FILE_SHOWN))
    if S[i].grade[0] < had and had != layout.NO_GRADE and P.shown_scheme < 0:
        H[i].flag |= 8
    return added_up


@kernel
def first_half(P, S, H, K, F, T, Y, E, X, B, i, month, lanes):
    """Steps 1 to 6 of one resident."""
    X.person[0] = 0
    X.person[1] = 0
    X.person[2] = 0
    X.person[5] = 0
    for s in range(P.schemes):
        X.news[s] = 0
    n = 0
    blow = np.int64(lanes >> _48)
    if blow < H[i].bound[layout.SHOCK]:
        shock(P, S, H, T, E, X, i, month, blow)
    if P.lending and S[i].stops <= month:
        go_bad(S, H, T, E, X, i, month)
    if in_trouble(S, H, i) or month == 0 or H[i].flag & layout.NEWCOMER:
        n = circumstances(P, S, H, T, E, X, i, month, n)
        if S[i].traits & OFFENDER and S[i].age >= 18:
            n = offend(P, S, H, F, T, E, X, i, month, n)
    if np.int64(lanes & _LANE) < H[i].bound[0]:
        n = tempted(P, S, H, T, E, X, i, month, 0, n)
    if np.int64((lanes >> _16) & _LANE) < H[i].bound[1]:
        n = tempted(P, S, H, T, E, X, i, month, 1, n)
    if np.int64((lanes >> np.uint64(32)) & _LANE) < H[i].bound[2]:
        n = tempted(P, S, H, T, E, X, i, month, 2, n)
    for k in range(n):
        record(P, S, H, F, T, E, X, B, i, month, k)
    if blow >= 65536 - P.errors_untrue_bound:
        untrue_record(P, S, H, F, T, E, X, i, month)
    looked = H[i].due <= month or X.person[1] != 0 or X.person[0] != 0
    if looked:
        if P.private:
            take_known(P, K, X, i)
        added_up = settle_file(P, S, H, F, T, Y, E, X, i, month)
        keep_behind(P, S, F, X, i, month, added_up)
    flag = H[i].flag & _KEEP
    if in_trouble(S, H, i):
        flag |= _FLAG_TROUBLE
    if looked or pressed(S, i) or S[i].lists != 0 or S[i].doors & P.doors_hinder != 0 or flag & WARNING:
        flag |= _FLAG_SECOND
    H[i].flag = flag


@kernel
def second_half(P, S, H, F, T, E, X, i, month, candidate):
    """Steps 7 to 9 of one resident, and the month's tallies."""
    attempts(P, S, H, F, T, E, X, i, month, candidate)
    if H[i].flag & _FLAG_SECOND == 0 and not pressed(S, i):  # doors of the next of kin can cost the work
        return
    if H[i].file & (FILE_NEWS | FILE_DECIDED) or S[i].lists != 0:  # who enters a list is on it
        rights(P, S, H, F, T, E, X, i, month)
    if H[i].flag & _FLAGS_OF_MONTH:
        response(P, S, H, T, E, X, i, month)
    if H[i].flag & WARNING:
        dealings(P, S, H, F, T, E, X, i, month)
    H[i].file &= 255 & ~(FILE_NEWS | FILE_DECIDED)
    if in_trouble(S, H, i):
        H[i].flag |= _FLAG_TROUBLE
    stays = S[i].lists != 0 or S[i].doors & P.doors_hinder != 0 or H[i].flag & WARNING != 0
    H[i].flag = H[i].flag & (_AFTER_MONTH | _FLAG_SECOND if stays else _AFTER_MONTH)
    if S[i].lists & P.lists_adverse != 0:
        tally_stay(S, H, T, P, i)
        if month % 12 == 11:
            T.listed_by_district[S[i].district] += 1
    if S[i].work == UNEMPLOYED:
        T.counts[C_UNEMPLOYED] += 1
    if S[i].arrears > 0:
        T.counts[C_ARREARS] += 1
        T.counts[C_DEBT] += S[i].loan
    if S[i].judged > 0:
        T.counts[C_JUDGED] += 1
        T.counts[C_DEBT] += S[i].loan
        if able(S, H, i, P):
            T.counts[C_ABLE] += 1


@kernel
def tally_stay(S, H, T, P, i):
    """Count a month on a list, and whether the listing is wrong."""
    if S[i].months_listed < 65535:
        S[i].months_listed += 1
    T.counts[C_LISTED] += 1
    wrong = H[i].file & FILE_WRONG
    if wrong == WRONG_FACTUAL:
        if S[i].wrong_factual < 65535:
            S[i].wrong_factual += 1
        T.counts[C_FACTUAL] += 1
    elif wrong == WRONG_RULE:
        if S[i].wrong_rule < 65535:
            S[i].wrong_rule += 1
        T.counts[C_RULE] += 1


@kernel
def firms_begin(P, S, H, X, G, Q, R, RX, month):
    """The start of the firms' month: luck, January, and restrictions on representatives that are found anew."""
    for q in range(X.keys.shape[0]):
        X.keys[q] = RX.keys[q]
    for i in range(S.shape[0]):
        R[G[i].head].doors &= ~Q.doors_lent
        if month % 12 == 0:
            if month > 0:
                G[i].age = min(255, np.int64(G[i].age) + 1)
            S[i].hours = 0
            S[i].yuan = 0
            for slot in range(3):
                H[i].bound[slot] = upper_rate(P, S, H, i, slot)
            H[i].need = min(_TOP16, (P.need_total[2] + 65535) >> 16)
            firm_fortune(P, X, G, i)
        if month == 0:
            G[i].cash = starting_cash(P, X, G, i)
            G[i].rated = high(word(X.keys[P_STATUS], X.first + i)) >> 16


@kernel
def firm_month(P, S, H, F, T, Y, E, X, B, G, W, Q, R, K, TR, ER, XR, i, month):
    """The nine steps of one firm."""
    h = G[i].head
    X.person[0] = 0
    X.person[1] = 0
    X.person[2] = 0
    X.person[5] = 0
    X.person[7] = 0
    for s in range(P.schemes):
        X.news[s] = 0
    lanes = word(X.keys[P_TEMPTATION], X.first + i)
    blow = np.int64(lanes >> _48)
    n = 0
    through_head = lent(Q, R[h].doors)
    if through_head != S[i].doors & P.doors_lent:
        note(X, E, month, i, EVENT_DOORS, S[i].doors & P.doors_lent, through_head, 0, 0)
        S[i].doors = (S[i].doors & ~P.doors_lent) | through_head
    if G[i].closed_in != NEVER:
        R[h].doors |= _held_against_head(P, S, G, i, month)
        n = opening(P, S, H, F, Y, E, X, G, Q, R, K, TR, ER, XR, i, month, n)
    if n >= 0:
        n = money(P, S, H, T, E, X, G, W, Q, R, K, TR, ER, XR, i, month, n)
        n = standing_of_head(P, S, X, G, Q, R, i, n)
        if month % 12 == 0:
            n = awards(P, S, X, G, i, n)
        first = n
        if np.int64(lanes & _LANE) < H[i].bound[0]:
            n = tempted(P, S, H, T, E, X, i, month, 0, n)
        n = consequences(P, X, G, i, first, n)
        if np.int64((lanes >> _16) & _LANE) < H[i].bound[1]:
            n = tempted(P, S, H, T, E, X, i, month, 1, n)
        for k in range(n):
            act = X.done[k, 0]
            before = T.acts[act, 1]
            record(P, S, H, F, T, E, X, B, i, month, k)
            if T.acts[act, 1] > before:
                if act == PENALTY:
                    G[i].penalties = min(65535, np.int64(G[i].penalties) + 1)
                elif act == AFTER_WORST or act == AFTER_LISTING:
                    X.tally[N_REMEMBERED] += 1
        if blow >= 65536 - P.errors_untrue_bound:
            untrue_record(P, S, H, F, T, E, X, i, month)
        inspection(P, S, T, X, G, i)
        X.person[0] = duties_done(P, S, E, X, G, i, month)
    if H[i].due <= month or X.person[1] != 0 or X.person[0] != 0:
        settle_file(P, S, H, F, T, Y, E, X, i, month)
        X.tally[N_GLITCHED] += X.person[7]
    bits = _held_against_head(P, S, G, i, month)
    if bits != G[i].held:
        note(XR, ER, month, h, EVENT_DOORS, G[i].held, bits, 0, 0)
        G[i].held = bits
    if bits != 0:
        R[h].doors |= bits
        K[h].flag |= layout.FLAG_SECOND
        if bits & Q.doors_hinder:
            X.tally[N_HEADS] += 1
            G[i].head_months = min(65535, np.int64(G[i].head_months) + 1)
    if G[i].closed_in != NEVER:
        G[i].closed_months = min(65535, np.int64(G[i].closed_months) + 1)
        H[i].flag = 0
        H[i].file &= 255 & ~(FILE_NEWS | FILE_DECIDED)
        return
    candidate = np.int64(word(X.keys[P_NEED], X.first + i) >> _48) < H[i].need
    needs(P, S, H, T, E, X, G, i, month, candidate)
    rights(P, S, H, F, T, E, X, i, month)
    if P.responses and H[i].flag & 16:
        learn(H, E, X, i, month + 1, month, layout.KNOWS_BY_LISTING, 0)
    H[i].flag = 0
    H[i].file &= 255 & ~(FILE_NEWS | FILE_DECIDED)
    closing(P, S, E, X, G, W, R, K, TR, ER, XR, i, month)
    _tally_firm(P, S, H, T, X, G, i, month)


@kernel
def _held_against_head(P, S, G, i, month):
    """Doors that the firm's file, and what is left of an earlier name's, put before the representative."""
    bits = lent(P, S[i].doors)
    return bits | G[i].past if month < G[i].past_until else bits


@kernel
def _tally_firm(P, S, H, T, X, G, i, month):
    if S[i].lists & P.lists_adverse != 0:
        tally_stay(S, H, T, P, i)
    if H[i].aware <= month:
        T.counts[C_AWARE] += 1
    if S[i].judged != 0:
        T.counts[C_JUDGED] += 1
    if S[i].doors & P.doors_lent & P.doors_hinder:
        X.tally[N_BY_HEAD] += 1
    if G[i].closed_in == NEVER:
        X.tally[N_OPEN] += 1
        X.tally[N_CASH] += G[i].cash
        if G[i].unpaid > 0:
            X.tally[N_OWING] += 1
            X.tally[N_WAGES_OWED] += G[i].wages_owed


@kernel
def bodies_begin(P, S, H, E, X, O, Q, R, RX, month):
    """The start of the public bodies' month: luck, and in January budget and assessment."""
    for q in range(X.keys.shape[0]):
        X.keys[q] = RX.keys[q]
    for i in range(S.shape[0]):
        R[O[i].head].doors &= ~Q.doors_lent
        if month % 12 == 0:
            budget(P, S, X, O, i)
            assessment(P, S, E, X, O, i, month)


@kernel
def body_month(P, S, H, F, T, Y, E, X, O, N, G, Q, R, K, i, month):
    """The nine steps of one public body."""
    for k in range(X.person.shape[0]):
        X.person[k] = 0
    for s in range(P.schemes):
        X.news[s] = 0
    signing(P, E, X, O, N, G, i, month)
    owing = falling_due(P, S, H, F, T, E, X, O, N, G, i, month)
    X.person[0] = 0 if owing else -1
    if H[i].due <= month or X.person[1] != 0 or S[i].lists != 0:
        settle_file(P, S, H, F, T, Y, E, X, i, month)
    bits = lent(P, S[i].doors)
    if bits != 0:
        R[O[i].head].doors |= bits
        K[O[i].head].flag |= layout.FLAG_SECOND
        X.tally[N_OFFICIALS] += 1
    asking(P, S, H, T, E, X, O, i, month)
    rights(P, S, H, F, T, E, X, i, month)
    H[i].flag = 0
    H[i].file &= 255 & ~(FILE_NEWS | FILE_DECIDED)
    tally_standing(X, O, i)
    if S[i].lists & P.lists_adverse != 0:
        tally_stay(S, H, T, P, i)


@kernel
def close_month(T, X, A, B, C, D, M, month):
    """The end of the month of firms, or of public bodies: records on their way, and the month's counts."""
    hand_over(X, A, B)
    write_counts(T, C, D, month)
    for c in range(M.shape[1]):
        M[month, c] += X.tally[c]
        X.tally[c] = 0


@kernel
def write_counts(T, C, D, month):
    """Add the month's counts to the tables, and begin anew."""
    for c in range(C.shape[1]):
        C[month, c] += T.counts[c]
        T.counts[c] = 0
    for c in range(D.shape[1]):
        D[month, c] += T.door_months[c]
        T.door_months[c] = 0


@kernel
def hand_over(X, A, B):
    """What was sent this month arrives in the next."""
    for q in range(X.inbox_next):
        A[q].to = B[q].to
        A[q].act = B[q].act
        A[q].amount = B[q].amount
        A[q].truth = B[q].truth
        A[q].kin = B[q].kin
    X.inbox_now = X.inbox_next
    X.inbox_next = 0


@kernel
def deliver(P, S, H, F, T, E, X, letter, month):
    """A record that reached a resident from elsewhere: a mix-up, or an act of the next of kin."""
    i = letter.to
    if S[i].age < 18:
        return
    apply_rows(P, S, H, F, T, E, X, i, month, letter.act, letter.amount, True, letter.truth, letter.kin)
    H[i].due = min(np.int64(H[i].due), month)


@kernel
def first_candidates(P, H, X, month, first, end):
    """Write down who of ``first`` to ``end`` has anything in steps 1 to 6 this month; returns how many.

    Without a branch, so that this pass costs the same whoever they are.
    """
    key = X.keys[P_TEMPTATION] + GAMMA * np.uint64(X.first)
    untrue = 65536 - P.errors_untrue_bound
    found = 0
    for i in range(first, end):
        lanes = mix(key + GAMMA * np.uint64(i))
        blow = np.int64(lanes >> _48)
        X.chosen[found] = i
        found += (
            np.int64(np.int64(lanes & _LANE) < H[i].bound[0])
            | np.int64(np.int64((lanes >> _16) & _LANE) < H[i].bound[1])
            | np.int64(np.int64((lanes >> _32) & _LANE) < H[i].bound[2])
            | np.int64(blow < H[i].bound[3])
            | np.int64(blow >= untrue)
            | np.int64(H[i].due <= month)
            | (H[i].flag & _FLAG_TROUBLE)
        )
    return found


@kernel
def second_candidates(H, T, X, month, first, end):
    """Write down who of ``first`` to ``end`` has anything in steps 7 to 9 this month; returns how many."""
    n = H.shape[0]
    key = X.keys[P_NEED] + GAMMA * np.uint64(X.first)
    found = 0
    aware = 0
    for i in range(first, end):
        aware += np.int64(H[i].aware <= month)
        needs = np.int64(np.int64(mix(key + GAMMA * np.uint64(i)) >> _48) < H[i].need)
        X.chosen[found] = i
        found += needs | np.int64(H[i].flag & _FLAG_SECOND != 0) | np.int64(H[n - 1 - i].file & FILE_KIN != 0)
    T.counts[C_AWARE] += aware
    return found


@kernel
def no_room(P, B, X):
    """Whether papers or inbox might run short with one more resident."""
    return X.room < P.reserve or B.shape[0] - X.inbox_next < P.reserve


@kernel
def _months(
    P, S, H, Q, K, U, F, T, C, D, L, V, Y, E, X, A, B, keys, figures, month, end, at,
    PF, SF, HF, FF, TF, CF, DF, MF, YF, EF, XF, AF, BF, G, W,
    PB, SB, HB, FB, TB, CB, DB, MB, YB, EB, XB, AB, BB, O, N,
):  # fmt: skip
    n = S.shape[0]
    firms = G.shape[0]
    bodies = O.shape[0]
    X.sharing = keys[P_SHARING]
    XF.sharing = keys[P_SHARING]
    XB.sharing = keys[P_SHARING]
    for k in range(layout.ALIKE):  # the plan may have changed
        X.alike[k, 0] = 0
    if P.private and X.mingled == 0:
        count_those_taking_part(P, S, X)
    while month < end:
        for q in range(keys.shape[0]):
            X.keys[q] = month_key(keys[q], month)
        if at < 0:
            if month % 12 == 0:
                new_year(P, S, H, E, X, month, figures)
                if P.private:
                    know_all(P, S, H, Q, K, X, month)
            at = 0
        arrived = X.inbox_now
        while at < arrived:
            if no_room(P, B, X):
                return month, at
            deliver(P, S, H, F, T, E, X, A[at], month)
            at += 1
        while at < arrived + n:
            first = at - arrived
            end_of_chunk = min(n, first + CHUNK)
            found = first_candidates(P, H, X, month, first, end_of_chunk)
            for k in range(found):
                fetch(S, np.int64(X.chosen[min(k + AHEAD, found - 1)]))
                fetch(F, np.int64(S[np.int64(X.chosen[min(k + AHEAD // 2, found - 1)])].head))
                if P.private:
                    fetch(K, np.int64(X.chosen[min(k + AHEAD, found - 1)]) * P.dimensions)
                i = np.int64(X.chosen[k])
                if no_room(P, B, X):
                    return month, arrived + i
                first_half(P, S, H, K, F, T, Y, E, X, B, i, month, word(X.keys[P_TEMPTATION], X.first + i))
            at = arrived + end_of_chunk
        started = arrived + n
        if bodies > 0:
            if at == started:
                bodies_begin(PB, SB, HB, EB, XB, O, P, S, X, month)
                at += 1
            while at <= started + bodies:
                if XB.room < PB.reserve:
                    return month, at
                body_month(PB, SB, HB, FB, TB, YB, EB, XB, O, N, G, P, S, H, at - started - 1, month)
                at += 1
            started += 1 + bodies
        if firms > 0:
            if at == started:
                firms_begin(PF, SF, HF, XF, G, P, S, X, month)
                at += 1
            came = XF.inbox_now
            while at <= started + came + firms:
                if XF.room < PF.reserve or BF.shape[0] - XF.inbox_next < PF.reserve:
                    return month, at
                k = at - started - 1
                if k < came:
                    deliver(PF, SF, HF, FF, TF, EF, XF, AF[k], month)
                else:
                    firm_month(PF, SF, HF, FF, TF, YF, EF, XF, BF, G, W, P, S, H, T, E, X, k - came, month)
                at += 1
            close_month(TF, XF, AF, BF, CF, DF, MF, month)
        if bodies > 0:
            close_month(TB, XB, AB, BB, CB, DB, MB, month)
        for first in range(0, n, CHUNK):
            found = second_candidates(H, T, X, month, first, min(n, first + CHUNK))
            for k in range(found):
                fetch(S, np.int64(X.chosen[min(k + AHEAD, found - 1)]))
                fetch(F, np.int64(S[np.int64(X.chosen[min(k + AHEAD // 2, found - 1)])].head))
                i = np.int64(X.chosen[k])
                needs = np.int64(word(X.keys[P_NEED], X.first + i) >> _48) < H[i].need
                second_half(P, S, H, F, T, E, X, i, month, needs)
                if X.saved > 0:
                    Q[i].perks += X.saved
                    X.saved = 0
        if P.private or P.meeting:
            private_month(P, S, H, Q, K, U, T, V, E, X, keys, month)
        hand_over(X, A, B)
        for k in range(layout.ALIKE):
            tell_off(P, T, X, k)
        write_counts(T, C, D, month)
        for c in range(L.shape[1]):
            L[month // 12, c] += T.listed_by_district[c]
            T.listed_by_district[c] = 0
        month += 1
        at = -1
    if P.meeting:
        write_seen(Q, U, X)
    return month, -1


@entry
def live(
    P, S, H, Q, K, U, F, T, C, D, L, V, Y, E, X, A, B, keys, figures, month, end, at,
    PF, SF, HF, FF, TF, CF, DF, MF, YF, EF, XF, AF, BF, G, W,
    PB, SB, HB, FB, TB, CB, DB, MB, YB, EB, XB, AB, BB, O, N,
):  # fmt: skip
    """Live from ``month`` to ``end``. Returns ``(month, at)``: ``(end, -1)`` when done, else the place where
    papers or inbox ran short; the caller enlarges them and goes on from there, with the same bits.
    """
    return _months(
        P, rows(S), rows(H), rows(Q), rows(K), rows(U), rows(F), T, C, D, L, rows(V), rows(Y), rows(E), X, rows(A), rows(B),
        keys, figures, month, end, at,
        PF, rows(SF), rows(HF), rows(FF), TF, CF, DF, MF, rows(YF), rows(EF), XF, rows(AF), rows(BF), rows(G), rows(W),
        PB, rows(SB), rows(HB), rows(FB), TB, CB, DB, MB, rows(YB), rows(EB), XB, rows(AB), rows(BB), rows(O), rows(N),
    )  # fmt: skip


@entry
def those_between(
    P, S, H, Q, K, U, F, T, C, D, L, V, Y, E, X, A, B, keys, figures, month, end, at,
    PF, SF, HF, FF, TF, CF, DF, MF, YF, EF, XF, AF, BF, G, W,
    PB, SB, HB, FB, TB, CB, DB, MB, YB, EB, XB, AB, BB, O, N,
):  # fmt: skip
    """What ``live`` is compiled from besides the residents, so that a second process can compile it meanwhile."""
    if end < 0:  # never: nobody lives here
        firm_month(
            PF, rows(SF), rows(HF), rows(FF), TF, rows(YF), rows(EF), XF, rows(BF), rows(G), rows(W),
            P, rows(S), rows(H), T, rows(E), X, at, month,
        )  # fmt: skip
        private_month(P, rows(S), rows(H), rows(Q), rows(K), rows(U), T, rows(V), rows(E), X, keys, month)
        body_month(
            PB, rows(SB), rows(HB), rows(FB), TB, rows(YB), rows(EB), XB, rows(O), rows(N), rows(G),
            P, rows(S), rows(H), at, month,
        )  # fmt: skip
    return month, at
