"""The front page, help pages, and what a mistake in the arguments leads to."""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest

from counterscore.cli.app import app
from counterscore.cli.page import GROUPS
from counterscore.cli.topics import TOPICS

COMMANDS = [str(info.name) for info in app.registered_commands]
GROUPED = [str(info.name or info.typer_instance.info.name) for info in app.registered_groups]
SERVES = {"app"}  #: what prints no result, and so none as JSON
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
  counterscore list regimes the rule books that come with it
"""


def test_without_arguments_it_says_what_it_is_and_where_to_go(counterscore):
    shown = counterscore()
    assert (shown.code, shown.out, shown.err) == (0, FRONT, "")
    assert len(FRONT.splitlines()) <= 25


def test_help_is_there_at_once(counterscore):
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    assert counterscore("--help").code == 0
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 1.0  # processor seconds; 0.2 on most


def test_help_imports_nothing_heavy():
    code = (
        "import sys, contextlib, io\n"
        "from counterscore.cli import main\n"
        "with contextlib.redirect_stdout(io.StringIO()): main(['run', '--help'])\n"
        "print(sorted({'numpy', 'numba', 'pyarrow', 'scipy', 'rich'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_command_is_on_the_front_page():
    assert sorted([*COMMANDS, *GROUPED]) == sorted(name for names in GROUPS.values() for name in names)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command_leads_with_examples(counterscore, name):
    shown = counterscore(name, "--help")
    lines = shown.out.splitlines()
    assert shown.code == 0
    assert lines[0].endswith((".", "?"))
    assert lines[2].startswith(f"  counterscore {name}")
    assert lines.index(lines[2]) < next(n for n, line in enumerate(lines) if line.startswith("Usage:"))
    assert max(map(len, lines)) <= 80
    assert ("--json" in shown.out) == (name not in SERVES)
    assert "--quiet" in shown.out
    assert "--no-color" in shown.out


@pytest.mark.parametrize("topic", TOPICS)
def test_topics_fit_the_screen(counterscore, topic):
    shown = counterscore("help", topic)
    assert shown.code == 0
    assert len(shown.out) > 100
    assert max(map(len, shown.out.splitlines())) <= 80
    assert counterscore("help", topic, "--json").data["topic"] == topic


def test_help_of_a_command_is_its_help_page(counterscore):
    assert counterscore("help", "verify").out.strip() == counterscore("verify", "--help").out.strip()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["lst"], "counterscore: no such command 'lst'. Did you mean 'list'?\n  See: counterscore --help\n"),
        (
            ["run", "--start", "2018"],
            'run: --start must be a month, found "2018"\n  Write for example 2018-01.\n',
        ),
        (["help", "mark"], 'help: nothing is known of "mark"\n  Did you mean marks?  All topics: counterscore help\n'),
        (
            ["show"],
            "show: say what to show: a regime, a reform, a city, a run, or assumptions\n"
            "  Write for example: counterscore show suining-2010, or counterscore show latest\n",
        ),
    ],
)
def test_a_mistake_in_the_arguments_is_one_sentence_and_exit_2(counterscore, arguments, said):
    shown = counterscore(*arguments)
    assert (shown.code, shown.out, shown.err) == (2, "", said)


@pytest.mark.parametrize(
    "arguments",
    [["run", "--months", "0"], ["run", "--residents", "many"], ["run", "--nope"], ["list", "unicorns"], ["case", "x"]],
)
def test_no_mistake_ends_in_a_traceback(counterscore, arguments):
    shown = counterscore(*arguments)
    assert shown.code == 2
    assert "Traceback" not in shown.err
    assert len(shown.err.splitlines()) <= 3


def test_with_json_a_mistake_is_json_too(counterscore):
    shown = counterscore("list", "regime", "--json")
    assert shown.code == 2
    assert shown.data["error"]["exit_code"] == 2
    assert "regimes" in shown.data["error"]["suggestion"]


def test_version_is_one_line(counterscore):
    shown = counterscore("--version")
    assert shown.code == 0
    assert shown.out.startswith("counterscore ")
    assert len(shown.out.splitlines()) == 1


def test_an_ascii_terminal_is_no_obstacle(counterscore):
    shown = counterscore("help", "ranges", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert shown.code == 0
    assert shown.err == ""


def test_numbers_with_another_mark_than_their_row_are_told(counterscore):
    shown = counterscore("show", "customs-aeo").out
    certified = next(line for line in shown.splitlines() if line.startswith("advanced-certified"))
    assert certified.rstrip().endswith("verified; a number assumed")
    discredited = next(line for line in shown.splitlines() if line.startswith("discredited  "))
    assert discredited.rstrip().endswith("assumed")
    assert "a number" not in discredited


def test_stopped_while_its_modules_are_read_it_says_so():
    code = (
        "import sys\n"
        "class Impatient:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'counterscore.cli':\n"
        "            raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Impatient())\n"
        "from counterscore.__main__ import main\n"
        "sys.exit(main())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "Stopped, nothing kept.\n")
