"""What is seen, as plain data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from counterscore.regime.model import Regime
from counterscore.regime.vocabulary import Subject

if TYPE_CHECKING:
    from counterscore.lifefile import Pick
    from counterscore.results import Run
    from counterscore.viewers._file import FileAt

SYNTHETIC = "Synthetic: nobody here is or was a real person or organisation, and no real file was used."


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is seen, or that is not: ``label`` and ``value`` in words, and the rule behind it.

    ``at`` is file:line:column of the rule, ``event`` the number of the event in the life file that shows it, 0 for none.
    """

    label: str
    value: str = ""
    rule: str = ""
    at: str = ""
    source: str = ""
    event: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """Items under a heading; ``words`` say what they are. ``ordered`` ones are a list whose order means something."""

    heading: str
    items: tuple[Item, ...] = ()
    words: str = ""
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """What a viewer sees (``shown``) and what not (``hidden``: the true record, files not shared), at the end of ``month``.

    ``beside`` are sections that stand next to each other, to be compared.
    """

    shown: tuple[Section, ...]
    hidden: tuple[Section, ...] = ()
    beside: tuple[Section, ...] = ()
    note: str = ""
    viewer: str = ""
    title: str = ""
    question: str = ""
    who: str = ""
    called: str = ""
    picked: str = ""
    world: str = ""
    rules: str = ""
    replay: int = 0
    month: str = ""
    at: int = 0
    sentence: str = SYNTHETIC

    def of(self, viewer: Viewer, file: FileAt) -> Seen:
        """The same with who looked at whom, and when."""
        return replace(
            self,
            viewer=viewer.id,
            title=viewer.title,
            question=viewer.question,
            who=file.life.id,
            called=file.life.called,
            picked=file.life.picked.how,
            world=file.lived.world,
            rules=file.lived.title,
            replay=file.life.replay,
            month=file.life.month(file.month),
            at=file.month,
        )

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {"synthetic": True, **asdict(self)}


def _always(_: Regime) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who looks at subjects of one kind. ``needs`` says which rules it takes for there to be anything to see."""

    id: str
    title: str
    question: str
    about: Subject
    order: int
    look: Callable[[FileAt], Seen]
    applies: Callable[[Regime], bool] = field(default=_always)
    needs: str = ""
    somebody: Callable[[Run], Pick] | None = (
        None  #: who is shown where nobody is asked for; the middle one, unless given
    )
