"""From a run folder to one HTML file. Every figure comes from the saved tables, or is lived again from the record for a
part of the run that its caption names, with the same bits. Nothing else is run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, get_args

import jinja2

from counterscore import discovery
from counterscore.charts import dark_rules
from counterscore.claims import Found
from counterscore.errors import UsageError, did_you_mean, shell_word
from counterscore.files import is_own_page, refuse_to_replace, write_whole
from counterscore.provenance import own_version
from counterscore.report import law
from counterscore.report._section import TEMPLATES, Report, Reported, Section, Template
from counterscore.report.figures import Chosen
from counterscore.results import Run

Progress = Callable[[str, int, int], None]  #: what is written now, how many parts are done, of how many


@cache
def all_sections() -> tuple[Section, ...]:
    """All sections, in the order of a report."""
    return tuple(sorted(discovery.offered("counterscore.report.sections", "SECTION"), key=lambda one: one.order))


@dataclass(frozen=True, slots=True)
class _Part:
    """A section about one run, or about all, as it stands in the page."""

    section: Section
    anchor: str
    title: str
    told: Mapping[str, Any]
    of: Reported | None

    @property
    def parts(self) -> Sequence[tuple[str, str]]:
        return self.section.parts(self.told)


def check_template(name: str) -> Template:
    """The template called ``name``; raises ``UsageError`` where there is none."""
    for known in get_args(Template):
        if known == name:
            found: Template = known
            return found
    close = did_you_mean(name, tuple(TEMPLATES))
    hint = f"Did you mean {close}?  " if close else ""
    raise UsageError(f'no template is called "{name}"', suggestion=f"{hint}Templates: {', '.join(TEMPLATES)}.")


def write(
    runs: Sequence[Run],
    template: str,
    out: Path,
    *,
    claims: Sequence[Found] = (),
    command: str = "",
    progress: Progress | None = None,
    asked: law.Asked = law.USUAL,
    notes: Mapping[str, str] | None = None,
    collected: Sequence[str] = (),
) -> Path:
    """Write the report of ``runs`` to ``out``. A partial run puts the word into title, header and file name.

    ``notes`` and ``collected`` are as in ``build``.

    Raises ``UsageError`` where ``out`` cannot be written and ``DamagedRunError`` where a file of a run is not the one that
    was written, both before anything is worked out.
    """
    for run in runs:
        run.require_whole()
    partial = any(run.partial for run in runs)
    file = out.with_name(f"{out.stem}.partial{out.suffix}") if partial and "partial" not in out.stem else out
    check_place(file)
    text = build(
        runs,
        template,
        claims=claims,
        command=command,
        progress=progress,
        asked=asked,
        notes=notes,
        collected=collected,
    )
    write_whole(file, text)
    return file


def check_place(file: Path) -> None:
    """Raise ``UsageError`` where a file cannot be written there, or would take the place of somebody else's."""
    if file.is_dir():
        raise UsageError(f"{file} is a folder", suggestion=f"Name a file in it: {file / 'report.html'}")
    if not file.parent.is_dir():
        raise UsageError(f"there is no folder {file.parent}", suggestion="Make it first, or write somewhere else.")
    refuse_to_replace(file, is_own_page)


def build(
    runs: Sequence[Run],
    template: str = "research",
    *,
    claims: Sequence[Found] = (),
    command: str = "",
    progress: Progress | None = None,
    asked: law.Asked = law.USUAL,
    notes: Mapping[str, str] | None = None,
    collected: Sequence[str] = (),
) -> str:
    """The report as text, with the checks of ``claims`` in it; ``asked`` says under which law the rule books are read.

    ``notes`` are what the controller said to the questions of ``counterscore.assessment``, by their id: the template
    ``assessment`` has them in a section of their own, with ✎ where nothing was said. ``collected`` are charts and files
    that every template has in full, each as ``[RUN:]CHART[?KEY=VALUE&…]``: ``life?pick=median&among=wrongly-listed``.

    Raises ``UsageError`` for an unknown template, a run without finished replicates or a chart that cannot be drawn.
    """
    kind = check_template(template)
    for run in runs:
        if not run.replays():
            raise UsageError(
                f"{run.path} has no finished replicate", suggestion=f"counterscore run --resume {shell_word(run.path)}"
            )
    alone = len(runs) == 1
    reported = [Reported(run, kind, "" if alone else f"run{n}-", asked) for n, run in enumerate(runs, start=1)]
    chosen = [Chosen.read(text, runs) for text in collected]
    whole = Report(kind, reported, claims, command, notes or {}, chosen)
    parts = _parts(whole, progress)
    return (
        _pages()
        .get_template("page.html.jinja")
        .render(
            kind=TEMPLATES[kind],
            report=whole,
            parts=parts,
            style=_style(),
            version=own_version(),
        )
    )


def _parts(report: Report, progress: Progress | None) -> list[_Part]:
    """Every section that has something to say: those before the runs, then each run's, then those after."""
    asked: list[tuple[Section, Reported | None]] = []
    for section in all_sections():
        if report.template in section.templates:
            asked += [(section, None)] if section.whole else [(section, one) for one in report.runs]
    first = min((s.order for s, of in asked if of is not None), default=0)
    last = max((s.order for s, of in asked if of is not None), default=0)
    order = sorted(
        asked,
        key=lambda pair: (
            (pair[0].order > last) - (pair[0].order < first) if pair[1] is None else 0,
            report.runs.index(pair[1]) if pair[1] is not None else 0,
            pair[0].order,
        ),
    )
    found: list[_Part] = []
    for n, (section, of) in enumerate(order):
        if progress is not None:
            progress(section.title, n, len(order))
        told = section.tell(report if of is None else of)
        if told is not None:
            anchor = f"{of.prefix if of else ''}{section.id}"
            several = of is not None and len(report.runs) > 1
            title = f"{section.title}: {of.run.path.name}" if several and of is not None else section.title
            found.append(_Part(section, anchor, title, told, of))
    return found


@cache
def _style() -> str:
    text = resources.files("counterscore.report").joinpath("page.css").read_text(encoding="utf-8")
    return text.replace("/* drawings on a dark ground */", dark_rules())


@cache
def _pages() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.ChoiceLoader(
            [
                jinja2.PackageLoader("counterscore.report", "."),
                jinja2.PackageLoader("counterscore.report", "sections"),
            ]
        ),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["amount"] = lambda number: f"{number:,}"
    return environment
