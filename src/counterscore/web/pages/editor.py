"""Writing a rule book: one's own copy, its values and its text side by side, what was changed, a preview; a case on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from counterscore.catalog import copied_from, own_copy, regime_folder, regime_ids, regime_of_text, regime_text
from counterscore.drafts import Draft, Drafts
from counterscore.errors import CounterscoreError, InputError, Problem, UsageError, did_you_mean, render
from counterscore.files import write_for_hand
from counterscore.regime import editing, onpaper
from counterscore.regime.cases import EXITS, read_cases
from counterscore.regime.ledger import apply_on_paper
from counterscore.regime.model import Regime
from counterscore.web import shelves, work
from counterscore.web.laboratory import Laboratory
from counterscore.web.rendering import Link, State, page

router = APIRouter()
LIBRARY = Link("Regimes", "/regimes")


@router.get("/regimes/{id_}/edit")
def edit(request: Request, id_: str, part: str = "", q: str = "", preview: str = "") -> Response:
    """The editor of an own file; of a rule book that comes along, the question what the copy is to be called."""
    if id_ in regime_ids():
        return _own_copy(request, id_, f"my-{id_}.yaml")
    laboratory, draft = _opened(request, id_)
    return _editor(request, laboratory, draft, part=part, q=q, preview=bool(preview))


def _own_copy(request: Request, id_: str, name: str, states: tuple[State, ...] = (), status: int = 200) -> Response:
    laboratory: Laboratory = request.app.state.laboratory
    return page(
        request,
        "editor_copy.html.jinja",
        title="Make it your own",
        trail=(LIBRARY, Link(id_, f"/regimes/{id_}")),
        status=status,
        states=states,
        id=id_,
        name=name,
        folder=laboratory.rules,
        own=list(shelves.own_files(laboratory.rules)),
    )


@router.post("/regimes/{id_}/copy")
def copy(request: Request, id_: str, name: Annotated[str, Form()]) -> Response:
    """Copy a rule book that comes along into a new file of one's own; none that exists is replaced."""
    laboratory: Laboratory = request.app.state.laboratory
    try:
        file = shelves.new_file(laboratory.rules, name)
        write_for_hand(file, own_copy(id_, file))
    except UsageError as error:
        return _own_copy(request, id_, name, (_mistake(error),), 422)
    return RedirectResponse(f"/regimes/{shelves.quoted(file.name)}/edit", 303)


def _mistake(error: CounterscoreError) -> State:
    return State(
        "failed", error.message[:1].upper() + error.message[1:], f"{error.suggestion} What you typed is kept.".strip()
    )


def _opened(request: Request, name: str) -> tuple[Laboratory, Draft]:
    """The draft of an own file. Raises ``UsageError`` where there is no such file."""
    laboratory: Laboratory = request.app.state.laboratory
    files = shelves.own_files(laboratory.rules)
    if name not in files:
        close = did_you_mean(name, [*files, *regime_ids()])
        raise UsageError(f'no rule book is called "{name}"', suggestion=f"Did you mean {close}?" if close else "")
    return laboratory, _drafts(laboratory).of(files[name])


def _drafts(laboratory: Laboratory) -> Drafts:
    return Drafts(laboratory.aside / "drafts")


def _read(text: str, folder: Path, name: str) -> tuple[Regime | None, tuple[Problem, ...], str]:
    """The rule book in a text, what is wrong with it and, where it cannot be told by place, in one sentence."""
    try:
        found = regime_of_text(text, folder, name=name)
    except InputError as error:
        return None, error.problems, "" if error.problems else error.message
    except CounterscoreError as error:
        return None, (), f"{error.message}. {error.suggestion}".strip()
    return found, found.warnings, ""


def _before(draft: Draft) -> tuple[str, str]:
    """The text that changes are told from, and what it is called: the rule book copied from, else the saved file."""
    ids = (line.removeprefix("id:").strip().strip("\"'") for line in draft.saved.splitlines() if line.startswith("id:"))
    own, base = next(ids, ""), copied_from(draft.saved)
    if base:
        try:
            return own_copy(base, draft.file, own), base
        except UsageError:  # the id is none, which is told where the text is read
            return own_copy(base, draft.file), base
    return (regime_text(own), own) if own in regime_ids() else (draft.saved, "the saved file")


def _editor(
    request: Request,
    laboratory: Laboratory,
    draft: Draft,
    *,
    part: str = "",
    q: str = "",
    preview: bool = False,
    text: str | None = None,
    states: tuple[State, ...] = (),
    status: int = 200,
    new: tuple[str, str] = ("", ""),
) -> Response:
    name, folder = draft.file.name, laboratory.rules
    text = draft.text if text is None else text
    before, called = _before(draft)
    regime, problems, other = _read(text, folder, name)
    was, _, _ = _read(before, folder, editing.BEFORE)
    changes = editing.told(was, regime) if was and regime else ()
    shown = editing.readable(text, name)
    parts = [one for one in editing.PARTS if any(field.part == one for field in shown)]
    chosen = part if part in parts else parts[0] if parts else ""
    found = editing.found_by(shown, q) if q else tuple(one for one in shown if one.part == chosen)
    if was and regime and request.method == "GET" and not preview:
        laboratory.desk.prepare(
            work.preview, before, name, folder, ""
        )  # what was before, for the first look that follows
    first = laboratory.desk.ask(work.preview, text, name, folder, before, patience=30) if preview and regime else None
    return page(
        request,
        "editor.html.jinja",
        title=f"Edit {name}",
        trail=(LIBRARY, Link(name, f"/regimes/{shelves.quoted(name)}")),
        status=status,
        states=(*_conflict(draft), *states),
        here=f"/regimes/{shelves.quoted(name)}/edit",
        name=name,
        text=text,
        changed=draft.changed,
        elsewhere=draft.elsewhere,
        problems=[_told(one) for one in problems],
        wrong=sum(one.severity == "problem" for one in problems) + bool(other),
        other=other,
        pieces=editing.pieces(before, text, changes),
        before=called,
        items=_items(found),
        book_parts=[(one, editing.PARTS[one]) for one in parts],
        part=chosen,
        alike=editing.rules_of(text, chosen, name=name),
        acts=editing.unused_acts(text, name=name) if chosen == "catalogue" else (),
        new=new,
        q=q,
        preview=first,
        preview_rows=[_figure(one) for one in first["rows"]] if first else [],
    )


@router.get("/regimes/{id_}/preview")
def preview_of(request: Request, id_: str) -> Response:
    """First figures of a rule book as it is on disk. Nothing of them can be exported or cited."""
    laboratory: Laboratory = request.app.state.laboratory
    regime = shelves.find_regime(id_, laboratory.rules)
    known = id_ in regime_ids()
    text = regime_text(id_) if known else shelves.own_files(laboratory.rules)[id_].read_text(encoding="utf-8")
    first = laboratory.desk.ask(work.preview, text, id_, laboratory.rules, "", patience=30)
    return page(
        request,
        "preview.html.jinja",
        title="Preview",
        trail=(LIBRARY, Link(regime.title, f"/regimes/{shelves.quoted(id_)}")),
        id=id_,
        regime=regime,
        known=known,
        what=first["what"],
        rows=[(one["label"], one["unit"], f"{one['now']} {one['spread']}".strip()) for one in first["rows"]],
    )


def _figure(row: dict[str, str]) -> tuple[str, ...]:
    now, before = (f"{row[key]} {row[more]}".strip() for key, more in (("now", "spread"), ("before", "before_spread")))
    return row["label"], row["unit"], now, before, row["words"]


def _conflict(draft: Draft) -> tuple[State, ...]:
    if not draft.elsewhere:
        return ()
    return (
        State(
            "stale",
            f"{draft.file.name} was changed outside of this page since you began",
            "Your text is kept here and is not written over it. Save it under another name, or discard it.",
        ),
    )


def _told(problem: Problem) -> dict[str, Any]:
    return problem.as_json() | {"text": render(problem)}


def _items(some: tuple[editing.Field, ...]) -> list[dict[str, Any]]:
    """Fields by the rule they belong to."""
    out: dict[tuple[str, str], dict[str, Any]] = {}
    for one in some:
        row = out.setdefault(
            (one.part, one.item), {"item": one.item, "title": one.title, "part": one.part, "fields": []}
        )
        row["fields"].append(one)
    return list(out.values())


def _back(name: str, part: str = "", q: str = "", preview: bool = False) -> RedirectResponse:
    query = "&".join(
        f"{key}={shelves.quoted(value)}"
        for key, value in (("part", part), ("q", q), ("preview", "1" if preview else ""))
        if value
    )
    return RedirectResponse(f"/regimes/{shelves.quoted(name)}/edit" + (f"?{query}" if query else ""), 303)


@router.post("/regimes/{id_}/edit/values")
async def values(request: Request, id_: str) -> Response:
    """Put values into the text, each in its place."""
    laboratory, draft = _opened(request, id_)
    form = {key: str(value) for key, value in (await request.form()).items()}
    try:
        text = editing.with_values(draft.text, form, name=id_)
    except CounterscoreError as error:
        return _editor(
            request, laboratory, draft, part=form.get("part", ""), q=form.get("q", ""), states=(_mistake(error),), status=422
        )  # fmt: skip
    _drafts(laboratory).keep(draft, text)
    return _back(id_, form.get("part", ""), form.get("q", ""), preview=bool(form.get("then")))


@router.post("/regimes/{id_}/edit/text")
def whole_text(
    request: Request, id_: str, text: Annotated[str, Form()] = "", then: Annotated[str, Form()] = ""
) -> Response:
    """Take the text as it was typed; mistakes in it are told and lose nothing."""
    laboratory, draft = _opened(request, id_)
    _drafts(laboratory).keep(draft, _lines_of(text, draft.saved))
    return _back(id_, preview=bool(then))


def _lines_of(typed: str, saved: str) -> str:
    """Text of a form, which ends lines as the network does, with the ends of lines of the file."""
    text = typed.replace("\r\n", "\n")
    return text.replace("\n", "\r\n") if "\r\n" in saved else text


@router.post("/regimes/{id_}/edit/rule")
def rule(
    request: Request,
    id_: str,
    part: Annotated[str, Form()],
    like: Annotated[str, Form()],
    new: Annotated[str, Form()] = "",
    label: Annotated[str, Form()] = "",
    act: Annotated[str, Form()] = "",
    how: Annotated[Literal["add", "remove"], Form()] = "add",
) -> Response:
    """Add a rule that begins with the values of another, or take one out."""
    laboratory, draft = _opened(request, id_)
    try:
        if how == "add":
            text = editing.with_rule(draft.text, part, like, new.strip(), label.strip(), act, name=id_)
        else:
            text = editing.without_rule(draft.text, part, like, name=id_)
    except CounterscoreError as error:
        return _editor(request, laboratory, draft, part=part, states=(_mistake(error),), status=422, new=(new, label))
    _drafts(laboratory).keep(draft, text)
    return _back(id_, part, q=new.strip() if how == "add" else "")


@router.post("/regimes/{id_}/edit/undo")
def undo(request: Request, id_: str, key: Annotated[str, Form()]) -> Response:
    """Take one change back."""
    laboratory, draft = _opened(request, id_)
    before, _ = _before(draft)
    _drafts(laboratory).keep(draft, editing.without(before, draft.text, key))
    return _back(id_)


@router.post("/regimes/{id_}/edit/fix")
def fix(
    request: Request,
    id_: str,
    line: Annotated[int, Form()],
    column: Annotated[int, Form()],
    found: Annotated[str, Form()],
    instead: Annotated[str, Form()],
) -> Response:
    """Put the word that a suggestion names where the mistake stands."""
    laboratory, draft = _opened(request, id_)
    try:
        text = editing.with_instead(draft.text, line, column, found, instead)
    except UsageError as error:
        return _editor(request, laboratory, draft, states=(_mistake(error),), status=422)
    _drafts(laboratory).keep(draft, text)
    return _back(id_)


@router.post("/regimes/{id_}/edit/save")
def save(request: Request, id_: str, name: Annotated[str, Form()] = "") -> Response:
    """Write the draft to its file, or to a new one."""
    laboratory, draft = _opened(request, id_)
    try:
        if not name or name == id_:
            _drafts(laboratory).save(draft)
            return _back(id_)
        file = shelves.new_file(laboratory.rules, name)
        _drafts(laboratory).save_as(draft, file)
    except UsageError as error:
        return _editor(request, laboratory, draft, states=(_mistake(error),), status=422)
    return _back(file.name)


@router.post("/regimes/{id_}/edit/discard")
def discard(request: Request, id_: str) -> Response:
    """Go back to the file as it is on disk."""
    laboratory, draft = _opened(request, id_)
    _drafts(laboratory).discard(draft)
    return _back(id_)


@router.post("/regimes/{id_}/check")
def check(request: Request, id_: str, text: Annotated[str, Form()] = "") -> Response:
    """What is wrong with a text, as ``counterscore check --json`` tells it. Nothing is kept."""
    laboratory, _ = _opened(request, id_)
    regime, problems, other = _read(text.replace("\r\n", "\n"), laboratory.rules, id_)
    return JSONResponse({"ok": regime is not None, "problems": [_told(one) for one in problems], "other": other})


@router.get("/regimes/{id_}/case")
def case(
    request: Request,
    id_: str,
    r: Annotated[list[str] | None, Query()] = None,
    until: str = "",
    start: str = "",
    act: str = "",
    on: str = "",
    amount: str = "",
    drop: str = "",
) -> Response:
    """The paper ledger: dated records of one made-up person, and what follows by which rule. All of it is in the address."""
    laboratory: Laboratory = request.app.state.laboratory
    regime = shelves.find_regime(id_, laboratory.rules)
    own = _own_cases(id_)
    lines = list(r or ())
    if start in own:
        lines = list(own[start])
    if drop.isdecimal() and int(drop) < len(lines):
        del lines[int(drop)]
    if act:
        lines.append(f"{on.strip()} {act.strip()}" + (f" amount={amount.strip()}" if amount.strip() else ""))
    here = f"/regimes/{shelves.quoted(id_)}/case"
    if start or drop or act:
        return RedirectResponse(_case_address(here, lines, until), 303)
    paper = None
    mistake: tuple[State, ...] = ()
    if lines:
        try:
            paper = apply_on_paper(regime, onpaper.case_of(regime, lines, until))
        except InputError as error:
            mistake = (State("failed", error.problems[0].message, error.problems[0].suggestion),)
        except CounterscoreError as error:
            mistake = (_mistake(error),)
    return page(
        request,
        "case.html.jinja",
        title="On paper",
        trail=(LIBRARY, Link(regime.title, f"/regimes/{shelves.quoted(id_)}")),
        states=mistake,
        here=here,
        id=id_,
        regime=regime,
        lines=[
            (told, line, _case_address(here, [*lines[:k], *lines[k + 1 :]], until))
            for k, (told, line) in enumerate(zip(onpaper.in_words(lines), lines, strict=True))
        ],
        given=lines,
        until=until,
        paper=paper,
        offered=onpaper.offered(regime),
        exits=EXITS,
        own=[(name, f"{here}?start={shelves.quoted(name)}") for name in own],
        on=_next_month(lines),
        text=onpaper.case_text(regime.id, lines, until) if paper else "",
    )


def _case_address(here: str, lines: list[str], until: str) -> str:
    query = "&".join(
        [f"r={shelves.quoted(line)}" for line in lines] + ([f"until={shelves.quoted(until)}"] if until else [])
    )
    return f"{here}?{query}" if query else here


def _own_cases(id_: str) -> dict[str, tuple[str, ...]]:
    if id_ not in regime_ids():
        return {}
    file = regime_folder(id_) / "cases.yaml"
    return {one.name: onpaper.lines_of(one) for one in read_cases(file).cases} if file.is_file() else {}


def _next_month(lines: list[str]) -> str:
    """The month to begin with where the next record is typed."""
    return max((line[:7] for line in lines), default="2018-01")
