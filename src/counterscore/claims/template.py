"""A claim to fill in: what was asked for is written, all else is a gap that no check passes over."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from counterscore.errors import Findings, UsageError, did_you_mean
from counterscore.measures import all_measures, find_measure
from counterscore.quantity import Document

GAP = "TO FILL IN"
#: What is to be filled in, and with what. Files written by earlier versions held some of these as their text.
_TEXTS = {
    "speaker": "who says it",
    "side": "supporters, critics, plan or reporting",
    "source": "where it was said",
    "reading": "how the words became the measure below; write it before you run it",
    "measure": "counterscore list measures",
    "world": "{regime: a rule book or a file of your own, with: [reforms]}",
    "supported_if": "{above: a number} or {below: a number}",
    "would_hold": "what would make it hold",
    "would_not_hold": "what would make it not hold",
    "vary": "patterns of assumptions that it is tested over: counterscore list assumptions",
    "echo": "which input the answer repeats, if any",
    "cannot_show": "what the model cannot say about it",
}
_EARLIER = (
    *_TEXTS.values(),
    "How the words became the measure below. Write it before you run it.",
)


def new_claim(
    id_: str,
    text: str,
    *,
    written: str,
    measure: str = "",
    world: str = "",
    against: str = "",
    above: float | None = None,
    below: float | None = None,
    texts: Mapping[str, str] | None = None,
    setting: Mapping[str, Any] | None = None,
) -> tuple[str, tuple[str, ...]]:
    """The text of a claim file, and what is still to be filled in.

    ``texts`` are what is known already of speaker, side, source, reading, would_hold, would_not_hold, vary (patterns
    with blanks between them), echo and cannot_show; ``setting`` replaces parts of the city and time it is tested in.

    ``world`` and ``against`` are a rule book, with reforms after plus signs (``beijing-points+expiry-24m``). Raises
    ``UsageError`` where one of the settings cannot be.
    """
    if above is not None and below is not None:
        raise UsageError("a claim is supported above a border or below one", suggestion="Give one of --above, --below.")
    if measure:
        find_measure(measure)
    border = {"above": above} if above is not None else {"below": below} if below is not None else None
    given = {key: value.strip() for key, value in (texts or {}).items() if value.strip()}

    def said(key: str) -> str:
        return given.get(key) or _gap(key)

    told: dict[str, Any] = {
        "format": 1,
        "kind": "claim",
        "id": id_,
        "text": text,
        **{key: said(key) for key in ("speaker", "side")},
        "source": {"title": said("source"), "kind": "news"},
        "written": written,
        "reading": said("reading"),
        "measure": measure or _gap("measure"),
        "what": "difference" if against else "value",
        "world": _world(world) if world else _gap("world"),
        **({"against": _world(against)} if against else {}),
        "setting": {"city": "beijing", "residents": 5000, "months": 36, **(setting or {})},
        "supported_if": border or _gap("supported_if"),
        **{key: said(key) for key in ("would_hold", "would_not_hold")},
        "vary": given["vary"].replace(",", " ").split() if "vary" in given else [_gap("vary")],
        **{key: said(key) for key in ("echo", "cannot_show")},
    }
    open_ = tuple(key for key, value in told.items() if GAP in json.dumps(value))
    lines = (f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in told.items())
    return "\n".join(lines) + "\n", open_


def _gap(key: str) -> str:
    return f"{GAP}: {_TEXTS[key]}"


def _world(text: str) -> dict[str, Any]:
    """A rule book and its reforms; raises ``UsageError`` or ``InputError`` where there is none such."""
    from counterscore.claims.claim import World

    regime, *reforms = (part.strip() for part in text.split("+"))
    World.model_validate({"regime": regime, "with": reforms}).load()
    return {"regime": regime, **({"with": reforms} if reforms else {})}


def find_gaps(document: Document, findings: Findings) -> None:
    """A problem for each text that is still that of the template."""
    for path, text in _texts(document.data, ()):
        told = text.strip()
        if told.startswith(GAP) or told in _EARLIER:
            key = next((str(step) for step in path if isinstance(step, str)), "this")
            findings.problem(
                document.at(path),
                f"{key} is still to be filled in",
                f"Write {_TEXTS.get(key, 'it')}. A claim is tested only when it says what it means.",
            )


def suggested(text: str) -> list[str]:
    """Measures whose id or question has a word of ``text``."""
    words = {word.lower().strip('".,;:!?') for word in text.split() if len(word) > 3}
    found = []
    for one in all_measures():
        there = f"{one.id.replace('_', ' ')} {one.question}".lower().split()
        if words & {word.strip('".,;:!?') for word in there} or did_you_mean(text, [one.id]):
            found.append(one.id)
    return found


def _texts(data: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(data, str):
        yield path, data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _texts(value, (*path, key))
    elif isinstance(data, list | tuple):
        for index, value in enumerate(data):
            yield from _texts(value, (*path, index))
