"""What a section of a report is, and what it is made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from counterscore.claims import Found
from counterscore.regime.model import Regime
from counterscore.report import law
from counterscore.report.figures import Chosen, Figure, figures_of
from counterscore.results import Run
from counterscore.results.rules import regime_of

Template = Literal["research", "assessment", "brief", "classroom"]
#: Templates with the title of each.
TEMPLATES: dict[Template, str] = {
    "research": "Report",
    "assessment": "Annex to an impact assessment",
    "brief": "Brief",
    "classroom": "Class sheet",
}
LONG: tuple[Template, ...] = ("research", "assessment")
ALL: tuple[Template, ...] = ("research", "assessment", "brief", "classroom")


@dataclass(frozen=True, eq=False)
class Reported:
    """One run in a report. ``prefix`` goes before the ids of its parts, so that they are its own; ``asked`` says
    under which law its rule books are read.
    """

    run: Run
    template: Template
    prefix: str = ""
    asked: law.Asked = law.USUAL

    @property
    def record(self) -> dict[str, Any]:
        """The record of the run."""
        return self.run.record

    @cached_property
    def regimes(self) -> tuple[tuple[dict[str, Any], Regime], ...]:
        """The worlds of the record, each with its rule book."""
        return tuple((world, regime_of(world)) for world in self.record["worlds"])

    @cached_property
    def _figures(self) -> dict[str, list[Figure]]:
        return {}

    def figures(self, *names: str) -> list[Figure]:
        """The figures of the charts called so, without those that this run has nothing for."""
        for name in names:
            if name not in self._figures:
                self._figures[name] = figures_of(self.run, name, self.template, self.prefix)
        return [one for name in names for one in self._figures[name]]

    def drawn(self) -> list[Figure]:
        """All figures that were asked for so far, in that order."""
        return [one for some in self._figures.values() for one in some]


@dataclass(frozen=True, eq=False)
class Report:
    """All that a report is about. ``command`` makes it again; ``notes`` are the controller's words, by question,
    ``collected`` the charts and files that were chosen for it, as ``figures.Chosen`` reads them.
    """

    template: Template
    runs: Sequence[Reported]
    claims: Sequence[Found] = ()
    command: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)
    collected: Sequence[Chosen] = ()

    @property
    def partial(self) -> bool:
        """Whether any run is."""
        return any(one.run.partial for one in self.runs)


@dataclass(frozen=True)
class Section:
    """A section: a file of ``report.sections`` that offers ``SECTION``, with its page ``<id>.html.jinja`` beside it.

    ``tell`` returns what the page is filled with, or None where there is nothing to say; it gets one run of the
    report, or the whole report where ``whole`` is true. ``order`` says where it stands, ``templates`` in which it is.
    Parts of its own that the list of contents names are in ``parts``: their ids and titles, from what ``tell`` returned.
    """

    id: str
    title: str
    order: int
    tell: Callable[[Any], Mapping[str, Any] | None]
    templates: tuple[Template, ...] = ALL
    whole: bool = False
    parts: Callable[[Mapping[str, Any]], Sequence[tuple[str, str]]] = field(default=lambda _: ())
