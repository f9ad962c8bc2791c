"""Doors come into force and go out of it."""

from __future__ import annotations

from counterscore.regime.effects import in_words
from counterscore.regime.ledger.file import File
from counterscore.regime.ledger.kept import Kept, is_of
from counterscore.regime.model import Door
from counterscore.regime.vocabulary import service

_FOR_WHOM = {
    "kin": "for the next of kin, ",
    "firm": "for the firms of this representative, ",
    "firm head": "for the representative, ",
    "official": "for the leading official, ",
}


class Doors(File):
    """Step 7: doors are in force while their grade, list or record is, or for a time of their own."""

    def _move_doors(self) -> None:
        was, self._in_force = self._in_force, {}
        moved = []
        for book, regime in enumerate(self._books):
            for place, door in enumerate(regime.doors):
                holds, cause = self._holds(book, door)
                if holds:
                    self._in_force[door.id] = door
                if holds != (door.id in was):
                    self._behind[door.id] = cause or self._behind.get(door.id)
                    moved.append((book, place, door))
        for book, place, door in moved:
            now = "is" if door.id in self._in_force else "is no longer"
            kin = _FOR_WHOM.get(door.affects, "")
            effect = in_words(door, "step") if door.id in self._in_force else door.effect
            what = f"{kin}{service(door.service).label} {now} {effect} ({door.trigger})."
            self._note(what, self._behind[door.id], door.id, in_words(door, "step"), book, "doors", place)

    def _holds(self, book: int, door: Door) -> tuple[bool, Kept | None]:
        """Whether the door is in force, and the record behind that, where it is known."""
        when = door.when
        if door.lasts:
            bars = [one for one in self._bars.get(door.id, ()) if self._now < one.ends]
            return bool(bars), bars[-1].stay.cause if bars else None
        if when.kind == "list":
            stay = self._stays.get(when.name)
            return stay is not None, stay.cause if stay else None
        if when.kind == "record":
            mine = [kept for kept in self._file if is_of(kept, book, when.name) and kept.counts(self._now)]
            found = [kept for kept in mine if self._found(kept, door.authority) <= self._now]
            return bool(found), found[-1] if found else None
        standing, score = self._standings[book], self._books[book].score
        at = score.span_of(when.name) if standing and score else None
        if standing is None or at is None:
            return False, None
        reaches = {
            "exactly": standing.band == at,
            "worse": standing.band >= at,
            "better": standing.band <= at,
        }
        return reaches[when.reach], standing.cause
