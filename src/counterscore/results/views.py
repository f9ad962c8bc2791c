"""What can be asked of an opened run in Python: numbers, charts, lives, reports and frames.

The layers that answer stand above this one and are found by name when they are asked, so that a run stays a folder of
tables to everything below them.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from counterscore.errors import CounterscoreError, DamagedRunError

if TYPE_CHECKING:
    import pyarrow as pa

    from counterscore.results.run import Run


class Views:
    """Methods of ``Run`` that lead on from it.

    >>> run = getfixture("small_run")
    >>> run.measure("listed_ever")[0].unit
    'of 100 adults'
    >>> run.compare("misconduct").baseline
    'none'
    >>> run.frame(["age", "registration", "score"]).column_names
    ['world', 'replicate', 'resident', 'generation', 'age', 'registration', 'score']
    >>> len(repr(run).splitlines()) < 10
    True
    """

    def measure(self: Any, name: str, *, world: str | None = None, by: str | None = None) -> list[Any]:
        """A measure of one world, for everybody or by groups of residents: ``measures.measure``."""
        return list(_at("measures").measure(self, name, world=world, by=by))

    def compare(self: Any, name: str, *, world: str | None = None, baseline: str | None = None) -> Any:
        """How a measure differs from the baseline or another world: ``paired.compare``."""
        return _at("paired").compare(self, name, world=world, baseline=baseline)

    def headlines(self: Any, world: str | None = None) -> tuple[Any, ...]:
        """The at most six rows of a world that are read first: ``headlines.rows``."""
        return tuple(_at("headlines").rows(self, world))

    def prose(self: Any) -> str:
        """A paragraph about every world: ``headlines.prose``."""
        return str(_at("headlines").prose(self))

    def chart(self: Any, name: str, **view: Any) -> Any:
        """One chart, with finding, rows and drawing: ``run.chart("doors").save("doors.svg")``.

        ``view`` holds what a chart takes, such as ``by="registration"`` or ``world="none"`` (``charts.View``). Raises
        ``UsageError`` where there is nothing to draw, with the reason.
        """
        charts = _at("charts")
        return charts.draw(self, name, charts.View(**view))

    def life(
        self: Any,
        who: str = "",
        *,
        pick: str = "median",
        of: str = "everybody",
        world: str | None = None,
        replay: int = 0,
        others: Sequence[str] | None = None,
    ) -> Any:
        """The life file of ``who`` (such as R-04187, F-00012 or B-00003), or of a resident picked from a group.

        ``pick`` is median, p10 or p90 of the group ``of``. Raises ``UsageError`` for somebody who does not exist.
        """
        files = _at("lifefile")
        named = world or self.worlds[0]
        chosen = (
            files.by_hand(files.parse_who(self, who)) if who else files.pick(self, pick, of, world=named, replay=replay)
        )
        return files.life(self, chosen, world=named, replay=replay, others=others)

    def report(self: Any, out: str | Path, template: str = "research") -> Path:
        """Write one HTML file about the run; returns where it went: ``report.write``."""
        return Path(_at("report").write([self], template, Path(out)))

    def frame(
        self: Any,
        columns: Sequence[str] | None = None,
        *,
        worlds: Sequence[str] | None = None,
        replays: Sequence[int] | None = None,
        adults: bool = True,
    ) -> pa.Table:
        """One row for each resident, replicate and world, in words: ``results.frames.residents_frame``."""
        return _at("results.frames").residents_frame(self, columns, worlds=worlds, replays=replays, adults=adults)

    def months(self: Any, *, worlds: Sequence[str] | None = None, replays: Sequence[int] | None = None) -> pa.Table:
        """One row for each month, replicate and world: ``results.frames.months_frame``."""
        return _at("results.frames").months_frame(self, worlds=worlds, replays=replays)

    def to_xarray(self: Any) -> Any:
        """The monthly counters as an ``xarray.Dataset``; needs ``counterscore[xarray]``."""
        return _at("results.frames").to_xarray(self)

    def __repr__(self: Any) -> str:
        return "\n".join((settings(self), *_results(self)))


def settings(run: Run) -> str:
    """One line: what was run, and how much of it is finished."""
    record = run.record
    of = len(run.worlds) * int(record["replays"])
    part = "" if len(run.finished) == of else f", partial: {len(run.finished)} of {of} parts"
    return (
        f"<Run {run.path.name}: {', '.join(run.worlds)} in {record['city']['id']}, {record['city']['residents']:,} residents, "
        f"{record['months']} months, {record['replays']} replicates{part}>"
    )


def _results(run: Run) -> tuple[str, ...]:
    """The rows that are read first, where they can be read."""
    try:
        rows = _at("headlines").rows(run)
    except DamagedRunError as error:
        return (f"  {error.message}", f"  {error.suggestion}")
    except (CounterscoreError, KeyError, TypeError):
        return ()
    wide = max((len(row.label) for row in rows), default=0)
    return tuple(f"  {row.label:<{wide}}  {row.found.text} {row.unit}" for row in rows)


def _at(module: str) -> Any:
    return import_module(f"counterscore.{module}")
