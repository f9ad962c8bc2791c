"""A subdistrict in one world and replay between two months: its arrays, and room for papers and letters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from counterscore.engine import layout
from counterscore.engine.kernel import readable
from counterscore.engine.steps.papers import copy_files

INBOX = 64
_SPARE_PAPERS = 6  #: one free place for so many residents whenever papers run short
Records = npt.NDArray[Any]


@dataclass
class Place:
    """A subdistrict in one world and replay, between two months."""

    residents: Records  # layout.RESIDENT
    watch: Records  # layout.WATCH
    papers: Records  # layout.PAPER
    inbox: tuple[Records, Records]  # layout.LETTER: this month's, next month's
    space: Any  # layout.SPACE
    lives: Any  # city.generations.Generations
    month: int = 0
    at: int = -1
    kept: int = 0  # papers a year ago
    turned: int = -1  #: the January that ``turn_year`` was last called for
    private: Records = field(default_factory=lambda: np.zeros(0, layout.PRIVATE))  #: no rows where nothing needs it
    known: Records = field(default_factory=lambda: np.zeros(0, layout.KNOWN))  #: what weighted scores know
    minglers: Records = field(default_factory=lambda: np.zeros(0, layout.MINGLER))  #: laid out anew each year
    departed: list[tuple[Any, Any, dict[str, Any]]] = field(default_factory=list)  #: places, generations, outcomes
    firms: Firms | None = None  # None where no rule book of the run is about firms or bodies
    bodies: Bodies | None = None  # None where none is about bodies
    earlier: tuple[tuple[int, Any], ...] = ()  #: plans before the last rule book is adopted, and when each ends

    def bytes_per_resident(self) -> float:
        """Memory held for each resident, in bytes."""
        held = [self.residents, self.watch, self.private, self.known, self.papers, *self.inbox, *self.lives.columns()]
        return float(sum(part.nbytes for part in held)) / max(1, len(self.residents))


@dataclass
class Firms:
    """The firms of a subdistrict: their plan, their files in the records that residents have too, the rest."""

    plan: Any  # layout.PLAN, compiled for firms
    files: Place
    own: Records  # layout.FIRM
    staff: Records  # layout.STAFF


@dataclass
class Bodies:
    """The public bodies of a subdistrict: their plan, their files, what only they have, and what they signed."""

    plan: Any  # layout.PLAN, compiled for bodies
    files: Place
    own: Records  # layout.BODY
    contracts: Records  # layout.CONTRACT
    officials: Records  # layout.OFFICIAL, with room for those of the year to come
    pool: Records  # layout.STAFF: who may become an official

    def in_office(self) -> Records:
        """Everybody who holds or held a post here, in the order in which they came."""
        return self.officials[: int(self.files.space.officials)]

    def make_room(self, januaries: int) -> None:
        """Free rows for all who may come into office in so many Januaries: two for each body."""
        wanted = int(self.files.space.officials) + 2 * len(self.own) * januaries
        if len(self.officials) < wanted:
            more = np.zeros(wanted - len(self.officials), layout.OFFICIAL)
            self.officials = np.concatenate([self.officials, more])


def new_place(plan: Any, files: Records, watch: Records, first: int, lives: Any = None) -> Place:
    """``files`` with room for papers and letters; ``first`` is the number of the first of them."""
    capacity = int(plan.reserve) + len(files) // _SPARE_PAPERS
    space = np.zeros(1, layout.SPACE).view(np.recarray)[0]
    space.first = first
    space.room = capacity
    inbox = (np.zeros(INBOX + int(plan.reserve), layout.LETTER), np.zeros(INBOX + int(plan.reserve), layout.LETTER))
    return Place(files, watch, free_papers(capacity), inbox, space, lives)


def free_papers(capacity: int, first: int = 0) -> Records:
    """Free places for papers, chained one after another; ``first`` is the number of the first of them."""
    papers = np.zeros(capacity, layout.PAPER)
    papers["next"] = np.arange(first + 1, first + capacity + 1, dtype=np.int32)
    return papers


def grow(place: Place, reserve: int) -> None:
    """Enlarge papers and inbox where they run short; new places go to the head of the free chain."""
    space = place.space
    if space.room < reserve:
        was = len(place.papers)
        more = free_papers(_spare(place, reserve), was)
        more["next"][-1] = space.free if space.room else was + len(more)
        place.papers = np.concatenate([place.papers, more])
        space.free = was
        space.room += len(more)
    if len(place.inbox[1]) - space.inbox_next < reserve:
        size = 2 * len(place.inbox[1])
        now, after = (np.resize(part, size) for part in place.inbox)
        place.inbox = (now, after)


def tidy(place: Place, reserve: int) -> None:
    """Lay each resident's papers side by side, so that a file is read from one place, with room for a year."""
    used = len(place.papers) - int(place.space.room)
    room = max(_spare(place, reserve), (used - place.kept) * 9 // 8 + reserve)  # as many more as last year
    papers = free_papers(used + room)
    copy_files(readable(place.residents), readable(place.papers), readable(papers))
    place.papers = papers
    place.kept = used
    place.space.room = room
    place.space.free = used


def _spare(place: Place, reserve: int) -> int:
    return max(reserve, len(place.residents) // _SPARE_PAPERS)


def nobody() -> Place:
    """A place in which nobody lives."""
    none = np.zeros(0, layout.RESIDENT), np.zeros(0, layout.WATCH)
    space = np.zeros(1, layout.SPACE).view(np.recarray)[0]
    return Place(*none, free_papers(0), (np.zeros(0, layout.LETTER), np.zeros(0, layout.LETTER)), space, None)


def no_firms(plan: Any) -> Firms:
    """Firms where none live."""
    return Firms(plan, nobody(), np.zeros(0, layout.FIRM), np.zeros(0, layout.STAFF))


def no_bodies(plan: Any) -> Bodies:
    """Public bodies where none live."""
    none = (np.zeros(0, kind) for kind in (layout.BODY, layout.CONTRACT, layout.OFFICIAL, layout.STAFF))
    return Bodies(plan, nobody(), *none)
