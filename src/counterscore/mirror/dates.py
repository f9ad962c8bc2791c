"""Dates as instants: zones are read, a date without a time is the end of its day, and differences are whole days."""

from __future__ import annotations

import contextlib
import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

DAY = 86_400
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_TIME = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?[ ]?([Zz]|[+-]\d{2}:?\d{2}|[+-]\d{2})?"
)
_EPOCH = date(1970, 1, 1).toordinal()


class Instant(NamedTuple):
    """Seconds since 1970 (of the first second of the day where only a date is known)."""

    at: int
    whole_day: bool

    @property
    def order(self) -> int:
        """Where it stands in time: a whole day at its end."""
        return self.at + DAY - 1 if self.whole_day else self.at

    @property
    def year(self) -> int:
        return (datetime(1970, 1, 1) + timedelta(seconds=self.at)).year


@lru_cache(maxsize=65_536)
def read_instant(text: str) -> Instant | None:
    """The instant that ``text`` names; None where it is not a date. A time without a zone is taken as UTC."""
    text = text.strip()
    if len(text) == 20 and text[4::3] == "--T::Z" and text[11:13] != "24":  # as nearly all are written
        with contextlib.suppress(ValueError):
            return Instant(_seconds(datetime.fromisoformat(text)), False)
    if (found := _DATE.fullmatch(text)) is not None:
        try:
            day = date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            return None
        return Instant((day.toordinal() - _EPOCH) * DAY, True)
    if (found := _TIME.fullmatch(text)) is None:
        return None
    try:
        year, month, day_, hour, minute = (int(found[n]) for n in range(1, 6))
        moment = datetime(year, month, day_, hour, minute, min(59, int(found[6] or 0)))
    except ValueError:
        return None
    return Instant(_seconds(moment) - _offset(found[7]), False)


def _seconds(moment: datetime) -> int:
    return (moment.toordinal() - _EPOCH) * DAY + moment.hour * 3600 + moment.minute * 60 + moment.second


def _offset(zone: str | None) -> int:
    if not zone or zone in "Zz":
        return 0
    digits = zone[1:].replace(":", "")
    seconds = int(digits[:2]) * 3600 + int(digits[2:] or 0) * 60
    return -seconds if zone[0] == "-" else seconds


def instant_of(raw: Any) -> Instant | None:
    """The instant of a published value; None for anything but a date in text."""
    return read_instant(raw) if isinstance(raw, str) else None


def days_between(first: Instant, last: Instant) -> int:
    """Whole days from ``first`` to ``last``.

    Two dates: the difference. Two instants: rounded, so that summer time makes no day. A date and an instant: the
    days between the instant and that day, 0 where the instant lies in it, since no more is known.
    """
    if first.whole_day == last.whole_day:
        gap = last.at - first.at
        return gap // DAY if first.whole_day else round(gap / DAY)
    if first.whole_day:
        return -days_between(last, first)
    if last.at <= first.at < last.at + DAY:
        return 0
    return -(-(last.at - first.at) // DAY) if last.at > first.at else (last.at + DAY - first.at) // DAY


def whole_days(first: Instant, last: Instant) -> int:
    """Days that are over from ``first`` to a later ``last``: of two instants the last day counts only if it is whole."""
    return days_between(first, last) if first.whole_day or last.whole_day else (last.at - first.at) // DAY


def whole_years(first: Instant, last: Instant) -> int:
    """How many whole years lie between, give or take a day; 0 where it is not a whole number of years."""
    gap = days_between(first, last)
    years = round(gap / 365.25)
    if years < 1:
        return 0
    start = datetime(1970, 1, 1) + timedelta(seconds=first.at)
    try:
        then = start.replace(year=start.year + years)
    except ValueError:  # the 29th of February
        then = start.replace(year=start.year + years, day=28)
    return years if abs((then - start).days - gap) <= 1 else 0


def day_text(at: int | None) -> str:
    """The day of an instant in seconds, as 2018-01-31."""
    if at is None:
        return ""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(at))).date().isoformat()
