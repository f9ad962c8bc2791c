"""The rule books in words, with where their numbers are from and what reforms changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from counterscore import headlines
from counterscore.catalog import load_regime, regime_ids, review_status
from counterscore.regime.explain import marks_in_words, sentences
from counterscore.regime.model import Regime
from counterscore.report._section import LONG, Reported, Section


def review(part: Regime) -> str:
    """What the catalogue knows of a second reading, where the rule book is the catalogue's own, unchanged."""
    if part.id not in regime_ids() or part.reforms or load_regime(part.id).document.text != part.document.text:
        return "unreviewed"
    return review_status(part.id)


def _tell(one: Reported) -> Mapping[str, Any]:
    books: list[dict[str, Any]] = []
    told: set[str] = set()
    changed = []
    for world, regime in one.regimes:
        if world["name"] == one.run.baseline:
            continue
        if world["reforms"]:
            changed.append(f"{world['name']}: {headlines.rules_in_words(world)}")
        for n, part in enumerate(regime.stacked()):
            if part.id in told:
                continue
            told.add(part.id)
            text = "\n".join(sentences(part, review=review(part))[1:]).strip("\n")
            books.append({"id": part.id, "title": part.title, "text": text, "first": n == 0, "about": _about(part)})
    return {"books": books, "changed": changed}


def _about(part: Regime) -> str:
    kinds: Counter[str] = Counter()
    for number in part.numbers():
        source = part.sources.get(number.source or "")
        kinds[source.kind if source else "not named"] += 1
    counted = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
    return f"{marks_in_words(part)}." + (f" Numbers by kind of source: {counted}." if counted else "")


SECTION = Section(id="rules", title="The rule book", order=25, tell=_tell, templates=LONG)
