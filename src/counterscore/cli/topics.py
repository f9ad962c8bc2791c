"""``counterscore help <word>``: the words and numbers one meets, explained where one meets them."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from counterscore.cli.app import command
from counterscore.cli.screen import Json, NoColor, Quiet, Screen
from counterscore.errors import UsageError

MARKS = """\
Every number in a rule book, a city or an assumption carries a mark.

  verified   read in the source that is named
  derived    computed from verified numbers; the arithmetic is stated
  recalled   known, but not read again
  assumed    nobody published it; the number is this project's own choice

"unknown" is a value of its own: the rule exists, its size was not found. It is
never treated as zero. "borrowed" says that a number comes from another place's
rules; it then names them. A regime also says whether a second reader wrote
cases for it from the sources alone. Until then it is called unreviewed.

  counterscore show suining-2010        each rule with source and mark"""

CITY = """\
A city is synthetic. Its residents are drawn so that published tables of counts
come out: age, sex, district, registration, education, occupation, income and
more. No resident is a real person and no command reads rows about persons.

  beijing   the 2020 census; 21,893,095 residents, or fewer with --residents N,
            then in proportion
  demo      2,000 residents, for trying things out
  All of them: counterscore list cities

Residents live in subdistricts of at most 65,536; friends, kin and neighbours
are found inside it. Some traits are never visible to a regime: how
conscientious, outspoken or sociable somebody is, and what was truly done.

  counterscore show beijing             each count, its source, how well it fits"""

EXIT_CODES = """\
  0     done; a finding nobody hoped for is also 0
  1     done, but a file of published data had to be left out (mirror read)
  2     the command, an option or a name does not exist
  3     a file is not valid; its problems are listed as file:line:column
  4     a run failed, or a run folder cannot be read
  5     a difference: verify found other numbers, or a case did not come out
        as its "expect" says
  6     stopped; finished replicates are kept and can be resumed
  130   stopped, nothing was kept"""

RANGES = """\
A run is repeated: each replicate is the same city simulated again with other
random numbers. Behind a number stands the middle 90 % of the replicates: nine
in ten gave a value between "low" and "high". Fewer than 10 replicates give
averages without a range.

This range is about chance only. It says nothing about how far an assumption
may be wrong; to see that, change one and run again:

  counterscore list assumptions
  counterscore run rongcheng-2013 --set errors.untrue=0.002

Worlds of one run share their residents and their random numbers, event by
event. A difference is taken within each replicate, world minus baseline, and
always names its baseline; its range is a 90 % t interval of the mean over
replicates. Residents are fixed: no range says how another city would differ.

  exactly no difference      every replicate gave the same in both worlds
  no difference on average   replicates differ, and the differences cancel
  not distinguishable        the interval holds 0; more replicates may tell

Groups of fewer than 30 residents are withheld, not dropped. A city large enough
to compare them: counterscore run REGIME --enough-for occupation."""


def _domains() -> str:
    from counterscore.regime import vocabulary

    lines = ["A door stands before a service, and a service belongs to a life domain.", ""]
    for domain in vocabulary.DOMAINS:
        for service in (one for one in vocabulary.SERVICES if one.domain == domain):
            star = "*" if service.essential else " "
            lines.append(f"  {domain:<16} {star} {service.id:<17} {service.label}")
    return "\n".join([*lines, "", "* essential: behind_closed_doors counts closed doors before these only."])


def _acts() -> str:
    from counterscore.regime import vocabulary

    lines = [
        "What a resident may do, by context. A rule book can name only these acts.",
        "How each comes about is in: counterscore list acts",
    ]
    for context in vocabulary.CONTEXTS:
        lines += ["", context.replace("_", " ")]
        for act in (one for one in vocabulary.ACTS if one.context == context):
            unit = f" ({act.unit})" if act.unit else ""
            lines.append(f" {act.id:<23} {act.label}{unit}")
    return "\n".join(lines)


#: topic → (what it is about, its text)
def _mirror_source() -> str:
    from counterscore.mirror.source import HELP

    return HELP


TOPICS = {
    "marks": ("verified, derived, recalled, assumed; unknown; borrowed", lambda: MARKS),
    "ranges": ("what a range covers and what it does not", lambda: RANGES),
    "city": ("who lives in a synthetic city", lambda: CITY),
    "acts": ("the acts a rule book may name", _acts),
    "domains": ("life domains, their services and doors", _domains),
    "mirror-source": ("what source.yaml says of published data", _mirror_source),
    "exit-codes": ("what a command returns to the shell", lambda: EXIT_CODES),
}


@command("help")
def help_(
    context: typer.Context,
    topic: Annotated[
        list[str] | None, typer.Argument(metavar="WORD", help="A word, measure, list, mark, topic or command.")
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Explain a word, a number, a measure, a list or a command.

    counterscore help                 all topics
    counterscore help marks           what "verified" and "assumed" mean
    counterscore help echo            a word
    counterscore help listed_ever     a measure, with definition and limits
    counterscore help court-defaulters    a list or a rule book
    counterscore help run             the same as counterscore run --help
    """
    from counterscore.cli.lookup import explanations, near

    screen = Screen(json, quiet, no_color)
    word = " ".join(topic or ())
    if not word:
        if json:
            return screen.data({"topics": [{"id": id_, "about": about} for id_, (about, _) in TOPICS.items()]})
        for id_, (about, _) in TOPICS.items():
            screen.line(f"  {id_:<12} {about}")
        screen.line()
        screen.paragraph(
            "Any measure, list, mark, rule book, act, service, assumption, chart or command can be asked for too."
        )
        return screen.next("counterscore help marks", "counterscore help echo", "counterscore help listed_ever")
    commands: dict[str, Any] = getattr(context.parent.command, "commands", {}) if context.parent else {}
    if word in TOPICS:
        return _print(word, [("topic", TOPICS[word][1]())], screen)  # type: ignore[no-untyped-call]
    if word in commands:
        with typer.Context(commands[word], info_name=word, parent=context.parent) as page:
            return _print(word, [("command", page.get_help())], screen)
    found = explanations(word)
    if not found:
        close = near(word, [*TOPICS, *commands])
        hint = f"Did you mean {close}?  " if close else ""
        raise UsageError(f'nothing is known of "{word}"', suggestion=f"{hint}All topics: counterscore help")
    return _print(word, found, screen)


def _print(word: str, found: list[tuple[str, str]], screen: Screen) -> None:
    if screen.json:
        return screen.data(
            {"topic": word, "text": "\n\n".join(text for _, text in found), "is": [kind for kind, _ in found]}
        )
    for index, (kind, text) in enumerate(found):
        if index:
            screen.line()
        if kind not in {"topic", "command"}:
            screen.heading(f"{word}: {kind}")
        screen.line(text.rstrip()) if kind in {"topic", "command"} else screen.paragraph(text)
    return None
