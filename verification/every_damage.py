"""Every file of a small run, damaged in every way, before everything that reads a run: told, or exactly as it was.

A run of a catalogue's rule book is made in a temporary folder. Then, one after another, each of its files is damaged,
each command, page and Python call is asked, and the file is put back. What is asked either says in one sentence which
file is damaged, and prints no figure, or has not read that file and prints what it prints of the whole run, to the byte.
Commands that make damaged files again are asked on a copy, which must be the whole run afterwards.

Files that a reader does not open (the system tells) are damaged all at once, which must change nothing; so nothing of
the product is left out. The gate asks a sample that holds every file in every damage and every reader in every damage.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import hashlib
import io
import itertools
import json
import os
import re
import shutil
import signal
import struct
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LONGEST = 120  #: seconds after which a command counts as hanging
BASE = "court-defaulters-firms"  #: lists of residents and firms; the other world has scores
RULES = ("suining-2010", "--base", BASE, "--city", "demo", "--residents", "200", "--months", "12", "--replicates", "1")

Damage = Callable[[Path, Path], None]


def flipped(file: Path, other: Path) -> None:
    """One bit in the middle is another."""
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 4
    file.write_bytes(raw)


def truncated(file: Path, other: Path) -> None:
    """The last third is gone."""
    file.write_bytes(file.read_bytes()[: file.stat().st_size * 2 // 3])


def emptied(file: Path, other: Path) -> None:
    """Nothing is in it."""
    file.write_bytes(b"")


def exchanged(file: Path, other: Path) -> None:
    """A valid file of another unit, or of another kind, stands there."""
    file.write_bytes(other.read_bytes())


def deleted(file: Path, other: Path) -> None:
    """It is not there."""
    file.unlink()


def a_pipe(file: Path, other: Path) -> None:
    """Whoever opens it waits for ever."""
    file.unlink()
    os.mkfifo(file)


def a_link(file: Path, other: Path) -> None:
    """A link to another file stands there."""
    file.unlink()
    file.symlink_to(other.resolve())


DAMAGES: tuple[Damage, ...] = (flipped, truncated, emptied, exchanged, deleted, a_pipe, a_link)


@dataclass(frozen=True)
class Asked:
    """Something that reads a run. ``ask`` is given the run, another whole one and an empty folder, and prints."""

    name: str
    ask: Callable[[Path, Path, Path], int]
    mends: bool = False  #: it makes damaged files again, and is asked on a copy
    goes_on: bool = False  #: it says what is damaged and goes on


#: Commands that are asked, after the word ``counterscore``; RUN, OTHER and NEW stand for folders.
COMMANDS = (
    "numbers RUN",
    "numbers RUN --all",
    "numbers RUN --json",
    "numbers RUN --prose",
    "numbers RUN --measure listed_ever --by registration",
    "groups RUN",
    "groups RUN --json",
    "spells RUN",
    "twins RUN",
    "twins RUN --json --no-placebo",
    "life RUN --pick median --of everybody",
    "life RUN --resident R-00012 --json",
    "life RUN --resident R-00007 --out NEW/life.html",
    "life RUN --firm F-00001 --world court-defaulters-firms",
    "explain RUN R-00012:0:0001",
    "eyes RUN",
    "eyes RUN --viewer own-page --who R-00012",
    "report RUN --out NEW/r.html",
    "report RUN --template assessment --out NEW/r.html",
    "report RUN --template brief --out NEW/r.html",
    "report RUN --template classroom --out NEW/r.html",
    "diff RUN OTHER",
    "diff OTHER RUN",
    "cities RUN OTHER",
    "digest RUN",
    "cite RUN --json",
    "method RUN",
    "export RUN --bundle NEW/e.zip",
    "export RUN --audit NEW/audit",
    "law REGIME --run RUN",
    "verify RUN",
    "verify RUN OTHER",
    "verify OTHER RUN",
)
GO_ON = ("show RUN", "show RUN --json", "list runs")
MEND = ("run --resume RUN --quiet", "run --resume RUN --replicates 2 --quiet")
#: Commands of the program that read no run.
NOT_ABOUT_RUNS = frozenset(
    [
        "app",
        "case",
        "check",
        "claim",
        "copy",
        "demo",
        "doctor",
        "help",
        "lesson",
        "month",
        "schema",
        "spread",
        "validate",
    ]
)


def everything() -> tuple[Asked, ...]:
    """All that is asked, by name."""
    from counterscore.charts import all_charts

    charts = [f"chart {one.id} RUN" for one in all_charts() if one.source == "run"]
    lived = ["chart life RUN --resident R-00012"]
    rest = [text for text in charts if text != "chart life RUN"]
    return (
        *(Asked(text, _command(text)) for text in (*COMMANDS, *rest, *lived)),
        *(Asked(text, _command(text), goes_on=True) for text in GO_ON),
        *(Asked(text, _command(text), mends=True) for text in MEND),
        *(Asked(f"python: {name}", _python(call), goes_on=name == "repr") for name, call in PYTHON.items()),
        *(Asked(f"page: {name}", _page(name, rest)) for name, rest in PAGES.items()),
    )


def _command(text: str) -> Callable[[Path, Path, Path], int]:
    def ask(run: Path, other: Path, new: Path) -> int:
        from counterscore.cli import main

        places = {"RUN": str(run), "OTHER": str(other), "REGIME": RULES[0]}
        return main([places.get(word, word.replace("NEW", str(new))) for word in text.split()])

    return ask


def _python(call: Callable[[Any], Any]) -> Callable[[Path, Path, Path], int]:
    def ask(run: Path, other: Path, new: Path) -> int:
        from counterscore.results import Run

        return _told(lambda: call(Run(run)))

    return ask


def _page(name: str, rest: tuple[Any, ...]) -> Callable[[Path, Path, Path], int]:
    def ask(run: Path, other: Path, new: Path) -> int:
        from counterscore.web import work

        return _told(lambda: getattr(work, name)(run, *(new if one == NEW else one for one in rest)))

    return ask


def _told(call: Callable[[], Any]) -> int:
    """What a caller in Python meets, printed as a command would."""
    from counterscore.errors import CounterscoreError

    try:
        found = call()
    except CounterscoreError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    damage = found.get("problems") or found.get("failed") if isinstance(found, dict) else None
    if damage:  # a page has states of its own for it
        print(damage, file=sys.stderr)
        return 4
    print(found)
    return 0


def _all_of(run: Any) -> str:
    found = hashlib.sha256()
    tables = [run.residents(), *([run.firms()] if "firms" in run.subjects else [])]
    tables += [run.table(name, *unit) for unit in run for name in run.tables(*unit)]
    for table in tables:
        found.update(str(table.to_pydict()).encode())
    return f"{found.hexdigest()} {run.resources} {run.echoes}"


PYTHON: dict[str, Callable[[Any], Any]] = {
    "every table": _all_of,
    "digest": lambda run: run.digest(),
    "measure": lambda run: [repr(one) for one in run.measure("listed_ever", by="sex")],
    "compare": lambda run: repr(run.compare("misconduct")),
    "headlines": lambda run: [repr(one) for one in run.headlines()],
    "frame": lambda run: run.frame().to_pydict(),
    "months": lambda run: run.months().to_pydict(),
    "repr": repr,
}
#: What a helper of the laboratory is asked for a page, with the rest of its arguments.
NEW = "NEW"  #: stands for a folder that is empty
PAGES: dict[str, tuple[Any, ...]] = {
    "bundle": (NEW, "once"),
    "summary": (),
    "topics": ("",),
    "measured": ("listed_ever", "sex", ""),
    "changed": (),
    "chart": ("doors", {}),
    "chart_beside": ("listed-over-time", [], []),
    "chart_file": ("listed-over-time", {}, "csv"),
    "life": ("R-00012", "", "everybody", "", 0, []),
    "picked": ("median", "everybody", "", 0),
    "explanation": ("R-00012:0:0001", ""),
    "group_audit": ("sex", "", ""),
    "echoes": (),
    "ready_to_live": (BASE,),
    "life_page": ("R-00012", "", "everybody", "", 0, ""),
    "method": (),
    "tables": (),
    "table_csv": ("outcomes", BASE, 0),
    "viewers": ("",),
    "seen": ("R-00012", "own-page", "4", "", 0),
    "months": ("", 0),
    "live": (),
}


@dataclass(frozen=True)
class Answer:
    """What something said: its exit code, what it printed (times left out), what it wrote, and what it complained of."""

    code: int
    out: str
    written: str
    err: str


class Laboratory:
    """A run, another whole one, and everything that is asked of them. Only one at a time: it works in its folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.run, self.other = Path("runs/small"), Path("runs/other")
        self.asked = everything()
        self._before: dict[str, Answer] = {}
        with contextlib.chdir(folder):
            said = self._of(_command(f"run {' '.join(RULES)} --out {self.run}"), self.run)
            assert said.code == 0, said
            shutil.copytree(self.run, self.other)
        self.files = sorted(one.relative_to(folder) for one in (folder / self.run).rglob("*") if one.is_file())

    def _of(self, ask: Callable[[Path, Path, Path], int], run: Path) -> Answer:
        new = Path("new")
        new.mkdir()
        out, err = io.StringIO(), io.StringIO()
        signal.alarm(LONGEST)
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = ask(run, self.other, new)
            written = [f"{one.relative_to(new)} {_digest_of(one)}" for one in sorted(new.rglob("*")) if one.is_file()]
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            return Answer(-1, out.getvalue(), "", "".join(traceback.format_exception(error)))
        finally:
            signal.alarm(0)
            shutil.rmtree(new)
        return Answer(code, _TIMES.sub("TIME", out.getvalue()), "\n".join(written), err.getvalue())

    def whole(self, asked: Asked) -> Answer:
        """What is said of the run as it was made."""
        if asked.name not in self._before:
            if asked.mends:
                with self._copy() as copy:
                    self._before[asked.name] = self._of(asked.ask, copy)
            else:
                self._before[asked.name] = self._of(asked.ask, self.run)
        return self._before[asked.name]

    @contextlib.contextmanager
    def _copy(self) -> Iterator[Path]:
        copy = Path("runs/copy")
        shutil.copytree(self.run, copy, symlinks=True)
        try:
            yield copy
        finally:
            shutil.rmtree(copy)

    def other_of(self, file: Path, run: Path) -> Path:
        """A valid file of the other world, or of another place, that could stand where ``file`` is."""
        inside = file.relative_to(run).parts
        if len(inside) == 3:
            theirs = run / (RULES[0] if inside[0] == BASE else BASE) / inside[1]
            return theirs / (inside[2] if (theirs / inside[2]).exists() else "outcomes.parquet")
        return self.other / BASE / "0000" / ("unit.json" if file.suffix in {".json", ".jsonl"} else "outcomes.parquet")

    def opened_by(self, asked: Asked) -> frozenset[Path]:
        """The files of the whole run that something opens; all of them where the system does not tell."""
        with contextlib.chdir(self.folder):
            self.whole(asked)
            with _opens(self.run) as opened:
                self._of(asked.ask, self.run)
            return frozenset(self.files if opened is None or asked.mends else opened)

    def fault(self, files: Sequence[Path], damage: Damage, asked: Asked) -> str:
        """What is wrong with how something takes a damage; empty where it is told, ``-`` where nothing changes."""
        with contextlib.chdir(self.folder):
            if asked.mends:
                with self._copy() as copy:
                    return self._mended(copy / files[0].relative_to(self.run), damage, asked, copy)
            kept = [(file, file.read_bytes(), file.stat(), self.other_of(file, self.run)) for file in files]
            try:
                for file, _, _, other in kept:
                    damage(file, other)
                after = self._of(asked.ask, self.run)
            finally:
                for file, raw, times, _ in kept:
                    file.unlink(missing_ok=True)
                    file.write_bytes(raw)
                    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
            return self._wrong(files[0], asked, after)

    def changes(self, file: Path, damage: Damage) -> bool:
        """Whether a damage changes anything: some tables of two units are the same."""
        with contextlib.chdir(self.folder):
            return damage is not exchanged or self.other_of(file, self.run).read_bytes() != file.read_bytes()

    def _wrong(self, file: Path, asked: Asked, after: Answer) -> str:
        if "Traceback" in after.err or "internal error" in after.err or after.code < 0:
            return f"an internal error: {after.err[-600:]}"
        if _names(after.err, file) and after.code in {3, 4, 5} and _no_figures(after.out) and not after.written:
            return ""
        before = self.whole(asked)
        if (after.code, after.out, after.written) == (before.code, before.out, before.written):
            return "-" if not _names(after.err, file) or asked.goes_on else f"goes on after: {after.err}"
        if not _names(after.err + (after.out if asked.goes_on else ""), file):
            return f"other words, and {file.name} is not named: {after.code} {after.err[:300]} {after.out[:300]}"
        if asked.goes_on:
            return ""
        if after.code not in {3, 4, 5}:
            return f"exit code {after.code}: {after.err[:300]}"
        if after.written:
            return f"something was written: {after.written}"
        if not _no_figures(after.out) and not asked.name.startswith("verify"):
            return f"something was printed: {after.out[:300]}"
        return ""

    def _mended(self, file: Path, damage: Damage, asked: Asked, copy: Path) -> str:
        from counterscore.results import Run

        damage(file, self.other_of(file, copy))
        said = self._of(asked.ask, copy)
        if "Traceback" in said.err or "internal error" in said.err or said.code < 0:
            return f"an internal error: {said.err[-600:]}"
        if said.code:
            return "" if _names(said.err, file) else f"{file.name} is not named: {said.err[:300]}"
        if Run(copy).problems():
            return f"not made again: {Run(copy).problems()[0]}"
        missing = [unit for unit in Run(self.run) if Run(copy).unit_difference(Run(self.run), *unit)]
        return f"made otherwise: {missing}" if missing else ""


@contextlib.contextmanager
def _opens(run: Path) -> Iterator[set[Path] | None]:
    """Which files below a folder are opened, by whatever library; None where the system does not tell (Linux does)."""
    try:
        system = ctypes.CDLL(None, use_errno=True)
        fd = system.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
    except AttributeError:
        fd = -1
    if fd < 0:
        yield None
        return
    folders = [run, *(one for one in run.rglob("*") if one.is_dir())]
    watched = {system.inotify_add_watch(fd, os.fsencode(one), _IN_OPEN): one for one in folders}
    found: set[Path] = set()
    try:
        yield found
        with contextlib.suppress(BlockingIOError):
            while raw := os.read(fd, 1 << 20):
                at = 0
                while at < len(raw):
                    watch, _, _, length = struct.unpack_from("iIII", raw, at)
                    name = raw[at + 16 : at + 16 + length].rstrip(b"\0")
                    at += 16 + length
                    if watch in watched and (path := watched[watch] / os.fsdecode(name)).is_file():
                        found.add(path)
    finally:
        os.close(fd)


_IN_OPEN = 0x20


def _digest_of(file: Path) -> str:
    raw = file.read_bytes()
    return hashlib.sha256(
        _TIMES.sub("TIME", raw.decode("latin-1")).encode() if file.suffix == ".html" else raw
    ).hexdigest()


def _no_figures(out: str) -> bool:
    """Whether nothing was printed, or with --json nothing but what is wrong."""
    try:
        return not out.strip() or set(json.loads(out)) in ({"error"}, {"problems"})
    except ValueError:
        return False


def _names(text: str, file: Path) -> bool:
    return file.name in text or f"table {file.stem}" in text or (file.name == "record.json" and "holds no run" in text)


_TIMES = re.compile(r"(about )?\d[\d.,]* (ms|s|min|h)\b|\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?")


Case = tuple[tuple[Path, ...], Damage, Asked]


def product(laboratory: Laboratory, asked: Asked) -> Iterator[Case]:
    """Every file that something opens in every damage; and those that it does not open damaged all at once.

    Where such a whole bunch changes something, ``main`` asks for each of its files.
    """
    opened = laboratory.opened_by(asked)
    closed = tuple(file for file in laboratory.files if file not in opened)
    for damage in DAMAGES:
        for file in sorted(opened):
            if laboratory.changes(file, damage):
                yield (file,), damage, asked
        if closed:
            yield closed, damage, asked


def sample(laboratory: Laboratory, quick: Sequence[str]) -> Iterator[Case]:
    """Every file in every damage before one of the ``quick``; every command in every damage, and in all its forms."""
    turns = itertools.cycle([one for one in laboratory.asked if one.name in quick])
    for file, damage in itertools.product(laboratory.files, DAMAGES):
        if laboratory.changes(file, damage):
            yield (file,), damage, next(turns)
    read = [file for file in laboratory.files if file.name in {"outcomes.parquet", "residents.parquet", "record.json"}]
    read = [file for file in read if BASE not in file.parts]  # nearly everything reads these
    files, damages = itertools.cycle(read), itertools.cycle(DAMAGES)
    forms: dict[str, list[Asked]] = {}
    for asked in laboratory.asked:
        forms.setdefault(asked.name.split()[0], []).append(asked)
    for some in forms.values():
        for asked in itertools.islice(itertools.cycle(some), max(len(some), len(DAMAGES))):
            yield (next(files),), next(damages), asked


def main() -> int:
    """Ask everything, or a share of it; print what was not told, and how often it was. 1 where something was not."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--share", default="1/1", metavar="K/N", help="only every Nth reader, from the Kth on")
    parser.add_argument("--only", default="", metavar="WORD", help="only what has this word in its name")
    parser.add_argument("--times", action="store_true", help="print how long each takes on the whole run, and stop")
    chosen = parser.parse_args()
    part, parts = map(int, chosen.share.split("/"))
    signal.signal(signal.SIGALRM, hangs)
    with tempfile.TemporaryDirectory(prefix="counterscore-damage-") as folder:
        laboratory = Laboratory(Path(folder))
        print(f"{len(laboratory.files)} files, {len(DAMAGES)} damages, {len(laboratory.asked)} readers", flush=True)
        readers = [one for one in laboratory.asked if chosen.only in one.name][part - 1 :: parts]
        if chosen.times:
            with contextlib.chdir(folder):
                for asked in laboratory.asked:
                    began = time.monotonic()
                    before = laboratory.whole(asked)
                    print(
                        f"{time.monotonic() - began:6.2f} s  {before.code}  {asked.name}   {before.err[-200:] * (before.code != 0)}"
                    )
            return 0
        began, told, wrong = time.monotonic(), Counter[str](), 0
        for asked in readers:
            cases = list(product(laboratory, asked))
            for files, damage, _ in cases:
                fault = laboratory.fault(files, damage, asked)
                if len(files) > 1 and fault != "-":
                    cases += [((file,), damage, asked) for file in files if laboratory.changes(file, damage)]
                    continue
                kind = "not read" if fault == "-" else "wrong" if fault else "mended" if asked.mends else "told"
                told[kind] += len(files)
                if fault not in {"", "-"}:
                    wrong += 1
                    print(f"WRONG {', '.join(map(str, files))} {damage.__name__} | {asked.name}: {fault}", flush=True)
            print(f"{time.monotonic() - began:6.0f} s   {asked.name}: {dict(told)}", flush=True)
        print(f"{sum(told.values())} asked in {time.monotonic() - began:.0f} s: {dict(told)}")
    return 1 if wrong else 0


def hangs(*_: object) -> None:
    """What an alarm does to who waits for ever."""
    raise TimeoutError(f"no answer in {LONGEST} s")


if __name__ == "__main__":
    sys.exit(main())
