"""The public page of a list."""

from __future__ import annotations

from counterscore.engine import layout
from counterscore.regime.model import Regime
from counterscore.regime.vocabulary import Subject
from counterscore.reliving import Event
from counterscore.reliving.trace import MONTH, is_of
from counterscore.results.ids import Who
from counterscore.viewers._file import FileAt
from counterscore.viewers._seen import Item, Section, Seen, Viewer

_MOST = 60
_KINDS = [layout.EVENTS.index(one) for one in ("enter", "leave", "died")]


def _page(subject: Subject, file: FileAt) -> Seen:
    history = file.lived.history
    teller = history.teller(subject)
    rows = history.events if subject == "residents" else history.organisations[subject].events
    open_: dict[tuple[int, int], Event] = {}
    rows = rows[(rows[:, MONTH] <= file.month) & is_of(rows, *_KINDS)]
    for event in map(teller.event, rows):
        if event.what == "enter":
            open_[event.resident, event["list"]] = event
        elif event.what == "leave":
            open_.pop((event.resident, event["list"]), None)
        elif event.what == "died":
            open_ = {key: one for key, one in open_.items() if key[0] != event.resident}
    shown: list[Section] = []
    hidden: list[Section] = []
    for k, (part, name, rule) in enumerate(teller.lists):
        entered = sorted((one for key, one in open_.items() if key[1] == k), key=lambda one: (-one.month, one.resident))
        at = str(part.at("lists", name))
        items = tuple(
            Item(
                file.life.name(Who(subject, one.resident)),
                f"entered {file.life.month(one.month)}" + _fields(rule.publicity.fields, one.detail),
                name, at, rule.publicity.source or rule.source or "",
            )
            for one in entered[:_MOST]
        )  # fmt: skip
        wrong = [one for one in entered if one.truth not in ("", "right")]
        reach = rule.publicity.reach
        section = Section(
            rule.label, items,
            f"{len(entered):,} on it in this subdistrict" + (f", the latest {_MOST}" if len(entered) > _MOST else "")
            + ("; not published" if reach == "none" else f"; published to the {reach}")
            + (f": {', '.join(rule.publicity.fields)}" if rule.publicity.fields else ""), ordered=True,
        )  # fmt: skip
        (shown if reach != "none" else hidden).append(section)
        if wrong:
            hidden.append(
                Section(
                    f"{rule.label}: listed wrongly",
                    tuple(
                        Item(file.life.name(Who(subject, one.resident)), one.truth, name, at) for one in wrong[:_MOST]
                    ),
                    f"{len(wrong):,} of {len(entered):,}. The page does not say so; nobody in the model knows.",
                )
            )
    wrong_at_all = sum(one.truth not in ("", "right") for one in open_.values())
    hidden.append(
        Section(
            "What really happened",
            (),
            f"{wrong_at_all:,} of {len(open_):,} entries are wrong; the pages look the same.",
        )
    )
    if not shown:
        shown = [Section("Nothing is published", (), "No list of these rules is published.")]
    return Seen(tuple(shown), tuple(hidden))


def _fields(fields: tuple[str, ...], detail: str) -> str:
    ground = detail.partition(": ")[2]
    return (
        f"; ground: {ground}"
        if ground and (not fields or any("ground" in one or "reason" in one for one in fields))
        else ""
    )


def of_residents(file: FileAt) -> Seen:
    """Residents on published lists."""
    return _page("residents", file)


def of_firms(file: FileAt) -> Seen:
    """Firms on published lists."""
    return _page("firms", file)


def _has(subject: Subject, regime: Regime) -> bool:
    return any(book.lists for book in regime.stacked() if book.subjects == subject)


VIEWERS = (
    Viewer(
        "public-list",
        "The public page of a list",
        "Whom does anybody find who opens a published list?",
        "residents",
        80,
        of_residents,
        lambda regime: _has("residents", regime),
        "It takes a list of residents.",
    ),
    Viewer(
        "public-list-of-firms",
        "The public page of a list of firms",
        "Which firms does anybody find who opens a published list?",
        "firms",
        110,
        of_firms,
        lambda regime: _has("firms", regime),
        "It takes a list of firms.",
    ),
)
