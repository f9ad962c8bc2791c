"""Help pages that lead with examples, plain enough for any terminal, pipe or screen reader."""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand, TyperGroup

FRONT = """\
counterscore lets a synthetic city live under the rules of a social-scoring
regime, month by month, and measures what the rules do, to whom, and compared
with what. It holds no data about real persons and cannot decide about anyone.

  counterscore run                              a first answer in half a minute
  counterscore show suining-2010                read a rule book with its sources
  counterscore run rongcheng-2013 --city beijing --with expiry-24mo

Where to go from here
  counterscore --help       all commands
  counterscore app          the same in a browser, on this machine alone
  counterscore help         any word, measure, list, mark or command explained
  counterscore list regimes the rule books that come with it"""

GROUPS = {
    "Read": ("list", "show", "diff", "copy", "check", "case", "law", "month", "schema", "help"),
    "Run": ("run", "spread", "demo", "app", "lesson", "doctor", "validate"),
    "Results": (
        "numbers",
        "groups",
        "spells",
        "cities",
        "twins",
        "life",
        "explain",
        "eyes",
        "chart",
        "claim",
        "report",
        "verify",
        "export",
        "cite",
        "digest",
        "method",
    ),
    "Published data": ("mirror",),
}


#: Options by their names of earlier versions: still understood, no longer shown.
FORMER_OPTIONS = {"--replays": "--replicates", "--replay": "--replicate"}
#: Commands likewise.
FORMER_COMMANDS = {"stays": "spells"}


class Page(TyperCommand):
    """A command whose docstring is its help: one sentence, examples, what to know; then the options."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        known = {name for param in self.params for name in param.opts}
        now = []
        for word in args:
            name, equals, value = word.partition("=")
            named = FORMER_OPTIONS.get(name, name)
            now.append(f"{named}{equals}{value}" if name not in known and named in known else word)
        found: list[str] = super().parse_args(ctx, now)
        return found

    def format_help(self, ctx: Any, formatter: Any) -> None:
        ctx.ensure_object(dict)
        formatter.write(_examples_indented((self.help or "").strip()) + "\n\n")
        self.format_usage(ctx, formatter)
        self.format_options(ctx, formatter)


def _examples_indented(text: str) -> str:
    """Examples stand two in from the words around them, however the docstring was formatted."""
    return "\n".join(f"  {line}" if line.startswith("counterscore ") else line for line in text.splitlines())


class FrontPage(TyperGroup):
    """``counterscore --help``: examples, then the commands by what they are for."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        return super().get_command(ctx, FORMER_COMMANDS.get(cmd_name, cmd_name))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        ctx.ensure_object(dict)
        formatter.write(FRONT + "\n")
        for group, names in GROUPS.items():
            with formatter.section(group):
                commands = [self.commands[name] for name in names]
                formatter.write_dl([(str(one.name), one.get_short_help_str(60)) for one in commands])
        with formatter.section("Options"):
            records = (param.get_help_record(ctx) for param in self.get_params(ctx))
            formatter.write_dl([record for record in records if record])
        formatter.write(
            "\nEvery command takes --json, --quiet, --no-color and --help (which leads with examples).\n"
            "Results go to stdout, messages to stderr.  Exit codes: counterscore help exit-codes\n"
        )
