"""From rule books to the arrays of a plan: rows, schemes, lists, doors, sharing, lending."""

from __future__ import annotations

from typing import Any

import numpy as np

from counterscore import luck
from counterscore.catalog.assume import Assumptions
from counterscore.engine import addresses
from counterscore.engine.fixed import Q32, q8, q32
from counterscore.engine.layout import (
    ANOTHER_LIST,
    CAUSES,
    CITY,
    CLOSED,
    DUTY_DISCLOSURE,
    DUTY_JUDGMENT,
    DUTY_TAX,
    DUTY_WAGES,
    EVERYBODY,
    MAX_AUTHORITIES,
    MAX_GRADES,
    MAX_LISTS,
    MAX_ROWS,
    MAX_SCHEMES,
    MAX_STEPS,
    N_FILES,
    NARROWED,
    NATION,
    NEIGHBOURHOOD,
    NEVER,
    NO_GRADE,
    OPENED,
    PRICED,
    SCALE,
    SLOWED,
    THE_PUBLIC,
    Actor,
    DoorKind,
    GroundKind,
    Per,
    RowKind,
    Term,
    Unit,
)
from counterscore.engine.rates import AGE_BANDS, guide
from counterscore.engine.stack import (
    ACT_INDEX,
    CROSSING,
    FILES,
    SERVICE_INDEX,
    Stack,
    blank,
    ragged,
    unit_of,
)
from counterscore.regime.model import PUBLIC, adverse_lists
from counterscore.regime.vocabulary import ACTS, DOMAINS, INSPECTION, SERVICES, Kind

EFFECTS = {"closed": CLOSED, "narrowed": NARROWED, "slowed": SLOWED, "priced": PRICED, "opened": OPENED}
_REACH = {"none": NEIGHBOURHOOD, "neighbourhood": NEIGHBOURHOOD, "city": CITY, "nation": NATION}
#: What a firm performs to leave a list that it entered on one of these acts.
_DUTIES = {
    DUTY_WAGES: ("wage-arrears", "serious-wage-arrears", "social-insurance-arrears"),
    DUTY_TAX: ("firm-tax-arrears", "firm-tax-fraud", "tax-filing-late"),
    DUTY_JUDGMENT: ("firm-judgment-unpaid", "firm-finance-judgment-unpaid", "supplier-arrears", "firm-loan-arrears"),
    DUTY_DISCLOSURE: ("annual-report-missed", "false-disclosure", "out-of-contact", "tax-abnormal-household"),
}
#: What the rules of 2010 on restricting high spending (Art. 3, as in ``court-defaulters``) close to a debtor: a list or
#: order that closes one of these to the listed is a spending ban.
_HIGH_SPENDING = frozenset(["flight", "high-speed-rail", "star-hotel", "home-purchase", "school-place"])
ABSORB_AFTER = 24
_FAR = 1 << 40
_NO_BORDER = -_FAR  #: of a score that no lender asks for


#: Services from which something follows where they are given, as ``steps.aftermath`` has it.
_GIVES = frozenset({"business-licence", "market-stall", "home-purchase", "public-post", "insurance"})


def _sixtieths(points: float | None) -> int:
    return 0 if points is None else int(points * SCALE)


def rows(stack: Stack, assumptions: Assumptions) -> dict[str, Any]:
    """The rows of all catalogues, and which of them an act or a stay falls under."""
    count = max(1, len(stack.rows))
    out = blank("row_", MAX_ROWS, count)
    out["row_component"][:] = out["row_steps"][:] = -1
    step_points: list[list[int]] = []
    curve = np.zeros((count, 4, 3), np.int64)
    hashes = np.zeros(count, np.uint64)
    out["row_list"][:] = -1
    by_act: list[list[int]] = [[] for _ in ACTS]
    by_list: list[list[int]] = [[] for _ in range(max(1, len(stack.lists)))]
    for k, (s, _, row) in enumerate(stack.rows):
        regime = stack.regimes[s]
        out["row_scheme"][k] = stack.scheme[s]
        appeal = regime.rights.appeal
        clock = appeal.decide.months if appeal.decide else 1
        told, won = regime.rights.notice.given, assumptions["rights.won_wrong"]
        out["row_informs"][k] = told
        out["row_notice"][k] = q32(assumptions["rights.notice" if told else "rights.notice_without"])
        out["row_won_wrong"][k] = q32(
            min(1.0, won + assumptions["rights.human_review"]) if appeal.human_review else won
        )
        out["row_at_least"][k] = row.at_least or 0
        out["row_appeal"][k] = max(1, clock) if appeal.available else NEVER
        hashes[k] = addresses.of_row(row)
        if row.curve:
            out["row_kind"][k] = RowKind.CURVE
            for step, part in enumerate(row.curve):
                curve[k, step] = (part.up_to or _FAR, _sixtieths(part.points), part.per)
            out["row_unit"][k] = Unit.HOURS if unit_of(row) == "hours" else Unit.YUAN
        elif row.discretion and row.discretion.least is not None and row.discretion.most is not None:
            out["row_kind"][k] = RowKind.DISCRETION
            out["row_least"][k] = _sixtieths(row.discretion.least)
            out["row_most"][k] = _sixtieths(row.discretion.most)
        elif row.points is None:
            out["row_kind"][k] = RowKind.UNKNOWN
        else:
            out["row_points"][k] = _sixtieths(row.points)
            if row.then:
                steps = [row.points, *row.then]
                out["row_steps"][k] = len(step_points)
                step_points.append([_sixtieths(steps[min(n, len(steps) - 1)]) for n in range(MAX_STEPS)])
                out["row_kept"][k] = 1
        if row.component and stack.scheme[s] >= 0:
            out["row_component"][k] = stack.component_index[stack.scheme[s], row.component]
            out["row_kept"][k] = 1
        out["row_follows"][k] = regime.follows == "representative"
        kept = regime.rights.retention.at_most
        out["row_stays"][k] = regime.rights.retention.keeps(row)
        validity = min(row.validity.months if row.validity else NEVER, kept.months if kept else NEVER, NEVER)
        out["row_validity"][k] = validity
        out["row_per"][k] = Per[row.per.upper()]
        out["row_kin"][k] = Actor[row.actor.upper()]
        band = regime.score.span_of(row.cap.grade) if row.cap and regime.score and regime.score.known else None
        if row.cap and band is not None:
            out["row_cap"][k] = band
            lasts = min(row.cap.lasts.months, kept.months if kept else NEVER, NEVER) if row.cap.lasts else NEVER
            out["row_cap_lasts"][k] = lasts
            out["row_kept"][k] |= lasts > ABSORB_AFTER
            if validity < lasts < NEVER:  # the record is read for its cap after its points have ended
                out["row_window"][k] = lasts
        shared = regime.sharing is not None
        copy = stack.copies[k]
        out["row_authority"][k] = stack.channel(s, copy.entry) if copy else stack.body(s, row.authority)
        out["row_kept"][k] |= shared  # who moves leaves it behind, so it must stay apart from the score
        kinds = {ACTS[ACT_INDEX[name]].kind for name in row.act}
        adverse = not kinds & {Kind.GOOD, Kind.STATUS} and (row.points or 0) <= 0
        out["row_warns"][k] = shared and adverse and row.actor == "self"
        out["row_context"][k] = CAUSES.index(ACTS[ACT_INDEX[row.act[0]]].context) if row.act else ANOTHER_LIST
        for act in row.act:
            by_act[ACT_INDEX[act]].append(k)
        if row.on_list:
            by_list[stack.list_index[row.on_list]].append(k)
            out["row_list"][k] = stack.list_index[row.on_list]
            out["row_while"][k] = kept.months if kept else NEVER
    for s, _, rule in stack.lists:
        for ground in rule.enter:
            if ground.row:
                k = stack.row_index[s, ground.row]
                out["row_lists"][k] = 1
                late = max(stack.delay(k, rule.authority), int(stack.rows[k][2].on_list is not None))
                out["row_window"][k] = max(
                    out["row_window"][k], late + max(1, ground.within) if late else ground.within
                )
    out["row_kept"] |= out["row_window"] > ABSORB_AFTER
    for number, (s, _, door) in enumerate(stack.doors):
        if door.when.kind == "record":
            k = stack.row_index[s, door.when.name]
            out["row_doors"][k] |= 1 << number
            out["row_kept"][k] = 1
    out |= _copies(stack, out)
    act_start, act_rows = ragged(by_act)
    source = _sources(stack, by_act)
    list_row_start, list_rows = ragged(by_list)
    return {
        **out,
        "row_curve": curve,
        "row_hash": hashes,
        "step_points": np.array(step_points or [[0] * MAX_STEPS], np.int64),
        "act_start": act_start,
        "act_rows": act_rows,
        "act_source": ragged(source)[1],
        "list_row_start": list_row_start,
        "list_rows": list_rows,
    }


def _sources(stack: Stack, by_act: list[list[int]]) -> list[list[int]]:
    """Beside each row of an act the row at the source of which its record is a copy, -1 for none."""
    place = {id(row): k for k, (_, _, row) in enumerate(stack.rows)}
    found = []
    for act, rows_ in zip(ACTS, by_act, strict=True):
        copies = [stack.copies[k] for k in rows_]
        found.append([place[id(copy.rows[act.id])] if copy else -1 for copy in copies])
    return found


def _copies(stack: Stack, out: dict[str, Any]) -> dict[str, Any]:
    """Which rows copy others', which of them are corrected with them, and who belongs together: a family of rows has one
    number, and a record of a row and its copies are those of the family from the same month with the same truth.
    """
    place = {id(row): k for k, (_, _, row) in enumerate(stack.rows)}
    family = np.arange(len(out["row_authority"]))
    for k, (copy, (_, _, row)) in enumerate(zip(stack.copies, stack.rows, strict=True)):
        for source_row in copy.rows.values() if copy else ():
            source = place[id(source_row)]
            out["row_copied"][source] = 1
            out["row_copy"][k] = 1
            family[family == family[source]] = family[k]
        out["row_corrects"][k] = copy is not None and copy.entry.corrected
        out["row_told"][k] = copy is not None and row.on_list is not None
    told = told_of(stack)
    for s, name, rule in stack.lists:
        for ground in rule.enter if name in told else ():
            if ground.row:
                out["row_copied"][stack.row_index[s, ground.row]] = 1
    return {"row_family": family}


def told_of(stack: Stack) -> frozenset[str]:
    """The lists of entries on which another rule book is told by an entry of sharing."""
    return frozenset(
        row.on_list for copy, (_, _, row) in zip(stack.copies, stack.rows, strict=True) if copy and row.on_list
    )


def sharing(stack: Stack) -> dict[str, Any]:
    """Who finds whose records: how far they follow a resident, after how many months, and which share of them."""
    level, after, cover = (np.zeros((MAX_AUTHORITIES, MAX_AUTHORITIES), np.int64) for _ in range(3))
    level[EVERYBODY, EVERYBODY], cover[EVERYBODY, EVERYBODY] = NATION, Q32
    hashes = np.zeros(MAX_AUTHORITIES, np.uint64)
    hashes[THE_PUBLIC] = luck.purpose_number(PUBLIC)
    for number, (s, name) in enumerate(stack.bodies):
        hashes[2 + number] = addresses.of_authority(stack.regimes[s].authorities[name])
    public = any(rule.kind == "list" and rule.publicity.reach != "none" for _, _, rule in stack.lists)
    for s, regime in enumerate(stack.regimes):
        for one in regime.sharing or ():
            of = stack.channel(s, one) if one.origin else stack.body(s, one.of)
            at = of, stack.body(s, one.to)
            level[at] = NATION if one.within == "nation" else CITY
            after[at] = one.after.months if one.after else 0
            cover[at] = q32(1.0 if one.coverage is None else one.coverage)
            public |= at[1] == THE_PUBLIC
    return {
        "share_level": level,
        "share_after": after,
        "share_cover": cover,
        "body_hash": hashes,
        "bodies": 2 + len(stack.bodies) + len(stack.channels),
        "sharing": int(any(regime.sharing is not None for regime in stack.regimes)),
        "public": int(public),
    }


def lending(stack: Stack) -> dict[str, Any]:
    """How loans are judged, by credit file; a file nothing is said of is refused to nobody."""
    border, share = np.full(N_FILES, _NO_BORDER, np.int64), np.zeros(N_FILES, np.int64)
    lends = np.zeros(max(1, len(stack.rows)), np.int64)
    s = stack.lender
    rules = stack.regimes[s].lending if s is not None else ()
    for one in rules:
        file = FILES.index(one.file)
        if one.below is not None:
            border[file] = one.below * SCALE
        share[file] = q32(one.refused or 0.0)
        for name in one.refused_on:
            assert s is not None
            lends[stack.row_index[s, name]] |= 1 << file
    return {
        "lend_border": border,
        "lend_share": share,
        "row_lends": lends,
        "lending": int(s is not None),
        "lend_scheme": max(0, stack.scheme[s]) if s is not None else 0,
        "lend_body": THE_PUBLIC if s is not None and stack.regimes[s].sharing is not None else EVERYBODY,
    }


def schemes(stack: Stack) -> dict[str, Any]:
    """Scores with their bands and capped parts."""
    start, floor, ceiling, update, grades, follows, body = (np.zeros(MAX_SCHEMES, np.int64) for _ in range(7))
    update[:] = 1
    grade_floor = np.zeros((MAX_SCHEMES, MAX_GRADES), np.int64)
    grade_code = np.full((MAX_SCHEMES, MAX_GRADES), NO_GRADE, np.int64)
    grade_doors = np.zeros((MAX_SCHEMES, MAX_GRADES), np.int64)
    for s, regime in stack.scored:
        score = regime.score
        assert score is not None
        start[s], floor[s], ceiling[s] = score.opening60, (score.floor or 0) * SCALE, (score.ceiling or 0) * SCALE
        update[s] = score.update.months if score.update else 1
        follows[s] = regime.follows == "representative"
        body[s] = stack.body(stack.scheme.index(s), score.authority)
        bands = score.spans()
        grades[s] = len(bands)
        for g, band in enumerate(bands):
            grade_floor[s, g] = band.floor * SCALE
            grade_code[s, g] = NO_GRADE if band.grade is None else band.grade
    for number, (s, _, door) in enumerate(stack.doors):
        score = stack.regimes[s].score
        if door.when.kind != "grade" or score is None or not score.known:
            continue
        at = score.span_of(door.when.name)
        if at is None:
            continue  # nobody can say who has this grade
        chosen = {"exactly": range(at, at + 1), "worse": range(at, len(score.spans())), "better": range(at + 1)}
        for g in chosen[door.when.reach]:
            grade_doors[stack.scheme[s], g] |= 1 << number
    most = np.array([part.most * SCALE for _, part in stack.components] or [0], np.int64)
    lost = np.array([part.kind == "lost" for _, part in stack.components] or [False])
    return {
        "component_scheme": np.array([s for s, _ in stack.components] or [0], np.int64),
        "component_low": np.where(lost, -most, 0),
        "component_high": np.where(lost, 0, most),
        "scheme_follows": follows,
        "scheme_start": start,
        "scheme_floor": floor,
        "scheme_ceiling": ceiling,
        "scheme_update": update,
        "scheme_grades": grades,
        "scheme_body": body,
        "grade_floor": grade_floor,
        "grade_code": grade_code,
        "grade_doors": grade_doors,
    }


def lists(stack: Stack) -> dict[str, Any]:
    """Lists with their grounds, terms and ways out."""
    count = max(1, len(stack.lists))
    out = blank("list_", MAX_LISTS, count)
    hashes = np.zeros(count, np.uint64)
    out["list_most"][:] = NEVER
    out["list_repair_most"][:] = NEVER
    out["list_repair_after"][:] = _FAR
    extends = np.zeros((count, max(1, len(stack.rows))), np.int64)
    grounds: list[list[tuple[int, ...]]] = [[] for _ in range(count)]
    told = told_of(stack)
    for k, (s, name, rule) in enumerate(stack.lists):
        regime = stack.regimes[s]
        hashes[k] = addresses.of_list(rule.kind)
        out["list_scheme"][k] = stack.scheme[s]
        out["list_term"][k] = Term[rule.term.kind.upper()]
        out["list_months"][k] = rule.term.months
        out["list_corrected"][k] = "corrected" in rule.leave
        out["list_performed"][k] = "performed" in rule.leave
        out["list_grace"][k] = rule.grace.months if rule.grace else 0
        out["list_told"][k] = name in told
        out["list_public"][k] = rule.kind == "list" and rule.publicity.reach != "none"
        out["list_body"][k] = stack.body(s, rule.authority)
        out["list_level"][k] = _REACH[rule.publicity.reach]
        repair = next(
            (r for r in (regime.rights.repair.rules if regime.rights.repair else ()) if r.severity == rule.severity),
            None,
        )
        if repair and "repaired" in rule.leave:
            out["list_repair_after"][k] = repair.after.months if repair.after else 0
        if repair and repair.at_most:
            out["list_repair_most"][k] = repair.at_most.months
        retention = regime.rights.retention
        kept = None if retention.while_listed else retention.at_most
        out["list_most"][k] = min(int(out["list_repair_most"][k]), kept.months if kept else NEVER)
        for other in rule.replaces:
            out["list_replaces"][k] |= 1 << stack.list_index[other]
            out["list_shut"][stack.list_index[other]] |= 1 << k
        if rule.extend:
            out["list_by"][k] = rule.extend.by.months if rule.extend.by else 0
            out["list_at_most"][k] = rule.extend.at_most.months if rule.extend.at_most else NEVER
            out["list_restart"][k] = rule.extend.counted == "from the record"
            for name in rule.extend.on:
                extends[k, stack.row_index[s, name]] = 1
        out["list_follows"][k] = regime.follows == "representative"
        kinds = {ground.kind for ground in rule.enter}
        out["list_border"][k] = stack.scheme[s] >= 0 and bool(kinds & {"score", "grade"}) and "stay" not in kinds
        for ground in rule.enter:
            row = stack.row_index[s, ground.row] if ground.row else -1
            acts = stack.rows[row][2].act if ground.row else ()
            for duty, performed in _DUTIES.items():
                out["list_duty"][k] |= duty if set(performed) & set(acts) else 0
            match ground.kind:
                case "score" if stack.scheme[s] >= 0:
                    grounds[k].append((GroundKind.SCORE, ground.border * SCALE, -1, 0, 0))
                case "grade":
                    at = regime.score.span_of(ground.grade) if regime.score and regime.score.known else None
                    if at is not None:
                        grounds[k].append((GroundKind.GRADE, at, -1, 0, 0))
                case "record":
                    grounds[k].append((GroundKind.RECORD, 0, row, 1, 1))
                case "records":
                    grounds[k].append((GroundKind.RECORDS, 0, row, ground.at_least, ground.within))
                case "stay":
                    watched = stack.list_index[ground.list]
                    out["list_watch"][watched] = 1
                    grounds[k].append((GroundKind.STAY, 0, watched, 1, ground.within))
    for number, (_, _, door) in enumerate(stack.doors):
        if door.when.kind == "list":
            out["list_bars" if door.lasts else "list_doors"][stack.list_index[door.when.name]] |= 1 << number
    hindering = {
        door.when.name
        for _, _, door in stack.doors
        if door.when.kind == "list" and door.effect in {"closed", "narrowed"}
    }
    banning = {
        door.when.name
        for _, _, door in stack.doors
        if door.when.kind == "list"
        and door.effect == "closed"
        and door.affects == "self"
        and door.service in _HIGH_SPENDING
    }
    burdens = adverse_lists(stack.regimes)  # being on an honour is not counted as being listed
    adverse = sum(1 << k for k, (_, name, _) in enumerate(stack.lists) if name in burdens)
    start = np.concatenate([[0], np.cumsum([len(part) for part in grounds])]).astype(np.int64)
    flat = np.array([item for part in grounds for item in part] or [(0, 0, -1, 0, 0)], np.int64)
    met = np.zeros(max(1, len(stack.rows)), np.int64)
    for g, (kind, _, row, _, _) in enumerate(flat):
        if kind in (GroundKind.RECORD, GroundKind.RECORDS):
            met[row] |= 1 << g
    return {
        **out,
        "bars": int(out["list_bars"].any()),
        "told_late": int(any(met[k] or extends[:, k].any() for k, (_, _, row) in enumerate(stack.rows) if row.on_list)),
        "row_grounds": met,
        "lists_adverse": adverse,
        "lists_honour": (1 << len(stack.lists)) - 1 & ~adverse,
        "lists_hinder": sum(1 << k for k, (_, name, _) in enumerate(stack.lists) if name in hindering),
        "lists_ban": sum(1 << k for k, (_, name, _) in enumerate(stack.lists) if name in banning),
        "lists_named": sum(1 << k for k in range(len(stack.lists)) if adverse >> k & 1 and out["list_public"][k]),
        "list_hash": hashes,
        "list_extends": extends,
        "ground_start": start,
        "ground_kind": flat[:, 0].copy(),
        "ground_scheme": np.repeat(out["list_scheme"], [len(part) for part in grounds]),
        "ground_value": flat[:, 1].copy(),
        "ground_row": flat[:, 2].copy(),
        "ground_count": flat[:, 3].copy(),
        "ground_window": flat[:, 4].copy(),
    }


def doors(stack: Stack, assumptions: Assumptions) -> dict[str, Any]:
    """Doors by service, those lent by other subjects last, and the needs that meet them."""
    closed, opened, hindered = (np.zeros(len(SERVICES), np.int64) for _ in range(3))
    by_service: list[list[int]] = [[] for _ in SERVICES]
    own = kin = hinder = favour = inspect = 0
    lent = sum(1 << len(stack.doors) + k for k in range(len(stack.lent)))
    count = max(1, len(stack.doors) + len(stack.lent))
    effect, share, times, saves, body, kind, behind, lasts = (np.zeros(count, np.int64) for _ in range(8))
    kind[:] = DoorKind.ELSEWHERE
    for d, (part, _, door) in enumerate(stack.doors):
        body[d] = stack.body(part, door.authority)
        kind[d] = DoorKind[door.when.kind.upper()]
        lasts[d] = door.lasts.months if door.lasts else 0
        match door.when.kind:
            case "grade":
                behind[d] = stack.scheme[part]
            case "list":
                behind[d] = stack.list_index[door.when.name]
            case "record":
                behind[d] = stack.row_index[part, door.when.name]
    for d, door in enumerate([*(door for _, _, door in stack.doors), *stack.lent]):
        bit = 1 << d
        s = SERVICE_INDEX[door.service]
        effect[d] = EFFECTS[door.effect]
        saves[d] = door.saves or 0
        if door.effect == "opened" and door.times is None:
            effect[d] = PRICED  # money and no shorter wait: no green channel
        share[d] = q32(1.0 if door.share is None else door.share)
        times[d] = q8(1.0 if door.times is None else door.times)
        if door.affects in CROSSING and not bit & lent:
            continue  # kept in this file, but it stops somebody else
        by_service[s].append(d)
        if door.affects == "kin":
            kin |= bit
        else:
            own |= bit
        if door.favours and door.affects == "self":
            favour |= bit
        if door.service == INSPECTION:
            inspect |= bit
        if door.effect == "closed":
            closed[s] |= bit
        if effect[d] == OPENED:
            opened[s] |= bit
        if door.effect in {"closed", "narrowed"}:
            hindered[s] |= bit
            hinder |= bit
    service_start, service_doors = ragged(by_service)
    bands = len(AGE_BANDS)
    mine = [v.subject == stack.subject for v in SERVICES]
    needs = np.array([assumptions.get(f"services.{v.id}.need", 0.0) for v in SERVICES]) * mine
    order = np.argsort(-needs, kind="stable")
    cumulated = np.zeros((bands, len(SERVICES)), np.int64)
    for band, name in enumerate(AGE_BANDS):
        factor = (
            assumptions.get(f"age_factors.{name}", 0.0) if stack.subject == "residents" else 1.0
        )  # minors need nothing
        cumulated[band] = np.cumsum([q32(float(needs[s]) * factor) for s in order])
    refusal = np.array(
        [[q32(assumptions.get(f"services.{v.id}.refused.{f}", 0.0)) for f in FILES] for v in SERVICES], np.int64
    )
    lends = np.array(stack.lends or [(0, 0)], np.int64)
    return {
        "lend_from": lends[:, 0].copy(),
        "lend_to": lends[:, 1].copy(),
        "lends": len(stack.lends),
        "doors_lent": lent,
        "doors_inspect": inspect,
        "doors_self": own,
        "doors_kin": kin,
        "doors_hinder": hinder,
        "doors_favour": favour,
        "service_start": service_start,
        "service_doors": service_doors,
        "door_effect": effect,
        "door_share": share,
        "door_times": times,
        "door_body": body,
        "door_kind": kind,
        "door_behind": behind,
        "door_saves": saves,
        "door_lasts": lasts,
        "service_closed": closed,
        "service_opened": opened,
        "service_hindered": hindered,
        "service_domain": np.array([DOMAINS.index(v.domain) for v in SERVICES], np.int64),
        "service_essential": np.array([v.essential and own for v, own in zip(SERVICES, mine, strict=True)], np.int64),
        "service_wait": np.array([int(assumptions.get(f"services.{v.id}.wait", 0)) for v in SERVICES], np.int64),
        "service_gives": np.array([v.id in _GIVES for v in SERVICES], np.int64),
        "service_refusal": refusal,
        "need_services": order,
        "need_cumulated": cumulated,
        **guide("need", cumulated),
        "need_total": cumulated[:, -1].copy(),
    }
