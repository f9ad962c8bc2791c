"""What was measured of real bodies, as assumptions for synthetic ones: the two systems meet.

In the engine a body pays what is due in a month with one chance, at its date and again in every month after. So the
share that is not paid in its month is all that can be handed over: r = 1 - share later than 30 days = keep x
(1 - stress). A measured share fixes the product alone; which of the two factors is moved is said in the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from counterscore.errors import UsageError
from counterscore.mirror.evaluate import ALL, FEWEST_PRINTED, Evaluation
from counterscore.mirror.intervals import late_after, wilson
from counterscore.mirror.measures import Measure, Rows, find_measure

MONTH = 30  #: days; what the engine can tell
_MOST_KEEP = 0.95  #: the top of the range that the model's own assumption has


@dataclass(frozen=True)
class Measured:
    """Lateness of one kind of bodies: share later than a month, with its interval, days, and what it rests on."""

    kind: str
    share: float
    low: float
    high: float
    days: float
    n: int
    eligible: int


@dataclass(frozen=True)
class Derived:
    """One assumption as derived, with its range and arithmetic."""

    path: str
    value: float
    low: float
    high: float
    note: str


def lateness(evaluation: Evaluation) -> tuple[Measure, list[Measured]]:
    """Lateness by kind of body (of the register), all bodies first: from payments, else from ends of contracts.

    Raises ``UsageError`` where neither can be computed.
    """
    reasons = []
    for id_ in ("M3", "M1"):
        measure = find_measure(id_)
        refused = measure.refused(evaluation.facts)
        found = [] if refused else _by_kind(evaluation, measure)
        if found and found[0].kind == ALL:
            return measure, found
        cell = evaluation.cell(measure)
        reasons.append(f"{id_} {measure.title}: {refused or cell.why}")
    raise UsageError(
        "nothing was measured that the synthetic bodies could take over", suggestion="; ".join(reasons) + "."
    )


def _by_kind(evaluation: Evaluation, measure: Measure) -> list[Measured]:
    kinds = {one["label"]: one["kind"] for one in evaluation.facts.record["bodies"] if one["kind"]}
    rows = evaluation.rows(measure)
    of = np.array([kinds.get(body, "") for body in rows.body], dtype=object)
    groups = [(ALL, rows), *((kind, rows.where(of == kind)) for kind in sorted(set(kinds.values())))]
    return [_measured(kind, measure, mine) for kind, mine in groups if mine.counted.sum() >= FEWEST_PRINTED]


def _measured(kind: str, measure: Measure, rows: Rows) -> Measured:
    used = rows.where(rows.counted)
    n = len(used)
    if measure.id == "M3":
        delays, unpaid = used.more["delay"].astype(np.float64), used.more["unpaid"].astype(np.bool_)
        share = late_after(delays, unpaid, MONTH)
        late = delays[delays > 0]
    else:
        slips = np.where(used.more["option"] | used.more["declared"], 0, used.more["slip"])
        share = float((slips > MONTH).mean())
        late = slips[slips > 0].astype(np.float64)
    low, high = wilson(round(share * n), n)
    return Measured(kind, share, low, high, float(np.median(late)) if len(late) else 0.0, n, len(rows))


def derived(measured: list[Measured], stress: float) -> list[Derived]:
    """``bodies.keep``, and ``bodies.stress`` with its spreads where ``keep`` alone would have to be above 0.95.

    The range runs over the intervals of all kinds of bodies.
    """
    head = measured[0]
    low, high = min(one.low for one in measured), max(one.high for one in measured)
    paid, least, most = 1 - head.share, 1 - high, 1 - low
    words = (
        f"share later than {MONTH} days {head.share:.3f} ({low:.3f} to {high:.3f}), n = {head.n:,} of {head.eligible:,}"
    )
    keep = paid / (1 - stress)
    if keep <= _MOST_KEEP:
        top = max(keep, min(1.0, most / (1 - stress)))
        return [
            Derived(
                "bodies.keep",
                keep,
                least / (1 - stress),
                top,
                f"(1 - share) / (1 - {stress:g}), stress as assumed; {words}",
            )
        ]
    keep = max(_MOST_KEEP, paid)
    left = 1 - paid / keep
    held = f"held at {keep:.3f}, since stress of {stress:g} would not let so much be paid; {words}"
    # Good and bad years go either way; wider than the stress itself they would only add to it.
    narrow = f"half of the stress, so that good and bad years cancel out; {words}"
    top = 1 - least / keep
    return [
        Derived("bodies.keep", keep, min(_MOST_KEEP, least), max(keep, most), held),
        Derived("bodies.stress", left, max(0.0, 1 - most / keep), top, f"1 - (1 - share) / {keep:.3f}; {words}"),
        *(Derived(f"bodies.{one}", left / 2, 0.0, top / 2, narrow) for one in ("year_spread", "district_spread")),
    ]


def as_file(evaluation: Evaluation, stress: float) -> str:
    """A file of assumptions for ``counterscore run government-integrity --assumptions FILE``."""
    measure, measured = lateness(evaluation)
    record = evaluation.facts.record
    source = record["source"]
    what = (
        "payments after their due date"
        if measure.id == "M3"
        else "ends of contracts behind the first promised end, as a stand-in for payments"
    )
    mean = (1 - measured[0].share) and measured[0].share / max(1e-9, 1 - measured[0].share)
    lines = [
        "format: 1",
        "kind: assumptions",
        "id: measured-arrears",
        f"title: {_text('Arrears as measured: ' + source['publisher'])}",
        "about: >-",
        f"  Lateness of real public bodies, from {what}, for synthetic ones. It says nothing about any body of a city, and a",
        "  run with it repeats it: promises kept on time and days of arrears are echoes of this file.",
        "  The engine counts in months: what is late is paid with the same chance in every month after, so its mean",
        f"  delay is {mean:.2f} months over all, whatever was measured (median of the late: {measured[0].days:,.0f} days).",
        "sources:",
        "  mirror:",
        f"    title: {_text(source['publisher'] + ', read by counterscore mirror; cut-off ' + source['cut_off'])}",
        "    kind: official figure",
        f"    address: {_text(source['address'])}",
        f"    note: {_text('licence: ' + source['licence'] + '; measure ' + measure.id + ' ' + measure.title)}",
        "values:",
    ]
    for one in derived(measured, stress):
        lines += [
            f"  {one.path}:",
            f"    {{value: {one.value:.4f}, low: {one.low:.4f}, high: {one.high:.4f}, source: mirror, mark: derived,",
            f"     note: {_text(one.note)}}}",
        ]
    lines.append("measured:  # what the values rest on, by kind of body")
    for row in measured:
        lines.append(
            f"  - {{of: {_text(row.kind)}, measure: {measure.id}, later_than_days: {MONTH}, share: {row.share:.4f}, low: {row.low:.4f}, "
            f"high: {row.high:.4f}, median_days_of_the_late: {row.days:.0f}, n: {row.n}, eligible: {row.eligible}, "
            f"coverage: {row.n / row.eligible:.4f}}}"
        )
    return "\n".join(lines) + "\n"


def _text(raw: Any) -> str:
    """A text in YAML, quoted."""
    import json

    return json.dumps(str(raw), ensure_ascii=False)
