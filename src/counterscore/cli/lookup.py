"""What is known of a word: every measure, list, mark, term and name that a reader can meet."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from counterscore.errors import did_you_mean
from counterscore.glossary import FORMER, TERMS

Explained = list[tuple[str, str]]
_MARKS = {
    "verified": "Read in the source that is named.",
    "derived": "Computed from verified numbers; the arithmetic is stated.",
    "recalled": "Known, but not read again.",
    "assumed": "Nobody published it; the number is this project's own choice, with a range.",
}


def explanations(word: str) -> Explained:
    """What each kind of thing called ``word`` is, as (kind, text); spaces, hyphens and underscores are the same."""
    asked = _plain(word)
    return [
        (kind, text)
        for kind, names, tell in _SHELVES
        for name in names()
        if _plain(name) == asked
        for text in [tell(name)]
    ]


def near(word: str, more: Iterable[str] = ()) -> str | None:
    """The known word that is written most like ``word``."""
    return did_you_mean(word, [*more, *(name for _, names, _ in _SHELVES for name in names())])


def _plain(word: str) -> str:
    return " ".join(word.lower().replace("-", " ").replace("_", " ").split())


def _measure(name: str) -> str:
    from counterscore.measures import TOPICS, find_measure

    one = find_measure(name)
    echo = f"  By its definition it repeats in part: {one.echo_of}." if one.echo_of else ""
    groups = "  It can be split by group (--by)." if one.grouped else "  It is about the whole city."
    return (
        f"{one.question}  Unit: {one.unit}.  Definition: {one.definition}.  Limits: {one.limits}.{echo}{groups}  "
        f"Topic: {TOPICS[one.topic]}.  counterscore numbers RUN --measure {one.id}"
    )


def _measures() -> list[str]:
    from counterscore.measures import all_measures

    return [one.id for one in all_measures()]


def _nation_measures() -> list[str]:
    from counterscore.diffusion import NATION_MEASURES

    return list(NATION_MEASURES)


def _nation_measure(name: str) -> str:
    from counterscore.diffusion import NATION_MEASURES

    one = NATION_MEASURES[name]
    echo = f"  By its definition it repeats in part: {one.echo_of}." if one.echo_of else ""
    unit = one.unit or "that of the reported figure"
    return (
        f"{one.question}  Unit: {unit}.  Definition: {one.definition}.  Limits: {one.limits}.{echo}  It is about several cities.  "
        "counterscore spread"
    )


def _regimes() -> dict[str, Any]:
    from counterscore.catalog import load_regime, regime_ids

    return {name: load_regime(name) for name in regime_ids()}


def _lists() -> list[str]:
    return list(dict.fromkeys(name for regime in _regimes().values() for name in regime.lists))


def _list(name: str) -> str:
    from counterscore.regime import words

    told = []
    for id_, regime in _regimes().items():
        rule = regime.lists.get(name)
        if rule is not None:
            honour = "; an honour" if name in regime.honours() else ""
            told.append(
                f"{rule.label}: a list of {id_} about {regime.subjects}{honour}.  Entered on {words.entry(rule)}; "
                f"term: {rule.term.text}; left when {', '.join(rule.leave)}."
            )
    return "  ".join(told)


def _regime(name: str) -> str:
    from counterscore.catalog import load_regime
    from counterscore.regime import words

    regime = load_regime(name)
    return f"{regime.title}: a rule book ({words.contents(regime)}).  counterscore show {name}"


def _reform(name: str) -> str:
    from counterscore.catalog import load_reform

    return f"{load_reform(name).title}: a reform.  counterscore show {name}"


def _city(name: str) -> str:
    from counterscore.catalog import load_city_spec

    return f"{load_city_spec(name)['title']}: a city.  counterscore show {name}"


def _ids(what: str) -> Callable[[], list[str]]:
    def names() -> list[str]:
        from counterscore import catalog

        return list(getattr(catalog, what)())

    return names


def _vocabulary(what: str) -> Callable[[], list[str]]:
    def names() -> list[str]:
        from counterscore.regime import vocabulary

        return [one if isinstance(one, str) else one.id for one in getattr(vocabulary, what)]

    return names


def _act(name: str) -> str:
    from counterscore.regime.vocabulary import ACTS

    one = next(act for act in ACTS if act.id == name)
    amount = f", counted in {one.unit}" if one.unit else ""
    return f"{one.label}{amount}: what {one.subject} may do, in the context of {one.context.replace('_', ' ')}; {one.kind}."


def _service(name: str) -> str:
    from counterscore.regime.vocabulary import SERVICES

    one = next(service for service in SERVICES if service.id == name)
    return (
        f"{one.label}: a service to {one.subject} in the domain {one.domain}{', essential' if one.essential else ''}."
    )


def _domain(name: str) -> str:
    from counterscore.regime.vocabulary import SERVICES

    return f"A domain of life, with the services {', '.join(one.id for one in SERVICES if one.domain == name)}."


def _context(name: str) -> str:
    from counterscore.regime.vocabulary import ACTS

    return f"A context of acts: {', '.join(one.id for one in ACTS if one.context == name)}."


def _assumptions() -> list[str]:
    from counterscore.catalog import load_assumptions

    return [row.path for row in load_assumptions().rows]


def _assumption(name: str) -> str:
    from counterscore.catalog import load_assumptions

    row = load_assumptions().table[name]
    ends = "" if row.low is None or row.high is None else f" ({row.low:g} to {row.high:g})"
    note = f"  {row.note}." if row.note else ""
    return (
        f"{row.value:g}{ends} {row.unit}; {row.mark}; {row.source}.{note}  Set it: counterscore run --set {name}=VALUE"
    )


def _charts() -> list[str]:
    from counterscore.charts import all_charts

    return [one.id for one in all_charts()]


def _chart(name: str) -> str:
    from counterscore.charts import all_charts

    one = next(chart for chart in all_charts() if chart.id == name)
    return f"{one.question}  counterscore chart {name} RUN"


def _claims() -> list[str]:
    from counterscore.claims import claim_ids

    return list(claim_ids())


def _claim(name: str) -> str:
    from counterscore.claims import load_claim

    return f"{load_claim(name).text}  counterscore claim check {name}"


def _topic(name: str) -> str:
    from counterscore.measures import TOPICS

    return f"{TOPICS[name]}: counterscore numbers RUN --topic {name}"


def _topics() -> list[str]:
    from counterscore.measures import TOPICS

    return list(TOPICS)


#: Every kind of thing that has a name: what it is called, its names, and what is said of one.
_SHELVES: tuple[tuple[str, Callable[[], Iterable[str]], Callable[[str], str]], ...] = (
    ("a term", lambda: TERMS, lambda name: TERMS[name]),
    ("a term, now called otherwise", lambda: FORMER, lambda name: f"{FORMER[name]}: {TERMS[FORMER[name]]}"),
    ("a mark", lambda: _MARKS, lambda name: f"{_MARKS[name]}  All marks: counterscore help marks"),
    ("a measure", _measures, _measure),
    ("a measure", _nation_measures, _nation_measure),
    ("a topic of measures", _topics, _topic),
    ("a list", _lists, _list),
    ("a rule book", _ids("regime_ids"), _regime),
    ("a reform", _ids("reform_ids"), _reform),
    ("a city", _ids("city_ids"), _city),
    ("an act", _vocabulary("ACTS"), _act),
    ("a context", _vocabulary("CONTEXTS"), _context),
    ("a service", _vocabulary("SERVICES"), _service),
    ("a domain", _vocabulary("DOMAINS"), _domain),
    ("an assumption", _assumptions, _assumption),
    ("a chart", _charts, _chart),
    ("a claim", _claims, _claim),
)
