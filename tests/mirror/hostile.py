"""Releases in which anything may be odd: the same few ids, days and words again and again, so that they meet."""

from __future__ import annotations

from random import Random
from typing import Any

Raw = dict[str, Any]

DATES = (
    *("2016-01-05T10:00:00Z", "2016-01-05", "2016-03-01T00:00:00+02:00", "2016-02-29", "2017-02-28"),
    *("2018-02-28T23:59:59Z", "2019-06-30", "2020-01-01T00:00:00Z", "2016-01-05T23:00:00-05:00"),
)
BAD_DATES = ("3014-01-01", "1959-01-01", "2016-13-40", "2050-12-31", "2051-01-01", "2016-05", "soon", " 2016-01-05 ")
ODD = (
    *(None, "", 0, 1, -1, True, False, 1.0, 2.5, -0.0, "x", "1 234,50", "12.5", "-3", "{}", {"a": 1}, [1]),
    *(2**31, 2**60, 2**70, 1e20, 1e300, "NaN", "2018-01-01"),
)
WORDS = ("active", "complete", "Active", "terminated", "cancelled", "pending", "unsuccessful", "withdrawn", "planned")
FIRMS: tuple[Raw, ...] = tuple({"id": str(k), "name": f"Firm {k} Ltd"} for k in range(6))
ODD_FIRMS: tuple[Raw, ...] = (
    {"id": "1", "name": ""},
    {},
    {"identifier": {"scheme": "X", "id": "9"}, "name": "Firm. 9"},
)

#: In what ways the releases of a process may not go together.
WAYS = ("currency", "award", "contract", "compiled", "instant", "date", "id", "awards", "contracts", "bids", "repeat")


class Hostile:
    """Draws releases; ``wild`` is how often a value is odd, ``loose`` how many processes' releases do not go together, each in one way."""

    def __init__(self, luck: Random, wild: float, loose: float = 0.0) -> None:
        self._luck, self._wild, self._apart, self._way = luck, wild, loose, ""

    def releases(self, processes: int) -> list[Raw]:
        out: list[Raw] = []
        for number in range(processes):
            out += self._process(number)
        if self._apart or self._odd(2):
            self._luck.shuffle(out)
        return out

    def _odd(self, times: float = 1.0) -> bool:
        return self._luck.random() < self._wild * times

    def _loose(self, way: str) -> bool:
        return self._way == way and self._luck.random() < 0.5

    def _one(self, *of: Any) -> Any:
        return self._luck.choice(of)

    def _date(self) -> Any:
        return self._one(*DATES, *BAD_DATES, *ODD) if self._odd() else self._one(*DATES)

    def _word(self) -> Any:
        return self._one(*WORDS, "LOCAL", "", None, 3) if self._odd() else self._one(*WORDS[:2], "active", *WORDS[3:5])

    def _money(self) -> Raw:
        amount = self._one(*ODD) if self._odd() else self._one(0, 1, 10, 1000.5, 99.99, 2**53)
        return {
            "amount": amount,
            "currency": self._one("eur", "USD", None) if self._odd() or self._loose("currency") else "EUR",
        }

    def _firm(self) -> Raw:
        firm: Raw = self._one(*FIRMS, *ODD_FIRMS) if self._odd() else self._one(*FIRMS)
        return firm

    def _period(self) -> Raw:
        # Mostly in order, or nothing else would be met.
        start, end = (
            (self._one(*DATES[:4]), self._one(*DATES[4:8])) if self._one(1, 1, 1, 0) else (self._date(), self._date())
        )
        return {"startDate": start, "endDate": end, "maxExtentDate": self._one(None, self._date())}

    def _done(self) -> Raw:
        ids, kinds = ("1", "2", "3", None, ""), ("payment", "delivery", "Payment", None)
        paid = [
            {"id": self._one(*ids), "date": self._date(), "value": self._money()} for _ in range(self._one(0, 1, 3))
        ]
        due = [
            {
                "id": self._one(*ids),
                "type": self._one(*kinds),
                "status": self._one("met", "notMet", "scheduled", "cumplido", None),
                "dueDate": self._date(),
                "dateMet": self._one(None, None, self._date()),
            }
            for _ in range(self._one(0, 1, 3))
        ]
        return {"transactions": paid, "milestones": due}

    def _process(self, number: int) -> list[Raw]:
        self._way = self._one(*WAYS) if self._luck.random() < self._apart else ""
        name = f"Ministry of Works {number % 5}"
        buyers: tuple[Raw, ...] = (
            {"id": f"B{number % 5}", "name": name},
            {"name": "Juan Perez"},
            {"id": "x"},
            {},
            {"name": f"{name}."},
        )
        same = {"ocid": self._one("", None, 7) if self._odd(0.2) else f"p{number:04d}", "buyer": self._one(*buyers)}
        bidders = self._one(*ODD) if self._odd() else self._one(0, 1, 2, 3)
        tender = {
            "status": self._word(),
            "procurementMethod": self._one("open", "Open", "licitacion" if self._odd() else "limited"),
        }
        tender |= {"numberOfTenderers": bidders, "tenderPeriod": self._period()}
        tender["tenderers"] = self._one(None, [], [self._firm(), self._firm()], [self._firm()])
        award = {
            "id": self._one("a1", "", None, 1),
            "status": self._word(),
            "date": self._date(),
            "value": self._money(),
        }
        award["suppliers"] = [self._firm() for _ in range(self._one(0, 1, 2))]
        contract = {"id": self._one("c1", "", None, 2), "awardID": self._one("a1", None, "zz", award["id"])}
        contract |= {
            "status": self._word(),
            "dateSigned": self._date(),
            "period": self._period(),
            "value": self._money(),
        }
        out: list[Raw] = []
        for told in range(self._one(1, 1, 2, 3, 5)):
            tender = {**tender, "status": self._one(tender["status"], self._word())}
            changes: tuple[Raw, ...] = (
                {},
                {},
                {"period": self._period()},
                {"value": self._money()},
                {"status": self._word()},
                {"implementation": self._done()},
            )
            contract = {
                **contract,
                **self._one(*changes),
                **self._one({}, {}, {"amendments": [{"id": self._one("1", None), "date": self._date()}]}),
            }
            award = {
                **award,
                **self._one({}, {}, {}, {"date": self._date()}, {"value": self._money(), "suppliers": [self._firm()]}),
            }
            if self._loose("award"):
                award = {**award, "id": self._one("a9", "a1")}
            if self._loose("contract"):
                contract = {**contract, "id": self._one("c9", "c1")}
            tag = (
                "compiled" if self._loose("compiled") else self._one("tender", "award", "contract", "contractAmendment")
            )
            when = f"{2016 + told}-01-1{self._one(*range(9))}T12:00:0{self._one(*range(9))}Z"
            if self._loose("instant"):
                when = "2017-01-11T12:00:00Z"
            if self._odd() or self._loose("date"):
                when = self._one(self._date(), None)
            id_ = self._one("same", "", None) if self._loose("id") else f"{number}-{told}"
            one = {**same, "id": id_, "date": when, "tag": [tag]}
            one |= self._one({"tender": tender}, {"tender": tender}, {})
            one |= self._one(
                {"awards": [award, {**award, "id": "b7"}] if self._loose("awards") else [award]},
                {"awards": [award]},
                {},
            )
            several = [contract, {**contract, "id": "d7", "awardID": None}]
            one |= self._one(
                {"contracts": several if self._loose("contracts") else several[:1]}, {"contracts": several[:1]}, {}
            )
            if self._loose("bids"):
                one["bids"] = {"details": [{"id": "1", "status": self._one("valid", "disqualified", "foo", None)}]}
            out += [one, one] if self._loose("repeat") else [one]
        return out
