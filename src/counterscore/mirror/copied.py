"""Fields that a publisher fills from another field: told over all bodies, before any measure is made.

"Paid on time: 100 %" is a property of the export where the due date is copied from the day of payment. Two fields
that are equal nearly always carry no information about each other, whoever wrote them. Thresholds are ours.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from counterscore.mirror.facts import KNOWN

EQUAL_SHARE = 0.95  #: of pairs that are equal, from which the pair is taken to be copied …
FEWEST_PAIRS = 10  #: … where there are so many
FEWEST_CONSTANT = 30  #: values that are nearly all the same, from which the field is taken to be filled by rule
_ORDINARY = frozenset({"complete", "valid"})  #: a status that nearly all may honestly have


@dataclass
class Pair:
    """How often two fields could be compared and were equal."""

    n: int = 0
    equal: int = 0

    def add(self, equal: bool) -> None:
        self.n += 1
        self.equal += equal

    @property
    def copied(self) -> bool:
        return self.n >= FEWEST_PAIRS and self.equal >= EQUAL_SHARE * self.n


@dataclass
class Copies:
    """The pairs and constants of one reading, collected row by row."""

    due: Pair = field(default_factory=Pair)
    price: Pair = field(default_factory=Pair)
    told: Pair = field(default_factory=Pair)
    listed: Pair = field(default_factory=Pair)  #: tenderers the same as suppliers
    strangers: Pair = field(default_factory=Pair)  #: no supplier among the tenderers
    offsets: Counter[int] = field(default_factory=Counter)
    told_on: Counter[int] = field(default_factory=Counter)
    award_days: Counter[int] = field(default_factory=Counter)
    bidders: Counter[int] = field(default_factory=Counter)
    tender_status: Counter[str] = field(default_factory=Counter)
    contract_status: Counter[str] = field(default_factory=Counter)
    bid_status: Counter[str] = field(default_factory=Counter)
    restated: Pair = field(default_factory=Pair)  #: ends told more than once that never moved
    repriced: Pair = field(default_factory=Pair)
    awards: int = 0

    def process(self, row: dict[str, Any]) -> None:
        if row["told_days"] is not None and row["told_state"] == KNOWN:
            self.told.add(row["told_days"] == 0)
            _bounded(self.offsets, row["told_days"])
            _bounded(self.told_on, row["told"] // 86_400)
            _bounded(self.award_days, row["award_date"] // 86_400)
        if row["awarded"]:
            self.awards += 1
            if row["bidders_state"] in {KNOWN, "contradictory"}:
                _bounded(self.bidders, row["bidders"] or 0)
            if row["overlap"]:
                self.listed.add(row["overlap"] == "same")
                self.strangers.add(row["overlap"] == "none")
        self.bid_status.update(row["bid_codes"])
        if row["status_state"] == KNOWN:
            self.tender_status[row["status"]] += 1

    def contract(self, row: dict[str, Any]) -> None:
        amount, award = row["amount_last"], row["award_amount"]
        if amount is not None and award is not None and row["award_contracts"] == 1:
            if not row["currency"] or not row["award_currency"] or row["currency"] == row["award_currency"]:
                self.price.add(round(amount * 100) == round(award * 100))
        if row["status_state"] == KNOWN:
            self.contract_status[row["status"]] += 1
        if row["end_n"] > 1 and row["end_slip"] is not None:
            self.restated.add(row["end_slip"] == 0)
        if row["amount_n"] > 1 and row["amount_last"] is not None:
            self.repriced.add(row["amount_first"] == row["amount_last"])

    def payment(self, row: dict[str, Any]) -> None:
        if row["equals_due"] is not None:
            self.due.add(row["equals_due"])

    def findings(self) -> list[dict[str, Any]]:
        """What is copied, each with the sentence that is printed where a measure is refused."""
        found: list[dict[str, Any]] = []

        def say(name: str, fields: str, equal: int, of: int, sentence: str) -> None:
            found.append({"name": name, "fields": fields, "equal": equal, "of": of, "sentence": sentence})

        for name, pair, fields, words in (
            ("due", self.due, "milestones.dueDate, transactions.date", "the due date equals a day of payment in {} of {}: nothing can be seen of delay"),
            ("price", self.price, "contracts.value, awards.value", "contract value equals award value in {} of {}: nothing can be seen"),
            ("told", self.told, "date, awards.date", "the release is dated as the award in {} of {}: nothing can be seen of when it was published"),
            ("tenderers", self.listed, "tender.tenderers, awards.suppliers", "the tenderers are the suppliers in {} of {}: losers are not listed"),
            ("placeholder", self.strangers, "tender.tenderers, awards.suppliers", "no supplier is among the tenderers in {} of {}: the list is a placeholder"),
        ):  # fmt: skip
            if pair.copied:
                say(name, fields, pair.equal, pair.n, words.format(pair.equal, pair.n))
        self._by_rule(say)
        return found

    def _by_rule(self, say: Any) -> None:
        dated = self.offsets.total()
        if not self.told.copied and dated >= FEWEST_PAIRS:
            days, most = _commonest(self.offsets)
            if most >= EQUAL_SHARE * dated:
                say(
                    "told",
                    "date, awards.date",
                    most,
                    dated,
                    f"the release follows the award by {days} days in {most} of {dated}: a date by rule",
                )
            _, same = _commonest(self.told_on)
            if same >= EQUAL_SHARE * dated and len(self.award_days) > 1 and most < EQUAL_SHARE * dated:
                say(
                    "told",
                    "date",
                    same,
                    dated,
                    f"{same} of {dated} releases have one date: the day of an export, not of publication",
                )
        numbered = self.bidders.total()
        if numbered >= FEWEST_CONSTANT and len(self.bidders) == 1:
            value = next(iter(self.bidders))
            say(
                "bidders",
                "tender.numberOfTenderers",
                numbered,
                numbered,
                f"numberOfTenderers is {value} in {numbered} of {numbered} awarded processes: nothing can be seen",
            )
        for name, counts, path in (
            ("tender status", self.tender_status, "tender.status"),
            ("contract status", self.contract_status, "contracts.status"),
            ("bid status", self.bid_status, "bids.details.status"),
        ):
            of = counts.total()
            if of < FEWEST_CONSTANT:
                continue
            status, most = _commonest(counts)
            if most == of or (most >= EQUAL_SHARE * of and status not in _ORDINARY):
                say(
                    name,
                    path,
                    most,
                    of,
                    f'{path} is "{status}" in {most} of {of}: it is not kept up, and nothing can be seen',
                )

    def warnings(self) -> list[str]:
        """What is not refused and still may be an artefact."""
        told = []
        if self.restated.n >= FEWEST_PAIRS and self.restated.equal == self.restated.n:
            told.append(
                f"no end moved in {self.restated.n} contracts told more than once: promises were kept, "
                "or the newest date is written into every version"
            )
        if self.repriced.n >= FEWEST_PAIRS and self.repriced.equal == self.repriced.n:
            told.append(
                f"no value changed in {self.repriced.n} contracts told more than once: prices were kept, "
                "or the newest value is written into every version"
            )
        return told


def _bounded(counts: Counter[int], value: int) -> None:
    """Count a value, of so many different ones that memory does not grow; more would never be a constant."""
    if value in counts or len(counts) < 50_000:
        counts[value] += 1


def _commonest(counts: Counter[Any]) -> tuple[Any, int]:
    return max(counts.items(), key=lambda one: (one[1], str(one[0])))
