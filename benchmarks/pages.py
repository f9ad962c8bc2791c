"""How fast pages of the laboratory come, beside the same question on the command line: ``python benchmarks/pages.py``.

``--run DIR`` takes a finished run instead of making one of 20,000 residents and 20 replicates, ``--large DIR`` adds the
overview of a large one. Times of pages are measured at the server's door, warm, 95 of 100 asked are faster; the
command's is wall time, best of two. Ratios are page over command.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

SOURCE = Path(__file__).parents[1] / "src"
#: Every page of a run, and the command that asks the same; empty where none does.
PAGES: dict[str, tuple[str, ...]] = {
    "": ("numbers", "{run}"),
    "/measures": ("numbers", "{run}", "--all"),
    "/lists": ("chart", "listed-over-time", "{run}"),
    "/scores": ("chart", "score-spread", "{run}"),
    "/doors": ("chart", "doors", "{run}"),
    "/errors": ("chart", "error-ledger", "{run}"),
    "/groups": ("groups", "{run}", "--by", "registration"),
    "/reforms": (),
    "/twins": ("chart", "twins", "{run}"),
    "/people": (),
    "/people/R-00042": ("life", "{run}", "--resident", "R-00042"),
    "/eyes?viewer=own-page&who=R-00042&m=9": (
        ("eyes", "{run}", "--viewer", "own-page", "--who", "R-00042", "--month", "9")
    ),
    "/months": (),
    "/reach": ("chart", "reach", "{run}"),
    "/assumptions": ("chart", "replays", "{run}"),
    "/method": ("method", "{run}"),
    "/data": (),
    "/report": (),
}
#: What the laboratory promises: seconds of a warm page, of the overview of a large run, of a life file; MB when idle.
WARM, LARGE, LIFE, START, IDLE = 0.3, 1.0, 3.0, 2.0, 250.0
_ASKED = 100


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--run", type=Path)
    options.add_argument("--large", type=Path)
    options.add_argument("--residents", type=int, default=20_000)
    options.add_argument("--replicates", type=int, default=20)
    options.add_argument("--times", type=int, default=2, help="how often a command is timed; the best counts")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "runs").mkdir()
        if chosen.run:
            (folder / "runs" / "it").symlink_to(chosen.run.absolute())
        else:
            counterscore(
                folder,
                "run",
                "beijing-points",
                "--residents",
                str(chosen.residents),
                "--replicates",
                str(chosen.replicates),
                "--out",
                "runs/it",
                "--quiet",
            )
        if chosen.large:
            (folder / "runs" / "large").symlink_to(chosen.large.absolute())
        began = time.perf_counter()
        server = subprocess.Popen(
            [sys.executable, "-m", "counterscore", "app", "--no-browser", "--port", "0"],
            cwd=folder,
            env=environment(),
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert server.stderr
            found = re.search(r"http://\S+?:\d+", server.stderr.readline())
            assert found
            ask(found[0] + "/help/keyboard")
            start = time.perf_counter() - began
            time.sleep(2)
            idle = memory(server.pid)
            print(f"from the command to the first page   {start:6.2f} s")
            print(f"memory of the server, idle           {idle:6.0f} MB")
            slow = measure(server.pid, folder, found[0], "it", PAGES, WARM, chosen.times)
            if chosen.large:
                slow += measure(server.pid, folder, found[0], "large", {"": PAGES[""]}, LARGE, chosen.times)
            after = memory(server.pid)
            print(f"memory of the server, after that     {after:6.0f} MB")
            slow += [f"start: {start:.1f} s, {START:.0f} allowed"] if start > START else []
            slow += [f"memory: {max(idle, after):.0f} MB, {IDLE:.0f} allowed"] if max(idle, after) > IDLE else []
            print("\n".join(slow) or "nothing is slower than it may be")
        finally:
            server.send_signal(signal.SIGINT)
            server.wait()


def measure(
    server: int, folder: Path, address: str, run: str, pages: dict[str, tuple[str, ...]], most: float, times: int
) -> list[str]:
    """One line a page: cold, warm, the command, their ratio. Gives back what takes longer than it may.

    The server's own processor time for a page is told beside: other work on the machine changes it less.
    """
    slow = []
    print(
        f"\n{'page of ' + run:38} {'cold s':>8} {'warm ms':>8} {'CPU ms':>8} {'command s':>10} {'ratio':>8}", flush=True
    )
    for page, words in pages.items():
        cold = worked_out(f"{address}/runs/{run}{page}")
        worked = processor(server)
        took = sorted(ask(f"{address}/runs/{run}{page}") for _ in range(_ASKED))
        worked = 1000 * (processor(server) - worked) / _ASKED
        warm = took[int(0.95 * _ASKED) - 1]
        if words:
            command = min(
                counterscore(folder, *(word.format(run=f"runs/{run}") for word in words)) for _ in range(times)
            )
            told = f"{command:10.2f} {warm / command:8.4f}"
        else:
            told = f"{'-':>10} {'-':>8}"
        print(f"{page or '/':38} {cold:8.2f} {1000 * warm:8.1f} {worked:8.1f} {told}", flush=True)
        if warm > most:
            slow.append(f"{run}{page}: {1000 * warm:.0f} ms warm, {1000 * most:.0f} allowed")
        if "people/" in page and cold > LIFE:
            slow.append(f"{run}{page}: {cold:.1f} s until it is there, {LIFE:.0f} allowed")
    return slow


def worked_out(address: str) -> float:
    """Seconds until the page is whole."""
    began = time.perf_counter()
    while b"data-again" in urlopen(address).read():
        time.sleep(0.1)
    return time.perf_counter() - began


def ask(address: str) -> float:
    began = time.perf_counter()
    with urlopen(address) as answer:
        answer.read()
    return time.perf_counter() - began


def counterscore(folder: Path, *words: str) -> float:
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "counterscore", *words], cwd=folder, env=environment(), check=True, capture_output=True
    )
    return time.perf_counter() - began


def processor(pid: int) -> float:
    """Seconds of processor time of a process so far; without it where the system does not say."""
    try:
        parts = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return float("nan")
    return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> float:
    """MB that a process holds; without it where the system does not say."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return float("nan")
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def environment() -> dict[str, str]:
    """Ours, as whoever installed it has it: modules are compiled once and kept."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": str(SOURCE), "PYTHONUNBUFFERED": "1"}


if __name__ == "__main__":
    main()
