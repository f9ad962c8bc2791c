"""What to notice in a rule book before anything is run: counts and ends that follow from its text alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from counterscore.regime.model import Regime
from counterscore.regime.vocabulary import SERVICES

_HEAVY = 3  #: fields of life that are named


def notable(regime: Regime) -> tuple[str, ...]:
    """Sentences about a rule book without what it stacks; each can be checked in its file."""
    return tuple(sentence for one in (_losses, _lists, _doors, _rights, _sources) for sentence in one(regime))


def _losses(regime: Regime) -> Iterator[str]:
    rows = [(row.points, row.id) for row in regime.catalogue if row.points is not None and row.points < 0]
    if not rows:
        return
    most, id_ = min(rows)
    score = regime.score
    borders = [grade.floor for grade in score.grades if grade.floor is not None] if score else []
    yield (
        f"The largest single loss is {-most} points ({id_})"
        + (f"; the score starts at {score.start}" if score and score.start is not None else "")
        + (f" and grades begin at {', '.join(map(str, sorted(borders)))}" if borders else "")
        + "."
    )


def _lists(regime: Regime) -> Iterator[str]:
    if not regime.lists:
        yield (
            "There is no list: whatever follows, follows from a score or decision."
            if regime.doors
            else "There is no list."
        )
        return
    stuck = [id_ for id_, one in regime.lists.items() if "never" in one.leave or not one.leave]
    if stuck:
        yield f"Nobody leaves {', '.join(stuck)}: the file names no way out."
    shown = [id_ for id_, one in regime.lists.items() if one.publicity.fields]
    if shown:
        yield f"{len(shown)} of {len(regime.lists)} lists {'is' if len(shown) == 1 else 'are'} published with details of whoever is on them ({', '.join(shown)})."


def _doors(regime: Regime) -> Iterator[str]:
    hindering = [one for one in regime.doors if one.hinders]
    if not hindering:
        yield "No door is closed, narrowed, slowed or priced."
        return
    domains = {one.id: one.domain for one in SERVICES}
    counts = Counter(domains.get(one.service, one.service) for one in hindering)
    told = ", ".join(f"{domain.replace('-', ' ')} {n}" for domain, n in counts.most_common(_HEAVY))
    fields = f"{len(counts)} field{'s' if len(counts) != 1 else ''} of life"
    doors = "1 door hinders" if len(hindering) == 1 else f"{len(hindering)} doors hinder"
    yield f"{doors} somebody, in {fields}: {told}{' and others' if len(counts) > _HEAVY else ''}."
    kin = [one.id for one in hindering if one.affects == "kin"]
    if kin:
        them = "1 of them stands" if len(kin) == 1 else f"{len(kin)} of them stand"
        yield f"{them} before next of kin, whatever these did."


def _rights(regime: Regime) -> Iterator[str]:
    if not regime.catalogue:
        return
    data = regime.document.data
    written = data.get("rights") if isinstance(data, dict) else None
    known = written if isinstance(written, dict) else {}
    missing = [name for name in ("notice", "appeal", "repair", "correction") if name not in known]
    if missing:
        yield f"The file says nothing of {', '.join(missing)}: in a run there is none."


def _sources(regime: Regime) -> Iterator[str]:
    news = Counter(
        number.source
        for number in regime.numbers()
        if number.source in regime.sources and regime.sources[number.source].kind == "news"
    )
    if total := sum(news.values()):
        yield f"{'1 number rests' if total == 1 else f'{total} numbers rest'} on news reports and not on a rule text."
