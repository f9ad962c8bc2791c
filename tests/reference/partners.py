"""The private side in plain Python: what a score knows, who takes part, ties, and singles who meet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from counterscore import luck
from counterscore.engine import draws, layout
from tests.reference import friends

if TYPE_CHECKING:
    from tests.reference.month import Resident, Town

NONE, NEVER = 255, 65535
GAMMA, MASK = luck.GAMMA, luck.MASK
NEAR, TIES = friends.NEAR, 2 * friends.NEAR + friends.FAR
OWN = friends.NEAR + friends.FAR + layout.MAX_SOUGHT


@dataclass
class Own:
    """What only the private side knows of a resident."""

    sex: int = 0
    education: int = 0
    minority: int = 0
    income: int = 0
    partnered: int = 0
    other: int = -1  # the partner's place, -1 for none and for one who lives elsewhere
    couples: int = 0
    single_since: int = NEVER
    single: list[tuple[int, int]] = field(default_factory=list)  # spells without a partner that ended
    known: dict[tuple[int, int], int] = field(default_factory=dict)  # scheme, dimension: 1/60 of a hundred
    sought: list[int] = field(default_factory=lambda: [-1] * layout.MAX_SOUGHT)
    joined: int = NEVER
    left: int = NEVER
    matched: int = NEVER
    perks: int = 0
    seen: int = 0
    shows: int = 0
    ties_low: int = 0
    ties_hidden: int = 0
    chose_profile: int = 0
    ties_new: int = 0


def attribute(who: Resident, which: int) -> int:
    own = who.own
    child = who.traits >> 5 & 1
    family = (0, 1, 3, 2)[2 * child + own.partnered]
    return [
        who.age,
        own.sex,
        who.group // 16,
        own.education,
        who.group % 16,
        who.work,
        10 * own.income,
        who.traits >> 2 & 1,
        who.traits & 1,
        who.traits >> 1 & 1,
        who.file,
        family,
        own.minority,
        who.loan,
    ][which]


def ties(town: Town, who: Resident) -> Iterator[tuple[int, Resident]]:
    """The resident's ties: first those of the place, then those sought."""
    for k in sorted(who.ties):
        yield k, town.people[town.network.place(who.at, k)]
    for k, at in enumerate(who.own.sought):
        if at >= 0:
            yield TIES + k, town.people[at]


def know(town: Town, who: Resident) -> bool:
    p = town.p
    before = dict(who.own.known)
    for s in sorted(who.part):
        scores = [friend.score[s] for _, friend in ties(town, who) if friend.grade[s] != NONE]
        for d in range(int(p.scheme_dimensions[s])):
            value = int(p.dimension_start[s, d])
            for q in range(int(p.attribute_start[s, d]), int(p.attribute_start[s, d + 1])):
                found = attribute(who, int(p.attribute_what[q]))
                reached = [b for b in range(int(p.attribute_bands[q])) if found >= p.attribute_from[q, b]]
                value += int(p.attribute_gives[q, reached[-1]]) if reached else 0
            if p.dimension_friends[s, d] and scores:
                floor, ceiling = int(p.scheme_floor[s]), int(p.scheme_ceiling[s])
                mean = sum(scores) // len(scores)
                value += (mean - floor) * 6000 // (ceiling - floor) - int(p.dimension_start[s, d])
            who.own.known[s, d] = value
    return any(before.get(at, 0) != value for at, value in who.own.known.items())


def january(town: Town) -> None:
    for who in town.people:
        if who.age >= 18 and know(town, who):
            who.due = min(who.due, town.month)
    if town.month == 0:
        for who in town.people:
            for s in who.part:
                if town.p.scheme_dimensions[s] and who.age >= 18:
                    who.score[s] = town.weighted(
                        s, [who.own.known[s, d] for d in range(int(town.p.scheme_dimensions[s]))]
                    )
                    who.grade[s] = town.band_of(s, who.score[s])


def month_end(town: Town) -> None:
    p = town.p
    shown = int(p.shown_scheme)
    people = town.people
    if shown >= 0 and p.responses and p.shown_friends != layout.SHOWN_NEVER:
        for who in people:
            if who.age >= 18:
                seek(town, who, shown)
        for who in people:
            drop(town, who, shown)
    showing = [who.own.shows for who in people]
    if p.asks:
        for who in people:
            if who.age >= 18:
                ask(town, who, showing)
    if shown >= 0 and p.responses:
        asking = [sum(friend.own.shows for _, friend in ties(town, who)) for who in people]
        for who in people:
            if who.age >= 18:
                show(town, who, shown, asking[who.at])
    if p.meeting:
        meet(town)


def opinion(town: Town, one: Resident, other: Resident, s: int) -> str:
    """What somebody who shows a score makes of another: lower, untold, or nothing."""
    if not one.own.shows or one.grade[s] == NONE or other.age < 18:
        return ""
    if not other.own.shows or other.grade[s] == NONE:
        return "untold"
    return "lower" if one.score[s] - other.score[s] >= int(town.p.partners_gap) else ""


def shown_higher(town: Town, other: Resident, who: Resident, s: int) -> bool:
    if not other.own.shows or NONE in (who.grade[s], other.grade[s]):
        return False
    return other.score[s] - who.score[s] >= int(town.p.partners_gap)


def seek(town: Town, who: Resident, s: int) -> None:
    p = town.p
    word = town.word("seek", who.number)
    if word >> 32 >= p.partners_seek:
        return
    other = town.people[(word & 0xFFFFFFFF) * len(town.people) >> 32]
    if other is who or s not in who.part or not shown_higher(town, other, who, s):
        return
    if any(friend is other for _, friend in ties(town, who)) or -1 not in who.own.sought:
        return
    accepts = int(p.partners_accept)
    if not who.own.shows:
        accepts = accepts * (256 - int(p.partners_withheld)) >> 8
    if town.further(word, 0) >> 32 < accepts:
        who.own.sought[who.own.sought.index(-1)] = other.at
        for end in (who, other):
            end.own.ties_new += 1
        town.count("ties_sought")


def drop(town: Town, who: Resident, s: int) -> None:
    for k, friend in list(ties(town, who)):
        mine = k >= TIES or town.network.owner(who.at, k) == who.at
        thought = {opinion(town, who, friend, s), opinion(town, friend, who, s)}
        how = "low" if "lower" in thought else "hidden" if "untold" in thought else ""
        rate = int(town.p.partners_drop)
        if how == "hidden":
            rate = rate * int(town.p.partners_withheld) >> 8
        if mine and how and lot_of_tie(town, who, friends.edge(k)) < rate:
            if k < TIES:
                who.ties.discard(k)
                friend.ties.discard(friends.from_there(k))
            else:
                who.own.sought[k - TIES] = -1
            for end in (who, friend):
                setattr(end.own, f"ties_{how}", getattr(end.own, f"ties_{how}") + 1)
            town.count(f"ties_{how}")


def lot_of_tie(town: Town, who: Resident, mine: int) -> int:
    """Eight of a resident's own ties share a word, 8 bits each, the others a further one; 24 more bits come from a word of
    the tie."""
    word = town.word("score_tie", who.number)
    shared = word if mine < 8 else town.further(word, OWN)
    return (shared >> 8 * (mine % 8) & 0xFF) << 24 | town.further(word, mine) & 0xFFFFFF


def ask(town: Town, who: Resident, showing: list[int]) -> None:
    p = town.p
    for s in range(int(p.askers)):
        if not p.scheme_asks[s]:
            continue
        mark = int(p.scheme_hash[s])
        if s in who.part:
            rate = int(p.adoption_leave)
            if s < p.schemes and who.grade[s] == p.scheme_grades[s] - 1:
                rate = rate * int(p.adoption_leave_lowest) >> 8
            if p.responses and town.lots_of("consent", who, mark)[1] < rate:
                who.part.discard(s)
                who.due = min(who.due, town.month + 1)
                town.count("withdrew")
                if s == p.shown_scheme:
                    who.own.left = town.month
        elif p.responses:
            friends = sum(showing[friend.at] for _, friend in ties(town, who)) if s == p.shown_scheme else 0
            rate = int(p.scheme_join[s])
            for factor in (p.adoption_age[town.band(who)], p.adoption_file[who.file], p.scheme_perks[s]):
                rate = rate * int(factor) >> 8
            rate = rate * (256 + int(p.adoption_friend) * friends) >> 8
            if town.lots_of("consent", who, mark)[0] < rate:
                who.part.add(s)
                know(town, who)
                who.due = min(who.due, town.month + 1)
                town.count("joined")
                if s == p.shown_scheme:
                    who.own.joined, who.own.left = town.month, NEVER
        if s == p.shown_scheme and s in who.part:
            town.count("taking_part")


def can_show(town: Town, who: Resident, s: int, rule: int) -> bool:
    if rule == layout.SHOWN_NEVER or who.grade[s] == NONE or s not in who.part:
        return False
    lowest = who.grade[s] == int(town.p.scheme_grades[s]) - 1 > 0
    return rule == layout.SHOWN_MUST or not lowest


def show(town: Town, who: Resident, s: int, asking: int) -> None:
    p = town.p
    worst = int(p.scheme_grades[s]) - 1
    own = int(p.partners_show)
    if worst > 0:
        own = own * (worst - who.grade[s]) // worst
    lots = town.lots_of("boast", who)
    to_friends, to_mates = int(p.shown_friends), int(p.shown_mates)
    if not can_show(town, who, s, to_friends):
        who.own.shows = 0
    elif not who.own.shows:
        rate = own + (asking * int(p.partners_ask) if to_friends == layout.SHOWN_ASKED else 0)
        if to_friends == layout.SHOWN_MUST or lots[0] < rate:
            who.own.shows = 1
            town.add(who, "shown")
            town.count("shown")
    if to_mates in (layout.SHOWN_MAY, layout.SHOWN_ASKED) and can_show(town, who, s, to_mates):
        rate = own + (int(p.partners_ask) if to_mates == layout.SHOWN_ASKED else 0)
        if not who.own.chose_profile and lots[1] < rate:
            who.own.chose_profile = 1
            town.count("profiles_shown")


def on_profile(town: Town, who: Resident) -> bool:
    s, rule = int(town.p.shown_scheme), int(town.p.shown_mates)
    if s < 0 or not can_show(town, who, s, rule):
        return False
    return rule == layout.SHOWN_MUST or who.own.chose_profile == 1


def appeal(town: Town, who: Resident) -> int:
    """How much likelier, in 1/256, what somebody shows or does not show makes it to be liked."""
    p, s = town.p, int(town.p.shown_scheme)
    if s < 0 or p.shown_mates == layout.SHOWN_NEVER:
        return 256
    most = int(p.partners_appeal)
    if not on_profile(town, who):
        return 256 - (most * int(p.partners_withheld) >> 8)
    floor, ceiling = int(p.scheme_floor[s]), int(p.scheme_ceiling[s])
    return 256 + (most * ((who.score[s] - floor) * 512 // (ceiling - floor) - 256) >> 8)


def alone(town: Town, who: Resident) -> None:
    """Single again."""
    who.own.partnered, who.own.other, who.own.single_since = 0, -1, town.month


def widow(town: Town, dead: set[int]) -> None:
    """Who lived with somebody who died is single."""
    for at in sorted(dead):
        own = town.people[at].own
        if own.partnered and own.other >= 0 and own.other not in dead:
            alone(town, town.people[own.other])
            town.count("widowed")


def separate(town: Town) -> None:
    """In January, by the lot of whichever of a couple comes first, a partner elsewhere not counted."""
    for who in town.people:
        with_whom = [] if who.own.other < 0 else [town.people[who.own.other]]
        if not who.own.partnered or who.age < 18 or any(one.at < who.at for one in with_whom):
            continue
        if town.lot("separation", who) < town.p.lives_separate:
            for end in (who, *with_whom):
                alone(town, end)
            town.count("separations")


def months_single(own: Own, now: int) -> int:
    spells = [*own.single, *([(own.single_since, now)] if own.single_since != NEVER else [])]
    return sum(end - start for start, end in spells)


def meet(town: Town) -> None:
    p, people = town.p, town.people
    if town.month and town.month % 12 == 0:
        separate(town)
    grade = [NONE if p.prominent_scheme < 0 else who.grade[int(p.prominent_scheme)] for who in people]
    rank = [layout.MAX_GRADES if one == NONE else one for one in grade]
    single = [who.age >= 18 and not who.own.partnered for who in people]
    found: dict[tuple[int, int], int] = {}  # pairs that like each other, and their luck this month
    pair_key = int(draws.purpose_keys(town.seed, town.replay)[draws.Purpose.ATTRACTION])

    profile_order = sorted(
        (who for who in people if who.age >= 18 and not (who.own.partnered and who.own.matched == NEVER)),
        key=lambda who: (who.age, who.at),
    )

    def years(one: Resident, two: Resident) -> int:
        return max(0, 256 - int(p.partners_age) * abs(one.age - two.age))

    def chance(one: Resident, two: Resident) -> int:
        return years(one, two) * max(0, 256 - int(p.partners_schooling) * abs(one.own.education - two.own.education))

    for who in people:
        if not single[who.at] or town.lot("look", who) >= p.partners_look:
            continue
        profiles, passing = town.word("profile", who.number), town.word("prominence", who.number)
        seen = 0
        near = [one for one in profile_order if one.own.sex != who.own.sex and years(who, one)]
        for t in range(1024 if near else 0):
            word = town.further(profiles, t // 2)
            other = near[(word & 0xFFFFFFFF if t % 2 else word >> 32) * len(near) >> 32]
            if not single[other.at] or not chance(who, other):
                continue
            if town.further(passing, t) >> 32 >= p.prominence[rank[other.at]]:
                continue
            seen += 1
            other.own.seen += 1
            town.count("views")
            town.met[rank[who.at], rank[other.at]][0] += 1
            first, second = sorted((who.number, other.number))
            liking = town.further(luck.mix(pair_key + GAMMA * first), second - people[0].number)
            border = int(p.partners_like) * chance(who, other) >> 16
            told = on_profile(town, other)
            town.count("views_told", told)
            ends = [people[number - people[0].number] for number in (first, second)]
            of_first, of_second = (border * appeal(town, end) >> 8 for end in ends)
            if liking >> 32 < of_second and liking & 0xFFFFFFFF < of_first:
                town.count("likes")
                town.count("likes_told", told)
                town.met[rank[who.at], rank[other.at]][1] += 1
                places = (first - people[0].number, second - people[0].number)
                found[places] = town.further(town.word("match", first), places[1])
            if seen >= p.partners_views:
                break
    best = {at: min(luck_ for ends, luck_ in found.items() if at in ends) for ends in found for at in ends}
    for (one, two), luck_ in found.items():
        if best[one] == luck_ == best[two]:
            town.count("matches")
            town.met[rank[one], rank[two]][2] += 1
            town.met[rank[two], rank[one]][2] += 1
            for at, partner in ((one, two), (two, one)):
                own: Any = people[at].own
                own.partnered, own.other = 1, partner
                own.single.append((own.single_since, town.month))
                own.single_since = NEVER
                own.couples += 1
                own.matched = min(own.matched, town.month)
