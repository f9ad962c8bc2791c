"""What helpers are asked to do: each asks one module and gives plain data back. The first argument is the run's folder.

These run in other processes (see ``desk``), for they import the engine, the statistics and the drawing library.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

Plain = dict[str, Any]
_MOST_ROWS = 400  #: of a table on a page; a download holds all


def summary(run: Path) -> Plain:
    """What is read of a run first, as ``headlines`` has it, or what is wrong with its files."""
    from counterscore import headlines, paired
    from counterscore.results import Run

    found = Run(run)
    if problems := found.problems():
        return {"problems": list(problems)}
    if not found.finished:
        return {"problems": [], "worlds": []}
    entries = {one["name"]: one for one in found.record["worlds"]}
    return {
        "problems": [],
        "prose": headlines.prose(found),
        "paragraphs": list(headlines.paragraphs(found)),
        "cautions": list(headlines.cautions(found)),
        "next": list(headlines.next_steps(found)),
        "worlds": [
            {
                "name": world,
                "title": headlines.rules_in_words(entries[world]),
                "others": list(paired.against(found, world)),
                "rows": [_row(row) for row in headlines.rows(found, world)],
                "findings": list(headlines.findings(found, world)),
                "replicates": len(found.replays(world)),
            }
            for world in headlines.told_worlds(found)
        ],
    }


def topics(run: Path, world: str) -> Plain:
    """Every measure that says something about a world, by topic: key, heading and rows."""
    from counterscore import headlines, paired
    from counterscore.measures import TOPICS
    from counterscore.results import Run

    found = Run(run)
    where = world or found.worlds[0]
    return {
        "world": where,
        "others": list(paired.against(found, where)),
        "replicates": len(found.replays(where)),
        "topics": [
            {"id": name, "heading": TOPICS[name], "rows": [_row(row) for row in rows]}
            for name, rows in headlines.by_topic(found, where).items()
        ],
    }


def _row(row: Any) -> Plain:
    """A row of ``headlines`` with its texts as every output prints them."""
    plain: Plain = row.as_json()
    return plain | {
        "shown": row.value,
        "spread": row.spread,
        "limits": row.found.limits,
        "definition": row.of.definition,
        "measured_echo": row.found.echo,
        "differences": {gap.baseline: gap.text or gap.note for gap in row.differences},
    }


def measured(run: Path, name: str, by: str, world: str) -> Plain:
    """One measure, split by a group or not, with its definition and limits."""
    from counterscore.measures import find_measure, measure
    from counterscore.results import Run

    one = find_measure(name)
    rows = measure(Run(run), name, world=world or None, by=by or None)
    return {
        "id": one.id,
        "question": one.question,
        "unit": one.unit,
        "definition": one.definition,
        "limits": one.limits,
        "rows": [asdict(row) | {"text": row.text} for row in rows],
    }


def changed(run: Path) -> list[str]:
    """Rule books whose file is another than when the run was made."""
    from counterscore.results import Run
    from counterscore.stale import changed_files

    return list(changed_files(Run(run)))


def chart(run: Path, name: str, view: Mapping[str, Any]) -> Plain:
    """One chart as words, drawing and table; with ``missing`` where it says nothing about this run."""
    from counterscore.charts import View, draw
    from counterscore.errors import RunError, UsageError
    from counterscore.results import Run

    try:
        drawing = draw(Run(run), name, View(**view))
    except UsageError as error:
        reason = error.message.removeprefix(f"{name} is not applicable here: ")
        return {"id": name, "missing": reason, "suggestion": error.suggestion}
    except RunError as error:
        return {"id": name, "failed": error.message, "suggestion": error.suggestion}
    return _figure(drawing)


def chart_beside(run: Path, name: str, others: Sequence[Path], keys: Sequence[str]) -> Plain:
    """The same with scales that hold the same chart of other runs; ``keys`` are their states, for what is kept."""
    from counterscore.charts import draw
    from counterscore.errors import RunError, UsageError
    from counterscore.results import Run

    found = chart(run, name, {})
    if "svg" not in found:
        return found
    beside = []
    for other in others:
        with suppress(UsageError, RunError):  # it is told in that run's own place
            beside.append(draw(Run(other), name))
    return _figure(draw(Run(run), name), beside)


def _figure(drawing: Any, beside: Sequence[Any] = ()) -> Plain:
    """A drawing as ``figure`` of ``parts.html.jinja`` takes it, on one scale with those ``beside`` it."""
    from counterscore.web.drawing import themed

    table = drawing.table()
    return {
        "id": drawing.chart.id,
        "question": drawing.chart.question,
        "finding": drawing.finding,
        "caption": drawing.caption,
        "alt": drawing.alt,
        "svg": themed(drawing.svg(words=False, beside=beside), drawing.chart.id),
        "columns": [[column.name.replace("_", " "), column.unit, column.meaning] for column in drawing.columns],
        "headings": list(table.headings),
        "right": list(table.numbers),
        "rows": [list(row) for row in table.rows[:_MOST_ROWS]],
        "same": list(table.same),
        "left_out": max(0, len(table.rows) - _MOST_ROWS),
    }


def chart_file(run: Path, name: str, view: Mapping[str, Any], kind: str) -> Plain:
    """A chart as a file to download: svg, csv, txt (its words), or png, whose bytes are told in base64."""
    import base64

    from counterscore.charts import View, draw
    from counterscore.results import Run

    drawing = draw(Run(run), name, View(**view))
    made: dict[str, Callable[[], str]] = {
        "svg": drawing.svg,
        "png": lambda: base64.b64encode(drawing.png()).decode("ascii"),
        "csv": drawing.csv,
        "txt": lambda: f"{drawing.alt}\n",
    }
    return {"text": made[kind]()}


def chart_ids() -> list[Plain]:
    """All charts: id, number, question, what they take and what they are of."""
    from counterscore.charts import all_charts

    return [
        {"id": one.id, "number": one.number, "question": one.question, "takes": list(one.takes), "source": one.source}
        for one in all_charts()
    ]


def ready_to_live(run: Path, world: str) -> None:
    """Load what living somebody again takes: the engine, the assumptions and the rule books of the run."""
    from counterscore import lifefile  # noqa: F401  (loaded for what is asked next)
    from counterscore.reliving import Stage
    from counterscore.results import Run

    found = Run(run)
    stage = Stage(found)
    for name in dict.fromkeys([world, *([found.baseline] if found.baseline else [])]):
        for replay in found.replays(name)[:1]:
            stage.living(0, world=name, replay=replay).live(1)


def life(run: Path, who: str, pick: str, of: str, world: str, replay: int, others: list[str]) -> Plain:
    """A life file: of somebody named, or of somebody picked by a rule. Nothing of it is kept but the answer."""
    from counterscore import lifefile
    from counterscore.lifefile import timeline
    from counterscore.results import Run

    found = Run(run)
    name = world or found.worlds[0]
    picked = (
        lifefile.by_hand(lifefile.parse_who(found, who))
        if who
        else lifefile.pick(found, pick, of, world=name, replay=replay)
    )
    made = lifefile.life(found, picked, world=name, replay=replay, others=others or None)
    drawing = timeline.draw(made)
    return made.as_json() | {
        "id": made.id,
        "called": made.called,
        "svg": drawing.svg,
        "summary": drawing.summary,
        "legend": [[timeline.shape(kind, 8, 8), words] for kind, words in timeline.LEGEND],
        "often": {one.world: made.often(one.world) for one in made.worlds},
    }


def picked(run: Path, pick: str, of: str, world: str, replay: int) -> Plain:
    """Whom a rule picks, without living anybody again."""
    from counterscore import lifefile
    from counterscore.results import Run

    found = Run(run)
    one = lifefile.pick(found, pick, of, world=world or found.worlds[0], replay=replay)
    return {"id": lifefile.who_id(found, one.whose), "how": one.how}


def explanation(run: Path, point: str, world: str) -> Plain:
    """Why one thing happened, as the command line tells it."""
    from counterscore import lifefile
    from counterscore.results import Run

    found = Run(run)
    whose, replay, number = lifefile.parse_point(found, point)
    made = lifefile.life(found, lifefile.by_hand(whose), world=world or None, replay=replay, others=())
    told = lifefile.explain(made, number)
    return told.as_json() | {"lines": list(told.lines()), "replay": replay}


def group_words() -> Plain:
    """By what residents can be grouped, and from which groups somebody can be picked."""
    from counterscore.lifefile import GROUP_WORDS
    from counterscore.measures import GROUPS

    return {"groups": list(GROUPS), "picks": dict(GROUP_WORDS)}


def group_audit(run: Path, by: str, reference: str, world: str) -> Plain:
    """Groups side by side in several senses of equal treatment."""
    from counterscore.groups import audit
    from counterscore.results import Run

    seen = audit(Run(run), by, reference=reference or None, world=world or None)
    return {
        "world": seen.world,
        "by": seen.by,
        "reference": seen.reference,
        "decision": seen.decision.words,
        "conduct": seen.did_it,
        "sizes": dict(seen.sizes),
        "rows": [asdict(row) for row in seen.rows],
    }


def echoes(run: Path) -> Plain:
    """Which results were measured to repeat an input, and which measures do by definition, whatever the run."""
    from counterscore.measures import all_measures
    from counterscore.results import Run

    found, questions = Run(run).echoes, {one.id: one.question for one in all_measures()}
    return {
        "measured": bool(found),
        "city": found.get("city", {}),
        "rows": [row | {"question": questions[row["measure"]]} for row in found.get("rows", []) if row["echo"]],
        "declared": [(one.question, one.echo_of) for one in all_measures() if one.echo_of],
    }


def life_page(run: Path, who: str, pick: str, of: str, world: str, replay: int, command: str) -> Plain:
    """A life file as the page that ``counterscore life --out`` writes."""
    from counterscore import lifefile
    from counterscore.results import Run

    found = Run(run)
    name = world or found.worlds[0]
    one = (
        lifefile.pick(found, pick, of, world=name, replay=replay)
        if pick
        else lifefile.by_hand(lifefile.parse_who(found, who))
    )
    return {"text": lifefile.page(lifefile.life(found, one, world=name, replay=replay), command=command)}


def method(run: Path) -> Plain:
    """How a run was made, in the seven headings of ODD, and how it is cited."""
    from counterscore import bundle, odd
    from counterscore.results import Run

    found = Run(run)
    return {
        "sections": odd.sections(found.record),
        "digest": list(found.digest()),
        "citation": bundle.citation(found),
        "bibtex": bundle.bibtex(found),
    }


def bundle(run: Path, place: Path, key: str) -> Plain:
    """Pack a run as ``counterscore export --bundle`` does, once for each state of it (``key``)."""
    from counterscore.bundle import pack
    from counterscore.results import Run

    found = Run(run)
    called = f"{run.name}{'.partial' if found.partial else ''}.zip"
    file = place / f"{key}.{called}"
    place.mkdir(parents=True, exist_ok=True)
    if not file.is_file():
        for old in place.glob(f"*.{run.name}.zip"):
            old.unlink(missing_ok=True)
        pack(found, file)
    return {"file": file.name, "called": called}


def tables(run: Path) -> list[Plain]:
    """Every table of the run's first unit and who lives there: rows, columns with unit and meaning."""
    import pyarrow.parquet as pq

    from counterscore.results import Run

    found = Run(run)
    first = sorted(found.finished, key=lambda unit: (found.worlds.index(unit[0]), unit[1]))[:1]
    files = [found.table_file(name) for name in found.tables_of_run()]
    files += [found.table_file(name, *unit) for unit in first for name in sorted(found.tables(*unit))]
    out = []
    for file in files:
        schema, meta = pq.read_schema(file), pq.read_metadata(file)
        columns = [
            [one.name, str(one.type), *(((one.metadata or {}).get(key, b"")).decode() for key in (b"unit", b"meaning"))]
            for one in schema
        ]
        out.append(
            {
                "name": file.stem,
                "of_run": file.parent == run,
                "rows": meta.num_rows,
                "bytes": file.stat().st_size,
                "columns": columns,
            }
        )
    return out


def table_csv(run: Path, name: str, world: str, replay: int) -> Plain:
    """A table as comma-separated values, its first rows where it is long."""
    import io

    import pyarrow.csv as pc
    import pyarrow.parquet as pq

    from counterscore.errors import UsageError
    from counterscore.results import Run

    found = Run(run)
    if name not in found.tables_of_run() and (world, replay) not in found.finished:
        raise UsageError(
            f"the run has no finished replicate {replay} of {world}", suggestion=f"It has: {', '.join(found.worlds)}."
        )
    whose = () if name in found.tables_of_run() else (world, replay)
    table = pq.read_table(found.table_file(name, *whose), partitioning=None)
    out = io.BytesIO()
    pc.write_csv(table.slice(0, _MOST_CSV), out)
    return {"text": out.getvalue().decode("utf-8"), "rows": min(table.num_rows, _MOST_CSV), "of": table.num_rows}


_MOST_CSV = 100_000


def city(name: str) -> Plain:
    """A city in words, and each published count beside what the synthetic residents have."""
    from counterscore.catalog import load_city_spec
    from counterscore.city import synthesize

    made = synthesize(load_city_spec(name))
    return {
        "describe": made.describe(),
        "residents": made.residents,
        "districts": list(made.districts),
        "fit": [asdict(row) for row in (*made.fit(), *made.firm_fit())],
    }


def viewers(run: Path, world: str) -> Plain:
    """Who can look at a world of the run, and who not for want of what."""
    from counterscore.results import Run
    from counterscore.viewers import all_viewers, applicable

    found = Run(run)
    can = applicable(found, world or None)
    return {
        "can": [{"id": one.id, "title": one.title, "question": one.question, "about": one.about} for one in can],
        "cannot": [{"title": one.title, "needs": one.needs} for one in all_viewers() if one not in can],
    }


def seen(run: Path, who: str, viewer: str, month: str, world: str, replay: int) -> Plain:
    """What a viewer sees of somebody at the end of a month."""
    from counterscore import viewers as eyes
    from counterscore.results import Run

    found = Run(run)
    whose = who or eyes.somebody(found, viewer, world=world or None, replay=replay)
    return eyes.seen(found, whose, viewer, month, world=world or None, replay=replay).as_json()


def months(run: Path, world: str, replay: int) -> Plain:
    """The first subdistrict of a run, month by month."""
    from counterscore import monthly
    from counterscore.results import Run

    return monthly.lived(Run(run), world=world or None, replay=replay).as_json()


def lesson_answer(lesson: str, step: int) -> Plain:
    """The result of a step of a lesson."""
    from counterscore import lessons

    return asdict(lessons.answer(lessons.load_lesson(lesson).steps[step - 1]))


def preview(text: str, name: str, folder: Path, before: str) -> Plain:
    """A small city under a rule book that is being written, beside the same as it was before."""
    from counterscore import preview as first_look
    from counterscore.catalog import regime_of_text
    from counterscore.errors import CounterscoreError

    now = regime_of_text(text, folder, name=name)
    try:
        was = regime_of_text(before, folder, name=name)
    except CounterscoreError:
        was = None
    return first_look.as_json(first_look.preview(now, was))


def claims() -> list[Plain]:
    """The library of claims, as their files have them."""
    from counterscore.claims import claim_ids

    return [claim(name) for name in claim_ids()]


def own_claims(files: list[Path], stamp: int) -> list[Plain]:
    """Claims in files of one's own, as they were at ``stamp``; of one with mistakes only what is wrong with it."""
    from counterscore.errors import CounterscoreError

    out: list[Plain] = []
    for file in files:
        try:
            out.append(claim(str(file)) | {"id": file.name, "own": True})
        except CounterscoreError as error:
            out.append({"id": file.name, "own": True, "problem": str(error)})
    return out


def new_claim(file: Path, given: Plain, written: str) -> Plain:
    """Write a claim down, filled in, as ``counterscore claim new`` does; what is wrong with it in place of a file."""
    from counterscore.claims import read_claim
    from counterscore.claims.template import new_claim as filled_in
    from counterscore.errors import CounterscoreError, InputError
    from counterscore.files import write_for_hand

    try:
        text, _ = filled_in(
            file.stem,
            given["text"],
            written=written,
            measure=given["measure"],
            world=given["world"],
            against=given["against"],
            above=given["above"],
            below=given["below"],
            texts={"echo": "none known", **{key: value for key, value in given["texts"].items() if value.strip()}},
            setting=given["setting"],
        )
        read_claim(text, name=file.name)
        file.parent.mkdir(parents=True, exist_ok=True)
        write_for_hand(file, text)
    except InputError as error:
        return {"problems": [f"{one.message}. {one.suggestion}".strip() for one in error.problems]}
    except CounterscoreError as error:
        return {"problems": [f"{error.message}. {error.suggestion}".strip()]}
    return {"file": file.name}


def measures_known() -> list[Plain]:
    """Every measure by topic, for a choice: heading, and (id, question)."""
    from counterscore.measures import TOPICS, all_measures

    return [
        {"heading": heading, "rows": [(one.id, one.question) for one in all_measures() if one.topic == topic]}
        for topic, heading in TOPICS.items()
    ]


def claim(name: str) -> Plain:
    """One claim of the library, or in a file, as plain data, with the sides it compares in words."""
    from counterscore.claims import load_claim

    one = load_claim(name)
    found: Plain = one.model_dump(mode="json", by_alias=True)
    return found | {
        "world_words": str(one.world) if one.world else "",
        "against_words": str(one.against) if one.against else "",
        "where": one.where,
        "border": str(one.supported_if) if one.supported_if else "",
    }


def answers(file: Path, stamp: int) -> list[Plain]:
    """The answers in a file as it was at ``stamp``, worked out from its settings, each with its chart of what moves it."""
    from counterscore.charts import draw
    from counterscore.claims import document, read_answers
    from counterscore.errors import UsageError

    found = read_answers(file).found
    out = []
    for one, plain in zip(found, document(found)["claims"], strict=True):
        del plain["settings"]
        try:
            drawing = draw(one, "what-moves-it")
            plain["chart"] = _figure(drawing)
        except UsageError:
            plain["chart"] = None
        out.append(plain)
    return out


def report(
    runs: list[Path],
    template: str,
    out: Path,
    answer_files: list[Path],
    command: str,
    notes: Path | None,
    charts: list[str],
) -> Plain:
    """Write a report as ``counterscore report`` does: runs, answers to claims, chosen charts, notes of a questionnaire."""
    from counterscore.assessment import notes_of
    from counterscore.claims import read_answers
    from counterscore.report import write
    from counterscore.results import Run

    told = [found for file in answer_files for found in read_answers(file).found]
    file = write(
        [Run(run) for run in runs],
        template,
        out,
        claims=told,
        command=command,
        notes=notes_of(notes) if notes else None,
        collected=charts,
    )
    return {"file": file.name, "bytes": file.stat().st_size}


def live(run: Path) -> list[list[str]]:
    """First figures of a run that goes on: what will be read of it first, with its present range."""
    from counterscore import headlines
    from counterscore.results import Run

    found = Run(run)
    if not found.replays():
        return []
    return [[row.label, row.value, row.spread, row.unit] for row in headlines.rows(found)]
